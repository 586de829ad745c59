"""The deadlines of a vigencia: a grid of dependencias and sections, where a blank means that nothing is owed."""

from collections.abc import Mapping, Sequence
from datetime import date
from functools import partial
from typing import Final

from PySide6.QtCore import QEvent, QItemSelectionModel, Qt, Signal
from PySide6.QtGui import QKeyEvent, QKeySequence, QResizeEvent
from PySide6.QtWidgets import (
    QAbstractItemView,
    QHBoxLayout,
    QLineEdit,
    QTableWidget,
    QTableWidgetItem,
    QVBoxLayout,
    QWidget,
)

from peti_desktop.records import TYPES
from peti_desktop.records.convert import spoken_date
from peti_desktop.vigencias.opening import SECTIONS, Due
from ui import theme
from ui.chips import button, label

CODE: Final = Qt.ItemDataRole.UserRole
NOT_OWED: Final = "—"

Wanted = dict[tuple[str, str], str]
"""Dependencia and section to the day as it was typed; empty: not owed."""


class Grid(QTableWidget):
    """The cells. ``cleared``, ``filled`` (down) and ``undone`` are asked for by key."""

    cleared = Signal()
    filled = Signal()
    undone = Signal()

    def event(self, event: QEvent) -> bool:
        """Ctrl+Z here is about the deadlines, not about what the window would undo."""
        ours = isinstance(event, QKeyEvent) and event.matches(QKeySequence.StandardKey.Undo)
        if ours and event.type() is QEvent.Type.ShortcutOverride:
            event.accept()
            return True
        return super().event(event)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.matches(QKeySequence.StandardKey.Delete):
            self.cleared.emit()
        elif event.matches(QKeySequence.StandardKey.Undo):
            self.undone.emit()
        elif event.key() == Qt.Key.Key_J and event.modifiers() & Qt.KeyboardModifier.ControlModifier:
            self.filled.emit()
        else:
            super().keyPressEvent(event)


class Deadlines(QWidget):
    """``said(wanted)``: somebody wants these deadlines, as typed. ``undone``: those of before the newest change."""

    said = Signal(object)
    undone = Signal()

    def __init__(self) -> None:
        super().__init__()
        self._units: list[str] = []
        self._due: Due = {}
        self._filling = False
        self.grid = Grid(0, len(SECTIONS))
        self.grid.setAccessibleName("Plazos por dependencia y sección")
        self.grid.setHorizontalHeaderLabels([TYPES[name].title for name in SECTIONS])
        self.grid.setSelectionMode(QAbstractItemView.SelectionMode.ExtendedSelection)
        self.grid.verticalHeader().setDefaultSectionSize(theme.ROW)
        self.grid.horizontalHeader().setDefaultSectionSize(124)
        self.grid.setTabKeyNavigation(False)
        self.grid.itemChanged.connect(self._typed)
        self.grid.cleared.connect(partial(self._give, ""))
        self.grid.filled.connect(self._fill_down)
        self.grid.undone.connect(self.undone)
        self.day = QLineEdit()
        self.day.setAccessibleName("Fecha para lo escogido")
        self.day.setPlaceholderText("dd/mm/aaaa")
        self.day.setMaximumWidth(140)
        self.day.returnPressed.connect(self._give_day)
        words = label("&Fecha")
        words.setBuddy(self.day)
        self.counted = label("", "muted", wraps=True)
        row = QHBoxLayout()
        row.setSpacing(theme.SMALL)
        for made in (
            words,
            self.day,
            button("Fijar", self._give_day),
            button("Igual para todos", self._same_for_all),
            button("Hacia abajo", self._fill_down),
            button("No se debe", partial(self._give, "")),
        ):
            row.addWidget(made)
        row.addStretch()
        column = QVBoxLayout(self)
        column.setContentsMargins(0, theme.MEDIUM, 0, 0)
        column.setSpacing(theme.SMALL)
        column.addLayout(row)
        column.addWidget(self.counted)
        column.addWidget(self.grid, 1)
        self.setFocusProxy(self.grid)

    def resizeEvent(self, event: QResizeEvent) -> None:
        """The names leave room for the days on a narrow screen."""
        self.grid.verticalHeader().setMaximumWidth(max(180, self.width() // 3))
        super().resizeEvent(event)

    def fill(self, units: Sequence[tuple[str, str]], due: Due) -> None:
        """Show the dependencias (code and name) and what they owe; the chosen cells stay chosen."""
        at = self.grid.currentRow(), self.grid.currentColumn()
        chosen = [(index.row(), index.column()) for index in self.grid.selectedIndexes()]
        self._filling = True
        self._units, self._due = [code for code, _ in units], due
        self.grid.setRowCount(len(units))
        self.grid.setVerticalHeaderLabels([name if len(name) < 44 else name[:43] + "…" for _, name in units])
        for row, (code, name) in enumerate(units):
            self.grid.verticalHeaderItem(row).setToolTip(name)
            for place, section in enumerate(SECTIONS):
                day = due.get((code, section))
                cell = QTableWidgetItem(spoken_date(day) if day else NOT_OWED)
                cell.setToolTip(f"{name} · {TYPES[section].title}")
                cell.setTextAlignment(Qt.AlignmentFlag.AlignCenter)
                self.grid.setItem(row, place, cell)
        self._filling = False
        if units:
            self.grid.setCurrentCell(max(0, at[0]), max(0, at[1]))
            select = QItemSelectionModel.SelectionFlag.Select
            for row, place in chosen:
                self.grid.selectionModel().select(self.grid.model().index(row, place), select)
        owing = len({unit for unit, _ in due})
        self.counted.setText(
            f"{owing} dependencias deben {len(due)} secciones. Escriba la fecha en la casilla; Supr: no se debe; "
            "Ctrl+J: rellenar hacia abajo; Ctrl+Z: deshacer."
        )

    def chosen(self) -> list[tuple[str, str]]:
        """Dependencia and section of the chosen cells."""
        found = sorted((index.row(), index.column()) for index in self.grid.selectedIndexes())
        return [(self._units[row], SECTIONS[place]) for row, place in found]

    def _typed(self, item: QTableWidgetItem) -> None:
        if self._filling:
            return
        text = item.text().strip()
        key = self._units[item.row()], SECTIONS[item.column()]
        self._say({key: "" if text == NOT_OWED else text})

    def _give_day(self) -> None:
        if self.day.text().strip():
            self._give(self.day.text().strip())

    def _give(self, text: str) -> None:
        self._say(dict.fromkeys(self.chosen(), text))

    def _fill_down(self) -> None:
        """The day of the highest chosen cell of each column goes to those below it."""
        found: dict[str, tuple[str, list[str]]] = {}
        for unit, section in self.chosen():
            found.setdefault(section, (unit, []))[1].append(unit)
        self._say(
            {
                (unit, section): _text(self._due.get((first, section)))
                for section, (first, units) in found.items()
                for unit in units
            }
        )

    def _same_for_all(self) -> None:
        """What the current row owes, for every dependencia, in the chosen columns."""
        row = self.grid.currentRow()
        if row < 0:
            return
        sections = {section for _, section in self.chosen()}
        own = self._units[row]
        text = self.day.text().strip()
        self._say(
            {
                (unit, section): text or _text(self._due.get((own, section)))
                for section in sections
                for unit in self._units
            }
        )

    def _say(self, wanted: Mapping[tuple[str, str], str]) -> None:
        if wanted:
            self.said.emit(dict(wanted))


def _text(day: date | None) -> str:
    return f"{day:%d/%m/%Y}" if day else ""

"""Many new entries of a list at once: pasted, looked at line by line, added in one act."""

from collections.abc import Callable, Sequence
from typing import Final

from PySide6.QtCore import QEvent, QObject, QTimer, Signal
from PySide6.QtGui import QGuiApplication, QKeyEvent, QKeySequence
from PySide6.QtWidgets import (
    QAbstractItemView,
    QComboBox,
    QHeaderView,
    QLineEdit,
    QPlainTextEdit,
    QTableWidget,
    QTableWidgetItem,
    QWidget,
)

from peti_desktop.catalogues import Catalogues
from peti_desktop.errors import UserError
from peti_desktop.vigencias import several
from peti_desktop.vigencias.rules import PROCESS, UNIT
from peti_desktop.vigencias.several import Line
from ui import theme
from ui.chips import label
from ui.grid.clipboard import parse_text
from ui.oficina.firmantes_paneles import Panel

NOBODY: Final = "Lo dice cada renglón"
_WAIT: Final = 150
"""Milliseconds without a key before the lines are judged again."""


class Several(Panel):
    """``said(list, beside, lines, day, reason)``: add these lines; ``beside`` is the entry that was in front."""

    said = Signal(str, str, object, str, str)

    def __init__(self) -> None:
        super().__init__("Agregue varios", "&Agregar", "-")
        self.setMaximumWidth(1100)
        self.lista, self.beside = "", ""
        self._catalogues: Catalogues | None = None
        self.lines: list[Line] = []
        self.text = QPlainTextEdit()
        self.text.setAccessibleName("Renglones por agregar")
        self.text.setTabChangesFocus(True)
        self.text.setLineWrapMode(QPlainTextEdit.LineWrapMode.NoWrap)
        self.text.setFixedHeight(4 * theme.ROW)
        self._later = QTimer(self, singleShot=True, interval=_WAIT)
        self._later.timeout.connect(self.judge)
        self.text.textChanged.connect(self._change)
        self.unit = QComboBox()
        self.unit.currentIndexChanged.connect(self.judge)
        self.day, self.reason = QLineEdit(), QLineEdit()
        self.day.setPlaceholderText("dd/mm/aaaa")
        self.reason.setPlaceholderText("Decreto o acto que lo ordena: queda en la bitácora")
        self.table = _preview()
        self.count = label("", "muted", wraps=True)
        words = label("&Renglones, uno debajo de otro")
        words.setBuddy(self.text)
        for part in (words, self.text, self.count, self.table):
            self.more.addWidget(part)
        self.add("&Quién responde, si no dice", self.unit)
        self.add("&Desde (puede quedar vacía)", self.day)
        self.add("Moti&vo", self.reason)
        self.setFocusProxy(self.text)

    def ask(self, lista: str, title: str, beside: str, catalogues: Catalogues, text: str) -> None:
        """Put the question for one list, with what was pasted already."""
        self.begin()
        self.lista, self.beside, self._catalogues = lista, beside, catalogues
        process = lista == PROCESS
        self.heading.setText(f"Agregue varios: {title}")
        about = "Pegue aquí la columna de Excel con los nombres. El código de cada uno sale de su nombre y no cambia."
        if process:
            row = catalogues.row(PROCESS, beside) or {}
            about = (
                "Pegue aquí las columnas de Excel: el nombre y, si la hay, quién responde. Quedan en el proceso "
                f"«{catalogues.label('proceso', str(row.get('proceso', '')))}»."
            )
        self.about.setText(about)
        self.unit.blockSignals(True)
        self.unit.clear()
        self.unit.addItem(NOBODY, "")
        for entry in sorted(catalogues.entries(UNIT), key=lambda each: each.label):
            self.unit.addItem(entry.label, entry.code)
        self.unit.blockSignals(False)
        self.form.setRowVisible(self.unit, process)
        self.table.setColumnHidden(1, not process)
        self.text.setPlainText(text)
        self.judge()

    def judge(self, *_said: object) -> None:
        """Look at every line again."""
        if self._catalogues is None:
            return
        self._later.stop()
        self.refuse("")
        rows = [[cell or "" for cell in row] for row in parse_text(self.text.toPlainText())]
        try:
            self.lines = several.understood(self._catalogues, self.lista, rows, str(self.unit.currentData() or ""))
        except UserError as error:
            self.lines = []
            self.refuse(str(error))
        self._show(self._catalogues, self.lines)
        self.check()

    def _change(self) -> None:
        self.go.setEnabled(False)  # what stands there now was not judged yet
        self._later.start()

    def _show(self, catalogues: Catalogues, lines: Sequence[Line]) -> None:
        self.table.setRowCount(len(lines))
        for row, line in enumerate(lines):
            verdict = f"✕ {line.wrong}" if line.wrong else f"– {line.skipped}" if line.skipped else "✓ Se agrega"
            for place, text in enumerate((line.name, catalogues.label(UNIT, line.unit) if line.unit else "", verdict)):
                cell = QTableWidgetItem(text)
                cell.setToolTip(text)
                self.table.setItem(row, place, cell)
        if first := [row for row, line in enumerate(lines) if line.wrong]:
            self.table.setCurrentCell(first[0], 2)
        self.count.setText(_counted(lines))
        self.go.setText(f"&Agregar {new}" if (new := sum(line.new for line in lines)) else "&Agregar")

    def ready(self) -> bool:
        judged = not self._later.isActive() and any(line.new for line in self.lines)
        return judged and not any(line.wrong for line in self.lines) and bool(self.reason.text().strip())

    def act(self) -> None:
        day, reason = self.day.text().strip(), self.reason.text().strip()
        self.said.emit(self.lista, self.beside, list(self.lines), day, reason)

    def wipe(self) -> None:
        self._catalogues = None
        self.lines = []
        self.text.clear()
        self._later.stop()
        self.day.clear()
        self.reason.clear()


class Pasting(QObject):
    """Ctrl+V on a table of entries: ``then`` gets what was copied, when it is text."""

    def __init__(self, where: QWidget, then: Callable[[str], None]) -> None:
        super().__init__(where)
        self._then = then
        where.installEventFilter(self)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if event.type() != QEvent.Type.KeyPress or not isinstance(event, QKeyEvent):
            return super().eventFilter(watched, event)
        if not event.matches(QKeySequence.StandardKey.Paste):
            return super().eventFilter(watched, event)
        if text := QGuiApplication.clipboard().text().strip("\r\n"):
            self._then(text)
        return True


def _counted(lines: Sequence[Line]) -> str:
    if not lines:
        return "Todavía no hay renglones."
    new, wrong = sum(line.new for line in lines), sum(bool(line.wrong) for line in lines)
    said = [f"Se {'agrega' if new == 1 else 'agregan'} {new} de {len(lines)}."]
    if skipped := len(lines) - new - wrong:
        said.append("1 no hace falta." if skipped == 1 else f"{skipped} no hacen falta.")
    if wrong:
        said.append("Corrija o borre arriba lo marcado con ✕.")
    return " ".join(said)


def _preview() -> QTableWidget:
    made = QTableWidget(0, 3)
    made.setAccessibleName("Cómo se entiende cada renglón")
    made.setHorizontalHeaderLabels(["Nombre", "Responde", "Qué pasa"])
    made.setSelectionBehavior(QAbstractItemView.SelectionBehavior.SelectRows)
    made.setEditTriggers(QAbstractItemView.EditTrigger.NoEditTriggers)
    made.setTabKeyNavigation(False)
    made.setWordWrap(False)
    made.setMinimumHeight(6 * theme.ROW)
    made.verticalHeader().setDefaultSectionSize(theme.ROW)
    for place in range(3):
        made.horizontalHeader().setSectionResizeMode(place, QHeaderView.ResizeMode.Stretch)
    return made

"""The card «Quién falta»: the table with its filters, and what can be done about the rows that were chosen."""

from collections.abc import Callable, Sequence
from functools import partial
from pathlib import Path
from typing import Final

from PySide6.QtCore import QKeyCombination, Qt, Signal
from PySide6.QtGui import QKeyEvent, QResizeEvent
from PySide6.QtWidgets import (
    QAbstractItemView,
    QComboBox,
    QHBoxLayout,
    QHeaderView,
    QLineEdit,
    QMenu,
    QTableView,
    QToolButton,
    QVBoxLayout,
    QWidget,
)

from peti_desktop import expected
from peti_desktop.expected import Owed, State
from peti_desktop.progress import Progress
from ui import theme
from ui.chips import button, label
from ui.desk import Desk
from ui.oficina.tablero_modelo import ALL, COLUMNS, DAYS, DUE, FILTERS, NOTE, OWED, TURN, UNIT, Missing
from ui.oficina.tablero_plazo import MoreTime, NothingToDeclare, Print, Remind
from ui.oficina.words import DELIVERIES, plural, thousands

ROWS_SEEN: Final = 9
NARROW: Final = 860
"""Below this width of the table there is no column of notes."""
NARROWEST: Final = 660
"""Below this one there is none of deadlines: the days say it."""
MOST_NARROW: Final = 130
SORTS: Final = QKeyCombination(Qt.KeyboardModifier.ControlModifier | Qt.KeyboardModifier.ShiftModifier, Qt.Key.Key_O)
"""Sorts by the column of the cursor, as in every other table."""


class Table(QTableView):
    """``opened(Owed)``: Enter or a double click on a row."""

    opened = Signal(object)

    def __init__(self, model: Missing) -> None:
        super().__init__()
        self.setModel(model)
        self.setAccessibleName("Quién falta")
        self.setSelectionBehavior(QAbstractItemView.SelectionBehavior.SelectRows)
        self.setSelectionMode(QAbstractItemView.SelectionMode.ExtendedSelection)
        self.setEditTriggers(QAbstractItemView.EditTrigger.NoEditTriggers)
        self.setVerticalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
        self.setTabKeyNavigation(False)
        self.setShowGrid(False)
        self.setWordWrap(False)
        self.verticalHeader().hide()
        self.verticalHeader().setDefaultSectionSize(theme.ROW)
        header = self.horizontalHeader()
        header.setHighlightSections(False)
        header.setSortIndicatorShown(True)
        header.setSectionsClickable(True)
        header.setSortIndicator(DAYS, Qt.SortOrder.DescendingOrder)
        for column, (_, width) in enumerate(COLUMNS):
            self.setColumnWidth(column, width)
        header.setSectionResizeMode(NOTE, QHeaderView.ResizeMode.Stretch)
        header.sortIndicatorChanged.connect(model.sort)
        self.doubleClicked.connect(lambda index: self.opened.emit(index.data(OWED)))

    def resizeEvent(self, event: QResizeEvent) -> None:
        """On a narrow screen notes, and then deadlines, are told by the tooltip alone."""
        narrow = self.width() < NARROW
        if narrow is not self.isColumnHidden(NOTE):
            self.setColumnHidden(NOTE, narrow)
            fixed, wide = QHeaderView.ResizeMode.Interactive, QHeaderView.ResizeMode.Stretch
            self.horizontalHeader().setSectionResizeMode(UNIT, wide if narrow else fixed)
            for column, (_, width) in enumerate(COLUMNS):
                self.setColumnWidth(column, min(width, MOST_NARROW) if narrow else width)
        self.setColumnHidden(DUE, self.width() < NARROWEST)
        super().resizeEvent(event)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        index = self.currentIndex()
        if event.key() in {Qt.Key.Key_Return, Qt.Key.Key_Enter} and index.isValid():
            self.opened.emit(index.data(OWED))
        elif event.keyCombination() == SORTS and index.isValid():
            self._sort_by(index.column())
        else:
            super().keyPressEvent(event)

    def _sort_by(self, column: int) -> None:
        """Sort by a column, the other way round when it is sorted by already."""
        header, up, down = self.horizontalHeader(), Qt.SortOrder.AscendingOrder, Qt.SortOrder.DescendingOrder
        again = header.sortIndicatorSection() == column and header.sortIndicatorOrder() is up
        header.setSortIndicator(column, down if again else up)
        self.setCurrentIndex(self.model().index(0, column))


class Board(QWidget):
    """See the module. ``opened(Owed)`` when somebody wants to see what is behind a row."""

    opened = Signal(object)

    def __init__(self, desk: Desk, open_outside: Callable[[Path], object]) -> None:
        super().__init__()
        self.desk = desk
        self.open_outside = open_outside
        self.folder: Path | None = None
        self.refused = ""
        """Why who works here may change no deadline; empty when they may."""
        self.model = Missing()
        self.table = Table(self.model)
        self.table.opened.connect(self.opened)
        self.group = QComboBox()
        self.group.setAccessibleName("Qué estados se ven")
        self.section = QComboBox()
        self.section.setAccessibleName("Qué sección se ve")
        self.words = QLineEdit()
        self.words.setAccessibleName("Buscar dependencia")
        self.words.setPlaceholderText("Buscar dependencia")
        self.words.setClearButtonEnabled(True)
        self._text = label("", "muted", wraps=True)
        self._build()

    def _build(self) -> None:
        for group, text in FILTERS:
            self.group.addItem(text, group)
        self.section.addItem("Todas las secciones", "")
        for box in (self.group, self.section):
            box.setSizeAdjustPolicy(QComboBox.SizeAdjustPolicy.AdjustToMinimumContentsLengthWithIcon)
            box.setMinimumContentsLength(14)
            box.activated.connect(self._ask)
        self.words.setMinimumWidth(120)
        self.words.textChanged.connect(self._ask)
        filters = QHBoxLayout()
        filters.setSpacing(theme.SMALL)
        for widget, share in ((self.group, 2), (self.section, 2), (self.words, 3)):
            filters.addWidget(widget, share)
        self.remind_button = button("Imprimir &recordatorio…", self.remind, role="primary")
        self.time_button = button("Dar más &plazo…", self.more_time)
        self.more = QToolButton()
        self.more.setText("Más ▾")
        self.more.setAccessibleName("Más acciones con lo escogido")
        self.more.setProperty("role", "button")
        self.more.setPopupMode(QToolButton.ToolButtonPopupMode.InstantPopup)
        self.more.setStyleSheet("QToolButton::menu-indicator { image: none; }")
        menu = QMenu("Más acciones", self.more)
        menu.addAction("Anotar sin novedad…", self.nothing)
        menu.addAction("Volver a esperar", self.expect_again)
        self.more.setMenu(menu)
        actions = QHBoxLayout()
        actions.setSpacing(theme.SMALL)
        actions.addWidget(self._text, 1)
        for made in (self.remind_button, self.time_button, self.more):
            actions.addWidget(made)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(theme.SMALL)
        column.addLayout(filters)
        column.addWidget(self.table)
        column.addLayout(actions)
        self.model.modelReset.connect(self._tell)
        self.table.selectionModel().selectionChanged.connect(lambda _new, _old: self._tell())

    # -- what it shows

    def fill(self, found: Sequence[Owed]) -> None:
        """Show another board; filters stay."""
        kept = {owed.key for owed in self.chosen(every=False)}
        section = self.section.currentData()
        titles = {owed.section: owed.title for owed in found}
        self.section.clear()
        for name, title in {"": "Todas las secciones", **titles}.items():
            self.section.addItem(title, name)
        self.section.setCurrentIndex(max(0, self.section.findData(section)))
        self.model.fill(found, self.desk.today())
        for place, (group, text) in enumerate(FILTERS):
            self.group.setItemText(place, f"{text} ({thousands(self.model.count(group))})")
        self._ask()
        for row, owed in enumerate(self.model.shown):
            if owed.key in kept:
                self.table.selectRow(row)

    def show_group(self, group: str) -> None:
        """Show one group of states and go there."""
        self.group.setCurrentIndex(self.group.findData(group))
        self._ask()
        self.table.setFocus(Qt.FocusReason.OtherFocusReason)

    def _ask(self, *_of: object) -> None:
        self.model.ask(str(self.group.currentData()), str(self.section.currentData() or ""), self.words.text())

    def _tell(self) -> None:
        chosen = self.chosen(every=False)
        shown = self.model.shown
        if not shown and not self.model.count(ALL):
            self._text.setText("Todavía no se ha dicho qué se espera de las dependencias.")
        elif not shown and self.group.currentData() == TURN and not self.words.text():
            self._text.setText("✓ Nadie debe nada.")
        elif chosen:
            self._text.setText(f"{plural(len(chosen), 'fila escogida', 'filas escogidas')} de {thousands(len(shown))}")
        else:
            units = len({owed.dependencia for owed in shown})
            rows = plural(len(shown), "sección", "secciones")
            self._text.setText(f"{rows} de {plural(units, 'dependencia', 'dependencias')}. Sin escoger, valen todas.")
        self.table.setVisible(bool(shown))
        self.remind_button.setEnabled(any(owed.owing for owed in chosen or shown))
        for made in (self.time_button, self.more):
            made.setEnabled(bool(shown) and not self.refused)
            made.setToolTip(self.refused)
            made.setAccessibleDescription(self.refused)
        head = self.table.horizontalHeader().sizeHint().height() + 4
        self.table.setFixedHeight(head + min(max(len(shown), 2), ROWS_SEEN) * theme.ROW)

    def chosen(self, *, every: bool = True) -> list[Owed]:
        """The rows somebody chose; with ``every``, all that are shown when none was."""
        rows = sorted(index.row() for index in self.table.selectionModel().selectedRows())
        return [self.model.shown[row] for row in rows] or (list(self.model.shown) if every else [])

    # -- what is done about them

    def more_time(self) -> MoreTime | None:
        """Ask until when and why."""
        owed = [each for each in self.chosen() if each.state is not State.ACCEPTED]
        if not owed:
            self.desk.notice.tell("Lo escogido ya está aceptado.", "Escoja filas de quien todavía debe.")
            return None
        last = expected.latest(self.desk.workspace.info.vigencia)
        dialog = MoreTime(owed, self.desk.today(), last, self)
        workspace, keys = self.desk.workspace, [each.key for each in owed]
        dialog.agreed.connect(
            lambda until, reason: self._change(
                lambda: expected.extend(workspace, keys, until, reason), "Se dio más plazo"
            )
        )
        dialog.open()
        return dialog

    def nothing(self) -> NothingToDeclare:
        """Ask how they said that they have nothing to declare."""
        owed = self.chosen()
        dialog = NothingToDeclare(owed, self)
        workspace, keys = self.desk.workspace, [each.key for each in owed]
        dialog.agreed.connect(
            lambda reason: self._change(
                lambda: expected.nothing_to_declare(workspace, keys, reason), "Se anotó sin novedad"
            )
        )
        dialog.open()
        return dialog

    def expect_again(self) -> None:
        """Wait again for what was noted as having nothing to declare."""
        keys = [each.key for each in self.chosen() if each.nothing]
        workspace = self.desk.workspace
        if not keys:
            self.desk.notice.tell("Nada de lo escogido está sin novedad.", "Fíltrelo con «Sin novedad».")
            return
        self._change(lambda: expected.expect_again(workspace, keys), "Se vuelve a esperar")

    def _change(self, work: Callable[[], int], told: str) -> None:
        def done(changed: int) -> None:
            rows = plural(changed, "sección", "secciones")
            self.desk.notice.tell(f"{told}: {rows}.", tone="fine", action="Deshacer", act=self.desk.undo)

        self.desk.save(lambda _progress: work(), {DELIVERIES}, done)

    def remind(self) -> Remind | None:
        """Ask until when, on which paper and in how many files."""
        owed = [each for each in self.chosen() if each.owing]
        if not owed:
            return None
        today = self.desk.today()
        last = expected.latest(self.desk.workspace.info.vigencia)
        dialog = Remind(owed, expected.day_to_ask(owed, today), (today, last), self)
        dialog.agreed.connect(partial(self._print, owed))
        dialog.open()
        return dialog

    def _print(self, owed: list[Owed], how: Print) -> None:
        folder = self.desk.messages.folder("Dónde guardar los recordatorios")
        if folder is None:
            return
        workspace = self.desk.workspace

        def work(progress: Progress) -> list[Path]:
            from peti_desktop.reports import page, recordatorio  # drawing is loaded when somebody draws

            memos = recordatorio.reminders(workspace, owed, how.until)
            paper = page.OFICIO if how.paper == "oficio" else page.CARTA
            return recordatorio.write(workspace, memos, folder, paper, apart=how.apart, progress=progress)

        task = self.desk.run(work, self._printed, text="Preparando los recordatorios…")
        task.cancelled.connect(lambda: self.desk.notice.tell("Se canceló.", "Lo ya escrito está completo."))

    def _printed(self, paths: list[Path]) -> None:
        what = paths[0] if len(paths) == 1 else paths[0].parent
        said = f"Se guardó «{paths[0].name}»." if len(paths) == 1 else f"Se guardaron {len(paths)} recordatorios."
        self.desk.notice.tell(
            said, f"En {paths[0].parent}", tone="fine", action="Abrirlo", act=partial(self._show_file, what)
        )
        self.open_outside(what)

    def _show_file(self, path: Path) -> None:
        self.open_outside(path)

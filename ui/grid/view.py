"""The table: arrows, F2 and Enter to edit, Enter moves down, Tab leaves; blocks are copied, pasted, filled, emptied.

Nothing is changed here: ``altered`` and ``edited`` say what a person wants; the page that keeps the records does it.
"""

from collections.abc import Iterable, Mapping, Sequence
from typing import Final

from PySide6.QtCore import (
    QEvent,
    QItemSelection,
    QItemSelectionModel,
    QItemSelectionRange,
    QMimeData,
    QModelIndex,
    QPoint,
    Qt,
    Signal,
)
from PySide6.QtGui import QAction, QContextMenuEvent, QGuiApplication, QKeyEvent, QKeySequence, QResizeEvent
from PySide6.QtWidgets import QAbstractItemDelegate, QAbstractItemView, QMenu, QTableView, QWidget

from peti_desktop.errors import UserError
from peti_desktop.records.convert import plain
from peti_desktop.records.fields import BORRAR, NO_APLICA, Blank, Field, Kind
from peti_desktop.records.record import Record
from ui import theme
from ui.grid.block import Alteration, answered, emptied, filled, headed, pasted, tiled
from ui.grid.clipboard import MOST_CELLS, Block, as_html, as_text, block_of, too_much
from ui.grid.columns import Arranged
from ui.grid.delegate import ENTER, CellDelegate, raw_text
from ui.grid.filters import open_filter
from ui.grid.frozen import FrozenColumns
from ui.grid.header import Header
from ui.grid.model import RECORD, RecordModel
from ui.inputs import Links

BLANK_SHORTCUTS: Final = {NO_APLICA: "Ctrl+-", BORRAR: "Alt+Del"}
WIDEST: Final = 380


class GridView(QTableView):
    """A table of records.

    ``edited(record, field name, raw)``: the user changed a cell; the model changes when the saved record comes back
    through ``model.put``. ``altered(Alteration)``: the user changed many. ``refused(UserError)``: the clipboard cannot
    be pasted. ``picked(record)``: another row became current. ``opened(record)``: Enter or double click in a table that
    is only read. ``name`` makes it remember its columns; ``shown`` are the fields shown at first (all by default).
    """

    edited = Signal(object, str, str)
    altered = Signal(object)
    refused = Signal(object)
    picked = Signal(object)
    opened = Signal(object)

    def __init__(
        self,
        model: RecordModel,
        *,
        links: Mapping[str, Links] | None = None,
        whole_rows: bool = False,
        name: str = "",
        shown: Sequence[str] = (),
    ) -> None:
        super().__init__()
        self._records = model
        self._links = dict(links or {})
        self.more: list[QAction] = []
        self.heading = header = Header(self)
        self.setHorizontalHeader(header)
        self.setModel(model)
        header.ignore_selection()
        self.setAccessibleName(model.record_type.title)
        self.setItemDelegate(self._delegate())
        self.setTabKeyNavigation(False)
        self.setWordWrap(False)
        self.setAlternatingRowColors(False)
        self.setShowGrid(not whole_rows)
        self.setSortingEnabled(True)
        self.setCornerButtonEnabled(False)
        self.setHorizontalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
        self.setEditTriggers(
            QAbstractItemView.EditTrigger.DoubleClicked
            | QAbstractItemView.EditTrigger.AnyKeyPressed
            | QAbstractItemView.EditTrigger.EditKeyPressed
        )
        if whole_rows:
            self.setSelectionBehavior(QAbstractItemView.SelectionBehavior.SelectRows)
        self.verticalHeader().hide()
        self.verticalHeader().setDefaultSectionSize(theme.ROW)
        header.setSortIndicator(-1, Qt.SortOrder.AscendingOrder)
        header.setStretchLastSection(True)
        header.setSectionsMovable(True)
        header.filter_wanted.connect(self.filter_column)
        self.fit_columns()
        self.frozen = FrozenColumns(self, self._delegate())
        self.frozen.heading.filter_wanted.connect(self.filter_column)
        self.columns = Arranged(self, self.frozen, name, shown or [field.name for field in model.columns])
        for heading in (header, self.frozen.heading):
            heading.menu_wanted.connect(self.columns.open_menu)
        self.doubleClicked.connect(self._double_clicked)
        self.frozen.doubleClicked.connect(self._double_clicked)
        self._make_actions()

    def _delegate(self) -> CellDelegate:
        made = CellDelegate(self._links, self)
        made.edited.connect(self._cell_edited)
        return made

    def _make_actions(self) -> None:
        keys = QKeySequence.StandardKey
        self._copy = self._action("Copiar", self.copy, keys.Copy)
        self._filter = self._action("Filtrar esta columna…", self._filter_current, "Alt+Down")
        self._sort = self._action("Ordenar por esta columna", self._sort_current, "Ctrl+Shift+O")
        self._editing: tuple[QAction, ...] = ()
        if self._records.editable:
            self._editing = (
                self._action("Cortar", self.cut, keys.Cut),
                self._action("Pegar", self.paste, keys.Paste),
                self._action("Pegar como filas nuevas", self.paste_new, "Ctrl+Shift+V"),
                self._action("Rellenar hacia abajo", self.fill_down, "Ctrl+J"),
                self._action("Borrar el contenido", self.empty_selected, keys.Delete),
                *(
                    self._action(blank.value, lambda _checked=False, blank=blank: self.answer(blank), shortcut)
                    for blank, shortcut in BLANK_SHORTCUTS.items()
                ),
            )

    def _action(self, text: str, done: object, keys: QKeySequence.StandardKey | str) -> QAction:
        action = QAction(text, self)
        action.setShortcut(QKeySequence(keys))
        # An editor inside a cell copies and pastes for itself.
        action.setShortcutContext(Qt.ShortcutContext.WidgetShortcut)
        action.triggered.connect(done)
        self.addAction(action)
        return action

    # -- where things are

    def fit_columns(self) -> None:
        """Give every column the width its field asks for."""
        letter = self.fontMetrics().averageCharWidth()
        bold = self.horizontalHeader().fontMetrics()
        for place, field in enumerate(self._records.columns):
            heading = bold.horizontalAdvance(field.label) + 64
            self.setColumnWidth(place, min(WIDEST, max(heading, (field.width + 2) * letter + 16)))

    def shown_columns(self) -> list[int]:
        """The columns in sight, from left to right."""
        return self.heading.shown_columns()

    def current_record(self) -> object:
        """The record of the current row, or ``None``."""
        return self.currentIndex().data(RECORD)

    def selected_rows(self) -> list[int]:
        """The rows with a selected cell, from above."""
        return sorted({row for part in self._parts() for row in range(part.top(), part.bottom() + 1)})

    def selected_columns(self) -> list[int]:
        """The columns with a selected cell, from left to right."""
        chosen = {column for part in self._parts() for column in range(part.left(), part.right() + 1)}
        return [column for column in self.shown_columns() if column in chosen]

    def selected_records(self) -> list[Record]:
        """The records with a selected cell."""
        return [self._records.record(row) for row in self.selected_rows()]

    def selected_block(self) -> tuple[list[str], list[str]]:
        """Uids and field names of the selected cells, for ``select_block``."""
        columns = self.selected_columns()
        return [record.uid for record in self.selected_records()], [self._records.columns[c].name for c in columns]

    def _parts(self) -> list[QItemSelectionRange]:
        return list(self.selectionModel().selection())  # type: ignore[call-overload, no-any-return]

    def _chosen(self) -> list[tuple[Record, list[Field]]]:
        """The selected cells that can be changed, by record."""
        columns = self.selected_columns()
        parts = self._parts()
        return [
            (
                self._records.record(row),
                [
                    self._records.columns[column]
                    for column in columns
                    if not self._records.columns[column].computed and _within(parts, row, column)
                ],
            )
            for row in self.selected_rows()
        ]

    def setCurrentIndex(self, index: QModelIndex) -> None:  # type: ignore[override]
        """Make one cell current and the only one selected, whatever keys are held at the moment."""
        flags = QItemSelectionModel.SelectionFlag
        rows = self.selectionBehavior() is QAbstractItemView.SelectionBehavior.SelectRows
        self.selectionModel().setCurrentIndex(
            index, flags.ClearAndSelect | flags.Rows if rows else flags.ClearAndSelect
        )

    def select(self, uid: str, field: str = "") -> None:
        """Make a record's row current, at ``field`` when it has a column in sight."""
        row = self._records.row_of(uid)
        shown = self.shown_columns()
        if row is not None and shown:
            column = self._records.column_of(field)
            self.setCurrentIndex(self._records.index(row, column if column in shown else shown[0]))
            self.scrollTo(self.currentIndex())

    def select_block(self, uids: Iterable[str], names: Iterable[str]) -> None:
        """Select the cells of these records and fields, as far as they are shown."""
        rows = sorted(row for uid in uids if (row := self._records.row_of(uid)) is not None)
        wanted = {self._records.column_of(name) for name in names}
        columns = [column for column in self.shown_columns() if column in wanted]
        if not rows or not columns:
            return
        self.setCurrentIndex(self._records.index(rows[0], columns[0]))
        chosen = QItemSelection()
        for first, last in _runs(rows):
            for column in columns:
                chosen.select(self._records.index(first, column), self._records.index(last, column))
        self.selectionModel().select(chosen, QItemSelectionModel.SelectionFlag.ClearAndSelect)
        self.scrollTo(self.currentIndex())

    # -- blocks

    def copied(self) -> tuple[list[list[str]], list[bool]]:
        """The texts of the selected block, and which of its columns hold texts rather than figures."""
        columns = self.selected_columns()
        fields = [self._records.columns[column] for column in columns]
        parts = self._parts()
        texts = [
            [
                self._records.text(self._records.record(row), field) if _within(parts, row, column) else ""
                for column, field in zip(columns, fields, strict=True)
            ]
            for row in self.selected_rows()
        ]
        return texts, [field.kind in {Kind.TEXT, Kind.NOTE, Kind.CHOICE, Kind.LINK} for field in fields]

    def copy(self) -> None:
        """Put the selected block on the clipboard, for Excel, LibreOffice and this program."""
        texts, textual = self.copied()
        if texts:
            mime = QMimeData()
            mime.setText(as_text(texts))
            mime.setHtml(as_html(texts, textual))
            QGuiApplication.clipboard().setMimeData(mime)

    def cut(self) -> None:
        """Copy the selected block and leave it empty."""
        self.copy()
        self.empty_selected("cortar")

    def empty_selected(self, verb: str | bool = "borrar") -> None:
        """Leave the selected cells empty."""
        full = (
            (record, [field.name for field in fields if self._records.text(record, field)])
            for record, fields in self._chosen()
        )
        self._tell(emptied(full, verb if isinstance(verb, str) else "borrar"))

    def answer(self, blank: Blank) -> None:
        """Leave the selected cells empty on purpose, where that is an answer."""
        made = answered(self._chosen(), blank)
        if made.nothing and made.left:
            self.refused.emit(UserError(f"Aquí no va «{blank.value}»: {made.not_taken}.", "Escriba el valor."))
        self._tell(made)

    def fill_down(self) -> None:
        """Give the selected cells what stands in the first of their column; a single row takes from the one above."""
        chosen = self._chosen()
        if len(chosen) == 1 and (row := self.selected_rows()[0]) > 0:
            chosen.insert(0, (self._records.record(row - 1), chosen[0][1]))
        if len(chosen) > 1:
            first = [field.name for field in chosen[0][1]]
            texts = [
                (
                    record,
                    {field.name: raw_text(self._records, record, field) for field in fields if field.name in first},
                )
                for record, fields in chosen
            ]
            self._tell(filled(texts))

    def paste(self) -> None:
        """Put the clipboard's cells over the current cell and on; rows beyond the last are new records."""
        self._paste(as_new=False)

    def paste_new(self) -> None:
        """Make new records of the clipboard's rows."""
        self._paste(as_new=True)

    def _paste(self, *, as_new: bool) -> None:
        try:
            self.paste_block(block_of(QGuiApplication.clipboard().mimeData()), as_new=as_new)
        except UserError as error:
            self.refused.emit(error)

    def paste_block(self, block: Block, *, as_new: bool = False) -> None:
        """``paste`` these cells. Raises UserError for more than one paste takes."""
        model, shown = self._records, self.shown_columns()
        rows, columns = self.selected_rows(), self.selected_columns()
        named = headed(block, model.record_type.fields)
        fields: Sequence[Field] = named or [model.columns[column] for column in shown]
        onto: list[Record] = []
        if named:
            block = Block(block.rows[1:])
        if rows and not as_new:
            if not named:
                fields = fields[shown.index(columns[0]) :]
                block = tiled(block, rows[-1] - rows[0] + 1, len(columns))
            onto = model.records[rows[0] : rows[0] + len(block.rows)]
        if len(block.rows) * block.width > MOST_CELLS:
            raise too_much(f"{len(block.rows) * block.width} celdas", str(MOST_CELLS))
        words = {name: {plain(said): uid for uid, said in links()} for name, links in self._links.items()}
        made = pasted(block, onto, fields, words)
        if made.nothing:
            raise UserError(f"No se pegó nada: {made.not_taken or 'no había nada que pegar'}.", "Elija otra celda.")
        self._tell(made)

    def _tell(self, made: Alteration) -> None:
        if not made.nothing:
            made.seen = self._records.seen(made.changes)
            self.altered.emit(made)

    # -- filters and menu

    def filter_column(self, column: int) -> None:
        """Open the filter of a column under its heading."""
        header = self.frozen.heading if self.frozen.keeps(column) else self.heading
        open_filter(self._records, self._records.columns[column], self, header, header.mark(column))

    def _filter_current(self) -> None:
        shown = self.shown_columns()
        column = self.currentIndex().column()
        self.filter_column(column if column in shown else shown[0])

    def _sort_current(self) -> None:
        """Sort by the column of the cursor: upwards, then downwards, then as it was; the cursor stays on its record."""
        column, header = self.currentIndex().column(), self.horizontalHeader()
        if column < 0:
            return
        up, down = Qt.SortOrder.AscendingOrder, Qt.SortOrder.DescendingOrder
        if header.sortIndicatorSection() != column:
            self.sortByColumn(column, up)
        elif header.sortIndicatorOrder() is up:
            self.sortByColumn(column, down)
        else:
            self.sortByColumn(-1, up)
        self.scrollTo(self.currentIndex())

    def open_menu(self, where: QPoint) -> None:
        """The menu of the selected cells, its keys beside its words."""
        menu = QMenu(self)
        menu.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        menu.addAction(self._copy)
        menu.addActions(self._editing)
        menu.addSeparator()
        menu.addAction(self._sort)
        menu.addAction(self._filter)
        clear = menu.addAction("Quitar los filtros", self._records.clear_filters)
        clear.setEnabled(bool(self._records.filters))
        menu.addAction("Columnas…", self.columns.choose)
        if self.more:
            menu.addSeparator()
            menu.addActions(self.more)
        menu.popup(where)

    def contextMenuEvent(self, event: QContextMenuEvent) -> None:
        if event.reason() is QContextMenuEvent.Reason.Keyboard:
            self.open_menu(self.viewport().mapToGlobal(self.visualRect(self.currentIndex()).bottomLeft()))
        else:
            self.open_menu(event.globalPos())

    # -- Qt

    def edit(self, *args: object) -> bool | None:  # type: ignore[override]
        """Edit a cell where it stands: over the grid or in the columns that do not scroll."""
        if isinstance(args[0], QModelIndex) and self.frozen.keeps(args[0].column()):
            return self.frozen.edit(*args)  # type: ignore[call-overload, no-any-return]
        return super().edit(*args)  # type: ignore[call-overload, no-any-return]

    def keyPressEvent(self, event: QKeyEvent) -> None:
        index = self.currentIndex()
        if self.state() is QAbstractItemView.State.EditingState:
            super().keyPressEvent(event)  # an Enter that the cell's editor let through
        elif event.key() in ENTER and index.isValid():
            if index.flags() & Qt.ItemFlag.ItemIsEditable:
                self.edit(index)
            else:
                self.opened.emit(index.data(RECORD))
        elif event.key() == Qt.Key.Key_Backspace and index.isValid():
            self.empty_selected()
        else:
            super().keyPressEvent(event)

    def closeEditor(self, editor: QWidget, hint: QAbstractItemDelegate.EndEditHint) -> None:
        """Enter moves down and Tab right, as in a sheet; Esc stays."""
        before = self.currentIndex()
        super().closeEditor(editor, hint)
        self.step_on(before, hint)

    def step_on(self, before: QModelIndex, hint: QAbstractItemDelegate.EndEditHint) -> None:
        """Go down from ``before`` after Enter."""
        if hint is QAbstractItemDelegate.EndEditHint.SubmitModelCache and before.isValid():
            wanted = before.siblingAtRow(before.row() + 1)
            if wanted.isValid():
                self.setCurrentIndex(wanted)

    def currentChanged(self, current: QModelIndex, previous: QModelIndex) -> None:  # type: ignore[override]
        super().currentChanged(current, previous)
        if current.isValid() and current.row() != previous.row():
            self.picked.emit(current.data(RECORD))

    def scrollTo(
        self,
        index: QModelIndex,  # type: ignore[override]
        hint: QAbstractItemView.ScrollHint = QAbstractItemView.ScrollHint.EnsureVisible,
    ) -> None:
        super().scrollTo(index, hint)
        if self.frozen.count and not self.frozen.keeps(index.column()):
            hidden = self.frozen.width() - self.visualRect(index).left()
            if hidden > 0:
                bar = self.horizontalScrollBar()
                bar.setValue(bar.value() - hidden)

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self.frozen.place()

    def viewportEvent(self, event: QEvent) -> bool:
        if event.type() is QEvent.Type.Resize:
            self.frozen.place()
        return super().viewportEvent(event)

    def _cell_edited(self, row: int, name: str, raw: str) -> None:
        self.edited.emit(self._records.record(row), name, raw)

    def _double_clicked(self, index: QModelIndex) -> None:
        if not index.flags() & Qt.ItemFlag.ItemIsEditable:
            self.opened.emit(index.data(RECORD))


def _within(parts: Sequence[QItemSelectionRange], row: int, column: int) -> bool:
    # One part is the whole block: every row and column asked for is in it.
    return len(parts) == 1 or any(part.contains(row, column, QModelIndex()) for part in parts)


def _runs(rows: Sequence[int]) -> Iterable[tuple[int, int]]:
    """First and last of each run of rows that follow each other."""
    first = rows[0]
    for row, after in zip(rows, [*rows[1:], -1], strict=True):
        if after != row + 1:
            yield first, row
            first = after

"""The table: arrows, F2 and Enter to edit, Enter moves down, Tab leaves, a block is copied as text for Excel."""

from collections.abc import Mapping
from typing import Final

from PySide6.QtCore import QModelIndex, Qt, Signal
from PySide6.QtGui import QGuiApplication, QKeyEvent, QKeySequence
from PySide6.QtWidgets import QAbstractItemDelegate, QAbstractItemView, QTableView, QWidget

from ui import theme
from ui.grid.delegate import CellDelegate
from ui.grid.model import RECORD, RecordModel
from ui.inputs import Links

ENTER: Final = frozenset({Qt.Key.Key_Return, Qt.Key.Key_Enter})
WIDEST: Final = 380


class GridView(QTableView):
    """A table of records.

    ``edited(record, field name, raw)``: the user changed a cell; the model changes when the saved record comes back
    through ``model.put``. ``picked(record)``: another row became current. ``opened(record)``: Enter or double click in
    a table that is only read.
    """

    edited = Signal(object, str, str)
    picked = Signal(object)
    opened = Signal(object)

    def __init__(
        self, model: RecordModel, *, links: Mapping[str, Links] | None = None, whole_rows: bool = False
    ) -> None:
        super().__init__()
        self._records = model
        self.setModel(model)
        self.setAccessibleName(model.record_type.title)
        delegate = CellDelegate(links or {}, self)
        delegate.edited.connect(self._cell_edited)
        self.setItemDelegate(delegate)
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
        header = self.horizontalHeader()
        header.setSortIndicator(-1, Qt.SortOrder.AscendingOrder)
        header.setSortIndicatorClearable(True)
        header.setHighlightSections(False)
        header.setStretchLastSection(True)
        self.fit_columns()
        self.doubleClicked.connect(self._double_clicked)

    def fit_columns(self) -> None:
        """Give every column the width its field asks for."""
        letter = self.fontMetrics().averageCharWidth()
        bold = self.horizontalHeader().fontMetrics()
        for place, field in enumerate(self._records.columns):
            heading = bold.horizontalAdvance(field.label) + 48
            self.setColumnWidth(place, min(WIDEST, max(heading, (field.width + 2) * letter + 16)))

    def current_record(self) -> object:
        """The record of the current row, or ``None``."""
        return self.currentIndex().data(RECORD)

    def select(self, uid: str, field: str = "") -> None:
        """Make a record's row current, at ``field`` when it has a column."""
        row = self._records.row_of(uid)
        if row is not None:
            column = self._records.column_of(field) or 0
            self.setCurrentIndex(self._records.index(row, column))
            self.scrollTo(self.currentIndex())

    def copied(self) -> str:
        """The selected block as tab separated text, as Excel takes it."""
        indexes = self.selectionModel().selectedIndexes()
        if not indexes:
            return ""
        rows = sorted({index.row() for index in indexes})
        columns = sorted({index.column() for index in indexes})
        chosen = {(index.row(), index.column()) for index in indexes}
        return "\n".join("\t".join(self._cell(row, place, chosen) for place in columns) for row in rows)

    def _cell(self, row: int, place: int, chosen: set[tuple[int, int]]) -> str:
        if (row, place) not in chosen:
            return ""
        record = self._records.record(row)
        text = self._records.text(record, self._records.columns[place])
        quoted = text.replace('"', '""')
        return f'"{quoted}"' if any(sign in text for sign in '\t\n"') else text

    def keyPressEvent(self, event: QKeyEvent) -> None:
        index = self.currentIndex()
        if self.state() is QAbstractItemView.State.EditingState:
            super().keyPressEvent(event)  # an Enter that the cell's editor let through
        elif event.matches(QKeySequence.StandardKey.Copy):
            QGuiApplication.clipboard().setText(self.copied())
        elif event.key() in ENTER and index.isValid():
            if index.flags() & Qt.ItemFlag.ItemIsEditable:
                self.edit(index)
            else:
                self.opened.emit(index.data(RECORD))
        elif event.key() in {Qt.Key.Key_Delete, Qt.Key.Key_Backspace} and index.isValid():
            self._empty_selected()
        else:
            super().keyPressEvent(event)

    def _empty_selected(self) -> None:
        for index in self.selectionModel().selectedIndexes():
            field = self._records.columns[index.column()]
            if index.flags() & Qt.ItemFlag.ItemIsEditable and self._records.text(index.data(RECORD), field):
                self.edited.emit(index.data(RECORD), field.name, "")

    def closeEditor(self, editor: QWidget, hint: QAbstractItemDelegate.EndEditHint) -> None:
        """Enter moves down and Tab right, as in a sheet; Esc stays."""
        before = self.currentIndex()
        super().closeEditor(editor, hint)
        hints = QAbstractItemDelegate.EndEditHint
        step = {hints.SubmitModelCache: (1, 0), hints.NoHint: (0, 0)}.get(hint)
        if step and before.isValid():
            wanted = before.siblingAtRow(before.row() + step[0])
            if wanted.isValid():
                self.setCurrentIndex(wanted)

    def currentChanged(self, current: QModelIndex, previous: QModelIndex) -> None:  # type: ignore[override]
        super().currentChanged(current, previous)
        if current.isValid() and current.row() != previous.row():
            self.picked.emit(current.data(RECORD))

    def _cell_edited(self, row: int, name: str, raw: str) -> None:
        self.edited.emit(self._records.record(row), name, raw)

    def _double_clicked(self, index: QModelIndex) -> None:
        if not index.flags() & Qt.ItemFlag.ItemIsEditable:
            self.opened.emit(index.data(RECORD))

"""The table of the matrix: a view over the model's pages, its columns chosen, moved and widened."""

from collections.abc import Sequence
from typing import Final

from PySide6.QtCore import (
    QItemSelectionModel,
    QItemSelectionRange,
    QMimeData,
    QModelIndex,
    QPersistentModelIndex,
    QPoint,
    QPointF,
    Qt,
    QTimer,
    Signal,
)
from PySide6.QtGui import QColor, QContextMenuEvent, QGuiApplication, QKeyEvent, QPainter, QPolygonF
from PySide6.QtWidgets import QAbstractItemView, QMenu, QStyleOptionViewItem, QTableView

from peti_desktop.records.fields import Field
from ui import geometry, theme
from ui.grid.clipboard import as_html, as_text
from ui.grid.delegate import CellDelegate
from ui.grid.header import Header
from ui.grid.model import NUMBERS, RECORD
from ui.oficina.matriz_modelo import MENDED, MatrixModel

AnyIndex = QModelIndex | QPersistentModelIndex
WIDEST: Final = 380
MARK: Final = 10
MOST_COPIED: Final = 10_000
Widths = tuple[tuple[str, int], ...]
"""Columns from left to right: the field's name and the width in pixels, 0 for as wide as it asks for."""


class CorrectedCells(CellDelegate):
    """Cells as everywhere, with a mark at the lower left of those the office corrected."""

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: AnyIndex) -> None:
        super().paint(painter, option, index)
        mended = index.data(MENDED)
        if mended is None:
            return
        look = theme.tones(option.palette)  # type: ignore[attr-defined]
        colour = QColor(look.warns if mended.to_confirm else look.accent)
        corner = QPointF(option.rect.bottomLeft()) + QPointF(0, 1)  # type: ignore[attr-defined]
        painter.save()
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(colour)
        painter.setBrush(Qt.BrushStyle.NoBrush if mended.to_confirm else colour)
        painter.drawPolygon(QPolygonF([corner, corner + QPointF(MARK, 0), corner - QPointF(0, MARK)]))
        painter.restore()


class MatrixView(QTableView):
    """``picked``: another row is current; ``crossed``: another column of the same row. ``opened``: Enter or double
    click. ``sorted_by(field, down)``, an empty field for no order. ``filter_wanted(column)``. ``arranged``: somebody
    moved or widened columns. ``choosing``: somebody wants to choose columns. The menu of a row offers the view's own
    actions.
    """

    picked = Signal()
    crossed = Signal()
    opened = Signal()
    sorted_by = Signal(str, bool)
    filter_wanted = Signal(int)
    choosing = Signal()
    arranged = Signal()

    def __init__(self, model: MatrixModel, shown: Sequence[str]) -> None:
        super().__init__()
        self._rows = model
        self._first: Widths = tuple((name, 0) for name in shown)
        self._name = f"matriz-{model.record_type.name}"
        self._arranging = False
        self.heading = header = Header(self)
        self.setHorizontalHeader(header)
        self.setModel(model)
        header.ignore_selection()
        self.setAccessibleName(model.record_type.title)
        self.setItemDelegate(CorrectedCells({}, self))
        self.setTabKeyNavigation(False)
        self.setWordWrap(False)
        self.setShowGrid(False)
        self.setCornerButtonEnabled(False)
        self.setSelectionBehavior(QAbstractItemView.SelectionBehavior.SelectRows)
        self.setEditTriggers(QAbstractItemView.EditTrigger.NoEditTriggers)
        self.setHorizontalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
        self.verticalHeader().hide()
        self.verticalHeader().setDefaultSectionSize(theme.ROW)
        header.setSectionsMovable(True)
        header.setStretchLastSection(True)
        header.setSortIndicatorShown(True)
        header.setSortIndicator(-1, Qt.SortOrder.AscendingOrder)
        self._pause = QTimer(self)
        self._pause.setSingleShot(True)
        self._pause.setInterval(400)
        self._pause.timeout.connect(self._remember)
        left = geometry.columns(self._name, [field.name for field in model.columns])
        self.arrange(tuple(zip(left.names, left.widths, strict=True)) if left else self._first)
        header.sortIndicatorChanged.connect(self._sort)
        header.filter_wanted.connect(self.filter_wanted)
        header.menu_wanted.connect(self._open_heading_menu)
        header.sectionResized.connect(self._moved)
        header.sectionMoved.connect(self._moved)
        self.doubleClicked.connect(lambda _index: self.opened.emit())

    # -- columns

    def columns(self) -> Widths:
        """The columns shown; the last is stretched to the edge, and its width says nothing about it."""
        shown = self.heading.shown_columns()
        widths = [self.columnWidth(column) for column in shown[:-1]] + [0]
        return tuple((self._rows.columns[column].name, width) for column, width in zip(shown, widths, strict=True))

    def arrange(self, wanted: Widths) -> None:
        """Show these columns, in this order; names the type does not have are passed over, none stands for all."""
        known = [(place, width) for name, width in wanted if (place := self._rows.column_of(name)) is not None]
        known = known or [(place, 0) for place in range(len(self._rows.columns))]
        self._arranging = True
        shown = [place for place, _ in known]
        for column in range(len(self._rows.columns)):
            self.setColumnHidden(column, column not in shown)
        for place, (column, width) in enumerate(known):
            self.heading.moveSection(self.heading.visualIndex(column), place)
            self.setColumnWidth(column, width or self._fit(column))
        self._arranging = False
        self._pause.start()

    def reset_columns(self) -> None:
        """As it was made."""
        self.arrange(self._first)

    def _fit(self, column: int) -> int:
        field = self._rows.columns[column]
        heading = self.horizontalHeader().fontMetrics().horizontalAdvance(field.label) + 64
        return min(WIDEST, max(heading, (field.width + 2) * self.fontMetrics().averageCharWidth() + 16))

    def _moved(self) -> None:
        if not self._arranging:
            self._pause.start()
            self.arranged.emit()

    def _remember(self) -> None:
        names, widths = zip(*self.columns(), strict=True)
        geometry.keep_columns(self._name, geometry.Columns(names, widths, 0))

    # -- order

    def show_order(self, order: tuple[str, bool] | None) -> None:
        """Show in the headings what rows are sorted by."""
        self.heading.blockSignals(True)
        column = self._rows.column_of(order[0]) if order else None
        down = order is not None and order[1]
        way = Qt.SortOrder.DescendingOrder if down else Qt.SortOrder.AscendingOrder
        self.heading.setSortIndicator(-1 if column is None else column, way)
        self.heading.blockSignals(False)
        self.heading.viewport().update()

    def _sort(self, column: int, way: Qt.SortOrder) -> None:
        name = self._rows.columns[column].name if column >= 0 else ""
        self.sorted_by.emit(name, way is Qt.SortOrder.DescendingOrder)

    # -- rows

    def select_row(self, row: int, column: int = -1) -> None:
        """Make a row current and the only one selected, in ``column`` when it is shown."""
        shown = self.heading.shown_columns()
        index = self._rows.index(row, column if column in shown else shown[0])
        flags = QItemSelectionModel.SelectionFlag
        self.selectionModel().setCurrentIndex(index, flags.ClearAndSelect | flags.Rows)
        self.scrollTo(index)

    def show_current(self) -> None:
        """Scroll to the current cell, if there is one."""
        if self.currentIndex().isValid():
            self.scrollTo(self.currentIndex())

    def current_field(self) -> Field | None:
        """The field of the current cell; None where there is none."""
        index = self.currentIndex()
        return self._rows.columns[index.column()] if index.isValid() else None

    def current_record(self) -> object:
        """The record of the current row; None where there is none, or it is not here yet."""
        return self.currentIndex().data(RECORD)

    def chosen(self) -> list[tuple[int, int]]:
        """The selected rows, as runs: the first row and how many."""
        parts: list[QItemSelectionRange] = list(self.selectionModel().selection())  # type: ignore[call-overload]
        return sorted({(part.top(), part.bottom() - part.top() + 1) for part in parts})

    def copy(self) -> None:
        """Put the chosen rows, as far as they are here, on the clipboard, for Excel and LibreOffice."""
        columns = self.heading.shown_columns()
        fields = [self._rows.columns[column] for column in columns]
        texts = [[field.label for field in fields]]
        for first, count in self.chosen():
            for row in range(first, min(first + count, first + MOST_COPIED)):
                line = self._rows.line(row)
                if line is not None:
                    texts.append([self._rows.text(line, field, row) for field in fields])
        mime = QMimeData()
        mime.setText(as_text(texts))
        mime.setHtml(as_html(texts, [field.kind not in NUMBERS for field in fields]))
        QGuiApplication.clipboard().setMimeData(mime)

    def currentChanged(self, current: QModelIndex, previous: QModelIndex) -> None:  # type: ignore[override]
        super().currentChanged(current, previous)
        if current.row() != previous.row():
            self.picked.emit()
        elif current.column() != previous.column():
            self.crossed.emit()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() in {Qt.Key.Key_Return, Qt.Key.Key_Enter} and self.currentIndex().isValid():
            self.opened.emit()
        elif event.key() == Qt.Key.Key_Down and event.modifiers() == Qt.KeyboardModifier.AltModifier:
            shown = self.heading.shown_columns()
            column = self.currentIndex().column()
            self.filter_wanted.emit(column if column in shown else shown[0])
        else:
            super().keyPressEvent(event)

    # -- menus

    def _open_heading_menu(self, column: int, where: QPoint) -> None:
        name = self._rows.columns[column].name
        menu = QMenu(self)
        menu.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        menu.addAction("Ordenar de menor a mayor (A-Z)", lambda: self.sorted_by.emit(name, False))
        menu.addAction("Ordenar de mayor a menor (Z-A)", lambda: self.sorted_by.emit(name, True))
        menu.addAction("Quitar el orden", lambda: self.sorted_by.emit("", False))
        menu.addSeparator()
        menu.addAction("Filtrar…\tAlt+Abajo", lambda: self.filter_wanted.emit(column))
        menu.addSeparator()
        hide = menu.addAction("Ocultar esta columna", lambda: self._hide(column))
        hide.setEnabled(len(self.heading.shown_columns()) > 1)
        menu.addAction("Columnas…", self.choosing.emit)
        menu.popup(where)

    def _hide(self, column: int) -> None:
        self.setColumnHidden(column, True)
        self._moved()

    def contextMenuEvent(self, event: QContextMenuEvent) -> None:
        menu = QMenu(self)
        menu.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        menu.addActions(self.actions())
        keyboard = event.reason() is QContextMenuEvent.Reason.Keyboard
        at = self.visualRect(self.currentIndex()).bottomLeft()
        menu.popup(self.viewport().mapToGlobal(at) if keyboard else event.globalPos())

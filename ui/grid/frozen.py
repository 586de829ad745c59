"""The first columns, standing still over the table while the rest scrolls sideways."""

from typing import TYPE_CHECKING

from PySide6.QtCore import Qt
from PySide6.QtGui import QContextMenuEvent
from PySide6.QtWidgets import QAbstractItemDelegate, QFrame, QTableView, QWidget

from ui import theme
from ui.grid.delegate import CellDelegate
from ui.grid.header import Header

if TYPE_CHECKING:
    from ui.grid.view import GridView


class FrozenColumns(QTableView):
    """A second view of ``grid``'s model and selection that shows only its first ``count`` columns.

    The keyboard stays with the grid; only the editor of a frozen cell stands here.
    """

    def __init__(self, grid: "GridView", delegate: CellDelegate) -> None:
        super().__init__(grid)
        self._grid = grid
        self.count = 0
        self.heading = header = Header(self)
        self.setHorizontalHeader(header)
        self.setModel(grid.model())
        self.setSelectionModel(grid.selectionModel())
        header.ignore_selection()
        self.setSelectionBehavior(grid.selectionBehavior())
        self.setItemDelegate(delegate)
        self.setFocusProxy(grid)
        self.setAccessibleName("Columnas inmóviles")
        self.setFrameShape(QFrame.Shape.NoFrame)
        # The theme's border would push its rows out of line with the grid's.
        self.setStyleSheet("QTableView, QTableView:focus { border: none; border-radius: 0; }")
        self.setWordWrap(False)
        self.setShowGrid(grid.showGrid())
        self.setTabKeyNavigation(False)
        self.setEditTriggers(grid.editTriggers())
        self.setVerticalScrollMode(grid.verticalScrollMode())
        self.setVerticalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.verticalHeader().hide()
        self.verticalHeader().setDefaultSectionSize(theme.ROW)
        self.verticalScrollBar().valueChanged.connect(grid.verticalScrollBar().setValue)
        grid.verticalScrollBar().valueChanged.connect(self.verticalScrollBar().setValue)
        header.setSortIndicatorShown(True)
        header.setSortIndicator(-1, Qt.SortOrder.AscendingOrder)
        header.sortIndicatorChanged.connect(grid.horizontalHeader().setSortIndicator)
        grid.horizontalHeader().sortIndicatorChanged.connect(header.setSortIndicator)
        header.sectionResized.connect(self._resized)
        self._edge = QFrame(grid)
        self._edge.setProperty("role", "rule")
        self._edge.hide()
        self.hide()

    def freeze(self, count: int) -> None:
        """Keep the first ``count`` columns in view; 0 lets all scroll."""
        shown = self._grid.shown_columns()
        self.count = max(0, min(count, len(shown) - 1))
        kept = set(shown[: self.count])
        header = self.horizontalHeader()
        header.blockSignals(True)
        for place, column in enumerate(shown):
            header.moveSection(header.visualIndex(column), place)
        for column in range(header.count()):
            header.setSectionHidden(column, column not in kept)
            if column in kept:
                header.resizeSection(column, self._grid.columnWidth(column))
        header.blockSignals(False)
        self.setVisible(self.count > 0)
        self._edge.setVisible(self.count > 0)
        self.place()

    def keeps(self, column: int) -> bool:
        """Whether ``column`` stands still."""
        return self.count > 0 and column >= 0 and not self.isColumnHidden(column)

    @property
    def breadth(self) -> int:
        """How much of the grid it covers, in pixels."""
        return sum(self.columnWidth(column) for column in self._grid.shown_columns()[: self.count])

    def place(self) -> None:
        """Stand at the left edge of the grid, as high as its rows."""
        if self.count:
            grid = self._grid
            frame = grid.frameWidth()
            height = grid.viewport().height() + grid.horizontalHeader().height()
            self.horizontalHeader().setFixedHeight(grid.horizontalHeader().height())
            width = min(self.breadth, grid.viewport().width() - 60)
            self.setGeometry(frame, frame, width, height)
            # The line that shows where scrolling begins.
            self._edge.setMaximumHeight(height)
            self._edge.setGeometry(frame + width - 1, frame, 2, height)
            self._edge.raise_()

    def _resized(self, column: int, _old: int, width: int) -> None:
        if width and not self.isColumnHidden(column):
            self._grid.setColumnWidth(column, width)

    def closeEditor(self, editor: QWidget, hint: QAbstractItemDelegate.EndEditHint) -> None:
        before = self.currentIndex()
        super().closeEditor(editor, hint)
        self._grid.step_on(before, hint)
        self._grid.setFocus()

    def contextMenuEvent(self, event: QContextMenuEvent) -> None:
        self._grid.open_menu(event.globalPos())

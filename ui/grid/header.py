"""The headings: sort on click, a drop-down mark that opens the filter, a menu for the rest."""

from typing import Final

from PySide6.QtCore import QItemSelectionModel, QPoint, QRect, Qt, Signal
from PySide6.QtGui import QColor, QContextMenuEvent, QMouseEvent, QPainter, QPolygon
from PySide6.QtWidgets import QHeaderView, QWidget

from ui import theme
from ui.grid.model import FILTERED

MARK: Final = 22
"""Width of the mark at the right of a heading."""
ARROW: Final = 14


class Header(QHeaderView):
    """``filter_wanted(column)``: the mark of a column was pressed; ``menu_wanted(column, where)``: its menu."""

    filter_wanted = Signal(int)
    menu_wanted = Signal(int, QPoint)

    def __init__(self, over: QWidget | None = None) -> None:
        super().__init__(Qt.Orientation.Horizontal, over)
        self._pressed = -1
        self.setSectionsClickable(True)
        self.setSortIndicatorClearable(True)
        self.setHighlightSections(False)
        self.setDefaultAlignment(Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter)
        self.setAccessibleName("Encabezados")
        self.setStyleSheet("QHeaderView::up-arrow, QHeaderView::down-arrow { image: none; width: 0; height: 0; }")

    def ignore_selection(self) -> None:
        """Show no selection of its own: to tell a whole column selected, Qt asks the model for its every row."""
        self.setSelectionModel(QItemSelectionModel(self.model(), self))

    def mark(self, column: int) -> QRect:
        """Where the mark of ``column`` stands, in the viewport."""
        right = self.sectionViewportPosition(column) + self.sectionSize(column)
        return QRect(right - MARK, 0, MARK, self.height())

    def paintSection(self, painter: QPainter, rect: QRect, logical: int) -> None:
        # The style would put its sort arrow and our mark in one place: both are painted here, beside the words.
        sorted_by = self.isSortIndicatorShown() and self.sortIndicatorSection() == logical
        room = MARK + (ARROW if sorted_by else 0)
        painter.save()
        super().paintSection(painter, rect.adjusted(0, 0, -room, 0), logical)
        painter.restore()
        look = theme.tones(self.palette())
        box = QRect(rect.right() - room, rect.top(), room + 1, rect.height())
        painter.save()
        painter.fillRect(box, QColor(look.sunken))
        painter.setPen(QColor(look.line))
        painter.drawLine(box.bottomLeft(), box.bottomRight())
        painter.drawLine(box.topRight(), box.bottomRight())
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(Qt.PenStyle.NoPen)
        if sorted_by:
            up = self.sortIndicatorOrder() is Qt.SortOrder.AscendingOrder
            painter.setBrush(QColor(look.text))
            painter.drawPolygon(_arrow(QPoint(box.left() + ARROW // 2, box.center().y()), 4, up=up))
        middle = QPoint(box.right() - MARK // 2, box.center().y())
        if self.model().headerData(logical, Qt.Orientation.Horizontal, FILTERED):
            painter.setBrush(QColor(look.accent))
            painter.drawRoundedRect(box.right() - MARK + 3, middle.y() - 9, 17, 18, 4, 4)
            painter.setBrush(QColor(look.on_accent))
            painter.drawPolygon(_funnel(middle))
        else:
            painter.setBrush(QColor(look.muted))
            painter.drawPolygon(_arrow(middle, 3, up=False))
        painter.restore()

    def mousePressEvent(self, event: QMouseEvent) -> None:
        at = event.position().toPoint()
        column = self.logicalIndexAt(at)
        near_edge = self.cursor().shape() is Qt.CursorShape.SplitHCursor
        if (
            event.button() is Qt.MouseButton.LeftButton
            and column >= 0
            and self.mark(column).contains(at)
            and not near_edge
        ):
            self._pressed = column
            return
        super().mousePressEvent(event)

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        pressed, self._pressed = self._pressed, -1
        if pressed >= 0:
            if self.mark(pressed).contains(event.position().toPoint()):
                self.filter_wanted.emit(pressed)
            return
        super().mouseReleaseEvent(event)

    def contextMenuEvent(self, event: QContextMenuEvent) -> None:
        column = self.logicalIndexAt(event.pos())
        if column >= 0:
            self.menu_wanted.emit(column, event.globalPos())

    def shown_columns(self) -> list[int]:
        """The columns that are not hidden, from left to right."""
        ordered = (self.logicalIndex(place) for place in range(self.count()))
        return [column for column in ordered if not self.isSectionHidden(column)]


def _arrow(middle: QPoint, half: int, *, up: bool) -> QPolygon:
    tip = -half if up else half
    return QPolygon(
        [middle + QPoint(-half, -tip // 2), middle + QPoint(half, -tip // 2), middle + QPoint(0, (tip + 1) // 2)]
    )


def _funnel(middle: QPoint) -> QPolygon:
    corners = ((-5, -5), (5, -5), (1, 0), (1, 5), (-1, 4), (-1, 0))
    return QPolygon([middle + QPoint(x, y) for x, y in corners])

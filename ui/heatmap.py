"""The 5x5 heat map: probability upwards, impact to the right, zones told by colour, letter and pattern.

heat = HeatMap(method.zone, catalogues)
heat.show_risk((4, 5), (2, 5))            # one risk, as (probability, impact): inherent, arrow, residual
heat.show_counts({(4, 5): 3, (1, 1): 7})  # how many risks stand in each cell
heat.picked.connect(list_them)            # picked(probability, impact): click, or arrows and Enter
"""

from collections.abc import Callable, Mapping
from typing import Final

from PySide6.QtCore import QEvent, QPoint, QPointF, QRectF, QSize, Qt, Signal
from PySide6.QtGui import (
    QColor,
    QFocusEvent,
    QFont,
    QHelpEvent,
    QKeyEvent,
    QMouseEvent,
    QPainter,
    QPaintEvent,
    QPen,
    QPolygonF,
)
from PySide6.QtWidgets import QSizePolicy, QToolTip, QWidget

from peti_desktop.catalogues import Catalogues
from ui import theme
from ui.chips import paint_zone

LEVELS: Final = 5
GAP: Final = 3
SMALL: Final = theme.SIZES["small"]
TINY: Final = 48
"""Width of a column below which its words get smaller letters."""
TALLEST: Final = 1.15
"""Height of the map over its width, at most."""
POINT: Final = 13
"""Radius of a risk's point, at most."""

Cell = tuple[int, int]
"""(probability, impact), each 1 to 5."""

STEPS: Final = {
    Qt.Key.Key_Up: (1, 0),
    Qt.Key.Key_Down: (-1, 0),
    Qt.Key.Key_Left: (0, -1),
    Qt.Key.Key_Right: (0, 1),
}


class HeatMap(QWidget):
    """See the module. ``zone(probability, impact)`` gives the code of a cell's zone."""

    picked = Signal(int, int)

    def __init__(self, zone: Callable[[int, int], str], catalogues: Catalogues, over: QWidget | None = None) -> None:
        super().__init__(over)
        self._zone = zone
        self._probability = _axis(catalogues, "nivel_probabilidad")
        self._impact = _axis(catalogues, "nivel_impacto")
        self._inherent: Cell | None = None
        self._residual: Cell | None = None
        self._counts: Mapping[Cell, int] | None = None
        self._title = ""
        self._cursor: Cell = (LEVELS, 1)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setMouseTracking(True)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Expanding)
        self.setAccessibleName("Mapa de calor")
        self._tell()

    # -- what it shows

    def set_zones(self, zone: Callable[[int, int], str]) -> None:
        """Follow another version of the method."""
        self._zone = zone
        self._tell()

    def show_risk(self, inherent: Cell | None, residual: Cell | None) -> None:
        """Show one risk; a point that is not rated yet is ``None``."""
        self._counts = None
        self._inherent, self._residual = inherent, residual
        self._tell()

    def show_counts(self, counts: Mapping[Cell, int], title: str = "") -> None:
        """Show how many risks stand in each cell; ``title`` (Inherente, Residual) is written above."""
        self._counts = dict(counts)
        self._title = title
        self._inherent = self._residual = None
        self.setCursor(Qt.CursorShape.PointingHandCursor)
        self._tell()

    def words(self, cell: Cell) -> str:
        """A cell in words: levels, zone, how many."""
        probability, impact = cell
        zone = theme.LIGHT.zones[self._zone(probability, impact)].label
        said = f"Probabilidad {self._probability[probability - 1][0]}, impacto {self._impact[impact - 1][0]}: {zone}"
        if self._counts is None:
            return said
        number = self._counts.get(cell, 0)
        return f"{said}, {number} {'riesgo' if number == 1 else 'riesgos'}"

    def _tell(self) -> None:
        if self._counts is not None:
            full = sorted((cell for cell, number in self._counts.items() if number), reverse=True)
            text = "; ".join(self.words(cell) for cell in full) or "Sin riesgos valorados"
        elif self._inherent is None:
            text = "Sin valorar"
        else:
            text = f"Inherente: {self.words(self._inherent)}."
            if self._residual is not None:
                text += f" Residual: {self.words(self._residual)}."
        name = f"Mapa de calor {self._title}".strip()
        self.setAccessibleName(name)
        self.setAccessibleDescription(text)
        self.update()

    # -- where things are

    def sizeHint(self) -> QSize:
        return QSize(440, 360)

    def minimumSizeHint(self) -> QSize:
        return QSize(300, 240)

    def _grid(self) -> QRectF:
        metrics = self.fontMetrics()
        side = max(metrics.horizontalAdvance(words) for words, _percent in self._probability) + 14
        line = metrics.height()
        top = line + 8 if self._title else 4
        grid = QRectF(self.rect()).adjusted(side + line, top, -4, -((4 if self._narrow() else 3) * line + 10))
        grid.setHeight(min(grid.height(), grid.width() * TALLEST))
        return grid

    def _narrow(self) -> bool:
        """Whether the columns are too narrow for their words, which then stand on two lines in turn."""
        metrics = self.fontMetrics()
        side = max(metrics.horizontalAdvance(words) for words, _percent in self._probability) + 14
        room = (self.width() - side - metrics.height() - 4) / LEVELS
        return max(metrics.horizontalAdvance(words) for words, _percent in self._impact) * SMALL > room + GAP

    def cell_rect(self, cell: Cell) -> QRectF:
        """Where a cell is painted."""
        probability, impact = cell
        grid = self._grid()
        width, height = grid.width() / LEVELS, grid.height() / LEVELS
        left, top = grid.left() + (impact - 1) * width, grid.top() + (LEVELS - probability) * height
        return QRectF(left, top, width, height).adjusted(GAP / 2, GAP / 2, -GAP / 2, -GAP / 2)

    def cell_at(self, where: QPointF) -> Cell | None:
        """The cell under a point, or ``None`` outside."""
        cells = ((p, i) for p in range(1, LEVELS + 1) for i in range(1, LEVELS + 1))
        return next((cell for cell in cells if self.cell_rect(cell).contains(where)), None)

    # -- painting

    def paintEvent(self, event: QPaintEvent) -> None:  # noqa: ARG002
        look = theme.tones(self.palette())
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        for probability in range(1, LEVELS + 1):
            for impact in range(1, LEVELS + 1):
                self._paint_cell(painter, look, (probability, impact))
        self._paint_axes(painter, look)
        if self._counts is None:
            self._paint_risk(painter, look)
        if self.hasFocus():
            painter.setBrush(Qt.BrushStyle.NoBrush)
            painter.setPen(QPen(QColor(look.text), 2))
            painter.drawRoundedRect(self.cell_rect(self._cursor), 5, 5)
        painter.end()

    def _paint_cell(self, painter: QPainter, look: theme.Tones, cell: Cell) -> None:
        zone = look.zones[self._zone(*cell)]
        where = self.cell_rect(cell)
        paint_zone(painter, where, zone)
        small = QFont(self.font())
        small.setPointSizeF(small.pointSizeF() * theme.SIZES["small"])
        painter.setFont(small)
        painter.setPen(QColor(zone.ink))
        metrics = self.fontMetrics()
        corner = QRectF(where.left() + 3, where.top() + 3, metrics.height(), metrics.height())
        painter.fillRect(corner, QColor(zone.fill))
        painter.drawText(corner, Qt.AlignmentFlag.AlignCenter, zone.letter)
        number = (self._counts or {}).get(cell, 0)
        if number:
            text = str(number)
            room = self._count_room(painter, where, corner, text)
            painter.fillRect(room & where, QColor(zone.fill))
            painter.drawText(room, Qt.AlignmentFlag.AlignCenter, text)

    def _count_room(self, painter: QPainter, where: QRectF, corner: QRectF, text: str) -> QRectF:
        """Where a cell's number goes, in the largest letters that leave the zone's letter in ``corner`` free."""
        room = QRectF()
        for size in (theme.SIZES["title"], 1.0, theme.SIZES["small"]):
            bold = QFont(self.font())
            bold.setPointSizeF(bold.pointSizeF() * size)
            bold.setBold(True)
            painter.setFont(bold)
            metrics = painter.fontMetrics()
            room = QRectF(0, 0, metrics.horizontalAdvance(text) + 12, metrics.height())
            room.moveCenter(where.center())
            if not room.intersects(corner):
                return room
        room.setWidth(min(room.width(), where.right() - corner.right() - 1))
        room.moveBottomRight(where.bottomRight() - QPointF(1, 1))
        return room

    def _paint_axes(self, painter: QPainter, look: theme.Tones) -> None:
        small = QFont(self.font())
        small.setPointSizeF(small.pointSizeF() * theme.SIZES["small"])
        painter.setFont(small)
        grid, line = self._grid(), self.fontMetrics().height()
        centre = Qt.AlignmentFlag.AlignHCenter | Qt.AlignmentFlag.AlignTop
        for level in range(1, LEVELS + 1):
            self._paint_impact(painter, look, level)
            down = self.cell_rect((level, 1))
            words_p, percent_p = self._probability[level - 1]
            painter.setPen(QColor(look.text))
            side = QRectF(line, down.center().y() - line, grid.left() - line - 6, line)
            right = Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter
            painter.drawText(side, right, words_p)
            painter.setPen(QColor(look.muted))
            painter.drawText(side.translated(0, line), right, percent_p)
        painter.setPen(QColor(look.muted))
        under = grid.bottom() + (3 if self._narrow() else 2) * line + 8
        painter.drawText(QRectF(grid.left(), under, grid.width(), line), centre, "Impacto")
        painter.save()
        painter.translate(0, grid.center().y())
        painter.rotate(-90)
        painter.drawText(QRectF(-grid.height() / 2, 0, grid.height(), line), centre, "Probabilidad")
        painter.restore()
        if self._title:
            painter.setPen(QColor(look.text))
            bold = QFont(self.font())
            bold.setBold(True)
            painter.setFont(bold)
            painter.drawText(QRectF(grid.left(), 0, grid.width(), line + 4), Qt.AlignmentFlag.AlignLeft, self._title)

    def _paint_impact(self, painter: QPainter, look: theme.Tones, level: int) -> None:
        """The words under a column."""
        column, grid, line = self.cell_rect((1, level)), self._grid(), self.fontMetrics().height()
        words, percent = self._impact[level - 1]
        centre = Qt.AlignmentFlag.AlignHCenter | Qt.AlignmentFlag.AlignTop
        narrow = self._narrow()
        below = grid.bottom() + 4
        painter.save()
        if column.width() < TINY:
            smallest = QFont(self.font())
            smallest.setPointSizeF(smallest.pointSizeF() * 0.75)
            painter.setFont(smallest)
        where = QRectF(0, below + (line if narrow and level % 2 == 0 else 0), 0, line)
        where.setWidth(painter.fontMetrics().horizontalAdvance(words) + 2)
        where.moveCenter(QPointF(column.center().x(), where.center().y()))
        where.moveRight(min(where.right(), self.width() - 1.0))
        painter.setPen(QColor(look.text))
        painter.drawText(where, centre, words)
        painter.setPen(QColor(look.muted))
        painter.drawText(
            QRectF(column.left() - 2, below + (2 if narrow else 1) * line, column.width() + 4, line), centre, percent
        )
        painter.restore()

    def _paint_risk(self, painter: QPainter, look: theme.Tones) -> None:
        if self._inherent is None:
            return
        start = self.cell_rect(self._inherent).center()
        if self._residual is None or self._residual == self._inherent:
            self._paint_point(painter, look, start, "I = R" if self._residual else "I", filled=bool(self._residual))
            return
        end = self.cell_rect(self._residual).center()
        self._paint_arrow(painter, look, start, end)
        self._paint_point(painter, look, start, "I", filled=False)
        self._paint_point(painter, look, end, "R", filled=True)

    def _radius(self) -> float:
        cell = self.cell_rect((1, 1))
        return min(float(POINT), cell.width() / 3, cell.height() / 3)

    def _paint_arrow(self, painter: QPainter, look: theme.Tones, start: QPointF, end: QPointF) -> None:
        way = end - start
        length = max(1.0, (way.x() ** 2 + way.y() ** 2) ** 0.5)
        unit = way / length
        side = QPointF(-unit.y(), unit.x())
        radius = self._radius()
        tip, first = end - unit * (radius + 2), start + unit * radius
        for colour, width in ((look.surface, 6.0), (look.text, 2.5)):
            painter.setPen(QPen(QColor(colour), width, Qt.PenStyle.SolidLine, Qt.PenCapStyle.RoundCap))
            painter.drawLine(first, tip - unit * 6)
        painter.setPen(QPen(QColor(look.surface), 1.5))
        painter.setBrush(QColor(look.text))
        painter.drawPolygon(QPolygonF([tip, tip - unit * 11 + side * 6, tip - unit * 11 - side * 6]))

    def _paint_point(self, painter: QPainter, look: theme.Tones, where: QPointF, letter: str, *, filled: bool) -> None:
        bold = QFont(self.font())
        bold.setBold(True)
        painter.setFont(bold)
        radius = self._radius()
        width = max(2 * radius, painter.fontMetrics().horizontalAdvance(letter) + 14)
        if width > self.cell_rect((1, 1)).width():  # the next cell's letter stands beside it
            letter = letter.replace(" ", "")
            width = painter.fontMetrics().horizontalAdvance(letter) + 6
        box = QRectF(0, 0, width, 2 * radius)
        box.moveCenter(where)
        grid = self._grid()  # beyond it are the words of the axis
        box.moveLeft(min(max(box.left(), grid.left() + 1), grid.right() - width - 1))
        painter.setPen(QPen(QColor(look.text if not filled else look.surface), 2))
        painter.setBrush(QColor(look.text if filled else look.surface))
        painter.drawRoundedRect(box, radius, radius)
        painter.setPen(QColor(look.surface if filled else look.text))
        painter.drawText(box, Qt.AlignmentFlag.AlignCenter, letter)

    # -- from the user

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        cell = self.cell_at(event.position())
        if cell is not None:
            self._cursor = cell
            self.update()
            self.picked.emit(*cell)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        step = STEPS.get(Qt.Key(event.key()))
        if step is not None:
            up, right = step
            probability, impact = self._cursor
            self._cursor = (min(LEVELS, max(1, probability + up)), min(LEVELS, max(1, impact + right)))
            self._speak()
        elif event.key() in {Qt.Key.Key_Return, Qt.Key.Key_Enter, Qt.Key.Key_Space}:
            self.picked.emit(*self._cursor)
        else:
            super().keyPressEvent(event)

    def focusInEvent(self, event: QFocusEvent) -> None:
        super().focusInEvent(event)
        self._speak()

    def focusOutEvent(self, event: QFocusEvent) -> None:
        super().focusOutEvent(event)
        self._tell()

    def _speak(self) -> None:
        self.setAccessibleDescription(self.words(self._cursor))
        self.update()

    def event(self, event: QEvent) -> bool:
        if isinstance(event, QHelpEvent) and event.type() == QEvent.Type.ToolTip:
            cell = self.cell_at(QPointF(event.pos()))
            if cell is None:
                QToolTip.hideText()
            else:
                QToolTip.showText(event.globalPos() + QPoint(0, 8), self.words(cell), self)
            return True
        return super().event(event)


def _axis(catalogues: Catalogues, list_name: str) -> tuple[tuple[str, str], ...]:
    """The five levels of an axis, lowest first: words and percentage (none in methods that have no percentages)."""
    return tuple(
        (entry.label, f"{percent} %" if (percent := entry.extra.get("porcentaje")) else f"Nivel {entry.code}")
        for entry in catalogues.entries(list_name)[:LEVELS]
    )

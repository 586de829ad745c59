"""The ranking as a tree: an item per line, the needs of a group below it, and where the money ends."""

from bisect import bisect_left
from collections.abc import Collection, Sequence
from decimal import Decimal
from typing import Final

from PySide6.QtCore import QAbstractItemModel, QModelIndex, QObject, QPersistentModelIndex, QRectF, Qt
from PySide6.QtGui import QColor, QFont, QPainter
from PySide6.QtWidgets import QStyleOptionViewItem, QTreeView

from peti_desktop.catalogues import Catalogues
from peti_desktop.consolidation.budget import Line, line
from peti_desktop.consolidation.priorities import Item, Need
from ui import theme
from ui.oficina.words import pesos, thousands

AnyIndex = QModelIndex | QPersistentModelIndex
ROOT: Final = QModelIndex()
COLUMNS: Final = ("N.º", "Prioridad", "Necesidad", "Quién", "Cant.", "Valor", "Acumulado", "Alcanza")
PLACE, SCORE, NAME, WHO, QUANTITY, VALUE, SUM, COVERED = range(8)
_NUMBERS: Final = frozenset({PLACE, QUANTITY, VALUE, SUM})
ITEM: Final = Qt.ItemDataRole.UserRole
FIRST_BELOW: Final = Qt.ItemDataRole.UserRole + 1
"""Whether the budget line runs above this row."""
_RIGHT: Final = Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter


class Ranking(QAbstractItemModel):
    """Items that pass the filter, in their order; ``above`` of all items are covered by the money."""

    def __init__(self, catalogues: Catalogues, over: QObject | None = None) -> None:
        super().__init__(over)
        self._label = catalogues.label
        self.items: Sequence[Item] = ()
        self.line: Line = line((), Decimal(0))
        self._places: list[int] = []
        self._fits: frozenset[int] = frozenset()

    def fill(self, items: Sequence[Item], places: Sequence[int]) -> None:
        """Show the items at these ``places`` of the ranking."""
        self.beginResetModel()
        self.items, self._places = items, list(places)
        self.endResetModel()

    def draw(self, drawn: Line) -> None:
        """Move the line. Only the rows it passed are told of; what would fit is drawn anew by the view."""
        first, last = sorted((self.line.above, drawn.above))
        self.line, self._fits = drawn, frozenset(drawn.would_fit)
        top = max(0, bisect_left(self._places, first) - 1)
        bottom = min(bisect_left(self._places, last), len(self._places) - 1)
        if top <= bottom:
            self.dataChanged.emit(self.index(top, 0), self.index(bottom, COVERED))

    def place_of(self, index: AnyIndex) -> int:
        """Where in the ranking the item of a row stands; a need's row is its item's."""
        top = index.internalId() - 1 if index.internalId() else index.row()
        return self._places[top]

    def need_of(self, index: AnyIndex) -> Need:
        """The need of a row; of an item's row its first."""
        item = self.items[self.place_of(index)]
        return item.needs[index.row() if index.internalId() else 0]

    def row_of(self, uids: Collection[str]) -> QModelIndex:
        """The row of the item that holds one of these needs; none when it is not shown."""
        for row, place in enumerate(self._places):
            if any(need.uid in uids for need in self.items[place].needs):
                return self.index(row, 0)
        return QModelIndex()

    # -- Qt

    def index(self, row: int, column: int, above: AnyIndex = ROOT) -> QModelIndex:
        if row < 0 or row >= self.rowCount(above) or not 0 <= column < len(COLUMNS):
            return QModelIndex()
        return self.createIndex(row, column, above.row() + 1 if above.isValid() else 0)

    def parent(self, index: AnyIndex = ROOT) -> QModelIndex:  # type: ignore[override] # the stubs know two of them
        if not index.isValid() or not index.internalId():
            return QModelIndex()
        return self.createIndex(index.internalId() - 1, 0, 0)

    def rowCount(self, above: AnyIndex = ROOT) -> int:
        if not above.isValid():
            return len(self._places)
        if above.internalId() or above.column() > 0:
            return 0
        needs = self.items[self._places[above.row()]].needs
        return len(needs) if len(needs) > 1 else 0

    def columnCount(self, above: AnyIndex = ROOT) -> int:  # noqa: ARG002
        return len(COLUMNS)

    def headerData(self, section: int, orientation: Qt.Orientation, role: int = Qt.ItemDataRole.DisplayRole) -> object:
        if orientation is Qt.Orientation.Horizontal and role == Qt.ItemDataRole.DisplayRole:
            return COLUMNS[section]
        if orientation is Qt.Orientation.Horizontal and role == Qt.ItemDataRole.TextAlignmentRole:
            return _RIGHT if section in _NUMBERS else Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter
        return None

    def data(self, index: AnyIndex, role: int = Qt.ItemDataRole.DisplayRole) -> object:
        if not index.isValid():
            return None
        place = self.place_of(index)
        item = self.items[place]
        match role:
            case Qt.ItemDataRole.AccessibleTextRole if index.column() == SCORE and item.hand:
                return f"{item.score}, puesta a mano"
            case Qt.ItemDataRole.DisplayRole | Qt.ItemDataRole.AccessibleTextRole:
                if index.internalId():
                    return self._of_need(item.needs[index.row()], index.column())
                return self._of_item(place, item, index.column())
            case Qt.ItemDataRole.ToolTipRole if index.column() == SCORE and item.hand:
                return f"Puesta a mano por {item.hand.who}: {item.hand.reason}"
            case Qt.ItemDataRole.ToolTipRole if index.column() == NAME:
                return self.need_of(index).description[:1000]
            case Qt.ItemDataRole.TextAlignmentRole if index.column() in _NUMBERS:
                return _RIGHT
            case Qt.ItemDataRole.FontRole if not index.internalId() and index.column() in {SCORE, NAME}:
                font = QFont()
                font.setBold(True)
                return font
            case _ if role == ITEM:
                return item
            case _ if role == FIRST_BELOW:
                row = index.row()
                before = self._places[row - 1] if row and not index.internalId() else -1
                return not index.internalId() and before < self.line.above <= place
            case _:
                return None

    def _of_item(self, place: int, item: Item, column: int) -> str:
        match column:
            case 0:
                return thousands(place + 1)
            case 1:
                return f"{item.score} ▲" if item.hand else str(item.score)
            case 2:
                return " ".join(item.name[:300].split())
            case 3:
                units = item.dependencias
                return self._label("dependencia", units[0]) if len(units) == 1 else f"{len(units)} dependencias"
            case 4:
                return thousands(item.quantity) if item.quantity else ""
            case 5:
                return pesos(item.total) if item.valued else f"{pesos(item.total)} ?" if item.total else "Sin valor"
            case 6:
                return pesos(self.line.cumulative[place]) if place < len(self.line.cumulative) else ""
            case _:
                return self.covered(place)

    def _of_need(self, need: Need, column: int) -> str:
        match column:
            case 2:
                return " ".join((need.justification or need.description)[:300].split())
            case 3:
                return self._label("dependencia", need.dependencia)
            case 4:
                return thousands(need.quantity) if need.quantity else ""
            case 5:
                return pesos(need.total) if need.total is not None else "Sin valor"
            case _:
                return ""

    def covered(self, place: int) -> str:
        """Whether the money reaches an item, in a sign and a word."""
        if place < self.line.above:
            return "✓ Sí" if self.items[place].valued else "? Falta el valor"
        return "+ Cabría" if place in self._fits else "✕ No"


class RankingView(QTreeView):
    """Draws the budget line above the first row it does not reach, over the whole width."""

    def drawRow(self, painter: QPainter, option: QStyleOptionViewItem, index: AnyIndex) -> None:
        super().drawRow(painter, option, index)
        if index.data(FIRST_BELOW):
            box = QRectF(option.rect)  # type: ignore[attr-defined]
            wide = self.viewport().width()
            painter.fillRect(QRectF(0, box.top(), wide, 3), QColor(theme.tones(self.palette()).accent))

"""Tables to read that the plan's tabs share, and the bars of the years."""

from collections.abc import Iterable, Sequence
from decimal import Decimal
from typing import Final

from PySide6.QtCore import QItemSelectionModel, QRectF, QSize, Qt
from PySide6.QtGui import QColor, QPainter, QPaintEvent, QResizeEvent
from PySide6.QtWidgets import QAbstractItemView, QHeaderView, QSizePolicy, QTableWidget, QTableWidgetItem, QWidget

from ui import theme
from ui.oficina.words import pesos

KEY: Final = Qt.ItemDataRole.UserRole
LEAST_WIDE: Final = 170
"""Pixels of the wide column under which other columns are spared for it, and, with none left, what it may shrink to."""
NARROWEST: Final = 100
RIGHT: Final = Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter


class Sheet(QTableWidget):
    """Rows of texts to choose from, each with a key; the column ``wide`` takes the room that is left.

    Where that would be too little, the columns ``spare`` are hidden, the first of them first.
    """

    def __init__(
        self,
        columns: Sequence[str],
        name: str,
        *,
        wide: int,
        numbers: Sequence[int] = (),
        spare: Sequence[int] = (),
    ) -> None:
        super().__init__(0, len(columns))
        self._wide, self._spare = wide, spare
        self._numbers = frozenset(numbers)
        self.setHorizontalHeaderLabels(list(columns))
        self.setAccessibleName(name)
        self.setEditTriggers(QAbstractItemView.EditTrigger.NoEditTriggers)
        self.setSelectionBehavior(QAbstractItemView.SelectionBehavior.SelectRows)
        self.setTabKeyNavigation(False)
        self.setShowGrid(False)
        self.setWordWrap(False)
        self.verticalHeader().hide()
        self.verticalHeader().setDefaultSectionSize(theme.ROW)
        head = self.horizontalHeader()
        head.setHighlightSections(False)
        head.setDefaultAlignment(Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter)
        # Not by contents: every item set would measure a thousand rows again.
        head.setSectionResizeMode(QHeaderView.ResizeMode.Fixed)
        head.setMinimumSectionSize(44)

    def set_numbers(self, numbers: Iterable[int]) -> None:
        """Let these columns hold numbers, from the next filling on."""
        self._numbers = frozenset(numbers)

    def fill(self, rows: Sequence[tuple[object, Sequence[str]]], *, strong: Sequence[int] = ()) -> None:
        """Show ``rows`` (key, texts); those at the places ``strong`` in bold. The chosen row stays where it can."""
        kept = set(self.chosen_keys())
        self.blockSignals(True)
        self.setRowCount(0)
        self.setRowCount(len(rows))
        for row, (key, texts) in enumerate(rows):
            for column, text in enumerate(texts):
                item = QTableWidgetItem(text)
                item.setToolTip(text)
                item.setData(KEY, key)
                if column in self._numbers:
                    item.setTextAlignment(RIGHT)
                    head = self.horizontalHeaderItem(column)
                    if head is not None:
                        head.setTextAlignment(RIGHT)
                if row in strong:
                    font = item.font()
                    font.setBold(True)
                    item.setFont(font)
                self.setItem(row, column, item)
        self.clearSelection()
        self.blockSignals(False)
        place = next((row for row, (key, _) in enumerate(rows) if key in kept), 0)
        if rows:
            self._choose_row(place)
        self._share()

    def _choose_row(self, row: int) -> None:
        """Choose a row alone, whatever keys are held down meanwhile."""
        how = QItemSelectionModel.SelectionFlag.ClearAndSelect | QItemSelectionModel.SelectionFlag.Rows
        self.selectionModel().setCurrentIndex(self.model().index(row, 0), how)

    def _share(self) -> None:
        """Give the wide column what is left, and hide what can be spared for it."""
        shown = [column for column in range(self.columnCount()) if column != self._wide]
        head = self.horizontalHeader()
        needs = {column: max(self.sizeHintForColumn(column), head.sectionSizeHint(column)) for column in shown}
        left = self.viewport().width() - sum(needs.values())
        for column, width in needs.items():
            self.setColumnWidth(column, width)
        for column in self._spare:
            hidden = left < LEAST_WIDE
            self.setColumnHidden(column, hidden)
            left += needs[column] if hidden else 0
        self.setColumnWidth(self._wide, max(NARROWEST, left))

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._share()

    def chosen_keys(self) -> list[object]:
        """The keys of the chosen rows, from the top."""
        rows = sorted({index.row() for index in self.selectedIndexes()})
        return [item.data(KEY) for row in rows if (item := self.item(row, 0)) is not None]

    def choose(self, key: object) -> bool:
        """Choose the row of a key; False when there is none."""
        for row in range(self.rowCount()):
            item = self.item(row, 0)
            if item is not None and item.data(KEY) == key:
                self._choose_row(row)
                return True
        return False


class Bars(QWidget):
    """Pesos by year as bars: year, bar, amount. Nothing to press; the table below says the same."""

    def __init__(self) -> None:
        super().__init__()
        self._years: Sequence[tuple[str, Decimal]] = ()
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)

    def tell(self, years: Sequence[tuple[str, Decimal]]) -> None:
        """Show these years."""
        self._years = years
        said = "; ".join(f"{year}: {pesos(money)}" for year, money in years)
        self.setAccessibleName(f"Costo por año. {said}")
        self.updateGeometry()
        self.update()

    @property
    def _high(self) -> int:
        return self.fontMetrics().height() + 8

    def sizeHint(self) -> QSize:
        return QSize(300, max(1, self._high * len(self._years)))

    def minimumSizeHint(self) -> QSize:
        return self.sizeHint()

    def paintEvent(self, event: QPaintEvent) -> None:  # noqa: ARG002
        look = theme.tones(self.palette())
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        most = max((money for _, money in self._years), default=Decimal(0))
        widest = max((self.fontMetrics().horizontalAdvance(pesos(money)) for _, money in self._years), default=0)
        left = self.fontMetrics().horizontalAdvance("0000 a 0000") if any(len(y) > 4 for y, _ in self._years) else 44
        wide = self.width() - left - widest - 16
        for place, (year, money) in enumerate(self._years):
            row = QRectF(0, place * self._high, self.width(), self._high)
            painter.setPen(QColor(look.text))
            painter.drawText(row, Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignLeft, year)
            painter.drawText(row, Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignRight, pesos(money))
            bar = QRectF(left, row.top() + 5, wide, self._high - 10)
            painter.setPen(Qt.PenStyle.NoPen)
            painter.setBrush(QColor(look.sunken))
            painter.drawRoundedRect(bar, 3, 3)
            if money and most:
                bar.setWidth(max(2.0, wide * float(money / most)))
                painter.setBrush(QColor(look.accent))
                painter.drawRoundedRect(bar, 3, 3)
        painter.end()

"""The table of doubts: every column seen at once, and what is chosen kept while it is sifted and sorted."""

from collections.abc import Sequence
from typing import Final

from PySide6.QtCore import QItemSelectionModel, Qt
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QAbstractItemView, QTableView

from peti_desktop.consolidation.doubts import Doubt
from ui.oficina.dudas_modelo import COLUMNS, DOUBT, HAS, WHEN, Doubts, Question

LINES: Final = 3
"""A row shows so many lines of its texts; the words below the table tell all of it."""
NARROW: Final = 900
NARROWEST: Final = 700
"""Below these widths of the table it leaves out since when, and who has it."""


class DoubtsTable(QTableView):
    """Shows ``doubts``, the oldest first until somebody sorts otherwise."""

    def __init__(self, doubts: Doubts) -> None:
        super().__init__()
        self._doubts = doubts
        self.setAccessibleName("Dudas")
        self.setModel(doubts)
        self.setSelectionBehavior(QAbstractItemView.SelectionBehavior.SelectRows)
        self.setSelectionMode(QAbstractItemView.SelectionMode.ExtendedSelection)
        self.setAlternatingRowColors(True)
        self.setTabKeyNavigation(False)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setVerticalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOn)
        self.setVerticalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
        self.verticalHeader().setDefaultSectionSize(LINES * self.fontMetrics().height() + 10)
        self.verticalHeader().hide()
        head = self.horizontalHeader()
        head.setSortIndicatorShown(True)
        head.setSortIndicator(WHEN, Qt.SortOrder.AscendingOrder)
        head.setSectionsClickable(True)
        head.sortIndicatorChanged.connect(self._sort)

    @property
    def picked(self) -> list[Doubt]:
        """What is selected, from the top."""
        rows = sorted(self.selectionModel().selectedRows(), key=lambda index: index.row())
        return [index.data(DOUBT) for index in rows]

    def pick(self, uids: Sequence[str]) -> None:
        """Select these doubts, as far as they are shown; the first of all when none of them is."""
        rows = [row for uid in uids if (row := self._doubts.row_of(uid)) >= 0]
        if not rows and self._doubts.rowCount():
            rows = [0]
        flags = QItemSelectionModel.SelectionFlag
        for place, row in enumerate(rows):
            index = self._doubts.index(row, 0)
            if not place:
                self.selectionModel().setCurrentIndex(index, flags.ClearAndSelect | flags.Rows)
            self.selectionModel().select(index, flags.Select | flags.Rows)

    def sift(self, question: Question) -> None:
        """Show the doubts that are asked for."""
        kept = [doubt.uid for doubt in self.picked]
        self._doubts.ask(question)
        self.pick(kept)

    def _sort(self, column: int, order: Qt.SortOrder) -> None:
        kept = [doubt.uid for doubt in self.picked]
        self._doubts.sort(column, order)
        self.pick(kept)

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self.fit()

    def fit(self) -> None:
        """Let every column be seen at once; what a narrow table leaves out is told below it."""
        room = self.viewport().width()
        hidden = {HAS} if not self._doubts.assigned else set[int]()
        hidden |= {WHEN} if room < NARROW else set()
        hidden |= {HAS} if room < NARROWEST else set()
        parts = {place: column.part for place, column in enumerate(COLUMNS) if place not in hidden}
        for place in range(len(COLUMNS)):
            self.setColumnHidden(place, place in hidden)
            if place in parts:
                self.setColumnWidth(place, room * parts[place] // sum(parts.values()))

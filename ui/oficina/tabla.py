"""A table to read that never scrolls sideways: its columns give way together when there is less room."""

from collections.abc import Sequence
from typing import Final

from PySide6.QtCore import QAbstractItemModel, Qt
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QAbstractItemView, QHeaderView, QTableView

from ui import theme

LAST: Final = 150
"""What the last column keeps at least; whatever is left over is its own."""
LEAST: Final = 44


class PlainTable(QTableView):
    """Whole rows of one line each. ``widths`` are what all columns but the last like; ``firm`` ones never give way."""

    def __init__(
        self, model: QAbstractItemModel, name: str, widths: Sequence[int], firm: frozenset[int] = frozenset()
    ) -> None:
        super().__init__()
        self._widths, self._firm = tuple(widths), firm
        self.setModel(model)
        self.setAccessibleName(name)
        self.setSelectionBehavior(QAbstractItemView.SelectionBehavior.SelectRows)
        self.setSelectionMode(QAbstractItemView.SelectionMode.SingleSelection)
        self.setEditTriggers(QAbstractItemView.EditTrigger.NoEditTriggers)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setTabKeyNavigation(False)
        self.setShowGrid(False)
        self.setWordWrap(False)
        self.setAlternatingRowColors(True)
        self.verticalHeader().hide()
        self.verticalHeader().setDefaultSectionSize(theme.ROW)
        self.verticalHeader().setSectionResizeMode(QHeaderView.ResizeMode.Fixed)
        header = self.horizontalHeader()
        header.setHighlightSections(False)
        header.setDefaultAlignment(Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter)
        header.setMinimumSectionSize(LEAST)
        header.setStretchLastSection(True)

    def resizeEvent(self, event: QResizeEvent) -> None:
        for place, width in enumerate(fitted(self._widths, self._firm, self.viewport().width() - LAST)):
            self.setColumnWidth(place, width)
        super().resizeEvent(event)


def fitted(widths: Sequence[int], firm: frozenset[int], room: int) -> list[int]:
    """The widths as they are when there is ``room`` for them, else all that are not ``firm`` smaller in proportion."""
    kept = sum(width for place, width in enumerate(widths) if place in firm)
    yielding = max(1, sum(widths) - kept)
    share = min(1.0, max(0, room - kept) / yielding)
    return [width if place in firm else max(LEAST, int(width * share)) for place, width in enumerate(widths)]

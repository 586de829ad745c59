"""A table to read that never scrolls sideways: its columns give way together when there is less room."""

from collections.abc import Mapping, Sequence
from typing import Final

from PySide6.QtCore import QAbstractItemModel, Qt
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QAbstractItemView, QHeaderView, QTableView

from ui import theme

LAST: Final = 150
"""What the last column keeps at least; whatever is left over is its own."""
LEAST: Final = 44
CRAMPED: Final = 0.75


class PlainTable(QTableView):
    """Whole rows of one line each. ``widths`` are what all columns but the last like; ``firm`` ones never give way.

    ``spare`` columns go away, the first of them first, when the others would be narrower than ``CRAMPED`` of that.
    """

    def __init__(
        self,
        model: QAbstractItemModel,
        name: str,
        widths: Sequence[int],
        firm: frozenset[int] = frozenset(),
        spare: Sequence[int] = (),
    ) -> None:
        super().__init__()
        self._widths, self._firm, self._spare = tuple(widths), firm, tuple(spare)
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
        room = self.viewport().width() - LAST
        left = dict(enumerate(self._widths))
        for place in self._spare:
            if _share(left, self._firm, room) < CRAMPED:
                del left[place]
        share = _share(left, self._firm, room)
        for place, width in enumerate(self._widths):
            self.setColumnHidden(place, place not in left)
            self.setColumnWidth(place, width if place in self._firm else max(LEAST, int(width * share)))
        super().resizeEvent(event)


def _share(widths: Mapping[int, int], firm: frozenset[int], room: int) -> float:
    """What part of what they like all columns that are not ``firm`` get, when together there is ``room`` for them."""
    kept = sum(width for place, width in widths.items() if place in firm)
    yielding = max(1, sum(widths.values()) - kept)
    return min(1.0, max(0, room - kept) / yielding)

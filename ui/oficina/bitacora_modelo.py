"""The log as a table that holds only the pages somebody looks at; the store gives them one by one."""

from collections import OrderedDict
from collections.abc import Callable, Sequence
from typing import Final

from PySide6.QtCore import QAbstractTableModel, QModelIndex, QPersistentModelIndex, Qt, Signal

from peti_desktop.log_words import Entry

AnyIndex = QModelIndex | QPersistentModelIndex
ROOT: Final = QModelIndex()
PAGE: Final = 200
KEPT: Final = 40
"""How many pages are kept in memory: eight thousand entries."""
ENTRY: Final = Qt.ItemDataRole.UserRole

COLUMNS: Final[tuple[tuple[str, Callable[[Entry], str]], ...]] = (
    ("N.º", lambda entry: str(entry.id)),
    ("Cuándo", lambda entry: entry.moment),
    ("Quién", lambda entry: entry.who),
    ("Qué hizo", lambda entry: entry.action),
    ("Detalle", lambda entry: entry.detail),
)


class LogModel(QAbstractTableModel):
    """Entries by page; ``wanted(page)`` asks for one that is not here, ``fill`` brings it."""

    wanted = Signal(int)

    def __init__(self) -> None:
        super().__init__()
        self._total = 0
        self._pages: OrderedDict[int, Sequence[Entry]] = OrderedDict()
        self._asked: set[int] = set()

    def begin(self, total: int) -> None:
        """Show ``total`` entries, of which none is here yet."""
        self.beginResetModel()
        self._total = total
        self._pages.clear()
        self._asked.clear()
        self.endResetModel()

    def fill(self, page: int, entries: Sequence[Entry]) -> None:
        """Take a page."""
        self._asked.discard(page)
        self._pages[page] = entries
        while len(self._pages) > KEPT:
            self._pages.popitem(last=False)
        first = page * PAGE
        last = min(first + len(entries), self._total) - 1
        if last >= first:
            self.dataChanged.emit(self.index(first, 0), self.index(last, len(COLUMNS) - 1))

    def entry(self, row: int) -> Entry | None:
        """The entry of a row; None while its page is on its way."""
        page, place = divmod(row, PAGE)
        entries = self._pages.get(page)
        if entries is None:
            if page not in self._asked:
                self._asked.add(page)
                self.wanted.emit(page)
            return None
        self._pages.move_to_end(page)
        return entries[place] if place < len(entries) else None

    def rowCount(self, parent: AnyIndex = ROOT) -> int:
        return 0 if parent.isValid() else self._total

    def columnCount(self, parent: AnyIndex = ROOT) -> int:
        return 0 if parent.isValid() else len(COLUMNS)

    def headerData(
        self, section: int, orientation: Qt.Orientation, role: int = Qt.ItemDataRole.DisplayRole
    ) -> str | None:
        if orientation is Qt.Orientation.Horizontal and role == Qt.ItemDataRole.DisplayRole:
            return COLUMNS[section][0]
        return None

    def data(self, index: AnyIndex, role: int = Qt.ItemDataRole.DisplayRole) -> str | Entry | None:
        if not index.isValid() or role not in {
            Qt.ItemDataRole.DisplayRole,
            Qt.ItemDataRole.ToolTipRole,
            ENTRY,
        }:
            return None
        found = self.entry(index.row())
        if role == ENTRY:
            return found
        return "…" if found is None else COLUMNS[index.column()][1](found)

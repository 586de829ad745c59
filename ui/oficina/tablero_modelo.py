"""«Quién falta» as a table: a row per dependencia and section, filtered and sorted by what people look for."""

from collections.abc import Callable, Sequence
from datetime import date
from typing import Any, Final

from PySide6.QtCore import QAbstractTableModel, QModelIndex, QPersistentModelIndex, Qt
from PySide6.QtGui import QColor
from PySide6.QtWidgets import QApplication

from peti_desktop.expected import LETTERS, Owed, State
from peti_desktop.records.convert import plain, spoken_date
from ui import theme
from ui.oficina.headings import heading

AnyIndex = QModelIndex | QPersistentModelIndex
ROOT: Final = QModelIndex()
OWED: Final = Qt.ItemDataRole.UserRole
UNIT, SECTION, STATE, DUE, DAYS, NOTE = range(6)
COLUMNS: Final = (
    ("Dependencia", 220),
    ("Sección", 108),
    ("Estado", 160),
    ("Vence", 114),
    ("Días", 132),
    ("Nota", 260),
)
"""Heading and width of each column."""
TURN, ALL, LAST_YEAR, EMPTY = "turno", "", "anterior", "vacia"
FILTERS: Final = (
    (TURN, "Los que deben"),
    (ALL, "Todos"),
    *((state.value, state.value.capitalize()) for state in State),
    (LAST_YEAR, "Entregaron el año pasado y este no"),
    (EMPTY, "Llegaron vacías"),
)
"""Which rows can be asked for, and how it is said."""
TONES: Final = {
    State.MISSING: "warns",
    State.OVERDUE: "stops",
    State.RETURNED: "warns",
    State.PARTLY: "warns",
    State.ACCEPTED: "fine",
}


def days_words(owed: Owed, today: date) -> str:
    """«▲ 3 de mora», «hoy», «faltan 4»; empty while it is not the dependencia's turn."""
    if not owed.owing:
        return ""
    late = owed.late(today)
    return f"▲ {late} de mora" if late > 0 else "hoy" if late == 0 else f"faltan {-late}"


class Missing(QAbstractTableModel):
    """The rows that pass the filters; at first those who are latest come first."""

    def __init__(self) -> None:
        super().__init__()
        self._all: list[Owed] = []
        self.shown: list[Owed] = []
        self._group, self._section, self._words = TURN, "", ""
        self._sorted = (DAYS, Qt.SortOrder.DescendingOrder)
        self._today = date.min

    def fill(self, found: Sequence[Owed], today: date) -> None:
        """Take another board."""
        self._all, self._today = list(found), today
        self._refresh()

    def ask(self, group: str, section: str, words: str) -> None:
        """Show only one group of states, one section and names that hold ``words``; what is empty asks for nothing."""
        self._group, self._section, self._words = group, section, plain(words.strip())
        self._refresh()

    def count(self, group: str) -> int:
        """How many rows there are of a group."""
        return sum(_is(owed, group) for owed in self._all)

    def _refresh(self) -> None:
        self.beginResetModel()
        self.shown = [owed for owed in self._all if self._passes(owed)]
        column, order = self._sorted
        self.shown.sort(key=_KEYS[column](self._today), reverse=order is Qt.SortOrder.DescendingOrder)
        self.endResetModel()

    def _passes(self, owed: Owed) -> bool:
        if not _is(owed, self._group) or self._section not in {"", owed.section}:
            return False
        return self._words in plain(owed.name)

    # -- Qt

    def sort(self, column: int, order: Qt.SortOrder = Qt.SortOrder.AscendingOrder) -> None:
        self._sorted = column, order
        self._refresh()

    def rowCount(self, above: AnyIndex = ROOT) -> int:
        return 0 if above.isValid() else len(self.shown)

    def columnCount(self, above: AnyIndex = ROOT) -> int:
        return 0 if above.isValid() else len(COLUMNS)

    def headerData(self, section: int, orientation: Qt.Orientation, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        return heading(COLUMNS[section][0], role) if orientation is Qt.Orientation.Horizontal else None

    def data(self, index: AnyIndex, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        if not index.isValid():
            return None
        owed = self.shown[index.row()]
        match role:
            case Qt.ItemDataRole.DisplayRole:
                return self._text(owed, index.column())
            case Qt.ItemDataRole.ToolTipRole:
                return "\n".join((owed.name, f"Vence el {spoken_date(owed.due)}", *owed.notes))
            case Qt.ItemDataRole.AccessibleTextRole:
                return f"{COLUMNS[index.column()][0]}: {self._text(owed, index.column())}"
            case Qt.ItemDataRole.ForegroundRole:
                return _ink(owed, index.column(), self._today)
            case _ if role == OWED:
                return owed
            case _:
                return None

    def _text(self, owed: Owed, column: int) -> str:
        match column:
            case 0:
                return owed.name
            case 1:
                return owed.title
            case 2:
                return f"{LETTERS[owed.state]} · {owed.words}"
            case 3:
                return spoken_date(owed.due)
            case 4:
                return days_words(owed, self._today)
            case _:
                return "; ".join(owed.notes)


def _is(owed: Owed, group: str) -> bool:
    match group:
        case "":
            return True
        case "turno":
            return owed.owing
        case "anterior":
            return owed.last_year
        case "vacia":
            return owed.empty
        case _:
            return owed.state.value == group


def _ink(owed: Owed, column: int, today: date) -> QColor | None:
    look = theme.tones(QApplication.palette())
    inks = {"fine": look.fine, "warns": look.warns, "stops": look.stops}
    if column == STATE and owed.state in TONES:
        return QColor(inks[TONES[owed.state]])
    if column == DAYS and owed.owing and owed.late(today) > 0:
        return QColor(look.stops)
    return QColor(look.muted) if column == NOTE else None


_Key = Callable[[date], Callable[[Owed], Any]]
_KEYS: Final[dict[int, _Key]] = {
    UNIT: lambda _today: lambda owed: (plain(owed.name), owed.title),
    SECTION: lambda _today: lambda owed: (owed.title, plain(owed.name)),
    STATE: lambda _today: lambda owed: (list(State).index(owed.state), owed.round, plain(owed.name)),
    DUE: lambda _today: lambda owed: (owed.due, plain(owed.name)),
    DAYS: lambda today: lambda owed: (owed.owing, owed.late(today), _backwards(plain(owed.name))),
    NOTE: lambda _today: lambda owed: ("; ".join(owed.notes), plain(owed.name)),
}


def _backwards(text: str) -> tuple[int, ...]:
    """A key that puts names in their usual order where all else goes down."""
    return tuple(-ord(letter) for letter in text)

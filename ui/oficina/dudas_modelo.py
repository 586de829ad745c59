"""The queue of doubts as a table, filtered and sorted where it stands."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any, Final

from PySide6.QtCore import QAbstractTableModel, QModelIndex, QPersistentModelIndex, Qt

from peti_desktop.consolidation.doubts import KINDS, Doubt
from peti_desktop.moments import spoken_moment
from peti_desktop.records import TYPES
from peti_desktop.records.convert import plain

AnyIndex = QModelIndex | QPersistentModelIndex
ROOT: Final = QModelIndex()
DOUBT: Final = Qt.ItemDataRole.UserRole
ANYBODY, NOBODY = "*", ""
"""Who has a doubt, as a filter: all of them, or those that nobody has."""

WORDS: Final = {
    "mantener": "se mantuvo lo vigente",
    "borrar": "se borró el dato",
    "retirar": "se retiró",
    "recuperar": "se recuperó",
    "levantar": "se levantó la corrección",
    "mover": "pasó a otra dependencia",
}
"""How a doubt ended, in words; other endings say themselves."""


def record_of(doubt: Doubt) -> str:
    """«Riesgo: Posibilidad de…»."""
    return f"{TYPES[doubt.type].singular}: {doubt.headline or '(sin nombre)'}"


def state_of(doubt: Doubt) -> str:
    """Open, asked about, or how it ended and by whom."""
    if doubt.open:
        return doubt.note or "por resolver"
    when = f", {spoken_moment(doubt.resolved_at)}" if doubt.resolved_at else ""
    return f"{WORDS.get(doubt.resolution, doubt.resolution)} – {doubt.resolved_by}{when}"


@dataclass(frozen=True, slots=True)
class Column:
    """A column: its title, its part of the table's width, and what it says of a doubt."""

    title: str
    part: int
    says: Callable[[Doubt], str]


COLUMNS: Final = (
    Column("Dependencia", 16, lambda doubt: doubt.dependencia_nombre),
    Column("Clase", 15, lambda doubt: KINDS[doubt.kind]),
    Column("Registro", 22, record_of),
    Column("Qué se pregunta", 30, lambda doubt: doubt.text),
    Column("La tiene", 11, lambda doubt: doubt.assigned_to),
    Column("Estado", 14, state_of),
    Column("Desde", 11, lambda doubt: spoken_moment(doubt.when)),
)
HAS: Final = 4
"""Shown only when somebody has one of them."""
WHEN: Final = len(COLUMNS) - 1


@dataclass(frozen=True, slots=True)
class Question:
    """Which doubts are wanted; empty is all, save ``who`` (see ``ANYBODY``). ``words`` must all be found."""

    unit: str = ""
    kind: str = ""
    who: str = ANYBODY
    words: str = ""

    def wants(self, doubt: Doubt) -> bool:
        """Whether a doubt passes."""
        if self.unit not in {"", doubt.dependencia} or self.kind not in {"", doubt.kind}:
            return False
        if self.who not in {ANYBODY, doubt.assigned_to}:
            return False
        said = plain(" ".join(column.says(doubt) for column in COLUMNS))
        return all(word in said for word in plain(self.words).split())


class Doubts(QAbstractTableModel):
    """The doubts that are asked for."""

    def __init__(self) -> None:
        super().__init__()
        self._all: list[Doubt] = []
        self._shown: list[Doubt] = []
        self._question = Question()
        self._order: tuple[int, bool] = (WHEN, False)

    def fill(self, found: Sequence[Doubt]) -> None:
        """Take other doubts."""
        self._all = list(found)
        self._refresh()

    def ask(self, question: Question) -> None:
        """Show only the doubts that are asked for."""
        self._question = question
        self._refresh()

    def sort(self, column: int, order: Qt.SortOrder = Qt.SortOrder.AscendingOrder) -> None:
        self._order = (column, order == Qt.SortOrder.DescendingOrder)
        self._refresh()

    def _refresh(self) -> None:
        column, backwards = self._order
        says = COLUMNS[column].says

        def key(doubt: Doubt) -> Any:
            return doubt.when if column == WHEN else plain(says(doubt))

        self.beginResetModel()
        self._shown = sorted(filter(self._question.wants, self._all), key=key, reverse=backwards)
        self.endResetModel()

    @property
    def everything(self) -> list[Doubt]:
        """All doubts, shown or not."""
        return list(self._all)

    @property
    def assigned(self) -> bool:
        """Whether somebody has any of them."""
        return any(doubt.assigned_to for doubt in self._all)

    def row_of(self, uid: str) -> int:
        """Where a doubt stands; -1 while it is not shown."""
        return next((row for row, doubt in enumerate(self._shown) if doubt.uid == uid), -1)

    def rowCount(self, parent: AnyIndex = ROOT) -> int:
        return 0 if parent.isValid() else len(self._shown)

    def columnCount(self, parent: AnyIndex = ROOT) -> int:
        return 0 if parent.isValid() else len(COLUMNS)

    def headerData(self, section: int, orientation: Qt.Orientation, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        if orientation is Qt.Orientation.Horizontal and role == Qt.ItemDataRole.DisplayRole:
            return COLUMNS[section].title
        return None

    def data(self, index: AnyIndex, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        if not index.isValid():
            return None
        doubt = self._shown[index.row()]
        match role:
            case Qt.ItemDataRole.DisplayRole | Qt.ItemDataRole.ToolTipRole:
                return COLUMNS[index.column()].says(doubt)
            case _ if role == DOUBT:
                return doubt
            case _:
                return None

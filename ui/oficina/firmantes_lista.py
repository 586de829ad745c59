"""The register of signers as a table: who, for whom, since when, until when, which key, in what state."""

from collections.abc import Callable, Sequence
from typing import Any, Final

from PySide6.QtCore import QAbstractTableModel, QModelIndex, QPersistentModelIndex, Qt
from PySide6.QtGui import QColor
from PySide6.QtWidgets import QApplication

from peti_desktop.moments import day_of
from peti_desktop.office.enrolment import ANNULLED, ENDED, ENDS_SOON, SIGNS, Enrolled
from peti_desktop.records.convert import spoken_date
from ui import theme
from ui.oficina.headings import heading

AnyIndex = QModelIndex | QPersistentModelIndex
ROOT: Final = QModelIndex()
PERSON: Final = Qt.ItemDataRole.UserRole
IN_FORCE, OUT_OF_FORCE = "firman hoy", "ya no firman"
TONES: Final = {SIGNS: "fine", ENDS_SOON: "warns", ENDED: "stops", ANNULLED: "stops"}


def state_words(found: Enrolled) -> str:
    """«A · anulada el 22-nov-2026»."""
    day = f" el {spoken_date(day_of(found.annulled_at))}" if found.annulled_at is not None else ""
    return f"{found.letter} · {found.state}{day}"


COLUMNS: Final[tuple[tuple[str, int, Callable[[Enrolled], str]], ...]] = (
    ("Dependencia", 264, lambda found: found.dependencia_nombre),
    ("Quién", 140, lambda found: found.nombre),
    ("Cargo", 130, lambda found: found.cargo),
    ("Desde", 106, lambda found: spoken_date(day_of(found.since))),
    ("Hasta", 106, lambda found: spoken_date(day_of(found.until))),
    ("Estado", 110, state_words),
    ("Huella", 220, lambda found: found.fingerprint),
)


class People(QAbstractTableModel):
    """The signers that pass the filters."""

    def __init__(self) -> None:
        super().__init__()
        self._all: list[Enrolled] = []
        self._shown: list[Enrolled] = []
        self._unit = self._group = self._words = ""

    def fill(self, found: Sequence[Enrolled]) -> None:
        """Take other signers."""
        self._all = list(found)
        self._refresh()

    def ask(self, unit: str, group: str, words: str) -> None:
        """Show only one dependencia (its code), those that sign or do not, and what holds ``words``."""
        self._unit, self._group, self._words = unit, group, words.casefold().strip()
        self._refresh()

    def _refresh(self) -> None:
        self.beginResetModel()
        self._shown = [found for found in self._all if self._passes(found)]
        self.endResetModel()

    def _passes(self, found: Enrolled) -> bool:
        if self._unit and found.dependencia != self._unit:
            return False
        if self._group and found.in_force is not (self._group == IN_FORCE):
            return False
        said = " ".join(text(found) for _, _, text in COLUMNS).casefold()
        return self._words in said or self._words.replace("-", "") in said.replace("-", "")

    @property
    def people(self) -> list[Enrolled]:
        """All of them, shown or not."""
        return list(self._all)

    def row_of(self, key_id: str) -> int:
        """Where a key stands; -1 while it is not shown."""
        return next((row for row, found in enumerate(self._shown) if found.key_id == key_id), -1)

    def rowCount(self, parent: AnyIndex = ROOT) -> int:
        return 0 if parent.isValid() else len(self._shown)

    def columnCount(self, parent: AnyIndex = ROOT) -> int:
        return 0 if parent.isValid() else len(COLUMNS)

    def headerData(self, section: int, orientation: Qt.Orientation, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        return heading(COLUMNS[section][0], role) if orientation is Qt.Orientation.Horizontal else None

    def data(self, index: AnyIndex, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        if not index.isValid():
            return None
        found = self._shown[index.row()]
        name, _, text = COLUMNS[index.column()]
        match role:
            case Qt.ItemDataRole.DisplayRole | Qt.ItemDataRole.ToolTipRole:
                return text(found)
            case Qt.ItemDataRole.AccessibleTextRole:
                return f"{name}: {text(found)}"
            case Qt.ItemDataRole.ForegroundRole:
                look = theme.tones(QApplication.palette())
                if name == "Estado":
                    inks = {"fine": look.fine, "warns": look.warns, "stops": look.stops}
                    return QColor(inks[TONES.get(found.state, "warns")])
                return None if found.in_force else QColor(look.muted)
            case _ if role == PERSON:
                return found
            case _:
                return None

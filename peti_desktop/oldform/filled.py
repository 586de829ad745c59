"""What a filled form says, before anybody decides about it."""

from collections.abc import Mapping
from dataclasses import dataclass

from peti_desktop.records.fields import Value

NEW, CHANGED, EQUAL = "nuevo", "cambiado", "igual"

UNSIGNED = "recibido sin firma"
"""The words of the lower trust, on every trace that a form leaves."""

SOURCE = f"Formulario de Excel, {UNSIGNED}"
"""What a new record says about where it comes from, when the form does not say."""


@dataclass(frozen=True, slots=True)
class Change:
    """A field that the form changes, in words, and the cell that says so."""

    field: str
    label: str
    before: str
    after: str
    address: str


@dataclass(frozen=True, slots=True)
class Line:
    """A row of the form: what it sets in a record.

    ``uid`` is empty for a new record, ``revision`` where the store's record stood when the form was read. ``links`` are
    fields that point to a row of the form which is new itself: (type, row). ``drafts`` are texts that are no value.
    """

    type: str
    sheet: str
    row: int
    uid: str
    revision: int
    kind: str
    headline: str
    values: Mapping[str, Value]
    drafts: Mapping[str, str]
    links: Mapping[str, tuple[str, int]]
    changes: tuple[Change, ...]


@dataclass(frozen=True, slots=True)
class Wrong:
    """Something in the form that is not as it should be: where, and a Spanish sentence.

    ``taken`` tells whether it comes in nevertheless, to be put right in the program.
    """

    address: str
    text: str
    taken: bool


@dataclass(frozen=True, slots=True)
class Filled:
    """A form that was read; nothing of it is stored.

    ``form`` is what the records it brings will name as their origin, ``known`` the uids of those that name it already.
    """

    file: str
    sha256: str
    form: str
    dependencia: str
    lines: tuple[Line, ...]
    wrong: tuple[Wrong, ...]
    notes: tuple[str, ...]
    known: frozenset[str]

    def count(self, kind: str) -> int:
        """How many rows are new, changed or equal."""
        return sum(line.kind == kind for line in self.lines)

    @property
    def new(self) -> int:
        """Records that would be made."""
        return self.count(NEW)

    @property
    def changed(self) -> int:
        """Records that would be changed."""
        return self.count(CHANGED)

    @property
    def equal(self) -> int:
        """Records that say what the store says."""
        return self.count(EQUAL)

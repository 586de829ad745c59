"""The deliveries this store has made, and what is different between two states of its records."""

import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Final, Protocol

from db.queries import deliveries
from db.queries import made as kept
from peti_desktop.catalogues import Catalogues
from peti_desktop.delivery.envelope import Canonical
from peti_desktop.records import TYPES
from peti_desktop.records.convert import show
from peti_desktop.records.fields import Field, RecordType
from peti_desktop.records.record import headline, stored_text
from peti_desktop.workspace import Workspace

NEW, CHANGED, RETIRED, RESTORED, GONE, EQUAL = "nuevo", "cambiado", "retirado", "recuperado", "ausente", "igual"
"""What became of a record from one state to the next; ``GONE`` ones are in the first and not in the second at all."""
ORDER: Final = (CHANGED, NEW, RETIRED, RESTORED, GONE, EQUAL)


@dataclass(frozen=True, slots=True)
class Made:
    """One delivery: its number in the vigencia, code, moment (UTC), signer, file name and counts by type."""

    number: int
    code: str
    made_at: datetime
    signer: str
    name: str
    counts: dict[str, int]
    vigencia: int
    sha256: str


def made(ws: Workspace, *, every: bool = False) -> tuple[Made, ...]:
    """The deliveries of this vigencia, or of ``every`` one, oldest first."""
    with ws.read() as connection:
        rows = deliveries.made(connection, None if every else ws.info.vigencia)
    return tuple(
        Made(
            r["numero"],
            r["codigo"],
            r["hecha_en"],
            r["firmante"],
            r["nombre"],
            json.loads(r["conteos"]),
            r["vigencia"],
            r["sha256"],
        )
        for r in rows
    )


def content(ws: Workspace, sha256: str) -> bytes | None:
    """The bytes kept of a delivery, which may have been damaged since; None when there is no such delivery."""
    with ws.read() as connection:
        return kept.content(connection, sha256)


# What is different


class State(Protocol):
    """All records of a dependencia at one moment, by type, and the format of what they were read from."""

    @property
    def records(self) -> Mapping[str, Sequence[Canonical]]: ...
    @property
    def format(self) -> int: ...


@dataclass(frozen=True, slots=True)
class Difference:
    """One field, before and after, as people read it."""

    field: str
    label: str
    before: str
    after: str


@dataclass(frozen=True, slots=True)
class Compared:
    """One record and what became of it; ``reason`` is why it was retired."""

    type: str
    uid: str
    headline: str
    kind: str
    differences: tuple[Difference, ...] = ()
    reason: str = ""


def compare(before: State, after: State, catalogues: Catalogues) -> tuple[Compared, ...]:
    """Every record of the two states and what became of it, by type and in the order of ``ORDER``.

    What only follows from the day (the age of a device) is no difference, nor is a field that one of the two had no
    column for.
    """
    formats = min(before.format, after.format)
    links = {**_links(before.records, catalogues), **_links(after.records, catalogues)}
    found: list[Compared] = []
    for name, record_type in TYPES.items():
        of_type = _Comparing(record_type, formats, catalogues, links)
        own = list(of_type.all(before.records.get(name, ()), after.records.get(name, ())))
        found.extend(sorted(own, key=lambda one: ORDER.index(one.kind)))
    return tuple(found)


def _links(records: Mapping[str, Sequence[Canonical]], catalogues: Catalogues) -> dict[str, str]:
    return {
        record.uid: headline(TYPES[name], record.values, catalogues)
        for name, found in records.items()
        for record in found
    }


class _Comparing:
    """Compares the records of one type."""

    def __init__(self, record_type: RecordType, formats: int, catalogues: Catalogues, links: Mapping[str, str]) -> None:
        self._type = record_type
        fields = record_type.typed if record_type.dated else record_type.fields
        self._fields: tuple[Field, ...] = tuple(field for field in fields if field.since <= formats)
        self._catalogues = catalogues
        self._links = links

    def all(self, before: Sequence[Canonical], after: Sequence[Canonical]) -> Iterator[Compared]:
        """What became of each record."""
        old = {record.uid: record for record in before}
        for record in after:
            yield self._one(old.pop(record.uid, None), record)
        for record in old.values():
            if record.retired is None:
                yield self._told(record, GONE)

    def _one(self, old: Canonical | None, new: Canonical) -> Compared:
        if old is None:
            return self._told(new, NEW if new.retired is None else RETIRED)
        if new.retired is not None and old.retired is None:
            return self._told(new, RETIRED, self._differences(old, new))
        different = self._differences(old, new)
        if old.retired is not None and new.retired is None:
            return self._told(new, RESTORED, different)
        return self._told(new, CHANGED if different or old.retired != new.retired else EQUAL, different)

    def _differences(self, old: Canonical, new: Canonical) -> tuple[Difference, ...]:
        return tuple(
            Difference(field.name, field.label, self._shown(field, old), self._shown(field, new))
            for field in self._fields
            if stored_text(old.values.get(field.name)) != stored_text(new.values.get(field.name))
        )

    def _shown(self, field: Field, record: Canonical) -> str:
        return show(field, record.values.get(field.name), self._catalogues, self._links)

    def _told(self, record: Canonical, kind: str, differences: tuple[Difference, ...] = ()) -> Compared:
        words = headline(self._type, record.values, self._catalogues, self._links)
        return Compared(self._type.name, record.uid, words, kind, differences, record.retired or "")

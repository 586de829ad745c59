"""Records side by side, field by field, for the eyes of who decides whether they are the same."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from sqlalchemy import Connection

from db.queries import records as record_rows
from peti_desktop.records import TYPES
from peti_desktop.records.convert import show
from peti_desktop.records.record import Record, from_row, headline
from peti_desktop.workspace import Workspace

MOST: Final = 8
"""So many records are shown beside each other; more columns nobody can read."""


@dataclass(frozen=True, slots=True)
class Compared:
    """One field of several records, as people read it; ``differs`` tells whether they do not all say the same."""

    label: str
    values: tuple[str, ...]
    differs: bool


def side_by_side(ws: Workspace, type_name: str, uids: Sequence[str]) -> list[Compared]:
    """The fields of the first ``MOST`` of these records beside each other, fields nobody filled in left out."""
    record_type = TYPES[type_name]
    with ws.read() as connection:
        found = {row["uid"]: from_row(record_type, row) for row in
                 record_rows.named(connection, type_name, "uid", uids[:MOST])}  # fmt: skip
        links = _links(ws, connection, type_name, list(found.values()))
    records = [found[uid] for uid in uids[:MOST] if uid in found]
    lines = [Compared("Dependencia", *_shown([ws.catalogues.label("dependencia", r.dependencia) for r in records]))]
    for field in record_type.fields:
        values = [show(field, record.values[field.name], ws.catalogues, links) for record in records]
        if any(values):
            lines.append(Compared(field.label, *_shown(values)))
    return lines


def _shown(values: Sequence[str]) -> tuple[tuple[str, ...], bool]:
    return tuple(values), len(set(values)) > 1


def _links(ws: Workspace, connection: Connection, type_name: str, records: Sequence[Record]) -> dict[str, str]:
    """Words for the records these point to."""
    words: dict[str, str] = {}
    for field in TYPES[type_name].fields:
        if field.links:
            wanted = {str(value) for record in records if isinstance(value := record.values[field.name], str)}
            linked = TYPES[field.links]
            for row in record_rows.named(connection, field.links, "uid", wanted):
                words[row["uid"]] = headline(linked, from_row(linked, row).values, ws.catalogues)
    return words

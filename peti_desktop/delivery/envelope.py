"""What a delivery says about itself, and the short code that ties the file to its paper."""

import base64
import hashlib
import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol

from peti_desktop.records import TYPES
from peti_desktop.records.fields import Field, Values
from peti_desktop.records.record import stored_text

FORMAT = 1
"""Version of the workbook's layout; its history is in docs/formato-de-entrega.md."""


class Canonical(Protocol):
    """Whatever has a uid, values and a mark of being retired: a stored record or a row that was read."""

    @property
    def uid(self) -> str: ...
    @property
    def values(self) -> Values: ...
    @property
    def retired(self) -> str | None: ...


@dataclass(frozen=True, slots=True)
class Envelope:
    """The cover of a delivery. ``counts`` are records in force by type; ``code`` is printed on the acta."""

    entidad: str
    dependencia: str
    vigencia: int
    number: int
    metodo: str
    catalogues: str
    made_at: datetime
    nombre: str
    cargo: str
    counts: dict[str, int]
    code: str
    program: str
    format: int = FORMAT


def canonical(fields: Iterable[Field], record: Canonical) -> list[str | None]:
    """The record's values in the order of ``fields``, exact and the same in every language."""
    return [stored_text(record.values.get(field.name)) for field in fields]


def code_of(vigencia: int, dependencia: str, number: int, everything: Mapping[str, Sequence[Canonical]]) -> str:
    """Eight letters and digits that stand for the content: the same on file, acta and acuse.

    The first 40 bits of the SHA-256 over the records in a canonical form, which does not depend on their order.
    """
    content = {
        name: {record.uid: [*canonical(TYPES[name].typed, record), record.retired] for record in found}
        for name, found in everything.items()
    }
    text = json.dumps(
        [vigencia, dependencia, number, content], ensure_ascii=False, sort_keys=True, separators=(",", ":")
    )
    letters = base64.b32encode(hashlib.sha256(text.encode("utf-8")).digest()[:5]).decode("ascii")
    return f"{letters[:4]}-{letters[4:]}"


def file_name(vigencia: int, dependencia: str, number: int) -> str:
    """The name that says who and what: 2026_SALUD_entrega-03.xlsx."""
    return f"{vigencia}_{dependencia}_entrega-{number:02}.xlsx"

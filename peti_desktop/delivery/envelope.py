"""What a delivery says about itself, and the short code that ties the file to its paper."""

import base64
import hashlib
import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol

from peti_desktop.records import TYPES
from peti_desktop.records.fields import Field, RecordType, Values
from peti_desktop.records.record import stored_text

FORMAT = 2
"""Version of the workbook's layout; its history is in docs/formato-de-entrega.md."""


class Said(Protocol):
    """An answer to an observation, as far as it counts for the code."""

    @property
    def said(self) -> tuple[str, str, str]: ...


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
    """The cover of a delivery. ``counts`` are records in force by type; ``code`` is printed on the acta.

    ``ejemplar`` names the store that made it and ``linaje`` the names it had, oldest first (``peti_desktop.exemplar``);
    ``previo`` is the code of its delivery before, empty for the first of the vigencia. All empty in format 1.
    """

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
    ejemplar: str = ""
    linaje: tuple[str, ...] = ()
    previo: str = ""


def canonical(fields: Iterable[Field], record: Canonical) -> list[str | None]:
    """The record's values in the order of ``fields``, exact and the same in every language."""
    return [stored_text(record.values.get(field.name)) for field in fields]


def code_of(
    vigencia: int,
    dependencia: str,
    number: int,
    everything: Mapping[str, Sequence[Canonical]],
    answers: Sequence[Said] = (),
) -> str:
    """Eight letters and digits that stand for the content: the same on file, acta and acuse.

    The first 40 bits of the SHA-256 over the records in a canonical form, which does not depend on their order. What
    came after format 1 is added only where it says something: a file of any format gives the code it was given.
    """
    content: list[object] = [
        vigencia,
        dependencia,
        number,
        {name: {r.uid: _counted(TYPES[name], r) for r in found} for name, found in everything.items()},
    ]
    if answers:
        content.append(sorted(answer.said for answer in answers))
    text = json.dumps(content, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
    letters = base64.b32encode(hashlib.sha256(text.encode("utf-8")).digest()[:5]).decode("ascii")
    return f"{letters[:4]}-{letters[4:]}"


def _counted(record_type: RecordType, record: Canonical) -> list[object]:
    """The typed values of format 1 in order, the reason of retirement, and by name what later fields hold."""
    first = [field for field in record_type.typed if field.since == 1]
    later = [field for field in record_type.typed if field.since > 1]
    said = {f.name: text for f, text in zip(later, canonical(later, record), strict=True) if text is not None}
    return [*canonical(first, record), record.retired, *([said] if said else [])]


def file_name(vigencia: int, dependencia: str, number: int) -> str:
    """The name that says who and what: 2026_SALUD_entrega-03.xlsx."""
    return f"{vigencia}_{dependencia}_entrega-{number:02}.xlsx"

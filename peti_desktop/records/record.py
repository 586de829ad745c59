"""One stored record, and its form as a row of its table."""

import re
from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date, datetime
from decimal import Decimal
from typing import Any, assert_never

from peti_desktop.catalogues import Catalogues
from peti_desktop.records.convert import show
from peti_desktop.records.fields import BORRAR, NO_APLICA, Blank, Context, Field, Kind, RecordType, Value, Values

_BLANKS = {NO_APLICA: "\x1a", BORRAR: "\x18"}
"""Control characters: cleaning takes them out of whatever people type, so no text is ever taken for a blank."""
_MEANT = {text: blank for blank, text in _BLANKS.items()}

_NUMBER = re.compile(r"-?[0-9]{1,20}(?:\.[0-9]{1,12})?")


@dataclass(frozen=True, slots=True)
class Origin:
    """Where the office's values of a record came from: the received file (its SHA-256), sheet and row."""

    delivery: str
    sheet: str
    row: int


@dataclass(frozen=True, slots=True)
class Record:
    """A record as it is stored; read-only for everyone.

    ``example`` marks content made by a stated rule for the demonstration; ``retired`` is the reason of a retired
    record; ``drafts`` holds typed text that is not a value yet, by field.
    """

    type: str
    uid: str
    dependencia: str
    revision: int
    values: dict[str, Value]
    example: bool
    retired: str | None
    created_at: datetime
    created_by: str
    changed_at: datetime
    changed_by: str
    origin: Origin | None
    drafts: Mapping[str, str]


def from_row(record_type: RecordType, row: Mapping[str, Any], drafts: Mapping[str, str] | None = None) -> Record:
    """The record that a row of its table holds."""
    blanks: dict[str, Value] = dict.fromkeys(_names(row["borrado"]), BORRAR)
    blanks |= dict.fromkeys(_names(row["no_aplica"]), NO_APLICA)
    values = {f.name: blanks.get(f.name, row[f.name]) for f in record_type.fields}
    origin = Origin(row["entrega"], row["hoja"] or "", row["fila"] or 0) if row["entrega"] else None
    return Record(
        type=record_type.name,
        uid=row["uid"],
        dependencia=row["dependencia"],
        revision=row["revision"],
        values=values,
        example=row["ejemplo"],
        retired=row["retirado"],
        created_at=row["creado_en"],
        created_by=row["creado_por"],
        changed_at=row["cambiado_en"],
        changed_by=row["cambiado_por"],
        origin=origin,
        drafts=drafts or {},
    )


def _names(joined: str | None) -> list[str]:
    return joined.split(",") if joined else []


def as_of(record_type: RecordType, record: Record, catalogues: Catalogues, day: date) -> Record:
    """``record`` with what it computes as it is on ``day``, where that depends on the day."""
    if not record_type.dated:
        return record
    return replace(record, values=record.values | record_type.compute(record.values, Context(catalogues, day)))


def columns(record_type: RecordType, values: Values) -> dict[str, Any]:
    """The columns of the record's own fields, those left empty on purpose named in columns of their own."""
    row: dict[str, Any] = {f.name: values.get(f.name) for f in record_type.fields}
    kept = {name: None if isinstance(value, Blank) else value for name, value in row.items()}
    named = {blank: ",".join(sorted(name for name, value in row.items() if value is blank)) for blank in Blank}
    return kept | {"no_aplica": named[NO_APLICA], "borrado": named[BORRAR] or None}


def stored_text(value: Value) -> str | None:
    """A value as the history and the canonical forms keep it: exact, the same in every language."""
    if value is None:
        return None
    if isinstance(value, Blank):
        return _BLANKS[value]
    if isinstance(value, Decimal):
        text = format(value, "f")
        return text.rstrip("0").rstrip(".") if "." in text else text
    if isinstance(value, date):
        return value.isoformat()
    return str(value)


def from_stored_text(field: Field, text: str | None) -> Value:
    """The value that ``stored_text`` wrote for ``field``."""
    if text is None:
        return None
    if text in _MEANT:
        return _MEANT[text]
    match field.kind:
        case Kind.INTEGER:
            return int(_digits(text))
        case Kind.AMOUNT | Kind.MONEY:
            return Decimal(_digits(text))
        case Kind.DATE:
            return date.fromisoformat(text)
        case Kind.TEXT | Kind.NOTE | Kind.CHOICE | Kind.LINK:
            return text
        case _:
            assert_never(field.kind)


def _digits(text: str) -> str:
    """``text`` when it is a number written out; 1e999999999 is a short text and a number of a gigabyte."""
    if not _NUMBER.fullmatch(text):
        raise ValueError(f"not a stored number: {text[:20]}")
    return text


def headline(
    record_type: RecordType, values: Values, catalogues: Catalogues, links: Mapping[str, str] | None = None
) -> str:
    """The words that identify a record to a person."""
    shown = (show(record_type[name], values.get(name), catalogues, links) for name in record_type.headline)
    text = " · ".join(part for part in shown if part)
    return text if len(text) <= 90 else text[:89] + "…"

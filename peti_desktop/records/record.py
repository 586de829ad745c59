"""One stored record, and its form as a row of its table."""

import re
from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date, datetime
from decimal import Decimal
from typing import Any, assert_never

from peti_desktop.catalogues import Catalogues
from peti_desktop.records.convert import show
from peti_desktop.records.fields import NO_APLICA, Context, Field, Kind, RecordType, Value, Values

_NA_TEXT = "\x1a"
"""A control character: cleaning takes it out of whatever people type, so no text is ever taken for «No aplica»."""

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
    na = set(row["no_aplica"].split(",")) if row["no_aplica"] else set()
    values = {f.name: NO_APLICA if f.name in na else row[f.name] for f in record_type.fields}
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


def as_of(record_type: RecordType, record: Record, catalogues: Catalogues, day: date) -> Record:
    """``record`` with what it computes as it is on ``day``, where that depends on the day."""
    if not record_type.dated:
        return record
    return replace(record, values=record.values | record_type.compute(record.values, Context(catalogues, day)))


def columns(record_type: RecordType, values: Values) -> dict[str, Any]:
    """The columns of the record's own fields, «No aplica» moved into its own column."""
    row: dict[str, Any] = {f.name: values.get(f.name) for f in record_type.fields}
    na = sorted(name for name, value in row.items() if value is NO_APLICA)
    return {name: None if value is NO_APLICA else value for name, value in row.items()} | {"no_aplica": ",".join(na)}


def stored_text(value: Value) -> str | None:
    """A value as the history and the canonical forms keep it: exact, the same in every language."""
    if value is None:
        return None
    if value is NO_APLICA:
        return _NA_TEXT
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
    if text == _NA_TEXT:
        return NO_APLICA
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

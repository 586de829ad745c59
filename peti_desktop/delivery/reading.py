"""Reading a delivery back from verified parts: the cover and every row, with what is wrong in each."""

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from functools import lru_cache
from typing import Any

from openpyxl.utils.datetime import from_excel

from peti_desktop.catalogues import Catalogues
from peti_desktop.delivery import answers
from peti_desktop.delivery.answers import Answer
from peti_desktop.delivery.cells import MAX_COLUMNS, UID, Row, Unreadable, rows, sheet_parts
from peti_desktop.delivery.envelope import FORMAT, Envelope
from peti_desktop.delivery.workbook import AFTER, BEFORE, COVER, HEADING_ROW
from peti_desktop.errors import UserError
from peti_desktop.records import TYPES
from peti_desktop.records.convert import read as read_value
from peti_desktop.records.fields import Field, Kind, Problem, RecordType, Value

MAX_NUMBER = 10**6

_REVISION = re.compile(r"[0-9]{1,9}")
_MOST_KNOWN, _LONGEST_KNOWN = 1024, 60
_SCIENTIFIC = re.compile(r"[0-9](?:\.[0-9]{1,20})?[eE][+-]?[0-9]{1,2}")

NOWHERE = MAX_COLUMNS
"""The column of a field that the format of the workbook did not have yet: no cell can stand there."""

ReadCell = tuple[Value, str | None]
"""A value, and words of what is wrong with the cell when there is none."""
FieldReader = tuple[Field, int, Callable[[str], ReadCell]]

_EXEMPLAR = re.compile(r"[0-9a-f]{1,40}")
_CODE = re.compile(r"[A-Z2-7]{4}-[A-Z2-7]{4}")
_MOST_EXEMPLARS = 500

NEWER = UserError(
    "La entrega se hizo con una versión más nueva del programa, que aquí todavía no se conoce.",
    "Actualice Peti Desktop en este equipo y vuelva a recibirla.",
)


@dataclass(frozen=True, slots=True)
class Incoming:
    """A row of a delivery: a record as its dependencia declares it, and where it stands in the file."""

    type: str
    uid: str
    revision: int
    values: dict[str, Value]
    retired: str | None
    example: bool
    sheet: str
    row: int
    problems: tuple[Problem, ...]


@dataclass(frozen=True, slots=True)
class Delivery:
    """What a delivery workbook says. Fields that its format did not have yet are None in every record."""

    envelope: Envelope
    records: dict[str, list[Incoming]]
    answers: tuple[Answer, ...] = ()


def read(parts: Mapping[str, bytes], catalogues: Catalogues) -> Delivery:
    """The delivery that verified parts hold.

    Raises Unreadable for a workbook that is not a delivery, UserError for one of a newer format.
    """
    names = sheet_parts(parts)
    return assembled({name: rows(parts[names[name]]) for name in SHEETS if name in names}, catalogues)


SHEETS = (COVER, answers.SHEET, *(record_type.title for record_type in TYPES.values()))
"""The sheets a delivery is read from."""


def assembled(sheets: Mapping[str, Sequence[Row]], catalogues: Catalogues) -> Delivery:
    """The delivery that the rows of its sheets make. Raises as ``read`` does."""
    if COVER not in sheets:
        raise Unreadable("no cover")
    envelope = _envelope(cover(sheets[COVER]))
    records: dict[str, list[Incoming]] = {}
    for name, record_type in TYPES.items():
        if record_type.title not in sheets:
            raise Unreadable(f"no sheet {record_type.title}")
        records[name] = _records(record_type, sheets[record_type.title], catalogues, envelope.format)
    if envelope.format < answers.SINCE:
        return Delivery(envelope, records)
    if answers.SHEET not in sheets:
        raise Unreadable(f"no sheet {answers.SHEET}")
    return Delivery(envelope, records, answers.read(sheets[answers.SHEET]))


def cover(found: Sequence[Row]) -> dict[str, str]:
    """The text of each named line of the cover."""
    return {row.cells[0]: row.cells.get(2, "") for row in found if 0 in row.cells}


def _envelope(said: Mapping[str, str]) -> Envelope:
    try:
        version = _format(said["formato"])
        return Envelope(
            entidad=said["entidad"],
            dependencia=said["dependencia"],
            vigencia=_small(said["vigencia"]),
            number=_small(said["numero"]),
            metodo=said["metodo"],
            catalogues=said["catalogos"],
            made_at=_moment(said["hecha_en"]),
            nombre=said["nombre"],
            cargo=said["cargo"],
            counts={name: _small(said[f"n_{name}"]) for name in TYPES},
            code=said["codigo"],
            program=said["programa"],
            format=version,
            **(_origin(said) if version > 1 else {}),
        )
    except (KeyError, ValueError) as error:
        raise Unreadable(f"cover: {error}"[:200]) from error


def _format(text: str) -> int:
    version = int(text)
    if version > FORMAT:
        raise NEWER
    if version < 1:
        raise ValueError(f"format {version}")
    return version


def _origin(said: Mapping[str, str]) -> dict[str, Any]:
    """Which store made the delivery, and what it made before: format 2 and later."""
    lineage = tuple(said["linaje"].split())
    names = {said["ejemplar"], *lineage} - {""}
    if len(lineage) > _MOST_EXEMPLARS or not all(_EXEMPLAR.fullmatch(name) for name in names):
        raise ValueError("exemplar")
    if said["previo"] and not _CODE.fullmatch(said["previo"]):
        raise ValueError("code of the delivery before")
    return {"ejemplar": said["ejemplar"], "linaje": lineage, "previo": said["previo"]}


def _small(text: str) -> int:
    """A count or a year, as a store can keep it."""
    number = int(text)
    if not 0 <= number <= MAX_NUMBER:
        raise ValueError(f"number {text[:20]}")
    return number


def _moment(text: str) -> datetime:
    moment = datetime.fromisoformat(text)
    if moment.tzinfo is None:
        raise ValueError("moment without zone")
    return moment


def columns(record_type: RecordType, found: Sequence[Row], version: int = 1) -> Mapping[str, int]:
    """The column of each field, by the hidden names of row 1; ``NOWHERE`` for fields that came after ``version``.

    Raises Unreadable when one is missing or twice.
    """
    if not found or found[0].number != 1:
        raise Unreadable(f"{record_type.title}: no field names")
    return _columns(record_type.name, tuple(found[0].cells.items()), version)


@lru_cache(maxsize=64)
def _columns(name: str, head: tuple[tuple[int, str], ...], version: int) -> Mapping[str, int]:
    """``columns`` of a row 1, which is the same in most deliveries."""
    record_type = TYPES[name]
    names = {name: column for column, name in head}
    later = {field.name: NOWHERE for field in record_type.fields if field.since > version}
    if missing := {*record_type.by_name, *BEFORE, *AFTER} - later.keys() - names.keys():
        raise Unreadable(f"{record_type.title}: no column {sorted(missing)}")
    if len(names) != len(head):
        raise Unreadable(f"{record_type.title}: a column twice")
    return later | names


def _records(record_type: RecordType, found: Sequence[Row], catalogues: Catalogues, version: int) -> list[Incoming]:
    where = columns(record_type, found, version)
    convert = _readers(record_type.name, catalogues)
    readers = [(field, where[field.name], convert[field.name]) for field in record_type.fields]
    records = [_record(record_type, row, where, readers) for row in found if row.number > HEADING_ROW]
    if len({record.uid for record in records}) != len(records):
        raise Unreadable(f"{record_type.title}: a uid twice")
    return records


def _record(record_type: RecordType, row: Row, where: Mapping[str, int], readers: Sequence[FieldReader]) -> Incoming:
    cells = row.cells
    uid, revision = cells.get(where["uid"], ""), cells.get(where["revision"], "0")
    if not UID.fullmatch(uid) or not _REVISION.fullmatch(revision):
        raise Unreadable(f"{record_type.title}, row {row.number}: uid or revision")
    values: dict[str, Value] = {}
    problems: list[Problem] = []
    for field, column, convert in readers:
        text = cells.get(column)
        if text is None:
            values[field.name] = None
            continue
        values[field.name], wrong = convert(text)
        if wrong:
            problems.append(Problem("celda", field.name, f"{field.label}: {wrong}"))
    return Incoming(
        type=record_type.name,
        uid=uid,
        revision=int(revision),
        values=values,
        retired=cells.get(where["retirado"]),
        example=where["ejemplo"] in cells,
        sheet=record_type.title,
        row=row.number,
        problems=tuple(problems),
    )


@lru_cache(maxsize=32)
def _readers(name: str, catalogues: Catalogues) -> Mapping[str, Callable[[str], ReadCell]]:
    """A ``reader`` for each field of a record type, for all deliveries that are read by these catalogues."""
    return {field.name: reader(field, catalogues) for field in TYPES[name].fields}


def reader(field: Field, catalogues: Catalogues) -> Callable[[str], ReadCell]:
    """How the cells of one column become values: once per different text, for most short ones repeat themselves."""
    known: dict[str, ReadCell] = {}
    level = field.computed and field.catalogue.startswith("nivel_")

    def answer(text: str) -> ReadCell:
        found = known.get(text)
        if found is None:
            value, wrong = read_value(field, _raw(field, text), catalogues)
            # Computed levels are numbers 1 to 5 in a record, and words in a sheet.
            found = (int(value), wrong) if level and isinstance(value, str) else (value, wrong)
            if len(known) < _MOST_KNOWN and len(text) <= _LONGEST_KNOWN:
                known[text] = found
        return found

    def plain_answer(text: str) -> ReadCell:
        return read_value(field, text, catalogues)

    return plain_answer if field.kind in {Kind.NOTE, Kind.LINK} else answer


def _raw(field: Field, text: str) -> object:
    """What the cell holds: a number cell spells its decimals with a dot or a power of ten, a date cell counts days."""
    if field.kind is Kind.DATE and text.isascii() and text.replace(".", "", 1).isdigit():
        return _day(text)
    if field.kind in {Kind.INTEGER, Kind.AMOUNT, Kind.MONEY}:
        if _SCIENTIFIC.fullmatch(text):  # ours never do; Excel saves 0,00001 as 1.0000000000000001E-5
            return Decimal(text)
        return text.replace(".", ",") if text.count(".") == 1 else text
    return text


def _day(text: str) -> object:
    """The date of a number of days, or the text itself when no calendar has it."""
    try:
        day = from_excel(float(text))
    except (OverflowError, ValueError):
        return text
    return day.date() if isinstance(day, datetime) else text

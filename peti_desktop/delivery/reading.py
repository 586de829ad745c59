"""Reading a delivery back from verified parts: the cover and every row, with what is wrong in each."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from openpyxl.utils.datetime import from_excel

from peti_desktop.catalogues import Catalogues
from peti_desktop.delivery.cells import Row, Unreadable, rows, sheet_parts
from peti_desktop.delivery.envelope import FORMAT, Envelope
from peti_desktop.delivery.workbook import COVER, HEADING_ROW
from peti_desktop.errors import UserError
from peti_desktop.records import TYPES
from peti_desktop.records.convert import read as read_value
from peti_desktop.records.fields import Field, Kind, Problem, RecordType, Value

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
    """What a delivery workbook says."""

    envelope: Envelope
    records: dict[str, list[Incoming]]


def read(parts: Mapping[str, bytes], catalogues: Catalogues) -> Delivery:
    """The delivery that verified parts hold.

    Raises Unreadable for a workbook that is not a delivery, UserError for one of a newer format.
    """
    sheets = sheet_parts(parts)
    if COVER not in sheets:
        raise Unreadable("no cover")
    envelope = _envelope({row.cells.get(0, ""): row.cells.get(2, "") for row in rows(parts[sheets[COVER]])})
    records: dict[str, list[Incoming]] = {}
    for name, record_type in TYPES.items():
        if record_type.title not in sheets:
            raise Unreadable(f"no sheet {record_type.title}")
        found = list(rows(parts[sheets[record_type.title]]))
        records[name] = _records(record_type, found, catalogues)
    return Delivery(envelope, records)


def _envelope(said: Mapping[str, str]) -> Envelope:
    try:
        if int(said["formato"]) > FORMAT:
            raise NEWER
        return Envelope(
            entidad=said["entidad"],
            dependencia=said["dependencia"],
            vigencia=int(said["vigencia"]),
            number=int(said["numero"]),
            metodo=said["metodo"],
            catalogues=said["catalogos"],
            made_at=datetime.fromisoformat(said["hecha_en"]),
            nombre=said["nombre"],
            cargo=said["cargo"],
            counts={name: int(said[f"n_{name}"]) for name in TYPES},
            code=said["codigo"],
            program=said["programa"],
            format=int(said["formato"]),
        )
    except (KeyError, ValueError) as error:
        raise Unreadable(f"cover: {error}") from error


def _records(record_type: RecordType, found: list[Row], catalogues: Catalogues) -> list[Incoming]:
    if not found or found[0].number != 1:
        raise Unreadable(f"{record_type.title}: no field names")
    columns = {name: column for column, name in found[0].cells.items()}
    wanted = {field.name for field in record_type.fields} | {"uid", "revision", "retirado", "ejemplo"}
    if missing := wanted - columns.keys():
        raise Unreadable(f"{record_type.title}: no column {sorted(missing)}")
    return [_record(record_type, row, columns, catalogues) for row in found if row.number > HEADING_ROW]


def _record(record_type: RecordType, row: Row, columns: Mapping[str, int], catalogues: Catalogues) -> Incoming:
    cell = {name: row.cells.get(column) for name, column in columns.items()}
    if not cell["uid"]:
        raise Unreadable(f"{record_type.title}, row {row.number}: no uid")
    values: dict[str, Value] = {}
    problems: list[Problem] = []
    for field in record_type.fields:
        value, wrong = read_value(field, _raw(field, cell[field.name]), catalogues)
        values[field.name] = _level(field, value)
        if wrong:
            problems.append(Problem("celda", field.name, f"{field.label}: {wrong}"))
    return Incoming(
        type=record_type.name,
        uid=cell["uid"],
        revision=int(cell["revision"] or 0),
        values=values,
        retired=cell["retirado"],
        example=bool(cell["ejemplo"]),
        sheet=record_type.title,
        row=row.number,
        problems=tuple(problems),
    )


def _raw(field: Field, text: str | None) -> object:
    """What the cell holds: a number cell spells its decimals with a dot, a date cell counts days."""
    if text is None:
        return None
    if field.kind is Kind.DATE and text.replace(".", "").isdigit():
        day = from_excel(float(text))
        return day.date() if isinstance(day, datetime) else day
    if field.kind in {Kind.INTEGER, Kind.AMOUNT, Kind.MONEY}:
        return text.replace(".", ",") if text.count(".") == 1 else text
    return text


def _level(field: Field, value: Value) -> Value:
    """Computed levels are numbers 1 to 5 in a record, and words in a sheet."""
    is_level = field.computed and field.catalogue.startswith("nivel_")
    return int(value) if is_level and isinstance(value, str) else value

"""Templates (plantillas): what many records have in common, kept under a name to begin new ones from.

A template is a convenience and no record: it is never delivered, and forgetting it changes nothing else.
"""

import json
from dataclasses import dataclass
from typing import Any

import uuid6

from db.queries import templates as kept
from peti_desktop.errors import UserError
from peti_desktop.records import TYPES, Blank
from peti_desktop.records.convert import clean
from peti_desktop.records.fields import Field, Kind, RecordType, Value
from peti_desktop.records.record import Record, from_stored_text, stored_text
from peti_desktop.workspace import Workspace

LONGEST_NAME = 60


@dataclass(frozen=True, slots=True)
class Template:
    """A template: its name and how many fields it fills."""

    uid: str
    name: str
    fields: int


def listing(ws: Workspace, type_name: str) -> list[Template]:
    """The templates of a record type, by name."""
    with ws.read() as connection:
        found = kept.listing(connection, type_name)
    return [Template(row["uid"], row["nombre"], len(json.loads(row["valores"]))) for row in found]


def save(ws: Workspace, name: str, record: Record) -> Template:
    """Keep what can be repeated of ``record`` under ``name``, in the place of a template of the same name.

    Not kept: the number the program gives, what must be unique (placa, serial), what links to other records and what
    is left empty. Raises UserError when no name or nothing to keep is left.
    """
    record_type = TYPES[record.type]
    wanted = " ".join(clean(name).split())
    if not wanted or len(wanted) > LONGEST_NAME:
        raise UserError("Una plantilla necesita un nombre corto.", f"Escriba uno de hasta {LONGEST_NAME} letras.")
    values = {f.name: stored_text(record.values[f.name]) for f in record_type.typed if _repeats(record_type, f)}
    said = {field: text for field, text in values.items() if text and record.values[field] is not Blank.BORRAR}
    if not said:
        raise UserError("Este registro todavía no tiene datos que guardar en una plantilla.", "Llénelo primero.")
    row: dict[str, Any] = {
        "uid": str(uuid6.uuid7()),
        "tipo": record.type,
        "nombre": wanted,
        "quien": ws.info.who,
        "cuando": ws.clock(),
        "valores": json.dumps(said, ensure_ascii=False, sort_keys=True),
    }
    with ws.write() as connection:
        kept.put(connection, row)
    return Template(row["uid"], wanted, len(said))


def _repeats(record_type: RecordType, field: Field) -> bool:
    return not field.unique and field.kind is not Kind.LINK and field.name != record_type.numbered


def begin(ws: Workspace, uid: str) -> Record:
    """A new record with the values of a template; what the program knows no more is left empty. One undo.

    Raises UserError for a template that was removed meanwhile.
    """
    with ws.read() as connection:
        row = kept.one(connection, uid)
    if row is None:
        raise UserError("Esa plantilla ya no está.", "Escoja otra.")
    record_type = TYPES[row["tipo"]]
    values = dict(_values(ws, record_type, json.loads(row["valores"])))
    with ws.act(f"crear {record_type.singular.lower()} desde «{row['nombre']}»") as act:
        return act.record(record_type.name, act.new(record_type.name, values))


def _values(ws: Workspace, record_type: RecordType, said: dict[str, str]) -> list[tuple[str, Value]]:
    """The template's values as far as the fields and lists of today still have them."""
    fields = {name: record_type.by_name[name] for name in said if name in record_type.by_name}
    return [
        (name, from_stored_text(field, said[name]))
        for name, field in fields.items()
        if _in_force(ws, field, said[name])
    ]


def _in_force(ws: Workspace, field: Field, text: str) -> bool:
    if field.kind is not Kind.CHOICE or isinstance(from_stored_text(field, text), Blank):
        return True
    return any(entry.code == text for entry in ws.catalogues.entries(field.catalogue))


def forget(ws: Workspace, uid: str) -> None:
    """Take a template out of the list; records that began from it stay as they are."""
    with ws.write() as connection:
        kept.drop(connection, uid)

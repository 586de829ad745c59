"""Starting a record from another: the same, but for what tells them apart."""

from collections.abc import Sequence

from db.queries import records as rows
from peti_desktop.editing import Act
from peti_desktop.records import BORRAR, TYPES
from peti_desktop.records.fields import RecordType, Value
from peti_desktop.records.record import Record, from_row
from peti_desktop.workspace import Workspace


def duplicate(ws: Workspace, type_name: str, uids: Sequence[str]) -> list[Record]:
    """Copies of records in one step that one undo takes back; a risk brings its controls. Gives the new ones.

    Numbers the program gives (R-001) are given anew; what must be unique (placa, serial) stays to be typed.
    Raises LookupError for a uid the store does not know.
    """
    record_type = TYPES[type_name]
    named = record_type.singular if len(uids) == 1 else f"{len(uids)} {record_type.title}"
    with ws.act(f"duplicar {named.lower()}") as act:
        return [act.record(type_name, _duplicated(act, record_type, uid)) for uid in uids]


def _duplicated(act: Act, record_type: RecordType, uid: str) -> str:
    record = act.record(record_type.name, uid)
    made = act.new(record_type.name, _alike(record_type, record), example=record.example)
    for child in TYPES.values():
        if child.parent and child[child.parent].links == record_type.name:
            for found in _children(act, child, uid):
                act.new(child.name, _alike(child, found) | {child.parent: made}, example=found.example)
    return made


def _alike(record_type: RecordType, record: Record) -> dict[str, Value]:
    own = {record_type.numbered, *(field.name for field in record_type.typed if field.unique)}
    values = {field.name: record.values[field.name] for field in record_type.typed if field.name not in own}
    return {name: None if value is BORRAR else value for name, value in values.items()}


def _children(act: Act, child: RecordType, uid: str) -> list[Record]:
    return [from_row(child, row) for row in rows.fetch(act.connection, child.name, equal={child.parent: uid})]

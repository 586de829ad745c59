"""What a change to a record does: its values, what follows from them, its history, and the way back."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import uuid6
from sqlalchemy import Connection

from db.queries import records as rows
from peti_desktop.catalogues import Catalogues
from peti_desktop.info import Info
from peti_desktop.moments import day_of
from peti_desktop.records import TYPES
from peti_desktop.records.convert import read
from peti_desktop.records.fields import Context, RecordType, Value, Values
from peti_desktop.records.record import Record, columns, from_row, from_stored_text, stored_text

COALESCE_SECONDS = 60
"""Edits of one field by one person within this time are one entry of its history: typing is not forty changes."""

CREATE, CHANGE, RETIRE, RESTORE = "crear", "cambiar", "retirar", "restaurar"
UNDONE = "Deshecho"
"""The reason of a record whose creation was undone."""


@dataclass(frozen=True, slots=True)
class Editor:
    """Who changes records now, and with which catalogues."""

    catalogues: Catalogues
    when: datetime
    who: str
    info: Info


def stored(connection: Connection, type_name: str, uid: str) -> Record:
    """One record, retired or not. Raises LookupError for a uid the store does not know."""
    row = rows.one(connection, type_name, uid)
    if row is None:
        raise LookupError(f"{type_name} {uid}")
    return from_row(TYPES[type_name], row, rows.drafts(connection, uid).get(uid))


class Act:
    """Changes made in one go, inside the caller's transaction.

    ``typing`` joins an edit to the one before when it goes on with the same field. With empty ``words`` the changes are
    remembered but are not an act that can be undone.
    """

    def __init__(self, connection: Connection, editor: Editor, words: str, *, typing: bool = False) -> None:
        self.connection = connection
        self.editor = editor
        self.words = words
        self.typing = typing
        self._uid = ""
        self._numbers: dict[str, int] = {}

    def record(self, type_name: str, uid: str) -> Record:
        """The record as it stands within the act."""
        return stored(self.connection, type_name, uid)

    def new(self, type_name: str, values: Values, *, example: bool = False, dependencia: str = "") -> str:
        """A new record; gives its uid. The program adds the reference, the method and the order."""
        record_type = TYPES[type_name]
        full = self._born(record_type, values)
        full |= record_type.compute(full, self._context(record_type, ""))
        uid = str(uuid6.uuid7())
        born = {"creado_en": self.editor.when, "creado_por": self.editor.who}
        row = columns(record_type, full) | self._stamp() | born
        row |= {"uid": uid, "dependencia": dependencia or self.editor.info.dependencia, "revision": 1}
        row |= {"ejemplo": example, "retirado": None, "entrega": None, "hoja": None, "fila": None}
        rows.add(self.connection, type_name, [row])
        self._remember([self._entry(record_type, uid, CREATE), *self._differences(record_type, uid, CREATE, {}, full)])
        self._touch_parent(record_type, full)
        return uid

    def put(self, type_name: str, uid: str, raws: Mapping[str, object]) -> None:
        """Set fields from what was typed; text that is not a value yet becomes a draft."""
        record_type = TYPES[type_name]
        values: dict[str, Value] = {}
        drafts: dict[str, str | None] = {}
        for name, raw in raws.items():
            value, wrong = read(record_type[name], raw, self.editor.catalogues)
            drafts[name] = str(raw) if wrong else None
            if not wrong:
                values[name] = value
        rows.set_drafts(self.connection, uid, drafts)
        self.set(type_name, uid, values)

    def set(self, type_name: str, uid: str, values: Values, action: str = CHANGE) -> None:
        """Set fields to values; what is computed follows. Raises LookupError for an unknown uid."""
        record_type = TYPES[type_name]
        before = self.record(type_name, uid)
        after = {**before.values, **values}
        after |= record_type.compute(after, self._context(record_type, uid))
        if after == before.values:
            return
        rows.change(self.connection, type_name, uid, before.revision, columns(record_type, after) | self._stamp())
        self._remember(self._differences(record_type, uid, action, before.values, after))
        self._touch_parent(record_type, after)

    def retire(self, type_name: str, uid: str, reason: str, action: str = RETIRE) -> None:
        """Take a record out of force, with a reason."""
        self._set_retired(type_name, uid, reason, action)

    def restore(self, type_name: str, uid: str, action: str = RESTORE) -> None:
        """Put a retired record back in force."""
        self._set_retired(type_name, uid, None, action)

    def _set_retired(self, type_name: str, uid: str, reason: str | None, action: str) -> None:
        record_type = TYPES[type_name]
        before = self.record(type_name, uid)
        rows.change(self.connection, type_name, uid, before.revision, self._stamp() | {"retirado": reason})
        self._remember([self._entry(record_type, uid, action, "", before.retired, reason)])
        self._touch_parent(record_type, before.values)

    def _stamp(self) -> dict[str, Any]:
        return {"cambiado_en": self.editor.when, "cambiado_por": self.editor.who}

    def _born(self, record_type: RecordType, values: Values) -> dict[str, Value]:
        info = self.editor.info
        given = {f.name: values.get(f.name) for f in record_type.fields}
        if record_type.numbered and given[record_type.numbered] is None:
            given[record_type.numbered] = f"R-{self._number(record_type):03}"
        if "metodo" in given and given["metodo"] is None:
            given["metodo"] = info.metodo
        if record_type.name == "necesidad":
            given["forma"] = given["forma"] or "necesidad"
            given["vigencia"] = given["vigencia"] or info.vigencia
        if record_type.parent and "orden" in given and given["orden"] is None:
            equal = {record_type.parent: given[record_type.parent]}
            given["orden"] = len(rows.fetch(self.connection, record_type.name, equal=equal)) + 1
        return given

    def _number(self, record_type: RecordType) -> int:
        name = record_type.name
        if name not in self._numbers:
            self._numbers[name] = rows.highest(self.connection, name, record_type.numbered, "R-")
        self._numbers[name] += 1
        return self._numbers[name]

    def _touch_parent(self, record_type: RecordType, values: Values) -> None:
        """A control changes the residual rating of its risk."""
        parent = values.get(record_type.parent) if record_type.parent else None
        if isinstance(parent, str):
            self.set(record_type[record_type.parent].links, parent, {})

    def _context(self, record_type: RecordType, uid: str) -> Context:
        children: Sequence[Values] = ()
        for child in TYPES.values():
            if child.parent and child[child.parent].links == record_type.name and uid:
                found = rows.fetch(self.connection, child.name, equal={child.parent: uid})
                children = [from_row(child, row).values for row in found]
        return Context(self.editor.catalogues, day_of(self.editor.when), children)

    def _differences(
        self, record_type: RecordType, uid: str, action: str, before: Values, after: Values
    ) -> list[dict[str, Any]]:
        return [
            self._entry(record_type, uid, action, f.name, stored_text(before.get(f.name)), stored_text(after[f.name]))
            for f in record_type.typed
            if before.get(f.name) != after[f.name]
        ]

    def _entry(
        self,
        record_type: RecordType,
        uid: str,
        action: str,
        field: str = "",
        before: str | None = None,
        after: str | None = None,
    ) -> dict[str, Any]:
        said = {"cuando": self.editor.when, "quien": self.editor.who, "tipo": record_type.name, "uid": uid}
        return said | {
            "accion": action,
            "campo": field,
            "antes": before,
            "despues": after,
            "entrega": None,
            "acto": None,
        }

    def _remember(self, entries: list[dict[str, Any]]) -> None:
        if self.typing:
            entries = rows.coalesced(self.connection, entries, self.editor.when, COALESCE_SECONDS)
        if not entries:
            return
        if self.words and not self._uid:
            self._uid = str(uuid6.uuid7())
            act = {"uid": self._uid, "cuando": self.editor.when, "quien": self.editor.who}
            rows.add_act(self.connection, act | {"palabras": self.words, "deshecho": False})
        rows.remember(self.connection, [entry | {"acto": self._uid or None} for entry in entries])


def turn(connection: Connection, editor: Editor, entries: Sequence[Mapping[str, Any]], *, back: bool) -> None:
    """Undo the changes that ``entries`` of the history tell (``back``), or do them again.

    The history keeps both: what was done, and that it was taken back.
    """
    act = Act(connection, editor, "")
    action = "deshacer" if back else "rehacer"
    for entry in reversed(entries) if back else entries:
        type_name, uid = entry["tipo"], entry["uid"]
        match entry["accion"], entry["campo"]:
            case ("crear", ""):
                if back:
                    act.retire(type_name, uid, UNDONE, action)
                else:
                    act.restore(type_name, uid, action)
            case ("retirar" | "restaurar", _):
                reason = entry["antes"] if back else entry["despues"]
                if reason is None:
                    act.restore(type_name, uid, action)
                else:
                    act.retire(type_name, uid, reason, action)
            case ("cambiar", name):
                value = from_stored_text(TYPES[type_name][name], entry["antes"] if back else entry["despues"])
                rows.set_drafts(connection, uid, {name: None})
                act.set(type_name, uid, {name: value}, action)

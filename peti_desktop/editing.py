"""What a change to a record does: its values, what follows from them, its history, and the way back."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, datetime
from typing import Any

import uuid6
from sqlalchemy import Connection

from db.queries import assigning, expected, plan
from db.queries import records as rows
from peti_desktop.catalogues import Catalogues
from peti_desktop.info import Info
from peti_desktop.moments import day_of
from peti_desktop.progress import Progress, silent
from peti_desktop.records import EVERY
from peti_desktop.records.convert import clean, read
from peti_desktop.records.fields import Context, RecordType, Value, Values
from peti_desktop.records.record import Record, as_of, columns, from_row, stored_text

COALESCE_SECONDS = 60
"""Edits of one field by one person within this time are one entry of its history: typing is not forty changes."""

CREATE, CHANGE, RETIRE, RESTORE, DRAFT = "crear", "cambiar", "retirar", "restaurar", "borrador"
MOVE = "mover"
"""A record belongs to another dependencia."""
LINK = "enlazar"
"""An initiative gathers a record (its uid is the entry's field), or lets it go."""
ASSIGN, ASSIGNED = "asignar", "asignada_a"
"""A delivery or a doubt is for somebody of the office to look at; the field says for whom."""
DEADLINE, DEADLINES = "aplazar", "plazo"
"""What a dependencia owes changes: more time, nothing to declare; ``DEADLINES`` is the table, where it is no record."""
UNDONE = "Deshecho"
"""The reason of a record whose creation was undone."""


STEP = 50
"""How many records between two looks at whether somebody asked to stop."""


@dataclass(frozen=True, slots=True)
class Misread:
    """A text that is no value of its field and waits there as a draft; ``reason`` says why."""

    uid: str
    field: str
    reason: str


@dataclass(frozen=True, slots=True)
class Editor:
    """Who changes records now, and with which catalogues; ``mine`` is whose acts they can undo, None for all."""

    catalogues: Catalogues
    when: datetime
    who: str
    info: Info
    mine: str | None = None


def stored(connection: Connection, type_name: str, uid: str, catalogues: Catalogues, day: date) -> Record:
    """One record as it is on ``day``, retired or not. Raises LookupError for a uid the store does not know."""
    row = rows.one(connection, type_name, uid)
    if row is None:
        raise LookupError(f"{type_name} {uid}")
    record = from_row(EVERY[type_name], row, rows.drafts(connection, uid).get(uid))
    return as_of(EVERY[type_name], record, catalogues, day)


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
        return stored(self.connection, type_name, uid, self.editor.catalogues, day_of(self.editor.when))

    def new(self, type_name: str, values: Values, *, example: bool = False, dependencia: str = "") -> str:
        """A new record; gives its uid. The program adds the reference, the method and the order."""
        return self.new_many(type_name, [values], example=example, dependencia=dependencia)[0]

    def new_many(
        self,
        type_name: str,
        births: Sequence[Values],
        *,
        example: bool = False,
        dependencia: str = "",
        progress: Progress = silent,
    ) -> list[str]:
        """New records in this order; gives their uids."""
        record_type = EVERY[type_name]
        owner = dependencia or self.editor.info.dependencia
        born = {"creado_en": self.editor.when, "creado_por": self.editor.who, "revision": 1, "dependencia": owner}
        born |= self._stamp() | {"ejemplo": example, "retirado": None, "entrega": None, "hoja": None, "fila": None}
        context = Context(self.editor.catalogues, day_of(self.editor.when))
        parents = self._parents(record_type, births)
        orders: dict[Value, int] = {}
        new_rows: list[dict[str, Any]] = []
        entries: list[dict[str, Any]] = []
        made: list[Values] = []
        for done, values in enumerate(births):
            if done % STEP == 0:
                progress(done, len(births), f"Creando {record_type.title.lower()}")
            full = self._born(record_type, values, orders)
            if parents:
                context = replace(context, parent=parents.get(full[record_type.parent], {}))
            full |= record_type.compute(full, context)
            uid = str(uuid6.uuid7())
            new_rows.append(columns(record_type, full) | born | {"uid": uid})
            entries.append(self._entry(record_type, uid, CREATE))
            entries.extend(self._differences(record_type, uid, CREATE, {}, full))
            made.append(full)
        rows.add(self.connection, type_name, new_rows)
        self._remember(entries)
        self._touch_parents(record_type, made)
        return [row["uid"] for row in new_rows]

    def type_many(
        self, type_name: str, births: Sequence[Mapping[str, object]], progress: Progress = silent
    ) -> tuple[list[str], list[Misread]]:
        """New records from what was typed or pasted; text that is not a value yet becomes a draft."""
        understood = [self._understood(EVERY[type_name], raws) for raws in births]
        uids = self.new_many(type_name, [found.values for found in understood], progress=progress)
        self.set_drafts(type_name, {uid: found.texts for uid, found in zip(uids, understood, strict=True)})
        return uids, [
            Misread(uid, name, reason)
            for uid, found in zip(uids, understood, strict=True)
            for name, reason in found.reasons.items()
        ]

    def put(self, type_name: str, uid: str, raws: Mapping[str, object]) -> None:
        """Set fields from what was typed; text that is not a value yet becomes a draft."""
        self.put_many(type_name, {uid: raws})

    def put_many(
        self, type_name: str, changes: Mapping[str, Mapping[str, object]], progress: Progress = silent
    ) -> list[Misread]:
        """``put`` for many records, by uid; gives what was not understood."""
        understood = {uid: self._understood(EVERY[type_name], raws) for uid, raws in changes.items()}
        self.set_drafts(type_name, {uid: found.drafts for uid, found in understood.items()})
        self.set_many(type_name, {uid: found.values for uid, found in understood.items()}, progress=progress)
        return [Misread(uid, name, why) for uid, found in understood.items() for name, why in found.reasons.items()]

    def _understood(self, record_type: RecordType, raws: Mapping[str, object]) -> "_Understood":
        found = _Understood()
        for name, raw in raws.items():
            value, wrong = read(record_type[name], raw, self.editor.catalogues)
            found.drafts[name] = str(raw) if wrong else None
            if wrong:
                found.reasons[name] = wrong
            else:
                found.values[name] = value
        return found

    def set_drafts(self, type_name: str, texts: Mapping[str, Mapping[str, str | None]]) -> None:
        """Keep texts that are no values yet, by uid and field, or forget them where they are None."""
        before = rows.drafts_of(self.connection, texts)
        changed = {
            uid: {name: text for name, text in of.items() if text != before.get(uid, {}).get(name)}
            for uid, of in texts.items()
        }
        rows.set_many_drafts(self.connection, changed)
        self._remember(
            [
                self._entry(EVERY[type_name], uid, DRAFT, name, before.get(uid, {}).get(name), text)
                for uid, of in changed.items()
                for name, text in of.items()
            ]
        )

    def set(self, type_name: str, uid: str, values: Values, action: str = CHANGE) -> None:
        """Set fields to values; what is computed follows. Raises LookupError for an unknown uid."""
        self.set_many(type_name, {uid: values}, action)

    def set_many(
        self, type_name: str, changes: Mapping[str, Values], action: str = CHANGE, progress: Progress = silent
    ) -> None:
        """``set`` for many records, by uid."""
        record_type = EVERY[type_name]
        known = self._stored(record_type, changes)
        children = self._children(record_type, changes)
        parents = self._parents(record_type, [{**known[uid].values, **values} for uid, values in changes.items()])
        context = Context(self.editor.catalogues, day_of(self.editor.when))
        updates: list[tuple[str, int, dict[str, Any]]] = []
        entries: list[dict[str, Any]] = []
        touched: list[Values] = []
        for done, (uid, values) in enumerate(changes.items()):
            if done % STEP == 0:
                progress(done, len(changes), f"Cambiando {record_type.title.lower()}")
            before = known[uid]
            after = {**before.values, **values}
            parent = parents.get(after[record_type.parent], {}) if parents else {}
            own = replace(context, children=children.get(uid, ()), parent=parent)
            after |= record_type.compute(after, own)
            if after != before.values:
                updates.append((uid, before.revision, columns(record_type, after) | self._stamp()))
                entries.extend(self._differences(record_type, uid, action, before.values, after))
                touched += [before.values, after]
        rows.change_many(self.connection, type_name, updates)
        self._remember(entries)
        self._touch_children(record_type, {e["uid"] for e in entries if e["campo"]}, {e["campo"] for e in entries})
        self._touch_parents(record_type, touched)

    def retire(self, type_name: str, uid: str, reason: str) -> None:
        """Take a record out of force, with a reason, and with it what belongs to it (a risk's controls)."""
        reason = clean(reason)
        for child in _children_of(type_name):
            own = rows.named(self.connection, child.name, child.parent, [uid], retired=False)
            self.set_retired(child.name, {row["uid"]: reason for row in own}, RETIRE)
        self.set_retired(type_name, {uid: reason}, RETIRE)

    def restore(self, type_name: str, uid: str) -> None:
        """Put a retired record back in force, and what went with it for the same reason.

        What a dependencia takes back is its own again, even if it had left for another in a reorganisation.
        """
        reason = self.record(type_name, uid).retired
        self._put_back(type_name, [uid])
        for child in _children_of(type_name):
            own = rows.named(self.connection, child.name, child.parent, [uid])
            self._put_back(child.name, [row["uid"] for row in own if row["retirado"] == reason])

    def _put_back(self, type_name: str, uids: Sequence[str]) -> None:
        self.set_retired(type_name, dict.fromkeys(uids), RESTORE)
        if self.editor.info.perfil == "dependencia":
            self.hand_over(type_name, dict.fromkeys(uids, self.editor.info.dependencia))

    def set_retired(self, type_name: str, reasons: Mapping[str, str | None], action: str) -> None:
        """Take records out of force with a reason each, or put them back where it is None; nothing else goes along.

        A record that is out of force already keeps its first reason.
        """
        record_type = EVERY[type_name]
        known = self._stored(record_type, reasons)
        reasons = {uid: why for uid, why in reasons.items() if (why is None) != (known[uid].retired is None)}
        changes = [(uid, known[uid].revision, self._stamp() | {"retirado": why}) for uid, why in reasons.items()]
        rows.change_many(self.connection, type_name, changes)
        entries = [self._entry(record_type, uid, action, "", known[uid].retired, why) for uid, why in reasons.items()]
        self._remember(entries)
        self._touch_parents(record_type, [known[uid].values for uid in reasons])

    def hand_over(self, type_name: str, owners: Mapping[str, str], action: str = MOVE) -> None:
        """Let records belong to other dependencias, by uid; what belongs to a record is named by the caller."""
        record_type = EVERY[type_name]
        known = self._stored(record_type, owners)
        moved = {uid: owner for uid, owner in owners.items() if known[uid].dependencia != owner}
        changes = [(uid, known[uid].revision, self._stamp() | {"dependencia": owner}) for uid, owner in moved.items()]
        rows.change_many(self.connection, type_name, changes)
        self._remember(
            [
                self._entry(record_type, uid, action, "dependencia", known[uid].dependencia, owner)
                for uid, owner in moved.items()
            ]
        )

    def set_links(self, wanted: Mapping[plan.Pair, str | None], action: str = LINK) -> None:
        """Let initiatives gather records, by (initiative, record) with the record's type, or let them go (None).

        Each is an entry of the initiative's history and a new revision of it. Raises LookupError for an unknown one.
        """
        before = plan.linked(self.connection, {record for _, record in wanted})
        changed = {pair: kind for pair, kind in wanted.items() if before.get(pair) != kind}
        record_type = EVERY["iniciativa"]
        known = self._stored(record_type, sorted({initiative for initiative, _ in changed}))
        plan.set_links(self.connection, changed)
        rows.change_many(self.connection, record_type.name, [(u, r.revision, self._stamp()) for u, r in known.items()])
        self._remember(
            [
                self._entry(record_type, initiative, action, record, before.get((initiative, record)), kind)
                for (initiative, record), kind in changed.items()
            ]
        )

    def assign(self, table: str, wanted: Mapping[str, str | None], action: str = ASSIGN) -> None:
        """Let deliveries or doubts (``db.queries.assigning``) be somebody's of the office, or nobody's (None)."""
        before = assigning.assigned(self.connection, table, wanted)
        changed = {own: wanted[own] for own in before if before[own] != wanted[own]}
        assigning.assign(self.connection, table, changed)
        self._remember([self._told(table, own, action, ASSIGNED, before[own], who) for own, who in changed.items()])

    def set_deadlines(self, wanted: Mapping[str, Mapping[str, date | str | None]], action: str = DEADLINE) -> None:
        """Change columns of what is owed, by ``expected.uid_of`` of the deadline; one that is not owed is left out."""
        before = expected.named(self.connection, wanted)
        entries = []
        for uid, row in before.items():
            changed = {name: value for name, value in wanted[uid].items() if row[name] != value}
            if changed:
                expected.change(self.connection, uid, changed)
            for name, value in changed.items():
                said = stored_text(row[name]), stored_text(value)
                entries.append(self._told(DEADLINES, uid, action, name, *said))
        self._remember(entries)

    def _stored(self, record_type: RecordType, uids: Iterable[str]) -> dict[str, Record]:
        wanted = list(uids)
        found = {row["uid"]: row for row in rows.named(self.connection, record_type.name, "uid", wanted)}
        if lost := next((uid for uid in wanted if uid not in found), None):
            raise LookupError(f"{record_type.name} {lost}")
        return {uid: from_row(record_type, row) for uid, row in found.items()}

    def _stamp(self) -> dict[str, Any]:
        return {"cambiado_en": self.editor.when, "cambiado_por": self.editor.who}

    def _born(self, record_type: RecordType, values: Values, orders: dict[Value, int]) -> dict[str, Value]:
        """All values of a new record; ``orders`` counts the children that each parent has by now."""
        info = self.editor.info
        given = {f.name: values.get(f.name) for f in record_type.fields}
        if record_type.numbered and given[record_type.numbered] is None:
            given[record_type.numbered] = f"R-{self._number(record_type):03}"
        if "metodo" in given and given["metodo"] is None:
            given["metodo"] = info.metodo
        if record_type.name == "riesgo":
            given["tipo"] = given["tipo"] or "gestion"
        if record_type.name == "necesidad":
            given["forma"] = given["forma"] or "necesidad"
            given["vigencia"] = given["vigencia"] or info.vigencia
        if record_type.parent and "orden" in given:
            parent = given[record_type.parent]
            if parent not in orders:
                equal = {record_type.parent: parent}
                orders[parent] = len(rows.fetch(self.connection, record_type.name, equal=equal))
            orders[parent] += 1
            if given["orden"] is None:
                given["orden"] = orders[parent]
        return given

    def _number(self, record_type: RecordType) -> int:
        name = record_type.name
        if name not in self._numbers:
            self._numbers[name] = rows.highest(self.connection, name, record_type.numbered, "R-")
        self._numbers[name] += 1
        return self._numbers[name]

    def _touch_parents(self, record_type: RecordType, everything: Iterable[Values]) -> None:
        """A control changes the residual rating of its risk."""
        if record_type.parent:
            parents = (values[record_type.parent] for values in everything)
            unchanged: Values = {}
            self.set_many(
                record_type[record_type.parent].links, {uid: unchanged for uid in parents if isinstance(uid, str)}
            )

    def _touch_children(self, record_type: RecordType, uids: Collection[str], changed: Collection[str]) -> None:
        """The kind of a risk and its version of the guide change what its controls weigh."""
        for child in EVERY.values():
            if child.parent and child[child.parent].links == record_type.name and set(child.looks_at) & set(changed):
                found = rows.named(self.connection, child.name, child.parent, uids, retired=False)
                unchanged: Values = {}
                self.set_many(child.name, {row["uid"]: unchanged for row in found})

    def _parents(self, record_type: RecordType, everything: Iterable[Values]) -> dict[Value, Values]:
        """The values of the records that these belong to, where what they compute looks at them."""
        if not record_type.looks_at:
            return {}
        owner = EVERY[record_type[record_type.parent].links]
        wanted = {uid for values in everything if isinstance(uid := values.get(record_type.parent), str)}
        found = rows.named(self.connection, owner.name, "uid", wanted)
        return {row["uid"]: from_row(owner, row).values for row in found}

    def _children(self, record_type: RecordType, uids: Iterable[str]) -> dict[str, list[Values]]:
        found: dict[str, list[Values]] = {}
        for child in _children_of(record_type.name):
            for row in rows.named(self.connection, child.name, child.parent, uids, retired=False):
                found.setdefault(row[child.parent], []).append(from_row(child, row).values)
        return found

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
        return self._told(record_type.name, uid, action, field, before, after)

    def _told(
        self, table: str, uid: str, action: str, field: str, before: str | None, after: str | None
    ) -> dict[str, Any]:
        said = {"cuando": self.editor.when, "quien": self.editor.who, "tipo": table, "uid": uid}
        return said | {
            "accion": action,
            "campo": field,
            "antes": before,
            "despues": after,
            "entrega": None,
            "acto": None,
        }

    def _remember(self, entries: list[dict[str, Any]]) -> None:
        if entries and self.words:
            rows.close_undone(self.connection, self.editor.mine)
        if self.typing:
            entries = rows.coalesced(self.connection, entries, self.editor.when, COALESCE_SECONDS, self.words)
        if self.words and not self._uid and any(entry["acto"] is None for entry in entries):
            self._uid = str(uuid6.uuid7())
            act = {"uid": self._uid, "cuando": self.editor.when, "quien": self.editor.who}
            rows.add_act(self.connection, act | {"palabras": self.words})
        rows.remember(self.connection, [entry | {"acto": entry["acto"] or self._uid or None} for entry in entries])


@dataclass(slots=True)
class _Understood:
    """What typed text means: values, texts to keep (None where there is none any more), and why they are no values."""

    values: dict[str, Value] = field(default_factory=dict)
    drafts: dict[str, str | None] = field(default_factory=dict)
    reasons: dict[str, str] = field(default_factory=dict)

    @property
    def texts(self) -> dict[str, str | None]:
        """The texts to keep."""
        return {name: text for name, text in self.drafts.items() if text is not None}


def _children_of(type_name: str) -> list[RecordType]:
    """The record types whose records belong to one of ``type_name``."""
    return [t for t in EVERY.values() if t.parent and t[t.parent].links == type_name]

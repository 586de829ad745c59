"""The queue of doubts: what accepting a delivery left for somebody to decide, in batches and not in pop-ups."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final

import uuid6
from sqlalchemy import Connection

from db.queries import corrections as fixes
from db.queries import doubts as stored
from db.queries import records as rows
from peti_desktop import binnacle
from peti_desktop.consolidation import corrections
from peti_desktop.consolidation.acting import OfficeAct, acting, said
from peti_desktop.errors import UserError
from peti_desktop.records import TYPES
from peti_desktop.records.convert import clean
from peti_desktop.records.record import from_row, headline
from peti_desktop.workspace import Workspace

KEEP, ERASE, RETIRE, RECOVER, LIFT, ASK = "mantener", "borrar", "retirar", "recuperar", "levantar", "preguntar"
MOVE = "mover"
"""How a doubt is resolved: what is in force stays; the field is emptied; the record goes out of force, or comes back;
the correction is lifted; the dependencia was asked, and the doubt stays open until it answers; the record passes to
another dependencia (``move``)."""
SETTLED, UNDONE = "resuelta por la entrega", "deshecha"
"""How a doubt ends by itself: a later delivery settled it, or the acceptance that opened it was undone."""

FOREIGN: Final = "ajeno"
"""The class of doubts about a record that a delivery brings although it is another dependencia's."""

KINDS: Final[Mapping[str, str]] = {
    "ausente": "No viene en la entrega",
    "vacio": "Viene vacío lo que antes se declaró",
    "correccion": "Se declaró otra cosa que lo corregido",
    "celda": "Una celda no se entiende",
    "regla": "No cumple una regla",
    "metodo": "La hoja dice otra cosa que el método",
    FOREIGN: "Es de otra dependencia",
    "retirado": "Vuelve a venir lo que TIC retiró",
}
"""Classes of doubts, in words."""

RESOLUTIONS: Final[Mapping[str, tuple[str, ...]]] = {
    "ausente": (KEEP, RETIRE, MOVE, ASK),
    "vacio": (KEEP, ERASE, ASK),
    "correccion": (KEEP, LIFT, ASK),
    "retirado": (KEEP, RECOVER, ASK),
}
"""What may be answered to each class; to the others only ``KEEP`` and ``ASK``."""


@dataclass(frozen=True, slots=True)
class Doubt:
    """One open or resolved doubt. ``field`` is empty when it is about the whole record."""

    uid: str
    when: datetime
    dependencia: str
    dependencia_nombre: str
    type: str
    record: str
    headline: str
    field: str
    label: str
    kind: str
    text: str
    delivery: str
    assigned_to: str
    open: bool
    resolution: str
    note: str
    resolved_at: datetime | None
    resolved_by: str

    @property
    def answers(self) -> tuple[str, ...]:
        """How it may be resolved."""
        return RESOLUTIONS.get(self.kind, (KEEP, ASK))


def listing(
    ws: Workspace,
    open: bool | None = True,  # noqa: A002 - the promised name
    *,
    dependencia: str = "",
    kind: str = "",
    type_name: str = "",
    assigned_to: str | None = None,
    delivery: str = "",
) -> list[Doubt]:
    """Doubts in the order they were opened; ``open`` None gives the resolved ones too.

    ``assigned_to`` "" gives those that nobody has.
    """
    equal = {"dependencia": dependencia, "clase": kind, "tipo": type_name, "entrega": delivery}
    with ws.read() as connection:
        found = stored.find(connection, still=open, **{name: value for name, value in equal.items() if value})
        if assigned_to is not None:
            found = [row for row in found if (row["asignada_a"] or "") == assigned_to]
        return _told(ws, connection, found)


def counts(ws: Workspace) -> dict[tuple[str, str], int]:
    """How many open doubts there are, by dependencia and class."""
    with ws.read() as connection:
        return stored.counts(connection)


def _told(ws: Workspace, connection: Connection, found: Sequence[Mapping[str, Any]]) -> list[Doubt]:
    words: dict[str, str] = {}
    for name in {row["tipo"] for row in found}:
        uids = {row["registro"] for row in found if row["tipo"] == name}
        for row in rows.named(connection, name, "uid", sorted(uids)):
            words[row["uid"]] = headline(TYPES[name], from_row(TYPES[name], row).values, ws.catalogues)
    return [
        Doubt(
            uid=row["uid"],
            when=row["cuando"],
            dependencia=row["dependencia"],
            dependencia_nombre=ws.catalogues.label("dependencia", row["dependencia"]),
            type=row["tipo"],
            record=row["registro"],
            headline=words.get(row["registro"], ""),
            field=row["campo"],
            label=TYPES[row["tipo"]][row["campo"]].label if row["campo"] else "",
            kind=row["clase"],
            text=row["texto"],
            delivery=row["entrega"] or "",
            assigned_to=row["asignada_a"] or "",
            open=bool(row["abierta"]),
            resolution="" if row["abierta"] else row["resolucion"],
            note=row["nota"] or "",
            resolved_at=None if row["abierta"] else row["resuelta_en"],
            resolved_by="" if row["abierta"] else row["resuelta_por"] or "",
        )
        for row in found
    ]


def assign(ws: Workspace, uids: Iterable[str], who: str) -> int:
    """Say who of the office looks at these doubts, in one act; empty takes them from whoever had them.

    Gives how many are open: those alone are looked at.
    """
    uids, who = list(uids), " ".join(who.split())
    words = "una duda" if len(uids) == 1 else f"{len(uids)} dudas"
    with acting(ws, f"asignar {words} a {who}" if who else f"dejar sin asignar {words}") as act:
        found = [row["uid"] for row in stored.find(act.connection, still=True, uids=uids)]
        if found:
            act.assign("duda", dict.fromkeys(found, who or None))
            action = "asignar dudas" if who else "dejar sin asignar dudas"
            binnacle.write(act.connection, ws.clock(), ws.info.who, action, {"dudas": found, "a": who})
    return len(found)


def resolve(ws: Workspace, uids: Iterable[str], resolution: str, note: str = "") -> int:
    """Answer many doubts alike, in one act that one undo takes back; gives how many were open.

    ``ASK`` only notes that the dependencia was asked. Raises UserError for an answer that does not fit a doubt, and
    without a note for ``RETIRE`` and ``LIFT``, which change what was declared.
    """
    uids = list(uids)
    note = said(note) if resolution in {RETIRE, LIFT} else clean(note)
    words = "resolver una duda" if len(uids) == 1 else f"resolver {len(uids)} dudas"
    with acting(ws, f"{words}: {resolution}") as act:
        found = stored.find(act.connection, still=True, uids=uids)
        if not found:
            return 0
        for row in found:
            _refuse_unfit(row, resolution)
        if resolution == ASK:
            stored.change(act.connection, [row["uid"] for row in found], {"nota": note or "Se preguntó"})
        else:
            for row in found:
                _resolve(ws, act, row, resolution, note)
        detail = {"dudas": [row["uid"] for row in found], "resolucion": resolution, "nota": note}
        binnacle.write(act.connection, ws.clock(), ws.info.who, "resolver dudas", detail)
    return len(found)


def _refuse_unfit(row: Mapping[str, Any], resolution: str) -> None:
    if resolution == MOVE or resolution not in RESOLUTIONS.get(row["clase"], (KEEP, ASK)):
        kind = KINDS[row["clase"]].lower()
        raise UserError(f"«{resolution}» no responde a una duda de «{kind}».", "Resuelva esas dudas aparte.")


def _resolve(ws: Workspace, act: OfficeAct, row: Mapping[str, Any], resolution: str, note: str) -> None:
    name, uid, field = row["tipo"], row["registro"], row["campo"]
    fix = fixes.find(act.connection, among=[uid], campo=field) if field else []
    if resolution == ERASE and fix:
        raise UserError("Ese campo tiene una corrección de TIC.", "Levántela o confírmela primero.")
    if resolution == ERASE:
        act.set(name, uid, {field: None})
    elif resolution == RETIRE:
        act.retire(name, uid, note)
    elif resolution == RECOVER:
        act.restore(name, uid)
    elif resolution == LIFT and fix:
        corrections.lift_within(ws, act, fix[0], note)
    elif resolution == KEEP and row["clase"] == corrections.CORRECTED and fix:
        corrections.confirm_within(ws, act, fix[0], note)
    act_uid = act.note(name, uid, "resolver duda")
    resolved = {"resolucion": resolution, "nota": note, "resuelta_en": ws.clock(), "resuelta_por": ws.info.who}
    along = _of_children(act.connection, name, uid) if resolution == RETIRE else []
    stored.change(act.connection, [row["uid"], *along], resolved | {"acto": act_uid})


def _of_children(connection: Connection, name: str, uid: str) -> list[str]:
    """The doubts whether what belongs to a record is missing: it goes with it."""
    children = [
        found["uid"]
        for child in TYPES.values()
        if child.parent and child[child.parent].links == name
        for found in rows.named(connection, child.name, child.parent, [uid])
    ]
    return [row["uid"] for row in stored.find(connection, still=True, among=children, clase="ausente")]


def move(ws: Workspace, uids: Iterable[str], to: str, note: str = "") -> int:
    """Hand missing records, with what belongs to them, to the dependencia ``to``, in one act; gives how many were open.

    What belongs to them goes along, also what was retired before, and with them the doubts whether ``to`` may deliver
    them. Raises UserError for a dependencia that is not in the list or has the record already, for a record that is
    retired, and for doubts about anything else than a missing record.
    """
    uids, note = list(uids), clean(note)
    named = ws.catalogues.entry("dependencia", to)
    if named is None:
        raise UserError(f"«{to}» no está en la lista de dependencias.", "Escójala de la lista.")
    words = "pasar un registro" if len(uids) == 1 else f"pasar {len(uids)} registros"
    with acting(ws, f"{words} a {named.label}") as act:
        found = stored.find(act.connection, still=True, uids=uids)
        if not found:
            return 0
        for row in found:
            if row["clase"] != "ausente":
                raise UserError("Solo pasa a otra dependencia lo que no viene en la entrega.", "Resuélvalas aparte.")
            _refuse_to_move(ws, act.connection, row, to)
        family = [key for row in found for key in _family(act.connection, row["tipo"], row["registro"])]
        for name in TYPES:
            act.hand_over(name, {uid: to for kind, uid in family if kind == name})
        moved = [uid for _name, uid in family]
        delivered = stored.find(act.connection, still=True, among=moved, dependencia=to, clase=FOREIGN)
        resolved = {"resolucion": MOVE, "nota": f"{to} {note}".strip(), "resuelta_en": ws.clock(), "acto": act.uid}
        over = [row["uid"] for row in (*found, *delivered)]
        stored.change(act.connection, over, resolved | {"resuelta_por": ws.info.who})
        detail = {"registros": [row["registro"] for row in found], "a": to, "nota": note}
        binnacle.write(act.connection, ws.clock(), ws.info.who, "pasar a otra dependencia", detail)
    return len(found)


def _refuse_to_move(ws: Workspace, connection: Connection, doubt: Mapping[str, Any], to: str) -> None:
    record_type = TYPES[doubt["tipo"]]
    [own] = rows.named(connection, record_type.name, "uid", [doubt["registro"]])
    words = f"{record_type.singular} {headline(record_type, from_row(record_type, own).values, ws.catalogues)}"
    if own["dependencia"] == to:
        raise UserError(
            f"«{words}» ya es de {ws.catalogues.label('dependencia', to)}.", "Escoja otra dependencia, o manténgalo."
        )
    if own["retirado"] is not None:
        raise UserError(f"«{words}» está retirado.", "Recupérelo primero, o resuelva su duda aparte.")


def _family(connection: Connection, name: str, uid: str) -> list[tuple[str, str]]:
    """A record and all that belongs to it, retired or not."""
    found = [(name, uid)]
    for child in TYPES.values():
        if child.parent and child[child.parent].links == name:
            found.extend((child.name, row["uid"]) for row in rows.named(connection, child.name, child.parent, [uid]))
    return found


# What acceptances do to the queue


@dataclass(frozen=True, slots=True)
class Asked:
    """A question that accepting a delivery leaves open; ``note`` when the dependencia was asked at once."""

    type: str
    record: str
    field: str
    kind: str
    text: str
    note: str = ""

    @property
    def key(self) -> tuple[str, ...]:
        """What tells one doubt from another; several rules may be broken in one field."""
        return (self.record, self.field, self.kind, self.text if self.kind == "regla" else "")


@dataclass(frozen=True, slots=True)
class Queue:
    """What became of the queue: doubts as they were before, and those that were opened."""

    before: list[dict[str, Any]]
    opened: list[str]


def follow(
    connection: Connection,
    asked: Iterable[Asked],
    looked_at: Collection[str],
    lifted: Collection[tuple[str, str]],
    delivery: Mapping[str, Any],
    when: datetime,
    *,
    kin: Collection[str] = (),
    waits: Collection[str] = (),
) -> Queue:
    """Bring the queue up to date after a delivery: open what it asks, close what it settled.

    ``looked_at`` are the records it says something about, ``lifted`` the corrections it made needless (by record and
    field), ``waits`` the records it brings that are not taken now. ``delivery`` is its stored row. ``kin`` are the
    units its own was and became: what was asked of one of them is asked of whoever delivers the record now. Another's
    record that it brings no more is nobody's question, while what the dependencia itself had is asked about as missing.
    """
    unit = delivery["dependencia"]
    names = (*sorted({*kin} - {unit}), unit)
    standing = {_key(row): row for each in names for row in stored.find(connection, still=True, dependencia=each)}
    new = {each.key: each for each in asked}
    before: list[dict[str, Any]] = []
    closing: list[str] = []
    for key, row in standing.items():
        if row["clase"] == corrections.CORRECTED:
            over = (row["registro"], row["campo"]) in lifted
        else:
            gone = row["clase"] == FOREIGN and row["registro"] not in waits and row["dependencia"] == unit
            over = key not in new and (gone or row["registro"] in looked_at)
        if over:
            before.append(row)
            closing.append(row["uid"])
        elif key in new and (new[key].text, unit) != (row["texto"], row["dependencia"]):
            before.append(row)
            said_now = {"texto": new[key].text, "entrega": delivery["sha256"], "cuando": when}
            stored.change(connection, [row["uid"]], said_now | {"dependencia": unit})
    settled = {"resolucion": SETTLED, "nota": f"Entrega n.º {delivery['numero']}", "resuelta_en": when}
    stored.change(connection, closing, settled | {"resuelta_por": delivery["firmante"], "acto": None})
    opened = [_row(each, delivery, when) for key, each in new.items() if key not in standing]
    stored.add(connection, opened)
    return Queue(before, [row["uid"] for row in opened])


def _key(row: Mapping[str, Any]) -> tuple[str, ...]:
    return (row["registro"], row["campo"], row["clase"], row["texto"] if row["clase"] == "regla" else "")


def _row(each: Asked, delivery: Mapping[str, Any], when: datetime) -> dict[str, Any]:
    return {
        "uid": str(uuid6.uuid7()),
        "cuando": when,
        "dependencia": delivery["dependencia"],
        "tipo": each.type,
        "registro": each.record,
        "campo": each.field,
        "clase": each.kind,
        "texto": each.text,
        "entrega": delivery["sha256"],
        "nota": each.note or None,
    }


def answer(
    connection: Connection,
    asked: Iterable[Asked],
    resolution: str,
    delivery: Mapping[str, Any],
    who: str,
    when: datetime,
) -> list[str]:
    """Remember questions that were answered while accepting, so that they are not asked again; gives their uids."""
    answered = {"resolucion": resolution, "resuelta_en": when, "resuelta_por": who}
    found = [_row(each, delivery, when) | answered for each in asked]
    stored.add(connection, found)
    return [row["uid"] for row in found]

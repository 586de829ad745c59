"""Three layers of a value: what the dependencia declared, what the Oficina TIC corrected it to, what is in force.

The tables of records hold what is in force. A correction keeps beside it what was declared, and goes on when another
delivery is accepted; undoing the act that made it takes it back.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import uuid6
from sqlalchemy import Connection

from db.queries import corrections as stored
from db.queries import doubts
from db.queries import records as rows
from peti_desktop import binnacle, colleagues
from peti_desktop.consolidation.acting import OfficeAct, acting, office_only, said
from peti_desktop.errors import UserError
from peti_desktop.moments import spoken_moment
from peti_desktop.records import TYPES
from peti_desktop.records.convert import read, show
from peti_desktop.records.fields import BORRAR, Blank, Context, RecordType, Value, Values
from peti_desktop.records.record import Record, as_of, from_row, from_stored_text, headline, stored_text
from peti_desktop.workspace import Workspace

CORRECTED = "correccion"
"""The class of the doubt whether a correction still holds, once something else was declared."""
AGAIN = "Se corrigió de nuevo"


@dataclass(frozen=True, slots=True)
class Correction:
    """A value the office put in the place of a declared one, as people read it.

    ``pending``: something else was declared since, and nobody has confirmed the correction. ``lifted_at`` is None while
    it is in force. ``delivery``, ``sheet`` and ``row`` are where the declared value came from.
    """

    uid: str
    type: str
    record: str
    dependencia: str
    dependencia_nombre: str
    headline: str
    field: str
    label: str
    declared: str
    corrected: str
    reason: str
    who: str
    when: datetime
    pending: bool
    lifted_at: datetime | None
    lifted_by: str
    lifted_why: str
    delivery: str
    sheet: str
    row: int


@dataclass(frozen=True, slots=True)
class Layers:
    """The layers of one field. ``corrected`` is None without a correction, and also for one that empties the field.

    ``correction`` is the uid of the correction in force, empty when there is none.
    """

    declared: Value
    corrected: Value
    in_force: Value
    correction: str = ""
    pending: bool = False


def correct(ws: Workspace, type_name: str, uid: str, field: str, raw: object, reason: str) -> None:
    """Put a value in the place of the declared one, read from what was typed; what is computed follows.

    Raises UserError without a reason, for a computed field, for text that is no value of the field, for emptying one
    that is compulsory, for a retired record, and when the value is in force already. LookupError for an unknown uid.
    """
    correct_many(ws, type_name, {uid: {field: raw}}, reason)


def correct_many(
    ws: Workspace,
    type_name: str,
    changes: Mapping[str, Mapping[str, object]],
    reason: str,
    seen: Mapping[str, int] | None = None,
) -> int:
    """``correct`` for many records at once, by uid: one act; gives how many values it changed.

    Values that are in force already are passed over, but not all of them. ``seen`` are revisions, as in
    ``Workspace.alter``.
    """
    office_only(ws)
    reason = said(reason)
    record_type = TYPES[type_name]
    wanted = {
        uid: {name: _value(ws, record_type, name, raw) for name, raw in raws.items()} for uid, raws in changes.items()
    }
    labels = ", ".join(dict.fromkeys(record_type[name].label for raws in changes.values() for name in raws))
    with acting(ws, f"corregir {labels} ({reason})") as act:
        colleagues.refuse_lost_update(act.connection, type_name, seen or {}, ws.info.who)
        _refuse_retired(act.connection, record_type, wanted)
        for values in wanted.values():
            _refuse_broken_links(act.connection, record_type, values)
        changed = correct_within(ws, act, type_name, wanted, reason)
        if not changed:
            raise UserError(f"{labels}: ese valor ya está en firme.", "Escriba el valor correcto.")
    return changed


def correct_within(
    ws: Workspace, act: OfficeAct, type_name: str, wanted: Mapping[str, Mapping[str, Value]], reason: str
) -> int:
    """Put values in the place of declared ones as part of an act, by uid; gives how many it changed."""
    record_type = TYPES[type_name]
    found = {row["uid"]: from_row(record_type, row) for row in rows.named(act.connection, type_name, "uid", wanted)}
    if lost := next((uid for uid in wanted if uid not in found), None):
        raise LookupError(f"{type_name} {lost}")
    new = {
        uid: {name: value for name, value in values.items() if found[uid].values[name] != value}
        for uid, values in wanted.items()
    }
    act.set_many(type_name, new)
    act_uid = act.uid
    for uid, values in new.items():
        for name, value in values.items():
            _correct(ws, act.connection, act_uid, found[uid], name, value, reason)
    return sum(len(values) for values in new.values())


def _value(ws: Workspace, record_type: RecordType, name: str, raw: object) -> Value:
    field = record_type[name]
    if field.computed:
        raise UserError(f"«{field.label}» la calcula el programa: no se corrige.", "Corrija los datos de los que sale.")
    value, wrong = read(field, raw, ws.catalogues)
    if wrong:
        raise UserError(f"{field.label}: {wrong}", "Corríjalo y guarde de nuevo.")
    value = None if value is BORRAR else value
    if value is None and field.required and not field.links:  # links are looked at with the store
        raise UserError(f"«{field.label}» es obligatorio: no puede quedar vacío.", "Escriba el valor correcto.")
    return value


def _refuse_retired(connection: Connection, record_type: RecordType, uids: Iterable[str]) -> None:
    """Raise UserError for a record that is out of force: nobody would see the correction."""
    retired = [row for row in rows.named(connection, record_type.name, "uid", uids) if row["retirado"] is not None]
    if retired:
        what = (
            f"Ese registro de «{record_type.title}» está retirado"
            if len(retired) == 1
            else (f"{len(retired)} de esos registros de «{record_type.title}» están retirados")
        )
        raise UserError(f"{what}: no se corrige.", "Recupérelo primero si vuelve a estar en firme.")


def _refuse_broken_links(connection: Connection, record_type: RecordType, values: Values) -> None:
    """Raise UserError for a link to a record that is not in force, and for what would belong to nothing."""
    for name, value in values.items():
        field = record_type[name]
        if not field.links or isinstance(value, Blank) or (value is None and not field.required):
            continue
        if value is None or not rows.named(connection, field.links, "uid", [str(value)], retired=False):
            raise UserError(f"«{field.label}»: ese registro no está en la consolidación.", "Escójalo de la lista.")


def _correct(
    ws: Workspace, connection: Connection, act_uid: str, record: Record, name: str, value: Value, reason: str
) -> None:
    standing = stored.find(connection, among=[record.uid], campo=name)
    declared = standing[0]["declarado"] if standing else stored_text(record.values[name])
    for row in standing:
        _lift(ws, connection, row["uid"], AGAIN, act_uid)
    _close_doubt(ws, connection, record.uid, name, act_uid, "corregir", reason)
    detail = {"tipo": record.type, "registro": record.uid, "campo": name, "motivo": reason, "declarado": declared}
    detail |= {"corregido": stored_text(value)}
    if standing and stored_text(value) == declared:
        binnacle.write(connection, ws.clock(), ws.info.who, "levantar corrección", detail)
        return
    row = {
        "uid": str(uuid6.uuid7()),
        "tipo": record.type,
        "registro": record.uid,
        "campo": name,
        "declarado": declared,
        "corregido": stored_text(value),
        "motivo": reason,
        "quien": ws.info.who,
        "cuando": ws.clock(),
        "por_confirmar": False,
        "acto": act_uid,
    }
    stored.add(connection, [row])
    binnacle.write(connection, ws.clock(), ws.info.who, "corregir", detail | {"correccion": row["uid"]})


def lift(ws: Workspace, uid: str, reason: str) -> None:
    """Put the declared value back in force. Raises UserError without a reason, or when it is lifted already."""
    lift_many(ws, [uid], reason)


def lift_many(ws: Workspace, uids: Sequence[str], reason: str) -> None:
    """``lift`` for several corrections: one act."""
    reason = said(reason)
    words = "levantar una corrección" if len(uids) == 1 else f"levantar {len(uids)} correcciones"
    with acting(ws, f"{words} ({reason})") as act:
        for uid in uids:
            lift_within(ws, act, _standing(act.connection, uid), reason)


def lift_within(ws: Workspace, act: OfficeAct, row: Mapping[str, Any], reason: str) -> None:
    """Lift a correction as part of an act."""
    each = TYPES[row["tipo"]][row["campo"]]
    act.set(row["tipo"], row["registro"], {row["campo"]: from_stored_text(each, row["declarado"])})
    act_uid = act.note(row["tipo"], row["registro"], "levantar corrección")
    _lift(ws, act.connection, row["uid"], reason, act_uid)
    _close_doubt(ws, act.connection, row["registro"], row["campo"], act_uid, "levantar", reason)
    detail = {"correccion": row["uid"], "registro": row["registro"], "campo": row["campo"], "motivo": reason}
    binnacle.write(act.connection, ws.clock(), ws.info.who, "levantar corrección", detail)


def _lift(ws: Workspace, connection: Connection, uid: str, reason: str, act_uid: str) -> None:
    lifted = {"levantada_en": ws.clock(), "levantada_por": ws.info.who, "levantada_motivo": reason}
    stored.change(connection, uid, lifted | {"levantada_acto": act_uid})


def confirm(ws: Workspace, uid: str) -> None:
    """The correction holds, whatever was declared since. Raises UserError when it is lifted already.

    One that nothing was declared against stands as it is: there is nothing to decide, nor to undo.
    """
    with acting(ws, "confirmar una corrección") as act:
        row = _standing(act.connection, uid)
        if row["por_confirmar"]:
            confirm_within(ws, act, row)


def confirm_within(ws: Workspace, act: OfficeAct, row: Mapping[str, Any], note: str = "") -> None:
    """Confirm a correction as part of an act."""
    act_uid = act.note(row["tipo"], row["registro"], "confirmar corrección")
    stored.change(act.connection, row["uid"], {"confirmada_acto": act_uid})
    _close_doubt(ws, act.connection, row["registro"], row["campo"], act_uid, "mantener", note)
    detail = {"correccion": row["uid"], "registro": row["registro"], "campo": row["campo"]}
    binnacle.write(act.connection, ws.clock(), ws.info.who, "confirmar corrección", detail)


def _standing(connection: Connection, uid: str) -> dict[str, Any]:
    found = stored.find(connection, uid=uid)
    if not found:
        raise UserError("Esa corrección ya no está en firme.", "Actualice la lista de correcciones.")
    return found[0]


def _close_doubt(
    ws: Workspace, connection: Connection, record: str, field: str, act_uid: str, resolution: str, note: str
) -> None:
    found = doubts.find(connection, still=True, among=[record], campo=field, clase=CORRECTED)
    resolved = {"resolucion": resolution, "nota": note, "resuelta_en": ws.clock(), "resuelta_por": ws.info.who}
    doubts.change(connection, [row["uid"] for row in found], resolved | {"acto": act_uid})


# Looking at them


def listing(
    ws: Workspace, pending: bool | None = None, *, lifted: bool | None = False, dependencia: str = ""
) -> list[Correction]:
    """Corrections, oldest first: those in force, or with ``lifted`` True or None also the others.

    ``pending`` True gives those that have to be confirmed again, False the others.
    """
    with ws.read() as connection:
        found = stored.find(connection, lifted=lifted)
        if pending is not None:
            found = [row for row in found if bool(row["pendiente"]) == pending]
        return [each for each in _told(ws, connection, found) if not dependencia or each.dependencia == dependencia]


def of_record(ws: Workspace, uid: str) -> list[Correction]:
    """Every correction a record ever had, the lifted ones too, oldest first."""
    with ws.read() as connection:
        return _told(ws, connection, stored.find(connection, among=[uid], lifted=None))


def _told(ws: Workspace, connection: Connection, found: Sequence[Mapping[str, Any]]) -> list[Correction]:
    records: dict[str, dict[str, Any]] = {}
    for name in {row["tipo"] for row in found}:
        uids = {row["registro"] for row in found if row["tipo"] == name}
        records |= {row["uid"]: row for row in rows.named(connection, name, "uid", sorted(uids))}
    return [_one(ws, row, records[row["registro"]]) for row in found if row["registro"] in records]


def _one(ws: Workspace, row: Mapping[str, Any], record: Mapping[str, Any]) -> Correction:
    record_type = TYPES[row["tipo"]]
    field = record_type[row["campo"]]
    declared, corrected = (
        show(field, from_stored_text(field, row[name]), ws.catalogues) for name in ("declarado", "corregido")
    )
    return Correction(
        uid=row["uid"],
        type=row["tipo"],
        record=row["registro"],
        dependencia=record["dependencia"],
        dependencia_nombre=ws.catalogues.label("dependencia", record["dependencia"]),
        headline=headline(record_type, from_row(record_type, record).values, ws.catalogues),
        field=row["campo"],
        label=field.label,
        declared=declared,
        corrected=corrected,
        reason=row["motivo"],
        who=row["quien"],
        when=row["cuando"],
        pending=bool(row["pendiente"]) and not row["levantada"],
        lifted_at=row["levantada_en"] if row["levantada"] else None,
        lifted_by=row["levantada_por"] or "" if row["levantada"] else "",
        lifted_why=row["levantada_motivo"] or "" if row["levantada"] else "",
        delivery=record["entrega"] or "",
        sheet=record["hoja"] or "",
        row=record["fila"] or 0,
    )


ANNEX = ("Dependencia", "Registro", "Campo", "Declarado", "Corregido", "Motivo", "Quién y cuándo", "Estado")
"""The headings of the annex of corrections."""


def annex(ws: Workspace, dependencia: str = "") -> list[tuple[str, ...]]:
    """The corrections in force as rows of a report, under ``ANNEX``, by dependencia and section."""
    order = {name: place for place, name in enumerate(TYPES)}
    found = listing(ws, dependencia=dependencia)
    found.sort(key=lambda each: (each.dependencia_nombre, order[each.type], each.headline, each.label))
    return [
        (
            each.dependencia_nombre,
            f"{TYPES[each.type].singular} {each.headline}",
            each.label,
            each.declared or "(vacío)",
            each.corrected or "(vacío)",
            each.reason,
            f"{each.who}, {spoken_moment(each.when)}",
            "por confirmar" if each.pending else "en firme",
        )
        for each in found
    ]


def layers(ws: Workspace, type_name: str, uid: str) -> dict[str, Layers]:
    """The layers of every field of a record; computed ones are declared as the method gives them for what was declared.

    Raises LookupError for a uid the store does not know.
    """
    record_type = TYPES[type_name]
    with ws.read() as connection:
        row = rows.one(connection, type_name, uid)
        if row is None:
            raise LookupError(f"{type_name} {uid}")
        record = as_of(record_type, from_row(record_type, row), ws.catalogues, ws.today)
        children = [
            from_row(child, found)
            for child in TYPES.values()
            if child.parent and child[child.parent].links == type_name
            for found in rows.named(connection, child.name, child.parent, [uid], retired=False)
        ]
        parent = _owner(connection, record_type, record)
        family = [record, *children, *([parent] if parent else [])]
        standing = stored.find(connection, among=[each.uid for each in family])
    declared = {each.uid: _declared(each, standing) for each in family}
    context = Context(
        ws.catalogues,
        ws.today,
        children=[declared[child.uid] for child in children],
        parent=declared[parent.uid] if parent else {},
    )
    own = declared[uid]
    own |= record_type.compute(own, context)
    fixes = {row["campo"]: row for row in standing if row["registro"] == uid}
    found = {}
    for field in record_type.fields:
        fix = fixes.get(field.name)
        corrected = from_stored_text(field, fix["corregido"]) if fix else None
        found[field.name] = Layers(
            own[field.name],
            corrected,
            record.values[field.name],
            fix["uid"] if fix else "",
            bool(fix and fix["pendiente"]),
        )
    return found


def _owner(connection: Connection, record_type: RecordType, record: Record) -> Record | None:
    if not record_type.parent:
        return None
    owner = TYPES[record_type[record_type.parent].links]
    row = rows.one(connection, owner.name, str(record.values[record_type.parent]))
    return from_row(owner, row) if row else None


def _declared(record: Record, standing: Sequence[Mapping[str, Any]]) -> dict[str, Value]:
    fields = TYPES[record.type]
    own: Values = {
        row["campo"]: from_stored_text(fields[row["campo"]], row["declarado"])
        for row in standing
        if row["registro"] == record.uid
    }
    return {**record.values, **own}

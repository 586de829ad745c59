"""Putting a staged delivery in force, inside the caller's transaction, with how things stood kept for the way back."""

import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

import uuid6
from sqlalchemy import Connection

from db.queries import corrections, imports
from db.queries import records as rows
from peti_desktop.consolidation.decisions import MOVED, RETIRE, Decision
from peti_desktop.editing import Act, Editor
from peti_desktop.intake.settle import Moved
from peti_desktop.intake.stage import CHANGED, NEW, OWNER, RETIRED, Item, Key
from peti_desktop.records import TYPES
from peti_desktop.records.record import columns, from_row, stored_text
from peti_desktop.workspace import Workspace

ITS_OWN_DOING = "La dependencia lo corrigió"
"""Why a correction was lifted by itself."""


@dataclass(slots=True)
class Before:
    """How things stood: rows that are about to change, by table, and the keys of those that are about to be made."""

    changed: dict[str, list[Mapping[str, Any]]] = field(default_factory=dict)
    born: dict[str, list[list[str]]] = field(default_factory=dict)

    def change(self, table: str, found: Iterable[Mapping[str, Any]]) -> None:
        """These rows will change."""
        self.changed.setdefault(table, []).extend(found)

    def bear(self, table: str, keys: Iterable[Sequence[str]]) -> None:
        """These rows will be made."""
        self.born.setdefault(table, []).extend(list(key) for key in keys)

    def uids(self) -> set[str]:
        """The records that are touched."""
        named = {str(row["uid"]) for name in TYPES for row in self.changed.get(name, ())}
        named |= {str(row["registro"]) for name in ("correccion", "duda") for row in self.changed.get(name, ())}
        return named | {key[0] for name in TYPES for key in self.born.get(name, ())}


@dataclass(frozen=True, slots=True)
class Import:
    """A delivery that is being accepted: by whom, when, and its stored row."""

    ws: Workspace
    connection: Connection
    row: Mapping[str, Any]
    when: datetime
    before: Before = field(default_factory=Before)

    @property
    def sha256(self) -> str:
        """The file."""
        return str(self.row["sha256"])

    @property
    def who(self) -> str:
        """Who accepts it."""
        return self.ws.info.who

    def editor(self) -> Editor:
        """For changes that follow from those of the delivery."""
        return Editor(self.ws.catalogues, self.when, self.who, self.ws.info)


def put_in_force(task: Import, items: Iterable[Item]) -> None:
    """Store what the items would do, and what it means for the corrections of the office."""
    taken = [item for item in items if item.incoming is not None and item.effect]
    _lift_or_doubt(task, [moved for item in taken for moved in item.moved])
    _store(task, [item for item in taken if item.effect in {NEW, CHANGED, RETIRED}])


def decide_missing(task: Import, decided: Mapping[Key, Decision]) -> None:
    """Take out of force, or hand to another dependencia, records that the delivery does not bring any more."""
    done: set[Key] = set()
    for (name, uid), decision in decided.items():
        if decision.what not in {RETIRE, MOVED}:
            continue
        family = [(name, uid), *_children(task.connection, name, [uid])]
        for type_name, own in family:
            found = rows.one(task.connection, type_name, own)
            if found is None or (type_name, own) in done:
                continue
            done.add((type_name, own))
            task.before.change(type_name, [found])
            if decision.what == RETIRE:
                _retire(task, type_name, found, decision.reason)
            else:
                _move(task, type_name, found, decision)
    _rate_owners_again(task, [key for key, decision in decided.items() if decision.what == RETIRE])


def _rate_owners_again(task: Import, retired: Iterable[Key]) -> None:
    """A control that goes out of force alone weighs no more in its risk."""
    for name, uid in retired:
        record_type = TYPES[name]
        if not record_type.parent:
            continue
        found = rows.one(task.connection, name, uid)
        owners = [found[record_type.parent]] if found is not None else []
        standing = rows.named(task.connection, record_type[record_type.parent].links, "uid", owners, retired=False)
        _follow(task, record_type[record_type.parent].links, standing)


def _retire(task: Import, name: str, found: Mapping[str, Any], reason: str) -> None:
    stamp = {"retirado": reason, "cambiado_en": task.when, "cambiado_por": task.who}
    rows.change_many(task.connection, name, [(found["uid"], found["revision"], stamp)])
    _remember_one(task, name, found["uid"], "retirar", "", found["retirado"], reason)


def _move(task: Import, name: str, found: Mapping[str, Any], decision: Decision) -> None:
    stamp = {"dependencia": decision.to, "cambiado_en": task.when, "cambiado_por": task.who}
    rows.change_many(task.connection, name, [(found["uid"], found["revision"], stamp)])
    _remember_one(task, name, found["uid"], "mover", "dependencia", found["dependencia"], decision.to)


def _remember_one(
    task: Import, name: str, uid: str, action: str, field_name: str, before: str | None, after: str | None
) -> None:
    entry = {"cuando": task.when, "quien": task.who, "tipo": name, "uid": uid, "accion": action, "campo": field_name}
    rows.remember(task.connection, [entry | {"antes": before, "despues": after, "entrega": task.sha256}])


def _children(connection: Connection, name: str, uids: Sequence[str]) -> list[Key]:
    return [
        (child.name, row["uid"])
        for child in TYPES.values()
        if child.parent and child[child.parent].links == name
        for row in rows.named(connection, child.name, child.parent, uids, retired=False)
    ]


def _lift_or_doubt(task: Import, moved: Sequence[Moved]) -> None:
    if not moved:
        return
    wanted = {each.uid: each for each in moved}
    for row in corrections.by_uid(task.connection, wanted):
        task.before.change("correccion", [row])
        each = wanted[row["uid"]]
        if each.again:
            _put_again(task, row, each)
        elif each.lifted:
            # What was declared stays beside it: should the dependencia go back to that, the correction asks again.
            why = f"{ITS_OWN_DOING} en la entrega n.º {task.row['numero']}."
            said = {"levantada_en": task.when, "levantada_por": task.row["firmante"], "levantada_motivo": why}
            corrections.change(task.connection, row["uid"], said | {"levantada_acto": None})
        else:
            said = {"declarado": stored_text(each.declared), "por_confirmar": True, "confirmada_acto": None}
            corrections.change(task.connection, row["uid"], said)


def _put_again(task: Import, row: Mapping[str, Any], moved: Moved) -> None:
    """A correction that was needless is in force again, as a new one: the old one tells that it was."""
    fresh: dict[str, Any] = {name: None for name in row if name.startswith(("levantada_", "confirmada_"))}
    fresh |= {"uid": str(uuid6.uuid7()), "declarado": stored_text(moved.declared), "cuando": task.when, "acto": None}
    fresh["por_confirmar"] = True
    task.before.bear("correccion", [[fresh["uid"]]])
    corrections.add(task.connection, [{**row, **fresh}])


def _store(task: Import, items: Sequence[Item]) -> None:
    new: dict[str, list[dict[str, Any]]] = {}
    changed: dict[str, list[tuple[str, int, dict[str, Any]]]] = {}
    history: list[dict[str, Any]] = []
    known = {item.key: item.stored for item in items if item.stored is not None}
    item_unit = str(task.row["dependencia"])
    for item in items:
        assert item.incoming is not None
        before = known.get(item.key)
        columns_now = _columns(item, task)
        if before is not None and before["dependencia"] in task.ws.catalogues.became("dependencia", item_unit):
            columns_now["dependencia"] = before["dependencia"]  # it moved on, and comes once more under the old name
        if before is None:
            born = {"uid": item.uid, "revision": item.incoming.revision, "creado_en": task.when}
            created = {"creado_por": columns_now["cambiado_por"]}
            new.setdefault(item.type, []).append(columns_now | born | created)
        else:
            changed.setdefault(item.type, []).append((item.uid, before["revision"], columns_now))
        history.extend(_history(item, before, task))
    for name, born_rows in new.items():
        task.before.bear(name, [[row["uid"]] for row in born_rows])
        rows.add(task.connection, name, born_rows)
    for name, changes in changed.items():
        task.before.change(name, [known[name, uid] for uid, _, _ in changes])
        rows.change_many(task.connection, name, changes)
    rows.remember(task.connection, history)
    _touch_owners(task, items)


def _touch_owners(task: Import, items: Sequence[Item]) -> None:
    """A record that is not taken itself follows what was taken of what belongs to it (a risk's controls)."""
    taken = {item.uid for item in items}
    owners: dict[str, set[str]] = {}
    for item in items:
        assert item.incoming is not None
        if parent := TYPES[item.type].parent:
            owner = str(item.incoming.values[parent])
            if owner not in taken:
                owners.setdefault(TYPES[item.type][parent].links, set()).add(owner)
    for name, uids in owners.items():
        _follow(task, name, rows.named(task.connection, name, "uid", sorted(uids)))


def _follow(task: Import, name: str, found: Sequence[Mapping[str, Any]]) -> None:
    """Compute these records anew, after what belongs to them changed."""
    task.before.change(name, found)
    unchanged: dict[str, Any] = {}
    Act(task.connection, task.editor(), "").set_many(name, {row["uid"]: unchanged for row in found})


def _columns(item: Item, task: Import) -> dict[str, Any]:
    incoming = item.incoming
    assert incoming is not None
    return columns(TYPES[item.type], incoming.values) | {
        "dependencia": task.row["dependencia"],
        "ejemplo": incoming.example,
        "retirado": incoming.retired,
        "cambiado_en": task.when,
        "cambiado_por": task.row["firmante"],
        "entrega": task.sha256,
        "hoja": incoming.sheet,
        "fila": incoming.row,
    }


def _history(item: Item, before: Mapping[str, Any] | None, task: Import) -> list[dict[str, Any]]:
    base = {
        "cuando": task.when,
        "quien": task.row["firmante"],
        "tipo": item.type,
        "uid": item.uid,
        "entrega": task.sha256,
    }
    incoming = item.incoming
    assert incoming is not None
    # A record's first values stand in the delivery that brought them; only later changes are kept field by field.
    if before is None:
        return [base | {"accion": item.effect, "campo": "", "antes": None, "despues": incoming.retired}]
    found = []
    if item.effect == RETIRED:
        found.append(base | {"accion": RETIRED, "campo": "", "antes": None, "despues": incoming.retired})
    if incoming.retired is None and before["retirado"] is not None:
        found.append(base | {"accion": "restaurar", "campo": "", "antes": before["retirado"], "despues": None})
    kept = from_row(TYPES[item.type], before).values
    for change in item.changes:
        if change.field == OWNER:
            moved = {"accion": "mover", "campo": OWNER, "antes": before[OWNER], "despues": task.row["dependencia"]}
            found.append(base | moved)
            continue
        then, now = stored_text(kept[change.field]), stored_text(incoming.values[change.field])
        found.append(base | {"accion": CHANGED, "campo": change.field, "antes": then, "despues": now})
    return found


def images(task: Import) -> list[dict[str, Any]]:
    """How things stood, for ``undo_last``: what is kept of an import but for its lot and mark."""
    base = {"entrega": task.sha256, "cuando": task.when, "quien": task.who}
    found = []
    for name in dict.fromkeys([*task.before.changed, *task.before.born]):
        changed, born = task.before.changed.get(name, []), task.before.born.get(name, [])
        if changed or born:
            told = {"antes": imports.image(name, changed), "nacidos": json.dumps(born, ensure_ascii=False)}
            found.append(base | {"tabla": name} | told)
    return found

"""Deciding about the rows of a delivery one by one: what is taken, what waits and why, what became of the missing."""

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING, Any

from sqlalchemy import Connection

from db.queries import decisions as stored
from peti_desktop.errors import UserError
from peti_desktop.records import TYPES

if TYPE_CHECKING:
    from peti_desktop.intake.stage import Item, Key, Staging
    from peti_desktop.workspace import Workspace

ACCEPT, GIVE_BACK, REJECT, WAIT = "aceptar", "devolver", "rechazar", "esperar"
"""What may be decided about a row of the file."""
ALONG = "acompañar"
"""What the program decides about a row that belongs to one that is not taken: it waits with it."""
HELD = frozenset({GIVE_BACK, REJECT, WAIT, ALONG})
"""What leaves a row of the file out of force."""
RETIRE, FORGOTTEN, MOVED, KEEP = "retirar", "olvido", "mover", "mantener"
"""What may be decided about a record that is missing from the file: it went out of force, it was forgotten and is asked
for, it passed to another dependencia, or it stays and nobody asks again."""

OF_ROWS, OF_MISSING = frozenset({ACCEPT, GIVE_BACK, REJECT, WAIT}), frozenset({RETIRE, FORGOTTEN, MOVED, KEEP})
NEEDS_REASON = frozenset({GIVE_BACK, REJECT, WAIT, RETIRE})


@dataclass(frozen=True, slots=True)
class Decision:
    """What was decided about one record; ``to`` is the code of the dependencia it passed to."""

    what: str
    reason: str = ""
    to: str = ""


@dataclass(frozen=True, slots=True)
class Waiting:
    """A row of a received file that was decided apart: what, why, who and when."""

    type: str
    uid: str
    what: str
    reason: str
    who: str
    when: datetime


@dataclass(frozen=True, slots=True)
class Plan:
    """The rows that are not taken, those that were accepted before, and what becomes of missing records."""

    left: Mapping["Key", Decision]
    before: Collection["Key"]
    missing: Mapping["Key", Decision]


def section(staging: "Staging", type_name: str, what: Decision) -> dict["Key", Decision]:
    """The same decision about every row of a section; what belongs to its records goes with them."""
    own = _with_children([type_name])
    return {item.key: what for item in staging.items if item.type in own and item.row}


def only(staging: "Staging", types: Collection[str], reason: str) -> dict["Key", Decision]:
    """Decisions that take these sections, with what belongs to them, and let the rest wait for ``reason``."""
    own = _with_children(types)
    return {item.key: Decision(WAIT, reason) for item in staging.items if item.type not in own and item.row}


def _with_children(types: Collection[str]) -> set[str]:
    return set(types) | {name for name, t in TYPES.items() if t.parent and t[t.parent].links in types}


def waiting(ws: "Workspace", sha256: str) -> list[Waiting]:
    """The rows of a file that were decided apart and are not accepted (yet)."""
    with ws.read() as connection:
        found = stored.of(connection, sha256)
    return [
        Waiting(row["tipo"], row["registro"], row["decision"], row["motivo"], row["quien"], row["cuando"])
        for row in found
        if row["decision"] != ACCEPT
    ]


def plan(items: Iterable["Item"], said: Mapping["Key", Decision] | None, earlier: Iterable[dict[str, Any]]) -> Plan:
    """What to do with every record of a delivery.

    Rows nobody names are taken; of a delivery that was accepted in part, only those that were waiting. Without ``said``
    everything that waits is taken, save what was rejected. What belongs to a record that is not taken waits with it.
    Raises UserError for a decision that does not fit its record, or lacks its reason.
    """
    items = list(items)
    named = dict(said or {})
    known = {item.key: item for item in items}
    for key, each in named.items():
        _refuse_unfit(known.get(key), each)
    old = {(row["tipo"], row["registro"]): Decision(row["decision"], row["motivo"]) for row in earlier}
    apart = {key: decision for key, decision in old.items() if decision.what in {*OF_ROWS, ALONG}}
    left: dict[Key, Decision] = {}
    before: set[Key] = set()
    for item in (item for item in items if item.row):
        decision = named.get(item.key)
        if decision is None and apart:
            waits = apart.get(item.key, Decision(ACCEPT))
            if waits.what == ACCEPT:
                before.add(item.key)
                continue
            if waits.what != ALONG and (said is not None or waits.what == REJECT):
                decision = waits
        if decision is not None and decision.what != ACCEPT:
            left[item.key] = decision
    _take_along(items, left)
    missing = {item.key: named[item.key] for item in items if not item.row and item.key in named}
    gone = {uid: decision for (_name, uid), decision in missing.items() if decision.what in {RETIRE, MOVED}}
    # What belongs to a record that goes goes with it, and nobody is asked about it again.
    along = {item.key: gone[item.parent] for item in items if not item.row and item.parent in gone}
    return Plan(left, before, along | missing)


def _take_along(items: Iterable["Item"], left: dict["Key", Decision]) -> None:
    kinds = {GIVE_BACK, REJECT, WAIT}
    owners = {uid: decision for (_name, uid), decision in left.items() if decision.what in kinds}
    for item in items:
        if item.parent in owners and item.row and item.key not in left:
            left[item.key] = Decision(ALONG, owners[item.parent].reason)


def _refuse_unfit(item: "Item | None", decision: Decision) -> None:
    if item is None:
        raise UserError("Ese registro no está en esta entrega.", "Ábrala de nuevo y decida otra vez.")
    if decision.what not in (OF_ROWS if item.row else OF_MISSING):
        raise UserError(f"«{decision.what}» no es una decisión para {item.headline}.", "Escoja otra.")
    if decision.what in NEEDS_REASON and not decision.reason.strip():
        raise UserError(f"Falta el motivo de {decision.what} {item.headline}.", "Escríbalo: le llega a la dependencia.")
    if decision.what == MOVED and not decision.to:
        raise UserError(f"Falta decir a qué dependencia pasó {item.headline}.", "Escójala de la lista.")


def rows(
    sha256: str, decided: Mapping["Key", Decision], taken: Iterable["Key"], who: str, when: datetime
) -> list[dict[str, Any]]:
    """The rows of the table: what was decided apart, and what was waiting and is taken now."""
    everything = {**dict.fromkeys(taken, Decision(ACCEPT)), **decided}
    return [
        {
            "sha256": sha256,
            "tipo": name,
            "registro": uid,
            "decision": decision.what,
            "motivo": decision.reason if not decision.to else f"{decision.to} {decision.reason}".strip(),
            "quien": who,
            "cuando": when,
        }
        for (name, uid), decision in everything.items()
    ]


def remember(connection: Connection, found: list[dict[str, Any]]) -> None:
    """Keep decisions, in the place of earlier ones about the same rows."""
    stored.put(connection, found)

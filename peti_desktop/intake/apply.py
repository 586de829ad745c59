"""Deciding about a delivery: accept it whole or in part in one transaction, or reject it."""

import json
import time
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from typing import Any

import uuid6
from sqlalchemy import Connection

from db.queries import decisions as decided
from db.queries import deliveries, imports
from db.store import NAMES_STAMP
from peti_desktop import binnacle
from peti_desktop.consolidation import decisions, doubts
from peti_desktop.consolidation.decisions import FORGOTTEN, KEEP, Decision, Plan
from peti_desktop.consolidation.undoing import undo_last
from peti_desktop.copies import BEFORE_RECEIVING, keep, room_of
from peti_desktop.delivery.reading import Delivery
from peti_desktop.errors import Cancelled, UserError
from peti_desktop.intake import storing
from peti_desktop.intake.examine import trust_of
from peti_desktop.intake.inbox import must_be_office
from peti_desktop.intake.receipt import ACCEPTED, HOLDS, OPEN, PARTLY, RECEIVED, REJECTED, REPLACED, Receipt
from peti_desktop.intake.stage import Item, Key, Staging, against, stage
from peti_desktop.intake.stored import from_row, landed, looked_at, proven, verdict_columns
from peti_desktop.intake.storing import Import
from peti_desktop.progress import Progress, silent
from peti_desktop.trust.verdict import Trust
from peti_desktop.workspace import Workspace

__all__ = ["accept", "accept_clean", "preview", "reject", "undo_last"]

IN_FORCE, EARLIER = "vigente", "anterior"
"""What a delivery is compared with: what is in force, or what its dependencia declared in the delivery before."""

AT_ONCE_SECONDS = 0.5
"""For so long a batch goes on in one transaction, in which others who write wait."""

COPY_MINUTES = 10
"""Within so many minutes one copy serves several acceptances, when nobody changed a record by hand since."""


def preview(ws: Workspace, sha256: str, against: str = IN_FORCE) -> Staging:
    """What accepting a received delivery would do now, or with ``EARLIER`` what it says otherwise than the one before.

    Of one that was accepted in part, the rows that wait are shown beside those that are in force already.
    """
    with ws.read() as connection:
        row = deliveries.whole(connection, sha256)
        delivery, staging = proven(looked_at(ws, connection, row))
        return staging if against == IN_FORCE else _against_earlier(ws, connection, row, delivery)


def _against_earlier(ws: Workspace, connection: Connection, row: Mapping[str, Any], delivery: Delivery) -> Staging:
    before = deliveries.previous(connection, row["dependencia"], row["vigencia"], row["numero"])
    earlier = None
    if before is not None:
        earlier = proven(looked_at(ws, connection, deliveries.whole(connection, before["sha256"])))[0]
    return against(ws, delivery, earlier)


def accept(ws: Workspace, sha256: str, decided: Mapping[Key, Decision] | None = None) -> Staging:
    """Take a received delivery into the consolidation, in one transaction. Gives what was done.

    ``decided`` says apart about rows (``consolidation.decisions``): those that are not accepted wait with their reason,
    and the delivery is accepted in part; without it all of it is taken. Doubtful records are taken as declared, save
    those of another dependencia; values that came empty, corrections of the office and missing records stay in force,
    and the queue of doubts asks about them. A delivery accepted in part may be accepted again: more of it is taken.

    A copy of the store is kept before. Raises UserError when it was decided before, when a decision does not fit its
    row, and when something about the whole file holds it that nobody was shown yet, such as a newer delivery accepted
    meanwhile: whoever decides has seen why it waits.
    """
    must_be_office(ws)
    _copy_before(ws)
    with _batch(ws, str(uuid6.uuid7())) as batch:
        done, surprise = _take(batch, _undecided(batch.connection, sha256), decided)
    if done is None:
        raise UserError(
            f"Las cosas cambiaron desde que se revisó esta entrega. {surprise}", "Revísela y decida de nuevo."
        )
    return done


@dataclass(frozen=True, slots=True)
class _Batch:
    """Deliveries that are accepted in one transaction: whom it trusts, and what is written once when it ends.

    ``images`` are how things stood, for ``undo_last``; ``log`` is for the log of decisions.
    """

    ws: Workspace
    connection: Connection
    lot: str
    trust: Trust
    images: list[dict[str, Any]] = field(default_factory=list)
    log: list[binnacle.Entry] = field(default_factory=list)


@contextmanager
def _batch(ws: Workspace, lot: str) -> Iterator[_Batch]:
    with ws.write() as connection:
        batch = _Batch(ws, connection, lot, trust_of(connection))
        yield batch
        if batch.images:
            mark = imports.mark(connection)
            imports.keep(connection, lot, [image | {"marca": mark} for image in batch.images])
        binnacle.write_all(connection, batch.log)


def _take(
    batch: _Batch, row: dict[str, Any], wanted: Mapping[Key, Decision] | None = None, *, only_clean: bool = False
) -> tuple[Staging | None, str]:
    """Accept a delivery as things stand now, or leave it waiting and give the sentence that holds it.

    What it says about itself is looked at again within the transaction: other deliveries may have come or been decided.
    """
    ws, connection, sha256 = batch.ws, batch.connection, row["sha256"]
    found = looked_at(ws, connection, row, batch.trust)
    shown = {code for code, *_ in json.loads(row["motivos"])}
    receipt = replace(found.receipt, state=RECEIVED, reasons=(*found.receipt.reasons, *landed(row)))
    new = [reason.sentence for reason in receipt.reasons if reason.code in HOLDS and reason.code not in shown]
    verdict = verdict_columns(receipt) if row["estado"] == RECEIVED else {}
    if new or (only_clean and not receipt.clean):
        if verdict:
            deliveries.decide(connection, sha256, verdict)
        return None, " ".join(new)
    delivery, whole = proven(found)
    earlier = decided.of(connection, sha256)
    plan = decisions.plan(whole.items, wanted, earlier)
    left = {*plan.left, *plan.before}
    done = stage(ws, connection, delivery, left) if left else whole
    if plan.left and not any(item.row for item in done.items):
        raise UserError("No queda ningún registro por aceptar.", "Devuelva o rechace la entrega con su motivo.")
    task = Import(ws, connection, row, ws.clock())
    said_of_it = _apply(task, done, plan, earlier)
    state = PARTLY if plan.left else ACCEPTED
    batch.log.append(_decide(ws, connection, row, state, task.when, said_of_it, verdict))
    batch.images.extend(storing.images(task))
    return done, ""


def _apply(task: Import, done: Staging, plan: Plan, earlier: Sequence[Mapping[str, Any]]) -> dict[str, Any]:
    """Put a delivery in force; gives what the log tells of it."""
    connection, row = task.connection, task.row
    storing.put_in_force(task, done.items)
    storing.decide_missing(task, plan.missing)
    _keep_decisions(task, done, plan, {(old["tipo"], old["registro"]): old for old in earlier})
    _follow_doubts(task, done, plan)
    replaced = deliveries.accepted_others(connection, row["dependencia"], row["vigencia"], task.sha256)
    task.before.change("entrega_recibida", [*replaced, row])
    deliveries.decide_many(connection, [other["sha256"] for other in replaced], {"estado": REPLACED})
    task.before.change("acto", imports.overtake(connection, task.before.uids()))
    detail: dict[str, Any] = {"conteos": done.counts}
    if plan.left:
        detail["esperan"] = [[*key, decision.what, decision.reason] for key, decision in plan.left.items()]
    if plan.missing:
        detail["ausentes"] = [[*key, d.what, d.reason, d.to] for key, d in plan.missing.items()]
    return detail


def _keep_decisions(task: Import, done: Staging, plan: Plan, earlier: Mapping[Key, Mapping[str, Any]]) -> None:
    taken = [item.key for item in done.items if item.row and item.key in earlier]
    new = {key: d for key, d in {**plan.left, **plan.missing}.items() if not _same(earlier.get(key), d)}
    kept = decisions.rows(task.sha256, new, taken, task.who, task.when)
    keys = [(row["tipo"], row["registro"]) for row in kept]
    task.before.change("decision", [earlier[key] for key in keys if key in earlier])
    task.before.bear("decision", [[task.sha256, *key] for key in keys if key not in earlier])
    decided.put(task.connection, kept)


def _same(row: Mapping[str, Any] | None, decision: Decision) -> bool:
    return row is not None and (row["decision"], row["motivo"]) == (decision.what, decision.reason)


def _follow_doubts(task: Import, done: Staging, plan: Plan) -> None:
    asked = [each for item in done.items for each in _asked(item, plan.missing.get(item.key))]
    looked_at = {item.uid for item in done.items}
    lifted = {(item.uid, moved.field) for item in done.items for moved in item.moved if moved.lifted}
    waits = {uid for _name, uid in (*plan.left, *plan.before)}
    kin = task.ws.catalogues.relatives("dependencia", task.row["dependencia"])
    queue = doubts.follow(task.connection, asked, looked_at, lifted, task.row, task.when, kin=kin, waits=waits)
    keeps = [each for item in done.items if _kept(plan, item) for each in _asked(item, None)]
    answered = doubts.answer(task.connection, keeps, doubts.KEEP, task.row, task.who, task.when)
    task.before.change("duda", queue.before)
    task.before.bear("duda", [[uid] for uid in (*queue.opened, *answered)])


def _kept(plan: Plan, item: Item) -> bool:
    decision = plan.missing.get(item.key)
    return decision is not None and decision.what == KEEP


def _asked(item: Item, decision: Decision | None) -> list[doubts.Asked]:
    """What accepting a record leaves open; what was decided about a missing one is open no more, save when asked."""
    if decision is not None and decision.what != FORGOTTEN:
        return []
    note = "" if decision is None else decision.reason or "Se olvidó: se le preguntó a la dependencia."
    return [doubts.Asked(item.type, item.uid, each.field, each.kind, each.text, note) for each in item.questions]


def reject(ws: Workspace, sha256: str, reason: str) -> None:
    """Set a received delivery aside, with a reason; the file stays as it was received."""
    must_be_office(ws)
    with ws.write() as connection:
        row = _undecided(connection, sha256)
        if row["estado"] == PARTLY:
            raise UserError("Parte de esta entrega ya se aceptó.", "Rechace uno por uno los registros que esperan.")
        told = [*json.loads(row["motivos"]), [REJECTED, reason, ws.info.who]]
        said = {"motivos": json.dumps(told, ensure_ascii=False)}
        entry = _decide(ws, connection, row, REJECTED, ws.clock(), {"motivo": reason}, said)
        binnacle.write_all(connection, [entry])


def accept_clean(ws: Workspace, receipts: Iterable[Receipt], progress: Progress = silent) -> list[Receipt]:
    """Accept those nobody has to look at, in the order of their numbers; the others wait. A copy is kept before.

    Each is looked at again before it is taken, for the one before may have changed what it does; one whose stored bytes
    were damaged says so from then on, and stops nobody. Gives the accepted ones as they stand afterwards. Cancelling
    leaves whole deliveries; ``undo_last`` takes the whole batch back.
    """
    must_be_office(ws)
    once = {receipt.sha256: receipt for receipt in receipts if receipt.clean}
    clean = sorted(once.values(), key=lambda r: (r.dependencia, r.vigencia, r.number))
    if clean:
        _copy_before(ws)
    lot, accepted = str(uuid6.uuid7()), list[str]()
    done, stopped = 0, None
    while done < len(clean) and stopped is None:
        with _batch(ws, lot) as batch:
            until = time.monotonic() + AT_ONCE_SECONDS
            for seen in clean[done:]:
                try:
                    progress(done, len(clean), seen.file)
                except Cancelled as asked:
                    stopped = asked
                    break
                if _taken(batch, seen):
                    accepted.append(seen.sha256)
                done += 1
                if time.monotonic() >= until:
                    break
    if stopped is not None:
        raise stopped
    with ws.read() as connection:
        return [from_row(ws, row) for row in deliveries.some(connection, accepted)]


def _copy_before(ws: Workspace) -> None:
    """A copy to go back to; one of the last minutes will do, for what an import changed ``undo_last`` takes back too.

    A server's copies are its administrator's: it holds others' work too.
    """
    if not ws.store.server and not _copied_lately(ws):
        keep(ws, BEFORE_RECEIVING)


def _copied_lately(ws: Workspace) -> bool:
    made = [
        when for path in room_of(ws).glob(f"*_{BEFORE_RECEIVING}.sqlite") if (when := _made_at(path.name)) is not None
    ]
    if not made or not timedelta() <= ws.clock() - max(made) < timedelta(minutes=COPY_MINUTES):
        return False
    with ws.read() as connection:
        return not imports.acted_since(connection, max(made))


def _made_at(name: str) -> datetime | None:
    """When a copy was made, as its name tells it in Colombia's time."""
    try:
        return datetime.strptime(f"{name.partition('_')[0]} -0500", f"{NAMES_STAMP} %z")
    except ValueError:
        return None


def _taken(batch: _Batch, seen: Receipt) -> bool:
    """Whether a clean delivery was accepted; one that somebody decided or took meanwhile is left to them."""
    row = deliveries.whole(batch.connection, seen.sha256)
    if row["estado"] != RECEIVED or (row["asignada_a"] or "") != seen.assigned_to:
        return False
    return _take(batch, row, only_clean=True)[0] is not None


def _undecided(connection: Connection, sha256: str) -> dict[str, Any]:
    row = deliveries.whole(connection, sha256)
    if row["estado"] not in OPEN:
        raise UserError(f"Esa entrega ya está {row['estado']}.", "Actualice la bandeja para ver su estado.")
    return row


def _decide(
    ws: Workspace,
    connection: Connection,
    row: Mapping[str, Any],
    state: str,
    when: datetime,
    detail: dict[str, Any],
    beside: Mapping[str, Any],
) -> binnacle.Entry:
    """Set the state of a delivery, and what else changes of it; gives what the log tells of that."""
    decided = {"estado": state, "decidida_en": when, "decidida_por": ws.info.who}
    deliveries.decide(connection, row["sha256"], {**beside, **decided})
    said = {"sha256": row["sha256"], "dependencia": row["dependencia"], "numero": row["numero"], **detail}
    return binnacle.Entry(when, ws.info.who, f"entrega {state}", said)

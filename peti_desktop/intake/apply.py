"""Deciding about a delivery: accept it in one transaction, reject it, confirm an unknown signer."""

import json
from collections.abc import Iterable
from dataclasses import replace
from datetime import datetime
from pathlib import Path
from typing import Any

from sqlalchemy import Connection

from db.queries import deliveries, space
from db.queries import records as rows
from peti_desktop import binnacle
from peti_desktop.copies import BEFORE_RECEIVING, keep
from peti_desktop.delivery.reading import Delivery
from peti_desktop.errors import UserError
from peti_desktop.files import read_limited
from peti_desktop.intake.examine import Examined, assess, trust_of
from peti_desktop.intake.inbox import from_row, must_be_office, verdict_columns
from peti_desktop.intake.receipt import ACCEPTED, HOLDS, RECEIVED, REJECTED, REPLACED, Receipt
from peti_desktop.intake.stage import CHANGED, NEW, RETIRED, Item, Staging
from peti_desktop.progress import Progress, silent
from peti_desktop.records import TYPES
from peti_desktop.records.record import columns, stored_text
from peti_desktop.trust import signature
from peti_desktop.trust.container import MAX_FILE_BYTES
from peti_desktop.trust.verdict import Status
from peti_desktop.workspace import Workspace


def preview(ws: Workspace, sha256: str) -> Staging:
    """What accepting a received delivery would do now."""
    with ws.read() as connection:
        row = deliveries.received(connection, sha256=sha256)[0]
        return _proven(_assessed(ws, connection, row))[1]


def accept(ws: Workspace, sha256: str) -> Staging:
    """Take a received delivery into the consolidation: all of it or nothing. Gives what was done.

    Doubtful records are taken as declared, save those of another dependencia; missing ones stay in force. A copy of the
    store is kept before. Raises UserError when it was decided before, and when something about the whole file holds it
    that nobody was shown yet, such as a newer delivery accepted meanwhile: whoever decides has seen why it waits.
    """
    must_be_office(ws)
    _copy_before(ws)
    done, surprise = _take(ws, sha256, only_clean=False)
    if done is None:
        raise UserError(
            f"Las cosas cambiaron desde que se revisó esta entrega. {surprise}", "Revísela y decida de nuevo."
        )
    return done


def _take(ws: Workspace, sha256: str, *, only_clean: bool) -> tuple[Staging | None, str]:
    """Accept a delivery as things stand now, or leave it waiting and give the sentence that holds it.

    What it says about itself is looked at again within the transaction: other deliveries may have come or been decided.
    """
    with ws.write() as connection:
        row = _undecided(connection, sha256)
        found = _assessed(ws, connection, row)
        _delivery, done = _proven(found)
        receipt = replace(found.receipt, state=RECEIVED)
        shown = {reason[0] for reason in json.loads(row["motivos"])}
        new = [reason.sentence for reason in receipt.reasons if reason.code in HOLDS and reason.code not in shown]
        deliveries.decide(connection, sha256, verdict_columns(receipt))
        if new or (only_clean and not receipt.clean):
            return None, " ".join(new)
        when = ws.clock()
        _store(connection, done, row, when)
        for older in deliveries.received(connection, dependencia=row["dependencia"], vigencia=row["vigencia"]):
            if older["estado"] == ACCEPTED:
                deliveries.decide(connection, older["sha256"], {"estado": REPLACED})
        _decide(ws, connection, row, ACCEPTED, when, {"conteos": done.counts})
    return done, ""


def reject(ws: Workspace, sha256: str, reason: str) -> None:
    """Set a received delivery aside, with a reason; the file stays as it was received."""
    must_be_office(ws)
    with ws.write() as connection:
        row = _undecided(connection, sha256)
        told = [*json.loads(row["motivos"]), ["rechazada", f"Se rechazó: {reason}", ws.info.who]]
        deliveries.decide(connection, sha256, {"motivos": json.dumps(told, ensure_ascii=False)})
        _decide(ws, connection, row, REJECTED, ws.clock(), {"motivo": reason})


def accept_clean(ws: Workspace, receipts: Iterable[Receipt], progress: Progress = silent) -> list[Receipt]:
    """Accept those nobody has to look at, in the order of their numbers; the others wait. A copy is kept before.

    Each is looked at again before it is taken, for the one before may have changed what it does. Gives the accepted
    ones as they stand afterwards. Cancelling leaves whole deliveries.
    """
    must_be_office(ws)
    once = {receipt.sha256: receipt for receipt in receipts if receipt.clean}
    clean = sorted(once.values(), key=lambda r: (r.dependencia, r.vigencia, r.number))
    if clean:
        _copy_before(ws)
    accepted = []
    for done, receipt in enumerate(clean):
        progress(done, len(clean), receipt.file)
        if _taken(ws, receipt.sha256):
            accepted.append(receipt.sha256)
    with ws.read() as connection:
        return [from_row(ws, deliveries.received(connection, sha256=sha256)[0]) for sha256 in accepted]


def _copy_before(ws: Workspace) -> None:
    """A copy to go back to. A server's copies are its administrator's: it holds others' work too."""
    if not ws.store.server:
        keep(ws, BEFORE_RECEIVING)


def _taken(ws: Workspace, sha256: str) -> bool:
    """Whether a clean delivery was accepted; one that somebody decided meanwhile is left to them."""
    try:
        return _take(ws, sha256, only_clean=True)[0] is not None
    except UserError:
        with ws.read() as connection:
            if deliveries.received(connection, sha256=sha256)[0]["estado"] == RECEIVED:
                raise
        return False


def confirm_signer(ws: Workspace, path: Path, fingerprint: str = "") -> str:
    """Confirm the key that signed ``path`` after comparing its fingerprint with the paper. Gives the fingerprint.

    ``fingerprint`` is the one that was compared. Raises UserError when the file does not carry a sound signature of an
    unknown signer, or carries another key's by now.
    """
    must_be_office(ws)
    data = read_limited(path, MAX_FILE_BYTES)
    with ws.write() as connection:
        found = signature.verify(data, trust_of(connection), ws.clock())
        signer = found.signer
        if fingerprint and (signer is None or signer.fingerprint != fingerprint):
            raise UserError(
                f"El archivo «{path.name}» ya no es el que se revisó.", "Agréguelo de nuevo y compare su huella."
            )
        if found.status is not Status.DESCONOCIDA or signer is None:
            raise UserError("No hay un firmante por confirmar en este archivo.", "Recíbalo de nuevo en la bandeja.")
        row = {
            "huella": signer.key_id,
            "dependencia": signer.dependencia,
            "nombre": signer.nombre,
            "cargo": signer.cargo,
            "certificado": signer.certificate,
            "desde": ws.clock(),
            "anulado_en": None,
            "motivo": None,
        }
        space.add_signer(connection, row)
        said = {key: row[key] for key in ("huella", "dependencia", "nombre", "cargo")}
        binnacle.write(connection, ws.clock(), ws.info.who, "confirmar firmante", said)
    return signer.fingerprint


def _undecided(connection: Connection, sha256: str) -> dict[str, Any]:
    row = deliveries.received(connection, sha256=sha256)[0]
    if row["estado"] != RECEIVED:
        raise UserError(f"Esa entrega ya está {row['estado']}.", "Actualice la bandeja para ver su estado.")
    return row


def _decide(
    ws: Workspace, connection: Connection, row: dict[str, Any], state: str, when: datetime, detail: dict[str, Any]
) -> None:
    decided = {"estado": state, "decidida_en": when, "decidida_por": ws.info.who}
    deliveries.decide(connection, row["sha256"], decided)
    said = {"sha256": row["sha256"], "dependencia": row["dependencia"], "numero": row["numero"], **detail}
    binnacle.write(connection, when, ws.info.who, f"entrega {state}", said)


def _assessed(ws: Workspace, connection: Connection, row: dict[str, Any]) -> Examined:
    """The stored bytes, verified again as of the day they came: nothing is read that is not proven."""
    data = deliveries.content(connection, row["sha256"])
    if data is None:
        raise LookupError(row["sha256"])
    return assess(ws, connection, row["nombre"], data, at=row["recibida_en"])


def _proven(found: Examined) -> tuple[Delivery, Staging]:
    if found.delivery is None or found.staging is None:
        raise UserError(
            "El archivo guardado de esta entrega ya no coincide con su firma.",
            "Avise a quien administra el programa: el archivo de datos pudo dañarse.",
        )
    return found.delivery, found.staging


def _store(connection: Connection, done: Staging, row: dict[str, Any], when: datetime) -> None:
    new: dict[str, list[dict[str, Any]]] = {}
    changed: dict[str, list[tuple[str, int, dict[str, Any]]]] = {}
    history: list[dict[str, Any]] = []
    items = [item for item in done.items if item.effect in {NEW, CHANGED, RETIRED} and item.incoming is not None]
    known = _known(connection, items)
    for item in items:
        assert item.incoming is not None
        before = known.get((item.type, item.uid))
        columns_now = _columns(item, row, when)
        if before is None:
            born = {"uid": item.uid, "revision": item.incoming.revision, "creado_en": when}
            created = {"creado_por": columns_now["cambiado_por"]}
            new.setdefault(item.type, []).append(columns_now | born | created)
        else:
            changed.setdefault(item.type, []).append((item.uid, before["revision"], columns_now))
        history.extend(_history(item, before, row, when))
    for name, born_rows in new.items():
        rows.add(connection, name, born_rows)
    for name, changes in changed.items():
        rows.change_many(connection, name, changes)
    rows.remember(connection, history)


def _known(connection: Connection, items: list[Item]) -> dict[tuple[str, str], dict[str, Any]]:
    """What is stored of the items' records, by type and uid: asked for at once, for a server is far away."""
    return {
        (name, found["uid"]): found
        for name in TYPES
        for found in rows.named(connection, name, "uid", [item.uid for item in items if item.type == name])
    }


def _columns(item: Item, row: dict[str, Any], when: datetime) -> dict[str, Any]:
    incoming = item.incoming
    assert incoming is not None
    return columns(TYPES[item.type], incoming.values) | {
        "dependencia": row["dependencia"],
        "ejemplo": incoming.example,
        "retirado": incoming.retired,
        "cambiado_en": when,
        "cambiado_por": row["firmante"],
        "entrega": row["sha256"],
        "hoja": incoming.sheet,
        "fila": incoming.row,
    }


def _history(item: Item, before: dict[str, Any] | None, row: dict[str, Any], when: datetime) -> list[dict[str, Any]]:
    base = {
        "cuando": when,
        "quien": row["firmante"],
        "tipo": item.type,
        "uid": item.uid,
        "entrega": row["sha256"],
    }
    incoming = item.incoming
    assert incoming is not None
    # A record's first values stand in the delivery that brought them; only later changes are kept field by field.
    if before is None:
        return [base | {"accion": item.effect, "campo": "", "antes": None, "despues": incoming.retired}]
    gone = item.effect == RETIRED
    retired = [base | {"accion": RETIRED, "campo": "", "antes": None, "despues": incoming.retired}] if gone else []
    back = incoming.retired is None and before["retirado"] is not None
    restored = (
        [base | {"accion": "restaurar", "campo": "", "antes": before["retirado"], "despues": None}] if back else []
    )
    return (
        retired
        + restored
        + [
            base
            | {
                "accion": CHANGED,
                "campo": change.field,
                "antes": stored_text(before[change.field]),
                "despues": stored_text(incoming.values[change.field]),
            }
            for change in item.changes
        ]
    )

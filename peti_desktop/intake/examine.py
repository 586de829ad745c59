"""Looking at a file without storing anything: signature first, then who, which delivery, and what it would do."""

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from pathlib import Path
from typing import Any

from cryptography import x509
from sqlalchemy import Connection

from db.queries import deliveries, space
from peti_desktop.catalogues import Catalogues
from peti_desktop.delivery import reading
from peti_desktop.delivery.cells import Unreadable
from peti_desktop.delivery.envelope import Envelope, code_of
from peti_desktop.delivery.reading import Delivery
from peti_desktop.errors import UserError
from peti_desktop.files import read_limited
from peti_desktop.intake import explain
from peti_desktop.intake.receipt import ACCEPTED, RECEIVED, REPLACED, Receipt
from peti_desktop.intake.stage import Staging, stage
from peti_desktop.trust import signature
from peti_desktop.trust.container import MAX_FILE_BYTES
from peti_desktop.trust.verdict import Reason, Status, Trust, Verification
from peti_desktop.workspace import Workspace


@dataclass(frozen=True, slots=True)
class Examined:
    """A file that was looked at. ``delivery`` and ``staging`` are there when its content may be trusted."""

    receipt: Receipt
    data: bytes
    delivery: Delivery | None = None
    staging: Staging | None = None


def trust_of(connection: Connection) -> Trust:
    """Whom this store trusts: its authorities and the keys the office confirmed or annulled."""
    signers = space.signers(connection)
    return Trust(
        authorities=tuple(x509.load_der_x509_certificate(der) for der in space.authorities(connection)),
        confirmed={row["huella"]: row["dependencia"] for row in signers},
        annulled={row["huella"]: row["anulado_en"] for row in signers if row["anulado_en"]},
    )


def examine(ws: Workspace, path: Path, *, sender: str = "") -> Examined:
    """The verdict over one file. ``sender`` is the code of the dependencia it must come from, if that is known.

    Raises UserError when the file cannot be read from the disk.
    """
    data = read_limited(path, MAX_FILE_BYTES)
    return examine_bytes(ws, path.name, data, sender=sender)


def examine_bytes(ws: Workspace, name: str, data: bytes, *, sender: str = "") -> Examined:
    """The same for bytes already in hand."""
    with ws.read() as connection:
        return assess(ws, connection, name, data, at=ws.clock(), sender=sender)


def assess(
    ws: Workspace, connection: Connection, name: str, data: bytes, *, at: datetime, sender: str = ""
) -> Examined:
    """The same within the caller's transaction, for a file that came at ``at``: what it is, and would do now."""
    found, explanation = _verified(data, trust_of(connection), at, ws.catalogues)
    receipt = _receipt(ws, name, data, found)
    if not found.accepted:
        return Examined(receipt, data)
    try:
        delivery = _read(found, explanation, ws.catalogues)
    except UserError as newer:
        return Examined(_refused(receipt, "formato_nuevo", str(newer)), data)
    except Unreadable as error:
        return Examined(_refused(receipt, "no_es_entrega", NOT_A_DELIVERY, str(error)), data)
    receipt = _with_envelope(ws, receipt, delivery)
    if borrowed := _borrowed(found, delivery, sender, ws):
        return Examined(_refused(receipt, "otra_dependencia", borrowed), data)
    staging = stage(ws, connection, delivery)
    return Examined(_complete(ws, connection, receipt, delivery, staging), data, delivery, staging)


def _verified(
    data: bytes, trust: Trust, at: datetime, catalogues: Catalogues
) -> tuple[Verification, explain.Explanation | None]:
    """The verdict about a file; a refused one is explained by its seal, which may even make it good enough."""
    found = signature.verify(data, trust, at)
    if found.parts is not None:
        return found, None
    explanation = explain.explained(data, found.reasons[0], trust, at, catalogues)
    if explanation is None:
        return found, None
    return explanation.verification or replace(found, reasons=(*found.reasons, *explanation.reasons)), explanation


def _read(found: Verification, explanation: explain.Explanation | None, catalogues: Catalogues) -> Delivery:
    if explanation is not None and explanation.delivery is not None:
        return explanation.delivery
    assert found.parts is not None
    return reading.read(found.parts, catalogues)


NOT_A_DELIVERY = "La firma es buena, pero el archivo no es una entrega de una dependencia."


def _receipt(ws: Workspace, name: str, data: bytes, found: Verification) -> Receipt:
    signer = found.signer
    return Receipt(
        file=name,
        verdict=found.status,
        reasons=found.reasons,
        sha256=hashlib.sha256(data).hexdigest(),
        signer=signer.nombre if signer else "",
        cargo=signer.cargo if signer else "",
        fingerprint=signer.fingerprint if signer else "",
        dependencia=signer.dependencia if signer else "",
        dependencia_nombre=ws.catalogues.label("dependencia", signer.dependencia) if signer else "",
        signed_at=found.signed_at,
    )


def _refused(receipt: Receipt, code: str, sentence: str, detail: str = "") -> Receipt:
    return replace(receipt, verdict=Status.NO_VALIDA, reasons=(*receipt.reasons, Reason(code, sentence, detail)))


def _with_envelope(ws: Workspace, receipt: Receipt, delivery: Delivery) -> Receipt:
    cover = delivery.envelope
    return replace(
        receipt,
        dependencia=cover.dependencia,
        dependencia_nombre=ws.catalogues.label("dependencia", cover.dependencia),
        vigencia=cover.vigencia,
        number=cover.number,
        code=cover.code,
    )


def _borrowed(found: Verification, delivery: Delivery, sender: str, ws: Workspace) -> str:
    """Why the file does not belong to who signed it or to who should have sent it; empty when it does."""
    declared, signed = delivery.envelope.dependencia, found.signer.dependencia if found.signer else ""
    named = {code: ws.catalogues.label("dependencia", code) for code in (declared, signed, sender)}
    if declared != signed:
        return f"El archivo dice ser de {named[declared]}, pero lo firmó la clave de {named[signed]}."
    if sender and sender != signed:
        return f"Se esperaba una entrega de {named[sender]} y esta es de {named[signed]}."
    return ""


def _complete(ws: Workspace, connection: Connection, receipt: Receipt, delivery: Delivery, staging: Staging) -> Receipt:
    reasons = (*receipt.reasons, *_warnings(ws, connection, receipt, delivery))
    verdict = Status.CON_AVISOS if reasons else receipt.verdict
    return replace(receipt, reasons=reasons, verdict=verdict, counts=staging.counts)


def _warnings(ws: Workspace, connection: Connection, receipt: Receipt, delivery: Delivery) -> list[Reason]:
    """Reasons about the whole file that make a person decide."""
    cover, found = delivery.envelope, []
    if cover.vigencia != ws.info.vigencia:
        found.append(
            Reason("otra_vigencia", f"Es de la vigencia {cover.vigencia} y aquí se trabaja la {ws.info.vigencia}.")
        )
    others = deliveries.received(connection, dependencia=cover.dependencia, vigencia=cover.vigencia)
    own = next((row for row in others if row["sha256"] == receipt.sha256), None)
    if own is not None and own["estado"] != RECEIVED:
        return []  # it was decided with what was known then
    for row in others:
        if row is own:
            continue
        found.extend(_chain(row, cover))
        found.extend(_went_back(row, cover, receipt))
    if code_of(cover.vigencia, cover.dependencia, cover.number, delivery.records) != cover.code:
        found.append(Reason("codigo", "El código de la portada no corresponde a los registros del archivo."))
    found.extend(_totals(cover.counts, delivery))
    return found


def _chain(row: Mapping[str, Any], cover: Envelope) -> list[Reason]:
    """How a delivery stands to one that was received before: the same, a fork of it, or older."""
    theirs, number, name = row["numero"], cover.number, str(row["nombre"])
    if theirs == number and row["codigo"] == cover.code:
        sentence = f"Esta misma entrega n.º {number} ya se recibió en otro archivo, con el mismo código {cover.code}."
        return [Reason("misma_entrega", sentence, name)]
    if theirs == number:
        sentence = (
            f"Ya se recibió otra entrega n.º {number}, distinta de esta: puede venir de dos equipos o de una copia."
        )
        return [Reason("bifurcada", sentence, name)]
    if theirs > number and row["estado"] in {ACCEPTED, REPLACED}:
        sentence = f"Es la entrega n.º {number} y ya se aceptó la n.º {theirs}: es anterior a la recibida."
        return [Reason("anterior", sentence, name)]
    return []


def _went_back(row: Mapping[str, Any], cover: Envelope, receipt: Receipt) -> list[Reason]:
    """The signer's clock is only the signer's word; the counter is not: a later number is not signed earlier."""
    before, now = row["firmada_en"], receipt.signed_at
    if now is None or row["numero"] >= cover.number or before <= now + signature.CLOCK_SLACK:
        return []
    sentence = f"Dice firmada antes que la entrega n.º {row['numero']}: el reloj de ese equipo estuvo mal."
    return [Reason("reloj_atrasado", sentence, f"{now} < {before}")]


def _totals(counts: Mapping[str, int], delivery: Delivery) -> list[Reason]:
    in_force = {name: sum(record.retired is None for record in incoming) for name, incoming in delivery.records.items()}
    if in_force == dict(counts):
        return []
    return [Reason("conteos", "Los totales de la portada no suman lo que traen las hojas.")]

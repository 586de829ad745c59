"""Looking at a file without storing anything: signature first, then who, which delivery, and what it would do."""

import hashlib
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import date, datetime
from pathlib import Path
from typing import Any

from cryptography import x509
from sqlalchemy import Connection

from db.queries import deliveries, space
from db.queries.deliveries import Around
from peti_desktop.delivery import reading
from peti_desktop.delivery.cells import MAX_ROWS, Unreadable
from peti_desktop.delivery.envelope import Envelope
from peti_desktop.delivery.reading import Delivery
from peti_desktop.errors import UserError
from peti_desktop.files import read_limited
from peti_desktop.intake import chain, explain, lately
from peti_desktop.intake.lately import Read
from peti_desktop.intake.receipt import RECEIVED, Receipt
from peti_desktop.intake.stage import Staging, stage
from peti_desktop.records.convert import decimal_text, plain
from peti_desktop.trust import signature
from peti_desktop.trust.container import MAX_FILE_BYTES
from peti_desktop.trust.verdict import Reason, Refusal, Status, Trust, Verification
from peti_desktop.workspace import Workspace


@dataclass(frozen=True, slots=True)
class Examined:
    """A file that was looked at. ``delivery`` and ``staging`` are there when its content may be trusted.

    ``known`` is the stored row of a file that was received before.
    """

    receipt: Receipt
    data: bytes
    delivery: Delivery | None = None
    staging: Staging | None = None
    known: Mapping[str, Any] | None = None


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
    ws: Workspace,
    connection: Connection,
    name: str,
    data: bytes,
    *,
    at: datetime,
    sender: str = "",
    trust: Trust | None = None,
) -> Examined:
    """The same within the caller's transaction, for a file that came at ``at``: what it is, and would do now.

    ``trust`` saves asking whom the store trusts once more within one transaction.
    """
    sha256 = hashlib.sha256(data).hexdigest()
    looked = _looked_at(ws, sha256, data, trust or trust_of(connection), at)
    receipt = _receipt(ws, name, sha256, looked.verification)
    if not looked.verification.accepted:
        return Examined(receipt, data)
    try:
        read = looked.read()
    except UserError as newer:
        return Examined(_refused(receipt, "formato_nuevo", str(newer)), data)
    except Unreadable as error:
        if str(error) == TOO_MANY:
            return Examined(_refused(receipt, "demasiadas_filas", TOO_LONG, str(error)), data)
        return Examined(_refused(receipt, "no_es_entrega", NOT_A_DELIVERY, str(error)), data)
    lately.of(ws).keep(sha256, read)
    delivery = read.delivery
    receipt = _with_envelope(ws, receipt, delivery)
    if borrowed := _borrowed(looked.verification, delivery, sender, ws):
        return Examined(_refused(receipt, "otra_dependencia", borrowed), data)
    staging = stage(ws, connection, delivery)
    cover = delivery.envelope
    around = deliveries.around(connection, sha256, cover.dependencia, cover.vigencia, cover.number)
    return Examined(_complete(ws, receipt, read, staging, around), data, delivery, staging, around.own)


@dataclass(frozen=True, slots=True)
class _Looked:
    """The verdict about a file, and how its content is read once it is accepted."""

    verification: Verification
    read: Callable[[], Read]


def _looked_at(ws: Workspace, sha256: str, data: bytes, trust: Trust, at: datetime) -> _Looked:
    """A refused file is explained by its seal, which may even make it good enough.

    The hash tells bytes that were proven and read a moment ago: the same bytes prove and say the same.
    """
    known = lately.of(ws).get(sha256)
    if known is not None and known.proof is not None:
        return _Looked(known.proof.judged(trust, at), lambda: known)
    try:
        proof, parts = signature.proven(data)
    except Refusal as refusal:
        return _explained(ws, data, refusal, trust, at)
    return _Looked(proof.judged(trust, at, parts), lambda: lately.said(reading.read(parts, ws.catalogues), proof))


def _explained(ws: Workspace, data: bytes, refusal: Refusal, trust: Trust, at: datetime) -> _Looked:
    found = Verification(Status.NO_VALIDA, (refusal.reason,))
    explanation = explain.explained(data, refusal.reason, trust, at, ws.catalogues)

    def read() -> Read:
        assert explanation is not None
        assert explanation.delivery is not None
        return lately.said(explanation.delivery, None)

    if explanation is not None:
        found = explanation.verification or replace(found, reasons=(*found.reasons, *explanation.reasons))
    return _Looked(found, read)


TOO_MANY = "too many rows"
"""What the reader of cells says of a sheet past its limit."""
TOO_LONG = (
    f"La firma es buena, pero una hoja pasa de {decimal_text(MAX_ROWS)} filas, más de lo que registra una dependencia; "
    "pida que revisen de dónde salieron esas filas."
)
NOT_A_DELIVERY = "La firma es buena, pero el archivo no es una entrega de una dependencia."


def _receipt(ws: Workspace, name: str, sha256: str, found: Verification) -> Receipt:
    signer = found.signer
    return Receipt(
        file=name,
        verdict=found.status,
        reasons=found.reasons,
        sha256=sha256,
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


def _complete(ws: Workspace, receipt: Receipt, read: Read, staging: Staging, around: Around) -> Receipt:
    reasons = (*receipt.reasons, *_warnings(ws, receipt, read, around))
    verdict = Status.CON_AVISOS if reasons else receipt.verdict
    return replace(receipt, reasons=reasons, verdict=verdict, counts=staging.counts)


def _warnings(ws: Workspace, receipt: Receipt, read: Read, around: Around) -> list[Reason]:
    """Reasons about the whole file that make a person decide."""
    cover = read.delivery.envelope
    if around.own is not None and around.own["estado"] != RECEIVED:
        return []  # it was decided with what was known then
    found = [*_elsewhere(ws, cover), *chain.stands(around, cover, receipt.signed_at)]
    if read.code != cover.code:
        found.append(Reason("codigo", "El código de la portada no corresponde a los registros del archivo."))
    found.extend(_totals(cover.counts, read.delivery))
    return found


def _elsewhere(ws: Workspace, cover: Envelope) -> Iterator[Reason]:
    """What tells that a good delivery was not made for this office, this year, or a dependencia there still is."""
    here = ws.info
    if here.entidad and plain(cover.entidad) != plain(here.entidad):
        yield Reason("otra_entidad", f"Es de otra entidad: dice «{cover.entidad}» y aquí se trabaja {here.entidad}.")
    if cover.vigencia != here.vigencia:
        sentence = f"Es de la vigencia {cover.vigencia} y aquí se trabaja la {here.vigencia}."
        yield Reason("otra_vigencia", sentence)
    entry = ws.catalogues.entry("dependencia", cover.dependencia)
    if entry is None:
        sentence = f"La dependencia «{cover.dependencia}» no está en la lista de esta vigencia."
        yield Reason("dependencia_desconocida", sentence)
    elif not entry.in_force(date(here.vigencia, 12, 31)):
        now = " y ".join(ws.catalogues.label("dependencia", code) for code in entry.became)
        after = f"; ahora es {now}" if now else ""
        yield Reason("dependencia_anterior", f"{entry.label} ya no existe en la vigencia {here.vigencia}{after}.")


def _totals(counts: Mapping[str, int], delivery: Delivery) -> list[Reason]:
    in_force = {name: sum(record.retired is None for record in incoming) for name, incoming in delivery.records.items()}
    if in_force == dict(counts):
        return []
    return [Reason("conteos", "Los totales de la portada no suman lo que traen las hojas.")]

"""Looking at a file without storing anything: signature first, then who, which delivery, and what it would do."""

import hashlib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import date, datetime
from pathlib import Path

from cryptography import x509
from sqlalchemy import Connection

from db.queries import deliveries, space
from peti_desktop.catalogues import Catalogues
from peti_desktop.delivery import reading
from peti_desktop.delivery.cells import MAX_ROWS, Unreadable
from peti_desktop.delivery.envelope import Envelope, code_of
from peti_desktop.delivery.reading import Delivery
from peti_desktop.errors import UserError
from peti_desktop.files import read_limited
from peti_desktop.intake import chain, explain, lately
from peti_desktop.intake.receipt import RECEIVED, Receipt
from peti_desktop.intake.stage import Staging, stage
from peti_desktop.records.convert import decimal_text, plain
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
    found, explanation = _verified(data, trust or trust_of(connection), at, ws.catalogues)
    receipt = _receipt(ws, name, data, found)
    if not found.accepted:
        return Examined(receipt, data)
    try:
        # The hash is that of the bytes just verified, so what was read of it before is what they say.
        delivery = lately.of(ws).read(receipt.sha256, lambda: _read(found, explanation, ws.catalogues))
    except UserError as newer:
        return Examined(_refused(receipt, "formato_nuevo", str(newer)), data)
    except Unreadable as error:
        if str(error) == TOO_MANY:
            return Examined(_refused(receipt, "demasiadas_filas", TOO_LONG, str(error)), data)
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


TOO_MANY = "too many rows"
"""What the reader of cells says of a sheet past its limit."""
TOO_LONG = (
    f"La firma es buena, pero una hoja pasa de {decimal_text(MAX_ROWS)} filas, más de lo que registra una dependencia; "
    "pida que revisen de dónde salieron esas filas."
)
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
    cover = delivery.envelope
    own = deliveries.received(connection, sha256=receipt.sha256)
    if own and own[0]["estado"] != RECEIVED:
        return []  # it was decided with what was known then
    found = [*_elsewhere(ws, cover), *chain.stands(connection, receipt.sha256, cover, receipt.signed_at)]
    if code_of(cover.vigencia, cover.dependencia, cover.number, delivery.records, delivery.answers) != cover.code:
        found.append(Reason("codigo", "El código de la portada no corresponde a los registros del archivo."))
    found.extend(_totals(cover.counts, delivery))
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

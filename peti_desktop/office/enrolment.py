"""Who may sign for whom: keys confirmed, renewed, handed on and annulled by the office.

A key is confirmed once, for one dependencia, after its fingerprint was compared by paper or telephone. An annulled key
never comes back: what was received before stays good, what comes later is refused whatever time it claims.
"""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any, Final

from cryptography import x509
from cryptography.hazmat.primitives.serialization import Encoding
from sqlalchemy import Connection

from db.queries import signers, space
from peti_desktop import binnacle
from peti_desktop.consolidation import roles
from peti_desktop.delivery.deliver import PURPOSE as DELIVERY
from peti_desktop.delivery.signing_request import PURPOSE as REQUEST
from peti_desktop.errors import UserError
from peti_desktop.files import read_limited
from peti_desktop.intake.examine import trust_of
from peti_desktop.intake.inbox import must_be_office
from peti_desktop.moments import day_of
from peti_desktop.records.convert import spoken_date
from peti_desktop.trust import authority as authorities
from peti_desktop.trust import certificates, keys, signature
from peti_desktop.trust.authority import OFFICE_CODE
from peti_desktop.trust.container import MAX_FILE_BYTES
from peti_desktop.trust.keys import Identity, Signer
from peti_desktop.trust.verdict import Status, Verification
from peti_desktop.workspace import Workspace

SIGNS, ENDS_SOON, ENDED, ANNULLED, WILL_BE_ANNULLED = "firma", "vence pronto", "vencida", "anulada", "se anulará"
LETTERS: Final = {SIGNS: "F", ENDS_SOON: "V", ENDED: "X", ANNULLED: "A", WILL_BE_ANNULLED: "P"}
"""A letter per state, so that none hangs on colour."""


@dataclass(frozen=True, slots=True)
class Enrolled:
    """A confirmed key. ``succeeds`` is the key id it took the place of; moments are UTC."""

    key_id: str
    fingerprint: str
    dependencia: str
    dependencia_nombre: str
    nombre: str
    cargo: str
    since: datetime
    until: datetime
    confirmed_by: str
    annulled_at: datetime | None
    annulled_by: str
    reason: str
    succeeds: str
    state: str

    @property
    def letter(self) -> str:
        """The state's letter."""
        return LETTERS[self.state]

    @property
    def in_force(self) -> bool:
        """Whether it may sign today."""
        return self.state in {SIGNS, ENDS_SOON, WILL_BE_ANNULLED}


@dataclass(frozen=True, slots=True)
class Candidate:
    """A key that asks to be confirmed, as its file proves it. ``warnings`` are sentences to read before saying yes."""

    path: Path
    key_id: str
    fingerprint: str
    dependencia: str
    dependencia_nombre: str
    nombre: str
    cargo: str
    certificate: bytes
    is_request: bool
    others: tuple[Enrolled, ...]
    warnings: tuple[str, ...]


def listing(ws: Workspace) -> list[Enrolled]:
    """Every key that was ever confirmed: by dependencia, those in force first, then the newest."""
    with ws.read() as connection:
        found = [_enrolled(ws, row) for row in space.signers(connection)]
    return sorted(found, key=lambda e: (e.dependencia_nombre, not e.in_force, -e.since.timestamp()))


def look(ws: Workspace, path: Path) -> Candidate:
    """The key that signed a request or a delivery and waits to be confirmed; nothing is stored.

    Raises UserError, in a sentence: damaged, annulled, expired, confirmed already or for another dependencia.
    """
    must_be_office(ws)
    with ws.read() as connection:
        return _look(ws, connection, path)


def confirm(
    ws: Workspace,
    path: Path,
    fingerprint: str,
    authority: Signer | None = None,
    *,
    nombre: str = "",
    cargo: str = "",
    in_place_of: str = "",
    annulled_because: str = "",
) -> Enrolled:
    """Confirm the key of ``path``, whose ``fingerprint`` was compared. Gives it as it now stands.

    With ``authority`` its certificate is issued at once, else with the next starter files. ``nombre`` and ``cargo``
    correct what the file says. ``in_place_of`` is the key id it replaces (renewal: the old one goes on until it ends);
    with ``annulled_because`` the old one is annulled in the same step (successor, lost key) with the keys it renewed.
    Raises UserError.
    """
    must_be_office(ws)
    roles.require(ws, roles.CHANGE)
    when, who = ws.clock(), ws.info.who
    with ws.write() as connection:
        found = _look(ws, connection, path)
        if found.fingerprint != fingerprint:
            raise UserError(
                f"El archivo «{path.name}» ya no es el que se revisó.", "Ábralo de nuevo y compare su huella."
            )
        identity = _identity(ws, found.dependencia, nombre or found.nombre, cargo or found.cargo)
        given = x509.load_der_x509_certificate(found.certificate)
        issued = _issued(authority, given, identity, when) if authority else given
        _replace(ws, connection, found, in_place_of, annulled_because)
        row = {
            "huella": found.key_id,
            "dependencia": found.dependencia,
            "nombre": identity.nombre,
            "cargo": identity.cargo,
            "certificado": issued.public_bytes(Encoding.DER),
            "desde": when,
            "anulado_en": None,
            "motivo": None,
            "confirmado_por": who,
            "sucede_a": in_place_of or None,
            "vence": issued.not_valid_after_utc,
        }
        space.add_signer(connection, row)
        said = {key: row[key] or "" for key in ("huella", "dependencia", "nombre", "cargo", "sucede_a")}
        binnacle.write(connection, when, who, "confirmar firmante", said | {"archivo": path.name})
        return _enrolled(ws, _row(connection, found.key_id))


def annul(ws: Workspace, key_id: str, reason: str, since: datetime | None = None) -> Enrolled:
    """Annul a key now, or from a later moment on; for good. Gives it as it now stands.

    Never from an earlier moment: what was received with it was received well. Raises UserError for that, for a missing
    reason, and for a key that is annulled already (an announced annulment may only be brought forward).
    """
    must_be_office(ws)
    roles.require(ws, roles.CHANGE)
    when = ws.clock()
    since = since or when
    with ws.write() as connection:
        row = _row(connection, key_id)
        _annul(ws, connection, row, reason, since, when)
        return _enrolled(ws, _row(connection, key_id))


def certify(ws: Workspace, authority: Signer) -> int:
    """Issue certificates for keys in force that have none of this authority yet. Gives how many.

    The Bandeja confirms without the authority's passphrase, and a renewed authority issues anew.
    """
    must_be_office(ws)
    roles.require(ws, roles.CHANGE)
    when, issued = ws.clock(), 0
    with ws.write() as connection:
        for row in space.signers(connection):
            certificate = x509.load_der_x509_certificate(row["certificado"])
            state = _enrolled(ws, row).state
            if state in {ANNULLED, ENDED} or certificates.issued_by(certificate, authority.certificate):
                continue
            identity = _identity(ws, row["dependencia"], row["nombre"], row["cargo"])
            made = _issued(authority, certificate, identity, when)
            values = {"certificado": made.public_bytes(Encoding.DER), "vence": made.not_valid_after_utc}
            signers.change(connection, row["huella"], values)
            issued += 1
        if issued:
            binnacle.write(connection, when, ws.info.who, "expedir certificados", {"cuantos": issued})
    return issued


def certificates_of(ws: Workspace, connection: Connection, dependencia: str) -> tuple[bytes, ...]:
    """The certificates (DER) of a dependencia's keys in force, newest first, as files of the office carry them."""
    rows = reversed(signers.of_unit(connection, dependencia))
    return tuple(bytes(row["certificado"]) for row in rows if _enrolled(ws, row).in_force)


def annulled_of(connection: Connection, dependencia: str) -> dict[str, datetime]:
    """The dependencia's annulled keys (key id) and since when, announced ones too."""
    rows = signers.of_unit(connection, dependencia)
    return {row["huella"]: row["anulado_en"] for row in rows if row["anulado_en"] is not None}


def _look(ws: Workspace, connection: Connection, path: Path) -> Candidate:
    data = read_limited(path, MAX_FILE_BYTES)
    found = signature.verify(data, trust_of(connection), ws.clock())
    signer = found.signer
    known = signers.one(connection, signer.key_id) if signer is not None else None
    _refuse(ws, path, found, known)
    assert signer is not None
    others = tuple(_enrolled(ws, row) for row in signers.of_unit(connection, signer.dependencia))
    return Candidate(
        path=path,
        key_id=signer.key_id,
        fingerprint=signer.fingerprint,
        dependencia=signer.dependencia,
        dependencia_nombre=ws.catalogues.label("dependencia", signer.dependencia),
        nombre=signer.nombre,
        cargo=signer.cargo,
        certificate=signer.certificate,
        is_request=found.comment.startswith(REQUEST),
        others=others,
        warnings=tuple(_warnings(signer.nombre, signer.dependencia, others)),
    )


def _refuse(ws: Workspace, path: Path, found: Verification, known: dict[str, Any] | None) -> None:
    """Raise UserError for whatever cannot be confirmed."""
    if found.signer is None:
        raise UserError(
            f"«{path.name}» no trae una firma que se pueda comprobar. {found.reasons[0].sentence}",
            "Pida de nuevo la solicitud o la entrega, sin abrirla con Excel.",
        )
    if not found.comment.startswith((REQUEST, DELIVERY)):
        raise UserError(
            f"«{path.name}» no es una solicitud de firma ni una entrega.",
            "Escoja el archivo que envió la dependencia.",
        )
    if known is not None and known["anulado_en"] is not None:
        raise UserError(
            f"Esa clave de {known['nombre']} fue anulada: una clave anulada no vuelve a servir.",
            "Pida a la persona que cree una clave nueva y envíe su solicitud.",
        )
    if known is not None and known["dependencia"] != found.signer.dependencia:
        raise UserError(
            f"Esa clave ya está confirmada para {ws.catalogues.label('dependencia', known['dependencia'])}.",
            "Cada clave firma por una sola dependencia: para esta otra se crea otra clave.",
        )
    if known is not None:
        raise UserError(
            f"Esa clave de {known['nombre']} ya está confirmada desde el {spoken_date(day_of(known['desde']))}.",
            "No hay nada que hacer.",
        )
    if found.status is Status.NO_VALIDA:
        raise UserError(
            f"La clave de «{path.name}» no se puede confirmar. {found.reasons[0].sentence}",
            "Pida una solicitud nueva, hecha con la fecha del equipo al día.",
        )
    if found.signer.dependencia not in {entry.code for entry in ws.catalogues.entries("dependencia")}:
        raise UserError(
            f"La dependencia «{found.signer.dependencia}» que dice «{path.name}» no está en la lista.",
            "Revise la lista de dependencias, o pida una solicitud hecha para una que exista.",
        )


def _warnings(nombre: str, dependencia: str, others: Sequence[Enrolled]) -> Iterable[str]:
    if dependencia == OFFICE_CODE:
        yield "Con esta clave se firmaría en nombre de la Oficina TIC misma: confirme solo a su propio personal."
    same = [other for other in others if other.in_force and _folded(other.nombre) == _folded(nombre)]
    if same:
        yield (
            f"Otra clave, con este mismo nombre, ya firma por {same[0].dependencia_nombre}: {same[0].fingerprint}. "
            "Un nombre lo puede escribir cualquiera: pregunte a la persona si ella cambió de clave."
        )
    different = [other for other in others if other.in_force and other not in same]
    if different:
        named = ", ".join(other.nombre for other in different)
        yield f"Por esta dependencia ya firma {named}. Puede haber varias personas; si esta la reemplaza, dígalo."


def _replace(ws: Workspace, connection: Connection, found: Candidate, old: str, reason: str) -> None:
    """Note that a key takes the place of ``old``; for a ``reason``, that one and what it renewed are annulled."""
    if not old:
        return
    row = _row(connection, old)
    if row["dependencia"] != found.dependencia:
        raise UserError(
            f"La clave que se reemplaza es de {ws.catalogues.label('dependencia', row['dependencia'])} y la nueva de "
            f"{found.dependencia_nombre}.",
            "Escoja la clave anterior de la misma dependencia.",
        )
    if reason:
        when = ws.clock()
        for each in _lineage(connection, row):
            if each["anulado_en"] is None:
                _annul(ws, connection, each, reason, when, when)


def _lineage(connection: Connection, row: dict[str, Any]) -> Iterator[dict[str, Any]]:
    """A key and those it renewed, the newest first: whoever held it may still hold them."""
    seen: set[str] = set()
    while row["huella"] not in seen:  # a ring can only be somebody's writing into the store by hand
        yield row
        seen.add(row["huella"])
        before = signers.one(connection, row["sucede_a"]) if row["sucede_a"] else None
        row = before or row


def _annul(
    ws: Workspace, connection: Connection, row: dict[str, Any], reason: str, since: datetime, when: datetime
) -> None:
    before = row["anulado_en"]
    if not reason.strip():
        raise UserError("Falta el motivo de la anulación.", "Escríbalo: queda en la bitácora.")
    if since < when:
        raise UserError(
            "Una clave no se anula desde una fecha pasada: lo que ya se recibió con ella se recibió bien.",
            "Escoja hoy o una fecha que venga.",
        )
    if before is not None and (before <= when or since >= before):
        raise UserError(
            f"Esa clave ya está anulada desde el {spoken_date(day_of(before))}.", "Una anulación solo se adelanta."
        )
    values = {"anulado_en": since, "motivo": reason.strip(), "anulado_por": ws.info.who}
    signers.change(connection, row["huella"], values)
    said = {"huella": row["huella"], "dependencia": row["dependencia"], "nombre": row["nombre"]}
    binnacle.write(
        connection, when, ws.info.who, "anular firmante", said | {"motivo": reason.strip(), "desde": since.isoformat()}
    )


def _issued(authority: Signer, given: x509.Certificate, identity: Identity, when: datetime) -> x509.Certificate:
    return authorities.issue(authority, certificates.rsa_key(given), identity, when)


def _identity(ws: Workspace, dependencia: str, nombre: str, cargo: str) -> Identity:
    unit = ws.catalogues.label("dependencia", dependencia)
    try:
        return Identity(dependencia, unit, " ".join(nombre.split()), " ".join(cargo.split()), ws.info.entidad)
    except ValueError as error:
        raise UserError(
            "El nombre o el cargo están vacíos o tienen signos que no se pueden escribir.", "Escríbalos de nuevo."
        ) from error


def _row(connection: Connection, key_id: str) -> dict[str, Any]:
    row = signers.one(connection, key_id)
    if row is None:
        raise LookupError(key_id)
    return row


def _enrolled(ws: Workspace, row: dict[str, Any]) -> Enrolled:
    until = row["vence"] or x509.load_der_x509_certificate(row["certificado"]).not_valid_after_utc
    return Enrolled(
        key_id=row["huella"],
        fingerprint=keys.fingerprint_of(row["huella"]),
        dependencia=row["dependencia"],
        dependencia_nombre=ws.catalogues.label("dependencia", row["dependencia"]),
        nombre=row["nombre"],
        cargo=row["cargo"],
        since=row["desde"],
        until=until,
        confirmed_by=row["confirmado_por"] or "",
        annulled_at=row["anulado_en"],
        annulled_by=row["anulado_por"] or "",
        reason=row["motivo"] or "",
        succeeds=row["sucede_a"] or "",
        state=_state(row["anulado_en"], until, ws.clock()),
    )


def _state(annulled_at: datetime | None, until: datetime, at: datetime) -> str:
    if annulled_at is not None:
        return ANNULLED if annulled_at <= at else WILL_BE_ANNULLED
    if at > until:
        return ENDED
    return ENDS_SOON if at > until - signature.RENEWAL_NOTICE else SIGNS


def _folded(name: str) -> str:
    return " ".join(name.casefold().split())

"""Signing a workbook, and the one verdict about a signed one (findings on signing, 5.2 steps 5 to 8)."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import lru_cache

from cryptography import x509
from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.padding import PKCS1v15
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.serialization import Encoding
from cryptography.x509.oid import NameOID

from peti_desktop.days import spoken_day
from peti_desktop.errors import UserError
from peti_desktop.trust import certificates, package, template
from peti_desktop.trust.keys import Signer, fingerprint, key_id
from peti_desktop.trust.template import Values
from peti_desktop.trust.verdict import (
    Reason,
    Refusal,
    SignerInfo,
    Status,
    Trust,
    Verification,
    reason,
)

__all__ = [
    "Proof",
    "Reason",
    "SignerInfo",
    "Status",
    "Trust",
    "Verification",
    "describe",
    "judged",
    "proven",
    "sign",
    "verify",
]

CLOCK_SLACK = timedelta(minutes=10)  # two PCs' clocks; not worth a word
CLOCK_LIMIT = timedelta(days=2)  # a clock ahead by more than this is a wrong date
RENEWAL_NOTICE = timedelta(days=30)

_WEIGHTS = {
    "reloj_adelantado": Status.CON_AVISOS,
    "vence_pronto": Status.CON_AVISOS,
    "firmante_desconocido": Status.DESCONOCIDA,
}
_ORDER = (Status.VALIDA, Status.CON_AVISOS, Status.DESCONOCIDA, Status.NO_VALIDA)


def sign(workbook: bytes, signer: Signer, comment: str, when: datetime) -> bytes:
    """``workbook`` (as openpyxl saved it) in normal form and signed, checked once more before it is given out.

    ``comment`` is one line, 240 characters at most; Excel shows it as the purpose of the signature. Raises
    ``UserError`` when the certificate is not valid at ``when``, ``ValueError`` for what ``normalise`` refuses.
    """
    certificate = signer.certificate
    if not _valid(certificate, when):
        raise UserError(
            f"Su certificado de firma vale del {spoken_day(certificate.not_valid_before_utc)} "
            f"al {spoken_day(certificate.not_valid_after_utc)}.",
            "Revise la fecha del equipo o renueve la clave con la Oficina TIC.",
        )
    parts = package.normalise(workbook)
    time, stamped = template.time_text(when), template.stamped(comment)
    draft = template.draft(parts, certificate, time, stamped)
    value = signer.key.sign(draft.signed_info, PKCS1v15(), SHA256())
    parts[package.SIGNATURE] = draft.part(Values(certificate.public_bytes(Encoding.DER), value, time, stamped))
    signed = package.write(parts)
    _proven(package.read(signed))
    return signed


@dataclass(frozen=True, slots=True)
class Proof:
    """What the bytes of a file prove, whoever is trusted and whenever it is asked: who signed them, and when."""

    certificate: x509.Certificate
    signed_at: datetime
    comment: str

    def judged(self, trust: Trust, at: datetime, parts: Mapping[str, bytes] | None = None) -> Verification:
        """The verdict about the signer at the moment ``at``."""
        return judged(self.certificate, self.signed_at, trust, at, comment=self.comment, parts=parts)


def proven(data: bytes) -> tuple[Proof, Mapping[str, bytes]]:
    """What the signature of a file proves, and the parts it covers; raises ``Refusal``."""
    parts = package.read(data)
    certificate, values, comment = _proven(parts)
    return Proof(certificate, template.moment(values.time), comment), parts


def verify(data: bytes, trust: Trust, at: datetime) -> Verification:
    """The verdict about a received file at the moment ``at``; never raises for what the file contains."""
    try:
        proof, parts = proven(data)
    except Refusal as refusal:
        return Verification(Status.NO_VALIDA, (refusal.reason,))
    return proof.judged(trust, at, parts)


def judged(
    certificate: x509.Certificate,
    signed_at: datetime,
    trust: Trust,
    at: datetime,
    *,
    comment: str = "",
    parts: Mapping[str, bytes] | None = None,
) -> Verification:
    """The verdict about a signer whose signature is known to be good: whose key it is, and whether the times agree."""
    reasons = (*_doubts(certificate, trust, at), *_clock(certificate, signed_at, at))
    status = max(
        (_WEIGHTS.get(doubt.code, Status.NO_VALIDA) for doubt in reasons), key=_ORDER.index, default=Status.VALIDA
    )
    return Verification(status, reasons, describe(certificate), signed_at, comment, parts)


@lru_cache(maxsize=certificates.REMEMBERED)
def describe(certificate: x509.Certificate) -> SignerInfo:
    """Whom a certificate of our profile names."""
    nombre, cargo = certificates.person(certificate)
    key = certificates.rsa_key(certificate)
    return SignerInfo(
        nombre=nombre,
        cargo=cargo,
        dependencia=certificates.dependencia(certificate),
        dependencia_nombre=certificates.subject_piece(certificate, NameOID.ORGANIZATIONAL_UNIT_NAME),
        entidad=certificates.subject_piece(certificate, NameOID.ORGANIZATION_NAME),
        fingerprint=fingerprint(key),
        key_id=key_id(key),
        certificate=certificate.public_bytes(Encoding.DER),
        valid_from=certificate.not_valid_before_utc,
        valid_until=certificate.not_valid_after_utc,
    )


def _proven(parts: Mapping[str, bytes]) -> tuple[x509.Certificate, Values, str]:
    """Certificate, values and comment, once the received signature part is the very one these parts require."""
    received = parts[package.SIGNATURE]
    values = template.extract(received)
    comment = template.unstamped(values.comment)
    try:
        certificate = certificates.read_signer(values.certificate)
    except certificates.ProfileError as error:
        raise Refusal("certificado_perfil", str(error)) from error
    draft = template.draft(parts, certificate, values.time, values.comment)
    if draft.part(values) != received:
        raise Refusal("alterada", _changed(parts, received))
    try:
        certificates.rsa_key(certificate).verify(values.signature, draft.signed_info, PKCS1v15(), SHA256())
    except InvalidSignature as error:
        raise Refusal("firma_falsa", "la clave pública no confirma SignedInfo") from error
    return certificate, values, comment


def _changed(parts: Mapping[str, bytes], received: bytes) -> str:
    """Which parts the received signature does not speak of, for a technician."""
    names = [
        name for name in package.signed_names(parts) if template.reference(name, parts[name]).encode() not in received
    ]
    return "no coinciden: " + ", ".join(names[:10]) if names else "cambió la parte de la firma misma"


def _doubts(certificate: x509.Certificate, trust: Trust, at: datetime) -> Iterator[Reason]:
    """What speaks against the signer's key: annulled, confirmed for another, issued by nobody known."""
    identifier = key_id(certificates.rsa_key(certificate))
    claimed = certificates.dependencia(certificate)
    annulled = trust.annulled.get(identifier)
    if annulled is not None and annulled <= at:
        yield reason("anulada", identifier, date=spoken_day(annulled))
    confirmed = trust.confirmed.get(identifier)
    if confirmed is not None:
        if confirmed != claimed:
            yield reason("dependencia_distinta", identifier, confirmed=confirmed, claimed=claimed)
        return
    named = [authority for authority in trust.authorities if certificates.claims_issuer(certificate, authority)]
    issuing = [authority for authority in named if certificates.issued_by(certificate, authority)]
    if named and not issuing:
        yield reason("certificado_falso", "la firma del certificado no es de la autoridad que nombra")
    elif not any(_valid(authority, at) for authority in issuing):
        short = fingerprint(certificates.rsa_key(certificate))
        yield reason("firmante_desconocido", template.issuer_text(certificate), fingerprint=short)


def _valid(certificate: x509.Certificate, at: datetime) -> bool:
    return certificate.not_valid_before_utc <= at <= certificate.not_valid_after_utc


def _clock(certificate: x509.Certificate, signed_at: datetime, at: datetime) -> Iterator[Reason]:
    """What speaks against the moments: the certificate must be valid when signed and now."""
    begins, ends = certificate.not_valid_before_utc, certificate.not_valid_after_utc
    if signed_at < begins or at < begins:
        yield reason("certificado_aun_no_vale", f"firmado {signed_at}", date=spoken_day(begins))
    if signed_at > ends or at > ends:
        yield reason("certificado_vencido", f"firmado {signed_at}", date=spoken_day(ends))
    elif at > ends - RENEWAL_NOTICE:
        yield reason("vence_pronto", date=spoken_day(ends))
    if signed_at > at + CLOCK_LIMIT:
        yield reason("fecha_futura", f"comprobado {at}", date=spoken_day(signed_at))
    elif signed_at > at + CLOCK_SLACK:
        yield reason("reloj_adelantado", f"firmado {signed_at}, comprobado {at}")

"""The Oficina TIC's own authority: it issues certificates, and chooses every field of them itself."""

from dataclasses import replace
from datetime import datetime

from cryptography import x509
from cryptography.hazmat.primitives.asymmetric.rsa import RSAPublicKey

from peti_desktop.errors import UserError
from peti_desktop.trust import certificates
from peti_desktop.trust.certificates import Identity
from peti_desktop.trust.keys import Signer, make_key

NAME = "AC Interna Oficina TIC"
OFFICE_CODE = "TIC"


def make_authority(entidad: str, now: datetime) -> Signer:
    """A new authority; its name is one ASCII piece, for signatures repeat it as text."""
    key = make_key()
    name = certificates.shortened(f"{NAME} {certificates.one_piece(entidad)}".strip()).replace("…", "")
    return Signer(key, certificates.seal(certificates.build_authority(name, key.public_key(), now), key))


def issue(authority: Signer, public_key: RSAPublicKey, identity: Identity, now: datetime) -> x509.Certificate:
    """A signer's certificate for a key whose fingerprint the office compared."""
    if public_key.key_size != certificates.KEY_BITS:
        raise ValueError(f"a signer's key has {certificates.KEY_BITS} bits, not {public_key.key_size}")
    certificates.check_authority(authority.certificate)
    builder = certificates.build_signer(identity, public_key, now, issuer=authority.certificate)
    return certificates.seal(builder, authority.key)


def office_signer(authority: Signer, identity: Identity, now: datetime) -> Signer:
    """A new key for files the Oficina TIC itself signs, with its certificate."""
    if identity.dependencia != OFFICE_CODE:
        raise ValueError(f"the office signs as {OFFICE_CODE}, not as {identity.dependencia}")
    key = make_key()
    certificate = issue(authority, key.public_key(), identity, now)
    return Signer(key, certificate, (authority.certificate,))


def adopt(signer: Signer, issued: x509.Certificate, authority: x509.Certificate) -> Signer:
    """``signer`` with the certificate the office sent back; raises ``UserError`` when it is not for this key.

    The caller knows ``authority`` already, the first time by its fingerprint on paper.
    """
    mine = certificates.dependencia(signer.certificate)
    if issued.public_key() != signer.key.public_key() or certificates.dependencia(issued) != mine:
        raise UserError(
            "El certificado recibido no es para la clave de este equipo.",
            "Pida a la Oficina TIC el que corresponde a su huella.",
        )
    if not certificates.issued_by(issued, authority):
        raise UserError(
            "El certificado recibido no lo expidió la Oficina TIC que usted conoce.",
            "Compare por teléfono la huella de la autoridad antes de aceptarlo.",
        )
    return replace(signer, certificate=issued, chain=(authority,))

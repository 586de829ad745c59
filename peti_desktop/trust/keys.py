"""A person's signing key: made here, kept in one file under a passphrase, recognised by its fingerprint.

The file is a PKCS#12 followed by a short tail. PKCS#12 protects itself with 2,048 rounds only, so its password
is not the passphrase but Scrypt's stretch of it; the tail holds the salt, and a checksum that tells a damaged
file from a wrong passphrase. ``openssl pkcs12`` opens the file, given the stretched password.
"""

import os
import unicodedata
from base64 import b32encode, b64encode
from dataclasses import dataclass
from datetime import datetime
from hashlib import sha256
from pathlib import Path

from cryptography import x509
from cryptography.hazmat.primitives.asymmetric import rsa
from cryptography.hazmat.primitives.asymmetric.rsa import RSAPrivateKey, RSAPublicKey
from cryptography.hazmat.primitives.kdf.scrypt import Scrypt
from cryptography.hazmat.primitives.serialization import BestAvailableEncryption, pkcs12
from cryptography.x509.oid import NameOID

from peti_desktop.errors import UserError
from peti_desktop.files import replace_file
from peti_desktop.trust import certificates
from peti_desktop.trust.certificates import Identity, key_id

__all__ = [
    "Identity",
    "Signer",
    "fingerprint",
    "fingerprint_of",
    "key_id",
    "load",
    "locked",
    "make_key",
    "make_signer",
    "save",
    "unlocked",
    "write",
]

MIN_PASSPHRASE_CHARACTERS = 8
MAX_FILE_BYTES = 64 * 1024
SCRYPT_COST = 2**17  # 128 MiB for about half a second; findings on signing, 7.1
FINGERPRINT_CHARACTERS = 20  # 100 bits

_SALT_BYTES = 16
_TAIL_MARK = b"PETICLV1"
_TAIL_BYTES = len(_TAIL_MARK) + _SALT_BYTES + sha256().digest_size


@dataclass(frozen=True)
class Signer:
    """A private key with its certificate; ``chain`` holds the authority's, empty while self-issued."""

    key: RSAPrivateKey
    certificate: x509.Certificate
    chain: tuple[x509.Certificate, ...] = ()

    @property
    def name(self) -> str:
        """The name others see."""
        return certificates.subject_piece(self.certificate, NameOID.COMMON_NAME)

    @property
    def fingerprint(self) -> str:
        """The key's short fingerprint, for paper and telephone."""
        return fingerprint(self.key.public_key())


def make_key(bits: int = certificates.KEY_BITS) -> RSAPrivateKey:
    """A new RSA key; takes a second or several on an old PC."""
    return rsa.generate_private_key(public_exponent=65537, key_size=bits)


def make_signer(identity: Identity, now: datetime) -> Signer:
    """A new key with a certificate it issued itself: unknown to others until the office confirms it."""
    key = make_key()
    builder = certificates.build_signer(identity, key.public_key(), now, issuer=None)
    return Signer(key, certificates.seal(builder, key))


def fingerprint(public_key: RSAPublicKey) -> str:
    """Twenty base32 characters of the key's SHA-256 in groups of four."""
    return fingerprint_of(key_id(public_key))


def fingerprint_of(identifier: str) -> str:
    """The fingerprint of the key that registers call ``identifier`` (its ``key_id``)."""
    text = b32encode(bytes.fromhex(identifier)).decode("ascii")[:FINGERPRINT_CHARACTERS]
    return "-".join(text[at : at + 4] for at in range(0, FINGERPRINT_CHARACTERS, 4))


def save(signer: Signer, path: Path, passphrase: str) -> None:
    """Write the key beside ``path`` and move it over; raises ``UserError`` for a short passphrase."""
    write(path, locked(signer, passphrase))


def write(path: Path, data: bytes) -> None:
    """Write a key's file, for its owner alone."""
    replace_file(path, data, private=True)


def locked(signer: Signer, passphrase: str) -> bytes:
    """The signer under its passphrase, as its file holds it; raises ``UserError`` for a short passphrase."""
    if len(passphrase) < MIN_PASSPHRASE_CHARACTERS:
        raise UserError(
            "La contraseña de la clave es muy corta.", f"Use al menos {MIN_PASSPHRASE_CHARACTERS} caracteres."
        )
    salt = os.urandom(_SALT_BYTES)
    bundle = pkcs12.serialize_key_and_certificates(
        signer.name.encode("utf-8"),
        signer.key,
        signer.certificate,
        signer.chain,
        BestAvailableEncryption(stretched(passphrase, salt)),
    )
    return bundle + _TAIL_MARK + salt + sha256(bundle + salt).digest()


def load(path: Path, passphrase: str) -> Signer:
    """The signer kept in ``path``; raises ``UserError`` when it is missing, damaged, or the passphrase wrong."""
    try:
        with path.open("rb") as stream:
            data = stream.read(MAX_FILE_BYTES + 1)
    except OSError as error:
        raise UserError(
            f"No se pudo leer el archivo de la clave «{path.name}».",
            "Compruebe que existe y que la memoria o carpeta está conectada.",
        ) from error
    return unlocked(data, passphrase, path.name)


def unlocked(data: bytes, passphrase: str, name: str) -> Signer:
    """The signer in the bytes of a key's file called ``name``; raises ``UserError`` as ``load`` does."""
    bundle_bytes, salt = _split(data, name)
    try:
        bundle = pkcs12.load_pkcs12(bundle_bytes, stretched(passphrase, salt))
    except ValueError as error:
        raise UserError(
            "La contraseña de la clave no es correcta.", "Escríbala de nuevo, cuidando mayúsculas y tildes."
        ) from error
    if not isinstance(bundle.key, RSAPrivateKey) or bundle.cert is None:
        raise _damaged(name)
    return Signer(bundle.key, bundle.cert.certificate, tuple(extra.certificate for extra in bundle.additional_certs))


def _split(data: bytes, name: str) -> tuple[bytes, bytes]:
    bundle, tail = data[:-_TAIL_BYTES], data[-_TAIL_BYTES:]
    salt = tail[len(_TAIL_MARK) : len(_TAIL_MARK) + _SALT_BYTES]
    if len(data) > MAX_FILE_BYTES or tail != _TAIL_MARK + salt + sha256(bundle + salt).digest():
        raise _damaged(name)
    return bundle, salt


def _damaged(name: str) -> UserError:
    return UserError(
        f"El archivo de la clave «{name}» está dañado o no es una clave de Peti Desktop.",
        "Recupérelo de la copia de respaldo o cree una clave nueva.",
    )


def stretched(passphrase: str, salt: bytes) -> bytes:
    """The password of the PKCS#12; the passphrase is normalised because keyboards spell accents differently."""
    text = unicodedata.normalize("NFC", passphrase).encode("utf-8")
    return b64encode(Scrypt(salt=salt, length=32, n=SCRYPT_COST, r=8, p=1).derive(text))

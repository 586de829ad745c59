"""The one shape our certificates have (findings on signing, 7.3): building them, and refusing any other."""

import re
import unicodedata
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import lru_cache
from hashlib import sha256
from typing import TypeVar

from cryptography import x509
from cryptography.exceptions import InvalidSignature, UnsupportedAlgorithm
from cryptography.hazmat.primitives.asymmetric.rsa import RSAPrivateKey, RSAPublicKey
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat
from cryptography.x509.oid import ExtendedKeyUsageOID, ExtensionOID, NameOID, SignatureAlgorithmOID

KEY_BITS = 3072
AUTHORITY_KEY_BITS = {3072, 4096}
SIGNER_VALIDITY = timedelta(days=730)
AUTHORITY_VALIDITY = timedelta(days=15 * 365)
BACKDATED = timedelta(days=1)  # clocks of two offices differ
MAX_SIGNER_VALIDITY = SIGNER_VALIDITY + 2 * BACKDATED
MAX_NAME_BYTES = 64  # X.520's bound for each piece of a name, in UTF-8 as OpenSSL's readers count it

REMEMBERED = 512
"""For so many certificates what they say, and who issued them, is looked at once: each delivery brings its own."""

_Extension = TypeVar("_Extension", bound=x509.ExtensionType)

URN = "urn:peti:dependencia:"
LONGEST_CODE = 32
"""Signs of a dependencia's code: capitals, digits and _, beginning with a letter."""
_CODE = re.compile(rf"[A-Z][A-Z0-9_]{{0,{LONGEST_CODE - 1}}}")
_BETWEEN = " – "
_SUBJECT = (
    NameOID.COUNTRY_NAME,
    NameOID.ORGANIZATION_NAME,
    NameOID.ORGANIZATIONAL_UNIT_NAME,
    NameOID.SERIAL_NUMBER,
    NameOID.COMMON_NAME,
)
_USAGES = (
    x509.ObjectIdentifier("1.3.6.1.5.5.7.3.36"),  # document signing
    x509.ObjectIdentifier("1.3.6.1.4.1.311.10.3.12"),  # Microsoft's document signing
    ExtendedKeyUsageOID.EMAIL_PROTECTION,  # LibreOffice calls the certificate invalid without it
)
_SIGNER_EXTENSIONS = {
    ExtensionOID.BASIC_CONSTRAINTS: True,
    ExtensionOID.KEY_USAGE: True,
    ExtensionOID.EXTENDED_KEY_USAGE: False,
    ExtensionOID.SUBJECT_ALTERNATIVE_NAME: False,
    ExtensionOID.SUBJECT_KEY_IDENTIFIER: False,
    ExtensionOID.AUTHORITY_KEY_IDENTIFIER: False,
}
_AUTHORITY_EXTENSIONS = {
    ExtensionOID.BASIC_CONSTRAINTS: True,
    ExtensionOID.KEY_USAGE: True,
    ExtensionOID.SUBJECT_KEY_IDENTIFIER: False,
    ExtensionOID.AUTHORITY_KEY_IDENTIFIER: False,
}
_UNREADABLE = (
    ValueError,
    TypeError,
    UnsupportedAlgorithm,
    x509.DuplicateExtension,
    x509.UnsupportedGeneralNameType,
    x509.InvalidVersion,
)


@dataclass(frozen=True)
class Identity:
    """Who signs and for which dependencia; ``dependencia`` is its code, the rest is for display.

    Raises ``ValueError`` for a code that is none, and for names that are blank or hold control characters: the
    form that asks for them checks before.
    """

    dependencia: str
    dependencia_nombre: str
    nombre: str
    cargo: str
    entidad: str

    def __post_init__(self) -> None:
        if not _CODE.fullmatch(self.dependencia):
            raise ValueError(f"not a dependencia code: {self.dependencia!r}")
        for text in (self.dependencia_nombre, self.nombre, self.cargo, self.entidad):
            if not text.strip() or not is_plain(text):
                raise ValueError(f"not a name: {text!r}")


class ProfileError(Exception):
    """A certificate that is not of our shape; the text says where, for a technician."""


def build_signer(
    identity: Identity, public_key: RSAPublicKey, now: datetime, issuer: x509.Certificate | None
) -> x509.CertificateBuilder:
    """A signer's certificate to be signed by ``issuer``, or by its own key when there is none."""
    subject = _subject(identity)
    own = x509.SubjectKeyIdentifier.from_public_key(public_key)
    issuing = own if issuer is None else _extension(issuer, x509.SubjectKeyIdentifier)
    return (
        _builder(public_key, now, SIGNER_VALIDITY)
        .subject_name(subject)
        .issuer_name(subject if issuer is None else issuer.subject)
        .add_extension(x509.BasicConstraints(ca=False, path_length=None), critical=True)
        .add_extension(_key_usage(signs=True), critical=True)
        .add_extension(x509.ExtendedKeyUsage(_USAGES), critical=False)
        .add_extension(_alternative_name(identity.dependencia), critical=False)
        .add_extension(own, critical=False)
        .add_extension(x509.AuthorityKeyIdentifier.from_issuer_subject_key_identifier(issuing), critical=False)
    )


def build_authority(common_name: str, public_key: RSAPublicKey, now: datetime) -> x509.CertificateBuilder:
    """An authority's certificate, to be signed by its own key; its name is one ASCII piece without a comma."""
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, common_name)])
    own = x509.SubjectKeyIdentifier.from_public_key(public_key)
    return (
        _builder(public_key, now, AUTHORITY_VALIDITY)
        .subject_name(name)
        .issuer_name(name)
        .add_extension(x509.BasicConstraints(ca=True, path_length=0), critical=True)
        .add_extension(_key_usage(signs=False), critical=True)
        .add_extension(own, critical=False)
        .add_extension(x509.AuthorityKeyIdentifier.from_issuer_subject_key_identifier(own), critical=False)
    )


def seal(builder: x509.CertificateBuilder, key: RSAPrivateKey) -> x509.Certificate:
    """The finished certificate."""
    return builder.sign(key, SHA256())


@lru_cache(maxsize=REMEMBERED)
def read_signer(der: bytes) -> x509.Certificate:
    """The certificate in ``der`` when it has exactly a signer's shape; raises ``ProfileError``.

    Its shape depends on nothing but its bytes, so that a signer's many files ask for it once; trust is asked each time.
    """
    try:
        certificate = x509.load_der_x509_certificate(der)
        if certificate.public_bytes(Encoding.DER) != der:
            raise ProfileError("no está en forma DER")
        _check_common(certificate, _SIGNER_EXTENSIONS, {KEY_BITS}, MAX_SIGNER_VALIDITY)
        _check_signer(certificate)
    except _UNREADABLE as error:
        raise ProfileError(f"ilegible: {error}") from error
    return certificate


def check_authority(certificate: x509.Certificate) -> None:
    """Raises ``ProfileError`` unless the certificate has exactly an authority's shape and signed itself."""
    try:
        _check_common(certificate, _AUTHORITY_EXTENSIONS, AUTHORITY_KEY_BITS, AUTHORITY_VALIDITY + 2 * BACKDATED)
        _require(
            _extension(certificate, x509.BasicConstraints) == x509.BasicConstraints(ca=True, path_length=0),
            "basicConstraints",
        )
        _require(_extension(certificate, x509.KeyUsage) == _key_usage(signs=False), "keyUsage")
        _require(issued_by(certificate, certificate), "no se firmó a sí mismo")
    except _UNREADABLE as error:
        raise ProfileError(f"ilegible: {error}") from error


@lru_cache(maxsize=REMEMBERED)
def issued_by(certificate: x509.Certificate, issuer: x509.Certificate) -> bool:
    """Whether ``issuer`` bears that name and its key signed ``certificate``; validity is asked elsewhere."""
    try:
        certificate.verify_directly_issued_by(issuer)
    except (InvalidSignature, ValueError, TypeError):
        return False
    return certificate.issuer.public_bytes() == issuer.subject.public_bytes()


def claims_issuer(certificate: x509.Certificate, issuer: x509.Certificate) -> bool:
    """Whether the certificate names this very issuer's key, be it true or not."""
    claimed = _extension(certificate, x509.AuthorityKeyIdentifier).key_identifier
    return claimed == _extension(issuer, x509.SubjectKeyIdentifier).digest


def dependencia(certificate: x509.Certificate) -> str:
    """The dependencia's code, from the one field that decides; the certificate has been through the profile."""
    return _uri(certificate).removeprefix(URN)


def person(certificate: x509.Certificate) -> tuple[str, str]:
    """Name and post, as displayed; long ones were shortened when the certificate was made."""
    nombre, _, cargo = subject_piece(certificate, NameOID.COMMON_NAME).partition(_BETWEEN)
    return nombre, cargo


def subject_piece(certificate: x509.Certificate, oid: x509.ObjectIdentifier) -> str:
    """One piece of the subject's name, empty when it has none."""
    return next((str(piece.value) for piece in certificate.subject if piece.oid == oid), "")


def key_id(public_key: RSAPublicKey) -> str:
    """SHA-256 of the public key (SubjectPublicKeyInfo) in hexadecimal: its name in registers."""
    return _key_digest(public_key).hex()


def _key_digest(public_key: RSAPublicKey) -> bytes:
    return sha256(public_key.public_bytes(Encoding.DER, PublicFormat.SubjectPublicKeyInfo)).digest()


def rsa_key(certificate: x509.Certificate) -> RSAPublicKey:
    """The certificate's key, which the profile says is RSA."""
    key = certificate.public_key()
    if not isinstance(key, RSAPublicKey):
        raise ProfileError("la clave no es RSA")
    return key


def one_piece(text: str) -> str:
    """``text`` as plain ASCII for an authority's name: no accents, no comma, one blank between words."""
    plain = unicodedata.normalize("NFKD", text).encode("ascii", "ignore").decode("ascii")
    return " ".join(re.sub(r"[^A-Za-z0-9 .-]", " ", plain).split())


def shortened(text: str, limit: int = MAX_NAME_BYTES) -> str:
    """``text`` on one line, cut with an ellipsis beyond ``limit`` bytes of UTF-8."""
    line = " ".join(text.split())
    if len(line.encode("utf-8")) <= limit:
        return line
    head = line.encode("utf-8")[: limit - len("…".encode())]
    return head.decode("utf-8", "ignore").rstrip() + "…"


def is_plain(text: str) -> bool:
    """Whether the text can stand in XML and on one line, and cannot turn the writing direction."""
    odd = {"Cc", "Cf", "Cs", "Co", "Zl", "Zp"}
    return all(unicodedata.category(character) not in odd and character not in "\ufffe\uffff" for character in text)


def _subject(identity: Identity) -> x509.Name:
    nombre = shortened(identity.nombre.replace(_BETWEEN, "-"))
    common = shortened(f"{nombre}{_BETWEEN}{identity.cargo}")
    values = (
        "CO",
        shortened(identity.entidad),
        shortened(identity.dependencia_nombre),
        _serial_number(identity.dependencia),
        common,
    )
    return x509.Name([x509.NameAttribute(oid, value) for oid, value in zip(_SUBJECT, values, strict=True)])


def _builder(public_key: RSAPublicKey, now: datetime, validity: timedelta) -> x509.CertificateBuilder:
    moment = now.replace(microsecond=0)
    return (
        x509.CertificateBuilder()
        .public_key(public_key)
        .serial_number(x509.random_serial_number())
        .not_valid_before(moment - BACKDATED)
        .not_valid_after(moment + validity)
    )


def _key_usage(*, signs: bool) -> x509.KeyUsage:
    """A signer signs contents; an authority signs certificates and lists of annulled ones."""
    return x509.KeyUsage(
        digital_signature=signs,
        content_commitment=signs,
        key_cert_sign=not signs,
        crl_sign=not signs,
        key_encipherment=False,
        data_encipherment=False,
        key_agreement=False,
        encipher_only=False,
        decipher_only=False,
    )


def _serial_number(code: str) -> str:
    """The code as the subject shows it: ASN.1's PrintableString has no underscore."""
    return code.replace("_", "-")


def _alternative_name(code: str) -> x509.SubjectAlternativeName:
    return x509.SubjectAlternativeName([x509.UniformResourceIdentifier(URN + code)])


def _check_common(
    certificate: x509.Certificate,
    extensions: dict[x509.ObjectIdentifier, bool],
    bits: set[int],
    validity: timedelta,
) -> None:
    """What both profiles ask: version, algorithms, the closed set of extensions, key ids, length of life."""
    _require(certificate.version is x509.Version.v3, "no es versión 3")
    _require(certificate.signature_algorithm_oid == SignatureAlgorithmOID.RSA_WITH_SHA256, "algoritmo de la firma")
    key = rsa_key(certificate)
    _require(key.key_size in bits and key.public_numbers().e == 65537, f"clave RSA de {key.key_size} bits")
    found = {extension.oid: extension.critical for extension in certificate.extensions}
    _require(found == extensions, "extensiones")
    own = x509.SubjectKeyIdentifier.from_public_key(key)
    _require(_extension(certificate, x509.SubjectKeyIdentifier) == own, "subjectKeyIdentifier")
    issuing = _extension(certificate, x509.AuthorityKeyIdentifier)
    _require(issuing.key_identifier is not None, "authorityKeyIdentifier")
    _require(
        issuing.authority_cert_issuer is None and issuing.authority_cert_serial_number is None,
        "authorityKeyIdentifier con nombre",
    )
    life = certificate.not_valid_after_utc - certificate.not_valid_before_utc
    _require(timedelta(0) < life <= validity, f"validez de {life.days} días")
    _require(certificate.serial_number > 0, "número de serie")


def _check_signer(certificate: x509.Certificate) -> None:
    _require(tuple(piece.oid for piece in certificate.subject) == _SUBJECT, "piezas del nombre")
    _require(all(is_plain(str(piece.value)) for piece in certificate.subject), "caracteres de control en el nombre")
    _require(all(len(rdn) == 1 for rdn in certificate.subject.rdns), "nombre de varias piezas juntas")
    _require(
        _extension(certificate, x509.BasicConstraints) == x509.BasicConstraints(ca=False, path_length=None),
        "basicConstraints",
    )
    _require(_extension(certificate, x509.KeyUsage) == _key_usage(signs=True), "keyUsage")
    _require(tuple(_extension(certificate, x509.ExtendedKeyUsage)) == _USAGES, "extKeyUsage")
    code = dependencia(certificate)
    _require(_CODE.fullmatch(code) is not None, "código de la dependencia")
    _require(_extension(certificate, x509.SubjectAlternativeName) == _alternative_name(code), "subjectAltName")
    _require(subject_piece(certificate, NameOID.SERIAL_NUMBER) == _serial_number(code), "serialNumber")
    if certificate.issuer == certificate.subject:
        _require(issued_by(certificate, certificate), "no se firmó a sí mismo")
    else:
        _require([piece.oid for piece in certificate.issuer] == [NameOID.COMMON_NAME], "nombre de quien lo expide")


def _uri(certificate: x509.Certificate) -> str:
    names = _extension(certificate, x509.SubjectAlternativeName)
    return next(iter(names.get_values_for_type(x509.UniformResourceIdentifier)), "")


def _extension(certificate: x509.Certificate, kind: type[_Extension]) -> _Extension:
    return certificate.extensions.get_extension_for_class(kind).value


def _require(holds: bool, where: str) -> None:
    if not holds:
        raise ProfileError(where)

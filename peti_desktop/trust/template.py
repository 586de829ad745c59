"""The signature part, written as text that already is canonical (findings on signing, 2.2 and 2.3).

From the parts, the certificate, the time and the comment there is exactly one signature part we would have
written. Checking is writing it again and comparing bytes; a received one is never interpreted.
"""

import binascii
import re
from base64 import b64encode
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from hashlib import sha256

from cryptography import x509
from cryptography.hazmat.primitives.serialization import Encoding
from cryptography.x509.oid import NameOID

from peti_desktop.trust import package
from peti_desktop.trust.certificates import is_plain
from peti_desktop.trust.verdict import Refusal

# The number of this normal form. A change of any byte written here or in ``package`` needs a new number, and the
# old form stays readable beside it.
FORMAT = 1
MAX_COMMENT_CHARACTERS = 240  # Office's limit of 255, less the format number

_FORMAT_TAIL = " · formato "
_MAX_CERTIFICATE_CHARACTERS = 8192
_MAX_VALUE_CHARACTERS = 1024
_TIME = re.compile(r"20[0-9]{2}-[0-9]{2}-[0-9]{2}T[0-9]{2}:[0-9]{2}:[0-9]{2}Z")

_DSIG = "http://www.w3.org/2000/09/xmldsig#"
_MDSSI = "http://schemas.openxmlformats.org/package/2006/digital-signature"
_OFFICE = "http://schemas.microsoft.com/office/2006/digsig"
_XADES = "http://uri.etsi.org/01903/v1.3.2#"
_C14N = "http://www.w3.org/TR/2001/REC-xml-c14n-20010315"
_RSA_SHA256 = "http://www.w3.org/2001/04/xmldsig-more#rsa-sha256"
_SHA256 = "http://www.w3.org/2001/04/xmlenc#sha256"
_TRANSFORM = "http://schemas.openxmlformats.org/package/2006/RelationshipTransform"

_NAME_PIECES = {
    NameOID.COUNTRY_NAME: "C",
    NameOID.ORGANIZATION_NAME: "O",
    NameOID.ORGANIZATIONAL_UNIT_NAME: "OU",
    NameOID.SERIAL_NUMBER: "SERIALNUMBER",
    NameOID.COMMON_NAME: "CN",
}


@dataclass(frozen=True)
class Values:
    """What a signature part says besides the digests."""

    certificate: bytes
    signature: bytes
    time: str
    comment: str


@dataclass(frozen=True)
class Draft:
    """A signature part but for its value: the bytes to sign, and the text around the value."""

    signed_info: bytes
    objects: str

    def part(self, values: Values) -> bytes:
        """The finished part."""
        info = self.signed_info.decode("utf-8").replace(f' xmlns="{_DSIG}"', "", 1)
        return (
            '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n'
            f'<Signature xmlns="{_DSIG}" Id="idPackageSignature">{info}'
            f"<SignatureValue>{_base64(values.signature)}</SignatureValue>"
            f"<KeyInfo><X509Data><X509Certificate>{_base64(values.certificate)}</X509Certificate></X509Data></KeyInfo>"
            f"{self.objects}</Signature>"
        ).encode()


def time_text(when: datetime) -> str:
    """The moment as the signature writes it, whole seconds in UTC."""
    return when.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")


def moment(time: str) -> datetime:
    """The moment a signature claims."""
    return datetime.fromisoformat(time)


def claimed_moment(time: str) -> datetime:
    """The moment that unproven ``time`` spells the way ``time_text`` does; raises ``Refusal``."""
    if not _TIME.fullmatch(time) or not _is_moment(time):
        raise Refusal("firma_ajena", "hora de la firma")
    return moment(time)


def stamped(comment: str) -> str:
    """The comment with the number of the format, as Excel shows it; raises ``ValueError`` for odd characters."""
    if len(comment) > MAX_COMMENT_CHARACTERS or not is_plain(comment):
        raise ValueError("a comment is one line of plain text, 240 characters at most")
    return f"{comment}{_FORMAT_TAIL}{FORMAT}"


def unstamped(comment: str) -> str:
    """The comment without the number; raises ``Refusal`` when the number is missing or not ours yet."""
    text, mark, number = comment.rpartition(_FORMAT_TAIL)
    if not mark or not re.fullmatch("[1-9][0-9]{0,3}", number):
        raise Refusal("firma_ajena", "el comentario no lleva número de formato")
    if int(number) > FORMAT:
        raise Refusal("formato_nuevo", f"formato {number}")
    return text


def extract(part: bytes) -> Values:
    """The four values of a received signature part, each from a tag that occurs once; raises ``Refusal``."""
    values = Values(
        certificate=_bytes(_only(part, "X509Certificate", _MAX_CERTIFICATE_CHARACTERS)),
        signature=_bytes(_only(part, "SignatureValue", _MAX_VALUE_CHARACTERS)),
        time=_only(part, "mdssi:Value", 20),
        comment=_unescape(_only(part, "SignatureComments", 5 * 255)),
    )
    claimed_moment(values.time)
    if len(values.comment) > 255 or not is_plain(values.comment):
        raise Refusal("firma_ajena", "comentario de la firma")
    return values


def draft(parts: Mapping[str, bytes], certificate: x509.Certificate, time: str, comment: str) -> Draft:
    """The signature part for these parts, this signer, time and (stamped) comment."""
    manifest = "".join(reference(name, parts[name]) for name in package.signed_names(parts))
    package_object = (
        f'<Object Id="idPackageObject"><Manifest>{manifest}</Manifest><SignatureProperties>'
        f'<SignatureProperty Id="idSignatureTime" Target="#idPackageSignature">'
        f'<mdssi:SignatureTime xmlns:mdssi="{_MDSSI}"><mdssi:Format>YYYY-MM-DDThh:mm:ssTZD</mdssi:Format>'
        f"<mdssi:Value>{time}</mdssi:Value></mdssi:SignatureTime></SignatureProperty></SignatureProperties></Object>"
    )
    office_object = _office_object(comment)
    properties = _signed_properties(certificate, time)
    info = (
        f'<SignedInfo xmlns="{_DSIG}"><CanonicalizationMethod Algorithm="{_C14N}"></CanonicalizationMethod>'
        f'<SignatureMethod Algorithm="{_RSA_SHA256}"></SignatureMethod>'
        + _info_reference(f"{_DSIG}Object", "#idPackageObject", _inheriting(package_object, f'xmlns="{_DSIG}"'))
        + _info_reference(f"{_DSIG}Object", "#idOfficeObject", _inheriting(office_object, f'xmlns="{_DSIG}"'))
        + _info_reference(
            "http://uri.etsi.org/01903#SignedProperties",
            "#idSignedProperties",
            _inheriting(properties, f'xmlns="{_DSIG}" xmlns:xd="{_XADES}"'),
            f'<Transforms><Transform Algorithm="{_C14N}"></Transform></Transforms>',
        )
        + "</SignedInfo>"
    )
    qualifying = (
        f'<Object><xd:QualifyingProperties xmlns:xd="{_XADES}" Target="#idPackageSignature">{properties}'
        "<xd:UnsignedProperties><xd:UnsignedSignatureProperties></xd:UnsignedSignatureProperties>"
        "</xd:UnsignedProperties></xd:QualifyingProperties></Object>"
    )
    return Draft(info.encode(), package_object + office_object + qualifying)


def reference(name: str, part: bytes) -> str:
    """The manifest's row for one part: its name and content type, and the digest of its bytes.

    A relationships part is digested as the relationship transform leaves it: rows sorted, mode spelled out.
    """
    transforms = ""
    content_type = package.content_type(name)
    if content_type == package.RELATIONSHIPS_TYPE:
        rows = package.signed_rows(name, part)
        part = _transformed(rows).encode()
        ids = "".join(
            f'<mdssi:RelationshipReference xmlns:mdssi="{_MDSSI}" SourceId="{row.id}"></mdssi:RelationshipReference>'
            for row in rows
        )
        transforms = (
            f'<Transforms><Transform Algorithm="{_TRANSFORM}">{ids}</Transform>'
            f'<Transform Algorithm="{_C14N}"></Transform></Transforms>'
        )
    return f'<Reference URI="/{name}?ContentType={content_type}">{transforms}{_digest(part)}</Reference>'


def _transformed(rows: tuple[package.Row, ...]) -> str:
    body = "".join(
        f'<Relationship Id="{row.id}" Target="{row.target}" TargetMode="Internal" Type="{row.type}"></Relationship>'
        for row in sorted(rows, key=lambda row: row.id)
    )
    return f'<Relationships xmlns="{package.RELATIONSHIPS_NAMESPACE}">{body}</Relationships>'


def _info_reference(kind: str, uri: str, canonical: str, transforms: str = "") -> str:
    return f'<Reference Type="{kind}" URI="{uri}">{transforms}{_digest(canonical.encode())}</Reference>'


def _inheriting(element: str, namespaces: str) -> str:
    """The element with the namespaces in scope written into its first tag, as canonical form wants them."""
    tag, _, rest = element.partition(" ")
    return f"{tag} {namespaces} {rest}"


def _office_object(comment: str) -> str:
    """What Excel shows as the details of the signature; the versions say by whose rules it is judged."""
    return (
        '<Object Id="idOfficeObject"><SignatureProperties>'
        '<SignatureProperty Id="idOfficeV1Details" Target="#idPackageSignature">'
        f'<SignatureInfoV1 xmlns="{_OFFICE}"><SetupID></SetupID><SignatureText></SignatureText>'
        f"<SignatureImage></SignatureImage><SignatureComments>{_escape(comment)}</SignatureComments>"
        "<WindowsVersion>10.0</WindowsVersion><OfficeVersion>16.0</OfficeVersion>"
        "<ApplicationVersion>16.0</ApplicationVersion><Monitors>1</Monitors>"
        "<HorizontalResolution>1920</HorizontalResolution><VerticalResolution>1080</VerticalResolution>"
        "<ColorDepth>32</ColorDepth><SignatureProviderId>{00000000-0000-0000-0000-000000000000}</SignatureProviderId>"
        "<SignatureProviderUrl></SignatureProviderUrl><SignatureProviderDetails>9</SignatureProviderDetails>"
        "<SignatureType>1</SignatureType></SignatureInfoV1></SignatureProperty></SignatureProperties></Object>"
    )


def _signed_properties(certificate: x509.Certificate, time: str) -> str:
    return (
        '<xd:SignedProperties Id="idSignedProperties"><xd:SignedSignatureProperties>'
        f"<xd:SigningTime>{time}</xd:SigningTime><xd:SigningCertificate><xd:Cert><xd:CertDigest>"
        f"{_digest(certificate.public_bytes(Encoding.DER))}</xd:CertDigest><xd:IssuerSerial>"
        f"<X509IssuerName>{_escape(issuer_text(certificate))}</X509IssuerName>"
        f"<X509SerialNumber>{certificate.serial_number}</X509SerialNumber></xd:IssuerSerial></xd:Cert>"
        "</xd:SigningCertificate><xd:SignaturePolicyIdentifier><xd:SignaturePolicyImplied>"
        "</xd:SignaturePolicyImplied></xd:SignaturePolicyIdentifier></xd:SignedSignatureProperties>"
        "</xd:SignedProperties>"
    )


def issuer_text(certificate: x509.Certificate) -> str:
    """Who issued the certificate, as text."""
    return _name_text(certificate.issuer)


def _name_text(name: x509.Name) -> str:
    """A name as text, last piece first; written here so that no library's update can change the format."""
    pieces = (f"{_NAME_PIECES.get(piece.oid, piece.oid.dotted_string)}={_quoted(str(piece.value))}" for piece in name)
    return ", ".join(reversed(list(pieces)))


def _quoted(value: str) -> str:
    return re.sub(r'([,+"\\<>;=])', r"\\\1", value)


def _digest(data: bytes) -> str:
    return (
        f'<DigestMethod Algorithm="{_SHA256}"></DigestMethod>'
        f"<DigestValue>{_base64(sha256(data).digest())}</DigestValue>"
    )


def _base64(data: bytes) -> str:
    return b64encode(data).decode("ascii")


def _only(part: bytes, tag: str, limit: int) -> str:
    """The text of the one element ``tag``, at most ``limit`` characters."""
    opening, closing = f"<{tag}>".encode(), f"</{tag}>".encode()
    begin, end = part.find(opening) + len(opening), part.find(closing)
    if part.count(opening) != 1 or part.count(closing) != 1 or not 0 <= end - begin <= 4 * limit:
        raise Refusal("firma_ajena", f"{tag} falta, se repite o es muy largo")
    try:
        text = part[begin:end].decode("utf-8")
    except UnicodeDecodeError as error:
        raise Refusal("firma_ajena", f"{tag} no es UTF-8") from error
    if len(text) > limit:
        raise Refusal("firma_ajena", f"{tag} es muy largo")
    return text


def _bytes(text: str) -> bytes:
    try:
        return binascii.a2b_base64(text.encode("ascii"), strict_mode=True)
    except ValueError as error:
        raise Refusal("firma_ajena", f"base64: {error}") from error


def _is_moment(time: str) -> bool:
    try:
        datetime.fromisoformat(time)
    except ValueError:
        return False
    return True


def _escape(text: str) -> str:
    return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")


def _unescape(text: str) -> str:
    return text.replace("&lt;", "<").replace("&gt;", ">").replace("&amp;", "&")

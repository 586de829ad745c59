"""Tools to make hostile variants of a signed file: what anybody can do with a zip, and what a signer's key can do."""

import io
import zipfile
from collections.abc import Mapping
from datetime import datetime
from typing import Any
from unittest import mock

from cryptography import x509
from cryptography.hazmat.primitives.asymmetric import rsa
from cryptography.hazmat.primitives.asymmetric.padding import PKCS1v15
from cryptography.hazmat.primitives.hashes import SHA256, SHA384, HashAlgorithm
from cryptography.hazmat.primitives.serialization import Encoding

from peti_desktop.trust import certificates, package, template
from peti_desktop.trust.keys import Signer

Parts = dict[str, bytes]


def replaced(parts: Mapping[str, bytes], name: str, old: bytes, new: bytes) -> Parts:
    """``parts`` with the first ``old`` of one part exchanged; it must be there, or the variant is none."""
    assert old in parts[name], (name, old)
    return {**parts, name: parts[name].replace(old, new, 1)}


def archive(entries: list[tuple[str, bytes]], method: int = zipfile.ZIP_DEFLATED) -> bytes:
    """A zip as anybody's program writes it, even with a name twice."""
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", method) as file:
        for name, part in entries:
            file.writestr(zipfile.ZipInfo(name, (2026, 3, 2, 9, 0, 0)), part, method)
    return buffer.getvalue()


def unsigned(parts: Mapping[str, bytes]) -> Parts:
    """``parts`` without the signature part."""
    return {name: part for name, part in parts.items() if name != package.SIGNATURE}


def forged(
    parts: Mapping[str, bytes],
    signer: Signer,
    time: str,
    comment: str,
    digest: HashAlgorithm | None = None,
    **otherwise: Any,
) -> bytes:
    """A file of ``parts`` with a signature part that ``signer``'s key truly made over them as they are.

    ``otherwise`` exchanges names of the template while it is written: other algorithms, other references.
    """
    kept = unsigned(parts)
    with mock.patch.multiple(template, **otherwise) if otherwise else mock.MagicMock():
        draft = template.draft(kept, signer.certificate, time, comment)
        value = signer.key.sign(draft.signed_info, PKCS1v15(), digest or SHA256())
        der = signer.certificate.public_bytes(Encoding.DER)
        return package.write({**kept, package.SIGNATURE: draft.part(template.Values(der, value, time, comment))})


def shown(parts: Mapping[str, bytes], der: bytes, key: rsa.RSAPrivateKey, time: str, comment: str) -> bytes:
    """A file truly signed by ``key`` that shows the certificate ``der``, whatever that is."""
    kept = unsigned(parts)
    draft = template.draft(kept, x509.load_der_x509_certificate(der), time, comment)
    value = key.sign(draft.signed_info, PKCS1v15(), SHA256())
    return package.write({**kept, package.SIGNATURE: draft.part(template.Values(der, value, time, comment))})


def remade(
    good: x509.Certificate,
    issuing: rsa.RSAPrivateKey,
    *,
    without: type[x509.ExtensionType] | None = None,
    extra: tuple[tuple[x509.ExtensionType, bool], ...] = (),
    subject: x509.Name | None = None,
    since: datetime | None = None,
    until: datetime | None = None,
    digest: SHA256 | SHA384 | None = None,
    key: rsa.RSAPublicKey | None = None,
) -> bytes:
    """``good`` with something else about it, truly signed by ``issuing``."""
    builder = (
        x509.CertificateBuilder()
        .public_key(key or certificates.rsa_key(good))
        .serial_number(good.serial_number)
        .not_valid_before(since or good.not_valid_before_utc)
        .not_valid_after(until or good.not_valid_after_utc)
        .subject_name(subject or good.subject)
        .issuer_name(good.issuer)
    )
    kept = [(row.value, row.critical) for row in good.extensions if not (without and isinstance(row.value, without))]
    for value, critical in (*kept, *extra):
        builder = builder.add_extension(value, critical)
    return builder.sign(issuing, digest or SHA256()).public_bytes(Encoding.DER)

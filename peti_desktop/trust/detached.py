"""A signature over plain bytes, with the same keys and judged by the same rules as a workbook's own.

What is signed begins with a line that no signature part of a workbook can begin with, so that neither signature can be
passed off as the other.
"""

from datetime import datetime

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.padding import PKCS1v15
from cryptography.hazmat.primitives.hashes import SHA256

from peti_desktop.trust import certificates, signature, template
from peti_desktop.trust.keys import Signer
from peti_desktop.trust.verdict import Refusal, Trust, Verification


def signed(purpose: str, content: bytes, signer: Signer, when: datetime) -> bytes:
    """The signature of ``content`` for one ``purpose`` (a word), made at ``when``."""
    return signer.key.sign(message(purpose, template.time_text(when), content), PKCS1v15(), SHA256())


def verified(
    purpose: str, content: bytes, value: bytes, der: bytes, time: str, trust: Trust, at: datetime
) -> Verification:
    """The verdict about who signed ``content`` at ``time``; raises ``Refusal`` when nobody provably did."""
    signed_at = template.claimed_moment(time)
    try:
        certificate = certificates.read_signer(der)
    except certificates.ProfileError as error:
        raise Refusal("certificado_perfil", str(error)) from error
    try:
        certificates.rsa_key(certificate).verify(value, message(purpose, time, content), PKCS1v15(), SHA256())
    except InvalidSignature as error:
        raise Refusal("firma_falsa", f"la clave pública no confirma «{purpose}»") from error
    return signature.judged(certificate, signed_at, trust, at)


def message(purpose: str, time: str, content: bytes) -> bytes:
    """What is signed for one ``purpose`` at ``time`` (as ``template.time_text`` writes it)."""
    return f"peti-desktop {purpose} {time}\n".encode() + content

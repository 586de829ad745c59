"""Certificates that are false, foreign or out of shape, under signatures whose mathematics are right."""

from collections.abc import Callable
from dataclasses import replace
from datetime import datetime, timedelta

import pytest
from cryptography import x509
from cryptography.hazmat.primitives.asymmetric import ec, rsa
from cryptography.hazmat.primitives.hashes import SHA384
from cryptography.hazmat.primitives.serialization import Encoding
from cryptography.x509.oid import ExtendedKeyUsageOID, NameOID

from peti_desktop.trust import authority, certificates, package, signature, template
from peti_desktop.trust.keys import Identity, Signer
from peti_desktop.trust.signature import Status, Trust
from tests.attacks.forging import remade, shown


@pytest.fixture
def verdict(signed: bytes, trust: Trust, now: datetime) -> Callable[[bytes, rsa.RSAPrivateKey], tuple[Status, str]]:
    """What is said about the same workbook, signed truly by a key that shows this certificate."""
    parts = package.read(signed)

    def check(der: bytes, key: rsa.RSAPrivateKey) -> tuple[Status, str]:
        time, comment = template.time_text(now), template.stamped("")
        outcome = signature.verify(shown(parts, der, key, time, comment), trust, now)
        assert not outcome.accepted
        assert (outcome.parts is None) == (outcome.reasons[0].code == "certificado_perfil")
        return outcome.status, outcome.reasons[0].code

    return check


Verdict = Callable[[bytes, rsa.RSAPrivateKey], tuple[Status, str]]


def test_same_names_by_a_stranger_stay_unknown(stranger: Signer, verdict: Verdict) -> None:
    der = stranger.certificate.public_bytes(Encoding.DER)

    assert verdict(der, stranger.key) == (Status.DESCONOCIDA, "firmante_desconocido")


def test_another_authority_of_the_same_name_stays_unknown(
    stranger: Signer, impostor: Signer, office: Signer, identity: Identity, verdict: Verdict, now: datetime
) -> None:
    issued = authority.issue(impostor, stranger.key.public_key(), identity, now)
    assert issued.issuer == office.certificate.subject

    status = verdict(issued.public_bytes(Encoding.DER), stranger.key)

    assert status == (Status.DESCONOCIDA, "firmante_desconocido")


def test_certificate_that_names_the_offices_key_falsely_is_refused(
    stranger: Signer, impostor: Signer, office: Signer, identity: Identity, verdict: Verdict, now: datetime
) -> None:
    builder = certificates.build_signer(identity, stranger.key.public_key(), now, issuer=office.certificate)
    false = certificates.seal(builder, impostor.key)

    status = verdict(false.public_bytes(Encoding.DER), stranger.key)

    assert status == (Status.NO_VALIDA, "certificado_falso")


def test_certificate_issued_by_a_dependencia_is_out_of_shape(
    stranger: Signer, ana: Signer, identity: Identity, verdict: Verdict, now: datetime
) -> None:
    builder = certificates.build_signer(
        replace(identity, dependencia="HACIENDA"), stranger.key.public_key(), now, issuer=ana.certificate
    )
    false = certificates.seal(builder, ana.key)

    assert verdict(false.public_bytes(Encoding.DER), stranger.key) == (Status.NO_VALIDA, "certificado_perfil")


def test_expired_authority_vouches_for_nobody(signed: bytes, office: Signer, now: datetime) -> None:
    old = certificates.build_authority(office.name, office.key.public_key(), now - timedelta(days=16 * 365))
    trust = Trust(authorities=(certificates.seal(old, office.key),))

    assert signature.verify(signed, trust, now).status is Status.DESCONOCIDA


def test_second_authority_keeps_the_first_ones_signers(
    signed: bytes, office: Signer, impostor: Signer, now: datetime
) -> None:
    trust = Trust(authorities=(impostor.certificate, office.certificate))

    assert signature.verify(signed, trust, now).status is Status.VALIDA


def test_remade_certificate_is_as_good(ana: Signer, office: Signer) -> None:
    """So that the refusals below mean something."""
    certificates.read_signer(remade(ana.certificate, office.key))


CA = x509.BasicConstraints(ca=True, path_length=None)
OTHER_USE = x509.ExtendedKeyUsage([ExtendedKeyUsageOID.SERVER_AUTH])
OTHER_URI = x509.SubjectAlternativeName([x509.UniformResourceIdentifier("urn:peti:dependencia:HACIENDA")])
TWO_URIS = x509.SubjectAlternativeName(
    [x509.UniformResourceIdentifier(f"urn:peti:dependencia:{code}") for code in ("SALUD", "HACIENDA")]
)


@pytest.mark.parametrize(
    ("without", "extra"),
    [
        (None, ((x509.OCSPNoCheck(), False),)),
        (None, ((x509.UnrecognizedExtension(x509.ObjectIdentifier("1.2.3"), b"\5\0"), True),)),
        (x509.KeyUsage, ()),
        (x509.BasicConstraints, ((CA, True),)),
        (x509.BasicConstraints, ((x509.BasicConstraints(ca=False, path_length=None), False),)),
        (x509.ExtendedKeyUsage, ((OTHER_USE, False),)),
        (x509.SubjectAlternativeName, ()),
        (x509.SubjectAlternativeName, ((OTHER_URI, False),)),
        (x509.SubjectAlternativeName, ((TWO_URIS, False),)),
        (x509.SubjectKeyIdentifier, ((x509.SubjectKeyIdentifier(b"\1" * 20), False),)),
        (x509.AuthorityKeyIdentifier, ()),
    ],
)
def test_extensions_out_of_shape_are_refused(
    ana: Signer,
    office: Signer,
    verdict: Verdict,
    without: type[x509.ExtensionType] | None,
    extra: tuple[tuple[x509.ExtensionType, bool], ...],
) -> None:
    der = remade(ana.certificate, office.key, without=without, extra=extra)

    assert verdict(der, ana.key) == (Status.NO_VALIDA, "certificado_perfil")


def test_other_shapes_are_refused(ana: Signer, office: Signer, verdict: Verdict, now: datetime) -> None:
    good = ana.certificate
    bare = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "Ana")])

    for der in (
        remade(good, office.key, until=now + timedelta(days=4000)),
        remade(good, office.key, subject=bare),
        remade(good, office.key, digest=SHA384()),
        remade(good, office.key, subject=x509.Name([*good.subject, *bare])),
    ):
        assert verdict(der, ana.key) == (Status.NO_VALIDA, "certificado_perfil")


def test_small_and_elliptic_keys_are_refused(ana: Signer, office: Signer, verdict: Verdict) -> None:
    small = rsa.generate_private_key(public_exponent=65537, key_size=1024)
    elliptic = ec.generate_private_key(ec.SECP256R1())

    assert verdict(remade(ana.certificate, office.key, key=small.public_key()), small)[1] == "certificado_perfil"
    der = remade(ana.certificate, office.key, key=elliptic.public_key())  # type: ignore[arg-type] # the attack
    assert verdict(der, ana.key)[1] == "certificado_perfil"


def test_certificate_with_bytes_after_it_is_refused(ana: Signer, office: Signer) -> None:
    der = ana.certificate.public_bytes(Encoding.DER)

    for hurt in (der + b"\0", der[:-1], b"", b"\x30\x80" + der, der.replace(b"SALUD", b"salud")):
        with pytest.raises(certificates.ProfileError):
            certificates.read_signer(hurt)

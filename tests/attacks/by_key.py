"""Keys and certificates: key, certificate, identity, replay of other people's files."""

from base64 import b64encode
from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta

from cryptography import x509
from cryptography.hazmat.primitives.asymmetric import ec, rsa
from cryptography.hazmat.primitives.hashes import SHA384
from cryptography.hazmat.primitives.serialization import Encoding
from cryptography.x509.oid import ExtendedKeyUsageOID, NameOID

from peti_desktop.trust import authority, certificates, package, template
from peti_desktop.trust.keys import Signer
from tests.attacks.bed import Bed
from tests.attacks.forging import forged, remade, replaced, shown
from tests.attacks.variants import Variant, variant
from tests.exchange.conftest import NOON, identity

SIG = package.SIGNATURE
UNKNOWN, PROFILE = "firmante_desconocido", "certificado_perfil"


def variants(bed: Bed) -> Iterator[Variant]:
    """The variants of this module's classes."""
    yield from _key(bed)
    yield from _shape(bed)
    yield from _life(bed)
    yield from _identity(bed)


def _der(signer: Signer) -> bytes:
    return signer.certificate.public_bytes(Encoding.DER)


def _key(bed: Bed) -> Iterator[Variant]:
    def by(signer: Signer) -> bytes:
        return forged(bed.parts, signer, bed.time, bed.comment)

    when = NOON - timedelta(days=30)
    yield variant("key", "own certificate, same names", by(bed.stranger), UNKNOWN)
    yield variant(
        "key", "stranger's key under the true certificate", by(replace(bed.salud, key=bed.stranger.key)), "firma_falsa"
    )
    yield variant(
        "key", "true key under the stranger's certificate", by(replace(bed.stranger, key=bed.salud.key)), "firma_falsa"
    )
    issued = authority.issue(bed.impostor, bed.stranger.key.public_key(), identity("SALUD"), when)
    yield variant("key", "authority of the same name", by(replace(bed.stranger, certificate=issued)), UNKNOWN)
    false = certificates.build_signer(
        identity("SALUD"), bed.stranger.key.public_key(), when, issuer=bed.root.certificate
    )
    claimed = replace(bed.stranger, certificate=certificates.seal(false, bed.impostor.key))
    yield variant("key", "names the office's key falsely", by(claimed), "certificado_falso")
    by_unit = certificates.build_signer(
        identity("SALUD"), bed.stranger.key.public_key(), when, issuer=bed.hacienda.certificate
    )
    unit = replace(bed.stranger, certificate=certificates.seal(by_unit, bed.hacienda.key))
    yield variant("key", "issued by a dependencia", by(unit), PROFILE)
    true, other = b64encode(_der(bed.salud)), b64encode(_der(bed.stranger))
    certificate = b"<X509Certificate>" + other + b"</X509Certificate>"
    for name, old, new in (
        ("certificate exchanged", true, other),
        ("two certificates, false last", b"</X509Data>", certificate + b"</X509Data>"),
        ("two certificates, false first", b"<X509Data>", b"<X509Data>" + certificate),
        ("two data", b"</KeyInfo>", b"<X509Data>" + certificate + b"</X509Data></KeyInfo>"),
        (
            "key value beside",
            b"<KeyInfo>",
            b"<KeyInfo><KeyValue><RSAKeyValue><Modulus>AQAB</Modulus></RSAKeyValue></KeyValue>",
        ),
        ("key name", b"<KeyInfo>", b"<KeyInfo><KeyName>otra</KeyName>"),
        ("retrieval", b"<KeyInfo>", b'<KeyInfo><RetrievalMethod URI="http://127.0.0.1:9/k"/>'),
        ("no key", b"<KeyInfo>", b"<KeyInfo/><x>"),
        ("comment in the certificate", true[:40], true[:40] + b"<!-- -->"),
        ("entity in the certificate", true[:40], b"&x;" + true[3:40]),
        ("line breaks", true[:76], true[:76] + b"\n"),
        ("certificate cut", true, true[:400]),
        ("certificate empty", true, b""),
        ("certificate twice as long", true, true + true),
        ("authority's own certificate", true, b64encode(_der(bed.root))),
    ):
        data = package.write(replaced(bed.parts, SIG, old, new))
        yield variant("key", name, data, "alterada", "firma_ajena", PROFILE)
    yield variant("key", "signed by the authority", by(Signer(bed.root.key, bed.root.certificate)), PROFILE)


def _shape(bed: Bed) -> Iterator[Variant]:
    good, root = bed.salud.certificate, bed.root.key
    usage = x509.KeyUsage(
        digital_signature=False, content_commitment=False, key_encipherment=True, data_encipherment=False,
        key_agreement=False, key_cert_sign=False, crl_sign=False, encipher_only=False, decipher_only=False,
    )  # fmt: skip
    uris = [x509.UniformResourceIdentifier(f"urn:peti:dependencia:{code}") for code in ("SALUD", "HACIENDA")]
    mail = x509.SubjectAlternativeName([x509.RFC822Name("ana@example.org")])
    shapes: dict[str, tuple[type[x509.ExtensionType] | None, x509.ExtensionType | None, bool]] = {
        "unknown extension": (None, x509.OCSPNoCheck(), False),
        "unknown critical extension": (None, x509.UnrecognizedExtension(x509.ObjectIdentifier("1.2.3"), b"\5\0"), True),
        "no usage": (x509.KeyUsage, None, False),
        "wrong usage": (x509.KeyUsage, usage, True),
        "usage not critical": (x509.KeyUsage, good.extensions.get_extension_for_class(x509.KeyUsage).value, False),
        "authority": (x509.BasicConstraints, x509.BasicConstraints(ca=True, path_length=None), True),
        "constraints not critical": (x509.BasicConstraints, x509.BasicConstraints(ca=False, path_length=None), False),
        "no constraints": (x509.BasicConstraints, None, False),
        "server": (x509.ExtendedKeyUsage, x509.ExtendedKeyUsage([ExtendedKeyUsageOID.SERVER_AUTH]), False),
        "any purpose": (
            x509.ExtendedKeyUsage,
            x509.ExtendedKeyUsage([ExtendedKeyUsageOID.ANY_EXTENDED_KEY_USAGE]),
            False,
        ),
        "no purpose": (x509.ExtendedKeyUsage, None, False),
        "no name": (x509.SubjectAlternativeName, None, False),
        "another name": (x509.SubjectAlternativeName, x509.SubjectAlternativeName(uris[1:]), False),
        "two names": (x509.SubjectAlternativeName, x509.SubjectAlternativeName(uris), False),
        "mail name": (x509.SubjectAlternativeName, mail, False),
        "other key id": (x509.SubjectKeyIdentifier, x509.SubjectKeyIdentifier(b"\1" * 20), False),
        "no authority id": (x509.AuthorityKeyIdentifier, None, False),
    }
    for name, (without, extension, critical) in shapes.items():
        extra = () if extension is None else ((extension, critical),)
        der = remade(good, root, without=without, extra=extra)
        yield variant("certificate", name, shown(bed.parts, der, bed.salud.key, bed.time, bed.comment), PROFILE)
    bare = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "Ana")])
    small = rsa.generate_private_key(public_exponent=65537, key_size=1024)
    cubic = rsa.generate_private_key(public_exponent=3, key_size=3072)
    for name, der, key in (
        ("no pieces", remade(good, root, subject=bare), bed.salud.key),
        ("more pieces", remade(good, root, subject=x509.Name([*good.subject, *bare])), bed.salud.key),
        ("too long a life", remade(good, root, until=NOON + timedelta(days=4000)), bed.salud.key),
        ("SHA-384", remade(good, root, digest=SHA384()), bed.salud.key),
        ("1024 bits", remade(good, root, key=small.public_key()), small),
        ("exponent 3", remade(good, root, key=cubic.public_key()), cubic),
    ):
        yield variant("certificate", name, shown(bed.parts, der, key, bed.time, bed.comment), PROFILE)
    elliptic = ec.generate_private_key(ec.SECP256R1())
    der = remade(good, root, key=elliptic.public_key())  # type: ignore[arg-type] # the attack
    yield variant("certificate", "elliptic", shown(bed.parts, der, bed.salud.key, bed.time, bed.comment), PROFILE)


def _life(bed: Bed) -> Iterator[Variant]:
    good, root = bed.salud.certificate, bed.root.key
    lives = {
        "expired": (NOON - timedelta(days=400), NOON - timedelta(days=1), bed.time, "certificado_vencido"),
        "expired, signed before": (
            NOON - timedelta(days=400), NOON - timedelta(days=1),
            template.time_text(NOON - timedelta(days=10)), "certificado_vencido"),
        "not valid yet": (NOON + timedelta(days=1), NOON + timedelta(days=400), bed.time, "certificado_aun_no_vale"),
        "signed before it was valid": (
            NOON - timedelta(days=1), NOON + timedelta(days=400),
            template.time_text(NOON - timedelta(days=30)), "certificado_aun_no_vale"),
        "signed after it ends": (
            NOON - timedelta(days=1), NOON + timedelta(days=40),
            template.time_text(NOON + timedelta(days=60)), "certificado_vencido"),
        "signed in the future": (
            NOON - timedelta(days=1), NOON + timedelta(days=400),
            template.time_text(NOON + timedelta(days=60)), "fecha_futura"),
    }  # fmt: skip
    for name, (since, until, time, code) in lives.items():
        der = remade(good, root, since=since, until=until)
        yield variant("certificate", name, shown(bed.parts, der, bed.salud.key, time, bed.comment), code)
    yield variant("certificate", "annulled", forged(bed.parts, bed.annulled, bed.time, bed.comment), "anulada")
    back = template.time_text(NOON - timedelta(days=10))
    yield variant("certificate", "annulled, backdated", forged(bed.parts, bed.annulled, back, bed.comment), "anulada")
    for time in (
        "2026-02-30T10:00:00Z",
        "2026-11-22T25:00:00Z",
        "1999-01-01T00:00:00Z",
        "2026-11-22T17:00:00+05",
        "ayer",
    ):
        yield variant("certificate", f"time {time}", forged(bed.parts, bed.salud, time, bed.comment), "firma_ajena")
    for comment in (
        "a\u202eb",
        "a\nb",
        "x" * 250,
        "sin formato",
        "x · formato 0",
        "x · formato 99999",
        "x · formato 2",
    ):
        stamped = comment if "formato" in comment else comment + " · formato 1"
        codes = ("firma_ajena", "formato_nuevo")
        text = comment if comment == "sin formato" else stamped
        yield variant("certificate", f"comment {comment[:20]!r}", forged(bed.parts, bed.salud, bed.time, text), *codes)


def _identity(bed: Bed) -> Iterator[Variant]:
    borrowed = forged(bed.parts, bed.hacienda, bed.time, bed.comment)
    yield variant("identity", "another dependencia's true certificate", borrowed, "otra_dependencia")
    yield variant("identity", "a starter file as a delivery", bed.starter, "no_es_entrega", "otra_dependencia")
    other = package.read(bed.other)
    yield variant("identity", "another's file under this signer's key",
                  forged(other, bed.salud, bed.time, bed.comment), "otra_dependencia")  # fmt: skip
    mixed = {**other, SIG: bed.parts[SIG]}
    yield variant(
        "identity", "this signature on another's file", package.write(mixed), "alterada", "estructura_cambiada"
    )

"""The signature part: wrapping, forgery, reference, transform, algorithm, two-signatures."""

import re
from base64 import b64encode
from collections.abc import Callable, Iterator
from hashlib import md5, sha1, sha384, sha512
from typing import Any

from cryptography.hazmat.primitives.asymmetric.padding import MGF1, PSS, PKCS1v15
from cryptography.hazmat.primitives.hashes import SHA1, SHA256, SHA512
from cryptography.hazmat.primitives.hmac import HMAC
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

from peti_desktop.trust import package, template
from tests.attacks.bed import Bed
from tests.attacks.forging import archive, forged, replaced, unsigned
from tests.attacks.variants import Variant, variant

SIG = package.SIGNATURE
DSIG = "http://www.w3.org/2000/09/xmldsig#"
MORE = "http://www.w3.org/2001/04/xmldsig-more#"
ALTERED = ("alterada",)
NOT_TRUE = ("alterada", "firma_falsa", "firma_ajena")


def variants(bed: Bed) -> Iterator[Variant]:
    """The variants of this module's classes."""
    yield from _wrapping(bed)
    yield from _forgery(bed)
    yield from _reference(bed)
    yield from _transform(bed)
    yield from _algorithm(bed)
    yield from _two_signatures(bed)


def _edited(bed: Bed, kind: str, edits: dict[str, tuple[bytes, bytes]], *codes: str) -> Iterator[Variant]:
    for name, (old, new) in edits.items():
        yield variant(kind, name, package.write(replaced(bed.parts, SIG, old, new)), *codes)


def _wrapping(bed: Bed) -> Iterator[Variant]:
    part = bed.parts[SIG]
    info = part[part.index(b"<SignedInfo>") : part.index(b"</SignedInfo>") + 13]
    package_object = part[part.index(b'<Object Id="idPackageObject">') : part.index(b'<Object Id="idOfficeObject">')]
    false = package_object.replace(b"sheet1.xml", b"sheet2.xml")
    whole = part.partition(b"\n")[2]
    yield from _edited(
        bed,
        "wrapping",
        {
            "second SignedInfo": (b"</SignedInfo>", b"</SignedInfo>" + info),
            "false SignedInfo first": (b"<SignedInfo>", info.replace(b"sha256", b"sha512") + b"<SignedInfo>"),
            "id twice, false first": (b'<Object Id="idPackageObject">', false + b'<Object Id="idPackageObject">'),
            "id twice, false last": (b"</Signature>", false + b"</Signature>"),
            "true object moved inside": (package_object, false + b"<Object><x>" + package_object + b"</x></Object>"),
            "true object moved to UnsignedProperties": (
                b"<xd:UnsignedSignatureProperties>",
                b"<xd:UnsignedSignatureProperties>" + package_object,
            ),
            "object without id": (b'<Object Id="idPackageObject">', b"<Object>"),
            "id of another name": (b'Id="idPackageObject"', b'xml:id="idPackageObject"'),
            "id in lower case": (b'<Object Id="idPackageObject">', b'<Object id="idPackageObject">'),
            "signature within a signature": (b"</Signature>", b"<Object>" + whole + b"</Object></Signature>"),
            "signature around a signature": (b"<SignedInfo>", b"<Object>" + whole + b"</Object><SignedInfo>"),
            "manifest twice": (b"<Manifest>", b"<Manifest></Manifest><Manifest>"),
            "empty manifest first": (b"<Manifest>", b'<Manifest Id="x"/><Manifest>'),
            "object after": (b"</Signature>", b"</Signature><Object/>"),
            "target elsewhere": (b'Target="#idPackageSignature"', b'Target="#idPackageObject"'),
            "signed properties twice": (
                b"<xd:SignedProperties ",
                b'<xd:SignedProperties Id="x"/><xd:SignedProperties ',
            ),
            "other prefix": (b"xmlns:xd=", b"xmlns:xe="),
            "namespace exchanged": (b'xmlns="http://www.w3.org/2000/09/xmldsig#"', b'xmlns="urn:x"'),
            "root id": (b'Id="idPackageSignature"', b'Id="idPackageSignature" x="y"'),
            "entity for a value": (b"<Signature ", b'<!DOCTYPE x [<!ENTITY y "z">]><Signature '),
        },
        *NOT_TRUE,
    )


def _forgery(bed: Bed) -> Iterator[Variant]:
    """Universal forgery: something truly signed by the signer, beside contents that are not."""
    parts, key = bed.parts, bed.salud.key
    sheet = "xl/worksheets/sheet2.xml"
    false = {**parts, sheet: parts[sheet].replace(b"<t>Alto</t>", b"<t>Bajo</t>")}
    assert false != parts
    values = template.extract(parts[SIG])
    draft = template.draft(unsigned(false), bed.salud.certificate, values.time, values.comment)
    messages = {
        "nothing": b"",
        "other text": b"hola",
        "SignedInfo without references": b'<SignedInfo xmlns="' + DSIG.encode() + b'"></SignedInfo>',
        "the true SignedInfo": template.draft(
            unsigned(parts), bed.salud.certificate, values.time, values.comment
        ).signed_info,
        "the digest alone": draft.signed_info[:32],
    }
    for name, message in messages.items():
        value = key.sign(message, PKCS1v15(), SHA256())
        signed = draft.part(template.Values(values.certificate, value, values.time, values.comment))
        yield variant("forgery", f"{name} signed, other contents", package.write({**false, SIG: signed}), "firma_falsa")
    sealed = re.search(rb"<t>firma</t></is></c><c [^>]*><is><t>([^<]+)</t>", b"".join(parts.values()))
    assert sealed
    seal = draft.part(values).replace(b64encode(values.signature), sealed[1])
    yield variant("forgery", "signature of the seal", package.write({**false, SIG: seal}), "firma_falsa")
    for reference in ("#idPackageObject", "#idOfficeObject", "#idSignedProperties"):
        left_out = _info_without(reference)
        yield variant(
            "forgery",
            f"{reference} left out of a true SignedInfo",
            forged(parts, bed.salud, bed.time, bed.comment, _info_reference=left_out),
            *ALTERED,
        )
    for name, part in {
        "empty": b"",
        "element": b"<Signature/>",
        "blank": b" ",
        "declaration": b'<?xml version="1.0"?>',
        "page": b"<html/>",
        "binary": bytes(range(256)),
    }.items():
        yield variant("forgery", f"signature part: {name}", package.write({**parts, SIG: part}), "firma_ajena")
    stripped = {name: part for name, part in parts.items() if not name.startswith("_xmlsignatures/")}
    bare = {**stripped, "xl/worksheets/sheet1.xml": b"<worksheet><sheetData/></worksheet>"}
    yield variant("forgery", "signature stripped, cover emptied", archive(list(bare.items())), "vuelto_a_guardar")
    changed = {**stripped, sheet: false[sheet]}
    yield variant("forgery", "signature stripped, cell changed", archive(list(changed.items())), "vuelto_a_guardar")
    yield variant("forgery", "origin alone", archive([*stripped.items(), (package.ORIGIN, b"")]), "estructura_cambiada")
    for size, value in {
        "none": b"",
        "zeros": bytes(384),
        "ones": b"\1" * 384,
        "ff": b"\xff" * 384,
        "short": b"\1" * 383,
        "long": b"\1" * 385,
        "huge": b"\1" * 700,
    }.items():
        part = parts[SIG].replace(b64encode(values.signature), b64encode(value))
        yield variant("forgery", f"value {size}", package.write({**parts, SIG: part}), *NOT_TRUE)
    for name, other in (
        ("another delivery's", bed.other),
        ("an older delivery's", bed.older),
        ("a starter's", bed.starter),
    ):
        grafted = {**parts, SIG: package.read(other)[SIG]}
        yield variant("forgery", f"{name} signature", package.write(grafted), *ALTERED)


def _info_without(reference: str) -> Callable[..., str]:
    true = template._info_reference

    def written(kind: str, uri: str, canonical: str, transforms: str = "") -> str:
        return "" if uri == reference else true(kind, uri, canonical, transforms)

    return written


def _reference(bed: Bed) -> Iterator[Variant]:
    part = bed.parts[SIG].decode()
    rows = re.findall(r'<Reference URI="/.*?</Reference>', part)
    for row in rows[:8]:
        uri = row.split('"')[1].partition("?")[0]
        for how, text in (("dropped", ""), ("doubled", row + row)):
            data = package.write({**bed.parts, SIG: part.replace(row, text, 1).encode()})
            yield variant("reference", f"{uri} {how}", data, *ALTERED)
    uri = b'URI="/xl/workbook.xml?ContentType='
    yield from _edited(
        bed,
        "reference",
        {
            "without content type": (b"?ContentType=", b"?"),
            "other query": (b"?ContentType=", b"?contenttype="),
            "relative": (uri, uri.replace(b'"/', b'"')),
            "escaped": (uri, uri.replace(b"workbook", b"%77orkbook")),
            "dots": (uri, uri.replace(b"/xl/", b"/xl/./")),
            "case": (uri, uri.replace(b"/xl/", b"/XL/")),
            "external": (uri, uri.replace(b'"/', b'"http://127.0.0.1:9/')),
            "file": (uri, uri.replace(b'"/', b'"file:///')),
            "fragment": (uri, uri.replace(b'"/xl', b'"#/xl')),
            "empty": (uri, b'URI="" x="'),
            "no uri": (b'URI="#idPackageObject"', b""),
            "whole document": (b'URI="#idPackageObject"', b'URI=""'),
            "pointer": (b'URI="#idPackageObject"', b"URI=\"#xpointer(id('idPackageObject'))\""),
            "other type": (b'Type="http://www.w3.org/2000/09/xmldsig#Object"', b'Type="urn:x"'),
        },
        *ALTERED,
    )
    true = template.reference
    for name, written in {
        "one left out": lambda n, p: "" if n.endswith("sheet2.xml") else true(n, p),
        "one twice": lambda n, p: true(n, p) * 2,
        "all left out": lambda n, p: "",
        "types left out": lambda n, p: re.sub(r"\?ContentType=[^\"]+", "", true(n, p)),
        "spelled otherwise": lambda n, p: true(n, p).replace('URI="/', 'URI="/./'),
        "digest of nothing": lambda n, p: true(n, b"" if n.endswith("sheet2.xml") else p),
    }.items():
        yield _truly(bed, "reference", name, reference=written)


def _truly(bed: Bed, kind: str, name: str, **otherwise: Any) -> Variant:
    """Truly signed by the signer's own key over another shape than ours."""
    return variant(
        kind, f"{name}, truly signed", forged(bed.parts, bed.salud, bed.time, bed.comment, **otherwise), *ALTERED
    )


def _transform(bed: Bed) -> Iterator[Variant]:
    others = {
        "XPath": "http://www.w3.org/TR/1999/REC-xpath-19991116",
        "filter": "http://www.w3.org/2002/06/xmldsig-filter2",
        "XSLT": "http://www.w3.org/TR/1999/REC-xslt-19991116",
        "base64": DSIG + "base64",
        "enveloped": DSIG + "enveloped-signature",
        "unknown": "urn:x",
        "decrypt": "http://www.w3.org/2002/07/decrypt#XML",
    }
    relationship, canonical = template._TRANSFORM, template._C14N
    for name, algorithm in others.items():
        yield from _edited(
            bed,
            "transform",
            {
                f"{name} for relationships": (relationship.encode(), algorithm.encode()),
            },
            *ALTERED,
        )
        yield _truly(bed, "transform", f"{name} for relationships", _TRANSFORM=algorithm)
        extra = f'<Transforms><Transform Algorithm="{algorithm}"></Transform></Transforms><DigestMethod'.encode()
        data = package.write(replaced(bed.parts, SIG, b"<DigestMethod", extra))
        yield variant("transform", f"{name} before a digest", data, *ALTERED)
    by_type = b'<mdssi:RelationshipsGroupReference SourceType="http://x"></mdssi:RelationshipsGroupReference>'
    part = bed.parts[SIG]
    row = re.search(rb"<mdssi:RelationshipReference .*?</mdssi:RelationshipReference>", part)
    assert row
    yield variant(
        "transform", "rows by type", package.write({**bed.parts, SIG: part.replace(row[0], by_type)}), *ALTERED
    )
    true = template.reference
    yield _truly(
        bed, "transform", "rows by type", reference=lambda n, p: true(n, p).replace(row[0].decode(), by_type.decode())
    )
    yield _truly(bed, "transform", "no rows", _transformed=lambda rows: template.reference.__doc__ or "")
    doubled = f'<Transform Algorithm="{canonical}"></Transform>'.encode()
    yield from _edited(bed, "transform", {"canonical twice": (doubled, doubled * 2), "none": (doubled, b"")}, *ALTERED)


def _algorithm(bed: Bed) -> Iterator[Variant]:
    parts, values = bed.parts, template.extract(bed.parts[SIG])
    spki = bed.salud.key.public_key().public_bytes(Encoding.DER, PublicFormat.SubjectPublicKeyInfo)
    methods = {
        "rsa-sha1": DSIG + "rsa-sha1",
        "hmac-sha1": DSIG + "hmac-sha1",
        "hmac-sha256": MORE + "hmac-sha256",
        "rsa-md5": MORE + "rsa-md5",
        "rsa-sha512": MORE + "rsa-sha512",
        "ecdsa": MORE + "ecdsa-sha256",
        "pss": "http://www.w3.org/2007/05/xmldsig-more#sha256-rsa-MGF1",
        "dsa": DSIG + "dsa-sha1",
        "none": "urn:none",
        "nothing": "",
    }
    for name, method in methods.items():
        edit = {name: (template._RSA_SHA256.encode(), method.encode())}
        yield from _edited(bed, "algorithm", edit, *ALTERED)
        yield _truly(bed, "algorithm", name, _RSA_SHA256=method)
    draft = template.draft(unsigned(parts), bed.salud.certificate, values.time, values.comment)
    for name, secret in {"public key": spki, "certificate": values.certificate, "nothing": b""}.items():
        keyed = HMAC(secret, SHA256())
        keyed.update(draft.signed_info.replace(b"rsa-sha256", b"hmac-sha256"))
        mac = draft.part(template.Values(values.certificate, keyed.finalize(), values.time, values.comment))
        part = mac.replace(b"rsa-sha256", b"hmac-sha256")
        yield variant("algorithm", f"hmac keyed by {name}", package.write({**parts, SIG: part}), *NOT_TRUE)
    for digest in (SHA1(), SHA512()):
        data = forged(parts, bed.salud, bed.time, bed.comment, digest)
        yield variant("algorithm", f"{digest.name} under the name of SHA-256", data, "firma_falsa")
    value = bed.salud.key.sign(draft.signed_info, PSS(MGF1(SHA256()), 32), SHA256())
    part = draft.part(template.Values(values.certificate, value, values.time, values.comment))
    yield variant("algorithm", "PSS under the name of PKCS 1", package.write({**parts, SIG: part}), "firma_falsa")
    for name, identifier, engine in (
        ("sha1", DSIG + "sha1", sha1),
        ("md5", MORE + "md5", md5),
        ("sha384", MORE + "sha384", sha384),
        ("sha512", "http://www.w3.org/2001/04/xmlenc#sha512", sha512),
    ):
        yield _truly(bed, "algorithm", f"digests {name}", sha256=engine, _SHA256=identifier)
        yield from _edited(
            bed, "algorithm", {f"digest named {name}": (template._SHA256.encode(), identifier.encode())}, *ALTERED
        )
    for name in ("REC-xml-c14n-20010315#WithComments", "../2001/10/xml-exc-c14n#", "../2006/12/xml-c14n11", "x"):
        identifier = template._C14N.replace("REC-xml-c14n-20010315", name)
        yield _truly(bed, "algorithm", f"canonical form {name}", _C14N=identifier)
        yield from _edited(
            bed, "algorithm", {f"canonical form named {name}": (template._C14N.encode(), identifier.encode())}, *ALTERED
        )


def _two_signatures(bed: Bed) -> Iterator[Variant]:
    parts, types = bed.parts, bed.parts[package.TYPES]
    rows = package.relationships_part(
        package.Row(
            f"rId{n}",
            "http://schemas.openxmlformats.org/package/2006/relationships/digital-signature/signature",
            f"sig{n}.xml",
        )
        for n in (1, 2)
    )
    stranger = package.read(forged(parts, bed.stranger, bed.time, bed.comment))[SIG]
    typed = types.replace(
        b"</Types>", b'<Override PartName="/_xmlsignatures/sig2.xml" ContentType="application/xml"/></Types>'
    )
    for name, second in {
        "the same": parts[SIG],
        "broken": b"<Signature/>",
        "empty": b"",
        "a stranger's": stranger,
    }.items():
        added = {**parts, "_xmlsignatures/sig2.xml": second}
        yield variant("two-signatures", f"{name}, loose", package.write(added), "segunda_firma")
        whole = {**added, package.ORIGIN_RELS: rows, package.TYPES: typed}
        yield variant("two-signatures", f"{name}, linked", package.write(whole), "segunda_firma")
        if second == parts[SIG]:
            continue
        first = {**parts, SIG: second, "_xmlsignatures/sig2.xml": parts[SIG]}
        yield variant("two-signatures", f"{name} first", package.write(first), "segunda_firma")
        renamed = {**parts, SIG: second, "_xmlsignatures/SIG1.xml": parts[SIG]}
        yield variant(
            "two-signatures", f"{name}, names by case", package.write(renamed), "segunda_firma", "zip_manipulado"
        )
    both = parts[SIG] + parts[SIG]
    yield variant("two-signatures", "two in one part", package.write({**parts, SIG: both}), "firma_ajena")
    yield variant(
        "two-signatures",
        "certificate part",
        package.write({**parts, "_xmlsignatures/cert1.cer": b"x"}),
        "segunda_firma",
    )

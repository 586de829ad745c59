"""Changed and added parts: content, unsigned-part, relationship, content-type, xml-bomb."""

from collections.abc import Callable, Iterator
from dataclasses import replace
from itertools import pairwise

from cryptography.hazmat.primitives.serialization import Encoding

from peti_desktop.trust import package, template
from tests.attacks.bed import Bed
from tests.attacks.forging import Parts, archive, forged, replaced, unsigned
from tests.attacks.variants import Variant, variant

BOOK_RELS = "xl/_rels/workbook.xml.rels"
SHEET = "xl/worksheets/sheet2.xml"


def variants(bed: Bed) -> Iterator[Variant]:
    """The variants of this module's classes."""
    yield from _content(bed)
    yield from _unsigned_part(bed)
    yield from _relationship(bed)
    yield from _content_type(bed)
    yield from _xml_bomb(bed)


def _contents(parts: Parts) -> list[str]:
    return [name for name in package.signed_names(parts) if not name.endswith(".rels")]


def _content(bed: Bed) -> Iterator[Variant]:
    parts = bed.parts
    edits: dict[str, Callable[[bytes], bytes]] = {
        "byte": lambda part: part[: len(part) // 2] + bytes([part[len(part) // 2] ^ 1]) + part[len(part) // 2 + 1 :],
        "space": lambda part: part + b" ",
        "comment": lambda part: part + b"<!-- x -->",
        "mark": lambda part: b"\xef\xbb\xbf" + part,
        "instruction": lambda part: part + b"<?x y?>",
        "empty": lambda part: b"",
        "twice": lambda part: part + part,
        "utf16": lambda part: part.decode().encode("utf-16"),
    }
    for name in _contents(parts):
        for edit, change in edits.items():
            yield variant(
                "content", f"{edit} in {name}", package.write({**parts, name: change(parts[name])}), "alterada"
            )
    sheets = [name for name in parts if name.startswith("xl/worksheets/sheet")]
    for one, two in pairwise(sheets):
        swapped = {**parts, one: parts[two], two: parts[one]}
        yield variant("content", f"{one} and {two} exchanged", package.write(swapped), "alterada")
    values = template.extract(parts[package.SIGNATURE])
    for name in _contents(parts):
        changed = {**parts, name: parts[name] + b"\n"}
        draft = template.draft(unsigned(changed), bed.salud.certificate, values.time, values.comment)
        again = {**changed, package.SIGNATURE: draft.part(values)}
        yield variant("content", f"digests anew for {name}", package.write(again), "firma_falsa")


ADDED = (
    "xl/vbaProject.bin", "xl/sharedStrings.xml", "xl/styles2.xml", "xl/worksheets/sheet99.xml", "docProps/core.xml",
    "docProps/app.xml", "docProps/custom.xml", "docProps/thumbnail.jpeg", "customXml/item1.xml",
    "customXml/itemProps1.xml", "xl/externalLinks/externalLink1.xml", "xl/media/image1.png", "xl/comments1.xml",
    "xl/drawings/drawing1.xml", "xl/drawings/vmlDrawing1.vml", "xl/printerSettings/printerSettings1.bin",
    "xl/embeddings/oleObject1.bin", "xl/calcChain.xml", "xl/theme/theme2.xml", "xl/tables/table1.xml",
    "xl/connections.xml", "xl/queryTables/queryTable1.xml", "xl/activeX/activeX1.xml", "xl/webextensions/taskpanes.xml",
    "META-INF/manifest.xml", "mimetype", "xl/worksheets/sheet01.xml", "xl/chartsheets/sheet1.xml",
)  # fmt: skip


def _unsigned_part(bed: Bed) -> Iterator[Variant]:
    parts, styles = bed.parts, bed.parts["xl/styles.xml"]
    refused = ("partes_ajenas", "estructura_cambiada")
    rows = package.signed_rows(BOOK_RELS, parts[BOOK_RELS])
    for name in ADDED:
        added = {**parts, name: styles}
        yield variant("unsigned-part", f"{name} alone", package.write(added), *refused)
        target = name.removeprefix("xl/") if name.startswith("xl/") else f"../{name}"
        linked = package.relationships_part((*rows, package.Row("rId99", rows[0].type, target)))
        contents = [*_contents(parts), *([name] if package._kind(name) else [])]
        whole = {**added, BOOK_RELS: linked, package.TYPES: package.types_part(contents)}
        yield variant("unsigned-part", f"{name} linked", package.write(whole), *refused, "alterada")
    for name in ("xl/styles.xml", "xl/theme/theme1.xml", SHEET):
        masked = {**parts, name.replace(".xml", "9.xml"): parts[name], name: parts[name].replace(b">", b"> ", 1)}
        yield variant("unsigned-part", f"{name} masked", package.write(masked), *refused)


def _relationship(bed: Bed) -> Iterator[Variant]:
    parts = bed.parts
    edits = [
        (package.ROOT, b"xl/workbook.xml", b"xl/worksheets/sheet1.xml"),
        (package.ROOT, b"xl/workbook.xml", b"/xl/workbook.xml"),
        (package.ROOT, b'officeDocument"', b'extended-properties"'),
        (package.ROOT, b"</Relationships>", b"<!-- --></Relationships>"),
        (package.ROOT, b"<?xml", b"<!DOCTYPE x><?xml"),
        (package.ROOT, b"rId2", b"rId1"),
        (package.ROOT, b"rId2", b"rId3"),
        (package.ORIGIN_RELS, b"sig1.xml", b"sig9.xml"),
        (package.ORIGIN_RELS, b"sig1.xml", b"../xl/workbook.xml"),
        (BOOK_RELS, b"worksheets/sheet1.xml", b"worksheets/sheet2.xml"),
        (BOOK_RELS, b"worksheets/sheet1.xml", b"/xl/worksheets/sheet1.xml"),
        (BOOK_RELS, b"worksheets/sheet1.xml", b"./worksheets/sheet1.xml"),
        (BOOK_RELS, b"worksheets/sheet1.xml", b"worksheets/../worksheets/sheet1.xml"),
        (BOOK_RELS, b"worksheets/sheet1.xml", b"worksheets/sheet%31.xml"),
        (BOOK_RELS, b"worksheets/sheet1.xml", b"Worksheets/Sheet1.xml"),
        (BOOK_RELS, b"worksheets/sheet1.xml", b"worksheets\\sheet1.xml"),
        (BOOK_RELS, b"worksheets/sheet1.xml", b"http://malo.example/sheet1.xml"),
        (BOOK_RELS, b"worksheets/sheet1.xml", b"file:///etc/passwd"),
        (BOOK_RELS, b'"rId2"', b'"rId1"'),
        (BOOK_RELS, b'"rId2"', b'"rid2"'),
        (BOOK_RELS, b"relationships/styles", b"relationships/theme"),
        (BOOK_RELS, b"relationships/worksheet", b"relationships/chartsheet"),
        (BOOK_RELS, b"<Relationship ", b"<Relationship  "),
        (BOOK_RELS, b"<Relationship ", b"\n<Relationship "),
        (BOOK_RELS, b"<Relationships ", b'<Relationships xml:base="/x" '),
        (BOOK_RELS, b"</Relationships>", b"</Relationships>\xff"),
        (BOOK_RELS, b"/></Relationships>", b' TargetMode="External"/></Relationships>'),
        (BOOK_RELS, b"/></Relationships>", b' TargetMode="Internal"/></Relationships>'),
        (BOOK_RELS, b'Target="', b"Target='"),
    ]
    for name, old, new in edits:
        data = package.write(replaced(parts, name, old, new))
        yield variant("relationship", f"{old!r} to {new!r} in {name}", data, "estructura_cambiada")
    rows = package.signed_rows(BOOK_RELS, parts[BOOK_RELS])
    for one, two in pairwise(rows):
        swap = {one.id: two.id, two.id: one.id}
        exchanged = package.relationships_part(replace(row, id=swap.get(row.id, row.id)) for row in rows)
        data = package.write({**parts, BOOK_RELS: exchanged})
        yield variant("relationship", f"{one.id} and {two.id} exchanged in form", data, "alterada")
    second = package.relationships_part(
        (*package._rows(package.ROOT, parts[package.ROOT]), package.Row("rId3", rows[0].type, "xl/workbook2.xml"))
    )
    data = package.write({**parts, package.ROOT: second, "xl/workbook2.xml": parts["xl/workbook.xml"]})
    yield variant("relationship", "second workbook", data, "partes_ajenas")
    for name in (BOOK_RELS, package.ROOT, package.ORIGIN_RELS):
        without = {key: part for key, part in parts.items() if key != name}
        yield variant("relationship", f"{name} missing", archive(list(without.items())), "estructura_cambiada")


def _content_type(bed: Bed) -> Iterator[Variant]:
    parts = bed.parts
    edits = [
        (b"worksheet+xml", b"chartsheet+xml"), (b"sheet.main+xml", b"sheet.macroEnabled.main+xml"),
        (b"sheet.main+xml", b"template.main+xml"), (b"styles+xml", b"sharedStrings+xml"), (b"theme+xml", b"styles+xml"),
        (b'Extension="xml"', b'Extension="XML"'), (b"application/xml", b"text/html"), (b"<Override ", b"<Override  "),
        (b"digital-signature-origin", b"digital-signature-orig"), (b"xmlsignature+xml", b"certificate"),
        (b"<Types ", b'<Types xmlns:x="y" '), (b"</Types>", b"</Types>\n"), (b"<?xml", b"\xef\xbb\xbf<?xml"),
        (b"</Types>", b'<Default Extension="bin" ContentType="application/vnd.ms-office.vbaProject"/></Types>'),
        (b"</Types>", b'<Override PartName="/xl/workbook.xml" ContentType="text/plain"/></Types>'),
        (b'PartName="/xl/workbook.xml"', b'PartName="/XL/workbook.xml"'),
        (b'PartName="/xl/workbook.xml"', b'PartName="/xl/./workbook.xml"'),
        (b"<Types ", b'<!DOCTYPE Types [<!ENTITY a "b">]><Types '),
    ]  # fmt: skip
    for old, new in edits:
        data = package.write(replaced(parts, package.TYPES, old, new))
        yield variant("content-type", f"{old!r} to {new!r}", data, "estructura_cambiada")
    for name in (package.TYPES, package.ROOT):
        yield variant("content-type", f"{name} empty", package.write({**parts, name: b""}), "estructura_cambiada")
    for old, new in ((b"worksheet+xml", b"chartsheet+xml"), (b"theme+xml", b"styles+xml")):
        data = package.write(replaced(parts, package.SIGNATURE, old, new))
        yield variant("content-type", f"{old!r} to {new!r} in the manifest", data, "alterada")


def bombs() -> dict[str, bytes]:
    """Documents that hurt whoever parses them."""
    laughs = b"".join(b'<!ENTITY l%d "%s">' % (n, b"&l%d;" % (n - 1) * 10) for n in range(1, 12))
    return {
        "laughs": b'<!DOCTYPE x [<!ENTITY l0 "ja">' + laughs + b"]><x>&l11;</x>",
        "quadratic": b'<!DOCTYPE x [<!ENTITY a "' + b"a" * 50_000 + b'">]><x>' + b"&a;" * 50_000 + b"</x>",
        "remote": b'<!DOCTYPE x SYSTEM "http://127.0.0.1:9/x.dtd"><x/>',
        "file": b'<!DOCTYPE x [<!ENTITY a SYSTEM "file:///etc/passwd">]><x>&a;</x>',
        "parameter": b'<!DOCTYPE x [<!ENTITY % a SYSTEM "http://127.0.0.1:9/">%a;]><x/>',
        "deep": b"<x>" * 200_000 + b"</x>" * 200_000,
        "wide": b"<x " + b"".join(b'a%d="" ' % n for n in range(200_000)) + b"/>",
        "many": b"<x>" + b"<y/>" * 400_000 + b"</x>",
        "text": b"<x>" + b"y" * 8_000_000 + b"</x>",
    }


def _xml_bomb(bed: Bed) -> Iterator[Variant]:
    parts = bed.parts
    codes = {package.SIGNATURE: ("firma_ajena", "muy_grande")}
    structure = (package.TYPES, package.ROOT, BOOK_RELS, package.ORIGIN_RELS)
    codes |= dict.fromkeys(structure, ("estructura_cambiada", "muy_grande"))
    for name in ("xl/workbook.xml", "xl/styles.xml", SHEET, "xl/worksheets/sheet1.xml", *structure, package.SIGNATURE):
        for bomb, part in bombs().items():
            data = package.write({**parts, name: part})
            yield variant("xml-bomb", f"{bomb} in {name}", data, *codes.get(name, ("alterada",)))
    der = bed.salud.certificate.public_bytes(Encoding.DER)
    assert der in template.extract(parts[package.SIGNATURE]).certificate
    for tag in ("X509Certificate", "SignatureValue", "mdssi:Value", "SignatureComments"):
        repeats = f"<{tag}></{tag}>".encode() * 10_000
        data = package.write({**parts, package.SIGNATURE: repeats})
        yield variant("xml-bomb", f"repeated {tag}", data, "firma_ajena")
        inside = replaced(parts, package.SIGNATURE, f"<{tag}>".encode(), f"<{tag}>".encode() + b"A" * 200_000)
        yield variant("xml-bomb", f"long {tag}", package.write(inside), "firma_ajena")
    assert forged(parts, bed.salud, bed.time, bed.comment) == bed.signed, "the forger's tools are not the signer's"

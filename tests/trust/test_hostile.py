"""Files somebody tampered with, and honest mishaps: each is refused with the code that explains it.

``forged`` signs again with a true key, for attacks that keep the mathematics right; ``tests/attacks`` has every class.
"""

import io
import struct
import zipfile
from base64 import b64encode
from collections.abc import Callable
from dataclasses import replace
from datetime import datetime

import openpyxl
import pytest
from cryptography.hazmat.primitives.hashes import SHA1

from peti_desktop.trust import container, package, signature, template
from peti_desktop.trust.keys import Signer
from peti_desktop.trust.signature import Status, Trust, Verification
from tests.attacks.forging import Parts, archive, forged, replaced

Check = Callable[[bytes], str]
SHEET = "xl/worksheets/sheet1.xml"
SHEET_RELS = "xl/worksheets/_rels/sheet1.xml.rels"
BOOK_RELS = "xl/_rels/workbook.xml.rels"


@pytest.fixture
def parts(signed: bytes) -> Parts:
    return package.read(signed)


@pytest.fixture
def outcome(trust: Trust, now: datetime) -> Callable[[bytes], Verification]:
    return lambda data: signature.verify(data, trust, now)


@pytest.fixture
def code(outcome: Callable[[bytes], Verification]) -> Check:
    """The one code of a refusal; a refused file gives nothing to read."""

    def check(data: bytes) -> str:
        verdict = outcome(data)
        assert verdict.status is Status.NO_VALIDA
        assert (verdict.parts, verdict.signer, verdict.signed_at) == (None, None, None)
        assert len(verdict.reasons) == 1
        assert verdict.reasons[0].sentence
        return verdict.reasons[0].code

    return check


def test_forging_with_the_true_key_is_the_signature_itself(
    parts: Parts, signed: bytes, ana: Signer, now: datetime
) -> None:
    """So that the refusals of forged files below mean something."""
    comment = template.stamped("Entrega 03 de SALUD, 2026 & más")

    assert forged(parts, ana, template.time_text(now), comment) == signed


# --- contents -----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("name", "old", "new"),
    [
        (SHEET, b"R-001", b"R-002"),
        (SHEET, b"<sheetData>", b"<sheetData> "),
        (SHEET, b"<worksheet", b"\xef\xbb\xbf<worksheet"),
        (SHEET, b"</worksheet>", b"</worksheet><!-- x -->"),
        (SHEET, b"<worksheet", b'<!DOCTYPE a [<!ENTITY b SYSTEM "file:///etc/passwd">]><worksheet'),
        ("xl/workbook.xml", b'"hidden"', b'"visible"'),
        ("xl/workbook.xml", b'r:id="rId1"', b'r:id="rId2"'),
        ("xl/styles.xml", b"styleSheet", b"styleSheet "),
        ("xl/theme/theme1.xml", b"a:theme", b"a:theme "),
        ("xl/media/image1.png", b"PNG", b"PNg"),
        ("xl/tables/table1.xml", b"Riesgos1", b"Riesgos2"),
    ],
)
def test_changed_part_is_found_and_named(
    parts: Parts, outcome: Callable[[bytes], Verification], name: str, old: bytes, new: bytes
) -> None:
    verdict = outcome(package.write(replaced(parts, name, old, new)))

    assert (verdict.status, verdict.reasons[0].code) == (Status.NO_VALIDA, "alterada")
    assert verdict.reasons[0].detail == f"no coinciden: {name}"
    assert verdict.parts is None


def test_exchanged_sheets_are_found(parts: Parts, code: Check) -> None:
    other = "xl/worksheets/sheet2.xml"

    assert code(package.write(parts | {SHEET: parts[other], other: parts[SHEET]})) == "alterada"


def test_signature_of_another_file_is_found(parts: Parts, code: Check, ana: Signer, now: datetime) -> None:
    buffer = io.BytesIO()
    openpyxl.Workbook().save(buffer)
    other = package.read(signature.sign(buffer.getvalue(), ana, "", now))

    assert code(package.write(parts | {package.SIGNATURE: other[package.SIGNATURE]})) == "alterada"


# --- parts, types and relationships -------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("xl/vbaProject.bin", "partes_ajenas"),
        ("docProps/core.xml", "partes_ajenas"),
        ("customXml/item1.xml", "partes_ajenas"),
        ("xl/externalLinks/externalLink1.xml", "partes_ajenas"),
        ("xl/worksheets/sheet01.xml", "partes_ajenas"),
        ("xl/worksheets/sheet1.xml\n", "zip_manipulado"),
        ("xl/Styles.xml", "zip_manipulado"),
        ("xl/worksheets/_rels/sheet9.xml.rels", "estructura_cambiada"),
        ("xl/styles.xml.rels", "partes_ajenas"),
        ("xl/_rels/styles.xml.rels", "estructura_cambiada"),
        ("xl/worksheets/sheet9.xml", "estructura_cambiada"),
        ("xl/sharedStrings.xml", "estructura_cambiada"),
        ("_xmlsignatures/sig2.xml", "segunda_firma"),
        ("_xmlsignatures/_rels/sig1.xml.rels", "segunda_firma"),
    ],
)
def test_added_part_is_refused(parts: Parts, code: Check, name: str, expected: str) -> None:
    assert code(package.write(parts | {name: parts["xl/styles.xml"]})) == expected


def test_added_sheet_with_its_type_is_not_reached(parts: Parts, code: Check) -> None:
    contents = [name for name in parts if name.startswith("xl/") and "_rels" not in name]
    contents.append("xl/worksheets/sheet4.xml")
    added = {"xl/worksheets/sheet4.xml": parts[SHEET], package.TYPES: package.types_part(contents)}

    assert code(package.write(parts | added)) == "estructura_cambiada"


def test_added_sheet_with_type_and_link_is_not_signed(parts: Parts, code: Check) -> None:
    contents = [name for name in parts if name.startswith("xl/") and "_rels" not in name]
    contents.append("xl/worksheets/sheet4.xml")
    rows = package.signed_rows(BOOK_RELS, parts[BOOK_RELS])
    added = {
        "xl/worksheets/sheet4.xml": parts[SHEET],
        BOOK_RELS: package.relationships_part((*rows, package.Row("rId99", rows[0].type, "worksheets/sheet4.xml"))),
        package.TYPES: package.types_part(contents),
    }

    assert code(package.write(parts | added)) == "alterada"


@pytest.mark.parametrize(
    ("name", "old", "new"),
    [
        (package.ROOT, b"xl/workbook.xml", b"xl/worksheets/sheet1.xml"),
        (package.ROOT, b"</Relationships>", b"<!-- --></Relationships>"),
        (package.ROOT, b"<?xml", b"<!DOCTYPE x><?xml"),
        (package.ORIGIN_RELS, b"sig1.xml", b"sig9.xml"),
        (package.TYPES, b"worksheet+xml", b"chartsheet+xml"),
        (package.TYPES, b'Extension="xml"', b'Extension="XML"'),
        (BOOK_RELS, b"worksheets/sheet1.xml", b"worksheets/sheet2.xml"),
        (BOOK_RELS, b"worksheets/sheet1.xml", b"/xl/worksheets/sheet1.xml"),
        (BOOK_RELS, b"worksheets/sheet1.xml", b"./worksheets/sheet1.xml"),
        (BOOK_RELS, b'"rId2"', b'"rId1"'),
        (BOOK_RELS, b"relationships/styles", b"relationships/theme"),
        (BOOK_RELS, b"<Relationship ", b"<Relationship  "),
        (BOOK_RELS, b"<Relationships ", b'<Relationships xml:base="/x" '),
        (BOOK_RELS, b"</Relationships>", b"</Relationships>\xff"),
        (SHEET_RELS, b"/></Relationships>", b' TargetMode="External"/></Relationships>'),
        (SHEET_RELS, b"../tables/table1.xml", b"http://malo.example/table1.xml"),
    ],
)
def test_changed_structure_is_refused(parts: Parts, code: Check, name: str, old: bytes, new: bytes) -> None:
    assert code(package.write(replaced(parts, name, old, new))) == "estructura_cambiada"


def test_renumbered_relationships_are_not_signed(parts: Parts, code: Check) -> None:
    """Two sheets change places by their rows alone, in perfect form."""
    rows = package.signed_rows(BOOK_RELS, parts[BOOK_RELS])
    swap = {"rId1": "rId2", "rId2": "rId1"}
    exchanged = package.relationships_part(replace(row, id=swap.get(row.id, row.id)) for row in rows)

    assert code(package.write(parts | {BOOK_RELS: exchanged})) == "alterada"


@pytest.mark.parametrize(
    "name", [SHEET_RELS, "xl/styles.xml", "xl/drawings/drawing1.xml", package.TYPES, package.SIGNATURE]
)
def test_missing_part_is_refused(parts: Parts, code: Check, name: str) -> None:
    del parts[name]

    assert code(container.zipped(parts, ())) == "estructura_cambiada"


# --- the zip around it --------------------------------------------------------------------------------------------


@pytest.mark.filterwarnings("ignore:Duplicate name")
@pytest.mark.parametrize("first", [True, False])
def test_name_twice_is_refused(parts: Parts, code: Check, first: bool) -> None:
    entries = list(parts.items())
    false = (SHEET, b"<worksheet/>")

    assert code(archive([false, *entries] if first else [*entries, false])) == "zip_manipulado"


@pytest.mark.parametrize("name", ["../x", "/x", "xl/../x", "a\\b", "ñ", "xl/", "x" * 101, " x", "xl//x"])
def test_odd_names_are_refused(parts: Parts, code: Check, name: str) -> None:
    assert code(archive([*parts.items(), (name, b"")])) in {"zip_manipulado", "partes_ajenas"}


def test_data_before_after_and_between_is_refused(signed: bytes, code: Check) -> None:
    start = struct.unpack_from("<L", signed, len(signed) - 6)[0]
    gap = signed[:start] + b"\0" * 8 + signed[start:-6] + struct.pack("<L", start + 8) + signed[-2:]
    comment = signed[:-2] + b"\4\0hola"

    for data in (b"MZ" + signed, signed + b"\0", signed + signed, gap, comment, b"PK\3\4" + signed):
        assert code(data) == "zip_manipulado"


def test_lying_sizes_are_refused(signed: bytes, code: Check) -> None:
    entry = next(entry for entry in container.directory(signed) if entry.name == SHEET)
    truth = struct.pack("<LL", entry.packed, entry.size)
    assert signed.count(truth) == 2

    def lying(size: int, times: int = 2) -> bytes:
        return signed.replace(truth, struct.pack("<LL", entry.packed, size), times)

    assert code(lying(2**31)) == "muy_grande"
    assert code(lying(entry.size + 1)) == "danado"
    assert code(lying(entry.size - 1)) == "danado"
    assert code(lying(entry.size + 1, times=1)) == "zip_manipulado"


def test_bombs_are_refused_before_inflating(parts: Parts, code: Check, monkeypatch: pytest.MonkeyPatch) -> None:
    many = archive([(f"xl/worksheets/sheet{number}.xml", b"") for number in range(1, 400)])
    half = bytes(container.MAX_TOTAL_BYTES // 3)
    heavy = archive([(f"xl/worksheets/sheet{number}.xml", half) for number in range(1, 5)])
    padded = package.write(parts | {package.ORIGIN_RELS: b" " * 70_000})
    huge = bytes(container.MAX_FILE_BYTES + 1)

    def no_inflating(*_: object) -> bytes:
        raise AssertionError("inflated before the limits were checked")

    monkeypatch.setattr(container, "inflate", no_inflating)

    assert [code(data) for data in (many, heavy, padded, huge)] == ["muy_grande"] * 4


def test_encrypted_entry_or_other_method_is_refused(signed: bytes, parts: Parts, code: Check) -> None:
    encrypted = bytearray(signed)
    encrypted[signed.index(b"PK\1\2") + 8] |= 1

    assert code(bytes(encrypted)) == "zip_manipulado"
    assert code(archive(list(parts.items()), zipfile.ZIP_BZIP2)) == "zip_manipulado"


def test_truncated_anywhere_is_refused_with_words(signed: bytes, code: Check) -> None:
    for cut in (*range(5, len(signed), 97), *range(len(signed) - 25, len(signed))):
        assert code(signed[:cut]) == "incompleto"


def test_zeroed_blocks_are_refused(signed: bytes, code: Check) -> None:
    for start in range(0, len(signed), 512):
        code(signed[:start] + bytes(min(512, len(signed) - start)) + signed[start + 512 :])


# --- what is no delivery at all -----------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("data", "expected"),
    [
        (b"", "vacio"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 600, "xls_antiguo"),
        (b"<html><table><tr><td>R-001</td></tr></table></html>", "texto_disfrazado"),
        (b"\xef\xbb\xbfcodigo;nombre\r\nR-001;P\xc3\xa9rdida", "texto_disfrazado"),
        ('<?xml version="1.0"?>'.encode("utf-16"), "texto_disfrazado"),
        (b"%PDF-1.7\n\0\0\xff", "no_es_libro"),
        (b"\0", "no_es_libro"),
        (archive([("word/document.xml", b"<x/>")]), "no_es_libro"),
        (archive([("2026_SALUD_entrega-03.xlsx", b"PK")]), "comprimido"),
        (archive([("mimetype", b"application/vnd.oasis.opendocument.spreadsheet")]), "no_es_libro"),
    ],
)
def test_other_files_are_called_by_name(code: Check, data: bytes, expected: str) -> None:
    assert code(data) == expected


def test_unsigned_workbook_is_called_unsigned(code: Check) -> None:
    buffer = io.BytesIO()
    openpyxl.Workbook().save(buffer)

    assert code(buffer.getvalue()) == "sin_firma"


def test_workbook_saved_again_is_told_by_its_hidden_marks(
    signed: bytes, outcome: Callable[[bytes], Verification]
) -> None:
    buffer = io.BytesIO()
    openpyxl.load_workbook(io.BytesIO(signed)).save(buffer)

    reasons = outcome(buffer.getvalue()).reasons

    assert [reason.code for reason in reasons] == ["vuelto_a_guardar"]
    assert "Microsoft Excel" in reasons[0].sentence  # the name openpyxl writes into docProps/app.xml


def test_foreign_signature_is_told(parts: Parts, code: Check) -> None:
    for part in (b"", b"<Signature/>", parts[package.SIGNATURE].replace(" · formato 1<".encode(), b"<")):
        assert code(package.write(parts | {package.SIGNATURE: part})) == "firma_ajena"


def test_signature_of_a_newer_program_is_told(parts: Parts, code: Check, ana: Signer, now: datetime) -> None:
    assert code(forged(parts, ana, template.time_text(now), "Entrega · formato 2")) == "formato_nuevo"


# --- the signature part -------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("old", "new"),
    [
        (b"rsa-sha256", b"rsa-sha1"),
        (b"rsa-sha256", b"hmac-sha256"),
        (b"xmlenc#sha256", b"xmldsig#sha1"),
        (b"REC-xml-c14n-20010315", b"REC-xml-c14n-20010315#WithComments"),
        (b"<Manifest>", b"<Manifest> "),
        (b"</Signature>", b"</Signature>\n"),
        (b"</Signature>", b'<Object Id="idPackageObject"></Object></Signature>'),
        (b"<Signature ", b'<!DOCTYPE x [<!ENTITY y "z">]><Signature '),
        (b"<SignatureType>1", b"<SignatureType>2"),
        (b"2026-03-02T14:30:00Z", b"2026-03-02T14:30:01Z"),
        (b"Entrega 03", b"Entrega 04"),
        (b"worksheet+xml", b"chartsheet+xml"),
        (b"<xd:UnsignedSignatureProperties>", b"<xd:UnsignedSignatureProperties>x"),
        (b'Target="#idPackageSignature"', b"Target='#idPackageSignature'"),
        (b"<KeyInfo>", b"<KeyInfo><KeyName>otra</KeyName>"),
    ],
)
def test_changed_signature_part_is_refused(parts: Parts, code: Check, old: bytes, new: bytes) -> None:
    assert code(package.write(replaced(parts, package.SIGNATURE, old, new))) == "alterada"


@pytest.mark.parametrize("tag", ["X509Certificate", "SignatureValue", "mdssi:Value", "SignatureComments"])
def test_value_twice_or_missing_is_refused(parts: Parts, code: Check, tag: str) -> None:
    opening = f"<{tag}>".encode()

    twice = replaced(parts, package.SIGNATURE, opening, opening + f"x</{tag}>".encode() + opening)
    missing = replaced(parts, package.SIGNATURE, opening, b"<X>")

    assert code(package.write(twice)) == "firma_ajena"
    assert code(package.write(missing)) == "firma_ajena"


def test_other_spelling_of_base64_is_refused(parts: Parts, code: Check) -> None:
    broken = replaced(parts, package.SIGNATURE, b"<SignatureValue>", b"<SignatureValue>\n")

    assert code(package.write(broken)) == "firma_ajena"


def test_repeats_do_not_take_long(parts: Parts, code: Check) -> None:
    """A pattern over the whole part needed minutes for this one."""
    repeats = b"<mdssi:Value></mdssi:Value><X509Certificate>" * 10_000

    assert code(package.write(parts | {package.SIGNATURE: repeats})) == "firma_ajena"


def test_repeated_directory_marks_do_not_take_long(code: Check) -> None:
    """Explaining an unsigned file looks for its directory's rows; this one has a million marks."""
    name = b"xl/workbook.xml"

    assert code(b"PK\3\4" + name + b"PK\1\2" * 1_000_000 + b"PK\5\6" + bytes(18)) == "sin_firma"


def test_false_values_are_refused(parts: Parts, code: Check, ana: Signer, stranger: Signer, now: datetime) -> None:
    """Somebody else's key under Ana's certificate; Ana's own key with SHA-1."""
    time, comment = template.time_text(now), "x · formato 1"

    assert code(forged(parts, replace(ana, key=stranger.key), time, comment)) == "firma_falsa"
    assert code(forged(parts, ana, time, comment, SHA1())) == "firma_falsa"


def test_zeros_and_short_values_are_refused(parts: Parts, code: Check) -> None:
    part = parts[package.SIGNATURE]
    begin = part.index(b"<SignatureValue>") + len(b"<SignatureValue>")
    end = part.index(b"</SignatureValue>")
    for value in (b"", b64encode(bytes(384)), b64encode(b"\xff" * 384), b64encode(b"\1" * 383)):
        hurt = parts | {package.SIGNATURE: part[:begin] + value + part[end:]}
        assert code(package.write(hurt)) == "firma_falsa"


@pytest.mark.parametrize("time", ["2026-02-30T10:00:00Z", "2026-03-02T14:30:60Z", "1999-01-01T00:00:00Z"])
def test_impossible_moment_is_refused(parts: Parts, code: Check, ana: Signer, time: str) -> None:
    assert code(forged(parts, ana, time, "x · formato 1")) == "firma_ajena"


@pytest.mark.parametrize("comment", ["a\u202eb", "a\nb", "a\rb", "x" * 250])
def test_odd_text_in_the_comment_is_refused(
    parts: Parts, code: Check, ana: Signer, now: datetime, comment: str
) -> None:
    assert code(forged(parts, ana, template.time_text(now), comment + " · formato 1")) == "firma_ajena"

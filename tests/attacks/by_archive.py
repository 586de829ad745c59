"""The file around the parts: zip, zip-bomb, truncated, repair, legacy."""

import io
import random
import struct
import warnings
import zipfile
import zlib
from base64 import b64encode
from collections.abc import Iterator
from itertools import pairwise

from peti_desktop.trust import container, package
from tests.attacks.bed import Bed
from tests.attacks.forging import archive
from tests.attacks.variants import Variant, variant

SHEET = "xl/worksheets/sheet2.xml"
NOT_OURS = ("zip_manipulado", "partes_ajenas", "estructura_cambiada")
BROKEN = (
    "danado",
    "incompleto",
    "zip_manipulado",
    "muy_grande",
    "no_es_libro",
    "sin_firma",
    "partes_ajenas",
    "estructura_cambiada",
    "alterada",
    "vuelto_a_guardar",
    "comprimido",
    "firma_ajena",
    "segunda_firma",
)


def variants(bed: Bed) -> Iterator[Variant]:
    """The variants of this module's classes."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # zipfile warns of names twice, which is what is wanted here
        yield from _zip(bed)
    yield from _zip_headers(bed)
    yield from _zip_bomb(bed)
    yield from _truncated(bed)
    yield from _repair(bed)
    yield from _legacy(bed)


def _zip(bed: Bed) -> Iterator[Variant]:
    entries, false = list(bed.parts.items()), b"<worksheet/>"
    yield variant("zip", "name twice, false one first", archive([(SHEET, false), *entries]), "zip_manipulado")
    yield variant("zip", "name twice, false one last", archive([*entries, (SHEET, false)]), "zip_manipulado")
    yield variant("zip", "name twice, both true", archive([*entries, (SHEET, bed.parts[SHEET])]), "zip_manipulado")
    for name in (
        "XL/worksheets/sheet2.xml",
        "xl/Worksheets/sheet2.xml",
        "xl/worksheets/SHEET2.XML",
        "[content_types].xml",
        "../xl/workbook.xml",
        "/xl/workbook.xml",
        "xl/../xl/workbook.xml",
        "xl//workbook.xml",
        "xl\\workbook.xml",
        "xl/workbook.xml/",
        "xl/",
        "xl/worksheets/sheet2.xml.",
        " xl/workbook.xml",
        "xl/workbook.xml ",
        "ñ",
        "x" * 101,
        "C:/xl/workbook.xml",
        "xl/workbook.xml:x",
        "xl/wоrkbook.xml",
        "xl/workbook.xml\n",
        "con",
        "xl/%77orkbook.xml",
        "xl/worksheets/sheet2.xml\x00.png",
    ):
        yield variant("zip", f"entry {name!r}", _raw_name(entries, name, false), *NOT_OURS)
    for method in (zipfile.ZIP_BZIP2, zipfile.ZIP_LZMA):
        yield variant("zip", f"method {method}", archive(entries, method), "zip_manipulado")
    for extra, name in (
        (1, "zip64"),
        (0x7075, "unicode path"),
        (0x9901, "aes"),
        (0xA220, "padding"),
        (0x0017, "strong"),
    ):
        yield variant(
            "zip", f"extra field {name}", _with_extra(entries, struct.pack("<HH", extra, 4) + b"abcd"), "zip_manipulado"
        )
    yield variant("zip", "extra field cut", _with_extra(entries, b"\x0a"), "zip_manipulado")
    yield variant("zip", "extra field long", _with_extra(entries, b"\x0a\0\x00\x01" + bytes(256)), "zip_manipulado")


def _raw_name(entries: list[tuple[str, bytes]], name: str, part: bytes) -> bytes:
    """An archive whose last entry has a name that zipfile itself would mend."""
    stand_in = "Q" * len(name.encode())
    return archive([*entries, (stand_in, part)]).replace(stand_in.encode(), name.encode())


def _with_extra(entries: list[tuple[str, bytes]], extra: bytes) -> bytes:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as file:
        for name, part in entries:
            info = zipfile.ZipInfo(name)
            file.writestr(info, part, zipfile.ZIP_DEFLATED)
        first = file.infolist()[0]
        first.extra = extra
    return buffer.getvalue()


def _patched(data: bytes, at: int, form: str, value: int) -> bytes:
    hurt = bytearray(data)
    struct.pack_into(form, hurt, at, value)
    return bytes(hurt)


def _zip_headers(bed: Bed) -> Iterator[Variant]:
    """Single fields of the headers that say something else than the truth."""
    data = bed.signed
    end = len(data) - 22
    start = struct.unpack_from("<L", data, end + 16)[0]
    row = data.index(b"PK\1\2")
    fields = {
        "needed": (6, "<H", 45),
        "flags encrypted": (8, "<H", 1),
        "flags strong": (8, "<H", 64),
        "flags masked": (8, "<H", 8192),
        "flags descriptor": (8, "<H", 8),
        "method": (10, "<H", 12),
        "stored": (10, "<H", 0),
        "crc": (16, "<L", 7),
        "packed": (20, "<L", 3),
        "size": (24, "<L", 1),
        "size huge": (24, "<L", 2**31),
        "size zip64": (24, "<L", 2**32 - 1),
        "name size": (28, "<H", 3),
        "extra size": (30, "<H", 9),
        "comment size": (32, "<H", 5),
        "disk": (34, "<H", 1),
        "header": (42, "<L", 1),
        "header far": (42, "<L", 2**32 - 1),
    }
    codes = ("zip_manipulado", "danado", "muy_grande")
    for name, (offset, form, value) in fields.items():
        yield variant("zip", f"directory lies: {name}", _patched(data, row + offset, form, value), *codes)
    local = {
        "needed": (4, "<H", 45),
        "flags": (6, "<H", 1),
        "method": (8, "<H", 0),
        "time": (10, "<H", 9),
        "crc": (14, "<L", 7),
        "packed": (18, "<L", 3),
        "size": (22, "<L", 1),
        "name": (30, "<B", 88),
        "name size": (26, "<H", 3),
        "extra size": (28, "<H", 9),
        "mark": (0, "<L", 0),
    }
    for name, (offset, form, value) in local.items():
        yield variant("zip", f"local header lies: {name}", _patched(data, offset, form, value), *codes, "no_es_libro")
    ends = {"disk": (4, 1), "first disk": (6, 1), "count here": (8, 1), "count": (10, 1), "comment": (20, 9)}
    for name, (offset, value) in ends.items():
        yield variant(
            "zip", f"end record lies: {name}", _patched(data, end + offset, "<H", value), *codes, "incompleto"
        )
    yield variant("zip", "directory size", _patched(data, end + 12, "<L", 10), *codes)
    yield variant("zip", "directory start", _patched(data, end + 16, "<L", 10), *codes)
    hidden = b"PK\3\4" + data[4:200]
    gap = data[:start] + hidden + data[start:-6] + struct.pack("<L", start + len(hidden)) + data[-2:]
    locator = b"PK\6\7" + bytes(16)
    for name, hurt in {
        "program before": b"MZ" + data,
        "zip before": data + data,
        "script before": b"#!/bin/sh\n" + data,
        "bytes after": data + b"\0",
        "comment": data[:-2] + b"\4\0hola",
        "hidden local entry": gap,
        "zip64 locator": data[:end] + locator + data[end:],
        "second end record": data + data[end:],
        "empty zip after": data + b"PK\5\6" + bytes(18),
        "signature block": data[:end] + b"PK\5\5\0\0" + data[end:],
        "pdf before": b"%PDF-1.7\n" + data,
    }.items():
        yield variant("zip", name, hurt, "zip_manipulado", "no_es_libro", "incompleto", "texto_disfrazado")


def _zip_bomb(bed: Bed) -> Iterator[Variant]:
    entries = list(bed.parts.items())
    large = bytes(container.MAX_PART_BYTES)
    for name, part in (("honest 64 MiB", large), ("one byte more", large + b"\0")):
        yield variant(
            "zip-bomb", f"{name} as a sheet", package.write({**bed.parts, SHEET: part}), "alterada", "muy_grande"
        )
    three = {f"xl/worksheets/sheet{n}.xml": bytes(container.MAX_TOTAL_BYTES // 3) for n in range(2, 6)}
    yield variant("zip-bomb", "total", package.write({**bed.parts, **three}), "muy_grande")
    for count in (257, 5_000, 65_000):
        many = archive([*entries, *((f"xl/worksheets/sheet{n}.xml", b"") for n in range(100, 100 + count))], 0)
        yield variant("zip-bomb", f"{count} entries", many, "muy_grande", "zip_manipulado")
    rows = b"PK\3\4" + b"xl/workbook.xml" + b"PK\1\2" * 2_000_000 + b"PK\5\6" + bytes(18)
    yield variant("zip-bomb", "directory marks", rows, *BROKEN)
    for size in (2**30, 2**32 - 1):
        yield variant("zip-bomb", f"declared {size}", _lying(bed.signed, size), "muy_grande")
    entry = next(entry for entry in container.directory(bed.signed) if entry.name == SHEET)
    for size in (0, entry.size - 1, entry.size + 1, 63 * container.MIB):
        yield variant("zip-bomb", f"declared {size} falsely", _lying(bed.signed, size), "danado")
    yield variant("zip-bomb", "more than declared", _deflated_beyond(bed), "danado")
    yield variant("zip-bomb", "shared data", _overlapping(), *BROKEN)
    inner = archive([("2026_SALUD_entrega-01.xlsx", archive([("x.zip", archive([("x", large)]))]))])
    yield variant("zip-bomb", "zips in zips", inner, "comprimido")
    yield variant("zip-bomb", "too large a file", bytes(container.MAX_FILE_BYTES + 1), "muy_grande")
    for name in (package.SIGNATURE, package.TYPES, "xl/_rels/workbook.xml.rels"):
        yield variant(
            "zip-bomb", f"{name} of 60 MiB", package.write({**bed.parts, name: large[: 60 * 2**20]}), "muy_grande"
        )


def _lying(data: bytes, size: int) -> bytes:
    entry = next(entry for entry in container.directory(data) if entry.name == SHEET)
    return data.replace(struct.pack("<LL", entry.packed, entry.size), struct.pack("<LL", entry.packed, size))


def _deflated_beyond(bed: Bed) -> bytes:
    """A stream of a gigabyte that says it is as long as the sheet; the checksum is the sheet's."""
    engine = zlib.compressobj(9, zlib.DEFLATED, -15)
    piece = bytes(2**20)
    packed = bed.parts[SHEET] + b"".join(engine.compress(piece) for _ in range(1024)) + engine.flush()
    data = archive([(SHEET, packed), *((n, p) for n, p in bed.parts.items() if n != SHEET)], zipfile.ZIP_STORED)
    sizes = struct.pack("<LL", len(packed), len(packed))
    crc = struct.pack("<L", zlib.crc32(packed))
    true = struct.pack("<L", zlib.crc32(bed.parts[SHEET])) + struct.pack("<LL", len(packed), len(bed.parts[SHEET]))
    hurt = bytearray(data.replace(crc + sizes, true))
    struct.pack_into("<H", hurt, 8, 8)
    struct.pack_into("<H", hurt, data.rindex(SHEET.encode()) - 36, 8)
    return bytes(hurt)


def _overlapping() -> bytes:
    """Two hundred rows of the directory that lead to one and the same data."""
    base = archive([("xl/workbook.xml", bytes(2**20))])
    start = base.index(b"PK\1\2")
    end = base.rindex(b"PK\5\6")
    row = base[start:end]
    renamed = [row.replace(b"workbook", b"work%04d" % n) for n in range(200)]
    directory = b"".join([row, *renamed])
    tail = struct.pack("<4s4H2LH", b"PK\5\6", 0, 0, 201, 201, len(directory), start, 0)
    return base[:start] + directory + tail


def _truncated(bed: Bed) -> Iterator[Variant]:
    data, chance = bed.signed, random.Random(7)
    ends = (len(data) - n for n in (1, 2, 21, 22, 23, 46))
    for cut in sorted({*range(1, len(data), len(data) // 24), *ends}):
        codes = ("incompleto",) if cut > 4 else ("incompleto", "texto_disfrazado", "no_es_libro")
        yield variant("truncated", f"cut at {cut}", data[:cut], *codes)
    for start in range(0, len(data) - 512, len(data) // 16):
        yield variant("truncated", f"zeros at {start}", data[:start] + bytes(512) + data[start + 512 :], *BROKEN)
    for number in range(16):
        at, noise = chance.randrange(len(data) - 64), chance.randbytes(64)
        yield variant(
            "truncated", f"noise {number} at {at}", data[:at] + noise + data[at + 64 :], *BROKEN, "firma_falsa"
        )
    for entry in container.directory(data):
        if entry.packed:
            at = entry.header + 30 + len(entry.name) + entry.packed // 2
            hurt = data[:at] + bytes([data[at] ^ (1 << chance.randrange(8))]) + data[at + 1 :]
            yield variant("truncated", f"one bit at {at}", hurt, "danado")
    yield variant("truncated", "last half alone", data[len(data) // 2 :], *BROKEN)
    yield variant("truncated", "in text mode", data.replace(b"\n", b"\r\n"), *BROKEN)
    yield variant("truncated", "as characters", data.decode("latin-1").encode("utf-8"), *BROKEN)


def _repair(bed: Bed) -> Iterator[Variant]:
    """Broken so that a helpful reader would rebuild something else."""
    parts = bed.parts
    false = bed.parts[SHEET].replace(b"<sheetData>", b'<sheetData><row r="9"></row>')
    for name, changed in {
        "sheet not closed": {**parts, SHEET: parts[SHEET][:-12]},
        "sheet closed twice": {**parts, SHEET: parts[SHEET] + b"</worksheet>"},
        "sheet of another root": {**parts, SHEET: parts[SHEET].replace(b"worksheet", b"chartsheet")},
        "workbook without sheets": {**parts, "xl/workbook.xml": b"<workbook/>"},
        "stray sheet beside": {**parts, "xl/worksheets/sheet2 (1).xml": false},
        "recovered name": {**parts, "xl/worksheets/_sheet2.xml": false},
        "styles broken": {**parts, "xl/styles.xml": parts["xl/styles.xml"][:100]},
    }.items():
        yield variant("repair", name, package.write(changed), "alterada", *NOT_OURS)
    for name in ("xl/workbook.xml", "xl/styles.xml", SHEET, package.TYPES, package.SIGNATURE, package.ORIGIN):
        data = archive([(key, part) for key, part in parts.items() if key != name])
        codes = ("estructura_cambiada", "no_es_libro") if name == "xl/workbook.xml" else ("estructura_cambiada",)
        yield variant("repair", f"without {name}", data, *codes)
    start = bed.signed.index(b"PK\1\2")
    yield variant("repair", "no directory", bed.signed[:start], "incompleto")
    yield variant(
        "repair", "directory of another file", bed.signed[:start] + bed.other[bed.other.index(b"PK\1\2") :], *BROKEN
    )
    rows = [at for at in range(start, len(bed.signed)) if bed.signed.startswith((b"PK\1\2", b"PK\5\6"), at)]
    pieces = [bed.signed[one:two] for one, two in pairwise(rows)]
    end = bytearray(bed.signed[rows[-1] :])
    struct.pack_into(
        "<2H2L", end, 8, len(pieces) - 1, len(pieces) - 1, len(bed.signed[start : rows[-1]]) - len(pieces[0]), start
    )
    yield variant("repair", "first row lost", bed.signed[:start] + b"".join(pieces[1:]) + bytes(end), *BROKEN)
    yield variant("repair", "true zip behind a false one", archive([("xl/workbook.xml", false)]) + bed.signed, *BROKEN)


def _legacy(bed: Bed) -> Iterator[Variant]:
    ole2 = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(504)
    text = b64encode(bed.signed)
    flat = b'<?xml version="1.0"?><pkg:package xmlns:pkg="http://schemas.microsoft.com/office/2006/xmlPackage">'
    word = "application/vnd.openxmlformats-officedocument.wordprocessingml.document.main+xml"
    for name, data, code in (
        ("old workbook", ole2, "xls_antiguo"),
        ("legacy wrapping", ole2 + bed.signed, "xls_antiguo"),
        ("encrypted package", ole2 + "EncryptedPackage".encode("utf-16-le") + bed.signed, "xls_antiguo"),
        ("flat package", flat + b"<pkg:binaryData>" + text + b"</pkg:binaryData></pkg:package>", "texto_disfrazado"),
        ("page", b"<html><body><table><tr><td>R-001</td></tr></table></body></html>", "texto_disfrazado"),
        ("separated values", "código;nombre\r\nR-001;Pérdida\r\n".encode("cp1252"), "texto_disfrazado"),
        (
            "spreadsheet 2003",
            b'<?xml version="1.0"?><?mso-application progid="Excel.Sheet"?><Workbook/>',
            "texto_disfrazado",
        ),
        ("sylk", b'ID;PWXL;N;E\nC;Y1;X1;K"x"\nE\n', "texto_disfrazado"),
        ("mail page", b"MIME-Version: 1.0\nContent-Type: multipart/related\n\n" + text, "texto_disfrazado"),
        ("rich text", b"{\\rtf1 " + text + b"}", "texto_disfrazado"),
        ("sixteen bits", '<?xml version="1.0"?><x/>'.encode("utf-16"), "texto_disfrazado"),
        ("picture", b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR" + bytes(99), "no_es_libro"),
        ("paper", b"%PDF-1.7\n%\xe2\xe3\n\0" + text, "no_es_libro"),
        (
            "open document",
            archive([("mimetype", b"application/vnd.oasis.opendocument.spreadsheet"), ("content.xml", b"")]),
            "no_es_libro",
        ),
        ("text document", archive([("word/document.xml", b"<x/>"), (package.TYPES, word.encode())]), "no_es_libro"),
        ("binary workbook", archive([("xl/workbook.bin", b"\0"), (package.TYPES, b"")]), "no_es_libro"),
        ("zip of deliveries", archive([("2026_SALUD_entrega-02.xlsx", bed.signed)], 0), "comprimido"),
        ("zip folder", archive([("entregas/2026_SALUD_entrega-02.xlsx", bed.signed)]), "comprimido"),
        ("seven zip", b"7z\xbc\xaf\x27\x1c\0\4" + bed.signed, "no_es_libro"),
        ("gzip", b"\x1f\x8b\x08\0" + zlib.compress(bed.signed), "no_es_libro"),
        ("empty", b"", "vacio"),
        ("shortcut", b"L\0\0\0\x01\x14\x02\0" + bytes(99), "no_es_libro"),
    ):
        yield variant("legacy", name, data, code, "zip_manipulado", "incompleto", "sin_firma")
    poly = [
        ("mimetype", b"application/vnd.oasis.opendocument.spreadsheet"),
        *bed.parts.items(),
        ("content.xml", b"<x/>"),
    ]
    yield variant("legacy", "open document and workbook at once", archive(poly), "partes_ajenas")

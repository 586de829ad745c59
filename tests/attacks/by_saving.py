"""Files that lost their signature, made to hurt or deceive whoever explains them: the class ``seal``."""

import io
import re
import zipfile
from collections.abc import Callable, Iterator
from dataclasses import replace
from unittest import mock

import openpyxl

from peti_desktop.delivery import seal
from peti_desktop.delivery.workbook import MARK
from peti_desktop.records import TYPES
from peti_desktop.trust.keys import Signer
from tests.attacks.bed import Bed
from tests.attacks.by_content import bombs
from tests.attacks.forging import archive
from tests.attacks.variants import Variant, variant
from tests.exchange.conftest import NOON

SAVED = "vuelto_a_guardar"
SHARED = "xl/sharedStrings.xml"
SHEET = "xl/worksheets/sheet2.xml"
Edit = Callable[[openpyxl.Workbook], object]


def variants(bed: Bed) -> Iterator[Variant]:
    """The variants of this module's class."""
    yield from _cells(bed)
    yield from _seals(bed)
    yield from _shapes(bed)


def saved(data: bytes, edit: Edit) -> bytes:
    """``data`` opened, edited and saved by openpyxl, which drops the signature."""
    book = openpyxl.load_workbook(io.BytesIO(data))
    edit(book)
    buffer = io.BytesIO()
    book.save(buffer)
    return buffer.getvalue()


def _set(sheet: str, cell: str, value: str | float | None) -> Edit:
    return lambda book: book[sheet].__setitem__(cell, value)


def _fill(book: openpyxl.Workbook) -> None:
    for row in book["Riesgos"].iter_rows(4):
        for cell in row:
            cell.value = "x"


def _cells(bed: Bed) -> Iterator[Variant]:
    edits: dict[str, Edit] = {
        "value": _set("Equipos", "D4", "otro"),
        "number": _set("Necesidades", "B4", 99),
        "emptied": _set("Riesgos", "D4", None),
        "formula": _set("Riesgos", "D4", '="x"'),
        "cover": _set("Portada", "C4", "HACIENDA"),
        "note": _set("Riesgos", "DA9", "x"),
        "uid": _set("Equipos", "A4", "otro"),
        "row": lambda book: book["Equipos"].append(["x"]),
        "row lost": lambda book: book["Controles"].delete_rows(4),
        "sheet lost": lambda book: book.remove(book["Equipos"]),
        "names lost": lambda book: book["Equipos"].delete_rows(1),
        "column twice": _set("Equipos", "B1", "uid"),
        "row twice": lambda book: book["Equipos"].append([cell.value for cell in book["Equipos"][4]]),
        "marks": _set("Equipos", "D4", "\u0315\u0300" * 2000),
        "long": _set("Equipos", "D4", "x" * 32_767),
        "exponent": _set("Necesidades", "B4", 1e300),
        "date": _set("Riesgos", "D4", "9" * 400),
        "direction": _set("Equipos", "D4", "a\u202eb"),
        "control": _set("Equipos", "D4", "_x0000_"),
        "half": _set("Equipos", "D4", "_xD800_"),
        "cover twice": lambda book: book["Portada"].append(["numero", "", "9"]),
        "all cells": _fill,
    }
    for name, edit in edits.items():
        yield variant("seal", f"cell: {name}", saved(bed.signed, edit), SAVED)


def resealed(rows: list[tuple[str, str]]) -> Edit:
    def edit(book: openpyxl.Workbook) -> None:
        sheet = book[MARK]
        sheet.delete_rows(2, sheet.max_row)
        for row in rows:
            sheet.append(row)

    return edit


def _seals(bed: Bed) -> Iterator[Variant]:
    def sealed(content: bytes, signer: Signer) -> list[tuple[str, str]]:
        with mock.patch.object(seal, "_content", return_value=content):
            return seal.rows_of({}, {}, signer, NOON)

    deep = b"[" * 100_000
    brackets = b'{"portada":{},"registros":[' + b"[]," * 390_000 + b"[]]}"
    hostile = {
        "empty": b"",
        "no object": b"7",
        "deep": deep,
        "brackets": brackets,
        "spaces": b" " * (seal.MAX_CONTENT_BYTES - 1),
        "zeros": b"0" * (64 * 2**20),
        "numbers": b'{"portada":{},"registros":[' + b"1e1," * 3_000_000 + b"1]}",
        "long number": b"9" * 4_000_000,
        "half": b'{"portada":{"entidad":"\\ud800"},"registros":{}}',
        "marks": b'{"portada":{"entidad":"' + "\u0315\u0300".encode() * 100_000 + b'"},"registros":{}}',
        "huge amount": b'{"portada":{},"registros":{"necesidad":'
        b'{"campos":["valor_total"],"filas":[["u",1,null,false,"1e999999999"]]}}}',
        "nothing sealed": b'{"portada":{},"registros":{}}',
    }
    for name, content in hostile.items():
        for who, signer in (("stranger", bed.stranger), ("signer", bed.salud)):
            yield variant(
                "seal", f"sealed by the {who}: {name}", saved(bed.signed, resealed(sealed(content, signer))), SAVED
            )
    other = openpyxl.load_workbook(io.BytesIO(bed.older))[MARK].iter_rows(min_row=2, values_only=True)
    older = [(str(name), str(text)) for name, text, *_ in other]
    yield variant("seal", "an older delivery's seal", saved(bed.signed, resealed(older)), SAVED)
    true = list(openpyxl.load_workbook(io.BytesIO(bed.signed))[MARK].iter_rows(min_row=2, values_only=True))
    rows = [(str(name), str(text)) for name, text, *_ in true]
    for name in ("sello", "certificado", "instante", "firma", "contenido"):
        yield variant("seal", f"without {name}", saved(bed.signed, resealed([r for r in rows if r[0] != name])), SAVED)
        doubled = [*rows, next(r for r in rows if r[0] == name)]
        yield variant("seal", f"{name} twice", saved(bed.signed, resealed(doubled)), SAVED)
        hurt = [(key, "%" + text[1:] if key == name else text) for key, text in rows]
        yield variant("seal", f"{name} hurt", saved(bed.signed, resealed(hurt)), SAVED)
    false = replace(bed.salud, key=bed.stranger.key)
    empty = dict.fromkeys(TYPES, ())
    yield variant(
        "seal", "sealed in another's name", saved(bed.signed, resealed(seal.rows_of({}, empty, false, NOON))), SAVED
    )


def _shapes(bed: Bed) -> Iterator[Variant]:
    """An unsigned workbook with our mark, whose parts hurt whoever parses them."""
    parts = shared(parts_of(saved(bed.signed, lambda _: None)))
    book = parts["xl/workbook.xml"]
    for bomb, part in bombs().items():
        for name in (SHARED, SHEET, "xl/_rels/workbook.xml.rels"):
            yield variant("seal", f"{bomb} in {name}", archive(list({**parts, name: part}.items())), SAVED)
        behind = book.replace(b"<workbook", part + b"<workbook", 1) if bomb in {"laughs", "file"} else book + part
        yield variant(
            "seal",
            f"{bomb} in the workbook",
            archive(list({**parts, "xl/workbook.xml": behind}.items())),
            SAVED,
            "sin_firma",
        )
    sheet = parts[SHEET]
    row = b'<row r="9">' + b'<c r="A9" t="s"><v>0</v></c>' * 200_000 + b"</row>"
    shapes = {
        "cells": sheet.replace(b"</sheetData>", row + b"</sheetData>"),
        "rows": sheet.replace(b"</sheetData>", b'<row r="9"/>' * 200_000 + b"</sheetData>"),
        "all elements": sheet.replace(b"</sheetData>", b"<x/>" * 3_000_000 + b"</sheetData>"),
        "index beyond": re.sub(rb"<v>[0-9]+</v>", b"<v>99999999</v>", sheet),
        "index of digits": re.sub(rb"<v>[0-9]+</v>", b"<v>" + b"9" * 5000 + b"</v>", sheet),
        "column beyond": sheet.replace(b'r="A4"', b'r="ZZZ4"'),
        "row beyond": sheet.replace(b'<row r="4"', b'<row r="' + b"9" * 5000 + b'"'),
        "no reference": sheet.replace(b'r="A4"', b""),
    }
    for name, part in shapes.items():
        yield variant("seal", name, archive(list({**parts, SHEET: part}.items())), SAVED)
    strings = b"<sst>" + b"<si><t>x</t></si>" * 800_000 + b"</sst>"
    yield variant("seal", "shared texts", archive(list({**parts, SHARED: strings}.items())), SAVED)
    marks = b"<sst>" + ("<si><t>" + "\u0315\u0300" * 16_000 + "</t></si>").encode() * 300 + b"</sst>"
    yield variant("seal", "shared marks", archive(list({**parts, SHARED: marks}.items())), SAVED)
    added = b"".join(b'<sheet name="x%d" sheetId="9" r:id="rId1"/>' % n for n in range(10_000))
    many = book.replace(b"</sheets>", added + b"</sheets>")
    yield variant("seal", "sheets", archive(list({**parts, "xl/workbook.xml": many}.items())), SAVED)
    large = b" " * (60 * 2**20)
    yield variant("seal", "total", archive(list({**parts, "xl/x.xml": large, "xl/y.xml": large}.items())), SAVED)


def shared(parts: dict[str, bytes]) -> dict[str, bytes]:
    """The parts with their texts in one table, as Excel writes them."""
    texts: list[bytes] = []

    def moved(found: re.Match[bytes]) -> bytes:
        texts.append(found[2])
        return b'<c%s t="s"><v>%d</v></c>' % (found[1], len(texts) - 1)

    inline = re.compile(rb'<c([^>]*?) t="inlineStr"><is>(<t.*?</t>)</is></c>', re.S)
    sheets = {name: inline.sub(moved, part) for name, part in parts.items() if name.startswith("xl/worksheets/sheet")}
    table = b"<sst>" + b"".join(b"<si>" + text + b"</si>" for text in texts) + b"</sst>"
    return {**parts, **sheets, SHARED: table}


def parts_of(data: bytes) -> dict[str, bytes]:
    with zipfile.ZipFile(io.BytesIO(data)) as file:
        return {name: file.read(name) for name in file.namelist()}

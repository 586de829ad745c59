"""Every usual format is read with what its cells mean; everything else is one sentence, in time and in memory."""

import multiprocessing
import re
import shutil
import sys
import time
import zipfile
from collections.abc import Callable, Mapping
from datetime import date
from pathlib import Path

import pytest
from openpyxl import Workbook

from peti_desktop.errors import Cancelled, UserError
from peti_desktop.importing.book import WORDS, open_book, refused
from peti_desktop.importing.formats import shape
from peti_desktop.importing.grid import Fault, Formatted, Limits

FILES = Path(__file__).parent / "files"
Write = Callable[..., Path]


def sheet_xml(cells: str) -> str:
    return f'<worksheet xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"><sheetData>{cells}</sheetData></worksheet>'


def replaced(path: Path, parts: Mapping[str, str]) -> Path:
    """The same workbook with these parts in the place of its own, or besides them."""
    beside = path.with_suffix(".otra")
    with zipfile.ZipFile(path) as old, zipfile.ZipFile(beside, "w", zipfile.ZIP_DEFLATED) as new:
        for name in old.namelist():
            if name not in parts:
                new.writestr(name, old.read(name))
        for name, content in parts.items():
            new.writestr(name, content)
    beside.replace(path)
    return path


def with_cells(path: Path, cells: str) -> Path:
    return replaced(path, {"xl/worksheets/sheet1.xml": sheet_xml(cells)})


def test_workbook_keeps_formats_errors_and_merged_cells(tmp_path: Path) -> None:
    book = Workbook()
    sheet = book.active
    assert sheet is not None
    sheet.title = "Hoja1"
    sheet["A1"], sheet["A1"].number_format = 123, "00000"
    sheet["B1"], sheet["B1"].number_format = 1_200_000, "0.00E+00"
    sheet["C1"], sheet["D1"], sheet["E1"] = date(2019, 5, 3), "=1+1", "#N/A"
    sheet["E1"].data_type = "e"
    sheet["F1"], sheet["G1"] = "Salud", True
    sheet["A2"], sheet["B2"] = "00124", 123_456_789_012
    sheet["H2"] = "línea 1\nlínea 2"
    sheet.merge_cells("F1:F2")
    sheet["XFD1048576"] = "perdida"
    book.create_sheet("Vacía")
    book.save(tmp_path / "a.xlsm")

    found = open_book(tmp_path / "a.xlsm")

    (grid,) = found.sheets
    assert grid.rows[0] == {
        0: Formatted(123, "00123"),
        1: Formatted(1_200_000, "1.20E+06"),
        2: date(2019, 5, 3),
        3: Fault(""),
        4: Fault("#N/A"),
        5: "Salud",
        6: True,
    }
    assert grid.rows[1] == {0: "00124", 1: 123_456_789_012, 5: "Salud", 7: "línea 1\nlínea 2"}
    assert grid.address(11, 5) == "Hoja1!F12"
    assert grid.address(0, 27) == "Hoja1!AB1"


def test_shared_and_rich_texts_dates_of_1904_and_prefixed_tags_are_read(xlsx: Write) -> None:
    path = xlsx([["x"]])
    main = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
    with zipfile.ZipFile(path) as archive:
        workbook = archive.read("xl/workbook.xml").decode()
        related = archive.read("xl/_rels/workbook.xml.rels").decode()
    strings = (
        '<Relationship Id="rId9" Type="http://purl.oclc.org/x/sharedStrings" Target="textos.xml"/></Relationships>'
    )
    cells = (
        '<x:row r="3"><x:c r="A3" t="s"><x:v>1</x:v></x:c><x:c r="B3" t="inlineStr"><x:is>'
        "<x:r><x:t>a_x0041_</x:t></x:r><x:r><x:t>b</x:t></x:r><x:rPh><x:t>no</x:t></x:rPh></x:is></x:c>"
        '<x:c r="C3" s="1"><x:v>42126</x:v></x:c><x:c t="s"><x:v>0</x:v></x:c></x:row>'
    )
    replaced(
        path,
        {
            "xl/workbook.xml": re.sub(r"<workbookPr[^>]*/>", '<workbookPr date1904="1"/>', workbook),
            "xl/_rels/workbook.xml.rels": related.replace("</Relationships>", strings),
            "xl/textos.xml": f'<sst xmlns="{main}"><si><t> </t></si><si><r><t>Ñan</t></r><r><t>dú</t></r>'
            "<rPh><t>no</t></rPh></si></sst>",
            "xl/styles.xml": f'<styleSheet xmlns="{main}"><cellStyleXfs><xf numFmtId="9"/></cellStyleXfs><cellXfs>'
            '<xf numFmtId="0"/><xf numFmtId="14"/></cellXfs></styleSheet>',
            "xl/worksheets/sheet1.xml": f'<x:a xmlns:x="{main}"><x:sheetData>{cells}</x:sheetData></x:a>',
        },
    )

    found = open_book(path).sheets[0]

    assert found.rows == {2: {0: "Ñandú", 1: "aAb", 2: date(2019, 5, 3)}}


def test_ods_keeps_what_is_shown_and_skips_comments_and_repeated_blanks(ods: Write) -> None:
    cells = (
        '<c office:value-type="float" office:value="123"><text:p>00123</text:p></c>',
        '<c office:value-type="float" office:value="123000000000"><text:p>1,23E+11</text:p></c>',
        '<c office:value-type="date" office:date-value="2019-05-03T10:00:00"><text:p>03/05/19</text:p></c>',
        '<c office:value-type="string" table:number-rows-spanned="2">',
        "<office:annotation><text:p>no</text:p></office:annotation>",
        '<text:p>a<text:s text:c="2"/><text:span>b</text:span></text:p><text:p>c</text:p></c>',
        '<c table:formula="of:=1/0" office:value-type="string"><text:p>#DIV/0!</text:p></c>',
    )
    rows = (
        '<r table:number-rows-repeated="2"><c table:number-columns-repeated="16384"/></r>',
        f"<r>{''.join(cells)}</r>",
        '<r table:number-rows-repeated="2"><c office:value-type="string"><text:p>x</text:p></c></r>',
        '<r table:number-rows-repeated="1048570"><c/></r>',
    )
    path = ods(
        re.sub(r"<(/?)([rc])\b", lambda m: f"<{m[1]}table:table-{'row' if m[2] == 'r' else 'cell'}", "".join(rows))
    )

    grid = open_book(path)["Hoja1"]

    assert grid.rows == {
        2: {
            0: Formatted(123, "00123"),
            1: Formatted(123_000_000_000, "1,23E+11"),
            2: date(2019, 5, 3),
            3: "a  b\nc",
            4: Fault("#DIV/0!"),
        },
        3: {0: "x", 3: "a  b\nc"},
        4: {0: "x"},
    }


def test_xls_of_excel_2003_keeps_formats_dates_and_merged_cells() -> None:
    (grid,) = open_book(FILES / "inventario.xls").sheets

    assert grid.name == "Inventario 2019"
    assert grid.rows[4] == {
        0: Formatted(123, "00123"),
        1: "5CG0371YBM",
        2: "CPU",
        3: "HP",
        4: "Windows 7",
        5: date(2012, 3, 4),
        6: "Vacunación",
    }
    assert grid.rows[5][6] == "Vacunación"
    assert grid.rows[6][1] == Formatted(1_200_000, "1.20E+06")


@pytest.mark.parametrize("name", ["cp1252", "utf-8", "utf-8-sig", "utf-16", "utf-16-le", "utf-16-be"])
@pytest.mark.parametrize("separator", [";", ",", "\t"])
def test_text_tables_of_every_encoding_and_separator_are_read(tmp_path: Path, name: str, separator: str) -> None:
    rows = [["Placa", "Ubicación"], ["00123", f'"Señalización{separator} piso ""2""\nala norte"'], ["00124", "Archivo"]]
    text = "\r\n".join(separator.join(row) for row in rows)
    (tmp_path / "equipos.csv").write_bytes(text.encode(name))

    grid = open_book(tmp_path / "equipos.csv")["equipos"]

    assert grid.rows == {
        0: {0: "Placa", 1: "Ubicación"},
        1: {0: "00123", 1: f'Señalización{separator} piso "2"\nala norte'},
        2: {0: "00124", 1: "Archivo"},
    }


def test_hint_of_excel_for_the_separator_is_no_row(tmp_path: Path) -> None:
    (tmp_path / "a.csv").write_text("sep=|\nPlaca|Marca\n1,5;2|HP\n", encoding="utf-8")

    assert open_book(tmp_path / "a.csv")["a"].rows == {0: {0: "Placa", 1: "Marca"}, 1: {0: "1,5;2", 1: "HP"}}


def a_directory(tmp_path: Path) -> Path:
    (tmp_path / "carpeta.xlsx").mkdir()
    return tmp_path / "carpeta.xlsx"


def of_bytes(name: str, data: bytes) -> Callable[[Path], Path]:
    def make(tmp_path: Path) -> Path:
        (tmp_path / name).write_bytes(data)
        return tmp_path / name

    return make


def of_zip(name: str, **parts: str) -> Callable[[Path], Path]:
    def make(tmp_path: Path) -> Path:
        with zipfile.ZipFile(tmp_path / name, "w") as archive:
            for part, text in parts.items():
                archive.writestr(part.replace("__", "/").replace("_dot_", "."), text)
        return tmp_path / name

    return make


def cut_short(tmp_path: Path) -> Path:
    data = (FILES / "inventario.xls").read_bytes()
    (tmp_path / "cortado.xls").write_bytes(data[:3000])
    return tmp_path / "cortado.xls"


OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
ODS = "application/vnd.oasis.opendocument.spreadsheet"


@pytest.mark.parametrize(
    ("make", "code"),
    [
        (lambda folder: folder / "nada.xlsx", "missing"),
        (a_directory, "folder"),
        (of_bytes("vacio.xlsx", b""), "empty"),
        (of_bytes("blanco.csv", b"\n \n;;\n"), "empty"),
        (of_bytes("~$inventario.xlsx", b"\x03Ana" + b" " * 160), "lockfile"),
        (of_bytes("clave.xlsx", OLE + b"\0" * 2000 + "EncryptedPackage".encode("utf-16-le")), "password"),
        (of_bytes("carta.doc", OLE + b"\0" * 2000 + "Root EntryWordDocument".encode("utf-16-le")), "unknown"),
        (of_bytes("libro.xls", b"<html><body><table><tr><td>1</table>"), "html"),
        (of_bytes("libro2.xls", b'\xef\xbb\xbf  <!DOCTYPE html>\n<table>'), "html"),
        (of_bytes("libro3.xls", b'<?xml version="1.0"?><?mso-application progid="Excel.Sheet"?><a/>'), "xml2003"),
        (of_bytes("papel.xlsx", b"%PDF-1.7 \xe2\xe3"), "unknown"),
        (of_bytes("foto.xlsx", b"\x89PNG\r\n\x1a\n" + bytes(range(256))), "unknown"),
        (of_bytes("ruido.csv", bytes(range(256)) * 9), "unknown"),
        (of_bytes("roto.xlsx", b"PK\x03\x04" + b"\0" * 500), "damaged"),
        (cut_short, "damaged"),
        (of_zip("carta.docx", word__document_dot_xml="<a/>"), "unknown"),
        (of_zip("libro.xlsb", xl__workbook_dot_bin=""), "xlsb"),
        (of_zip("hueco.xlsx", xl__workbook_dot_xml="<workbook/>"), "damaged"),
        (of_zip("hueco.ods", mimetype=ODS), "damaged"),
        (of_zip("mal.ods", mimetype=ODS, content_dot_xml="<a><b></a>"), "damaged"),
        (of_zip("dtd.ods", mimetype=ODS, content_dot_xml="<!DOCTYPE a [<!ENTITY b 'c'>]><a>&b;</a>"), "damaged"),
        (
            of_zip("clave.ods", mimetype=ODS, **{"META-INF__manifest_dot_xml": "<encryption-data/>"}),
            "password",
        ),
    ],
)  # fmt: skip
def test_what_cannot_be_read_is_one_sentence_that_names_the_file(
    tmp_path: Path, make: Callable[[Path], Path], code: str
) -> None:
    path = make(tmp_path)

    with pytest.raises(UserError) as caught:
        open_book(path)

    assert caught.value.what == WORDS[code][0].format(name=path.name)
    assert caught.value.todo == WORDS[code][1]


def test_file_held_by_excel_says_so_and_one_that_can_be_read_warns(
    xlsx: Write, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = xlsx([["Placa", "Marca"], ["1", "HP"]])
    path.with_name("~$inventario.xlsx").write_bytes(b"\x03Ana")

    assert "abierto en Excel" in open_book(path).notes[0]

    def denied(*_: object) -> None:
        raise PermissionError(13, "Permission denied")

    monkeypatch.setattr(Path, "open", denied)
    with pytest.raises(UserError, match="está abierto en Excel y no deja leerlo"):
        open_book(path)


def far_cells(xlsx: Write) -> Path:
    return with_cells(
        xlsx([["x"]]), '<row r="1"><c r="A1"><v>1</v></c></row><row r="1048576"><c r="XFD1048576"><v>1</v></c></row>'
    )


def styled_empty_rows(xlsx: Write) -> Path:
    row = '<row r="{}">' + "".join(f'<c r="{letter}{{}}" s="0"/>' for letter in "ABCDEFGHIJ") + "</row>"
    rows = "".join(row.replace("{}", str(number)) for number in range(2, 200_001))
    return with_cells(xlsx([["x"]]), '<row r="1"><c r="A1"><v>1</v></c></row>' + rows)


def million_rows(xlsx: Write) -> Path:
    return with_cells(
        xlsx([["x"]]), "".join(f'<row r="{n}"><c r="A{n}"><v>{n}</v></c></row>' for n in range(1, 1_000_001))
    )


def huge_text(xlsx: Write) -> Path:
    return with_cells(xlsx([["x"]]), f'<row r="1"><c r="A1" t="inlineStr"><is><t>{"a" * 50_000_000}</t></is></c></row>')


def declared_giant(xlsx: Write) -> Path:
    path = xlsx([["x"]])
    with (
        zipfile.ZipFile(path, "a", zipfile.ZIP_DEFLATED) as archive,
        archive.open("xl/media/a.bin", "w", force_zip64=True) as part,
    ):
        for _ in range(700):
            part.write(b"\0" * 2**20)
    return path


def ods_repeats(ods: Write) -> Path:
    return ods(
        '<table:table-row table:number-rows-repeated="1048576"><table:table-cell table:number-columns-repeated="16384"'
        ' office:value-type="string"><text:p>x</text:p></table:table-cell></table:table-row>'
    )


@pytest.mark.parametrize(
    ("make", "answer"),
    [
        (far_cells, ""),
        (styled_empty_rows, ""),
        (million_rows, "más de 50.000 filas"),
        (huge_text, "texto desmesurado"),
        (declared_giant, "demasiado grande por dentro"),
        (ods_repeats, "demasiad"),
    ],
)
def test_hostile_files_end_soon_and_small(
    make: Callable[[Write], Path], answer: str, request: pytest.FixtureRequest
) -> None:
    path = make(request.getfixturevalue("ods" if make is ods_repeats else "xlsx"))
    limits = Limits(memory=700 * 2**20)
    began = time.monotonic()

    if answer:
        with pytest.raises(UserError, match=answer):
            open_book(path, limits)
    else:
        assert open_book(path, limits).sheets[0].rows[0] == {0: 1}

    assert time.monotonic() - began < 40
    assert multiprocessing.active_children() == []


def test_one_sheet_too_long_leaves_the_others(tmp_path: Path) -> None:
    book = Workbook()
    long, short = book.active, book.create_sheet("Corta")
    assert long is not None
    for number in range(30):
        long.append([number])
    short.append(["Placa"])
    book.save(tmp_path / "a.xlsx")
    limits = Limits(rows=20)

    found = open_book(tmp_path / "a.xlsx", limits)

    error = refused(found, found["Sheet"], limits)
    assert error is not None and error.what == "La hoja «Sheet» tiene más de 20 filas escritas."
    assert refused(found, found["Corta"], limits) is None
    assert found["Corta"].rows == {0: {0: "Placa"}}


def test_reader_that_takes_too_long_or_dies_is_a_sentence(xlsx: Write) -> None:
    path = xlsx([["x"]])

    with pytest.raises(UserError, match="tarda demasiado"):
        open_book(path, Limits(seconds=0.01))
    if sys.platform == "win32":
        return  # nothing there limits the memory of a child; rows, cells and seconds are limited all the same
    # Large enough that no interpreter reads it out of what it holds already when the limit falls.
    large = xlsx([[f"texto {n} que ocupa su lugar en la memoria", n, "otro"] for n in range(20_000)])
    with pytest.raises(UserError, match=r"memoria|no se puede leer"):
        open_book(large, Limits(memory=2**20))
    assert multiprocessing.active_children() == []


def test_reading_can_be_cancelled(xlsx: Write) -> None:
    path = xlsx([["x"]])

    def stop(*_: object) -> None:
        raise Cancelled

    with pytest.raises(Cancelled):
        open_book(path, progress=stop)
    assert multiprocessing.active_children() == []


def test_file_is_left_as_it_was(tmp_path: Path) -> None:
    path = Path(shutil.copy(FILES / "inventario.xls", tmp_path))
    before = path.read_bytes()

    open_book(path)

    assert path.read_bytes() == before
    assert [found.name for found in tmp_path.iterdir()] == ["inventario.xls"]


@pytest.mark.parametrize(
    ("code", "kind"),
    [
        ("General", ""),
        ("@", ""),
        ("#,##0.00", ""),
        ('"$" #,##0', ""),
        ("0", ""),
        ("0.00", ""),
        ("0%", ""),
        ("00000", "padded"),
        ('"SAL-"0', "padded"),
        ("000-000", "padded"),
        ("[$-240A]dddd, dd mmmm yyyy", "date"),
        ("dd/mm/yyyy;@", "date"),
        ("mmm-yy", "date"),
        ("h:mm AM/PM", "time"),
        ("[h]:mm", "time"),
        ("0.00E+00", "scientific"),
        ('[Red]"día" 0', "padded"),
    ],
)
def test_number_formats_are_told_apart(code: str, kind: str) -> None:
    assert shape(code).kind == kind

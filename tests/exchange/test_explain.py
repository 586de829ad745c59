"""A delivery that somebody saved again: the seal tells what changed, and never what is merged."""

import io
import shutil
import subprocess
import zipfile
from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from typing import Any

import openpyxl
import pytest
from cryptography.hazmat.primitives.serialization import Encoding
from openpyxl.worksheet.worksheet import Worksheet

from db.queries import space
from peti_desktop import cli
from peti_desktop.delivery import deliver, seal, unproven, workbook
from peti_desktop.delivery.cells import Row, Unreadable
from peti_desktop.errors import UserError
from peti_desktop.intake import apply, explain, inbox
from peti_desktop.intake.receipt import Receipt
from peti_desktop.records import TYPES
from peti_desktop.trust import container, detached, keys, package, template
from peti_desktop.trust.verdict import Reason, Refusal, Trust
from peti_desktop.workspace import Workspace
from tests.exchange.conftest import NOON, Pki

Edit = Callable[[openpyxl.Workbook], None]


def _saved(delivered: Path, edit: Edit, name: str = "guardada.xlsx") -> Path:
    book = openpyxl.load_workbook(delivered)
    edit(book)
    path = delivered.with_name(name)
    book.save(path)
    return path


def _nothing(book: openpyxl.Workbook) -> None:
    """Only *Guardar*."""


def _cell(sheet: Worksheet, field: str, row: int = 4) -> Any:
    (column,) = [cell.column for cell in sheet[1] if cell.value == field]
    return sheet.cell(row, column)


def _codes(receipt: Receipt) -> list[str]:
    return [reason.code for reason in receipt.reasons]


def _zipped_again(path: Path, part: str, old: bytes, new: bytes) -> Path:
    """One part changed with a zip tool, the signature left as it was."""
    with zipfile.ZipFile(path) as archive:
        parts = {name: archive.read(name) for name in archive.namelist()}
    assert old in parts[part]
    changed = path.with_name("alterada.xlsx")
    changed.write_bytes(package.write(parts | {part: parts[part].replace(old, new, 1)}))
    return changed


# --- the same content ---------------------------------------------------------------------------------------------


def test_saved_again_unchanged_waits_for_a_person(office: Workspace, salud: Workspace, delivered: Path) -> None:
    path = _saved(delivered, _nothing)

    receipt = inbox.receive(office, path)

    assert (receipt.verdict, receipt.state, _codes(receipt)) == ("válida con avisos", "recibida", ["guardado_igual"])
    assert "vuelto a guardar" in receipt.reasons[0].sentence
    assert receipt.signer == "Ana Núñez"
    assert receipt.counts["added"] == 6
    assert not receipt.clean
    assert apply.accept_clean(office, [receipt]) == []

    apply.accept(office, receipt.sha256)

    for name in TYPES:
        assert {r.uid: r.values for r in office.records(name)} == {r.uid: r.values for r in salud.records(name)}


def test_sorted_rows_and_moved_columns_are_the_same_content(office: Workspace, delivered: Path) -> None:
    def sort(book: openpyxl.Workbook) -> None:
        sheet = book["Controles"]
        for column in range(1, sheet.max_column + 1):
            first, second = sheet.cell(4, column), sheet.cell(5, column)
            first.value, second.value = second.value, first.value
        sheet.move_range(f"A1:A{sheet.max_row}", cols=60)

    assert _codes(inbox.receive(office, _saved(delivered, sort))) == ["guardado_igual"]


def test_added_sheet_is_named_and_not_taken(office: Workspace, delivered: Path) -> None:
    receipt = inbox.receive(office, _saved(delivered, lambda book: book.create_sheet("Notas de Ana")))

    assert _codes(receipt) == ["guardado_igual"]
    assert "Notas de Ana" in receipt.reasons[0].sentence


def test_room_to_grow_as_excel_leaves_it_is_read(office: Workspace, delivered: Path) -> None:
    plain = _saved(delivered, _nothing)
    padded = delivered.with_name("excel.xlsx")
    with zipfile.ZipFile(plain) as source, zipfile.ZipFile(padded, "w", zipfile.ZIP_DEFLATED) as target:
        for name in source.namelist():
            info = zipfile.ZipInfo(name)
            info.compress_type = zipfile.ZIP_DEFLATED
            if name == "[Content_Types].xml":
                info.extra = b"\x20\xa2\x04\x02\x28\xa0\x00\x02" + bytes(512)
            target.writestr(info, source.read(name))

    assert _codes(inbox.receive(office, padded)) == ["guardado_igual"]


@pytest.mark.parametrize("when", ["unknown", "annulled", "expired"])
def test_same_content_under_a_key_that_is_not_good_is_refused(
    office: Workspace, salud: Workspace, pki: Pki, tmp_path: Path, clock: Any, when: str
) -> None:
    signer = pki.stranger if when == "unknown" else pki.salud
    path = _saved(deliver.deliver(salud, signer, tmp_path / "usb").path, _nothing)
    if when == "annulled":
        row = {
            "huella": keys.key_id(pki.salud.key.public_key()), "dependencia": "SALUD", "nombre": "Ana", "cargo": "",
            "certificado": pki.salud.certificate.public_bytes(Encoding.DER), "desde": NOON - timedelta(days=30),
            "anulado_en": NOON - timedelta(days=1), "motivo": "robo",
        }  # fmt: skip
        with office.write() as connection:
            space.add_signer(connection, row)
    clock.time += timedelta(days=900 if when == "expired" else 0)

    receipt = inbox.receive(office, path)

    expected = {"unknown": "firmante_desconocido", "annulled": "anulada", "expired": "certificado_vencido"}[when]
    assert (receipt.verdict, receipt.state) == ("no válida", "")
    assert expected in _codes(receipt)
    assert _codes(receipt)[0] == "vuelto_a_guardar"


def test_original_that_comes_later_is_told_to_be_the_same(office: Workspace, delivered: Path) -> None:
    apply.accept(office, inbox.receive(office, _saved(delivered, _nothing)).sha256)

    original = inbox.receive(office, delivered)

    assert (_codes(original), original.counts["unchanged"], original.clean) == (["misma_entrega"], 6, False)
    assert len(inbox.listing(office)) == 2


def test_accepted_file_is_kept_as_it_came_and_read_again(office: Workspace, delivered: Path, clock: Any) -> None:
    path = _saved(delivered, _nothing)
    receipt = inbox.receive(office, path)
    clock.later()

    preview = apply.preview(office, receipt.sha256)

    assert preview.counts["added"] == 6
    assert inbox.receive(office, path).repeated


# --- changed cells ------------------------------------------------------------------------------------------------


def test_changed_cells_are_named_with_old_and_new(office: Workspace, delivered: Path) -> None:
    def edit(book: openpyxl.Workbook) -> None:
        _cell(book["Riesgos"], "zona_inherente").value = "Moderado"
        _cell(book["Equipos"], "placa").value = None
        _cell(book["Equipos"], "anio").value = "el año pasado"

    path = _saved(delivered, edit)
    book = openpyxl.load_workbook(path)
    fields = (("Riesgos", "zona_inherente"), ("Equipos", "placa"), ("Equipos", "anio"))
    where = {field: _cell(book[sheet], field).coordinate for sheet, field in fields}

    receipt = inbox.receive(office, path)

    assert (receipt.verdict, receipt.state) == ("no válida", "")
    assert _codes(receipt) == ["vuelto_a_guardar", "celdas_cambiadas"]
    said = receipt.reasons[1].sentence
    assert said.startswith("3 celdas cambiaron después de firmar: ")
    assert f"Riesgos {where['zona_inherente']} «Alto» → «Moderado»" in said
    assert f"Equipos {where['placa']} «000123» → (vacío)" in said
    assert f"Equipos {where['anio']} «2012» → «el año pasado»" in said


def test_one_cell_changed_with_a_zip_tool_is_named(office: Workspace, delivered: Path) -> None:
    receipt = inbox.receive(office, _zipped_again(delivered, "xl/worksheets/sheet4.xml", b"000123", b"000124"))

    assert _codes(receipt) == ["alterada", "celdas_cambiadas"]
    assert receipt.reasons[1].sentence.startswith("1 celda cambió después de firmar: Equipos ")
    assert "«000123» → «000124»" in receipt.reasons[1].sentence


def test_broken_signature_over_the_same_cells_stays_refused(office: Workspace, delivered: Path) -> None:
    receipt = inbox.receive(office, _zipped_again(delivered, "xl/styles.xml", b"<fonts", b"<fonts "))

    assert (receipt.verdict, receipt.state, _codes(receipt)) == ("no válida", "", ["alterada", "celdas_iguales"])


def test_rows_that_came_and_went_are_named(office: Workspace, delivered: Path) -> None:
    def edit(book: openpyxl.Workbook) -> None:
        book["Equipos"].append(["", 1, "escritorio"])
        book["Controles"].delete_rows(4)

    said = inbox.receive(office, _saved(delivered, edit)).reasons[1].sentence

    assert "1 fila fue agregada después de firmar: Equipos fila 5." in said
    assert "Falta 1 fila que se firmó: Controles «" in said


def test_cover_counts_and_hidden_facts_count_too(office: Workspace, delivered: Path) -> None:
    def edit(book: openpyxl.Workbook) -> None:
        cover = book["Portada"]
        (row,) = [cells[0].row for cells in cover.iter_rows() if cells[0].value == "n_equipo"]
        cover.cell(row, 3).value = "9"
        _cell(book["Equipos"], "revision").value = 7
        _cell(book["Equipos"], "retirado").value = "robado"

    said = inbox.receive(office, _saved(delivered, edit)).reasons[1].sentence

    assert said.startswith("3 celdas cambiaron")
    assert "«1» → «9»" in said
    assert "(vacío) → «robado»" in said


def test_formula_with_the_right_result_is_a_change(office: Workspace, delivered: Path) -> None:
    def edit(book: openpyxl.Workbook) -> None:
        _cell(book["Equipos"], "placa").value = '="000123"'

    assert '«="000123"»' in inbox.receive(office, _saved(delivered, edit)).reasons[1].sentence


def test_note_beside_the_table_is_a_change(office: Workspace, delivered: Path) -> None:
    receipt = inbox.receive(office, _saved(delivered, lambda book: book["Equipos"].__setitem__("AZ4", "ojo")))

    assert "Equipos AZ4 (vacío) → «ojo»" in receipt.reasons[1].sentence


def test_lost_sheets_and_columns_and_repeated_rows_are_told(office: Workspace, delivered: Path) -> None:
    def edit(book: openpyxl.Workbook) -> None:
        del book["Equipos"]
        _cell(book["Riesgos"], "actividad", 1).value = None
        sheet = book["Controles"]
        sheet.append([cell.value for cell in sheet[4]])

    said = inbox.receive(office, _saved(delivered, edit)).reasons[1].sentence

    assert "falta la hoja «Equipos»" in said
    assert "«Riesgos» perdió" in said
    assert "«Controles» repite 1 registros" in said


def test_only_the_first_twenty_are_named(office: Workspace, delivered: Path) -> None:
    def edit(book: openpyxl.Workbook) -> None:
        for cell in book["Riesgos"][4][2:]:
            cell.value = "otra cosa"

    said = inbox.receive(office, _saved(delivered, edit)).reasons[1].sentence

    assert said.count("→") == 20
    assert "; y " in said


def test_change_sealed_by_a_stranger_says_so(office: Workspace, salud: Workspace, pki: Pki, tmp_path: Path) -> None:
    made = deliver.deliver(salud, pki.stranger, tmp_path / "usb").path

    def edit(book: openpyxl.Workbook) -> None:
        _cell(book["Equipos"], "placa").value = "x"

    assert "no está confirmado" in inbox.receive(office, _saved(made, edit)).reasons[1].sentence


def test_json_carries_sentence_and_code(office: Workspace, delivered: Path, capsys: pytest.CaptureFixture[str]) -> None:
    path = _saved(delivered, lambda book: book["Portada"].__setitem__("C5", "otra"))

    assert cli.main(["verify", "--json", str(path)]) == 1

    said = capsys.readouterr().out
    assert '"celdas_cambiadas"' in said
    assert "Portada C5" in said


# --- the seal proves nothing by itself ----------------------------------------------------------------------------


def test_seal_is_never_merged(
    office: Workspace, salud: Workspace, pki: Pki, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A workbook signed by the true key whose seal says otherwise than its cells: the cells are what is taken."""
    true_rows = seal.rows_of

    def lying(cover: Any, everything: Any, signer: Any, when: Any, said: Any) -> list[tuple[str, str]]:
        other = {
            name: [replace(r, values=r.values | {"placa": "MENTIRA"}) if name == "equipo" else r for r in found]
            for name, found in everything.items()
        }
        return true_rows(cover, other, signer, when, said)

    monkeypatch.setattr(seal, "rows_of", lying)
    monkeypatch.setattr(deliver, "_read_back", lambda *_: None)
    path = deliver.deliver(salud, pki.salud, tmp_path / "usb").path

    receipt = inbox.receive(office, path)
    apply.accept(office, receipt.sha256)

    assert [r.values["placa"] for r in office.records("equipo")] == ["000123"]


def test_delivery_whose_seal_differs_is_never_made(
    salud: Workspace, pki: Pki, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(seal, "of_all", lambda _: {})

    with pytest.raises(UserError, match="no se lee igual"):
        deliver.deliver(salud, pki.salud, tmp_path / "usb")

    assert list((tmp_path / "usb").iterdir()) == []


def _hidden(book: openpyxl.Workbook, name: str) -> Any:
    (row,) = [cells for cells in book[workbook.MARK].iter_rows() if cells[0].value == name]
    return row[1]


@pytest.mark.parametrize("name", ["sello", "certificado", "instante", "firma", "contenido"])
@pytest.mark.parametrize("how", ["missing", "changed", "twice"])
def test_hurt_seal_is_not_believed(office: Workspace, delivered: Path, name: str, how: str) -> None:
    def edit(book: openpyxl.Workbook) -> None:
        cell = _hidden(book, name)
        if how == "twice":
            book[workbook.MARK].append([name, cell.value])
        else:
            cell.value = None if how == "missing" else "#" + cell.value[1:]

    receipt = inbox.receive(office, _saved(delivered, edit))

    assert (receipt.verdict, receipt.state) == ("no válida", "")
    assert _codes(receipt) == ["vuelto_a_guardar", "sello_no_comprobable"]


def test_seal_of_an_older_delivery_does_not_vouch_for_a_newer(
    office: Workspace, salud: Workspace, pki: Pki, tmp_path: Path
) -> None:
    old = deliver.deliver(salud, pki.salud, tmp_path / "a").path
    salud.put("equipo", salud.records("equipo")[0].uid, {"placa": "77"})
    new = deliver.deliver(salud, pki.salud, tmp_path / "b").path

    def graft(book: openpyxl.Workbook) -> None:
        sheet = book[workbook.MARK]
        sheet.delete_rows(1, sheet.max_row)
        for row in openpyxl.load_workbook(old)[workbook.MARK].iter_rows(values_only=True):
            sheet.append(row)

    receipt = inbox.receive(office, _saved(new, graft))

    assert (receipt.verdict, _codes(receipt)) == ("no válida", ["vuelto_a_guardar", "celdas_cambiadas"])


def test_stranger_cannot_seal_in_anothers_name(office: Workspace, salud: Workspace, pki: Pki, delivered: Path) -> None:
    """Cells and seal changed together, the seal signed by a key that shows Ana's certificate."""
    everything = {name: salud.records(name, retired=None) for name in TYPES}
    false = replace(pki.salud, key=pki.stranger.key)
    rows = dict(seal.rows_of({}, everything, false, NOON))

    def edit(book: openpyxl.Workbook) -> None:
        for name, text in rows.items():
            _hidden(book, name).value = text

    receipt = inbox.receive(office, _saved(delivered, edit))

    assert (receipt.verdict, _codes(receipt)[1]) == ("no válida", "sello_no_comprobable")
    assert receipt.reasons[1].detail.startswith("firma_falsa")


def test_native_signature_and_seal_cannot_pass_for_each_other(delivered: Path, pki: Pki) -> None:
    parts = package.read(delivered.read_bytes())
    values = template.extract(parts[package.SIGNATURE])
    kept = {name: part for name, part in parts.items() if name != package.SIGNATURE}
    info = template.draft(kept, pki.salud.certificate, values.time, values.comment).signed_info

    with pytest.raises(Refusal, match="firma_falsa"):
        detached.verified("sello", info, values.signature, values.certificate, values.time, Trust(), NOON)


def _row(name: str, text: str) -> Row:
    return Row(1, {0: name, 1: text})


@pytest.mark.parametrize(
    "content",
    [b"", b"[]", b"{}", b"[" * 200_000, b"[" * 400_001, b'{"portada":{},"registros":[]}',
     b'{"portada":3,"registros":{}}',
     b'{"portada":{},"registros":{"equipo":{"campos":["placa"],"filas":[["u",1,null,false]]}}}',
     b'{"portada":{},"registros":{"equipo":{"campos":["placa"],"filas":[["u",true,null,false,"x"]]}}}',
     b'{"portada":{},"registros":{"equipo":{"campos":["placa"],"filas":[["u",1,null,false,7]]}}}',
     b'{"portada":{},"registros":{"equipo":{"campos":["<b>"],"filas":[]}}}',
     b'{"portada":{},"registros":{"equipo":{"campos":[],"filas":[["u",1,null,false],["u",1,null,false]]}}}',
     b'{"portada":{"a":"' + "\u0315\u0300".encode() * 90 + b'"},"registros":{}}',
     b'{"portada":{},"registros":{"equipo":{"campos":["placa"],"filas":[["u",' + b"9" * 5000 + b',null,false,"x"]]}}}',
     b"\xff", b" " * (seal.MAX_CONTENT_BYTES + 1)],
)  # fmt: skip
def test_sealed_content_of_another_shape_is_refused(pki: Pki, monkeypatch: pytest.MonkeyPatch, content: bytes) -> None:
    """Whoever owns a key can seal anything with it."""
    monkeypatch.setattr(seal, "_content", lambda *_: content)
    rows = [_row(name, text) for name, text in seal.rows_of({}, {}, pki.stranger, NOON)]

    with pytest.raises(Unreadable):
        seal.opened(rows, Trust(), NOON)


def test_sealed_values_that_no_field_holds_are_only_shown(
    office: Workspace, salud: Workspace, pki: Pki, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(seal, "canonical", lambda fields, record: ["1e999999999" for _ in fields])
    monkeypatch.setattr(deliver, "_read_back", lambda *_: None)
    path = _saved(deliver.deliver(salud, pki.salud, tmp_path / "usb").path, _nothing)

    assert _codes(inbox.receive(office, path)) == ["vuelto_a_guardar", "celdas_cambiadas"]


# --- other programs -----------------------------------------------------------------------------------------------

SOFFICE = shutil.which("soffice")


@pytest.fixture(scope="module")
def by_libreoffice(tmp_path_factory: pytest.TempPathFactory) -> Callable[[Path], Path]:
    """Open and save a workbook with LibreOffice, as *Guardar* would."""
    folder = tmp_path_factory.mktemp("soffice")

    def saved(path: Path) -> Path:
        subprocess.run(
            [str(SOFFICE), f"-env:UserInstallation=file://{folder / 'profile'}", "--headless", "--convert-to",
             "xlsx:Calc MS Excel 2007 XML", "--outdir", str(folder), str(path)],
            check=True, capture_output=True, timeout=180,
        )  # fmt: skip
        return folder / path.name

    return saved


@pytest.mark.skipif(SOFFICE is None, reason="needs LibreOffice")
def test_saved_again_by_libreoffice(
    office: Workspace, salud: Workspace, delivered: Path, by_libreoffice: Callable[[Path], Path]
) -> None:
    receipt = inbox.receive(office, by_libreoffice(delivered))

    assert (receipt.verdict, _codes(receipt)) == ("válida con avisos", ["guardado_igual"])
    apply.accept(office, receipt.sha256)
    for name in TYPES:
        assert {r.uid: r.values for r in office.records(name)} == {r.uid: r.values for r in salud.records(name)}


@pytest.mark.skipif(SOFFICE is None, reason="needs LibreOffice")
def test_changed_and_saved_by_libreoffice(
    office: Workspace, delivered: Path, by_libreoffice: Callable[[Path], Path]
) -> None:
    def edit(book: openpyxl.Workbook) -> None:
        _cell(book["Necesidades"], "cantidad").value = 11

    receipt = inbox.receive(office, by_libreoffice(_saved(delivered, edit)))

    assert _codes(receipt) == ["vuelto_a_guardar", "celdas_cambiadas"]
    assert "«10» → «11»" in receipt.reasons[1].sentence
    assert receipt.reasons[1].sentence.startswith("1 celda cambió")


# --- the reader of unproven workbooks -----------------------------------------------------------------------------

RELS = b'<Relationships><Relationship Id="rId1" Target="worksheets/sheet1.xml"/></Relationships>'
BOOK = {
    "xl/workbook.xml": b'<workbook xmlns:r="r"><sheet name="A" r:id="rId1"/></workbook>',
    "xl/_rels/workbook.xml.rels": RELS,
}
SHARED = b"<sst><si><t>uno</t></si><si><r><t>d</t></r><r><t>os</t></r><rPh><t>x</t></rPh></si></sst>"


def _book(cells: bytes, shared: bytes = SHARED) -> bytes:
    sheet = b'<worksheet><sheetData><row r="1">' + cells + b"</row></sheetData></worksheet>"
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, part in (BOOK | {"xl/sharedStrings.xml": shared, "xl/worksheets/sheet1.xml": sheet}).items():
            archive.writestr(name, part)
    return buffer.getvalue()


def test_shapes_of_other_programs_are_read() -> None:
    cells = (
        b'<c r="A1" t="s"><v>0</v></c><c r="B1" t="s"><v>1</v></c><c r="C1" t="str"><v>_x0041_</v></c>'
        b'<c r="D1" t="b"><v>1</v></c><c r="E1"><v>9.9E-7</v></c><c r="F1" t="e"><v>#N/A</v></c>'
        b'<c r="G1"><f>1+1</f><v>2</v></c><c r="H1" t="inlineStr"><is><r><t>a</t></r><r><t>b</t></r></is></c>'
        b'<c r="I1"><v>1E400</v></c><c r="J1" s="3"/>'
    )

    (row,) = unproven.sheets(_book(cells), {"A"})[0]["A"]

    assert list(row.cells.values()) == ["uno", "dos", "A", "VERDADERO", "0.00000099", "#N/A", "=1+1", "ab", "1E400"]


@pytest.mark.parametrize(
    "data",
    [b"", b"PK\3\4", _book(b'<c r="A1" t="s"><v>9</v></c>'), _book(b'<c r="A1" t="zz"><v>9</v></c>'),
     _book(b"<c><v>9</v></c>"), _book(b'<c r="ZZZ1"><v>9</v></c>'), _book(b"<x/>" * (unproven.MAX_ELEMENTS + 1)),
     _book(b"", b"<!DOCTYPE a []>" + SHARED), _book(b"", b"<a " + b'b="c" ' * 90_000 + b"/>"),
     _book(b'<c r="A1" t="str"><v>' + "\u0315\u0300".encode() * 100 + b"</v></c>"),
     _book(b'<c r="A1" t="str"><v>' + b"x" * 32_768 + b"</v></c>")],
    ids=range(11),
)  # fmt: skip
def test_unproven_workbook_of_no_good_shape_is_refused(data: bytes) -> None:
    with pytest.raises(Unreadable):
        unproven.sheets(data, {"A"})


def test_too_large_to_explain_is_refused_before_inflating(monkeypatch: pytest.MonkeyPatch) -> None:
    data = _book(b" " * (unproven.MAX_TOTAL_BYTES - 100))

    def no_inflating(*_: object, **__: object) -> None:
        raise AssertionError("inflated before the limits were checked")

    monkeypatch.setattr(container, "inflate", no_inflating)
    with pytest.raises(Unreadable, match="too large"):
        unproven.sheets(data, {"A"})


def test_refusals_of_what_was_never_ours_are_not_opened(monkeypatch: pytest.MonkeyPatch, delivered: Path) -> None:
    monkeypatch.setattr(unproven, "sheets", lambda *_: pytest.fail("opened"))
    reason = Reason("firma_falsa", "")

    assert explain.explained(delivered.read_bytes(), reason, Trust(), NOON, None) is None  # type: ignore[arg-type]

"""A delivery carries exactly what is in the store, for people and for the office."""

import errno
import json
import os
import shutil
import sqlite3
import subprocess
import zipfile
from collections.abc import Callable
from datetime import datetime
from pathlib import Path

import openpyxl
import pytest
from python_calamine import CalamineWorkbook
from sqlalchemy import Connection, event

from peti_desktop import handover
from peti_desktop.delivery import deliver, keys_told, reading, workbook
from peti_desktop.delivery.cells import Unreadable, rows
from peti_desktop.errors import UserError
from peti_desktop.records import TYPES, Severity
from peti_desktop.trust import signature
from peti_desktop.trust.certificates import key_id
from peti_desktop.trust.verdict import Trust
from peti_desktop.workspace import Workspace


def _read(path: Path, ws: Workspace) -> reading.Delivery:
    found = signature.verify(path.read_bytes(), Trust(), ws.clock())
    assert found.parts is not None
    return reading.read(found.parts, ws.catalogues)


def test_every_value_of_every_record_comes_back(salud: Workspace, delivered: Path) -> None:
    read = _read(delivered, salud)

    for name in TYPES:
        stored = {r.uid: r.values for r in salud.records(name, retired=None)}
        assert {r.uid: r.values for r in read.records[name]} == stored
        assert [r.problems for r in read.records[name] if r.problems] == []


def test_retired_records_travel_with_their_reason(salud: Workspace, pki: object, tmp_path: Path) -> None:
    device = salud.records("equipo")[0]
    for need in salud.records("necesidad"):
        salud.put("necesidad", need.uid, {"equipo": ""})
    salud.retire("equipo", device.uid, "dado de baja")

    made = deliver.deliver(salud, pki.salud, tmp_path)  # type: ignore[attr-defined]

    assert made.counts["equipo"] == 0
    assert [r.retired for r in _read(made.path, salud).records["equipo"]] == ["dado de baja"]


def test_another_program_reads_the_same_texts(delivered: Path) -> None:
    book = CalamineWorkbook.from_path(str(delivered))

    risks = book.get_sheet_by_name("Riesgos").to_python(skip_empty_area=False)
    line = dict(zip(risks[0], risks[3], strict=True))

    assert line["actividad"] == "=1+1"
    assert line["causa_inmediata"] == "+57 607"
    assert line["causa_raiz"] == "<b>&amp;</b> _x0041_"
    assert line["descripcion"] == "línea uno\nlínea dos ¡ñ!"
    assert line["zona_inherente"] == "Alto"
    assert book.sheet_names[:5] == ["Portada", "Riesgos", "Controles", "Equipos", "Necesidades"]


def test_no_cell_is_a_formula_and_headings_are_for_people(delivered: Path) -> None:
    book = openpyxl.load_workbook(delivered)

    assert {cell.data_type for sheet in book for row in sheet.iter_rows() for cell in row} <= {"s", "n", "d"}
    sheet = book["Riesgos"]
    assert sheet.row_dimensions[1].hidden
    assert sheet.column_dimensions["A"].hidden
    assert [c.value for c in sheet[3]][2:5] == ["Referencia", "Subproceso", "Actividad"]
    assert sheet.print_title_rows == "$3:$3"


@pytest.mark.skipif(shutil.which("xmlsec1") is None, reason="needs the xmlsec1 command")
def test_independent_verifier_accepts_the_whole_delivery(delivered: Path, pki: object, tmp_path: Path) -> None:
    from cryptography.hazmat.primitives.serialization import Encoding

    pem = tmp_path / "ca.pem"
    pem.write_bytes(pki.root.certificate.public_bytes(Encoding.PEM))  # type: ignore[attr-defined]
    folder = tmp_path / "unzipped"
    with zipfile.ZipFile(delivered) as archive:
        archive.extractall(folder)
    sig = folder / "_xmlsignatures" / "sig1.xml"
    uris = [piece.split('"')[0].replace("&amp;", "&") for piece in sig.read_text("utf-8").split(' URI="/')[1:]]
    maps = [arg for uri in uris for arg in ("--url-map:/" + uri, str(folder / uri.split("?")[0]))]

    done = subprocess.run(
        ["xmlsec1", "--verify", "--id-attr:Id", "http://www.w3.org/2000/09/xmldsig#:Object",
         "--id-attr:Id", "http://uri.etsi.org/01903/v1.3.2#:SignedProperties", "--trusted-pem", str(pem),
         "--verification-time", "2026-11-22 17:00:00", *maps, str(sig)],
        capture_output=True, text=True, timeout=60, check=False,
    )  # fmt: skip

    said = done.stdout + done.stderr
    assert done.returncode == 0, said
    assert f"Manifests References (ok/all): {len(uris)}/{len(uris)}" in said


def test_numbers_go_up_and_the_code_follows_the_content(salud: Workspace, pki: object, tmp_path: Path) -> None:
    first = deliver.deliver(salud, pki.salud, tmp_path)  # type: ignore[attr-defined]
    second = deliver.deliver(salud, pki.salud, tmp_path)  # type: ignore[attr-defined]

    assert (first.path.name, second.path.name) == ("2026_SALUD_entrega-01.xlsx", "2026_SALUD_entrega-02.xlsx")
    assert first.code != second.code
    assert deliver.summary(salud).number == 3


def test_problems_stop_a_delivery(salud: Workspace, pki: object, tmp_path: Path) -> None:
    salud.new("riesgo")

    with pytest.raises(UserError, match="impiden entregar"):
        deliver.deliver(salud, pki.salud, tmp_path / "usb")  # type: ignore[attr-defined]

    assert not (tmp_path / "usb").exists()
    assert deliver.summary(salud).number == 1


def test_store_that_was_handed_over_delivers_no_more(
    salud: Workspace, pki: object, tmp_path: Path, clock: Callable[[], datetime]
) -> None:
    """The successor goes on with the number that comes next, and the predecessor cannot give it a second time."""
    signer = pki.salud  # type: ignore[attr-defined]
    (tmp_path / "cargo").mkdir()
    handed = handover.hand_over(salud, tmp_path / "cargo", signer)

    with pytest.raises(UserError, match="quien recibió el cargo"):
        deliver.deliver(salud, signer, tmp_path / "usb")

    assert not (tmp_path / "usb").exists()
    with handover.receive(handed.path, tmp_path / "nuevo.sqlite", "Berta Ñáñez", "Técnica", clock=clock) as mine:
        assert deliver.deliver(mine, signer, tmp_path / "usb").number == 1


def test_key_that_was_annulled_after_it_was_opened_does_not_sign(
    salud: Workspace, pki: object, tmp_path: Path, clock: Callable[[], datetime]
) -> None:
    signer = pki.salud  # type: ignore[attr-defined]
    annulled = {key_id(signer.key.public_key()): clock().isoformat()}
    salud.set_settings({keys_told.ANNULLED: json.dumps(annulled)})

    with pytest.raises(UserError, match="anulada por la Oficina TIC"):
        deliver.deliver(salud, signer, tmp_path / "usb")

    assert not (tmp_path / "usb").exists()


def test_more_rows_than_one_question_has_room_for_are_delivered(salud: Workspace, pki: object, tmp_path: Path) -> None:
    """SQLite takes so many values in one question (32,766 where nobody set another limit); rows may be more."""

    def narrow(connection: sqlite3.Connection, _record: object) -> None:
        connection.setlimit(sqlite3.SQLITE_LIMIT_VARIABLE_NUMBER, 900)

    event.listen(salud.store.engine, "connect", narrow)
    salud.store.engine.dispose()
    before = salud.counts()["equipo"]
    with salud.act("traer") as act:
        act.new_many("equipo", [{"placa": f"P{n:04}", "tipo": "escritorio", "estado": "en_uso"} for n in range(950)])

    made = deliver.deliver(salud, pki.salud, tmp_path / "usb")  # type: ignore[attr-defined]

    assert made.counts["equipo"] == before + 950


@pytest.mark.parametrize(
    ("many", "said"),
    [(1, "Hay 1 problema que impide entregar."), (2, "Hay 2 problemas que impiden entregar.")],
)
def test_the_problems_that_stop_it_are_counted_in_good_spanish(
    salud: Workspace, pki: object, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, many: int, said: str
) -> None:
    salud.new("riesgo")
    found = [line for line in deliver.rehearse(salud) if line.problem.severity is Severity.STOPS][:many]
    monkeypatch.setattr(deliver, "rehearse", lambda _ws: found)

    with pytest.raises(UserError) as refused:
        deliver.deliver(salud, pki.salud, tmp_path / "usb")  # type: ignore[attr-defined]

    assert refused.value.what == said


def test_full_disk_leaves_nothing_behind(
    salud: Workspace, pki: object, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(handle: int) -> None:
        raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))

    folder = tmp_path / "usb"
    monkeypatch.setattr("peti_desktop.files.os.fsync", full)

    with pytest.raises(UserError, match="No hay espacio"):
        deliver.deliver(salud, pki.salud, folder)  # type: ignore[attr-defined]

    assert list(folder.iterdir()) == []
    assert deliver.summary(salud).number == 1


def test_delivery_that_cannot_be_kept_leaves_nothing_behind(salud: Workspace, pki: object, tmp_path: Path) -> None:
    """The store fails at the very end, when the file has been written: the number is given again."""
    folder = tmp_path / "usb"
    seen: list[str] = []

    def commit_fails(connection: Connection) -> None:
        if folder.exists():
            seen.extend(path.name for path in folder.iterdir())
            raise UserError("El disco está lleno.", "Libere espacio.")

    event.listen(salud.store.engine, "commit", commit_fails)
    with pytest.raises(UserError, match="El disco está lleno"):
        deliver.deliver(salud, pki.salud, folder)  # type: ignore[attr-defined]
    event.remove(salud.store.engine, "commit", commit_fails)

    assert seen == ["2026_SALUD_entrega-01.xlsx"]
    assert list(folder.iterdir()) == []
    assert deliver.summary(salud).number == 1


def test_a_file_of_that_name_is_never_replaced(salud: Workspace, pki: object, tmp_path: Path) -> None:
    other = tmp_path / "2026_SALUD_entrega-01.xlsx"
    other.write_bytes(b"la entrega de otro computador")

    with pytest.raises(UserError, match="ya hay otro archivo con ese nombre"):
        deliver.deliver(salud, pki.salud, tmp_path)  # type: ignore[attr-defined]

    assert other.read_bytes() == b"la entrega de otro computador"
    assert deliver.summary(salud).number == 1


@pytest.mark.parametrize("broken", ["code_of", "reading.read", "seal.of_all"])
def test_delivery_that_reads_back_differently_is_told(
    salud: Workspace, pki: object, tmp_path: Path, monkeypatch: pytest.MonkeyPatch,
    caplog: pytest.LogCaptureFixture, broken: str,
) -> None:  # fmt: skip
    codes = iter(("AAAA-AAAA", "BBBB-BBBB"))

    def unreadable(*_: object) -> None:
        raise Unreadable("no such sheet")

    wrong = {"code_of": lambda *_: next(codes), "reading.read": unreadable, "seal.of_all": lambda _: {}}
    monkeypatch.setattr(f"peti_desktop.delivery.deliver.{broken}", wrong[broken])

    with pytest.raises(UserError, match="no se lee igual"):
        deliver.deliver(salud, pki.salud, tmp_path / "usb")  # type: ignore[attr-defined]

    assert "2026_SALUD_entrega-01.xlsx was not delivered" in caplog.text
    assert list((tmp_path / "usb").iterdir()) == []
    monkeypatch.undo()
    assert deliver.summary(salud).number == 1


def test_folder_that_is_a_file(salud: Workspace, pki: object, tmp_path: Path) -> None:
    (tmp_path / "usb").write_text("", encoding="utf-8")

    with pytest.raises(UserError, match="No se puede escribir en la carpeta"):
        deliver.deliver(salud, pki.salud, tmp_path / "usb")  # type: ignore[attr-defined]


def test_empty_store_has_nothing_to_deliver(opened: object, pki: object, tmp_path: Path) -> None:
    ws = opened("vacia", "SALUD")  # type: ignore[operator]

    with pytest.raises(UserError, match="nada que entregar"):
        deliver.deliver(ws, pki.salud, tmp_path)  # type: ignore[attr-defined]


def test_newer_format_asks_for_a_newer_program(
    salud: Workspace, pki: object, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("peti_desktop.delivery.reading.FORMAT", 0)

    with pytest.raises(UserError, match="versión más nueva"):
        deliver.deliver(salud, pki.salud, tmp_path)  # type: ignore[attr-defined]


MAIN = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
SHEET = '<worksheet xmlns="' + MAIN + '"><sheetData>{}</sheetData></worksheet>'
CELL = '<row r="1"><c r="A1" t="inlineStr">{}</c></row>'


def test_a_plain_cell_is_read() -> None:
    part = SHEET.format(CELL.format("<is><t>uno</t></is>")).encode("utf-8")

    assert [row.cells for row in rows(part)] == [{0: "uno"}]


@pytest.mark.parametrize(
    "part",
    [
        '<!DOCTYPE a [<!ENTITY b "c">]>' + SHEET.format(""),
        SHEET.format('<row r="1"><c r="A1"><f>1+1</f><v>2</v></c></row>'),
        SHEET.format('<row r="1"><c r="A1" t="e"><v>#N/A</v></c></row>'),
        SHEET.format('<row r="1"><c r="XFD1"><v>1</v></c></row>'),
        SHEET.format('<row r="1"><c r="A0"><v>1</v></c></row>'),
        SHEET.format("".join(f'<row r="{n}"/>' for n in range(1, 100_002))),
        SHEET.format('<c r="A1"><v>1</v></c>'),
        SHEET.format(CELL.format("<is><t>se ve</t><rPh><t>se lee</t></rPh></is>")),
        SHEET.format(CELL.format("<is><r><t>a</t></r><r><t>b</t></r></is>")),
        SHEET.format(CELL.format("<is><t>a</t><t>b</t></is>")),
        SHEET.format(CELL.format("<is><t>a</t></is><v>b</v>")),
        SHEET.format(CELL.format('<is><y:t xmlns:y="y">a</y:t></is>')),
        SHEET.format('<row r="1"><c r="A1"><v>1</v></c><c r="A1"><v>2</v></c></row>'),
        SHEET.format('<row r="2"><c r="A2"><v>1</v></c></row><row r="1"><c r="A1"><v>2</v></c></row>'),
        SHEET.format('<row r="1"><c r="A2"><v>1</v></c></row>'),
        "<worksheet>",
        "",
    ],
)
def test_cells_of_another_shape_are_refused(part: str) -> None:
    with pytest.raises(Unreadable):
        list(rows(part.encode("utf-8")))


def test_column_names_are_found_by_name(salud: Workspace) -> None:
    names = [name for name, *_ in workbook.column_names(TYPES["necesidad"])]

    assert len(set(names)) == len(names)
    assert names[:3] == ["uid", "revision", "subproceso"]

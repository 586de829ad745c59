"""What is exported is what is seen: the same columns, rows and order, with the filter said on it."""

import csv
import subprocess
from pathlib import Path

import openpyxl
import pytest

from peti_desktop import matrix_export
from peti_desktop.errors import Cancelled, UserError
from peti_desktop.matrix import Condition, MatrixFilter, Op, Question
from peti_desktop.matrix_changes import correct_rows
from peti_desktop.matrix_export import export
from peti_desktop.records import TYPES
from peti_desktop.records.fields import Kind
from peti_desktop.reports.words import EXAMPLE_NOTE
from peti_desktop.workspace import Workspace
from tests.matrix.conftest import add

WANTED = MatrixFilter("equipo", "", (Condition("dependencia", Op.ONE_OF, ("HACIENDA",)),), ("placa", True))
COLUMNS = ("placa", "dependencia", "anio", "marca")
PLATES = ['O\'Brien "x"', "HACA7", "HAC_7"]


def sheet_rows(path: Path) -> list[tuple[object, ...]]:
    return list(openpyxl.load_workbook(path).worksheets[0].iter_rows(values_only=True))


def test_workbook_holds_what_is_seen(ws: Workspace, tmp_path: Path) -> None:
    path = tmp_path / "a.xlsx"
    correct_rows(ws, WANTED, [(0, 1)], "marca", "=1+1", "según factura", {})

    assert export(ws, WANTED, COLUMNS, path) == 3

    sheet = openpyxl.load_workbook(path)["Equipos"]
    rows = list(sheet.iter_rows(values_only=True))
    place = next(place for place, row in enumerate(rows) if row[0] == "Placa de inventario" or row[1] == "Dependencia")
    said = " ".join(str(row[0]) for row in rows[:place])
    assert "Filtro: Dependencia: Secretaría de Hacienda" in said
    assert "de mayor a menor" in said
    assert "3 equipos" in said
    assert [row[0] for row in rows[place + 1 :]] == PLATES
    assert [row[1] for row in rows[place + 1 :]] == ["Secretaría de Hacienda"] * 3
    assert [row[2] for row in rows[place + 1 :]] == [2018, 2019, None]
    assert rows[place + 1][3] == "=1+1"
    assert rows[place + 1][4] == "Marca: declarado sin diligenciar; según factura"
    assert sheet.cell(place + 2, 4).data_type == "s"


def test_csv_stands_beside_its_dictionary(ws: Workspace, tmp_path: Path) -> None:
    add(ws, "equipo", "HACIENDA", {"placa": "=cmd", "observaciones": 'a;b\n"c"'})
    path = tmp_path / "a.csv"

    export(ws, WANTED, ("placa", "anio", "observaciones"), path)

    with path.open(encoding="utf-8-sig", newline="") as stream:
        rows = list(csv.reader(stream, delimiter=";"))
    assert rows[0] == ["placa", "anio", "observaciones", "corregido_por_tic", "uid", "ejemplo"]
    assert {row[5] for row in rows[1:]} == {"no"}
    assert [row[0] for row in rows[1:]] == [*PLATES, "'=cmd"]
    assert rows[4][2] == 'a;b\n"c"'
    book = (tmp_path / "a_diccionario.csv").read_text(encoding="utf-8-sig")
    assert "anio;Año" in book
    assert "Filtro: Dependencia: Secretaría de Hacienda" in book


def test_what_is_an_example_says_so_in_every_file(ws: Workspace, tmp_path: Path) -> None:
    export(ws, WANTED, COLUMNS, tmp_path / "antes.xlsx")
    assert "jemplo" not in str(sheet_rows(tmp_path / "antes.xlsx"))
    with ws.write() as connection:
        connection.exec_driver_sql("UPDATE equipo SET ejemplo = true WHERE placa = 'HACA7'")

    for ending in ("xlsx", "csv", "pdf"):
        export(ws, WANTED, COLUMNS, tmp_path / f"a.{ending}")

    rows = sheet_rows(tmp_path / "a.xlsx")
    assert EXAMPLE_NOTE in {row[0] for row in rows}
    place = next(place for place, row in enumerate(rows) if row[-1] == "Ejemplo")
    assert {row[0]: row[-1] for row in rows[place + 1 :]}["HACA7"] == "EJEMPLO"
    assert sum(row[-1] == "EJEMPLO" for row in rows) == 1
    with (tmp_path / "a.csv").open(encoding="utf-8-sig", newline="") as stream:
        said = {row["placa"]: row["ejemplo"] for row in csv.DictReader(stream, delimiter=";")}
    assert said["HACA7"] == "sí" and sum(each == "sí" for each in said.values()) == 1
    assert EXAMPLE_NOTE in (tmp_path / "a_diccionario.csv").read_text(encoding="utf-8-sig")
    paper = subprocess.run(["pdftotext", "-layout", tmp_path / "a.pdf", "-"], capture_output=True, check=True)
    assert paper.stdout.decode().count("EJEMPLO") >= 2


def test_twenty_filters_give_the_rows_and_columns_that_are_seen(ws: Workspace, tmp_path: Path) -> None:
    names = [field.name for field in TYPES["equipo"].typed if field.kind in {Kind.TEXT, Kind.NOTE}]
    empty = [name for name in names if name not in {"placa", "marca", "observaciones"}]
    asks = [Condition(name, Op.EMPTY) for name in empty] + [
        Condition("anio", Op.BETWEEN, (2000, 2030)),
        Condition("placa", Op.FILLED),
        Condition("marca", Op.CONTAINS, ("o",)),
        Condition("tipo", Op.ONE_OF, ("escritorio", "portatil")),
        Condition("dependencia", Op.ONE_OF, ("HACIENDA", "SALUD")),
    ]
    wanted = MatrixFilter("equipo", "hac", tuple(asks), ("anio", True))
    seen = [line.record.values["placa"] for line in Question(ws, wanted).read(0).lines]
    assert seen == ["HACA7"]

    assert export(ws, wanted, ("anio", "placa"), tmp_path / "a.csv") == export(
        ws, wanted, ("anio", "placa"), tmp_path / "a.xlsx"
    )

    with (tmp_path / "a.csv").open(encoding="utf-8-sig", newline="") as stream:
        assert [row[:2] for row in csv.reader(stream, delimiter=";")] == [["anio", "placa"], ["2019", "HACA7"]]
    rows = [row[:2] for row in sheet_rows(tmp_path / "a.xlsx")]
    assert rows[-2:] == [("Año", "Placa de inventario"), (2019, "HACA7")]
    (filtered,) = [str(row[0]) for row in rows if str(row[0]).startswith("Filtro: ")]
    assert filtered.count(";") == len(asks)


def test_paper_says_the_filter(ws: Workspace, tmp_path: Path) -> None:
    path = tmp_path / "a.pdf"

    export(ws, WANTED, COLUMNS, path)

    text = subprocess.run(["pdftotext", "-layout", path, "-"], capture_output=True, check=True).stdout.decode()
    assert "Filtro: Dependencia: Secretaría de Hacienda" in text
    assert text.index("HACA7") < text.index("HAC_7")
    assert "SAL-012" not in text


@pytest.mark.parametrize("ending", ["xlsx", "csv", "pdf"])
def test_empty_result_and_every_type_can_be_exported(ws: Workspace, tmp_path: Path, ending: str) -> None:
    assert export(ws, MatrixFilter("equipo", "nada"), COLUMNS, tmp_path / f"a.{ending}") == 0
    assert export(ws, MatrixFilter("control"), ("dependencia", "riesgo", "accion"), tmp_path / f"b.{ending}") == 1


@pytest.mark.parametrize("ending", ["xlsx", "csv", "pdf"])
def test_cancelled_export_leaves_nothing(ws: Workspace, tmp_path: Path, ending: str) -> None:
    folder = tmp_path / "salida"

    def stop(done: int, total: int, text: str) -> None:
        raise Cancelled

    with pytest.raises(Cancelled):
        export(ws, WANTED, COLUMNS, folder / f"a.{ending}", stop)

    assert not folder.exists() or list(folder.iterdir()) == []


@pytest.mark.parametrize("before", [None, b"dictionary of before"])
def test_no_dictionary_is_left_without_its_data(ws: Workspace, tmp_path: Path, before: bytes | None) -> None:
    """Data that cannot take its place, as when Excel has the file of before open, is not explained either."""
    path, book = tmp_path / "a.csv", tmp_path / "a_diccionario.csv"
    (path / "taken").mkdir(parents=True)
    if before is not None:
        book.write_bytes(before)

    with pytest.raises(UserError):
        export(ws, WANTED, COLUMNS, path)

    assert (book.read_bytes() if book.exists() else None) == before
    assert {found.name for found in tmp_path.glob("*.parcial")} == set()


@pytest.mark.parametrize("name", ["a.ods", "a"])
def test_ending_that_nobody_writes_is_refused(ws: Workspace, tmp_path: Path, name: str) -> None:
    with pytest.raises(UserError, match=r"Guárdela como .xlsx, .csv o .pdf"):
        export(ws, WANTED, COLUMNS, tmp_path / name)

    assert not (tmp_path / name).exists()


def test_more_rows_than_paper_takes_are_refused(ws: Workspace, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(matrix_export, "MOST_ON_PAPER", 2)

    with pytest.raises(UserError, match="Son 3 registros"):
        export(ws, WANTED, COLUMNS, tmp_path / "a.pdf")

    assert not (tmp_path / "a.pdf").exists()

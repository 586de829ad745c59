"""The consolidated workbook, read by a reader other than its writer."""

import zipfile
from pathlib import Path

import pytest
from python_calamine import CalamineWorkbook

from peti_desktop.errors import UserError
from peti_desktop.records import TYPES
from peti_desktop.reports import matriz_xlsx
from peti_desktop.reports.figures import MAPS, figures
from peti_desktop.reports.mapas import by_part
from peti_desktop.reports.matriz_xlsx import write_matriz
from peti_desktop.workspace import Workspace


def rows_of(path: Path, sheet: str) -> list[list[object]]:
    return [list(row) for row in CalamineWorkbook.from_path(str(path)).get_sheet_by_name(sheet).to_python()]


@pytest.fixture
def book(full: Workspace, tmp_path: Path) -> Path:
    path = tmp_path / "matriz.xlsx"
    write_matriz(full, path)
    return path


def test_every_record_is_there_under_its_labels(full: Workspace, book: Path) -> None:
    for name, record_type in TYPES.items():
        heading, *rows = rows_of(book, record_type.title)
        assert heading[:2] == ["Dependencia", record_type.fields[0].label]
        assert heading[-3:] == ["Archivo de origen", "Hoja", "Fila"]
        assert len(rows) == full.counts()[name]


def test_a_dependencia_that_has_nothing_but_systems_is_there(full: Workspace, tmp_path: Path) -> None:
    with full.act("") as act:
        act.new("sistema", {"nombre": "Catastro", "tipo": "misional", "estado": "en_uso"}, dependencia="PRENSA")

    write_matriz(full, tmp_path / "matriz.xlsx")

    rows = rows_of(tmp_path / "matriz.xlsx", "Sistemas")
    assert [row[1] for row in rows[1:] if row[0] == full.catalogues.label("dependencia", "PRENSA")] == ["Catastro"]


def test_controls_name_their_risk(full: Workspace, book: Path) -> None:
    heading, *rows = rows_of(book, "Controles")
    references = {record.values["referencia"] for record in full.records("riesgo")}

    assert {row[heading.index("Riesgo")] for row in rows} <= references


def test_heat_maps_hold_the_same_numbers(full: Workspace, book: Path) -> None:
    rows = rows_of(book, "Mapas de calor")
    found = figures(full)

    for which, first in (("inherente", 2), ("residual", 10)):
        shown = {(5 - n, i): rows[first + n][i] for n in range(5) for i in range(1, 6) if rows[first + n][i]}
        assert shown == dict(found.heat[which])


def test_each_part_has_its_maps_in_the_order_of_names(full: Workspace, book: Path) -> None:
    found = figures(full)

    for title, parts, heat in by_part(found):
        assert parts
        rows = rows_of(book, title.replace(" de calor", ""))
        heads = [place for place, row in enumerate(rows) if " · " in str(row[0])]
        assert [str(rows[place][0]).partition(" · ")[0] for place in heads] == [part.label for part in parts]
        for part, place in zip(parts, heads, strict=True):
            for which, left in zip(MAPS, (1, 7), strict=True):
                numbers = [row[left : left + 5] for row in rows[place + 3 : place + 8]]
                shown = {(5 - n, i + 1): row[i] for n, row in enumerate(numbers) for i in range(5) if row[i]}
                assert shown == dict(heat[which].get(part.code, {}))


@pytest.mark.parametrize("typed", ["=1+1", "+57 300", "-5", "@SUM(A1)", '=HYPERLINK("http://x")', "<a> & _x0041_"])
def test_text_stays_text(office: Workspace, tmp_path: Path, typed: str) -> None:
    office.new("riesgo", {"descripcion": typed, "subproceso": "hacienda"})

    write_matriz(office, tmp_path / "m.xlsx")

    heading, row = rows_of(tmp_path / "m.xlsx", "Riesgos")
    assert row[heading.index("Descripción del riesgo")] == typed
    with zipfile.ZipFile(tmp_path / "m.xlsx") as package:
        sheets = [package.read(name) for name in package.namelist() if name.startswith("xl/worksheets/sheet")]
    assert not any(b"<f>" in sheet or b"<f " in sheet for sheet in sheets)


def test_it_prints_on_oficio_with_its_heading(book: Path) -> None:
    with zipfile.ZipFile(book) as package:
        sheet = package.read("xl/worksheets/sheet2.xml").decode()
        workbook = package.read("xl/workbook.xml").decode()

    assert 'paperSize="14"' in sheet and 'orientation="landscape"' in sheet
    assert "<autoFilter" in sheet and 'state="frozen"' in sheet
    assert "_xlnm.Print_Titles" in workbook


def test_more_rows_than_excel_has_is_refused(full: Workspace, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(matriz_xlsx, "ROW_LIMIT", 10)

    with pytest.raises(UserError, match="caben en una hoja"):
        matriz_xlsx.drawn(full)

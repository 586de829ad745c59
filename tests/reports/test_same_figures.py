"""The same number wherever it is told: on screen, in the workbook, in every PDF; Control Interno adds them up."""

import re
from collections.abc import Callable
from decimal import Decimal
from io import BytesIO
from pathlib import Path

import pytest
from pypdf import PdfReader
from python_calamine import CalamineWorkbook

from peti_desktop.progress import silent
from peti_desktop.reports import REPORTS, words
from peti_desktop.reports.figures import MAPS, ZONES, Figures, figures
from peti_desktop.reports.matriz_xlsx import write_matriz
from peti_desktop.workspace import Workspace


def text(ws: Workspace, name: str) -> str:
    pdf = PdfReader(BytesIO(REPORTS[name].draw(ws, silent)))
    return " ".join(" ".join(page.extract_text() for page in pdf.pages).split())


@pytest.fixture
def summary(full: Workspace, tmp_path: Path) -> list[list[object]]:
    path = tmp_path / "m.xlsx"
    write_matriz(full, path)
    sheet = CalamineWorkbook.from_path(str(path)).get_sheet_by_name("Resumen").to_python()
    return [[cell for cell in row if cell != ""] for row in sheet]


def _risks(found: Figures) -> str:
    return words.counted(found.totals["riesgo"], "riesgo", "riesgos")


def _needs(found: Figures) -> str:
    return f"{words.counted(found.totals['necesidad'], 'registro', 'registros')} · {words.pesos(found.money)}"


def _asked(found: Figures) -> Decimal:
    return next(needs.money for needs in found.needs_by_forma if needs.code == "necesidad")


def _others(found: Figures) -> str:
    many = sum(needs.count for needs in found.needs_by_forma if needs.code != "necesidad")
    return words.counted(many, "registro", "registros")


@pytest.mark.parametrize(
    ("name", "said"),
    [
        ("matriz", lambda f: f"{_risks(f)} · {words.counted(f.totals['control'], 'control', 'controles')}"),
        ("necesidades", _needs),
        ("necesidades", lambda f: f"Total {words.number(f.quantity)} {words.pesos(f.money)}"),
        ("consolidado", _needs),
        ("consolidado", lambda f: f"{words.number(f.totals['riesgo'])} riesgos"),
        ("consolidado", lambda f: words.counted(f.obsolete_total, "obsoleto", "obsoletos")),
        ("equipos", lambda f: words.counted(f.obsolete_total, "obsoleto", "obsoletos")),
        ("equipos", lambda f: f"Por una razón o más {f.obsolete_total}"),
        ("capitulo6", lambda f: words.counted(f.obsolete_total, "está obsoleto", "están obsoletos")),
        ("capitulo6", lambda f: f"{_risks(f)} · {words.number(f.totals['riesgo'] - f.unrated)} valorados"),
        ("prioridad", lambda f: f"todo suma {words.pesos(_asked(f))}"),
        ("prioridad", lambda f: f"no se ordenan: {_others(f)}, {words.pesos(f.money - _asked(f))}"),
        ("mapas", lambda f: " ".join(["Residual", *(str(f.zones["residual"][zone]) for zone in ZONES)])),
    ],
)
def test_a_paper_says_the_figure(full: Workspace, name: str, said: Callable[[Figures], str]) -> None:
    assert said(figures(full)) in text(full, name)


def test_the_workbook_says_the_same(full: Workspace, summary: list[list[object]]) -> None:
    found = figures(full)

    def line(first: str) -> list[object]:
        return next(row for row in summary if row and row[0] == first)[1:]

    assert line("Riesgos") == [found.totals["riesgo"]]
    assert line("Equipos") == [found.totals["equipo"]]
    assert line("Por una razón o más") == [found.obsolete_total]
    for which in MAPS:
        assert line(which.capitalize()) == [found.zones[which][zone] for zone in ZONES]
    for needs in (*found.needs_by_tema, *found.needs_by_dependencia):
        assert [needs.label, needs.count, needs.quantity, float(needs.money)] in summary


def test_the_bands_of_a_paper_add_up_to_its_head(full: Workspace) -> None:
    found = figures(full)

    devices = re.findall(r"(\d+) equipos? · (\d+) obsoletos?", text(full, "equipos").replace("(continúa)", ""))
    whole, *bands = [(int(many), int(old)) for many, old in devices]
    assert whole == (found.totals["equipo"], found.obsolete_total)
    assert set(bands) == {(c.count, _obsolete(full, c.code)) for c in found.equipment["dependencia"]}

    treated = text(full, "tratamiento")
    (total,) = re.findall(r"Total (\d+) (\d+) (\d+) (\d+) (\d+) (\d+)", treated)
    first, *parts = map(int, total)
    assert first == sum(parts) == int(re.findall(r"(\d+) riesgos por tratar", treated)[0])


def _obsolete(ws: Workspace, unit: str) -> int:
    return sum(bool(record.values["obsolescencia"]) for record in ws.records("equipo", dependencia=unit))

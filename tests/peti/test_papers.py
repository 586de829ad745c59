"""Chapter 6, the «hoja de ruta» and the indicators as their readers see them."""

from collections.abc import Sequence
from decimal import Decimal
from io import BytesIO

import pytest
from pypdf import PdfReader

from peti_desktop import reports
from peti_desktop.peti import example
from peti_desktop.peti.gathering import assign, things
from peti_desktop.progress import silent
from peti_desktop.reports import REPORTS
from peti_desktop.workspace import Workspace
from tests.peti.conftest import INITIATIVE, Add, Asked

NAMES = ("capitulo6", "hoja_de_ruta", "indicadores")


def told(ws: Workspace, name: str) -> str:
    pdf = PdfReader(BytesIO(REPORTS[name].draw(ws, silent)))
    return " ".join(" ".join(page.extract_text() for page in pdf.pages).split())


def marks(ws: Workspace, name: str) -> list[str]:
    def flat(entries: Sequence[object]) -> list[str]:
        return [title for e in entries for title in (flat(e) if isinstance(e, list) else [e.title])]  # type: ignore[attr-defined]

    return flat(PdfReader(BytesIO(REPORTS[name].draw(ws, silent))).outline)


def test_the_chapter_has_its_eight_sections_and_says_what_is_missing(ws: Workspace, asked: Asked) -> None:
    text, found = told(ws, "capitulo6"), marks(ws, "capitulo6")

    assert [mark[:3] for mark in found if mark[:2] == "6."] == [f"6.{n}" for n in range(1, 9)]
    assert "Gestión de Salud Pública (Gestión Social y Económica)" in found
    assert "Posibilidad de pérdida" in text and "Extremo" in text
    assert text.count("Qué falta") == 8
    assert "1 riesgo no tiene controles registrados" in text
    assert "Dependencias sin equipos (2): Secretaría de Hacienda; Secretaría de Salud." in text


def test_each_need_is_in_one_section(ws: Workspace, asked: Asked, add: Add) -> None:
    add("necesidad", forma="necesidad", subproceso="salud_publica", descripcion="Algo sin tema")

    text = told(ws, "capitulo6")

    for words in ("Computadores de mesa", "La red se cae", "Curso", "Algo sin tema"):
        assert text.count(words) == 1


def test_the_roadmap_adds_up_and_names_what_is_loose(ws: Workspace, asked: Asked, initiative: str) -> None:
    assign(ws, initiative, [thing for thing in things(ws) if {asked.computer, asked.network} & set(thing.uids)])

    text = told(ws, "hoja_de_ruta")

    assert "1 iniciativa · $ 17.000.000" in text
    assert "2026 2027 2028" in text
    assert "Sin iniciativa: 2 necesidades ($ 12.000.000), 1 brecha y 1 riesgo alto o extremo" in text
    assert "Recursos propios $ 9.000.000" in text


def test_many_years_are_gathered_in_the_last_column(ws: Workspace, add: Add) -> None:
    made = ws.new("iniciativa", INITIATIVE | {"anio_hasta": 2040})
    add("necesidad", forma="necesidad", tema="hardware", descripcion="x", cantidad=1, valor_unitario=Decimal(7_000_000),
        vigencia=2039)  # fmt: skip
    assign(ws, made.uid, things(ws))

    assert "2033 a 2040" in told(ws, "hoja_de_ruta")


def test_indicators_say_the_goals_of_the_plan_and_the_light(ws: Workspace) -> None:
    assert "Nadie ha registrado avances" in told(ws, "indicadores")

    example.make(ws)

    text = told(ws, "indicadores")
    assert "14 indicadores · 4 con avance" in text
    assert "C · Cumple" in text and "N · No cumple" in text and "31,25" in text


@pytest.mark.parametrize("name", NAMES)
def test_equal_data_gives_equal_bytes(ws: Workspace, asked: Asked, name: str) -> None:
    example.make(ws)

    assert REPORTS[name].draw(ws, silent) == reports.REPORTS[name].draw(ws, silent)


def test_the_example_marks_all_it_makes(ws: Workspace, asked: Asked) -> None:
    example.make(ws)

    made = [*ws.records("iniciativa"), *ws.records("avance")]
    assert len(made) == 9 and all(record.example for record in made)
    assert any(thing.initiative for thing in things(ws))

"""The papers of the loop as their readers see them, on carta and oficio."""

from dataclasses import replace
from datetime import UTC, date, datetime
from io import BytesIO

import pytest
from pypdf import PdfReader

from peti_desktop.reports import acta, acuse, devolucion, letter, qr
from peti_desktop.reports.acta import ActaFacts
from peti_desktop.reports.acuse import AcuseFacts
from peti_desktop.reports.devolucion import LONGEST_DECLARED, AskedLine, DevolucionFacts
from peti_desktop.reports.page import CARTA, OFICIO, Paper

WHEN = datetime(2026, 1, 14, 15, 42, tzinfo=UTC)
COUNTS = {"riesgo": 14, "control": 30, "equipo": 37, "necesidad": 9}
ENTITY, UNIT = "Alcaldía de San José de Cúcuta", "Secretaría de Salud"
ACTA = ActaFacts(
    ENTITY, UNIT, 2026, 3, "K7QF-2MZD", COUNTS, "2026_SALUD_entrega-03.xlsx", "0123456789abcdef" * 4,
    "K7QF2MZDAAAABBBBCCCC", "Ana Lucía Muñoz Peñaranda", "Profesional universitaria", WHEN,
)  # fmt: skip
ACUSE = AcuseFacts(
    ENTITY, UNIT, 2026, 3, "K7QF-2MZD", "2026_SALUD_entrega-03.xlsx", "0123456789abcdef" * 4, "Ana – Técnica",
    "válida con avisos", "recibida", WHEN, WHEN, COUNTS, "Luis Pérez", "Jefe de la Oficina TIC", 41, "fedc" * 16,
)  # fmt: skip
LINES = (
    AskedLine("Riesgos", "R-003 · Gestión", "Descripción del riesgo", "Falta de " * 200, "Se lee como una causa."),
    AskedLine("Sistemas", "Sistemas", "Toda la sección", "", "Llegó sin registros."),
)
DEVOLUCION = DevolucionFacts(
    ENTITY, UNIT, 2026, 2, "QWER-TYU2", 3, "K7QF-2MZD", "2026_SALUD_entrega-03.xlsx", WHEN, date(2026, 1, 31),
    "2026_SALUD_devolucion-02.xlsx", WHEN, 42, "Luis Pérez", "Jefe de la Oficina TIC", LINES,
)  # fmt: skip


def pages(data: bytes) -> list[str]:
    return [" ".join(page.extract_text().split()) for page in PdfReader(BytesIO(data)).pages]


@pytest.mark.parametrize("paper", [CARTA, OFICIO], ids=["carta", "oficio"])
def test_acta_and_acuse_fit_one_page(paper: Paper) -> None:
    for data in (acta.drawn(ACTA, paper), acuse.drawn(ACUSE, paper)):
        (page,) = PdfReader(BytesIO(data)).pages
        assert (round(page.mediabox.width), round(page.mediabox.height)) == (round(paper.wide), round(paper.high))
        (text,) = pages(data)
        assert "K7QF-2MZD" in text
        assert ACTA.sha256 in text
        assert text.count("Firma ") >= 2


def test_the_key_is_printed_in_groups_however_it_is_given() -> None:
    assert "K7QF 2MZD AAAA BBBB CCCC" in pages(acta.drawn(ACTA))[0]
    assert "K7QF-2MZD-AAAA" in pages(acta.drawn(replace(ACTA, fingerprint="K7QF-2MZD-AAAA")))[0]


def test_a_return_says_what_is_asked_and_how_to_answer() -> None:
    text = " ".join(pages(devolucion.drawn(DEVOLUCION)))

    for said in (
        "2.ª devolución de la entrega n.º 3", "QWER-TYU2", "Responder hasta el 31-ene-2026", "2 observaciones",
        "Se lee como una causa.", "Descripción del riesgo", "Toda la sección", "«Se mantiene»",
    ):  # fmt: skip
        assert said in text
    assert text.count("Falta de") <= LONGEST_DECLARED // 9


def test_a_long_return_repeats_its_heading_and_keeps_its_signatures_together() -> None:
    found = pages(devolucion.drawn(replace(DEVOLUCION, asked=LINES * 60), OFICIO))

    assert len(found) > 3
    assert all("Se pide" in page for page in found[:-1])
    assert "Devuelve" in found[-1]
    assert "Recibe" in found[-1]
    assert f"Página {len(found)} de {len(found)}" in found[-1]


def test_equal_facts_give_equal_bytes() -> None:
    assert acta.drawn(ACTA) == acta.drawn(ACTA)
    assert acuse.drawn(ACUSE) == acuse.drawn(ACUSE)
    assert devolucion.drawn(DEVOLUCION) == devolucion.drawn(DEVOLUCION)


def test_a_code_is_a_square_with_its_three_corners() -> None:
    rows = qr.modules(letter.file_words(2026, "K7QF-2MZD", "0" * 64))

    assert {len(row) for row in rows} == {len(rows)}
    corner = [[True] * 7, [True, *[False] * 5, True], *[[True, False, True, True, True, False, True]] * 3]
    corner += [corner[1], corner[0]]
    for top, left in ((0, 0), (0, len(rows) - 7), (len(rows) - 7, 0)):
        assert [row[left : left + 7] for row in rows[top : top + 7]] == corner
    assert qr.modules("a") != qr.modules("b")


def test_a_code_says_nothing_a_telephone_would_guess() -> None:
    with pytest.raises(UnicodeEncodeError):
        qr.modules("devolución")

"""The PDFs as their readers see them."""

from datetime import UTC, datetime
from io import BytesIO
from pathlib import Path
from typing import Any

import pytest
from pypdf import PageObject, PdfReader

from peti_desktop.errors import Cancelled, UserError
from peti_desktop.progress import silent
from peti_desktop.reports import REPORTS, write
from peti_desktop.reports.acta import ActaFacts, acta
from peti_desktop.reports.lettering import BOLD, REGULAR
from peti_desktop.workspace import Workspace

OFICIO = (round(330 / 25.4 * 72), round(216 / 25.4 * 72))
CARTA = (612, 792)

FACTS = ActaFacts(
    entity="Alcaldía de San José de Cúcuta",
    dependencia="Secretaría de Salud",
    vigencia=2026,
    number=3,
    code="K7QF-2MZD",
    counts={"riesgo": 14, "control": 30, "equipo": 37, "necesidad": 9},
    file_name="2026_SALUD_entrega-03.xlsx",
    sha256="0123456789abcdef" * 4,
    fingerprint="fedcba9876543210" * 4,
    nombre="Ana Lucía Muñoz Peñaranda",
    cargo="Profesional universitaria",
    signed_at=datetime(2026, 1, 14, 15, 42, tzinfo=UTC),
)


def reader(ws: Workspace, name: str) -> PdfReader:
    return PdfReader(BytesIO(REPORTS[name].draw(ws, silent)))


def fonts_of(page: PageObject) -> list[Any]:
    resources: Any = page["/Resources"]
    return [reference.get_object() for reference in resources["/Font"].values()]


def flat(text: str) -> str:
    return " ".join(text.split())


def text_of(pdf: PdfReader) -> str:
    return flat(" ".join(page.extract_text() for page in pdf.pages))


@pytest.mark.parametrize("name", REPORTS)
def test_every_page_says_what_it_is(full: Workspace, name: str) -> None:
    pdf = reader(full, name)

    for n, page in enumerate(pdf.pages, 1):
        text = flat(page.extract_text())
        assert f"Página {n} de {len(pdf.pages)}" in text
        assert "Alcaldía de San José de Cúcuta" in text
        assert "Vigencia 2026" in text
        assert "Corte abierto · datos al 14-ene-2026, 10:42" in text
        assert "Código de los datos" in text
        assert (round(page.mediabox.width), round(page.mediabox.height)) == OFICIO


@pytest.mark.parametrize("name", REPORTS)
def test_equal_data_gives_equal_bytes(full: Workspace, name: str) -> None:
    assert REPORTS[name].draw(full, silent) == REPORTS[name].draw(full, silent)


@pytest.mark.parametrize("name", REPORTS)
def test_an_empty_store_gives_a_paper_that_says_so(office: Workspace, name: str) -> None:
    pdf = reader(office, name)

    assert "sin datos" in text_of(pdf)


@pytest.mark.parametrize("name", REPORTS)
def test_every_font_is_embedded(full: Workspace, name: str) -> None:
    fonts = [font for page in reader(full, name).pages for font in fonts_of(page)]

    assert {str(font["/BaseFont"]).split("+")[-1] for font in fonts} == {REGULAR, BOLD}
    assert all("/FontFile2" in font["/FontDescriptor"] and "/ToUnicode" in font for font in fonts)


def test_title_language_and_bookmarks_are_told(full: Workspace) -> None:
    pdf = reader(full, "consolidado")

    assert pdf.metadata is not None
    assert pdf.metadata.title == (
        "Consolidado de riesgos y necesidades de tecnología · Vigencia 2026 · Alcaldía de San José de Cúcuta"
    )
    assert str(pdf.root_object["/Lang"]) == "es-CO"
    parts = [entry.title for entry in pdf.outline if not isinstance(entry, list)]
    assert parts == [
        "Resumen",
        "Mapas de calor de los riesgos",
        "Matriz consolidada de riesgos",
        "Necesidades de tecnología",
    ]


def test_heading_stands_on_every_page_of_the_matrix(full: Workspace) -> None:
    pdf = reader(full, "matriz")

    assert len(pdf.pages) > 3
    for page in pdf.pages:
        text = flat(page.extract_text())
        assert text.count("Descripción del riesgo") == 1
        assert text.count("Zona residual") == 1


def test_matrix_holds_every_risk_with_its_zone_in_letters(full: Workspace) -> None:
    text = text_of(reader(full, "matriz"))

    for record in full.records("riesgo"):
        assert str(record.values["referencia"]) in text
        assert flat(str(record.values["descripcion"])) in text
    assert "E Extremo" in text
    assert "Oficina TIC (continúa)" in text


def test_needs_are_added_up(full: Workspace) -> None:
    money = sum(int(str(record.values["valor_total"]).split(".")[0]) for record in full.records("necesidad"))

    assert f"$ {money:,}".replace(",", ".") in text_of(reader(full, "necesidades"))


def test_examples_are_marked_and_others_are_not(full: Workspace, office: Workspace) -> None:
    assert "EJEMPLO" in text_of(reader(full, "matriz"))
    for page in reader(full, "mapas").pages:
        assert "Contiene valores de ejemplo, no oficiales" in flat(page.extract_text())


def test_own_records_are_not_called_examples(office: Workspace) -> None:
    office.new("riesgo", {"descripcion": "Pérdida del archivo", "subproceso": "hacienda"})

    assert "EJEMPLO" not in text_of(reader(office, "matriz"))


def test_what_people_type_is_printed_as_they_typed_it(office: Workspace) -> None:
    typed = "<b>Año & niño</b> =SUMA(A1) 5 < 7 «cigüeña» – €"
    office.new("riesgo", {"descripcion": typed, "subproceso": "hacienda"})

    assert typed in text_of(reader(office, "matriz"))


def test_a_text_longer_than_a_page_goes_on_to_the_next(office: Workspace) -> None:
    sentence = " ".join(f"palabra{n}" for n in range(2600))
    office.new("riesgo", {"descripcion": sentence[:24000], "subproceso": "hacienda"})

    pdf = reader(office, "matriz")

    assert len(pdf.pages) > 2
    text = text_of(pdf)
    assert all(f"palabra{n} " in text for n in range(0, 2000, 7))
    assert all("Descripción del riesgo" in flat(page.extract_text()) for page in pdf.pages)


def test_a_word_longer_than_its_column_is_cut(office: Workspace) -> None:
    office.new("riesgo", {"descripcion": "x" * 400, "subproceso": "hacienda"})

    assert text_of(reader(office, "matriz")).replace(" ", "").count("x" * 400) == 1


def test_file_is_named_after_vigencia_and_report(full: Workspace, tmp_path: Path) -> None:
    assert write(full, "mapas", tmp_path / "informes").name == "2026_mapas.pdf"


def test_cancelled_report_leaves_nothing(full: Workspace, tmp_path: Path) -> None:
    def stop(done: int, total: int, text: str) -> None:
        raise Cancelled

    with pytest.raises(Cancelled):
        write(full, "matriz", tmp_path / "informes", stop)

    assert not (tmp_path / "informes").exists()


def test_a_paper_that_cannot_be_written_is_said_in_spanish(full: Workspace, tmp_path: Path) -> None:
    (tmp_path / "2026_mapas.pdf").mkdir()

    with pytest.raises(UserError, match="scoja otra carpeta"):
        write(full, "mapas", tmp_path)

    assert list(tmp_path.glob("*.parcial")) == []


def test_acta_says_what_the_file_says(tmp_path: Path) -> None:
    acta(FACTS, tmp_path / "acta.pdf")

    pdf = PdfReader(tmp_path / "acta.pdf")
    text = text_of(pdf)
    assert len(pdf.pages) == 1
    assert (round(pdf.pages[0].mediabox.width), round(pdf.pages[0].mediabox.height)) == CARTA
    for said in ("Acta de entrega n.º 3", "K7QF-2MZD", "2026_SALUD_entrega-03.xlsx", "Ana Lucía Muñoz Peñaranda", "90"):
        assert said in text
    assert FACTS.sha256 in text
    assert "fedc ba98 7654 3210" in text
    assert "14-ene-2026, 10:42" in text
    assert "ejemplo" not in text


def test_acta_of_the_same_facts_has_the_same_bytes(tmp_path: Path) -> None:
    for name in ("a.pdf", "b.pdf"):
        acta(FACTS, tmp_path / name)

    assert (tmp_path / "a.pdf").read_bytes() == (tmp_path / "b.pdf").read_bytes()

"""Tables over pages: what belongs together stays together."""

from collections.abc import Sequence
from io import BytesIO
from typing import Any

import pytest
from pypdf import PdfReader

from peti_desktop.reports.blocks import Block, beside
from peti_desktop.reports.lettering import BOLD, REGULAR, fitted, width
from peti_desktop.reports.page import CARTA, MARGIN, Head, document
from peti_desktop.reports.table import Band, Cell, Column, Row, Table

HEAD = Head(entity="Alcaldía", title="Tabla", vigencia="Vigencia 2026", cut="hoy", code="K7QF-2MZD")


def _pages(room: float, tall: int, rows_before: int) -> list[str]:
    """The texts of pages with a table that has ``room`` left for a band and a row of ``tall`` lines."""
    target = BytesIO()
    with document(target, CARTA, HEAD) as doc:
        doc.y = doc.bottom + room
        rows = [Row((f"antes {n}",)) for n in range(rows_before)]
        Table(doc, (Column("Texto", 100),)).draw([*rows, Band("LA BANDA"), Row(("\n".join(["LA FILA"] * tall),))])
    return [page.extract_text() for page in PdfReader(target).pages]


@pytest.mark.parametrize("rows_before", [0, 1])
@pytest.mark.parametrize("tall", [1, 12, 25, 200])
@pytest.mark.parametrize("room", range(40, 340, 20))
def test_band_stands_with_its_first_row(room: int, tall: int, rows_before: int) -> None:
    pages = _pages(room, tall, rows_before)

    (page,) = (text for text in pages if "LA BANDA" in text.replace("LA BANDA (continúa)", ""))
    assert "LA FILA" in page
    if tall < 200:
        assert page.count("LA FILA") == tall
    assert sum(text.count("LA FILA") for text in pages) == tall


def _drawn(columns: Sequence[Column], rows: Sequence[Row | Band], head: Head = HEAD) -> PdfReader:
    target = BytesIO()
    with document(target, CARTA, head) as doc:
        Table(doc, columns).draw(rows)
    return PdfReader(target)


def _rightmost(pdf: PdfReader) -> float:
    """Where the line that goes farthest to the right ends."""
    ends = [0.0]

    def see(text: str, _cm: Any, tm: Any, font: Any, size: float) -> None:
        used = BOLD if font and "Bold" in str(font["/BaseFont"]) else REGULAR
        ends.extend(tm[4] + width(line, used, size) for line in text.split("\n"))

    for page in pdf.pages:
        page.extract_text(visitor_text=see)
    return max(ends)


@pytest.mark.parametrize("name", ["W" * 120, "Secretaría de Articulación Interinstitucional " * 3])
def test_a_long_name_stays_on_the_page(name: str) -> None:
    head = Head(entity=name, title=name[:60], vigencia="Vigencia 2026", cut="hoy", code="K7QF-2MZD")
    pdf = _drawn((Column("A", 50), Column("B", 50)), [Band(name, "13 riesgos"), Row((name, name))], head)

    assert _rightmost(pdf) <= CARTA.wide - MARGIN + 0.5
    assert "13 riesgos" in pdf.pages[0].extract_text()


def test_neither_heading_nor_date_nor_amount_nor_brand_is_cut() -> None:
    columns = (
        Column("Tratamiento", 6),
        Column("Vence", 12),
        Column("Cantidad", 6, right=True),
        Column("Valor", 17, right=True),
        Column("Descripción", 90),
    )
    row = Row(("COMPUMAX", "21-nov-2026", "2.999.997", Cell("$ 1.234.567.890.123"), "palabra " * 40))

    text = _drawn(columns, [row]).pages[0].extract_text()

    for whole in ("Tratamiento", "Cantidad", "COMPUMAX", "21-nov-2026", "2.999.997", "$ 1.234.567.890.123"):
        assert whole in text


def test_a_row_that_goes_on_says_which_one_it_is() -> None:
    pdf = _drawn((Column("Ref.", 20), Column("Texto", 80)), [Row(("R-001", "palabra " * 4000))])

    assert len(pdf.pages) > 2
    assert all("R-001" in page.extract_text() for page in pdf.pages)
    assert all("(continúa)" in page.extract_text() for page in pdf.pages[1:])


@pytest.mark.parametrize("many", [1, 30, 61, 200])
def test_a_long_table_goes_on_in_two_columns_and_says_every_row_once(many: int) -> None:
    columns = (Column("Dependencia", 70), Column("Cuántos", 30, right=True))
    rows = [Row((f"Unidad {n:03}", str(n))) for n in range(many)]
    rows.append(Row(("Total", str(sum(range(many)))), total=True))
    target = BytesIO()
    with document(target, CARTA.turned, HEAD) as doc:
        beside(doc, [[Block("Corta", columns, rows[-1:])], [Block("Larga", columns, rows)]])
    pdf = PdfReader(target)

    lines = [line for page in pdf.pages for line in page.extract_text().split("\n")]
    # Whether the number stands on a line of its own is up to whoever reads the text out.
    assert [line[:10] for line in lines if line.startswith("Unidad")] == [f"Unidad {n:03}" for n in range(many)]
    assert len(pdf.pages) <= 1 + many // 50
    assert "Larga (continúa)" in lines or many <= 30


def test_a_line_shrinks_before_it_is_cut_short() -> None:
    room = width("Alcaldía de San José", BOLD, 9)

    assert fitted("Alcaldía de San José", BOLD, 9, room) == ("Alcaldía de San José", 9)
    text, size = fitted("Alcaldía de San José de", BOLD, 9, room)
    assert text == "Alcaldía de San José de"
    assert size < 9
    short, least = fitted("Alcaldía de San José de Cúcuta y sus corregimientos", BOLD, 9, room)
    assert short.endswith("…")
    assert (least, width(short, BOLD, least) <= room) == (9 * 0.75, True)

"""Tables over pages: what belongs together stays together."""

from io import BytesIO

import pytest
from pypdf import PdfReader

from peti_desktop.reports.page import CARTA, Head, document
from peti_desktop.reports.table import Band, Column, Row, Table

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

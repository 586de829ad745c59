"""The sheet for walking round: what is registered, boxes for a pen, the answers of the lists on every page."""

from io import BytesIO
from pathlib import Path

import pytest
from pypdf import PdfReader

from peti_desktop.errors import Cancelled
from peti_desktop.reports.hoja_equipos import draw, write_sheet
from peti_desktop.workspace import Workspace


def pages(data: bytes) -> list[str]:
    return [page.extract_text() for page in PdfReader(BytesIO(data)).pages]


def test_devices_in_force_are_printed_and_retired_ones_are_not(office: Workspace) -> None:
    office.new("equipo", {"tipo": "servidor", "placa": "000777", "serial": "MX-1", "ubicacion": "Piso 2"})
    gone = office.new("equipo", {"placa": "000888"})
    office.retire("equipo", gone.uid, "de baja")

    text = "\n".join(pages(draw(office)))

    assert "000777" in text and "MX-1" in text and "Piso 2" in text
    assert "000888" not in text


@pytest.mark.parametrize("paper", ["oficio", "carta"])
def test_every_page_has_its_heading_and_the_answers(office: Workspace, paper: str) -> None:
    found = pages(draw(office, blanks=40, paper=paper))

    assert len(found) == 3
    for text in found:
        assert "Placa de" in text and "Visto" in text
        assert "En uso con fallas" in text and "Windows 7" in text and "Recorrió" in text


def test_paper_lies_across(office: Workspace) -> None:
    page = PdfReader(BytesIO(draw(office))).pages[0]

    assert page.mediabox.width > page.mediabox.height


def test_last_page_is_filled_with_boxes(office: Workspace) -> None:
    one, other = draw(office, blanks=1), draw(office, blanks=10)

    assert len(pages(one)) == len(pages(other)) == 1
    assert one == other


def test_long_text_is_cut_and_says_so(office: Workspace) -> None:
    office.new("equipo", {"placa": "1", "ubicacion": "un lugar muy lejano " * 10})

    assert "…" in pages(draw(office))[0]


def test_cancelled_sheet_leaves_no_file(office: Workspace, tmp_path: Path) -> None:
    office.new("equipo", {"placa": "1"})

    def stop(_done: int, _total: int, _text: str) -> None:
        raise Cancelled

    with pytest.raises(Cancelled):
        write_sheet(office, tmp_path / "hoja.pdf", progress=stop)

    assert list(tmp_path.glob("hoja*")) == []

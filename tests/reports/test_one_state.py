"""A report shows one state of the data, whatever arrives while it is made."""

import zipfile
from io import BytesIO

import pytest

from peti_desktop.progress import Progress, silent
from peti_desktop.reports import REPORTS, matriz_xlsx
from peti_desktop.workspace import Workspace


def _arrivals(ws: Workspace) -> Progress:
    """Let records of a dependencia that had none arrive at every step."""

    def step(_done: int, _total: int, _text: str) -> None:
        with ws.act("") as act:
            risk = act.new("riesgo", {"causa_raiz": "llega tarde"}, dependencia="VIVIENDA")
            act.new("control", {"riesgo": risk, "accion": "llega tarde"}, dependencia="VIVIENDA")
            act.new("necesidad", {"tema": "hardware", "descripcion": "llega tarde"}, dependencia="VIVIENDA")
            act.new("equipo", {"placa": "tarde"}, dependencia="VIVIENDA")
        ws.retire("equipo", ws.records("equipo")[0].uid, "sale")

    return step


def _sheets(book: bytes) -> dict[str, bytes]:
    """The parts with contents; the others say when the book was made."""
    with zipfile.ZipFile(BytesIO(book)) as package:
        return {name: package.read(name) for name in package.namelist() if name.startswith("xl/")}


@pytest.mark.parametrize("name", REPORTS)
def test_paper_shows_one_state(full: Workspace, name: str) -> None:
    quiet, before = REPORTS[name].draw(full, silent), full.counts()

    busy = REPORTS[name].draw(full, _arrivals(full))

    assert full.counts() != before
    assert busy == quiet


def test_workbook_shows_one_state(full: Workspace) -> None:
    quiet, before = matriz_xlsx.drawn(full), full.counts()

    busy = matriz_xlsx.drawn(full, _arrivals(full))

    assert full.counts() != before
    assert _sheets(busy) == _sheets(quiet)

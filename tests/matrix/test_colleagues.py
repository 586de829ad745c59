"""Two analysts of one server in the same rows: who undoes a correction of many never takes the other's work."""

from collections.abc import Iterator
from typing import TYPE_CHECKING

import pytest

from peti_desktop.errors import UserError
from peti_desktop.matrix import MatrixFilter, Question
from peti_desktop.matrix_changes import correct_rows
from peti_desktop.workspace import Workspace
from tests.matrix.conftest import NOW, add

if TYPE_CHECKING:
    from tests.conftest import Server

EVERY = MatrixFilter("equipo")
REASON = "inventario físico"


@pytest.fixture
def ana(server: "Server") -> Iterator[Workspace]:
    with Workspace.create(
        server.database(),
        perfil="oficina",
        dependencia="TIC",
        nombre="Ana",
        cargo="Jefe",
        vigencia=2026,
        clock=lambda: NOW,
    ) as ws:
        for number in range(4):
            add(ws, "equipo", "SALUD", {"placa": f"S-{number}", "estado": "en_uso"})
        correct_rows(ws, EVERY, None, "estado", "dañado", REASON, {})
        yield ws


@pytest.fixture
def luis(ana: Workspace, server: "Server") -> Iterator[Workspace]:
    with Workspace.open(server.address(str(ana.store.engine.url.database), "luis"), clock=lambda: NOW) as ws:
        ws.set_settings({"nombre": "Luis Peña", "cargo": "Profesional"})
        yield ws


def states(ws: Workspace) -> list[object]:
    return [line.record.values["estado"] for line in Question(ws, EVERY).read(0).lines]


def mended(ws: Workspace) -> list[tuple[str, str]]:
    """Field and who, of every correction in force."""
    lines = Question(ws, EVERY).read(0).lines
    return [(one.field, one.who.split(" – ")[0]) for line in lines for one in line.mended.values()]


@pytest.mark.parametrize(
    ("rows", "more"), [([(0, 1)], ""), ([(0, 2)], " y de otro registro"), ([(1, 3)], " y de otros 2")]
)
def test_who_undoes_over_a_colleague_is_told_whose_work_it_is(
    ana: Workspace, luis: Workspace, rows: list[tuple[int, int]], more: str
) -> None:
    correct_rows(luis, EVERY, rows, "estado", "en bodega", "visita", {})
    before = states(ana), mended(ana)

    with pytest.raises(UserError) as refused:
        ana.undo()

    assert f"Luis Peña – Profesional cambió después «Estado» de «S-{rows[0][0]}" in refused.value.what
    assert f"»{more}" in refused.value.what
    assert "No se deshizo nada" in refused.value.todo
    assert (states(ana), mended(ana)) == before
    assert ana.undoable()[0].startswith("corregir Estado")


def test_another_field_of_the_same_rows_stays_the_colleagues(ana: Workspace, luis: Workspace) -> None:
    correct_rows(luis, EVERY, [(1, 1)], "marca", "Acer", "visita", {})

    assert ana.undo().startswith("corregir Estado")

    assert states(luis) == ["en_uso"] * 4
    assert mended(luis) == [("marca", "Luis Peña")]
    assert [record.values["marca"] for record in luis.records("equipo")].count("Acer") == 1


def test_what_the_colleague_took_back_is_in_nobodys_way(ana: Workspace, luis: Workspace) -> None:
    correct_rows(luis, EVERY, [(2, 1)], "estado", "en bodega", "visita", {})
    assert luis.undo().startswith("corregir Estado")
    assert states(ana) == ["sin_uso"] * 4
    assert mended(ana) == [("estado", "Ana")] * 4

    ana.undo()
    assert (states(luis), mended(luis)) == (["en_uso"] * 4, [])

    with pytest.raises(UserError, match=r"Ana – Jefe cambió después «Estado» de «.*», y rehacer borraría su trabajo"):
        luis.redo()
    ana.redo()
    assert (states(luis), mended(luis)) == (["sin_uso"] * 4, [("estado", "Ana")] * 4)


def test_each_undoes_only_their_own(ana: Workspace, luis: Workspace) -> None:
    assert luis.undoable() == ("", "")
    assert luis.undo() == ""
    assert states(luis) == ["sin_uso"] * 4

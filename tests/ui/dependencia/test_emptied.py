"""What a delivery said and is empty now is told beside its field, until it is filled in or emptied on purpose."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from peti_desktop.delivery.deliver import deliver
from peti_desktop.records import Value
from peti_desktop.workspace import Workspace
from tests.ui.dependencia.loop import made_keys
from ui.dependencia.equipos import EquiposPage
from ui.dependencia.riesgos import RiesgosPage
from ui.shell import Shell

Settle = Callable[[Shell], None]
Fill = Callable[[Callable[[Workspace], Any]], Any]


@pytest.fixture
def delivered(fill_store: Fill, open_shell: Callable[[], Shell], risk: dict[str, Value], tmp_path: Path) -> Shell:
    """A window on a store whose only delivery said more than the store does now."""

    def fill(ws: Workspace) -> None:
        device = ws.new("equipo", {"tipo": "escritorio", "estado": "en_uso", "placa": "SAL-1", "anio": 2015}).uid
        uid = ws.new("riesgo", risk | {"seguimiento": "Cada mes"}).uid
        (tmp_path / "usb").mkdir()
        deliver(ws, made_keys().salud, tmp_path / "usb")
        ws.put("equipo", device, {"anio": ""})
        ws.put("riesgo", uid, {"seguimiento": ""})

    fill_store(fill)
    return open_shell()


def test_the_grid_and_the_form_say_what_was_delivered(delivered: Shell, settle: Settle, keyboard: Any) -> None:
    delivered.go("equipos")
    settle(delivered)
    page = delivered.page
    assert isinstance(page, EquiposPage)
    (record,) = page.model.records
    field = page.model.record_type["anio"]
    warned = "Antes entregó «2015»: escriba el valor, o escoja «Borrar lo anterior» si ya no hay."

    assert warned in [problem.text for problem in page.model.problems_of(record, field)]
    assert warned in page.form.editors["anio"].problem

    page.form.go_to("anio")
    keyboard.fill("2016")
    delivered.flush()
    settle(delivered)

    (record,) = page.model.records
    assert warned not in [problem.text for problem in page.model.problems_of(record, field)]
    assert warned not in page.form.editors["anio"].problem


def test_the_form_of_a_risk_says_it_while_it_is_typed(delivered: Shell, settle: Settle) -> None:
    delivered.go("riesgos")
    settle(delivered)
    page = delivered.page
    assert isinstance(page, RiesgosPage)
    editor = page.form.editors["seguimiento"]
    assert "Antes entregó «Cada mes»" in editor.problem

    editor.answer("Cada semana")
    page.form.look()

    assert "Antes entregó" not in editor.problem

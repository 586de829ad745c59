"""Two people at one server: what one changed meanwhile is not overwritten by the other, who is told."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

import pytest
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from peti_desktop.records.fields import Blank
from peti_desktop.workspace import Workspace
from tests.conftest import Server
from ui.dependencia.equipos import EquiposPage
from ui.dependencia.riesgos import RiesgosPage
from ui.grid.block import Alteration
from ui.messages import Recorded
from ui.shell import Shell

Settle = Callable[[Shell], None]


@dataclass
class Two:
    """Ana's window over a store in which Luis works as well."""

    shell: Shell
    luis: Workspace
    uid: str
    risk: str
    control: str


@pytest.fixture
def two(server: Server, qtbot: QtBot, settle: Settle) -> Iterator[Two]:
    address = server.database()
    with Workspace.create(
        address, perfil="dependencia", dependencia="SALUD", nombre="Ana Peñaranda", cargo="Profesional", vigencia=2026
    ) as ana:
        uid = ana.new("equipo", {"tipo": "escritorio", "placa": "SAL-1", "marca": "HP"}).uid
        risk = ana.new("riesgo", {"causa_raiz": "demoras"}).uid
        control = ana.new("control", {"riesgo": risk, "responsable": "Tesorero"}).uid
    luis = Workspace.open(address.replace("ana:", "luis:"))
    luis.set_settings({"nombre": "Luis Rojas", "cargo": "Técnico"})
    shell = Shell(Recorded(), store=address)
    qtbot.addWidget(shell)
    with qtbot.waitSignal(shell.entered, timeout=20_000):
        shell.show()
    settle(shell)
    yield Two(shell, luis, uid, risk, control)
    shell.close()
    luis.close()


def test_what_is_typed_over_a_colleagues_change_is_refused_and_quoted(two: Two, settle: Settle, keyboard: Any) -> None:
    two.shell.go("equipos")
    settle(two.shell)
    page = two.shell.page
    assert isinstance(page, EquiposPage)
    two.luis.put("equipo", two.uid, {"marca": "Lenovo"})
    keyboard.wake(page)
    page.form.go_to("marca")

    keyboard.fill("Dell")
    two.shell.flush()
    settle(two.shell)

    said = two.shell.notice.text
    assert "Luis Rojas – Técnico cambió este registro" in said
    assert "Usted había escrito: «Dell»." in said
    assert two.luis.record("equipo", two.uid).values["marca"] == "Lenovo"
    assert page.form.editors["marca"].raw() == "Lenovo"

    page.form.go_to("marca")
    keyboard.fill("Dell")
    two.shell.flush()
    settle(two.shell)

    assert two.luis.record("equipo", two.uid).values["marca"] == "Dell"
    assert two.shell.desk is not None
    assert two.shell.desk.settled


def test_going_on_with_ones_own_work_is_never_refused(two: Two, settle: Settle, keyboard: Any) -> None:
    two.shell.go("equipos")
    settle(two.shell)
    page = two.shell.page
    assert isinstance(page, EquiposPage)
    keyboard.wake(page)
    page.form.go_to("marca")

    keyboard.fill("Dell", "T480")
    page.form.go_to("marca")
    keyboard.fill("Acer")
    two.shell.flush()
    settle(two.shell)

    values = two.luis.record("equipo", two.uid).values
    assert (values["marca"], values["modelo"]) == ("Acer", "T480")


def test_a_block_over_a_colleagues_change_is_refused(two: Two, settle: Settle) -> None:
    two.shell.go("equipos")
    settle(two.shell)
    page = two.shell.page
    assert isinstance(page, EquiposPage)
    heard: list[Alteration] = []
    page.grid.altered.connect(heard.append)
    two.luis.put("equipo", two.uid, {"marca": "Lenovo"})
    page.grid.select_block([two.uid], ["marca"])

    page.grid.answer(Blank.NO_APLICA)
    settle(two.shell)

    assert len(heard) == 1
    assert "Luis Rojas – Técnico cambió este registro" in two.shell.notice.text
    assert two.luis.record("equipo", two.uid).values["marca"] == "Lenovo"


def test_a_risk_and_its_controls_are_kept_from_it_too(two: Two, settle: Settle, keyboard: Any) -> None:
    two.shell.go("riesgos", (two.risk, "causa_raiz"))
    settle(two.shell)
    page = two.shell.page
    assert isinstance(page, RiesgosPage)
    two.luis.put("control", two.control, {"responsable": "Contadora"})
    keyboard.wake(page)
    page.form.go_to_control(two.control, "responsable")
    assert QApplication.focusWidget() is not None

    keyboard.fill("Auxiliar")
    two.shell.flush()
    settle(two.shell)

    assert "Usted había escrito: «Auxiliar»." in two.shell.notice.text
    assert two.luis.record("control", two.control).values["responsable"] == "Contadora"

"""Ctrl+D goes on from a copy of what is chosen."""

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from pytestqt.qtbot import QtBot

from peti_desktop.workspace import Workspace
from ui.dependencia.registros import RecordsPage
from ui.dependencia.riesgos import RiesgosPage
from ui.messages import Recorded
from ui.shell import Shell


@pytest.fixture
def shell(qtbot: QtBot, workspace: Workspace) -> Shell:
    risk = workspace.new("riesgo", {"actividad": "Atender"})
    workspace.new("control", {"riesgo": risk.uid, "accion": "Revisar"})
    made = Shell(Recorded())
    qtbot.addWidget(made)
    with qtbot.waitActive(made):
        made.show()
        made.activateWindow()
    made.enter(workspace)
    return made


def test_risk_comes_with_its_controls(shell: Shell, qtbot: QtBot, workspace: Workspace) -> None:
    shell.go("riesgos")
    page = shell.page
    assert isinstance(page, RiesgosPage)
    qtbot.waitUntil(lambda: page.form.record is not None)

    QTest.keyClick(page, Qt.Key.Key_D, Qt.KeyboardModifier.ControlModifier)

    qtbot.waitUntil(lambda: page.form.record is not None and page.form.record.values["referencia"] == "R-002")
    qtbot.waitUntil(lambda: len(page.form.controlar.cards) == 1)
    assert "Esta es la copia" in shell.notice.text
    assert workspace.counts()["control"] == 2


def test_device_is_duplicated_without_its_placa(shell: Shell, qtbot: QtBot, workspace: Workspace) -> None:
    shell.go("equipos")
    page = shell.page
    assert isinstance(page, RecordsPage)
    qtbot.waitUntil(lambda: page._shown is not None)

    QTest.keyClick(page, Qt.Key.Key_D, Qt.KeyboardModifier.ControlModifier)

    qtbot.waitUntil(lambda: page.model.rowCount() == 4)
    made = workspace.records("equipo")[-1]
    assert (made.values["marca"], made.values["placa"]) == ("Lenovo", None)

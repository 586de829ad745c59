"""The window of roles over a store on a server, as the jefe and as somebody else sees it."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager

import pytest
from PySide6.QtCore import QPoint, QPointF, Qt
from PySide6.QtGui import QWheelEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from peti_desktop.consolidation import roles
from peti_desktop.workspace import Workspace
from tests.conftest import Server
from ui.messages import Recorded
from ui.oficina.rol import RolesDialog
from ui.shell import Shell

Settle = Callable[[Shell], None]
Window = tuple[Shell, RolesDialog]


@pytest.fixture
def address(server: Server) -> str:
    """An office on a server whose jefe is ana."""
    address = server.database()
    with Workspace.create(
        address, perfil="oficina", dependencia="TIC", nombre="Ana Ríos", cargo="Jefe", vigencia=2026
    ) as ws:
        roles.assign(ws, "ana", roles.JEFE)
        roles.assign(ws, "luis", roles.ANALISTA)
    return address


@contextmanager
def _window(address: str, qtbot: QtBot, settle: Settle) -> Iterator[Window]:
    shell = Shell(Recorded(), store=address, page="cortes")
    qtbot.addWidget(shell)
    with qtbot.waitSignal(shell.entered, timeout=20_000):
        shell.show()
    settle(shell)
    shell.heading.role.setFocus()
    qtbot.keyClick(shell.heading.role, Qt.Key.Key_Space)
    settle(shell)
    (window,) = shell.findChildren(RolesDialog)
    yield shell, window
    window.close()
    shell.close()


def _choose(found: Window, user: str, role: str, settle: Settle) -> None:
    """With the keyboard alone: the list opens, and Enter gives the role."""
    shell, window = found
    box = window.boxes[user]
    box.setFocus()
    way = box.findData(role) - box.currentIndex()
    step = Qt.Key.Key_Down if way > 0 else Qt.Key.Key_Up
    QTest.keyClick(box, step)
    settle(shell)
    assert box.view().isVisible()
    assert window.boxes[user].currentData() != role
    for _ in range(abs(way)):
        QTest.keyClick(box.view(), step)
    QTest.keyClick(box.view(), Qt.Key.Key_Return)
    settle(shell)
    settle(shell)


def test_jefe_sees_everybody_and_gives_a_role(address: str, qtbot: QtBot, settle: Settle) -> None:
    with _window(address, qtbot, settle) as found, Workspace.open(address.replace("//ana:", "//luis:")) as luis:
        window = found[1]
        assert {"ana", "luis"} <= set(window.boxes)
        assert window.boxes["luis"].currentData() == roles.ANALISTA
        assert window.why.isHidden()

        _choose(found, "luis", roles.JEFE, settle)

        assert roles.role(luis) == roles.JEFE
        assert "Jefe de la Oficina TIC" in window.changes.text()
        assert window.boxes["luis"].currentData() == roles.JEFE


def test_last_jefe_stays_and_is_told_why(address: str, qtbot: QtBot, settle: Settle) -> None:
    with _window(address, qtbot, settle) as found:
        shell, window = found
        _choose(found, "ana", roles.ANALISTA, settle)

        assert "no puede quedar sin uno" in window.wrong.text()
        assert window.boxes["ana"].currentData() == roles.JEFE
        assert shell.heading.role.text() == "Rol: Jefe"


def test_who_is_no_jefe_sees_who_is_what_and_why_not_to_change_it(address: str, qtbot: QtBot, settle: Settle) -> None:
    with _window(address.replace("//ana:", "//luis:"), qtbot, settle) as (shell, window):
        assert shell.heading.role.text() == "Rol: Analista"
        assert window.boxes["ana"].currentData() == roles.JEFE
        assert not any(box.isEnabled() for box in window.boxes.values())
        assert window.why.text() == "Los roles los da el jefe de la Oficina TIC. Pídaselo a ana."
        assert window.boxes["ana"].accessibleDescription() == window.why.text()


def test_rolling_down_the_window_gives_nobody_another_role(address: str, qtbot: QtBot, settle: Settle) -> None:
    with _window(address, qtbot, settle) as (shell, window):
        box = window.boxes["luis"]
        box.setFocus()
        place, down, none = QPointF(box.rect().center()), QPoint(0, -120), Qt.MouseButton.NoButton
        rolled = QWheelEvent(
            place, QPointF(box.mapToGlobal(place.toPoint())), QPoint(), down, none, Qt.KeyboardModifier.NoModifier,
            Qt.ScrollPhase.NoScrollPhase, False,
        )  # fmt: skip
        QApplication.sendEvent(box, rolled)
        settle(shell)

        assert box.currentData() == roles.ANALISTA
        assert window.boxes["luis"].currentData() == roles.ANALISTA

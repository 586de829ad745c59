"""The real window over real stores, and somebody in front of it."""

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from PySide6.QtGui import QDesktopServices
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from peti_desktop.trust import keys
from peti_desktop.workspace import Workspace
from tests.journeys.person import Person
from ui.app import application
from ui.messages import Recorded
from ui.shell import Shell


@pytest.fixture(autouse=True)
def dressed(qapp: QApplication) -> QApplication:
    """The application as people see it."""
    return application() if qapp.applicationName() != "Peti Desktop" else qapp


@pytest.fixture(autouse=True)
def _quick_keys(monkeypatch: pytest.MonkeyPatch) -> None:
    """Real keys and files, without the seconds that a Scrypt of full cost takes; nothing is opened outside."""
    monkeypatch.setattr(keys, "SCRYPT_COST", 2**12)
    monkeypatch.setattr(QDesktopServices, "openUrl", lambda _url: True)


@pytest.fixture
def person(qtbot: QtBot) -> Person:
    return Person(qtbot)


@pytest.fixture
def store(tmp_path: Path) -> Path:
    """A new store of the Secretaría de Salud."""
    path = tmp_path / "salud.sqlite"
    with Workspace.create(
        path, perfil="dependencia", dependencia="SALUD", nombre="Ana Peñaranda", cargo="Profesional", vigencia=2026
    ):
        return path


Opens = Callable[..., Shell]


@pytest.fixture
def starts(qtbot: QtBot) -> Iterator[Opens]:
    """Starts the program: ``starts(store)`` on a store, ``starts()`` for the first time.

    Further arguments are what the person picks in the system's own file dialogs, in turn.
    """
    opened: list[Shell] = []

    def make(store: Path | None = None, *picks: object) -> Shell:
        shell = Shell(Recorded(*picks), store=store)
        opened.append(shell)
        qtbot.addWidget(shell)
        shell.resize(1366, 768)
        shell.show()
        shell.activateWindow()
        qtbot.waitUntil(shell.isActiveWindow, timeout=20_000)
        return shell

    yield make
    for shell in opened:
        shell.close()

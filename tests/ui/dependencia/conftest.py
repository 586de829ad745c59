"""A real window over a real store, driven by keys; what is on disk is read through a connection of its own."""

import sqlite3
from collections.abc import Callable, Iterator
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from PySide6.QtCore import QEvent, Qt
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QApplication, QLineEdit, QWidget
from pytestqt.qtbot import QtBot

from peti_desktop.records import Value
from peti_desktop.workspace import Workspace
from ui.messages import Recorded
from ui.shell import Shell

STORE = "salud.sqlite"

RISK: dict[str, Value] = {
    "subproceso": "salud_publica",
    "actividad": "Envío de los informes de ejecución",
    "factor": "procesos",
    "clasificacion": "ejecucion_procesos",
    "afectacion": "economica",
    "causa_inmediata": "multas de los entes de control",
    "causa_raiz": "demoras de EPS e IPS en los informes",
    "descripcion": "Posibilidad de pérdida económica por multas debido a demoras de EPS e IPS en los informes.",
    "frecuencia_anual": 12,
    "impacto_smlmv": Decimal(120),
    "tratamiento": "evitar",
}


class Keyboard:
    """Types where the cursor is."""

    def __init__(self, qtbot: QtBot) -> None:
        self._qtbot = qtbot

    @property
    def where(self) -> QWidget:
        """The widget that has the keyboard."""
        found = QApplication.focusWidget()
        assert found is not None, "nothing has the keyboard"
        return found

    def type(self, text: str) -> None:
        """Type ``text``; by events of our own, for QTest aborts at letters such as «ñ»."""
        for letter in text:
            for kind in (QEvent.Type.KeyPress, QEvent.Type.KeyRelease):
                QApplication.sendEvent(self.where, QKeyEvent(kind, 0, Qt.KeyboardModifier.NoModifier, letter))

    def press(self, key: Qt.Key, modifier: Qt.KeyboardModifier = Qt.KeyboardModifier.NoModifier) -> None:
        """Press one key."""
        self._qtbot.keyClick(self.where, key, modifier)

    def tab(self, times: int = 1) -> None:
        """Go on to the next field."""
        for _ in range(times):
            self.press(Qt.Key.Key_Tab)

    def fill(self, *texts: str) -> None:
        """Type each text and go on; an empty one leaves the field as it is."""
        for text in texts:
            if text:
                if isinstance(self.where, QLineEdit):
                    self.where.selectAll()
                self.type(text)
            self.tab()
        self.wake(self.where)

    def click(self, widget: QWidget) -> None:
        """Press ``widget`` with the mouse."""
        self._qtbot.mouseClick(widget, Qt.MouseButton.LeftButton)
        self.wake(widget)

    def wake(self, widget: QWidget) -> None:
        """Give the keyboard to the window of ``widget``."""
        # The offscreen platform does not give the keyboard back after a list of suggestions or a click.
        window = widget.window()
        window.activateWindow()
        self._qtbot.waitUntil(window.isActiveWindow)


@pytest.fixture
def keyboard(qtbot: QtBot) -> Keyboard:
    return Keyboard(qtbot)


@pytest.fixture
def store(tmp_path: Path) -> Path:
    """A new store of the Secretaría de Salud."""
    path = tmp_path / STORE
    with Workspace.create(
        path, perfil="dependencia", dependencia="SALUD", nombre="Ana Peñaranda", cargo="Profesional", vigencia=2026
    ):
        return path


@pytest.fixture
def fill_store(store: Path) -> Callable[[Callable[[Workspace], Any]], Any]:
    """Puts records into the store before the window opens it."""

    def fill(work: Callable[[Workspace], Any]) -> Any:
        with Workspace.open(store) as workspace:
            return work(workspace)

    return fill


@pytest.fixture
def open_shell(qtbot: QtBot, store: Path, settle: Callable[[Shell], None]) -> Iterator[Callable[[], Shell]]:
    """Opens the window on the store and waits until its first page stands."""
    opened: list[Shell] = []

    def make() -> Shell:
        shell = Shell(Recorded(), store=store)
        opened.append(shell)
        qtbot.addWidget(shell)
        with qtbot.waitSignal(shell.entered, timeout=20_000):
            shell.show()
        shell.activateWindow()
        qtbot.waitUntil(shell.isActiveWindow)
        settle(shell)
        return shell

    yield make
    for shell in opened:
        shell.close()


@pytest.fixture
def shell(open_shell: Callable[[], Shell]) -> Shell:
    return open_shell()


@pytest.fixture
def settle(qtbot: QtBot) -> Callable[[Shell], None]:
    """Waits until nothing is being read or written."""
    return lambda shell: qtbot.waitUntil(lambda: not shell.tasks.running, timeout=20_000)


@pytest.fixture
def on_disk(store: Path) -> Callable[[str], list[dict[str, Any]]]:
    """What another program reads from the store's file."""

    def ask(query: str) -> list[dict[str, Any]]:
        connection = sqlite3.connect(f"file:{store}?mode=ro", uri=True)
        connection.row_factory = sqlite3.Row
        try:
            return [dict(row) for row in connection.execute(query)]
        finally:
            connection.close()

    return ask


@pytest.fixture
def risk() -> dict[str, Value]:
    """The values of a risk that lacks nothing."""
    return dict(RISK)

"""An analyst's morning without a mouse: from the files that came to the last doubt."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QListView, QTableView
from pytestqt.qtbot import QtBot

from peti_desktop.consolidation import doubts
from peti_desktop.intake import inbox
from peti_desktop.returning import observations
from peti_desktop.workspace import Workspace
from tests.journeys.person import ALT, CTRL, SHIFT, Person
from tests.ui.oficina.test_dudas import doubtful
from ui.messages import Recorded
from ui.shell import Shell

__all__ = ["doubtful"]

Rests = Callable[[], None]


@pytest.fixture
def person(qtbot: QtBot) -> Person:
    return Person(qtbot)


@pytest.fixture
def rests(qtbot: QtBot, shell: Shell, settle: Callable[[Shell], None]) -> Callable[[], None]:
    """Waits until nothing is being read or written, and the window has the keyboard, which this platform forgets."""

    def wait() -> None:
        settle(shell)
        shell.activateWindow()
        qtbot.waitUntil(shell.isActiveWindow)

    return wait


def test_a_folder_is_received_decided_row_by_row_accepted_and_taken_back(
    office: Workspace, unit: Any, usb: Path, messages: Recorded, person: Person, rests: Rests
) -> None:
    unit("SALUD").deliver()
    unit("HACIENDA").deliver()
    messages.answers = [usb, True]

    rests()
    person.press(Qt.Key.Key_2, CTRL)
    person.sees("Suelte aquí lo que llegó")
    rests()
    person.press(Qt.Key.Key_R, ALT)
    person.press(Qt.Key.Key_P)
    rests()
    person.sees("Se revisaron 2 archivos: válida (2).", "Aceptar limpias (2)")

    person.goes_on_to("Entregas recibidas", QListView)
    person.press(Qt.Key.Key_Home)
    rests()
    person.press(Qt.Key.Key_Y)
    person.sees("1 entrega: la atiende Olga Ríos.")
    rests()
    person.press(Qt.Key.Key_Return)
    person.press(Qt.Key.Key_Home)
    person.press(Qt.Key.Key_Down)
    person.sees("1 escogido")
    person.press(Qt.Key.Key_D)
    person.is_at("Por qué")
    person.press(Qt.Key.Key_Down)
    person.press(Qt.Key.Key_Tab)
    person.types("Según el informe de 2025.")
    person.press(Qt.Key.Key_D, ALT)
    person.sees("se devuelve 1")
    rests()
    (asked,) = observations.listing(office)
    assert asked.texto.endswith("Según el informe de 2025.")

    person.press(Qt.Key.Key_A, ALT)
    person.sees("Se aceptó en parte la entrega de")
    rests()
    person.press(Qt.Key.Key_L, CTRL)
    person.sees("Se aceptó 1 entrega.")
    rests()
    assert sorted(r.state for r in inbox.listing(office)) == ["aceptada", "aceptada en parte"]

    person.goes_on_to("Más con la bandeja")
    person.press(Qt.Key.Key_Space)
    person.press(Qt.Key.Key_E)
    rests()
    person.sees("Se deshizo la aceptación de la entrega n.º 1")
    rests()
    assert sorted(r.state for r in inbox.listing(office)) == ["aceptada en parte", "recibida"]


def test_doubts_are_assigned_and_resolved_together_and_come_back(
    doubtful: Workspace, person: Person, rests: Rests
) -> None:
    rests()
    person.press(Qt.Key.Key_3, CTRL)
    person.sees("4 por resolver")
    rests()
    person.goes_on_to("Dudas", QTableView)
    person.press(Qt.Key.Key_Home, CTRL)
    person.press(Qt.Key.Key_Down, SHIFT)
    person.sees("2 escogidas. Se resuelven todas igual")
    person.goes_on_to("Quién la atiende")
    person.types("Luis Peña")
    person.press(Qt.Key.Key_A, ALT)
    person.sees("2 dudas: las atiende Luis Peña.")
    rests()
    assert sorted(doubt.assigned_to for doubt in doubts.listing(doubtful)) == ["", "", "Luis Peña", "Luis Peña"]

    person.press(Qt.Key.Key_Tab, SHIFT)
    person.goes_on_to("Dudas", QTableView)
    person.press(Qt.Key.Key_A, CTRL)
    person.sees("4 escogidas")
    person.press(Qt.Key.Key_M)
    person.sees("4 dudas resueltas.", "No hay dudas")
    rests()
    assert doubts.listing(doubtful) == []

    person.press(Qt.Key.Key_Z, CTRL)
    person.sees("4 por resolver")
    rests()
    assert len(doubts.listing(doubtful)) == 4

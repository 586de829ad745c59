"""What holds for every page: it fits, it can be heard, and nothing typed is lost when the power goes."""

import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import Any

import pytest
from PySide6.QtCore import QSize
from PySide6.QtWidgets import QLabel, QPushButton, QWidget
from pytestqt.qtbot import QtBot

from peti_desktop.records import Value
from peti_desktop.workspace import Workspace
from ui import dependencia
from ui.shell import Shell

Fill = Callable[[Callable[[Workspace], Any]], Any]
NAMES = [spec.name for spec in dependencia.pages()]
SIZES = [QSize(1024, 742), QSize(1093, 588), QSize(911, 500)]
"""1024x768; 1366x768 at 125 % and at 150 %: what the frame leaves of them."""

VICTIM = """
import sys
from functools import partial
from pathlib import Path
from PySide6.QtCore import QTimer
from PySide6.QtTest import QTest
from ui.app import application
from ui.shell import Shell

app = application()
shell = Shell(store=Path(sys.argv[1]), page="riesgos")
letters = list("Cargue de la informacion")


def key():
    form = shell.page.form
    if form.record is None:
        return
    editor = form.editors["actividad"].input
    QTest.keyClick(editor, letters.pop(0))
    if not letters:
        timer.stop()
        print("typed", flush=True)


timer = QTimer()
timer.setInterval(20)
timer.timeout.connect(key)
shell.entered.connect(timer.start)
shell.show()
app.exec()
"""


@pytest.fixture
def full(fill_store: Fill, open_shell: Callable[[], Shell], risk: dict[str, Value]) -> Shell:
    """A window on a store with one of each."""

    def fill(ws: Workspace) -> None:
        uid = ws.new("riesgo", risk).uid
        ws.new("control", {"riesgo": uid, "responsable": "Tesorero", "tipo": "preventivo", "implementacion": "manual"})
        ws.new("equipo", {"tipo": "escritorio", "placa": "SAL-1"})
        ws.new("necesidad", {"descripcion": "Servidor de respaldo"})

    fill_store(fill)
    return open_shell()


def cut(page: QWidget) -> list[str]:
    """The buttons and short labels of a page that have less room than their text."""
    short = [found for found in page.findChildren(QPushButton) if found.text()]
    said: list[QLabel | QPushButton] = [
        *short,
        *(w for w in page.findChildren(QLabel) if w.text() and not w.wordWrap()),
    ]
    return [
        widget.text() for widget in said if widget.isVisible() and widget.width() < widget.minimumSizeHint().width()
    ]


def whole(page: QWidget) -> bool:
    """Whether nothing on the page is cut."""
    return not cut(page)


@pytest.mark.parametrize("size", SIZES, ids=lambda size: f"{size.width()}x{size.height()}")
def test_pages_fit_small_screens(full: Shell, qtbot: QtBot, settle: Callable[[Shell], None], size: QSize) -> None:
    full.resize(size)
    for name in NAMES:
        full.go(name)
        settle(full)
        assert full.size() == size, name
        assert full.page is not None
        page = full.page
        qtbot.waitUntil(partial(whole, page))


def test_steps_of_a_risk_are_all_in_sight(full: Shell, settle: Callable[[Shell], None]) -> None:
    full.resize(SIZES[-1])
    full.go("riesgos")
    settle(full)
    bar = full.page.form.bar  # type: ignore[union-attr]

    for number in range(4):
        bar.setCurrentIndex(number)
        assert bar.rect().contains(bar.tabRect(3)), bar.tabRect(3)
        area = full.page.form._areas[number]  # type: ignore[union-attr]
        assert area.widget().minimumSizeHint().width() <= area.viewport().width(), number


@pytest.mark.parametrize("name", NAMES)
def test_every_input_has_a_name(
    full: Shell, settle: Callable[[Shell], None], nameless: Callable[[QWidget], list[str]], name: str
) -> None:
    full.go(name)
    settle(full)

    assert not nameless(full)


def test_what_was_typed_survives_a_power_cut(
    store: Path, fill_store: Fill, on_disk: Callable[[str], list[Any]]
) -> None:
    fill_store(lambda ws: ws.new("riesgo", {}))
    environment = os.environ | {"QT_QPA_PLATFORM": "offscreen", "PYTHONPATH": str(Path(__file__).parents[3])}
    with subprocess.Popen(
        [sys.executable, "-c", VICTIM, str(store)], stdout=subprocess.PIPE, env=environment, text=True
    ) as victim:
        assert victim.stdout is not None
        assert victim.stdout.readline() == "typed\n"
        time.sleep(1)  # the promise: on disk within a second
        victim.send_signal(signal.SIGKILL)
        victim.wait()

    assert on_disk("select actividad from riesgo") == [{"actividad": "Cargue de la informacion"}]
    with Workspace.open(store) as workspace:
        assert workspace.records("riesgo")[0].values["actividad"] == "Cargue de la informacion"

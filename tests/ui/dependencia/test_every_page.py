"""What holds on every page: no letter of Alt means two things, and every input has a name."""

from collections.abc import Callable
from typing import Any

import pytest
from PySide6.QtWidgets import QWidget

from peti_desktop import vigencia
from peti_desktop.records import Value
from peti_desktop.workspace import Workspace
from tests.ui.walk import twice
from ui.dependencia import pages
from ui.dependencia.entregar import EntregarPage
from ui.dependencia.riesgos import RiesgosPage
from ui.shell import Shell

Settle = Callable[[Shell], None]
Fill = Callable[[Callable[[Workspace], Any]], Any]
NAMES = [spec.name for spec in pages()]


@pytest.fixture
def filled(fill_store: Fill, risk: dict[str, Value]) -> None:
    """One of each, a control and something retired."""

    def fill(ws: Workspace) -> None:
        uid = ws.new("riesgo", risk).uid
        ws.new("control", {"riesgo": uid, "responsable": "Tesorero"})
        for name in ("equipo", "necesidad", "sistema", "sede", "formacion"):
            ws.new(name)
        ws.retire("equipo", ws.new("equipo", {"placa": "SAL-9"}).uid, "De baja")

    fill_store(fill)


def walk(shell: Shell, settle: Settle, nameless: Callable[[QWidget], list[str]]) -> dict[str, list[str]]:
    """Everything that is wrong, by the page it is on."""
    found = {}
    for name in NAMES:
        shell.go(name)
        settle(shell)
        found[name] = [*twice(shell), *nameless(shell)]
        page = shell.page
        if isinstance(page, RiesgosPage) and page.form.record is not None:
            for step in range(4):
                page.form.go_step(step)
                found[f"{name}, {step + 1}"] = [*twice(shell), *nameless(shell)]
        if isinstance(page, EntregarPage):
            for step in range(1, 4):
                page.go_step(step)
                settle(shell)
                found[f"{name}, {step + 1}"] = [*twice(shell), *nameless(shell)]
    return {where: wrong for where, wrong in found.items() if wrong}


def test_pages_with_records(
    filled: None, open_shell: Callable[[], Shell], settle: Settle, nameless: Callable[[QWidget], list[str]]
) -> None:
    assert walk(open_shell(), settle, nameless) == {}


def test_pages_without_any(
    open_shell: Callable[[], Shell], settle: Settle, nameless: Callable[[QWidget], list[str]]
) -> None:
    assert walk(open_shell(), settle, nameless) == {}


def test_a_letter_that_means_two_things_is_found(shell: Shell) -> None:
    shell.other.setText("Abrir ot&ro…")

    assert twice(shell) == ["r: &Riesgos / Abrir ot&ro…"]


def test_the_marks_of_the_year_and_their_filter(
    filled: None, fill_store: Fill, open_shell: Callable[[], Shell], settle: Settle,
    nameless: Callable[[QWidget], list[str]],
) -> None:  # fmt: skip
    fill_store(lambda ws: vigencia.begin(ws, 2027))
    shell = open_shell()
    shell.go("equipos")
    settle(shell)

    assert [*twice(shell), *nameless(shell)] == []

"""The inbox of several people: who looks at what, what came unsigned, and what came while another page was in front."""

import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from PySide6.QtCore import Qt
from pytestqt.qtbot import QtBot

from peti_desktop.intake import assigning, inbox, watching
from peti_desktop.oldform import adopting, reading, writing
from peti_desktop.workspace import Workspace
from ui.messages import Recorded
from ui.oficina import bandeja_vigilada
from ui.oficina.bandeja import BandejaPage
from ui.oficina.lines import DECIDED, group_of
from ui.oficina.words import verdict
from ui.shell import Shell

Settle = Callable[[Shell], None]


@pytest.fixture
def page(shell: Shell, office: Workspace, unit: Any, settle: Settle) -> BandejaPage:
    """Three deliveries wait."""
    salud = unit("SALUD")
    for _ in range(2):
        inbox.receive(office, salud.deliver())
    inbox.receive(office, unit("HACIENDA").deliver())
    shell.go("bandeja")
    settle(shell)
    found = shell.page
    assert isinstance(found, BandejaPage)
    found.list.setCurrentIndex(found.model.index(0))
    settle(shell)
    return found


def press(qtbot: QtBot, page: BandejaPage, key: Qt.Key) -> None:
    """Press a key in the list."""
    page.window().activateWindow()
    qtbot.waitUntil(page.window().isActiveWindow)
    page.list.setFocus()
    qtbot.waitUntil(page.list.hasFocus)
    assert all(action.isEnabled() for action in page.assigning.actions.values())
    qtbot.keyClick(page.list, key)


def has(office: Workspace) -> list[str]:
    return sorted(receipt.assigned_to for receipt in inbox.listing(office))


def test_one_key_takes_what_is_selected_and_one_undo_gives_it_back(
    qtbot: QtBot, shell: Shell, page: BandejaPage, office: Workspace, settle: Settle
) -> None:
    page.list.selectAll()
    press(qtbot, page, Qt.Key.Key_Y)
    settle(shell)

    assert has(office) == ["Olga Ríos"] * 3
    assert "las atiende Olga Ríos" in shell.notice.text
    assert "la atiende Olga Ríos" in page.model.lines[0].spoken
    page.bar.who.setCurrentIndex(page.bar.who.findData(""))
    assert page.model.shown == []

    shell.notice._action.click()
    settle(shell)
    assert has(office) == ["", "", ""]
    assert len(page.model.shown) == 3


def test_somebody_else_is_named_in_the_page_and_asked_about_before_deciding(
    qtbot: QtBot, shell: Shell, page: BandejaPage, office: Workspace, messages: Recorded, settle: Settle
) -> None:
    press(qtbot, page, Qt.Key.Key_G)
    page.assigning.panel.who.setCurrentText("Luis Peña")
    qtbot.mouseClick(page.assigning.panel.go, Qt.MouseButton.LeftButton)
    settle(shell)
    assert has(office) == ["", "", "Luis Peña"]
    assert page._clean.text() == "Aceptar limpias (2)"

    messages.answers = [False]
    page.review._accept.click()
    settle(shell)
    assert {receipt.state for receipt in inbox.listing(office)} == {"recibida"}
    assert "la atiende Luis Peña" in messages.said[-1]

    page._clean.click()
    settle(shell)
    states = {receipt.assigned_to: receipt.state for receipt in inbox.listing(office)}
    assert states["Luis Peña"] == "recibida"
    assert "1 limpia espera a quien las atiende" in shell.notice.text


def test_what_a_colleague_took_meanwhile_is_told_in_one_sentence(
    qtbot: QtBot, shell: Shell, page: BandejaPage, office: Workspace, settle: Settle
) -> None:
    line = page.selected[0]
    assigning.assign(office, {line.receipt.sha256: ""}, "Luis Peña")

    press(qtbot, page, Qt.Key.Key_Y)
    settle(shell)

    assert "la atiende Luis Peña desde hace un momento" in shell.notice.text
    assert has(office) == ["", "", "Luis Peña"]
    assert "la atiende Luis Peña" in page.selected[0].spoken


def test_a_form_has_its_line_with_its_lower_trust(
    shell: Shell, page: BandejaPage, office: Workspace, unit: Any, tmp_path: Path, settle: Settle
) -> None:
    form = tmp_path / "formulario.xlsx"
    writing.write(unit("SALUD").ws, form)
    adopting.adopt(office, reading.read(office, form))
    page.reload()
    settle(shell)

    (line,) = [line for line in page.model.lines if line.form]
    assert (verdict(line.receipt), line.state) == (("formulario sin firma", "warns"), ("recibido sin firma", "warns"))
    assert group_of(line) == DECIDED and not line.stored
    page.list.setCurrentIndex(page.model.index(page.model.row_of(line.key)))
    settle(shell)
    assert "nada prueba quién lo llenó" in page.review.facts.reasons[0]
    assert not page.review._decide.isVisible() and not page.assigning.chosen

    office.undo()
    page.reload()
    settle(shell)
    assert [line.state[0] for line in page.model.lines if line.form] == ["se deshizo"]


def test_a_folder_is_watched_from_the_start_with_its_subfolders_on_any_page(
    qtbot: QtBot,
    shell: Shell,
    office: Workspace,
    unit: Any,
    tmp_path: Path,
    settle: Settle,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(bandeja_vigilada, "SOON_MS", 60)
    folder = tmp_path / "llegan" / "lunes"
    folder.mkdir(parents=True)
    watching.watch(office, folder.parent)
    made = unit("SALUD").deliver()
    shell.enter(office)
    settle(shell)
    assert shell.desk is not None and "bandeja" not in shell._made
    watcher = bandeja_vigilada.Watcher.of(shell.desk)
    qtbot.waitUntil(lambda: str(folder) in watcher._watcher.directories(), timeout=10_000)

    shutil.copy(made, folder / "uno.xlsx")
    qtbot.waitUntil(lambda: "Llegó 1 archivo" in shell.notice.text, timeout=10_000)
    shell.notice._action.click()
    settle(shell)
    page = shell.page
    assert isinstance(page, BandejaPage) and page.watching.isVisible()

    page.watching.later.click()
    assert not page.watching.isVisible()
    shutil.copy(made, folder / "dos.xlsx")
    qtbot.waitUntil(page.watching.isVisible, timeout=10_000)
    assert page.watching.words.text().endswith("dos.xlsx. Además espera 1 de antes")


def test_who_only_reads_sees_all_and_is_offered_nothing(
    shell: Shell, page: BandejaPage, store: Path, settle: Settle
) -> None:
    assert page.review._decide.isVisible()
    with Workspace.open(store, writing=False) as reading_only:
        shell._forget_pages()
        shell.enter(reading_only)
        settle(shell)
        shell.go("bandeja")
        settle(shell)
        seen = shell.page
        assert isinstance(seen, BandejaPage)
        seen.list.setCurrentIndex(seen.model.index(0))
        settle(shell)

        assert "solo para leer" in seen._no.text() and not seen._subtitle.isVisible()
        assert seen.review.filters.isVisible() and not seen.review._decide.isVisible()
        assert not any(action.isEnabled() for action in seen.assigning.actions.values())

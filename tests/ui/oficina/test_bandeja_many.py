"""The inbox the day before the deadline: hundreds of files, bad ones among them, a folder that fills by itself."""

import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from PySide6.QtCore import Qt
from pytestqt.qtbot import QtBot

from peti_desktop.intake import inbox, watching
from peti_desktop.oldform import writing
from peti_desktop.workspace import Workspace
from tests.ui.oficina.conftest import altered
from ui.dependencia.formulario import RecibirFormulario
from ui.messages import Recorded
from ui.oficina import bandeja_vigilada
from ui.oficina.bandeja import BandejaPage
from ui.oficina.words import verdict
from ui.shell import Shell

Settle = Callable[[Shell], None]


@pytest.fixture
def page(shell: Shell, settle: Settle, monkeypatch: pytest.MonkeyPatch) -> BandejaPage:
    monkeypatch.setattr(bandeja_vigilada, "SOON_MS", 60)
    shell.go("bandeja")
    settle(shell)
    found = shell.page
    assert isinstance(found, BandejaPage)
    return found


@pytest.fixture
def many(unit: Any, usb: Path) -> Path:
    """300 files in folders: 9 deliveries, each thirty times, and thirty bad files of three kinds."""
    salud = unit("SALUD")
    good = [salud.deliver() for _ in range(9)]
    for number in range(29):
        folder = usb / f"copia-{number:02}"
        folder.mkdir()
        for path in good:
            shutil.copy(path, folder / path.name)
    bad = usb / "malos"
    bad.mkdir()
    for number in range(10):
        altered(good[0], bad / f"alterada-{number}.xlsx")
        (bad / f"cortada-{number}.xlsx").write_bytes(good[1].read_bytes()[: 2000 + number])
        (bad / f"nota-{number}.txt").write_text("recordar la reunión", encoding="utf-8")
    return usb


def count(page: BandejaPage, word: str) -> int:
    return sum(verdict(line.receipt)[0] == word for line in page.model.lines)


def test_three_hundred_files_each_get_a_verdict_and_the_bad_ones_stop_nothing(
    qtbot: QtBot, shell: Shell, page: BandejaPage, office: Workspace, many: Path, settle: Settle
) -> None:
    page.receive([many])
    qtbot.waitUntil(lambda: not shell.tasks.running, timeout=120_000)

    assert len(inbox.listing(office)) == 9
    assert len(page.model.lines) == 300
    assert count(page, "alterada") == 10 and count(page, "llegó incompleta") == 10
    assert count(page, "no es una entrega") == 10 and count(page, "repetida") == 261
    assert shell.notice.text.startswith("Se revisaron 300 archivos: repetida (261)")

    page.bar.verdict.setCurrentIndex(page.bar.verdict.findData("alterada"))
    assert len(page.model.shown) == 10
    page.bar.words.setText("ALTERADA-7")
    assert [line.receipt.file for line in page.model.shown] == ["alterada-7.xlsx"]
    page.bar.words.setText("nada así")
    assert page._none.isVisible()
    page.bar.words.clear()
    page.bar.verdict.setCurrentIndex(0)
    page.bar.group.setCurrentIndex(1)
    assert len(page.model.shown) == 9
    page.bar.order.setCurrentIndex(page.bar.order.findData("dependencia"))
    assert [line.receipt.number for line in page.model.shown] == list(range(9, 0, -1))


def test_the_same_folder_twice_changes_nothing_and_says_so(
    shell: Shell, page: BandejaPage, office: Workspace, unit: Any, usb: Path, settle: Settle
) -> None:
    unit("SALUD").deliver()
    page.receive([usb])
    settle(shell)
    before = inbox.listing(office)
    page.receive([usb, usb])
    settle(shell)

    assert inbox.listing(office) == before
    assert shell.notice.text == "Se revisó 1 archivo: repetida (1).\nYa se habían recibido: nada cambió."
    assert len(page.model.lines) == 2


def test_closing_while_receiving_leaves_whole_deliveries(
    qtbot: QtBot, shell: Shell, page: BandejaPage, store: Path, many: Path
) -> None:
    page.receive([many])
    qtbot.waitUntil(lambda: len(page.model.lines) > 0, timeout=30_000)
    shell.close()

    with Workspace.open(store) as ws:
        receipts = inbox.listing(ws)
        assert receipts and all(receipt.state == "recibida" for receipt in receipts)


def test_what_comes_to_the_watched_folder_is_announced_and_received_when_somebody_says_so(
    qtbot: QtBot,
    shell: Shell,
    page: BandejaPage,
    office: Workspace,
    unit: Any,
    usb: Path,
    tmp_path: Path,
    messages: Recorded,
    settle: Settle,
) -> None:
    folder = tmp_path / "llegan"
    folder.mkdir()
    messages.answers = [folder]
    page._pick_watched()
    settle(shell)
    assert watching.watched(office).on and "Se vigila" in page._subtitle.text()

    made = unit("SALUD").deliver()
    shutil.copy(made, folder / made.name)
    (folder / "otra cosa.docx").write_bytes(b"x")
    qtbot.waitUntil(page.watching.isVisible, timeout=20_000)
    assert f"Llegó 1 archivo a la carpeta vigilada «llegan»: {made.name}" in page.watching.words.text()
    assert inbox.listing(office) == []

    page.watching.go.click()
    qtbot.waitUntil(lambda: len(inbox.listing(office)) == 1, timeout=20_000)
    settle(shell)
    qtbot.waitUntil(lambda: list(watching.watched(office).seen) == [made.name], timeout=20_000)
    page.watcher.look()
    settle(shell)
    assert not page.watching.isVisible()


def test_the_watched_folder_can_be_put_off_switched_off_and_lost(
    qtbot: QtBot,
    shell: Shell,
    page: BandejaPage,
    office: Workspace,
    unit: Any,
    tmp_path: Path,
    settle: Settle,
) -> None:
    folder = tmp_path / "llegan"
    folder.mkdir()
    shutil.copy(unit("SALUD").deliver(), folder / "una.xlsx")
    page.watcher.choose(folder, on=True)
    qtbot.waitUntil(page.watching.isVisible, timeout=20_000)
    page.watching.later.click()
    page.watcher.look()
    settle(shell)
    assert not page.watching.isVisible()

    shutil.rmtree(folder)
    page.watcher.look()
    qtbot.waitUntil(lambda: "no está" in page.watching.words.text(), timeout=20_000)
    assert not page.watching.go.isVisible()

    page._offer()
    (act,) = [a for a in page._menu.actions() if a.isCheckable()]
    act.trigger()
    settle(shell)
    assert watching.watched(office).on is False and watching.watched(office).folder == folder


def test_an_unsigned_form_is_received_with_its_lower_trust_to_be_seen(
    qtbot: QtBot,
    shell: Shell,
    page: BandejaPage,
    office: Workspace,
    unit: Any,
    tmp_path: Path,
    settle: Settle,
) -> None:
    salud = unit("SALUD")
    form = tmp_path / "formulario.xlsx"
    writing.write(salud.ws, form)
    page.receive([form])
    settle(shell)
    page.list.setCurrentIndex(page.model.index(0))
    assert page.model.lines[0].receipt.state == "" and page.review._form.isVisible()
    page.review._form.click()
    settle(shell)
    (window,) = page.findChildren(RecibirFormulario)
    qtbot.waitUntil(lambda: window.filled is not None, timeout=20_000)
    assert "no lleva firma" in window.notice.text
    assert window.filled is not None and window.filled.dependencia == "SALUD"
    qtbot.mouseClick(window.take, Qt.MouseButton.LeftButton)
    settle(shell)

    assert office.counts()["riesgo"] == 1
    assert office.records("riesgo")[0].dependencia == "SALUD"

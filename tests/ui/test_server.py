"""The window over a server: a page asks what is needed, and what goes wrong is told where it was typed."""

import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QPushButton
from pytestqt.qtbot import QtBot

from peti_desktop.workspace import Workspace
from ui import recents
from ui.app import _mistyped, _parser
from ui.messages import Recorded
from ui.server import BEGIN, MOVE, ServerPage
from ui.shell import Shell
from ui.start import StartPage

if TYPE_CHECKING:
    from tests.conftest import Server


@pytest.fixture
def shell(qtbot: QtBot) -> Iterator[Shell]:
    made = Shell(Recorded(), pages=lambda _workspace: ())
    qtbot.addWidget(made)
    made.show()
    yield made
    made.close()


def _page(qtbot: QtBot, shell: Shell, address: str, password: str) -> ServerPage:
    """The page, reached from the first one, with the server typed in."""
    first = shell.findChild(StartPage)
    assert first is not None
    first.server.emit("")
    page = shell.findChild(ServerPage)
    assert page is not None
    host, _, database = address.rpartition("@")[2].partition("/")
    for editor, words in ((page.host, host), (page.database, database), (page.user, "ana"), (page.password, password)):
        qtbot.keyClicks(editor, words)
    return page


def test_new_store_on_a_server_and_opened_again(qtbot: QtBot, shell: Shell, server: "Server") -> None:
    address = server.database()
    page = _page(qtbot, shell, address, server.password)
    page.choices.button(BEGIN).click()
    qtbot.keyClicks(page.nombre, "Ana Nunez")

    with qtbot.waitSignal(shell.entered):
        qtbot.mouseClick(page.go, Qt.MouseButton.LeftButton)

    assert shell.windowTitle().startswith("Peti Desktop — Oficina TIC")
    with Workspace.open(address) as ws:
        assert (ws.info.perfil, ws.info.who) == ("oficina", "Ana Nunez")
    qtbot.waitUntil(lambda: recents.existing() == [address.replace(f":{server.password}", "")])


def test_server_of_last_time_is_filled_in_but_for_the_password(qtbot: QtBot) -> None:
    recents.remember("postgresql://ana@10.0.0.5/peti")
    shell = Shell(Recorded(), pages=lambda _workspace: ())
    qtbot.addWidget(shell)
    shell.show()

    def again() -> list[QPushButton]:
        return [found for found in shell.findChildren(QPushButton) if "10.0.0.5/peti" in found.text()]

    qtbot.waitUntil(lambda: len(again()) == 1)

    qtbot.mouseClick(again()[0], Qt.MouseButton.LeftButton)

    page = shell.findChild(ServerPage)
    assert page is not None
    assert (page.host.text(), page.user.text(), page.password.text()) == ("10.0.0.5", "ana", "")
    shell.close()


def test_file_goes_to_the_server(qtbot: QtBot, shell: Shell, server: "Server", tmp_path: Path) -> None:
    path = tmp_path / "oficina.sqlite"
    with Workspace.create(
        path, perfil="oficina", dependencia="TIC", nombre="Ana", cargo="Jefe", vigencia=2026
    ) as ws:  # fmt: skip
        ws.new("equipo", {"placa": "7"})
    before = shutil.copy(path, tmp_path / "antes.sqlite")
    address = server.database()
    page = _page(qtbot, shell, address, server.password)
    page.choices.button(MOVE).click()
    qtbot.keyClicks(page.file, str(path))
    qtbot.keyClicks(page.nombre, "Luz")

    with qtbot.waitSignal(shell.entered, timeout=20_000):
        qtbot.mouseClick(page.go, Qt.MouseButton.LeftButton)

    with Workspace.open(address) as ws:
        assert [record.values["placa"] for record in ws.records("equipo")] == ["7"]
        assert ws.info.nombre == "Luz"
    with Workspace.open(before) as ws, Workspace.open(path) as after:
        assert after.records("equipo") == ws.records("equipo")


def test_wrong_password_is_told_and_nothing_typed_is_lost(qtbot: QtBot, shell: Shell, server: "Server") -> None:
    page = _page(qtbot, shell, server.database(), "otra")

    with qtbot.waitSignal(shell.refused, timeout=20_000):
        qtbot.mouseClick(page.go, Qt.MouseButton.LeftButton)

    assert "no aceptó el usuario o la contraseña" in shell.notice.text
    assert "otra" not in shell.notice.text.replace("otra vez", "")
    assert shell.findChild(ServerPage) is page
    assert page.user.text() == "ana"


def test_what_is_missing_is_asked_for(qtbot: QtBot) -> None:
    page = ServerPage(Recorded())
    qtbot.addWidget(page)
    page.show()
    said = []
    for editor, words in ((page.host, "s"), (page.database, "b"), (page.user, "u")):
        page.go.click()
        said.append(page.wrong.text())
        qtbot.keyClicks(editor, words)
    page.choices.button(MOVE).click()
    page.go.click()
    said.append(page.wrong.text())
    page.choices.button(BEGIN).click()
    page.go.click()
    said.append(page.wrong.text())

    wanted = ("servidor", "base de datos", "usuario", "archivo", "su nombre")
    assert [word for word, sentence in zip(wanted, said, strict=True) if word in sentence] == list(wanted)


def test_password_with_any_sign_reaches_the_server(qtbot: QtBot) -> None:
    page = ServerPage(Recorded(), "postgresql://ana%20maria@10.0.0.5:5433/peti")
    qtbot.addWidget(page)
    page.password.setText("a/b@c:d%ñ")

    assert page.address == "postgresql://ana%20maria:a%2Fb%40c%3Ad%25%C3%B1@10.0.0.5:5433/peti"


def test_address_on_the_command_line_opens_the_window(qtbot: QtBot) -> None:
    address = "postgresql://ana@127.0.0.1:1/peti"

    assert not _mistyped(address)
    assert _parser().parse_args([address]).store == address

    shell = Shell(Recorded(), pages=lambda _workspace: (), store=address)
    qtbot.addWidget(shell)
    with qtbot.waitSignal(shell.refused, timeout=20_000):
        shell.show()
    page = shell.findChild(ServerPage)
    assert page is not None
    assert (page.host.text(), page.database.text(), page.user.text()) == ("127.0.0.1:1", "peti", "ana")
    assert "No responde el servidor de datos" in shell.notice.text
    shell.close()

"""Copies, another person, another year: by keys and clicks over a real store."""

from collections.abc import Callable
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QPushButton, QWidget
from pytestqt.qtbot import QtBot

from peti_desktop import copies, handover
from peti_desktop.workspace import Workspace
from ui.arrival import ArrivalPage
from ui.dependencia.copias import CopiasPage
from ui.messages import Recorded
from ui.shell import Shell
from ui.start import StartPage


@pytest.fixture
def shell(qtbot: QtBot, workspace: Workspace) -> Shell:
    copies.keep(workspace, copies.ASKED_FOR)
    workspace.new("equipo", {"placa": "SAL-NUEVO"})
    made = Shell(Recorded())
    qtbot.addWidget(made)
    made.show()
    made.enter(workspace)
    return made


@pytest.fixture
def page(shell: Shell, qtbot: QtBot) -> CopiasPage:
    shell.go("copias")
    made = shell.page
    assert isinstance(made, CopiasPage)
    qtbot.waitUntil(lambda: made.table.rowCount() > 0)
    return made


def _press(qtbot: QtBot, where: QWidget, text: str) -> None:
    found = [b for b in where.findChildren(QPushButton) if b.text().replace("&", "") == text]
    qtbot.mouseClick(found[0], Qt.MouseButton.LeftButton)


def _answer(shell: Shell, *answers: object) -> Recorded:
    assert isinstance(shell.messages, Recorded)
    shell.messages.answers.extend(answers)
    return shell.messages


def _cells(page: CopiasPage, row: int) -> list[str]:
    found = (page.table.item(row, column) for column in range(page.table.columnCount()))
    return [cell.text() for cell in found if cell is not None]


def test_list_says_why_and_what(page: CopiasPage) -> None:
    assert _cells(page, 0)[1:4] == ["La pidió usted", "3 equipos", "Aquí"]


def test_copy_now_and_to_a_second_place(page: CopiasPage, shell: Shell, qtbot: QtBot, tmp_path: Path) -> None:
    usb = tmp_path / "USB"
    usb.mkdir()
    _answer(shell, usb)

    _press(qtbot, page, "Elegir la carpeta…")

    qtbot.waitUntil(lambda: page.second.text() == f"● En {usb}")
    assert "se comprobó" in shell.notice.text
    assert _cells(page, 0)[2:4] == ["4 equipos", "Aquí y en la segunda"]


def test_restoring_shows_the_store_anew(page: CopiasPage, shell: Shell, qtbot: QtBot) -> None:
    said = _answer(shell, True)
    before = shell.desk
    page.table.selectRow(page.table.rowCount() - 1)

    with qtbot.waitSignal(shell.entered, timeout=10_000):
        _press(qtbot, page, "Restaurar esta copia…")

    assert "3 equipos" in said.said[0]
    assert shell.desk is not None and shell.desk is not before
    assert shell.desk.workspace.counts()["equipo"] == 3
    assert "Todo quedó como estaba" in shell.notice.text
    qtbot.waitUntil(lambda: shell.nav.entries[2][1].accessibleName().startswith("Equipos, 3"))
    shell.close()


def test_refused_restoring_leaves_the_store_at_work(
    page: CopiasPage, shell: Shell, qtbot: QtBot, tmp_path: Path
) -> None:
    with Workspace.create(
        tmp_path / "h.sqlite", perfil="dependencia", dependencia="HACIENDA", nombre="B", cargo="", vigencia=2026
    ) as other:
        theirs = copies.keep(other, copies.ASKED_FOR).path
    _answer(shell, theirs, True)

    with qtbot.waitSignal(shell.entered, timeout=10_000):
        _press(qtbot, page, "Restaurar de otro archivo…")

    assert "Hacienda" in shell.notice.text
    assert shell.desk is not None
    assert shell.desk.workspace.counts()["equipo"] == 4


def test_closing_keeps_a_copy(shell: Shell, workspace: Workspace) -> None:
    shell.close()

    found = list(copies.room_of(workspace).glob("*_al-cerrar.sqlite"))
    assert copies.examine(found[0]).counts == {**dict.fromkeys(copies.examine(found[0]).counts or {}, 0), "equipo": 4}


def test_post_is_handed_over_from_the_page(page: CopiasPage, shell: Shell, qtbot: QtBot, tmp_path: Path) -> None:
    usb = tmp_path / "USB"
    usb.mkdir()
    _answer(shell, usb)
    _press(qtbot, page, "Guardar en otra carpeta…")

    _press(qtbot, page, "Preparar la entrega del cargo")

    qtbot.waitUntil(page.handed.isVisible)
    offer = handover.examine(usb / "2026_SALUD_entrega-del-cargo.peti")
    assert offer.code in page.handed.text()


def test_another_year_begins_from_the_page(page: CopiasPage, shell: Shell, qtbot: QtBot) -> None:
    _answer(shell, True)

    with qtbot.waitSignal(shell.entered, timeout=10_000):
        _press(qtbot, page, "Empezar la vigencia 2027…")

    assert "Vigencia 2027" in shell.windowTitle()
    assert "Empezó la vigencia 2027" in shell.notice.text


@pytest.mark.parametrize("kind", ["copia", "cargo"])
def test_arrival_from_the_first_page(
    qtbot: QtBot, workspace: Workspace, tmp_path: Path, nameless: Callable[[QWidget], list[str]], kind: str
) -> None:
    usb = tmp_path / "USB"
    usb.mkdir()
    source = (
        copies.keep(workspace, copies.ASKED_FOR).path if kind == "copia" else handover.hand_over(workspace, usb).path
    )
    shell = Shell(Recorded(source))
    qtbot.addWidget(shell)
    shell.show()
    _press(qtbot, shell, "Restaurar una copia…" if kind == "copia" else "Recibir el cargo…")
    page = shell.findChild(ArrivalPage)
    assert page is not None
    qtbot.waitUntil(page.go.isEnabled)
    assert nameless(page) == []
    page.path.setText(str(tmp_path / "nuevo" / "salud.sqlite"))
    if kind == "cargo":
        qtbot.mouseClick(page.go, Qt.MouseButton.LeftButton)
        assert "Escriba su nombre" in page.wrong.text()
        qtbot.keyClicks(page.nombre, "Berta")
        qtbot.keyClicks(page.cargo, "Tecnica")

    with qtbot.waitSignal(shell.entered, timeout=10_000):
        qtbot.mouseClick(page.go, Qt.MouseButton.LeftButton)

    assert shell.desk is not None
    found = shell.desk.workspace
    assert (found.counts()["equipo"], found.info.nombre) == (3, "Berta" if kind == "cargo" else "Ana Peñaranda")
    shell.close()


def test_wrong_file_is_told_and_leads_back(qtbot: QtBot, tmp_path: Path) -> None:
    wrong = tmp_path / "x.peti"
    wrong.write_text("hola", encoding="utf-8")
    shell = Shell(Recorded(wrong))
    qtbot.addWidget(shell)
    shell.show()
    _press(qtbot, shell, "Recibir el cargo…")
    page = shell.findChild(ArrivalPage)
    assert page is not None

    qtbot.waitUntil(lambda: "no se puede recibir" in page.state.text())

    assert not page.go.isEnabled()
    _press(qtbot, page, "Volver")
    assert shell.findChild(StartPage) is not None


def test_every_input_has_a_name(page: CopiasPage, nameless: Callable[[QWidget], list[str]]) -> None:
    assert nameless(page) == []

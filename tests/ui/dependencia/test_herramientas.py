"""Reading this PC, the sheet for walking round and the Excel form, as a person meets them in the window."""

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from PySide6.QtWidgets import QMenu
from pytestqt.qtbot import QtBot

from peti_desktop.catalogues import Catalogues
from peti_desktop.thispc.collected import Collected, Guard, Machine, WindowsVersion
from peti_desktop.thispc.reading import ThisPc, told
from peti_desktop.workspace import Workspace
from tests.oldform.conftest import RISK, typed
from ui.dependencia import leer_equipo
from ui.dependencia.formulario import RecibirFormulario
from ui.dependencia.herramientas import print_sheet, write_form
from ui.dependencia.leer_equipo import LeerEquipo
from ui.messages import Recorded
from ui.shell import Shell

Settle = Callable[[Shell], None]
OnDisk = Callable[[str], list[dict[str, Any]]]
FillStore = Callable[[Callable[[Workspace], Any]], Any]

ANSWERS = Collected(
    computer="SALUD-03",
    machine=Machine("HP", "ProDesk 400 G5", "", "8CC9170X4K", 3, 8 * 2**30),
    windows=WindowsVersion("Windows 10 Pro", 19045, "10.0", "22H2", "Professional", "Client"),
    guards=(Guard("ESET Security", on=True),),
)


@pytest.fixture
def answers(monkeypatch: pytest.MonkeyPatch) -> Callable[[Collected], None]:
    """Makes this PC give other answers."""

    def give(found: Collected) -> None:
        def read(catalogues: Catalogues, _progress: object) -> ThisPc:
            return told(found, catalogues)

        monkeypatch.setattr(leer_equipo, "read_this_pc", read)

    give(ANSWERS)
    return give


def opened(shell: Shell, settle: Settle) -> LeerEquipo:
    shell.go("equipos")
    settle(shell)
    assert shell.page is not None
    window = LeerEquipo(shell.page.desk, shell.page)
    window.open()
    window.start()
    settle(shell)
    return window


def test_menu_offers_every_tool(shell: Shell, settle: Settle) -> None:
    shell.go("equipos")
    settle(shell)
    assert shell.page is not None

    offered = [action.text().replace("&", "") for menu in shell.page.findChildren(QMenu) for action in menu.actions()]

    for words in ("Leer este equipo…", "Escribir formulario de Excel 2007…", "Recibir formulario lleno…"):
        assert words in offered
    assert sum(words.startswith("Hoja para recorrer") for words in offered) == 2


def test_this_pc_becomes_a_device(shell: Shell, settle: Settle, answers: Any, on_disk: OnDisk) -> None:
    window = opened(shell, settle)

    window.take.click()
    settle(shell)

    (row,) = on_disk("SELECT serial, marca, sistema_operativo, antivirus FROM equipo")
    assert row == {"serial": "8CC9170X4K", "marca": "HP", "sistema_operativo": "windows_10", "antivirus": "eset"}
    assert "Se registró este equipo" in shell.notice.text


def test_known_pc_is_updated_and_not_repeated(
    fill_store: FillStore, open_shell: Callable[[], Shell], settle: Settle, answers: Any, on_disk: OnDisk
) -> None:
    fill_store(lambda ws: ws.new("equipo", {"serial": "8CC9170X4K", "marca": "Clon", "placa": "7"}))
    shell = open_shell()
    window = opened(shell, settle)

    assert "Ya está registrado" in window.notice.text
    window.take.click()
    settle(shell)

    (row,) = on_disk("SELECT placa, marca, modelo FROM equipo")
    assert row == {"placa": "7", "marca": "Clon", "modelo": "ProDesk 400 G5"}


def test_pc_that_says_nothing_new_cannot_be_taken(
    shell: Shell, settle: Settle, answers: Callable[[Collected], None], on_disk: OnDisk
) -> None:
    answers(replace(ANSWERS, machine=Machine(), windows=None, guards=None))

    window = opened(shell, settle)

    assert not window.take.isEnabled()
    window.reject()
    assert on_disk("SELECT uid FROM equipo") == []


def test_closing_while_reading_stores_nothing(shell: Shell, settle: Settle, answers: Any, on_disk: OnDisk) -> None:
    shell.go("equipos")
    settle(shell)
    assert shell.page is not None
    window = LeerEquipo(shell.page.desk, shell.page)
    window.open()
    window.start()
    window.reject()
    settle(shell)

    assert on_disk("SELECT uid FROM equipo") == []


def test_form_out_and_in(shell: Shell, settle: Settle, tmp_path: Path, on_disk: OnDisk, qtbot: QtBot) -> None:
    page = shell.page
    assert page is not None and isinstance(page.desk.messages, Recorded)
    path = tmp_path / "f.xlsx"
    page.desk.messages.answers.append(path)
    write_form(page)
    settle(shell)
    assert "«f.xlsx»" in shell.notice.text
    typed(path, {("Riesgos", 5): RISK | {"frecuencia_anual": "a veces"}, ("Equipos", 5): {"tipo": "Servidor"}})

    window = RecibirFormulario(page.desk, page)
    window.open()
    window.read(path)
    settle(shell)
    shown = [window.wrong.index(row, 2).data() for row in range(window.wrong.rowCount())]
    window.take.click()
    settle(shell)

    assert len(shown) == 2 and "«a veces» no es un número entero" in shown[0]
    (risk,) = on_disk("SELECT referencia, creado_por FROM riesgo")
    assert risk["referencia"] == "R-001" and risk["creado_por"].endswith("(recibido sin firma)")
    assert "sin firma: 2 registros nuevos" in shell.notice.text


def test_file_that_is_no_form_is_told_in_the_window(shell: Shell, settle: Settle, tmp_path: Path) -> None:
    page = shell.page
    assert page is not None
    other = tmp_path / "lista.csv"
    other.write_text("placa;marca\n1;HP\n", encoding="utf-8")

    window = RecibirFormulario(page.desk, page)
    window.open()
    window.read(other)
    settle(shell)

    assert "no es un formulario" in window.notice.text
    assert window.take.isHidden()


@pytest.mark.parametrize("paper", ["oficio", "carta"])
def test_sheet_is_written(shell: Shell, settle: Settle, tmp_path: Path, paper: str) -> None:
    page = shell.page
    assert page is not None and isinstance(page.desk.messages, Recorded)
    path = tmp_path / "hoja.pdf"
    page.desk.messages.answers.append(path)

    print_sheet(page.desk, paper)
    settle(shell)

    assert path.read_bytes().startswith(b"%PDF")
    assert "«hoja.pdf»" in shell.notice.text

"""Devices and needs: a grid to type into and the form beside it show the same record."""

from collections.abc import Callable
from typing import Any

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QPushButton
from pytestqt.qtbot import QtBot

from peti_desktop.records import Value
from peti_desktop.workspace import Workspace
from ui.dependencia.registros import RecordsPage
from ui.shell import Shell

Disk = Callable[[str], list[dict[str, Any]]]
Settle = Callable[[Shell], None]
Fill = Callable[[Callable[[Workspace], Any]], Any]
DEVICE: dict[str, Value] = {"tipo": "escritorio", "placa": "SAL-1", "estado": "en_uso"}


def records(shell: Shell) -> RecordsPage:
    page = shell.page
    assert isinstance(page, RecordsPage)
    return page


def devices(workspace: Workspace) -> list[str]:
    return [workspace.new("equipo", DEVICE | {"placa": f"SAL-{n}", "marca": brand}).uid for n, brand in enumerate("AB")]


def opened(open_shell: Callable[[], Shell], settle: Settle, page: str) -> Shell:
    shell = open_shell()
    shell.go(page)
    settle(shell)
    return shell


def test_a_cell_typed_over_is_on_disk_and_in_the_form(
    fill_store: Fill, open_shell: Callable[[], Shell], keyboard: Any, settle: Settle, on_disk: Disk, qtbot: QtBot
) -> None:
    first, _second = fill_store(devices)
    shell = opened(open_shell, settle, "equipos")
    page = records(shell)
    page.grid.select(first, "marca")
    page.grid.setFocus()
    keyboard.press(Qt.Key.Key_F2)
    keyboard.where.selectAll()
    keyboard.type("Lenovo")
    keyboard.press(Qt.Key.Key_Return)
    brands = "select marca from equipo order by uid"
    qtbot.waitUntil(lambda: [row["marca"] for row in on_disk(brands)] == ["Lenovo", "B"])
    settle(shell)

    page.grid.select(first)
    assert page.form.editors["marca"].raw() == "Lenovo"


def test_a_new_device_is_typed_in_the_form_and_stands_in_the_grid(
    shell: Shell, keyboard: Any, qtbot: QtBot, settle: Settle, on_disk: Disk
) -> None:
    shell.go("equipos")
    settle(shell)
    page = records(shell)
    keyboard.press(Qt.Key.Key_N, Qt.KeyboardModifier.ControlModifier)
    qtbot.waitUntil(lambda: page.form.editors["tipo"].busy)
    keyboard.fill("Computador portátil", "SAL-77", "MXL0042QK", "HP")
    page.form.go_to("sistema_operativo")
    keyboard.fill("Windows 7")
    shell.flush()
    settle(shell)

    (device,) = on_disk("select * from equipo")
    assert (device["tipo"], device["placa"], device["marca"]) == ("portatil", "SAL-77", "HP")
    assert device["obsolescencia"] == "Windows 7: sin soporte desde 14-ene-2020"
    assert page.form.editors["obsolescencia"].raw() == device["obsolescencia"]
    assert page.model.text(page.model.record(0), page.model.record_type["obsolescencia"]) == device["obsolescencia"]


def test_typing_in_the_form_does_not_move_the_cursor_when_the_write_comes_back(
    fill_store: Fill, open_shell: Callable[[], Shell], keyboard: Any, settle: Settle, on_disk: Disk
) -> None:
    fill_store(devices)
    shell = opened(open_shell, settle, "equipos")
    page = records(shell)
    page.form.go_to("observaciones")
    keyboard.type("uno")
    page.form.flush()
    keyboard.type(" dos")
    settle(shell)
    keyboard.type(" tres")
    shell.flush()
    settle(shell)

    first = on_disk("select observaciones from equipo order by uid")[0]
    assert first["observaciones"] == "uno dos tres"


def test_a_device_is_retired_with_a_reason_and_comes_back(
    keyboard: Any, fill_store: Fill, open_shell: Callable[[], Shell], settle: Settle, on_disk: Disk
) -> None:
    fill_store(devices)
    shell = opened(open_shell, settle, "equipos")
    page = records(shell)
    page.retire_button.chosen.emit("Está repetido")
    settle(shell)
    assert [row["retirado"] for row in on_disk("select retirado from equipo order by uid")] == ["Está repetido", None]
    assert page.model.total == 1
    (undo,) = [found for found in shell.notice.findChildren(QPushButton) if found.text() == "Deshacer"]
    keyboard.click(undo)
    settle(shell)

    assert page.model.total == 2


def test_what_is_wrong_stands_in_cell_form_and_subtitle(
    fill_store: Fill, open_shell: Callable[[], Shell], settle: Settle
) -> None:
    fill_store(lambda ws: ws.new("equipo", {"tipo": "escritorio"}))
    page = records(opened(open_shell, settle, "equipos"))

    record = page.model.record(0)
    assert page.model.problems_of(record, page.model.record_type["estado"])
    assert "Falta" in page.form.editors["estado"].problem
    assert "1 por completar" in page._subtitle.text()


def test_quantity_times_value_is_shown_as_it_is_typed(
    shell: Shell, keyboard: Any, qtbot: QtBot, settle: Settle, on_disk: Disk
) -> None:
    shell.go("necesidades")
    settle(shell)
    page = records(shell)
    keyboard.press(Qt.Key.Key_N, Qt.KeyboardModifier.ControlModifier)
    qtbot.waitUntil(lambda: page.form.editors["subproceso"].busy)
    page.form.go_to("cantidad")
    keyboard.fill("3", "1.850.000")
    shell.flush()
    settle(shell)

    assert page.form.editors["valor_total"].raw() == "$ 5.550.000"
    assert "$ 5.550.000" in page._subtitle.text()

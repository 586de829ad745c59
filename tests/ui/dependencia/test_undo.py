"""Paste, undo, wastebasket and history in the real window over a real store."""

from collections.abc import Callable
from typing import Any

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QLineEdit
from pytestqt.qtbot import QtBot

from peti_desktop.records import TYPES, Value
from peti_desktop.workspace import Workspace
from ui.dependencia.registros import RecordsPage
from ui.historia import HistoryDialog
from ui.nav import NavButton
from ui.papelera import Papelera
from ui.shell import Shell

Settle = Callable[[Shell], None]
Fill = Callable[[Callable[[Workspace], Any]], Any]
Opens = Callable[[], Shell]
CTRL = Qt.KeyboardModifier.ControlModifier
DEVICE: dict[str, Value] = {"tipo": "escritorio", "estado": "en_uso"}


def devices(workspace: Workspace) -> list[str]:
    return [workspace.new("equipo", DEVICE | {"placa": f"SAL-{n}", "marca": brand}).uid for n, brand in enumerate("AB")]


def page_of(shell: Shell) -> RecordsPage:
    page = shell.page
    assert isinstance(page, RecordsPage)
    return page


@pytest.fixture
def equipos(fill_store: Fill, open_shell: Opens, settle: Settle) -> Shell:
    """The page of the devices with two of them."""
    fill_store(devices)
    shell = open_shell()
    shell.go("equipos")
    settle(shell)
    page_of(shell).grid.setFocus()
    return shell


def dump(shell: Shell) -> dict[str, Any]:
    """Everything in force that a person sees."""
    assert shell.desk is not None
    workspace = shell.desk.workspace
    return {r.uid: (r.values, dict(r.drafts)) for name in TYPES for r in workspace.records(name)}


def paste(shell: Shell, text: str, keyboard: Any, settle: Settle) -> None:
    page = page_of(shell)
    QGuiApplication.clipboard().setText(text)
    page.grid.setCurrentIndex(page.model.index(1, 0))
    keyboard.press(Qt.Key.Key_V, CTRL)
    settle(shell)


def test_a_pasted_block_is_stored_marked_told_and_undone_at_once(equipos: Shell, keyboard: Any, settle: Settle) -> None:
    page = page_of(equipos)
    before = dump(equipos)
    rows = [f"N-{n}\tComputador portátil\t\tEn uso\tHP\t\t\t\t\t\t\t{year}" for n, year in enumerate(("2019", "20x9"))]

    paste(equipos, "\n".join(rows), keyboard, settle)

    shown = page.model.records
    assert [r.values["placa"] for r in shown] == ["SAL-0", "N-0", "N-1"]
    assert shown[2].drafts == {"anio": "20x9"}
    cell = page.model.index(2, page.model.column_of("anio") or 0)
    assert "«20x9» no es un número entero" in cell.data(Qt.ItemDataRole.ToolTipRole)
    assert "Se pegaron 2 filas, 1 nueva." in equipos.notice.text
    assert "1 celda no se entiende" in equipos.notice.text
    assert "2 celdas que calcula el programa" in equipos.notice.text
    assert equipos.undo_bar.undo.text() == "↶ Deshacer: pegar 2 filas"
    assert equipos.undo_bar.undo.isVisible()
    assert len(page.grid.selected_rows()) == 2
    after = dump(equipos)

    keyboard.press(Qt.Key.Key_Z, CTRL)
    settle(equipos)
    assert dump(equipos) == before
    assert [r.values["placa"] for r in page.model.records] == ["SAL-0", "SAL-1"]
    assert equipos.notice.text == "Se deshizo: pegar 2 filas."
    assert equipos.undo_bar.words == ("crear equipo", "pegar 2 filas")

    keyboard.press(Qt.Key.Key_Y, CTRL)
    settle(equipos)
    assert dump(equipos) == after


def test_the_first_records_are_pasted_on_the_empty_page(shell: Shell, keyboard: Any, settle: Settle) -> None:
    shell.go("equipos")
    settle(shell)
    QGuiApplication.clipboard().setText("Placa de inventario\tMarca\nA-1\tHP\nA-2\tDell")

    keyboard.press(Qt.Key.Key_V, CTRL)
    settle(shell)

    assert [r.values["marca"] for r in page_of(shell).model.records] == ["HP", "Dell"]
    assert "Se pegaron 2 filas, 2 nuevas." in shell.notice.text


def test_cells_are_emptied_and_filled_as_one_act(equipos: Shell, keyboard: Any, settle: Settle) -> None:
    page = page_of(equipos)
    uids = [record.uid for record in page.model.records]
    page.grid.select_block(uids, ["marca", "placa"])
    keyboard.press(Qt.Key.Key_J, CTRL)
    settle(equipos)
    assert [r.values["marca"] for r in page.model.records] == ["A", "A"]
    keyboard.press(Qt.Key.Key_Delete)
    settle(equipos)
    assert [r.values["placa"] for r in page.model.records] == [None, None]
    assert equipos.undo_bar.words[0] == "borrar 4 celdas"

    keyboard.press(Qt.Key.Key_Z, CTRL)
    settle(equipos)
    keyboard.press(Qt.Key.Key_Z, CTRL)
    settle(equipos)

    assert [r.values["marca"] for r in page.model.records] == ["A", "B"]


def test_ctrl_z_in_a_text_takes_back_typing_first(equipos: Shell, keyboard: Any, settle: Settle, qtbot: QtBot) -> None:
    page = page_of(equipos)
    page.form.go_to("modelo")
    editor = keyboard.where
    assert isinstance(editor, QLineEdit)
    keyboard.type("X1")
    equipos.flush()
    settle(equipos)
    assert equipos.undo_bar.words[0] == "cambiar Modelo"

    keyboard.press(Qt.Key.Key_Z, CTRL)
    assert editor.text() == ""
    equipos.flush()
    settle(equipos)

    keyboard.press(Qt.Key.Key_Z, CTRL)
    settle(equipos)
    assert equipos.notice.text.startswith("Se deshizo: ")
    qtbot.waitUntil(editor.hasFocus)


def test_nothing_to_undo_is_said(shell: Shell, keyboard: Any, settle: Settle) -> None:
    assert shell.undo_bar.undo.isHidden()
    keyboard.wake(shell)
    shell.acting.undo()
    settle(shell)

    assert shell.notice.text == "No hay nada que deshacer."


def test_what_was_retired_comes_back_from_the_wastebasket(
    equipos: Shell, keyboard: Any, settle: Settle, nameless: Callable[[Any], list[str]]
) -> None:
    page = page_of(equipos)
    page.grid.setCurrentIndex(page.model.index(1, 0))
    page.retire_button.chosen.emit("Está repetido")
    settle(equipos)
    keyboard.click(equipos.papelera)
    settle(equipos)
    dialog = equipos.findChild(Papelera)
    assert dialog is not None
    assert nameless(dialog) == []
    (row,) = dialog.panel.model.records
    assert (row.values["tipo"], row.values["motivo"]) == ("Equipo", "Está repetido")
    assert "Ana Peñaranda" in str(row.values["quien"])
    assert "SAL-1" in str(row.values["registro"])

    keyboard.click(dialog.back)
    settle(equipos)

    assert dialog.panel.model.records == []
    assert [r.values["placa"] for r in page.model.records] == ["SAL-0", "SAL-1"]
    assert equipos.undo_bar.words[0] == "recuperar equipo"
    dialog.reject()


def test_several_rows_are_retired_as_one_act(equipos: Shell, keyboard: Any, settle: Settle) -> None:
    page = page_of(equipos)
    page.grid.selectAll()
    assert page.retire_button.text() == "Retirar 2…"
    page.model.search("sal-0")
    assert page.retire_button.text() == "Retirar…"
    page.model.search("")
    page.grid.selectAll()

    page.retire_button.chosen.emit("Ya no aplica")
    settle(equipos)
    assert page.model.records == []
    assert equipos.undo_bar.words[0] == "retirar 2 equipos"

    equipos.acting.undo()
    settle(equipos)
    assert len(page.model.records) == 2


def test_a_risk_comes_back_with_its_controls(
    fill_store: Fill, open_shell: Opens, keyboard: Any, settle: Settle, risk: dict[str, Value]
) -> None:
    def fill(workspace: Workspace) -> None:
        uid = workspace.new("riesgo", risk).uid
        control = workspace.new("control", {"riesgo": uid}).uid
        with workspace.act("retirar riesgo") as act:
            act.retire("riesgo", uid, "Ya no aplica")
            act.retire("control", control, "Ya no aplica")
        undone = workspace.new("equipo")
        assert undone
        workspace.undo()

    fill_store(fill)
    shell = open_shell()
    shell.acting.open_papelera()
    settle(shell)
    dialog = shell.findChild(Papelera)
    assert dialog is not None
    assert sorted(str(r.values["tipo"]) for r in dialog.panel.model.records) == ["Control", "Riesgo"]
    dialog.also.setChecked(True)
    assert len(dialog.panel.model.records) == 3
    dialog.panel.grid.select(next(r.uid for r in dialog.panel.model.records if r.type == "riesgo"))

    dialog.restore()
    settle(shell)

    assert shell.desk is not None
    counts = shell.desk.workspace.counts()
    assert (counts["riesgo"], counts["control"]) == (1, 1)
    dialog.reject()


def test_f4_tells_who_changed_what(equipos: Shell, keyboard: Any, settle: Settle) -> None:
    page = page_of(equipos)
    page.grid.setCurrentIndex(page.model.index(0, 0))
    assert equipos.desk is not None
    workspace = equipos.desk.workspace
    uid = page.model.record(0).uid
    workspace.put("equipo", uid, {"marca": "Dell"})
    workspace.undo()
    page.grid.setFocus()

    keyboard.press(Qt.Key.Key_F4)
    settle(equipos)

    dialog = equipos.findChild(HistoryDialog)
    assert dialog is not None
    table = dialog.table
    said = [[str(table.model().index(row, column).data()) for column in range(5)] for row in range(table.rowCount())]
    assert "Ana Peñaranda" in said[0][1]
    assert said[0][2:] == ["Marca (al deshacer)", "Dell", "A"]
    assert said[1][2:] == ["Marca", "A", "Dell"]
    assert "Se creó" in [line[2] for line in said]
    dialog.reject()


def test_problems_are_counted_on_the_navigation(equipos: Shell, keyboard: Any, settle: Settle, qtbot: QtBot) -> None:
    page = page_of(equipos)
    entry = next(b for b in equipos.findChildren(NavButton) if "Equipos" in b.text().replace("&", ""))
    uids = [record.uid for record in page.model.records]
    page.grid.select_block(uids[:1], ["tipo"])

    keyboard.press(Qt.Key.Key_Delete)
    qtbot.waitUntil(lambda: entry.accessibleName() == "Equipos, 2, 1 con problemas", timeout=5000)

    keyboard.press(Qt.Key.Key_Z, CTRL)
    qtbot.waitUntil(lambda: entry.accessibleName() == "Equipos, 2", timeout=5000)


def test_two_thousand_rows_are_pasted_with_progress_and_can_be_cancelled(
    equipos: Shell, keyboard: Any, settle: Settle, qtbot: QtBot
) -> None:
    text = "\n".join(f"N-{n}\tComputador portátil\t\tEn uso\tHP\tProBook\tWindows 10\t" for n in range(2000))
    before = dump(equipos)
    page = page_of(equipos)
    assert equipos.desk is not None
    seen: list[int] = []

    def cancel(task: Any, _words: str) -> None:
        task.progressed.connect(lambda done, _total, _text: seen.append(done))
        task.cancel()

    equipos.desk.shown.connect(cancel)
    paste(equipos, text, keyboard, settle)
    assert dump(equipos) == before
    equipos.desk.shown.disconnect(cancel)

    paste(equipos, text, keyboard, settle)
    assert len(page.model.records) == 2001
    assert "Se pegaron 2.000 filas, 1.999 nuevas." in equipos.notice.text
    keyboard.press(Qt.Key.Key_Z, CTRL)
    settle(equipos)
    assert dump(equipos) == before

"""The queue of doubts: filtered, assigned, resolved many at once, and taken back in one step."""

from collections.abc import Callable
from typing import Any

import pytest
from PySide6.QtCore import QItemSelectionModel, Qt
from PySide6.QtWidgets import QWidget
from pytestqt.qtbot import QtBot
from sqlalchemy import delete

from db.schema import equipo
from peti_desktop.consolidation import doubts, roles
from peti_desktop.intake import apply, inbox
from peti_desktop.workspace import Workspace
from ui.oficina.dudas import DudasPage
from ui.oficina.matriz import MatrizPage
from ui.shell import Shell

Settle = Callable[[Shell], None]


@pytest.fixture
def doubtful(office: Workspace, unit: Any) -> Workspace:
    """An office that accepted a second delivery, which forgot three devices and emptied a field."""
    salud = unit("SALUD")
    extra = [salud.ws.new("equipo", {"tipo": "escritorio", "placa": f"S-{n}", "estado": "en_uso"}) for n in range(3)]
    apply.accept(office, inbox.receive(office, salud.deliver()).sha256)
    with salud.ws.write() as connection:
        connection.execute(delete(equipo).where(equipo.c.uid.in_([each.uid for each in extra])))
    (need,) = salud.ws.records("necesidad")
    salud.ws.put("necesidad", need.uid, {"valor_unitario": None})
    apply.accept(office, inbox.receive(office, salud.deliver()).sha256)
    return office


@pytest.fixture
def page(shell: Shell, doubtful: Workspace, settle: Settle) -> DudasPage:
    shell.go("dudas")
    settle(shell)
    found = shell.page
    assert isinstance(found, DudasPage)
    return found


def choose(page: DudasPage, *rows: int) -> None:
    flags = QItemSelectionModel.SelectionFlag
    page.table.clearSelection()
    for row in rows:
        page.table.selectionModel().select(page.model.index(row, 0), flags.Select | flags.Rows)


def focus(qtbot: QtBot, widget: QWidget) -> None:
    """Give a widget the keyboard, as somebody does who tabs or clicks there."""
    widget.window().activateWindow()
    qtbot.waitUntil(widget.window().isActiveWindow)
    widget.setFocus()


def kinds(page: DudasPage) -> list[str]:
    return [str(page.model.index(row, 1).data()) for row in range(page.model.rowCount())]


def test_the_queue_is_told_beside_its_name_filtered_and_searched(shell: Shell, page: DudasPage, settle: Settle) -> None:
    assert shell.desk is not None
    shell.desk.stored.emit(frozenset({"duda"}), page)
    settle(shell)
    assert sorted(kinds(page)) == ["No viene en la entrega"] * 3 + ["Viene vacío lo que antes se declaró"]
    assert {entry.accessibleName() for _spec, entry in shell.nav.entries} >= {"Dudas, 4"}

    page.kind.setCurrentIndex(page.kind.findData("vacio"))
    assert kinds(page) == ["Viene vacío lo que antes se declaró"]
    page.kind.setCurrentIndex(0)
    page.words.setText("s-2 salud")
    assert page.model.rowCount() == 1
    page.words.setText("nada así")
    assert page.model.rowCount() == 0 and page.picked == []


def test_many_are_retired_by_one_key_with_a_reason_and_undone_at_once(
    qtbot: QtBot, shell: Shell, page: DudasPage, doubtful: Workspace, settle: Settle
) -> None:
    page.kind.setCurrentIndex(page.kind.findData("ausente"))
    choose(page, 0, 1, 2)
    focus(qtbot, page.table)
    qtbot.keyClick(page.table, Qt.Key.Key_R)
    assert "Falta el motivo" in shell.notice.text and len(doubts.listing(doubtful)) == 4

    page.note.setText("Dados de baja en 2025")
    focus(qtbot, page.table)
    qtbot.keyClick(page.table, Qt.Key.Key_R)
    settle(shell)

    assert [doubt.kind for doubt in doubts.listing(doubtful)] == ["vacio"]
    assert doubtful.counts()["equipo"] == 1
    shell.notice._action.click()
    settle(shell)
    assert len(doubts.listing(doubtful)) == 4
    assert doubtful.counts()["equipo"] == 4


def test_only_what_fits_all_that_is_selected_is_offered(page: DudasPage) -> None:
    def offered() -> set[str]:
        return {name for name, action in page.actions_of.items() if action.isEnabled()}

    page.model.sort(1)
    choose(page, 0)
    assert offered() == {"mantener", "retirar", "mover", "preguntar"}
    choose(page, 0, 3)
    assert offered() == {"mantener", "preguntar"}
    choose(page, 3)
    assert offered() == {"mantener", "borrar", "preguntar"}


def test_assigned_ones_are_found_by_who_has_them(shell: Shell, page: DudasPage, settle: Settle) -> None:
    choose(page, 0, 1)
    page.person.setCurrentText("Luis Paz")
    page.assign.click()
    settle(shell)

    page.who.setCurrentIndex(page.who.findData("Luis Paz"))
    assert page.model.rowCount() == 2
    page.who.setCurrentIndex(1)
    assert page.model.rowCount() == 2


def test_missing_ones_pass_to_another_dependencia(
    shell: Shell, page: DudasPage, doubtful: Workspace, settle: Settle
) -> None:
    page.kind.setCurrentIndex(page.kind.findData("ausente"))
    choose(page, 0, 1)
    page.actions_of["mover"].trigger()
    assert page.moving.isVisible() and not page.moving.go.isEnabled()
    page.moving.to.set_code("HACIENDA")
    page.moving.check()
    page.moving.go.click()
    settle(shell)

    assert len(doubts.listing(doubtful)) == 2
    assert sum(record.dependencia == "HACIENDA" for record in doubtful.records("equipo")) == 2
    assert page.table.isVisible()


def test_a_doubt_leads_to_its_record(qtbot: QtBot, shell: Shell, page: DudasPage, settle: Settle) -> None:
    choose(page, 0)
    qtbot.keyClick(page, Qt.Key.Key_F8)
    settle(shell)

    assert isinstance(shell.page, MatrizPage)


def test_control_interno_looks_and_decides_nothing(
    shell: Shell, page: DudasPage, doubtful: Workspace, settle: Settle, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(roles, "role", lambda _ws: roles.CONTROL)
    page.reload()
    settle(shell)

    assert "Control Interno" in page._no.text() and page._no.isVisible()
    assert not any(action.isEnabled() for action in page.actions_of.values())
    assert not page.assign.isEnabled()


def test_every_input_has_a_name(page: DudasPage, nameless: Callable[[QWidget], list[str]]) -> None:
    assert nameless(page) == []


def test_an_empty_table_says_why_it_is_empty(shell: Shell, page: DudasPage, settle: Settle) -> None:
    assert page.table.isVisible() and not page._none.isVisible()
    page.words.setText("nada así")
    assert page._none.isVisible()
    page.words.clear()
    assert not page._none.isVisible()

    page.state.setCurrentIndex(1)
    settle(shell)
    assert page._unresolved.isVisible() and not page._empty.isVisible()
    page.state.setCurrentIndex(0)
    settle(shell)
    assert page.table.isVisible() and not page._unresolved.isVisible()

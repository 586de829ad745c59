"""Repetidos by keyboard and mouse: what is proposed, decided, taken back, and led to."""

from collections.abc import Callable, Sequence
from typing import Any

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QWidget
from pytestqt.qtbot import QtBot

from db.queries import records as rows
from peti_desktop.consolidation.grouping import decided
from peti_desktop.errors import UserError
from peti_desktop.workspace import Workspace
from ui.nav import NavButton
from ui.oficina.necesidades import NecesidadesPage
from ui.oficina.repetidos import DECIDED, Found, RepetidosPage
from ui.shell import Shell

Settle = Callable[[Shell], None]
TWINS = (("SALUD", "Computadores para la atención"), ("HACIENDA", "Computador para atención"))
OTHERS = (("SALUD", "Licencias de antivirus"), ("PLANEACION", "Licencia de antivirus"))


def fill(office: Workspace, needs: Sequence[tuple[str, str]], **values: Any) -> list[str]:
    """Needs of several dependencias."""
    uids = []
    for unit, words in needs:
        told = {"tema": "hardware", "forma": "necesidad", "descripcion": words, "justificacion": f"Para {unit}"}
        record = office.new("necesidad", told | values)
        with office.write() as connection:
            rows.change(connection, "necesidad", record.uid, record.revision, {"dependencia": unit})
        uids.append(record.uid)
    return uids


@pytest.fixture
def page(shell: Shell, office: Workspace, settle: Settle) -> RepetidosPage:
    fill(office, TWINS)
    fill(office, OTHERS)
    shell.go("repetidos")
    settle(shell)
    made = shell.page
    assert isinstance(made, RepetidosPage)
    return made


def test_proposals_say_why_and_whose(page: RepetidosPage, shell: Shell, qtbot: QtBot, settle: Settle) -> None:
    qtbot.waitUntil(lambda: page.table.rowCount() > 0)
    said = [page.model.index(row).data() for row in range(page.model.rowCount())]

    assert page.tabs.tabText(0) == "Necesidades  2"
    assert "% iguales: «Computador" in said[0] + said[1]
    assert "2 registros · Secretaría de Hacienda, Secretaría de Salud" in said[0] + said[1]
    signs = {item.text() for row in range(page.table.rowCount()) if (item := page.table.item(row, 0))}
    assert "≠ Dependencia" in signs and "= Tema" in signs


def test_bold_and_a_sign_tell_a_difference(page: RepetidosPage, qtbot: QtBot) -> None:
    qtbot.waitUntil(lambda: page.table.rowCount() > 0)

    for row in range(page.table.rowCount()):
        label, value = page.table.item(row, 0), page.table.item(row, 1)
        assert label is not None and value is not None
        assert label.text().startswith("≠") == value.font().bold()


def test_a_pair_is_joined_by_keyboard_and_taken_back(
    page: RepetidosPage, shell: Shell, office: Workspace, qtbot: QtBot, settle: Settle
) -> None:
    page.list.setFocus()
    qtbot.keyClick(page.list, Qt.Key.Key_Down)
    page.note.setText("Se compran juntas")
    qtbot.keyClick(page.same, Qt.Key.Key_Space)
    settle(shell)

    (group,) = decided(office, "necesidad")
    assert group.clase == "misma_necesidad"
    assert group.reason.endswith("Se compran juntas")
    assert page.tabs.tabText(0) == "Necesidades  1"
    assert page.tabs.tabText(3) == "Decididos  1"

    shell.notice._action.click()
    settle(shell)
    assert decided(office, "necesidad") == []
    assert page.tabs.tabText(0) == "Necesidades  2"


def test_a_batch_is_told_apart_in_one_go_and_one_undo(
    page: RepetidosPage, shell: Shell, office: Workspace, qtbot: QtBot, settle: Settle
) -> None:
    page.list.setFocus()
    qtbot.keyClick(page.list, Qt.Key.Key_A, Qt.KeyboardModifier.ControlModifier)
    assert page.distinct.text() == "Son &distintos (2)"
    page.distinct.click()
    settle(shell)

    assert [group.clase for group in decided(office, "necesidad")] == ["distintos"] * 2
    assert not page._empty.isHidden()
    shell.notice._action.click()
    settle(shell)
    assert page.tabs.tabText(0) == "Necesidades  2"


def test_a_decision_is_taken_back_in_its_own_tab(
    page: RepetidosPage, shell: Shell, office: Workspace, settle: Settle
) -> None:
    page.distinct.click()
    settle(shell)
    page.tabs.setCurrentIndex(3)
    assert page.tab == DECIDED
    settle(shell)
    assert page.take_back.isVisible() and not page.same.isVisible()

    page.take_back.click()
    settle(shell)

    assert decided(office, "necesidad") == []


def test_f8_shows_the_record_in_the_matrix(page: RepetidosPage, shell: Shell, qtbot: QtBot, settle: Settle) -> None:
    qtbot.waitUntil(lambda: page.table.rowCount() > 0)
    page.table.setCurrentCell(0, 2)
    wanted: list[tuple[str, object]] = []
    assert shell.desk is not None
    shell.desk.wanted.connect(lambda name, target: wanted.append((name, target)))

    qtbot.keyClick(page.table, Qt.Key.Key_F8)
    settle(shell)

    assert wanted == [("matriz", ("necesidad", page.picked[0].uids[1]))] if page.picked else wanted[0][0] == "matriz"


def test_the_navigation_tells_how_many_wait(page: RepetidosPage, shell: Shell, settle: Settle) -> None:
    page.distinct.click()
    settle(shell)

    names = [entry.accessibleName() for entry in shell.findChildren(NavButton)]
    assert "Repetidos, 1" in names


def test_page_opens_on_the_first_tab_with_work(page: RepetidosPage, qtbot: QtBot) -> None:
    assert page.tab == "necesidad"
    only_risks = Found({"necesidad": ([], []), "equipo": ([], []), "riesgo": (page.found["necesidad"], [])}, None)
    fresh = RepetidosPage(page.desk)
    qtbot.addWidget(fresh)
    fresh._fill(only_risks)
    assert (fresh.tab, fresh.tabs.tabText(2)) == ("riesgo", "Riesgos  2")

    fresh.tabs.setCurrentIndex(1)
    fresh._fill(only_risks)
    assert fresh.tab == "equipo", "who chose a tab stays on it"
    fresh.tabs.setCurrentIndex(3)
    assert (fresh._undecided.isHidden(), fresh._empty.isHidden()) == (False, True)


def test_who_only_reads_is_told_why_beside_the_buttons(page: RepetidosPage, qtbot: QtBot) -> None:
    fresh = RepetidosPage(page.desk)
    qtbot.addWidget(fresh)
    fresh._fill(Found({name: (alike, []) for name, alike in page.found.items()}, UserError("Solo para leer.", "Pida.")))

    assert fresh.why_not.text() == "Solo para leer."
    assert not fresh.same.isEnabled()
    assert fresh.same.accessibleDescription() == "Solo para leer."
    assert not fresh.note.isEnabled()


def test_nothing_to_decide_is_said(shell: Shell, settle: Settle) -> None:
    shell.go("repetidos")
    settle(shell)
    page = shell.page
    assert isinstance(page, RepetidosPage)

    assert not page._empty.isHidden()
    assert page.picked == []
    page._decide_distinct()
    page._open()


def test_every_input_has_a_name(
    page: RepetidosPage, shell: Shell, qtbot: QtBot, nameless: Callable[[QWidget], list[str]]
) -> None:
    qtbot.waitUntil(lambda: page.table.rowCount() > 0)

    assert nameless(page) == []


@pytest.mark.parametrize("size", [(1366, 728), (1024, 728), (911, 500)])
def test_both_pages_fit(page: RepetidosPage, shell: Shell, settle: Settle, size: tuple[int, int]) -> None:
    for name in ("repetidos", "necesidades"):
        shell.go(name)
        shell.resize(*size)
        settle(shell)
        assert shell.width() == size[0]
        assert isinstance(shell.page, RepetidosPage | NecesidadesPage)
        assert shell.page.minimumSizeHint().width() <= size[0] - 208

"""The plan's page: initiatives that gather, the years, the indicators; by keyboard and with one undo."""

from collections.abc import Callable
from decimal import Decimal
from pathlib import Path

import pytest
from pypdf import PdfReader
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QApplication, QWidget
from pytestqt.qtbot import QtBot

from db.queries import plan as rows
from peti_desktop.consolidation import roles
from peti_desktop.peti.gathering import assign, things
from peti_desktop.workspace import Workspace
from tests.peti.conftest import INITIATIVE
from tests.ui.oficina.test_repetidos import fill
from ui.desk import Subject
from ui.historia import read_history
from ui.messages import Recorded
from ui.oficina.plan import INDICATORS, ROADMAP, PlanPage
from ui.oficina.plan_tablas import Sheet
from ui.shell import Shell

Settle = Callable[[Shell], None]
MILLION = Decimal(1_000_000)


def texts(sheet: Sheet, column: int) -> list[str]:
    items = [sheet.item(row, column) for row in range(sheet.rowCount())]
    return [item.text() for item in items if item is not None]


def links(office: Workspace) -> dict[str, str]:
    with office.read() as connection:
        return rows.links(connection)


@pytest.fixture
def needs(office: Workspace) -> list[str]:
    """Two needs for devices and one for software."""
    found = fill(office, [("SALUD", "Computadores"), ("HACIENDA", "Impresoras")], cantidad=2,
                 valor_unitario=4 * MILLION, vigencia=2026)  # fmt: skip
    return found + fill(office, [("SALUD", "Licencias")], cantidad=1, valor_unitario=MILLION, tema="software")


@pytest.fixture
def page(shell: Shell, settle: Settle) -> PlanPage:
    shell.go("plan")
    settle(shell)
    made = shell.page
    assert isinstance(made, PlanPage)
    return made


@pytest.fixture
def planned(office: Workspace, needs: list[str]) -> str:
    """An initiative for devices, before the page is opened."""
    return office.new("iniciativa", INITIATIVE).uid


def test_the_first_initiative_is_made_by_keyboard(
    page: PlanPage, office: Workspace, qtbot: QtBot, shell: Shell, settle: Settle
) -> None:
    assert page.initiatives._empty.isVisible()

    qtbot.keyClick(page, Qt.Key.Key_N, Qt.KeyboardModifier.ControlModifier)
    qtbot.waitUntil(lambda: page.initiatives.list.rowCount() == 1)
    qtbot.waitUntil(lambda: page.initiatives.form.editors["nombre"].isAncestorOf(QApplication.focusWidget() or page))
    assert page.initiatives._problems.get(office.records("iniciativa")[0].uid, []) == []
    writing = QApplication.focusWidget()
    assert isinstance(writing, QWidget)
    qtbot.keyClicks(writing, "Renovar equipos")
    page.flush()
    settle(shell)

    (record,) = office.records("iniciativa")
    assert (record.values["codigo"], record.values["nombre"]) == ("INI-01", "Renovar equipos")
    qtbot.waitUntil(lambda: texts(page.initiatives.list, 1) == ["Renovar equipos"])
    assert page.subject() == Subject("iniciativa", record.uid)


def test_proposals_are_taken_together_and_undone_in_one_step(
    planned: str, page: PlanPage, office: Workspace, needs: list[str], qtbot: QtBot, shell: Shell, settle: Settle
) -> None:
    view = page.initiatives
    view.parts.setCurrentIndex(2)
    assert texts(view.offered, 1) == ["Computadores", "Impresoras"]
    assert view.parts.tabText(2) == "Por llevar  2"

    view.offered.setFocus()
    qtbot.keyClick(view.offered, Qt.Key.Key_A, Qt.KeyboardModifier.ControlModifier)
    assert view.take.text() == "Ll&evar 2 a esta iniciativa"
    view.take.setFocus()
    qtbot.keyClick(view.take, Qt.Key.Key_Space)
    settle(shell)
    settle(shell)

    assert links(office) == dict.fromkeys(needs[:2], planned)
    assert "2 necesidades · 4 unidades · $ 16.000.000 · de 2 dependencias" in view._said.text()
    assert view.parts.tabText(1) == "Reúne  2"

    shell.acting.undo()
    settle(shell)
    settle(shell)
    assert links(office) == {}
    qtbot.waitUntil(lambda: view.parts.tabText(2) == "Por llevar  2")


def test_what_is_loose_is_searched_and_what_is_gathered_is_let_go(
    planned: str, page: PlanPage, office: Workspace, needs: list[str], qtbot: QtBot, shell: Shell, settle: Settle
) -> None:
    view = page.initiatives
    qtbot.keyClick(page, Qt.Key.Key_F, Qt.KeyboardModifier.ControlModifier)
    view.which.setCurrentIndex(1)
    view.search.setText("licen")
    qtbot.waitUntil(lambda: texts(view.offered, 1) == ["Licencias"])
    view.take.click()
    settle(shell)
    settle(shell)
    assert links(office) == {needs[2]: planned}

    view.parts.setCurrentIndex(1)
    qtbot.waitUntil(lambda: texts(view.gathered, 1) == ["Licencias"])
    view.drop.click()
    settle(shell)
    assert links(office) == {}


def test_the_roadmap_adds_up_by_year_and_leads_to_the_initiative(
    planned: str, page: PlanPage, qtbot: QtBot, shell: Shell, settle: Settle
) -> None:
    page.initiatives.parts.setCurrentIndex(2)
    page.initiatives.offered.selectAll()
    page.initiatives.take.click()
    settle(shell)
    settle(shell)

    page.tabs.setCurrentIndex(ROADMAP)
    heads = [page.years.horizontalHeaderItem(column) for column in range(page.years.columnCount())]
    assert [head.text() for head in heads if head] == ["Iniciativa", "Años", "2026", "2027", "2028", "Total"]
    assert texts(page.years, 2) == ["$ 16.000.000", "$ 16.000.000"]
    assert "2026: $ 16.000.000" in page.bars.accessibleName()
    assert texts(page.sources, 0) == ["Recursos propios"]
    assert page.loose.text().startswith("Sin iniciativa quedan 1 necesidad ($ 1.000.000)")

    page.years.setFocus()
    qtbot.waitUntil(page.years.hasFocus)
    assert page.years.choose(planned)
    qtbot.keyClick(page.years, Qt.Key.Key_Return)
    qtbot.waitUntil(lambda: page.tabs.currentIndex() == 0)


def test_progress_is_noted_by_keyboard_and_the_light_follows(
    page: PlanPage, office: Workspace, qtbot: QtBot, shell: Shell, settle: Settle
) -> None:
    page.tabs.setCurrentIndex(INDICATORS)
    view = page.indicators
    assert view.list.rowCount() == 14
    view.select("IP-02")
    assert "Sin avance" in view.chip.text()

    qtbot.keyClick(page, Qt.Key.Key_N, Qt.KeyboardModifier.ControlModifier)
    qtbot.waitUntil(lambda: view.record is not None)
    assert view.form.editors["meta"].raw() == "4"
    office.put("avance", view.record.uid, {"periodo": "Todo el año"}) if view.record else None
    view.form.go_to("valor")
    writing = QApplication.focusWidget()
    assert isinstance(writing, QWidget)
    qtbot.keyClicks(writing, "3")
    page.flush()
    settle(shell)

    qtbot.waitUntil(lambda: "Medio" in view.chip.text())
    assert texts(view.list, 6)[3] == "M  Medio"
    assert view.record is not None and page.subject() == Subject("avance", view.record.uid)


def test_control_interno_reads_and_changes_nothing(
    planned: str, shell: Shell, settle: Settle, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(roles, "role", lambda _ws: roles.CONTROL)
    shell.go("plan")
    settle(shell)
    page = shell.page
    assert isinstance(page, PlanPage)

    for widget in (page.new, page.initiatives.take, page.initiatives.drop, page.initiatives.retire_button):
        assert not widget.isEnabled()
    assert not page.initiatives.form.editors["nombre"].isEnabled()


def test_the_paper_of_the_tab_is_written(
    planned: str, page: PlanPage, messages: Recorded, shell: Shell, settle: Settle, tmp_path: Path
) -> None:
    for place, title in ((0, "Hoja de ruta del PETI"), (INDICATORS, "Programas e indicadores del PETI")):
        page.tabs.setCurrentIndex(place)
        target = tmp_path / f"{place}.pdf"
        messages.answers.append(target)
        page.paper.click()
        settle(shell)
        assert title in PdfReader(target).pages[0].extract_text()


def test_everything_has_a_name_for_those_who_do_not_see(
    planned: str, page: PlanPage, nameless: Callable[[QWidget], list[str]]
) -> None:
    for place in range(3):
        page.tabs.setCurrentIndex(place)
        assert nameless(page) == []
    page.tabs.setCurrentIndex(0)
    for place in range(3):
        page.initiatives.parts.setCurrentIndex(place)
        assert nameless(page) == []


def test_somebody_may_ask_for_an_initiative_or_an_indicator(
    planned: str, page: PlanPage, office: Workspace, shell: Shell, settle: Settle
) -> None:
    second = office.new("iniciativa", INITIATIVE | {"codigo": "INI-02"}).uid
    page.reload()
    settle(shell)

    page.target((second, "nombre"))
    assert page.subject() == Subject("iniciativa", second)
    page.target("IP-09")
    assert page.tabs.currentIndex() == INDICATORS and page.indicators.standing is not None
    assert page.indicators.standing.code == "IP-09"


def test_the_history_of_an_initiative_tells_what_it_gathered(planned: str, office: Workspace) -> None:
    software = [thing for thing in things(office) if thing.words == "Licencias"]
    assign(office, planned, software)
    office.undo()

    told = [(line.what, line.before, line.after) for line in read_history(office, Subject("iniciativa", planned)).lines]

    assert told[0] == ("Reúne (al deshacer)", "Necesidad: Programas (software) · Licencias", "")
    assert told[1] == ("Reúne", "", "Necesidad: Programas (software) · Licencias")
    assert ("Nombre", "", "Renovar la plataforma") in told

"""The year, its deadlines and lists, looked after from the window and by the keyboard."""

from collections.abc import Callable
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from PySide6.QtCore import QItemSelectionModel, Qt
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QLineEdit, QPushButton, QTreeWidgetItem
from pytestqt.qtbot import QtBot

from peti_desktop.consolidation import roles
from peti_desktop.delivery import starter
from peti_desktop.intake import apply, inbox
from peti_desktop.office import keyfile
from peti_desktop.office.keyfile import OfficeKeys
from peti_desktop.trust import authority, keys
from peti_desktop.vigencias import changing, opening, travelling
from peti_desktop.vigencias.opening import SECTIONS
from peti_desktop.workspace import Workspace
from tests.ui.oficina.conftest import MADE, Keys, identity
from ui.messages import Recorded
from ui.oficina.vigencia import TABS, VigenciaPage
from ui.oficina.vigencia_arbol import KEY
from ui.shell import Shell

Settle = Callable[[Shell], None]
PHRASE = "perro azul nube tren"


@pytest.fixture
def page(shell: Shell, settle: Settle) -> VigenciaPage:
    shell.go("vigencia")
    settle(shell)
    found = shell.page
    assert isinstance(found, VigenciaPage)
    return found


def said(page: VigenciaPage) -> str:
    return page.desk.notice.text


def test_a_deadline_is_typed_filled_down_and_taken_away(
    page: VigenciaPage, shell: Shell, settle: Settle, qtbot: QtBot, office: Workspace
) -> None:
    grid, place = page.due.grid, SECTIONS.index("equipo")
    grid.setFocus()
    grid.setCurrentCell(0, place)
    cell = grid.item(0, place)
    assert cell is not None
    grid.editItem(cell)
    editor = grid.viewport().findChild(QLineEdit)
    assert editor is not None
    editor.selectAll()
    qtbot.keyClicks(editor, "15/12/2026")
    qtbot.keyClick(editor, Qt.Key.Key_Return)
    first = page.due._units[0]
    qtbot.waitUntil(lambda: opening.due(office).get((first, "equipo")) == date(2026, 12, 15), timeout=10_000)
    settle(shell)

    grid.clearSelection()
    for row in range(3):
        grid.selectionModel().select(grid.model().index(row, place), QItemSelectionModel.SelectionFlag.Select)
    qtbot.keyClick(grid, Qt.Key.Key_J, Qt.KeyboardModifier.ControlModifier)
    settle(shell)
    due = opening.due(office)
    assert [due[unit, "equipo"] for unit in page.due._units[:3]] == [date(2026, 12, 15)] * 3

    qtbot.keyClick(grid, Qt.Key.Key_Delete)
    settle(shell)
    assert not {(unit, "equipo") for unit in page.due._units[:3]} & opening.due(office).keys()


def test_deadlines_are_undone_by_key_where_they_are_changed(
    page: VigenciaPage, shell: Shell, settle: Settle, qtbot: QtBot, office: Workspace
) -> None:
    before = opening.due(office)
    grid = page.due.grid
    grid.setFocus()
    grid.setCurrentCell(0, SECTIONS.index("riesgo"))
    for day in ("1/12/2026", "2/12/2026"):
        page.due.day.setText(day)
        page.due._give_day()
        settle(shell)
    assert office.undoable() == ("", "")
    grid.setFocus()
    for expected in ({date(2026, 12, 1)}, set()):
        qtbot.keyClick(grid, Qt.Key.Key_Z, Qt.KeyboardModifier.ControlModifier)
        settle(shell)
        assert set(opening.due(office).values()) - set(before.values()) == expected
    assert opening.due(office) == before
    qtbot.keyClick(grid, Qt.Key.Key_Z, Qt.KeyboardModifier.ControlModifier)
    assert "No hay más cambios" in said(page)


def test_pages_that_stand_show_new_names_at_once(
    page: VigenciaPage, shell: Shell, settle: Settle, qtbot: QtBot, office: Workspace
) -> None:
    shell.go("firmantes")
    settle(shell)
    old = shell.page
    shell.go("vigencia")
    settle(shell)
    page.target("Dependencias y procesos")
    page.map.tree.setCurrentItem(leaf(page, "SALUD"))
    press(page, qtbot, page.map.buttons[changing.RENAMED])
    page.deed.name.setText("Secretaría de Bienestar")
    page.deed.reason.setText("Decreto de prueba")
    qtbot.keyClick(page.deed.reason, Qt.Key.Key_Return)
    settle(shell)
    assert shell.page is page and "No se deshace con Ctrl+Z" in said(page)

    shell.go("firmantes")
    settle(shell)
    assert shell.page is not old
    assert isinstance(shell.page, type(old))
    shell.go("vigencia")
    settle(shell)
    assert "Secretaría de Bienestar" in leaf(page, "SALUD").text(0)


def test_the_wage_stands_under_its_own_heading(page: VigenciaPage, settle: Settle, shell: Shell) -> None:
    page.target("Listas")
    table, which = page.lists.table, page.lists.which

    def headings() -> list[str]:
        shown = [n for n in range(table.columnCount()) if not table.isColumnHidden(n)]
        model = table.model()
        return [str(model.headerData(n, Qt.Orientation.Horizontal)) for n in shown]

    which.setCurrentIndex(which.findData("smlmv"))
    assert headings() == ["Año", "Pesos de un mes"]
    assert table.model().index(0, 1).data() == "$ 1.750.905"
    which.setCurrentIndex(which.findData("tema"))
    assert headings() == ["Nombre", "También se encuentra por", "Vigente"]


def test_the_same_for_all_and_a_day_that_cannot_be(
    page: VigenciaPage, shell: Shell, settle: Settle, office: Workspace
) -> None:
    page.due.grid.setCurrentCell(0, SECTIONS.index("riesgo"))
    page.due.day.setText("1/12/2026")
    page.due._same_for_all()
    settle(shell)
    due = opening.due(office)
    assert {due[unit, "riesgo"] for unit in page.due._units} == {date(2026, 12, 1)}

    page.due.day.setText("1/12/2030")
    page.due._give_day()
    settle(shell)
    assert "no es un plazo" in said(page)
    assert opening.due(office) == due


def leaf(page: VigenciaPage, code: str) -> QTreeWidgetItem:
    flags = Qt.MatchFlag.MatchContains | Qt.MatchFlag.MatchRecursive
    [found] = [i for i in page.map.tree.findItems("", flags) if i.data(0, KEY) and i.data(0, KEY)[1] == code]
    return found


def press(page: VigenciaPage, qtbot: QtBot, made: QPushButton) -> None:
    made.setFocus()
    qtbot.keyClick(made, Qt.Key.Key_Space)


def test_a_unit_is_split_by_keyboard_and_its_records_moved(
    page: VigenciaPage, shell: Shell, settle: Settle, qtbot: QtBot, office: Workspace, unit: Any
) -> None:
    apply.accept(office, inbox.receive(office, unit("SALUD").deliver()).sha256)
    page.target("Dependencias y procesos")
    page.map.tree.setCurrentItem(leaf(page, "SALUD"))
    assert not page.map.buttons[changing.OWNER].isEnabled()
    press(page, qtbot, page.map.buttons[changing.SPLIT])
    panel = page.deed
    assert page.panel is panel and "Secretaría de Salud" in panel.heading.text()
    assert page.window().focusWidget() is panel.name
    qtbot.keyClicks(panel.name, "Oficina de Hospitales")
    qtbot.keyClicks(panel.second, "Secretaría de Salud Pública".replace("í", "i").replace("ú", "u"))
    panel.items.item(0).setCheckState(Qt.CheckState.Checked)
    qtbot.keyClicks(panel.day, "ayer mismo")
    qtbot.keyClicks(panel.reason, "Decreto de prueba")
    qtbot.keyClick(panel.reason, Qt.Key.Key_Return)
    settle(shell)
    assert "Fecha" in panel.wrong.text()
    panel.day.clear()
    qtbot.keyClicks(panel.day, "01/07/2026")
    qtbot.keyClick(panel.reason, Qt.Key.Key_Return)
    settle(shell)

    assert page.panel is None
    assert "versión 1" in said(page)
    assert office.catalogues.dependencia_of("salud_publica") == "SECRETARIA_DE_SALUD_PUBLICA"
    assert page.map.waiting.isVisible()
    [go] = page.map.waiting.findChildren(QPushButton)
    press(page, qtbot, go)
    settle(shell)
    carry = page.carry
    assert page.panel is carry and carry.table.rowCount() == 3
    assert not carry.go.isEnabled()
    for row in range(3):
        if carry.table.item(row, 1).text() == "¿?":
            carry.table.selectRow(row)
            carry._assign()
    assert carry.count.text().startswith("Pasan 3 de 3")
    qtbot.keyClicks(carry.reason, "Decreto de prueba")
    qtbot.keyClick(carry.reason, Qt.Key.Key_Return)
    settle(shell)
    assert "Pasaron 3" in said(page)
    owners = {r.dependencia for name in ("riesgo", "equipo", "necesidad") for r in office.records(name)}
    assert owners <= {"SECRETARIA_DE_SALUD_PUBLICA", "OFICINA_DE_HOSPITALES"}
    assert not page.map.waiting.isVisible()

    page.target("Cambios")
    settle(shell)
    assert page.history.versions.count() == 1
    texts = [page.history.changes.topLevelItem(n).text(0) for n in range(page.history.changes.topLevelItemCount())]
    assert any("pasa a" in text for text in texts)


def test_lists_change_and_mistakes_are_told_in_the_panel(
    page: VigenciaPage, shell: Shell, settle: Settle, qtbot: QtBot, office: Workspace
) -> None:
    page.target("Listas")
    page.lists.which.setCurrentIndex(page.lists.which.findData("tema"))
    press(page, qtbot, page.lists.buttons[changing.ADDED])
    qtbot.keyClicks(page.deed.name, "Drones")
    assert not page.deed.go.isEnabled()
    qtbot.keyClicks(page.deed.reason, "Nueva necesidad")
    qtbot.keyClick(page.deed.reason, Qt.Key.Key_Return)
    settle(shell)
    assert office.catalogues.find("tema", "drones") == "drones"

    press(page, qtbot, page.lists.buttons[changing.ADDED])
    qtbot.keyClicks(page.deed.name, "Drones")
    qtbot.keyClicks(page.deed.reason, "otra vez")
    qtbot.keyClick(page.deed.reason, Qt.Key.Key_Return)
    settle(shell)
    assert "dos que se llaman" in page.deed.wrong.text()
    qtbot.keyClick(page.deed, Qt.Key.Key_Escape)
    assert page.panel is None

    page.lists.which.setCurrentIndex(page.lists.which.findData("smlmv"))
    press(page, qtbot, page.lists.buttons[changing.ADDED])
    qtbot.keyClicks(page.deed.name, "2027")
    qtbot.keyClicks(page.deed.amount, "1.900.000")
    qtbot.keyClicks(page.deed.reason, "Decreto del salario")
    qtbot.keyClick(page.deed.reason, Qt.Key.Key_Return)
    settle(shell)
    assert office.catalogues.smlmv(2027) == 1_900_000


def test_many_are_pasted_looked_at_and_added_at_once(
    page: VigenciaPage, shell: Shell, settle: Settle, qtbot: QtBot, office: Workspace
) -> None:
    page.target("Listas")
    page.lists.which.setCurrentIndex(page.lists.which.findData("tema"))
    QGuiApplication.clipboard().setText("Tema\tEnlace\r\nDrones\r\ndrones\r\nGemelos digitales\r\n")
    page.lists.table.setFocus()
    qtbot.keyClick(page.lists.table, Qt.Key.Key_V, Qt.KeyboardModifier.ControlModifier)
    panel = page.several
    assert page.panel is panel

    def verdict(row: int) -> str:
        return str(panel.table.model().index(row, 2).data())

    assert [verdict(row)[0] for row in range(panel.table.rowCount())] == ["✕", "✓", "–", "✓"]
    qtbot.keyClicks(panel.reason, "Acta de prueba")
    assert not panel.go.isEnabled() and "✕" in panel.count.text()

    panel.text.setPlainText("Drones\ndrones\nGemelos digitales")
    assert not panel.go.isEnabled()
    qtbot.waitUntil(panel.go.isEnabled)
    assert panel.go.text() == "&Agregar 2"
    qtbot.keyClick(panel.reason, Qt.Key.Key_Return)
    settle(shell)
    assert page.panel is None and "versión 1" in said(page)
    assert office.catalogues.find("tema", "gemelos digitales") == "gemelos_digitales"

    page.target("Dependencias y procesos")
    page.map.tree.setCurrentItem(leaf(page, office.catalogues.subprocesos_of("SALUD")[0]))
    press(page, qtbot, page.map.buttons[changing.ADDED])
    press(page, qtbot, page.deed.several)
    assert page.panel is panel and panel.text.toPlainText() == ""
    panel.text.setPlainText("Telemedicina")
    panel.judge()
    assert "Falta quién responde" in verdict(0)
    panel.unit.setCurrentIndex(panel.unit.findData("SALUD"))
    qtbot.keyClicks(panel.reason, "Acta de prueba")
    qtbot.keyClick(panel.reason, Qt.Key.Key_Return)
    settle(shell)
    assert office.catalogues.dependencia_of("telemedicina") == "SALUD"


def test_a_year_is_opened_and_the_window_says_so(
    page: VigenciaPage, shell: Shell, settle: Settle, qtbot: QtBot, office: Workspace
) -> None:
    press(page, qtbot, page.open_button)
    assert page.panel is page.opening and page.opening.year.currentData() == 2027
    press(page, qtbot, page.opening.go)
    settle(shell)

    qtbot.waitUntil(lambda: "2027" in shell.windowTitle(), timeout=20_000)
    assert office.info.vigencia == 2027
    assert {unit for unit, _ in opening.due(office)} == {"SALUD", "HACIENDA"}


def test_an_analyst_opens_no_year(page: VigenciaPage, office: Workspace, qtbot: QtBot) -> None:
    roles.choose(office, roles.ANALISTA)
    press(page, qtbot, page.open_button)

    assert page.panel is None
    assert "jefe" in said(page)


def test_starter_files_carry_the_lists(
    signers: Keys, store: Path, tmp_path: Path, shell: Shell, settle: Settle, qtbot: QtBot, messages: Recorded,
    monkeypatch: pytest.MonkeyPatch, office: Workspace,
) -> None:  # fmt: skip
    monkeypatch.setattr(keys, "SCRYPT_COST", 2**4)
    signer = authority.office_signer(signers.root, identity("TIC"), MADE)
    path = store.with_name(f"{store.stem}_oficina{keyfile.SUFFIX}")
    path.write_bytes(keyfile.written(OfficeKeys(signers.root, signer), PHRASE))
    changing.change(office, [changing.added(office.catalogues, "tema", "Drones")], "prueba", "agregar")
    messages.answers.append(tmp_path / "inicio")
    shell.go("vigencia")
    settle(shell)
    page = shell.page
    assert isinstance(page, VigenciaPage)

    page.begin_starting()
    settle(shell)
    assert page.panel is page.starting
    page.starting.choose(["SALUD"])
    qtbot.keyClicks(page.starting.passphrase, PHRASE)
    qtbot.keyClick(page.starting.passphrase, Qt.Key.Key_Return)
    settle(shell)

    found = starter.read(tmp_path / "inicio" / "2026_SALUD_inicio.xlsx", office.clock())
    told = travelling.told(found.more)
    assert told is not None and told.version == 1
    assert list(TABS) == [page.tabs.tabText(n) for n in range(page.tabs.count())]


def test_control_interno_is_offered_no_change(
    page: VigenciaPage, shell: Shell, settle: Settle, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert page.map.buttons[changing.ADDED].isEnabled() and page.open_button.isEnabled()
    monkeypatch.setattr(roles, "role", lambda _ws: roles.CONTROL)
    page.reload()
    settle(shell)
    for tab in TABS:
        page.target(tab)
        made = [each for each in page.findChildren(QPushButton) if each.isVisible()]
        assert made and not any(each.isEnabled() for each in made), tab
    assert page.open_button.toolTip() and page.start_button.toolTip()

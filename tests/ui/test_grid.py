"""The grid: a good Qt model, keys as in a sheet, and marks that need no colour."""

from collections.abc import Callable

import pytest
from PySide6.QtCore import QCoreApplication, QEvent, Qt
from PySide6.QtGui import QGuiApplication, QKeyEvent
from PySide6.QtWidgets import QHBoxLayout, QLineEdit, QWidget
from pytestqt.modeltest import ModelTester
from pytestqt.qtbot import QtBot

from peti_desktop.records import EQUIPO, RIESGO
from peti_desktop.records.fields import Problem, Severity
from peti_desktop.workspace import Workspace
from ui.grid import PROBLEMS, RECORD, GridPanel, GridView, RecordModel
from ui.grid.model import ZONE, spanish_key
from ui.inputs import ChoiceInput, LineInput, NoteInput

COLUMNS = ("placa", "marca", "anio", "tipo", "observaciones")


@pytest.fixture
def model(workspace: Workspace) -> RecordModel:
    made = RecordModel(EQUIPO, workspace.catalogues, columns=COLUMNS)
    made.set_records(workspace.records("equipo"))
    return made


@pytest.fixture
def grid(qtbot: QtBot, model: RecordModel) -> GridView:
    made = GridView(model)
    qtbot.addWidget(made)
    made.resize(800, 300)
    made.show()
    made.setFocus()
    return made


def column(model: RecordModel, place: int) -> list[str]:
    return [model.index(row, place).data() for row in range(model.rowCount())]


def test_model_keeps_qts_rules(qtmodeltester: ModelTester, model: RecordModel, workspace: Workspace) -> None:
    qtmodeltester.check(model)

    model.sort(1)
    model.search("hp")
    model.search("")
    model.put(workspace.new("equipo", {"placa": "SAL-9"}))

    assert column(model, 0) == ["SAL-1", "SAL-0", "SAL-2", "SAL-9"]


def test_sort_follows_the_alphabet_and_the_numbers(model: RecordModel) -> None:
    model.sort(1)
    assert column(model, 1) == ["HP", "Lenovo", "Ñandú"]

    model.sort(2, Qt.SortOrder.AscendingOrder)
    assert column(model, 2) == ["2018", "2019", "2020"]

    assert sorted(["oso", "ñu", "nube", "Núñez", "nuñeco"], key=spanish_key) == ["nube", "nuñeco", "Núñez", "ñu", "oso"]


def test_search_ignores_accents_and_keeps_the_order(model: RecordModel) -> None:
    model.sort(1, Qt.SortOrder.DescendingOrder)

    model.search("nandu")
    assert column(model, 1) == ["Ñandú"]
    model.search("sal")

    assert column(model, 1) == ["Ñandú", "Lenovo", "HP"]


def test_selection_follows_its_record_when_sorted(grid: GridView, model: RecordModel) -> None:
    grid.setCurrentIndex(model.index(0, 0))
    uid = model.record(0).uid

    model.sort(1)

    assert grid.currentIndex().data(RECORD).uid == uid
    assert grid.currentIndex().row() == 1


def test_tab_leaves_the_grid(qtbot: QtBot, model: RecordModel) -> None:
    window = QWidget()
    qtbot.addWidget(window)
    row = QHBoxLayout(window)
    grid, after = GridView(model), QLineEdit()
    row.addWidget(grid)
    row.addWidget(after)
    window.show()
    grid.setFocus()

    qtbot.keyClick(grid, Qt.Key.Key_Tab)

    assert window.focusWidget() is after


@pytest.mark.parametrize("key", [Qt.Key.Key_F2, Qt.Key.Key_Return])
def test_cell_is_edited_and_enter_goes_down(qtbot: QtBot, grid: GridView, model: RecordModel, key: Qt.Key) -> None:
    grid.setCurrentIndex(model.index(0, 1))
    qtbot.keyClick(grid, key)
    editor = grid.findChild(LineInput)
    assert editor is not None
    assert editor.text() == "Lenovo"

    with qtbot.waitSignal(grid.edited) as heard:
        qtbot.keyClicks(editor, "Dell")
        qtbot.keyClick(editor, Qt.Key.Key_Return)

    assert heard.args == [model.record(0), "marca", "Dell"]
    qtbot.waitUntil(lambda: grid.currentIndex().row() == 1)


@pytest.mark.parametrize("frozen", [0, 2])
@pytest.mark.parametrize("kind", [LineInput, ChoiceInput, NoteInput], ids=["line", "list", "note"])
def test_keys_that_wait_behind_enter_commit_nothing_again(
    qtbot: QtBot, grid: GridView, model: RecordModel, kind: type[LineInput | ChoiceInput | NoteInput], frozen: int
) -> None:
    """Keys typed faster than the window answers: all of them reach the editor before anything is processed."""
    place = {LineInput: 1, ChoiceInput: 3, NoteInput: 4}[kind]
    if kind is LineInput:
        grid.columns.freeze(frozen)
    heard: list[tuple[str, str]] = []
    grid.edited.connect(lambda _record, name, raw: heard.append((name, raw)))
    grid.setCurrentIndex(model.index(0, place))
    qtbot.keyClick(grid, Qt.Key.Key_F2)
    editor = grid.findChild(kind)
    assert editor is not None
    editor.set_raw("No aplica")

    for key in (Qt.Key.Key_Return, Qt.Key.Key_Return, Qt.Key.Key_Enter, Qt.Key.Key_Tab):
        QCoreApplication.sendEvent(editor, QKeyEvent(QEvent.Type.KeyPress, key, Qt.KeyboardModifier.NoModifier))
    qtbot.wait(30)

    assert heard == [(model.columns[place].name, "No aplica")]


def test_blank_by_its_key_while_a_cell_is_edited(qtbot: QtBot, grid: GridView, model: RecordModel) -> None:
    grid.setCurrentIndex(model.index(0, 1))
    qtbot.keyClick(grid, Qt.Key.Key_F2)
    editor = grid.findChild(LineInput)
    assert editor is not None

    with qtbot.waitSignal(grid.edited) as heard:
        qtbot.keyClick(editor, Qt.Key.Key_Delete, Qt.KeyboardModifier.AltModifier)

    assert heard.args == [model.record(0), "marca", "Borrar lo anterior"]


def test_explicit_blanks_are_told_by_words_and_by_their_shape(model: RecordModel, workspace: Workspace) -> None:
    uid = model.record(0).uid

    model.put(workspace.put("equipo", uid, {"marca": "Borrar lo anterior", "anio": "No aplica"}))
    model.put(workspace.put("equipo", model.record(1).uid, {"marca": ""}))

    assert column(model, 1)[:2] == ["Borrar lo anterior", ""]
    assert model.index(0, 1).data(Qt.ItemDataRole.FontRole).italic()
    assert model.index(0, 2).data(Qt.ItemDataRole.FontRole).italic()
    assert model.index(0, 0).data(Qt.ItemDataRole.FontRole) is None
    model.sort(1)
    assert column(model, 1) == ["", "Borrar lo anterior", "Ñandú"]
    assert dict(model.said_in("marca")) == {"": 1, "Borrar lo anterior": 1, "Ñandú": 1}


def test_escape_changes_nothing(qtbot: QtBot, grid: GridView, model: RecordModel) -> None:
    grid.setCurrentIndex(model.index(0, 1))
    qtbot.keyClick(grid, Qt.Key.Key_F2)
    editor = grid.findChild(LineInput)
    assert editor is not None

    with qtbot.assertNotEmitted(grid.edited):
        qtbot.keyClicks(editor, "Dell")
        qtbot.keyClick(editor, Qt.Key.Key_Escape)


def test_saved_record_comes_back_in_its_place(grid: GridView, model: RecordModel, workspace: Workspace) -> None:
    record = model.record(1)

    model.put(workspace.put("equipo", record.uid, {"marca": "Dell"}))

    assert column(model, 1) == ["Lenovo", "Dell", "Ñandú"]


def test_block_is_copied_as_excel_takes_it(
    qtbot: QtBot, grid: GridView, model: RecordModel, workspace: Workspace
) -> None:
    model.put(workspace.put("equipo", model.record(0).uid, {"observaciones": 'dos\nlíneas "aquí"'}))
    grid.selectRow(0)

    qtbot.keyClick(grid, Qt.Key.Key_C, Qt.KeyboardModifier.ControlModifier)

    kind = workspace.catalogues.entries("tipo_equipo")[0].label
    assert QGuiApplication.clipboard().text() == f'SAL-0\tLenovo\t2020\t{kind}\t"dos\nlíneas ""aquí"""'


def test_read_only_grid_opens_instead_of_editing(qtbot: QtBot, workspace: Workspace) -> None:
    model = RecordModel(EQUIPO, workspace.catalogues, columns=COLUMNS, editable=False)
    model.set_records(workspace.records("equipo"))
    grid = GridView(model, whole_rows=True)
    qtbot.addWidget(grid)
    grid.show()
    grid.setCurrentIndex(model.index(1, 0))

    with qtbot.waitSignal(grid.opened) as heard:
        qtbot.keyClick(grid, Qt.Key.Key_Return)

    assert heard.args == [model.record(1)]


def test_problem_is_marked_in_its_cell(grid: GridView, model: RecordModel) -> None:
    record = model.record(0)
    stops, warns = Problem("x", "marca", "Falta algo."), Problem("y", "marca", "Ojo.", Severity.WARNS)
    clean = grid.grab().toImage()

    model.set_records(model.records, {record.uid: [warns, stops]})

    cell = model.index(0, 1)
    assert [problem.text for problem in cell.data(PROBLEMS)] == ["Falta algo.", "Ojo."]
    assert cell.data(Qt.ItemDataRole.ToolTipRole) == "Falta algo.\nOjo."
    assert model.index(0, 0).data(PROBLEMS) == []
    assert grid.grab().toImage() != clean


def test_zone_cell_says_its_zone(workspace: Workspace, qtbot: QtBot) -> None:
    workspace.new("riesgo", {"frecuencia_anual": 6000, "impacto_reputacional": "5"})
    model = RecordModel(RIESGO, workspace.catalogues, columns=("referencia", "zona_inherente"))
    model.set_records(workspace.records("riesgo"))
    grid = GridView(model)
    qtbot.addWidget(grid)
    grid.show()
    cell = model.index(0, 1)

    assert cell.data(ZONE) == "extremo"
    assert cell.data() == "Extremo"
    assert not cell.flags() & Qt.ItemFlag.ItemIsEditable
    assert not grid.grab().isNull()


def test_panel_searches_counts_and_says_when_empty(
    qtbot: QtBot, model: RecordModel, nameless: Callable[[QWidget], list[str]]
) -> None:
    panel = GridPanel(model)
    qtbot.addWidget(panel)
    panel.show()
    assert nameless(panel) == []
    assert panel._count.text() == "3 equipos"

    qtbot.keyClicks(panel.search, "nandu")
    qtbot.keyClick(panel.search, Qt.Key.Key_Return)
    assert panel._count.text() == "1 de 3 equipos"
    assert panel.grid.current_record() == model.record(0)

    model.set_records([])
    assert not panel.grid.isVisible()

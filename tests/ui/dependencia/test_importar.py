"""A clerk brings an old inventory in: file, columns, preview, done; and is told whatever is wrong with it."""

from collections.abc import Callable
from pathlib import Path

import pytest
from openpyxl import Workbook
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QPushButton, QTableView, QWidget
from pytestqt.qtbot import QtBot

from peti_desktop.workspace import Workspace
from ui.dependencia.equipos import EquiposPage
from ui.dependencia.importar import COLUMNS, FILE, PREVIEW, Importar, bring
from ui.desk import Desk
from ui.messages import Recorded

ROWS = (
    ("INVENTARIO DE EQUIPOS",),
    ("No. de inventario", "Serie", "Clase", "Fabricante", "Bloque"),
    ("SAL-0", None, None, "Acer", "Archivo"),
    ("A-1", "X-1", "Portátil", "HP", "Archivo"),
    ("A-2", "1.23E+11", "Máquina", "HP", "Archivo"),
    ("A-3", "X-3", "Máquina", "HP", "Archivo"),
)


@pytest.fixture
def book(tmp_path: Path) -> Path:
    made = Workbook()
    sheet = made.active
    assert sheet is not None
    for row in ROWS:
        sheet.append(row)
    made.create_sheet("Otra").append(["Nada", "que ver"])
    made.save(tmp_path / "inventario.xlsx")
    return tmp_path / "inventario.xlsx"


@pytest.fixture
def over(qtbot: QtBot) -> QWidget:
    window = QWidget()
    qtbot.addWidget(window)
    return window


@pytest.fixture
def opened(qtbot: QtBot, desk: Desk, over: QWidget, book: Path) -> Importar:
    """The window with the columns of ``book``."""
    return open_on(qtbot, desk, over, book, COLUMNS)


def open_on(qtbot: QtBot, desk: Desk, over: QWidget, path: Path, step: int, *types: str) -> Importar:
    assert isinstance(desk.messages, Recorded)
    desk.messages.answers.append(path)
    made = bring(desk, over, types or ("equipo",))
    assert made is not None
    qtbot.waitUntil(lambda: not desk.tasks.running and made.stack.currentIndex() == step, timeout=20_000)
    return made


def press_forward(qtbot: QtBot, desk: Desk, dialog: Importar) -> None:
    qtbot.mouseClick(dialog.forward, Qt.MouseButton.LeftButton)
    qtbot.waitUntil(lambda: not desk.tasks.running, timeout=20_000)


def brands(workspace: Workspace) -> dict[object, object]:
    return {record.values["placa"]: record.values["marca"] for record in workspace.records("equipo")}


def test_inventory_comes_in_with_three_buttons(
    qtbot: QtBot, desk: Desk, workspace: Workspace, opened: Importar
) -> None:
    columns = opened.columns
    assert columns.header.value() == 2
    assert columns.lines["placa"].column.currentText() == "A · No. de inventario"
    assert columns.lines["placa"].samples.text() == "SAL-0   ·   A-1   ·   A-2"
    assert columns.lines["ubicacion"].column.currentText() == "No se trae"

    columns.lines["ubicacion"].column.setCurrentIndex(5)
    columns.lines["ubicacion"].column.activated.emit(5)
    press_forward(qtbot, desk, opened)

    assert opened.stack.currentIndex() == PREVIEW
    preview = opened.preview
    assert [preview.tabs.tabText(n) for n in range(3)] == ["&Filas (4)", "&Problemas (3)", "Pala&bras por aclarar (1)"]
    assert preview.problems.index(0, 0).data() == "Sheet!B5"
    problems = preview.tabs.widget(1)
    assert isinstance(problems, QTableView)
    problems.selectRow(0)
    assert "notación científica (1.23E+11)" in preview.full.text()
    assert opened.forward.text() == "&Traer 2 registros"
    with qtbot.waitSignal(opened.taken):
        press_forward(qtbot, desk, opened)
    assert brands(workspace) == {"SAL-0": "Acer", "SAL-1": "HP", "SAL-2": "Ñandú", "A-1": "HP"}
    assert desk.notice.text.startswith("Se trajeron 1 fila nueva y 1 fila con cambios.")
    assert workspace.undoable()[0] == "traer 2 de equipos desde «inventario.xlsx»"


def test_word_of_the_sheet_gets_a_meaning_and_is_remembered(
    qtbot: QtBot, desk: Desk, workspace: Workspace, over: QWidget, book: Path, opened: Importar
) -> None:
    press_forward(qtbot, desk, opened)
    (picker,) = opened.preview._asked.values()

    picker.set_code("servidor")
    picker.picked.emit("servidor")
    qtbot.waitUntil(lambda: not desk.tasks.running)

    assert opened.forward.text() == "&Traer 3 registros"
    assert not opened.preview.tabs.isTabVisible(2)
    press_forward(qtbot, desk, opened)
    again = open_on(qtbot, desk, over, book, COLUMNS)
    assert again.columns.told.text().startswith("Como la última vez")
    press_forward(qtbot, desk, again)
    assert again.forward.text() == "&Traer 0 registros"
    assert not again.forward.isEnabled()


def test_rows_with_problems_come_too_when_ticked(
    qtbot: QtBot, desk: Desk, workspace: Workspace, opened: Importar
) -> None:
    press_forward(qtbot, desk, opened)

    opened.preview.with_problems.click()

    assert opened.forward.text() == "&Traer 4 registros"
    press_forward(qtbot, desk, opened)
    drafts = {record.values["placa"]: dict(record.drafts) for record in workspace.records("equipo") if record.drafts}
    assert drafts == {"A-2": {"serial": "1.23E+11", "tipo": "Máquina"}, "A-3": {"tipo": "Máquina"}}


def test_column_given_to_another_field_leaves_the_first(opened: Importar) -> None:
    lines = opened.columns.lines

    lines["modelo"].column.setCurrentIndex(lines["marca"].column.currentIndex())
    lines["modelo"].column.activated.emit(0)

    assert "marca" not in opened.columns.layout_chosen().columns
    assert opened.columns.layout_chosen().columns["modelo"] == 3


def test_answer_for_all_new_records_and_another_heading(
    qtbot: QtBot, desk: Desk, workspace: Workspace, opened: Importar
) -> None:
    fixed = opened.columns.lines["estado"].fixed
    assert fixed is not None
    fixed.set_code("en_uso")
    assert opened.columns.layout_chosen().fixed == {"estado": "En uso"}

    opened.columns.header.setValue(3)
    qtbot.waitUntil(lambda: not desk.tasks.running)

    assert opened.columns.layout_chosen().header == 2
    assert opened.columns.lines["placa"].column.findText("A · SAL-0") > 0


def test_other_sheet_and_other_type_can_be_chosen(qtbot: QtBot, desk: Desk, over: QWidget, book: Path) -> None:
    dialog = open_on(qtbot, desk, over, book, COLUMNS, "riesgo", "control")
    assert [dialog.sheet.itemText(n) for n in range(dialog.sheet.count())] == ["Sheet", "Otra"]

    dialog.type.setCurrentIndex(1)
    dialog.type.activated.emit(1)
    dialog.sheet.setCurrentIndex(1)
    dialog.sheet.activated.emit(1)
    qtbot.waitUntil(lambda: not desk.tasks.running)

    assert "accion" in dialog.columns.lines
    assert not dialog.forward.isEnabled()


def test_file_that_cannot_be_read_says_so_and_another_can_be_chosen(
    qtbot: QtBot, desk: Desk, over: QWidget, book: Path, tmp_path: Path
) -> None:
    (tmp_path / "carta.xlsx").write_bytes(b"%PDF-1.7")

    dialog = open_on(qtbot, desk, over, tmp_path / "carta.xlsx", FILE)

    assert dialog.notice.text.startswith("«carta.xlsx» no es una hoja de cálculo.")
    assert isinstance(desk.messages, Recorded)
    desk.messages.answers.append(book)
    dialog._choose()
    qtbot.waitUntil(lambda: dialog.stack.currentIndex() == COLUMNS and not desk.tasks.running, timeout=20_000)
    assert dialog.notice.text == ""


def test_closing_while_it_reads_stops_it(qtbot: QtBot, desk: Desk, over: QWidget, book: Path) -> None:
    assert isinstance(desk.messages, Recorded)
    desk.messages.answers.append(book)
    dialog = bring(desk, over, ("equipo",))
    assert dialog is not None

    with qtbot.waitSignal(dialog.destroyed, timeout=20_000):
        dialog.reject()

    qtbot.waitUntil(lambda: not desk.tasks.running)


def test_page_offers_it_writes_what_is_typed_and_shows_what_came(
    qtbot: QtBot, desk: Desk, workspace: Workspace, book: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    page = EquiposPage(desk)
    qtbot.addWidget(page)
    flushed: list[bool] = []
    monkeypatch.setattr(page, "flush", lambda: flushed.append(True))
    (offer,) = (each for each in page.findChildren(QPushButton) if each.text() == "Traer de Excel…")
    assert isinstance(desk.messages, Recorded)
    desk.messages.answers.append(book)

    qtbot.mouseClick(offer, Qt.MouseButton.LeftButton)
    qtbot.waitUntil(lambda: bool(page.findChildren(Importar)) and not desk.tasks.running, timeout=20_000)
    (dialog,) = page.findChildren(Importar)
    press_forward(qtbot, desk, dialog)
    with qtbot.waitSignal(desk.stored) as stored:
        press_forward(qtbot, desk, dialog)

    assert flushed == [True]
    assert stored.args == [frozenset({"equipo"}), None]


def test_nothing_opens_when_nobody_chose(desk: Desk, over: QWidget) -> None:
    assert isinstance(desk.messages, Recorded)
    desk.messages.answers.append(None)

    assert bring(desk, over, ("equipo",)) is None


def test_every_step_has_names_and_fits(
    qtbot: QtBot, desk: Desk, opened: Importar, nameless: Callable[[QWidget], list[str]]
) -> None:
    assert nameless(opened) == []
    press_forward(qtbot, desk, opened)

    for tab in range(3):
        opened.preview.tabs.setCurrentIndex(tab)
        assert nameless(opened) == []
    assert opened.minimumSizeHint().width() <= 800
    assert opened.minimumSizeHint().height() <= 560

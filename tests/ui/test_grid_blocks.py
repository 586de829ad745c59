"""Blocks of cells: read from Excel and LibreOffice, put over records, filled, emptied, filtered; figures for 20,000."""

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from PySide6.QtCore import QMimeData, QPoint, Qt
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QMenu, QWidget
from pytestqt.qtbot import QtBot

from db.schema import equipo
from peti_desktop.errors import UserError
from peti_desktop.records import BORRAR, EQUIPO, NECESIDAD
from peti_desktop.records.fields import Field, Problem
from peti_desktop.workspace import Workspace
from ui import geometry
from ui.grid import Alteration, ColumnFilter, GridPanel, GridView, RecordModel, told
from ui.grid.clipboard import MOST_CELLS, as_html, as_text, block_of, parse_html, parse_text, spoken_number
from ui.grid.filters import FilterPopup
from ui.grid.model import AnyIndex
from ui.inputs import LineInput

COLUMNS = ("placa", "marca", "anio", "obsolescencia", "tipo", "observaciones")

EXCEL = (
    "<html xmlns:x='urn:schemas-microsoft-com:office:excel'><head><style><!--td {color:black}--></style></head><body>"
    "<!--StartFragment--><table border=0><col width=80><tr height=20><td rowspan=2 class=xl65>SAL-7</td>"
    "<td colspan=2>Equipo  de\n  cómputo</td><td>primera<br>\n    segunda</td></tr>\n"
    "<tr><td>HP</td><td>&nbsp;</td><td><span style='mso-spacerun:yes'>&lt;3</span></td></tr></table></body></html>"
)
LIBRE = (
    "<meta name='generator' content='LibreOffice 7.4'/><table cellspacing='0'><colgroup width='85'></colgroup>"
    "<tr><td align='left'><font>SAL-8</font></td><td sdval='1234.5' sdnum='1033;0;#,##0.00'>1,234.50</td>"
    "<td sdval='43997' sdnum='1033;0;DD.MM.YYYY'>15.06.2020</td><td sdval='12' sdnum='1033;0;000'>012</td></tr></table>"
)


def mime(text: str = "", html: str = "") -> QMimeData:
    made = QMimeData()
    if text:
        made.setText(text)
    if html:
        made.setHtml(html)
    return made


@pytest.fixture
def model(workspace: Workspace) -> RecordModel:
    made = RecordModel(EQUIPO, workspace.catalogues, columns=COLUMNS)
    made.set_records(workspace.records("equipo"))
    return made


@pytest.fixture
def grid(qtbot: QtBot, model: RecordModel) -> GridView:
    made = GridView(model)
    qtbot.addWidget(made)
    made.resize(900, 300)
    made.show()
    made.activateWindow()
    qtbot.waitUntil(made.isActiveWindow)
    made.setFocus()
    return made


@pytest.fixture
def altered(grid: GridView) -> list[Alteration]:
    found: list[Alteration] = []
    grid.altered.connect(found.append)
    return found


def test_text_of_excel_keeps_lines_quotes_and_tabs_inside_a_cell() -> None:
    text = 'A\t"dos\nlíneas ""aquí"""\t"con\ttab"\r\n5" de ancho\t\t"sin cerrar\r\n'

    assert parse_text(text) == [["A", 'dos\nlíneas "aquí"', "con\ttab"], ['5" de ancho', "", '"sin cerrar']]
    assert parse_text("") == []


def test_merged_cells_say_their_text_in_every_row_and_hide_nothing_beside() -> None:
    assert parse_html(EXCEL) == [
        ["SAL-7", "Equipo de cómputo", None, "primera\nsegunda"],
        ["SAL-7", "HP", "", "<3"],
    ]


def test_numbers_of_another_language_are_taken_as_they_are() -> None:
    block = block_of(mime("SAL-8\t1,234.50\t15.06.2020\t012", LIBRE))

    assert block.rows == (("SAL-8", "1234,5", "15.06.2020", "012"),)
    assert spoken_number("2", "1.999") == "2"


def test_plain_text_is_enough_when_the_html_says_no_more() -> None:
    block = block_of(mime("a\tb", "<table><tr><td>x</td></tr></table>"))

    assert block.rows == (("a", "b"),)


@pytest.mark.parametrize(
    ("brought", "said"),
    [
        (mime("PNG\0\1\2"), "no son texto"),
        (mime(), "no trae texto ni celdas"),
        (mime("\n".join(["x\ty\tz\tw\tv"] * 10_000)), "50.000 celdas y de una vez se pegan hasta 40.000"),
        (mime("x" * 12_000_001), "12.000.001 caracteres"),
    ],
)
def test_what_cannot_be_pasted_is_told_in_words(
    grid: GridView, altered: list[Alteration], qtbot: QtBot, brought: QMimeData, said: str
) -> None:
    grid.setCurrentIndex(grid.model().index(0, 0))
    QGuiApplication.clipboard().setMimeData(brought)

    with qtbot.waitSignal(grid.refused) as heard:
        qtbot.keyClick(grid, Qt.Key.Key_V, Qt.KeyboardModifier.ControlModifier)

    error = heard.args[0]
    assert isinstance(error, UserError)
    assert said in error.what
    assert "no se pegó nada" in error.what
    assert altered == []


def test_hostile_tables_end_soon() -> None:
    assert parse_html("<table>" * 200 + "<tr><td rowspan=99999999 colspan=1000>x" + "<td>" * 3)[0][:2] == ["x", None]
    assert parse_html("<p>sin tabla") == []


def test_block_goes_over_records_and_on_below_them(
    grid: GridView, model: RecordModel, altered: list[Alteration], qtbot: QtBot
) -> None:
    grid.setCurrentIndex(model.index(1, 1))
    QGuiApplication.clipboard().setText("Dell\t2019\tx\tImpresora\nAcer\tdos mil\t\t\nIBM\t2020\n\t\t\t\nSun")

    qtbot.keyClick(grid, Qt.Key.Key_V, Qt.KeyboardModifier.ControlModifier)

    (made,) = altered
    assert made.words == "pegar 5 filas"
    assert made.changes == {
        model.record(1).uid: {"marca": "Dell", "anio": "2019", "tipo": "Impresora"},
        model.record(2).uid: {"marca": "Acer", "anio": "dos mil", "tipo": ""},
    }
    assert made.births == [
        {"marca": "IBM", "anio": "2020", "tipo": ""},
        {"marca": "Sun", "anio": "", "tipo": ""},
    ]
    assert made.left == {"que calcula el programa": 5}
    assert "marca" in made.fields


def test_one_cell_fills_the_selection_and_headings_find_their_columns(
    grid: GridView, model: RecordModel, altered: list[Alteration]
) -> None:
    grid.select_block([record.uid for record in model.records], ["marca", "anio"])
    QGuiApplication.clipboard().setText("2021")
    grid.paste()
    QGuiApplication.clipboard().setText("Año\tPlaca de inventario *\n2022\tN-1")
    grid.paste_new()

    assert list(altered[0].changes.values()) == [{"marca": "2021", "anio": "2021"}] * 3
    assert altered[1].births == [{"anio": "2022", "placa": "N-1"}]


def test_selection_too_big_for_one_paste_is_refused(grid: GridView, model: RecordModel, qtbot: QtBot) -> None:
    grid.select_block([record.uid for record in model.records], ["placa", "marca"])
    block = parse_text("\n".join(["\t".join("x" * 1)] * (MOST_CELLS + 1)))
    QGuiApplication.clipboard().setText("\n".join("x" for _ in block))

    with qtbot.waitSignal(grid.refused):
        grid.paste()


def test_a_cell_longer_than_any_sheet_holds_is_left_and_told(grid: GridView, altered: list[Alteration]) -> None:
    grid.setCurrentIndex(grid.model().index(0, 0))
    QGuiApplication.clipboard().setText("SAL-9\t" + "x" * 100_000)

    grid.paste()

    assert list(altered[0].changes.values()) == [{"placa": "SAL-9"}]
    assert altered[0].not_taken == "1 celda con más de 32.767 caracteres"


def test_links_are_pasted_by_their_words(qtbot: QtBot, workspace: Workspace) -> None:
    device = workspace.records("equipo")[0]
    model = RecordModel(NECESIDAD, workspace.catalogues, columns=("tema", "equipo"))
    model.set_records([workspace.new("necesidad"), workspace.new("necesidad")])
    grid = GridView(model, links={"equipo": lambda: [(device.uid, "Escritorio · Lenovo · SAL-0")]})
    qtbot.addWidget(grid)
    found: list[Alteration] = []
    grid.altered.connect(found.append)
    grid.setCurrentIndex(model.index(0, 1))
    QGuiApplication.clipboard().setText("escritorio · lenovo · sal-0\nOtra cosa")

    grid.paste()

    assert found[0].changes == {model.record(0).uid: {"equipo": device.uid}}
    assert list(found[0].left.values()) == [1]


def test_fill_down_empty_and_cut(grid: GridView, model: RecordModel, altered: list[Alteration], qtbot: QtBot) -> None:
    uids = [record.uid for record in model.records]
    grid.select_block(uids, ["marca", "anio", "obsolescencia"])

    qtbot.keyClick(grid, Qt.Key.Key_J, Qt.KeyboardModifier.ControlModifier)
    qtbot.keyClick(grid, Qt.Key.Key_Delete)
    qtbot.keyClick(grid, Qt.Key.Key_X, Qt.KeyboardModifier.ControlModifier)

    filled, emptied, cut = altered
    assert filled.words == "rellenar 4 celdas hacia abajo"
    assert filled.changes == {uid: {"marca": "Lenovo", "anio": "2020"} for uid in uids[1:]}
    assert (emptied.words, cut.words) == ("borrar 6 celdas", "cortar 6 celdas")
    assert emptied.changes == cut.changes == {uid: {"marca": "", "anio": ""} for uid in uids}
    assert QGuiApplication.clipboard().text().splitlines()[1] == "HP\t2019\t"


def test_fill_down_in_one_row_takes_from_the_one_above(
    grid: GridView, model: RecordModel, altered: list[Alteration]
) -> None:
    grid.setCurrentIndex(model.index(1, 1))
    grid.fill_down()
    grid.setCurrentIndex(model.index(0, 1))
    grid.fill_down()

    assert [made.changes for made in altered] == [{model.record(1).uid: {"marca": "Lenovo"}}]


def test_what_is_copied_comes_back_the_same() -> None:
    rows = [["007", 'dos\nlíneas "x"'], ["<b>", ""]]
    html = as_html(rows, [True, False])

    assert parse_text(as_text(rows)) == rows
    assert parse_html(html) == rows
    assert "mso-number-format" in html.split("007")[0]


def test_read_only_grid_takes_nothing(qtbot: QtBot, workspace: Workspace) -> None:
    model = RecordModel(EQUIPO, workspace.catalogues, editable=False)
    model.set_records(workspace.records("equipo"))
    grid = GridView(model)
    qtbot.addWidget(grid)
    grid.show()
    grid.selectAll()
    QGuiApplication.clipboard().setText("x")

    with qtbot.assertNotEmitted(grid.altered):
        for key in (Qt.Key.Key_V, Qt.Key.Key_X, Qt.Key.Key_J):
            qtbot.keyClick(grid, key, Qt.KeyboardModifier.ControlModifier)
        qtbot.keyClick(grid, Qt.Key.Key_Backspace)


@pytest.mark.parametrize(
    ("key", "held", "text"),
    [
        (Qt.Key.Key_Minus, Qt.KeyboardModifier.ControlModifier, "No aplica"),
        (Qt.Key.Key_Delete, Qt.KeyboardModifier.AltModifier, "Borrar lo anterior"),
    ],
)
def test_selected_cells_are_left_empty_on_purpose(
    qtbot: QtBot, grid: GridView, model: RecordModel, workspace: Workspace, altered: list[Alteration],
    key: Qt.Key, held: Qt.KeyboardModifier, text: str,
) -> None:  # fmt: skip
    grid.select_block([model.record(0).uid, model.record(1).uid], ["marca", "anio", "obsolescencia", "tipo"])

    qtbot.keyClick(grid, key, held)

    (made,) = altered
    assert made.changes == {model.record(row).uid: {"marca": text, "anio": text} for row in (0, 1)}
    assert made.left == {"que llevan un valor": 2}
    done = workspace.alter("equipo", made.words, made.changes, seen=made.seen)
    assert told(made, done) == (
        f"Se marcaron 4 celdas como «{text}».", "No se tomaron: 2 celdas que llevan un valor.", "warns",
    )  # fmt: skip


def test_required_cells_are_not_left_empty_on_purpose(
    qtbot: QtBot, grid: GridView, model: RecordModel, altered: list[Alteration]
) -> None:
    grid.select_block([model.record(0).uid], ["tipo"])

    with qtbot.waitSignal(grid.refused) as heard:
        qtbot.keyClick(grid, Qt.Key.Key_Delete, Qt.KeyboardModifier.AltModifier)

    assert "Aquí no va «Borrar lo anterior»" in str(heard.args[0] if heard.args else "")
    assert altered == []


def test_pasted_words_are_the_third_blank(
    grid: GridView, model: RecordModel, workspace: Workspace, altered: list[Alteration]
) -> None:
    grid.setCurrentIndex(model.index(0, 1))
    QGuiApplication.clipboard().setText("borrar lo anterior\t2021")

    grid.paste()

    workspace.alter("equipo", altered[0].words, altered[0].changes, seen=altered[0].seen)
    values = workspace.record("equipo", model.record(0).uid).values
    assert (values["marca"], values["anio"]) == (BORRAR, 2021)


def test_what_a_colleague_changed_meanwhile_is_not_overwritten(qtbot: QtBot, address: str, tmp_path: Path) -> None:
    """Two analysts: one has a block in view, the other changes a record of it."""
    ana = Workspace.create(
        address, perfil="oficina", dependencia="TIC", nombre="Ana", cargo="Analista", vigencia=2026,
    )  # fmt: skip
    born = [ana.new("equipo", {"placa": f"SAL-{n}", "marca": "HP"}) for n in range(2)]
    model = RecordModel(EQUIPO, ana.catalogues, columns=("placa", "marca"))
    model.set_records(ana.records("equipo"))
    grid = GridView(model)
    qtbot.addWidget(grid)
    found: list[Alteration] = []
    grid.altered.connect(found.append)
    grid.select_block([record.uid for record in born], ["marca"])
    grid.answer(BORRAR)
    with ana.write() as connection:
        connection.execute(
            equipo.update().where(equipo.c.uid == born[1].uid).values(revision=9, cambiado_por="Luis, Analista")
        )

    with pytest.raises(UserError, match="Luis, Analista cambió este registro"):
        ana.alter("equipo", found[0].words, found[0].changes, seen=found[0].seen)

    assert [record.values["marca"] for record in ana.records("equipo")] == ["HP", "HP"]
    ana.close()


def test_rows_with_any_problem(qtbot: QtBot, model: RecordModel, workspace: Workspace) -> None:
    panel = GridPanel(model)
    qtbot.addWidget(panel)
    panel.show()
    before = panel.wrong.isVisible()
    records = workspace.records("equipo")
    # A field without a column counts too.
    model.set_records(records, {records[1].uid: [Problem("x", "serial", "No.")], records[2].uid: []})

    qtbot.keyClick(panel.wrong, Qt.Key.Key_Space)

    assert not before
    assert panel.wrong.text() == "Con problemas (1)"
    assert [r.values["placa"] for r in model.records] == ["SAL-1"]
    model.set_problems({records[1].uid: []})
    assert [r.values["placa"] for r in model.records] == ["SAL-1"], "a row that was mended stays in view"
    assert panel.wrong.text() == "Con problemas (0)"
    model.clear_filters()
    assert not panel.wrong.isChecked()
    assert len(model.records) == 3


def test_menu_says_words_and_keys(grid: GridView, qtbot: QtBot) -> None:
    grid.open_menu(grid.mapToGlobal(QPoint(5, 5)))
    menu = grid.findChild(QMenu)
    assert menu is not None

    said = {action.text(): action.shortcut().toString() for action in menu.actions() if action.text()}
    menu.close()

    assert said["Rellenar hacia abajo"] == "Ctrl+J"
    assert (said["No aplica"], said["Borrar lo anterior"]) == ("Ctrl+-", "Alt+Del")
    assert said["Pegar"] == "Ctrl+V"
    assert said["Filtrar esta columna…"] == "Alt+Down"


def test_filter_by_values_blanks_and_problems(model: RecordModel, workspace: Workspace) -> None:
    workspace.new("equipo", {"placa": "SAL-3", "marca": "HP"})
    records = workspace.records("equipo")
    model.set_records(records, {records[0].uid: [Problem("x", "marca", "No.")]})

    assert model.said_in("marca") == [("HP", 2), ("Lenovo", 1), ("Ñandú", 1)]
    model.set_filter("marca", ColumnFilter(frozenset({"HP"})))
    assert [r.values["placa"] for r in model.records] == ["SAL-1", "SAL-3"]
    assert model.said_in("anio") == [("", 1), ("2019", 1)]
    model.set_filter("anio", ColumnFilter(frozenset({""})))
    assert [r.values["placa"] for r in model.records] == ["SAL-3"]
    model.clear_filters()
    model.set_filter("marca", ColumnFilter(problems=True))
    assert [r.values["placa"] for r in model.records] == ["SAL-0"]
    model.set_filter("marca", ColumnFilter())
    assert len(model.records) == 4


def test_filter_is_chosen_by_keyboard_and_can_be_taken_off(
    qtbot: QtBot,
    model: RecordModel,
    front: Callable[[QWidget], None],
    nameless: Callable[[QWidget], list[str]],
) -> None:
    panel = GridPanel(model)
    qtbot.addWidget(panel)
    front(panel)
    panel.grid.setFocus()
    panel.grid.setCurrentIndex(model.index(0, 1))

    qtbot.keyClick(panel.grid, Qt.Key.Key_Down, Qt.KeyboardModifier.AltModifier)
    popup = panel.grid.findChild(FilterPopup)
    assert popup is not None
    assert nameless(popup) == []
    qtbot.keyClicks(popup.search, "nandu")
    qtbot.keyClick(popup.search, Qt.Key.Key_Return)

    assert [r.values["marca"] for r in model.records] == ["Ñandú"]
    assert panel.unfilter.text() == "Quitar el filtro"
    qtbot.mouseClick(panel.unfilter, Qt.MouseButton.LeftButton)
    assert len(model.records) == 3
    assert panel.unfilter.isHidden()


def test_columns_are_chosen_frozen_and_remembered(qtbot: QtBot, model: RecordModel) -> None:
    grid = GridView(model, name="equipo", shown=("placa", "marca", "anio"))
    qtbot.addWidget(grid)
    grid.resize(400, 300)
    grid.show()
    assert grid.columns.names == ("placa", "marca", "anio")
    grid.columns.show("observaciones", on=True)
    grid.columns.show("anio", on=False)
    grid.columns.freeze(1)
    grid.setColumnWidth(1, 333)
    qtbot.waitUntil(lambda: (left := geometry.columns("equipo", COLUMNS)) is not None and 333 in left.widths)

    again = GridView(model, name="equipo", shown=("placa", "marca", "anio"))
    qtbot.addWidget(again)

    assert again.columns.names == ("placa", "marca", "observaciones")
    assert (again.columns.frozen, again.columnWidth(1)) == (1, 333)
    again.columns.reset()
    assert (again.columns.names, again.columns.frozen) == (("placa", "marca", "anio"), 0)


def test_hidden_column_that_is_none_of_the_records_stays_hidden(qtbot: QtBot, workspace: Workspace) -> None:
    year = Field("este_anio", "Este año", computed=True)
    shown = ("placa", year.name, "marca")

    def made() -> GridView:
        model = RecordModel(EQUIPO, workspace.catalogues, columns=shown, beside=(year,))
        grid = GridView(model, name="equipo", shown=shown)
        qtbot.addWidget(grid)
        grid.show()
        return grid

    grid = made()
    assert grid.columns.names == shown
    grid.columns.show(year.name, on=False)
    qtbot.waitUntil(lambda: (left := geometry.columns("equipo", shown)) is not None and left.hidden == (year.name,))
    again = made()
    assert again.columns.names == ("placa", "marca")

    again.columns.show(year.name, on=True)
    qtbot.waitUntil(lambda: (left := geometry.columns("equipo", shown)) is not None and not left.hidden)
    assert year.name in made().columns.names


def test_frozen_column_stays_in_sight_and_is_edited_there(
    qtbot: QtBot, model: RecordModel, grid: GridView, altered: list[Alteration]
) -> None:
    grid.resize(420, 300)
    grid.columns.freeze(1)
    grid.setCurrentIndex(model.index(1, 5))
    assert grid.frozen.isVisible()
    assert grid.horizontalScrollBar().value() > 0
    grid.setCurrentIndex(model.index(1, 1))
    assert grid.visualRect(model.index(1, 1)).left() >= grid.frozen.breadth

    grid.setCurrentIndex(model.index(1, 0))
    qtbot.keyClick(grid, Qt.Key.Key_F2)
    editor = grid.frozen.findChild(LineInput)
    assert editor is not None
    with qtbot.waitSignal(grid.edited) as heard:
        qtbot.keyClicks(editor, "SAL-55")
        qtbot.keyClick(editor, Qt.Key.Key_Return)
    assert heard.args == [model.record(1), "placa", "SAL-55"]
    qtbot.waitUntil(lambda: grid.currentIndex().row() == 2)


class Asked(RecordModel):
    """Counts what the painting of a grid asks."""

    count = 0

    def data(self, index: AnyIndex, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        self.count += 1
        return super().data(index, role)

    def flags(self, index: AnyIndex) -> Qt.ItemFlag:
        self.count += 1
        return super().flags(index)


@pytest.mark.parametrize("everything", [False, True])
def test_painting_asks_the_same_of_the_model_however_many_rows(
    qtbot: QtBot, workspace: Workspace, everything: bool
) -> None:
    seed = workspace.records("equipo")[0]

    def cost(rows: int) -> int:
        model = Asked(EQUIPO, workspace.catalogues, columns=COLUMNS)
        model.set_records([replace(seed, uid=f"{number:036}") for number in range(rows)])
        grid = GridView(model)
        qtbot.addWidget(grid)
        grid.resize(800, 300)
        grid.show()
        if everything:
            grid.selectAll()
        grid.verticalScrollBar().setValue(40)
        model.count = 0
        assert not grid.grab().isNull()
        return model.count

    few, many = cost(100), cost(20_000)
    assert 0 < many <= few * 1.2

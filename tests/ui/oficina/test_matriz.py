"""The matrix in its window: found while typing, filtered, sorted, arranged, and traced to its origin."""

from collections.abc import Callable
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QAction
from PySide6.QtWidgets import QLabel, QListWidget, QPushButton
from pytestqt.qtbot import QtBot

from peti_desktop import views
from peti_desktop.consolidation import corrections
from peti_desktop.intake import apply, inbox
from peti_desktop.matrix import PAGE, Condition, MatrixFilter, Op, Sheet
from peti_desktop.records import TYPES
from peti_desktop.workspace import Workspace
from ui.messages import Recorded
from ui.oficina.matriz import MatrizPage
from ui.oficina.matriz_columnas import ColumnsPopup
from ui.oficina.matriz_filtros import FilterPopup
from ui.oficina.matriz_modelo import KEPT, WAITING
from ui.shell import Shell

Settle = Callable[[Shell], None]
BOTH = ["Secretaría de Hacienda", "Secretaría de Salud"]


@pytest.fixture
def matrix(shell: Shell, unit: Any, office: Workspace, settle: Settle) -> MatrizPage:
    """The matrix with the records of two dependencias."""
    for code in ("SALUD", "HACIENDA"):
        apply.accept(office, inbox.receive(office, unit(code).deliver()).sha256)
    return opened(shell, settle)


def opened(shell: Shell, settle: Settle) -> MatrizPage:
    shell.go("matriz")
    settle(shell)
    page = shell.page
    assert isinstance(page, MatrizPage)
    page.reload()
    settle(shell)
    return page


def shown(matrix: MatrizPage) -> list[str]:
    """The dependencias in the first column, from top to bottom."""
    return [str(matrix.table.model.index(row, 0).data()) for row in range(matrix.table.model.rowCount())]


def test_matrix_holds_all_dependencias_and_filters_them(shell: Shell, matrix: MatrizPage, settle: Settle) -> None:
    assert shown(matrix) == BOTH

    unit = matrix.table.unit
    unit.setCurrentIndex(unit.findData("SALUD"))
    unit.activated.emit(unit.currentIndex())
    settle(shell)
    assert shown(matrix) == BOTH[1:]
    matrix.table.unfilter.click()
    settle(shell)

    record = matrix.table.model.record(0)
    assert record is not None
    zone = str(record.values["zona_residual"])
    other = next(code for code in matrix.table.zones if code != zone)
    matrix.table.zones[other].click()
    settle(shell)
    assert shown(matrix) == []
    assert matrix.table.asked.text().startswith("Filtro: Zona residual:")
    matrix.table.zones[zone].click()
    settle(shell)
    assert shown(matrix) == BOTH
    assert matrix.table.count.text() == "2 de 2 riesgos"


def test_matrix_is_searched_without_accents(qtbot: QtBot, matrix: MatrizPage) -> None:
    qtbot.keyClicks(matrix.table.search, "secretaria salud")

    qtbot.waitUntil(lambda: shown(matrix) == ["Secretaría de Salud"])


@pytest.mark.parametrize("text", ["%", "_", "'", '"', "x" * 10_000])
def test_hostile_text_finds_nothing_or_all_and_breaks_nothing(
    shell: Shell, matrix: MatrizPage, settle: Settle, text: str
) -> None:
    matrix.table.search.setText(text)
    matrix.table.search.returnPressed.emit()
    settle(shell)

    assert shown(matrix) in ([], BOTH)
    matrix.table.search.setText("")
    matrix.table.search.returnPressed.emit()
    settle(shell)
    assert shown(matrix) == BOTH


def test_columns_can_be_chosen_and_moved(qtbot: QtBot, matrix: MatrizPage) -> None:
    place = matrix.table.model.column_of("causa_raiz")
    assert place is not None
    assert matrix.table.grid.isColumnHidden(place)
    popup = matrix.choose_columns()

    item = item_of(popup, "Causa raíz")
    item.setCheckState(Qt.CheckState.Checked)
    assert not matrix.table.grid.isColumnHidden(place)

    popup.listed.setCurrentItem(item)
    while popup.listed.currentRow() > 0:
        qtbot.keyClick(popup.listed, Qt.Key.Key_Up, Qt.KeyboardModifier.AltModifier)
    assert [name for name, _ in matrix.table.grid.columns()][:2] == ["causa_raiz", "dependencia"]
    popup.close()
    matrix.table.grid.reset_columns()
    assert matrix.table.grid.isColumnHidden(place)


def item_of(popup: ColumnsPopup, text: str) -> Any:
    return popup.listed.findItems(text, Qt.MatchFlag.MatchExactly)[0]


def test_every_type_has_its_tab(shell: Shell, matrix: MatrizPage, office: Workspace, settle: Settle) -> None:
    for place, (name, table) in enumerate(matrix.tables.items()):
        matrix._tabs.setCurrentIndex(place)
        settle(shell)

        assert matrix.table is table
        assert table.model.total == office.counts()[name]


def test_links_are_shown_in_words(shell: Shell, matrix: MatrizPage, settle: Settle) -> None:
    matrix.target(("control", ""))
    settle(shell)
    model = matrix.tables["control"].model
    column = model.column_of("riesgo")
    assert column is not None
    assert str(model.index(0, column).data()).startswith("R-001 · Posibilidad")


def test_a_total_opens_the_rows_behind_it(shell: Shell, matrix: MatrizPage, settle: Settle) -> None:
    wanted = MatrixFilter("necesidad", "", (Condition("dependencia", Op.ONE_OF, ("HACIENDA",)),), ("cantidad", True))

    shell.go("tablero")
    assert shell.desk is not None
    shell.desk.go("matriz", wanted)
    settle(shell)

    assert shown(matrix) == ["Secretaría de Hacienda"]
    assert matrix.table.unit.currentText() == "Secretaría de Hacienda"


def test_a_record_hidden_by_the_filter_is_shown_when_asked_for(
    shell: Shell, matrix: MatrizPage, office: Workspace, settle: Settle
) -> None:
    uid = office.records("equipo", dependencia="SALUD")[0].uid
    matrix.target(MatrixFilter("equipo", "nada de esto"))
    settle(shell)
    assert shown(matrix) == []

    matrix.target(("equipo", uid))
    settle(shell)

    assert matrix.table.current_uid() == uid
    assert matrix.table.search.text() == ""
    assert not matrix.origin.isHidden()


def test_column_is_filtered_by_its_codes_from_the_heading(
    qtbot: QtBot, shell: Shell, matrix: MatrizPage, settle: Settle
) -> None:
    matrix.target(("equipo", ""))
    settle(shell)
    column = matrix.table.model.column_of("dependencia")
    assert column is not None
    popup = matrix.table.filter_column(column)
    settle(shell)
    assert isinstance(popup.listed, QListWidget)
    assert [popup.listed.item(n).text() for n in range(popup.listed.count())] == [f"{name}  ·  1" for name in BOTH]

    assert popup.listed.isVisible()
    assert not popup.low.isVisible()
    popup.listed.item(1).setCheckState(Qt.CheckState.Checked)
    popup.apply()
    settle(shell)

    assert shown(matrix) == BOTH[1:]


def test_column_of_numbers_is_filtered_by_a_range_and_says_what_is_no_number(
    shell: Shell, matrix: MatrizPage, settle: Settle
) -> None:
    matrix.target(("equipo", ""))
    settle(shell)
    column = matrix.table.model.column_of("anio")
    assert column is not None
    popup = matrix.table.filter_column(column)
    popup.low.setText("dos mil")
    popup.apply()
    assert "dos mil" in popup.wrong.text()

    popup.low.setText("2016")
    popup.apply()
    settle(shell)

    assert shown(matrix) == []
    assert "Año" in matrix.table.asked.text()


def test_headings_sort_and_the_current_row_stays(shell: Shell, matrix: MatrizPage, settle: Settle) -> None:
    matrix.table.grid.select_row(0)
    uid = matrix.table.current_uid()

    matrix.table.grid.sorted_by.emit("dependencia", True)
    settle(shell)

    assert shown(matrix) == BOTH[::-1]
    assert matrix.table.current_uid() == uid
    assert matrix.table.grid.currentIndex().row() == 1


def test_far_rows_are_read_when_they_are_looked_at(
    qtbot: QtBot, shell: Shell, office: Workspace, settle: Settle
) -> None:
    births = [{"placa": f"P-{number:05}"} for number in range(3 * PAGE)]
    office.alter("equipo", "traer", {}, births)
    matrix = opened(shell, settle)
    matrix.target(("equipo", ""))
    settle(shell)
    model = matrix.table.model
    place = model.column_of("placa")
    assert place is not None
    last = model.index(3 * PAGE - 1, place)

    assert last.data() == WAITING
    qtbot.waitUntil(lambda: last.data() == f"P-{3 * PAGE - 1:05}")
    assert matrix.table.count.text() == f"{3 * PAGE} equipos"


def test_search_that_finds_more_than_a_page_counts_on(
    qtbot: QtBot, shell: Shell, office: Workspace, settle: Settle
) -> None:
    births = [{"placa": f"P-{number:05}", "marca": "Lenovo"} for number in range(2 * PAGE)]
    office.alter("equipo", "traer", {}, births)
    matrix = opened(shell, settle)
    matrix.target(MatrixFilter("equipo", "lenovo"))
    settle(shell)

    assert matrix.table.model.rowCount() == 2 * PAGE
    assert matrix.table.count.text() == f"{2 * PAGE} de {2 * PAGE} equipos"


def test_an_empty_store_says_so(shell: Shell, settle: Settle) -> None:
    matrix = opened(shell, settle)

    for place, name in enumerate(TYPES):
        matrix._tabs.setCurrentIndex(place)
        settle(shell)
        assert matrix.table.stack.currentWidget() is matrix.table._empty
        said = [found.text() for found in matrix.table._empty.findChildren(QLabel)]
        assert f"Todavía no hay {TYPES[name].title.lower()}" in said


def test_dates_and_ranges_of_a_filter_are_told(shell: Shell, matrix: MatrizPage, settle: Settle) -> None:
    ends = (date(2026, 1, 1), None)
    matrix.target(MatrixFilter("riesgo", "", (Condition("fecha_implementacion", Op.BETWEEN, ends),)))
    settle(shell)

    assert matrix.table.asked.text() == "Filtro: Fecha de implementación desde 1-ene-2026"


def test_view_is_kept_opened_and_what_the_page_opens_with(
    shell: Shell, matrix: MatrizPage, office: Workspace, settle: Settle
) -> None:
    matrix.target(MatrixFilter("riesgo", "", (Condition("dependencia", Op.ONE_OF, ("SALUD",)),)))
    settle(shell)
    matrix.table.grid.arrange((("referencia", 90), ("dependencia", 200)))

    line = matrix.views.line_of(0)
    line.setText("Riesgos de Salud")
    line.returnPressed.emit()
    settle(shell)
    (view,) = views.listing(office, "riesgo")
    assert view.columns == (("referencia", 90), ("dependencia", 0))
    matrix.table.clear()
    matrix.table.grid.reset_columns()
    settle(shell)
    assert shown(matrix) == BOTH

    action(matrix, "Riesgos de Salud").trigger()
    settle(shell)
    assert [matrix.table.model.index(row, 0).data() for row in range(matrix.table.model.rowCount())] == BOTH[1:]
    assert [name for name, _ in matrix.table.grid.columns()] == ["referencia", "dependencia"]
    assert matrix.views.text() == "Riesgos de Salud ▾"

    action(matrix, "Abrir siempre la página con esta vista").trigger()
    settle(shell)
    assert views.listing(office, "riesgo")[0].initial
    action(matrix, "Borrar «Riesgos de Salud»").trigger()
    settle(shell)
    assert views.listing(office, "riesgo") == []
    next(found for found in shell.notice.findChildren(QPushButton) if found.text() == "Recuperarla").click()
    settle(shell)
    assert [found.name for found in views.listing(office, "riesgo")] == ["Riesgos de Salud"]


def action(matrix: MatrizPage, text: str) -> QAction:
    return next(found for found in matrix.views.listed.actions() if found.text() == text)


def test_page_opens_with_its_initial_view(shell: Shell, office: Workspace, unit: Any, settle: Settle) -> None:
    for code in ("SALUD", "HACIENDA"):
        apply.accept(office, inbox.receive(office, unit(code).deliver()).sha256)
    wanted = MatrixFilter("riesgo", "", (Condition("dependencia", Op.ONE_OF, ("SALUD",)),))
    views.set_initial(office, "riesgo", views.save(office, "Salud", wanted, (("dependencia", 0),)))

    shell.go("matriz")
    settle(shell)

    assert isinstance(shell.page, MatrizPage)
    assert shown(shell.page) == BOTH[1:]


def test_many_rows_are_corrected_with_a_reason_and_one_undo(
    qtbot: QtBot, shell: Shell, matrix: MatrizPage, office: Workspace, settle: Settle
) -> None:
    matrix.target(("equipo", ""))
    settle(shell)
    matrix.table.grid.selectAll()
    dialog = matrix.correct()
    assert dialog is not None
    assert dialog.chosen.text() == "Las 2 filas escogidas"
    dialog.field.setCurrentIndex(dialog.field.findData("ubicacion"))
    dialog.value.set_raw("Bodega")
    dialog.go.click()
    assert "motivo" in dialog.wrong.text()

    qtbot.keyClicks(dialog.reason, "visita de marzo")
    dialog.go.click()
    settle(shell)

    place = matrix.table.model.column_of("ubicacion")
    assert place is not None
    cells = [matrix.table.model.index(row, place) for row in range(2)]
    assert [cell.data() for cell in cells] == ["Bodega", "Bodega"]
    assert "Declarado: sin diligenciar" in str(cells[0].data(Qt.ItemDataRole.ToolTipRole))
    assert "corregido por TIC" in str(cells[0].data(Qt.ItemDataRole.AccessibleTextRole))
    matrix.table.grid.select_row(0)
    matrix._show_origin(True)
    qtbot.waitUntil(lambda: "Motivo: visita de marzo" in matrix.origin.text)

    office.undo()
    matrix.reload()
    settle(shell)
    assert [cell.data() for cell in (matrix.table.model.index(row, place) for row in range(2))] == ["", ""]


@pytest.mark.parametrize("ending", ["xlsx", "csv", "pdf"])
def test_what_is_seen_is_exported(
    shell: Shell, matrix: MatrizPage, messages: Recorded, settle: Settle, tmp_path: Path, ending: str
) -> None:
    messages.answers = [tmp_path / "salida"]

    matrix.export(ending)
    settle(shell)

    assert (tmp_path / f"salida.{ending}").stat().st_size > 0
    assert "con 2 riesgos" in shell.notice.text


def test_export_that_is_refused_writes_nothing(matrix: MatrizPage, messages: Recorded) -> None:
    messages.answers = [None]

    matrix.export("xlsx")

    assert matrix.desk.tasks.running == 0


def test_origin_tells_file_verdict_and_lists(qtbot: QtBot, matrix: MatrizPage) -> None:
    matrix.table.grid.select_row(0)
    matrix._show_origin(True)

    qtbot.waitUntil(lambda: "entrega-01.xlsx" in matrix.origin.text)
    for said in ("Veredicto\nválida", "Listas con que se diligenció", "entrega n.º 1 de 2026", "Riesgos, fila 4"):
        assert said in matrix.origin.text


@pytest.mark.parametrize(
    ("name", "said"),
    [
        ("descripcion", ("Descripción del riesgo\nPosibilidad de pérdida", "entrega n.º 1 de 2026")),
        ("zona_residual", ("Zona residual\n", "Calculado con los demás datos", "Guía DAFP v7")),
        (
            "responsable",
            ("Responsable (cargo)\nJefe de área\nLo corrigió la Oficina TIC. Declarado: sin", "por oficio 7"),
        ),
    ],
)
def test_one_key_tells_where_any_value_comes_from(
    qtbot: QtBot,
    shell: Shell,
    matrix: MatrizPage,
    office: Workspace,
    settle: Settle,
    name: str,
    said: tuple[str, ...],
) -> None:
    uid = office.records("riesgo", dependencia="HACIENDA")[0].uid
    corrections.correct(office, "riesgo", uid, "responsable", "Jefe de área", "por oficio 7")
    matrix.reload()
    settle(shell)
    grid = matrix.table.grid
    grid.select_row(0)
    grid.setFocus()
    place = matrix.table.model.column_of(name)
    assert place is not None
    while grid.currentIndex().column() != place:
        qtbot.keyClick(grid, Qt.Key.Key_Right)

    qtbot.keyClick(grid, Qt.Key.Key_F4)

    qtbot.waitUntil(lambda: "Origen del registro" in matrix.origin.text)
    assert all(part in matrix.origin.text.partition("Origen del registro")[0] for part in said)
    while grid.currentIndex().column() != 0:
        qtbot.keyClick(grid, Qt.Key.Key_Left)
    assert matrix.origin.text.startswith("Origen del registro")


def test_the_column_in_front_stays_when_rows_are_asked_for_again(
    shell: Shell, matrix: MatrizPage, settle: Settle
) -> None:
    column = matrix.table.model.column_of("tratamiento")
    assert column is not None
    matrix.table.grid.select_row(1, column)
    matrix.table.search.setText("salud")
    matrix.table.search.returnPressed.emit()
    settle(shell)

    assert matrix.table.model.total == 1
    assert matrix.table.grid.currentIndex().column() == column


def test_what_was_typed_before_another_type_is_asked_for_later(
    qtbot: QtBot, shell: Shell, matrix: MatrizPage, settle: Settle
) -> None:
    qtbot.keyClicks(matrix.table.search, "salud")
    matrix._tabs.setCurrentIndex(list(TYPES).index("equipo"))
    settle(shell)
    assert matrix.tables["riesgo"].stale
    assert matrix.table.model.total == 2

    matrix._tabs.setCurrentIndex(0)
    settle(shell)
    assert shown(matrix) == BOTH[1:]
    assert matrix.table.search.text() == "salud"


def test_a_long_filter_is_told_by_whole_conditions(shell: Shell, matrix: MatrizPage, settle: Settle) -> None:
    names = [
        "descripcion",
        "actividad",
        "causa_raiz",
        "causa_inmediata",
        "responsable",
        "tratamiento",
        "zona_inherente",
    ]
    wanted = MatrixFilter("riesgo", "", tuple(Condition(name, Op.FILLED) for name in names))
    matrix.target(wanted)
    settle(shell)

    text = matrix.table.asked.text()
    told, _, more = text.rpartition("; y ")
    assert more.endswith(" más")
    assert told.count(";") + 1 + int(more.split()[0]) == len(names)
    assert matrix.table.asked.toolTip().count("\n") + 1 == len(names)
    assert "Zona inherente" in matrix.table.asked.accessibleDescription()


def test_who_only_reads_sees_all_and_changes_nothing(
    qtbot: QtBot, shell: Shell, matrix: MatrizPage, office: Workspace, store: Path, settle: Settle
) -> None:
    views.save(office, "Riesgos de Salud", MatrixFilter("riesgo", "salud"), (("referencia", 0),))
    with Workspace.open(store, writing=False) as reading_only:
        shell._forget_pages()
        shell.enter(reading_only)
        settle(shell)
        page = opened(shell, settle)

        assert "solo para leer" in page._no.text() and page._no.isVisible()
        assert shown(page) == BOTH
        assert [found.text() for found in page.views.listed.actions()] == ["Riesgos de Salud"]
        action(page, "Riesgos de Salud").trigger()
        settle(shell)
        assert shown(page) == BOTH[1:]
        page.table.grid.select_row(0)
        qtbot.keyClick(page.table.grid, Qt.Key.Key_E, Qt.KeyboardModifier.ControlModifier)
        assert page.correct() is None
        assert not any(found.isEnabled() for found in page.table.grid.actions() if found.text() == "Corregir…")
        qtbot.keyClick(page.table.grid, Qt.Key.Key_F4)
        qtbot.waitUntil(lambda: "entrega-01.xlsx" in page.origin.text)


def test_a_column_is_filtered_by_the_keyboard_alone(
    qtbot: QtBot, shell: Shell, matrix: MatrizPage, settle: Settle
) -> None:
    matrix.table.grid.select_row(0)
    matrix.table.grid.setFocus()
    qtbot.keyClick(matrix.table.grid, Qt.Key.Key_Down, Qt.KeyboardModifier.AltModifier)
    settle(shell)
    popup = matrix.table.grid.findChildren(FilterPopup)[-1]
    assert popup.search.hasFocus()
    qtbot.keyClicks(popup.search, "salud")
    qtbot.keyClick(popup.search, Qt.Key.Key_Tab)
    assert popup.listed.hasFocus()
    item = popup.listed.currentItem()
    assert item is not None and not item.isHidden()
    qtbot.keyClick(popup.listed, Qt.Key.Key_Space)
    qtbot.keyClick(popup.listed, Qt.Key.Key_Return)
    settle(shell)

    assert shown(matrix) == BOTH[1:]
    assert matrix.table.grid.hasFocus()

    qtbot.keyClick(matrix.table.grid, Qt.Key.Key_Down, Qt.KeyboardModifier.AltModifier)
    settle(shell)
    popup = matrix.table.grid.findChildren(FilterPopup)[-1]
    popup.listed.item(0).setCheckState(Qt.CheckState.Unchecked)
    popup.listed.item(1).setCheckState(Qt.CheckState.Unchecked)
    qtbot.keyClicks(popup.search, "hac")
    qtbot.keyClick(popup.search, Qt.Key.Key_Return)
    settle(shell)
    assert shown(matrix) == BOTH[:1]


def test_page_that_is_looked_at_stays_while_others_come(matrix: MatrizPage) -> None:
    model = matrix.table.model
    line = model.line(0)
    assert line is not None
    model.begin(model.filter, PAGE * (KEPT + 2), [Sheet(0, (line,), {})])

    for page in range(1, KEPT + 2):
        assert model.line(0) is not None
        model.put(Sheet(page * PAGE, (line,), {}))

    assert model.line(PAGE) is None
    assert model.line(0) is not None

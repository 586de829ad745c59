"""The matrix in its window: found while typing, filtered, sorted, arranged, and traced to its origin."""

from collections.abc import Callable
from datetime import date
from typing import Any

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QLabel, QListWidget
from pytestqt.qtbot import QtBot

from peti_desktop.intake import apply, inbox
from peti_desktop.matrix import PAGE, Condition, MatrixFilter, Op
from peti_desktop.records import TYPES
from peti_desktop.workspace import Workspace
from ui.oficina.matriz import MatrizPage
from ui.oficina.matriz_columnas import ColumnsPopup
from ui.oficina.matriz_modelo import WAITING
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

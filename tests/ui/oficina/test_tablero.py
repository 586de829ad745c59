"""The board as an analyst uses it: who is missing, what is behind a number, more time, reminders."""

import re
from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from decimal import Decimal
from functools import partial
from pathlib import Path
from typing import Any

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QLabel, QPushButton, QWidget
from pytestqt.modeltest import ModelTester
from pytestqt.qtbot import QtBot

from peti_desktop import expected
from peti_desktop.consolidation import roles
from peti_desktop.expected import State
from peti_desktop.intake import apply, inbox
from peti_desktop.matrix import MatrixFilter, Question
from peti_desktop.reports.figures import figures, risks_in
from peti_desktop.workspace import Workspace
from ui.messages import Recorded
from ui.oficina.bandeja import BandejaPage
from ui.oficina.matriz import MatrizPage
from ui.oficina.tablero import TEMAS, TableroPage
from ui.oficina.tablero_modelo import COLUMNS, DAYS, NOTE, STATE, UNIT
from ui.oficina.tablero_plazo import MoreTime, NothingToDeclare, Remind
from ui.shell import Shell

Settle = Callable[[Shell], None]


@pytest.fixture
def board(shell: Shell, office: Workspace, settle: Settle) -> TableroPage:
    """Both dependencias are three days late."""
    page = shell.page
    assert isinstance(page, TableroPage)
    page.missing.open_outside = lambda _path: None
    settle(shell)
    return page


def reload(board: TableroPage, shell: Shell, settle: Settle) -> None:
    board.reload()
    settle(shell)


def cells(board: TableroPage) -> list[list[str]]:
    model = board.missing.model
    return [[model.index(row, column).data() for column in range(len(COLUMNS))] for row in range(model.rowCount())]


def shows(matrix: MatrizPage, total: int) -> bool:
    return matrix.table.model.total == total


def test_who_is_late_is_told_by_letter_word_and_days(
    board: TableroPage, office: Workspace, qtmodeltester: ModelTester
) -> None:
    day = expected.board(office)[0].due

    said = cells(board)

    assert [row[UNIT] for row in said] == ["Secretaría de Hacienda", "Secretaría de Salud"]
    assert {row[STATE] for row in said} == {"V · vencida"}
    assert {row[DAYS] for row in said} == {"▲ 3 de mora"}
    assert str(day.year) in said[0][3]
    qtmodeltester.check(board.missing.model)


def test_filters_find_states_sections_and_names(
    qtbot: QtBot, board: TableroPage, shell: Shell, unit: Any, office: Workspace, settle: Settle
) -> None:
    apply.accept(office, inbox.receive(office, unit("SALUD").deliver()).sha256)
    reload(board, shell, settle)
    missing = board.missing
    assert [row[UNIT] for row in cells(board)] == ["Secretaría de Hacienda"]

    missing.group.setFocus()
    missing.show_group("")
    assert [row[STATE] for row in cells(board)] == ["V · vencida", "A · aceptada"]
    missing.show_group("aceptada")
    assert [row[UNIT] for row in cells(board)] == ["Secretaría de Salud"]
    assert missing.group.currentText() == "Aceptada (1)"
    missing.show_group("")
    missing.words.setFocus()
    qtbot.keyClicks(missing.words, "hacIENDA")
    assert [row[UNIT] for row in cells(board)] == ["Secretaría de Hacienda"]
    missing.words.clear()
    missing.section.setCurrentIndex(missing.section.findData("riesgo"))
    missing.section.activated.emit(1)
    assert len(cells(board)) == 2
    missing.table.horizontalHeader().setSortIndicator(UNIT, Qt.SortOrder.DescendingOrder)
    assert [row[UNIT] for row in cells(board)] == ["Secretaría de Salud", "Secretaría de Hacienda"]


def test_enter_opens_the_delivery_and_before_there_is_one_the_records(
    qtbot: QtBot, board: TableroPage, shell: Shell, unit: Any, office: Workspace, settle: Settle
) -> None:
    receipt = inbox.receive(office, unit("SALUD").deliver())
    reload(board, shell, settle)
    table = board.missing.table
    board.missing.show_group("recibida")
    table.selectRow(0)

    qtbot.keyClick(table, Qt.Key.Key_Return)
    settle(shell)

    inbox_page = shell.page
    assert isinstance(inbox_page, BandejaPage)
    assert inbox_page.review.line is not None
    assert inbox_page.review.line.receipt.sha256 == receipt.sha256
    board.missing.show_group("vencida")
    table.selectRow(0)
    qtbot.keyClick(table, Qt.Key.Key_Enter)
    settle(shell)
    assert isinstance(shell.page, MatrizPage)
    assert shell.page.table.wanted.of("dependencia") is not None


def test_a_cell_and_every_number_open_the_rows_behind_them(
    qtbot: QtBot, board: TableroPage, shell: Shell, unit: Any, office: Workspace, settle: Settle
) -> None:
    apply.accept(office, inbox.receive(office, unit("SALUD").deliver()).sha256)
    reload(board, shell, settle)
    ((cell, count),) = figures(office).heat["residual"].items()
    heat = board.maps["residual"]

    qtbot.mouseClick(heat, Qt.MouseButton.LeftButton, pos=heat.cell_rect(cell).center().toPoint())
    settle(shell)

    matrix = shell.page
    assert isinstance(matrix, MatrizPage)
    qtbot.waitUntil(lambda: matrix.table.model.total == count == 1)
    risk = office.records("riesgo")[0].values
    assert risk["zona_residual"] == "moderado"
    for figure, name, total in (
        (board._risks, "riesgo", 0),
        (board._equipment, "equipo", figures(office).obsolete_total),
        (board._needs, "necesidad", 1),
    ):
        shell.go("tablero")
        settle(shell)
        qtbot.keyClick(figure, Qt.Key.Key_Return)
        settle(shell)
        assert shell.page is matrix
        assert matrix.table.name == name
        qtbot.waitUntil(partial(shows, matrix, total))
    shell.go("tablero")
    settle(shell)
    qtbot.keyClick(board._delivered, Qt.Key.Key_Return)
    settle(shell)
    assert isinstance(shell.page, BandejaPage)


def test_the_keyboard_sorts_by_the_column_of_the_cursor(qtbot: QtBot, board: TableroPage) -> None:
    table = board.missing.table
    both = Qt.KeyboardModifier.ControlModifier | Qt.KeyboardModifier.ShiftModifier
    table.setCurrentIndex(table.model().index(0, UNIT))

    qtbot.keyClick(table, Qt.Key.Key_O, both)
    first = [row[UNIT] for row in cells(board)]
    qtbot.keyClick(table, Qt.Key.Key_O, both)

    assert first == ["Secretaría de Hacienda", "Secretaría de Salud"]
    assert [row[UNIT] for row in cells(board)] == first[::-1]
    assert table.currentIndex().column() == UNIT


@pytest.fixture
def many(office: Workspace) -> Workspace:
    """Risks in many cells, needs of many temas, and devices whose obsolescence the store does not know of yet."""
    temas = [entry.code for entry in office.catalogues.entries("tema")]
    with office.act("x") as act:
        for n in range(23):
            rated = {"frecuencia_anual": (1, 12, 300, 9000)[n % 4], "impacto_smlmv": Decimal((5, 80, 900)[n % 3])}
            risk = act.new("riesgo", rated if n % 7 else {}, dependencia=("SALUD", "HACIENDA")[n % 2])
            if n % 2:
                how = {"riesgo": risk, "tipo": "preventivo", "implementacion": "manual"}
                act.new("control", how, dependencia=("SALUD", "HACIENDA")[n % 2])
            act.new("necesidad", {"tema": ([*temas, None])[n % (len(temas) + 1)], "cantidad": n}, dependencia="SALUD")
            act.new("equipo", {"sistema_operativo": ("windows_7", "windows_11", None)[n % 3]}, dependencia="SALUD")
    with office.write() as connection:
        connection.exec_driver_sql("UPDATE equipo SET obsolescencia = NULL")
    return office


def test_every_number_opens_exactly_the_rows_it_counts(
    board: TableroPage, shell: Shell, many: Workspace, settle: Settle
) -> None:
    reload(board, shell, settle)
    asked: list[MatrixFilter] = []
    board.desk.wanted.disconnect()
    board.desk.wanted.connect(lambda _page, target: asked.append(target))
    found = figures(many)

    for figure, shown in (
        (board._risks, found.zones["residual"]["extremo"] + found.zones["residual"]["alto"]),
        (board._equipment, found.obsolete_total),
        (board._needs, found.totals["necesidad"]),
    ):
        assert f": {shown}." in figure.text
        figure.picked.emit()
        assert Question(many, asked[-1]).count() == shown > 0
    for which, heat in board.maps.items():
        assert sum(found.heat[which].values()) == found.totals["riesgo"] - found.unrated
        for cell, count in found.heat[which].items():
            heat.picked.emit(*cell)
            assert Question(many, asked[-1]).count() == count == len(risks_in(many, which, *cell))
    temas = {needs.label: needs.count for needs in found.needs_by_tema}
    names = [made for made in board.findChildren(QPushButton) if made.text() in temas]
    assert len(names) == TEMAS - 1
    for made in names:
        made.click()
        assert Question(many, asked[-1]).count() == temas[made.text()]
    told = [line.text() for line in board.findChildren(QLabel)]
    assert f"Otros {len(temas) - len(names)} temas" in told


def test_every_number_of_deliveries_opens_exactly_those(
    qtbot: QtBot, board: TableroPage, shell: Shell, unit: Any, office: Workspace, settle: Settle
) -> None:
    salud, hacienda = unit("SALUD"), unit("HACIENDA")
    apply.accept(office, inbox.receive(office, salud.deliver()).sha256)
    salud.ws.put("riesgo", salud.ws.records("riesgo")[0].uid, {"actividad": "Otra actividad"})
    apply.accept(office, inbox.receive(office, salud.deliver()).sha256)  # the first one is replaced, and decided too
    apply.accept(office, inbox.receive(office, hacienda.deliver()).sha256)
    with office.write() as connection:
        connection.exec_driver_sql(
            "UPDATE entrega_recibida SET estado = 'aceptada en parte' WHERE dependencia = 'HACIENDA'"
        )
    salud.ws.put("necesidad", salud.ws.records("necesidad")[0].uid, {"cantidad": 11})
    inbox.receive(office, salud.deliver())
    reload(board, shell, settle)
    links = dict(re.findall(r'<a href="([^"]+)">(\d+)', board._subtitle.text()))
    assert links == {"aceptada": "2", "aceptada en parte": "1", "por revisar": "1"}
    assert "Entregas aceptadas: 2 de 2." in board._delivered.text
    assert board._subtitle.textFormat() is Qt.TextFormat.RichText
    board._subtitle.setFocus()
    for key in (Qt.Key.Key_Tab, Qt.Key.Key_Return):
        qtbot.keyClick(board._subtitle, key)
    settle(shell)
    assert isinstance(shell.page, BandejaPage)

    for state, number in links.items():
        shell.go("tablero")
        settle(shell)
        board._subtitle.linkActivated.emit(state)
        settle(shell)
        page = shell.page
        assert isinstance(page, BandejaPage)
        assert page.model.rowCount() == int(number)
        assert page.bar.group.currentText().endswith(f"del Tablero ({number})")
    shell.go("tablero")
    settle(shell)
    qtbot.keyClick(board._delivered, Qt.Key.Key_Return)
    settle(shell)
    page = shell.page
    assert isinstance(page, BandejaPage)
    assert {line.receipt.dependencia for line in page.model.shown} == {"SALUD", "HACIENDA"}
    assert page.model.rowCount() == 2
    page.bar.group.setCurrentIndex(0)
    assert page.model.rowCount() == 4


def test_one_of_each_is_told_in_the_singular(
    board: TableroPage, shell: Shell, unit: Any, office: Workspace, settle: Settle
) -> None:
    apply.accept(office, inbox.receive(office, unit("SALUD").deliver()).sha256)
    office.new("necesidad", {"cantidad": 1})
    expected.nothing_to_declare(office, [("HACIENDA", "riesgo")], "oficio 1")
    reload(board, shell, settle)

    told = " · ".join([board._subtitle.text(), board._needs_total.text()])

    assert "1 esperada ·" in told
    assert ">1 aceptada</a> ·" in told
    assert not re.search(r"\b1 (esperadas|aceptadas|devueltas|unidades|necesidades)\b", told)


def test_a_deadline_lies_between_today_and_the_year_after(board: TableroPage, office: Workspace) -> None:
    last = expected.latest(2026)
    extended = expected.extend(office, [("SALUD", "riesgo")], office.today + timedelta(days=30), "x")
    assert extended == 1

    owed = expected.board(office)
    dialog = MoreTime(owed, office.today, last, board)
    assert dialog.day.minimumDate().toPython() == office.today
    assert dialog.day.maximumDate().toPython() == last
    assert dialog.kept.isHidden()
    dialog.day.setDate(dialog.day.minimumDate())
    assert dialog.kept.text().startswith("1 sección ya vence")
    remind = Remind(owed, office.today, (office.today, last), board)
    remind.day.setDate(remind.day.date().addYears(-3))
    assert remind.day.date().toPython() == office.today


def test_more_time_wants_a_reason_and_is_undone_from_the_notice(
    qtbot: QtBot, board: TableroPage, shell: Shell, office: Workspace, settle: Settle
) -> None:
    before = expected.board(office)
    board.missing.table.selectRow(0)
    dialog = board.missing.more_time()
    assert isinstance(dialog, MoreTime)

    dialog.go.click()
    assert "motivo" in dialog.wrong.text()
    qtbot.keyClicks(dialog.reason, "oficio 12")
    dialog.go.click()
    settle(shell)

    assert [row[UNIT] for row in cells(board)] == ["Secretaría de Salud", "Secretaría de Hacienda"]
    assert cells(board)[1][DAYS] == "faltan 7"
    assert "oficio 12" in cells(board)[1][NOTE]
    undo = next(made for made in shell.notice.findChildren(QPushButton) if made.text() == "Deshacer")
    undo.click()
    settle(shell)
    assert expected.board(office) == before
    shell.acting.redo()
    settle(shell)
    assert cells(board)[1][DAYS] == "faltan 7"


def test_nothing_to_declare_is_noted_and_taken_back(
    qtbot: QtBot, board: TableroPage, shell: Shell, office: Workspace, settle: Settle
) -> None:
    board.missing.table.selectRow(1)
    dialog = board.missing.nothing()
    assert isinstance(dialog, NothingToDeclare)
    qtbot.keyClicks(dialog.reason, "oficio 9")
    dialog.go.click()
    settle(shell)

    assert [row[UNIT] for row in cells(board)] == ["Secretaría de Hacienda"]
    assert "1 esperada " in board._subtitle.text()
    board.missing.show_group("sin novedad")
    board.missing.expect_again()
    settle(shell)
    assert {owed.state for owed in expected.board(office)} == {State.OVERDUE}


def test_reminders_are_written_for_all_and_for_one_and_opened(
    board: TableroPage, shell: Shell, messages: Recorded, tmp_path: Path, settle: Settle, office: Workspace
) -> None:
    opened: list[Path] = []
    board.missing.open_outside = opened.append
    messages.answers = [tmp_path, tmp_path]
    dialog = board.missing.remind()
    assert isinstance(dialog, Remind)
    dialog.go.click()
    settle(shell)

    board.missing.table.selectRow(1)
    alone = board.missing.remind()
    assert alone is not None
    alone.paper.setCurrentIndex(1)
    alone.day.setDate(alone.day.date().addDays(1))
    alone.go.click()
    settle(shell)

    day = office.today.isoformat()
    assert [path.name for path in opened] == [
        f"2026_recordatorios_{day}.pdf",
        f"2026_SALUD_recordatorio_{day}.pdf",
    ]
    assert all(path.read_bytes().startswith(b"%PDF") for path in opened)
    assert expected.day_to_ask(expected.board(office), office.today) == office.today + timedelta(days=5)


def test_dialogs_name_their_inputs(board: TableroPage, nameless: Callable[[QWidget], list[str]]) -> None:
    for dialog in (board.missing.more_time(), board.missing.nothing(), board.missing.remind()):
        assert dialog is not None
        assert nameless(dialog) == []
        dialog.reject()


def test_who_only_reads_is_told_why_no_deadline_changes(
    board: TableroPage, shell: Shell, office: Workspace, settle: Settle, monkeypatch: pytest.MonkeyPatch
) -> None:
    missing = board.missing
    reload(board, shell, settle)
    assert missing.time_button.isEnabled()
    assert missing.more.isEnabled()
    monkeypatch.setattr(office, "store", replace(office.store, reading=True))

    reload(board, shell, settle)

    for made in (missing.time_button, missing.more):
        assert not made.isEnabled()
        assert made.toolTip() == str(roles.refusal(office, roles.CHANGE))

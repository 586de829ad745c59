"""The office's needs: their order and why, the line by slider, number and keyboard, and the papers."""

from collections.abc import Callable
from decimal import Decimal
from pathlib import Path
from typing import Any

import openpyxl
import pytest
from pypdf import PdfReader
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QWidget
from pytestqt.modeltest import ModelTester
from pytestqt.qtbot import QtBot

from peti_desktop.consolidation import budget
from peti_desktop.consolidation.duplicates import proposals
from peti_desktop.consolidation.grouping import decide
from peti_desktop.consolidation.priorities import ranking, set_by_hand
from peti_desktop.errors import UserError
from peti_desktop.workspace import Workspace
from tests.ui.oficina.conftest import RISK
from tests.ui.oficina.test_repetidos import fill
from ui.messages import Recorded
from ui.oficina.necesidades import Loaded, NecesidadesPage
from ui.oficina.necesidades_modelo import COVERED, NAME, SCORE, VALUE
from ui.shell import Shell

Settle = Callable[[Shell], None]
MILLION = Decimal(1_000_000)


@pytest.fixture
def page(shell: Shell, office: Workspace, settle: Settle) -> NecesidadesPage:
    """Two equal needs that are one item of 40 million, one of 10 that lowers an extreme risk, one without value."""
    twins = (("SALUD", "Computadores"), ("HACIENDA", "Computadores"))
    fill(office, twins, cantidad=5, valor_unitario=4 * MILLION, urgencia="inmediata")
    risk = office.new("riesgo", {**RISK, "frecuencia_anual": 6000, "impacto_smlmv": Decimal(600)})
    office.new("riesgo", {**RISK, "frecuencia_anual": 6000, "impacto_smlmv": Decimal(600)})
    values: dict[str, Any] = {"riesgo": risk.uid, "vigencia": 2026, "unspsc": "43222501"}
    fill(office, [("SALUD", "Firewall")], cantidad=1, valor_unitario=10 * MILLION, **values)
    fill(office, [("SALUD", "Sillas")], cantidad=None)
    decide(office, proposals(office, "necesidad"), "misma_necesidad")
    shell.go("necesidades")
    settle(shell)
    made = shell.page
    assert isinstance(made, NecesidadesPage)
    return made


def column(page: NecesidadesPage, which: int) -> list[str]:
    return [page.model.index(row, which).data() for row in range(page.model.rowCount())]


def test_needs_stand_in_their_order_and_groups_open(page: NecesidadesPage) -> None:
    assert column(page, NAME) == ["Firewall", "Computadores", "Sillas"]
    assert column(page, SCORE) == ["48", "27", "3"]
    assert column(page, VALUE) == ["$ 10.000.000", "$ 40.000.000", "Sin valor"]

    group = page.model.index(1, 0)
    assert page.model.rowCount(group) == 2
    own = [page.model.index(row, NAME, group).data() for row in range(2)]
    assert sorted(own) == ["Para HACIENDA", "Para SALUD"]


def test_the_model_keeps_qts_rules(page: NecesidadesPage, qtmodeltester: ModelTester) -> None:
    qtmodeltester.check(page.model)


def test_why_is_told_part_by_part(page: NecesidadesPage, qtbot: QtBot) -> None:
    page.tree.setCurrentIndex(page.model.index(0, 0))
    qtbot.waitUntil(lambda: page.panel.why._name.text() == "Firewall")

    said = [bar.accessibleName() for _, _, bar, _ in page.panel.why._parts]
    assert said[0] == "Riesgo que baja: 30 de 30. R-001: zona residual Extremo"
    assert said[4] == "Alcance: 3 de 15. La pide una dependencia"


def test_a_number_draws_the_line_and_is_remembered(
    page: NecesidadesPage, shell: Shell, office: Workspace, qtbot: QtBot, settle: Settle
) -> None:
    page.bar.amount.setText("12.000.000")
    qtbot.keyClick(page.bar.amount, Qt.Key.Key_Return)

    assert column(page, COVERED) == ["✓ Sí", "✕ No", "✕ No"]
    assert "Cubre 1 de 3 renglones: $ 10.000.000 · sobran $ 2.000.000" in page.bar.said.text()
    assert page.bar.open.accessibleName() == "1 riesgo extremo queda sin cubrir"
    page.flush()
    settle(shell)
    assert budget.kept_amount(office) == 12 * MILLION


def test_nobody_set_a_budget_yet_is_not_a_budget_of_nothing(page: NecesidadesPage, qtbot: QtBot) -> None:
    assert page.bar.amount.text() == ""
    assert page.bar.said.text().startswith("Todavía no hay presupuesto")
    assert "a 1 le falta el valor" in page._subtitle.text()
    page.bar.amount.setText("0")
    page.bar.amount.editingFinished.emit()
    assert page.bar.amount.text() == "0"
    assert page.bar.said.text().startswith("Cubre 0 de 3 renglones")


def test_money_nobody_knows_is_marked_in_the_totals(page: NecesidadesPage) -> None:
    page.panel.setCurrentIndex(2)
    assert page.panel.unvalued.text() == "? A 1 necesidad le falta el valor: no suman."


def test_who_only_reads_may_try_the_line_and_changes_nothing(page: NecesidadesPage, qtbot: QtBot) -> None:
    page._fill(Loaded(list(page.model.items), [], Decimal(0), UserError("Solo para leer.", "Pida.")))
    assert page.panel.why.why_not.text() == "Solo para leer."
    assert not page.panel.why.fix.isEnabled()
    page.tree.setFocus()
    qtbot.keyClick(page.tree, Qt.Key.Key_Down, Qt.KeyboardModifier.ControlModifier)
    assert page.model.line.above == 1
    assert not page.bar.trial.isHidden()
    page.flush()
    assert budget.kept_amount(page.desk.workspace) is None


def test_the_slider_and_the_keyboard_move_the_line(page: NecesidadesPage, qtbot: QtBot) -> None:
    assert page.bar.open.accessibleName() == "2 riesgos extremos quedan sin cubrir"
    page.bar.slider.setFocus()
    qtbot.keyClick(page.bar.slider, Qt.Key.Key_Right)
    assert page.bar.amount.text() == "10.000.000"

    page.tree.setFocus()
    qtbot.keyClick(page.tree, Qt.Key.Key_Down, Qt.KeyboardModifier.ControlModifier)
    assert page.bar.amount.text() == "50.000.000"
    assert column(page, COVERED) == ["✓ Sí", "✓ Sí", "? Falta el valor"]
    for _ in range(2):
        qtbot.keyClick(page.tree, Qt.Key.Key_Up, Qt.KeyboardModifier.ControlModifier)
    assert page.bar.amount.text() == "0"
    qtbot.keyClick(page.tree, Qt.Key.Key_Up, Qt.KeyboardModifier.ControlModifier)
    assert page.bar.amount.text() == "0"


def test_an_amount_that_is_none_is_told_beside_it(page: NecesidadesPage, qtbot: QtBot) -> None:
    page.bar.amount.setText("mucho")
    qtbot.keyClick(page.bar.amount, Qt.Key.Key_Return)

    assert "«mucho» no es un valor en pesos." in page.bar.wrong.text()
    assert page.bar.wrong.isVisible()


def test_open_extreme_risks_are_listed_and_lead_to_the_matrix(page: NecesidadesPage, shell: Shell) -> None:
    said = [page.panel.risks.item(row).text() for row in range(page.panel.risks.count())]
    assert "▲ Ninguna necesidad lo baja" in said[0]
    assert "Lo baja el renglón 1" in said[1]

    wanted: list[tuple[str, Any]] = []
    assert shell.desk is not None
    shell.desk.wanted.connect(lambda name, target: wanted.append((name, target[0])))
    page.panel.risks.itemActivated.emit(page.panel.risks.item(0))
    assert wanted == [("matriz", "riesgo")]


def test_totals_follow_the_heading(page: NecesidadesPage) -> None:
    def said() -> dict[str, str]:
        table = page.panel.totals
        cells = [(table.item(row, 0), table.item(row, 1)) for row in range(table.rowCount())]
        return {name.text(): amounts.text().splitlines()[0] for name, amounts in cells if name and amounts}

    page.panel.setCurrentIndex(2)
    assert said()["Total"] == "$ 50.000.000 ?"
    assert said()["Secretaría de Hacienda"] == "$ 20.000.000"
    page.panel.by.setCurrentIndex(3)
    assert said()["2026"] == "$ 50.000.000 ?"


def test_filters_choose_what_is_seen_and_leave_the_line(page: NecesidadesPage) -> None:
    before = page.bar.said.text()
    box = page.filters["dependencia"]
    box.setCurrentIndex(box.findData("HACIENDA"))
    assert column(page, NAME) == ["Computadores"]
    box.setCurrentIndex(0)
    page.search.setText("sílLAS")
    assert column(page, NAME) == ["Sillas"]

    assert page.bar.said.text() == before
    assert page._subtitle.text().endswith("se ven 1")


def test_a_priority_by_hand_needs_a_reason_and_can_be_undone(
    page: NecesidadesPage, shell: Shell, office: Workspace, qtbot: QtBot, settle: Settle
) -> None:
    page.tree.setCurrentIndex(page.model.index(2, 0))
    qtbot.waitUntil(lambda: page.panel.why._name.text() == "Sillas")
    page.panel.why.score.setValue(99)
    page.panel.why.fix.click()
    settle(shell)
    assert "Falta el motivo." in shell.notice.text

    page.panel.why.score.setValue(99)
    page.panel.why.reason.setText("Orden del alcalde")
    qtbot.keyClick(page.panel.why.reason, Qt.Key.Key_Return)
    settle(shell)
    assert column(page, NAME)[0] == "Sillas"
    assert column(page, SCORE)[0] == "99 ▲"
    qtbot.waitUntil(lambda: "Orden del alcalde" in page.panel.why._hand.text())

    shell.notice._action.click()
    settle(shell)
    assert ranking(office)[2].hand is None


def test_several_are_set_at_once_and_the_button_says_how_many(
    page: NecesidadesPage, shell: Shell, office: Workspace, qtbot: QtBot, settle: Settle
) -> None:
    page.tree.setFocus()
    qtbot.keyClick(page.tree, Qt.Key.Key_A, Qt.KeyboardModifier.ControlModifier)
    assert page.panel.why.fix.text() == "&Fijar en 3"
    page.panel.why.score.setValue(60)
    page.panel.why.reason.setText("Así lo acordó el comité")
    page.panel.why.fix.click()
    settle(shell)
    assert {item.score for item in ranking(office)} == {60}

    shell.notice._action.click()
    settle(shell)
    assert [item.score for item in ranking(office)] == [48, 27, 3]


def test_what_is_typed_stays_when_a_colleague_was_quicker_and_is_told_of(
    page: NecesidadesPage, shell: Shell, office: Workspace, qtbot: QtBot, settle: Settle
) -> None:
    page.tree.setCurrentIndex(page.model.index(2, 0))
    qtbot.waitUntil(lambda: page.panel.why._name.text() == "Sillas")
    page.panel.why.score.setValue(99)
    page.panel.why.reason.setText("Orden del alcalde")
    set_by_hand(office, [ranking(office)[2].uid], 1, "No urge")

    page.panel.why.fix.click()
    settle(shell)

    assert "otra persona cambió esa prioridad" in shell.notice.text
    assert "No urge" in shell.notice.text
    qtbot.waitUntil(lambda: "No urge" in page.panel.why._hand.text())
    assert (page.panel.why.score.value(), page.panel.why.reason.text()) == (99, "Orden del alcalde")
    page.panel.why.fix.click()
    settle(shell)
    assert ranking(office)[0].score == 99
    assert page.panel.why.reason.text() == ""


def test_the_plan_and_the_paper_are_saved(
    page: NecesidadesPage, shell: Shell, messages: Recorded, tmp_path: Path, settle: Settle
) -> None:
    plan, paper = tmp_path / "paa.xlsx", tmp_path / "prioridad.pdf"
    page._type_amount(12 * MILLION)
    messages.answers[:] = [plan, paper, None]
    page._export()
    settle(shell)
    assert shell.notice.text.startswith("Se guardó «paa.xlsx».")
    page._paper()
    settle(shell)
    page._export()
    settle(shell)

    sheet = openpyxl.load_workbook(plan)["Adquisiciones planeadas"]
    assert (sheet.max_row, sheet["A2"].value, sheet["I2"].value) == (2, "43222501", 10_000_000)
    assert "$ 12.000.000" in "".join(part.extract_text() for part in PdfReader(paper).pages)


def test_f8_opens_the_need_in_front_and_a_target_finds_its_item(
    page: NecesidadesPage, shell: Shell, office: Workspace, qtbot: QtBot
) -> None:
    uid = ranking(office)[1].needs[1].uid
    page.target(uid)
    assert page.tree.currentIndex().row() == 1
    page.tree.expand(page.model.index(1, 0))
    page.tree.setCurrentIndex(page.model.index(1, NAME, page.model.index(1, 0)))
    wanted: list[tuple[str, object]] = []
    assert shell.desk is not None
    shell.desk.wanted.connect(lambda name, target: wanted.append((name, target)))

    qtbot.keyClick(page.tree, Qt.Key.Key_F8)

    assert wanted == [("matriz", ("necesidad", uid))]


def test_no_need_is_said(shell: Shell, settle: Settle) -> None:
    shell.go("necesidades")
    settle(shell)
    page = shell.page
    assert isinstance(page, NecesidadesPage)

    assert not page._empty.isHidden()
    assert page.bar.isHidden()


def test_every_input_has_a_name(page: NecesidadesPage, nameless: Callable[[QWidget], list[str]]) -> None:
    for tab in range(page.panel.count()):
        page.panel.setCurrentIndex(tab)
        assert nameless(page) == []

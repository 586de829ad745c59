"""Kinds of risk, the corruption questions, what the PETI suggests, and F1: driven by keys over a real store."""

from collections.abc import Callable
from typing import Any

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QPushButton, QWidget
from pytestqt.qtbot import QtBot

from ui.dependencia.equipos import EquiposPage
from ui.dependencia.necesidades import NecesidadesPage
from ui.dependencia.problems import ProblemList
from ui.dependencia.riesgos import RiesgosPage
from ui.help import HelpCard
from ui.shell import Shell

Settle = Callable[[Shell], None]
Disk = Callable[[str], list[dict[str, Any]]]


@pytest.fixture
def page(shell: Shell, settle: Settle) -> RiesgosPage:
    """The page of the risks, with none yet."""
    shell.go("riesgos")
    settle(shell)
    found = shell.page
    assert isinstance(found, RiesgosPage)
    return found


@pytest.fixture
def fresh(page: RiesgosPage, qtbot: QtBot) -> RiesgosPage:
    """The page with a risk just born."""
    page.add()
    qtbot.waitUntil(lambda: page.form.record is not None and page.form.editors["subproceso"].busy)
    return page


def _shown(fresh: RiesgosPage, *names: str) -> list[bool]:
    return [fresh.form.editors[name].isVisible() for name in names]


def test_only_the_fields_of_the_chosen_kind_are_shown(fresh: RiesgosPage) -> None:
    names = ("bien", "activo", "amenaza", "beneficio", "subtipo")
    seen = {}
    for kind in ("gestion", "fiscal", "seguridad", "corrupcion"):
        fresh.form.editors["tipo"].answer(kind)
        seen[kind] = _shown(fresh, *names)

    assert seen == {
        "gestion": [False, False, False, False, False],
        "fiscal": [True, False, False, False, False],
        "seguridad": [False, True, True, False, False],
        "corrupcion": [False, False, False, True, False],
    }


def test_a_security_risk_is_written_by_choosing(
    fresh: RiesgosPage, shell: Shell, settle: Settle, on_disk: Disk, keyboard: Any
) -> None:
    fresh.form.editors["tipo"].answer("seguridad")
    fresh.form.go_to("activo")
    keyboard.fill("la base de recaudo", "Disponibilidad", "", "Ausencia de copias de respaldo")
    shell.flush()
    settle(shell)

    (risk,) = on_disk("select * from riesgo")
    assert (risk["tipo"], risk["vulnerabilidad"], risk["amenaza"]) == ("seguridad", "sin_copias", "perdida_informacion")
    assert risk["causa_raiz"] == "ausencia de copias de respaldo"
    assert risk["descripcion"] == (
        "Posibilidad de pérdida de disponibilidad de la base de recaudo por pérdida o destrucción de información "
        "debido a ausencia de copias de respaldo."
    )


def test_a_cause_somebody_wrote_is_kept_when_a_threat_is_chosen(fresh: RiesgosPage) -> None:
    fresh.form.editors["tipo"].answer("seguridad")
    fresh.form.editors["causa_inmediata"].answer("el río se lleva el archivo")
    fresh.form.editors["amenaza"].answer("falla_equipo")

    assert fresh.form.editors["causa_inmediata"].raw() == "el río se lleva el archivo"


def test_questions_take_the_place_of_the_general_impact(
    fresh: RiesgosPage, shell: Shell, settle: Settle, on_disk: Disk, keyboard: Any
) -> None:
    fresh.form.editors["tipo"].answer("corrupcion")
    fresh.form.go_step(1)
    keyboard.fill("30")
    for number in (2, 5):
        keyboard.click(fresh.form.valorar.questions.boxes[number])
    shell.flush()
    settle(shell)

    (risk,) = on_disk("select * from riesgo")
    assert (risk["preguntas"], risk["impacto_inherente"]) == ("2, 5", 3)
    assert _shown(fresh, "impacto_smlmv", "impacto_reputacional", "preguntas") == [False, False, True]
    assert fresh.form.valorar.rule.text().startswith("2 preguntas con sí")


def test_numbers_typed_by_hand_tick_their_boxes(fresh: RiesgosPage, keyboard: Any) -> None:
    fresh.form.editors["tipo"].answer("corrupcion")
    fresh.form.go_to("preguntas")
    keyboard.type("1, 16")

    boxes = fresh.form.valorar.questions.boxes
    assert [number for number, box in boxes.items() if box.isChecked()] == [1, 16]
    assert len(boxes) == 19


def test_the_general_impact_is_asked_of_other_kinds(fresh: RiesgosPage) -> None:
    fresh.form.go_step(1)

    assert _shown(fresh, "impacto_smlmv", "impacto_reputacional", "preguntas") == [True, True, False]


def test_what_the_peti_says_is_offered_and_registered_with_enter(
    page: RiesgosPage, shell: Shell, settle: Settle, on_disk: Disk, keyboard: Any, qtbot: QtBot
) -> None:
    offered = page.suggestions.list.model().rowCount()
    page.suggestions.list.setFocus()
    keyboard.press(Qt.Key.Key_Return)
    qtbot.waitUntil(lambda: page.form.record is not None and page.form.isVisible())
    settle(shell)

    (risk,) = on_disk("select * from riesgo")
    assert risk["fuente"] == "PETI 2020-2023, 6.1, SAL-01"
    assert offered == 10
    assert page.suggestions.list.model().rowCount() == 9
    assert page.suggest.isVisible()


def test_a_need_the_peti_names_goes_to_the_needs(page: RiesgosPage, shell: Shell, qtbot: QtBot, keyboard: Any) -> None:
    model = page.suggestions.list.model()
    row = next(
        row for row in range(model.rowCount()) if "Necesidad" in model.index(row, 0).data(Qt.ItemDataRole.ToolTipRole)
    )
    page.suggestions.list.setCurrentIndex(model.index(row, 0))

    assert page.suggestions.take.text().replace("&", "") == "Registrar como necesidad"
    keyboard.click(page.suggestions.take)
    qtbot.waitUntil(lambda: isinstance(shell.page, NecesidadesPage))


def test_suggestions_are_reached_from_a_risk_and_left_by_the_list(fresh: RiesgosPage, keyboard: Any) -> None:
    keyboard.click(fresh.suggest)
    seen = fresh.suggestions.isVisible(), fresh.suggestions.list.hasFocus(), fresh.suggest.isVisible()
    fresh.finder.list.setCurrentIndex(fresh.finder.entries.index(0))

    assert seen == (True, True, False)
    assert fresh.form.isVisible()


def test_every_input_of_the_new_parts_has_a_name(
    fresh: RiesgosPage, keyboard: Any, nameless: Callable[[QWidget], list[str]]
) -> None:
    fresh.form.editors["tipo"].answer("corrupcion")
    fresh.form.go_step(1)
    named = nameless(fresh)
    keyboard.click(fresh.suggest)

    assert named == []
    assert nameless(fresh) == []


def test_a_problem_says_what_to_do_and_who_asks_it(fresh: RiesgosPage, shell: Shell, settle: Settle) -> None:
    fresh.form.editors["tratamiento"].answer("reducir")
    shell.go("entregar")
    settle(shell)
    found = shell.findChild(ProblemList)
    assert isinstance(found, ProblemList)
    told = [found.model().index(row, 0).data(Qt.ItemDataRole.ToolTipRole) for row in range(found.model().rowCount())]

    (plan,) = [text for text in told if "pide un plan" in text]
    assert "Escriba qué se hará, quién responde y para cuándo." in plan
    assert "Fuente: Guía DAFP" in plan


# -- F1


def _card(shell: Shell) -> HelpCard:
    found = shell.findChild(HelpCard)
    assert isinstance(found, HelpCard)
    return found


def test_f1_tells_of_the_field_and_follows_the_cursor(fresh: RiesgosPage, shell: Shell, keyboard: Any) -> None:
    keyboard.press(Qt.Key.Key_F1)
    card = _card(shell)
    first = card.title.text()
    keyboard.tab()

    assert (first, card.title.text()) == ("Subproceso", "Actividad")
    assert card.example.text().startswith("Ejemplo: ") and card.source.text().startswith("Fuente: ")
    assert card.accessibleName() == "Ayuda de Actividad"
    assert fresh.form.editors["actividad"].busy


def test_help_stays_within_the_window_and_off_its_field(
    fresh: RiesgosPage, shell: Shell, keyboard: Any, qtbot: QtBot
) -> None:
    shell.resize(911, 512)
    keyboard.press(Qt.Key.Key_F1)
    for _ in range(6):
        keyboard.tab()
        card, field = _card(shell), keyboard.where
        assert card.isVisible()
        qtbot.waitUntil(lambda: not card.geometry().contains(field.mapTo(shell, field.rect().center())))  # noqa: B023
        assert shell.rect().contains(card.geometry())


def test_escape_and_the_button_close_the_help_and_text_is_kept(fresh: RiesgosPage, shell: Shell, keyboard: Any) -> None:
    fresh.form.go_to("actividad")
    keyboard.type("Envío")
    keyboard.press(Qt.Key.Key_F1)
    keyboard.press(Qt.Key.Key_Escape)
    closed = not _card(shell).isVisible()
    keyboard.press(Qt.Key.Key_F1)
    (button,) = _card(shell).findChildren(QPushButton)
    keyboard.click(button)

    assert closed and not _card(shell).isVisible()
    assert fresh.form.editors["actividad"].raw() == "Envío"
    assert fresh.form.editors["actividad"].busy


def test_help_goes_when_the_cursor_leaves_the_fields(fresh: RiesgosPage, shell: Shell, keyboard: Any) -> None:
    keyboard.press(Qt.Key.Key_F1)
    fresh.finder.list.setFocus()

    assert not _card(shell).isVisible()
    keyboard.press(Qt.Key.Key_F1)
    assert not _card(shell).isVisible()


def test_f1_in_a_table_tells_of_the_column(shell: Shell, settle: Settle, keyboard: Any) -> None:
    shell.go("equipos")
    settle(shell)
    page = shell.page
    assert isinstance(page, EquiposPage)
    page.add()
    settle(shell)
    page.grid.setFocus()
    keyboard.press(Qt.Key.Key_F1)
    first = _card(shell).title.text()
    keyboard.press(Qt.Key.Key_Right)

    columns = [field.label for field in page.model.columns]
    assert _card(shell).title.text() == columns[columns.index(first) + 1]

"""The guide to somebody's first risk, followed by keys over a real store."""

import tomllib
from collections.abc import Callable
from typing import Any

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QWidget
from pytestqt.qtbot import QtBot

from peti_desktop.first_risk import STEPS, lessons
from peti_desktop.records import Value
from peti_desktop.records.wording import names_a_person, reads_like
from peti_desktop.workspace import Workspace
from resources import resource
from ui.dependencia.riesgos import RiesgosPage
from ui.shell import Shell

Settle = Callable[[Shell], None]
Disk = Callable[[str], list[dict[str, Any]]]
Fill = Callable[[Callable[[Workspace], Any]], Any]
ALT = Qt.KeyboardModifier.AltModifier
CTRL = Qt.KeyboardModifier.ControlModifier


def _page(shell: Shell, settle: Settle) -> RiesgosPage:
    shell.go("riesgos")
    settle(shell)
    found = shell.page
    assert isinstance(found, RiesgosPage)
    return found


@pytest.fixture
def guided(shell: Shell, settle: Settle, keyboard: Any, qtbot: QtBot) -> RiesgosPage:
    """The first risk, begun with the guide by its key."""
    page = _page(shell, settle)
    keyboard.press(Qt.Key.Key_P, ALT)
    qtbot.waitUntil(lambda: page.form.editors["subproceso"].busy and page.guide.isVisible())
    return page


def _identify(keyboard: Any) -> None:
    keyboard.fill("", "Envío de los informes de ejecución", "", "tecnologia", "Fallas tecnológicas", "ambas")
    keyboard.fill("multas de los entes de control", "demoras de EPS e IPS en los informes")


def test_a_first_risk_is_led_from_step_to_step_by_the_keyboard(
    guided: RiesgosPage, shell: Shell, keyboard: Any, qtbot: QtBot, settle: Settle, on_disk: Disk
) -> None:
    form, guide = guided.form, guided.guide
    seen = [guide.title.text()]
    _identify(keyboard)
    seen.append(guide.title.text())
    assert form.editors["frecuencia_anual"].busy
    keyboard.fill("12", "120", "Menor", "", "")
    seen.append(guide.title.text())
    keyboard.press(Qt.Key.Key_Space)
    qtbot.waitUntil(lambda: len(form.controlar.cards) == 1 and form.controlar.cards[0].editors["responsable"].busy)
    keyboard.fill("Tesorero", "cada mes", "verifica el reporte", "con el auxiliar", "avisa al jefe", "correo")
    keyboard.fill("Preventivo", "Automático", "Documentado", "Continua", "Con registro")
    seen.append(guide.title.text())
    keyboard.fill("Reducir (mitigar)", "", "Programar los envíos", "Profesional universitario", "30/06/2027")
    shell.flush()
    settle(shell)

    assert seen == [lesson.title for lesson in lessons()]
    assert guide.state.text().startswith("✓ Su primer riesgo está completo")
    (risk,) = on_disk("select * from riesgo")
    assert (risk["zona_inherente"], risk["tratamiento"]) == ("alto", "reducir")


def test_it_names_what_is_missing_and_waits(guided: RiesgosPage, keyboard: Any) -> None:
    first = guided.guide.state.text()
    guided.form.go_to("causa_raiz")
    keyboard.fill("demoras de EPS e IPS en los informes")

    assert first == "▲ Falta: Actividad, Factor de riesgo, Clasificación y 3 más."
    assert guided.form.bar.currentIndex() == 0


def test_nobody_is_led_away_while_typing_or_going_back(guided: RiesgosPage, keyboard: Any) -> None:
    keyboard.fill("", "Envío de los informes", "", "tecnologia", "Fallas tecnológicas", "ambas", "multas")
    keyboard.type("demoras")
    state = guided.guide.state.text()
    keyboard.press(Qt.Key.Key_Backtab, Qt.KeyboardModifier.ShiftModifier)

    assert state.startswith("✓ Este paso está completo")
    assert guided.form.bar.currentIndex() == 0
    assert guided.form.editors["causa_inmediata"].busy


def test_it_is_left_at_any_time_and_what_was_typed_stays(
    guided: RiesgosPage, shell: Shell, keyboard: Any, settle: Settle, on_disk: Disk
) -> None:
    keyboard.fill("", "Envío")
    keyboard.wake(shell)
    guided.guide.leave.setFocus()
    keyboard.press(Qt.Key.Key_Space)
    shell.flush()
    settle(shell)

    assert not guided.guide.isVisible() and guided.finder.list.isVisible()
    assert guided.form.isAncestorOf(keyboard.where)
    assert on_disk("select actividad from riesgo") == [{"actividad": "Envío"}]


def test_a_second_risk_brings_the_list_back(guided: RiesgosPage, keyboard: Any, qtbot: QtBot) -> None:
    keyboard.press(Qt.Key.Key_N, CTRL)
    qtbot.waitUntil(lambda: guided.finder.entries.total == 2)

    assert not guided.guide.isVisible() and guided.finder.list.isVisible()


def test_examples_follow_the_kind_of_risk_and_can_be_turned(guided: RiesgosPage, keyboard: Any) -> None:
    general = guided.guide.good.text()
    guided.form.editors["tipo"].answer("seguridad")
    security = guided.guide.good.text()
    guided.guide.other.setFocus()
    keyboard.press(Qt.Key.Key_Space)

    assert general.startswith("✓ Así sí: Posibilidad de pérdida económica")
    assert "base de recaudo" in security
    assert guided.guide.good.text() not in {security, ""}


def test_it_is_offered_only_for_the_first_risk(
    fill_store: Fill, open_shell: Callable[[], Shell], settle: Settle, risk: dict[str, Value]
) -> None:
    fill_store(lambda ws: ws.new("riesgo", risk))
    page = _page(open_shell(), settle)

    assert not page.guided.isVisible()
    assert not page.guide.isVisible()


def test_it_fits_a_small_screen_and_every_part_has_a_name(
    guided: RiesgosPage, shell: Shell, nameless: Callable[[QWidget], list[str]], qtbot: QtBot
) -> None:
    shell.resize(911, 512)
    qtbot.waitUntil(lambda: shell.width() == 911 and shell.height() == 512)

    assert nameless(guided) == []
    assert guided.rect().contains(guided.guide.leave.mapTo(guided, guided.guide.leave.rect().bottomRight()))


def test_every_step_has_a_lesson_with_good_and_bad_wording() -> None:
    said = tomllib.loads(resource("help/primer_riesgo.toml").read_text(encoding="utf-8"))
    found = lessons()

    assert set(said) - {"version", "fecha", "fuente"} == set(STEPS)
    assert all(lesson.examples and lesson.title and lesson.now and lesson.source for lesson in found)
    for example in found[0].examples:
        assert example.good.startswith("Posibilidad de ")
        assert any(joint in example.good for joint in (" debido a ", " a causa de ", " en beneficio de "))
        assert reads_like(example.good) == ""
    assert {reads_like(example.bad) for example in found[0].examples} >= {"causa", "deseo"}
    assert not any(names_a_person(example.good) for lesson in found for example in lesson.examples)

"""What the office asks: opened from its file, told at its field, answered, counted, carried by the next delivery."""

from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from PySide6.QtCore import QMimeData, QPoint, QPointF, Qt, QUrl
from PySide6.QtGui import QDragEnterEvent, QDropEvent
from PySide6.QtWidgets import QApplication, QWidget
from pytestqt.qtbot import QtBot

from peti_desktop.delivery.deliver import deliver
from peti_desktop.records import Value
from peti_desktop.returning.observations import Asked
from peti_desktop.workspace import Workspace
from tests.ui.dependencia.loop import given_back, made_keys
from ui.dependencia.entregar import EntregarPage
from ui.dependencia.equipos import EquiposPage
from ui.dependencia.inicio import InicioPage
from ui.dependencia.observaciones import ObservacionesPage
from ui.dependencia.observadas import ANSWERED, Entry
from ui.dependencia.riesgos import RiesgosPage
from ui.messages import Recorded
from ui.shell import Shell

Settle = Callable[[Shell], None]
Fill = Callable[[Callable[[Workspace], Any]], Any]
DUE = datetime.now(UTC).date() + timedelta(days=5)


def asks(ws: Workspace) -> list[Asked]:
    device, risk = ws.records("equipo")[0], ws.records("riesgo")[0]
    return [
        Asked("equipo", device.uid, "anio", texto="El año no es el de la factura."),
        Asked("riesgo", risk.uid, "causa_raiz", texto="Diga por qué ocurre."),
        Asked("sistema", frase="seccion_vacia"),
    ]


@pytest.fixture
def files(fill_store: Fill, risk: dict[str, Value], tmp_path: Path) -> tuple[Path, Path]:
    """A devolución and an acuse of the first delivery."""

    def fill(ws: Workspace) -> tuple[Path, Path]:
        ws.new("riesgo", risk)
        ws.new("equipo", {"tipo": "escritorio", "estado": "en_uso", "placa": "SAL-1", "anio": 2015})
        return given_back(ws, tmp_path, asks, DUE)

    made: tuple[Path, Path] = fill_store(fill)
    return made


@pytest.fixture
def returned(files: tuple[Path, Path], open_shell: Callable[[], Shell], settle: Settle) -> Shell:
    """A window at the page, after the file of the office was opened there."""
    shell = open_shell()
    shell.go("observaciones")
    settle(shell)
    assert isinstance(shell.messages, Recorded)
    shell.messages.answers.append(files[0])
    page_of(shell).open.click()
    settle(shell)
    return shell


def page_of(shell: Shell) -> ObservacionesPage:
    page = shell.page
    assert isinstance(page, ObservacionesPage)
    return page


def choose(shell: Shell, tipo: str) -> ObservacionesPage:
    """Choose the observation about ``tipo``."""
    page = page_of(shell)
    uid = next(entry.asked.uid for entry in page.observed.entries if entry.asked.tipo == tipo)
    page.list.setCurrentIndex(page.observed.index(page.observed.row_of(uid)))
    return page


def shown(page: ObservacionesPage) -> list[str]:
    model = page.observed
    return [str(model.index(row).data()) for row in range(model.rowCount())]


def told(shell: Shell) -> str:
    return shell.notice.text


def badge(shell: Shell) -> str:
    return next(e.accessibleName() for _spec, e in shell.nav.entries if "Observaciones" in e.accessibleName())


def test_before_anything_came_the_page_says_what_to_do(
    open_shell: Callable[[], Shell], settle: Settle, nameless: Callable[[QWidget], list[str]]
) -> None:
    shell = open_shell()
    shell.go("observaciones")
    settle(shell)

    assert page_of(shell).stack.currentIndex() == 1
    assert badge(shell) == "Observaciones"
    assert not nameless(shell)


def test_a_return_stands_section_by_section_with_its_deadline(
    returned: Shell, nameless: Callable[[QWidget], list[str]]
) -> None:
    page = page_of(returned)

    assert "1.ª devolución: 3 observaciones sobre la entrega n.º 1" in told(returned)
    assert [row for row in shown(page) if row in {"Riesgos", "Equipos", "Sistemas"}] == [
        "Riesgos",
        "Equipos",
        "Sistemas",
    ]
    assert any(
        row.startswith("Año · Computador de escritorio · SAL-1. Por responder. faltan 5 días") for row in shown(page)
    )
    assert badge(returned) == "Observaciones, 3"
    assert page._subtitle.text().startswith("▲ 3 por responder antes del")
    assert not nameless(returned)


def test_enter_leads_to_the_very_field_which_says_what_is_asked(
    returned: Shell, settle: Settle, keyboard: Any, qtbot: QtBot
) -> None:
    page = choose(returned, "equipo")
    page.list.setFocus()
    keyboard.press(Qt.Key.Key_Return)
    settle(returned)
    equipos = returned.page
    assert isinstance(equipos, EquiposPage)
    qtbot.waitUntil(lambda: equipos.form.editors["anio"].busy)

    problems = equipos.form.editors["anio"].accessibleDescription() + equipos.form.editors["anio"].input.toolTip()
    said = [label.text() for label in equipos.form.editors["anio"].findChildren(type(page._subtitle))]
    assert any("La Oficina TIC pide: El año no es el de la factura." in text for text in [*said, problems])


def test_a_field_of_a_risk_says_what_is_asked(returned: Shell, settle: Settle) -> None:
    page = choose(returned, "riesgo")
    page.answer.go.click()
    settle(returned)
    risks = returned.page
    assert isinstance(risks, RiesgosPage)
    editor = risks.form.editors["causa_raiz"]

    said = [label.text() for label in editor.findChildren(type(page._subtitle))]
    assert any("La Oficina TIC pide: Diga por qué ocurre." in text for text in said)


def test_a_correction_is_noticed_and_answered(returned: Shell, settle: Settle, on_disk: Callable[[str], Any]) -> None:
    page = choose(returned, "equipo")
    assert (page.answer.declared.said, page.answer.now.said) == ("2015", "2015")
    page.answer.corrected.click()
    assert "El valor sigue igual" in page.answer.hint.text()
    page.answer.back.click()
    settle(returned)
    assert returned.desk is not None
    ws = returned.desk.workspace
    returned.desk.save(lambda _p: ws.put("equipo", ws.records("equipo")[0].uid, {"anio": "2018"}), {"equipo"})
    settle(returned)
    page = choose(returned, "equipo")
    assert page.answer.now.said == "2018"
    assert "El valor ya cambió" in page.answer.hint.text()
    page.answer.corrected.click()
    settle(returned)

    assert page.answer.state.accessibleName() == "Respondida: va en la próxima entrega"
    assert badge(returned) == "Observaciones, 2"
    rows = on_disk("select respuesta, razon from observacion where campo = 'anio'")
    assert rows == [{"respuesta": "corregido", "razon": None}]


def test_keeping_a_value_needs_a_reason_which_saves_itself(
    returned: Shell, settle: Settle, qtbot: QtBot, keyboard: Any, on_disk: Callable[[str], Any]
) -> None:
    page = choose(returned, "riesgo")
    page.answer.kept.click()
    settle(returned)
    assert "Falta la razón" in page.answer.hint.text()
    assert on_disk("select estado from observacion where tipo = 'riesgo'") == [{"estado": "devuelta"}]
    assert QApplication.focusWidget() is page.answer.reason
    keyboard.type("Así lo acordó el comité de mañana.")
    qtbot.waitUntil(lambda: "Guardada" in page.answer.hint.text(), timeout=10_000)
    settle(returned)

    query = "select respuesta, razon from observacion where tipo = 'riesgo'"
    assert on_disk(query) == [{"respuesta": "se mantiene", "razon": "Así lo acordó el comité de mañana."}]
    page.answer.back.click()
    settle(returned)
    assert on_disk("select estado, razon from observacion where tipo = 'riesgo'") == [
        {"estado": "devuelta", "razon": None}
    ]


def test_another_answer_gives_way_to_the_one_before(
    returned: Shell, settle: Settle, on_disk: Callable[[str], Any]
) -> None:
    page = choose(returned, "sistema")
    page.answer.kept.click()
    page.answer.reason.setPlainText("No hay sistemas propios.")
    page.flush()
    settle(returned)
    choose(returned, "riesgo")
    choose(returned, "sistema")
    page.answer.corrected.click()
    settle(returned)
    assert page.answer.back.text().replace("&", "") == "Volver a la respuesta anterior"
    page.answer.back.click()
    settle(returned)

    query = "select respuesta, razon from observacion where tipo = 'sistema'"
    assert on_disk(query) == [{"respuesta": "se mantiene", "razon": "No hay sistemas propios."}]
    assert page.answer.kept.isChecked()


def test_inicio_and_the_rehearsal_say_what_waits(returned: Shell, settle: Settle) -> None:
    returned.go("inicio")
    settle(returned)
    page = returned.page
    assert isinstance(page, InicioPage)
    assert page.asked_words.accessibleName().startswith("Devuelta con 3 observaciones, responda antes del")
    assert "devuelta con 3 observaciones" in page.last.text()
    returned.go("entregar")
    settle(returned)

    wizard = returned.page
    assert isinstance(wizard, EntregarPage)
    assert wizard.ensayar.asked.accessibleName().startswith("3 observaciones sin responder")
    problems = wizard.ensayar.list.problems
    lines = [str(problems.index(row).data()) for row in range(problems.rowCount())]
    assert any("La Oficina TIC pide: El año" in line for line in lines)
    assert wizard.forward.isEnabled()


def test_after_the_next_delivery_it_says_which_one_carried_the_answer(
    returned: Shell, settle: Settle, tmp_path: Path
) -> None:
    page = choose(returned, "sistema")
    page.answer.corrected.click()
    settle(returned)
    assert returned.desk is not None
    ws = returned.desk.workspace
    returned.desk.run(lambda _p: deliver(ws, made_keys().salud, tmp_path / "usb2"))
    settle(returned)
    page.reload()
    settle(returned)

    entry = next(entry for entry in page.observed.entries if entry.asked.tipo == "sistema")
    assert entry.state == ("Respondida en la entrega n.º 2", "fine")
    page.filter.setCurrentIndex(1)
    page._ask()
    assert shown(page)[0] == "Sistemas"
    assert page.observed.count(ANSWERED) == 1


def test_files_are_recognised_when_they_are_dropped(
    files: tuple[Path, Path], open_shell: Callable[[], Shell], settle: Settle, tmp_path: Path
) -> None:
    shell = open_shell()
    shell.go("observaciones")
    settle(shell)
    page = page_of(shell)
    data = QMimeData()
    data.setUrls([QUrl.fromLocalFile(str(path)) for path in files])
    button, none = Qt.MouseButton.LeftButton, Qt.KeyboardModifier.NoModifier
    enter = QDragEnterEvent(QPoint(5, 5), Qt.DropAction.CopyAction, data, button, none)
    page.dragEnterEvent(enter)
    assert enter.isAccepted()
    page.dropEvent(QDropEvent(QPointF(5, 5), Qt.DropAction.CopyAction, data, button, none))
    settle(shell)

    assert "La Oficina TIC recibió la entrega n.º 1" in told(shell)
    assert "1.ª devolución" in told(shell)
    assert len(page.observed.entries) == 3


def test_another_file_is_named_and_nothing_is_kept(
    files: tuple[Path, Path], open_shell: Callable[[], Shell], settle: Settle, tmp_path: Path, on_disk: Any
) -> None:
    shell = open_shell()
    shell.go("observaciones")
    settle(shell)
    letter = tmp_path / "carta.xlsx"
    letter.write_text("hola", encoding="utf-8")
    assert isinstance(shell.messages, Recorded)
    shell.messages.answers += [letter, tmp_path / "usb" / "2026_SALUD_entrega-01.xlsx"]
    page_of(shell).open.click()
    settle(shell)
    assert "«carta.xlsx»" in told(shell)
    assert "No se guardó nada." in told(shell)
    page_of(shell).open.click()
    settle(shell)

    assert "Es una entrega de una dependencia" in told(shell)
    assert shell.notice._action.text() == "Leerla"
    assert on_disk("select count(*) as many from archivo") == [{"many": 0}]


@pytest.mark.parametrize(
    ("days", "words", "tone"),
    [
        (5, "faltan 5 días", "warns"),
        (1, "vence mañana", "warns"),
        (0, "vence hoy", "warns"),
        (-1, "venció ayer", "stops"),
        (-3, "venció hace 3 días", "stops"),
    ],
)
def test_days_left_are_said_in_words(returned: Shell, days: int, words: str, tone: str) -> None:
    entry = page_of(returned).observed.entries[0]
    assert entry.asked.vence is not None
    seen = Entry(entry.asked, entry.standing, 0, entry.asked.vence - timedelta(days=days))

    assert (seen.due, seen.state) == (words, ("Por responder", tone))
    assert isinstance(seen.today, date)

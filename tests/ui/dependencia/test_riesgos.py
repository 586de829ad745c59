"""The risks' page, driven by keys over a real store."""

from collections.abc import Callable
from decimal import Decimal
from typing import Any

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QPushButton
from pytestqt.qtbot import QtBot

from peti_desktop.errors import UserError
from peti_desktop.records import Value
from peti_desktop.records.record import Record
from peti_desktop.workspace import Workspace
from ui.dependencia.listing import ENTRY
from ui.dependencia.necesidades import NecesidadesPage
from ui.dependencia.riesgos import RiesgosPage
from ui.shell import Shell

Disk = Callable[[str], list[dict[str, Any]]]
Settle = Callable[[Shell], None]
Fill = Callable[[Callable[[Workspace], Any]], Any]
CTRL = Qt.KeyboardModifier.ControlModifier


def risks(shell: Shell) -> RiesgosPage:
    page = shell.page
    assert isinstance(page, RiesgosPage)
    return page


@pytest.fixture
def fresh(shell: Shell, keyboard: Any, qtbot: QtBot, settle: Settle) -> RiesgosPage:
    """A risk just begun with Ctrl+N, the cursor in its first field."""
    shell.go("riesgos")
    settle(shell)
    page = risks(shell)
    keyboard.press(Qt.Key.Key_N, CTRL)
    qtbot.waitUntil(lambda: page.form.editors["subproceso"].busy)
    return page


def test_a_whole_risk_is_typed_with_the_keyboard(
    fresh: RiesgosPage, shell: Shell, keyboard: Any, qtbot: QtBot, settle: Settle, on_disk: Disk
) -> None:
    keyboard.fill("", "Envío de los informes de ejecución", "", "tecnologia", "Fallas tecnológicas", "ambas")
    keyboard.fill("multas de los entes de control", "demoras de EPS e IPS en los informes")
    fresh.form.go_step(1)
    keyboard.fill("12", "120", "Menor")
    fresh.form.go_step(2)
    keyboard.press(Qt.Key.Key_Space)
    qtbot.waitUntil(lambda: len(fresh.form.controlar.cards) == 1)
    card = fresh.form.controlar.cards[0]
    qtbot.waitUntil(card.editors["responsable"].input.hasFocus)
    keyboard.fill("Tesorero", "cada mes", "verifica el reporte", "con el auxiliar", "avisa al jefe", "correo")
    keyboard.fill("Preventivo", "Automático")
    fresh.form.go_step(3)
    keyboard.fill("Reducir (mitigar)", "", "Programar los envíos", "Profesional universitario", "30/06/2027")
    shell.flush()
    settle(shell)

    (risk,) = on_disk("select * from riesgo")
    assert risk["referencia"] == "R-001"
    assert risk["subproceso"] == "salud_publica"
    assert risk["factor"] == "tecnologia"
    assert risk["descripcion"] == (
        "Posibilidad de pérdida económica y afectación reputacional por multas de los entes de control "
        "debido a demoras de EPS e IPS en los informes."
    )
    assert (risk["probabilidad_inherente"], risk["impacto_inherente"], risk["zona_inherente"]) == (2, 4, "alto")
    assert (risk["tratamiento"], risk["fecha_implementacion"]) == ("reducir", "2027-06-30")
    (control,) = on_disk("select * from control")
    assert (control["riesgo"], control["responsable"], control["tipo"]) == (risk["uid"], "Tesorero", "preventivo")
    assert risk["zona_residual"] == "alto"
    assert fresh.form.bar.tabText(3).endswith("✓")


def test_the_sentence_grows_while_its_parts_are_typed(fresh: RiesgosPage, keyboard: Any) -> None:
    fresh.form.go_to("causa_inmediata")
    keyboard.type("sanción de la Contraloría")

    assert "sanción de la Contraloría" in fresh.form.sentence.text()
    assert "…" in fresh.form.sentence.text()
    assert fresh.form.editors["descripcion"].raw() == ""


def test_own_words_are_never_written_over(
    fresh: RiesgosPage, shell: Shell, keyboard: Any, settle: Settle, on_disk: Disk
) -> None:
    fresh.form.go_to("descripcion")
    keyboard.type("Mis palabras")
    fresh.form.go_to("causa_inmediata")
    keyboard.type("otra cosa")
    shell.flush()
    settle(shell)

    assert on_disk("select descripcion from riesgo") == [{"descripcion": "Mis palabras"}]


def test_half_a_number_survives_as_a_draft(
    fresh: RiesgosPage, shell: Shell, keyboard: Any, settle: Settle, on_disk: Disk, open_shell: Callable[[], Shell]
) -> None:
    fresh.form.go_step(1)
    keyboard.type("12 vec")
    shell.close()
    again = open_shell()
    again.go("riesgos")
    settle(again)

    assert [row["texto"] for row in on_disk("select * from borrador")] == ["12 vec"]
    editor = risks(again).form.editors["frecuencia_anual"]
    assert editor.raw() == "12 vec"
    assert "no es un número" in editor.problem


def test_nothing_is_lost_when_pages_change_right_after_a_key(
    fresh: RiesgosPage, shell: Shell, keyboard: Any, settle: Settle, on_disk: Disk
) -> None:
    keyboard.tab()
    keyboard.type("Cargue de la información")
    shell.go("equipos")
    shell.go("inicio")
    settle(shell)

    assert on_disk("select actividad from riesgo") == [{"actividad": "Cargue de la información"}]


def test_nothing_is_lost_when_another_risk_is_chosen_right_after_a_key(
    fill_store: Fill, open_shell: Callable[[], Shell], keyboard: Any, settle: Settle, on_disk: Disk
) -> None:
    fill_store(lambda ws: [ws.new("riesgo", {"actividad": name}) for name in ("uno", "dos")])
    shell = open_shell()
    shell.go("riesgos")
    settle(shell)
    page = risks(shell)
    page.form.go_to("actividad")
    keyboard.type(" y medio")
    page.finder.list.setCurrentIndex(page.finder.entries.index(1))
    settle(shell)

    assert [row["actividad"] for row in on_disk("select actividad from riesgo order by uid")] == ["uno y medio", "dos"]
    assert page.form.editors["actividad"].raw() == "dos"


def test_a_write_that_failed_is_made_good_by_the_next(
    fresh: RiesgosPage,
    shell: Shell,
    keyboard: Any,
    settle: Settle,
    on_disk: Disk,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    assert shell.desk is not None
    put = shell.desk.workspace.put

    def full(*_what: object, **_how: object) -> Record:
        raise UserError("El disco está lleno.", "Libere espacio.")

    monkeypatch.setattr(shell.desk.workspace, "put", full)
    keyboard.tab()
    keyboard.type("Recaudo")
    shell.flush()
    settle(shell)
    assert "El disco está lleno." in shell.notice.text
    monkeypatch.setattr(shell.desk.workspace, "put", put)
    shell.flush()
    settle(shell)

    assert on_disk("select actividad from riesgo") == [{"actividad": "Recaudo"}]


def test_a_wish_is_offered_a_place_among_the_needs(
    fresh: RiesgosPage, shell: Shell, keyboard: Any, qtbot: QtBot, settle: Settle, on_disk: Disk
) -> None:
    fresh.form.go_to("causa_inmediata")
    keyboard.type("Necesidad de un servidor de respaldo")
    keyboard.tab()
    wish = fresh.form.identificar.wish
    assert "¿Registrarlo como necesidad?" in wish.text
    (yes,) = [found for found in wish.findChildren(QPushButton) if found.text() == "Sí, como necesidad"]
    keyboard.click(yes)
    qtbot.waitUntil(lambda: isinstance(shell.page, NecesidadesPage))
    settle(shell)

    (need,) = on_disk("select * from necesidad")
    assert need["descripcion"] == "Necesidad de un servidor de respaldo"
    assert need["subproceso"] == "salud_publica"
    assert on_disk("select retirado from riesgo") == [{"retirado": "Se registró como necesidad"}]


def test_a_new_risk_is_not_scolded_before_anybody_was_there(fresh: RiesgosPage, keyboard: Any) -> None:
    assert fresh.form.editors["actividad"].problem == ""
    keyboard.tab(2)

    assert "Falta" in fresh.form.editors["actividad"].problem
    assert fresh.form.editors["causa_raiz"].problem == ""


def test_levels_pesos_and_zone_follow_while_typing(fresh: RiesgosPage, shell: Shell, keyboard: Any) -> None:
    assert shell.desk is not None
    wage = shell.desk.workspace.catalogues.smlmv(2026)
    assert wage is not None
    fresh.form.go_step(1)
    keyboard.fill("12", "120")

    step = fresh.form.valorar
    pesos = f"{wage * 120:,.0f}".replace(",", ".")
    assert pesos in step.follows["impacto_smlmv"].text()
    assert "Baja" in step.follows["frecuencia_anual"].text()
    assert step.zone.accessibleName() == "Zona Alto"
    assert "Alto" in fresh.heat.heat.accessibleDescription()
    assert fresh.finder.entries.index(0).data(ENTRY).zone == "alto"


def test_retired_risks_come_back_with_undo(
    keyboard: Any,
    fill_store: Fill,
    open_shell: Callable[[], Shell],
    settle: Settle,
    on_disk: Disk,
    risk: dict[str, Value],
) -> None:
    fill_store(lambda ws: ws.new("riesgo", risk))
    shell = open_shell()
    shell.go("riesgos")
    settle(shell)
    page = risks(shell)
    page.form.retired.emit("Está repetido")
    settle(shell)
    assert on_disk("select retirado from riesgo") == [{"retirado": "Está repetido"}]
    assert page.finder.entries.rowCount() == 0
    (undo,) = [found for found in shell.notice.findChildren(QPushButton) if found.text() == "Deshacer"]
    keyboard.click(undo)
    settle(shell)

    assert on_disk("select retirado from riesgo") == [{"retirado": None}]
    assert page.finder.entries.rowCount() == 1


def test_a_risk_goes_and_comes_back_with_its_controls(
    fill_store: Fill, open_shell: Callable[[], Shell], settle: Settle, on_disk: Disk, risk: dict[str, Value]
) -> None:
    def fill(ws: Workspace) -> None:
        uid = ws.new("riesgo", risk).uid
        ws.new("control", {"riesgo": uid})
        ws.retire("control", ws.new("control", {"riesgo": uid}).uid, "De antes")

    fill_store(fill)
    shell = open_shell()
    shell.go("riesgos")
    settle(shell)
    page = risks(shell)
    page.form.retired.emit("Está repetido")
    settle(shell)
    assert [row["retirado"] for row in on_disk("select retirado from control order by uid")] == [
        "Está repetido",
        "De antes",
    ]
    assert shell.desk is not None
    assert shell.desk.workspace.problems() == []
    page.finder.filter.setCurrentIndex(page.finder.filter.findData("retirados"))
    page.finder.filter.activated.emit(page.finder.filter.currentIndex())
    page.finder.list.setCurrentIndex(page.finder.entries.index(0))
    page.form.restored.emit()
    settle(shell)

    assert [row["retirado"] for row in on_disk("select retirado from control order by uid")] == [None, "De antes"]
    assert on_disk("select retirado from riesgo") == [{"retirado": None}]


def test_search_ignores_accents_and_filters_by_zone(
    fill_store: Fill, open_shell: Callable[[], Shell], settle: Settle, risk: dict[str, Value]
) -> None:
    fill_store(lambda ws: [ws.new("riesgo", risk), ws.new("riesgo", {"actividad": "Vacunación"})])
    shell = open_shell()
    shell.go("riesgos")
    settle(shell)
    page = risks(shell)

    page.finder.search.setText("VACUNACION")
    assert [page.finder.entries.index(n).data(ENTRY).reference for n in range(page.finder.entries.rowCount())] == [
        "R-002"
    ]
    page.finder.search.clear()
    page.finder.filter.setCurrentIndex(page.finder.filter.findData("alto"))
    page.finder.filter.activated.emit(page.finder.filter.currentIndex())
    assert [page.finder.entries.index(n).data(ENTRY).reference for n in range(page.finder.entries.rowCount())] == [
        "R-001"
    ]


def test_controls_move_the_residual_point(
    fill_store: Fill, open_shell: Callable[[], Shell], settle: Settle, risk: dict[str, Value], on_disk: Disk
) -> None:
    def fill(ws: Workspace) -> None:
        uid = ws.new("riesgo", risk | {"frecuencia_anual": 400, "impacto_smlmv": Decimal(5)}).uid
        for _ in range(2):
            values: dict[str, Value] = {"riesgo": uid, "tipo": "preventivo", "implementacion": "automatico"}
            ws.new("control", values | {"responsable": "Tesorero", "accion": "verifica"})

    fill_store(fill)
    shell = open_shell()
    shell.go("riesgos")
    settle(shell)
    page = risks(shell)
    assert page.form.live().values["probabilidad_residual"] == 1
    page.form.controlar.cards[0].retired.emit(page.form.controlar.cards[0].record.uid, "Ya no aplica")
    settle(shell)

    assert len(page.form.controlar.cards) == 1
    assert (
        page.form.live().values["probabilidad_residual"] == on_disk("select * from riesgo")[0]["probabilidad_residual"]
    )


def test_text_that_is_no_value_keeps_a_risk_from_being_complete(
    fill_store: Fill,
    open_shell: Callable[[], Shell],
    keyboard: Any,
    settle: Settle,
    risk: dict[str, Value],
    on_disk: Disk,
) -> None:
    """The store goes on with the old value, and so do map and zone; the delivery waits for the text."""

    def fill(workspace: Workspace) -> None:
        uid = workspace.new("riesgo", risk | {"impacto_reputacional": "2"}).uid
        workspace.new("control", {
            "riesgo": uid, "responsable": "Tesorero", "accion": "verifica el reporte", "tipo": "preventivo",
            "implementacion": "manual",
        })  # fmt: skip

    fill_store(fill)
    shell = open_shell()
    shell.go("riesgos")
    settle(shell)
    page = risks(shell)
    zones = [page.form.live().values[f"zona_{which}"] for which in ("inherente", "residual")]
    assert page.form._state.text() == "✓ Completo"

    page.form.go_to("impacto_smlmv")
    keyboard.where.selectAll()
    keyboard.type("ciento veinte")

    assert page.form._state.text() == "▲ Falta 1 dato"
    assert page.form.bar.tabText(1).endswith("▲ 1")
    assert page.form.editors["impacto_smlmv"].problem == ""
    shell.flush()
    settle(shell)
    assert [page.form.live().values[f"zona_{which}"] for which in ("inherente", "residual")] == zones
    assert [on_disk("select * from riesgo")[0][f"zona_{which}"] for which in ("inherente", "residual")] == zones
    assert page.finder.entries.index(0).data(ENTRY).missing == 1

    page.form.controlar.cards[0].editors["tipo"].answer("de los buenos")

    assert page.form._state.text() == "▲ Faltan 2 datos"
    assert page.form.bar.tabText(2).endswith("▲ 1")

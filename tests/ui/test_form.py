"""A generated form writes what is typed within a second, and never over it."""

import time
from collections.abc import Mapping

import pytest
from pytestqt.qtbot import QtBot

from peti_desktop.records import EQUIPO, TYPES
from peti_desktop.records.fields import Problem, RecordType
from peti_desktop.workspace import Workspace
from ui.form import Form

Saved = list[tuple[str, dict[str, str]]]


@pytest.fixture
def saved() -> Saved:
    return []


@pytest.fixture
def form(qtbot: QtBot, workspace: Workspace, saved: Saved) -> Form:
    def save(uid: str, changes: Mapping[str, str]) -> None:
        saved.append((uid, dict(changes)))

    made = Form(EQUIPO, workspace.catalogues, save)
    qtbot.addWidget(made)
    made.resize(900, 700)
    made.show()
    return made


@pytest.mark.parametrize("record_type", TYPES.values(), ids=TYPES)
def test_every_field_has_an_editor(qtbot: QtBot, workspace: Workspace, record_type: RecordType) -> None:
    form = Form(record_type, workspace.catalogues, lambda _uid, _changes: None)
    qtbot.addWidget(form)

    assert list(form.editors) == [field.name for field in record_type.fields]


def test_showing_a_record_saves_nothing(qtbot: QtBot, form: Form, workspace: Workspace, saved: Saved) -> None:
    for record in workspace.records("equipo"):
        form.show_record(record)
    form.flush()

    assert saved == []
    assert form.editors["placa"].raw() == "SAL-2"


def test_typing_is_saved_once_within_a_second(qtbot: QtBot, form: Form, workspace: Workspace, saved: Saved) -> None:
    record = workspace.records("equipo")[0]
    form.show_record(record)
    start = time.monotonic()

    qtbot.keyClicks(form.editors["modelo"].input, "ProDesk")
    qtbot.waitUntil(lambda: bool(saved), timeout=3000)

    assert time.monotonic() - start < 1.5
    assert saved == [(record.uid, {"modelo": "ProDesk"})]


def test_steady_typing_does_not_put_saving_off(qtbot: QtBot, form: Form, workspace: Workspace, saved: Saved) -> None:
    form.show_record(workspace.records("equipo")[0])
    start = time.monotonic()

    while not saved and time.monotonic() - start < 3:
        qtbot.keyClicks(form.editors["modelo"].input, "x", delay=60)

    assert saved
    assert time.monotonic() - start < 1.5


def test_another_record_first_writes_the_old_one(form: Form, qtbot: QtBot, workspace: Workspace, saved: Saved) -> None:
    first, second, _third = workspace.records("equipo")
    form.show_record(first)
    qtbot.keyClicks(form.editors["modelo"].input, "A")

    form.show_record(second)

    assert saved == [(first.uid, {"modelo": "A"})]
    assert form.editors["modelo"].raw() == ""


def test_reading_again_does_not_take_away_what_is_typed(
    qtbot: QtBot, form: Form, workspace: Workspace, saved: Saved
) -> None:
    record = workspace.records("equipo")[0]
    form.show_record(record)
    qtbot.keyClicks(form.editors["modelo"].input, "A")

    form.show_record(record)

    assert form.editors["modelo"].raw() == "A"


def test_hiding_writes(form: Form, qtbot: QtBot, workspace: Workspace, saved: Saved) -> None:
    form.show_record(workspace.records("equipo")[0])
    qtbot.keyClicks(form.editors["modelo"].input, "A")

    form.hide()

    assert saved[0][1] == {"modelo": "A"}


def test_draft_is_shown_with_its_problem(form: Form, workspace: Workspace) -> None:
    uid = workspace.records("equipo")[0].uid
    record = workspace.put("equipo", uid, {"anio": "dos mil"})

    form.show_record(record, [Problem("x", "marca", "Falta la marca.")])

    assert form.editors["anio"].raw() == "dos mil"
    assert form.editors["anio"].problem == "✕ «dos mil» no es un número entero."
    assert form.editors["marca"].problem == "✕ Falta la marca."


def test_narrow_form_has_one_column(form: Form, qtbot: QtBot) -> None:
    placa, tipo = form.editors["placa"], form.editors["tipo"]
    assert placa.y() == tipo.y()

    form.resize(380, 700)

    qtbot.waitUntil(lambda: placa.y() > tipo.y())
    assert form.widget().width() <= form.viewport().width()

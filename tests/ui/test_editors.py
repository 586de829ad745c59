"""Editors: every kind goes in and out unchanged, and only the user edits."""

from collections.abc import Callable
from datetime import date
from decimal import Decimal

import pytest
from PySide6.QtCore import QDate, QPoint, Qt
from PySide6.QtWidgets import QLabel, QLineEdit, QMenu, QVBoxLayout, QWidget
from pytestqt.qtbot import QtBot

from peti_desktop.catalogues import Catalogues
from peti_desktop.records import BORRAR, EQUIPO, NECESIDAD, NO_APLICA, RIESGO, TYPES, Blank
from peti_desktop.records.fields import Field, Kind, Problem, Severity, Value
from ui.editors import Editor
from ui.inputs import ChoiceInput, DateInput, NoteInput

Front = Callable[[QWidget], None]

FIELDS = [pytest.param(field, id=f"{kind.name}.{field.name}") for kind in TYPES.values() for field in kind.fields]
TYPED = [pytest.param(field, id=f"{kind.name}.{field.name}") for kind in TYPES.values() for field in kind.typed]


def sample(field: Field, catalogues: Catalogues) -> Value:
    """A value the field accepts."""
    match field.kind:
        case Kind.TEXT:
            return {"unspsc": "81112200", "preguntas": "2, 5"}.get(field.name, "Texto de prueba")
        case Kind.NOTE:
            return "Una línea\ny otra"
        case Kind.INTEGER:
            return max(field.least or 0, min(field.most or 2024, 2024))
        case Kind.AMOUNT:
            return Decimal("12.50")
        case Kind.MONEY:
            return Decimal("1234567.00")
        case Kind.DATE:
            return date(2026, 12, 31)
        case Kind.CHOICE:
            return catalogues.entries(field.catalogue)[-1].code
        case Kind.LINK:
            return "0192-uid"


def links() -> list[tuple[str, str]]:
    return [("0191-uid", "R-001 · Posibilidad de pérdida"), ("0192-uid", "R-002 · Caída del sistema")]


def made(qtbot: QtBot, field: Field, catalogues: Catalogues) -> Editor:
    editor = Editor(field, catalogues, links=links)
    qtbot.addWidget(editor)
    return editor


@pytest.mark.parametrize("field", TYPED)
def test_value_survives_the_editor_and_setting_is_not_editing(
    qtbot: QtBot, field: Field, catalogues: Catalogues
) -> None:
    editor = made(qtbot, field, catalogues)
    value = sample(field, catalogues)

    with qtbot.assertNotEmitted(editor.edited):
        editor.set(value)
        held = editor.value_or_none()
        editor.set(None)

    assert held == value
    assert editor.raw() == ""


@pytest.mark.parametrize("field", FIELDS)
def test_every_editor_has_a_name(qtbot: QtBot, field: Field, catalogues: Catalogues) -> None:
    editor = made(qtbot, field, catalogues)

    assert editor.input.accessibleName() == field.label


BLANK_KEYS = [
    (Qt.Key.Key_Minus, Qt.KeyboardModifier.ControlModifier, NO_APLICA),
    (Qt.Key.Key_Delete, Qt.KeyboardModifier.AltModifier, BORRAR),
]


@pytest.mark.parametrize(("key", "held", "blank"), BLANK_KEYS, ids=["no aplica", "borrar"])
@pytest.mark.parametrize("field", TYPED)
def test_blanks_are_answers_where_empty_is_one(
    qtbot: QtBot, field: Field, catalogues: Catalogues, front: Front, key: Qt.Key, held: Qt.KeyboardModifier,
    blank: Blank,
) -> None:  # fmt: skip
    editor = made(qtbot, field, catalogues)
    front(editor)
    editor.setFocus()
    heard: list[str] = []
    editor.edited.connect(heard.append)

    qtbot.keyClick(editor.input, key, held)

    if field.may_be_na:
        assert editor.value_or_none() is blank
        assert heard == [blank.value]
        editor.judge()
        assert editor.problem == ""
    else:
        assert heard == []


def test_what_will_be_erased_is_said_and_looks_different(qtbot: QtBot, catalogues: Catalogues, front: Front) -> None:
    editor = made(qtbot, EQUIPO["marca"], catalogues)
    front(editor)

    editor.erase()
    told, slanted = said_under(editor), editor.input.font().italic()
    description = editor.input.accessibleDescription()
    editor.set("HP")

    assert "vaciará lo que usted entregó antes" in told
    assert "vaciará" in description
    assert slanted
    assert not editor.input.font().italic()
    assert "vaciará" not in said_under(editor)


def said_under(editor: Editor) -> str:
    return " ".join(found.text() for found in editor.findChildren(QLabel) if found.isVisible())


def test_menu_of_a_field_offers_both_blanks(qtbot: QtBot, catalogues: Catalogues, front: Front) -> None:
    editor = made(qtbot, EQUIPO["marca"], catalogues)
    front(editor)

    editor.input.customContextMenuRequested.emit(QPoint(3, 3))
    menu = editor.findChild(QMenu)
    assert menu is not None
    actions = {action.text(): action for action in menu.actions()}
    actions["Borrar lo anterior\tAlt+Supr"].trigger()
    menu.close()

    assert "No aplica\tCtrl+-" in actions
    assert editor.value_or_none() is BORRAR


@pytest.mark.parametrize("name", ["actividad", "causa_raiz", "frecuencia_anual", "fecha_implementacion"])
def test_typing_is_editing(qtbot: QtBot, name: str, catalogues: Catalogues, front: Front) -> None:
    editor = made(qtbot, RIESGO[name], catalogues)
    front(editor)

    with qtbot.waitSignal(editor.edited) as heard:
        qtbot.keyClicks(editor.input, "7")

    assert heard.args == ["7"]


@pytest.mark.parametrize("typed", ["31/12/2026", "31-dic-2026", "2026-12-31", "31 de diciembre de 2026"])
def test_dates_are_taken_as_people_write_them(qtbot: QtBot, typed: str, catalogues: Catalogues, front: Front) -> None:
    editor = made(qtbot, RIESGO["fecha_implementacion"], catalogues)
    front(editor)

    qtbot.keyClicks(editor.input, typed)

    assert editor.value_or_none() == date(2026, 12, 31)


def test_calendar_gives_a_date_as_if_typed(qtbot: QtBot, catalogues: Catalogues) -> None:
    editor = made(qtbot, RIESGO["fecha_implementacion"], catalogues)
    assert isinstance(editor.input, DateInput)

    with qtbot.waitSignal(editor.edited):
        editor.input.choose(QDate(2027, 2, 3))

    assert editor.value_or_none() == date(2027, 2, 3)


def test_money_shows_thousands_only_while_nobody_is_in_it(qtbot: QtBot, catalogues: Catalogues, front: Front) -> None:
    window = QWidget()
    qtbot.addWidget(window)
    editor, other = Editor(NECESIDAD["valor_unitario"], catalogues, over=window), QLineEdit(window)
    front(window)
    other.setFocus()
    line = editor.input
    assert isinstance(line, QLineEdit)
    editor.set(Decimal("1234567"))
    assert line.text() == "$ 1.234.567"

    line.setFocus(Qt.FocusReason.TabFocusReason)
    assert line.text() == "1234567"
    qtbot.keyClicks(line, "2500000")
    other.setFocus()

    assert line.text() == "$ 2.500.000"
    assert editor.value_or_none() == Decimal("2500000")


def test_wrong_text_is_told_when_the_field_is_left(qtbot: QtBot, catalogues: Catalogues, front: Front) -> None:
    window = QWidget()
    qtbot.addWidget(window)
    editor, other = Editor(RIESGO["frecuencia_anual"], catalogues, over=window), QLineEdit(window)
    front(window)
    editor.setFocus()

    qtbot.keyClicks(editor.input, "muchas")
    assert editor.problem == ""
    other.setFocus()

    assert editor.problem == "✕ «muchas» no es un número entero."
    assert editor.raw() == "muchas"


def test_problem_is_told_by_sign_and_words(qtbot: QtBot, catalogues: Catalogues) -> None:
    editor = made(qtbot, RIESGO["actividad"], catalogues)
    warns, stops = (Problem("a", "actividad", f"Texto {s}", s) for s in (Severity.WARNS, Severity.STOPS))

    editor.set_problems([warns])
    assert editor.problem == "▲ Texto aviso"
    editor.set_problems([warns, stops])
    assert editor.problem == "✕ Texto impide"
    assert "Texto impide" in editor.input.accessibleDescription()
    editor.set_problems([])
    assert editor.problem == ""


def test_list_is_found_by_any_part_without_accents(qtbot: QtBot, catalogues: Catalogues, front: Front) -> None:
    editor = made(qtbot, RIESGO["subproceso"], catalogues)
    assert isinstance(editor.input, ChoiceInput)
    wanted = next(e for e in catalogues.entries("subproceso") if "Gestión" in e.label)
    front(editor)
    heard: list[str] = []
    editor.edited.connect(heard.append)

    qtbot.keyClicks(editor.input.line, wanted.label.lower().replace("ó", "o"))

    assert editor.raw() == wanted.code
    assert heard[-1] == wanted.code


def test_suggestions_hold_every_word_typed(qtbot: QtBot, catalogues: Catalogues, front: Front) -> None:
    editor = made(qtbot, RIESGO["subproceso"], catalogues)
    assert isinstance(editor.input, ChoiceInput)
    front(editor)

    qtbot.keyClicks(editor.input.line, "salud gestion")

    completer = editor.input.completer()
    assert completer is not None
    model = completer.model()
    assert [model.index(row, 0).data() for row in range(model.rowCount())] == [
        e.label for e in catalogues.entries("subproceso") if "salud" in e.label.lower() and "gesti" in e.label.lower()
    ]


def test_text_on_no_list_is_kept_and_told(qtbot: QtBot, catalogues: Catalogues) -> None:
    editor = made(qtbot, RIESGO["factor"], catalogues)

    editor.set_draft("otra cosa")

    assert editor.raw() == "otra cosa"
    assert editor.problem == "✕ «otra cosa» no está en la lista."


def test_half_a_link_is_never_saved(qtbot: QtBot, catalogues: Catalogues, front: Front) -> None:
    editor = made(qtbot, NECESIDAD["riesgo"], catalogues)
    assert isinstance(editor.input, ChoiceInput)
    front(editor)

    with qtbot.assertNotEmitted(editor.edited):
        qtbot.keyClicks(editor.input.line, "R-00")
    editor.input.line.clear()
    with qtbot.waitSignal(editor.edited) as heard:
        editor.input.set_code("0192-uid")
        editor.input.picked.emit("0192-uid")

    assert heard.args == ["0192-uid"]


def test_note_grows_and_lets_tab_go_on(qtbot: QtBot, catalogues: Catalogues, front: Front) -> None:
    window = QWidget()
    qtbot.addWidget(window)
    column = QVBoxLayout(window)
    editor, after = Editor(RIESGO["causa_raiz"], catalogues), QLineEdit()
    column.addWidget(editor)
    column.addWidget(after)
    assert isinstance(editor.input, NoteInput)
    front(window)
    editor.setFocus()
    low = editor.input.height()

    editor.set("una\ndos\ntres\ncuatro\ncinco\nseis")
    qtbot.keyClick(editor.input, Qt.Key.Key_Tab)

    assert editor.input.height() > low
    assert after.hasFocus()
    assert "\t" not in editor.raw()

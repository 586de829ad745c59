"""Every field has its help, and every help its field."""

import tomllib

import pytest

from peti_desktop.catalogues import load
from peti_desktop.field_help import help_of
from peti_desktop.records import EQUIPO, EVERY, Kind, RecordType, read
from peti_desktop.records.fields import Field
from resources import resource

TEXTS = tomllib.loads(resource("help/campos.toml").read_text(encoding="utf-8"))


@pytest.mark.parametrize("kind", EVERY.values(), ids=EVERY)
def test_every_field_has_help_and_every_help_its_field(kind: RecordType) -> None:
    assert set(TEXTS[kind.name]) == set(kind.by_name)


@pytest.mark.parametrize("field", [f for kind in EVERY.values() for f in kind.fields], ids=lambda f: f.name)
def test_helps_are_short_and_whole(field: Field) -> None:
    told = help_of(field)

    assert told is not None
    assert told.label == field.label
    assert told.meaning.endswith(".") and len(told.meaning) < 330
    assert told.example and told.source and len(told.example) < 140


@pytest.mark.parametrize(
    "field",
    [f for kind in EVERY.values() for f in kind.typed if f.kind in {Kind.DATE, Kind.MONEY} or f.rule],
    ids=lambda f: f.name,
)
def test_examples_of_dates_amounts_and_codes_can_be_typed_as_they_stand(field: Field) -> None:
    told = help_of(field)

    assert told is not None and read(field, told.example, load())[1] is None


@pytest.mark.parametrize(
    "field", [f for kind in EVERY.values() for f in kind.fields if f.kind is Kind.CHOICE], ids=lambda f: f.name
)
def test_examples_of_lists_begin_with_one_of_their_entries(field: Field) -> None:
    told = help_of(field)

    assert told is not None
    assert any(told.example.startswith(entry.label) for entry in load().entries(field.catalogue)), told.example


def test_fields_of_nobody_have_no_help() -> None:
    assert help_of(Field("x", "X")) is None


def test_help_says_how_to_leave_a_field_empty_where_that_is_an_answer() -> None:
    required, free = help_of(EQUIPO["tipo"]), help_of(EQUIPO["marca"])

    assert required is not None and free is not None
    assert required.blanks == ""
    assert "Alt+Supr" in free.blanks and "Ctrl+-" in free.blanks

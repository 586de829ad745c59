"""A cell becomes the value its owner meant, or is named with what happened to it."""

from datetime import date
from decimal import Decimal

import pytest

from peti_desktop.catalogues import load
from peti_desktop.importing.cells import month_first, nearest_codes, spelled_date, usual_words, value_of
from peti_desktop.importing.grid import Fault, Formatted, Raw
from peti_desktop.records import NO_APLICA, TYPES, Value

CATALOGUES = load()


@pytest.mark.parametrize(
    ("field", "raw", "value"),
    [
        ("placa", 4711, "4711"),
        ("placa", 4711.0, "4711"),
        ("placa", Formatted(4711, "04711"), "04711"),
        ("placa", " 00 12 ", "00 12"),
        ("serial", 123_456_789_012, "123456789012"),
        ("serial", "12E5", "12E5"),
        ("serial", "No aplica", NO_APLICA),
        ("modelo", 2.5, "2,5"),
        ("anio", date(2019, 5, 3), 2019),
        ("anio", 2019, 2019),
        ("anio", 43588, 2019),
        ("anio", "03/05/2019", 2019),
        ("tipo", "CPU", "escritorio"),
        ("tipo", "PORTATIL", "portatil"),
        ("estado", "Bueno", "en_uso"),
        ("estado", "Regular", "con_fallas"),
        ("sistema_operativo", "WINDOWS 10 PRO", "windows_10"),
        ("observaciones", date(2019, 5, 3), "03/05/2019"),
        ("observaciones", Formatted(1.2e6, "1.20E+06"), "1.20E+06"),
        ("observaciones", True, "Sí"),
    ],
)
def test_cell_is_the_value_that_was_meant(field: str, raw: Raw, value: Value) -> None:
    found = value_of(TYPES["equipo"][field], raw, CATALOGUES)

    assert (found.value, found.wrong) == (value, "")


@pytest.mark.parametrize(
    ("field", "raw", "words"),
    [
        ("serial", "1.23E+11", "notación científica (1.23E+11)"),
        ("serial", "1,23457E+11", "notación científica"),
        ("serial", Formatted(1.2e6, "1.20E+06"), "notación científica (1.20E+06)"),
        ("serial", 12_345_678_901_234_567.0, "15 cifras"),
        ("placa", 12.5, "número con decimales (12,5)"),
        ("placa", date(2026, 12, 3), "convirtió este dato en una fecha (03/12/2026)"),
        ("modelo", date(2026, 12, 3), "convirtió este dato en una fecha"),
        ("marca", Fault("#N/A"), "un error (#N/A)"),
        ("marca", Fault(""), "no tiene un resultado guardado"),
        ("serial", "To be filled by O.E.M.", "lo dej"),
        ("tipo", "Computador portable", "no está en la lista. Las más parecidas: «Computador portátil»"),
        ("anio", 1899, "más pequeño que se acepta es 1985"),
        ("marca", "x" * 100_000, "100.000 caracteres"),
    ],
)
def test_cell_that_was_spoilt_says_how(field: str, raw: Raw, words: str) -> None:
    found = value_of(TYPES["equipo"][field], raw, CATALOGUES)

    assert found.value is None
    assert words in found.wrong


@pytest.mark.parametrize(
    "raw",
    [
        date(2026, 12, 31),
        46387,
        46387.75,
        20261231,
        "31/12/2026",
        "31-12-26",
        "31.12.2026",
        "2026-12-31",
        "2026-12-31 00:00:00",
        "2026-12-31T10:00:00",
        "31/12/2026 12:00:00 a. m.",
        "20261231",
        "31 de diciembre de 2026",
        "31-dic-26",
        "31 dic. 2026",
        "diciembre 31 de 2026",
        "Dec 31, 2026",
        "jueves, 31 de diciembre de 2026",
        "31 de DICIEMBRE del 2026",
    ],
)
def test_date_is_read_in_every_usual_form(raw: Raw) -> None:
    assert value_of(TYPES["riesgo"]["fecha_implementacion"], raw, CATALOGUES).value == date(2026, 12, 31)


@pytest.mark.parametrize(
    "raw", ["31/02/2026", "31/12/1899", 1.0, "pronto", "12/2026", 3, date(1899, 12, 31), "45/45/2026"]
)
def test_date_that_cannot_be_is_a_problem(raw: Raw) -> None:
    found = value_of(TYPES["riesgo"]["fecha_implementacion"], raw, CATALOGUES)

    assert found.value is None
    assert found.wrong


def test_month_comes_first_only_where_nothing_speaks_against_it() -> None:
    assert month_first(["12/31/2026", "01/02/2026"])
    assert not month_first(["12/31/2026", "31/12/2026"])
    assert not month_first(["01/02/2026", None, 3])
    assert spelled_date("02/01/2026", month_first=True) == "2026-02-01"


@pytest.mark.parametrize(
    ("raw", "value"),
    [
        ("$ 1.500.000", "1500000.00"),
        ("$1,500,000.50", "1500000.50"),
        ("1,500", "1500.00"),
        ("1500,5", "1500.50"),
        (1500.5, "1500.50"),
        (Formatted(2e6, "2.00E+06"), "2000000.00"),
    ],
)
def test_pesos_are_read_with_either_thousands(raw: Raw, value: str) -> None:
    assert value_of(TYPES["necesidad"]["valor_unitario"], raw, CATALOGUES).value == Decimal(value)


def test_words_among_pesos_keep_their_blanks() -> None:
    price = TYPES["necesidad"]["valor_unitario"]

    assert value_of(price, "No aplica", CATALOGUES).value == NO_APLICA
    assert "«por definir»" in value_of(price, "por definir", CATALOGUES).wrong


def test_words_chosen_by_people_come_before_the_usual_ones() -> None:
    assert value_of(TYPES["equipo"]["tipo"], "CPU", CATALOGUES, {"cpu": "servidor"}).value == "servidor"
    assert usual_words("tipo_equipo")["cpu"] == "escritorio"


def test_nearest_are_three_at_most_and_none_for_noise() -> None:
    assert nearest_codes("tipo_equipo", "impresora a color", CATALOGUES)[0].startswith("impresora")
    assert len(nearest_codes("tipo_equipo", "impresora", CATALOGUES)) == 3
    assert nearest_codes("urgencia", "zzzzzz 99", CATALOGUES) == ()

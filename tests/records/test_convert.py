"""What people type becomes the value they meant, and a value shows as they write it."""

from datetime import date
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from db.schema import RECORDS
from db.types import Scaled
from peti_desktop import catalogues
from peti_desktop.records import BORRAR, EVERY, NO_APLICA, Field, Kind, Value, edit_text, read, show
from peti_desktop.records.convert import decimal_text, most
from peti_desktop.records.record import columns, from_row, stored_text

CATALOGUES = catalogues.load()
TEXT, NOTE = Field("a", "A"), Field("a", "A", Kind.NOTE)
INTEGER, AMOUNT = Field("a", "A", Kind.INTEGER, most=9_999_999), Field("a", "A", Kind.AMOUNT)
MONEY, DATE = Field("a", "A", Kind.MONEY), Field("a", "A", Kind.DATE)
ZONE = Field("a", "A", Kind.CHOICE, catalogue="zona")


@pytest.mark.parametrize(
    ("field", "raw", "value"),
    [
        (TEXT, "  dos   palabras ", "dos palabras"),
        (TEXT, "=1+1", "=1+1"),
        (TEXT, "00123", "00123"),
        (TEXT, "", None),
        (TEXT, "no APLICA", NO_APLICA),
        (TEXT, " Borrar  LO anterior ".replace("  ", " "), BORRAR),
        (TEXT, "campana\x07", "campana"),
        (TEXT, "n\u0303andu\u0301", "ñandú"),
        (NOTE, "una\r\ndos\n", "una\ndos"),
        (INTEGER, "1.234", 1234),
        (INTEGER, 12.0, 12),
        (AMOUNT, "12,5", Decimal("12.5")),
        (AMOUNT, "12.5", Decimal("12.5")),
        (AMOUNT, "0,000001", Decimal("0.000001")),
        (MONEY, "-0", Decimal("0.00")),
        (AMOUNT, 0.000001, Decimal("0.000001")),
        (AMOUNT, 2.5e-05, Decimal("0.000025")),
        (MONEY, "$ 1.234.567,50", Decimal("1234567.50")),
        (MONEY, Decimal("80.5"), Decimal("80.50")),
        (DATE, "31/1/2026", date(2026, 1, 31)),
        (DATE, "2026-01-31", date(2026, 1, 31)),
        (DATE, "31-ene-2026", date(2026, 1, 31)),
        (DATE, "31 de enero de 2026", date(2026, 1, 31)),
        (DATE, "31.01.2026", date(2026, 1, 31)),
        (DATE, date(2026, 1, 31), date(2026, 1, 31)),
        (ZONE, "EXTREMO", "extremo"),
        (ZONE, "extremo", "extremo"),
    ],
)
def test_what_is_typed_is_understood(field: Field, raw: object, value: Value) -> None:
    assert read(field, raw, CATALOGUES) == (value, None)


@pytest.mark.parametrize(
    ("field", "raw", "word"),
    [
        (INTEGER, "doce", "entero"),
        (INTEGER, "1,5", "entero"),
        (INTEGER, "10000000", "grande"),
        (AMOUNT, "-1", "cero"),
        (AMOUNT, "1e5", "número"),
        (MONEY, "1.23.4", "número"),
        (DATE, "31/02/2026", "fecha"),
        (DATE, "1/1/1899", "1899"),
        (DATE, "mañana", "fecha"),
        (DATE, "1/foo/2026", "fecha"),
        (ZONE, "altísimo", "lista"),
        (TEXT, "a" * 4001, "4.001"),
    ],
)
def test_what_is_no_value_is_told_in_words(field: Field, raw: object, word: str) -> None:
    value, wrong = read(field, raw, CATALOGUES)

    assert value is None
    assert wrong is not None
    assert word in wrong


@pytest.mark.parametrize(
    ("field", "value", "text"),
    [
        (DATE, date(2026, 1, 31), "31-ene-2026"),
        (MONEY, Decimal("1234567.50"), "$ 1.234.567,5"),
        (MONEY, Decimal("1000000.00"), "$ 1.000.000"),
        (AMOUNT, Decimal("25.200000"), "25,2"),
        (INTEGER, 1234, "1.234"),
        (Field("anio", "Año", Kind.INTEGER, most=2100), 2026, "2026"),
        (ZONE, "extremo", "Extremo"),
        (ZONE, "codigo_viejo", "codigo_viejo"),
        (TEXT, NO_APLICA, "No aplica"),
        (TEXT, None, ""),
        (Field("r", "R", Kind.LINK), "u-1", "(registro que ya no está)"),
    ],
)
def test_values_show_as_people_write_them(field: Field, value: Value, text: str) -> None:
    assert show(field, value, CATALOGUES) == text


_DATES = st.dates(date(1990, 1, 1), date(2100, 12, 31))
_MONEY = st.decimals(0, 10**12, places=2)


@given(
    st.one_of(
        _DATES.map(lambda v: (DATE, v)),
        _MONEY.map(lambda v: (MONEY, v)),
        st.integers(0, 9_999_999).map(lambda v: (INTEGER, v)),
    )
)
def test_what_an_editor_starts_from_reads_back(pair: tuple[Field, Value]) -> None:
    field, value = pair

    assert read(field, edit_text(field, value, CATALOGUES), CATALOGUES) == (value, None)
    assert read(field, show(field, value, CATALOGUES), CATALOGUES) == (value, None)


@given(st.text(max_size=60))
def test_reading_never_raises_and_settles(text: str) -> None:
    for field in (TEXT, NOTE, INTEGER, AMOUNT, MONEY, DATE, ZONE):
        value, wrong = read(field, text, CATALOGUES)
        if wrong is None and value is not None:
            assert (
                read(
                    field,
                    value if field.kind in {Kind.TEXT, Kind.NOTE} else edit_text(field, value, CATALOGUES),
                    CATALOGUES,
                )[0]
                == value
            )


@pytest.mark.parametrize("name", EVERY)
def test_every_catalogue_a_field_names_exists(name: str) -> None:
    for field in EVERY[name].fields:
        if field.kind is Kind.CHOICE:
            assert CATALOGUES.entries(field.catalogue)
        if field.kind is Kind.LINK:
            assert field.links in EVERY
        if field.suggests:
            assert CATALOGUES.entries(field.suggests)


@pytest.mark.parametrize("name", EVERY)
def test_labels_are_unique_and_headlines_exist(name: str) -> None:
    record_type = EVERY[name]
    labels = [field.label for field in record_type.fields]

    assert len(set(labels)) == len(labels)
    assert set(record_type.headline) <= record_type.by_name.keys()


@pytest.mark.parametrize("name", EVERY)
def test_not_applicable_survives_its_row(name: str) -> None:
    record_type = EVERY[name]
    values: dict[str, Value] = {f.name: NO_APLICA if f.may_be_na else None for f in record_type.fields}
    technical = {
        "uid": "u", "dependencia": "D", "revision": 1, "ejemplo": False, "retirado": None, "creado_en": None,
        "creado_por": "", "cambiado_en": None, "cambiado_por": "", "entrega": None, "hoja": None, "fila": None,
    }  # fmt: skip

    assert from_row(record_type, columns(record_type, values) | technical).values == values


def test_stored_text_tells_blanks_apart() -> None:
    assert [stored_text(v) for v in (None, NO_APLICA, "No aplica", Decimal("10.500"), date(2026, 1, 2), 3)] == [
        None, "\x1a", "No aplica", "10.5", "2026-01-02", "3",
    ]  # fmt: skip


@pytest.mark.parametrize(("name", "field"), [(name, f) for name in EVERY for f in EVERY[name].typed])
def test_the_biggest_number_of_a_field_fits_its_column_and_a_sum_of_many(name: str, field: Field) -> None:
    if field.kind not in {Kind.INTEGER, Kind.AMOUNT, Kind.MONEY}:
        return
    column = RECORDS[name].c[field.name].type
    value, wrong = read(field, str(most(field)), CATALOGUES)

    assert wrong is None
    assert read(field, str(most(field) + 1), CATALOGUES)[1] == (
        f"El número más grande que se acepta es {decimal_text(most(field))}."
    )
    if isinstance(column, Scaled):
        assert isinstance(value, Decimal)
        assert int(value.scaleb(column.places)) * 50_000 < 2**63
    else:
        assert most(field) < 2**31

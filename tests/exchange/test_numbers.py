"""No digit of a number is lost between a record and the sheet it is delivered in."""

import io
import zipfile
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from peti_desktop import catalogues, sheets
from peti_desktop.delivery.cells import rows
from peti_desktop.delivery.reading import reader
from peti_desktop.records import Field, Kind, Value
from peti_desktop.records.convert import most

CATALOGUES = catalogues.load()
AMOUNT, MONEY = Field("a", "A", Kind.AMOUNT), Field("m", "M", Kind.MONEY)


def _through_a_sheet(field: Field, values: list[Decimal]) -> list[Value]:
    workbook = sheets.new_workbook()
    sheet = workbook.create_sheet()
    for value in values:
        sheet.append([sheets.value_cell(sheet, field, value, CATALOGUES)])
    file = io.BytesIO()
    workbook.save(file)
    with zipfile.ZipFile(file) as archive:
        found = rows(archive.read("xl/worksheets/sheet1.xml"))
    answer = reader(field, CATALOGUES)
    return [answer(row.cells[0])[0] for row in found]


@given(st.lists(st.decimals(0, most(AMOUNT), places=6), min_size=1, max_size=20))
def test_amounts_come_back_exactly(values: list[Decimal]) -> None:
    assert _through_a_sheet(AMOUNT, values) == values


@given(st.lists(st.decimals(0, most(MONEY), places=2), min_size=1, max_size=20))
def test_pesos_come_back_exactly(values: list[Decimal]) -> None:
    assert _through_a_sheet(MONEY, values) == values


def test_the_smallest_and_the_longest_come_back() -> None:
    extremes = [Decimal("0.000001"), Decimal("0.00001"), Decimal("999999999.999999"), Decimal("0"), Decimal("1E+3")]

    assert _through_a_sheet(AMOUNT, extremes) == extremes
    assert _through_a_sheet(MONEY, [Decimal("999999999999.99")]) == [Decimal("999999999999.99")]


@pytest.mark.parametrize(
    ("cell", "value"),
    [
        ("1.0000000000000001E-5", Decimal("0.00001")),
        ("1e-06", Decimal("0.000001")),
        ("1.2E+3", Decimal(1200)),
        ("0.10000000000000001", Decimal("0.1")),
    ],
)
def test_cells_as_excel_saves_them_again_are_understood(cell: str, value: Decimal) -> None:
    assert reader(AMOUNT, CATALOGUES)(cell) == (value, None)


@pytest.mark.parametrize("cell", ["1e99", "9e999999999", "1e", "e5", "1ee5"])
def test_powers_of_ten_that_no_field_takes_are_told(cell: str) -> None:
    value, wrong = reader(AMOUNT, CATALOGUES)(cell)

    assert value is None and wrong

"""The plan of purchases: what goes in, what is left out and why, what is still wrong; and the paper of priorities."""

from decimal import Decimal
from io import BytesIO
from pathlib import Path

import openpyxl
import pytest
from pypdf import PdfReader

from peti_desktop.consolidation import budget, paa
from peti_desktop.consolidation.duplicates import proposals
from peti_desktop.consolidation.grouping import decide
from peti_desktop.consolidation.priorities import ranking, set_by_hand
from peti_desktop.errors import Cancelled, UserError
from peti_desktop.progress import silent
from peti_desktop.records.fields import NO_APLICA
from peti_desktop.reports import REPORTS, paa_xlsx
from peti_desktop.workspace import Workspace
from tests.necesidades.conftest import Add, need

MILLION = Decimal(1_000_000)


def test_without_a_budget_everything_of_the_vigencia_is_planned(ws: Workspace, add: Add) -> None:
    need(add, "Firewall", unspsc="43222501", fuente_financiacion="propios")
    need(add, "Servidor", vigencia=2027)

    found = paa.plan(ws)

    assert [line.description for line in found.planned] == ["Firewall"]
    assert [line.left_out for line in found.left_out] == ["Es de la vigencia 2027"]
    assert found.planned[0].problems == ()


def test_what_the_money_does_not_reach_is_left_out_with_its_reason(ws: Workspace, add: Add) -> None:
    need(add, "Firewall", urgencia="inmediata")
    need(add, "Sillas")
    budget.keep_amount(ws, 2 * MILLION)

    found = paa.plan(ws)

    assert [(line.description, line.left_out) for line in found.lines] == [("Firewall", ""), ("Sillas", paa.BELOW)]


def test_equal_needs_are_one_purchase_that_says_for_whom(ws: Workspace, add: Add) -> None:
    need(add, "Computadores", unspsc="43211508", cantidad=3, valor_unitario=MILLION, fuente_financiacion="propios")
    need(add, "Computadores", "HACIENDA", unspsc="43211507", cantidad=4, valor_unitario=2 * MILLION)
    decide(ws, proposals(ws, "necesidad"), "misma_necesidad")

    (line,) = paa.plan(ws).planned

    assert (line.codes, line.quantity, line.unit_value) == (("43211508", "43211507"), 7, None)
    assert (line.total, line.this_year) == (11 * MILLION, 11 * MILLION)
    assert line.unit == "Oficina TIC"
    assert line.units == ("Secretaría de Hacienda", "Secretaría de Salud")
    assert line.problems == (paa.NO_SOURCE,)


def test_wrong_and_missing_codes_and_values_are_flagged(ws: Workspace, add: Add) -> None:
    need(add, "Cosa", cantidad=NO_APLICA, valor_unitario=None)
    uid = need(add, "Otra", fuente_financiacion="propios")
    with ws.write() as connection:  # a code an older program let through
        connection.exec_driver_sql(f"UPDATE necesidad SET unspsc = '4322' WHERE uid = '{uid}'")

    said = {line.description: line.problems for line in paa.plan(ws).lines}

    assert said["Cosa"] == (paa.NO_CODE, paa.NO_VALUE, paa.NO_QUANTITY, paa.NO_SOURCE)
    assert said["Otra"] == ("4322: El código UNSPSC tiene 8 cifras.",)


def test_the_workbook_has_the_columns_of_the_form_first_and_texts_stay_texts(ws: Workspace, add: Add) -> None:
    need(add, "=1+1", unspsc="43222501", cantidad=1, valor_unitario=Decimal("1000000000000"))
    need(add, "ñ" * 50_000)

    book = openpyxl.load_workbook(BytesIO(paa_xlsx.drawn(ws)))

    sheet = book["Adquisiciones planeadas"]
    assert [cell.value for cell in sheet[1]][:17] == [heading for heading, _, _ in paa_xlsx.FORM]
    row = next(r for r in sheet.iter_rows(min_row=2) if r[1].value == "=1+1")
    assert (row[0].value, row[0].data_type, row[1].data_type) == ("43222501", "s", "s")
    assert row[8].value == 10**12
    assert sheet.max_row == 3
    assert book["Por corregir"].max_row == 3


def test_an_empty_plan_is_a_workbook_too(ws: Workspace, tmp_path: Path) -> None:
    paa_xlsx.write_paa(ws, tmp_path / "paa.xlsx")

    book = openpyxl.load_workbook(tmp_path / "paa.xlsx")
    assert book.sheetnames == ["Léame", "Adquisiciones planeadas", "No van", "Por corregir"]
    assert book["Adquisiciones planeadas"].max_row == 1


def test_a_cancelled_or_impossible_workbook_leaves_nothing(ws: Workspace, tmp_path: Path) -> None:
    def stop(done: int, total: int, text: str) -> None:
        raise Cancelled

    with pytest.raises(Cancelled):
        paa_xlsx.write_paa(ws, tmp_path / "paa.xlsx", stop)
    (tmp_path / "un archivo").touch()
    with pytest.raises(UserError):
        paa_xlsx.write_paa(ws, tmp_path / "un archivo" / "paa.xlsx")
    assert not list(tmp_path.glob("*.xlsx"))


def test_the_paper_tells_the_rule_the_line_and_the_hand(ws: Workspace, add: Add) -> None:
    need(add, "Firewall", urgencia="inmediata")
    uid = need(add, "Sillas")
    set_by_hand(ws, [uid], 88, "Orden de un juez")
    budget.keep_amount(ws, 2 * MILLION)

    paper = REPORTS["prioridad"].draw(ws, silent)

    said = " ".join(" ".join(page.extract_text() for page in PdfReader(BytesIO(paper)).pages).split())
    assert "Con $ 2.000.000 se cubren 1 de 2 renglones por $ 2.000.000; sobran $ 0." in said
    assert "Propuesta propia" in said
    assert "Orden de un juez (la regla: 3)" in said
    assert "No alcanza" in said
    assert paper == REPORTS["prioridad"].draw(ws, silent)
    assert [item.name for item in ranking(ws)] == ["Sillas", "Firewall"]

"""The memo about what is owed, as its reader sees it."""

from datetime import date, timedelta
from io import BytesIO
from pathlib import Path

import pytest
from pypdf import PdfReader

from db.queries import log, space
from peti_desktop import expected
from peti_desktop.errors import UserError
from peti_desktop.reports import recordatorio
from peti_desktop.reports.page import CARTA, OFICIO, Paper
from peti_desktop.reports.recordatorio import Reminder
from peti_desktop.workspace import Workspace

DUE = date(2026, 1, 11)


@pytest.fixture
def memos(office: Workspace) -> list[Reminder]:
    """Of a board that HACIENDA and SALUD owe two sections each, one of them not late."""
    owed = [
        {"dependencia": unit, "seccion": section, "vence": DUE + timedelta(days=days)}
        for unit in ("SALUD", "HACIENDA")
        for section, days in (("riesgo", 0), ("equipo", 20))
    ]
    with office.write() as connection:
        space.set_deadlines(connection, 2026, owed)
    found = expected.board(office)
    return recordatorio.reminders(office, found, expected.day_to_ask(found, office.today))


def text(data: bytes) -> str:
    return " ".join(" ".join(page.extract_text() for page in PdfReader(BytesIO(data)).pages).split())


def test_memo_says_what_since_when_until_when_to_whom_and_how(memos: list[Reminder]) -> None:
    said = text(recordatorio.drawn(memos[:1]))

    for words in (
        "PARA: Responsable de Secretaría de Hacienda",
        "DE: Ana Ruiz, Jefe de la Oficina TIC, Oficina TIC",
        "FECHA: 14 de enero de 2026",
        "Riesgos Vencida 11-ene-2026 3 de mora",
        "Equipos Sin entregar 31-ene-2026 faltan 17",
        "el plazo de una ya venció",
        "a más tardar el 31 de enero de 2026",
        "«Ensayar entrega»",
        f"Código {memos[0].code}",
        "Cordialmente, Ana Ruiz",
    ):
        assert words in said


@pytest.mark.parametrize("paper", [CARTA, OFICIO])
def test_each_memo_has_its_own_page_on_the_paper_asked_for(memos: list[Reminder], paper: Paper) -> None:
    data = recordatorio.drawn(memos, paper)
    pdf = PdfReader(BytesIO(data))

    assert [str(getattr(entry, "title", "")) for entry in pdf.outline] == [
        "Secretaría de Hacienda",
        "Secretaría de Salud",
    ]
    assert len(pdf.pages) == 2
    assert {round(page.mediabox.height) for page in pdf.pages} == {round(paper.high)}
    assert data == recordatorio.drawn(memos, paper)


def test_memos_are_written_together_or_apart_and_the_log_says_so(
    office: Workspace, memos: list[Reminder], tmp_path: Path
) -> None:
    together = recordatorio.write(office, memos, tmp_path)
    apart = recordatorio.write(office, memos, tmp_path, OFICIO, apart=True)

    assert [path.name for path in (*together, *apart)] == [
        "2026_recordatorios_2026-01-14.pdf",
        "2026_HACIENDA_recordatorio_2026-01-14.pdf",
        "2026_SALUD_recordatorio_2026-01-14.pdf",
    ]
    assert all(path.read_bytes().startswith(b"%PDF") for path in (*together, *apart))
    with office.read() as connection:
        entries = [entry for entry in log.walk(connection) if entry["accion"] == "imprimir recordatorio"]
    assert len(entries) == 2
    assert memos[1].code in entries[0]["detalle"]


def test_who_owes_nothing_gets_no_memo(office: Workspace, memos: list[Reminder], tmp_path: Path) -> None:
    expected.nothing_to_declare(office, [("SALUD", "riesgo"), ("SALUD", "equipo")], "oficio 1")

    left = recordatorio.reminders(office, expected.board(office), office.today)

    assert [memo.dependencia for memo in left] == ["HACIENDA"]
    with pytest.raises(UserError, match="debe nada"):
        recordatorio.write(office, [], tmp_path)

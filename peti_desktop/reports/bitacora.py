"""The log of decisions for who has to look at it elsewhere: PDF, Excel and CSV, with the outcome of its check."""

import csv
from collections.abc import Iterator
from io import BytesIO, StringIO

from openpyxl import Workbook

from db.queries import log
from peti_desktop import logbook, sheets
from peti_desktop.binnacle import Check
from peti_desktop.consolidation import checking
from peti_desktop.errors import UserError
from peti_desktop.log_words import Entry, entry, notes, verdict
from peti_desktop.moments import COLOMBIA
from peti_desktop.progress import Progress, silent
from peti_desktop.records.convert import decimal_text, no_formula
from peti_desktop.reports import words
from peti_desktop.reports.figures import figures
from peti_desktop.reports.lettering import BOLD, REGULAR
from peti_desktop.reports.page import OFICIO, document
from peti_desktop.reports.table import Column, Row, Table
from peti_desktop.workspace import Workspace

TITLE = "Bitácora de decisiones"
HEADINGS = ("N.º", "Cuándo", "Quién", "Qué hizo", "Detalle", "Sello")
ON_PAPER, ON_SHEET = 20_000, 1_000_000
STEP = 500


def written(ws: Workspace, asked: log.Asked, ending: str, progress: Progress = silent) -> bytes:
    """What is asked of the log as the bytes of a file; ``ending`` is pdf, xlsx or csv. Raises UserError, Cancelled."""
    asked = logbook.meant(ws, asked)
    with ws.snapshot() as seen:
        check = checking.check_log(seen, progress)
        with seen.read() as connection:
            total = log.total(connection, asked)
        _refuse(total, ending)
        match ending:
            case "pdf":
                return _paper(seen, asked, check, total, progress)
            case "xlsx":
                return _workbook(seen, asked, check, total, progress)
            case _:
                return _csv(seen, asked, check, total, progress)


def _refuse(total: int, ending: str) -> None:
    most = {"pdf": ON_PAPER, "xlsx": ON_SHEET}.get(ending)
    if most is not None and total > most:
        raise UserError(
            f"Son {decimal_text(total)} entradas, y en este formato caben {decimal_text(most)}.",
            "Filtre por fecha, persona o acción, o expórtelas en CSV, donde caben todas.",
        )


def _entries(ws: Workspace, asked: log.Asked, total: int, progress: Progress) -> Iterator[Entry]:
    with ws.read() as connection:
        for done, row in enumerate(log.found(connection, asked)):
            if done % STEP == 0:
                progress(done, total, "Exportando la bitácora")
            yield entry(row, ws.catalogues)


def _facts(check: Check, total: int) -> list[str]:
    """What stands before the entries: the outcome of the check, the last seal, how many follow."""
    own = [verdict(check), f"Último sello: {check.newest or '–'}", *notes(check)]
    return [*own, f"Aquí se muestran {decimal_text(total)} de {decimal_text(check.entries)} entradas."]


def _paper(ws: Workspace, asked: log.Asked, check: Check, total: int, progress: Progress) -> bytes:
    target = BytesIO()
    with document(target, OFICIO.turned, words.head(ws, figures(ws), TITLE)) as doc:
        doc.heading("Comprobación")
        for number, fact in enumerate(_facts(check, total)):
            doc.paragraph(fact, BOLD if number == 0 else REGULAR, 9)
        doc.heading("Entradas", "La más nueva primero")
        widths = (12, 28, 40, 34, 120, 26)
        table = Table(doc, [Column(title, wide) for title, wide in zip(HEADINGS, widths, strict=True)], 7.5)
        table.draw(Row(_cells(found)) for found in _entries(ws, asked, total, progress))
    return target.getvalue()


def _cells(found: Entry) -> tuple[str, ...]:
    return (str(found.id), found.moment, found.who, found.action, found.detail, f"{found.seal[:16]}…")


def _workbook(ws: Workspace, asked: log.Asked, check: Check, total: int, progress: Progress) -> bytes:
    def fill(workbook: Workbook) -> None:
        facts = sheets.printed_sheet(workbook, "Comprobación", (120,), frozen="A2")
        sheets.headings(facts, (f"{ws.info.entidad} · {TITLE}",))
        tell = sheets.line_writer(facts)
        for fact in _facts(check, total):
            tell((fact,))
        sheet = sheets.printed_sheet(workbook, "Bitácora", (9, 22, 34, 26, 90, 40), frozen="A2")
        sheets.headings(sheet, HEADINGS)
        append = sheets.line_writer(sheet)
        for found in _entries(ws, asked, total, progress):
            append((found.id, _moment(found), found.who, found.action, found.detail, found.seal))

    return sheets.written(fill)


def _csv(ws: Workspace, asked: log.Asked, check: Check, total: int, progress: Progress) -> bytes:
    """Semicolons and a byte order mark, as Excel in Colombia opens it; a text never begins a formula."""
    target = StringIO()
    writer = csv.writer(target, delimiter=";", lineterminator="\r\n")
    for fact in _facts(check, total):
        writer.writerow([fact])
    writer.writerow(HEADINGS)
    for found in _entries(ws, asked, total, progress):
        row = (str(found.id), _moment(found), found.who, found.action, found.detail, found.seal)
        writer.writerow([no_formula(text) for text in row])
    return target.getvalue().encode("utf-8-sig")


def _moment(found: Entry) -> str:
    return f"{found.when.astimezone(COLOMBIA):%Y-%m-%d %H:%M:%S}"

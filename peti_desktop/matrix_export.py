"""What is seen in the matrix, as a file: the same columns, filter and order as .xlsx, .csv with a dictionary, or PDF.

Rows are written while they are read, from one state of the store: nothing holds all of them.
"""

import csv
from collections.abc import Iterator, Sequence
from contextlib import closing, contextmanager
from io import BytesIO
from pathlib import Path
from typing import IO, Any, Final

from openpyxl import Workbook

from db.queries.matrix import has_examples
from peti_desktop import sheets
from peti_desktop.errors import UserError
from peti_desktop.files import cannot_write, replace_file
from peti_desktop.matrix import Line, MatrixFilter, Question, Sheet, field_of, told
from peti_desktop.moments import spoken_moment
from peti_desktop.progress import Progress, silent
from peti_desktop.records import TYPES
from peti_desktop.records.convert import decimal_text, no_formula, show
from peti_desktop.records.fields import Blank, Field, Value
from peti_desktop.records.record import stored_text
from peti_desktop.reports.words import EXAMPLE, EXAMPLE_NOTE
from peti_desktop.workspace import Workspace

MOST_IN_A_SHEET: Final = 1_048_576 - 6
"""Rows of a sheet of Excel, those above the table left out."""
MOST_ON_PAPER: Final = 20_000
"""Nobody prints more: some 1,300 pages."""
MENDED: Final = "Corregido por TIC"
KINDS: Final = {"xlsx": "Excel (*.xlsx)", "csv": "Texto separado por punto y coma (*.csv)", "pdf": "PDF (*.pdf)"}
DICTIONARY: Final = ("columna", "etiqueta", "clase", "lista", "obligatorio", "calculado", "ayuda")


def export(ws: Workspace, wanted: MatrixFilter, columns: Sequence[str], path: Path, progress: Progress = silent) -> int:
    """Write what ``wanted`` gives, with these columns, as the ending of ``path`` says; gives the number of rows.

    Raises UserError for another ending, for more rows than such a file takes, and when it cannot be written; Cancelled
    from ``progress``. Nothing is left then. The dictionary of a .csv stands beside it, as «…_diccionario.csv».
    """
    fields = [field_of(wanted.type, name) for name in columns]
    with ws.snapshot() as seen:
        reading = _Reading(seen, wanted, fields, progress)
        match path.suffix.lower():
            case ".pdf":
                replace_file(path, _pdf(reading))
            case ".csv":
                _write_csv(reading, path)
            case ".xlsx":
                _write_xlsx(reading, path)
            case ending:
                raise UserError(
                    f"La matriz no se exporta como «{ending or path.name}».",
                    "Guárdela como .xlsx, .csv o .pdf: LibreOffice también los abre.",
                )
    return reading.total


class _Reading:
    """What is written, whatever the file: rows in order, and the words above them."""

    def __init__(self, ws: Workspace, wanted: MatrixFilter, fields: list[Field], progress: Progress) -> None:
        self.ws = ws
        self.type = TYPES[wanted.type]
        self.fields = fields
        self.wanted = wanted
        self._progress = progress
        self._question = Question(ws, wanted)
        self.total = self._question.count()
        with ws.read() as connection:
            self.example = has_examples(connection, wanted.type)

    @property
    def title(self) -> str:
        return f"Matriz consolidada · {self.type.title}"

    @property
    def notes(self) -> list[str]:
        """What was asked, in which order, and how many there are."""
        asked = told(self.wanted, self.ws.catalogues)
        order = self.wanted.order
        said = [f"Filtro: {asked}" if asked else "Sin filtro: todos los registros en firme"]
        if order:
            way = "de mayor a menor" if order[1] else "de menor a mayor"
            said.append(f"Orden: {field_of(self.wanted.type, order[0]).label}, {way}")
        many = self.type.singular.lower() if self.total == 1 else self.type.title.lower()
        said.append(f"{decimal_text(self.total)} {many}")
        return said

    @property
    def made(self) -> str:
        """When it was read; paper says instead when the data last changed."""
        return f"Leído el {spoken_moment(self.ws.clock())}"

    def lines(self) -> Iterator[tuple[Line, Sheet]]:
        """Every line with its page, telling how far it is."""
        done = 0
        with closing(self._question.sheets()) as every:
            for sheet in every:
                self._progress(done, self.total, f"Exportando {self.type.title.lower()}")
                for line in sheet.lines:
                    yield line, sheet
                done += len(sheet.lines)
        self._progress(self.total, self.total, "Guardando el archivo")

    def corrected(self, line: Line) -> str:
        """The corrections of a line in words."""
        said = []
        for name, mended in line.mended.items():
            field = self.type[name]
            declared = show(field, mended.declared, self.ws.catalogues) or "sin diligenciar"
            said.append(f"{field.label}: declarado {declared}; {mended.reason}")
        return "\n".join(said)

    def at_most(self, most: int, what: str) -> None:
        """Raise UserError when there are more rows."""
        if self.total > most:
            raise UserError(
                f"Son {decimal_text(self.total)} registros y {what} no recibe más de {decimal_text(most)}.",
                "Filtre por dependencia u otra columna y expórtelos por partes, o guárdelos como CSV.",
            )


@contextmanager
def _beside(path: Path) -> Iterator[Path]:
    """A path to write at, which takes the place of ``path`` when the block ends well and is gone otherwise.

    The block may put it in its place itself.
    """
    beside = path.with_name(path.name + ".parcial")
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        yield beside
        if beside.exists():
            beside.replace(path)
    except OSError as error:
        raise cannot_write(path, error) from error
    finally:
        beside.unlink(missing_ok=True)


# Excel


def _write_xlsx(reading: _Reading, path: Path) -> None:
    reading.at_most(MOST_IN_A_SHEET, "una hoja de Excel")
    workbook = sheets.new_workbook()
    try:
        _fill(workbook, reading)
        with _beside(path) as beside:
            workbook.save(beside)
    except BaseException:
        sheets.discard(workbook)
        raise


def _fill(workbook: Workbook, reading: _Reading) -> None:
    notes = [*reading.notes, reading.made, *([EXAMPLE_NOTE] if reading.example else [])]
    heading = len(notes) + 2
    widths = [*(max(8, field.width) for field in reading.fields), 40, *([11] if reading.example else [])]
    frozen = f"B{heading + 1}"
    head = f"{reading.ws.info.entidad} · {reading.title}"
    sheet = sheets.printed_sheet(workbook, reading.type.title, widths, frozen=frozen, head=head)
    sheet.append([sheets.title_cell(sheet, reading.title)])
    for note in notes:
        sheet.append([sheets.text_cell(sheet, note)])
    labels = [*(field.label for field in reading.fields), MENDED, *(["Ejemplo"] if reading.example else [])]
    sheets.headings(sheet, labels, row=heading)
    for line, page in reading.lines():
        values = line.record.values
        cells = [
            sheets.value_cell(sheet, field, values.get(field.name), reading.ws.catalogues, page.links)
            for field in reading.fields
        ]
        own = [reading.corrected(line), *([EXAMPLE] if line.record.example else [])]
        sheet.append([*cells, *(sheets.text_cell(sheet, text) for text in own)])
    sheets.filters(sheet, len(labels), heading + reading.total, row=heading)


# Open data


def _write_csv(reading: _Reading, path: Path) -> None:
    """Semicolons and a mark of UTF-8, as Excel in Spanish opens it. Data and dictionary are both new, or as before."""
    book = path.with_name(f"{path.stem}_diccionario.csv")
    with _beside(path) as beside:
        with _opened(beside) as stream:
            _data(csv.writer(stream, delimiter=";"), reading)
        before = book.read_bytes() if book.is_file() else None
        with _beside(book) as explained, _opened(explained) as stream:
            _dictionary(csv.writer(stream, delimiter=";"), reading)
        try:
            beside.replace(path)
        except OSError:
            book.unlink() if before is None else replace_file(book, before)
            raise


def _data(out: Any, reading: _Reading) -> None:
    out.writerow([*(field.name for field in reading.fields), "corregido_por_tic", "uid", "ejemplo"])
    for line, page in reading.lines():
        texts = [_plain_text(field, line.record.values.get(field.name), reading, page) for field in reading.fields]
        out.writerow([*texts, ",".join(line.mended), line.record.uid, "sí" if line.record.example else "no"])


@contextmanager
def _opened(path: Path) -> Iterator[IO[str]]:
    with path.open("w", encoding="utf-8-sig", newline="") as stream:
        yield stream


def _dictionary(out: Any, reading: _Reading) -> None:
    out.writerow(DICTIONARY)
    for field in reading.fields:
        said = ("sí" if field.required else "no", "sí" if field.computed else "no")
        out.writerow([field.name, field.label, field.kind.value, field.catalogue or field.links, *said, field.hint])
    out.writerow(["corregido_por_tic", MENDED, "texto", "", "no", "sí", "Los campos que corrigió la Oficina TIC."])
    out.writerow(["uid", "Identidad del registro", "texto", "", "sí", "sí", "No cambia entre entregas ni vigencias."])
    out.writerow(["ejemplo", "Ejemplo", "texto", "", "sí", "sí", "«sí» en los registros de demostración."])
    examples = [EXAMPLE_NOTE] if reading.example else []
    for note in [
        *reading.notes,
        reading.made,
        *examples,
        "Un texto que empieza por = + - o @ lleva un apóstrofo delante.",
    ]:
        out.writerow(["", note, "", "", "", "", ""])


def _plain_text(field: Field, value: Value, reading: _Reading, page: Sheet) -> str:
    """A value for machines: numbers and dates exact, codes as labels; nothing that a sheet takes for a formula."""
    if value is None or isinstance(value, Blank | str):
        return no_formula(show(field, value, reading.ws.catalogues, page.links))
    if field.catalogue:
        return reading.ws.catalogues.label(field.catalogue, str(value))
    return (stored_text(value) or "").replace(".", ",")


# Paper


def _pdf(reading: _Reading) -> bytes:
    from peti_desktop.reports import words
    from peti_desktop.reports.figures import figures
    from peti_desktop.reports.page import OFICIO, document
    from peti_desktop.reports.table import Column, Table

    reading.at_most(MOST_ON_PAPER, "un documento para imprimir")
    found = figures(reading.ws)
    target = BytesIO()
    with document(target, OFICIO.turned, words.head(reading.ws, found, reading.title)) as doc:
        for note in reading.notes:
            doc.paragraph(note)
        doc.y -= 6
        if reading.total:
            Table(doc, [Column.of(field, min(field.width, 44)) for field in reading.fields]).draw(_rows(reading))
    return target.getvalue()


def _rows(reading: _Reading) -> Iterator[Any]:
    from peti_desktop.reports.table import Cell, Row

    for line, page in reading.lines():
        cells = []
        for place, field in enumerate(reading.fields):
            value = line.record.values.get(field.name)
            text = show(field, value, reading.ws.catalogues, page.links)
            zone = str(value) if field.catalogue == "zona" and isinstance(value, str) else ""
            mended = line.mended.get(field.name)
            note = f"corregido por TIC: {mended.reason}" if mended else ""
            if not place and line.record.example:
                note = EXAMPLE
            cells.append(Cell(text, note=note, zone=zone))
        yield Row(cells)

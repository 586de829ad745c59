"""Writing a file of the office as a workbook that is read in Excel as well as by the program."""

import io
import math
from collections.abc import Iterable, Mapping, Sequence

from openpyxl import Workbook
from openpyxl.cell.cell import Cell
from openpyxl.styles import Border, Font, PatternFill, Side
from openpyxl.utils import get_column_letter

from peti_desktop import sheets
from peti_desktop.catalogues import Catalogues
from peti_desktop.delivery import keys_told
from peti_desktop.delivery.reading import Incoming
from peti_desktop.moments import spoken_moment
from peti_desktop.progress import Progress, silent
from peti_desktop.records import TYPES
from peti_desktop.records.convert import spoken_date
from peti_desktop.records.fields import Field
from peti_desktop.returning.contents import (
    CLOSED,
    COVER,
    FORMAT,
    HEADING_ROW,
    HIDDEN,
    KEYS,
    OBSERVATIONS,
    RETURN,
    Contents,
    Point,
    Told,
)
from peti_desktop.returning.declared import Declared
from peti_desktop.sheets import Sheet

ASKED_FILL = PatternFill("solid", fgColor="FFE2A8")
_THICK = Side(style="medium", color="7A4B00")
ASKED_BORDER = Border(left=_THICK, right=_THICK, top=_THICK, bottom=_THICK)
ASKED_FONT = Font(name="Calibri", size=11, bold=True)
_LABEL = Font(name="Calibri", size=11, bold=True, color="5B6670")
_TITLE = Font(name="Calibri", size=14, bold=True, color="1F4E6B")
_HEADING = Font(name="Calibri", size=11, bold=True, color="FFFFFF")
_LINE_POINTS = 15.0
_PAGE_CHARACTERS = 170  # so many beside each other can still be read on paper
_MOST_POINTS = 409.0  # Excel's own limit

Lines = Sequence[tuple[str, str, str]]
Columns = Sequence[tuple[str, str, int]]
"""Name, label and width of each column; a width of 0 hides it."""


def title(told: Told) -> str:
    """What the file is, in one line."""
    if told.clase == RETURN:
        return f"{told.ronda}.ª devolución · {told.dependencia_nombre} · Vigencia {told.vigencia}"
    return f"Acuse de recibo · {told.dependencia_nombre} · Vigencia {told.vigencia}"


def write(
    contents: Contents, catalogues: Catalogues, declared: Declared | None = None, progress: Progress = silent
) -> bytes:
    """The workbook, not signed yet. With ``declared`` the observed rows are shown as they were delivered."""
    book = sheets.new_workbook()
    try:
        _cover(book.create_sheet(COVER), contents)
        if contents.points:
            _points(book.create_sheet(OBSERVATIONS), contents, progress)
        if declared is not None:
            _observed(book, contents, catalogues, declared)
        if contents.settled:
            _settled(book.create_sheet(CLOSED), contents)
        _hidden(book.create_sheet(HIDDEN), _facts(contents.told))
        assert contents.told.keys is not None
        _hidden(book.create_sheet(KEYS), keys_told.lines(contents.told.keys))
    except BaseException:
        sheets.discard(book)
        raise
    buffer = io.BytesIO()
    book.save(buffer)
    return buffer.getvalue()


def cover_lines(contents: Contents) -> list[tuple[str, str, str]]:
    """Name, label and text of each line of the cover."""
    told = contents.told
    lines = [
        ("entidad", "Entidad", told.entidad),
        ("dependencia", "Código de la dependencia", told.dependencia),
        ("dependencia_nombre", "Dependencia", told.dependencia_nombre),
        ("vigencia", "Vigencia", str(told.vigencia)),
        ("numero", "Número de la entrega", str(told.numero)),
        ("entrega_codigo", "Código de la entrega", told.entrega_codigo),
        ("archivo", "Archivo recibido", told.archivo),
        ("recibida", "Recibido el", spoken_moment(told.recibida_en)),
        ("entrega", "Huella del archivo (SHA-256)", told.entrega),
    ]
    lines += _of_return(contents) if told.clase == RETURN else _of_receipt(told)
    return [
        *lines,
        ("nombre", "Firma por la Oficina TIC", told.nombre),
        ("cargo", "Cargo", told.cargo),
        ("emitida", "Fecha", spoken_moment(told.emitida_en)),
        ("contador", "Número en el registro de la oficina", str(told.contador)),
        ("previo", "Huella del archivo anterior de la oficina", told.previo),
        ("formato", "Formato del archivo", str(FORMAT)),
    ]


def _of_return(contents: Contents) -> Lines:
    told = contents.told
    assert told.vence is not None
    return [
        ("ronda", "Devolución n.º", str(told.ronda)),
        ("observaciones", "Observaciones", str(len(contents.points))),
        ("vence", "Responder hasta", spoken_date(told.vence)),
        ("codigo", "Código de la devolución", told.codigo),
    ]


def _of_receipt(told: Told) -> Lines:
    return [
        ("veredicto", "Verificación de la firma", told.veredicto),
        ("firmante", "Firmada por", told.firmante),
        ("estado", "Estado de la entrega", told.estado),
        *((f"n_{name}", TYPES[name].title, str(count)) for name, count in told.counts),
    ]


_NOTES = {
    RETURN: "Abra este archivo con Peti Desktop, en «Observaciones»: cada observación queda en su campo y allí se "
    "responde. Lo que se cambie aquí con Excel anula la firma.",
    "acuse": "Guarde este archivo: demuestra qué recibió la Oficina TIC y cuándo. Lo que se cambie aquí con "
    "Excel anula la firma.",
}


def _cover(sheet: Sheet, contents: Contents) -> None:
    told = contents.told
    sheet.column_dimensions["A"].hidden = True
    sheet.column_dimensions["B"].width, sheet.column_dimensions["C"].width = 40, 72
    sheet.sheet_view.showGridLines = False
    _page(sheet, landscape=False)
    head = sheets.text_cell(sheet, title(told))
    head.font = _TITLE
    sheet.append([None, head])
    sheet.append([])
    for name, label, text in cover_lines(contents):
        said, value = sheets.text_cell(sheet, label), sheets.text_cell(sheet, text)
        said.font, value.alignment = _LABEL, sheets.WRAPPED
        sheet.append([sheets.text_cell(sheet, name), said, value])
    sheet.append([])
    sheet.append([None, sheets.text_cell(sheet, _NOTES[told.clase])])


def _hidden(sheet: Sheet, lines: Iterable[tuple[str, str]]) -> None:
    sheet.sheet_state = "veryHidden"
    for name, text in lines:
        sheet.append([sheets.text_cell(sheet, name), sheets.text_cell(sheet, text)])


def _facts(told: Told) -> list[tuple[str, str]]:
    return [
        ("formato", str(FORMAT)),
        ("clase", told.clase),
        ("recibida_en", told.recibida_en.isoformat(timespec="microseconds")),
        ("emitida_en", told.emitida_en.isoformat(timespec="microseconds")),
        ("vence", told.vence.isoformat() if told.vence else ""),
    ]


_POINT_COLUMNS: Columns = (
    ("uid", "uid", 0),
    ("tipo", "tipo", 0),
    ("registro", "registro", 0),
    ("campo", "campo", 0),
    ("frase", "frase", 0),
    ("hecha_en", "hecha_en", 0),
    ("n", "N.º", 6),
    ("seccion", "Sección", 13),
    ("titular", "Registro", 26),
    ("campo_nombre", "Campo", 18),
    ("declarado", "Lo que se declaró", 28),
    ("texto", "Lo que se pide", 46),
    ("hasta", "Responder hasta", 13),
)
_PAINTED = {"declarado", "texto"}


def section(point: Point) -> str:
    """What part of the delivery a point is about."""
    return TYPES[point.tipo].title if point.tipo else "Toda la entrega"


def _points(sheet: Sheet, contents: Contents, progress: Progress) -> None:
    told = contents.told
    assert told.vence is not None
    _prepare(sheet, f"Observaciones · {title(told)}", _POINT_COLUMNS, frozen="I")
    until = spoken_date(told.vence)
    for number, point in enumerate(contents.points, 1):
        if number % 500 == 1:
            progress(number, len(contents.points), "Escribiendo las observaciones")
        texts = {
            "uid": point.uid,
            "tipo": point.tipo,
            "registro": point.registro,
            "campo": point.campo,
            "frase": point.frase,
            "hecha_en": point.hecha_en.isoformat(timespec="microseconds"),
            "n": str(number),
            "seccion": section(point),
            "titular": point.titular,
            "campo_nombre": point.campo_nombre,
            "declarado": point.declarado,
            "texto": point.texto,
            "hasta": until,
        }
        cells = {name: _text(sheet, texts[name]) for name, *_ in _POINT_COLUMNS}
        for name in _PAINTED:
            cells[name].fill = ASKED_FILL
        cells["texto"].font = ASKED_FONT
        _high_enough(sheet, HEADING_ROW + number, ((texts[name], width) for name, _, width in _POINT_COLUMNS))
        sheet.append(list(cells.values()))


_SETTLED_COLUMNS: Columns = (
    ("uid", "uid", 0),
    ("numero", "Entrega n.º", 12),
    ("titular", "Registro", 40),
    ("campo_nombre", "Campo", 24),
    ("texto", "Lo que se pidió", 70),
)


def _settled(sheet: Sheet, contents: Contents) -> None:
    _prepare(sheet, "Observaciones que la Oficina TIC ya cerró", _SETTLED_COLUMNS, frozen="C")
    for at, found in enumerate(contents.settled, HEADING_ROW + 1):
        texts = (found.uid, str(found.numero), found.titular, found.campo_nombre, found.texto)
        _high_enough(sheet, at, zip(texts, (width for *_, width in _SETTLED_COLUMNS), strict=True))
        sheet.append([_text(sheet, text) for text in texts])


def _observed(book: Workbook, contents: Contents, catalogues: Catalogues, declared: Declared) -> None:
    """A sheet per section with the observed rows as they were delivered, the observed cells painted and framed."""
    numbers: dict[tuple[str, str], list[tuple[int, str]]] = {}
    for number, point in enumerate(contents.points, 1):
        if point.registro:
            numbers.setdefault((point.tipo, point.registro), []).append((number, point.campo))
    for name, record_type in TYPES.items():
        observed = [(key, found) for key, found in numbers.items() if key[0] == name and key in declared.records]
        if not observed:
            continue
        shown = _filled(declared, observed)
        sheet: Sheet = book.create_sheet(f"{record_type.title[:20]} observ.")
        columns = [("obs", "Observación", 13), *((f.name, f.label, f.width) for f in shown)]
        _prepare(sheet, f"{record_type.title}: filas con observaciones", columns, frozen="B", named=False)
        for at, (key, found) in enumerate(observed, HEADING_ROW + 1):
            texts = ((declared.value(*key, f.name, catalogues), f.width) for f in shown)
            _high_enough(sheet, at, texts)
            sheet.append(_row(sheet, declared.records[key], found, shown, catalogues, declared.links))


Observed = Sequence[tuple[tuple[str, str], Sequence[tuple[int, str]]]]
"""Records (type and uid), each with the numbers of its observations and their fields."""


def _filled(declared: Declared, observed: Observed) -> list[Field]:
    """The columns in which one of the rows has a value, or something is asked: the others only make the sheet wide."""
    asked = {campo for _, found in observed for _, campo in found}
    rows = [declared.records[key].values for key, _ in observed]
    fields = TYPES[observed[0][0][0]].fields
    return [f for f in fields if f.name in asked or any(values[f.name] is not None for values in rows)]


def _high_enough(sheet: Sheet, row: int, texts: Iterable[tuple[str, float]]) -> None:
    """Give a row the height its wrapped texts need; Excel and LibreOffice do not always do so by themselves."""
    lines = max(
        (
            sum(max(1, math.ceil(len(line) * 1.1 / width)) for line in text.split("\n"))
            for text, width in texts
            if width
        ),
        default=1,
    )
    sheet.row_dimensions[row].height = min(lines * _LINE_POINTS + 2, _MOST_POINTS)


def _row(
    sheet: Sheet,
    record: Incoming,
    found: Sequence[tuple[int, str]],
    shown: Sequence[Field],
    catalogues: Catalogues,
    links: Mapping[str, str],
) -> list[Cell]:
    asked = {campo for _, campo in found}
    first = _text(sheet, ", ".join(str(number) for number, _ in found))
    first.font = ASKED_FONT
    cells = [first]
    for field in shown:
        cell = sheets.value_cell(sheet, field, record.values[field.name], catalogues, links)
        if field.name in asked or "" in asked:
            cell.fill = ASKED_FILL
        if field.name in asked:
            cell.border, cell.font = ASKED_BORDER, ASKED_FONT
        cells.append(cell)
    return cells


def _text(sheet: Sheet, text: str) -> Cell:
    cell = sheets.text_cell(sheet, text)
    cell.alignment, cell.border = sheets.WRAPPED, sheets.LINE
    return cell


def _prepare(sheet: Sheet, head: str, columns: Columns, *, frozen: str, named: bool = True) -> None:
    for position, (_, _, width) in enumerate(columns, start=1):
        dimension = sheet.column_dimensions[get_column_letter(position)]
        dimension.width, dimension.hidden = (width or 8) + 2, not width
    sheet.row_dimensions[1].hidden = True
    sheet.row_dimensions[2].height, sheet.row_dimensions[HEADING_ROW].height = 24, 2 * _LINE_POINTS + 2
    sheet.freeze_panes = f"{frozen}4"
    sheet.print_title_rows = "3:3"
    _page(sheet, landscape=True, wide=math.ceil(sum(width for *_, width in columns) / _PAGE_CHARACTERS))
    sheet.append([sheets.text_cell(sheet, name) for name, *_ in columns] if named else [])
    titled = sheets.text_cell(sheet, head)
    titled.font = _TITLE
    sheet.append([None] * sum(not width for *_, width in columns) + [titled])
    headings = [sheets.heading_cell(sheet, label) for _, label, _ in columns]
    for heading in headings:
        heading.font = _HEADING
    sheet.append(headings)


def _page(sheet: Sheet, *, landscape: bool, wide: int = 1) -> None:
    sheet.page_setup.orientation = "landscape" if landscape else "portrait"
    sheet.page_setup.paperSize = "1"  # carta
    sheet.page_setup.fitToWidth, sheet.page_setup.fitToHeight = wide, 0
    sheet.sheet_properties.pageSetUpPr.fitToPage = True
    sheet.oddFooter.center.text = "Página &P de &N"

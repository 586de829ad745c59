"""How cells of the form look. Named styles: thousands of empty cells share them, and Excel 2007 knows them."""

from openpyxl import Workbook
from openpyxl.styles import Alignment, Border, Font, NamedStyle, PatternFill, Protection, Side

from peti_desktop import sheets
from peti_desktop.records.fields import Field, Kind

SHUT, SAMPLE, HEADING, TITLE, LABEL, WORDS = (
    f"peti {name}" for name in ("fijo", "ejemplo", "encabezado", "titulo", "nombre", "palabras")
)

LONGEST_AS_TEXT = 255
"""Excel 2007 shows ##### for a longer text in a cell of the format «Texto»."""

LINE, HIGHEST = 15, 180
"""Points of a line, and of the highest row that still lets a person see the next one."""

_THIN = Side(style="thin", color="C3CAD1")
_BOX = Border(left=_THIN, right=_THIN, top=_THIN, bottom=_THIN)
_GREY = PatternFill("solid", fgColor="ECEFF2")
_WRAPPED = Alignment(wrap_text=True, vertical="top")
_FORMATS = {
    "texto": "@",
    "nota": "General",
    "fecha": sheets.FORMATS[Kind.DATE],
    "pesos": sheets.FORMATS[Kind.MONEY],
    "cantidad": sheets.FORMATS[Kind.AMOUNT],
    "entero": sheets.FORMATS[Kind.INTEGER],
}


def add_styles(book: Workbook) -> None:
    """Make the styles known to the book."""
    for name, code in _FORMATS.items():
        style = NamedStyle(
            name=f"peti {name}",
            font=_font("000000"),
            border=_BOX,
            alignment=_WRAPPED,
            number_format=code,
            protection=Protection(locked=False),
        )
        book.add_named_style(style)
    shut = Protection(locked=True)
    for style in (
        _grey(SHUT, _font("1B1F23")),
        _grey(SAMPLE, _font("6B7680", italic=True)),
        NamedStyle(
            name=HEADING,
            font=_font("FFFFFF", bold=True),
            fill=sheets.HEADING_FILL,
            alignment=Alignment(wrap_text=True, vertical="center"),
            protection=shut,
        ),
        NamedStyle(name=TITLE, font=_font("1F4E6B", bold=True, size=14), protection=shut),
        NamedStyle(name=LABEL, font=_font("5B6670", bold=True), alignment=_WRAPPED, protection=shut),
        NamedStyle(name=WORDS, font=_font("1B1F23"), alignment=_WRAPPED, protection=shut),
    ):
        book.add_named_style(style)


def _grey(name: str, font: Font) -> NamedStyle:
    shut = Protection(locked=True)
    return NamedStyle(name=name, font=font, fill=_GREY, border=_BOX, alignment=_WRAPPED, protection=shut)


def _font(colour: str, *, bold: bool = False, italic: bool = False, size: int = 11) -> Font:
    # A font without a name becomes a serif in LibreOffice.
    return Font(name="Calibri", size=size, bold=bold, italic=italic, color=colour)


def high(text: str, wide: float) -> int:
    """The points a row needs to show ``text`` in a column ``wide`` characters wide: Excel 2007 does not find out."""
    lines = sum(-(-max(len(line), 1) // max(int(wide), 1)) for line in text.split("\n"))
    return min(LINE * max(lines, 1), HIGHEST)


def style_name(field: Field) -> str:
    """The style of the cells a person writes a field into.

    Short texts are «Texto», so that 000123 keeps its zeros and a serial its digits.
    """
    match field.kind:
        case Kind.TEXT if field.limit <= LONGEST_AS_TEXT:
            return "peti texto"
        case Kind.TEXT | Kind.NOTE | Kind.CHOICE:
            return "peti nota"
        case Kind.LINK:
            return "peti texto"
        case kind:
            return f"peti {kind.value}"

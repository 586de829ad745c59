"""Blocks of cells between this program and Excel or LibreOffice: tab separated text and HTML tables.

Text is enough for Excel. LibreOffice loses line breaks in its text and shows numbers as its own language writes them,
so its HTML is read, where a cell says its number; so is any table with merged cells or lines broken inside a cell.
"""

import html
import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from decimal import Decimal, InvalidOperation
from html.parser import HTMLParser
from typing import Final

from PySide6.QtCore import QMimeData

from peti_desktop.errors import UserError
from peti_desktop.records.convert import decimal_text

MOST_CELLS: Final = 40_000
"""What one paste takes: 2,000 rows of a device's 14 columns with room to spare."""
MOST_TEXT: Final = 12_000_000
MOST_HTML: Final = 24_000_000
"""Characters; LibreOffice writes some 90 around each cell."""
LONGEST_CELL: Final = 32_767
"""Characters; the longest text an Excel cell holds."""

Cell = str | None
"""``None`` is a place that a merged cell covers: what stands there stays."""

_QUOTED = re.compile('"[^"]*(?:""[^"]*)*"(?=[\t\n]|$)')
_PLAIN = re.compile("[^\t\n]*")
_NUMBER_SIGNS = re.compile(r"[-+$\s\d.,]*\d[\s\d.,]*")
_SPACES = re.compile(r"[ \t\r\n\f]+")


@dataclass(frozen=True, slots=True)
class Block:
    """Rows of cells, all of the same width."""

    rows: tuple[tuple[Cell, ...], ...]

    @property
    def width(self) -> int:
        """How many columns there are."""
        return len(self.rows[0]) if self.rows else 0


def block_of(mime: QMimeData) -> Block:
    """The cells on the clipboard. Raises UserError, in which case nothing may be pasted."""
    plain = mime.text() if mime.hasText() else ""
    marked = mime.html() if mime.hasHtml() else ""
    if "\0" in plain:
        raise UserError(
            "El portapapeles trae datos que no son texto y no se pegó nada.", "Copie celdas de una hoja y repita."
        )
    if len(plain) > MOST_TEXT:
        raise too_much(f"{len(plain):,} caracteres".replace(",", "."), f"{MOST_TEXT:,}".replace(",", "."))
    rows = parse_html(marked) if _says_more(plain, marked) else ()
    block = even(rows or parse_text(plain))
    if not block.rows:
        raise UserError(
            "El portapapeles no trae texto ni celdas y no se pegó nada.", "Copie celdas de una hoja y repita."
        )
    cells = len(block.rows) * block.width
    if cells > MOST_CELLS:
        raise too_much(f"{cells:,} celdas".replace(",", "."), f"{MOST_CELLS:,}".replace(",", "."))
    return block


def too_much(brought: str, most: str) -> UserError:
    """What is said of a clipboard that is too big."""
    return UserError(
        f"El portapapeles trae {brought} y de una vez se pegan hasta {most}: no se pegó nada.",
        "Cópielo por partes, o traiga el archivo con «Traer de Excel…».",
    )


def _says_more(plain: str, marked: str) -> bool:
    """Whether the HTML holds what the text has lost."""
    if len(marked) > MOST_HTML or "<table" not in marked.lower():
        return False
    return not plain or re.search(r"<br|rowspan|colspan|sdval", marked, re.IGNORECASE) is not None


def even(rows: Iterable[Sequence[Cell]]) -> Block:
    """A block without the empty rows at its end, its short rows filled up."""
    found = [tuple(row) for row in rows]
    while found and not any(found[-1]):
        found.pop()
    width = max((len(row) for row in found), default=0)
    return Block(tuple(row + ("",) * (width - len(row)) for row in found))


def parse_text(text: str) -> list[list[Cell]]:
    """Rows of tab separated text; quotes hold tabs and line breaks together where a spreadsheet wrote them."""
    text = text.replace("\r\n", "\n").replace("\r", "\n").removesuffix("\n")
    if not text:
        return []
    rows: list[list[Cell]] = [[]]
    place = 0
    while True:
        found = _QUOTED.match(text, place)
        if found:
            rows[-1].append(found[0][1:-1].replace('""', '"'))
        else:
            found = _PLAIN.match(text, place)
            assert found is not None  # it matches the empty text too
            rows[-1].append(found[0])
        place = found.end() + 1
        if place > len(text):
            return rows
        if text[place - 1] == "\n":
            rows.append([])


def parse_html(text: str) -> list[list[Cell]]:
    """Rows of the tables in ``text``. A cell merged over rows says its text in each; over columns only in the first."""
    reader = _Tables()
    reader.feed(text)
    reader.close()
    reader.end_row()
    return reader.rows


class _Tables(HTMLParser):
    """Collects the cells of tables, whatever else the HTML holds."""

    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.rows: list[list[Cell]] = []
        self._row: list[Cell] | None = None
        self._above: dict[int, tuple[int, Cell]] = {}
        self._below: dict[int, tuple[int, Cell]] = {}
        self._parts: list[str] | None = None
        self._spans = (1, 1)
        self._number = ""
        self._hidden = 0

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        said = {name: value or "" for name, value in attrs}
        match tag:
            case "style" | "script" | "head" | "title":
                self._hidden += 1
            case "tr":
                self._begin_row()
            case "td" | "th":
                self._end_cell()
                if self._row is None:
                    self._begin_row()
                self._parts = []
                self._spans = (_span(said.get("rowspan", "")), _span(said.get("colspan", "")))
                self._number = said.get("sdval", "")
            case "br" if self._parts is not None:
                self._parts.append("\n")
            case "p" | "div" if self._parts:
                self._parts.append("\n")

    def handle_endtag(self, tag: str) -> None:
        match tag:
            case "style" | "script" | "head" | "title":
                self._hidden = max(0, self._hidden - 1)
            case "td" | "th":
                self._end_cell()
            case "tr" | "table":
                self.end_row()

    def handle_data(self, data: str) -> None:
        if self._parts is not None and not self._hidden:
            self._parts.append(_SPACES.sub(" ", data))

    def _end_cell(self) -> None:
        if self._parts is None or self._row is None:
            return
        lines = "".join(self._parts).replace("\u00a0", " ").split("\n")
        text = spoken_number("\n".join(line.strip() for line in lines).strip("\n"), self._number)
        self._parts = None
        down, right = self._spans
        self._cover()
        for place in range(right):
            cell = text if place == 0 else None
            if down > 1:
                self._below[len(self._row)] = (down - 1, cell)
            self._row.append(cell)

    def _cover(self) -> None:
        """Write what cells merged from above say in this row."""
        assert self._row is not None
        while (place := len(self._row)) in self._above:
            left, cell = self._above[place]
            if left > 1:
                self._below[place] = (left - 1, cell)
            self._row.append(cell)

    def _begin_row(self) -> None:
        self.end_row()
        self._row = []
        self._above, self._below = self._below, {}

    def end_row(self) -> None:
        """Take the row that is being read."""
        self._end_cell()
        if self._row is not None:
            self._cover()
            self.rows.append(self._row)
        self._row = None


def _span(text: str) -> int:
    return min(1000, max(1, int(text))) if text.isdecimal() and len(text) < 6 else 1


def spoken_number(text: str, number: str) -> str:
    """The exact ``number`` a cell stands for, as it is typed here; the text where it shows something else.

    Dates (15.06.2020), codes with zeros before and rounded figures stay as they are shown.
    """
    bare = text.lstrip("-+$ ")
    if not number or not _NUMBER_SIGNS.fullmatch(text) or (bare[:1] == "0" and bare[1:2].isdigit()):
        return text
    try:
        exact = Decimal(number)
    except InvalidOperation:
        return text
    digits = "".join(sign for sign in text if sign.isdigit())
    return decimal_text(exact, grouped=False) if digits.startswith(str(int(abs(exact)))) else text


def as_text(rows: Iterable[Sequence[str]]) -> str:
    """Tab separated text as Excel takes it."""
    return "\n".join("\t".join(_quoted(cell) for cell in row) for row in rows)


def _quoted(text: str) -> str:
    quotes = text.replace('"', '""')
    return f'"{quotes}"' if any(sign in text for sign in '\t\n"') else text


def as_html(rows: Iterable[Sequence[str]], textual: Sequence[bool]) -> str:
    """A table as Excel and LibreOffice take it; ``textual`` columns stay text there: placas keep their zeros."""
    lines = []
    for row in rows:
        cells = (
            f"<td{_AS_TEXT if kept else ''}>{html.escape(cell).replace(chr(10), _BREAK)}</td>"
            for cell, kept in zip(row, textual, strict=True)
        )
        lines.append(f"<tr>{''.join(cells)}</tr>")
    return f'<meta charset="utf-8"><table>{"".join(lines)}</table>'


_AS_TEXT: Final = " style='mso-number-format:\"\\@\"'"
_BREAK: Final = "<br style='mso-data-placement:same-cell'>"

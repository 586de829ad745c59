"""Tables over many pages, drawn line by line: time grows with the rows, and no page is gone back to."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field

from peti_desktop.records.fields import Field, Kind
from peti_desktop.reports.lettering import BOLD, REGULAR, Ruler, width
from peti_desktop.reports.page import ACCENT, BAND, INK, MUTED, RULE, WHITE, Document
from peti_desktop.reports.zones import ZONES, letter_box

PAD = 3.5
"""Between a cell's edge and its text."""

LEAD = 1.24
"""Distance between lines, in sizes of the letters."""

KEEP_WHOLE = 0.45
"""A row that needs less than this part of a page is never broken over two."""

FIRST_LINES = 4
"""How many lines of a row that is broken stand together at least."""


@dataclass(frozen=True, slots=True)
class Column:
    """``width`` is a share: all columns together fill the page. ``right`` puts numbers where numbers belong."""

    title: str
    width: float
    right: bool = False

    @classmethod
    def of(cls, described: Field, width: float | None = None) -> "Column":
        """The column of a record's field, with its label and usual width."""
        right = described.kind in {Kind.INTEGER, Kind.AMOUNT, Kind.MONEY}
        return cls(described.label, float(width or described.width), right)


@dataclass(frozen=True, slots=True)
class Cell:
    """A text, a quieter note below it, and the code of the zone the cell is coloured for."""

    text: str = ""
    note: str = ""
    zone: str = ""
    bold: bool = False


@dataclass(frozen=True, slots=True)
class Row:
    """Cells, as texts where nothing else is needed. ``total`` rows stand out."""

    cells: Sequence[str | Cell]
    total: bool = False


@dataclass(frozen=True, slots=True)
class Band:
    """The name of the group that follows; repeated, with «continúa», on every page the group goes on to."""

    text: str
    note: str = ""
    bookmark: bool = False


@dataclass(slots=True)
class _Lines:
    """What is left to draw of one cell: lines with their font and colour."""

    zone: str
    lines: list[tuple[str, str, str]] = field(default_factory=list)


class Table:
    """A table being drawn on a document, below what the document already holds."""

    def __init__(
        self,
        doc: Document,
        columns: Sequence[Column],
        size: float = 7,
        *,
        left: float | None = None,
        wide: float = 0,
        air: float = 3,
    ) -> None:
        """``air`` is the room above and below the text of a row; ``left`` and ``wide`` place a narrow table."""
        self.doc = doc
        self.left = doc.left if left is None else left
        self.wide = wide or doc.wide
        self.columns = columns
        self.size = size
        self.lead = size * LEAD
        self.air = air
        total = sum(column.width for column in columns)
        self.wides = [self.wide * column.width / total for column in columns]
        self.lefts = [self.left + sum(self.wides[:n]) for n in range(len(columns))]
        self._regular, self._bold = Ruler(REGULAR, size), Ruler(BOLD, size)
        self._band: Band | None = None
        self._open = False  # whether rows stand on this page below a heading

    def draw(self, rows: Iterable[Row | Band]) -> None:
        """Draw all rows, with the heading on every page."""
        waiting: Band | None = None
        for row in rows:
            if waiting is not None:
                self._draw_band(waiting, None if isinstance(row, Band) else row)
            waiting = row if isinstance(row, Band) else None
            if not isinstance(row, Band):
                self._draw_row(row)
        if waiting is not None:
            self._draw_band(waiting, None)
        if self._open:
            self.doc.y -= 6

    def high(self, rows: Iterable[Row]) -> float:
        """How high a short table would be."""
        return self._heading_high() + sum(self._row_high(self._row_lines(row)) for row in rows)

    # Heading and bands

    def _ready(self, high: float) -> None:
        """Make sure that ``high`` points fit below a heading, on this page or the next."""
        if not self._open:
            if self.doc.room < self._heading_high() + high + self._band_high:
                self.doc.new_page()
            self._draw_heading()
        elif self.doc.room < high:
            self._turn()

    def _turn(self) -> None:
        self.doc.new_page()
        self._draw_heading()
        if self._band is not None:
            self._write_band(self._band, " (continúa)")

    @property
    def _band_high(self) -> float:
        return self.lead + 2 * self.air

    def _titles(self) -> list[list[str]]:
        return [
            self._bold.wrap(column.title, wide - 2 * PAD) for column, wide in zip(self.columns, self.wides, strict=True)
        ]

    def _heading_high(self) -> float:
        return max(len(lines) for lines in self._titles()) * self.lead + 2 * self.air

    def _draw_heading(self) -> None:
        doc, high = self.doc, self._heading_high()
        doc.y -= high
        doc.fill(ACCENT, self.left, doc.y, self.wide, high)
        for column, left, wide, lines in zip(self.columns, self.lefts, self.wides, self._titles(), strict=True):
            y = doc.y + high - self.air - self.size
            for line in lines:
                if column.right:
                    doc.text_right(left + wide - PAD, y, line, BOLD, self.size, WHITE)
                else:
                    doc.text(left + PAD, y, line, BOLD, self.size, WHITE)
                y -= self.lead
        self._open = True

    def _draw_band(self, band: Band, first: Row | None) -> None:
        """Draw a band where its first row, or what stays together of it, fits below: it never stands alone."""
        self._band = None
        self._ready(self._band_high + (self._together(self._row_lines(first)) if first else 0))
        self._band = band
        if band.bookmark:
            self.doc.bookmark(band.text, 1)
        self._write_band(band)

    def _write_band(self, band: Band, more: str = "") -> None:
        doc, high = self.doc, self._band_high
        doc.y -= high
        doc.fill(BAND, self.left, doc.y, self.wide, high)
        doc.text(self.left + PAD, doc.y + self.air + self.size * 0.22, band.text + more, BOLD, self.size + 0.5, ACCENT)
        if band.note:
            doc.text_right(
                self.left + self.wide - PAD, doc.y + self.air + self.size * 0.22, band.note, REGULAR, self.size, INK
            )

    # Rows

    def _lines(self, cell: str | Cell, wide: float, total: bool) -> _Lines:
        if isinstance(cell, str):
            cell = Cell(cell, bold=total)
        ruler, font = (self._bold, BOLD) if cell.bold or cell.zone else (self._regular, REGULAR)
        room = wide - 2 * PAD - (self.size + 3 if cell.zone else 0)
        found = _Lines(cell.zone, [(line, font, INK) for line in ruler.wrap(cell.text, room)] if cell.text else [])
        if cell.note:
            found.lines += [
                (line, REGULAR, INK if cell.zone else MUTED) for line in self._regular.wrap(cell.note, wide - 2 * PAD)
            ]
        return found

    def _row_lines(self, row: Row) -> list[_Lines]:
        return [self._lines(cell, wide, row.total) for cell, wide in zip(row.cells, self.wides, strict=True)]

    def _row_high(self, cells: Sequence[_Lines]) -> float:
        return max(1, *(len(cell.lines) for cell in cells)) * self.lead + 2 * self.air

    def _goes_over(self, cells: Sequence[_Lines]) -> bool:
        """Whether a row is so high that it may be cut at the end of a page."""
        page = self.doc.top - self.doc.bottom - self._heading_high() - self._band_high
        return self._row_high(cells) > page * KEEP_WHOLE

    def _together(self, cells: Sequence[_Lines]) -> float:
        """The room that a row needs to begin on this page."""
        return FIRST_LINES * self.lead + 2 * self.air if self._goes_over(cells) else self._row_high(cells)

    def _draw_row(self, row: Row) -> None:
        cells = self._row_lines(row)
        count = max(1, *(len(cell.lines) for cell in cells))
        if not self._goes_over(cells):
            self._ready(self._row_high(cells))
            self._write(cells, 0, count, row.total)
            return
        done = 0
        while done < count:
            self._ready(min(FIRST_LINES, count - done) * self.lead + 2 * self.air)
            fit = min(count - done, int((self.doc.room - 2 * self.air) / self.lead))
            self._write(cells, done, done + fit, row.total)
            done += fit

    def _write(self, cells: Sequence[_Lines], first: int, last: int, total: bool) -> None:
        """Draw the lines ``first`` to ``last`` of a row, the whole of it unless it goes over pages."""
        doc, size, lead = self.doc, self.size, self.lead
        high = (last - first) * lead + 2 * self.air
        top = doc.y
        doc.y -= high
        if total:
            doc.fill(BAND, self.left, doc.y, self.wide, high)
        for cell, column, left, wide in zip(cells, self.columns, self.lefts, self.wides, strict=True):
            indent = 0.0
            if cell.zone:
                doc.fill(ZONES[cell.zone].paper, left, doc.y, wide, high)
                indent = size + 3
                if first == 0:
                    letter_box(doc, cell.zone, left + PAD, top - self.air - size - 1, size + 0.5)
            y = top - self.air - size * 0.92
            for text, font, colour in cell.lines[first:last]:
                if text:
                    inset = indent if font == BOLD else 0.0
                    x = left + wide - PAD - width(text, font, size) if column.right else left + PAD + inset
                    doc.text(x, y, text, font, size, colour)
                y -= lead
        doc.rule(self.left, doc.y, self.left + self.wide, doc.y, RULE, 0.4)


GAP, TITLE = 14.0, 22.0


@dataclass(frozen=True, slots=True)
class Block:
    """A short table with a title, to stand beside others."""

    title: str
    columns: Sequence[Column]
    rows: Sequence[Row]


def beside(doc: Document, columns: Sequence[Sequence[Block]], size: float = 7.5, air: float = 2) -> None:
    """Draw columns of short tables side by side while they fit a page, else all of them one below the other."""
    wide = (doc.wide - GAP * (len(columns) - 1)) / len(columns)
    lefts = [doc.left + n * (wide + GAP) for n in range(len(columns))]
    tallest = max(
        sum(Table(doc, b.columns, size, wide=wide, air=air).high(b.rows) + TITLE for b in blocks) for blocks in columns
    )
    if doc.room < tallest <= doc.top - doc.bottom and doc.room < (doc.top - doc.bottom) / 3:
        doc.new_page()
    if doc.room < tallest:
        for block in (block for blocks in columns for block in blocks):
            _block(doc, block, Table(doc, block.columns, size, air=air))
        return
    top, lowest = doc.y, doc.y
    for left, blocks in zip(lefts, columns, strict=True):
        doc.y = top
        for block in blocks:
            _block(doc, block, Table(doc, block.columns, size, left=left, wide=wide, air=air))
        lowest = min(lowest, doc.y)
    doc.y = lowest


def _block(doc: Document, block: Block, table: Table) -> None:
    if block.title:
        if doc.room < 80:
            doc.new_page()
        doc.y -= 16
        doc.text(table.left, doc.y + 4, block.title, BOLD, 9, INK)
    table.draw(block.rows)

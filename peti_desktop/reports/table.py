"""Tables over many pages, drawn line by line: time grows with the rows, and no page is gone back to."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field

from peti_desktop.records.fields import Field, Kind
from peti_desktop.reports.lettering import BOLD, REGULAR, Ruler, fitted, width
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

SHORT = 14
"""A word of at most so many letters (a date, a code, a name) is made smaller before it is cut."""
SMALLEST = 0.72
"""To which part of their size letters may shrink."""


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
    """What is left to draw of one cell: lines with their font, size and colour."""

    zone: str
    lines: list[tuple[str, str, float, str]] = field(default_factory=list)


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
        self._regular, self._bold = Ruler(REGULAR, size), Ruler(BOLD, size)
        self.wides = self._shared_out()
        self.lefts = [self.left + sum(self.wides[:n]) for n in range(len(columns))]
        self._band: Band | None = None
        self._open = False  # whether rows stand on this page below a heading

    def _shared_out(self) -> list[float]:
        """How wide each column is: its share, or what the longest word of its heading takes where that is more."""
        needs = [self._bold.widest(column.title) + 2 * PAD + 0.1 for column in self.columns]
        shares = [column.width for column in self.columns]
        narrow: set[int] = set()
        while True:
            left = self.wide - sum(needs[n] for n in narrow)
            whole = sum(share for n, share in enumerate(shares) if n not in narrow)
            wides = [needs[n] if n in narrow else left * share / whole for n, share in enumerate(shares)]
            found = {n for n, wide in enumerate(wides) if n not in narrow and wide < needs[n]}
            if not found:
                return wides
            if len(narrow | found) == len(shares):  # the headings alone are wider than the table
                return [self.wide * share / sum(shares) for share in shares]
            narrow |= found

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
        """The room that a short table needs to be drawn on one page."""
        return self._heading_high() + self._line_high + sum(map(self.row_high, rows))

    def row_high(self, row: Row) -> float:
        """How high a row would be."""
        return self._row_high(self._row_lines(row))

    # Heading and bands

    def _ready(self, high: float) -> None:
        """Make sure that ``high`` points fit below a heading, on this page or the next."""
        if not self._open:
            if self.doc.room < self._heading_high() + high + self._line_high:
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
    def _line_high(self) -> float:
        return self.lead + 2 * self.air

    def _band_lines(self, band: Band, more: str = "") -> list[str]:
        beside = width(band.note, REGULAR, self.size) + 12 if band.note else 0.0
        return Ruler(BOLD, self.size + 0.5).wrap(band.text + more, self.wide - 2 * PAD - beside)

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
        high = len(self._band_lines(band)) * self.lead + 2 * self.air
        self._ready(high + (self._together(self._row_lines(first)) if first else 0))
        self._band = band
        if band.bookmark:
            self.doc.bookmark(band.text, 1)
        self._write_band(band)

    def _write_band(self, band: Band, more: str = "") -> None:
        doc, lines = self.doc, self._band_lines(band, more)
        high = len(lines) * self.lead + 2 * self.air
        y = doc.y - self.lead - self.air + self.size * 0.22
        doc.y -= high
        doc.fill(BAND, self.left, doc.y, self.wide, high)
        for n, line in enumerate(lines):
            doc.text(self.left + PAD, y - n * self.lead, line, BOLD, self.size + 0.5, ACCENT)
        if band.note:
            doc.text_right(self.left + self.wide - PAD, y, band.note, REGULAR, self.size, INK)

    # Rows

    def _lines(self, cell: str | Cell, wide: float, total: bool, right: bool) -> _Lines:
        if isinstance(cell, str):
            cell = Cell(cell, bold=total)
        font = BOLD if cell.bold or cell.zone else REGULAR
        room = wide - 2 * PAD - (self.size + 3 if cell.zone else 0)
        found = _Lines(cell.zone)
        for text, used, space, colour in (
            (cell.text, font, room, INK),
            (cell.note, REGULAR, wide - 2 * PAD, INK if cell.zone else MUTED),
        ):
            if text:
                size, lines = self._wrapped(text, used, space, right)
                found.lines += [(line, used, size, colour) for line in lines]
        return found

    def _wrapped(self, text: str, font: str, room: float, right: bool) -> tuple[float, list[str]]:
        """The lines of a text and their size. An amount stays on one line; neither it nor a short word is cut."""
        ruler = self._bold if font == BOLD else self._regular
        lines = ruler.wrap(text, room)
        if len(lines) == 1:
            return self.size, lines
        if right and "\n" not in text:
            whole, size = fitted(" ".join(text.split()), font, self.size, room, SMALLEST)
            if not whole.endswith("…"):
                return size, [whole]
        longest = max((word for word in text.split() if len(word) <= SHORT), key=ruler.width_of, default="")
        if ruler.width_of(longest) <= room:
            return self.size, lines
        _, size = fitted(longest, font, self.size, room, SMALLEST)
        return size, Ruler(font, size).wrap(text, room)

    def _row_lines(self, row: Row) -> list[_Lines]:
        every = zip(row.cells, self.columns, self.wides, strict=True)
        return [self._lines(cell, wide, row.total, column.right) for cell, column, wide in every]

    def _row_high(self, cells: Sequence[_Lines]) -> float:
        return max(1, *(len(cell.lines) for cell in cells)) * self.lead + 2 * self.air

    def _goes_over(self, cells: Sequence[_Lines]) -> bool:
        """Whether a row is so high that it may be cut at the end of a page."""
        page = self.doc.top - self.doc.bottom - self._heading_high() - self._line_high
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
            for text, font, own, colour in cell.lines[first:last]:
                if text:
                    inset = indent if font == BOLD else 0.0
                    x = left + wide - PAD - width(text, font, own) if column.right else left + PAD + inset
                    doc.text(x, y, text, font, own, colour)
                y -= lead
        if first and cells[0].lines and len(cells[0].lines) <= first:
            # Whoever turned the page still sees which row this is.
            text, font, own, _ = cells[0].lines[0]
            y = top - self.air - size * 0.92
            doc.text(self.left + PAD, y, text, font, own, MUTED)
            if last - first > 1:
                doc.text_within(self.left + PAD, y - lead, self.wides[0] - 2 * PAD, "(continúa)", REGULAR, size, MUTED)
        doc.rule(self.left, doc.y, self.left + self.wide, doc.y, RULE, 0.4)

"""Paper: pages with the same head and foot, on which reports draw rectangles, rules and lines of text.

What is drawn is gathered a page at a time and written in few operations: all rectangles of a colour are one path, all
text is one text object. That keeps a matrix of thousands of rows linear in time.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import BinaryIO

from reportlab.lib.colors import HexColor
from reportlab.pdfgen.canvas import Canvas

from peti_desktop.reports import lettering
from peti_desktop.reports.lettering import BOLD, REGULAR, Ruler

MM = 72 / 25.4
MARGIN = 12 * MM
HEAD = 14 * MM
FOOT = 7 * MM

INK, MUTED, RULE, ACCENT, BAND, WHITE = "#1B1F23", "#56606B", "#C3CAD1", "#1F4E6B", "#E4ECF1", "#FFFFFF"
"""Text, notes, thin rules, the one accent, the band of a group, paper."""

Box = tuple[float, float, float, float]


@dataclass(frozen=True, slots=True)
class Paper:
    """A size of paper in points, as it lies."""

    wide: float
    high: float

    @property
    def turned(self) -> "Paper":
        """The same paper turned by a quarter."""
        return Paper(self.high, self.wide)


CARTA = Paper(8.5 * 72, 11 * 72)
OFICIO = Paper(216 * MM, 330 * MM)
"""What Colombia calls oficio; not the legal size of 216 x 356 mm."""


@dataclass(frozen=True, slots=True)
class Head:
    """What every page says: whose report, which one, of what data; ``note`` is a warning for the foot.

    ``edition`` says at the foot who may read it, empty for papers that go to one person.
    """

    entity: str
    title: str
    vigencia: str
    cut: str
    code: str
    note: str = ""
    edition: str = ""


class Document:
    """A PDF that is being drawn. ``y`` is the height down to which the page is full; it falls."""

    def __init__(self, target: BinaryIO, paper: Paper, head: Head) -> None:
        lettering.register()
        self.paper, self.head = paper, head
        self.left, self.right = MARGIN, paper.wide - MARGIN
        self.top, self.bottom = paper.high - MARGIN - HEAD, MARGIN + FOOT
        self.wide = self.right - self.left
        self.y = self.top
        self.page = 0
        self._bookmarks = 0
        self._canvas = Canvas(
            target,
            pagesize=(paper.wide, paper.high),
            pageCompression=1,
            invariant=1,
            initialFontName=REGULAR,  # type: ignore[arg-type] # the stubs take it for a size
            lang="es-CO",
        )
        self._canvas.setTitle(f"{head.title} · {head.vigencia} · {head.entity}")
        self._canvas.setAuthor(head.entity)
        self._canvas.setSubject(f"{head.cut} · {head.code}")
        self._canvas.setCreator("Peti Desktop")
        self._canvas.setProducer("Peti Desktop")
        self._canvas.setViewerPreference("DisplayDocTitle", "true")
        self._clear()
        self._begin()

    def _clear(self) -> None:
        self._fills: dict[tuple[int, str], list[Box]] = {}
        self._rules: dict[tuple[str, float], list[Box]] = {}
        self._texts: list[tuple[float, float, str, str, float, str]] = []

    @property
    def room(self) -> float:
        """How many points are left above the foot."""
        return self.y - self.bottom

    def fill(self, colour: str, x: float, y: float, wide: float, high: float, layer: int = 0) -> None:
        """A filled rectangle; ``layer`` 0 lies below the rules, 1 above them and below the text."""
        self._fills.setdefault((layer, colour), []).append((x, y, wide, high))

    def rule(self, x1: float, y1: float, x2: float, y2: float, colour: str = RULE, thick: float = 0.5) -> None:
        """A straight line."""
        self._rules.setdefault((colour, thick), []).append((x1, y1, x2, y2))

    def frame(self, x: float, y: float, wide: float, high: float, colour: str = RULE, thick: float = 0.5) -> None:
        """The outline of a rectangle."""
        self.rule(x, y, x + wide, y, colour, thick)
        self.rule(x, y + high, x + wide, y + high, colour, thick)
        self.rule(x, y, x, y + high, colour, thick)
        self.rule(x + wide, y, x + wide, y + high, colour, thick)

    def text(self, x: float, y: float, text: str, font: str = REGULAR, size: float = 8, colour: str = INK) -> None:
        """A line of text that begins at ``x`` and stands on ``y``."""
        self._texts.append((x, y, text, font, size, colour))

    def text_within(
        self, x: float, y: float, room: float, text: str, font: str = REGULAR, size: float = 8, colour: str = INK
    ) -> None:
        """A line of text that begins at ``x`` and takes at most ``room`` points, smaller or cut short if need be."""
        fitted, small = lettering.fitted(text, font, size, room)
        self.text(x, y, fitted, font, small, colour)

    def text_right(
        self, x: float, y: float, text: str, font: str = REGULAR, size: float = 8, colour: str = INK
    ) -> None:
        """A line of text that ends at ``x``."""
        self.text(x - lettering.width(text, font, size), y, text, font, size, colour)

    def text_centred(
        self, x: float, y: float, text: str, font: str = REGULAR, size: float = 8, colour: str = INK
    ) -> None:
        """A line of text with its middle at ``x``."""
        self.text(x - lettering.width(text, font, size) / 2, y, text, font, size, colour)

    def paragraph(
        self, text: str, font: str = REGULAR, size: float = 8, colour: str = INK, wide: float | None = None
    ) -> None:
        """Running text from the left margin on, over as many lines as it takes."""
        lead = size * 1.4
        for line in Ruler(font, size).wrap(text, wide or self.wide):
            if self.room < lead:
                self.new_page()
            self.y -= lead
            self.text(self.left, self.y + size * 0.35, line, font, size, colour)

    def heading(self, text: str, note: str = "", *, keep: float = 80, level: int = 0) -> None:
        """A section's title with its bookmark; ``keep`` is the room that must follow it on the same page."""
        if self.room < 28 + keep:
            self.new_page()
        self.bookmark(text, level)
        if text == self.head.title:
            # The page has said it already.
            self.y -= 14
            self.text(self.left, self.y + 4, note, BOLD, 9, INK)
            return
        self.y -= 18
        self.text(self.left, self.y + 4, text, BOLD, 11.5, ACCENT)
        if note:
            self.text_right(self.right, self.y + 4, note, REGULAR, 8, MUTED)
        self.y -= 4

    def bookmark(self, text: str, level: int = 0) -> None:
        """An entry in the list of contents that leads here."""
        self._bookmarks += 1
        key = f"marca{self._bookmarks}"
        self._canvas.bookmarkHorizontal(key, 0, min(self.y + 4, self.paper.high))
        self._canvas.addOutlineEntry(text, key, level, closed=level > 0)

    def new_page(self) -> None:
        """Finish the page and begin the next one."""
        self._finish()
        self._begin()

    def _begin(self) -> None:
        self.page += 1
        self.y = self.top
        self._draw_head()

    def _draw_head(self) -> None:
        head, top = self.head, self.paper.high - MARGIN
        beside = max(lettering.width(head.cut, REGULAR, 7.5), lettering.width(head.code, REGULAR, 7.5)) + 14
        self.text_within(self.left, top - 8, self.wide - beside, head.entity, BOLD, 9, INK)
        self.text_within(self.left, top - 25, self.wide - beside, head.title, BOLD, 14, ACCENT)
        self.text_right(self.right, top - 8, head.vigencia, BOLD, 9, INK)
        self.text_right(self.right, top - 18, head.cut, REGULAR, 7.5, MUTED)
        self.text_right(self.right, top - 27, head.code, REGULAR, 7.5, MUTED)
        self.rule(self.left, top - 33, self.right, top - 33, ACCENT, 1.2)

    def _draw_foot(self) -> None:
        y = MARGIN
        self.rule(self.left, y + 10, self.right, y + 10, RULE, 0.5)
        parts = (self.head.edition, self.head.note or f"Peti Desktop · {self.head.entity}")
        said = " · ".join(part for part in parts if part)
        noted = bool(self.head.note)
        self.text_within(self.left, y, self.wide - 110, said, BOLD if noted else REGULAR, 7.5, INK if noted else MUTED)
        # The total is drawn when it is known; there is room for four digits.
        self._total_x = self.right - lettering.width("0000", REGULAR, 7.5)
        self.text_right(self._total_x, y, f"Página {self.page} de ", REGULAR, 7.5, MUTED)

    def _finish(self) -> None:
        self._draw_foot()
        self._write_boxes(0)
        self._write_rules()
        self._write_boxes(1)
        self._write_texts()
        self._canvas.saveState()
        self._canvas.translate(self._total_x, MARGIN)
        self._canvas.doForm("paginas")
        self._canvas.restoreState()
        self._canvas.showPage()
        self._clear()

    def _write_boxes(self, layer: int) -> None:
        for (found, colour), boxes in self._fills.items():
            if found != layer:
                continue
            path = self._canvas.beginPath()
            for box in boxes:
                path.rect(*box)
            self._canvas.setFillColor(HexColor(colour))
            self._canvas.drawPath(path, stroke=0, fill=1)

    def _write_rules(self) -> None:
        for (colour, thick), lines in self._rules.items():
            self._canvas.setStrokeColor(HexColor(colour))
            self._canvas.setLineWidth(thick)
            self._canvas.lines(lines)

    def _write_texts(self) -> None:
        out = self._canvas.beginText()
        last_font: tuple[str, float] | None = None
        last_colour = ""
        for x, y, text, font, size, colour in self._texts:
            if last_font != (font, size):
                out.setFont(font, size)
                last_font = (font, size)
            if last_colour != colour:
                out.setFillColor(HexColor(colour))
                last_colour = colour
            out.setTextOrigin(x, y)
            out.textOut(text)
        self._canvas.drawText(out)

    def save(self) -> None:
        """Finish the last page, tell every page how many there are, and write the file."""
        self._finish()
        canvas = self._canvas
        canvas.beginForm("paginas", 0, -3, 40, 10)
        canvas.setFont(REGULAR, 7.5)
        canvas.setFillColor(HexColor(MUTED))
        canvas.drawString(0, 0, str(self.page))
        canvas.endForm()
        canvas.showOutline()
        canvas.save()


@contextmanager
def document(target: BinaryIO, paper: Paper, head: Head) -> Iterator[Document]:
    """A document that is written to ``target`` when the block ends well."""
    drawing = Document(target, paper, head)
    yield drawing
    drawing.save()

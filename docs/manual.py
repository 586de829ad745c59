"""The printable manual: ``docs/manual.md`` and the pictures of the real windows become ``resources/help/manual.pdf``.

    python docs/screens.py DEMO && python docs/manual.py

The text uses little of Markdown: headings, paragraphs, ``- `` lists, ``| `` tables whose first row is the head,
``**bold**``, and pictures, named as ``docs/screens.py`` names them. ``{{ejemplos}}`` stands for the examples of the
guide to a first risk. Equal text and pictures give equal bytes.
"""

import re
import sys
from collections.abc import Iterator
from html import escape
from pathlib import Path
from typing import Any

from reportlab.lib.colors import HexColor
from reportlab.lib.styles import ParagraphStyle
from reportlab.pdfgen.canvas import Canvas
from reportlab.platypus import (
    BaseDocTemplate,
    CondPageBreak,
    Flowable,
    Frame,
    Image,
    KeepTogether,
    PageBreak,
    PageTemplate,
    Paragraph,
    Spacer,
    Table,
    TableStyle,
)
from reportlab.platypus.tableofcontents import TableOfContents

HERE = Path(__file__).resolve().parent
sys.path.insert(0, str(HERE.parent))

from peti_desktop.first_risk import lessons  # noqa: E402 - the checkout is not installed
from peti_desktop.reports import lettering  # noqa: E402
from peti_desktop.reports.lettering import BOLD, REGULAR  # noqa: E402
from peti_desktop.reports.page import ACCENT, BAND, CARTA, FOOT, INK, MARGIN, MM, MUTED, RULE  # noqa: E402

TEXT = HERE / "manual.md"
PICTURES = HERE / "screens" / "1366x768"
TARGET = HERE.parent / "resources" / "help" / "manual.pdf"
SIDE = 20 * MM
WIDE = CARTA.wide - 2 * SIDE
PICTURE = 155 * MM
"""How wide a picture is: two and some text fit on a page, and what the windows say can still be read."""
BOTTOM = MARGIN + FOOT + 4 * MM
HIGH = CARTA.high - MARGIN - 4 * MM - BOTTOM
FIRST_COLUMN = 0.26
"""The share of a table's first column."""
_PICTURE = re.compile(r"!\[(.+)\]\((.+)\)")


def _style(name: str, size: float, **more: Any) -> ParagraphStyle:
    given: dict[str, Any] = {
        "allowWidows": 0,
        "allowOrphans": 0,
        "fontName": REGULAR,
        "leading": size * 1.4,
        "textColor": HexColor(INK),
    } | more
    return ParagraphStyle(name, fontSize=size, **given)


BODY = _style("body", 10, spaceAfter=6)
ITEM = _style("item", 10, leftIndent=14, bulletIndent=3, bulletFontName=REGULAR, spaceAfter=4)
CAPTION = _style("caption", 8.5, textColor=HexColor(MUTED), spaceBefore=3, spaceAfter=10)
CELL = _style("cell", 9)
HEADINGS = (
    _style("h1", 20, fontName=BOLD, textColor=HexColor(ACCENT), spaceAfter=12),
    _style("h2", 14, fontName=BOLD, textColor=HexColor(ACCENT), spaceBefore=14, spaceAfter=6),
    _style("h3", 11, fontName=BOLD, spaceBefore=8, spaceAfter=4),
)
CONTENTS = (
    _style("c1", 10.5, fontName=BOLD, spaceBefore=8),
    _style("c2", 10, leftIndent=14),
    _style("c3", 9, leftIndent=28),
)


class Heading(Paragraph):
    """A heading of ``level`` 0 to 2 that the contents and the bookmarks lead to."""

    def __init__(self, text: str, level: int, key: str) -> None:
        super().__init__(_inline(text), HEADINGS[level])
        self.level, self.key = level, key

    def draw(self) -> None:
        self.canv.bookmarkHorizontal(self.key, 0, self.height + 4)
        super().draw()


class Manual(BaseDocTemplate):
    """The document; every heading becomes a bookmark and a line of the contents."""

    def __init__(self, target: Path, title: str) -> None:
        super().__init__(
            str(target),
            pagesize=(CARTA.wide, CARTA.high),
            title=title,
            author="Peti Desktop",
            creator="Peti Desktop",
            producer="Peti Desktop",
            lang="es-CO",
            displayDocTitle=True,
            initialFontName=REGULAR,
            invariant=1,
            pageCompression=1,
        )
        frame = Frame(SIDE, BOTTOM, WIDE, HIGH, leftPadding=0, rightPadding=0, topPadding=0, bottomPadding=0)
        self.addPageTemplates([PageTemplate("carta", [frame], onPage=self._foot)])
        self._pages = 0
        self._known = 0

    def beforeDocument(self) -> None:
        self._known, self._pages = self._pages, 0

    def afterPage(self) -> None:
        self._pages = max(self._pages, self.page)

    def afterFlowable(self, flowable: Flowable) -> None:
        if isinstance(flowable, Heading):
            text = flowable.getPlainText()
            self.canv.addOutlineEntry(text, flowable.key, flowable.level, closed=flowable.level > 0)
            self.notify("TOCEntry", (flowable.level, escape(text), self.page, flowable.key))

    def _foot(self, canvas: Canvas, _document: BaseDocTemplate) -> None:
        canvas.setStrokeColor(HexColor(RULE))
        canvas.line(SIDE, MARGIN + 10, CARTA.wide - SIDE, MARGIN + 10)
        canvas.setFont(REGULAR, 7.5)
        canvas.setFillColor(HexColor(MUTED))
        canvas.drawString(SIDE, MARGIN, "Peti Desktop · Manual")
        canvas.drawRightString(CARTA.wide - SIDE, MARGIN, f"Página {self.page} de {self._known or self.page}")


def pictures(text: str) -> tuple[str, ...]:
    """The names of all pictures of ``text``, in order."""
    return tuple(found[2] for found in _PICTURE.finditer(text))


def build(target: Path = TARGET) -> None:
    """Write the manual to ``target``."""
    lettering.register()
    text = TEXT.read_text(encoding="utf-8")
    blocks = [block.strip() for block in text.split("\n\n") if block.strip()]
    title = blocks[0].removeprefix("# ")
    document = Manual(target, title)
    contents = TableOfContents(dotsMinLevel=0)
    contents.levelStyles = list(CONTENTS)
    story: list[Flowable] = [Paragraph(title, _style("title", 26, fontName=BOLD, textColor=HexColor(ACCENT)))]
    story += [Spacer(1, 14), *_flowables(blocks[1]), Spacer(1, 10), contents]
    contents.tableStyle = TableStyle(_tight(0))
    for number, block in enumerate(blocks[2:]):
        story += _flowables(block, f"marca{number}")
    document.multiBuild(story)


def _flowables(block: str, key: str = "") -> Iterator[Flowable]:
    if block.startswith("#"):
        level = len(block) - len(block.lstrip("#")) - 1
        yield PageBreak() if level == 0 else CondPageBreak(150)
        yield Heading(block.lstrip("# "), level, key)
    elif found := _PICTURE.fullmatch(block):
        yield _picture(found[1], PICTURES / found[2])
    elif block.startswith("- "):
        for line in block.splitlines():
            yield Paragraph(_inline(line.removeprefix("- ")), ITEM, bulletText="•")
    elif block.startswith("|"):
        yield _table(block)
    elif block == "{{ejemplos}}":
        yield from _examples()
    else:
        yield Paragraph(_inline(block), BODY)


def _inline(text: str) -> str:
    return re.sub(r"\*\*(.+?)\*\*", rf'<font name="{BOLD}">\1</font>', escape(text, quote=False))


def _picture(caption: str, path: Path) -> Flowable:
    """A picture in a thin frame, never parted from its caption."""
    image = Image(str(path))
    image.drawHeight *= PICTURE / image.drawWidth
    image.drawWidth = PICTURE
    style = [("BOX", (0, 0), (-1, -1), 0.5, HexColor(RULE)), *_tight(0)]
    framed = Table([[image]], colWidths=[PICTURE], style=style, hAlign="LEFT")
    return KeepTogether([Spacer(1, 4), framed, Paragraph(_inline(caption), CAPTION)])


def _table(block: str) -> Table:
    rows = [[cell.strip() for cell in line.strip("|").split("|")] for line in block.splitlines()]
    head, *rest = rows
    cells = [[Paragraph(f'<font name="{BOLD}">{escape(cell)}</font>', CELL) for cell in head]]
    cells += [
        [Paragraph(_inline(f"**{row[0]}**"), CELL), *(Paragraph(_inline(c), CELL) for c in row[1:])] for row in rest
    ]
    style = [
        ("BACKGROUND", (0, 0), (-1, 0), HexColor(BAND)),
        ("LINEBELOW", (0, 0), (-1, -1), 0.4, HexColor(RULE)),
        ("VALIGN", (0, 0), (-1, -1), "TOP"),
        *_tight(4),
    ]
    rest_wide = WIDE * (1 - FIRST_COLUMN) / (len(head) - 1)
    widths = [WIDE * FIRST_COLUMN, *(rest_wide for _ in head[1:])]
    return Table(cells, colWidths=widths, style=style, repeatRows=1, spaceAfter=8)


def _tight(points: float) -> list[tuple[Any, ...]]:
    sides = ("LEFTPADDING", "RIGHTPADDING", "TOPPADDING", "BOTTOMPADDING")
    return [("FONTNAME", (0, 0), (-1, -1), REGULAR), *((side, (0, 0), (-1, -1), points) for side in sides)]


def _examples() -> Iterator[Flowable]:
    """Good and bad wording of each step, as the guide to a first risk shows it."""
    for lesson in lessons():
        yield CondPageBreak(90)
        yield Paragraph(_inline(f"**{lesson.title}** ({lesson.source})"), BODY)
        for example in lesson.examples:
            said = f"**Así sí:** {example.good}<br/>**Así no:** {example.bad} {example.why}"
            yield Paragraph(_inline(said).replace("&lt;br/&gt;", "<br/>"), ITEM, bulletText="•")


if __name__ == "__main__":
    build()
    print(f"{TARGET.relative_to(HERE.parent)}: {TARGET.stat().st_size / 1024:.0f} KB")

"""The letters of every report: one embedded font in two weights, how wide a text is, and where its lines break."""

from functools import cache
from io import BytesIO

from reportlab.pdfbase import pdfmetrics
from reportlab.pdfbase.ttfonts import TTFont

from resources import resource

REGULAR, BOLD = "DejaVuSansCondensed", "DejaVuSansCondensed-Bold"


@cache
def register() -> None:
    """Make both weights known to reportlab, once in a process."""
    for name in (REGULAR, BOLD):
        data = resource(f"fonts/{name}.ttf").read_bytes()
        pdfmetrics.registerFont(TTFont(name, BytesIO(data)))


@cache
def _advances(font: str) -> tuple[dict[int, float], float]:
    """How far each character moves on, for a size of 1, and how far an unknown one does."""
    register()
    found = pdfmetrics.getFont(font)
    assert isinstance(found, TTFont)
    face = found.face
    return {code: width / 1000 for code, width in face.charWidths.items()}, face.defaultWidth / 1000


def width(text: str, font: str, size: float) -> float:
    """The width of ``text`` in points."""
    known, other = _advances(font)
    return size * sum([known.get(ord(character), other) for character in text])


def fitted(text: str, font: str, size: float, room: float, least: float = 0.75) -> tuple[str, float]:
    """A line of ``text`` for ``room`` points: as it is, else smaller, down to ``least`` of ``size``, else cut short."""
    wide = width(text, font, size)
    if wide <= room:
        return text, size
    small = size * max(least, room / wide)
    if width(text, font, small) <= room:
        return text, small
    while text and width(text + "…", font, small) > room:
        text = text[:-1]
    return f"{text.rstrip()}…", small


class Ruler:
    """Breaks texts of one font and size into lines; remembers the widths of words, which come again and again."""

    def __init__(self, font: str, size: float) -> None:
        self.font = font
        self.size = size
        self._words: dict[str, float] = {}
        self._space = width(" ", font, size)

    def width_of(self, text: str) -> float:
        """The width of one line of ``text``."""
        return width(text, self.font, self.size)

    def widest(self, text: str) -> float:
        """The width of the longest word of ``text``: what a column needs to break none."""
        return max(map(self.width_of, text.split()), default=0.0)

    def wrap(self, text: str, room: float) -> list[str]:
        """The lines of ``text`` in a column ``room`` points wide. A word wider than the column is cut."""
        lines: list[str] = []
        for paragraph in text.split("\n"):
            self._wrap_paragraph(paragraph, room, lines)
        return lines

    def _wrap_paragraph(self, paragraph: str, room: float, lines: list[str]) -> None:
        known, space = self._words, self._space
        line: list[str] = []
        used = 0.0
        # Only at plain blanks: a number stays with its % sign.
        for word in paragraph.replace("\t", " ").split(" "):
            if not word:
                continue
            wide = known.get(word)
            if wide is None:
                wide = known[word] = width(word, self.font, self.size)
            if line and used + space + wide > room:
                lines.append(" ".join(line))
                line, used = [], 0.0
            if wide > room:
                *full, rest = self._cut(word, room)
                lines.extend(full)
                line, used = [rest], width(rest, self.font, self.size)
                continue
            used += wide + (space if line else 0.0)
            line.append(word)
        lines.append(" ".join(line))

    def _cut(self, word: str, room: float) -> list[str]:
        """Pieces of a word, each as long as fits."""
        pieces, piece, used = [], "", 0.0
        for character in word:
            wide = width(character, self.font, self.size)
            if piece and used + wide > room:
                pieces.append(piece)
                piece, used = "", 0.0
            piece += character
            used += wide
        return [*pieces, piece]

"""QR codes, drawn as rectangles like everything else on a page: a telephone reads what would be compared by eye."""

from reportlab.graphics.barcode import qrencoder

from peti_desktop.reports.lettering import REGULAR
from peti_desktop.reports.page import INK, MUTED, WHITE, Document

QUIET = 4
"""Modules of white around the code that readers ask for."""


def modules(text: str) -> list[list[bool]]:
    """The dark and light squares of the code for ``text``, row by row from the top; correction level M.

    ``text`` is ASCII: telephones guess what other letters are.
    """
    text.encode("ascii")
    code = qrencoder.QRCode(None, qrencoder.QRErrorCorrectLevel.M)
    code.addData(text)
    code.make()
    return [[bool(dark) for dark in row] for row in code.modules]


def draw(doc: Document, x: float, y: float, side: float, text: str, label: str = "") -> None:
    """The code for ``text`` in a square of ``side`` points whose lower left corner is ``x``, ``y``; label below it."""
    rows = modules(text)
    step = side / (len(rows) + 2 * QUIET)
    doc.fill(WHITE, x, y, side, side, layer=1)
    for n, row in enumerate(rows):
        top = y + side - (QUIET + n + 1) * step
        for start, end in _runs(row):
            doc.fill(INK, x + (QUIET + start) * step, top, (end - start) * step, step, layer=1)
    if label:
        doc.text_centred(x + side / 2, y - 4, label, REGULAR, 7, MUTED)


def _runs(row: list[bool]) -> list[tuple[int, int]]:
    """Where dark squares stand side by side: one rectangle each, so that no hair of white is printed between them."""
    found: list[tuple[int, int]] = []
    for at, dark in enumerate(row):
        if not dark:
            continue
        if found and found[-1][1] == at:
            found[-1] = (found[-1][0], at + 1)
        else:
            found.append((at, at + 1))
    return found

"""What papers to be signed share: facts in two columns, a code in a band, room for two signatures."""

from collections.abc import Sequence

from peti_desktop.reports.lettering import BOLD, REGULAR, Ruler
from peti_desktop.reports.page import ACCENT, BAND, INK, MUTED, Document

LABEL = 118.0

Side = tuple[str, Sequence[str]]
"""Whose signature («Entrega») and the lines below it."""


def title(doc: Document, text: str) -> None:
    """The title of a part of the paper."""
    doc.y -= 24
    doc.text(doc.left, doc.y + 4, text, BOLD, 10.5, ACCENT)
    doc.y -= 2


def code(doc: Document, label: str, text: str, other_label: str, other: str) -> None:
    """The short code that ties the paper to its file, and what is beside it."""
    high = 44.0
    doc.y -= high + 12
    doc.fill(BAND, doc.left, doc.y, doc.wide, high)
    doc.fill(ACCENT, doc.left, doc.y, 3, high)
    for left, said, value in (
        (doc.left + 14, label, text),
        (doc.left + doc.wide / 2, other_label, other),
    ):
        doc.text(left, doc.y + 28, said, REGULAR, 8.5, MUTED)
        doc.text(left, doc.y + 9, value, BOLD, 16, ACCENT)


def fact(doc: Document, label: str, value: str) -> None:
    """A fact under its label; without a label it goes on with the one above."""
    for n, line in enumerate(Ruler(REGULAR, 9).wrap(value, doc.wide - LABEL)):
        if doc.room < 13.5:
            doc.new_page()
        doc.y -= 13.5
        if n == 0 and label:
            doc.text(doc.left, doc.y + 3, label, REGULAR, 9, MUTED)
        doc.text(doc.left + LABEL, doc.y + 3, line, REGULAR, 9, INK)


def signatures(doc: Document, first: Side, second: Side) -> None:
    """Room for two people to sign; on a page of their own when this one is full."""
    high = 150.0
    if doc.room < high:
        doc.new_page()
    gap = 36.0
    wide = (doc.wide - gap) / 2
    top = doc.y - 18
    for left, (whose, lines) in ((doc.left, first), (doc.left + wide + gap, second)):
        doc.text(left, top - 10, whose, BOLD, 10.5, ACCENT)
        doc.rule(left, top - 62, left + wide, top - 62, INK, 0.7)
        doc.text(left, top - 72, "Firma", REGULAR, 7.5, MUTED)
        y = top - 88
        for text in lines:
            for line in Ruler(REGULAR, 9).wrap(text, wide):
                doc.text(left, y, line, REGULAR, 9, INK)
                y -= 14
    doc.y = top - high

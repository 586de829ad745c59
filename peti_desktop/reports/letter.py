"""What papers to be signed share: facts in two columns, a code in a band, counts, room for two signatures."""

from collections.abc import Callable, Mapping, Sequence
from io import BytesIO

from peti_desktop.records import TYPES
from peti_desktop.reports import words
from peti_desktop.reports.lettering import BOLD, REGULAR, Ruler
from peti_desktop.reports.page import ACCENT, BAND, INK, MUTED, Document, Head, Paper, document
from peti_desktop.reports.table import Column, Row, Table

LABEL = 118.0

Side = tuple[str, Sequence[str]]
"""Whose signature («Entrega») and the lines below it."""


def printed(head: Head, paper: Paper, body: Callable[[Document], None]) -> bytes:
    """A paper as the bytes of a PDF, its title bookmarked and its ``body`` below; equal content, equal bytes."""
    target = BytesIO()
    with document(target, paper, head) as doc:
        doc.bookmark(head.title)
        doc.y -= 8
        body(doc)
    return target.getvalue()


def title(doc: Document, text: str) -> None:
    """The title of a part of the paper."""
    doc.y -= 24
    doc.text(doc.left, doc.y + 4, text, BOLD, 10.5, ACCENT)
    doc.y -= 2


def code(doc: Document, label: str, text: str, other_label: str, other: str, *, small: bool = False) -> None:
    """The short code that ties the paper to its file, and what is beside it, ``small`` when that is long."""
    high = 44.0
    doc.y -= high + 12
    doc.fill(BAND, doc.left, doc.y, doc.wide, high)
    doc.fill(ACCENT, doc.left, doc.y, 3, high)
    for left, said, value, size in (
        (doc.left + 14, label, text, 16),
        (doc.left + doc.wide * (0.4 if small else 0.5), other_label, other, 11 if small else 16),
    ):
        doc.text(left, doc.y + 28, said, REGULAR, 8.5, MUTED)
        doc.text(left, doc.y + 9, value, BOLD, size, ACCENT)


def fact(doc: Document, label: str, value: str) -> None:
    """A fact under its label; without a label it goes on with the one above."""
    for n, line in enumerate(Ruler(REGULAR, 9).wrap(value, doc.wide - LABEL)):
        if doc.room < 13.5:
            doc.new_page()
        doc.y -= 13.5
        if n == 0 and label:
            doc.text(doc.left, doc.y + 3, label, REGULAR, 9, MUTED)
        doc.text(doc.left + LABEL, doc.y + 3, line, REGULAR, 9, INK)


def counts(doc: Document, found: Mapping[str, int], heading: str = "Lo que contiene", more: Sequence[Row] = ()) -> None:
    """How many records of each type, their total, and ``more`` rows below it."""
    title(doc, heading)
    rows = [Row((TYPES[name].title, words.number(found.get(name, 0)))) for name in TYPES]
    rows.append(Row(("Total de registros", words.number(sum(found.values()))), total=True))
    Table(doc, (Column("Registros", 80), Column("Cantidad", 20, right=True)), 9).draw([*rows, *more])


def grouped(text: str, size: int = 4) -> str:
    """``text`` in groups, for reading aloud and comparing; a text that has its groups already stays as it is."""
    return text if "-" in text else " ".join(text[n : n + size] for n in range(0, len(text), size))


def hashes(sha256: str) -> tuple[tuple[str, str], ...]:
    """The facts about a file's hash: its beginning to compare by eye, and all of it."""
    return ("Huella del archivo", f"{grouped(sha256[:16])} …"), ("", f"SHA-256 completo: {sha256}")


def file_words(vigencia: int, code: str, sha256: str) -> str:
    """What the QR code of a file says: enough to compare with the file and with the other paper."""
    return f"PETI {vigencia} {code} SHA256 {sha256}"


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

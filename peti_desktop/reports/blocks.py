"""Short tables with a title, side by side; what is too long for that goes on in two columns, as in a newspaper."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from peti_desktop.reports.lettering import BOLD
from peti_desktop.reports.page import INK, Document
from peti_desktop.reports.table import Column, Row, Table

GAP, TITLE = 14.0, 22.0
LEAST: Final = 100.0
"""Less room than this at the foot of a page is not begun with."""


@dataclass(frozen=True, slots=True)
class Block:
    """A short table with a title, to stand beside others."""

    title: str
    columns: Sequence[Column]
    rows: Sequence[Row]


def beside(doc: Document, columns: Sequence[Sequence[Block]], size: float = 7.5, air: float = 2) -> None:
    """Draw columns of short tables side by side while they fit a page, else the short ones and then each long one."""
    wide = (doc.wide - GAP * (len(columns) - 1)) / len(columns)
    page = doc.top - doc.bottom
    tallest = max(sum(_high(doc, block, wide, size, air) for block in blocks) for blocks in columns)
    if doc.room < tallest <= page and doc.room < page / 3:
        doc.new_page()
    if tallest <= doc.room:
        _side_by_side(doc, columns, size, air)
        return
    blocks = [block for blocks in columns for block in blocks]
    short = [block for block in blocks if _high(doc, block, wide, size, air) <= page / 2]
    for first in range(0, len(short), len(columns)):
        some = short[first : first + len(columns)]
        own = (doc.wide - GAP * (len(some) - 1)) / len(some)
        if doc.room < max(_high(doc, block, own, size, air) for block in some):
            doc.new_page()
        _side_by_side(doc, [[block] for block in some], size, air)
    for block in blocks:
        if block not in short:
            _in_two_columns(doc, block, size, air)


def _high(doc: Document, block: Block, wide: float, size: float, air: float) -> float:
    return TITLE + Table(doc, block.columns, size, wide=wide, air=air).high(block.rows)


def _side_by_side(doc: Document, columns: Sequence[Sequence[Block]], size: float, air: float) -> None:
    wide = (doc.wide - GAP * (len(columns) - 1)) / len(columns)
    top, lowest = doc.y, doc.y
    for n, blocks in enumerate(columns):
        doc.y = top
        for block in blocks:
            table = Table(doc, block.columns, size, left=doc.left + n * (wide + GAP), wide=wide, air=air)
            if block.title:
                doc.y -= 16
                doc.text_within(table.left, doc.y + 4, wide, block.title, BOLD, 9, INK)
            table.draw(block.rows)
        lowest = min(lowest, doc.y)
    doc.y = lowest


def _in_two_columns(doc: Document, block: Block, size: float, air: float) -> None:
    """A long table down the left half of each page and then down its right half; both halves of the last are equal."""
    measure = Table(doc, block.columns, size, wide=(doc.wide - GAP) / 2, air=air)
    rows, title, more = list(block.rows), block.title, f"{block.title} (continúa)" if block.title else ""
    while rows:
        if doc.room < LEAST:
            doc.new_page()
        left = max(1, _fitting(measure, rows, doc.room - TITLE))
        right = _fitting(measure, rows[left:], doc.room - TITLE)
        if left + right == len(rows):
            left = next((n for n in range(1, left) if measure.high(rows[:n]) >= measure.high(rows[n:])), left)
            right = len(rows) - left
        halves = (Block(title, block.columns, rows[:left]), Block(more, block.columns, rows[left : left + right]))
        _side_by_side(doc, [[halves[0]], [halves[1]] if right else []], size, air)
        rows, title = rows[left + right :], more
        if rows:
            doc.new_page()


def _fitting(measure: Table, rows: Sequence[Row], room: float) -> int:
    """How many of the first rows fit ``room``, below a heading."""
    fit = 0
    used = measure.high(())
    for row in rows:
        used += measure.row_high(row)
        if used > room:
            break
        fit += 1
    return fit

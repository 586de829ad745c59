"""The quick way of reading cells gives what the walk through their XML gives, or nothing at all."""

import random
from pathlib import Path

import pytest

from peti_desktop.delivery import cells, spelled
from peti_desktop.delivery.cells import Row, Unreadable
from peti_desktop.trust import package

PIECES = (
    b"<", b">", b"/", b"&", b"&amp;", b"&#65;", b"&lt;", b"]]>", b"<!--", b"-->", b"<![CDATA[", b"<?x ?>", b"\r", b"\n",
    b"\0", b"\xff", b"\xc3", b"\xef\xbf\xbf", b"\xf0\x9f\x98\x80", b"_x0041_", b"_xD800_", b' r="1"', b' t="n"',
    b' t="s"', b' xmlns="x"', b"<row r=\"9\">", b"</row>", b"<c r=\"ZZ9\" />", b"</c>", b"<is>", b"<t>", b"</t>",
    b"<v>1</v>", b"<f>1</f>", b"<sheetData>", b"</sheetData>", b"<sheetData/>", b"1", b"0", b"A", b"x",
)  # fmt: skip
SMALL = (
    b'<worksheet xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"><cols/><sheetData><row r="1">'
    b'<c r="A1" t="inlineStr"><is><t>uid</t></is></c><c r="B1" s="2" /></row><row r="3" ht="15">'
    b'<c r="A3" t="inlineStr"><is><t xml:space="preserve"> a &amp; _x0042_\xc3\xb1 </t></is></c>'
    b'<c r="B3" t="n"><v>2.5</v></c>'
    b"</row></sheetData><x/></worksheet>"
)


def walk(part: bytes) -> list[Row] | None:
    try:
        return cells.walked(part)
    except Unreadable:
        return None


def quick(part: bytes) -> list[Row] | None:
    return cells._as_we_write(part)


@pytest.fixture
def sheets(delivered: Path) -> list[bytes]:
    parts = package.read(delivered.read_bytes())
    return [parts[name] for name in cells.sheet_parts(parts).values()]


def test_what_our_writer_writes_is_read_the_quick_way(sheets: list[bytes]) -> None:
    with_cells = [part for part in sheets if b"<sheetData>" in part]
    assert len(with_cells) > 7
    for part in with_cells:
        assert quick(part) == walk(part) is not None
    assert [row.cells for row in cells.rows(SMALL)] == [{0: "uid"}, {0: " a & Bñ ", 1: "2.5"}]
    assert quick(SMALL) == walk(SMALL)


@pytest.mark.parametrize("seed", range(8))
def test_damage_never_makes_the_two_ways_differ(sheets: list[bytes], seed: int) -> None:
    chance = random.Random(seed)
    taken = 0
    for _ in range(400):
        part = chance.choice([SMALL, SMALL, *sheets])
        for _ in range(chance.choice([1, 1, 2, 4])):
            at, size = chance.randrange(len(part)), chance.choice([0, 0, 1, 3, 20])
            part = part[:at] + chance.choice([*PIECES, b""]) + part[at + size :]
        try:
            found = quick(part)
        except Unreadable:
            assert walk(part) is None, part
            continue
        assert found is None or found == walk(part), part
        taken += found is not None
    assert taken > 10


MAIN = b'<worksheet xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main">'
ROW = b'<row r="1"><c r="A1" t="inlineStr"><is><t>a</t></is></c></row>'


@pytest.mark.parametrize(
    "part",
    [
        MAIN + b"<!--<sheetData>" + ROW + b"</sheetData>--></worksheet>",
        MAIN + b"<!--<sheetData>--><sheetData>" + ROW + b"</sheetData></worksheet>",
        MAIN + b'<x xmlns="else"><sheetData>' + ROW + b"</sheetData></x></worksheet>",
        MAIN + b"<sheetData/><sheetData>" + ROW + b"</sheetData></worksheet>",
        MAIN + b"<sheetData>" + ROW + b"</sheetData><sheetData>" + ROW + b"</sheetData></worksheet>",
        MAIN + b'<x a="<sheetData>"/><sheetData>' + ROW + b"</sheetData></worksheet>",
        MAIN + b"<sheetData>" + ROW + ROW + b"</sheetData></worksheet>",
        MAIN + b'<sheetData><row r="1"><c r="A2"/></row></sheetData></worksheet>',
        MAIN + b'<sheetData><row r="1"><c r="ZZZ1"/></row></sheetData></worksheet>',
        MAIN + b'<sheetData><row r="1"><c r="A1" t="n"><is><t>a</t></is></c></row></sheetData></worksheet>',
        MAIN + b"<sheetData>" + ROW + b"</sheetData>",
        b"<!DOCTYPE x>" + MAIN + b"<sheetData>" + ROW + b"</sheetData></worksheet>",
    ],
)
def test_what_only_looks_like_a_sheet_is_left_to_the_walk(part: bytes) -> None:
    try:
        found = quick(part)
    except Unreadable:
        found = None
    assert found is None


@pytest.mark.parametrize("piece", [b'<row r="1">', b'<c r="A1" />', b'<row r="1"><c r="A1" ', b"<row"])
def test_unclosed_rows_without_end_take_no_time(piece: bytes) -> None:
    many = piece * (2_000_000 // len(piece))
    assert spelled.read(many, cells.MAX_COLUMNS) is None

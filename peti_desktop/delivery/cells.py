"""Cells of a workbook of ours, read from the very bytes whose signature was verified.

Expat alone, no entities, no DTD, hard limits: a workbook of ours has few shapes, and a second reader would be a second
opinion of what was signed.
"""

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import lru_cache
from xml.parsers import expat

from peti_desktop.delivery import spelled

MAX_ROWS, MAX_COLUMNS, MAX_SHEETS = 100_000, 120, 40
MAX_CELL_CHARACTERS = 32_767  # Excel's own limit
MAX_TAG_BYTES = 256 * 1024
"""Each stretch of this length holds the beginning of a tag: a tag with a million attributes is never built."""

MAX_SAME_BYTES = 32 * 1024
"""Longer lists of sheets are none of ours, and not remembered."""

UID = re.compile(r"[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}")

_REFERENCE = re.compile(r"([A-Z]{1,3})([1-9][0-9]{0,6})")
_BETWEEN = "\n"  # between a namespace and a name
_RUN = re.compile("[\u0300-\U0010ffff]{64}")  # Spanish letters are all below, signs come one by one
_ESCAPED = re.compile(r"_x([0-9A-Fa-f]{4})_")


class Unreadable(Exception):  # noqa: N818 - it says what the workbook is
    """A workbook that is not of the shape we write; the message is for the log."""


@dataclass(frozen=True, slots=True)
class Row:
    """A row of a sheet: its number in the file and its non-empty cells by column (0 is A)."""

    number: int
    cells: dict[int, str]


def sheet_parts(parts: Mapping[str, bytes]) -> dict[str, str]:
    """The part of each sheet, by the sheet's name, in the order of the workbook."""
    try:
        rels, book = parts["xl/_rels/workbook.xml.rels"], parts["xl/workbook.xml"]
    except KeyError as error:
        raise Unreadable(f"sheets without {error}") from error
    names = dict((_sheets if len(rels) + len(book) > MAX_SAME_BYTES else _same_sheets)(rels, book))
    if len(names) > MAX_SHEETS or not set(names.values()) <= set(parts):
        raise Unreadable("sheets without their parts")
    return names


def _sheets(rels: bytes, book: bytes) -> Mapping[str, str]:
    names: dict[str, str] = {}
    try:
        targets = {found["Id"]: found["Target"] for tag, found in _elements(rels) if tag == "Relationship"}
        for tag, found in _elements(book):
            if tag == "sheet":
                target = targets[found["id"]].lstrip("/")
                names[found["name"]] = target if target.startswith("xl/") else f"xl/{target}"
    except KeyError as error:
        raise Unreadable(f"sheets without {error}") from error
    return names


_same_sheets = lru_cache(maxsize=16)(_sheets)
"""The list of sheets is the same in most deliveries, byte for byte."""


_NAMESPACES = frozenset(
    {
        "http://schemas.openxmlformats.org/spreadsheetml/2006/main",
        "http://schemas.openxmlformats.org/package/2006/relationships",
    }
)

_WITHIN = {"sheetData": ("row",), "row": ("c",), "c": ("is", "v"), "is": ("t",)}
"""What may stand in what, of a sheet's cells: nothing that one program shows and another does not."""

_CELLS = frozenset({"row", "c", "is", "t", "v", "f"})


def rows(part: bytes) -> list[Row]:
    """Rows of a sheet with at least one cell, in order. Raises Unreadable past the limits or for another shape."""
    found = _as_we_write(part)
    return walked(part) if found is None else found


def _as_we_write(part: bytes) -> list[Row] | None:
    """The rows of a sheet that is spelled as our writer does; None for another one, or what is none at all."""
    parted = spelled.parted(part)
    if parted is None or not _holds(parted[0], parted[2]):
        return None
    read = spelled.read(parted[1], MAX_COLUMNS)
    if read is None or len(read) > MAX_ROWS:
        return None
    found: list[Row] = []
    number = 0
    for digits, texts in read:
        before, number = number, int(digits)
        last, cells = -1, dict[int, str]()
        if number <= before:
            return None
        for reference, text in texts:
            column, row = place_of(reference)
            if column <= last or row != number:
                return None
            last = column
            if text:
                said = unescaped(text) if "_x" in text else text
                if not said.isascii() or len(said) > MAX_CELL_CHARACTERS:
                    bounded(said)
                cells[column] = said
        found.append(Row(number, cells))
    return found


@lru_cache(maxsize=64)
def _holds(before: bytes, after: bytes) -> bool:
    """Whether the cells of a sheet, and none else, stand between these; they are the same in many deliveries."""
    places: list[int] = []

    def start(tag: str, _: dict[str, str]) -> None:
        if tag == "sheetData" or tag in _CELLS:
            places.append(parser.CurrentByteIndex if tag == "sheetData" else -1)

    parser = _parser(start, lambda _: None, lambda _: None)
    _parse(parser, before + b"<sheetData/>" + after)
    return places == [len(before)]


def walked(part: bytes) -> list[Row]:  # noqa: PLR0915 - one walk; its steps share what they have read so far
    """What ``rows`` gives, of a sheet in any spelling."""
    found: list[Row] = []
    cells: dict[int, str] = {}
    column, is_text = -1, False
    collecting: list[str] | None = None
    path: list[str] = []

    def start(tag: str, attributes: dict[str, str]) -> None:
        nonlocal cells, column, is_text, collecting
        if path and tag not in _WITHIN.get(path[-1], ()):
            # A phonetic or a second run would be read by us and not shown by Excel, or the other way round.
            raise Unreadable(f"{tag[:20]} in {path[-1]}")
        if path or tag == "sheetData":
            path.append(tag)
        elif tag in _CELLS:
            raise Unreadable(f"{tag} outside of the data")
        if tag == "c":
            previous = column
            column, number = place_of(attributes["r"])
            if column <= previous:
                raise Unreadable("cells out of order")
            if number != found[-1].number:
                raise Unreadable("a cell of another row")
            kind = attributes.get("t", "n")
            is_text = kind == "inlineStr"
            if not is_text and kind != "n":
                raise Unreadable(f"cell of type {kind[:20]}")
        elif tag in {"t", "v"}:
            if column in cells or collecting is not None or is_text != (tag == "t"):
                raise Unreadable("a cell with two values")
            collecting = []
        elif tag == "row":
            if len(found) >= MAX_ROWS:
                raise Unreadable("too many rows")
            number = int(attributes["r"])
            if found and number <= found[-1].number:
                raise Unreadable("rows out of order")
            cells, column = {}, -1
            found.append(Row(number, cells))

    def end(tag: str) -> None:
        nonlocal collecting
        if path:
            path.pop()
        if collecting is not None and tag in {"t", "v"}:
            text = "".join(collecting)
            if is_text:
                text = unescaped(text)
            if text:
                cells[column] = bounded(text)
            collecting = None

    def characters(data: str) -> None:
        if collecting is not None:
            collecting.append(data)

    parse(part, start, end, characters)
    return found


def unescaped(text: str) -> str:
    """``text`` with the characters that a workbook spells _x0041_, save halves of characters, which are none."""
    return _ESCAPED.sub(_character, text) if "_x" in text else text


def bounded(text: str) -> str:
    """``text`` when a cell can hold it; raises Unreadable for longer ones, and for runs of marks no word has.

    Bringing such runs into normal form takes time that grows with the square of their length.
    """
    if len(text) > MAX_CELL_CHARACTERS or (not text.isascii() and _RUN.search(text)):
        raise Unreadable("a text no cell holds")
    return text


def _character(found: re.Match[str]) -> str:
    number = int(found[1], 16)
    return found[0] if 0xD800 <= number <= 0xDFFF else chr(number)


@lru_cache(maxsize=16_384)
def place_of(reference: str) -> tuple[int, int]:
    """Column (0 is A) and row of a cell. Raises Unreadable past the limit or for what is no reference."""
    found = _REFERENCE.fullmatch(reference)
    if found is None:
        raise Unreadable(f"cell {reference[:20]!r}")
    return _column(found[1]), int(found[2])


def column_of(reference: str) -> int:
    """The column of a cell (0 is A). Raises as ``place_of`` does."""
    return place_of(reference)[0]


@lru_cache(maxsize=1024)
def _column(letters: str) -> int:
    number = 0
    for letter in letters:
        number = number * 26 + ord(letter) - 64
    if number > MAX_COLUMNS:
        raise Unreadable("too many columns")
    return number - 1


def _elements(part: bytes) -> list[tuple[str, dict[str, str]]]:
    """The elements of a small part with their attributes, all names without their namespace."""
    found: list[tuple[str, dict[str, str]]] = []

    def start(tag: str, attributes: dict[str, str]) -> None:
        found.append((tag, {name.rpartition(_BETWEEN)[2]: value for name, value in attributes.items()}))

    parse(part, start, lambda _: None, lambda _: None)
    return found


def _known(tag: str) -> str:
    namespace, _, name = tag.rpartition(_BETWEEN)
    return name if namespace in _NAMESPACES else tag


class _Names(dict[str, str]):
    """The local name of each tag that was met: looked at once."""

    def __missing__(self, tag: str) -> str:
        self[tag] = known = _known(tag)
        return known


def parse(
    part: bytes,
    start: Callable[[str, dict[str, str]], None],
    end: Callable[[str], None],
    characters: Callable[[str], None],
) -> None:
    """Walk through a part with expat; tags of a workbook's own namespaces come without it. Raises Unreadable."""

    _parse(_parser(start, end, characters), part)


def _parser(
    start: Callable[[str, dict[str, str]], None], end: Callable[[str], None], characters: Callable[[str], None]
) -> expat.XMLParserType:
    def refuse(*_: object) -> None:
        raise Unreadable("a document type or an entity")

    names = _Names()

    def begin(tag: str, attributes: dict[str, str]) -> None:
        start(names[tag], attributes)

    def finish(tag: str) -> None:
        end(names[tag])

    parser = expat.ParserCreate("utf-8", namespace_separator=_BETWEEN)
    parser.StartDoctypeDeclHandler = refuse
    parser.EntityDeclHandler = refuse
    parser.StartElementHandler = begin
    parser.EndElementHandler = finish
    parser.CharacterDataHandler = characters
    parser.buffer_text = True
    return parser


def _parse(parser: expat.XMLParserType, part: bytes) -> None:
    if any(part.find(b"<", at, at + MAX_TAG_BYTES) < 0 for at in range(0, len(part) - MAX_TAG_BYTES, MAX_TAG_BYTES)):
        raise Unreadable("a tag or a text without end")
    try:
        parser.Parse(part, True)
    except (expat.ExpatError, KeyError, ValueError, IndexError) as error:
        raise Unreadable(f"{type(error).__name__}: {error}"[:200]) from error

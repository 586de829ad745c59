"""Reading a workbook whose signature did not hold, only to say what became of it.

Excel and LibreOffice write other shapes than we do: shared texts, styles of texts, formulas, room to grow in the zip.
All of it is hostile: sizes are limited before inflating, elements are counted, DTDs and entities are refused.
"""

from collections.abc import Collection, Mapping
from decimal import Decimal, InvalidOperation

from peti_desktop.delivery.cells import MAX_ROWS, Row, Unreadable, bounded, column_of, parse, sheet_parts, unescaped
from peti_desktop.trust import container
from peti_desktop.trust.container import MIB
from peti_desktop.trust.verdict import Refusal

MAX_TOTAL_BYTES = 64 * MIB
MAX_BOOK_BYTES = 1 * MIB
MAX_ELEMENTS = 2_500_000
"""Of all sheets together: 20,000 records of 30 fields; some ten seconds on a slow PC."""

_BOOK = ("xl/workbook.xml", "xl/_rels/workbook.xml.rels")
_SHARED = "xl/sharedStrings.xml"
_PLAIN_KINDS = {"n", "s", "str", "inlineStr", "b", "e", "d"}
_MAX_EXPONENT, _MAX_NUMBER_CHARACTERS = 30, 40


class Budget:
    """How many elements may still be read."""

    def __init__(self, elements: int = MAX_ELEMENTS) -> None:
        self.elements = elements

    def spend(self) -> None:
        """Raises Unreadable when nothing is left."""
        self.elements -= 1
        if self.elements < 0:
            raise Unreadable("too many elements")


def sheets(data: bytes, wanted: Collection[str]) -> tuple[dict[str, list[Row]], tuple[str, ...]]:
    """The rows of those ``wanted`` sheets that the file has, and the names of all its sheets. Raises Unreadable."""
    parts = _parts(data)
    if any(len(parts.get(name, b"")) > MAX_BOOK_BYTES for name in _BOOK):
        raise Unreadable("a list of sheets without end")
    names = sheet_parts(parts)
    budget = Budget()
    shared = _shared(parts[_SHARED], budget) if _SHARED in parts else []
    found = {name: _rows(parts[part], shared, budget) for name, part in names.items() if name in wanted}
    return found, tuple(names)


def _parts(data: bytes) -> Mapping[str, bytes]:
    try:
        entries = container.directory(data, padding=True)
        if sum(entry.size for entry in entries) > MAX_TOTAL_BYTES:
            raise Unreadable("too large to explain")
        return container.inflate(data, entries, padding=True)
    except Refusal as refusal:
        raise Unreadable(f"{refusal.code}: {refusal.reason.detail}") from refusal


def _shared(part: bytes, budget: Budget) -> list[str]:
    """The texts that cells refer to by their number; runs of one text joined, readings of Asian texts left out."""
    state = _Shared(budget)
    parse(part, state.start, state.end, state.text)
    return state.found


def _rows(part: bytes, shared: list[str], budget: Budget) -> list[Row]:
    state = _Sheet(shared, budget)
    parse(part, state.start, state.end, state.text)
    return state.found


class _Shared:
    """Collects the shared texts while expat walks through them."""

    def __init__(self, budget: Budget) -> None:
        self.found: list[str] = []
        self.budget = budget
        self.pieces: list[str] = []
        self.collecting = False
        self.aside = 0

    def start(self, tag: str, attributes: dict[str, str]) -> None:  # noqa: ARG002 - expat's call
        self.budget.spend()
        if tag == "si":
            self.pieces = []
        elif tag == "rPh":
            self.aside += 1
        elif tag == "t":
            self.collecting = not self.aside

    def end(self, tag: str) -> None:
        if tag == "si":
            self.found.append(unescaped("".join(self.pieces)))
        elif tag == "rPh":
            self.aside -= 1
        elif tag == "t":
            self.collecting = False

    def text(self, data: str) -> None:
        if self.collecting:
            self.pieces.append(data)


class _Sheet:
    """Collects the cells of one sheet; a formula shows as itself, so that it never passes for its result."""

    def __init__(self, shared: list[str], budget: Budget) -> None:
        self.found: list[Row] = []
        self.shared = shared
        self.budget = budget
        self.column = -1
        self.kind = ""
        self.pieces: list[str] = []
        self.formula: list[str] | None = None
        self.into: list[str] | None = None
        self.aside = 0

    def start(self, tag: str, attributes: dict[str, str]) -> None:
        self.budget.spend()
        if tag == "row":
            if len(self.found) >= MAX_ROWS:
                raise Unreadable("too many rows")
            self.found.append(Row(int(attributes["r"]), {}))
        elif tag == "c":
            self.column = column_of(attributes["r"])
            self.kind = attributes.get("t", "n")
            self.pieces, self.formula = [], None
            if self.kind not in _PLAIN_KINDS:
                raise Unreadable(f"cell of type {self.kind[:20]}")
        elif tag == "rPh":
            self.aside += 1
        elif tag in {"t", "v"} and not self.aside:
            self.into = self.pieces
        elif tag == "f":
            self.formula = self.into = []

    def end(self, tag: str) -> None:
        if tag == "c":
            if text := self._cell():
                self.found[-1].cells[self.column] = bounded(text)
        elif tag == "rPh":
            self.aside -= 1
        elif tag in {"t", "v", "f"}:
            self.into = None

    def text(self, data: str) -> None:
        if self.into is not None:
            self.into.append(data)

    def _cell(self) -> str:
        if self.formula is not None:
            return "=" + "".join(self.formula)
        text = "".join(self.pieces)
        if self.kind == "s":
            return self.shared[int(text)] if text.isascii() and text.isdigit() else ""
        if self.kind == "b":
            return "FALSO" if text == "0" else "VERDADERO"
        if self.kind == "n":
            return _plain_number(text)
        return unescaped(text)


def _plain_number(text: str) -> str:
    """A number without exponent: Excel writes 0.000001 as 9.9999999999999995E-7."""
    if "e" not in text.lower() or len(text) > _MAX_NUMBER_CHARACTERS:
        return text
    try:
        number = Decimal(text)
    except InvalidOperation:
        return text
    exponent = number.as_tuple().exponent
    if not isinstance(exponent, int) or not -_MAX_EXPONENT <= exponent <= _MAX_EXPONENT:
        return text
    return format(number, "f")

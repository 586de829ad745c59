"""What a stranger's sheet holds, cell by cell, under the addresses it has in its own file."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date


@dataclass(frozen=True, slots=True)
class Formatted:
    """A number that its sheet shows as something else: 123 as «00123», 120000 as «1.2E+05»."""

    value: float
    shown: str


@dataclass(frozen=True, slots=True)
class Fault:
    """A cell without a usable value: an error such as «#N/A», or a formula nobody calculated (empty ``text``)."""

    text: str


Raw = str | int | float | bool | date | Formatted | Fault | None
"""The content of a cell. Blank text is None; times of day and durations come as text."""

Cells = dict[int, Raw]
Rows = dict[int, Cells]


@dataclass(frozen=True, slots=True)
class Limits:
    """How much is read at most. ``rows``, ``columns`` and ``cells`` count what is filled in, in one sheet.

    ``text`` is in characters of one cell, ``seconds`` for the whole file, ``memory`` in bytes (kept on Linux only).
    """

    file: int = 60 * 2**20
    inflated: int = 600 * 2**20
    parts: int = 5_000
    sheets: int = 100
    rows: int = 50_000
    columns: int = 500
    cells: int = 2_000_000
    text: int = 200_000
    seconds: float = 90.0
    memory: int = 2 * 2**30


LIMITS = Limits()


class Refusal(Exception):  # noqa: N818 - it says what the file is
    """Why a file, or one sheet of it, is not read; ``code`` is one of ``book.WORDS``."""

    def __init__(self, code: str, detail: str = "") -> None:
        super().__init__(code, detail)
        self.code = code
        self.detail = detail


@dataclass(frozen=True, slots=True)
class Grid:
    """One sheet: its filled cells by row and column, both counted from 0.

    ``refused`` is the code of what keeps it from being read whole; then ``rows`` is empty.
    """

    name: str
    rows: Rows = field(default_factory=dict)
    hidden: bool = False
    refused: str = ""

    def address(self, row: int, column: int) -> str:
        """Where a cell stands in its own file: «Hoja1!F12»."""
        return f"{self.name}!{letters(column)}{row + 1}"

    def row(self, number: int) -> Mapping[int, Raw]:
        """The filled cells of a row."""
        return self.rows.get(number, {})

    def columns(self) -> list[int]:
        """Every column with something in it, in order."""
        return sorted({column for cells in self.rows.values() for column in cells})


@dataclass(frozen=True, slots=True)
class Book:
    """A file's sheets, in its own order; ``notes`` are Spanish sentences the person should know."""

    file: str
    sheets: tuple[Grid, ...]
    notes: tuple[str, ...] = ()

    def __iter__(self) -> Iterator[Grid]:
        return iter(self.sheets)

    def __getitem__(self, name: str) -> Grid:
        return next(sheet for sheet in self.sheets if sheet.name == name)


def letters(column: int) -> str:
    """The letters of a column counted from 0: A, Z, AA."""
    text = ""
    number = column + 1
    while number:
        number, rest = divmod(number - 1, 26)
        text = chr(65 + rest) + text
    return text


class Filler:
    """Collects the filled cells of one sheet and stops where it is too large.

    Raises Refusal as soon as a limit is passed.
    """

    def __init__(self, limits: Limits) -> None:
        self.rows: Rows = {}
        self._limits = limits
        self._cells = 0

    def put(self, row: int, column: int, raw: Raw) -> None:
        """Keep a cell; blank ones are forgotten."""
        if raw is None or (isinstance(raw, str) and not raw.strip()):
            return
        if column >= self._limits.columns:
            # Solver and other add-ins hide data in the last columns; nobody keeps an inventory there.
            return
        cells = self.rows.get(row)
        if cells is None:
            if len(self.rows) >= self._limits.rows:
                raise Refusal("rows")
            cells = self.rows[row] = {}
        self._cells += 1
        if self._cells > self._limits.cells:
            raise Refusal("cells")
        cells[column] = raw

    def spread(self, top: int, left: int, bottom: int) -> None:
        """Give every row of a merged cell the value of its first: one unit written beside ten devices."""
        raw = self.rows.get(top, {}).get(left)
        if raw is None:
            return
        for row in range(top + 1, bottom + 1):
            # Only rows that hold something else: merging to the end of the sheet makes no records.
            if row in self.rows:
                self.put(row, left, raw)

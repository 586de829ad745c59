"""Reading .ods: as a stream, keeping what LibreOffice shows for a number, errors and merged cells."""

import re
from pathlib import Path

from peti_desktop.importing.formats import SCIENTIFIC, iso, plain
from peti_desktop.importing.grid import Fault, Filler, Formatted, Grid, Limits, Raw, Refusal
from peti_desktop.importing.zipped import Fed, opened

_PADDED = re.compile(r"0\d+|[A-Za-z][\w ./-]*0\d+")
_CLOCK = re.compile(r"-?PT(\d+)H(\d+)M.*")
_ERROR = re.compile(r"#[A-Z/0!?¡¿]+|Err:\d+")


def read(path: Path, limits: Limits, fed: Fed) -> list[Grid]:
    """Every table. A table past the limits comes refused; raises Refusal for the file as a whole."""
    with opened(path, limits, fed) as archive:
        if archive.has("META-INF/manifest.xml", b"encryption-data") or "encrypted-package" in archive.sizes:
            raise Refusal("password")
        document = _Document(limits)
        archive.walk("content.xml", document.start, document.end, document.text)
        return document.grids


class _Document:
    """Collects the tables while the content streams by."""

    def __init__(self, limits: Limits) -> None:
        self.grids: list[Grid] = []
        self._limits = limits
        self._name = ""
        self._tables = 0
        self._refused = ""
        self._filler = Filler(limits)
        self._merged: list[tuple[int, int, int]] = []
        self._row = 0
        self._row_times = 1
        self._column = 0
        self._cell: dict[str, str] | None = None
        self._aside = 0
        self._paragraphs: list[str] = []
        self._size = 0
        self._collecting = 0

    def start(self, tag: str, found: dict[str, str]) -> None:
        if self._aside or tag in {"annotation", "shapes", "tracked-changes", "frame", "custom-shape"}:
            # Comments, drawings and deleted cells have texts and tables of their own.
            self._aside += 1
        elif tag == "table":
            self._begin(found)
        elif self._tables == 1 and not self._refused:
            self._inside(tag, found)

    def _begin(self, found: dict[str, str]) -> None:
        self._tables += 1
        if self._tables > 1:
            return
        if len(self.grids) >= self._limits.sheets:
            raise Refusal("sheets")
        self._name = found.get("name", f"Hoja{len(self.grids) + 1}")
        self._filler = Filler(self._limits)
        self._merged = []
        self._refused = ""
        self._row = 0

    def _inside(self, tag: str, found: dict[str, str]) -> None:
        match tag:
            case "table-row":
                self._row_times = max(1, int(found.get("number-rows-repeated", 1)))
                self._column = 0
            case "table-cell" | "covered-table-cell":
                self._cell = found
                self._paragraphs = []
                self._size = 0
            case "p":
                self._collecting += 1
                self._paragraphs.append("")
            case "s" if self._collecting:
                self._add(" " * min(int(found.get("c", 1)), 1000))
            case "tab" if self._collecting:
                self._add("\t")
            case "line-break" if self._collecting:
                self._add("\n")

    def text(self, data: str) -> None:
        if self._collecting and not self._aside:
            self._add(data)

    def _add(self, data: str) -> None:
        self._size += len(data)
        if self._size > self._limits.text:
            raise Refusal("text")
        self._paragraphs[-1] += data

    def end(self, tag: str) -> None:
        if self._aside:
            self._aside -= 1
            return
        match tag:
            case "table":
                self._tables -= 1
                if not self._tables:
                    self._finish()
            case "table-row" if self._tables == 1:
                self._row += self._row_times
            case "table-cell" | "covered-table-cell" if self._cell is not None and self._tables == 1:
                self._store(self._cell)
                self._cell = None
            case "p":
                self._collecting = max(0, self._collecting - 1)

    def _store(self, cell: dict[str, str]) -> None:
        times = max(1, int(cell.get("number-columns-repeated", 1)))
        raw = self._raw(cell)
        if raw is not None:
            self._put(raw, times, max(1, int(cell.get("number-rows-spanned", 1))))
        self._column += times

    def _put(self, raw: Raw, times: int, spanned: int) -> None:
        try:
            for row in range(self._row, self._row + self._row_times):
                for column in range(self._column, self._column + min(times, self._limits.columns)):
                    self._filler.put(row, column, raw)
        except Refusal as refusal:
            self._refused = refusal.code
        if spanned > 1:
            self._merged.append((self._row, self._column, self._row + min(spanned, self._limits.rows) - 1))

    def _raw(self, cell: dict[str, str]) -> Raw:
        shown = "\n".join(self._paragraphs).strip()
        kind = cell.get("value-type", "")
        if _ERROR.fullmatch(shown) and "formula" in cell:
            return Fault(shown)
        match kind:
            case "float" | "currency" | "percentage":
                return _number(float(cell["value"]), shown)
            case "date":
                return iso(cell["date-value"])
            case "boolean":
                return cell.get("boolean-value") == "true"
            case "time":
                found = _CLOCK.fullmatch(cell.get("time-value", ""))
                return f"{int(found[1]):02}:{int(found[2]):02}" if found else shown or None
            case _:
                return cell.get("string-value") or shown or None

    def _finish(self) -> None:
        if not self._refused:
            for top, left, bottom in self._merged:
                self._filler.spread(top, left, bottom)
        rows = {} if self._refused else {row: dict(sorted(cells.items())) for row, cells in self._filler.rows.items()}
        self.grids.append(Grid(self._name, dict(sorted(rows.items())), refused=self._refused))


def _number(value: float, shown: str) -> Raw:
    if SCIENTIFIC.fullmatch(shown) or (_PADDED.fullmatch(shown) and float(value).is_integer()):
        return Formatted(value, shown)
    return plain(value)

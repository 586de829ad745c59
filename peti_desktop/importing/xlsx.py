"""Reading .xlsx and .xlsm: as streams, keeping number formats, errors and merged cells."""

import posixpath
import re
from dataclasses import dataclass
from pathlib import Path

from peti_desktop.importing.formats import BUILT_IN, Shape, iso, number, shape
from peti_desktop.importing.grid import Cells, Fault, Filler, Grid, Limits, Raw, Refusal
from peti_desktop.importing.zipped import Archive, Fed, opened

_REFERENCE = re.compile(r"([A-Z]{1,3})([1-9]\d{0,6})")
_ESCAPED = re.compile(r"_x([0-9A-Fa-f]{4})_")


def read(path: Path, limits: Limits, fed: Fed) -> list[Grid]:
    """Every worksheet. A sheet past the limits comes refused; raises Refusal for the file as a whole."""
    with opened(path, limits, fed) as archive:
        parts = _parts(archive)
        if len(parts.sheets) > limits.sheets:
            raise Refusal("sheets")
        shapes = _shapes(archive, parts.styles)
        found: list[tuple[str, bool, _Sheet, str]] = []
        for name, part, hidden in parts.sheets:
            sheet = _Sheet(limits, shapes, from_1904=parts.from_1904)
            found.append((name, hidden, sheet, _walk(archive, part, sheet)))
        _resolve(archive, parts.strings, [sheet for _, _, sheet, refused in found if not refused], limits)
        return [_grid(name, sheet, hidden=hidden, refused=refused) for name, hidden, sheet, refused in found]


def _walk(archive: Archive, part: str, sheet: "_Sheet") -> str:
    """The code of what refuses the sheet, empty when it was read whole."""
    try:
        archive.walk(part, sheet.start, sheet.end, sheet.text)
    except Refusal as refusal:
        if refusal.code not in {"rows", "cells"}:
            raise
        return refusal.code
    return ""


def _grid(name: str, sheet: "_Sheet", *, hidden: bool, refused: str) -> Grid:
    if refused:
        return Grid(name, {}, hidden, refused)
    for top, left, bottom in sheet.merged:
        sheet.filler.spread(top, left, bottom)
    rows = {row: dict(sorted(cells.items())) for row, cells in sorted(sheet.filler.rows.items()) if cells}
    return Grid(name, rows, hidden)


@dataclass(frozen=True, slots=True)
class _Parts:
    """Where things are: sheets as (name, part, hidden), the parts of styles and shared texts, and the calendar."""

    sheets: tuple[tuple[str, str, bool], ...]
    styles: str
    strings: str
    from_1904: bool


def _parts(archive: Archive) -> _Parts:
    roots = [part for kind, part in _related(archive, "").values() if kind == "officeDocument"]
    if not roots:
        raise Refusal("damaged", "no workbook")
    workbook = roots[0]
    related = _related(archive, workbook)
    by_kind = dict(related.values())
    sheets: list[tuple[str, str, bool]] = []
    epochs: list[bool] = []

    def named(tag: str, found: dict[str, str]) -> None:
        if tag == "workbookPr":
            epochs.append(found.get("date1904") in {"1", "true"})
        elif tag == "sheet":
            kind, part = related.get(found.get("id", ""), ("", ""))
            if kind == "worksheet":
                sheets.append((found["name"], part, found.get("state", "visible") != "visible"))

    archive.walk(workbook, named, _nothing)
    return _Parts(tuple(sheets), by_kind.get("styles", ""), by_kind.get("sharedStrings", ""), any(epochs))


def _related(archive: Archive, part: str) -> dict[str, tuple[str, str]]:
    """What ``part`` points to inside the file: the kind and the part of each relationship, by its id."""
    folder, name = posixpath.split(part)
    found: dict[str, tuple[str, str]] = {}

    def start(tag: str, said: dict[str, str]) -> None:
        if tag == "Relationship" and said.get("TargetMode") != "External":
            target = posixpath.normpath(posixpath.join("/", folder, said["Target"])).lstrip("/")
            found[said["Id"]] = (said["Type"].rpartition("/")[2], target)

    archive.walk(posixpath.join(folder, "_rels", f"{name}.rels"), start, _nothing)
    return found


def _nothing(_tag: str) -> None:
    """For parts whose facts stand in attributes."""


def _shapes(archive: Archive, part: str) -> list[Shape]:
    """The number format of each cell style."""
    codes: dict[int, str] = dict(BUILT_IN)
    used: list[int] = []
    inside: list[str] = []

    def start(tag: str, found: dict[str, str]) -> None:
        if tag == "numFmt" and "cellXfs" not in inside:
            codes[int(found["numFmtId"])] = found["formatCode"]
        elif tag == "xf" and inside and inside[-1] == "cellXfs":
            used.append(int(found.get("numFmtId", "0")))
        elif tag == "cellXfs":
            inside.append(tag)

    def end(tag: str) -> None:
        if tag == "cellXfs":
            inside.clear()

    if part:
        archive.walk(part, start, end)
    return [shape(codes.get(number_, "")) for number_ in used]


class _Sheet:
    """Collects one sheet while it streams by. Texts of the shared table are filled in afterwards."""

    def __init__(self, limits: Limits, shapes: list[Shape], *, from_1904: bool) -> None:
        self.filler = Filler(limits)
        self.shared: list[tuple[Cells, int, int]] = []
        self.merged: list[tuple[int, int, int]] = []
        self._limits = limits
        self._shapes = shapes
        self._from_1904 = from_1904
        self._row = -1
        self._column = -1
        self._type = "n"
        self._style = 0
        self._formula = False
        self._phonetic = False
        self._parts: list[str] = []
        self._size = 0
        self._collecting = False

    def start(self, tag: str, found: dict[str, str]) -> None:
        match tag:
            case "c":
                self._cell(found)
            case "v" | "t":
                self._collecting = not self._phonetic
            case "row":
                self._row = int(found["r"]) - 1 if "r" in found else self._row + 1
                self._column = -1
            case "f":
                self._formula = True
            case "rPh":
                self._phonetic = True
            case "mergeCell":
                self._merge(found["ref"])

    def _cell(self, found: dict[str, str]) -> None:
        if reference := found.get("r"):
            self._row, self._column = _place(reference)
        else:
            self._column += 1
        self._type = found.get("t", "n")
        self._style = int(found.get("s", 0))
        self._formula = False
        self._parts = []
        self._size = 0

    def _merge(self, reference: str) -> None:
        first, _, last = reference.partition(":")
        (top, left), (bottom, _right) = _place(first), _place(last or first)
        if bottom > top:
            self.merged.append((top, left, min(bottom, top + self._limits.rows)))

    def text(self, data: str) -> None:
        if self._collecting:
            self._size += len(data)
            if self._size > self._limits.text:
                raise Refusal("text")
            self._parts.append(data)

    def end(self, tag: str) -> None:
        match tag:
            case "v" | "t":
                self._collecting = False
            case "rPh":
                self._phonetic = False
            case "c":
                self._finish("".join(self._parts))

    def _finish(self, text: str) -> None:
        if not text:
            if self._formula and self._type == "n":
                self.filler.put(self._row, self._column, Fault(""))
            return
        if self._type == "s":
            self.filler.put(self._row, self._column, "shared")
            if self._column < self._limits.columns:
                self.shared.append((self.filler.rows[self._row], self._column, int(text)))
            return
        self.filler.put(self._row, self._column, self._raw(text))

    def _raw(self, text: str) -> Raw:
        match self._type:
            case "n":
                found = self._shapes[self._style] if self._style < len(self._shapes) else Shape()
                return number(float(text), found, from_1904=self._from_1904)
            case "b":
                return text == "1"
            case "e":
                return Fault(text)
            case "d":
                return iso(text)
            case _:
                return unescaped(text)


def _place(reference: str) -> tuple[int, int]:
    """Row and column, from 0, of a reference such as F12."""
    found = _REFERENCE.fullmatch(reference.replace("$", ""))
    if found is None:
        raise Refusal("damaged", f"cell {reference!r}")
    column = 0
    for letter in found[1]:
        column = column * 26 + ord(letter) - 64
    return int(found[2]) - 1, column - 1


def unescaped(text: str) -> str:
    """Text with «_x000D_» and its like turned into the characters they stand for."""
    return _ESCAPED.sub(lambda found: chr(int(found[1], 16)), text) if "_x" in text else text


def _resolve(archive: Archive, part: str, sheets: list[_Sheet], limits: Limits) -> None:
    """Fill in the shared texts. Only those in use are kept: a book of a million rows has a million of them."""
    wanted = {index for sheet in sheets for _, _, index in sheet.shared}
    if not wanted:
        return
    strings = _strings(archive, part, wanted, limits)
    for sheet in sheets:
        for cells, column, index in sheet.shared:
            text = strings[index]
            if text.strip():
                cells[column] = text
            else:
                cells.pop(column, None)


def _strings(archive: Archive, part: str, wanted: set[int], limits: Limits) -> dict[int, str]:
    found: dict[int, str] = {}
    parts: list[str] = []
    state = {"index": -1, "collecting": 0, "phonetic": 0, "size": 0}

    def start(tag: str, _attributes: dict[str, str]) -> None:
        if tag == "si":
            state["index"] += 1
            state["size"] = 0
            parts.clear()
        elif tag == "t":
            state["collecting"] = not state["phonetic"] and state["index"] in wanted
        elif tag == "rPh":
            state["phonetic"] = 1

    def text(data: str) -> None:
        if state["collecting"]:
            state["size"] += len(data)
            if state["size"] > limits.text:
                raise Refusal("text")
            parts.append(data)

    def end(tag: str) -> None:
        if tag == "t":
            state["collecting"] = 0
        elif tag == "rPh":
            state["phonetic"] = 0
        elif tag == "si" and state["index"] in wanted:
            found[state["index"]] = unescaped("".join(parts))

    archive.walk(part, start, end, text)
    return found

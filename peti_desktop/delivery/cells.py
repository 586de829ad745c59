"""Cells of a workbook of ours, read from the very bytes whose signature was verified.

Expat alone, no entities, no DTD, hard limits: a workbook of ours has few shapes, and a second reader would be a second
opinion of what was signed.
"""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any
from xml.parsers import expat

MAX_ROWS, MAX_COLUMNS, MAX_SHEETS = 100_000, 120, 40

_REFERENCE = re.compile(r"([A-Z]{1,3})([1-9][0-9]{0,6})")
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
    targets = {
        found["Id"]: found["Target"]
        for tag, found in _elements(parts["xl/_rels/workbook.xml.rels"])
        if tag == "Relationship"
    }
    names: dict[str, str] = {}
    for tag, found in _elements(parts["xl/workbook.xml"]):
        if tag == "sheet":
            target = targets[found["id"]].lstrip("/")
            names[found["name"]] = target if target.startswith("xl/") else f"xl/{target}"
    if len(names) > MAX_SHEETS or not set(names.values()) <= set(parts):
        raise Unreadable("sheets without their parts")
    return names


def rows(part: bytes) -> Iterator[Row]:
    """Rows of a sheet with at least one cell, in order. Raises Unreadable past the limits or for another shape."""
    found: list[Row] = []
    state = _Sheet(found)
    _parse(part, state.start, state.end, state.text)
    return iter(found)


class _Sheet:
    """Collects the cells of one sheet while expat walks through it."""

    def __init__(self, found: list[Row]) -> None:
        self.found = found
        self.column = -1
        self.kind = ""
        self.collecting: list[str] | None = None

    def start(self, tag: str, attributes: dict[str, str]) -> None:
        if tag == "row":
            if len(self.found) >= MAX_ROWS:
                raise Unreadable("too many rows")
            self.found.append(Row(int(attributes["r"]), {}))
        elif tag == "c":
            self.column = _column(attributes["r"])
            self.kind = attributes.get("t", "n")
            if self.kind not in {"n", "inlineStr"}:
                raise Unreadable(f"cell of type {self.kind}")
        elif tag in {"t", "v"}:
            self.collecting = []
        elif tag == "f":
            raise Unreadable("a formula")

    def end(self, tag: str) -> None:
        if tag in {"t", "v"} and self.collecting is not None:
            text = "".join(self.collecting)
            if self.kind == "inlineStr":
                text = _ESCAPED.sub(lambda found: chr(int(found[1], 16)), text)
            if text:
                self.found[-1].cells[self.column] = text
            self.collecting = None

    def text(self, data: str) -> None:
        if self.collecting is not None:
            self.collecting.append(data)


def _column(reference: str) -> int:
    found = _REFERENCE.fullmatch(reference)
    if found is None:
        raise Unreadable(f"cell {reference!r}")
    number = 0
    for letter in found[1]:
        number = number * 26 + ord(letter) - 64
    if number > MAX_COLUMNS:
        raise Unreadable("too many columns")
    return number - 1


def _elements(part: bytes) -> list[tuple[str, dict[str, str]]]:
    found: list[tuple[str, dict[str, str]]] = []
    _parse(
        part,
        lambda tag, attributes: found.append((tag, attributes)),
        lambda _: None,
        lambda _: None,
    )
    return found


def _parse(part: bytes, start: Any, end: Any, text: Any) -> None:
    def refuse(*_: object) -> None:
        raise Unreadable("a document type or an entity")

    parser = expat.ParserCreate("utf-8", namespace_separator="\n")
    parser.StartDoctypeDeclHandler = refuse
    parser.EntityDeclHandler = refuse
    parser.StartElementHandler = lambda tag, attributes: start(
        tag.rpartition("\n")[2], {name.rpartition("\n")[2]: value for name, value in attributes.items()}
    )
    parser.EndElementHandler = lambda tag: end(tag.rpartition("\n")[2])
    parser.CharacterDataHandler = text
    parser.buffer_text = True
    try:
        parser.Parse(part, True)
    except (expat.ExpatError, KeyError, ValueError, IndexError) as error:
        raise Unreadable(str(error)) from error

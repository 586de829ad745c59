"""Which column of a stranger's sheet is which field: found by its heading, corrected by people, remembered."""

import hashlib
import json
import re
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field
from difflib import SequenceMatcher
from functools import cache

from peti_desktop.catalogues import Catalogues, table
from peti_desktop.importing.grid import Book, Grid, Raw
from peti_desktop.records import TYPES
from peti_desktop.records.convert import plain
from peti_desktop.records.fields import Field, Kind, RecordType
from peti_desktop.workspace import Workspace

LOOKED_AT = 60
"""Filled rows from the top among which the heading is sought."""

LIKELY = 0.72
"""Least likeness of a heading to a name of a field, 0 to 1; below it people choose. Tuned on usual headings (tests)."""

_STOP = frozenset(("de", "del", "la", "el", "los", "las", "en", "al", "a", "y", "o"))
_NUMBER = frozenset(("n", "no", "nro", "num", "numero"))
_WORD = re.compile(r"[a-z0-9ñ]+")


@dataclass(frozen=True, slots=True)
class Layout:
    """Where things are in a sheet: the heading's row and the column of each field, both counted from 0.

    ``fixed`` gives fields without a column one text for every new record. ``words`` says which code of a list the
    sheet's own words stand for, by field and plain text.
    """

    header: int
    columns: Mapping[str, int] = field(default_factory=dict)
    fixed: Mapping[str, str] = field(default_factory=dict)
    words: Mapping[str, Mapping[str, str]] = field(default_factory=dict)


def fields_of(record_type: RecordType) -> tuple[Field, ...]:
    """The fields that a column may be brought into."""
    return record_type.typed


def find_header(record_type: RecordType, grid: Grid) -> int:
    """The row of the headings: the one that names most fields, below titles and merged cells.

    Where nothing is named, the first row with at least two cells.
    """
    likely = list(grid.rows)[:LOOKED_AT]
    scores = {number: _score(record_type, headings(grid, number)) for number in likely}
    best = max(scores.values(), default=0.0)
    if best >= 1.5 or (best and all(len(cells) == 1 for cells in grid.rows.values())):
        equals = [number for number, score in scores.items() if score == best]
        # Of neighbours the lowest: a workbook of ours has a row of field names two above the one of labels. Headings
        # further down are repeated ones.
        return max(number for number in equals if number <= equals[0] + 2)
    wide = (number for number in likely if sum(isinstance(raw, str) for raw in grid.row(number).values()) >= 2)
    return next(wide, likely[0] if likely else 0)


def likeliest(record_type: RecordType, book: Book) -> Grid:
    """The sheet whose headings name most fields; the first readable one where none does."""
    readable = [grid for grid in book if not grid.refused]
    return max(readable, key=lambda grid: _score(record_type, headings(grid, find_header(record_type, grid))))


def _score(record_type: RecordType, found: Mapping[int, str]) -> float:
    return sum(score for _, score in _assigned(record_type, found).values())


def headings(grid: Grid, header: int) -> dict[int, str]:
    """The text above each column. A column without one in its own row takes it from the row above."""
    above = {} if header == 0 else _texts(grid, header - 1)
    own = _texts(grid, header)
    return dict(sorted((above | own).items())) if len(own) >= 2 else own


def _texts(grid: Grid, number: int) -> dict[int, str]:
    cells = grid.row(number).items()
    return {column: " ".join(raw.split()) for column, raw in cells if isinstance(raw, str) and len(raw) <= 120}


def suggest(record_type: RecordType, grid: Grid, catalogues: Catalogues, header: int | None = None) -> Layout:
    """The likeliest layout; fields that nothing speaks for stay without a column."""
    row = find_header(record_type, grid) if header is None else header
    found = headings(grid, row)
    columns = {name: column for name, (column, _) in _assigned(record_type, found).items()}
    for name, column in _by_content(record_type, grid, row, catalogues, set(columns.values())).items():
        columns.setdefault(name, column)
    return Layout(row, columns)


def _assigned(record_type: RecordType, found: Mapping[int, str]) -> dict[str, tuple[int, float]]:
    """Field to column and likeness: the likeliest pair first, each column and each field once."""
    pairs = [
        (likeness, -column, name)
        for column, text in found.items()
        for name, likeness in _likely(record_type.name, _key(text)).items()
    ]
    given: dict[str, tuple[int, float]] = {}
    taken: set[int] = set()
    for likeness, negative, name in sorted(pairs, reverse=True):
        if name not in given and -negative not in taken:
            given[name] = (-negative, likeness)
            taken.add(-negative)
    return given


@cache
def _names(type_name: str) -> Mapping[str, tuple[tuple[str, ...], ...]]:
    """What each field is called, as words: its label, its own name, and what people usually write."""
    usual = table("importar")["campo"]
    names: dict[str, tuple[tuple[str, ...], ...]] = {}
    for each in fields_of(TYPES[type_name]):
        texts = [each.label, each.name.replace("_", " "), *usual.get(type_name, {}).get(each.name, ())]
        names[each.name] = tuple(dict.fromkeys(_key(text) for text in texts))
    return names


@cache
def _likely(type_name: str, key: tuple[str, ...]) -> Mapping[str, float]:
    scores = {name: max(_likeness(key, known) for known in all_) for name, all_ in _names(type_name).items()}
    return {name: score for name, score in scores.items() if score >= LIKELY}


def _key(text: str) -> tuple[str, ...]:
    """The words of ``text`` that carry meaning, without accents; «S.O.» is one word."""
    joined = re.sub(r"\b(\w)\.\s*(?=\w\b)", r"\1", plain(text))
    found = _WORD.findall(joined)
    said = ("numero" if word in _NUMBER else word for word in found if word not in _STOP)
    return tuple(said) or tuple(found)


def _likeness(heading: tuple[str, ...], name: tuple[str, ...]) -> float:
    if not heading or not name:
        return 0.0
    if heading == name:
        return 1.0
    said, known = set(heading), set(name)
    if said == known:
        return 0.97
    if known < said:
        return 0.72 + 0.2 * len(known) / len(said)
    if said < known:
        return 0.66 + 0.2 * len(said) / len(known)
    matcher = SequenceMatcher(None, " ".join(heading), " ".join(name), autojunk=False)
    if matcher.real_quick_ratio() < 0.8 or matcher.quick_ratio() < 0.8:
        return 0.0
    return matcher.ratio() * 0.9


def _by_content(
    record_type: RecordType, grid: Grid, header: int, catalogues: Catalogues, taken: set[int]
) -> dict[str, int]:
    """Columns whose words are those of a list, whatever their heading says."""
    found: dict[str, int] = {}
    for column in grid.columns():
        if column in taken:
            continue
        words = Counter(str(raw) for raw in samples(grid, header, column, 40) if isinstance(raw, str))
        for each in record_type.typed:
            if each.kind is not Kind.CHOICE or each.name in found or words.total() < 3:
                continue
            known = sum(times for text, times in words.items() if catalogues.find(each.catalogue, text))
            if known >= 0.7 * words.total() and (each.catalogue != "si_no"):
                found[each.name] = column
                break
    return found


def samples(grid: Grid, header: int, column: int, count: int) -> list[Raw]:
    """The first filled cells of a column below the heading."""
    found: list[Raw] = []
    for number, cells in grid.rows.items():
        if number > header and column in cells:
            found.append(cells[column])
            if len(found) == count:
                break
    return found


def _setting(record_type: RecordType, found: Mapping[int, str]) -> str:
    """Where the layout of sheets with these headings is kept, in whatever order their columns stand."""
    said = json.dumps(sorted(_key(text) for text in found.values()))
    return f"importar.{record_type.name}.{hashlib.sha256(said.encode()).hexdigest()[:24]}"


def remember(ws: Workspace, record_type: RecordType, grid: Grid, layout: Layout) -> None:
    """Keep a layout for the next sheet with the same headings."""
    found = headings(grid, layout.header)
    kept = {
        "columns": {name: found[column] for name, column in layout.columns.items() if column in found},
        "fixed": dict(layout.fixed),
        "words": {name: dict(words) for name, words in layout.words.items()},
    }
    ws.set_settings({_setting(record_type, found): json.dumps(kept, ensure_ascii=False)})


def recall(ws: Workspace, record_type: RecordType, grid: Grid, header: int) -> Layout | None:
    """The layout that was used last for a sheet with these headings; codes and fields that are gone are left out."""
    found = headings(grid, header)
    said = ws.setting(_setting(record_type, found)) if found else ""
    if not said:
        return None
    kept = json.loads(said)
    where = {text: column for column, text in found.items()}
    known = {each.name for each in record_type.typed}
    return Layout(
        header,
        {name: where[text] for name, text in kept["columns"].items() if text in where and name in known},
        {name: text for name, text in kept["fixed"].items() if name in known},
        {
            name: {text: code for text, code in words.items() if ws.catalogues.entry(record_type[name].catalogue, code)}
            for name, words in kept["words"].items()
            if name in known and record_type[name].catalogue
        },
    )

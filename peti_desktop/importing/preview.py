"""What bringing a sheet in would do, row by row, with every mistake under the file's own address. Stores nothing."""

import re
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import partial

from peti_desktop.importing import cells
from peti_desktop.importing.book import refused
from peti_desktop.importing.cells import Reading, text_of
from peti_desktop.importing.columns import Layout, headings
from peti_desktop.importing.grid import Book, Cells, Grid
from peti_desktop.importing.matching import Index, Match, bare, keys
from peti_desktop.progress import Progress, silent
from peti_desktop.records import TYPES
from peti_desktop.records.convert import plain, show
from peti_desktop.records.fields import Field, Kind, RecordType, Value
from peti_desktop.records.record import Record, headline
from peti_desktop.workspace import Workspace

NEW, CHANGED, EQUAL, WRONG, ASIDE = "nuevo", "cambiado", "igual", "con problemas", "apartado"
KINDS = (NEW, CHANGED, EQUAL, WRONG, ASIDE)

LONGEST_DRAFT = 4000
"""Characters of a text that may wait beside its field to be understood."""

_TOTAL = re.compile(r"(sub)?total(es)?\b.*")


@dataclass(frozen=True, slots=True)
class CellProblem:
    """A cell that cannot be taken as it is. ``text`` is what it shows; ``nearest`` are codes of the field's list."""

    address: str
    field: str
    label: str
    text: str
    sentence: str
    nearest: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class FieldChange:
    """A field that would change, as people read it."""

    field: str
    label: str
    before: str
    after: str


@dataclass(frozen=True, slots=True)
class Line:
    """One row of the sheet: ``row`` counts from 1 as the sheet does.

    ``values`` are what would be set; ``uid`` the record it speaks of, empty for a new one. ``hopeless`` rows cannot be
    taken even with their mistakes left to be mended; ``why`` says what keeps the whole row out.
    """

    row: int
    kind: str
    uid: str
    headline: str
    values: Mapping[str, Value]
    changes: tuple[FieldChange, ...] = ()
    problems: tuple[CellProblem, ...] = ()
    why: str = ""

    @property
    def hopeless(self) -> bool:
        """Whether the row stays out whatever people choose."""
        return self.kind == ASIDE or bool(self.why)


@dataclass(frozen=True, slots=True)
class Preview:
    """Everything one sheet would do. ``seen`` is the revision of every record it was compared with."""

    type: str
    file: str
    sheet: str
    lines: tuple[Line, ...]
    seen: Mapping[str, int]
    notes: tuple[str, ...] = ()

    @property
    def counts(self) -> dict[str, int]:
        """How many rows of each kind there are; they add up to the filled rows below the heading."""
        found = Counter(line.kind for line in self.lines)
        return {kind: found[kind] for kind in KINDS}

    @property
    def problems(self) -> tuple[CellProblem, ...]:
        """Every problem, in the order of the sheet."""
        return tuple(problem for line in self.lines for problem in line.problems)

    @property
    def mendable(self) -> int:
        """How many rows with problems could be taken, their mistakes left beside the fields."""
        return sum(line.kind == WRONG and not line.hopeless for line in self.lines)


def preview(
    ws: Workspace, record_type: RecordType, book: Book, grid: Grid, layout: Layout, progress: Progress = silent
) -> Preview:
    """Compare a sheet with the store. Raises UserError for a sheet that was refused, and Cancelled."""
    if error := refused(book, grid):
        raise error
    records = ws.records(record_type.name, retired=None, dependencia=ws.info.dependencia)
    reader = _Reader(ws, record_type, grid, layout, records)
    below = [(number, row) for number, row in grid.rows.items() if number > layout.header]
    lines: list[Line] = []
    for done, (number, row) in enumerate(below):
        if done % 100 == 0:
            progress(done, len(below), "Comparando con lo registrado")
        lines.append(reader.line(number, row))
    return Preview(
        type=record_type.name,
        file=book.file,
        sheet=grid.name,
        lines=tuple(lines),
        seen={record.uid: record.revision for record in records},
        notes=(*book.notes, *reader.notes),
    )


class _Reader:
    """Reads the rows of one sheet one after the other, remembering whom they named."""

    def __init__(
        self, ws: Workspace, record_type: RecordType, grid: Grid, layout: Layout, records: Sequence[Record]
    ) -> None:
        self._ws = ws
        self._type = record_type
        self._grid = grid
        self._layout = layout
        self._index = Index(record_type, records)
        self._fields = [record_type[name] for name in sorted(layout.columns, key=lambda name: layout.columns[name])]
        self._headings = {column: plain(text) for column, text in headings(grid, layout.header).items()}
        self._seen: dict[tuple[str, str], int] = {}
        self._matched: dict[str, int] = {}
        self._links = {
            field.links: Index(TYPES[field.links], ws.records(field.links, dependencia=ws.info.dependencia))
            for field in self._fields
            if field.kind is Kind.LINK
        }
        self._link_words = {name: ws.links(name) for name in self._links}
        self._month_first = {field.name for field in self._fields if self._is_month_first(field)}
        self._fixed = self._fixed_values()
        self.notes = tuple(
            f"Las fechas de «{record_type[name].label}» se leen con el mes primero (12/31/2026)."
            for name in sorted(self._month_first)
        )

    def _is_month_first(self, field: Field) -> bool:
        if field.kind is not Kind.DATE:
            return False
        column = self._layout.columns[field.name]
        return cells.month_first(row[column] for row in self._grid.rows.values() if column in row)

    def _fixed_values(self) -> dict[str, Value]:
        found: dict[str, Value] = {}
        for name, text in self._layout.fixed.items():
            reading = cells.value_of(self._type[name], text, self._ws.catalogues)
            if not reading.wrong:
                found[name] = reading.value
        return found

    def line(self, number: int, row: Cells) -> Line:
        """What one row would do."""
        if why := self._no_record(row):
            shown = " ".join(text_of(raw) for raw in row.values())
            return Line(number + 1, ASIDE, "", shown if len(shown) <= 90 else f"{shown[:89]}…", {}, why=why)
        values: dict[str, Value] = {}
        problems: list[CellProblem] = []
        for field in self._fields:
            column = self._layout.columns[field.name]
            if column not in row:
                continue
            reading = self._value(field, row)
            if reading.wrong:
                problems.append(self._problem(number, field, text_of(row[column]), reading))
            elif reading.value is not None:
                values[field.name] = reading.value
        return self._judged(number, row, values, problems)

    def _no_record(self, row: Cells) -> str:
        """Why a row is none of the list, empty when it is one."""
        mine = {column: row[column] for column in self._layout.columns.values() if column in row}
        if not mine:
            return "No tiene nada en las columnas que se traen."
        same = sum(plain(text_of(raw)) == self._headings.get(column) for column, raw in mine.items())
        if same >= 2 and same >= 0.6 * len(mine):
            return "Repite los encabezados."
        first = plain(text_of(next(iter(row.values()))))
        if _TOTAL.fullmatch(first) and len(mine) <= max(2, len(self._layout.columns) // 2):
            return "Es una fila de totales."
        if len(row) == 1 and len(self._layout.columns) >= 3:
            return "Solo tiene una celda escrita: parece un título o una nota."
        return ""

    def _value(self, field: Field, row: Cells) -> Reading:
        raw = row[self._layout.columns[field.name]]
        words = self._layout.words.get(field.name)
        month_first = field.name in self._month_first
        reading = cells.value_of(field, raw, self._ws.catalogues, words, month_first=month_first)
        if field.kind is Kind.LINK and isinstance(reading.value, str):
            return self._linked(field, reading.value)
        return reading

    def _linked(self, field: Field, text: str) -> Reading:
        """Whom a link means: by placa, serial or reference, by the words our own sheets say, or by its uid."""
        words = self._link_words[field.links]
        if text in words:
            return Reading(text)
        found = [record.uid for record in self._links[field.links].named(text)]
        found = found or [uid for uid, said in words.items() if bare(said) == bare(text)]
        if len(found) == 1:
            return Reading(found[0])
        what = TYPES[field.links].singular.lower()
        many = f"Hay {len(found)} registros ({what}) que se llaman así." if found else ""
        return Reading(None, many or f"No hay ningún registro ({what}) que se llame «{text[:40]}».")

    def _problem(self, number: int, field: Field, text: str, reading: Reading) -> CellProblem:
        address = self._grid.address(number, self._layout.columns[field.name])
        return CellProblem(address, field.name, field.label, text, reading.wrong, reading.nearest)

    def _judged(self, number: int, row: Cells, values: dict[str, Value], problems: list[CellProblem]) -> Line:
        found = self._match(number, values)
        why = ""
        if found.wrong:
            why = found.wrong
            column = self._layout.columns[found.field]
            field = self._type[found.field]
            problems.append(self._problem(number, field, text_of(row[column]), Reading(None, found.wrong)))
        elif any(len(problem.text) > LONGEST_DRAFT for problem in problems):
            why = "Tiene un texto demasiado largo."
        for name in found.kept:
            values.pop(name, None)
        record = found.record
        if record is None:
            values = {**self._fixed, **values}
        changes = self._changes(record, values) if record else ()
        if record:
            values = {change.field: values[change.field] for change in changes}
        kind = (CHANGED if changes else EQUAL) if record else NEW
        if not record and not values and not problems:
            return Line(number + 1, ASIDE, "", "", {}, why="Está en blanco.")
        shown = headline(self._type, record.values | values if record else values, self._ws.catalogues, self._words())
        return Line(
            row=number + 1,
            kind=WRONG if problems else kind,
            uid=record.uid if record else "",
            headline=shown,
            values=values,
            changes=changes,
            problems=tuple(problems),
            why=why,
        )

    def _words(self) -> dict[str, str]:
        return {uid: text for words in self._link_words.values() for uid, text in words.items()}

    def _match(self, number: int, values: Mapping[str, Value]) -> Match:
        """The record of the row, unless another row of the same file was there before."""
        for field in keys(self._type):
            text = bare(values.get(field.name))
            if text and (before := self._seen.setdefault((field.name, text), number)) != number:
                return Match(wrong=f"Está también en la fila {before + 1} de este archivo.", field=field.name)
        found = self._index.match(values)
        if found.record and (before := self._matched.setdefault(found.record.uid, number)) != number:
            shown = next(name for name in self._layout.columns if name in values)
            return Match(wrong=f"La fila {before + 1} de este archivo es el mismo registro.", field=shown)
        return found

    def _changes(self, record: Record, values: Mapping[str, Value]) -> tuple[FieldChange, ...]:
        shown = partial(show, catalogues=self._ws.catalogues, links=self._words())
        return tuple(
            FieldChange(name, field.label, shown(field, record.values.get(name)), shown(field, value))
            for name, value in values.items()
            if record.values.get(name) != value and (field := self._type[name])
        )

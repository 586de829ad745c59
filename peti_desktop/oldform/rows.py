"""The rows of a filled form: which record each one speaks of, and what it changes there."""

from collections.abc import Mapping
from dataclasses import dataclass

from peti_desktop.editing import UNDONE
from peti_desktop.importing.cells import text_of
from peti_desktop.importing.grid import Cells, Grid
from peti_desktop.oldform.contents import BLANK, Content, Links, Place, content, normal
from peti_desktop.oldform.filled import CHANGED, EQUAL, NEW, SOURCE, UNSIGNED, Change, Line, Wrong
from peti_desktop.oldform.layout import DRAFT, asked, link_key
from peti_desktop.oldform.writing import base_text
from peti_desktop.records import RIESGO, TYPES
from peti_desktop.records.convert import show
from peti_desktop.records.fields import Field, Kind, RecordType, Value
from peti_desktop.records.record import Record, headline
from peti_desktop.records.sentence import complete, sentence
from peti_desktop.workspace import Workspace

ORIGIN = "formulario sin firma"
"""Begins, before the form's own number, what a record names as its origin."""

Base = Mapping[tuple[str, str], str]


@dataclass(frozen=True, slots=True)
class _Row:
    """A row as it stands in the sheet; ``number`` counts from 0."""

    grid: Grid
    where: Mapping[str, int]
    number: int
    cells: Cells

    def address(self, name: str) -> str:
        """Where a field of the row stands."""
        return self.grid.address(self.number, self.where[name])

    @property
    def place(self) -> str:
        """Where the row begins, as people see it."""
        return f"{self.grid.name}, fila {self.number + 1}"


class Reader:
    """Reads the sheets of one form, in the order in which records point to each other."""

    def __init__(self, ws: Workspace, unit: str, form: str, base: Base | None) -> None:
        self.ws, self.base = ws, base
        self.origin = f"{ORIGIN} {form[:36]}"
        self.links = Links()
        self._stored = {name: {r.uid: r for r in ws.records(name, retired=None, dependencia=unit)} for name in TYPES}
        self._keys = {
            uid: link_key(name, r.values) for name in ("riesgo", "equipo") for uid, r in self._stored[name].items()
        }
        self._born: dict[tuple[str, int], list[Record]] = {}
        for name, found in self._stored.items():
            for record in found.values():
                if record.origin is not None and record.origin.delivery == self.origin:
                    self._born.setdefault((name, record.origin.row), []).append(record)
        self.known = frozenset(r.uid for found in self._born.values() for r in found)
        self._wrong: list[Wrong] = []

    def skip(self, record_type: RecordType) -> None:
        """Let others point to the store's records of a type whose sheet cannot be read."""
        self._offer_stored(record_type)

    def sheet(
        self, record_type: RecordType, grid: Grid, where: Mapping[str, int], first: int
    ) -> tuple[list[Line], list[Wrong]]:
        """The lines of one sheet and what is wrong in it."""
        self._wrong = []
        self._offer_stored(record_type)
        lines: list[Line] = []
        seen: set[str] = set()
        for number, cells in grid.rows.items():
            if number >= first:
                line = self._line(record_type, _Row(grid, where, number, cells), seen)
                if line is not None:
                    lines.append(line)
        return lines, self._wrong

    def _offer_stored(self, record_type: RecordType) -> None:
        if record_type.name in {"riesgo", "equipo"}:
            for uid, record in self._stored[record_type.name].items():
                for name in ("placa", "serial", "referencia"):
                    if isinstance(key := record.values.get(name), str):
                        self.links.add(record_type.name, key, uid)

    def _tell(self, address: str, text: str, *, taken: bool) -> None:
        self._wrong.append(Wrong(address, text, taken))

    def _line(self, record_type: RecordType, row: _Row, seen: set[str]) -> Line | None:
        uid = text_of(row.cells.get(0))
        found = self._contents(record_type, row, uid)
        if record_type is RIESGO and not uid:
            self._word(found)
        filled = any(part.text or part.lost for part in found.values())
        if uid and (uid in seen or uid not in self._stored[record_type.name]):
            if filled:
                self._tell(row.place, _copied(uid in seen), taken=True)
            uid = ""
        if uid:
            seen.add(uid)
            record: Record | None = self._stored[record_type.name][uid]
        else:
            record = self._born_here(record_type, row, found) if filled else None
        if not filled:
            self._blank(record_type, row, record)
            return None
        line = self._new(record_type, row, found) if record is None else self._old(record_type, row, found, record)
        self._offer(record_type, row, found, line)
        return line

    def _blank(self, record_type: RecordType, row: _Row, record: Record | None) -> None:
        """A row without content: of a record it asks a question; of none it is simply free."""
        if record is not None and record.retired is None:
            if not any(self._was(field, record, None) for field in asked(record_type) if field.name in row.where):
                return
            words = headline(record_type, record.values, self.ws.catalogues)
            text = f"Se borró todo lo de «{words}», y sigue registrado: para retirarlo hágalo en el programa."
            self._tell(row.place, text, taken=False)
        elif record_type.numbered:
            key = text_of(row.cells.get(row.where.get(record_type.numbered, -1)))
            self.links.refuse(record_type.name, key, f"«{key}» está vacío en la hoja «{record_type.title}».")

    def _offer(self, record_type: RecordType, row: _Row, found: Mapping[str, Content], line: Line | None) -> None:
        """Let later sheets point to this row by what stands in it."""
        if record_type.name not in {"riesgo", "equipo"} or line is None:
            return
        target: str | Place = line.uid or (record_type.name, row.number + 1)
        values = [part.value for name, part in found.items() if name in {"placa", "serial"}]
        texts = [value for value in values if isinstance(value, str)]
        if record_type.numbered:
            texts.append(text_of(row.cells.get(row.where.get(record_type.numbered, -1))))
        for text in texts:
            self.links.add(record_type.name, text, target)

    # Cells

    def _contents(self, record_type: RecordType, row: _Row, uid: str) -> dict[str, Content]:
        found: dict[str, Content] = {}
        for field in asked(record_type):
            if field.name not in row.where:
                continue
            raw = row.cells.get(row.where[field.name])
            if field.kind is Kind.LINK:
                found[field.name] = self.links.content(field, raw, self._keys, self._base_of(uid, field))
            elif raw is None:
                found[field.name] = BLANK
            else:
                found[field.name] = content(field, raw, self.ws.catalogues)
        return found

    def _word(self, found: dict[str, Content]) -> None:
        """Word a new risk from its parts where the form leaves the wording to the program."""
        values = {name: part.value for name, part in found.items()}
        blank = "descripcion" in found and not found["descripcion"].text and not found["descripcion"].lost
        if blank and complete(values, self.ws.catalogues):
            found["descripcion"] = Content(sentence(values, self.ws.catalogues))

    def _base_of(self, uid: str, field: Field) -> str:
        """What the form was written with, else what the store holds."""
        if self.base is not None:
            return normal(field, self.base.get((uid, field.name), ""))
        return ""

    # Rows of records nobody has yet

    def _new(self, record_type: RecordType, row: _Row, found: dict[str, Content]) -> Line:
        if "fuente" in record_type.by_name and not found.get("fuente", BLANK).text:
            found["fuente"] = Content(SOURCE)
        for name, part in found.items():
            if part.wrong:
                self._tell_cell(record_type[name], row, part)
        missing = [f.label.lower() for f in asked(record_type) if f.required and not found.get(f.name, BLANK).text]
        if missing:
            self._tell(row.place, f"Falta: {', '.join(missing)}. Se completa en el programa.", taken=True)
        return self._made(record_type, row, NEW, None, found, ())

    def _born_here(self, record_type: RecordType, row: _Row, found: Mapping[str, Content]) -> Record | None:
        """The record this very row brought when the form was received before."""
        best, score = None, 0.0
        for record in self._born.get((record_type.name, row.number + 1), ()):
            if record.retired != UNDONE and (likeness := self._likeness(record_type, record, found)) >= max(score, 0.5):
                best, score = record, likeness
        return best

    def _likeness(self, record_type: RecordType, record: Record, found: Mapping[str, Content]) -> float:
        """The part of the row's own words that the form brought last time: two copies of a form tell other things."""
        brought = self._brought(record_type, record)
        said = [f for f in asked(record_type) if f.kind in {Kind.TEXT, Kind.NOTE} and f.name != "fuente"]
        both = [f for f in said if found.get(f.name, BLANK).text and brought.get(f.name)]
        equal = sum(found[f.name].text == brought[f.name] for f in both)
        return equal / len(both) if both else 1.0

    def _brought(self, record_type: RecordType, record: Record) -> dict[str, str]:
        """The texts of a record as forms last set them, from its history."""
        brought: dict[str, str] = {}
        for change in self.ws.history(record.uid):
            if change.who.endswith(f"({UNSIGNED})") and change.field in record_type.by_name:
                text = (DRAFT if change.action == "borrador" and change.after else "") + (change.after or "")
                if change.action != "borrador" or text:
                    brought[change.field] = text
        return brought

    # Rows of records the store has

    def _old(self, record_type: RecordType, row: _Row, found: dict[str, Content], record: Record) -> Line | None:
        if record.retired is not None:
            words = headline(record_type, record.values, self.ws.catalogues)
            self._tell(row.place, f"«{words}» ya está retirado: lo escrito en esta fila no se toma.", taken=False)
            return None
        base = self._brought(record_type, record) if not row.cells.get(0) else None
        changes: list[Change] = []
        taken: dict[str, Content] = {}
        for name, part in found.items():
            field = record_type[name]
            was = self._was(field, record, base)
            now = normal(field, base_text(field, record.values[name], record.drafts))
            if part.lost:
                self._tell_cell(field, row, part)
            elif part.text in {was, now} or DRAFT + was == part.text or (name == "fuente" and _unsaid(part, was)):
                continue
            elif was != now:
                self._tell(row.address(name), self._both(field, record), taken=False)
            else:
                if part.wrong:
                    self._tell_cell(field, row, part)
                taken[name] = part
                changes.append(self._change(field, record, part, row))
        return self._made(record_type, row, CHANGED if taken else EQUAL, record, taken, tuple(changes))

    def _was(self, field: Field, record: Record, brought: Mapping[str, str] | None) -> str:
        """What the field held when the form was written, or received before."""
        if brought is not None:
            return normal(field, brought.get(field.name, ""))
        if self.base is None:
            return normal(field, base_text(field, record.values[field.name], record.drafts))
        return self._base_of(record.uid, field)

    def _both(self, field: Field, record: Record) -> str:
        now = self._shown(field, record.values[field.name]) or "vacío"
        return (
            f"{field.label}: cambió aquí y también en el programa después de escribir el formulario. Queda lo del "
            f"programa («{_short(now)}»)."
        )

    def _change(self, field: Field, record: Record, part: Content, row: _Row) -> Change:
        before = record.drafts.get(field.name) or self._shown(field, record.values[field.name])
        after = part.draft or (self._place_words(part.place) if part.place else self._shown(field, part.value))
        return Change(field.name, field.label, before, after, row.address(field.name))

    def _place_words(self, place: Place) -> str:
        return f"{TYPES[place[0]].singular} nuevo de la fila {place[1]}"

    def _shown(self, field: Field, value: Value) -> str:
        return show(field, value, self.ws.catalogues, self._keys)

    def _tell_cell(self, field: Field, row: _Row, part: Content) -> None:
        if part.lost:
            self._tell(row.address(field.name), f"{field.label}: {part.wrong}", taken=False)
        else:
            text = f"{field.label}: {part.wrong} Queda escrito para corregirlo en el programa."
            self._tell(row.address(field.name), text, taken=True)

    def _made(
        self,
        record_type: RecordType,
        row: _Row,
        kind: str,
        record: Record | None,
        found: Mapping[str, Content],
        changes: tuple[Change, ...],
    ) -> Line:
        values = {n: p.value for n, p in found.items() if not p.lost and not p.draft and p.place is None}
        whole = {**(record.values if record else {}), **values}
        return Line(
            type=record_type.name,
            sheet=row.grid.name,
            row=row.number + 1,
            uid=record.uid if record else "",
            revision=record.revision if record else 0,
            kind=kind,
            headline=headline(record_type, whole, self.ws.catalogues),
            values=values,
            drafts={name: part.draft for name, part in found.items() if part.draft},
            links={name: part.place for name, part in found.items() if part.place is not None},
            changes=changes,
        )


def _unsaid(part: Content, was: str) -> bool:
    """Whether the form still leaves it to the program to say where the record comes from."""
    return not part.text and was == SOURCE


def _copied(again: bool) -> str:
    if again:
        return "Esta fila es copia de la de otro registro: se trae como un registro nuevo."
    return "El registro de esta fila no está en este programa: se trae como un registro nuevo."


def _short(text: str) -> str:
    return text if len(text) <= 40 else f"{text[:39]}…"

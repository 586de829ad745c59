"""The consolidated matrix: which records are asked for, and reading them a page at a time however many there are.

A ``MatrixFilter`` is a value: the window makes one, a view keeps one, a report is made from one, and any total can open
the rows behind it by handing one to the matrix. A ``Question`` reads it from a store and can be broken off from another
thread, for people go on typing.
"""

from array import array
from collections.abc import Callable, Generator, Iterator, Mapping, Sequence
from contextlib import closing, contextmanager
from dataclasses import dataclass, replace
from datetime import datetime
from decimal import Decimal
from threading import Lock
from typing import Any, Final, TypeAlias

from sqlalchemy import Connection
from sqlalchemy.exc import DBAPIError

from db import lookup
from db.plain import words_of
from db.postgres import upkeep
from db.queries import asking, corrections
from db.queries import matrix as sql
from db.queries import records as rows
from db.queries.asking import Op
from peti_desktop.catalogues import Catalogues
from peti_desktop.errors import Cancelled, UserError
from peti_desktop.records import TYPES
from peti_desktop.records.convert import clean, plain, show
from peti_desktop.records.fields import Blank, Context, Field, Kind, RecordType, Section, Value
from peti_desktop.records.record import Record, as_of, from_row, from_stored_text, headline
from peti_desktop.workspace import Workspace

__all__ = ["UNIT", "Condition", "Line", "MatrixFilter", "Mended", "Op", "Question", "Sheet", "told", "with_unit"]

UNIT: Final = Field("dependencia", "Dependencia", Kind.CHOICE, catalogue="dependencia", computed=True, width=24)
"""The dependencia a record belongs to: the first column of every type in the office."""
PAGE: Final = 256
"""So many rows are read at a time."""
LARGE: Final = 20_000
"""From so many records of a type on, searches need an index of words to answer at once."""
MOST_WORDS: Final = 12
"""A search looks for so many words; whoever pastes a page means its beginning."""
_RANKED: Final = ("zona", "nivel", "urgencia", "frecuencia")
"""Lists that begin so have an order of their own; the others are read by their words."""


@dataclass(frozen=True, slots=True)
class Condition:
    """What one column must say.

    ``values``: one text for CONTAINS, codes for ONE_OF (an empty one: no value), both ends for BETWEEN (None: open).
    CORRECTED may have an empty ``field``: any field of the record. Making one with values that no store can be asked
    for raises ValueError.
    """

    field: str
    op: Op
    values: tuple[Value, ...] = ()

    def __post_init__(self) -> None:
        if any(isinstance(value, Blank) or _is_huge(value) for value in self.values):
            raise ValueError(f"{self.field} {self.op}: no values to ask for: {self.values!r}")
        match self.op:
            case Op.CONTAINS:
                fits = len(self.values) == 1 and isinstance(self.values[0], str)
            case Op.ONE_OF:
                fits = bool(self.values)
            case Op.BETWEEN:
                fits = len(self.values) == 2
            case _:
                fits = not self.values
        if not fits:
            raise ValueError(f"{self.field} {self.op}: not the values it takes: {self.values!r}")


def _is_huge(value: Value) -> bool:
    """Whether a number is beyond what a column of the store holds; decimals are kept with up to six places."""
    match value:
        case int():
            return abs(value) >= 2**63
        case Decimal():
            return not value.is_finite() or abs(value) >= Decimal(2**63).scaleb(-6)
        case _:
            return False


@dataclass(frozen=True, slots=True)
class MatrixFilter:
    """Which records of one type, in which order.

    Each word of ``search`` must begin a word of some cell. ``order`` is a field and whether it goes down; without it
    records stand by dependencia, and what was searched for as it was born.
    """

    type: str
    search: str = ""
    conditions: tuple[Condition, ...] = ()
    order: tuple[str, bool] | None = None

    def of(self, field: str) -> Condition | None:
        """The condition on a field."""
        return next((found for found in self.conditions if found.field == field), None)

    def having(self, field: str, wanted: Condition | None) -> "MatrixFilter":
        """The same with another condition on ``field``, or none."""
        kept = tuple(found for found in self.conditions if found.field != field)
        return replace(self, conditions=(*kept, wanted) if wanted else kept)

    @property
    def asks(self) -> bool:
        """Whether it leaves anything out."""
        return bool(self.conditions or words_of(self.search))


@dataclass(frozen=True, slots=True)
class Mended:
    """A value the office put in the place of the declared one."""

    field: str
    declared: Value
    reason: str
    who: str
    when: datetime
    to_confirm: bool


@dataclass(frozen=True, slots=True)
class Line:
    """A record in the matrix, its dependencia among its values, and what the office corrected in it, by field."""

    record: Record
    mended: Mapping[str, Mended]


@dataclass(frozen=True, slots=True)
class Sheet:
    """Lines that follow each other, and the words for the records they are linked to."""

    start: int
    lines: tuple[Line, ...]
    links: Mapping[str, str]


def with_unit(record_type: RecordType) -> RecordType:
    """The same type with the dependencia as its first field: in the office a record is somebody's."""
    return replace(record_type, sections=(Section(UNIT.label, (UNIT,)), *record_type.sections))


def field_of(type_name: str, name: str) -> Field:
    """A column of the matrix. KeyError for one that it does not have."""
    return UNIT if name == UNIT.name else TYPES[type_name][name]


def codes_in_order(field: Field, catalogues: Catalogues) -> tuple[str, ...]:
    """The codes of a field's list as people expect them: zones and levels by rank, all else by the alphabet."""
    entries = catalogues.entries(field.catalogue)
    if field.catalogue.startswith(_RANKED):
        return tuple(entry.code for entry in entries)
    return tuple(entry.code for entry in sorted(entries, key=lambda entry: plain(entry.label)))


class Uids:
    """Many uids, all as long as the first one, in no more memory than their letters take."""

    def __init__(self) -> None:
        self._letters = bytearray()
        self._width = 1

    def extend(self, uids: Sequence[str]) -> None:
        """Put ``uids`` behind. Raises ValueError for one of another length."""
        if uids and not self._letters:
            self._width = len(uids[0])
        if any(len(uid) != self._width for uid in uids):
            raise ValueError("uids of different lengths")
        self._letters += "".join(uids).encode("ascii")

    def __len__(self) -> int:
        return len(self._letters) // self._width

    def __getitem__(self, some: slice) -> list[str]:
        places = range(*some.indices(len(self)))
        return [self._letters[place * self._width : (place + 1) * self._width].decode("ascii") for place in places]


Places: TypeAlias = "array[int] | Uids"
"""An order that is remembered: the numbers of rows in a file, or uids."""


class Question:
    """One filter over one store. Each method reads by itself; ``stop`` makes the one under way raise Cancelled."""

    def __init__(self, ws: Workspace, wanted: MatrixFilter) -> None:
        self.ws = ws
        self.wanted = wanted
        self.type = TYPES[wanted.type]
        self._asked = asked_of(ws.catalogues, wanted)
        self._parts: list[sql.Stretch] | None = None
        self._looked = False
        self._places: Places | None = None
        self._lock = Lock()
        self._breaks: list[Callable[[], None]] = []
        self._stopped = False

    def stop(self) -> None:
        """Break off what is being read, now and later; from any thread."""
        with self._lock:
            self._stopped = True
            for breaks in self._breaks:
                breaks()

    @property
    def stopped(self) -> bool:
        """Whether nobody waits for it any more."""
        return self._stopped

    @contextmanager
    def _reading(self) -> Iterator[Connection]:
        if self._stopped:
            raise Cancelled
        try:
            with self.ws.read() as connection:
                breaks = sql.breaker(connection)
                with self._lock:
                    self._breaks.append(breaks)
                if not self._looked:  # once: rows must not change their order between two pages
                    self._asked = self._completed(connection, self._asked)
                    self._looked = True
                try:
                    yield connection
                finally:
                    with self._lock:
                        self._breaks.remove(breaks)
        except (DBAPIError, UserError):
            if self._stopped:
                raise Cancelled from None
            raise

    def _completed(self, connection: Connection, asked: asking.Asked) -> asking.Asked:
        """``asked`` with the index of words where there is one, and with what fields say today that depend on it."""
        if asked.words and lookup.ready(connection, self.wanted.type):
            words = tuple(self._dated_word(word) for word in asked.words) if self.type.dated else asked.words
            asked = replace(asked, words=words, lookup=looked_through(self.type))
        named = {test.column for test in asked.tests} | ({asked.order.column} if asked.order else set())
        dated = {field.name for field in self.type.fields if field.computed} if self.type.dated else set()
        if not (dated & named or (dated and asked.words and not asked.lookup)):
            return asked
        texts: dict[str, dict[Any, str | None]] = {name: {} for name in dated}
        context = Context(self.ws.catalogues, self.ws.today)
        for values in sql.inputs(connection, self.wanted.type, self.type.dated):
            computed = self.type.compute(dict(zip(self.type.dated, values, strict=True)), context)
            for name, text in computed.items():
                texts[name][asking.key(values)] = None if text is None else str(text)
        return replace(asked, judged={name: asking.Judged(self.type.dated, said) for name, said in texts.items()})

    def _dated_word(self, word: asking.Word) -> asking.Word:
        """A word with the codes of which it is told today; the index holds what was told on the day of writing."""
        context = Context(self.ws.catalogues, self.ws.today)
        codes = dict(word.codes)
        for field in (self.type[name] for name in self.type.dated):
            for entry in self.ws.catalogues.entries(field.catalogue) if field.catalogue else ():
                said = self.type.compute({field.name: entry.code}, context).values()
                if any(begins.startswith(word.text) for text in said for begins in words_of(str(text or ""))):
                    codes[field.name] = (*codes[field.name], entry.code)
        return replace(word, codes=codes)

    def _stretches(self, connection: Connection) -> list[sql.Stretch]:
        if self._parts is None:
            self._parts = sql.stretches(connection, self._asked)
        return self._parts

    def count(self) -> int:
        """How many records there are; counted once."""
        if self._parts is None:
            with self._reading() as connection:
                self._stretches(connection)
        return sum(part.count for part in self._parts or ())

    def first(self) -> tuple[Sheet, int | None]:
        """The first lines and how many there are, None where that is not known before they are counted."""
        with self._reading() as connection:
            uids = sql.first(connection, self._asked, PAGE)
            if uids is not None:
                found = sql.rows_of(connection, self.wanted.type, uids)
                return self._sheet(connection, 0, found), len(uids) if len(uids) < PAGE else None
        return self.read(0), self.count()

    def read(self, start: int, count: int = PAGE) -> Sheet:
        """The lines from place ``start`` on, fewer at the end."""
        with self._reading() as connection:
            if isinstance(self._places, Uids):
                found = sql.rows_of(connection, self.wanted.type, self._places[start : start + count])
            elif self._places is not None:
                found = sql.rows_at(connection, self.wanted.type, self._places[start : start + count])
            else:
                found = sql.page(connection, self._asked, self._stretches(connection), start, count)
            return self._sheet(connection, start, found)

    def settle(self) -> None:
        """Remember the order of many rows where pages far down would be slow, so that none has to find it again."""
        server, order = bool(self.ws.store.server), self._asked.order
        sorts = order is not None and (order.text or (server and self.wanted.order is not None))
        if not (sorts or self.wanted.asks) or self.count() < LARGE:
            return
        places: Places = Uids() if server else array("q")
        reads: Callable[..., Generator[list[Any]]] = sql.uids if server else sql.numbers
        with (
            self._reading() as connection,
            closing(reads(connection, self._asked, self._stretches(connection))) as every,
        ):
            for some in every:
                places.extend(some)
        self._places = places

    def uids(self, start: int, count: int) -> list[str]:
        """``read`` with nothing but the uids."""
        with self._reading() as connection:
            return sql.page_of_uids(connection, self._asked, self._stretches(connection), start, count)

    def place_of(self, uid: str) -> int | None:
        """At which place a record stands; None when it is not among those asked for."""
        with self._reading() as connection:
            return sql.place_of(connection, self._asked, self._stretches(connection), uid)

    def codes(self, field: str) -> dict[str, int]:
        """What a field of codes says among the records that meet all other conditions; empty for none."""
        others = asked_of(self.ws.catalogues, self.wanted.having(field, None))
        with self._reading() as connection:
            others = self._completed(connection, others)
            return {code or "": count for code, count in sql.values_of(connection, others, field).items()}

    def sheets(self) -> Generator[Sheet]:
        """All lines of one state of the store, some at a time; nothing is gone through twice."""
        with self._reading() as connection:
            start = 0
            with closing(sql.uids(connection, self._asked, self._stretches(connection))) as every:
                for uids in every:
                    yield self._sheet(connection, start, sql.rows_of(connection, self.wanted.type, uids))
                    start += len(uids)

    def _sheet(self, connection: Connection, start: int, found: Sequence[rows.Row]) -> Sheet:
        drafts = rows.drafts_of(connection, [row["uid"] for row in found])
        mended: dict[str, dict[str, Mended]] = {}
        for row in corrections.find(connection, among=[row["uid"] for row in found]):
            if row["campo"] in self.type.by_name:
                mended.setdefault(row["registro"], {})[row["campo"]] = _mended(self.type, row)
        lines = []
        for row in found:
            record = as_of(
                self.type, from_row(self.type, row, drafts.get(row["uid"])), self.ws.catalogues, self.ws.today
            )
            record = replace(record, values={UNIT.name: record.dependencia, **record.values})
            lines.append(Line(record, mended.get(record.uid, {})))
        return Sheet(start, tuple(lines), self._links(connection, found))

    def _links(self, connection: Connection, found: Sequence[rows.Row]) -> dict[str, str]:
        """The words for the records that these rows are linked to."""
        words: dict[str, str] = {}
        for field in self.type.fields:
            if field.links:
                linked = TYPES[field.links]
                wanted = {row[field.name] for row in found if row[field.name]}
                for row in rows.named(connection, linked.name, "uid", wanted):
                    words[row["uid"]] = headline(linked, from_row(linked, row).values, self.ws.catalogues)
        return words


def _mended(record_type: RecordType, row: rows.Row) -> Mended:
    field = record_type[row["campo"]]
    declared = from_stored_text(field, row["declarado"])
    return Mended(field.name, declared, row["motivo"], row["quien"], row["cuando"], bool(row["pendiente"]))


# -- what is asked of the store


def prepare(ws: Workspace, type_name: str) -> bool:
    """Make the index of words of a type whose records are ``LARGE`` in number; False where nothing was to be made."""
    with ws.read() as connection:
        if lookup.ready(connection, type_name):
            return False
    if ws.counts()[type_name] < LARGE:
        return False
    columns = looked_through(TYPES[type_name])
    if ws.store.server:
        with upkeep(ws.store.engine) as connection:
            if connection is not None:
                lookup.build_beside(connection, type_name, columns)
            return connection is not None
    with ws.write() as connection:
        lookup.build(connection, type_name, columns)
    return True


def looked_through(record_type: RecordType) -> tuple[str, ...]:
    """The columns a search looks through: texts, and codes for their words."""
    kinds = {Kind.TEXT, Kind.NOTE, Kind.CHOICE}
    return tuple(field.name for field in with_unit(record_type).fields if field.kind in kinds)


def asked_of(catalogues: Catalogues, wanted: MatrixFilter) -> asking.Asked:
    """What a filter means in columns. KeyError for a field the type does not have."""
    record_type = with_unit(TYPES[wanted.type])
    words = words_of(clean(wanted.search))[:MOST_WORDS]
    choices = [field for field in record_type.fields if field.kind is Kind.CHOICE]
    texts = tuple(field.name for field in record_type.fields if field.kind in {Kind.TEXT, Kind.NOTE})
    return asking.Asked(
        wanted.type,
        tuple(_test(wanted.type, condition) for condition in wanted.conditions),
        tuple(asking.Word(word, {field.name: _meant(catalogues, field, word) for field in choices}) for word in words),
        texts,
        _order(catalogues, wanted, searched=bool(words)),
    )


def _test(type_name: str, condition: Condition) -> asking.Test:
    if condition.field:
        field_of(type_name, condition.field)  # KeyError here, and not deep in a query
    values = tuple(clean(value) if isinstance(value, str) else value for value in condition.values)
    return asking.Test(condition.field, condition.op, values)


def _meant(catalogues: Catalogues, field: Field, word: str) -> tuple[str, ...]:
    """The codes whose label has a word that begins so."""
    every = catalogues.entries(field.catalogue)
    return tuple(entry.code for entry in every if any(own.startswith(word) for own in words_of(entry.label)))


def _order(catalogues: Catalogues, wanted: MatrixFilter, *, searched: bool) -> asking.Order | None:
    if wanted.order is None and searched:
        return None
    name, down = wanted.order or (UNIT.name, False)
    field = field_of(wanted.type, name)
    codes = codes_in_order(field, catalogues) if field.kind is Kind.CHOICE else None
    return asking.Order(name, codes, text=field.kind in {Kind.TEXT, Kind.NOTE}, down=down)


# -- in words


def told(wanted: MatrixFilter, catalogues: Catalogues) -> str:
    """What a filter asks, as people say it; empty when it asks nothing."""
    return "; ".join(conditions_told(wanted, catalogues))


def conditions_told(wanted: MatrixFilter, catalogues: Catalogues) -> list[str]:
    """``told`` part by part: what is searched for, then each condition."""
    said = [f"«{' '.join(wanted.search.split())}»"] if words_of(wanted.search) else []
    return [*said, *(_told(wanted.type, condition, catalogues) for condition in wanted.conditions)]


def _told(type_name: str, condition: Condition, catalogues: Catalogues) -> str:
    if condition.op is Op.CORRECTED:
        return (
            f"{field_of(type_name, condition.field).label} corregido por TIC"
            if condition.field
            else "corregidos por TIC"
        )
    field = field_of(type_name, condition.field)
    shown = [show(field, value, catalogues) if value not in {None, ""} else "" for value in condition.values]
    match condition.op:
        case Op.CONTAINS:
            return f"{field.label} contiene «{condition.values[0]}»"
        case Op.ONE_OF:
            return f"{field.label}: {', '.join(text or 'sin diligenciar' for text in shown)}"
        case Op.BETWEEN:
            low, high = shown
            if low == high:
                return f"{field.label}: {low}"
            if low and high:
                return f"{field.label} entre {low} y {high}"
            return f"{field.label} desde {low}" if low else f"{field.label} hasta {high}"
        case _:
            return f"{field.label}: {condition.op.value}"

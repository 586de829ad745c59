"""The rows of a record table a page at a time, filtered, searched and sorted by the database.

An order is a chain of stretches (of one code each, or of rows with and without a value). Their sizes are counted once;
a page is then read from the stretches it lies in, from the nearer end of each. What is asked for is told in ``asking``.
"""

from collections.abc import Callable, Generator, Mapping, Sequence
from contextlib import closing
from dataclasses import dataclass
from typing import Any

from sqlalchemy import ColumnElement, Connection, Select, and_, case, cast, func, literal, or_, select, true

from db import lookup
from db.plain import alphabetical, teach
from db.queries.asking import Asked, Order, by_lookup, column_of, conditions
from db.queries.records import MOST_NAMED, Row
from db.schema import RECORDS

SORTED_LETTERS = 60
"""By so many letters texts are sorted."""
AT_ONCE = 1000
"""So many rows are read at a time when all are wanted."""


@dataclass(frozen=True, slots=True)
class Stretch:
    """Rows that follow each other: those where ``column`` is ``code`` (``coded``), or has a value or none."""

    count: int
    coded: bool = False
    code: str | None = None
    filled: bool = True


ENDLESS = 2**40
"""As many rows as there may be, where they are not counted."""


def inputs(connection: Connection, name: str, columns: Sequence[str]) -> list[tuple[Any, ...]]:
    """All that these columns say together in records in force."""
    table = RECORDS[name]
    query = select(*(table.c[each] for each in columns)).where(table.c.retirado.is_(None)).distinct()
    return [tuple(row) for row in connection.execute(query)]


def breaker(connection: Connection) -> Callable[[], None]:
    """What ends, from another thread, the query under way on this connection."""
    raw: Any = connection.connection.driver_connection
    if connection.dialect.name == "sqlite":
        return raw.interrupt  # type: ignore[no-any-return]
    return raw.cancel  # type: ignore[no-any-return]


def stretches(connection: Connection, asked: Asked) -> list[Stretch]:
    """The stretches of all rows asked for, those without rows left out."""
    _begin(connection, asked)
    table, order = RECORDS[asked.name], asked.order
    where = conditions(connection, asked)
    if order is None:
        counted = select(func.count()).select_from(table).where(*where)
        if by_lookup(asked) and not asked.tests and connection.dialect.name == "sqlite":
            words = [(word.text, word.codes) for word in asked.words]
            counted = lookup.counted(asked.name, words)
        found = [Stretch(connection.execute(counted).scalar_one())]
    elif order.codes is not None:
        column = table.c[order.column]
        query = select(column, func.count()).where(*where).group_by(column)
        counts: dict[str | None, int] = dict(connection.execute(query).all())
        found = [Stretch(counts[code], coded=True, code=code) for code in _in_order(order, counts)]
    elif connection.dialect.name != "sqlite":
        counting = select(func.count(), func.count(column_of(asked, order.column))).select_from(table).where(*where)
        every, filled = connection.execute(counting).one()
        found = [Stretch(filled), Stretch(every - filled, filled=False)]
    else:
        # Two counts, each over an index alone, are cheaper than both at once over the table.
        counted = select(func.count()).select_from(table).where(*where)
        every = connection.execute(counted).scalar_one()
        filled = connection.execute(counted.where(column_of(asked, order.column).is_not(None))).scalar_one()
        found = [Stretch(filled), Stretch(every - filled, filled=False)]
    return [stretch for stretch in found if stretch.count]


def _in_order(order: Order, counts: Mapping[str | None, int]) -> list[str | None]:
    """The codes there are: known ones in their order, others behind, none at all at the end."""
    assert order.codes is not None
    known = [code for code in _directed(order) if code in counts]
    others = sorted(code for code in counts if code is not None and code not in order.codes)
    return [*known, *others, None] if None in counts else [*known, *others]


def _directed(order: Order) -> tuple[str, ...]:
    """The codes of an order, the other way round where it goes down."""
    assert order.codes is not None
    return order.codes[::-1] if order.down else order.codes


def first(connection: Connection, asked: Asked, count: int) -> list[str] | None:
    """The uids of the first rows without counting all; None where an index does not give them, or there are fewer."""
    table, order = RECORDS[asked.name], asked.order
    if order is None:
        return page_of_uids(connection, asked, [Stretch(ENDLESS)], 0, count)
    indexed = any(next(iter(index.columns)).name == order.column for index in table.indexes)
    if asked.tests or asked.words or (order.codes is not None and not indexed):
        return None
    parts = [Stretch(ENDLESS)]
    if order.codes is not None:
        parts = [Stretch(ENDLESS, coded=True, code=code) for code in _directed(order)]
    found: list[str] = []
    for part in parts:  # one after the other: how many rows each has is not known
        found += page_of_uids(connection, asked, [part], 0, count - len(found))
        if len(found) == count:
            return found
    return None


def page(connection: Connection, asked: Asked, parts: Sequence[Stretch], start: int, count: int) -> list[Row]:
    """``count`` rows from place ``start`` on, fewer at the end; ``parts`` are the stretches of ``asked``."""
    uids = page_of_uids(connection, asked, parts, start, count)
    return rows_of(connection, asked.name, uids)


def page_of_uids(connection: Connection, asked: Asked, parts: Sequence[Stretch], start: int, count: int) -> list[str]:
    """``page`` with nothing but the uids."""
    _begin(connection, asked)
    wanted: list[tuple[Stretch, int, int]] = []
    left = count
    for stretch in parts:
        if left and start < stretch.count:
            wanted.append((stretch, start, min(left, stretch.count - start)))
            left -= wanted[-1][2]
        start = max(0, start - stretch.count)
    if len(wanted) > 1 and asked.tests and all(stretch.coded for stretch, _, _ in wanted):
        return _across(connection, asked, [stretch.code for stretch, _, _ in wanted], wanted[0][1], count - left)
    return [uid for part in wanted for uid in _within(connection, asked, *part)]


def _across(connection: Connection, asked: Asked, codes: list[str | None], start: int, count: int) -> list[str]:
    """Uids from several stretches at once: what no index tests goes through the whole table, once and not for each."""
    assert asked.order is not None
    table = RECORDS[asked.name]
    column = table.c[asked.order.column]
    known = [code for code in codes if code is not None]
    inside = or_(column.in_(known), column.is_(None)) if None in codes else column.in_(known)
    rank = case({code: place for place, code in enumerate(known)}, value=column, else_=len(known))
    query = select(table.c.uid).where(inside, *conditions(connection, asked)).order_by(rank, table.c.uid)
    return [uid for (uid,) in connection.execute(query.limit(count).offset(start))]


def _within(connection: Connection, asked: Asked, stretch: Stretch, start: int, count: int) -> list[str]:
    """Uids from the nearer end: a row far down costs all those before it."""
    after = stretch.count - start - count
    backwards = after < start
    query = _sorted(connection, asked, stretch, turned=backwards)
    if not start and asked.order is None and by_lookup(asked):
        query = query.order_by(None)  # found as they lie there: the server would gather all before it sorts them
    found = [uid for (uid,) in connection.execute(query.limit(count).offset(after if backwards else start))]
    return found[::-1] if backwards else found


def rows_of(connection: Connection, name: str, uids: Sequence[str]) -> list[Row]:
    """The rows of these uids, in their order; those that are gone are left out."""
    table = RECORDS[name]
    found: dict[str, Row] = {}
    for first in range(0, len(uids), MOST_NAMED):
        query = select(table).where(table.c.uid.in_(uids[first : first + MOST_NAMED]))
        found |= {row["uid"]: dict(row) for row in connection.execute(query).mappings()}
    return [found[uid] for uid in uids if uid in found]


def numbers(connection: Connection, asked: Asked, parts: Sequence[Stretch]) -> Generator[list[int]]:
    """``uids`` as the numbers a file gives its rows: eight bytes for each, so that an order can be remembered."""
    _begin(connection, asked)
    streaming = connection.execution_options(yield_per=AT_ONCE)
    for stretch in parts:
        own = _sorted(connection, asked, stretch).select_from(RECORDS[asked.name])
        query = own.with_only_columns(lookup.rowid(asked.name), maintain_column_froms=True)
        with closing(streaming.execute(query)) as found:
            for some in found.partitions(AT_ONCE):
                yield [number for (number,) in some]


def rows_at(connection: Connection, name: str, places: Sequence[int]) -> list[Row]:
    """The rows of these numbers, in their order; those that are gone are left out."""
    number = lookup.rowid(name)
    query = select(RECORDS[name], number.label("en_archivo")).where(number.in_(places))
    found = {row["en_archivo"]: dict(row) for row in connection.execute(query).mappings()}
    return [found[place] for place in places if place in found]


def uids(connection: Connection, asked: Asked, parts: Sequence[Stretch]) -> Generator[list[str]]:
    """All uids asked for, in order, some at a time: each stretch is gone through once."""
    _begin(connection, asked)
    streaming = connection.execution_options(yield_per=AT_ONCE)
    for stretch in parts:
        with closing(streaming.execute(_sorted(connection, asked, stretch))) as found:
            for some in found.partitions(AT_ONCE):
                yield [uid for (uid,) in some]


def place_of(connection: Connection, asked: Asked, parts: Sequence[Stretch], uid: str) -> int | None:
    """At which place the row ``uid`` comes; None when it is not among those asked for."""
    _begin(connection, asked)
    table, order = RECORDS[asked.name], asked.order
    key = _key(connection, asked)
    where = conditions(connection, asked)
    row = connection.execute(select(key).where(table.c.uid == uid, *where)).first()
    if row is None:
        return None
    before = 0
    for stretch in parts:
        if not stretch.coded and (order is None or stretch.filled == (row[0] is not None)):
            break
        if stretch.coded and stretch.code == row[0]:
            break
        before += stretch.count
    down = order is not None and order.down and not stretch.coded and stretch.filled
    first = table.c.uid > uid if down else table.c.uid < uid
    if order is None:
        here = literal(row[0])
        first = key < (cast(here, key.type) if isinstance(key.type, lookup.Tid) else here)
    if order is not None and not stretch.coded and stretch.filled:
        ahead = key > literal(row[0]) if down else key < literal(row[0])
        first = or_(ahead, and_(key == literal(row[0]), first))
    inside = _of_stretch(asked, stretch)
    counted = select(func.count()).select_from(table).where(first, inside, *where)
    return before + connection.execute(counted).scalar_one()


def values_of(connection: Connection, asked: Asked, column: str) -> dict[str | None, int]:
    """What a column of codes says among the rows asked for, and how often."""
    _begin(connection, asked)
    found = RECORDS[asked.name].c[column]
    query = select(found, func.count()).where(*conditions(connection, asked)).group_by(found)
    return dict(connection.execute(query).all())


def has_examples(connection: Connection, name: str) -> bool:
    """Whether any record of a type that is in force is an example."""
    table = RECORDS[name]
    found = select(table.c.uid).where(table.c.retirado.is_(None), table.c.ejemplo).limit(1)
    return connection.execute(found).first() is not None


def _begin(connection: Connection, asked: Asked) -> None:
    """What every transaction that reads rows begins with."""
    teach(connection)
    if by_lookup(asked) and connection.dialect.name != "sqlite":
        lookup.plan(connection)


def _sorted(connection: Connection, asked: Asked, stretch: Stretch, *, turned: bool = False) -> Select[str]:
    table, order = RECORDS[asked.name], asked.order
    query = select(table.c.uid).where(_of_stretch(asked, stretch), *conditions(connection, asked))
    if order is None:
        birth = _key(connection, asked)
        return query.order_by(birth.desc() if turned else birth.asc())
    keyed = not stretch.coded and stretch.filled
    # The tie is broken in the same direction, or no index would do.
    down = turned != (keyed and order.down)
    keys = [_key(connection, asked), table.c.uid] if keyed else [table.c.uid]
    return query.order_by(*(key.desc() if down else key.asc() for key in keys))


def _key(connection: Connection, asked: Asked) -> ColumnElement[Any]:
    """What rows are sorted by."""
    table, order = RECORDS[asked.name], asked.order
    if order is None:
        return lookup.place(connection, asked.name) if by_lookup(asked) else table.c.uid
    column = column_of(asked, order.column)
    if not order.text:
        return column
    return alphabetical(connection, func.substr(column, 1, SORTED_LETTERS))


def _of_stretch(asked: Asked, stretch: Stretch) -> ColumnElement[bool]:
    if asked.order is None:
        return true()
    column = column_of(asked, asked.order.column)
    if stretch.coded:
        return column.is_(None) if stretch.code is None else column == stretch.code
    return column.is_not(None) if stretch.filled else column.is_(None)

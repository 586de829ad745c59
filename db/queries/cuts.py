"""Sealed cuts and what goes into one: every row a report may ask for, as its column keeps it."""

from base64 import b64decode, b64encode
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import date
from typing import Any

from sqlalchemy import Connection, Date, LargeBinary, MetaData, String, Table, collate, func, insert, select

from db import store as stores
from db.schema import RECORDS, corte, corte_informe, espacio, metadata

Row = dict[str, Any]

Whole = tuple[Row, list[Row]]
"""A cut with its content, and its reports without their bytes."""

LEFT_OUT = frozenset(
    {"espacio", "acto", "historial", "bitacora", "corte", "corte_informe", "entrega_hecha", "vista", "plantilla"}
)
"""Tables that are no part of a consolidation's state: how it came about, what people see it through, cuts themselves.

The settings are frozen apart, by name: some of them belong to a person or a PC.
"""

BULK = "contenido"
"""The column that holds a file: the file stays where it is, its SHA-256 is frozen with the row."""

AT_ONCE = 1_000

_LIGHT = [column for column in corte.c if column.name != BULK]


def listing(connection: Connection) -> list[Row]:
    """Every cut, oldest first, without its content."""
    return [dict(row) for row in connection.execute(select(*_LIGHT).order_by(corte.c.numero)).mappings()]


def one(connection: Connection, uid: str) -> Row | None:
    """A cut with its content."""
    row = connection.execute(select(corte).where(corte.c.uid == uid)).mappings().first()
    return dict(row) if row else None


def newest(connection: Connection) -> Row | None:
    """The newest cut, without its content."""
    row = connection.execute(select(*_LIGHT).order_by(corte.c.numero.desc()).limit(1)).mappings().first()
    return dict(row) if row else None


def content(connection: Connection, uid: str) -> bytes | None:
    """What a cut froze, compressed."""
    return connection.execute(select(corte.c.contenido).where(corte.c.uid == uid)).scalar()


def size(connection: Connection, uid: str) -> int:
    """How many bytes the content and the reports of a cut take."""
    frozen = select(func.length(corte.c.contenido)).where(corte.c.uid == uid)
    issued = select(func.sum(func.length(corte_informe.c.contenido))).where(corte_informe.c.corte == uid)
    return sum(int(connection.execute(query).scalar() or 0) for query in (frozen, issued))


def add(connection: Connection, row: Row) -> None:
    """Keep a cut."""
    connection.execute(insert(corte).values(**row))


def reports(connection: Connection, uid: str) -> list[Row]:
    """The reports of a cut in a fixed order, without their bytes."""
    columns = [column for column in corte_informe.c if column.name != BULK]
    query = select(*columns).where(corte_informe.c.corte == uid)
    found = [dict(row) for row in connection.execute(query).mappings()]
    return sorted(found, key=lambda row: str(row["nombre"]))


def report(connection: Connection, uid: str, name: str) -> Row | None:
    """A report of a cut with its bytes."""
    query = select(corte_informe).where(corte_informe.c.corte == uid, corte_informe.c.nombre == name)
    row = connection.execute(query).mappings().first()
    return dict(row) if row else None


def add_report(connection: Connection, row: Row) -> None:
    """Keep a report of a cut."""
    connection.execute(insert(corte_informe).values(**row))


# What is frozen


def frozen(connection: Connection) -> Iterator[tuple[str, list[str], Iterator[list[object]]]]:
    """Each table of the consolidation by name: its columns, and its rows in the order of their keys.

    Both kinds of store give the same: values are as the columns keep them, in JSON's words.
    """
    tables = _as_kept(connection)
    for name in sorted(set(metadata.tables) - LEFT_OUT):
        table = tables[name]
        # In the order of the schema: columns a migration added stand last in one store and not in another.
        columns = [column.name for column in metadata.tables[name].c if column.name != BULK]
        yield name, columns, _rows(connection, table, columns)


def counts(connection: Connection) -> int:
    """How many rows ``frozen`` gives."""
    names = set(metadata.tables) - LEFT_OUT
    return sum(
        connection.execute(select(func.count()).select_from(metadata.tables[name])).scalar_one() for name in names
    )


def _as_kept(connection: Connection) -> dict[str, Table]:
    """The tables with the types the database itself has for them: numbers unscaled, moments as texts."""
    found = MetaData()
    found.reflect(connection)
    return dict(found.tables)


def _rows(connection: Connection, table: Table, columns: Sequence[str]) -> Iterator[list[object]]:
    plain = "C" if connection.dialect.name == "postgresql" else "BINARY"
    keys = [collate(key, plain) if isinstance(key.type, String) else key for key in table.primary_key]
    query = select(*(table.c[name] for name in columns)).order_by(*keys)
    with connection.execute(query.execution_options(yield_per=AT_ONCE)) as found:
        for row in found:
            yield [_said(value) for value in row]


def _said(value: object) -> object:
    if isinstance(value, date):
        return value.isoformat()
    return b64encode(value).decode("ascii") if isinstance(value, bytes) else value


def restored(
    version: str,
    settings: Mapping[str, str],
    tables: Iterable[tuple[str, list[str], Iterable[list[Any]]]],
    last: Whole | None = None,
) -> stores.Store:
    """A store in memory with what was frozen when stores stood at ``version``, brought up to date since.

    ``last`` is the cut before, which stands in it too. Nobody writes into it.
    """
    from db.migrate import upgrade

    store = stores.in_memory(version)
    with store.write() as connection:
        kept = _as_kept(connection)
        connection.execute(insert(espacio), [{"clave": key, "valor": value} for key, value in settings.items()])
        for name, columns, rows in tables:
            _fill(connection, kept[name], columns, rows)
        upgrade(connection)
        if last is not None:
            add(connection, last[0])
            for report in last[1]:
                add_report(connection, {**report, BULK: b""})
    return replace(store, reading=True)


def _fill(connection: Connection, table: Table, columns: Sequence[str], rows: Iterable[list[Any]]) -> None:
    meant = [_meaning(table.c[name].type) for name in columns]
    files = {column.name: b"" for column in table.c if column.name == BULK}
    batch: list[Row] = []
    for row in rows:
        read = (value if value is None or way is None else way(value) for way, value in zip(meant, row, strict=True))
        batch.append(dict(zip(columns, read, strict=True)) | files)
        if len(batch) == AT_ONCE:
            connection.execute(insert(table), batch)
            batch = []
    if batch:
        connection.execute(insert(table), batch)


def _meaning(kind: object) -> Any:
    """How a value of a column is read back from JSON; None where it is what it says."""
    if isinstance(kind, Date):
        return date.fromisoformat
    return b64decode if isinstance(kind, LargeBinary) else None


def records(connection: Connection, name: str) -> Iterator[Row]:
    """Every row of a record table, retired ones too, in the plain order of uids; a page at a time."""
    table = RECORDS[name]
    key = collate(table.c.uid, "C" if connection.dialect.name == "postgresql" else "BINARY")
    query = select(table).order_by(key).limit(AT_ONCE)
    found = connection.execute(query).mappings().all()
    while found:
        yield from (dict(row) for row in found)
        found = connection.execute(query.where(key > found[-1]["uid"])).mappings().all()

"""Copying a whole store into another: from a file to a server, from a server to a file."""

from collections.abc import Callable, Iterator
from contextlib import closing
from pathlib import Path
from typing import Any

from sqlalchemy import Connection, LargeBinary, MetaData, Table, func, select, text

from db import lookup, postgres, sqlite
from db.migrate import upgrade
from db.store import Store, create, locate, open_store
from db.trouble import StoreProblem, translated

Told = Callable[[int, int, str], None]
"""Rows done, rows in all, table; may raise to stop."""

ROWS, ROWS_WITH_FILES = 1000, 20
"""How many rows travel at once: a row with a received file in it may weigh megabytes."""


def _silent(done: int, total: int, table: str) -> None:
    """Nobody looks."""


def move(source: str | Path, target: str | Path, told: Told = _silent) -> dict[str, int]:
    """Make a new store at ``target`` with everything ``source`` holds; gives the rows of each table.

    All of it or nothing; the source stays as it is. Raises StoreProblem: ``exists`` when the target is not empty,
    ``locked`` when a source file is open elsewhere.
    """
    # Opened for writing: of a file, nobody may change anything while it moves.
    with closing(open_store(source)) as origin:
        counts: dict[str, int] = {}
        if postgres.server_url(target) is None:
            path = locate(target)
            if path.exists():
                raise StoreProblem("exists", str(path))
            counts = save_as_file(origin, path, told)
        else:
            with origin.read() as given:
                create(target, fill=lambda taking: counts.update(copy_rows(given, taking, told))).close()
        return counts


def save_as_file(store: Store, target: Path, told: Told = _silent) -> dict[str, int]:
    """One state of ``store`` as a file that opens by itself; it takes its place when it is whole."""
    found = store.version()
    with translated():
        beside = sqlite.beginning_of(target)
    made = Store(sqlite.make_engine(beside), beside, None)
    try:
        with store.read() as given, made.write() as taking:
            sqlite.claim(taking)
            upgrade(taking, found or "head")
            counts = copy_rows(given, taking, told)
    except BaseException:
        made.close()
        beside.unlink(missing_ok=True)
        raise
    made.close()
    with translated():
        beside.replace(target)
    return counts


def copy_rows(given: Connection, taking: Connection, told: Told = _silent) -> dict[str, int]:
    """Every row of every table, as the columns keep it; both stand at the same migration, and ``taking`` is empty."""
    # The tables as they are there, not as this program's newest migration makes them.
    there, here = _tables(taking), _tables(given)
    counts = {name: given.execute(select(func.count()).select_from(here[name])).scalar_one() for name in here}
    done, total = 0, sum(counts.values())
    for name, table in here.items():
        for rows in _batches(given, table):
            told(done, total, name)
            taking.execute(there[name].insert(), rows)
            done += len(rows)
        _go_on_counting(taking, there[name])
    told(done, total, "")
    arrived = {name: taking.execute(select(func.count()).select_from(there[name])).scalar_one() for name in here}
    if arrived != counts:
        raise StoreProblem("incomplete", str(arrived))
    return counts


def _tables(connection: Connection) -> dict[str, Table]:
    found = MetaData()
    found.reflect(connection)
    # The index of words of a large table is made anew where it is needed.
    own = [table for table in found.sorted_tables if not table.name.startswith(lookup.PREFIX)]
    return {table.name: table for table in own if table.name != "alembic_version"}


def _batches(connection: Connection, table: Table) -> Iterator[list[dict[str, Any]]]:
    size = ROWS_WITH_FILES if any(isinstance(column.type, LargeBinary) for column in table.c) else ROWS
    query = select(table).order_by(*table.primary_key)
    rows = connection.execution_options(yield_per=size).execute(query)
    for batch in rows.mappings().partitions(size):
        yield [dict(row) for row in batch]


def _go_on_counting(connection: Connection, table: Table) -> None:
    """Numbers the database gives go on after those that were copied."""
    if connection.dialect.name == "postgresql" and "id" in table.c:
        sequence = connection.execute(select(func.pg_get_serial_sequence(table.name, "id"))).scalar()
        if sequence:
            last = connection.execute(select(func.max(table.c.id))).scalar()
            connection.execute(
                text("SELECT setval(:s, :n, :used)"), {"s": sequence, "n": last or 1, "used": bool(last)}
            )

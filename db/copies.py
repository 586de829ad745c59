"""Looking into a store that stays closed: whose it is, what it holds, whether it is whole. Nothing is written."""

import sqlite3
from collections.abc import Callable
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from sqlalchemy import Connection

from db.schema import RECORDS, metadata
from db.sqlite import is_alone
from db.store import APPLICATION_ID, KNOWN, StoreProblem, translated

Run = Callable[[str], Any]


@dataclass(frozen=True, slots=True)
class Look:
    """What a closed store says. ``counts`` are records in force by type, ``rows`` everything there is by table."""

    settings: dict[str, str]
    counts: dict[str, int]
    rows: dict[str, int]


def look(path: Path, *, whole: bool = False) -> Look:
    """Read a store without opening it for work; ``whole`` has every page of it checked, which takes its time.

    Raises StoreProblem (missing, not_ours, newer, incomplete, damaged).
    """
    if not path.is_file():
        raise StoreProblem("missing", str(path))
    with translated(), closing(sqlite3.connect(_address(path), uri=True)) as connection:
        tables = _tables(connection)
        version = connection.execute("SELECT version_num FROM alembic_version").fetchone()
        if version is None or "espacio" not in tables:
            raise StoreProblem("incomplete", str(path))
        if version[0] not in KNOWN:
            raise StoreProblem("newer", str(version[0]))
        if whole and (found := connection.execute("PRAGMA integrity_check(1)").fetchone()[0]) != "ok":
            raise StoreProblem("damaged", str(found))
        settings = dict(connection.execute("SELECT clave, valor FROM espacio").fetchall())
        return Look(settings, _in_force(connection.execute, tables), _rows(connection.execute, tables))


def rows(connection: Connection) -> dict[str, int]:
    """How many rows each table of an open store has."""
    return _rows(connection.exec_driver_sql, set(metadata.tables))


def _address(path: Path) -> str:
    # Without a log beside it the file is all there is, and SQLite need not write even on a medium that allows it.
    return f"{path.resolve().as_uri()}?mode=ro{'&immutable=1' if is_alone(path) else ''}"


def _tables(connection: sqlite3.Connection) -> set[str]:
    found = {name for (name,) in connection.execute("SELECT name FROM sqlite_master WHERE type = 'table'")}
    ours = connection.execute("PRAGMA application_id").fetchone()[0] == APPLICATION_ID
    if not ours or "alembic_version" not in found:
        raise StoreProblem("not_ours")
    return found


def _in_force(run: Run, tables: set[str]) -> dict[str, int]:
    return {
        name: run(f"SELECT count(*) FROM {name} WHERE retirado IS NULL").fetchone()[0]  # noqa: S608 - our own names
        for name in RECORDS
        if name in tables
    }


def _rows(run: Run, tables: set[str]) -> dict[str, int]:
    return {
        name: run(f"SELECT count(*) FROM {name}").fetchone()[0]  # noqa: S608 - our own names
        for name in sorted(metadata.tables.keys() & tables)
    }

"""A store that is a file: its connections, its lock, its copies."""

import getpass
import json
import platform
import sqlite3
from contextlib import closing
from datetime import UTC, datetime
from pathlib import Path, PurePath
from typing import Any

from filelock import FileLock, Timeout
from sqlalchemy import URL, Connection, Engine, create_engine, event

from db.trouble import StoreProblem, translated

APPLICATION_ID = 0x50455449  # «PETI», in the file's header: tells our stores from other SQLite files
BUSY_MS = 4000


def make_engine(path: Path, *, fixed: bool = False, reading: bool = False) -> Engine:
    """Connections to the file, with transactions that begin where ours begin.

    ``fixed`` is for a file on a medium that nobody can write: SQLite then needs no files beside it. ``reading``: SQLite
    itself refuses to change anything.
    """
    timeout = BUSY_MS / 1000
    if fixed:
        address = f"{uri(path.resolve())}?mode=ro&immutable=1"
        engine = create_engine(
            URL.create("sqlite", database=str(path)),
            creator=lambda: sqlite3.connect(address, uri=True, check_same_thread=False, timeout=timeout),
        )
    else:
        engine = create_engine(URL.create("sqlite", database=str(path)), connect_args={"timeout": timeout})

    @event.listens_for(engine, "connect")
    def _prepare(connection: sqlite3.Connection, record: object) -> None:  # noqa: ARG001
        # Python's driver would otherwise commit before DDL, and a failed migration would leave tables behind.
        connection.isolation_level = None
        connection.execute("PRAGMA foreign_keys = ON")
        connection.execute("PRAGMA synchronous = FULL")
        # People copy the file while the program is open: what is committed must be in the file itself at once.
        connection.execute("PRAGMA wal_autocheckpoint = 1")
        if reading:
            connection.execute("PRAGMA query_only = ON")

    @event.listens_for(engine, "begin")
    def _begin(connection: Connection) -> None:
        writing = connection.get_execution_options().get("peti_write")
        connection.exec_driver_sql("BEGIN IMMEDIATE" if writing else "BEGIN")

    return engine


def uri(path: PurePath) -> str:
    """``path`` as SQLite takes it: a share of the network is part of the path there, not the host of the address."""
    address = path.as_uri()
    return address if address.startswith("file:///") else address.replace("file://", "file:////", 1)


def is_alone(path: Path) -> bool:
    """Whether the file is all there is: no log beside it holds anything."""
    log = path.with_name(path.name + "-wal")
    return not log.exists() or log.stat().st_size == 0


def write_ahead(path: Path) -> None:
    """Let readers read while one writes; a restored copy does not have it yet."""
    with closing(sqlite3.connect(path)) as connection:
        connection.execute("PRAGMA journal_mode = WAL")


def claim(connection: Connection) -> None:
    """Mark the file as one of ours."""
    connection.exec_driver_sql(f"PRAGMA application_id = {APPLICATION_ID}")


def version(connection: Connection) -> str | None:
    """The migration the file stands at; None for a file without any table. Raises StoreProblem ``not_ours``."""
    names = set(connection.exec_driver_sql("SELECT name FROM sqlite_master WHERE type = 'table'").scalars())
    if not names:
        return None
    ours = connection.exec_driver_sql("PRAGMA application_id").scalar() == APPLICATION_ID
    if not ours or "alembic_version" not in names:
        raise StoreProblem("not_ours")
    return str(connection.exec_driver_sql("SELECT version_num FROM alembic_version").scalar())


def lock(path: Path) -> FileLock:
    """The right to write the file, or StoreProblem ``locked`` with who has it."""
    taken = FileLock(path.with_name(f".{path.name}.lock"), thread_local=False)
    try:
        taken.acquire(timeout=0)
    except Timeout as error:
        raise StoreProblem("locked", owner(path)) from error
    try:
        mine = {"quien": _person(), "equipo": platform.node(), "desde": datetime.now(UTC).isoformat()}
        _owner_file(path).write_text(json.dumps(mine), encoding="utf-8")
    except BaseException:
        taken.release()
        raise
    return taken


def _person() -> str:
    try:
        return getpass.getuser()
    except (KeyError, OSError, ImportError):  # an account without a name, as services have; ImportError on Windows
        return "alguien"


def left_open(path: Path) -> bool:
    """Whether somebody opened the file and never gave it back: the program or its PC ended without closing it."""
    return _owner_file(path).exists()


def unlock(path: Path, taken: FileLock) -> None:
    """Give the right to write back."""
    _owner_file(path).unlink(missing_ok=True)
    taken.release()


def owner(path: Path) -> str:
    """Who has the store open, as «person en machine»; empty when nobody says."""
    try:
        said: dict[str, Any] = json.loads(_owner_file(path).read_text(encoding="utf-8"))
        return f"{said['quien']} en {said['equipo']}"
    except (OSError, ValueError, KeyError, TypeError):
        return ""


def _owner_file(path: Path) -> Path:
    return path.with_name(f".{path.name}.abierto")


def copy(source: Path, target: Path) -> None:
    """A consistent copy of the file, made by SQLite itself while others read and write."""
    with translated():
        beside = beginning_of(target)
        origin, made = sqlite3.connect(source), sqlite3.connect(beside)
        try:
            origin.backup(made)
            made.execute("PRAGMA journal_mode = DELETE")  # one file alone, which opens on a medium that is read-only
        finally:
            made.close()
            origin.close()
        beside.replace(target)


def beginning_of(target: Path) -> Path:
    """Where a copy is made before it takes its place as ``target``; nothing of one that was cut off is left there."""
    target.parent.mkdir(parents=True, exist_ok=True)
    beside = target.with_name(target.name + ".parcial")
    for left in (beside, beside.with_name(beside.name + "-journal")):
        left.unlink(missing_ok=True)  # SQLite would take the journal for that of a database to mend
    return beside

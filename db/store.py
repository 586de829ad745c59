"""One store: opening, locking, migrating, copying, and transactions.

A store is a SQLite file. Every store is born by running all migrations; an older one is copied beside itself before it
is brought up to date, and a newer one is refused.
"""

import errno
import getpass
import json
import platform
import sqlite3
from collections.abc import Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta, timezone
from pathlib import Path
from typing import Any

from filelock import FileLock, Timeout
from sqlalchemy import URL, Connection, Engine, create_engine, event, make_url
from sqlalchemy.exc import ArgumentError, DBAPIError

HEAD = "0001"
"""The newest migration; a test keeps it equal to the newest script."""

KNOWN = ("0001",)
"""Every migration this program can start from."""

APPLICATION_ID = 0x50455449  # «PETI», in the file's header: tells our stores from other SQLite files
BUSY_MS = 4000
NAMES_STAMP = "%Y%m%d-%H%M%S"


class StoreProblem(Exception):  # noqa: N818 - it says what is the matter with a store
    """A store that cannot be used, and why: ``code`` is one of the codes below, ``detail`` says more.

    missing, exists, not_ours, damaged, incomplete, newer, older, locked, read_only, full, address.
    """

    def __init__(self, code: str, detail: str = "") -> None:
        super().__init__(f"{code}: {detail}")
        self.code = code
        self.detail = detail


@dataclass(frozen=True, slots=True)
class Store:
    """An open store. ``path`` is the file; ``lock`` is held while the store is open for writing."""

    engine: Engine
    path: Path
    lock: FileLock | None

    @contextmanager
    def read(self) -> Iterator[Connection]:
        """A connection that sees one state of the store."""
        with translated(), self.engine.begin() as connection:
            yield connection

    @contextmanager
    def write(self) -> Iterator[Connection]:
        """A transaction: all of it is on disk when the block ends, or none of it."""
        with (
            translated(),
            self.engine.connect().execution_options(peti_write=True) as connection,
            connection.begin(),
        ):
            yield connection

    def copy_to(self, target: Path) -> None:
        """A consistent copy of the store, made by SQLite itself while others read."""
        _copy(self.path, target)

    def close(self) -> None:
        """Let go of the file and of the lock."""
        self.engine.dispose()
        if self.lock is not None:
            _owner_file(self.path).unlink(missing_ok=True)
            self.lock.release()


def locate(address: str | Path) -> Path:
    """The file that ``address`` (a path or a ``sqlite:///`` URL) names.

    Raises StoreProblem ``address`` for a URL of another kind.
    """
    text = str(address)
    if "://" not in text:
        return Path(text)
    try:
        url = make_url(text)
    except ArgumentError as error:
        raise StoreProblem("address", text) from error
    if url.get_backend_name() != "sqlite" or not url.database:
        raise StoreProblem("address", url.render_as_string())
    return Path(url.database)


def create(address: str | Path) -> Store:
    """A new, empty store. Raises StoreProblem ``exists`` when there is a file already."""
    path = locate(address)
    if path.exists():
        raise StoreProblem("exists", str(path))
    with translated():
        path.parent.mkdir(parents=True, exist_ok=True)
        return _opened(path, writing=True)


def in_memory() -> Store:
    """A store that is gone when it is closed."""
    from db.migrate import upgrade

    store = Store(_engine(Path(":memory:")), Path(":memory:"), None)
    with store.write() as connection:
        upgrade(connection)
    return store


def open_store(address: str | Path, *, writing: bool = True) -> Store:
    """An existing store, brought up to date when it is opened for writing. Raises StoreProblem."""
    path = locate(address)
    if not path.is_file():
        raise StoreProblem("missing", str(path))
    with translated():
        return _opened(path, writing=writing)


def _opened(path: Path, *, writing: bool) -> Store:
    lock = _lock(path) if writing else None
    store = Store(_engine(path), path, lock)
    try:
        _bring_up_to_date(store, writing=writing)
    except BaseException:
        store.close()
        raise
    return store


def _engine(path: Path) -> Engine:
    engine = create_engine(URL.create("sqlite", database=str(path)), connect_args={"timeout": BUSY_MS / 1000})

    @event.listens_for(engine, "connect")
    def _prepare(connection: sqlite3.Connection, record: object) -> None:  # noqa: ARG001
        # Python's driver would otherwise commit before DDL, and a failed migration would leave tables behind.
        connection.isolation_level = None
        connection.execute("PRAGMA foreign_keys = ON")
        connection.execute("PRAGMA synchronous = FULL")
        # People copy the file while the program is open: what is committed must be in the file itself at once.
        connection.execute("PRAGMA wal_autocheckpoint = 1")

    @event.listens_for(engine, "begin")
    def _begin(connection: Connection) -> None:
        writing = connection.get_execution_options().get("peti_write")
        connection.exec_driver_sql("BEGIN IMMEDIATE" if writing else "BEGIN")

    return engine


def _bring_up_to_date(store: Store, *, writing: bool) -> None:
    found = _version(store)
    if found == HEAD:
        if writing:
            _write_ahead(store.path)
        return
    if found is not None and found not in KNOWN:
        raise StoreProblem("newer", found)
    if not writing:
        raise StoreProblem("older", found or "")
    if found is not None:
        store.copy_to(room_of_copies(store.path) / copy_name(datetime.now(UTC), "antes-de-actualizar"))
    from db.migrate import upgrade

    _write_ahead(store.path)
    with store.write() as connection:
        connection.exec_driver_sql(f"PRAGMA application_id = {APPLICATION_ID}")
        upgrade(connection)


def _write_ahead(path: Path) -> None:
    """Let readers read while one writes; a restored copy does not have it yet."""
    with closing(sqlite3.connect(path)) as connection:
        connection.execute("PRAGMA journal_mode = WAL")


def _version(store: Store) -> str | None:
    """The migration the file stands at; None for a file without any table. Raises StoreProblem ``not_ours``."""
    with store.read() as connection:
        names = set(connection.exec_driver_sql("SELECT name FROM sqlite_master WHERE type = 'table'").scalars())
        if not names:
            return None
        ours = connection.exec_driver_sql("PRAGMA application_id").scalar() == APPLICATION_ID
        if not ours or "alembic_version" not in names:
            raise StoreProblem("not_ours", str(store.path))
        return str(connection.exec_driver_sql("SELECT version_num FROM alembic_version").scalar())


def _owner_file(path: Path) -> Path:
    return path.with_name(f".{path.name}.abierto")


def _lock(path: Path) -> FileLock:
    lock = FileLock(path.with_name(f".{path.name}.lock"), thread_local=False)
    try:
        lock.acquire(timeout=0)
    except Timeout as error:
        raise StoreProblem("locked", owner(path)) from error
    mine = {"quien": getpass.getuser(), "equipo": platform.node(), "desde": datetime.now(UTC).isoformat()}
    _owner_file(path).write_text(json.dumps(mine), encoding="utf-8")
    return lock


def owner(path: Path) -> str:
    """Who has the store open, as «person en machine»; empty when nobody says."""
    try:
        said: dict[str, Any] = json.loads(_owner_file(path).read_text(encoding="utf-8"))
        return f"{said['quien']} en {said['equipo']}"
    except (OSError, ValueError, KeyError, TypeError):
        return ""


def room_of_copies(path: Path) -> Path:
    """The folder beside a store where its copies are."""
    return path.with_name(f"{path.stem}_copias")


def copy_name(when: datetime, reason: str) -> str:
    """The name of a copy: when it was made, as people in Colombia tell the time, and why (a word without blanks)."""
    return f"{when.astimezone(timezone(timedelta(hours=-5))):{NAMES_STAMP}}_{reason}.sqlite"


def _copy(source: Path, target: Path) -> None:
    with translated():
        target.parent.mkdir(parents=True, exist_ok=True)
        beside = target.with_name(target.name + ".parcial")
        for left in (beside, beside.with_name(beside.name + "-journal")):
            left.unlink(missing_ok=True)  # of a copy that was cut off: SQLite would take it for a database to mend
        origin, copy = sqlite3.connect(source), sqlite3.connect(beside)
        try:
            origin.backup(copy)
            copy.execute("PRAGMA journal_mode = DELETE")  # one file alone, which opens on a medium that is read-only
        finally:
            copy.close()
            origin.close()
        beside.replace(target)


@contextmanager
def translated() -> Iterator[None]:
    """Turn what the disk and the database say about trouble people can mend into StoreProblem."""
    try:
        yield
    except (DBAPIError, sqlite3.Error) as error:
        code = _code_of(str(getattr(error, "orig", None) or error))
        if code is None:
            raise
        raise StoreProblem(code, str(error)) from error
    except OSError as error:
        code = {
            errno.ENOSPC: "full",
            errno.EDQUOT: "full",
            errno.EROFS: "read_only",
            errno.EACCES: "read_only",
            errno.EPERM: "read_only",
        }.get(error.errno or 0)
        if code is None:
            raise
        raise StoreProblem(code, str(error)) from error


def _code_of(message: str) -> str | None:
    said = {
        "database is locked": "locked",
        "readonly database": "read_only",
        "unable to open database": "read_only",
        "disk is full": "full",
        "not a database": "not_ours",
        "malformed": "damaged",
        "disk I/O error": "damaged",
    }
    return next((code for words, code in said.items() if words in message), None)

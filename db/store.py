"""One store: opening, migrating, copying, and transactions; the same for a file and for a server.

A store is a SQLite file, or a PostgreSQL database named by its URL. Every store is born by running all migrations; an
older one is copied before it is brought up to date, and a newer one is refused.
"""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta, timezone
from pathlib import Path

from filelock import FileLock
from sqlalchemy import Connection, Engine, make_url
from sqlalchemy.exc import ArgumentError

from db import postgres, sqlite
from db.sqlite import APPLICATION_ID
from db.trouble import StoreProblem, translated

__all__ = ["APPLICATION_ID", "StoreProblem", "translated"]

HEAD = "0002"
"""The newest migration; a test keeps it equal to the newest script."""

KNOWN = ("0001", "0002")
"""Every migration this program can start from."""

NAMES_STAMP = "%Y%m%d-%H%M%S"


@dataclass(frozen=True, slots=True)
class Store:
    """An open store.

    ``path`` is the file, and ``lock`` is held while the file is open for writing. A store on a server has a ``server``
    («peti en 10.0.0.5») and a ``user``, the analyst as the server knows them; what would lie beside the file lies
    beside ``path`` on this PC. ``cut_off``: the program that had the file before ended without closing it. ``reading``:
    nothing can be written, for it was opened so, or because the server lets this user read only.
    """

    engine: Engine
    path: Path
    lock: FileLock | None
    server: str = ""
    user: str = ""
    cut_off: bool = False
    reading: bool = False

    @contextmanager
    def read(self) -> Iterator[Connection]:
        """A connection that sees one state of the store."""
        with translated(self._detail), self.engine.begin() as connection:
            yield connection

    @contextmanager
    def write(self, *, any_version: bool = False) -> Iterator[Connection]:
        """A transaction: all of it is stored when the block ends, or none of it. Others who write wait meanwhile.

        ``any_version`` is for what brings the store up to date. Raises StoreProblem ``reading``.
        """
        if self.reading:
            raise StoreProblem("reading", self.server or str(self.path))
        said = {"peti_write": True, "peti_any_version": any_version}
        with (
            translated(self._detail),
            self.engine.connect().execution_options(**said) as connection,
            connection.begin(),
        ):
            yield connection

    def _detail(self, code: str) -> str:
        """What a problem with this store should name."""
        if self.server:
            return postgres.writer(self.engine) if code == "busy" else self.server
        return sqlite.owner(self.path) if code == "locked" else str(self.path)

    def copy_to(self, target: Path) -> None:
        """A consistent copy of the store as a file, while others go on."""
        if self.server:
            from db.move import save_as_file

            save_as_file(self, target)
        else:
            sqlite.copy(self.path, target)

    @property
    def address(self) -> str:
        """The address of a server's store, without its password; empty for a file."""
        url = self.engine.url.set(drivername="postgresql")._replace(password=None)  # set() lets a None be
        return url.render_as_string() if self.server else ""

    def stamp(self) -> int:
        """A number that tells two states of a file apart (ns); the time of day for a server."""
        return int(datetime.now(UTC).timestamp() * 1e9) if self.server else self.path.stat().st_mtime_ns

    def version(self) -> str | None:
        """The migration it stands at; None when there is nothing yet. Raises StoreProblem ``not_ours``."""
        with self.read() as connection:
            return postgres.version(connection) if self.server else sqlite.version(connection)

    def close(self) -> None:
        """Let go of the connections and of the lock."""
        self.engine.dispose()
        if self.lock is not None:
            sqlite.unlock(self.path, self.lock)


def locate(address: str | Path) -> Path:
    """The file that ``address`` (a path or a ``sqlite:///`` URL) names.

    Raises StoreProblem ``address`` for a URL of another kind.
    """
    text = str(address)
    if "://" not in text:
        return Path(text)
    try:
        url = make_url(text)
    except (ArgumentError, ValueError) as error:  # ValueError: the port is not a number
        raise StoreProblem("address", text.rpartition("@")[2]) from error
    if url.get_backend_name() != "sqlite" or not url.database:
        raise StoreProblem("address", url.render_as_string())
    return Path(url.database)


Fill = Callable[[Connection], None]


def create(address: str | Path, fill: Fill | None = None) -> Store:
    """A new store, with what ``fill`` puts in: all of it or nothing. Raises StoreProblem ``exists``."""
    url = postgres.server_url(address)
    store = _of_file(_vacant(locate(address)), writing=True) if url is None else _of_server(str(address))
    try:
        _bring_up_to_date(store, None, fill)
    except BaseException:
        store.close()
        raise
    return store


def in_memory(version: str = "head") -> Store:
    """A store as the migration ``version`` makes it, gone when it is closed, for the thread that asks for it alone."""
    from db.migrate import upgrade

    store = Store(sqlite.make_engine(Path(":memory:")), Path(":memory:"), None)
    with store.write() as connection:
        upgrade(connection, version)
    return store


def open_store(address: str | Path, *, writing: bool = True) -> Store:
    """An existing store, brought up to date when it is opened for writing. Raises StoreProblem."""
    if postgres.server_url(address) is None:
        path = locate(address)
        if not path.is_file():
            raise StoreProblem("missing", str(path))
        store = _of_file(path, writing=writing)
    else:
        store = _of_server(str(address))
    try:
        _fit(store, store.version(), writing=writing)
    except StoreProblem as problem:
        store.close()
        if problem.code == "read_only" and not writing and sqlite.is_alone(store.path):
            return _of_medium(store.path)
        raise
    except BaseException:
        store.close()
        raise
    closed = store.server and not (writing and _may_write(store))
    return replace(store, reading=True) if closed else store


def _may_write(store: Store) -> bool:
    """Whether the server lets this user write: whoever may not append to the log may change nothing."""
    with store.read() as connection:
        return postgres.allowed(connection, "bitacora", "INSERT")


def _of_medium(path: Path) -> Store:
    """A file where nothing can be written beside it: a disc, somebody else's folder."""
    store = Store(sqlite.make_engine(path, fixed=True), path, None, reading=True)
    try:
        _fit(store, store.version(), writing=False)
    except BaseException:
        store.close()
        raise
    return store


def _vacant(path: Path) -> Path:
    if path.exists():
        raise StoreProblem("exists", str(path))
    with translated():
        path.parent.mkdir(parents=True, exist_ok=True)
    return path


def _of_file(path: Path, *, writing: bool) -> Store:
    with translated():
        left = writing and sqlite.left_open(path)
        lock = sqlite.lock(path) if writing else None
    return Store(sqlite.make_engine(path, reading=not writing), path, lock, cut_off=left, reading=not writing)


def _of_server(address: str) -> Store:
    url = postgres.server_url(address)
    assert url is not None
    engine = postgres.make_engine(url, HEAD)
    return Store(engine, postgres.place_of(url), None, postgres.name_of(url), postgres.user_of(url))


def _fit(store: Store, found: str | None, *, writing: bool) -> None:
    """Make the store one that this program can work with, or say why it is not."""
    if found == HEAD:
        if writing and not store.server:
            with translated():
                sqlite.write_ahead(store.path)
        return
    if found is not None and found not in KNOWN:
        raise StoreProblem("newer", found)
    if found is None:  # for SQLite an empty file is a database too, but it is not one of ours
        raise StoreProblem("empty", store.server) if store.server else StoreProblem("not_ours", str(store.path))
    if not writing:
        raise StoreProblem("older", found)
    store.copy_to(room_of_copies(store.path) / copy_name(datetime.now(UTC), "antes-de-actualizar"))
    _bring_up_to_date(store, found)


def _bring_up_to_date(store: Store, found: str | None, fill: Fill | None = None) -> None:
    from db.migrate import upgrade

    side = postgres if store.server else sqlite
    if not store.server:
        with translated():
            sqlite.write_ahead(store.path)
    with store.write(any_version=True) as connection:
        if side.version(connection) != found:
            # On a server two may begin at once; the one who was first has done it.
            raise StoreProblem("exists" if found is None else "newer", store.server)
        side.claim(connection)
        upgrade(connection)
        if fill is not None:
            fill(connection)


def room_of_copies(path: Path) -> Path:
    """The folder beside a store where its copies are."""
    return path.with_name(f"{path.stem}_copias")


def copy_name(when: datetime, reason: str) -> str:
    """The name of a copy: when it was made, as people in Colombia tell the time, and why (a word without blanks)."""
    return f"{when.astimezone(timezone(timedelta(hours=-5))):{NAMES_STAMP}}_{reason}.sqlite"

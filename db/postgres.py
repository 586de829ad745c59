"""A store in a PostgreSQL database, for several analysts at once.

Writers queue up, one transaction after the other, by an advisory lock: whatever holds on a file, where there is one
writer, holds here (references without gaps, a whole chain in the log, what was previewed is what is stored). Readers
never wait. A transaction that is cut off is undone by the server.
"""

import getpass
import platform
import unicodedata
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import platformdirs
from sqlalchemy import URL, Connection, Engine, create_engine, event, make_url, text
from sqlalchemy.exc import ArgumentError, SQLAlchemyError

from db.trouble import StoreProblem, translated

LOCK = 0x50455449  # «PETI»: the number of the lock, which is the database's own
UPKEEP = LOCK + 1
"""Held by the one program that makes an index for all: one at a time does it."""
LOCK_SECONDS = 30
"""How long a writer waits for the one before."""

CONNECT_SECONDS = 10
IDLE_SECONDS = 600
"""A transaction in which nothing was asked for so long is ended: its PC fell asleep, and others wait."""

_NAME = "peti: "


def server_url(address: str | Path) -> URL | None:
    """The address of a server, with its driver; None for anything else (a path, another kind of URL)."""
    words = str(address)
    if "://" not in words:
        return None
    try:
        url = make_url(words)
    except (ArgumentError, ValueError):  # ValueError: the port is not a number
        return None
    if url.drivername not in {"postgresql", "postgresql+psycopg"}:
        return None
    if not url.host or not url.database:
        raise StoreProblem("address", url.render_as_string())
    return url.set(drivername="postgresql+psycopg")


def name_of(url: URL) -> str:
    """What people call the store: database and server, never a password."""
    port = "" if url.port in {None, 5432} else f":{url.port}"
    return f"{url.database} en {url.host}{port}"


def user_of(url: URL) -> str:
    """The role that works: the server knows each analyst by it."""
    return url.username or getpass.getuser()


def place_of(url: URL) -> Path:
    """A path on this PC for what lies beside a file store, such as its copies; nothing is at the path itself."""
    folder = platformdirs.user_data_path("Peti Desktop", appauthor=False) / "servidores"
    host = "".join(c if c.isalnum() or c in ".-" else "_" for c in str(url.host))
    base = "".join(c if c.isalnum() or c in ".-" else "_" for c in str(url.database))
    return folder / f"{base}_{host}_{url.port or 5432}.servidor"


def make_engine(url: URL, expected: str) -> Engine:
    """Connections to the server. Those that write wait their turn; a store that is not at ``expected`` refuses them."""
    options = [
        str(url.query.get("options", "")),
        f"-c lock_timeout={LOCK_SECONDS * 1000}",
        f"-c idle_in_transaction_session_timeout={IDLE_SECONDS * 1000}",
        # Compiling a query costs more than it saves here, and a store just filled, not yet analysed, invites it.
        "-c jit=off",
        # What a search of a million rows finds is noted row by row; in the usual 4 MB it is noted by pages, and every
        # word of each page is read again.
        "-c work_mem=32MB",
        # The server lets go of the lock of a PC that was switched off within a minute.
        "-c tcp_keepalives_idle=30 -c tcp_keepalives_interval=10 -c tcp_keepalives_count=3",
    ]
    engine = create_engine(
        url,
        pool_pre_ping=True,  # after a night the server may have been started anew
        connect_args={
            "connect_timeout": CONNECT_SECONDS,
            "application_name": _application_name(url),
            "options": " ".join(filter(None, options)),
            "keepalives_idle": 30,
            "keepalives_interval": 10,
            "keepalives_count": 3,
        },
    )

    @event.listens_for(engine, "begin")
    def _begin(connection: Connection) -> None:
        said = connection.get_execution_options()
        if said.get("peti_upkeep"):
            return
        if not said.get("peti_write"):
            connection.exec_driver_sql("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ, READ ONLY")
            return
        # Every statement after the lock sees what the writer before has stored: READ COMMITTED, PostgreSQL's own level.
        connection.exec_driver_sql(f"SELECT pg_advisory_xact_lock({LOCK})")
        if not said.get("peti_any_version"):
            _refuse_other_version(connection, expected)

    return engine


@contextmanager
def upkeep(engine: Engine) -> Iterator[Connection | None]:
    """A connection outside of any transaction, for what may take minutes; None while another program has one."""
    options = {"isolation_level": "AUTOCOMMIT", "peti_upkeep": True}
    with translated(), engine.connect().execution_options(**options) as connection:
        if not connection.exec_driver_sql(f"SELECT pg_try_advisory_lock({UPKEEP})").scalar():
            yield None
            return
        try:
            connection.exec_driver_sql(
                "SET lock_timeout = 0"
            )  # transactions under way may be long; nobody waits for us
            connection.exec_driver_sql("SET maintenance_work_mem = '256MB'")
            yield connection
        finally:
            connection.detach()  # closed, not given back: lock and settings end with it


def _refuse_other_version(connection: Connection, expected: str) -> None:
    """A colleague with a newer program may bring the store up to date while this one has it open."""
    found = connection.exec_driver_sql("SELECT version_num FROM alembic_version").scalar()
    if found != expected:
        raise StoreProblem("newer", str(found))


def version(connection: Connection) -> str | None:
    """The migration the database stands at; None for one without any table. Raises StoreProblem ``not_ours``."""
    # Not from information_schema, which hides tables that this role may not read.
    tables = "SELECT tablename FROM pg_catalog.pg_tables WHERE schemaname = current_schema()"
    names = set(connection.exec_driver_sql(tables).scalars())
    if not names:
        return None
    if not {"alembic_version", "espacio", "bitacora"} <= names:
        raise StoreProblem("not_ours")
    return str(connection.exec_driver_sql("SELECT version_num FROM alembic_version").scalar())


def allowed(connection: Connection, table: str, what: str) -> bool:
    """Whether this role may do ``what`` (SELECT, INSERT, UPDATE, DELETE) with a table."""
    query = text("SELECT has_table_privilege(current_user, quote_ident(:table), :what)")
    return bool(connection.execute(query, {"table": table, "what": what}).scalar())


def claim(connection: Connection) -> None:
    """Refuse a database that could not hold every text."""
    encoding = connection.exec_driver_sql("SHOW server_encoding").scalar()
    if encoding != "UTF8":
        raise StoreProblem("encoding", str(encoding))


def writer(engine: Engine) -> str:
    """Who stores something at this moment, as «person en machine»; empty when nobody does."""
    query = text(
        "SELECT a.application_name FROM pg_locks l JOIN pg_stat_activity a USING (pid) "
        "WHERE l.locktype = 'advisory' AND l.granted AND l.classid = 0 AND l.objid = :lock "
        "AND a.datname = current_database()"
    )
    try:
        with engine.connect() as connection:
            said = connection.execute(query, {"lock": LOCK}).scalar() or ""
    except SQLAlchemyError:  # it is asked to say more about another trouble, which comes first
        return ""
    return str(said).removeprefix(_NAME)


def _application_name(url: URL) -> str:
    """«peti: ana en PC-3», in the 63 plain letters that PostgreSQL keeps of it."""
    words = f"{_NAME}{user_of(url)} en {platform.node()}"
    plain = unicodedata.normalize("NFKD", words).encode("ascii", "ignore").decode("ascii")
    return plain[:63]

"""What holds for every test: no screen, no settings or data of the person who runs it, and a server when asked for."""

import itertools
import os
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

import psycopg
import pytest

# Before Qt is imported anywhere: it reads the platform once.
os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")


@pytest.fixture(autouse=True)
def _home_is_elsewhere(tmp_path_factory: pytest.TempPathFactory, monkeypatch: pytest.MonkeyPatch) -> None:
    """Point every place where a program keeps a person's files at an empty folder."""
    home = tmp_path_factory.mktemp("home")
    for name in ("HOME", "USERPROFILE", "APPDATA", "LOCALAPPDATA"):
        monkeypatch.setenv(name, str(home))
    for name in ("XDG_DATA_HOME", "XDG_CONFIG_HOME", "XDG_CACHE_HOME", "XDG_STATE_HOME"):
        monkeypatch.setenv(name, str(home / name.lower()))


@pytest.fixture
def root() -> Path:
    """The checkout's folder, for tests about the house itself."""
    return Path(__file__).resolve().parent.parent


@dataclass
class Server:
    """A PostgreSQL server as the README asks for it: ``ana`` and ``luis`` work as the role that owns the data."""

    port: int
    password: str
    numbers: Iterator[int] = field(default_factory=itertools.count)
    made: list[str] = field(default_factory=list)

    def address(self, database: str, user: str = "ana") -> str:
        return f"postgresql://{user}:{self.password}@127.0.0.1:{self.port}/{database}"

    def database(self, options: str = "") -> str:
        """The address of a new, empty database."""
        name = f"peti_{next(self.numbers)}"
        self.run(f"CREATE DATABASE {name} OWNER oficina TEMPLATE template0 {options}")
        self.made.append(name)
        return self.address(name)

    def run(self, sql: str, database: str = "postgres") -> list[tuple[object, ...]]:
        """Say something to the server as its owner."""
        with psycopg.connect(self.address(database, "dueno"), autocommit=True) as connection:
            said = connection.execute(sql.encode())
            return said.fetchall() if said.description else []


@pytest.fixture
def server(_server: Server) -> Iterator[Server]:
    """The server of these tests; a test's databases go with it."""
    yield _server
    while _server.made:
        _server.run(f"DROP DATABASE {_server.made.pop()} WITH (FORCE)")


@pytest.fixture(scope="session")
def _server() -> Iterator[Server]:
    """A server on a free port that is gone afterwards."""
    tools = _server_tools()
    if tools is None:
        assert not os.environ.get("CI"), "the PostgreSQL server is not installed (Debian: postgresql)"
        pytest.skip("no PostgreSQL server here (Debian: apt-get install postgresql)")
    folder = Path(tempfile.mkdtemp(prefix="peti-pg-"))
    try:
        yield from _running(tools, folder)
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def _server_tools() -> Path | None:
    found = sorted(Path("/usr/lib/postgresql").glob("*/bin/initdb"), key=lambda path: float(path.parts[-3]))
    named = shutil.which("initdb")
    return found[-1].parent if found else Path(named).parent if named else None


def _running(tools: Path, folder: Path) -> Iterator[Server]:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    server, data, words = Server(port, "clave-de-prueba"), folder / "data", folder / "words"
    words.write_text(server.password, encoding="utf-8")
    # A server refuses to run as root; Debian's package brings a user for it. It ends with these tests, killed or not.
    above: list[str] = ["setpriv", "--pdeathsig=QUIT"] if sys.platform == "linux" else []
    if os.name == "posix" and os.geteuid() == 0:
        above += ["--reuid=postgres", "--regid=postgres", "--clear-groups"]
        for path in (folder, words):
            shutil.chown(path, "postgres", "postgres")
    subprocess.run(
        [
            *above, str(tools / "initdb"), "-D", str(data), "--username=dueno", f"--pwfile={words}", "--no-sync",
            "--auth=scram-sha-256", "--encoding=UTF8", "--locale=C",
        ],
        cwd=folder, capture_output=True, check=True, timeout=120,
    )  # fmt: skip
    quick = ["fsync=off", "full_page_writes=off", "synchronous_commit=off", "max_connections=40"]
    options = [word for setting in ("listen_addresses=127.0.0.1", *quick) for word in ("-c", setting)]
    command = [*above, str(tools / "postgres"), "-D", str(data), "-p", str(port), "-k", str(folder), *options]
    with (folder / "log").open("wb") as log, subprocess.Popen(command, cwd=folder, stdout=log, stderr=log) as process:
        try:
            _wait_for(server, process, folder / "log")
            server.run("CREATE ROLE oficina")
            for name in ("ana", "luis"):
                server.run(f"CREATE ROLE {name} LOGIN PASSWORD '{server.password}' IN ROLE oficina")
                server.run(f"ALTER ROLE {name} SET role = 'oficina'")
            yield server
        finally:
            process.send_signal(getattr(signal, "SIGQUIT", signal.SIGTERM))


def _wait_for(server: Server, process: subprocess.Popen[bytes], log: Path) -> None:
    deadline = time.monotonic() + 60
    while True:
        try:
            server.run("SELECT 1")
        except psycopg.OperationalError:
            assert process.poll() is None, log.read_text(encoding="utf-8")
            assert time.monotonic() < deadline
            time.sleep(0.05)
        else:
            return


@pytest.fixture(params=["sqlite", "postgresql"])
def address(request: pytest.FixtureRequest, tmp_path: Path) -> str:
    """Where a test may make a store: a file, and once more in a new database of a server."""
    if request.param == "sqlite":
        return str(tmp_path / "a.sqlite")
    server: Server = request.getfixturevalue("server")
    return server.database()

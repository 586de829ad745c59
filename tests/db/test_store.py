"""A store is born by migrations, upgraded after a copy, locked while open, and refuses what it cannot hold."""

import gzip
import sqlite3
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from datetime import UTC, datetime
from decimal import Decimal
from pathlib import Path, PurePosixPath, PureWindowsPath

import pytest
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import insert, inspect, select

from db import sqlite
from db import store as stores
from db.migrate import config
from db.schema import RECORDS, TECHNICAL, espacio, metadata, necesidad
from db.store import StoreProblem
from peti_desktop.records import EVERY, NO_APLICA
from peti_desktop.workspace import Workspace


def test_newest_migration_is_the_one_the_store_expects() -> None:
    script = ScriptDirectory.from_config(config())

    assert script.get_current_head() == stores.HEAD
    assert {found.revision for found in script.walk_revisions()} == set(stores.KNOWN)


RELEASED = sorted(Path(__file__).with_name("released").glob("*.sqlite.gz"))
"""A store as each released program left it, with a record of every type, drafts and a retired one."""


@pytest.mark.parametrize("packed", RELEASED, ids=lambda packed: packed.name[:4])
def test_store_of_a_released_program_goes_on(packed: Path, tmp_path: Path) -> None:
    path = tmp_path / "datos.sqlite"
    path.write_bytes(gzip.decompress(packed.read_bytes()))

    with Workspace.open(path) as ws:
        with ws.read() as connection:
            assert compare_metadata(MigrationContext.configure(connection), metadata) == []
        (device,) = ws.records("equipo")
        assert (device.values["placa"], device.values["anio"]) == ("00123", 2019)
        assert device.drafts == {"anio": "dos mil"}
        (need,) = ws.records("necesidad")
        assert need.values["valor_total"] == Decimal("700001.00")
        assert need.values["unspsc"] is NO_APLICA
        assert ws.history(need.uid)[-1].after == "Se pierden los datos"
        assert len(ws.records("equipo", retired=True)) == 1
        ws.put("equipo", device.uid, {"anio": "2020", "fuente": "Inventario 2026"})
        assert ws.record("equipo", device.uid).values["fuente"] == "Inventario 2026"


def test_every_released_schema_has_its_store() -> None:
    assert [packed.name[:4] for packed in RELEASED] == list(stores.KNOWN[:-1])


def test_migrations_make_the_tables_of_the_models(address: str) -> None:
    store = stores.create(address)

    with store.read() as connection:
        differences = compare_metadata(MigrationContext.configure(connection), metadata)

    assert differences == []
    store.close()


@pytest.mark.parametrize("name", EVERY)
def test_table_and_description_are_tied(name: str) -> None:
    columns = set(RECORDS[name].columns.keys())

    assert columns == {field.name for field in EVERY[name].fields} | set(TECHNICAL)


def test_amounts_and_moments_come_back_exactly(address: str) -> None:
    store = stores.create(address)
    when = datetime(2026, 11, 22, 15, 4, 5, 123000, tzinfo=UTC)
    row = {
        "uid": "u", "dependencia": "SALUD", "revision": 1, "ejemplo": False, "no_aplica": "", "creado_en": when,
        "creado_por": "", "cambiado_en": when, "cambiado_por": "", "valor_unitario": Decimal("1234567890123.45"),
    }  # fmt: skip

    with store.write() as connection:
        connection.execute(insert(necesidad).values(**row))
    with store.read() as connection:
        found = connection.execute(select(necesidad)).mappings().one()

    assert (found["valor_unitario"], found["creado_en"]) == (Decimal("1234567890123.45"), when)
    store.close()


def test_failed_transaction_leaves_nothing(address: str) -> None:
    store = stores.create(address)

    def fail() -> None:
        with store.write() as connection:
            connection.execute(insert(espacio).values(clave="a", valor="b"))
            raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        fail()

    with store.read() as connection:
        assert connection.execute(select(espacio)).all() == []
    store.close()


def test_second_opener_is_told_who_has_it(tmp_path: Path) -> None:
    store = stores.create(tmp_path / "a.sqlite")

    with pytest.raises(StoreProblem) as caught:
        stores.open_store(tmp_path / "a.sqlite")

    assert caught.value.code == "locked"
    assert " en " in caught.value.detail
    store.close()
    stores.open_store(tmp_path / "a.sqlite").close()


@pytest.mark.parametrize("error", [KeyError("uid not found"), OSError("no home")])
def test_account_without_a_name_may_open(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, error: Exception) -> None:
    def nameless() -> str:
        raise error

    monkeypatch.setattr("getpass.getuser", nameless)
    store = stores.create(tmp_path / "a.sqlite")

    assert sqlite.owner(tmp_path / "a.sqlite").startswith("alguien en ")
    store.close()


def test_lock_is_free_when_nobody_can_say_who_has_it(tmp_path: Path) -> None:
    stores.create(tmp_path / "a.sqlite").close()
    (tmp_path / ".a.sqlite.abierto").mkdir()
    with pytest.raises((OSError, StoreProblem), match="abierto"):  # Windows calls a folder in the way forbidden
        stores.open_store(tmp_path / "a.sqlite")
    (tmp_path / ".a.sqlite.abierto").rmdir()

    stores.open_store(tmp_path / "a.sqlite").close()


def test_folder_that_is_a_file_is_told(tmp_path: Path) -> None:
    (tmp_path / "tesis").write_bytes(b"")

    for path in (tmp_path / "tesis" / "a.sqlite", tmp_path / "tesis" / "b" / "a.sqlite"):
        with pytest.raises(StoreProblem, match="read_only"):
            stores.create(path)


def test_store_on_a_share_of_the_network_has_an_address_sqlite_takes() -> None:
    """SQLite refuses a host in the address: «invalid uri authority»."""
    assert sqlite.uri(PureWindowsPath(r"\\servidor\peti\año.sqlite")) == "file:////servidor/peti/a%C3%B1o.sqlite"
    assert sqlite.uri(PureWindowsPath(r"D:\peti.sqlite")) == "file:///D:/peti.sqlite"
    assert sqlite.uri(PurePosixPath("/mnt/peti.sqlite")) == "file:///mnt/peti.sqlite"


def test_readers_need_no_lock(tmp_path: Path) -> None:
    store = stores.create(tmp_path / "a.sqlite")

    stores.open_store(tmp_path / "a.sqlite", writing=False).close()

    store.close()


@pytest.mark.parametrize(
    ("content", "code"),
    [
        (b"", "not_ours"),
        (b"this is not a database, not at all" * 50, "not_ours"),
        (b"SQLite format 3\0" + b"\0" * 900, "damaged"),
    ],
)
@pytest.mark.parametrize("writing", [False, True])
def test_alien_files_are_refused_and_stay_as_they_are(tmp_path: Path, content: bytes, code: str, writing: bool) -> None:
    path = tmp_path / "alien.sqlite"
    path.write_bytes(content)

    with pytest.raises(StoreProblem) as caught:
        stores.open_store(path, writing=writing)

    assert caught.value.code in {code, "not_ours"}
    assert path.read_bytes() == content


def test_other_peoples_sqlite_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "other.sqlite"
    with closing(sqlite3.connect(path)) as connection:
        connection.execute("CREATE TABLE alembic_version (version_num TEXT)")

    with pytest.raises(StoreProblem, match="not_ours"):
        stores.open_store(path)


def test_newer_store_is_refused(address: str) -> None:
    store = stores.create(address)
    with store.write() as connection:
        connection.exec_driver_sql("UPDATE alembic_version SET version_num = '9999'")
    store.close()

    with pytest.raises(StoreProblem, match="newer"):
        stores.open_store(address)


def test_older_store_is_copied_before_it_is_upgraded(address: str, monkeypatch: pytest.MonkeyPatch) -> None:
    store = stores.create(address)
    with store.write() as connection:
        connection.execute(insert(espacio).values(clave="a", valor="b"))
    store.close()
    monkeypatch.setattr(stores, "HEAD", "9000")

    stores.open_store(address).close()

    copies = list(stores.room_of_copies(store.path).glob("*_antes-de-actualizar.sqlite"))
    assert len(copies) == 1
    with closing(sqlite3.connect(copies[0])) as connection:
        assert connection.execute("SELECT clave, valor FROM espacio").fetchall() == [("a", "b")]


def test_failing_migration_leaves_no_trace(address: str, monkeypatch: pytest.MonkeyPatch) -> None:
    stores.create(address).close()
    before = _tables(address)

    def halfway(connection: object) -> None:
        connection.exec_driver_sql("CREATE TABLE half (a integer)")  # type: ignore[attr-defined]
        raise RuntimeError("power failed")

    with monkeypatch.context() as newer:
        newer.setattr(stores, "HEAD", "9000")
        newer.setattr("db.migrate.upgrade", halfway)
        with pytest.raises(RuntimeError, match="power failed"):
            stores.open_store(address)

    assert _tables(address) == before


def test_file_alone_holds_what_was_committed(tmp_path: Path) -> None:
    """People copy the .sqlite to a USB stick while the program is open."""
    store = stores.create(tmp_path / "a.sqlite")
    with store.write() as connection:
        connection.execute(insert(espacio).values(clave="a", valor="b"))

    (tmp_path / "copy.sqlite").write_bytes((tmp_path / "a.sqlite").read_bytes())

    with closing(sqlite3.connect(tmp_path / "copy.sqlite")) as connection:
        assert connection.execute("SELECT clave, valor FROM espacio").fetchall() == [("a", "b")]
    store.close()


def test_missing_file(tmp_path: Path) -> None:
    with pytest.raises(StoreProblem, match="missing"):
        stores.open_store(tmp_path / "no.sqlite")
    assert not (tmp_path / "no.sqlite").exists()


def test_a_store_is_made_once(address: str) -> None:
    stores.create(address).close()

    with pytest.raises(StoreProblem, match="exists"):
        stores.create(address)


@pytest.mark.parametrize(
    "address",
    [
        "postgresql://server",
        "postgresql+pg8000://server/db",
        "postgresql://server:x/db",
        "sqlite://",
        "mysql+x://a/b",
        "a://",
    ],
)
def test_other_addresses_are_refused(address: str) -> None:
    with pytest.raises(StoreProblem, match="address"):
        stores.open_store(address)


def test_sqlite_address_names_a_file(tmp_path: Path) -> None:
    stores.create(tmp_path / "a.sqlite").close()

    stores.open_store(f"sqlite:///{tmp_path / 'a.sqlite'}").close()


def _tables(address: str) -> dict[str, list[str]]:
    """Each table and its columns, also those the program does not know."""
    with closing(stores.open_store(address)) as store, store.read() as connection:
        found = inspect(connection)
        return {name: [column["name"] for column in found.get_columns(name)] for name in found.get_table_names()}


def test_lock_taken_on_one_thread_is_let_go_on_another(tmp_path: Path) -> None:
    stores.create(tmp_path / "a.sqlite").close()
    with ThreadPoolExecutor(1) as other:
        store = other.submit(stores.open_store, tmp_path / "a.sqlite").result()

    store.close()

    stores.open_store(tmp_path / "a.sqlite").close()

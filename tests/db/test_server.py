"""A store on a server: what is said when it cannot be used, who waits for whom, and nothing half done."""

import os
import platform
import threading
import time
from collections.abc import Iterator
from contextlib import closing
from typing import TYPE_CHECKING

import pytest
from sqlalchemy import insert, select

from db import postgres
from db import store as stores
from db.schema import espacio
from db.store import Store, StoreProblem

if TYPE_CHECKING:
    from tests.conftest import Server


@pytest.fixture
def address(server: "Server") -> str:
    return server.database()


@pytest.fixture
def store(address: str) -> Iterator[Store]:
    with closing(stores.create(address)) as made:
        yield made


def _problem(address: str) -> StoreProblem:
    with pytest.raises(StoreProblem) as caught:
        stores.open_store(address)
    assert "clave-de-prueba" not in str(caught.value)
    return caught.value


def test_what_is_wrong_with_a_server_is_told_apart(server: "Server", address: str) -> None:
    port = f":{server.port}/"
    codes = {
        address: "empty",
        address.replace("clave-de-prueba", "otra"): "password",
        address.replace(":clave-de-prueba", ""): "password",
        address.replace("ana", "nadie"): "password",
        address.replace("peti_", "otra_"): "no_database",
        address.replace(port, ":1/"): "unreachable",
        address.replace("127.0.0.1", "no-such-host.invalid"): "unreachable",
    }

    assert {asked: _problem(asked).code for asked in codes} == codes


def test_password_is_taken_from_the_environment(
    server: "Server", address: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PGPASSWORD", server.password)

    stores.create(address.replace(f":{server.password}", "")).close()


def test_driver_may_be_named(address: str) -> None:
    stores.create(address.replace("postgresql:", "postgresql+psycopg:")).close()

    stores.open_store(address).close()


def test_database_of_another_program_is_refused(server: "Server", address: str) -> None:
    server.run("CREATE TABLE facturas (id integer)", address.rpartition("/")[2])

    assert _problem(address).code == "not_ours"
    with pytest.raises(StoreProblem, match="not_ours"):
        stores.create(address)


def test_database_without_every_letter_is_refused(server: "Server") -> None:
    with pytest.raises(StoreProblem, match="encoding: LATIN1"):
        stores.create(server.database("ENCODING 'LATIN1' LOCALE 'C'"))


def test_role_without_permission_is_told(server: "Server", address: str) -> None:
    server.run("CREATE ROLE visita LOGIN PASSWORD 'clave-de-prueba'")
    stores.create(address).close()
    try:
        assert _problem(address.replace("ana", "visita")).code == "forbidden"
    finally:
        server.run("DROP ROLE visita")


def test_name_of_a_server_carries_no_password(store: Store) -> None:
    assert store.server.startswith("peti_")
    assert "clave" not in repr(store)
    assert store.user == "ana"


def test_writers_wait_for_each_other_and_readers_do_not(store: Store, address: str) -> None:
    done: list[str] = []

    def second() -> None:
        with closing(stores.open_store(address)) as other, other.write() as connection:
            found = connection.execute(select(espacio.c.valor)).scalars().all()
            done.append(f"second saw {found}")

    with store.write() as connection:
        connection.execute(insert(espacio).values(clave="a", valor="first"))
        waiting = threading.Thread(target=second)
        waiting.start()
        with closing(stores.open_store(address)) as third, third.read() as reading:
            done.append(f"reader saw {reading.execute(select(espacio.c.valor)).scalars().all()}")
    waiting.join()

    assert done == ["reader saw []", "second saw ['first']"]


def test_who_waits_in_vain_is_told_for_whom(
    store: Store, address: str, monkeypatch: pytest.MonkeyPatch, server: "Server"
) -> None:
    monkeypatch.setattr(postgres, "LOCK_SECONDS", 0.2)
    luis = stores.open_store(server.address(address.rpartition("/")[2], "luis"))
    with closing(luis), store.write(), pytest.raises(StoreProblem) as caught, luis.write():
        pass

    assert (caught.value.code, caught.value.detail) == ("busy", f"ana en {platform.node()}"[:57])


def test_reader_sees_one_state(store: Store, address: str) -> None:
    with store.read() as reading:
        before = reading.execute(select(espacio)).all()
        with closing(stores.open_store(address)) as other, other.write() as connection:
            connection.execute(insert(espacio).values(clave="a", valor="b"))

        assert reading.execute(select(espacio)).all() == before == []


def test_connection_that_ends_in_the_middle_leaves_nothing(store: Store, server: "Server") -> None:
    def write() -> None:
        with store.write() as connection:
            connection.execute(insert(espacio).values(clave="a", valor="b"))
            _cut_off(server, store)
            connection.execute(insert(espacio).values(clave="c", valor="d"))

    with pytest.raises(StoreProblem, match="lost"):
        write()

    with store.read() as connection:
        assert connection.execute(select(espacio)).all() == []


def test_connection_that_ends_at_the_last_moment_leaves_nothing(store: Store, server: "Server") -> None:
    def write() -> None:
        with store.write() as connection:
            connection.execute(insert(espacio).values(clave="a", valor="b"))
            _cut_off(server, store)

    with pytest.raises(StoreProblem, match="lost"):
        write()

    with store.read() as connection:
        assert connection.execute(select(espacio)).all() == []


def test_server_that_was_started_anew_overnight_is_found_again(store: Store, server: "Server") -> None:
    with store.read():
        pass
    _cut_off(server, store)

    with store.write() as connection:
        connection.execute(insert(espacio).values(clave="a", valor="b"))


def test_colleague_with_a_newer_program_stops_the_older_one(store: Store, server: "Server") -> None:
    server.run("UPDATE alembic_version SET version_num = '9999'", str(store.engine.url.database))

    with pytest.raises(StoreProblem, match="newer"), store.write():
        pass


def test_question_that_takes_too_long_is_told(store: Store) -> None:
    slow = "SELECT set_config('statement_timeout', '50', true); SELECT pg_sleep(5)"
    with pytest.raises(StoreProblem, match="slow"), store.read() as connection:
        connection.exec_driver_sql(slow)


def test_text_too_long_for_an_index_is_told(store: Store) -> None:
    with pytest.raises(StoreProblem, match="too_long"), store.write() as connection:
        # Random, or it would be compressed to fit.
        connection.execute(insert(espacio).values(clave=os.urandom(5000).hex(), valor=""))


def test_two_who_begin_at_once_make_one_store(address: str) -> None:
    ends: list[str] = []

    def begin() -> None:
        try:
            stores.create(address).close()
            ends.append("made")
        except StoreProblem as problem:
            ends.append(problem.code)

    both = [threading.Thread(target=begin) for _ in range(2)]
    for thread in both:
        thread.start()
    for thread in both:
        thread.join()

    assert sorted(ends) == ["exists", "made"]


def _cut_off(server: "Server", store: Store) -> None:
    """End every connection of the store's database, as a restart of the server would."""
    name = store.engine.url.database
    server.run(f"SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = '{name}' AND usename = 'ana'")
    deadline = time.monotonic() + 10
    while server.run(f"SELECT 1 FROM pg_stat_activity WHERE datname = '{name}' AND usename = 'ana'"):
        assert time.monotonic() < deadline
        time.sleep(0.01)

"""A whole store goes to a server and back, and is the same."""

import sqlite3
from contextlib import closing
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
from sqlalchemy import insert, select

from db import store as stores
from db.move import move
from db.schema import RECORDS, bitacora, entrega_recibida, espacio, metadata
from db.store import StoreProblem

if TYPE_CHECKING:
    from tests.conftest import Server

NOON = datetime(2026, 11, 22, 17, 0, tzinfo=UTC)


@pytest.fixture
def filled(tmp_path: Path) -> Path:
    path = tmp_path / "oficina.sqlite"
    with closing(stores.create(path)) as store, store.write() as connection:
        connection.execute(insert(espacio).values(clave="entidad", valor="Cúcuta «Ñ» 🙂"))
        for name, table in RECORDS.items():
            connection.execute(insert(table), [_row(name, number) for number in range(1500)])
        for number in range(3):
            entry = {"cuando": NOON, "quien": "Ana", "accion": "x", "detalle": "", "previo": "", "sello": str(number)}
            connection.execute(insert(bitacora).values(**entry))
        connection.execute(insert(entrega_recibida).values(**_received()))
    return path


def _row(name: str, number: int) -> dict[str, Any]:
    return {
        "uid": f"{name}-{number:05}", "dependencia": "SALUD", "revision": 1, "ejemplo": bool(number % 2),
        "no_aplica": "", "creado_en": NOON, "creado_por": "Ana", "cambiado_en": NOON, "cambiado_por": "Ana",
        "retirado": "línea\notra" if number % 3 else None,
    }  # fmt: skip


def _received() -> dict[str, Any]:
    texts = dict.fromkeys(("nombre", "dependencia", "codigo", "firmante", "huella", "veredicto", "estado"), "x")
    numbers = {"vigencia": 2026, "numero": 1, "firmada_en": NOON, "recibida_en": NOON}
    return texts | numbers | {"sha256": "0", "motivos": "[]", "conteos": "{}", "contenido": bytes(range(256)) * 99}


def _everything(address: str | Path) -> dict[str, list[Any]]:
    with closing(stores.open_store(address, writing=False)) as store, store.read() as connection:
        return {
            name: [tuple(row) for row in connection.execute(select(table).order_by(*table.primary_key))]
            for name, table in metadata.tables.items()
        }


def test_there_and_back_again(server: "Server", filled: Path, tmp_path: Path) -> None:
    there, back = server.database(), tmp_path / "vuelta.sqlite"
    before = _everything(filled)

    counts = move(filled, there)
    move(there, back)

    assert counts["riesgo"] == 1500
    assert _everything(there) == before
    assert _everything(back) == before
    assert _everything(filled) == before
    with closing(sqlite3.connect(back)) as connection:
        assert connection.execute("PRAGMA integrity_check").fetchone() == ("ok",)
    stores.open_store(back).close()


def test_numbers_go_on_after_a_move(server: "Server", filled: Path) -> None:
    there = server.database()
    move(filled, there)

    with closing(stores.open_store(there)) as store, store.write() as connection:
        entry = {"cuando": NOON, "quien": "Ana", "accion": "x", "detalle": "", "previo": "", "sello": ""}
        connection.execute(insert(bitacora).values(**entry))
        numbers = connection.execute(select(bitacora.c.id).order_by(bitacora.c.id)).scalars().all()

    assert numbers == [1, 2, 3, 4]


def test_file_goes_to_a_file(filled: Path, tmp_path: Path) -> None:
    move(filled, tmp_path / "otra.sqlite")

    assert _everything(tmp_path / "otra.sqlite") == _everything(filled)


@pytest.mark.parametrize("kind", ["file", "server"])
def test_move_that_is_stopped_leaves_nothing(
    request: pytest.FixtureRequest, filled: Path, tmp_path: Path, kind: str
) -> None:
    there = tmp_path / "otra.sqlite" if kind == "file" else request.getfixturevalue("server").database()

    def stop(done: int, total: int, table: str) -> None:
        assert total > 10000
        if done > 3000:
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        move(filled, there, stop)

    with pytest.raises(StoreProblem, match=r"missing|empty"):
        stores.open_store(there)
    assert sorted(path.name for path in tmp_path.glob("otra*")) == []
    move(filled, there)


def test_nothing_is_written_over(server: "Server", filled: Path, tmp_path: Path) -> None:
    there = server.database()
    move(filled, there)

    for target in (there, filled):
        with pytest.raises(StoreProblem, match="exists"):
            move(tmp_path / "oficina.sqlite", target)


def test_file_that_somebody_has_open_does_not_move(server: "Server", filled: Path) -> None:
    with closing(stores.open_store(filled)), pytest.raises(StoreProblem, match="locked"):
        move(filled, server.database())

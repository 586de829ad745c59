"""An office's store, on each kind of store, and short ways to put records of several dependencias into it."""

from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from decimal import Decimal

import pytest

from db.queries import records as rows
from peti_desktop.records import Value
from peti_desktop.workspace import Workspace

NOON = datetime(2026, 3, 2, 17, 0, tzinfo=UTC)

Add = Callable[..., str]


def opened(address: str) -> Workspace:
    """A new store of the office whose clock moves on by a second each time it is asked."""
    ticks = iter(range(10**9))
    return Workspace.create(
        address,
        perfil="oficina",
        dependencia="TIC",
        nombre="Olga Ríos",
        cargo="Jefe",
        vigencia=2026,
        clock=lambda: NOON + timedelta(seconds=next(ticks)),
    )


@pytest.fixture
def ws(address: str) -> Iterator[Workspace]:
    with opened(address) as made:
        yield made


@pytest.fixture
def office(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Workspace]:
    """The same in a file alone, for what does not ask the store anything of its own."""
    with opened(str(tmp_path_factory.mktemp("tienda") / "oficina.sqlite")) as made:
        yield made


@pytest.fixture
def add(ws: Workspace) -> Add:
    return adder(ws)


def adder(ws: Workspace) -> Add:
    """Adds a record of a dependencia and gives its uid."""

    def put(type_name: str, dependencia: str = "SALUD", **values: Value) -> str:
        record = ws.new(type_name, values)
        with ws.write() as connection:
            rows.change(connection, type_name, record.uid, record.revision, {"dependencia": dependencia})
        return replace(record, dependencia=dependencia).uid

    return put


def need(add: Add, description: str, dependencia: str = "SALUD", **values: Value) -> str:
    """A need, by its words."""
    usual: dict[str, Value] = {"forma": "necesidad", "tema": "hardware", "cantidad": 2}
    usual |= {"valor_unitario": Decimal(1_000_000), "justificacion": f"Para {dependencia}"}
    return add("necesidad", dependencia, descripcion=description, **(usual | values))

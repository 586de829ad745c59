"""An office's store on each kind of store, with a few needs, a gap and risks to gather."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from decimal import Decimal

import pytest

from db.queries import records as rows
from peti_desktop.records import Value
from peti_desktop.workspace import Workspace

NOON = datetime(2026, 3, 2, 17, 0, tzinfo=UTC)
Add = Callable[..., str]


@pytest.fixture
def ws(address: str) -> Iterator[Workspace]:
    ticks = iter(range(10**9))
    with Workspace.create(
        address,
        perfil="oficina",
        dependencia="TIC",
        nombre="Olga Ríos",
        cargo="Jefe",
        vigencia=2026,
        clock=lambda: NOON + timedelta(seconds=next(ticks)),
    ) as made:
        yield made


@pytest.fixture
def add(ws: Workspace) -> Add:
    """Adds a record of a dependencia and gives its uid."""

    def put(type_name: str, dependencia: str = "SALUD", **values: Value) -> str:
        record = ws.new(type_name, values)
        with ws.write() as connection:
            rows.change(connection, type_name, record.uid, record.revision, {"dependencia": dependencia})
        return replace(record, dependencia=dependencia).uid

    return put


@dataclass(frozen=True)
class Asked:
    """Uids of what the office has before it plans."""

    computer: str
    same: str
    network: str
    unvalued: str
    gap: str
    risk: str


@pytest.fixture
def asked(add: Add) -> Asked:
    own: dict[str, Value] = {"forma": "necesidad", "subproceso": "salud_publica"}
    return Asked(
        computer=add("necesidad", **own, tema="hardware", descripcion="Computadores", cantidad=2,
                     valor_unitario=Decimal(4_000_000), vigencia=2026, fuente_financiacion="sgp"),
        same=add("necesidad", "HACIENDA", **own, tema="hardware", descripcion="Computadores de mesa", cantidad=3,
                 valor_unitario=Decimal(4_000_000), vigencia=2027),
        network=add("necesidad", **own, tema="conectividad", descripcion="Red", cantidad=1,
                    valor_unitario=Decimal(9_000_000), vigencia=2030, componente="servicios_tecnologicos",
                    objetivo="OBJ-2"),
        unvalued=add("necesidad", **own, tema="capacitacion", descripcion="Curso", cantidad=1, vigencia=2026),
        gap=add("necesidad", **own | {"forma": "situacion"}, tema="conectividad", descripcion="La red se cae"),
        risk=add("riesgo", subproceso="salud_publica", factor="tecnologia", descripcion="Posibilidad de pérdida",
                 frecuencia_anual=9000, impacto_smlmv=Decimal(900)),
    )  # fmt: skip


INITIATIVE: dict[str, Value] = {
    "codigo": "INI-01", "nombre": "Renovar la plataforma", "estado": "propuesta", "fuente": "recursos_propios",
    "componente": "servicios_tecnologicos", "objetivo": "OBJ-2", "anio_desde": 2026, "anio_hasta": 2028,
}  # fmt: skip


@pytest.fixture
def initiative(ws: Workspace) -> str:
    return ws.new("iniciativa", INITIATIVE).uid

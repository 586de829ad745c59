"""A store of the office with devices and needs of two dependencias."""

from collections.abc import Iterator
from datetime import UTC, date, datetime
from decimal import Decimal

import pytest

from peti_desktop.records import Value
from peti_desktop.workspace import Workspace

NOW = datetime(2026, 3, 2, 15, 0, tzinfo=UTC)
DEVICES: tuple[tuple[str, dict[str, Value]], ...] = (
    ("SALUD", {"placa": "SAL-012", "marca": "Ñandú", "anio": 2015, "tipo": "portatil", "estado": "en_uso"}),
    ("SALUD", {"placa": "SAL-100%", "marca": "Acer", "anio": 2021, "tipo": "escritorio", "estado": "en_uso"}),
    ("HACIENDA", {"placa": "HAC_7", "marca": "Árbol", "tipo": "impresora", "observaciones": "Sin tóner desde enero"}),
    ("HACIENDA", {"placa": "HACA7", "marca": "Nokia", "anio": 2019, "tipo": "escritorio"}),
    ("HACIENDA", {"placa": 'O\'Brien "x"', "anio": 2018, "tipo": "escritorio", "estado": "en_uso"}),
)


@pytest.fixture
def office(address: str) -> Iterator[Workspace]:
    """The empty store of an office, on both kinds of store."""
    with Workspace.create(
        address, perfil="oficina", dependencia="TIC", nombre="Olga", cargo="Jefe", vigencia=2026, clock=lambda: NOW
    ) as ws:
        yield ws


@pytest.fixture
def ws(office: Workspace) -> Workspace:
    """The same with records."""
    for unit, values in DEVICES:
        add(office, "equipo", unit, values)
    need: dict[str, Value] = {"descripcion": "Computadores", "tema": "hardware", "cantidad": 10}
    add(office, "necesidad", "SALUD", {**need, "valor_unitario": Decimal("3500000.50")})
    add(office, "necesidad", "HACIENDA", {**need, "valor_unitario": Decimal(900)})
    risk = add(office, "riesgo", "SALUD", {"descripcion": "Pérdida", "fecha_implementacion": date(2026, 5, 1)})
    add(office, "control", "SALUD", {"riesgo": risk, "accion": "verifica"})
    return office


def add(ws: Workspace, type_name: str, unit: str, values: dict[str, Value]) -> str:
    """A record of a dependencia, as an intake puts it in."""
    with ws.act("traer") as act:
        uid = act.new(type_name, values)
        act.connection.exec_driver_sql(f"UPDATE {type_name} SET dependencia = '{unit}' WHERE uid = '{uid}'")
    return uid

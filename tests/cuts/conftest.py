"""An office with a few records of two dependencias, on a file and on a server, and a clock that is set by hand."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from decimal import Decimal

import pytest

from peti_desktop.records import Value
from peti_desktop.workspace import Workspace

NOON = datetime(2026, 1, 14, 15, 42, tzinfo=UTC)


@dataclass
class Clock:
    """The time it is; ``go_on`` lets days pass."""

    now: datetime = NOON

    def __call__(self) -> datetime:
        return self.now

    def go_on(self, days: int) -> None:
        self.now += timedelta(days=days)


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def make(clock: Clock) -> Iterator[Callable[[str], Workspace]]:
    """Makes an office at an address, with two risks, a control, a device and a need."""
    made: list[Workspace] = []

    def at(address: str) -> Workspace:
        ws = Workspace.create(
            address, perfil="oficina", dependencia="TIC", nombre="Olga Ríos", cargo="Jefe", vigencia=2026, clock=clock
        )
        made.append(ws)
        fill(ws)
        return ws

    yield at
    for ws in made:
        ws.close()


def fill(ws: Workspace) -> None:
    with ws.act("") as act:
        for unit, frequency in (("SALUD", 300), ("HACIENDA", 12)):
            risk = act.new(
                "riesgo",
                {
                    "subproceso": ws.catalogues.entries("subproceso")[0].code,
                    "factor": "procesos",
                    "clasificacion": "fallas_tecnologicas",
                    "afectacion": "economica",
                    "actividad": "Envío de los informes",
                    "causa_inmediata": "multas de los entes de control",
                    "causa_raiz": "demoras en los informes",
                    "descripcion": f"Posibilidad de pérdida económica de {unit} por multas debido a demoras.",
                    "frecuencia_anual": frequency,
                    "impacto_smlmv": Decimal(60),
                    "tratamiento": "reducir",
                    "plan_accion": "Automatizar los informes",
                    "responsable": "Técnico",
                },
                dependencia=unit,
            )
        act.new(
            "control",
            {"riesgo": risk, "tipo": "preventivo", "implementacion": "manual", "accion": "verifica los informes"},
            dependencia=unit,
        )
        act.new("equipo", {"tipo": "escritorio", "placa": "000123", "anio": 2015}, dependencia="SALUD")
        need: dict[str, Value] = {
            "tema": "hardware",
            "descripcion": "Computadores",
            "cantidad": 3,
            "valor_unitario": Decimal("1250.50"),
        }
        act.new("necesidad", need, dependencia="SALUD")


@pytest.fixture
def office(make: Callable[[str], Workspace], address: str) -> Workspace:
    """An office on each kind of store."""
    return make(address)


@pytest.fixture
def file_office(make: Callable[[str], Workspace], tmp_path: object) -> Workspace:
    """An office on a file."""
    return make(f"{tmp_path}/oficina.sqlite")

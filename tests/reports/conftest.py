"""An office's store with what the PETI says, rated by a simple rule, and a clock that stands still."""

from collections.abc import Iterator
from datetime import UTC, datetime
from decimal import Decimal
from pathlib import Path

import pytest

from peti_desktop.workspace import Workspace

NOON = datetime(2026, 1, 14, 15, 42, tzinfo=UTC)
CONTROLS = (
    ("Profesional universitario de Sistemas", "verifica cada mes que la copia de respaldo se pueda leer", "preventivo"),
    ("Técnico operativo", "concilia lo registrado con el documento de soporte y deja acta", "detectivo"),
    ("Jefe de la Oficina TIC", "activa el plan de contingencia y restablece el servicio", "correctivo"),
)


def fill(ws: Workspace, *, example: bool = True) -> None:
    """Put the risks and needs of the PETI into ``ws``, with controls, devices and money by a fixed rule."""
    with ws.act("") as act:
        for n, registro in enumerate(ws.catalogues.seed.registros):
            unit = registro.dependencia
            if registro.forma in {"riesgo", "causa"}:
                cause = registro.etiqueta
                risk = act.new(
                    "riesgo",
                    {
                        "subproceso": registro.responde,
                        "actividad": "Cargue y consulta de la información del subproceso",
                        "factor": registro.factor or "procesos",
                        "clasificacion": "fallas_tecnologicas",
                        "afectacion": "ambas",
                        "causa_inmediata": cause,
                        "causa_raiz": cause,
                        "descripcion": "Posibilidad de pérdida económica y afectación reputacional por "
                        f"{cause[0].lower()}{cause[1:]}, debido a debilidades en la gestión de la información.",
                        "frecuencia_anual": (1, 12, 300, 3000, 9000)[n % 5],
                        "impacto_smlmv": Decimal((5, 30, 80, 300, 900)[n % 7 % 5]),
                        "tratamiento": "reducir" if n % 3 else "aceptar",
                        "plan_accion": "Adquirir y poner en marcha el respaldo automático; capacitar a quienes "
                        "responden y revisar cada trimestre que se cumpla.",
                        "responsable": "Profesional universitario de Sistemas",
                        "fecha_implementacion": NOON.date().replace(month=6),
                    },
                    example=example,
                    dependencia=unit,
                )
                for m in range(n % 4):
                    post, action, tipo = CONTROLS[m % 3]
                    control = {"riesgo": risk, "responsable": post, "accion": action, "tipo": tipo}
                    control["implementacion"] = ("manual", "automatico")[n % 2]
                    act.new("control", control, example=example, dependencia=unit)
            else:
                act.new(
                    "necesidad",
                    {
                        "subproceso": registro.responde,
                        "forma": registro.forma,
                        "tema": registro.tema,
                        "descripcion": registro.etiqueta,
                        "justificacion": "Atender lo que el PETI 2020-2023 encontró en el subproceso.",
                        "cantidad": n % 9 + 1,
                        "valor_unitario": Decimal(350_000 * (n % 5 + 1)),
                        "urgencia": "alta",
                    },
                    example=example,
                    dependencia=unit,
                )
        for n in range(40):
            act.new(
                "equipo",
                {
                    "tipo": "escritorio",
                    "placa": f"{n:06}",
                    "marca": ("HP", "Lenovo")[n % 2],
                    "modelo": "ProDesk 400 G5",
                    "anio": 2012 + n % 12,
                    "sistema_operativo": ("windows_7", "windows_10", "windows_11")[n % 3],
                    "estado": ("en_uso", "con_fallas")[n % 4 == 0],
                    "ubicacion": "Palacio Municipal, piso 2",
                    "custodio": "Auxiliar administrativo",
                },
                example=example,
                dependencia=("SALUD", "HACIENDA", "TIC")[n % 3],
            )


@pytest.fixture
def office(tmp_path: Path) -> Iterator[Workspace]:
    """An empty store of the office."""
    with Workspace.create(
        tmp_path / "oficina.sqlite",
        perfil="oficina",
        dependencia="TIC",
        nombre="Ana Ruiz",
        cargo="Jefe de la Oficina TIC",
        vigencia=2026,
        clock=lambda: NOON,
    ) as ws:
        yield ws


@pytest.fixture
def full(office: Workspace) -> Workspace:
    """The same with the records of the PETI."""
    fill(office)
    return office

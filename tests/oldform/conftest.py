"""A dependencia's store with a few records, its form, and somebody who fills it in with a spreadsheet program."""

from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from decimal import Decimal
from pathlib import Path
from typing import Any

import openpyxl
import pytest

from peti_desktop.oldform import layout
from peti_desktop.oldform.writing import write
from peti_desktop.records import Value
from peti_desktop.workspace import Workspace

NOON = datetime(2026, 1, 14, 15, 42, tzinfo=UTC)

RISK = {
    "subproceso": "Gestión Administración Municipal",
    "tipo": "Gestión",
    "actividad": "Pago de la nómina",
    "factor": "Procesos",
    "clasificacion": "Fallas tecnológicas",
    "afectacion": "Económica",
    "causa_inmediata": "pagos fuera de fecha",
    "causa_raiz": "el servidor sin respaldo",
    "frecuencia_anual": 12,
    "impacto_smlmv": 80,
    "tratamiento": "Aceptar",
}
"""What a person writes for a new risk."""


@pytest.fixture(autouse=True)
def _short(monkeypatch: pytest.MonkeyPatch) -> None:
    """Few empty rows: reading thousands of cells with a test's own library takes most of its time."""
    monkeypatch.setattr(layout, "_BLANKS", {})
    monkeypatch.setattr(layout, "_FEW", 8)


@pytest.fixture
def ws(tmp_path: Path) -> Iterator[Workspace]:
    """A store with a risk, its control, two devices and a need that points to both."""
    with Workspace.create(
        tmp_path / "salud.sqlite",
        perfil="dependencia",
        dependencia="SALUD",
        nombre="Ana Ruiz",
        cargo="Auxiliar administrativa",
        vigencia=2026,
        clock=lambda: NOON,
    ) as workspace:
        sub = workspace.catalogues.entries("subproceso")[0].code
        risk = workspace.new(
            "riesgo",
            {
                "subproceso": sub,
                "tipo": "gestion",
                "actividad": "Cargue de reportes",
                "factor": "procesos",
                "clasificacion": "fallas_tecnologicas",
                "afectacion": "ambas",
                "causa_inmediata": "multas",
                "causa_raiz": "=la entrega  tarde",
                "descripcion": "Posibilidad de pérdida\npor multas",
                "frecuencia_anual": 300,
                "impacto_smlmv": Decimal("12.5"),
                "tratamiento": "reducir",
            },
        )
        control = {"riesgo": risk.uid, "responsable": "Jefe", "accion": "verifica", "tipo": "preventivo"}
        workspace.new("control", control | {"implementacion": "manual"})
        device = workspace.new("equipo", {"tipo": "escritorio", "placa": "000123", "marca": "HP", "estado": "en_uso"})
        workspace.new("equipo", {"tipo": "impresora_laser", "estado": "en_uso"})
        need: dict[str, Value] = {
            "subproceso": sub,
            "forma": "necesidad",
            "tema": "hardware",
            "descripcion": "Un computador",
        }
        need |= {"cantidad": 2, "valor_unitario": Decimal("3500000"), "equipo": device.uid, "riesgo": risk.uid}
        workspace.new("necesidad", need)
        yield workspace


@pytest.fixture
def form(ws: Workspace, tmp_path: Path) -> Path:
    """The form of that store."""
    return write(ws, tmp_path / "formulario.xlsx").path


Rows = dict[tuple[str, int], dict[str, Any]]
Fill = Callable[..., Path]


def typed(path: Path, rows: Rows, change: Callable[[Any], None] | None = None) -> Path:
    """Write into rows of a form by sheet, row and field name, as a person would, and save it."""
    book: Any = openpyxl.load_workbook(path)
    for (title, row), values in rows.items():
        sheet = book[title]
        columns = {cell.value: cell.column for cell in sheet[1]}
        for name, value in values.items():
            sheet.cell(row, columns[name]).value = value
    if change is not None:
        change(book)
    book.save(path)
    return path


@pytest.fixture
def fill(form: Path) -> Fill:
    """Fills in the form of the store; gives its path."""

    def filled(rows: Rows, change: Callable[[Any], None] | None = None) -> Path:
        return typed(form, rows, change)

    return filled

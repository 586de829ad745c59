"""A delivery comes back with observations, and is read again: by keyboard alone, and with the mouse."""

from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QListView, QPlainTextEdit, QTabBar

from peti_desktop.delivery.deliver import deliver
from peti_desktop.returning.observations import Asked
from peti_desktop.workspace import Workspace
from tests.journeys.conftest import Opens
from tests.journeys.person import ALT, CTRL, Person
from tests.ui.dependencia.conftest import RISK
from tests.ui.dependencia.loop import given_back, made_keys

DUE = datetime.now(UTC).date() + timedelta(days=5)


def asks(ws: Workspace) -> Sequence[Asked]:
    device, need = ws.records("equipo")[0], ws.records("necesidad")[0]
    return [
        Asked("equipo", device.uid, "marca", texto="La marca no es la de la factura."),
        Asked("necesidad", need.uid, "cantidad", texto="Explique por qué doce."),
    ]


@pytest.fixture
def returned(store: Path, tmp_path: Path) -> Path:
    """A delivery that was made and given back; gives the file of the office."""
    with Workspace.open(store) as ws:
        ws.new("riesgo", RISK)
        ws.new("equipo", {"tipo": "escritorio", "estado": "en_uso", "placa": "SAL-1", "marca": "HP"})
        ws.new(
            "necesidad",
            {
                "subproceso": "salud_publica", "tema": "hardware", "descripcion": "Computadores", "cantidad": 12,
                "valor_unitario": Decimal(3_500_000), "justificacion": "Para vacunación",
            },
        )  # fmt: skip
        path, _receipt = given_back(ws, tmp_path, asks, DUE)
    return path


def test_observations_are_answered_by_keyboard(
    starts: Opens, person: Person, store: Path, returned: Path, tmp_path: Path
) -> None:
    starts(store, returned)
    person.sees("Secretaría de Salud", "Ver lo entregado…")
    person.press(Qt.Key.Key_8, CTRL)
    person.sees("La Oficina TIC no ha pedido nada")
    person.press(Qt.Key.Key_O, ALT)
    person.sees(
        "1.ª devolución: 2 observaciones", "▲ 2 por responder", "La marca no es la de la factura.", "faltan 5 días"
    )
    person.goes_on_to("Observaciones", QListView)
    person.press(Qt.Key.Key_Home)
    person.sees("Lo que usted declaró", "HP")
    person.press(Qt.Key.Key_Return)
    person.is_at("Marca")
    person.sees("▲ La Oficina TIC pide: La marca no es la de la factura.")
    person.answers("Lenovo")

    person.press(Qt.Key.Key_8, CTRL)
    person.sees("El valor ya cambió: puede responder «Ya lo corregí».")
    person.press(Qt.Key.Key_G, ALT)
    person.sees("✓ Guardada: va en la próxima entrega.", "▲ 1 por responder")
    person.goes_on_to("Observaciones", QListView)
    person.press(Qt.Key.Key_Down)
    person.sees("Explique por qué doce.")
    person.press(Qt.Key.Key_Q, ALT)
    person.sees("▲ Falta la razón")
    person.is_at("Razón de la respuesta")
    person.types("Son dos turnos; así lo pidió la Dirección.")
    person.sees("✓ Guardada: va en la próxima entrega.", "✓ Todas respondidas.")


def test_what_was_delivered_is_read_again_by_keyboard(
    starts: Opens, person: Person, store: Path, returned: Path
) -> None:
    with Workspace.open(store) as ws:
        ws.put("equipo", ws.records("equipo")[0].uid, {"marca": "Lenovo"})
    starts(store)
    person.sees("Ver lo entregado…")
    person.press(Qt.Key.Key_V, ALT)
    person.sees("Entregas hechas", "sin respuesta todavía")
    person.press(Qt.Key.Key_Return)
    person.sees("Entrega n.º 1 · vigencia 2026", "Firma válida", "Las celdas son exactamente las que firmó")
    person.goes_on_to("Qué registros", QTabBar)
    person.press(Qt.Key.Key_Right)
    person.sees("SAL-1", "HP")
    person.sees_no("Lenovo")
    person.press(Qt.Key.Key_Right, times=2)
    person.sees("con lo registrado ahora", "≠ 1 cambiado", "Marca", "HP", "Lenovo")
    person.press(Qt.Key.Key_Escape)
    person.sees("Entregas hechas")


def test_observations_are_answered_with_the_mouse(
    starts: Opens, person: Person, store: Path, returned: Path, tmp_path: Path
) -> None:
    window = starts(store, returned)
    person.clicks("Archivo de la Oficina TIC…")
    person.sees("1.ª devolución: 2 observaciones", "Devuelta con 2 observaciones, responda antes del")
    person.clicks("Responder")
    person.sees("▲ 2 por responder")
    person.clicks_cell("Cantidad", twice=True)
    person.sees("La Oficina TIC pide: Explique por qué doce.", "Computadores")
    person.clicks("Observaciones")
    person.clicks_cell("Cantidad")
    person.clicks("Se mantiene porque…")
    assert isinstance(person.where, QPlainTextEdit)
    person.types("Son dos turnos.")
    person.sees("✓ Guardada: va en la próxima entrega.", "▲ 1 por responder")
    person.clicks("Quitar la respuesta")
    person.sees("▲ 2 por responder")
    person.clicks("Se mantiene porque…")
    person.types("Son tres turnos.")
    person.sees("✓ Guardada")
    person.clicks_cell("Marca")
    person.clicks("Ya lo corregí")
    person.sees("✓ Todas respondidas.", "El valor sigue igual al que se declaró")
    assert window.desk is not None
    ws = window.desk.workspace
    window.desk.run(lambda _progress: deliver(ws, made_keys().salud, tmp_path / "usb-2"))
    person.clicks("Entregar")
    person.clicks("Entregas hechas…")
    person.sees("Entregas hechas", "devuelta con 2 observaciones, todas respondidas")
    person.clicks_cell("sin respuesta todavía", twice=True)
    person.sees("Entrega n.º 2")
    person.clicks("Respuestas")
    person.sees("Explique por qué doce.", "Son tres turnos.", "Corregido")
    person.clicks("Cerrar")
    person.clicks("Cerrar")
    person.clicks("Observaciones")

    person.sees("Respondida en la entrega n.º 2")

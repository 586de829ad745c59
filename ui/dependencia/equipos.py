"""The devices: grid and form."""

from collections.abc import Sequence

from peti_desktop.records.record import Record
from ui.dependencia.herramientas import tools_button
from ui.dependencia.registros import RecordsPage
from ui.desk import Desk


class EquiposPage(RecordsPage):
    """Computers, printers, network and power devices; what is out of support says so, and why."""

    title = "Equipos"
    shows = frozenset({"equipo"})
    type_name = "equipo"
    icon = "equipos"
    new_text = "Nuevo equipo"
    empty_hint = "Registre los computadores, impresoras, servidores y equipos de red que usa su dependencia."
    columns = (
        "placa",
        "tipo",
        "obsolescencia",
        "estado",
        "marca",
        "modelo",
        "sistema_operativo",
        "ofimatica",
        "ubicacion",
        "custodio",
        "serial",
        "anio",
        "antivirus",
        "licencia",
    )

    def __init__(self, desk: Desk) -> None:
        super().__init__(desk)
        self.actions_row.insertWidget(0, tools_button(self))

    def said(self, records: Sequence[Record], wrong: int) -> str:
        old = sum(bool(record.values.get("obsolescencia")) for record in records)
        parts = [f"▲ {old} con programas sin soporte"] if old else []
        if wrong:
            parts.append(f"✕ {wrong} por completar")
        if not records:
            return "Lo que hay, en qué estado está y qué ya no tiene soporte."
        return "  ·  ".join(parts) or "✓ Todos completos y con soporte"

"""The information systems: grid and form."""

from collections.abc import Sequence

from peti_desktop.records.record import Record
from ui.dependencia.registros import RecordsPage


class SistemasPage(RecordsPage):
    """Information systems and web services: what for, whose, supported until when."""

    title = "Sistemas"
    shows = frozenset({"sistema"})
    type_name = "sistema"
    icon = "sistemas"
    new_text = "Nuevo sistema"
    empty_hint = "Registre los programas y servicios web con los que trabaja su dependencia."
    columns = ("nombre", "tipo", "estado", "soporte", "para_que", "dueno", "proveedor", "usuarios", "subproceso")

    def said(self, records: Sequence[Record], wrong: int) -> str:
        if not records:
            return "Con qué programas se trabaja, quién responde por ellos y hasta cuándo tienen soporte."
        return f"✕ {wrong} por completar" if wrong else "✓ Todos completos"

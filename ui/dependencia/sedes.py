"""The sites: grid and form."""

from collections.abc import Sequence

from peti_desktop.records.record import Record
from ui.dependencia.registros import RecordsPage


class SedesPage(RecordsPage):
    """Network, power and backups of each site."""

    title = "Sedes y red"
    shows = frozenset({"sede"})
    type_name = "sede"
    icon = "sede"
    new_text = "Nueva sede"
    empty_hint = "Registre cada sitio donde trabaja su dependencia: su red, su energía y sus copias de respaldo."
    columns = ("nombre", "cableado", "racks", "hubs", "ups", "polo_tierra", "copias", "contingencia", "direccion")

    def said(self, records: Sequence[Record], wrong: int) -> str:
        if not records:
            return "Cómo están la red, la energía y las copias de respaldo de cada sitio."
        return f"✕ {wrong} por completar" if wrong else "✓ Todas completas"

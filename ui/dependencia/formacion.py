"""Training: grid and form."""

from collections.abc import Sequence

from peti_desktop.records.record import Record
from ui.dependencia.registros import RecordsPage


class FormacionPage(RecordsPage):
    """Who needs which training, and who had it."""

    title = "Formación"
    shows = frozenset({"formacion"})
    type_name = "formacion"
    icon = "formacion"
    new_text = "Nueva formación"
    empty_hint = "Registre en qué necesitan formarse las personas de su dependencia, o en qué ya se formaron."
    columns = ("forma", "asunto", "quienes", "personas", "horas", "fecha", "herramienta", "publico", "subproceso")

    def said(self, records: Sequence[Record], wrong: int) -> str:
        if not records:
            return "Quién necesita aprender qué, y quién ya lo aprendió."
        return f"✕ {wrong} por completar" if wrong else "✓ Todas completas"

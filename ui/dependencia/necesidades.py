"""The needs: grid and form."""

from collections.abc import Sequence
from decimal import Decimal

from peti_desktop.records import Value
from peti_desktop.records.convert import decimal_text
from peti_desktop.records.record import Record
from ui.dependencia.registros import RecordsPage


class NecesidadesPage(RecordsPage):
    """What is needed, was found or is recommended, with what it costs and why."""

    title = "Necesidades"
    shows = frozenset({"necesidad", "equipo", "riesgo"})
    type_name = "necesidad"
    icon = "necesidades"
    new_text = "Nueva necesidad"
    empty_hint = "Registre lo que su dependencia necesita de tecnología, cuánto y para qué."
    columns = (
        "tema",
        "descripcion",
        "forma",
        "urgencia",
        "cantidad",
        "valor_unitario",
        "valor_total",
        "justificacion",
        "subproceso",
        "fuente_financiacion",
        "unspsc",
    )

    def born(self) -> dict[str, Value]:
        subprocesos = self._catalogues.subprocesos_of(self.desk.workspace.info.dependencia)
        return {"subproceso": subprocesos[0]} if len(subprocesos) == 1 else {}

    def said(self, records: Sequence[Record], wrong: int) -> str:
        if not records:
            return "Qué se necesita, cuánto cuesta y para qué."
        values = (record.values.get("valor_total") for record in records)
        total = sum((value for value in values if isinstance(value, Decimal)), Decimal(0))
        parts = [f"Valor total $ {decimal_text(total)}"] if total else []
        parts.append(f"✕ {wrong} por completar" if wrong else "✓ Todas completas")
        return "  ·  ".join(parts)

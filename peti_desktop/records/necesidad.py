"""Something the dependencia needs, found or recommends, with its quantity, value and reason."""

from collections.abc import Iterable
from decimal import Decimal

from peti_desktop.records.fields import Context, Field, Kind, Problem, RecordType, Section, Value, Values


def compute(values: Values, context: Context) -> dict[str, Value]:  # noqa: ARG001
    """Quantity times unit value, in pesos."""
    quantity, value = values.get("cantidad"), values.get("valor_unitario")
    total = quantity * value if isinstance(quantity, int) and isinstance(value, Decimal) else None
    return {"valor_total": total}


def _unspsc(value: Value) -> str | None:
    digits = str(value)
    return None if digits.isdigit() and len(digits) == 8 else "El código UNSPSC tiene 8 cifras."


def _justified(values: Values, context: Context) -> Iterable[Problem]:  # noqa: ARG001
    if values.get("forma") != "necesidad":
        return
    if values.get("cantidad") is None:
        yield Problem("falta", "cantidad", "Falta: cantidad. Si no se puede contar, escriba «No aplica».")
    if values.get("justificacion") is None:
        yield Problem("falta", "justificacion", "Falta: para qué se necesita.")


NECESIDAD = RecordType(
    name="necesidad",
    singular="Necesidad",
    title="Necesidades",
    headline=("tema", "descripcion"),
    sections=(
        Section(
            "Qué se necesita",
            (
                Field("subproceso", "Subproceso", Kind.CHOICE, required=True, catalogue="subproceso", width=26),
                Field(
                    "forma",
                    "Qué es",
                    Kind.CHOICE,
                    required=True,
                    catalogue="forma_necesidad",
                    width=16,
                    hint="Una necesidad, algo que se encontró o una recomendación.",
                ),
                Field("tema", "Tema", Kind.CHOICE, required=True, catalogue="tema", width=18),
                Field("descripcion", "Descripción", Kind.NOTE, required=True, lines=3, width=46),
                Field("justificacion", "Para qué", Kind.NOTE, lines=2, width=34),
                Field("urgencia", "Urgencia", Kind.CHOICE, catalogue="urgencia", width=11),
            ),
        ),
        Section(
            "Cuánto",
            (
                Field("cantidad", "Cantidad", Kind.INTEGER, least=1, most=1_000_000, width=10),
                Field("valor_unitario", "Valor unitario", Kind.MONEY, width=16),
                Field("valor_total", "Valor total", Kind.MONEY, computed=True, width=18),
                Field(
                    "fuente_financiacion",
                    "Fuente de financiación",
                    Kind.CHOICE,
                    catalogue="fuente_financiacion",
                    width=20,
                ),
                Field("unspsc", "Código UNSPSC", width=12, rule=_unspsc, limit=8),
                Field("vigencia", "Vigencia", Kind.INTEGER, least=2020, most=2050, width=9),
            ),
        ),
        Section(
            "Con qué se relaciona",
            (
                Field("equipo", "Equipo que reemplaza", Kind.LINK, links="equipo", width=20),
                Field("riesgo", "Riesgo que baja", Kind.LINK, links="riesgo", width=20),
                Field("componente", "Componente del PETI", Kind.CHOICE, catalogue="componente", width=22),
                Field("objetivo", "Objetivo", Kind.CHOICE, catalogue="objetivo", width=18),
                Field("fuente", "Fuente", width=24, limit=200, hint="Documento del que sale, si lo hay."),
            ),
        ),
    ),
    rules=(_justified,),
    compute=compute,
)

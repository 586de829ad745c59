"""A control of a risk: who does what, when, how, and what remains as evidence."""

from peti_desktop import method
from peti_desktop.records.fields import Context, Field, Kind, RecordType, Section, Value, Values


def compute(values: Values, context: Context) -> dict[str, Value]:
    """The weight of the control in percent, from its type and its implementation, in the method of the vigencia.

    v5, v6 and v7 weigh alike (method tables); older versions do not compute.
    """
    tipo, implementacion = values.get("tipo"), values.get("implementacion")
    if not isinstance(tipo, str) or not isinstance(implementacion, str):
        return {"peso": None}
    rules = method.load(context.catalogues.metodo, context.catalogues.vigencia)
    return {"peso": rules.control_weight(tipo, implementacion)}


CONTROL = RecordType(
    name="control",
    singular="Control",
    title="Controles",
    headline=("orden", "accion"),
    parent="riesgo",
    sections=(
        Section(
            "Control",
            (
                Field("riesgo", "Riesgo", Kind.LINK, required=True, links="riesgo", width=11),
                Field("orden", "N.º", Kind.INTEGER, least=1, most=999, width=6),
                Field(
                    "responsable",
                    "Responsable (cargo)",
                    required=True,
                    width=22,
                    limit=200,
                    example="Profesional universitario de Tesorería",
                ),
                Field(
                    "accion",
                    "Acción",
                    Kind.NOTE,
                    required=True,
                    lines=2,
                    width=36,
                    hint="Un verbo y lo que se hace: verifica, valida, concilia…",
                    example="verifica que el reporte esté completo antes de enviarlo",
                ),
                Field("periodicidad", "Cada cuánto", width=14, limit=120, example="cada mes"),
                Field("como", "Cómo se hace", Kind.NOTE, lines=2, width=30),
                Field("desviacion", "Qué se hace si algo sale mal", Kind.NOTE, lines=2, width=30),
                Field("evidencia", "Evidencia", Kind.NOTE, lines=2, width=26),
                Field("tipo", "Tipo", Kind.CHOICE, required=True, catalogue="tipo_control", width=13),
                Field(
                    "implementacion",
                    "Implementación",
                    Kind.CHOICE,
                    required=True,
                    catalogue="implementacion_control",
                    width=14,
                ),
                Field("peso", "Peso (%)", Kind.AMOUNT, computed=True, width=9),
                Field("documentacion", "Documentación", Kind.CHOICE, catalogue="documentacion_control", width=15),
                Field("frecuencia", "Frecuencia", Kind.CHOICE, catalogue="frecuencia_control", width=12),
                Field("registro", "Registro", Kind.CHOICE, catalogue="evidencia_control", width=13),
            ),
        ),
    ),
    compute=compute,
)

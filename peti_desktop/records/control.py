"""A control of a risk: who does what, when, how, and what remains as evidence."""

from peti_desktop import method
from peti_desktop.records.fields import Context, Field, Found, Kind, RecordType, Section, Value, Values, warns
from peti_desktop.records.wording import names_a_person, planned

DESIGN = "Guía DAFP v4 a v7, redacción del control (v7, num. 3.10)"


def compute(values: Values, context: Context) -> dict[str, Value]:
    """The weight of the control in percent, from its type and its implementation.

    The version of the guide and the kind are those of its risk: annex 5 of v7 weighs manual controls less in security
    risks. A risk that is not known yet counts as one of the vigencia's version; older versions do not compute.
    """
    tipo, implementacion = values.get("tipo"), values.get("implementacion")
    if not isinstance(tipo, str) or not isinstance(implementacion, str):
        return {"peso": None}
    version = context.parent.get("metodo")
    rules = method.load(version if isinstance(version, str) else context.catalogues.metodo, context.catalogues.vigencia)
    if not rules.computes:
        return {"peso": None}
    return {"peso": rules.control_weight(tipo, implementacion, security=context.parent.get("tipo") == "seguridad")}


@warns(
    "sin_evidencia",
    "Un control deja evidencia.",
    "Escriba qué queda: un acta, un reporte, un registro. Sin ella no se puede comprobar.",
    DESIGN,
)
def _no_evidence(values: Values, context: Context) -> Found:  # noqa: ARG001
    if not isinstance(values.get("evidencia"), str):
        yield "evidencia", "No dice qué evidencia queda."


@warns(
    "sin_periodicidad",
    "Un control dice cada cuánto se hace.",
    "Escriba cada cuánto: cada mes, cada pago, cada informe.",
    DESIGN,
)
def _no_rhythm(values: Values, context: Context) -> Found:  # noqa: ARG001
    if not isinstance(values.get("periodicidad"), str):
        yield "periodicidad", "No dice cada cuánto se hace."


@warns("persona", "Un control lo hace un cargo: las personas cambian.", "Escriba el cargo en lugar del nombre.", DESIGN)
def _person(values: Values, context: Context) -> Found:  # noqa: ARG001
    if names_a_person(values.get("responsable")):
        yield "responsable", "Parece el nombre de una persona: escriba el cargo."


@warns(
    "planeado",
    "Un control es algo que ya se hace; lo que está por hacerse va en el plan de acción.",
    "Si todavía no se hace, páselo al plan y retire el control.",
    DESIGN,
)
def _planned(values: Values, context: Context) -> Found:  # noqa: ARG001
    action = values.get("accion")
    if isinstance(action, str) and planned(action):
        yield "accion", "Parece algo que está por hacerse: eso va en el plan de acción."


CONTROL = RecordType(
    name="control",
    singular="Control",
    title="Controles",
    headline=("orden", "accion"),
    parent="riesgo",
    looks_at=("tipo", "metodo"),
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
                Field(
                    "fuente",
                    "Fuente",
                    width=24,
                    limit=200,
                    since=2,
                    hint="Documento del que sale, si lo hay.",
                ),
            ),
        ),
    ),
    rules=(_no_evidence, _no_rhythm, _person, _planned),
    compute=compute,
)

"""An initiative of the PETI: what the office will do about many needs, risks and gaps, in which years."""

from peti_desktop.records.fields import Context, Field, Found, Kind, RecordType, Section, Values, stops, warns
from peti_desktop.records.wording import names_a_person

PLAN = "PETI 2020-2023, 7.1 y 8.1"
_OVER = frozenset({"terminada", "suspendida"})


@stops("anios", "Una iniciativa no termina antes de empezar.", "Corrija uno de los dos años.")
def _years(values: Values, context: Context) -> Found:  # noqa: ARG001
    first, last = values.get("anio_desde"), values.get("anio_hasta")
    if isinstance(first, int) and isinstance(last, int) and last < first:
        yield "anio_hasta", f"Termina en {last} y empieza en {first}."


@stops(
    "programa_de_otro_objetivo",
    "El programa escogido es del objetivo escogido, como en el PETI.",
    "Cambie el programa o el objetivo.",
    PLAN,
)
def _programme(values: Values, context: Context) -> Found:
    programme, goal = values.get("programa"), values.get("objetivo")
    if not isinstance(programme, str) or not isinstance(goal, str):
        return
    entry = context.catalogues.entry("programa", programme)
    own = entry.extra.get("objetivo") if entry else None
    if own and own != goal:
        yield "programa", f"Ese programa es del objetivo {own}, no del {goal}."


@stops("falta_responsable", "Una iniciativa en marcha tiene quién responda.", "Escriba el cargo, no el nombre.")
def _answered(values: Values, context: Context) -> Found:  # noqa: ARG001
    if values.get("estado") == "en_curso" and not isinstance(values.get("responsable"), str):
        yield "responsable", "Está en curso y no dice qué cargo responde por ella."


@warns("vencida", "Una iniciativa cuyos años pasaron terminó o se suspendió.", "Cambie el estado o el último año.")
def _overdue(values: Values, context: Context) -> Found:
    last = values.get("anio_hasta")
    over = values.get("estado") in _OVER
    if isinstance(last, int) and last < context.catalogues.vigencia and not over:
        yield "anio_hasta", f"Terminaba en {last} y sigue abierta."


@warns("persona", "Responde un cargo, no una persona.", "Escriba el cargo: las personas cambian.")
def _post(values: Values, context: Context) -> Found:  # noqa: ARG001
    if names_a_person(values.get("responsable")):
        yield "responsable", "Parece el nombre de una persona: escriba el cargo."


INICIATIVA = RecordType(
    name="iniciativa",
    singular="Iniciativa",
    title="Iniciativas",
    headline=("codigo", "nombre"),
    sections=(
        Section(
            "La iniciativa",
            (
                Field("codigo", "Código", required=True, unique=True, width=10, limit=20, example="INI-01"),
                Field("nombre", "Nombre", required=True, width=34, limit=200),
                Field("descripcion", "Descripción", Kind.NOTE, lines=3, width=46),
                Field("estado", "Estado", Kind.CHOICE, required=True, catalogue="estado_iniciativa", width=14),
                Field("responsable", "Responsable (cargo)", width=24, limit=200),
            ),
        ),
        Section(
            "A qué responde",
            (
                Field("componente", "Componente", Kind.CHOICE, required=True, catalogue="componente", width=24),
                Field("objetivo", "Objetivo", Kind.CHOICE, required=True, catalogue="objetivo", width=30),
                Field("programa", "Programa", Kind.CHOICE, catalogue="programa", width=30),
            ),
        ),
        Section(
            "Cuándo y con qué",
            (
                Field("anio_desde", "Desde el año", Kind.INTEGER, required=True, least=2020, most=2050, width=11),
                Field("anio_hasta", "Hasta el año", Kind.INTEGER, required=True, least=2020, most=2050, width=11),
                Field(
                    "fuente",
                    "Fuente de financiación",
                    Kind.CHOICE,
                    catalogue="fuente_financiacion",
                    width=22,
                    hint="La de lo que las necesidades no digan.",
                ),
            ),
        ),
    ),
    rules=(_years, _programme, _answered, _overdue, _post),
)

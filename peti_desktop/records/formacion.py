"""Training somebody needs or had, and the tools the public uses."""

from datetime import date

from peti_desktop.records.fields import Context, Field, Found, Kind, RecordType, Section, Values, stops, warns


@stops("falta_fecha", "La formación recibida dice cuándo fue.", "Escriba el día en que terminó.")
def _dated(values: Values, context: Context) -> Found:  # noqa: ARG001
    if values.get("forma") == "recibida" and values.get("fecha") is None:
        yield "fecha", "Falta: la fecha en que se recibió."


@stops("fecha_futura", "Lo que se recibió ya pasó.", "Corrija la fecha, o diga que se requiere.")
def _future(values: Values, context: Context) -> Found:
    day = values.get("fecha")
    if values.get("forma") == "recibida" and isinstance(day, date) and day > context.today:
        yield "fecha", "Dice que se recibió y la fecha no ha llegado."


@warns("fecha_pasada", "Lo que se requiere es para más adelante.", "Cambie la fecha, o diga que ya se recibió.")
def _past(values: Values, context: Context) -> Found:
    day = values.get("fecha")
    if values.get("forma") == "requerida" and isinstance(day, date) and day < context.today:
        yield "fecha", "Dice que se requiere y la fecha ya pasó."


FORMACION = RecordType(
    name="formacion",
    singular="Formación",
    title="Formación",
    headline=("forma", "asunto"),
    sections=(
        Section(
            "La formación",
            (
                Field("forma", "Qué es", Kind.CHOICE, required=True, catalogue="forma_formacion", width=14),
                Field("asunto", "En qué", required=True, width=34, limit=300, example="manejo de hojas de cálculo"),
                Field("quienes", "Quiénes (cargos)", required=True, width=28, limit=300),
                Field("personas", "Personas", Kind.INTEGER, required=True, least=1, most=1_000_000, width=10),
                Field("horas", "Horas", Kind.INTEGER, least=1, most=10_000, width=8),
                Field("fecha", "Fecha", Kind.DATE, width=13),
            ),
        ),
        Section(
            "Para qué",
            (
                Field("subproceso", "Subproceso", Kind.CHOICE, catalogue="subproceso", width=26),
                Field("herramienta", "Herramienta", width=22, limit=200, hint="El programa o servicio que se aprende."),
                Field("publico", "La usa el público", Kind.CHOICE, catalogue="si_no", width=12),
                Field("observaciones", "Observaciones", Kind.NOTE, lines=2, width=30),
                Field("fuente", "Fuente", width=24, limit=200, hint="Documento del que sale, si lo hay."),
            ),
        ),
    ),
    rules=(_dated, _future, _past),
)

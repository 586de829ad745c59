"""Training somebody needs or had, and the tools the public uses."""

from collections.abc import Iterable

from peti_desktop.records.fields import Context, Field, Kind, Problem, RecordType, Section, Values


def _dated(values: Values, context: Context) -> Iterable[Problem]:  # noqa: ARG001
    if values.get("forma") == "recibida" and values.get("fecha") is None:
        yield Problem("falta", "fecha", "Falta: la fecha en que se recibió.")


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
    rules=(_dated,),
)

"""An information system or web service: what for, whose, who supports it and until when."""

from datetime import date, timedelta

from peti_desktop.catalogues import table
from peti_desktop.records.convert import spoken_date
from peti_desktop.records.fields import Context, Field, Found, Kind, RecordType, Section, Value, Values, warns
from peti_desktop.records.wording import names_a_person

NEAR_DAYS, FAR_DAYS = 180, 365
"""Alerts used by real Colombian catalogues of systems: within half a year, within a year."""


def compute(values: Values, context: Context) -> dict[str, Value]:
    """How much support is left, in words; ``None`` when nobody said until when there is any."""
    until = values.get("soporte_hasta")
    if not isinstance(until, date):
        return {"soporte": None}
    if until < context.today:
        return {"soporte": f"Sin soporte desde {spoken_date(until)}"}
    for days in (NEAR_DAYS, FAR_DAYS):
        if until <= context.today + timedelta(days=days):
            return {"soporte": f"Vence en menos de {days} días ({spoken_date(until)})"}
    return {"soporte": f"Vigente hasta {spoken_date(until)}"}


@warns(
    "soporte_vencido",
    "Un sistema en uso tiene quien le dé soporte.",
    "Corrija la fecha, o registre la necesidad de contratar soporte.",
    "Alertas del catálogo de sistemas de Minambiente",
)
def _unsupported(values: Values, context: Context) -> Found:
    until = values.get("soporte_hasta")
    if isinstance(until, date) and until < context.today and values.get("estado") != "fuera_de_uso":
        yield "soporte_hasta", "El soporte ya venció y el sistema sigue en uso."


@warns("soporte_lejano", "Nadie da soporte por más de 20 años.", "Revise el año de la fecha.")
def _forever(values: Values, context: Context) -> Found:
    until = values.get("soporte_hasta")
    if isinstance(until, date) and until.year > context.today.year + table("reglas")["limites"]["soporte_anios"]:
        yield "soporte_hasta", f"El año {until.year} está demasiado lejos."


@warns("direccion", "Una dirección web no lleva espacios y tiene puntos.", "Cópiela del navegador.")
def _address(values: Values, context: Context) -> Found:  # noqa: ARG001
    address = values.get("direccion_web")
    if isinstance(address, str) and (" " in address or "." not in address):
        yield "direccion_web", "No parece una dirección web."


@warns("persona", "A cargo de un sistema está un cargo: las personas cambian.", "Escriba el cargo en lugar del nombre.")
def _person(values: Values, context: Context) -> Found:  # noqa: ARG001
    if names_a_person(values.get("dueno")):
        yield "dueno", "Parece el nombre de una persona: escriba el cargo."


SISTEMA = RecordType(
    name="sistema",
    singular="Sistema",
    title="Sistemas",
    headline=("nombre",),
    sections=(
        Section(
            "El sistema",
            (
                Field("nombre", "Nombre", required=True, unique=True, width=26, limit=200),
                Field("tipo", "Tipo", Kind.CHOICE, required=True, catalogue="tipo_sistema", width=18),
                Field("para_que", "Para qué sirve", Kind.NOTE, required=True, lines=3, width=40),
                Field("subproceso", "Subproceso", Kind.CHOICE, catalogue="subproceso", width=26),
                Field("estado", "Estado", Kind.CHOICE, required=True, catalogue="estado_sistema", width=18),
                Field("direccion_web", "Dirección web", width=24, limit=300),
            ),
        ),
        Section(
            "Quién responde",
            (
                Field("dueno", "A cargo de (cargo)", width=22, limit=200, hint="El cargo de quien decide sobre él."),
                Field("proveedor", "Proveedor", width=20, limit=200),
                Field("soporte_hasta", "Soporte hasta", Kind.DATE, width=13),
                Field("soporte", "Soporte", computed=True, width=28),
                Field("usuarios", "Usuarios", Kind.INTEGER, least=0, most=10_000_000, width=10),
                Field(
                    "intercambia",
                    "Con quién intercambia información",
                    Kind.NOTE,
                    lines=2,
                    width=34,
                    example="la DIAN y la Cámara de Comercio",
                ),
                Field("observaciones", "Observaciones", Kind.NOTE, lines=2, width=30),
                Field("fuente", "Fuente", width=24, limit=200, hint="Documento del que sale, si lo hay."),
            ),
        ),
    ),
    rules=(_unsupported, _forever, _address, _person),
    compute=compute,
    dated=("soporte_hasta",),
)

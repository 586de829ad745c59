"""A device: computer, printer, server, network or power device."""

from collections.abc import Iterable
from datetime import date

from peti_desktop.catalogues import table
from peti_desktop.records.convert import spoken_date
from peti_desktop.records.fields import (
    Context,
    Field,
    Found,
    Kind,
    RecordType,
    Section,
    Value,
    Values,
    stops,
    warns,
)
from peti_desktop.records.wording import junk, names_a_person

JUNK = "Ese no es el del equipo: lo dejaron sin llenar. Búsquelo en la etiqueta."


def compute(values: Values, context: Context) -> dict[str, Value]:
    """Why the device is obsolete, in words, or ``None`` when nothing it runs is out of support."""
    reasons = [
        f"{label}: sin soporte desde {spoken_date(end)}"
        for list_name in ("sistema_operativo", "ofimatica")
        for label, end in _support(values.get(list_name), list_name, context)
        if end < context.today
    ]
    return {"obsolescencia": "; ".join(reasons) or None}


def _support(value: Value, list_name: str, context: Context) -> Iterable[tuple[str, date]]:
    if isinstance(value, str) and (end := context.catalogues.support_end(list_name, value)):
        yield context.catalogues.label(list_name, value), end


def _not_junk(value: Value) -> str | None:
    return JUNK if junk(value) else None


@stops(
    "falta_identidad",
    "Un equipo se reconoce por su placa o su serial.",
    "Escriba uno de los dos; están en sus etiquetas.",
)
def _identified(values: Values, context: Context) -> Found:  # noqa: ARG001
    if values.get("placa") is None and values.get("serial") is None:
        yield "placa", "Falta la placa o el serial: uno de los dos identifica el equipo."


@stops(
    "basura",
    "Una placa o un serial es el del equipo, no lo que el fabricante dejó sin llenar.",
    "Búsquelo en la etiqueta; si no tiene, escriba «No aplica».",
)
def _genuine(values: Values, context: Context) -> Found:  # noqa: ARG001
    for name in ("placa", "serial"):
        if junk(values.get(name)):
            yield name, JUNK


@warns("placa_es_serial", "La placa la pone la entidad; el serial, el fabricante.", "Corrija el que esté repetido.")
def _same(values: Values, context: Context) -> Found:  # noqa: ARG001
    placa = values.get("placa")
    if isinstance(placa, str) and placa == values.get("serial"):
        yield "serial", "El serial es igual a la placa."


@stops("anio", "El año de un equipo no es futuro ni anterior a 1985.", "Escriba el año de compra o de fabricación.")
def _year(values: Values, context: Context) -> Found:
    year = values.get("anio")
    if isinstance(year, int) and not table("reglas")["limites"]["anio_equipo"] <= year <= context.today.year:
        yield "anio", f"El año {year} no puede ser."


@warns(
    "sistema_y_anio",
    "El equipo es lo bastante nuevo para su sistema operativo.",
    "Revise el año o el sistema. Si se le cambiaron las piezas, déjelo así.",
    "Requisitos publicados por Microsoft",
)
def _too_old(values: Values, context: Context) -> Found:
    year, system = values.get("anio"), values.get("sistema_operativo")
    if not isinstance(year, int) or not isinstance(system, str):
        return
    first = next((row["anio"] for row in table("reglas")["equipo_desde"] if system.startswith(row["sistema"])), year)
    if year < first:
        label = context.catalogues.label("sistema_operativo", system)
        yield "anio", f"Un equipo de {year} no suele poder con {label}."


@warns("persona", "A cargo de un equipo está un cargo: las personas cambian.", "Escriba el cargo en lugar del nombre.")
def _person(values: Values, context: Context) -> Found:  # noqa: ARG001
    if names_a_person(values.get("custodio")):
        yield "custodio", "Parece el nombre de una persona: escriba el cargo."


EQUIPO = RecordType(
    name="equipo",
    singular="Equipo",
    title="Equipos",
    headline=("tipo", "marca", "placa"),
    sections=(
        Section(
            "El equipo",
            (
                Field("tipo", "Tipo", Kind.CHOICE, required=True, catalogue="tipo_equipo", width=16),
                Field("placa", "Placa de inventario", unique=True, width=14, limit=60, rule=_not_junk),
                Field("serial", "Serial", unique=True, width=16, limit=60, rule=_not_junk),
                Field("marca", "Marca", width=12, suggests="marca", limit=60),
                Field("modelo", "Modelo", width=16, limit=120),
                Field(
                    "anio",
                    "Año",
                    Kind.INTEGER,
                    width=7,
                    least=1985,
                    most=2100,
                    hint="Año de compra o de fabricación.",
                ),
            ),
        ),
        Section(
            "Lo que tiene instalado",
            (
                Field(
                    "sistema_operativo",
                    "Sistema operativo",
                    Kind.CHOICE,
                    catalogue="sistema_operativo",
                    width=20,
                ),
                Field("ofimatica", "Office", Kind.CHOICE, catalogue="ofimatica", width=24),
                Field("antivirus", "Antivirus", Kind.CHOICE, catalogue="antivirus", width=20),
                Field("licencia", "Licencias", Kind.CHOICE, catalogue="licencia", width=14),
                Field("obsolescencia", "Obsolescencia", computed=True, width=34),
            ),
        ),
        Section(
            "Dónde está y cómo está",
            (
                Field("estado", "Estado", Kind.CHOICE, required=True, catalogue="estado_equipo", width=12),
                Field("ubicacion", "Ubicación", width=20, limit=200),
                Field("custodio", "A cargo de (cargo)", width=22, limit=200),
                Field("observaciones", "Observaciones", Kind.NOTE, lines=3, width=30),
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
    rules=(_identified, _genuine, _same, _year, _too_old, _person),
    compute=compute,
    dated=("sistema_operativo", "ofimatica"),
)

"""A device: computer, printer, server, network or power device."""

from collections.abc import Iterable
from datetime import date

from peti_desktop.records.convert import plain, spoken_date
from peti_desktop.records.fields import (
    Context,
    Field,
    Kind,
    Problem,
    RecordType,
    Section,
    Value,
    Values,
)

# What board makers leave in the firmware instead of a serial number.
JUNK_SERIALS = frozenset(
    {
        "to be filled by o.e.m.",
        "default string",
        "system serial number",
        "not specified",
        "none",
        "n/a",
        "123456789",
        "0",
        "00000000",
        "sin serial",
    }
)


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


def _serial(value: Value) -> str | None:
    text = plain(str(value))
    if text in JUNK_SERIALS or (len(set(text)) == 1 and len(text) > 2):
        return "Ese no es un serial: lo dejó el fabricante sin llenar. Búsquelo en la etiqueta del equipo."
    return None


def _identified(values: Values, context: Context) -> Iterable[Problem]:  # noqa: ARG001
    if values.get("placa") is None and values.get("serial") is None:
        yield Problem("identidad", "placa", "Falta la placa o el serial: uno de los dos identifica el equipo.")


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
                Field("placa", "Placa de inventario", unique=True, width=14, limit=60),
                Field("serial", "Serial", unique=True, width=16, limit=60, rule=_serial),
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
            ),
        ),
    ),
    rules=(_identified,),
    compute=compute,
)

"""A site's network, power and backup facts."""

import re

from peti_desktop.records.convert import plain
from peti_desktop.records.fields import NO_APLICA, Context, Field, Found, Kind, RecordType, Section, Values, warns

_SAME_PLACE = re.compile(r"mism[oa] (?:sitio|sede|lugar|oficina|edificio|equipo|computador)")

BACKUPS = "Buenas prácticas de copias de respaldo; PETI 2020-2023, 6.5"


@warns("copias", "Lo que no se copia no se custodia.", "Corrija si se hacen copias, o dónde se guardan.", BACKUPS)
def _custody(values: Values, context: Context) -> Found:  # noqa: ARG001
    if values.get("copias") != "no_se_hacen":
        return
    if values.get("custodia_externa") == "si":
        yield "custodia_externa", "Dice que no se hacen copias y que se custodian por fuera."
    if isinstance(values.get("copias_lugar"), str):
        yield "copias_lugar", "Dice que no se hacen copias y dónde se guardan."


@warns(
    "copias_en_sitio",
    "Una copia custodiada por fuera no está en la misma sede.",
    "Diga en cuál otro lugar está.",
    BACKUPS,
)
def _on_site(values: Values, context: Context) -> Found:  # noqa: ARG001
    place = values.get("copias_lugar")
    if values.get("custodia_externa") == "si" and isinstance(place, str) and _SAME_PLACE.search(plain(place)):
        yield "copias_lugar", "Dice que se custodian por fuera y que están en el mismo sitio."


@warns("internet_sin_ancho", "Quien tiene internet tiene un ancho de banda mayor que cero.", "Corrija uno de los dos.")
def _bandwidth(values: Values, context: Context) -> Found:  # noqa: ARG001
    speed = values.get("ancho_mbps")
    if isinstance(values.get("internet"), str) and speed == 0:
        yield "ancho_mbps", "Dice quién da el internet y que su ancho es cero."
    if values.get("internet") is NO_APLICA and isinstance(speed, int) and speed > 0:
        yield "internet", "Dice que no hay internet y cuánto ancho tiene."


@warns(
    "inalambrica_con_racks", "Una sede sin cables no tiene racks ni hubs.", "Corrija el cableado, o los racks y hubs."
)
def _wireless(values: Values, context: Context) -> Found:  # noqa: ARG001
    if values.get("cableado") == "inalambrica":
        for name in ("racks", "hubs"):
            if values.get(name) == "si":
                yield name, "Dice que la sede es solo inalámbrica."


SEDE = RecordType(
    name="sede",
    singular="Sede",
    title="Sedes y red",
    headline=("nombre",),
    sections=(
        Section(
            "La sede",
            (
                Field("nombre", "Nombre", required=True, unique=True, width=24, limit=200),
                Field("direccion", "Dirección", width=26, limit=300),
            ),
        ),
        Section(
            "Red",
            (
                Field("cableado", "Cableado", Kind.CHOICE, required=True, catalogue="categoria_cableado", width=16),
                Field("racks", "Racks identificados", Kind.CHOICE, catalogue="cobertura", width=12),
                Field("hubs", "Hay hubs", Kind.CHOICE, catalogue="cobertura", width=10),
                Field("internet", "Proveedor de internet", width=20, limit=200),
                Field("ancho_mbps", "Ancho de banda (Mbps)", Kind.INTEGER, least=0, most=1_000_000, width=11),
            ),
        ),
        Section(
            "Energía",
            (
                Field("ups", "UPS suficiente", Kind.CHOICE, catalogue="cobertura", width=12),
                Field("polo_tierra", "Polo a tierra", Kind.CHOICE, catalogue="cobertura", width=12),
            ),
        ),
        Section(
            "Copias y contingencia",
            (
                Field(
                    "copias", "Copias de respaldo", Kind.CHOICE, required=True, catalogue="periodicidad_copia", width=16
                ),
                Field("copias_lugar", "Dónde se guardan", width=24, limit=300),
                Field("custodia_externa", "Custodia fuera de la sede", Kind.CHOICE, catalogue="cobertura", width=14),
                Field("contingencia", "Plan de contingencia", Kind.CHOICE, catalogue="estado_contingencia", width=16),
                Field("observaciones", "Observaciones", Kind.NOTE, lines=3, width=34),
                Field("fuente", "Fuente", width=24, limit=200, hint="Documento del que sale, si lo hay."),
            ),
        ),
    ),
    rules=(_custody, _on_site, _bandwidth, _wireless),
)

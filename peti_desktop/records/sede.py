"""A site's network, power and backup facts."""

from collections.abc import Iterable

from peti_desktop.records.fields import Context, Field, Kind, Problem, RecordType, Section, Severity, Values


def _custody(values: Values, context: Context) -> Iterable[Problem]:  # noqa: ARG001
    if values.get("copias") == "no_se_hacen" and values.get("custodia_externa") == "si":
        yield Problem(
            "copias", "custodia_externa", "Dice que no se hacen copias y que se custodian por fuera.", Severity.WARNS
        )


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
    rules=(_custody,),
)

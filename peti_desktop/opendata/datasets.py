"""What is open data: which fields of which records, and which records only as numbers.

The version for the web (``PUBLIC``) holds no list of open weaknesses: risks are counted for the whole entity, devices
without what they run; controls and sites are not in it. Neither version holds personal data (Ley 1581 de 2012): fields
for posts and serials, which people fill with names, are in none.
"""

from dataclasses import dataclass
from enum import StrEnum
from typing import Final

from peti_desktop.matrix import UNIT
from peti_desktop.records import EVERY
from peti_desktop.records.fields import Field, Kind, RecordType

NUMBER: Final = "cantidad_registros"
EXAMPLE: Final = Field("ejemplo", "Ejemplo", computed=True, hint="«sí» en los registros de demostración.")
UID: Final = Field(
    "uid", "Identidad del registro", computed=True, hint="No cambia entre entregas ni vigencias; los enlaces la citan."
)
CORRECTED: Final = Field(
    "corregido_por_tic",
    "Corregido por TIC",
    computed=True,
    hint="Columnas cuyo valor declarado corrigió la Oficina TIC.",
)
COUNT: Final = Field(
    NUMBER, "Registros", Kind.INTEGER, computed=True, hint="Cuántos registros tienen los valores de la fila."
)
PRIVATE: Final = frozenset({"serial", "custodio", "responsable", "dueno", "quienes"})
"""Fields that are in no version: people write names there, and a serial tells one device from all others."""
NAMED: Final = frozenset({"nombre", "direccion", "direccion_web", "marca", "modelo", "proveedor"})
"""Free texts that name places and things, which may be called after a person."""


class Version(StrEnum):
    """For whom the files are."""

    PUBLIC = "publica"
    INTERNAL = "interna"


@dataclass(frozen=True, slots=True)
class Dataset:
    """One file: the records of a type with some fields, one a row, or (``counted``) how many have the same values.

    ``only`` names a field and the one value that records must have to be in it. ``example``: the store is an example,
    and so is all that is in the file.
    """

    type: RecordType
    about: str
    fields: tuple[Field, ...]
    counted: bool = False
    only: tuple[str, str] | None = None
    example: bool = False

    @property
    def file(self) -> str:
        """The name of the file: ASCII, as portals want it; one that strays says by itself that it is an example."""
        return f"{'EJEMPLO_' if self.example else ''}{FILES[self.type.name]}{'_resumen' if self.counted else ''}.csv"


ONLY: Final = {"necesidad": ("forma", "necesidad")}
"""In the version for the web a finding is no need: it tells what is weak."""
FILES: Final = {
    "riesgo": "riesgos",
    "control": "controles",
    "equipo": "equipos",
    "necesidad": "necesidades",
    "sistema": "sistemas",
    "sede": "sedes",
    "formacion": "formacion",
    "iniciativa": "iniciativas",
    "avance": "avances",
}
_PUBLIC: Final[tuple[tuple[str, str, tuple[str, ...], bool], ...]] = (
    (
        "riesgo",
        "Cuántos riesgos hay por clase, zona y tratamiento en toda la entidad.",
        ("tipo", "zona_inherente", "zona_residual", "tratamiento"),
        True,
    ),
    (
        "equipo",
        "Cuántos equipos hay por dependencia, tipo, año y estado.",
        (UNIT.name, "tipo", "anio", "estado"),
        True,
    ),
    (
        "necesidad",
        "Las necesidades de cada dependencia, por tema y código de bienes y servicios, y cuánto valen.",
        (
            UNIT.name, "subproceso", "tema", "cantidad", "valor_unitario", "valor_total",
            "fuente_financiacion", "unspsc", "vigencia", "componente", "objetivo",
        ),
        False,
    ),
    (
        "sistema",
        "Los sistemas de información y servicios web, y para qué sirven.",
        (UNIT.name, "nombre", "tipo", "para_que", "subproceso", "direccion_web"),
        False,
    ),
    (
        "formacion",
        "La formación que se pide y la que se dio.",
        (UNIT.name, "forma", "subproceso", "personas", "horas", "fecha", "publico"),
        False,
    ),
    (
        "iniciativa",
        "Las iniciativas del PETI.",
        (
            "codigo", "nombre", "descripcion", "estado", "componente", "objetivo", "programa", "anio_desde",
            "anio_hasta",
        ),
        False,
    ),
    (
        "avance",
        "Lo que se midió de cada indicador del PETI.",
        ("indicador", "vigencia", "periodo", "linea_base", "meta", "valor", "cumplimiento_pct", "fecha"),
        False,
    ),
)  # fmt: skip


def datasets(version: Version, *, example: bool = False) -> tuple[Dataset, ...]:
    """The files of a version. ``example``: of a store that is an example as a whole."""
    if version is Version.PUBLIC:
        return tuple(
            _public(EVERY[name], about, names, counted=counted, example=example)
            for name, about, names, counted in _PUBLIC
        )
    return tuple(
        Dataset(
            kind,
            f"{kind.title}: todos los registros en firme, sin datos personales.",
            (UID, UNIT, *(field for field in kind.fields if field.name not in PRIVATE), CORRECTED, EXAMPLE),
            example=example,
        )
        for kind in EVERY.values()
    )


def _public(kind: RecordType, about: str, names: tuple[str, ...], *, counted: bool, example: bool) -> Dataset:
    fields = tuple(UNIT if name == UNIT.name else kind[name] for name in names)
    return Dataset(kind, about, (*fields, COUNT) if counted else fields, counted, ONLY.get(kind.name), example)

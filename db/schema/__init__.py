"""The tables of a store, of either profile: a promise to files already written (migrations keep it).

Columns of record tables carry the field names of ``peti_desktop.records``; ``tests/db`` ties the two. No text states a
length: SQLite would not keep to it, and PostgreSQL would refuse what SQLite took.
"""

from db.schema.base import metadata
from db.schema.desk import (
    correccion,
    corte,
    corte_informe,
    decision,
    duda,
    grupo,
    grupo_miembro,
    importacion,
    iniciativa_registro,
    prioridad,
)
from db.schema.exchange import archivo, autoridad, entrega_hecha, entrega_recibida, firmante, observacion, plazo
from db.schema.records import (
    RECORDS,
    TECHNICAL,
    avance,
    control,
    equipo,
    formacion,
    iniciativa,
    necesidad,
    riesgo,
    sede,
    sistema,
)
from db.schema.store import acto, bitacora, borrador, catalogo, espacio, historial, plantilla, vista

__all__ = [
    "RECORDS",
    "TECHNICAL",
    "acto",
    "archivo",
    "autoridad",
    "avance",
    "bitacora",
    "borrador",
    "catalogo",
    "control",
    "correccion",
    "corte",
    "corte_informe",
    "decision",
    "duda",
    "entrega_hecha",
    "entrega_recibida",
    "equipo",
    "espacio",
    "firmante",
    "formacion",
    "grupo",
    "grupo_miembro",
    "historial",
    "importacion",
    "iniciativa",
    "iniciativa_registro",
    "metadata",
    "necesidad",
    "observacion",
    "plantilla",
    "plazo",
    "prioridad",
    "riesgo",
    "sede",
    "sistema",
    "vista",
]

"""The tables of records: one for each type, of the dependencias and of the office's plan; columns are fields."""

from collections.abc import Iterator

from sqlalchemy import Boolean, Column, Date, Index, Integer, Table, Text, text

from db.schema.base import metadata, texts
from db.types import Instant, Scaled

TECHNICAL = (
    "uid",
    "dependencia",
    "revision",
    "ejemplo",
    "no_aplica",
    "borrado",
    "retirado",
    "creado_en",
    "creado_por",
    "cambiado_en",
    "cambiado_por",
    "entrega",
    "hoja",
    "fila",
)
"""Columns every record table has and no form shows.

``no_aplica`` names the fields answered «No aplica», ``borrado`` those whose delivered value is taken back («Borrar lo
anterior»); ``retirado`` is the reason of a retired record; ``entrega``,
``hoja`` and ``fila`` say which received file and row last set the values (office only).
"""


def _technical() -> Iterator[Column[object]]:
    yield Column("uid", Text, primary_key=True)
    yield Column("dependencia", Text, nullable=False)
    yield Column("revision", Integer, nullable=False)
    yield Column("ejemplo", Boolean, nullable=False)
    yield Column("no_aplica", Text, nullable=False)
    yield Column("borrado", Text)
    yield Column("retirado", Text)
    yield Column("creado_en", Instant, nullable=False)
    yield Column("creado_por", Text, nullable=False)
    yield Column("cambiado_en", Instant, nullable=False)
    yield Column("cambiado_por", Text, nullable=False)
    yield Column("entrega", Text)
    yield Column("hoja", Text)
    yield Column("fila", Integer)


def _counted(*columns: str) -> Iterator[Index]:
    """An index that alone answers how many records in force there are for each value of ``columns``."""
    in_force = text("retirado IS NULL")
    yield Index(None, *columns, sqlite_where=in_force, postgresql_where=in_force)


def _arranged(*columns: str) -> Iterator[Index]:
    """An index for each column by which the matrix of a large store is opened, jumped through and sorted.

    ``retirado`` is in it although it is always NULL there: SQLite would look into the table for it otherwise.
    """
    in_force = text("retirado IS NULL")
    for column in columns:
        yield Index(None, column, "uid", "retirado", sqlite_where=in_force, postgresql_where=in_force)


riesgo = Table(
    "riesgo",
    metadata,
    *_technical(),
    *texts("referencia", "subproceso", "factor", "clasificacion", "afectacion", "metodo"),
    *texts("tipo", "bien", "tipo_activo", "propiedad", "amenaza", "vulnerabilidad", "subtipo"),
    *texts("actividad", "causa_inmediata", "causa_raiz", "descripcion", "evidencia"),
    *texts("activo", "accion_omision", "uso_poder", "desvio", "beneficio", "preguntas"),
    Column("frecuencia_anual", Integer),
    Column("impacto_smlmv", Scaled(6)),
    Column("impacto_reputacional", Text),
    Column("probabilidad_inherente", Integer),
    Column("impacto_inherente", Integer),
    Column("zona_inherente", Text),
    Column("controles", Integer),
    Column("probabilidad_residual", Integer),
    Column("probabilidad_residual_pct", Scaled(6)),
    Column("impacto_residual", Integer),
    Column("impacto_residual_pct", Scaled(6)),
    Column("zona_residual", Text),
    *texts("tratamiento", "estado_plan"),
    *texts("plan_accion", "responsable", "seguimiento", "fuente"),
    Column("fecha_implementacion", Date),
    Column("fecha_seguimiento", Date),
    Index(None, "dependencia"),
    *_counted("probabilidad_inherente", "impacto_inherente"),
    *_counted("probabilidad_residual", "impacto_residual"),
    *_counted("zona_inherente"),
    *_counted("zona_residual"),
    *_arranged("dependencia", "fecha_implementacion"),
)

control = Table(
    "control",
    metadata,
    *_technical(),
    Column("riesgo", Text),
    Column("orden", Integer),
    *texts("responsable", "accion", "periodicidad", "como", "desviacion", "evidencia"),
    *texts("tipo", "implementacion", "documentacion", "frecuencia", "registro", "fuente"),
    Column("peso", Scaled(6)),
    Index(None, "riesgo"),
    Index(None, "dependencia"),
    *_arranged("dependencia"),
)

equipo = Table(
    "equipo",
    metadata,
    *_technical(),
    *texts("tipo", "sistema_operativo", "ofimatica", "antivirus", "licencia", "estado"),
    *texts("placa", "serial", "marca", "modelo", "ubicacion", "custodio", "observaciones", "obsolescencia"),
    *texts("fuente"),
    Column("anio", Integer),
    Index(None, "dependencia"),
    Index(None, "placa"),
    Index(None, "serial"),
    *_arranged("dependencia", "tipo", "anio", "estado"),
)

necesidad = Table(
    "necesidad",
    metadata,
    *_technical(),
    *texts("subproceso", "forma", "tema", "urgencia", "fuente_financiacion", "componente", "objetivo"),
    *texts("descripcion", "justificacion", "unspsc", "fuente"),
    Column("cantidad", Integer),
    Column("valor_unitario", Scaled(2)),
    Column("valor_total", Scaled(2)),
    Column("vigencia", Integer),
    Column("equipo", Text),
    Column("riesgo", Text),
    Index(None, "dependencia"),
    Index(None, "tema"),
    *_arranged("dependencia", "valor_total"),
)

sistema = Table(
    "sistema",
    metadata,
    *_technical(),
    *texts("tipo", "subproceso", "estado"),
    *texts("nombre", "para_que", "direccion_web", "dueno", "proveedor", "soporte", "intercambia", "observaciones"),
    *texts("fuente"),
    Column("soporte_hasta", Date),
    Column("usuarios", Integer),
    Index(None, "dependencia"),
    *_arranged("dependencia"),
)

sede = Table(
    "sede",
    metadata,
    *_technical(),
    *texts("cableado", "racks", "hubs", "ups", "polo_tierra", "copias", "custodia_externa", "contingencia"),
    *texts("nombre", "direccion", "internet", "copias_lugar", "observaciones", "fuente"),
    Column("ancho_mbps", Integer),
    Index(None, "dependencia"),
    *_arranged("dependencia"),
)

formacion = Table(
    "formacion",
    metadata,
    *_technical(),
    *texts("forma", "subproceso", "publico"),
    *texts("asunto", "quienes", "herramienta", "observaciones", "fuente"),
    Column("personas", Integer),
    Column("horas", Integer),
    Column("fecha", Date),
    Index(None, "dependencia"),
    *_arranged("dependencia"),
)

iniciativa = Table(
    "iniciativa",
    metadata,
    *_technical(),
    *texts("codigo", "nombre", "descripcion", "componente", "objetivo", "programa", "estado", "responsable", "fuente"),
    Column("anio_desde", Integer),
    Column("anio_hasta", Integer),
    Index(None, "componente"),
)

avance = Table(
    "avance",
    metadata,
    *_technical(),
    *texts("indicador", "iniciativa", "periodo", "evidencia", "observaciones"),
    Column("vigencia", Integer),
    Column("linea_base", Scaled(6)),
    Column("meta", Scaled(6)),
    Column("valor", Scaled(6)),
    Column("cumplimiento_pct", Scaled(6)),
    Column("fecha", Date),
    Index(None, "indicador", "vigencia"),
)

RECORDS: dict[str, Table] = {
    t.name: t for t in (riesgo, control, equipo, necesidad, sistema, sede, formacion, iniciativa, avance)
}

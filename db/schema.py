"""The tables of a store, of either profile: a promise to files already written (migrations keep it).

Columns of record tables carry the field names of ``peti_desktop.records``; ``tests/db`` ties the two. No text states a
length: SQLite would not keep to it, and PostgreSQL would refuse what SQLite took.
"""

from collections.abc import Iterator

from sqlalchemy import (
    Boolean,
    Column,
    Date,
    Index,
    Integer,
    LargeBinary,
    MetaData,
    Table,
    Text,
    UniqueConstraint,
    text,
)

from db.types import Instant, Scaled

metadata = MetaData(
    naming_convention={
        "ix": "ix_%(table_name)s_%(column_0_N_name)s",
        "uq": "uq_%(table_name)s_%(column_0_N_name)s",
        "fk": "fk_%(table_name)s_%(column_0_name)s",
        "pk": "pk_%(table_name)s",
    }
)

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


def _text(*names: str) -> Iterator[Column[object]]:
    return (Column(name, Text) for name in names)


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
    *_text("referencia", "subproceso", "factor", "clasificacion", "afectacion", "metodo"),
    *_text("tipo", "bien", "tipo_activo", "propiedad", "amenaza", "vulnerabilidad", "subtipo"),
    *_text("actividad", "causa_inmediata", "causa_raiz", "descripcion", "evidencia"),
    *_text("activo", "accion_omision", "uso_poder", "desvio", "beneficio", "preguntas"),
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
    *_text("tratamiento", "estado_plan"),
    *_text("plan_accion", "responsable", "seguimiento", "fuente"),
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
    *_text("responsable", "accion", "periodicidad", "como", "desviacion", "evidencia"),
    *_text("tipo", "implementacion", "documentacion", "frecuencia", "registro", "fuente"),
    Column("peso", Scaled(6)),
    Index(None, "riesgo"),
    Index(None, "dependencia"),
    *_arranged("dependencia"),
)

equipo = Table(
    "equipo",
    metadata,
    *_technical(),
    *_text("tipo", "sistema_operativo", "ofimatica", "antivirus", "licencia", "estado"),
    *_text("placa", "serial", "marca", "modelo", "ubicacion", "custodio", "observaciones", "obsolescencia"),
    *_text("fuente"),
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
    *_text("subproceso", "forma", "tema", "urgencia", "fuente_financiacion", "componente", "objetivo"),
    *_text("descripcion", "justificacion", "unspsc", "fuente"),
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
    *_text("tipo", "subproceso", "estado"),
    *_text("nombre", "para_que", "direccion_web", "dueno", "proveedor", "soporte", "intercambia", "observaciones"),
    *_text("fuente"),
    Column("soporte_hasta", Date),
    Column("usuarios", Integer),
    Index(None, "dependencia"),
    *_arranged("dependencia"),
)

sede = Table(
    "sede",
    metadata,
    *_technical(),
    *_text("cableado", "racks", "hubs", "ups", "polo_tierra", "copias", "custodia_externa", "contingencia"),
    *_text("nombre", "direccion", "internet", "copias_lugar", "observaciones", "fuente"),
    Column("ancho_mbps", Integer),
    Index(None, "dependencia"),
    *_arranged("dependencia"),
)

formacion = Table(
    "formacion",
    metadata,
    *_technical(),
    *_text("forma", "subproceso", "publico"),
    *_text("asunto", "quienes", "herramienta", "observaciones", "fuente"),
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
    *_text("codigo", "nombre", "descripcion", "componente", "objetivo", "programa", "estado", "responsable", "fuente"),
    Column("anio_desde", Integer),
    Column("anio_hasta", Integer),
    Index(None, "componente"),
)

avance = Table(
    "avance",
    metadata,
    *_technical(),
    *_text("indicador", "iniciativa", "periodo", "evidencia", "observaciones"),
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

espacio = Table(
    "espacio",
    metadata,
    Column("clave", Text, primary_key=True),
    Column("valor", Text, nullable=False),
)
"""What this store is: profile, entity, dependencia, vigencia, who works in it."""

borrador = Table(
    "borrador",
    metadata,
    Column("uid", Text, primary_key=True),
    Column("campo", Text, primary_key=True),
    Column("texto", Text, nullable=False),
)
"""Text that was typed and is not yet a value of its field: kept so that no keystroke is lost."""

historial = Table(
    "historial",
    metadata,
    Column("id", Integer, primary_key=True, autoincrement=True),
    Column("cuando", Instant, nullable=False),
    Column("quien", Text, nullable=False),
    Column("tipo", Text, nullable=False),
    Column("uid", Text, nullable=False),
    Column("accion", Text, nullable=False),
    Column("campo", Text, nullable=False),
    Column("antes", Text),
    Column("despues", Text),
    Column("entrega", Text),
    Column("acto", Text),
    Index(None, "uid"),
    Index(None, "acto"),
)
"""Every change of every field: who, when, old, new, and by which delivery or which act of a person."""

acto = Table(
    "acto",
    metadata,
    Column("uid", Text, primary_key=True),
    Column("numero", Integer, nullable=False, unique=True),
    Column("cuando", Instant, nullable=False),
    Column("quien", Text, nullable=False),
    Column("palabras", Text, nullable=False),
    Column("deshecho", Boolean, nullable=False),
    Column("cerrado", Boolean, nullable=False),
)
"""What a person did in one go and can undo in one go.

``numero`` is their order: neither clocks nor uids tell it on a PC whose clock went back. ``cerrado``: it was undone and
the person went on from there, so it cannot be done again.
"""

entrega_hecha = Table(
    "entrega_hecha",
    metadata,
    Column("sha256", Text, primary_key=True),
    Column("numero", Integer, nullable=False),
    Column("vigencia", Integer, nullable=False),
    Column("codigo", Text, nullable=False),
    Column("hecha_en", Instant, nullable=False),
    Column("firmante", Text, nullable=False),
    Column("nombre", Text, nullable=False),
    Column("conteos", Text, nullable=False),
    Column("contenido", LargeBinary, nullable=False),
    UniqueConstraint("vigencia", "numero"),
)
"""Deliveries this dependencia has made, byte for byte."""

entrega_recibida = Table(
    "entrega_recibida",
    metadata,
    Column("sha256", Text, primary_key=True),
    Column("nombre", Text, nullable=False),
    Column("dependencia", Text, nullable=False),
    Column("vigencia", Integer, nullable=False),
    Column("numero", Integer, nullable=False),
    Column("codigo", Text, nullable=False),
    Column("firmante", Text, nullable=False),
    Column("huella", Text, nullable=False),
    Column("firmada_en", Instant, nullable=False),
    Column("recibida_en", Instant, nullable=False),
    Column("veredicto", Text, nullable=False),
    Column("motivos", Text, nullable=False),
    Column("estado", Text, nullable=False),
    Column("decidida_en", Instant),
    Column("decidida_por", Text),
    Column("conteos", Text, nullable=False),
    Column("contenido", LargeBinary, nullable=False),
    *_text("ejemplar", "linaje", "previo", "asignada_a"),
    Column("ronda", Integer),
    Index(None, "dependencia", "vigencia", "numero"),
)
"""Files the office received, byte for byte, with their verdict and what was decided.

``ejemplar``, ``linaje`` and ``previo`` (the code of the delivery before) are what the cover says of where it was made;
``ronda`` is how many times it was given back; ``asignada_a`` who of the office looks at it.
"""

decision = Table(
    "decision",
    metadata,
    Column("sha256", Text, primary_key=True),
    Column("tipo", Text, primary_key=True),
    Column("registro", Text, primary_key=True),
    Column("decision", Text, nullable=False),
    Column("motivo", Text, nullable=False),
    Column("quien", Text, nullable=False),
    Column("cuando", Instant, nullable=False),
)
"""What was decided about one row of a received file that was not accepted as a whole."""

duda = Table(
    "duda",
    metadata,
    Column("uid", Text, primary_key=True),
    Column("cuando", Instant, nullable=False),
    Column("dependencia", Text, nullable=False),
    Column("tipo", Text, nullable=False),
    Column("registro", Text, nullable=False),
    Column("campo", Text, nullable=False),
    Column("clase", Text, nullable=False),
    Column("texto", Text, nullable=False),
    Column("entrega", Text),
    Column("asignada_a", Text),
    Column("resolucion", Text),
    Column("nota", Text),
    Column("resuelta_en", Instant),
    Column("resuelta_por", Text),
    Column("acto", Text),
    Index(None, "dependencia"),
    Index(None, "registro"),
    Index(None, "entrega"),
)
"""The queue of doubts: what accepting a delivery left for somebody to decide.

Open while ``resolucion`` is NULL, and again when the act that resolved it (``acto``) was undone.
"""

correccion = Table(
    "correccion",
    metadata,
    Column("uid", Text, primary_key=True),
    Column("tipo", Text, nullable=False),
    Column("registro", Text, nullable=False),
    Column("campo", Text, nullable=False),
    Column("declarado", Text),
    Column("corregido", Text),
    Column("motivo", Text, nullable=False),
    Column("quien", Text, nullable=False),
    Column("cuando", Instant, nullable=False),
    Column("por_confirmar", Boolean, nullable=False),
    Column("levantada_en", Instant),
    Column("levantada_por", Text),
    Column("levantada_motivo", Text),
    *_text("acto", "levantada_acto", "confirmada_acto"),
    Index(None, "registro"),
)
"""Values the office put in the place of declared ones, in the form of ``stored_text``; in force until lifted.

``declarado`` follows what the dependencia declares; ``por_confirmar``: it declared something else since. The three acts
made, lifted and confirmed it: what an undone act did does not count (``db.queries.corrections`` reads it so).
"""

importacion = Table(
    "importacion",
    metadata,
    Column("id", Integer, primary_key=True, autoincrement=True),
    Column("lote", Text, nullable=False),
    Column("entrega", Text, nullable=False),
    Column("cuando", Instant, nullable=False),
    Column("quien", Text, nullable=False),
    Column("tabla", Text, nullable=False),
    Column("antes", Text, nullable=False),
    Column("nacidos", Text, nullable=False),
    Column("marca", Integer, nullable=False),
    Index(None, "lote"),
)
"""How things stood before the last import: for each delivery of it and each table, the rows that it changed, as JSON,
and the keys of those it made. ``marca`` is the newest entry of the history when it was done.
"""

observacion = Table(
    "observacion",
    metadata,
    Column("uid", Text, primary_key=True),
    Column("entrega", Text, nullable=False),
    Column("dependencia", Text, nullable=False),
    Column("vigencia", Integer, nullable=False),
    Column("numero", Integer, nullable=False),
    Column("ronda", Integer, nullable=False),
    Column("tipo", Text, nullable=False),
    Column("registro", Text, nullable=False),
    Column("campo", Text, nullable=False),
    Column("titular", Text, nullable=False),
    Column("declarado", Text, nullable=False),
    Column("frase", Text, nullable=False),
    Column("texto", Text, nullable=False),
    Column("vence", Date),
    Column("hecha_en", Instant, nullable=False),
    Column("hecha_por", Text, nullable=False),
    Column("estado", Text, nullable=False),
    Column("respuesta", Text),
    Column("razon", Text),
    Column("respondida_en", Instant),
    Column("respondida_por", Text),
    Column("respondida_con", Text),
    Column("cerrada_en", Instant),
    Column("cerrada_por", Text),
    Index(None, "dependencia", "vigencia"),
    Index(None, "entrega"),
    Index(None, "registro"),
)
"""What the office asks about a delivery: of a field, a row (``campo`` empty) or a section (``registro`` empty too).

The same rows on both sides: the office writes them, the return file carries them, the answers come back.
``respondida_con`` is the code of the delivery that brought the answer.
"""

archivo = Table(
    "archivo",
    metadata,
    Column("sha256", Text, primary_key=True),
    Column("clase", Text, nullable=False),
    Column("sentido", Text, nullable=False),
    Column("dependencia", Text, nullable=False),
    Column("vigencia", Integer, nullable=False),
    Column("entrega", Text),
    Column("numero", Integer, nullable=False),
    Column("previo", Text, nullable=False),
    Column("codigo", Text, nullable=False),
    Column("nombre", Text, nullable=False),
    Column("cuando", Instant, nullable=False),
    Column("quien", Text, nullable=False),
    Column("contenido", LargeBinary, nullable=False),
    Index(None, "dependencia", "vigencia"),
    Index(None, "entrega"),
)
"""Files the office signed (inicio, devolucion, acuse), byte for byte: ``emitido`` by it, ``recibido`` by a dependencia.

``numero`` counts those of the office; ``previo`` is the hash of the one before: a chain that cannot be rewritten.
"""

corte = Table(
    "corte",
    metadata,
    Column("uid", Text, primary_key=True),
    Column("numero", Integer, nullable=False, unique=True),
    Column("vigencia", Integer, nullable=False),
    Column("nombre", Text, nullable=False),
    Column("nota", Text, nullable=False),
    Column("cuando", Instant, nullable=False),
    Column("quien", Text, nullable=False),
    Column("sello", Text, nullable=False),
    Column("previo", Text, nullable=False),
    Column("contenido", LargeBinary, nullable=False),
)
"""Sealed cuts: the whole consolidation at one moment, its hash, and the hash of the cut before."""

corte_informe = Table(
    "corte_informe",
    metadata,
    Column("corte", Text, primary_key=True),
    Column("nombre", Text, primary_key=True),
    Column("archivo", Text, nullable=False),
    Column("sha256", Text, nullable=False),
    Column("contenido", LargeBinary, nullable=False),
)
"""The reports of a cut as they were issued: given again byte for byte, whatever the program has become since."""

vista = Table(
    "vista",
    metadata,
    Column("uid", Text, primary_key=True),
    Column("pagina", Text, nullable=False),
    Column("nombre", Text, nullable=False),
    Column("quien", Text, nullable=False),
    Column("cuando", Instant, nullable=False),
    Column("definicion", Text, nullable=False),
    UniqueConstraint("pagina", "nombre"),
)
"""Columns, filters and order of a table, saved under a name."""

plantilla = Table(
    "plantilla",
    metadata,
    Column("uid", Text, primary_key=True),
    Column("tipo", Text, nullable=False),
    Column("nombre", Text, nullable=False),
    Column("quien", Text, nullable=False),
    Column("cuando", Instant, nullable=False),
    Column("valores", Text, nullable=False),
    UniqueConstraint("tipo", "nombre"),
)
"""Values a new record can begin with, saved under a name."""

grupo = Table(
    "grupo",
    metadata,
    Column("uid", Text, primary_key=True),
    Column("tipo", Text, nullable=False),
    Column("clase", Text, nullable=False),
    Column("nombre", Text, nullable=False),
    Column("motivo", Text, nullable=False),
    Column("quien", Text, nullable=False),
    Column("cuando", Instant, nullable=False),
    Column("deshecho_en", Instant),
    Column("deshecho_por", Text),
    Index(None, "tipo", "clase"),
)
"""What a person decided about records that look alike: the same thing, equal needs to be bought together, or not."""

grupo_miembro = Table(
    "grupo_miembro",
    metadata,
    Column("grupo", Text, primary_key=True),
    Column("registro", Text, primary_key=True),
    Column("texto", Text, nullable=False),
    Index(None, "registro"),
)
"""``texto`` is what was compared when it was decided: it is asked again once the record says something else."""

prioridad = Table(
    "prioridad",
    metadata,
    Column("registro", Text, primary_key=True),
    Column("puntaje", Integer, nullable=False),
    Column("motivo", Text, nullable=False),
    Column("quien", Text, nullable=False),
    Column("cuando", Instant, nullable=False),
)
"""Priorities a person set by hand in the place of the rule's."""

iniciativa_registro = Table(
    "iniciativa_registro",
    metadata,
    Column("iniciativa", Text, primary_key=True),
    Column("registro", Text, primary_key=True),
    Column("tipo", Text, nullable=False),
    Index(None, "registro"),
)
"""The needs and risks an initiative answers to."""

catalogo = Table(
    "catalogo",
    metadata,
    Column("id", Integer, primary_key=True, autoincrement=True),
    Column("version", Integer, nullable=False),
    Column("lista", Text, nullable=False),
    Column("codigo", Text, nullable=False),
    Column("datos", Text, nullable=False),
    Column("motivo", Text, nullable=False),
    Column("quien", Text, nullable=False),
    Column("cuando", Instant, nullable=False),
    Index(None, "lista", "codigo"),
)
"""What the office changed in the lists the program ships: the newest row of an entry counts, none is ever taken out."""

firmante = Table(
    "firmante",
    metadata,
    Column("huella", Text, primary_key=True),
    Column("dependencia", Text, nullable=False),
    Column("nombre", Text, nullable=False),
    Column("cargo", Text, nullable=False),
    Column("certificado", LargeBinary, nullable=False),
    Column("desde", Instant, nullable=False),
    Column("anulado_en", Instant),
    Column("motivo", Text),
    *_text("confirmado_por", "anulado_por", "sucede_a"),
    Column("vence", Instant),
    Index(None, "dependencia"),
)
"""Keys the office has confirmed, by the SHA-256 of the public key; ``sucede_a`` is the key it took the place of."""

autoridad = Table(
    "autoridad",
    metadata,
    Column("huella", Text, primary_key=True),
    Column("certificado", LargeBinary, nullable=False),
    Column("desde", Instant, nullable=False),
)
"""Certificates of the office's authority this store trusts."""

plazo = Table(
    "plazo",
    metadata,
    Column("vigencia", Integer, primary_key=True),
    Column("dependencia", Text, primary_key=True),
    Column("seccion", Text, primary_key=True),
    Column("vence", Date, nullable=False),
    Column("primero", Date),
    *_text("motivo", "sin_novedad"),
)
"""What each dependencia owes in a vigencia, by section (a record type's name), and until when.

``primero`` is the day it was owed until before it was given more time, ``motivo`` why it was; ``sin_novedad`` how it
said that it has nothing to declare in the section, NULL while it is expected to.
"""

bitacora = Table(
    "bitacora",
    metadata,
    Column("id", Integer, primary_key=True, autoincrement=True),
    Column("cuando", Instant, nullable=False),
    Column("quien", Text, nullable=False),
    Column("accion", Text, nullable=False),
    Column("detalle", Text, nullable=False),
    Column("previo", Text, nullable=False),
    Column("sello", Text, nullable=False),
)
"""Decisions, append-only; each entry carries the hash of the one before."""

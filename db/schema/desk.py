"""What the office decides over what it received: doubts, corrections, groups, priorities, initiatives and cuts."""

from sqlalchemy import Boolean, Column, Index, Integer, LargeBinary, Table, Text

from db.schema.base import metadata, texts
from db.types import Instant

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
    *texts("acto", "levantada_acto", "confirmada_acto"),
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

"""What any store knows of itself: whose it is, what was typed and undone, views, templates, lists and its log."""

from sqlalchemy import Boolean, Column, Index, Integer, Table, Text, UniqueConstraint

from db.schema.base import metadata
from db.types import Instant

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

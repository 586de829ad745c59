"""What goes from hand to hand: deliveries made and received, observations, files of the office, keys and deadlines."""

from sqlalchemy import Column, Date, Index, Integer, LargeBinary, Table, Text, UniqueConstraint

from db.schema.base import metadata, texts
from db.types import Instant

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
    *texts("ejemplar", "linaje", "previo", "asignada_a"),
    Column("ronda", Integer),
    Index(None, "dependencia", "vigencia", "numero"),
)
"""Files the office received, byte for byte, with their verdict and what was decided.

``ejemplar``, ``linaje`` and ``previo`` (the code of the delivery before) are what the cover says of where it was made;
``ronda`` is how many times it was given back; ``asignada_a`` who of the office looks at it.
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
    *texts("confirmado_por", "anulado_por", "sucede_a"),
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
    *texts("motivo", "sin_novedad"),
)
"""What each dependencia owes in a vigencia, by section (a record type's name), and until when.

``primero`` is the day it was owed until before it was given more time, ``motivo`` why it was; ``sin_novedad`` how it
said that it has nothing to declare in the section, NULL while it is expected to.
"""

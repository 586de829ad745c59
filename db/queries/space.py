"""What the store is and whom it trusts: settings, deadlines, authorities, confirmed keys."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, delete, insert, select

from db.schema import autoridad, espacio, firmante, plazo

Row = dict[str, Any]


def settings(connection: Connection) -> dict[str, str]:
    """Everything the store says about itself."""
    rows = connection.execute(select(espacio.c.clave, espacio.c.valor))
    return {row.clave: row.valor for row in rows}


def set_settings(connection: Connection, values: Mapping[str, str]) -> None:
    """Set some settings, leaving the others."""
    for key, value in values.items():
        connection.execute(delete(espacio).where(espacio.c.clave == key))
        connection.execute(insert(espacio).values(clave=key, valor=value))


def deadlines(connection: Connection, vigencia: int) -> list[Row]:
    """What is owed in ``vigencia``: dependencia, section, date."""
    query = select(plazo).where(plazo.c.vigencia == vigencia).order_by(plazo.c.dependencia, plazo.c.seccion)
    return [dict(row) for row in connection.execute(query).mappings()]


def set_deadlines(connection: Connection, vigencia: int, rows: Sequence[Row]) -> None:
    """Replace what is owed in ``vigencia``."""
    connection.execute(delete(plazo).where(plazo.c.vigencia == vigencia))
    if rows:
        connection.execute(insert(plazo), [{**row, "vigencia": vigencia} for row in rows])


def authorities(connection: Connection) -> list[bytes]:
    """Certificates (DER) of the authorities this store trusts, newest first."""
    query = select(autoridad.c.certificado).order_by(autoridad.c.desde.desc())
    return list(connection.execute(query).scalars())


def add_authority(connection: Connection, fingerprint: str, certificate: bytes, since: datetime) -> None:
    """Trust an authority; a known one is left as it is."""
    known = connection.execute(select(autoridad.c.huella).where(autoridad.c.huella == fingerprint)).first()
    if known is None:
        connection.execute(insert(autoridad).values(huella=fingerprint, certificado=certificate, desde=since))


def signers(connection: Connection) -> list[Row]:
    """Every confirmed key, annulled ones too."""
    query = select(firmante).order_by(firmante.c.dependencia, firmante.c.desde)
    return [dict(row) for row in connection.execute(query).mappings()]


def add_signer(connection: Connection, row: Row) -> None:
    """Register a confirmed key."""
    connection.execute(insert(firmante).values(**row))

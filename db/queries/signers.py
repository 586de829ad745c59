"""The register of confirmed keys, one by one, and the order of the authorities."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, func, select, update

from db.schema import autoridad, firmante

Row = dict[str, Any]


def one(connection: Connection, key_id: str) -> Row | None:
    """The confirmed key ``key_id``, annulled or not."""
    found = connection.execute(select(firmante).where(firmante.c.huella == key_id)).mappings().first()
    return dict(found) if found is not None else None


def of_unit(connection: Connection, dependencia: str) -> list[Row]:
    """The keys confirmed for a dependencia, oldest first, annulled ones too."""
    query = select(firmante).where(firmante.c.dependencia == dependencia).order_by(firmante.c.desde, firmante.c.huella)
    return [dict(row) for row in connection.execute(query).mappings()]


def change(connection: Connection, key_id: str, values: Mapping[str, Any]) -> None:
    """Change what is known of a confirmed key."""
    connection.execute(update(firmante).where(firmante.c.huella == key_id).values(**values))


def newest_authority(connection: Connection) -> datetime | None:
    """Since when the newest authority is trusted."""
    return connection.execute(select(func.max(autoridad.c.desde))).scalar()

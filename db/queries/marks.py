"""A point of the history, and what happened to records since."""

from datetime import datetime

from sqlalchemy import Connection, delete, func, select

from db.queries.records import Row
from db.schema import acto, historial


def newest(connection: Connection) -> int:
    """The number of the newest entry of the history; 0 for none."""
    return connection.execute(select(func.max(historial.c.id))).scalar() or 0


def newest_moment(connection: Connection) -> datetime | None:
    """When the newest entry of the history was made."""
    return connection.execute(select(historial.c.cuando).order_by(historial.c.id.desc()).limit(1)).scalar()


def close_acts(connection: Connection) -> None:
    """Leave nothing to undo and nothing to go on with; the history keeps all of it."""
    connection.execute(delete(acto))


def since(connection: Connection, number: int) -> list[Row]:
    """Entries of the history after ``number``, oldest first."""
    query = select(historial).where(historial.c.id > number).order_by(historial.c.id)
    return [dict(row) for row in connection.execute(query).mappings()]

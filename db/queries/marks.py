"""A point of the history, and what happened to records since."""

from collections.abc import Collection
from datetime import datetime

from sqlalchemy import Connection, func, select, true, update

from db.queries.records import Row
from db.schema import acto, historial


def newest(connection: Connection) -> int:
    """The number of the newest entry of the history; 0 for none."""
    return connection.execute(select(func.max(historial.c.id))).scalar() or 0


def newest_moment(connection: Connection) -> datetime | None:
    """When the newest entry of the history was made."""
    return connection.execute(select(historial.c.cuando).order_by(historial.c.id.desc()).limit(1)).scalar()


def close_acts(connection: Connection) -> None:
    """Leave nothing to undo and nothing to go on with; what was undone stays undone."""
    connection.execute(update(acto).values(cerrado=True))


def first_since(connection: Connection, number: int, types: Collection[str], uid: str = "") -> list[Row]:
    """The first entry after ``number`` of each field of records of these types, or of one of them.

    The field of what happens to a record as a whole is empty.
    """
    of_these = historial.c.id > number, historial.c.tipo.in_(types), historial.c.uid == uid if uid else true()
    firsts = select(func.min(historial.c.id)).where(*of_these).group_by(historial.c.uid, historial.c.campo)
    query = select(historial).where(historial.c.id.in_(firsts))
    return [dict(row) for row in connection.execute(query).mappings()]

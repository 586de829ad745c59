"""Views: columns, filters and order of a table, saved under a name for everybody who opens the store."""

from collections.abc import Mapping
from typing import Any

from sqlalchemy import Connection, delete, insert, select, update

from db.schema import vista

Row = dict[str, Any]


def listing(connection: Connection, page: str) -> list[Row]:
    """The views of a page, by name."""
    query = select(vista).where(vista.c.pagina == page).order_by(vista.c.nombre)
    return [dict(row) for row in connection.execute(query).mappings()]


def add(connection: Connection, row: Row) -> None:
    """Keep a new view."""
    connection.execute(insert(vista).values(**row))


def change(connection: Connection, uid: str, values: Mapping[str, Any]) -> bool:
    """Change a view; False when somebody took it away meanwhile."""
    return connection.execute(update(vista).where(vista.c.uid == uid).values(**values)).rowcount == 1


def remove(connection: Connection, uid: str) -> None:
    """Take a view away: it is how something is looked at, and no record."""
    connection.execute(delete(vista).where(vista.c.uid == uid))

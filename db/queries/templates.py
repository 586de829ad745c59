"""Values a new record can begin with, saved under a name."""

from typing import Any

from sqlalchemy import Connection, delete, insert, select

from db.schema import plantilla

Row = dict[str, Any]


def listing(connection: Connection, type_name: str) -> list[Row]:
    """The templates of a record type, by name."""
    query = select(plantilla).where(plantilla.c.tipo == type_name).order_by(plantilla.c.nombre)
    return [dict(row) for row in connection.execute(query).mappings()]


def one(connection: Connection, uid: str) -> Row | None:
    """The template ``uid``."""
    row = connection.execute(select(plantilla).where(plantilla.c.uid == uid)).mappings().first()
    return dict(row) if row else None


def put(connection: Connection, row: Row) -> None:
    """Keep a template, in the place of the one of its type and name."""
    same = (plantilla.c.tipo == row["tipo"], plantilla.c.nombre == row["nombre"])
    connection.execute(delete(plantilla).where(*same))
    connection.execute(insert(plantilla).values(**row))


def drop(connection: Connection, uid: str) -> None:
    """Forget a template; records that began from it stay as they are."""
    connection.execute(delete(plantilla).where(plantilla.c.uid == uid))

"""Forms that were received without a signature, as the log and the acts of people tell."""

from typing import Any

from sqlalchemy import Connection, select

from db.schema import acto, bitacora

Row = dict[str, Any]


def logged(connection: Connection, action: str) -> list[Row]:
    """The entries of the log that tell of one, oldest first."""
    query = select(bitacora.c.cuando, bitacora.c.quien, bitacora.c.detalle).where(bitacora.c.accion == action)
    return [dict(row) for row in connection.execute(query.order_by(bitacora.c.id)).mappings()]


def undone(connection: Connection, words: str) -> list[bool]:
    """Whether each act of these words was undone, oldest first."""
    query = select(acto.c.deshecho).where(acto.c.palabras == words).order_by(acto.c.numero)
    return list(connection.execute(query).scalars())

"""Deliveries made here or received here, and the log of decisions."""

from collections.abc import Mapping
from typing import Any

from sqlalchemy import Connection, func, insert, select, update

from db.schema import bitacora, entrega_hecha, entrega_recibida

Row = dict[str, Any]

_LIGHT = [column for column in entrega_recibida.c if column.name != "contenido"]


def made(connection: Connection, vigencia: int | None = None) -> list[Row]:
    """Deliveries this store made, oldest first, with their bytes left out."""
    columns = [column for column in entrega_hecha.c if column.name != "contenido"]
    query = select(*columns).order_by(entrega_hecha.c.vigencia, entrega_hecha.c.numero)
    if vigencia is not None:
        query = query.where(entrega_hecha.c.vigencia == vigencia)
    return [dict(row) for row in connection.execute(query).mappings()]


def last_number(connection: Connection, vigencia: int) -> int:
    """The number of the newest delivery of ``vigencia``; 0 before the first."""
    query = select(func.max(entrega_hecha.c.numero)).where(entrega_hecha.c.vigencia == vigencia)
    return connection.execute(query).scalar() or 0


def add_made(connection: Connection, row: Row) -> None:
    """Keep a delivery that was made, byte for byte."""
    connection.execute(insert(entrega_hecha).values(**row))


def received(connection: Connection, **equal: object) -> list[Row]:
    """Received files in order of arrival, with their bytes left out."""
    where = [entrega_recibida.c[column] == value for column, value in equal.items()]
    query = select(*_LIGHT).where(*where).order_by(entrega_recibida.c.recibida_en, entrega_recibida.c.sha256)
    return [dict(row) for row in connection.execute(query).mappings()]


def content(connection: Connection, sha256: str) -> bytes | None:
    """The bytes of a received file, exactly as they came."""
    query = select(entrega_recibida.c.contenido).where(entrega_recibida.c.sha256 == sha256)
    return connection.execute(query).scalar()


def add_received(connection: Connection, row: Row) -> None:
    """Keep a received file."""
    connection.execute(insert(entrega_recibida).values(**row))


def decide(connection: Connection, sha256: str, values: Mapping[str, Any]) -> None:
    """Set what was decided about a received file."""
    connection.execute(update(entrega_recibida).where(entrega_recibida.c.sha256 == sha256).values(**values))


def log_tail(connection: Connection) -> str:
    """The seal of the newest entry of the log; empty before the first."""
    query = select(bitacora.c.sello).order_by(bitacora.c.id.desc()).limit(1)
    return connection.execute(query).scalar() or ""


def add_log(connection: Connection, row: Row) -> None:
    """Append an entry to the log."""
    connection.execute(insert(bitacora).values(**row))


def log(connection: Connection) -> list[Row]:
    """The whole log, oldest first."""
    return [dict(row) for row in connection.execute(select(bitacora).order_by(bitacora.c.id)).mappings()]

"""Deliveries made here or received here, and the log of decisions."""

from collections.abc import Mapping, Sequence
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


def count(connection: Connection, states: Sequence[str]) -> int:
    """How many received files are in one of these states."""
    query = select(func.count()).select_from(entrega_recibida).where(entrega_recibida.c.estado.in_(states))
    return connection.execute(query).scalar() or 0


def one(connection: Connection, sha256: str) -> Row:
    """A received file with its bytes left out. Raises LookupError for one the store does not know."""
    found = received(connection, sha256=sha256)
    if not found:
        raise LookupError(sha256)
    return found[0]


def previous(connection: Connection, dependencia: str, vigencia: int, number: int) -> Row | None:
    """The delivery of a dependencia before ``number`` that was not rejected; None for the first."""
    table = entrega_recibida.c
    query = select(*_LIGHT).where(table.dependencia == dependencia, table.vigencia == vigencia, table.numero < number)
    query = query.where(table.estado != "rechazada").order_by(table.numero.desc(), table.recibida_en.desc()).limit(1)
    row = connection.execute(query).mappings().first()
    return dict(row) if row else None


def numbered(connection: Connection, dependencia: str, vigencia: int, number: int) -> list[Row]:
    """The received files of a dependencia that say they are its delivery ``number``."""
    return received(connection, dependencia=dependencia, vigencia=vigencia, numero=number)


def newest_accepted(connection: Connection, dependencia: str, vigencia: int, number: int) -> Row | None:
    """The newest delivery after ``number`` that was accepted, even if another took its place; None when none was."""
    table = entrega_recibida.c
    query = select(*_LIGHT).where(table.dependencia == dependencia, table.vigencia == vigencia, table.numero > number)
    query = query.where(table.estado.in_(["aceptada", "aceptada en parte", "reemplazada"]))
    row = connection.execute(query.order_by(table.numero.desc()).limit(1)).mappings().first()
    return dict(row) if row else None


def accepted_others(connection: Connection, dependencia: str, vigencia: int, sha256: str) -> list[Row]:
    """The deliveries of a dependencia that stand accepted, whole or in part, beside ``sha256``."""
    table = entrega_recibida.c
    query = select(*_LIGHT).where(table.dependencia == dependencia, table.vigencia == vigencia)
    query = query.where(table.sha256 != sha256, table.estado.in_(["aceptada", "aceptada en parte"]))
    return [dict(row) for row in connection.execute(query).mappings()]


def decide_many(connection: Connection, hashes: Sequence[str], values: Mapping[str, Any]) -> None:
    """``decide`` for several files."""
    for sha256 in hashes:
        decide(connection, sha256, values)


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

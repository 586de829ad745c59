"""Deliveries made here or received here, and the log of decisions."""

from collections.abc import Mapping, Sequence
from functools import lru_cache
from typing import Any

from sqlalchemy import Connection, Select, bindparam, func, insert, select, update

from db.schema import bitacora, entrega_hecha, entrega_recibida

Row = dict[str, Any]

_LIGHT = [column for column in entrega_recibida.c if column.name != "contenido"]
_SAME_UNIT = entrega_recibida.c.dependencia == bindparam("unit")
_SAME_YEAR = entrega_recibida.c.vigencia == bindparam("year")


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
    return [dict(row) for row in connection.execute(_those(tuple(equal)), equal).mappings()]


@lru_cache(maxsize=64)
def _those(columns: tuple[str, ...]) -> Select[Any]:
    """Received files by these columns; a statement that is asked for every file is built once."""
    where = [entrega_recibida.c[column] == bindparam(column) for column in columns]
    return select(*_LIGHT).where(*where).order_by(entrega_recibida.c.recibida_en, entrega_recibida.c.sha256)


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
    place = {"unit": dependencia, "year": vigencia, "number": number}
    row = connection.execute(_previous(), place).mappings().first()
    return dict(row) if row else None


@lru_cache(maxsize=1)
def _previous() -> Select[Any]:
    table = entrega_recibida.c
    query = select(*_LIGHT).where(_SAME_UNIT, _SAME_YEAR, table.numero < bindparam("number"))
    return query.where(table.estado != "rechazada").order_by(table.numero.desc(), table.recibida_en.desc()).limit(1)


def numbered(connection: Connection, dependencia: str, vigencia: int, number: int) -> list[Row]:
    """The received files of a dependencia that say they are its delivery ``number``."""
    return received(connection, dependencia=dependencia, vigencia=vigencia, numero=number)


def newest_accepted(connection: Connection, dependencia: str, vigencia: int, number: int) -> Row | None:
    """The newest delivery after ``number`` that was accepted, even if another took its place; None when none was."""
    place = {"unit": dependencia, "year": vigencia, "number": number}
    row = connection.execute(_newest_accepted(), place).mappings().first()
    return dict(row) if row else None


@lru_cache(maxsize=1)
def _newest_accepted() -> Select[Any]:
    table = entrega_recibida.c
    query = select(*_LIGHT).where(_SAME_UNIT, _SAME_YEAR, table.numero > bindparam("number"))
    query = query.where(table.estado.in_(["aceptada", "aceptada en parte", "reemplazada"]))
    return query.order_by(table.numero.desc()).limit(1)


def accepted_others(connection: Connection, dependencia: str, vigencia: int, sha256: str) -> list[Row]:
    """The deliveries of a dependencia that stand accepted, whole or in part, beside ``sha256``."""
    place = {"unit": dependencia, "year": vigencia, "sha256": sha256}
    return [dict(row) for row in connection.execute(_accepted_others(), place).mappings()]


@lru_cache(maxsize=1)
def _accepted_others() -> Select[Any]:
    table = entrega_recibida.c
    standing = table.estado.in_(["aceptada", "aceptada en parte"])
    return select(*_LIGHT).where(_SAME_UNIT, _SAME_YEAR, table.sha256 != bindparam("sha256"), standing)


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


def log(connection: Connection) -> list[Row]:
    """The whole log, oldest first."""
    return [dict(row) for row in connection.execute(select(bitacora).order_by(bitacora.c.id)).mappings()]

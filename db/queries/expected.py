"""What is owed and how far each dependencia is: one query per table, whatever the number of dependencias."""

from collections.abc import Collection, Iterable, Mapping
from datetime import date
from typing import Any

from sqlalchemy import Connection, Date, and_, case, func, select, update

from db.queries.figures import counts
from db.schema import RECORDS, acto, decision, duda, entrega_recibida, observacion, plazo

Row = dict[str, Any]
Key = tuple[str, str]
"""Dependencia and section."""

_DELIVERY = ("sha256", "dependencia", "numero", "codigo", "recibida_en", "estado")
# What lies behind the file in a row (``ronda``) is not asked for: reading it would read the file.


def deadlines(connection: Connection, vigencia: int, among: Iterable[str] | None = None) -> list[Row]:
    """What is owed in ``vigencia``, of these dependencias alone when they are named."""
    query = select(plazo).where(plazo.c.vigencia == vigencia).order_by(plazo.c.dependencia, plazo.c.seccion)
    if among is not None:
        query = query.where(plazo.c.dependencia.in_(list(among)))
    return [dict(row) for row in connection.execute(query).mappings()]


def deliveries(connection: Connection, vigencia: int, states: Collection[str] | None = None) -> list[Row]:
    """The deliveries of ``vigencia`` in the order of their numbers, without their files; ``states`` None means all."""
    table = entrega_recibida.c
    query = select(*(table[name] for name in _DELIVERY)).where(table.vigencia == vigencia)
    if states is not None:
        query = query.where(table.estado.in_(list(states)))
    query = query.order_by(table.dependencia, table.numero, table.recibida_en)
    return [dict(row) for row in connection.execute(query).mappings()]


def delivered_in(connection: Connection, vigencia: int, states: Collection[str]) -> set[str]:
    """The dependencias with a delivery of ``vigencia`` in one of ``states``."""
    table = entrega_recibida.c
    query = select(table.dependencia).where(table.vigencia == vigencia, table.estado.in_(list(states))).distinct()
    return set(connection.execute(query).scalars())


def waiting(connection: Connection, vigencia: int, held: Collection[str]) -> dict[tuple[str, str], int]:
    """How many rows of each delivery of ``vigencia`` were not accepted, by SHA-256 and section.

    ``held`` are the decisions that say so; others are about records that did not come.
    """
    table = entrega_recibida.c
    query = (
        select(decision.c.sha256, decision.c.tipo, func.count())
        .join(entrega_recibida, table.sha256 == decision.c.sha256)
        .where(table.vigencia == vigencia, decision.c.decision.in_(list(held)))
        .group_by(decision.c.sha256, decision.c.tipo)
    )
    return {(sha256, section): count for sha256, section, count in connection.execute(query)}


def observed(connection: Connection, vigencia: int, draft: str, asked: str) -> list[Row]:
    """By delivery and section: the round, what waits for an answer (``asked``) and until when at the latest."""
    open_ones = case((observacion.c.estado == asked, 1), else_=0)
    query = (
        select(
            observacion.c.entrega,
            observacion.c.tipo,
            func.max(observacion.c.ronda).label("ronda"),
            func.sum(open_ones).label("abiertas"),
            func.max(case((observacion.c.estado == asked, observacion.c.vence))).label("vence"),
        )
        .where(observacion.c.vigencia == vigencia, observacion.c.estado != draft)
        .group_by(observacion.c.entrega, observacion.c.tipo)
    )
    return [dict(row) for row in connection.execute(query).mappings()]


def records(connection: Connection, sections: Iterable[str]) -> dict[Key, int]:
    """How many records in force each dependencia has in each section; one that is no record type has none."""
    return {
        (str(unit), section): count
        for section in sections
        if section in RECORDS
        for unit, count in counts(connection, section, "dependencia").items()
    }


def absent(connection: Connection, kind: str) -> dict[Key, int]:
    """How many records each dependencia left out of its delivery without anybody having decided what became of them."""
    resolved = and_(duda.c.resolucion.is_not(None), func.coalesce(acto.c.deshecho, False).is_(False))
    query = (
        select(duda.c.dependencia, duda.c.tipo, func.count(func.distinct(duda.c.registro)))
        .select_from(duda.outerjoin(acto, acto.c.uid == duda.c.acto))
        .where(duda.c.clase == kind, ~resolved)
        .group_by(duda.c.dependencia, duda.c.tipo)
    )
    return {(unit, section): count for unit, section, count in connection.execute(query)}


def undecided(connection: Connection, vigencia: int, held: Collection[str]) -> list[Row]:
    """Rows of deliveries that wait (``held`` as in ``waiting``), counted by delivery, section, decision and reason."""
    table = entrega_recibida.c
    columns = (table.dependencia, table.numero, decision.c.tipo, decision.c.decision, decision.c.motivo)
    query = (
        select(*columns, func.count().label("filas"))
        .join(entrega_recibida, table.sha256 == decision.c.sha256)
        .where(table.vigencia == vigencia, decision.c.decision.in_(list(held)))
        .group_by(*columns)
        .order_by(*columns)
    )
    return [dict(row) for row in connection.execute(query).mappings()]


def uid_of(vigencia: int, unit: str, section: str) -> str:
    """What names a deadline in the history: «2026/SALUD/riesgo»."""
    return f"{vigencia}/{unit}/{section}"


def named(connection: Connection, uids: Iterable[str]) -> dict[str, Row]:
    """The deadlines of these names; one that is not owed any more is not among them."""
    wanted = set(uids)
    years = {int(uid.partition("/")[0]) for uid in wanted}
    query = select(plazo).where(plazo.c.vigencia.in_(years))
    found = (dict(row) for row in connection.execute(query).mappings())
    every = {uid_of(row["vigencia"], row["dependencia"], row["seccion"]): row for row in found}
    return {uid: row for uid, row in every.items() if uid in wanted}


def read_column(name: str, text: str | None) -> date | str | None:
    """A column of a deadline from the text that the history keeps of it."""
    return date.fromisoformat(text) if text and isinstance(plazo.c[name].type, Date) else text


def change(connection: Connection, uid: str, values: Mapping[str, Any]) -> None:
    """Set columns of a deadline."""
    year, unit, section = uid.split("/")
    where = (plazo.c.vigencia == int(year), plazo.c.dependencia == unit, plazo.c.seccion == section)
    connection.execute(update(plazo).where(*where).values(**values))

"""Counts and sums of what is in force, made by the database: no record is loaded for a number."""

from collections.abc import Iterator
from datetime import datetime
from decimal import Decimal

from sqlalchemy import Column, ColumnElement, Connection, Select, func, select

from db.schema import RECORDS, control, entrega_recibida, equipo, necesidad, riesgo

Cells = dict[tuple[int, int], int]
Needs = tuple[str | None, int, int, Decimal]

_RATED = {
    "inherente": (riesgo.c.probabilidad_inherente, riesgo.c.impacto_inherente, riesgo.c.zona_inherente),
    "residual": (riesgo.c.probabilidad_residual, riesgo.c.impacto_residual, riesgo.c.zona_residual),
}


def _in_force(name: str, dependencia: str | None) -> list[ColumnElement[bool]]:
    table = RECORDS[name]
    where: list[ColumnElement[bool]] = [table.c.retirado.is_(None)]
    if dependencia is not None:
        where.append(table.c.dependencia == dependencia)
    return where


def counts(connection: Connection, name: str, by: str, dependencia: str | None = None) -> dict[str | None, int]:
    """How many records there are for each value of the column ``by``; None counts the empty ones."""
    column = RECORDS[name].c[by]
    query = select(column, func.count()).where(*_in_force(name, dependencia)).group_by(column)
    return dict(connection.execute(query).all())


def heat(connection: Connection, which: str, dependencia: str | None = None) -> Cells:
    """How many risks stand in each cell of the map ``which`` (inherente or residual), by (probability, impact)."""
    p, i, _ = _RATED[which]
    query = _heat(select(p, i, func.count()), p, i, dependencia).group_by(p, i)
    return {(p, i): count for p, i, count in connection.execute(query)}


def heat_by(connection: Connection, which: str, by: str, dependencia: str | None = None) -> dict[str | None, Cells]:
    """The same for each value of the risks' column ``by`` that a rated risk has."""
    p, i, _ = _RATED[which]
    column = riesgo.c[by]
    query = _heat(select(column, p, i, func.count()), p, i, dependencia)
    found: dict[str | None, Cells] = {}
    for code, p_level, i_level, count in connection.execute(query.group_by(column, p, i)):
        found.setdefault(code, {})[(p_level, i_level)] = count
    return found


def _heat(query: Select, p: Column, i: Column, dependencia: str | None) -> Select:  # type: ignore[type-arg]
    return query.where(*_in_force("riesgo", dependencia), p.is_not(None), i.is_not(None))


def zones(connection: Connection, which: str, dependencia: str | None = None) -> dict[str | None, int]:
    """How many risks stand in each zone; None counts those without a complete rating."""
    return counts(connection, "riesgo", _RATED[which][2].name, dependencia)


def needs(connection: Connection, by: str, dependencia: str | None = None) -> list[Needs]:
    """For each value of the column ``by``: how many needs, how many things, how many pesos."""
    column = necesidad.c[by]
    query = (
        select(column, func.count(), func.sum(necesidad.c.cantidad), func.sum(necesidad.c.valor_total))
        .where(*_in_force("necesidad", dependencia))
        .group_by(column)
    )
    return [
        (value, count, int(things or 0), money if money is not None else Decimal(0))
        for value, count, things, money in connection.execute(query)
    ]


def installed(connection: Connection, dependencia: str | None = None) -> list[tuple[str | None, str | None, int]]:
    """How many devices run each system with each Office."""
    both = (equipo.c.sistema_operativo, equipo.c.ofimatica)
    query = select(*both, func.count()).where(*_in_force("equipo", dependencia)).group_by(*both)
    return [(system, office, count) for system, office, count in connection.execute(query)]


def has_examples(connection: Connection, dependencia: str | None = None) -> bool:
    """Whether any record in force was made as an example."""
    return any(
        connection.execute(
            select(table.c.uid).where(*_in_force(name, dependencia), table.c.ejemplo.is_(True)).limit(1)
        ).first()
        for name, table in RECORDS.items()
    )


def last_change(connection: Connection, dependencia: str | None = None) -> datetime | None:
    """When the data last changed: the newest change of a record or decision on a received file."""
    moments = [
        connection.execute(select(func.max(table.c.cambiado_en)).where(*_of(name, dependencia))).scalar()
        for name, table in RECORDS.items()
    ]
    decided = select(func.max(entrega_recibida.c.decidida_en))
    if dependencia is not None:
        decided = decided.where(entrega_recibida.c.dependencia == dependencia)
    moments.append(connection.execute(decided).scalar())
    return max((moment for moment in moments if moment is not None), default=None)


def _of(name: str, dependencia: str | None) -> list[ColumnElement[bool]]:
    return [] if dependencia is None else [RECORDS[name].c.dependencia == dependencia]


def revisions(connection: Connection, dependencia: str | None = None) -> Iterator[tuple[str, str, int]]:
    """Type, uid and revision of every record in force, in a fixed order: what tells two states of the data apart."""
    for name, table in RECORDS.items():
        query = select(table.c.uid, table.c.revision).where(*_in_force(name, dependencia)).order_by(table.c.uid)
        for uid, revision in connection.execute(query):
            yield name, uid, revision


def controls_of(connection: Connection, dependencia: str) -> Iterator[dict[str, object]]:
    """The controls of a dependencia's risks, risk by risk and in their order."""
    query = (
        select(control)
        .where(*_in_force("control", dependencia))
        .order_by(control.c.riesgo, control.c.orden, control.c.uid)
    )
    return (dict(row) for row in connection.execute(query).mappings())

"""Which needs, gaps and risks the initiatives of the plan gather, and what is proposed for them."""

from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from sqlalchemy import Connection, and_, delete, insert, or_, select

from db.queries.records import MOST_NAMED
from db.schema import iniciativa, iniciativa_registro, necesidad, riesgo

Row = dict[str, Any]
Pair = tuple[str, str]
"""An initiative and a record, by uid."""


def links(connection: Connection) -> dict[str, str]:
    """The initiative in force of every record that has one, by uid; a record is in one at most."""
    joined = iniciativa_registro.join(iniciativa, iniciativa.c.uid == iniciativa_registro.c.iniciativa)
    query = select(iniciativa_registro.c.registro, iniciativa_registro.c.iniciativa).select_from(joined)
    query = query.where(iniciativa.c.retirado.is_(None)).order_by(iniciativa_registro.c.iniciativa.desc())
    return {row.registro: row.iniciativa for row in connection.execute(query)}


def linked(connection: Connection, records: Iterable[str]) -> dict[Pair, str]:
    """The links of these records, to initiatives in force or not, with the type of the record."""
    wanted = list(records)
    found: dict[Pair, str] = {}
    table = iniciativa_registro
    for start in range(0, len(wanted), MOST_NAMED):
        query = select(table).where(table.c.registro.in_(wanted[start : start + MOST_NAMED]))
        found |= {(row["iniciativa"], row["registro"]): row["tipo"] for row in connection.execute(query).mappings()}
    return found


def set_links(connection: Connection, wanted: Mapping[Pair, str | None]) -> None:
    """Let each pair be linked, as a record of the given type, or not be where the type is None."""
    table = iniciativa_registro
    for initiative in sorted({pair[0] for pair in wanted}):
        records = [record for of, record in wanted if of == initiative]
        for start in range(0, len(records), MOST_NAMED):
            some = records[start : start + MOST_NAMED]
            connection.execute(delete(table).where(table.c.iniciativa == initiative, table.c.registro.in_(some)))
    made = [{"iniciativa": of, "registro": record, "tipo": kind} for (of, record), kind in wanted.items() if kind]
    if made:
        connection.execute(insert(table), made)


def said_of_needs(connection: Connection) -> dict[str, tuple[str | None, str | None]]:
    """The component and the goal that each need in force names, by uid."""
    query = select(necesidad.c.uid, necesidad.c.componente, necesidad.c.objetivo).where(necesidad.c.retirado.is_(None))
    return {uid: (component, goal) for uid, component, goal in connection.execute(query)}


def gaps(connection: Connection, forms: Iterable[str]) -> Iterator[Row]:
    """What was noted among the needs and asks for nothing: findings and recommendations, in order of birth."""
    query = select(necesidad).where(necesidad.c.retirado.is_(None), necesidad.c.forma.in_(list(forms)))
    return (dict(row) for row in connection.execute(query.order_by(necesidad.c.uid)).mappings())


def high_risks(connection: Connection, zones: Iterable[str]) -> Iterator[Row]:
    """Risks in force that are in one of ``zones`` after their controls, or before where that is not known; and every
    risk that an initiative gathers already."""
    wanted = list(zones)
    linked_ones = select(iniciativa_registro.c.registro)
    high = or_(
        riesgo.c.zona_residual.in_(wanted),
        and_(riesgo.c.zona_residual.is_(None), riesgo.c.zona_inherente.in_(wanted)),
        riesgo.c.uid.in_(linked_ones),
    )
    query = select(riesgo).where(riesgo.c.retirado.is_(None), high).order_by(riesgo.c.uid)
    return (dict(row) for row in connection.execute(query).mappings())

"""What was decided about records that look alike, priorities set by hand, and what both look at."""

from collections.abc import Iterable, Iterator, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, Connection, and_, delete, insert, or_, select, update

from db.queries.records import MOST_NAMED
from db.schema import RECORDS, equipo, grupo, grupo_miembro, necesidad, prioridad, riesgo

Row = dict[str, Any]


def in_force(connection: Connection, name: str, columns: Sequence[str]) -> Iterator[Row]:
    """``columns`` of every record in force of the type ``name``, with uid and dependencia, in order of birth."""
    table = RECORDS[name]
    wanted = [table.c[column] for column in ("uid", "dependencia", *columns)]
    query = select(*wanted).where(table.c.retirado.is_(None)).order_by(table.c.uid)
    return (dict(row) for row in connection.execute(query).mappings())


# Groups


def add(connection: Connection, group: Row, members: Iterable[Row]) -> None:
    """Keep a decision and the records it is about."""
    connection.execute(insert(grupo), group)
    connection.execute(insert(grupo_miembro), list(members))


def standing(connection: Connection, type_name: str) -> list[Row]:
    """Decisions that stand about records of this type, oldest first."""
    query = select(grupo).where(grupo.c.tipo == type_name, grupo.c.deshecho_en.is_(None))
    return [dict(row) for row in connection.execute(query.order_by(grupo.c.cuando, grupo.c.uid)).mappings()]


def one(connection: Connection, uid: str) -> Row | None:
    """A decision, standing or not."""
    row = connection.execute(select(grupo).where(grupo.c.uid == uid)).mappings().first()
    return dict(row) if row else None


def members(connection: Connection, type_name: str, group: str | None = None) -> list[tuple[str, str, str]]:
    """Group, record and the text it was decided on, of the decisions that stand; of one group if given."""
    query = (
        select(grupo_miembro.c.grupo, grupo_miembro.c.registro, grupo_miembro.c.texto)
        .join(grupo, grupo.c.uid == grupo_miembro.c.grupo)
        .where(grupo.c.tipo == type_name, grupo.c.deshecho_en.is_(None))
        .order_by(grupo.c.cuando, grupo.c.uid, grupo_miembro.c.registro)
    )
    if group is not None:
        query = query.where(grupo.c.uid == group)
    return [(of, record, text) for of, record, text in connection.execute(query)]


def undo(connection: Connection, uid: str, when: datetime, who: str) -> bool:
    """Take a decision back; False when it no longer stood."""
    stands = (grupo.c.uid == uid, grupo.c.deshecho_en.is_(None))
    done = connection.execute(update(grupo).where(*stands).values(deshecho_en=when, deshecho_por=who))
    return done.rowcount == 1


# Priorities


def priorities(connection: Connection) -> dict[str, Row]:
    """Priorities set by hand, by need."""
    return {row["registro"]: dict(row) for row in connection.execute(select(prioridad)).mappings()}


def set_priorities(connection: Connection, records: Sequence[str], rows: Sequence[Row]) -> None:
    """Let ``rows`` stand in the place of whatever was set by hand for these needs."""
    for start in range(0, len(records), MOST_NAMED):
        gone = delete(prioridad).where(prioridad.c.registro.in_(records[start : start + MOST_NAMED]))
        connection.execute(gone)
    if rows:
        connection.execute(insert(prioridad), list(rows))


_LINKED = (
    riesgo.c.referencia,
    riesgo.c.descripcion.label("riesgo_descripcion"),
    riesgo.c.zona_inherente,
    riesgo.c.zona_residual,
    equipo.c.anio,
    equipo.c.sistema_operativo,
    equipo.c.ofimatica,
    equipo.c.placa,
)


def needs(connection: Connection) -> Iterator[Row]:
    """Needs in force with what their score looks at of the risk and the device they name, where those are in force."""
    with_risk = and_(riesgo.c.uid == necesidad.c.riesgo, riesgo.c.retirado.is_(None))
    with_device = and_(equipo.c.uid == necesidad.c.equipo, equipo.c.retirado.is_(None))
    joined = necesidad.outerjoin(riesgo, with_risk).outerjoin(equipo, with_device)
    query = select(*necesidad.c, *_LINKED).select_from(joined).where(necesidad.c.retirado.is_(None))
    return (dict(row) for row in connection.execute(query.order_by(necesidad.c.uid)).mappings())


def extreme(connection: Connection) -> list[Row]:
    """Risks in force that are extreme after their controls, or before where it is not known what those do."""
    after: ColumnElement[bool] = riesgo.c.zona_residual == "extremo"
    before = and_(riesgo.c.zona_residual.is_(None), riesgo.c.zona_inherente == "extremo")
    wanted = (riesgo.c.uid, riesgo.c.dependencia, riesgo.c.referencia, riesgo.c.descripcion, riesgo.c.zona_residual)
    query = select(*wanted).where(riesgo.c.retirado.is_(None), or_(after, before))
    return [dict(row) for row in connection.execute(query.order_by(riesgo.c.dependencia, riesgo.c.uid)).mappings()]

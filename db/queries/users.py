"""Who can work with a store on a server, as its grants say."""

from dataclasses import dataclass

from sqlalchemy import Connection, text


@dataclass(frozen=True, slots=True)
class User:
    """A user of the server who may read the store; ``writes`` and ``seals`` say what else the grants allow."""

    name: str
    writes: bool
    seals: bool


def listing(connection: Connection) -> list[User]:
    """Who may log in to the server and read the store, by name. Only on a server: a file has no users."""
    return [User(row.name, row.writes, row.seals) for row in connection.execute(_USERS)]


_USERS = text(
    """
    SELECT rolname AS name,
           has_table_privilege(oid, 'bitacora', 'INSERT') AS writes,
           has_table_privilege(oid, 'bitacora', 'INSERT') AND has_table_privilege(oid, 'corte', 'INSERT') AS seals
    FROM pg_roles
    WHERE rolcanlogin AND has_database_privilege(oid, current_database(), 'CONNECT')
      AND has_table_privilege(oid, 'espacio', 'SELECT')
    ORDER BY rolname
    """
)

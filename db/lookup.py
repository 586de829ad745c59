"""An index of words over a large record table, so that a search answers while somebody types.

It is made only when a table is large, and is no part of the schema: a store is whole without it, and whatever drops it
only makes searches slower. A file has an FTS5 table of the words of rows in force, kept by triggers, whose rowids are
those of the record table (nothing here ever renumbers them); a server has a GIN index, which it keeps by itself and
makes while others go on writing.
"""

from collections.abc import Mapping, Sequence
from typing import Any

from sqlalchemy import (
    BindParameter,
    ColumnElement,
    Connection,
    Select,
    TableClause,
    bindparam,
    func,
    literal_column,
    select,
    table,
)
from sqlalchemy import text as sql
from sqlalchemy.types import UserDefinedType

from db.plain import folded_words
from db.schema import RECORDS

Words = Sequence[tuple[str, Mapping[str, Sequence[str]]]]
"""Folded words, each with the codes that stand for it by column."""

PREFIX = "busca_"
"""Names in the store that begin so belong to such an index, and are made anew at need."""
SERVER_PREFIX = PREFIX + "2_"
"""So indexes on a server begin; the number goes up whenever what is indexed is told otherwise than before."""
OUTDATED = (PREFIX,)
"""How they began before."""


def ready(connection: Connection, name: str) -> bool:
    """Whether the index of a table stands."""
    if connection.dialect.name == "sqlite":
        found = "SELECT count(*) FROM sqlite_master WHERE name IN (:name, :name || '_a', :name || '_c', :name || '_d')"
        return bool(connection.execute(sql(found), {"name": PREFIX + name}).scalar_one() == 4)
    # One whose making was cut off stands there and is not valid.
    found = (
        "SELECT i.indisvalid FROM pg_catalog.pg_index i JOIN pg_catalog.pg_class c ON c.oid = i.indexrelid "
        "JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace "
        "WHERE c.relname = :name AND n.nspname = current_schema()"
    )
    return bool(connection.execute(sql(found), {"name": SERVER_PREFIX + name}).scalar())


def build(connection: Connection, name: str, columns: Sequence[str]) -> None:
    """Make the index of a file's table over the columns of texts and of codes, inside the caller's transaction."""
    lookup = PREFIX + name
    listed = ", ".join(columns)
    for end in ("a", "c", "d"):
        connection.exec_driver_sql(f"DROP TRIGGER IF EXISTS {lookup}_{end}")
    connection.exec_driver_sql(f"DROP TABLE IF EXISTS {lookup}")
    connection.exec_driver_sql(
        f"CREATE VIRTUAL TABLE {lookup} USING fts5({listed}, content='{name}', detail='none', prefix='2 3', "
        "tokenize=\"unicode61 remove_diacritics 2 tokenchars '_'\")"
    )
    filled = f"INSERT INTO {lookup} (rowid, {listed}) SELECT rowid, {listed} FROM {name} WHERE retirado IS NULL"  # noqa: S608 - our own names
    connection.exec_driver_sql(filled)
    new, old = (", ".join(f"{row}.{each}" for each in columns) for row in ("new", "old"))
    add = f"INSERT INTO {lookup} (rowid, {listed}) SELECT new.rowid, {new} WHERE new.retirado IS NULL;"
    gone = f"SELECT 'delete', old.rowid, {old} WHERE old.retirado IS NULL;"
    drop = f"INSERT INTO {lookup} ({lookup}, rowid, {listed}) {gone}"
    for end, when, work in (("a", "INSERT", add), ("c", "UPDATE", drop + add), ("d", "DELETE", drop)):
        connection.exec_driver_sql(f"CREATE TRIGGER {lookup}_{end} AFTER {when} ON {name} BEGIN {work} END")


def build_beside(connection: Connection, name: str, columns: Sequence[str]) -> None:
    """``build`` on a server, on a connection outside of any transaction: nobody waits for it.

    Then the server counts words and rows, so that it chooses well how to find them.
    """
    words = _server_words(connection, name, columns)
    said = words.compile(connection, compile_kwargs={"literal_binds": True})
    for prefix in (*OUTDATED, SERVER_PREFIX):  # the last one when its making was cut off
        connection.exec_driver_sql(f"DROP INDEX CONCURRENTLY IF EXISTS {prefix}{name}")
    connection.exec_driver_sql(
        f"CREATE INDEX CONCURRENTLY {SERVER_PREFIX}{name} ON {name} USING gin (({said})) WHERE retirado IS NULL"
    )
    connection.exec_driver_sql(f"VACUUM (ANALYZE) {name}")


def plan(connection: Connection) -> None:
    """Let the rest of a transaction on a server find words by the index, row after row as they lie in the table."""
    settings = ("enable_seqscan", "enable_indexscan", "enable_indexonlyscan")
    said = ", ".join([f"set_config('{each}', 'off', true)" for each in settings])
    connection.exec_driver_sql(f"SELECT {said}, set_config('max_parallel_workers_per_gather', '0', true)")


def found(connection: Connection, name: str, columns: Sequence[str], words: Words) -> ColumnElement[bool]:
    """Whether the index holds every word, or one of the codes that stand for it; ``columns`` as it was built."""
    if connection.dialect.name == "sqlite":
        return rowid(name).in_(select(literal_column("rowid")).select_from(_of(name)).where(_matches(name, words)))
    asked = " & ".join(_either_there(word, codes) for word, codes in words)
    said = _server_words(connection, name, columns)
    return said.op("@@")(func.to_tsquery(sql("'simple'::regconfig"), asked))


def counted(name: str, words: Words) -> Select[int]:
    """How many rows in force the index of a file finds."""
    return select(func.count()).select_from(_of(name)).where(_matches(name, words))


def _of(name: str) -> TableClause:
    return table(PREFIX + name)


def _matches(name: str, words: Words) -> ColumnElement[bool]:
    asked: BindParameter[str] = bindparam(
        "asked", " AND ".join(_either(word, codes) for word, codes in words), unique=True
    )
    return literal_column(PREFIX + name).op("MATCH", is_comparison=True)(asked)


def rowid(name: str) -> ColumnElement[int]:
    """The number of a row in a file: the order in which rows came."""
    return literal_column(f"{name}.rowid")


class Tid(UserDefinedType[str]):
    """Where a table keeps a row: on a server it moves when the row is changed."""

    cache_ok = True

    def get_col_spec(self, **_options: object) -> str:
        return "TID"


def place(connection: Connection, name: str) -> ColumnElement[Any]:
    """What rows found by their words are sorted by: as they lie in the store, which is as they came."""
    return rowid(name) if connection.dialect.name == "sqlite" else literal_column(f"{name}.ctid", Tid)


def _either(word: str, codes: Mapping[str, Sequence[str]]) -> str:
    meant = sorted({code for some in codes.values() for code in some})
    # A token may not hold a quote: words are letters and digits, and codes are ours.
    return "(" + " OR ".join([f'"{word}" *', *(f'"{code}"' for code in meant if '"' not in code)]) + ")"


def _either_there(word: str, codes: Mapping[str, Sequence[str]]) -> str:
    meant = sorted({" <-> ".join(code.casefold().split("_")) for some in codes.values() for code in some})
    return "(" + " | ".join([f"{word}:*", *(f"({code})" for code in meant)]) + ")"


def _server_words(connection: Connection, name: str, columns: Sequence[str]) -> ColumnElement[str]:
    joined: ColumnElement[str] = literal_column("''")
    for each in columns:
        joined = joined + func.coalesce(RECORDS[name].c[each], literal_column("''")) + literal_column("' '")
    return func.to_tsvector(sql("'simple'::regconfig"), folded_words(connection, joined))

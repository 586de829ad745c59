"""What is asked of the rows of a record table, and the same as conditions of the database."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from functools import partial
from typing import Any, assert_never

from sqlalchemy import (
    Column,
    ColumnElement,
    Connection,
    Select,
    Text,
    and_,
    case,
    cast,
    func,
    literal,
    null,
    or_,
    select,
)

from db import lookup
from db.plain import fold, folded, folded_words, spaced
from db.schema import RECORDS, acto, correccion


class Op(StrEnum):
    """What a column may be asked for."""

    CONTAINS = "contiene"
    ONE_OF = "es"
    BETWEEN = "entre"
    EMPTY = "sin diligenciar"
    FILLED = "diligenciado"
    NOT_APPLICABLE = "no aplica"
    CORRECTED = "corregido"


@dataclass(frozen=True, slots=True)
class Test:
    """One column and what it must say; an empty column stands for any of the record's, for CORRECTED.

    CONTAINS has one text; ONE_OF codes, an empty one for rows without a value; BETWEEN two ends, None where it is open.
    """

    __test__ = False  # it is no test of pytest's

    column: str
    op: Op
    values: tuple[Any, ...] = ()


@dataclass(frozen=True, slots=True)
class Word:
    """A folded word that must begin a word of the row, or of the label of one of its ``codes``, by column."""

    text: str
    codes: Mapping[str, Sequence[str]] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Order:
    """The column rows are sorted by: in the order of ``codes`` if given, as ``text`` is or as numbers and dates are."""

    column: str
    codes: tuple[str, ...] | None = None
    text: bool = False
    down: bool = False


@dataclass(frozen=True, slots=True)
class Judged:
    """A column that is not what is stored: for all values there are of ``inputs``, what it says today or None.

    One input stands for itself, several of them are joined as ``key`` does.
    """

    inputs: tuple[str, ...]
    texts: Mapping[Any, str | None]


@dataclass(frozen=True, slots=True)
class Asked:
    """Rows in force of the table ``name``; ``searched`` are the columns whose texts are looked through for ``words``.

    Without ``order`` rows come in order of birth, or, when a ``lookup`` finds the words, as they came in.
    ``lookup`` are the columns of the index of words, none where there is no index. ``judged`` are columns to be taken
    as they say today; a word is looked for in them where there is no index.
    """

    name: str
    tests: tuple[Test, ...] = ()
    words: tuple[Word, ...] = ()
    searched: tuple[str, ...] = ()
    order: Order | None = None
    lookup: tuple[str, ...] = ()
    judged: Mapping[str, Judged] = field(default_factory=dict)


def key(values: Sequence[Any]) -> Any:
    """The inputs of a judged column as one value."""
    return values[0] if len(values) == 1 else "|".join(value or "" for value in values)


def by_lookup(asked: Asked) -> bool:
    """Whether the index of words finds the rows."""
    return bool(asked.lookup and asked.words)


def column_of(asked: Asked, name: str) -> ColumnElement[Any]:
    """What a column says, today where that depends on the day."""
    judged = asked.judged.get(name)
    if judged is None:
        return RECORDS[asked.name].c[name]
    said = {given: text for given, text in judged.texts.items() if text is not None}
    return case(said, value=_inputs(asked.name, judged), else_=None) if said else cast(null(), Text)


def conditions(connection: Connection, asked: Asked) -> list[ColumnElement[bool]]:
    """What the rows asked for fulfil; they are in force."""
    table = RECORDS[asked.name]
    tests = [_test(connection, asked, test) for test in asked.tests]
    words = list(_words(connection, asked))
    if by_lookup(asked) and connection.dialect.name == "sqlite":
        return [*tests, *words]  # the index of a file holds rows in force alone
    return [table.c.retirado.is_(None), *tests, *words]


def _inputs(name: str, judged: Judged) -> ColumnElement[Any]:
    columns = [RECORDS[name].c[each] for each in judged.inputs]
    if len(columns) == 1:
        return columns[0]
    joined: ColumnElement[Any] = func.coalesce(columns[0], "", type_=Text)
    for column in columns[1:]:
        joined = joined + "|" + func.coalesce(column, "", type_=Text)
    return joined


def _says(name: str, judged: Judged, wanted: Callable[[str | None], bool]) -> ColumnElement[bool]:
    """Whether a judged column says what is wanted."""
    given = [each for each, text in judged.texts.items() if wanted(text)]
    where = _inputs(name, judged)
    listed = where.in_([each for each in given if each is not None])
    return or_(listed, where.is_(None)) if None in given else listed


def _words(connection: Connection, asked: Asked) -> Iterator[ColumnElement[bool]]:
    if not asked.words:
        return
    table = RECORDS[asked.name]
    if asked.lookup:
        words = [(word.text, word.codes) for word in asked.words]
        yield lookup.found(connection, asked.name, asked.lookup, words)
        return
    joined: ColumnElement[str] = literal("")
    for name in asked.searched:
        if name in asked.judged:
            continue
        joined = joined + func.coalesce(table.c[name], "") + " "
    said = folded_words(connection, joined)
    for word in asked.words:
        coded = [table.c[name].in_(codes) for name, codes in word.codes.items() if codes]
        begins = f" {word.text}"
        told = [
            _says(asked.name, judged, lambda text, begins=begins: begins in spaced(text or ""))  # type: ignore[misc]
            for judged in asked.judged.values()
        ]
        yield or_(said.contains(begins, autoescape=True), *coded, *told)


def _test(connection: Connection, asked: Asked, test: Test) -> ColumnElement[bool]:
    table = RECORDS[asked.name]
    if test.op is Op.CORRECTED:
        return table.c.uid.in_(_mended(asked.name, test.column))
    if test.column in asked.judged:
        return _says(asked.name, asked.judged[test.column], partial(_holds, test))
    column: Column[Any] = table.c[test.column]
    match test.op:
        case Op.CONTAINS:
            return folded(connection, column).contains(fold(str(test.values[0])), autoescape=True)
        case Op.ONE_OF:
            codes = [value for value in test.values if value not in {None, ""}]
            listed = column.in_(codes)
            return or_(listed, column.is_(None)) if len(codes) < len(test.values) else listed
        case Op.BETWEEN:
            low, high = test.values
            ends = [column >= low] if low is not None else []
            ends += [column <= high] if high is not None else []
            return and_(column.is_not(None), *ends)
        case Op.FILLED:
            return column.is_not(None)
        case Op.EMPTY:
            return and_(column.is_(None), ~_named(table.c.no_aplica, test.column))
        case Op.NOT_APPLICABLE:
            return _named(table.c.no_aplica, test.column)
        case _:
            assert_never(test.op)


def _holds(test: Test, text: str | None) -> bool:
    """Whether a judged text passes a test."""
    match test.op:
        case Op.CONTAINS:
            return text is not None and fold(str(test.values[0])) in fold(text)
        case Op.FILLED:
            return text is not None
        case Op.EMPTY:
            return text is None
        case Op.ONE_OF:
            return (text or "") in {value or "" for value in test.values}
        case _:  # it is no number, and nobody answers «No aplica» for what is computed
            return False


def _mended(name: str, column: str) -> Select[str]:
    """The records with a correction in force: neither it nor what lifted it was undone."""
    made, lifted = acto.alias("hecha"), acto.alias("levantada")
    joined = correccion.outerjoin(made, made.c.uid == correccion.c.acto)
    joined = joined.outerjoin(lifted, lifted.c.uid == correccion.c.levantada_acto)
    found = select(correccion.c.registro).select_from(joined)
    found = found.where(
        correccion.c.tipo == name,
        func.coalesce(made.c.deshecho, False).is_(False),
        or_(correccion.c.levantada_en.is_(None), func.coalesce(lifted.c.deshecho, False).is_(True)),
    )
    return found.where(correccion.c.campo == column) if column else found


def _named(column: Column[Any], name: str) -> ColumnElement[bool]:
    """Whether a list of names, joined by commas, holds ``name``."""
    return ("," + func.coalesce(column, "") + ",").contains(f",{name},", autoescape=True)

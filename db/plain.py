"""Texts without accents and case, alike in Python, SQLite and PostgreSQL: what filters and searches compare."""

import re
import unicodedata
from collections.abc import Callable
from functools import partial
from typing import Final

from sqlalchemy import ColumnElement, Connection, Text, case, cast, func, literal_column


def fold(text: str) -> str:
    """``text`` without accents and in lower case."""
    folded = text.casefold()
    if folded.isascii():  # most texts: nothing to take apart
        return folded
    return "".join(c for c in unicodedata.normalize("NFD", folded) if not unicodedata.combining(c))


def spaced(text: str) -> str:
    """The words of ``text``, folded, with a blank before each of them."""
    return " " + " ".join(_WORD.findall(fold(text)))


def sort_key(text: str) -> str:
    """Where ``text`` stands in the Spanish alphabet: accents aside, ñ after n."""
    folded = text.casefold()
    return folded if folded.isascii() else fold(folded.replace("ñ", _AFTER_N))


def words_of(text: str) -> list[str]:
    """The words of ``text``, folded."""
    return spaced(text).split()


_WORD: Final = re.compile(r"[^\W_]+")
_AFTER_N: Final = "n\uffff"
_MARKS: Final = "[\u0300-\u036f]+"
"""What NFD takes apart from its letter."""
_FROM: Final = "ÆÐØÞĐĦŁŊŒ"
_TO: Final = _FROM.casefold()
"""Capitals that NFD takes nothing from."""


def teach(connection: Connection) -> None:
    """Let this connection fold texts; PostgreSQL can by itself."""
    if connection.dialect.name != "sqlite":
        return
    raw = connection.connection.driver_connection
    assert raw is not None
    for name, work in (("plano", fold), ("palabras", spaced), ("alfabeto", sort_key)):
        raw.create_function(name, 1, partial(_of, work), deterministic=True)


def _of(work: Callable[[str], str], text: str | None) -> str | None:
    return None if text is None else work(str(text))


def folded(connection: Connection, column: ColumnElement[str]) -> ColumnElement[str]:
    """``column`` folded; the connection was taught."""
    if connection.dialect.name == "sqlite":
        return func.plano(column, type_=Text)
    text = cast(column, Text)
    # Most texts have no accents: nothing to take apart.
    return case((func.octet_length(text) == func.char_length(text), func.lower(text)), else_=_taken_apart(text))


def _taken_apart(column: ColumnElement[str]) -> ColumnElement[str]:
    """``fold`` as a server does it, told once: an index has no room for the same text several times."""
    # normalize() and a pattern are ten times as quick as translate() with all accented letters, which it tries in turn.
    # Written out, not bound: an index over the same words is only used when the words are told alike.
    apart = func.normalize(column, literal_column("NFD"))
    bare = func.regexp_replace(apart, _written(_MARKS), _written(""), _written("g"))
    # A server that was made for another language lowers ASCII alone.
    return func.translate(func.lower(bare), _written(_FROM), _written(_TO), type_=Text)


def alphabetical(connection: Connection, column: ColumnElement[str]) -> ColumnElement[str]:
    """``sort_key`` of ``column``."""
    if connection.dialect.name == "sqlite":
        return func.alfabeto(column, type_=Text)
    after = func.replace(func.replace(cast(column, Text), "ñ", _AFTER_N), "Ñ", _AFTER_N, type_=Text)
    # By bytes, as SQLite does: what a server's language thinks of the alphabet would depend on the server.
    return folded(connection, after).collate("C")


def folded_words(connection: Connection, column: ColumnElement[str]) -> ColumnElement[str]:
    """The words of ``column`` as ``spaced`` gives them."""
    if connection.dialect.name == "sqlite":
        return func.palabras(column, type_=Text)
    gaps = (_written("[^[:alnum:]]+"), _written(" "), _written("g"))
    return _written(" ") + func.regexp_replace(_taken_apart(cast(column, Text)), *gaps, type_=Text)


def _written(text: str) -> ColumnElement[str]:
    """One of our own texts, which holds no quote, as part of a statement."""
    return literal_column(f"'{text}'", Text)

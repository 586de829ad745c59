"""Texts without accents and case, alike in Python, SQLite and PostgreSQL: what filters and searches compare."""

import re
import unicodedata
from collections.abc import Callable
from functools import partial
from typing import Final

from sqlalchemy import ColumnElement, Connection, Text, cast, func, literal_column


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
_ACCENTED: Final = tuple(
    (chr(code), fold(chr(code)))
    for code in range(0xC0, 0x250)
    if len(fold(chr(code))) == 1 and fold(chr(code)) != chr(code)
)
_FROM: Final = "".join(accented for accented, _ in _ACCENTED)
_TO: Final = "".join(bare for _, bare in _ACCENTED)


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
    # A server that was made for another language lowers ASCII alone: the capitals are among the accented letters.
    # Written out, not bound: an index over the same words is only used when the words are told alike.
    return func.translate(func.lower(cast(column, Text)), _written(_FROM), _written(_TO), type_=Text)


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
    return _written(" ") + func.regexp_replace(folded(connection, column), *gaps, type_=Text)


def _written(text: str) -> ColumnElement[str]:
    """One of our own texts, which holds no quote, as part of a statement."""
    return literal_column(f"'{text}'", Text)

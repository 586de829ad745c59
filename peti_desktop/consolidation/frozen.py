"""What a cut freezes, as a text that is the same for the same content, and the way back to a store.

The text is JSON, one value a line, compressed with zlib. The first line says which cut it is and what the log was; then
each table follows: a line with its name and columns, and a line for each row. Its SHA-256 is what a cut's seal is of.
"""

import hashlib
import json
import zlib
from collections.abc import Generator, Iterable, Iterator
from contextlib import closing
from dataclasses import dataclass
from datetime import datetime
from itertools import groupby
from typing import Any, Final

from sqlalchemy import Connection

from db.queries import cuts as rows
from db.queries import log, space
from peti_desktop import colleagues
from peti_desktop.consolidation import budget
from peti_desktop.progress import Progress
from peti_desktop.workspace import Workspace

FORMAT: Final = 1
PERSONAL: Final = frozenset(
    {"llave", "copias_lugar", "ejemplar", "linaje", "equipo", "rol", "carpeta_vigilada", "oficina_respaldo"}
)
"""Settings of a person or of a PC: they are no part of the consolidation, and nobody else's business."""
_YEARLY: Final = f"{budget.SETTING}:"
"""Where the budget of a vigencia is kept. Other names with a colon are somebody's own, or how a page is looked at."""

CUT_NAME, CUT_CODE = "corte_nombre", "corte_codigo"
"""Settings a restored cut has and no other store: what its reports say on each page."""

STEP: Final = 500
CHUNK: Final = 1 << 16


@dataclass(frozen=True, slots=True)
class Frozen:
    """The compressed text of a cut and the SHA-256 of it uncompressed."""

    content: bytes
    sha256: str


class Damaged(Exception):  # noqa: N818 - it says what is the matter with a content
    """The content of a cut that cannot be read back."""


def freeze(ws: Workspace, connection: Connection, head: dict[str, Any], progress: Progress) -> Frozen:
    """Everything the consolidation holds, as ``connection`` sees it; ``head`` is what the first line says too."""
    settings = colleagues.own_settings(ws.store, space.settings(connection))
    kept = {
        key: value
        for key, value in settings.items()
        if key.startswith(_YEARLY) or (":" not in key and key not in PERSONAL)
    }
    first = head | {"formato": FORMAT, "esquema": _version(connection), "espacio": kept}
    packer, digest, packed = zlib.compressobj(6), hashlib.sha256(), bytearray()
    total = rows.counts(connection)
    with closing(_lines(first, connection)) as lines:  # somebody may cancel between two rows
        for done, line in enumerate(lines):
            if done % STEP == 0:
                progress(min(done, total), total, "Congelando la consolidación")
            data = line.encode("utf-8")
            digest.update(data)
            packed += packer.compress(data)
    packed += packer.flush()
    return Frozen(bytes(packed), digest.hexdigest())


def _version(connection: Connection) -> str:
    return str(connection.exec_driver_sql("SELECT version_num FROM alembic_version").scalar())


def _lines(first: dict[str, Any], connection: Connection) -> Generator[str, None, None]:
    yield _line(first)
    for name, columns, found in rows.frozen(connection):
        yield _line({"tabla": name, "columnas": columns})
        for row in found:
            yield _line(row)


def _line(value: object) -> str:
    return json.dumps(value, ensure_ascii=False, sort_keys=True, separators=(",", ":")) + "\n"


def sha256_of(content: bytes) -> str:
    """The SHA-256 of the uncompressed text. Raises ``Damaged``."""
    digest = hashlib.sha256()
    for part in _inflated(content):
        digest.update(part)
    return digest.hexdigest()


def head_of(content: bytes) -> dict[str, Any]:
    """What the first line says. Raises ``Damaged``."""
    found = next(_values(content), None)
    if not isinstance(found, dict) or found.get("formato") != FORMAT:
        raise Damaged("no first line of a known format")
    return found


def restored(content: bytes, name: str, code: str, last: rows.Whole | None = None) -> Workspace:
    """The consolidation as it was, in memory and only for reading, with its clock at the moment of the cut.

    ``name`` and ``code`` are what reports made of it say on each page; ``last`` is the cut before, which it
    can be compared with. It is for the thread that asks for it. Raises ``Damaged``.
    """
    values = _values(content)
    first = next(values, None)
    if not isinstance(first, dict) or first.get("formato") != FORMAT:
        raise Damaged("no first line of a known format")
    when = datetime.fromisoformat(first["cuando"])
    settings = {str(k): str(v) for k, v in first["espacio"].items()} | {CUT_NAME: name, CUT_CODE: code}
    store = rows.restored(str(first["esquema"]), settings, tables(values), last)
    return Workspace(store, lambda: when)


def alike(one: bytes, other: bytes) -> bool:
    """Whether two cuts hold the same rows and settings, whatever each says of itself. A damaged one is like none."""
    try:
        return _without_head(one) == _without_head(other)
    except Damaged:
        return False


def _without_head(content: bytes) -> tuple[dict[str, Any], str]:
    settings = {key: value for key, value in head_of(content)["espacio"].items() if key not in {log.COUNT, log.SEAL}}
    digest, ahead = hashlib.sha256(), True
    for part in _inflated(content):
        if ahead:
            _, found, part = part.partition(b"\n")  # noqa: PLW2901 - what is left of it after the first line
            ahead = not found
        digest.update(part)
    return settings, digest.hexdigest()


def row_count(content: bytes) -> int:
    """How many rows a cut froze. Raises ``Damaged``."""
    values = _values(content)
    next(values, None)
    return sum(isinstance(value, list) for value in values)


def tables(values: Iterable[Any]) -> Iterator[tuple[str, list[str], Iterator[list[Any]]]]:
    """The tables that follow the first line: name, columns, rows; each must be read before the next."""
    table: dict[str, Any] = {}
    number = 0

    def of(value: object) -> int:
        nonlocal table, number
        if isinstance(value, dict):
            table, number = value, number + 1
        return number

    for _, lines in groupby(values, of):
        next(lines)  # the line with the name and the columns
        yield str(table["tabla"]), list(table["columnas"]), lines  # noqa: B031 - whoever takes it reads it before the next


def _values(content: bytes) -> Iterator[Any]:
    left = b""
    for part in _inflated(content):
        *whole, left = (left + part).split(b"\n")
        for line in whole:
            yield _value(line)
    if left:
        raise Damaged("the last line is cut off")


def _value(line: bytes) -> Any:
    try:
        return json.loads(line)
    except ValueError as error:
        raise Damaged("a line that is no JSON") from error


def _inflated(content: bytes) -> Iterator[bytes]:
    """The uncompressed text, a piece at a time."""
    reader = zlib.decompressobj()
    try:
        yield reader.decompress(content, CHUNK)
        while reader.unconsumed_tail:
            yield reader.decompress(reader.unconsumed_tail, CHUNK)
        yield reader.flush()
    except (zlib.error, TypeError) as error:  # TypeError: somebody wrote something that is no bytes in its place
        raise Damaged(str(error)) from error
    if not reader.eof or reader.unused_data:
        raise Damaged("cut off, or with something after its end")

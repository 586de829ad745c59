"""What a disk, SQLite or a PostgreSQL server say is the matter, as a few codes that people can do something about."""

import errno
import re
import sqlite3
from collections.abc import Callable, Iterator
from contextlib import contextmanager

from sqlalchemy.exc import DBAPIError


class StoreProblem(Exception):  # noqa: N818 - it says what is the matter with a store
    """A store that cannot be used, and why: ``code`` is one of the codes below, ``detail`` says more.

    missing, exists, not_ours, damaged, incomplete, newer, older, locked, read_only, reading, full, address; of a
    server also: busy, slow, lost, unreachable, password, no_database, forbidden, empty, encoding, too_long.
    """

    def __init__(self, code: str, detail: str = "") -> None:
        super().__init__(f"{code}: {detail}")
        self.code = code
        self.detail = detail


@contextmanager
def translated(detail: Callable[[str], str] | None = None) -> Iterator[None]:
    """Turn what the disk and the database say about trouble people can mend into StoreProblem.

    ``detail`` gives, for a code, what the problem should name (who has the store, which server).
    """
    try:
        yield
    except (DBAPIError, sqlite3.Error) as error:
        cause = getattr(error, "orig", None) or error
        code = _sqlite_code(str(cause)) if isinstance(cause, sqlite3.Error) else _server_code(cause)
        if code is None:
            raise
        raise StoreProblem(code, (detail and detail(code)) or str(cause)) from error
    except OSError as error:
        code = _DISK.get(error.errno or 0)
        if code is None:
            raise
        raise StoreProblem(code, str(error)) from error


_DISK = {
    errno.ENOSPC: "full",
    errno.EDQUOT: "full",
    errno.EROFS: "read_only",
    errno.EACCES: "read_only",
    errno.EPERM: "read_only",
    errno.ENOTDIR: "read_only",  # what should be the folder is a file
    errno.EEXIST: "read_only",
}


def _sqlite_code(message: str) -> str | None:
    said = {
        "database is locked": "locked",
        "readonly database": "read_only",
        "unable to open database": "read_only",
        "disk is full": "full",
        "not a database": "not_ours",
        "malformed": "damaged",
        "disk I/O error": "damaged",
    }
    return next((code for words, code in said.items() if words in message), None)


# The classes and codes of PostgreSQL's appendix A; a prefix of two letters stands for a whole class.
_STATES = {
    "08": "lost",
    "25P03": "lost",  # too long idle within a transaction: a PC that fell asleep
    "25006": "forbidden",  # a standby, which only reads
    "28": "password",
    "3D000": "no_database",
    "40": "busy",
    "42501": "forbidden",
    "53100": "full",
    "53300": "unreachable",
    "54000": "too_long",
    "55P03": "busy",
    "57014": "slow",
    "57P01": "lost",
    "57P02": "lost",
    "57P03": "unreachable",
    "57P05": "lost",
}

# While connecting the server's answer has no code, and its words are in the server's language.
_CONNECTING = (
    ("no_database", r'(database|base de datos) [«"][^"»]*[»"] (does not exist|no existe)'),
    ("forbidden", r"permission denied|permiso denegado|pg_hba\.conf"),
    ("password", r"password|contraseña|authentication|autenti"),
)


def _server_code(error: BaseException) -> str | None:
    state = getattr(error, "sqlstate", None)
    if state is not None:
        return _STATES.get(state) or _STATES.get(state[:2])
    message = str(error)
    if not re.match(r"connection (failed|timeout)|\[Errno|failed to resolve", message):
        return "lost" if type(error).__name__ == "OperationalError" else None
    return next((code for code, words in _CONNECTING if re.search(words, message)), "unreachable")

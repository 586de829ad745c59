"""Writing a file so that it is whole or not there, and saying in words why it could not be written."""

import errno
import os
from contextlib import suppress
from pathlib import Path

from peti_desktop.errors import UserError

_FLAGS = os.O_WRONLY | os.O_CREAT | os.O_TRUNC | getattr(os, "O_BINARY", 0)


def replace_file(path: Path, data: bytes, *, private: bool = False) -> None:
    """Write ``data`` beside ``path``, on disk, and move it over; ``private`` files are for their owner alone.

    Raises UserError; the old file then still stands.
    """
    beside = path.with_name(path.name + ".parcial")
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        handle = os.open(beside, _FLAGS, 0o600 if private else 0o666)
        with os.fdopen(handle, "wb") as stream:
            stream.write(data)
            stream.flush()
            os.fsync(stream.fileno())
        beside.replace(path)
    except OSError as error:
        with suppress(OSError):  # what could not be written cannot always be removed either
            beside.unlink()
        raise cannot_write(path, error) from error


def cannot_write(path: Path, error: OSError) -> UserError:
    """What an OSError while writing ``path`` means to the person."""
    if error.errno in {errno.ENOSPC, errno.EDQUOT}:
        return UserError(
            f"No hay espacio para guardar «{path.name}».", "Libere espacio o escoja otra memoria, y repita."
        )
    if error.errno in {errno.EACCES, errno.EPERM} and path.exists():
        return UserError(
            f"No se pudo reemplazar «{path.name}»: está abierto en otro programa o protegido.",
            "Ciérrelo en Excel o escoja otra carpeta, y repita.",
        )
    return UserError(f"No se puede escribir en la carpeta «{path.parent}».", "Escoja otra carpeta o memoria, y repita.")


def cannot_read(path: Path, error: OSError) -> UserError:
    """What an OSError while reading ``path`` means to the person."""
    if error.errno in {errno.EACCES, errno.EPERM}:
        return UserError(
            f"No se pudo leer «{path.name}»: está abierto en otro programa o protegido.", "Ciérrelo en Excel y repita."
        )
    return UserError(f"No se pudo leer «{path.name}».", "Revise que la memoria esté conectada y que el archivo exista.")


def read_limited(path: Path, limit: int) -> bytes:
    """The bytes of ``path``, at most ``limit`` + 1 of them. Raises UserError when it cannot be read."""
    try:
        with path.open("rb") as stream:
            return stream.read(limit + 1)
    except OSError as error:
        raise cannot_read(path, error) from error

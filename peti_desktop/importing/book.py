"""Opening somebody's spreadsheet: .xlsx, .xlsm, .ods, .xls, .csv, in a process of its own and within limits."""

import logging
import multiprocessing
import time
from collections.abc import Iterator
from contextlib import closing, suppress
from multiprocessing.connection import Connection
from pathlib import Path
from typing import Any

from peti_desktop.errors import UserError
from peti_desktop.importing import child
from peti_desktop.importing.grid import LIMITS, Book, Grid, Limits
from peti_desktop.progress import Progress, silent

logger = logging.getLogger(__name__)

KINDS = "Hojas de cálculo (*.xlsx *.xlsm *.xls *.ods *.csv *.txt)"

_SAVE_AS = "Ábralo en Excel, guárdelo como «Libro de Excel (.xlsx)» y traiga ese archivo."
_SPLIT = "Deje en un archivo aparte solo las filas que quiere traer, y traiga ese archivo."
WORDS = {
    "missing": ("No se encontró «{name}».", "Revise que la memoria esté conectada y escójalo de nuevo."),
    "folder": ("«{name}» es una carpeta.", "Escoja un archivo de Excel, de LibreOffice o de texto (.csv)."),
    "open": (
        "«{name}» está abierto en Excel y no deja leerlo.",
        "Guárdelo y ciérrelo en Excel, y vuelva a intentarlo.",
    ),
    "unreadable": (
        "No se pudo leer «{name}».",
        "Ciérrelo si está abierto en otro programa, o cópielo al escritorio, y vuelva a intentarlo.",
    ),
    "lockfile": (
        "«{name}» no es la hoja de cálculo: es la marca que deja Excel mientras la tiene abierta.",
        "Escoja el archivo que se llama igual, sin el comienzo «~$».",
    ),
    "empty": ("«{name}» está vacío: no tiene ningún dato.", "Escoja otro archivo, o una copia anterior de este."),
    "size": ("«{name}» es demasiado grande: {detail}.", _SPLIT),
    "inflated": ("«{name}» es demasiado grande por dentro para ser una lista de registros.", _SPLIT),
    "text": ("«{name}» tiene una celda con un texto desmesurado.", "Bórrela o acórtela en Excel, y repita."),
    "sheets": ("«{name}» tiene demasiadas hojas.", "Deje en un archivo aparte solo la hoja que quiere traer."),
    "rows": ("La hoja «{detail}» tiene más de {rows} filas escritas.", _SPLIT),
    "cells": ("La hoja «{detail}» tiene demasiadas celdas escritas.", _SPLIT),
    "password": (
        "«{name}» está protegido con contraseña de apertura.",
        "Ábralo en Excel con su contraseña, quítesela en Archivo › Información › Proteger libro, y guárdelo.",
    ),
    "damaged": (
        "«{name}» está dañado o incompleto y no se puede leer.",
        "Intente abrirlo en Excel y guardarlo con otro nombre, o use una copia anterior.",
    ),
    "html": ("«{name}» es una página web con nombre de Excel.", _SAVE_AS),
    "xml2003": ("«{name}» está en el formato XML de Excel 2003.", _SAVE_AS),
    "xlsb": ("«{name}» está en el formato binario de Excel (.xlsb).", _SAVE_AS),
    "unknown": (
        "«{name}» no es una hoja de cálculo.",
        "Escoja un archivo de Excel (.xlsx, .xls), de LibreOffice (.ods) o de texto (.csv).",
    ),
    "slow": ("«{name}» tarda demasiado en leerse y se dejó.", _SPLIT),
    "memory": ("«{name}» no cabe en la memoria de este equipo.", _SPLIT),
    "died": ("«{name}» no se puede leer: está dañado o hecho para hacer fallar los programas.", _SAVE_AS),
}
"""What keeps a file from being read, and what to do about it, by code."""

Message = tuple[Any, ...]


def open_book(path: Path, limits: Limits = LIMITS, progress: Progress = silent) -> Book:
    """Every sheet of ``path`` that holds something. Nothing of the file is changed or kept.

    Raises UserError, always with one sentence of what and one of what to do, and Cancelled.
    """
    _present(path)
    grids: list[Grid] = []
    for message in _messages(path, limits, progress):
        match message:
            case ("sheet", Grid() as grid):
                grids.append(grid)
            case ("rows", dict() as rows):
                grids[-1].rows.update(rows)
            case ("refused", str() as code, str() as detail):
                logger.info("import refused: %s %s", code, detail)
                raise trouble(code, path, limits)
    kept = tuple(grid for grid in grids if grid.rows or grid.refused)
    if not kept:
        raise trouble("empty", path, limits)
    if all(grid.refused for grid in kept):
        raise trouble(kept[0].refused, path, limits, kept[0].name)
    return Book(path.name, kept, _notes(path))


def trouble(code: str, path: Path, limits: Limits = LIMITS, detail: str = "") -> UserError:
    """The sentence of a code; ``detail`` names the sheet."""
    what, todo = WORDS[code]
    if code == "size":
        detail = f"pasa de {limits.file // 2**20} MB"
    rows = f"{limits.rows:,}".replace(",", ".")
    return UserError(what.format(name=path.name, detail=detail, rows=rows), todo)


def refused(book: Book, grid: Grid, limits: Limits = LIMITS) -> UserError | None:
    """Why a sheet of a book that was opened cannot be brought in."""
    return trouble(grid.refused, Path(book.file), limits, grid.name) if grid.refused else None


def _present(path: Path) -> None:
    """Raise UserError for what can be told without looking inside."""
    if path.name.startswith(("~$", ".~lock.")):
        raise trouble("lockfile", path)
    try:
        if path.is_dir():
            raise trouble("folder", path)
        with path.open("rb"):
            pass
    except FileNotFoundError as error:
        raise trouble("missing", path) from error
    except PermissionError as error:
        raise trouble("open" if _lock_beside(path) else "unreadable", path) from error
    except OSError as error:
        raise trouble("unreadable", path) from error


def _lock_beside(path: Path) -> bool:
    """Whether Excel or LibreOffice says that it has the file open."""
    # Excel leaves out the first two letters of a long name.
    names = (f"~${path.name}", f"~${path.name[2:]}", f".~lock.{path.name}#")
    return any(path.with_name(name).exists() for name in names)


def _notes(path: Path) -> tuple[str, ...]:
    if not _lock_beside(path):
        return ()
    return ("Parece que tiene este archivo abierto en Excel: se trae lo último que se guardó.",)


def _messages(path: Path, limits: Limits, progress: Progress) -> Iterator[Message]:
    """What the child says, until it ends. However it ends, it is gone afterwards."""
    # «spawn» everywhere: a forked copy of a program with windows and threads cannot be trusted to live.
    context = multiprocessing.get_context("spawn")
    mine, its = context.Pipe(duplex=False)
    process = context.Process(target=child.run, args=(str(path), limits, its), daemon=True)
    with closing(mine):
        process.start()
        its.close()
        try:
            yield from _listen(mine, path, limits, progress)
        finally:
            process.kill()
            process.join()
            process.close()


def _listen(pipe: Connection, path: Path, limits: Limits, progress: Progress) -> Iterator[Message]:
    until = time.monotonic() + limits.seconds
    said = f"Leyendo «{path.name}»"
    progress(0, 0, said)
    while True:
        if time.monotonic() > until:
            raise trouble("slow", path, limits)
        if not pipe.poll(0.1):
            progress(0, 0, said)
            continue
        message: Message = ("died",)
        with suppress(EOFError, OSError):
            message = pipe.recv()
        match message:
            case ("end",):
                return
            case ("died",):
                raise trouble("died", path, limits)
            case ("fed", int() as done):
                progress(0, 0, f"{said}: {done / 2**20:.0f} MB")
            case _:
                yield message

"""Reading a filled form: compared with what it was written with and with the store, and nothing stored."""

import hashlib
from collections.abc import Mapping
from pathlib import Path

from peti_desktop.errors import UserError
from peti_desktop.importing.book import open_book, trouble
from peti_desktop.importing.cells import text_of
from peti_desktop.importing.grid import Book, Grid
from peti_desktop.oldform.filled import Filled, Line, Wrong
from peti_desktop.oldform.layout import BASE, EXAMPLE_ROW, FORMAT, MARK, NUMBER, SAID, asked, unpacked
from peti_desktop.oldform.rows import Reader
from peti_desktop.progress import Progress, silent
from peti_desktop.records import TYPES
from peti_desktop.records.fields import RecordType
from peti_desktop.workspace import Workspace

NEWER = UserError(
    "El formulario lo escribió una versión más nueva del programa.",
    "Actualice Peti Desktop en este equipo y léalo de nuevo.",
)


def read(ws: Workspace, path: Path, progress: Progress = silent) -> Filled:
    """What the form at ``path`` would change. Raises UserError for a file that is no form for this store."""
    book = open_book(path, progress=progress)
    said = _said(book)
    unit = _accepted(ws, said, path.name)
    reader = Reader(ws, unit, said["formulario"], _base(book))
    lines: list[Line] = []
    wrong: list[Wrong] = []
    notes = list(book.notes)
    for step, record_type in enumerate(TYPES.values()):
        progress(step, len(TYPES), f"Comparando {record_type.title.lower()}")
        found = _sheet(book, record_type, int(said["formato"]), wrong, notes)
        if found is None:
            reader.skip(record_type)
            continue
        more, also = reader.sheet(record_type, *found)
        lines += more
        wrong += also
    return Filled(
        file=path.name,
        sha256=_sha256(path),
        form=reader.origin,
        dependencia=unit,
        lines=tuple(lines),
        wrong=tuple(wrong),
        notes=tuple(notes),
        known=reader.known,
    )


def _said(book: Book) -> dict[str, str]:
    """What the form says about itself."""
    found = next((grid for grid in book if grid.name == SAID), None)
    said = {text_of(cells.get(0)): text_of(cells.get(1)) for cells in found.rows.values()} if found else {}
    if said.keys() >= {"formato", "formulario", "dependencia", "vigencia"} and said["formato"].isdecimal():
        return said
    if any(grid.name == "Portada" for grid in book):
        raise UserError(
            f"«{book.file}» es una entrega, no un formulario.", "Las entregas se reciben en la Oficina TIC."
        )
    raise UserError(
        f"«{book.file}» no es un formulario escrito por este programa, o perdió sus hojas ocultas.",
        "Escoja el archivo terminado en «_formulario.xlsx»; una lista propia se trae con «Traer de Excel».",
    )


def _accepted(ws: Workspace, said: Mapping[str, str], name: str) -> str:
    """The dependencia the form speaks for. Raises UserError when this store cannot take it."""
    if int(said["formato"]) > FORMAT:
        raise NEWER
    unit = said["dependencia"]
    label = ws.catalogues.label("dependencia", unit)
    if ws.info.perfil == "dependencia" and unit != ws.info.dependencia:
        raise UserError(
            f"«{name}» es el formulario de {label}, y aquí se trabaja {ws.info.dependencia_nombre}.",
            "Entrégueselo a quien maneja el programa en esa dependencia, o a la Oficina TIC.",
        )
    if ws.catalogues.entry("dependencia", unit) is None:
        raise UserError(
            f"«{name}» es de una dependencia que este programa no conoce («{unit[:40]}»).",
            "Actualice Peti Desktop, o escriba un formulario nuevo.",
        )
    if said["vigencia"] != str(ws.info.vigencia):
        raise UserError(
            f"«{name}» es de la vigencia {said['vigencia'][:10]} y aquí se trabaja la {ws.info.vigencia}.",
            "Escriba un formulario de esta vigencia y copie en él lo que siga siendo cierto.",
        )
    return unit


def _base(book: Book) -> dict[tuple[str, str], str] | None:
    """Uid and field to the text the form was written with; None when that sheet is gone."""
    found = next((grid for grid in book if grid.name == BASE), None)
    if found is None:
        return None
    rows = ([text_of(cells.get(n)) for n in range(3)] for cells in found.rows.values())
    return {(uid, name): unpacked(text) for uid, name, text in rows}


def _sheet(
    book: Book, record_type: RecordType, version: int, wrong: list[Wrong], notes: list[str]
) -> tuple[Grid, dict[str, int], int] | None:
    """The sheet of a type, the column of each field, and its first row; None when it cannot be read, and why."""
    title = record_type.title
    marked = [grid for grid in book if text_of(grid.row(0).get(0)) == MARK + record_type.name]
    named = [grid for grid in book if grid.name == title]
    if not marked:
        wrong.append(_without_mark(title, named))
        return None
    grid = next((found for found in marked if found.name == title), marked[0])
    if grid.refused:
        wrong.append(Wrong(grid.name, trouble(grid.refused, Path(book.file), detail=grid.name).what, taken=False))
        return None
    if len(marked) > 1:
        others = ", ".join(f"«{found.name}»" for found in marked if found is not grid)
        wrong.append(Wrong(grid.name, f"Hay copias de esta hoja ({others}): solo se lee esta.", taken=False))
    if grid.name != title:
        notes.append(f"La hoja «{title}» se llama ahora «{grid.name}»; se lee igual.")
    where: dict[str, int] = {}
    for column, raw in grid.row(0).items():
        where.setdefault(text_of(raw), column)
    for field in asked(record_type):
        if field.name not in where and field.since <= version:
            text = f"Falta la columna «{field.label}»: de ella no se toma nada."
            wrong.append(Wrong(f"{grid.name}, fila 1", text, taken=False))
    return grid, where, _first_row(record_type, grid, where)


def _without_mark(title: str, named: list[Grid]) -> Wrong:
    if named:
        text = (
            "Se borró o cambió la fila 1, que está oculta y dice qué es cada columna: de esta hoja no se toma nada. "
            "Copie lo escrito en un formulario nuevo."
        )
        return Wrong(f"{named[0].name}, fila 1", text, taken=False)
    return Wrong(title, f"El formulario ya no tiene la hoja «{title}»: de ella no se toma nada.", taken=False)


def _first_row(record_type: RecordType, grid: Grid, where: Mapping[str, int]) -> int:
    """The row (from 0) after the example, wherever deleted rows have moved it."""
    column = where.get(record_type.numbered or NUMBER, 1)
    for row in range(1, EXAMPLE_ROW):
        if text_of(grid.row(row).get(column)) == "Ejemplo":
            return row + 1
    return EXAMPLE_ROW


def _sha256(path: Path) -> str:
    try:
        with path.open("rb") as stream:
            return hashlib.file_digest(stream, "sha256").hexdigest()
    except OSError as error:
        raise trouble("unreadable", path) from error

"""How the office's changes of the lists come to a dependencia: a hidden sheet of the signed starter file.

The first row names the sheet's format and the version; each other one is the newest row of an entry. Who wrote the file
is proved before anybody looks here, and nothing is believed all the same: lists that do not fit together are refused.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

from peti_desktop.catalogues import Catalogues, load
from peti_desktop.errors import UserError
from peti_desktop.vigencias import changing, rows, rules
from peti_desktop.vigencias.rows import Change
from peti_desktop.workspace import Workspace

SHEET: Final = "_catalogos"
FORMAT: Final = 1
MOST: Final = 5_000
"""Rows of a sheet: more than all lists together hold."""
NEWEST: Final = 10**9

Texts = tuple[tuple[str, ...], ...]


@dataclass(frozen=True, slots=True)
class Told:
    """What a file says about the lists: its version, and the newest row of each entry that the office changed."""

    version: int
    changes: tuple[Change, ...]


def sheets(ws: Workspace, _dependencia: str) -> Mapping[str, Texts]:
    """The hidden sheets for a starter file; none while the office changed nothing."""
    changes = ws.catalogues.changes
    if not changes:
        return {}
    head = ("catalogos", str(FORMAT), str(rows.version_of(changes)))
    return {SHEET: (head, *(_cells(change) for change in rows.newest(changes).values()))}


def _cells(change: Change) -> tuple[str, ...]:
    return str(change.version), change.lista, change.codigo, change.text


def told(more: Mapping[str, Sequence[Sequence[str]]]) -> Told | None:
    """What the sheets of a starter file say about the lists; None when nothing. Raises UserError for nonsense."""
    found = more.get(SHEET)
    if found is None:
        return None
    try:
        return _told(found)
    except (ValueError, IndexError) as error:
        raise UserError(
            f"El archivo de inicio trae listas que este programa no entiende ({error}).",
            "Instale la versión más nueva de Peti Desktop; si ya la tiene, avise a la Oficina TIC.",
        ) from error


def _told(found: Sequence[Sequence[str]]) -> Told:
    if not found or found[0][0] != "catalogos" or int(found[0][1]) != FORMAT:
        raise ValueError("su formato es otro")
    if len(found) > MOST:
        raise ValueError("son demasiados renglones")
    version = _number(found[0][2])
    changes: dict[tuple[str, str], Change] = {}
    for row in found[1:]:
        if len(row) != 4 or len(row[3]) > rules.LONGEST_ROW:
            raise ValueError("un renglón no tiene la forma debida")
        change = rules.checked(Change(_number(row[0]), row[1], row[2], row[3]))
        if change.version > version or (change.lista, change.codigo) in changes:
            raise ValueError(f"«{change.codigo}» no cuadra")
        changes[change.lista, change.codigo] = change
    return Told(version, tuple(changes.values()))


def _number(text: str) -> int:
    number = int(text)
    if not 1 <= number <= NEWEST:
        raise ValueError("la versión no sirve")
    return number


def lists_of(ws: Workspace, more: Mapping[str, Sequence[Sequence[str]]], metodo: str) -> Catalogues:
    """The lists this store would have after a starter file. Raises UserError for nonsense."""
    said = told(more)
    return _with(ws.catalogues, said, metodo) if said and said.version >= ws.catalogues.own else ws.catalogues


def refuse(ws: Workspace, said: Told, metodo: str) -> None:
    """Raise UserError for lists that would not fit together here."""
    if said.version >= ws.catalogues.own:
        rules.refuse(_with(ws.catalogues, said, metodo))


def _with(catalogues: Catalogues, said: Told, metodo: str) -> Catalogues:
    return load(metodo, catalogues.vigencia, (*catalogues.changes, *_fresh(catalogues, said)))


def _fresh(catalogues: Catalogues, said: Told) -> list[Change]:
    """What the file says otherwise than this store knows."""
    known = rows.newest(catalogues.changes)
    return [change for change in said.changes if _text(known.get((change.lista, change.codigo))) != change.text]


def _text(change: Change | None) -> str:
    return change.text if change else ""


def take(ws: Workspace, connection: Any, said: Told) -> str:
    """Keep what the file says, inside the caller's transaction; gives a sentence, empty when nothing is new.

    The caller lets the workspace read its lists again. An older version than the one known is left aside.
    """
    own = ws.catalogues.own
    if said.version < own:
        return f"Las listas del archivo son la versión {said.version} y aquí ya rige la {own}: se dejaron como están."
    fresh = _fresh(ws.catalogues, said)
    if not fresh:
        return ""
    changing.store(connection, fresh, "Archivo de inicio de la Oficina TIC", ws)
    many = "1 renglón" if len(fresh) == 1 else f"{len(fresh)} renglones"
    return f"Las listas pasaron a la versión {said.version} de la Oficina TIC ({many}). Lo ya registrado se conserva."

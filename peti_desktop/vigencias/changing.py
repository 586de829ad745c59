"""Changing the lists: a new name, a split, a merger, an end, a new owner. Each is rows that are laid over the old ones.

Nothing is taken out and no code changes: what ends gets a last day, and what it became is told beside it.
"""

import re
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from itertools import count
from typing import Any

from db.queries import catalogue
from peti_desktop import binnacle
from peti_desktop.catalogues import Catalogues, load
from peti_desktop.consolidation import acting
from peti_desktop.errors import UserError
from peti_desktop.records.convert import clean, plain
from peti_desktop.trust.certificates import LONGEST_CODE
from peti_desktop.vigencias import rules
from peti_desktop.vigencias.rows import SMLMV, Change, written
from peti_desktop.vigencias.rules import UNIT
from peti_desktop.workspace import Workspace

RENAMED, CLOSED, ADDED, SEVERAL, SPLIT, MERGED, OWNER, SUPPORT, WAGE = (
    "cambiar de nombre",
    "cerrar",
    "agregar",
    "agregar varios",
    "dividir",
    "unir",
    "cambiar quien responde",
    "cambiar el fin de soporte",
    "fijar el SMLMV",
)


@dataclass(frozen=True, slots=True)
class Edit:
    """The whole new row of an entry, in the file's own names."""

    lista: str
    codigo: str
    row: Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Part:
    """A unit or process that comes out of another; ``code`` is empty for a new one. ``answers``: its subprocesos."""

    name: str
    code: str = ""
    answers: tuple[str, ...] = ()


def renamed(catalogues: Catalogues, lista: str, code: str, name: str, since: date | None, note: str = "") -> Edit:
    """Another name from a day on; without a day the old name was a mistake. The old name goes on being found."""
    row = _row(catalogues, lista, code)
    name = named(name)
    if name == catalogues.label(lista, code):
        raise UserError(f"Ya se llama «{name}».", "Escriba el nombre nuevo.")
    if since is None:
        field = next((key for key in ("nombre", "etiqueta", "resumen") if key in row), "nombre")
        row["alias"] = [*dict.fromkeys([*row.get("alias", ()), str(row.get(field, code))])]
        row[field] = name
    else:
        change: dict[str, Any] = {"desde": since, "nombre": name} | ({"nota": note} if note else {})
        row["cambio"] = sorted([*row.get("cambio", ()), change], key=lambda each: each["desde"])
    return Edit(lista, code, row)


def closed(catalogues: Catalogues, lista: str, code: str, last: date, became: Sequence[str] = ()) -> Edit:
    """The last day an entry may be chosen, and what took its place."""
    row = _row(catalogues, lista, code) | {"hasta": last}
    if became:
        row["paso_a"] = [*dict.fromkeys(became)]
    return Edit(lista, code, row)


def added(
    catalogues: Catalogues,
    lista: str,
    name: str,
    since: date | None = None,
    *,
    besides: Collection[str] = (),
    **more: object,
) -> Edit:
    """A new entry; its code comes from its name and is none of ``besides``. ``more``: the other cells."""
    name = named(name)
    code = free_code(catalogues, lista, name, besides)
    row = {"codigo": code, "nombre": name} | ({"desde": since} if since else {})
    return Edit(lista, code, row | {key: value for key, value in more.items() if value})


def split(catalogues: Catalogues, code: str, parts: Sequence[Part], since: date) -> list[Edit]:
    """A dependencia becomes several on a day; each answers for the processes its part says."""
    if len(parts) < 2:
        raise UserError("Una división tiene por lo menos dos partes.", "Agregue la otra dependencia.")
    return _became(catalogues, [code], parts, since)


def merged(catalogues: Catalogues, codes: Sequence[str], into: Part, since: date) -> list[Edit]:
    """Dependencias become one on a day: a new one, or one of those there are; it answers for all their processes."""
    if not codes or set(codes) == {into.code}:
        raise UserError("Diga qué dependencias se unen.", "Escoja por lo menos una que no sea la que queda.")
    answers = [sub for code in codes for sub in _row(catalogues, UNIT, code).get("responde", ())]
    part = Part(into.name, into.code, tuple(dict.fromkeys([*into.answers, *answers])))
    return _became(catalogues, [code for code in codes if code != into.code], [part], since)


def owner(catalogues: Catalogues, process: str, unit: str) -> list[Edit]:
    """Another dependencia answers for a subproceso."""
    edits = []
    for code in catalogues.codes(UNIT):
        row = _row(catalogues, UNIT, code)
        has = process in row.get("responde", ())
        if has and code != unit:
            row["responde"] = [sub for sub in row["responde"] if sub != process]
        elif code == unit and not has:
            row["responde"] = [*row.get("responde", ()), process]
        else:
            continue
        edits.append(Edit(UNIT, code, row))
    return edits


def support(catalogues: Catalogues, lista: str, code: str, last: date | None) -> Edit:
    """Until when the maker supports a system or an Office; None for not known."""
    row = _row(catalogues, lista, code)
    row.pop("fin_soporte", None)
    return Edit(lista, code, row | ({"fin_soporte": last} if last else {}))


def wage(year: int, amount: Decimal) -> Edit:
    """The monthly minimum wage of a year, in pesos."""
    return Edit(SMLMV, str(year), {"anio": year, "valor": str(amount)})


def change(ws: Workspace, edits: Sequence[Edit], reason: str, words: str) -> int:
    """Let the office's lists say this from now on; gives the version. All of it or nothing. Raises UserError.

    ``words`` say what was done, for the log.
    """
    acting.office_only(ws)
    reason = acting.said(reason)
    if not edits:
        raise UserError("No hay nada que cambiar.", "Escoja un renglón y cambie algo de él.")
    with ws.write() as connection:
        version = catalogue.version(connection) + 1
        if version != ws.catalogues.own + 1:
            raise UserError("Otra persona cambió las listas mientras tanto.", "Véalas de nuevo y repita el cambio.")
        changes = checked(edits, version)
        _laid(ws.catalogues, changes)
        store(connection, changes, reason, ws)
        told = [f"{each.lista}: {each.codigo}" for each in changes]
        detail = {"version": version, "que": words, "renglones": told, "motivo": reason}
        binnacle.write(connection, ws.clock(), ws.info.who, "cambiar catálogos", detail)
    ws.reread_catalogues()
    return version


def store(connection: Any, changes: Iterable[Change], reason: str, ws: Workspace) -> None:
    """Keep changes that were checked, inside the caller's transaction."""
    catalogue.add(
        connection,
        [
            {
                "version": each.version,
                "lista": each.lista,
                "codigo": each.codigo,
                "datos": each.text,
                "motivo": reason,
                "quien": ws.info.who,
                "cuando": ws.clock(),
            }
            for each in changes
        ],
    )


def free_code(catalogues: Catalogues, lista: str, name: str, besides: Collection[str] = ()) -> str:
    """A code for a new entry that no entry has, nor any of ``besides``.

    A dependencia's is one that a certificate takes and that stands in names of files.
    """
    made = re.sub("[^a-z0-9]+", "_", plain(name)).strip("_") or "nueva"
    if lista == UNIT:
        made = (made if made[0].isalpha() else f"D_{made}").upper()
    taken = {code.casefold() for code in (*catalogues.codes(lista), *besides)}
    tries = _numbered(made, LONGEST_CODE if lista == UNIT else 60)
    return next(code for code in tries if code.casefold() not in taken)


def _numbered(code: str, longest: int) -> Iterator[str]:
    """``code`` cut to ``longest`` signs, then with 2, 3, ... behind it, never longer."""
    yield code[:longest].strip("_")
    for number in count(2):
        end = f"_{number}"
        yield code[: longest - len(end)].strip("_") + end


def _became(catalogues: Catalogues, codes: Sequence[str], parts: Sequence[Part], since: date) -> list[Edit]:
    made: dict[str, Edit] = {}
    for part in parts:
        if part.code:
            row = _row(catalogues, UNIT, part.code)
            row["responde"] = [*dict.fromkeys([*row.get("responde", ()), *part.answers])]
            made[part.code] = Edit(UNIT, part.code, row)
        else:
            edit = added(catalogues, UNIT, part.name, since, responde=list(part.answers))
            if edit.codigo in made:
                raise UserError(f"Dos de las partes se llaman «{part.name}».", "Escriba otro nombre.")
            made[edit.codigo] = edit
    last = since - timedelta(days=1)
    return [*(closed(catalogues, UNIT, code, last, list(made)) for code in codes), *made.values()]


def checked(edits: Iterable[Edit], version: int) -> list[Change]:
    """Edits as changes of a version, each one judged by itself. Raises UserError."""
    try:
        return [rules.checked(Change(version, each.lista, each.codigo, written(each.row))) for each in edits]
    except ValueError as error:
        raise UserError(f"No se puede guardar: {error}.", "Corríjalo y guarde de nuevo.") from error


def _laid(catalogues: Catalogues, changes: Sequence[Change]) -> Catalogues:
    found = load(catalogues.metodo, catalogues.vigencia, (*catalogues.changes, *changes))
    rules.refuse(found)
    return found


def _row(catalogues: Catalogues, lista: str, code: str) -> dict[str, Any]:
    row = catalogues.row(lista, code)
    if row is None:
        raise UserError(f"«{code}» no está en la lista.", "Véala de nuevo y escoja un renglón.")
    return dict(row)


def named(name: str) -> str:
    """The name as it is kept. Raises UserError for none, for one too long and for signs that cannot be seen."""
    name = clean(name)
    if not name:
        raise UserError("Falta el nombre.", "Escríbalo como debe salir en las listas y en los informes.")
    if len(name) > rules.LONGEST or not name.isprintable():
        raise UserError(
            f"Ese nombre pasa de {rules.LONGEST} letras, ocupa varias líneas o trae signos que no se ven.",
            "Escriba uno solo, en una línea.",
        )
    return name

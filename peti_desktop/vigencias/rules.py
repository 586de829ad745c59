"""What a row of a list may say, and what may not be wrong with the lists as a whole; each mistake is a sentence."""

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import date
from decimal import Decimal, InvalidOperation
from functools import cache
from typing import Any, Final

from peti_desktop import catalogues as catalogue_room
from peti_desktop.catalogues import Catalogues
from peti_desktop.errors import UserError
from peti_desktop.records import EVERY
from peti_desktop.records.convert import plain, spoken_date
from peti_desktop.vigencias.rows import SMLMV, YEAR, Change, written

UNIT, PROCESS = "dependencia", "subproceso"
LONGEST: Final = 500
"""Characters of a name or a note."""
MOST_NAMES: Final = 40
"""Aliases or successors of one entry."""
MOST_PROCESSES: Final = 250
"""Processes one dependencia answers for or takes part in."""
LONGEST_ROW: Final = 20_000
"""Characters of a whole row's JSON: what a starter file carries in one cell."""
WAGE_RANGE: Final = (Decimal(100_000), Decimal(100_000_000))
"""A minimum wage outside of it is a slip of the keyboard."""
YEARS: Final = range(2000, 2101)

_DESCRIBING: Final = ("equipo", "necesidad", "sistema", "sede", "formacion")
"""Record types whose lists describe what there is. Those of a risk are the method's; those of the plan, the PETI's."""
_KNOWN_TO_RULES: Final = frozenset(
    {"si_no", "forma_necesidad", "forma_formacion", "urgencia", "objetivo", "componente", "metodo"}
)

_CODE = re.compile(r"[\w.\-]+(?: [\w.\-]+)*", re.ASCII)
_LISTED: Final = frozenset({"alias", "paso_a", "responde", "participa", "amenazas", "hechos", "lineas_accion"})


@cache
def editable() -> Mapping[str, str]:
    """The lists the office may change, with the words for each: those that describe what there is.

    The method's tables and the lists whose codes the rules of the program know are not among them.
    """
    found = {UNIT: "Dependencias", PROCESS: "Subprocesos", "marca": "Marca (equipos)"}
    for name in _DESCRIBING:
        for field in EVERY[name].fields:
            if field.catalogue and field.catalogue not in _KNOWN_TO_RULES:
                found.setdefault(field.catalogue, f"{field.label} ({EVERY[name].title.lower()})")
    return found


def problems(catalogues: Catalogues) -> list[str]:
    """What is wrong with the lists the office may change; empty when they fit together."""
    found: list[str] = []
    for name, words in editable().items():
        found.extend(_of_list(catalogues, name, words))
    found.extend(_of_owners(catalogues))
    return found


def _of_list(catalogues: Catalogues, name: str, words: str) -> Iterator[str]:
    day = date(catalogues.vigencia, 12, 31)
    entries = [entry for code in catalogues.codes(name) if (entry := catalogues.entry(name, code))]
    known = {entry.code for entry in entries}
    named: dict[str, str] = {}
    for entry in entries:
        if not entry.label:
            yield f"{words}: «{entry.code}» no tiene nombre."
        if entry.since and entry.until and entry.until < entry.since:
            began, ended = spoken_date(entry.since), spoken_date(entry.until)
            yield f"{words}: «{entry.label}» termina el {ended}, antes de empezar el {began}."
        for new in entry.became:
            if new not in known:
                yield f"{words}: «{entry.label}» pasó a «{new}», que no está en la lista."
        if entry.became and entry.until is None:
            yield f"{words}: «{entry.label}» pasó a otra y le falta la fecha en que termina."
        if entry.in_force(day):
            other = named.setdefault(plain(entry.label), entry.code)
            if other != entry.code and _own(catalogues, name, (entry.code, other)):
                yield f"{words}: hay dos que se llaman «{entry.label}»."
    yield from _rounds(catalogues, name, words, sorted(known))


def _own(catalogues: Catalogues, name: str, codes: Iterable[str]) -> bool:
    """Whether the office changed one of these: what the program ships is not its mistake."""
    return bool({(name, code) for code in codes} & {(change.lista, change.codigo) for change in catalogues.changes})


def _rounds(catalogues: Catalogues, name: str, words: str, codes: Sequence[str]) -> Iterator[str]:
    """Entries that come back to themselves by what they became."""
    for code in codes:
        seen: list[str] = []
        after = [code]
        for step in after:
            entry = catalogues.entry(name, step)
            for new in entry.became if entry else ():
                if new == code:
                    yield f"{words}: «{catalogues.label(name, code)}» pasa a otra que vuelve a pasar a ella."
                    return
                if new not in seen:
                    seen.append(new)
                    after.append(new)


def _of_owners(catalogues: Catalogues) -> Iterator[str]:
    day = date(catalogues.vigencia, 12, 31)
    owners: dict[str, list[str]] = {}
    for unit in catalogues.entries(UNIT):
        for code in unit.extra.get("responde", ()):
            owners.setdefault(code, []).append(unit.label)
    for code in catalogues.codes(PROCESS):
        entry = catalogues.entry(PROCESS, code)
        assert entry is not None
        if not entry.in_force(day):
            continue
        found = owners.get(code, [])
        if not found:
            yield f"Ninguna dependencia vigente responde por «{entry.label}»."
        elif len(found) > 1:
            yield f"Por «{entry.label}» responden {' y '.join(found)}: debe ser una sola."
    for code in sorted(owners):
        if catalogues.entry(PROCESS, code) is None:
            yield f"{owners[code][0]} responde por «{code}», que no está en el mapa de procesos."
    rule = catalogue_room.table("dependencias")["institucional"]
    for name, code in ((UNIT, rule[UNIT]), (PROCESS, rule[PROCESS])):
        entry = catalogues.entry(name, code)
        if entry is None or not entry.in_force(day):
            yield f"«{catalogues.label(name, code)}» no se cierra: responde por lo institucional del PETI."


def refuse(catalogues: Catalogues) -> None:
    """Raise UserError with the first thing that is wrong with these lists."""
    if found := problems(catalogues):
        rest = f" Y hay {len(found) - 1} más." if len(found) > 1 else ""
        raise UserError(found[0] + rest, "Corríjalo y guarde de nuevo: nada ha cambiado.")


def checked(change: Change) -> Change:
    """The change in canonical form. Raises ValueError for a list that is not the office's or a row that says nonsense.

    The row comes from a person or from a file that may be anybody's.
    """
    if change.lista in {SMLMV, YEAR}:
        _year_row(change)
    elif change.lista not in editable():
        raise ValueError(f"«{change.lista}» no es una lista que la oficina cambie")
    if not _CODE.fullmatch(plain_code(change.codigo)) or len(change.codigo) > 80:
        raise ValueError(f"el código «{change.codigo[:80]}» no sirve")
    try:
        row = change.row
    except (ValueError, TypeError, KeyError, RecursionError) as error:
        raise ValueError(f"el renglón de «{change.codigo}» no se entiende") from error
    if change.lista not in {SMLMV, YEAR}:
        for name, value in row.items():
            _value(change.codigo, name, value)
        own = row.get("codigo", row.get("id", change.codigo))
        if own != change.codigo:
            raise ValueError(f"el renglón de «{change.codigo}» dice ser «{own}»")
    text = written(row)
    if len(text) > LONGEST_ROW:
        raise ValueError(f"el renglón de «{change.codigo}» es demasiado largo")
    return Change(change.version, change.lista, change.codigo, text)


def plain_code(code: str) -> str:
    """A code as it is judged: letters without accents."""
    return plain(code).replace(" ", "_") or " "


def _year_row(change: Change) -> None:
    try:
        row = change.row
        year = int(row["anio"])
        fits = year in YEARS and str(year) == change.codigo
        if change.lista == SMLMV:
            fits = fits and WAGE_RANGE[0] <= Decimal(row["valor"]) <= WAGE_RANGE[1]
        else:
            catalogue_room.method_table(str(row["metodo"]))
    except (ValueError, TypeError, KeyError, InvalidOperation, RecursionError, UserError) as error:
        raise ValueError(f"el año «{change.codigo[:20]}» no se entiende") from error
    if not fits or set(row) - {"anio", "valor", "metodo", "certeza", "nota"}:
        raise ValueError(f"el año «{change.codigo[:20]}» dice algo que no puede ser")


def _value(code: str, name: str, value: Any) -> None:
    """One value of a row: short texts, whole numbers, yes or no, dates, lists of short texts, changes of name."""
    if name == "cambio":
        fits = isinstance(value, list) and len(value) <= MOST_NAMES and all(_renaming(each) for each in value)
    elif name in _LISTED:
        most = MOST_PROCESSES if name in {"responde", "participa"} else MOST_NAMES
        fits = isinstance(value, list) and len(value) <= most and all(_short(each) for each in value)
    elif name in {"codigo", "id", "nombre", "nota", "etiqueta", "resumen"}:
        fits = _short(value)
    elif isinstance(value, list):
        fits = len(value) <= MOST_NAMES and all(_short(each) for each in value)
    else:
        fits = isinstance(value, bool | int | date) or _short(value)
    if not fits or len(name) > 40:
        raise ValueError(f"«{name[:40]}» de «{code}» no se entiende")


def _renaming(change: object) -> bool:
    if not isinstance(change, dict) or not isinstance(change.get("desde"), date):
        return False
    return set(change) <= {"desde", "nombre", "nota"} and all(
        _short(change[name]) for name in ("nombre", "nota") if name in change
    )


def _short(value: object) -> bool:
    return isinstance(value, str) and len(value) <= LONGEST and (value.isprintable() or not value)

"""What a person asks of a list, in their own words, as the rows it means."""

import re
from dataclasses import dataclass
from datetime import date

from peti_desktop.catalogues import Catalogues
from peti_desktop.errors import UserError
from peti_desktop.records.convert import number, read
from peti_desktop.records.fields import Field, Kind
from peti_desktop.vigencias import changing
from peti_desktop.vigencias.changing import Edit, Part
from peti_desktop.vigencias.rules import PROCESS, UNIT, WAGE_RANGE, YEARS

_YEAR = re.compile("[0-9]{4}")
_DAY = Field("dia", "Día", kind=Kind.DATE)


@dataclass(frozen=True, slots=True)
class Asked:
    """A deed of ``changing`` about an entry. Texts are as they were typed; what the deed does not need is empty.

    ``chosen`` are the processes of the second part of a split, or the units that are merged with ``code``.
    """

    deed: str
    lista: str
    code: str = ""
    name: str = ""
    second: str = ""
    day: str = ""
    target: str = ""
    chosen: tuple[str, ...] = ()
    amount: str = ""


def edits_of(catalogues: Catalogues, asked: Asked) -> list[Edit]:
    """The rows that what was asked means. Raises UserError for what cannot be understood."""
    lista, code = asked.lista, asked.code
    match asked.deed:
        case changing.RENAMED:
            return [changing.renamed(catalogues, lista, code, asked.name, day(catalogues, asked.day, optional=True))]
        case changing.CLOSED:
            after = [asked.target] if asked.target else []
            return [changing.closed(catalogues, lista, code, _needed(catalogues, asked.day), after)]
        case changing.ADDED:
            since = day(catalogues, asked.day, optional=True)
            if lista != PROCESS:
                return [changing.added(catalogues, lista, asked.name, since)]
            return _new_process(catalogues, asked, since)
        case changing.SPLIT:
            answers = catalogues.subprocesos_of(code)
            first = Part(asked.name, answers=tuple(sub for sub in answers if sub not in asked.chosen))
            second = Part(asked.second, answers=tuple(sub for sub in answers if sub in asked.chosen))
            return changing.split(catalogues, code, [first, second], _needed(catalogues, asked.day))
        case changing.MERGED:
            if not asked.target and not asked.chosen:
                raise UserError("Una sola no se une con ninguna.", "Marque con cuáles se une, o escoja en cuál queda.")
            into = Part(asked.name, asked.target)
            codes = list(dict.fromkeys([code, *asked.chosen]))
            return changing.merged(catalogues, codes, into, _needed(catalogues, asked.day))
        case changing.OWNER:
            return changing.owner(catalogues, code, asked.target)
        case changing.SUPPORT:
            return [changing.support(catalogues, lista, code, day(catalogues, asked.day, optional=True))]
        case _:
            return [_wage(asked)]


def day(catalogues: Catalogues, text: str, *, optional: bool = False) -> date | None:
    """The day that was typed; None for none. Raises UserError."""
    value, wrong = read(_DAY, text, catalogues)
    if wrong:
        raise UserError(f"Fecha: {wrong}", "No cambió nada.")
    if isinstance(value, date):
        return value
    if not optional:
        raise UserError("Falta la fecha.", "Escríbala como 15/12/2026.")
    return None


def _needed(catalogues: Catalogues, text: str) -> date:
    found = day(catalogues, text)
    assert found is not None
    return found


def _new_process(catalogues: Catalogues, asked: Asked, since: date | None) -> list[Edit]:
    """A subproceso stands under a process of the map, and somebody answers for it from the first day."""
    beside = catalogues.row(PROCESS, asked.code) or {}
    new = changing.added(catalogues, PROCESS, asked.name, since, proceso=beside.get("proceso", ""))
    unit = catalogues.row(UNIT, asked.target)
    if unit is None:
        raise UserError("Falta quién responde por el subproceso.", "Escoja la dependencia.")
    return [new, Edit(UNIT, asked.target, dict(unit) | {"responde": [*unit.get("responde", ()), new.codigo]})]


def _wage(asked: Asked) -> Edit:
    amount = number(asked.amount)
    if not _YEAR.fullmatch(asked.name) or int(asked.name) not in YEARS:
        raise UserError("Ese año no se entiende.", "Escriba el año con cuatro cifras.")
    if amount is None or not WAGE_RANGE[0] <= amount <= WAGE_RANGE[1]:
        raise UserError("Ese valor no puede ser el SMLMV.", "Escriba los pesos de un mes, como 1.750.905.")
    return changing.wage(int(asked.name), amount)

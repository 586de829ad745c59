"""Many new entries of a list at once, as they come from a sheet: a line each, judged before anything is kept."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import Final

from peti_desktop.catalogues import Catalogues
from peti_desktop.errors import UserError
from peti_desktop.records.convert import clean, plain, read
from peti_desktop.records.fields import Field, Kind
from peti_desktop.vigencias import changing
from peti_desktop.vigencias.changing import Edit
from peti_desktop.vigencias.rules import PROCESS, UNIT

MOST: Final = 500
"""Lines of one paste; more than that is another list, or a whole sheet by mistake."""

_OWNER = Field("responde", "Quién responde", kind=Kind.CHOICE, catalogue=UNIT)
_HEADINGS: Final = frozenset({"nombre", "subproceso", "dependencia", "renglon"})


@dataclass(frozen=True, slots=True)
class Line:
    """One line of the sheet: a new name and, for a subproceso, the code of who answers for it.

    ``wrong`` says why it cannot be added as it is; ``skipped`` why there is nothing to add.
    """

    name: str
    unit: str = ""
    wrong: str = ""
    skipped: str = ""

    @property
    def new(self) -> bool:
        """Whether the line becomes an entry."""
        return not (self.wrong or self.skipped)


def understood(catalogues: Catalogues, lista: str, rows: Sequence[Sequence[str]], unit: str = "") -> list[Line]:
    """Every line that says something. ``unit`` answers for the subprocesos whose line names nobody.

    Raises UserError for more lines than a list takes at once.
    """
    told = [cells for row in rows if any(cells := [" ".join(clean(cell).split()) for cell in row])]
    if len(told) > MOST:
        raise UserError(f"Son {len(told)} renglones y de una vez se agregan hasta {MOST}.", "Péguelos por partes.")
    day = date(catalogues.vigencia, 12, 31)
    known = {plain(entry.label) for code in catalogues.codes(lista) if (entry := catalogues.entry(lista, code))}
    ended = known - {plain(entry.label) for entry in catalogues.entries(lista) if entry.in_force(day)}
    found: list[Line] = []
    above: dict[str, Line] = {}
    for place, cells in enumerate(told):
        line = _line(catalogues, lista, cells, unit)
        name = plain(line.name)
        if place == 0 and name in _HEADINGS:
            line = Line(line.name, skipped="Es el encabezado.")
        elif name in known - ended:
            line = replace(line, wrong="", skipped="Ya está en la lista.")
        elif name in ended:
            line = replace(line, wrong="Estuvo en la lista y terminó: escriba otro nombre.")
        elif name in above and above[name].unit == line.unit:
            line = replace(line, wrong="", skipped="Ya viene más arriba.")
        elif name in above:
            line = replace(line, wrong="Ya viene más arriba con otra dependencia.")
        above.setdefault(name, line)
        found.append(line)
    return found


def _line(catalogues: Catalogues, lista: str, cells: Sequence[str], unit: str) -> Line:
    name, rest = cells[0], [cell for cell in cells[1:] if cell]
    try:
        name = changing.named(name)
    except UserError as error:
        return Line(name, wrong=error.what)
    if lista != PROCESS:
        return Line(name, wrong="Trae más de una columna: copie solo los nombres." if rest else "")
    if len(rest) > 1 or (rest and not cells[1]):
        return Line(name, wrong="Trae más de dos columnas: copie el nombre y quién responde.")
    if not rest:
        return Line(name, unit, "" if unit else "Falta quién responde.")
    value, wrong = read(_OWNER, rest[0], catalogues)
    in_force = {entry.code for entry in catalogues.entries(UNIT)}
    if wrong is None and value not in in_force:
        wrong = f"«{rest[0]}» ya no está vigente."
    return Line(name, "" if wrong else str(value), wrong or "")


def edits(
    catalogues: Catalogues, lista: str, lines: Sequence[Line], since: date | None, beside: str = ""
) -> list[Edit]:
    """The rows that the new lines mean; subprocesos go under the process of ``beside``, another subproceso.

    Raises UserError while a line is wrong, so that none is left behind unseen.
    """
    if bad := [line for line in lines if line.wrong]:
        raise UserError(f"«{bad[0].name[:60]}»: {bad[0].wrong}", "Corrija ese renglón o bórrelo.")
    process = (catalogues.row(lista, beside) or {}).get("proceso", "") if lista == PROCESS else ""
    made: dict[str, Edit] = {}
    answers: dict[str, list[str]] = {}
    for line in lines:
        if line.new:
            edit = changing.added(catalogues, lista, line.name, since, besides=made, proceso=process)
            made[edit.codigo] = edit
            if line.unit:
                answers.setdefault(line.unit, []).append(edit.codigo)
    return [*made.values(), *_owners(catalogues, answers)]


def _owners(catalogues: Catalogues, answers: Mapping[str, Sequence[str]]) -> list[Edit]:
    found = []
    for unit, codes in answers.items():
        row = dict(catalogues.row(UNIT, unit) or {})
        found.append(Edit(UNIT, unit, row | {"responde": [*row.get("responde", ()), *codes]}))
    return found

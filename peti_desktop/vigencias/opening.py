"""Opening a vigencia at the office: the year, the version of the method, and what each dependencia owes until when."""

from collections.abc import Iterable, Mapping
from datetime import date
from typing import Any, Final

from sqlalchemy import Connection

from db.queries import catalogue, deliveries, marks, space
from peti_desktop import binnacle
from peti_desktop.catalogues import method_of, method_table
from peti_desktop.consolidation import acting, roles
from peti_desktop.copies import BEFORE_NEW_YEAR, keep
from peti_desktop.errors import UserError
from peti_desktop.intake.receipt import ACCEPTED, PARTLY
from peti_desktop.progress import Progress, silent
from peti_desktop.records import TYPES
from peti_desktop.records.convert import spoken_date
from peti_desktop.vigencias import changing
from peti_desktop.vigencias.changing import Edit
from peti_desktop.vigencias.rows import YEAR
from peti_desktop.workspace import Workspace

SECTIONS: Final = tuple(name for name, each in TYPES.items() if not each.parent)
"""What can be owed: a risk's controls go with it."""
FARTHEST: Final = 3
"""So many years ahead may be opened; more is a slip of the keyboard."""

Due = dict[tuple[str, str], date]
"""Dependencia and section to the last day; what is not there is not owed."""


def due(ws: Workspace, vigencia: int | None = None) -> Due:
    """What is owed in a vigencia; in the office's own without one."""
    with ws.read() as connection:
        found = space.deadlines(connection, vigencia or ws.info.vigencia)
    return {(row["dependencia"], row["seccion"]): row["vence"] for row in found}


def set_due(ws: Workspace, wanted: Mapping[tuple[str, str], date | None]) -> int:
    """Change some deadlines of the office's vigencia; None: it is owed no longer. Gives how many it changed.

    Raises UserError for a day that is not of this vigencia or the one after.
    """
    acting.office_only(ws)
    year = ws.info.vigencia
    _refuse_days(year, wanted.values())
    with ws.write() as connection:
        _refuse_another_year(connection, year)
        stored = {(r["dependencia"], r["seccion"]): r for r in space.deadlines(connection, year)}
        before = {key: row["vence"] for key, row in stored.items()}
        changed = {key: day for key, day in wanted.items() if before.get(key) != day}
        if not changed:
            return 0
        after: Due = {key: day for key, day in (before | changed).items() if day is not None}
        # What was said of a deadline before, such as why more time was given, stays with it.
        known = {key: {**row, "vence": after[key]} for key, row in stored.items() if key in after}
        blank = dict.fromkeys(next(iter(stored.values()), {}))
        new = {key: blank | _row(*key, day) for key, day in after.items() if key not in known}
        space.set_deadlines(connection, year, [*known.values(), *new.values()])
        told = [
            f"{unit} · {section}: {_iso(before.get((unit, section)))} → {_iso(day)}"
            for (unit, section), day in sorted(changed.items())
        ]
        detail = {"vigencia": year, "plazos": told}
        binnacle.write(connection, ws.clock(), ws.info.who, "cambiar plazos", detail)
    return len(changed)


def pass_on(ws: Workspace) -> int:
    """What units that ended owe passes to those that took their place; gives how many deadlines changed.

    Where one delivered already and it was accepted its deadlines stay, and nothing is asked again of its successor.
    """
    due_now, catalogues = due(ws), ws.catalogues
    in_force = {entry.code for entry in catalogues.entries("dependencia")}
    wanted: dict[tuple[str, str], date | None] = {}
    for unit in {unit for unit, _ in due_now} - in_force:
        after = [code for code in catalogues.became("dependencia", unit) if code in in_force]
        with ws.read() as connection:
            received = deliveries.received(connection, dependencia=unit, vigencia=ws.info.vigencia)
        if not after or any(row["estado"] in {ACCEPTED, PARTLY} for row in received):
            continue
        for (owner, section), day in due_now.items():
            if owner == unit:
                wanted[unit, section] = None
                wanted |= {(code, section): day for code in after if (code, section) not in due_now}
    return set_due(ws, wanted) if wanted else 0


def proposed(ws: Workspace, year: int) -> Due:
    """What a new year could begin with: the deadlines of the office's vigencia, as many years later.

    What a unit that ends owed is proposed for those that take its place.
    """
    found: Due = {}
    catalogues = ws.catalogues
    in_force = {entry.code for entry in catalogues.entries("dependencia")}
    for (unit, section), day in due(ws).items():
        for code in (unit, *catalogues.became("dependencia", unit)):
            if code in in_force:
                found.setdefault((code, section), _later(day, year - ws.info.vigencia))
    return found


def open_year(ws: Workspace, year: int, metodo: str, wanted: Due, progress: Progress = silent) -> str:
    """Let the office work in the vigencia ``year`` from now on; gives the name of the copy that was made before.

    Only the jefe does. The records go on; what was done before can no longer be undone. Raises UserError.
    """
    acting.office_only(ws)
    roles.require(ws, roles.OPEN_YEAR)
    before = ws.info.vigencia
    if not before < year <= before + FARTHEST:
        raise UserError(
            f"La vigencia {year} no puede abrirse después de la {before}.",
            f"Escriba un año entre {before + 1} y {before + FARTHEST}.",
        )
    method_table(metodo)
    _refuse_days(year, wanted.values())
    kept = keep(ws, BEFORE_NEW_YEAR, progress).path.name
    with ws.write() as connection:
        _refuse_another_year(connection, before)
        if method_of(year, ws.catalogues.changes) != metodo:
            version = catalogue.version(connection) + 1
            row = Edit(YEAR, str(year), {"anio": year, "metodo": metodo})
            changing.store(connection, changing.checked([row], version), f"Abrir la vigencia {year}", ws)
        marks.close_acts(connection)
        space.set_settings(connection, {"vigencia": str(year), "metodo": metodo})
        _store(connection, year, wanted)
        detail = {"vigencia": year, "anterior": before, "metodo": metodo, "plazos": len(wanted), "copia": kept}
        binnacle.write(connection, ws.clock(), ws.info.who, "abrir vigencia", detail)
    ws.reread_catalogues()
    return kept


def _refuse_another_year(connection: Connection, year: int) -> None:
    """A colleague may have opened another vigencia since this one was read."""
    now = int(space.settings(connection)["vigencia"])
    if now != year:
        raise UserError(
            f"Otra persona abrió mientras tanto la vigencia {now}: aquí todavía se veía la {year}.",
            "No cambió nada. Cierre estos datos y ábralos de nuevo.",
        )


def _store(connection: Connection, year: int, wanted: Due) -> None:
    space.set_deadlines(connection, year, [_row(unit, section, day) for (unit, section), day in wanted.items()])


def _row(unit: str, section: str, day: date) -> dict[str, Any]:
    return {"dependencia": unit, "seccion": section, "vence": day}


def _refuse_days(year: int, days: Iterable[date | None]) -> None:
    for day in days:
        if day is not None and not date(year, 1, 1) <= day <= date(year + 1, 12, 31):
            raise UserError(
                f"El {spoken_date(day)} no es un plazo de la vigencia {year}.",
                f"Escriba un día entre el 1 de enero de {year} y el 31 de diciembre de {year + 1}.",
            )


def _later(day: date, years: int) -> date:
    """The same day so many years later; 29 February becomes the 28th."""
    try:
        return day.replace(year=day.year + years)
    except ValueError:
        return day.replace(year=day.year + years, day=28)


def _iso(day: date | None) -> str:
    return day.isoformat() if day else "no se debe"

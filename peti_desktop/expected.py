"""Who owes what: every section of every dependencia with its deadline, how far its delivery is, and more time.

A dependencia owes sections (record types) until a day. Its newest delivery that was not rejected or replaced says how
far it is. What it said it has nothing of, and the time it was given, are decisions of the office, kept with the
deadline; the starter file written next tells it the new day.
"""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from enum import StrEnum
from typing import Final

from sqlalchemy import Connection

from db.queries import expected as rows
from peti_desktop import binnacle
from peti_desktop.catalogues import Catalogues
from peti_desktop.consolidation import decisions
from peti_desktop.consolidation.acting import acting, said
from peti_desktop.errors import UserError
from peti_desktop.intake.receipt import ACCEPTED, PARTLY, RECEIVED, REJECTED, REPLACED, RETURNED
from peti_desktop.records import EVERY
from peti_desktop.records.convert import by_name, spoken_date
from peti_desktop.returning import states
from peti_desktop.workspace import Workspace

Key = tuple[str, str]
"""Dependencia and section."""

TAKEN: Final = frozenset({ACCEPTED, PARTLY, REPLACED})
"""States of a delivery that was in force, wholly or in part."""
STANDING: Final = frozenset({RECEIVED, RETURNED, PARTLY, ACCEPTED})
"""States of a delivery that says how far its dependencia is: it was neither rejected nor replaced."""
ABSENT: Final = "ausente"
"""The class of the doubt about a record that a delivery left out."""

MORE_TIME, NOTHING, AGAIN = "dar más plazo", "anotar sin novedad", "volver a esperar"
"""What the log calls the decisions about deadlines."""
DAYS_TO_ANSWER: Final = 5
"""Calendar days proposed for delivering what is late."""


class State(StrEnum):
    """How far a section is; the words people read."""

    MISSING = "sin entregar"
    OVERDUE = "vencida"
    RECEIVED = "recibida"
    RETURNED = "devuelta"
    PARTLY = "aceptada en parte"
    ACCEPTED = "aceptada"
    NOTHING = "sin novedad"


LETTERS: Final[Mapping[State, str]] = {
    State.MISSING: "F",
    State.OVERDUE: "V",
    State.RECEIVED: "R",
    State.RETURNED: "D",
    State.PARTLY: "P",
    State.ACCEPTED: "A",
    State.NOTHING: "N",
}
"""A letter for each state, so that none is told by colour alone; «F» falta."""
OWING: Final = frozenset({State.MISSING, State.OVERDUE, State.RETURNED})
"""States in which it is the dependencia's turn."""


@dataclass(frozen=True, slots=True)
class Owed:
    """A section that a dependencia owes.

    ``due`` is the day in force: of a delivery that was given back, the day its answer is owed. ``first`` is the day
    before it was given more time, for ``reason``. ``nothing`` is how it said that it has nothing to declare.
    ``number`` and ``sha256`` are those of its newest delivery, 0 and empty before the first; ``round`` how many times
    that one was given back and ``asked`` how many observations on the section wait for an answer; ``waiting`` how many
    of its rows were not accepted. ``records`` are in force; ``left_out`` are those of them that the delivery did not
    bring. ``last_year``: the dependencia delivered in the vigencia before and not in this one.
    """

    dependencia: str
    name: str
    section: str
    title: str
    due: date
    first: date | None
    reason: str
    nothing: str
    state: State
    number: int
    sha256: str
    received_at: datetime | None
    round: int
    asked: int
    waiting: int
    records: int
    left_out: int
    last_year: bool
    rejected: bool

    @property
    def key(self) -> Key:
        """What tells it from the others."""
        return self.dependencia, self.section

    @property
    def owing(self) -> bool:
        """Whether the dependencia must do something."""
        return self.state in OWING

    @property
    def empty(self) -> bool:
        """Whether what was accepted brought nothing in this section."""
        return self.state in {State.ACCEPTED, State.PARTLY} and not self.waiting and self.records <= self.left_out

    @property
    def words(self) -> str:
        """The state in words, with the round of a delivery that was given back."""
        return f"devuelta, {self.round}.ª vez" if self.state is State.RETURNED and self.round else str(self.state)

    def late(self, today: date) -> int:
        """Days since the deadline while it is the dependencia's turn; negative for days left; 0 on the day itself."""
        return (today - self.due).days

    @property
    def notes(self) -> tuple[str, ...]:
        """What else is worth knowing, each in a few words."""
        found = []
        if self.last_year:
            found.append("entregó el año pasado y este no")
        if self.number and self.rejected:
            found.append(f"la n.º {self.number} se rechazó")
        if self.asked:
            found.append(
                "1 observación por responder" if self.asked == 1 else f"{self.asked} observaciones por responder"
            )
        if self.waiting:
            found.append("1 fila espera" if self.waiting == 1 else f"{self.waiting} filas esperan")
        if self.nothing:
            found.append(f"no tiene qué declarar: {self.nothing}")
        elif self.empty:
            kept = f" ({self.left_out} de antes siguen en firme)" if self.left_out else ""
            found.append(f"llegó vacía{kept}")
        elif self.owing and not self.number and self.records:
            found.append(
                "1 registro de antes en firme" if self.records == 1 else f"{self.records} registros de antes en firme"
            )
        if self.first is not None:
            found.append(f"antes vencía el {spoken_date(self.first)}: {self.reason}")
        return tuple(found)


@dataclass(frozen=True, slots=True)
class Waiting:
    """Rows of a delivery that wait for the same decision and reason."""

    dependencia: str
    name: str
    number: int
    section: str
    what: str
    reason: str
    rows: int


def section_of(type_name: str) -> str:
    """The section a record type is delivered with: controls come with their risks."""
    found = EVERY.get(type_name)
    return found[found.parent].links if found and found.parent else type_name


def board(ws: Workspace) -> list[Owed]:
    """Every section owed in the vigencia, by name of the dependencia and in the order of the sections."""
    vigencia, today = ws.info.vigencia, ws.today
    with ws.read() as connection:
        owed = rows.deadlines(connection, vigencia)
        if not owed:
            return []
        seen = _Seen(connection, vigencia, {row["seccion"] for row in owed})
    order = {name: place for place, name in enumerate(EVERY)}
    found = [_owed(ws.catalogues, row, seen, today) for row in owed]
    return sorted(found, key=lambda each: (by_name(each.name), order.get(each.section, len(order)), each.section))


def day_to_ask(owed: Iterable[Owed], today: date) -> date:
    """The day a reminder asks for unless somebody says another: the last deadline ahead, or a few days from now."""
    return max([today + timedelta(days=DAYS_TO_ANSWER), *(each.due for each in owed)])


def waiting(ws: Workspace) -> list[Waiting]:
    """The rows that were decided apart and not accepted, by dependencia, delivery and section."""
    with ws.read() as connection:
        found = rows.undecided(connection, ws.info.vigencia, decisions.HELD)
    every = [
        Waiting(
            row["dependencia"],
            ws.catalogues.label("dependencia", row["dependencia"]),
            row["numero"],
            row["tipo"],
            row["decision"],
            row["motivo"],
            row["filas"],
        )
        for row in found
    ]
    return sorted(every, key=lambda each: (by_name(each.name), each.number))


class _Seen:
    """What the store says about all deliveries, by dependencia; one query per table."""

    def __init__(self, connection: Connection, vigencia: int, sections: set[str]) -> None:
        self.newest: dict[str, rows.Row] = {}
        self.refused: dict[str, rows.Row] = {}
        for row in rows.deliveries(connection, vigencia, STANDING | {REJECTED}):  # in the order of their numbers
            (self.refused if row["estado"] == REJECTED else self.newest)[row["dependencia"]] = row
        self.waiting: Counter[tuple[str, str]] = Counter()
        for (sha256, name), count in rows.waiting(connection, vigencia, decisions.HELD).items():
            self.waiting[sha256, section_of(name)] += count
        self.observed: dict[str, list[rows.Row]] = {}
        for row in rows.observed(connection, vigencia, states.DRAFT, states.RETURNED):
            self.observed.setdefault(row["entrega"], []).append(row)
        self.records = rows.records(connection, sorted(sections))
        self.absent = rows.absent(connection, ABSENT)
        self.before = rows.delivered_in(connection, vigencia - 1, TAKEN)


def _owed(catalogues: Catalogues, row: rows.Row, seen: _Seen, today: date) -> Owed:
    unit, section = row["dependencia"], row["seccion"]
    newest = seen.newest.get(unit)
    shown = newest or seen.refused.get(unit)
    found = seen.observed.get(newest["sha256"], []) if newest else []
    waits = seen.waiting[newest["sha256"], section] if newest else 0
    due = row["vence"]
    returned = newest is not None and newest["estado"] == RETURNED
    if returned:
        due = max([due, *(each["vence"] for each in found if each["vence"])])
    return Owed(
        dependencia=unit,
        name=catalogues.label("dependencia", unit),
        section=section,
        title=EVERY[section].title if section in EVERY else section,
        due=due,
        first=row["primero"],
        reason=row["motivo"] or "",
        nothing=row["sin_novedad"] or "",
        state=_state(row, newest, waits, today),
        number=shown["numero"] if shown else 0,
        sha256=shown["sha256"] if shown else "",
        received_at=shown["recibida_en"] if shown else None,
        round=max((each["ronda"] for each in found), default=0) if returned else 0,
        asked=sum(each["abiertas"] for each in found if section_of(each["tipo"]) in {section, ""}),
        waiting=waits,
        records=seen.records.get((unit, section), 0),
        left_out=seen.absent.get((unit, section), 0),
        last_year=newest is None and unit in seen.before,
        rejected=newest is None and shown is not None,
    )


def _state(row: rows.Row, newest: rows.Row | None, waits: int, today: date) -> State:
    if newest is None:
        if row["sin_novedad"]:
            return State.NOTHING
        return State.OVERDUE if row["vence"] < today else State.MISSING
    match newest["estado"]:
        case "recibida":
            return State.RECEIVED
        case "devuelta":
            return State.RETURNED
        case "aceptada en parte" if waits:
            return State.PARTLY
        case _:
            return State.ACCEPTED


def latest(vigencia: int) -> date:
    """The last day that may be asked for: the end of the year after the vigencia."""
    return date(vigencia + 1, 12, 31)


def check_day(ws: Workspace, day: date) -> None:
    """Raise UserError when nobody could deliver on ``day``: it has passed, or lies too far ahead to be meant."""
    if day < ws.today:
        raise UserError(f"El {spoken_date(day)} ya pasó.", "Escoja un día de hoy en adelante.")
    if day > latest(ws.info.vigencia):
        raise UserError(
            f"El {spoken_date(day)} queda muy lejos de la vigencia {ws.info.vigencia}.",
            f"Escoja un día hasta el {spoken_date(latest(ws.info.vigencia))}.",
        )


def extend(ws: Workspace, keys: Sequence[Key], until: date, reason: str) -> int:
    """Give more time: these sections are owed until ``until``, for ``reason``; one act. Gives how many changed.

    A section that is owed until that day or a later one stays as it is. Raises UserError without a reason, for a day
    that ``check_day`` refuses, when no section would get more time, and for a section that nobody owes.
    """
    reason = said(reason)
    check_day(ws, until)
    with acting(ws, _words(MORE_TIME, keys)) as act:
        chosen = _chosen(act.connection, ws, keys)
        found = [row for row in chosen if row["vence"] < until]
        if not found:
            last = max(row["vence"] for row in chosen)
            raise UserError(f"Ya hay plazo hasta el {spoken_date(last)}.", "Escoja un día posterior.")
        act.set_deadlines(
            {_uid(row): {"vence": until, "motivo": reason, "primero": row["primero"] or row["vence"]} for row in found}
        )
        detail = {"secciones": _told(ws, found), "vence": spoken_date(until), "motivo": reason}
        binnacle.write(act.connection, ws.clock(), ws.info.who, MORE_TIME, detail)
    return len(found)


def nothing_to_declare(ws: Workspace, keys: Sequence[Key], reason: str) -> int:
    """Note that a dependencia said it has nothing to declare in these sections; they are no longer waited for.

    One act; gives how many changed. Raises UserError without a reason (the paper that says so), and for a section that
    nobody owes.
    """
    return _note(ws, keys, said(reason), NOTHING)


def expect_again(ws: Workspace, keys: Sequence[Key]) -> int:
    """Wait for these sections again, whatever was noted about them. Raises UserError for one that nobody owes."""
    return _note(ws, keys, None, AGAIN)


def _note(ws: Workspace, keys: Sequence[Key], reason: str | None, action: str) -> int:
    with acting(ws, _words(action, keys)) as act:
        found = [row for row in _chosen(act.connection, ws, keys) if row["sin_novedad"] != reason]
        act.set_deadlines({_uid(row): {"sin_novedad": reason} for row in found})
        if found:
            detail = {"secciones": _told(ws, found), "motivo": reason or ""}
            binnacle.write(act.connection, ws.clock(), ws.info.who, action, detail)
    return len(found)


def _words(action: str, keys: Sequence[Key]) -> str:
    """What undo calls it: «dar más plazo a 3 secciones»."""
    many = len(set(keys))
    return f"{action}{' a' if action == MORE_TIME else ' en'} {'una sección' if many == 1 else f'{many} secciones'}"


def _chosen(connection: Connection, ws: Workspace, keys: Sequence[Key]) -> list[rows.Row]:
    wanted = set(keys)
    known = {_key(row): row for row in rows.deadlines(connection, ws.info.vigencia)}
    if not wanted or not wanted <= known.keys():
        raise UserError("Eso ya no se espera de esa dependencia.", "Actualice el Tablero y escoja otra vez.")
    return [row for key, row in known.items() if key in wanted]


def _key(row: rows.Row) -> Key:
    return row["dependencia"], row["seccion"]


def _uid(row: rows.Row) -> str:
    return rows.uid_of(row["vigencia"], *_key(row))


def _told(ws: Workspace, found: Sequence[rows.Row]) -> list[str]:
    """The sections in words, for the log: «Secretaría de Salud: Riesgos, Equipos»."""
    by_unit: dict[str, list[str]] = {}
    for row in found:
        section = row["seccion"]
        by_unit.setdefault(row["dependencia"], []).append(EVERY[section].title if section in EVERY else section)
    return [f"{ws.catalogues.label('dependencia', unit)}: {', '.join(names)}" for unit, names in by_unit.items()]

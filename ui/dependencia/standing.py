"""How far the dependencia is: what «Inicio» shows, computed off the window's thread."""

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING

from peti_desktop.delivery.made import Made, made
from peti_desktop.records import TYPES
from peti_desktop.records.record import Record
from ui.dependencia.problems import tally

if TYPE_CHECKING:
    from peti_desktop.workspace import RecordProblem, Workspace


@dataclass(frozen=True, slots=True)
class Owed:
    """One line of what is expected: a subproceso, how much it has, and its state with the tone of its chip."""

    words: str
    risks: int
    needs: int
    state: str
    tone: str


@dataclass(frozen=True, slots=True)
class Standing:
    """``done`` of ``total`` records have nothing that stops a delivery. ``notes``: a line and its tone per type."""

    owed: tuple[Owed, ...]
    counts: dict[str, int]
    notes: dict[str, tuple[str, str]]
    stops: int
    warns: int
    done: int
    total: int
    last: Made | None
    changed: int


def standing(ws: "Workspace") -> Standing:
    """Read it from the store."""
    everything = {name: ws.records(name) for name in TYPES}
    problems = ws.problems()
    stopped = _stopped(problems, everything["control"])
    codes = list(ws.catalogues.subprocesos_of(ws.info.dependencia))
    used = [r.values.get("subproceso") for r in (*everything["riesgo"], *everything["necesidad"])]
    codes += [str(code) for code in dict.fromkeys(used) if code and code not in codes]
    owed = [_owed(ws, code, everything["riesgo"], everything["necesidad"], stopped) for code in codes]
    if None in used:
        owed.append(_owed(ws, None, everything["riesgo"], everything["necesidad"], stopped))
    own = [r for name, found in everything.items() if name != "control" for r in found]
    stops, warns = tally(problems)
    deliveries = made(ws)
    last = deliveries[-1] if deliveries else None
    later = [r for found in everything.values() for r in found if last and r.changed_at > last.made_at]
    return Standing(
        tuple(owed),
        {name: len(found) for name, found in everything.items()},
        _notes(everything, stopped),
        stops,
        warns,
        sum(record.uid not in stopped for record in own),
        len(own),
        last,
        len(later),
    )


def _notes(everything: Mapping[str, list[Record]], stopped: Counter[str]) -> dict[str, tuple[str, str]]:
    notes: dict[str, tuple[str, str]] = {}
    for name, found in everything.items():
        wrong = sum(stopped[record.uid] > 0 for record in found)
        if wrong:
            notes[name] = ("1 incompleto" if wrong == 1 else f"{wrong} incompletos", "stops")
        else:
            notes[name] = ("Todo completo" if found else "Sin registros todavía", "fine" if found else "")
    old = sum(bool(record.values.get("obsolescencia")) for record in everything["equipo"])
    if old and notes["equipo"][1] != "stops":
        notes["equipo"] = (f"{old} con programas sin soporte", "warns")
    return notes


def _stopped(problems: "Iterable[RecordProblem]", controls: Iterable[Record]) -> Counter[str]:
    """How many problems stop each record; those of a control count for its risk."""
    owner = {control.uid: str(control.values["riesgo"]) for control in controls}
    return Counter(owner.get(p.uid, p.uid) for p in problems if p.problem.severity == "impide")


def _owed(
    ws: "Workspace", code: str | None, risks: Iterable[Record], needs: Iterable[Record], stopped: Counter[str]
) -> Owed:
    words = ws.catalogues.label("subproceso", code) if code else "(sin subproceso)"
    own_risks = [r for r in risks if r.values.get("subproceso") == code]
    own_needs = [r for r in needs if r.values.get("subproceso") == code]
    state, tone = _state(own_risks, own_needs, stopped)
    return Owed(words, len(own_risks), len(own_needs), state, tone)


def _state(risks: list[Record], needs: list[Record], stopped: Counter[str]) -> tuple[str, str]:
    if not risks and not needs:
        return "Sin empezar", "info"
    unrated = sum(record.values.get("zona_inherente") is None for record in risks)
    if unrated:
        return f"Falta valorar {unrated} {'riesgo' if unrated == 1 else 'riesgos'}", "stops"
    wrong = sum(stopped[record.uid] > 0 for record in (*risks, *needs))
    if wrong:
        return f"Faltan datos en {wrong} {'registro' if wrong == 1 else 'registros'}", "stops"
    if not risks:
        return "Faltan los riesgos", "warns"
    return "Completo", "fine"

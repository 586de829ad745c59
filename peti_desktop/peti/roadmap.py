"""The «hoja de ruta»: what each initiative costs in each year, and who would pay for it.

The cost of a need falls in the year it was asked for, moved into the years of its initiative; its source is the need's
own, else the initiative's. Suspended initiatives are named and cost nothing. A need nobody valued costs nothing and is
counted.
"""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Final

from peti_desktop.peti.gathering import GAP, NEED, RISK, Ask, Thing, things
from peti_desktop.progress import Progress, silent
from peti_desktop.records.record import Record
from peti_desktop.workspace import Workspace

SUSPENDED: Final = "suspendida"
UNDECIDED: Final = "sin_definir"
"""The source of who does not know it yet: as good as none."""


@dataclass(frozen=True, slots=True)
class Line:
    """An initiative and what it gathers; ``years`` and ``sources`` (codes, empty: not said) have one sum."""

    initiative: Record
    things: tuple[Thing, ...]
    years: dict[int, Decimal]
    sources: dict[str, Decimal]

    @property
    def money(self) -> Decimal:
        """Pesos of all years."""
        return sum(self.years.values(), Decimal(0))

    @property
    def units(self) -> int:
        """Units of all needs."""
        return sum(thing.quantity for thing in self.things)

    @property
    def unvalued(self) -> int:
        """How many needs do not say what they cost."""
        return sum(thing.unvalued for thing in self.things)

    @property
    def counts(self) -> bool:
        """Whether its cost is part of the plan's."""
        return self.initiative.values.get("estado") != SUSPENDED

    def in_years(self, years: Sequence[int]) -> Decimal:
        """Its pesos of several years."""
        return sum((self.years.get(year, Decimal(0)) for year in years), Decimal(0))

    def many(self, kind: str) -> int:
        """How many things of a kind (NEED, GAP, RISK) it gathers."""
        return sum(1 for thing in self.things if thing.kind == kind)


@dataclass(frozen=True, slots=True)
class Roadmap:
    """Every initiative in force in the order of its first year and code, and what is in none."""

    lines: tuple[Line, ...]
    loose: tuple[Thing, ...]

    @property
    def years(self) -> tuple[int, ...]:
        """Every year from the first of an initiative to the last."""
        said = [year for line in self.lines for year in _span(line.initiative)]
        said += [year for line in self.lines for year in line.years]
        return tuple(range(min(said), max(said) + 1)) if said else ()

    def columns(self, most: int) -> list[tuple[str, tuple[int, ...]]]:
        """The years under ``most`` headings at most: one each, and all that do not fit as the last."""
        years = self.years
        if len(years) <= most:
            return [(str(year), (year,)) for year in years]
        later = years[most - 1 :]
        return [*((str(year), (year,)) for year in years[: most - 1]), (f"{later[0]} a {later[-1]}", later)]

    def in_years(self, years: Sequence[int]) -> Decimal:
        """Pesos of several years."""
        return sum((self.in_year(year) for year in years), Decimal(0))

    @property
    def counted(self) -> tuple[Line, ...]:
        """The lines whose cost is the plan's."""
        return tuple(line for line in self.lines if line.counts)

    def in_year(self, year: int) -> Decimal:
        """Pesos of a year."""
        return sum((line.years.get(year, Decimal(0)) for line in self.counted), Decimal(0))

    @property
    def money(self) -> Decimal:
        """Pesos of the whole plan."""
        return sum((line.money for line in self.counted), Decimal(0))

    @property
    def sources(self) -> dict[str, Decimal]:
        """Pesos by source of the whole plan, the most first."""
        total: defaultdict[str, Decimal] = defaultdict(Decimal)
        for line in self.counted:
            for code, money in line.sources.items():
                total[code] += money
        return dict(sorted(total.items(), key=lambda pair: (-pair[1], pair[0])))

    @property
    def loose_money(self) -> Decimal:
        """Pesos of the needs that no initiative gathers."""
        return sum((thing.money for thing in self.loose), Decimal(0))

    def loose_many(self, kind: str) -> int:
        """How many things of a kind no initiative gathers."""
        return sum(1 for thing in self.loose if thing.kind == kind)


def roadmap(ws: Workspace, progress: Progress = silent) -> Roadmap:
    """The plan as it stands. Raises Cancelled from ``progress``."""
    found = things(ws, progress)
    own: defaultdict[str, list[Thing]] = defaultdict(list)
    for thing in found:
        own[thing.initiative].append(thing)
    lines = [_line(record, own.get(record.uid, ())) for record in ws.records("iniciativa")]
    lines.sort(
        key=lambda line: (_first(line.initiative), str(line.initiative.values.get("codigo") or ""), line.initiative.uid)
    )
    return Roadmap(tuple(lines), tuple(own.get("", ())))


def _line(record: Record, found: Sequence[Thing]) -> Line:
    years: defaultdict[int, Decimal] = defaultdict(Decimal)
    sources: defaultdict[str, Decimal] = defaultdict(Decimal)
    own = record.values.get("fuente")
    for thing in found:
        for ask in thing.asks:
            if ask.money:
                years[year_of(record, ask)] += ask.money
                said = ask.source if ask.source != UNDECIDED else None
                sources[said or (own if isinstance(own, str) else "")] += ask.money
    return Line(record, tuple(found), dict(sorted(years.items())), dict(sources))


def year_of(initiative: Record, ask: Ask) -> int:
    """The year in which a need is met: that it was asked for, but none outside the initiative's."""
    span = _span(initiative)
    if not span:
        return ask.year or initiative.created_at.year
    return min(max(ask.year or span[0], span[0]), span[-1])


def _span(initiative: Record) -> list[int]:
    said = [initiative.values.get("anio_desde"), initiative.values.get("anio_hasta")]
    found = [year for year in said if isinstance(year, int)]
    return [min(found), max(found)] if found else []


def _first(initiative: Record) -> int:
    span = _span(initiative)
    return span[0] if span else 9999


__all__ = ["GAP", "NEED", "RISK", "Line", "Roadmap", "roadmap", "year_of"]

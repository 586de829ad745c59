"""Lines for the Plan Anual de Adquisiciones: what is needed, as its form asks for it, with what is still missing.

A line is an item of the ranking. What is above the budget line and of this vigencia is planned; the rest is told apart
with the reason. docs/prioridad.md says where the columns come from.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Final

from peti_desktop.consolidation import budget
from peti_desktop.consolidation.priorities import Item, Need, ranking
from peti_desktop.progress import Progress, silent
from peti_desktop.records import NECESIDAD
from peti_desktop.workspace import Workspace

BELOW: Final = "No alcanza el presupuesto"
NO_CODE: Final = "Falta el código UNSPSC"
NO_VALUE: Final = "Falta el valor"
NO_QUANTITY: Final = "Falta la cantidad"
NO_SOURCE: Final = "Falta la fuente de financiación"


@dataclass(frozen=True, slots=True)
class PlanLine:
    """One purchase.

    ``unit_value`` is None where its needs differ or say none; ``left_out`` is empty when it is planned; ``problems``
    are what the form asks for and nobody filled in, or filled in wrong.
    """

    place: int
    score: int
    codes: tuple[str, ...]
    description: str
    quantity: int
    unit_value: Decimal | None
    total: Decimal
    this_year: Decimal
    sources: tuple[str, ...]
    unit: str
    units: tuple[str, ...]
    years: tuple[int, ...]
    problems: tuple[str, ...]
    left_out: str
    example: bool


@dataclass(frozen=True, slots=True)
class Plan:
    """All lines in their order; ``amount`` is the budget, None while nobody set one: then all is planned."""

    lines: tuple[PlanLine, ...]
    amount: Decimal | None

    @property
    def planned(self) -> tuple[PlanLine, ...]:
        """What goes into the plan."""
        return tuple(line for line in self.lines if not line.left_out)

    @property
    def left_out(self) -> tuple[PlanLine, ...]:
        """What does not, each with its reason."""
        return tuple(line for line in self.lines if line.left_out)


def plan(ws: Workspace, progress: Progress = silent) -> Plan:
    """The plan as the ranking, the groups and the kept amount make it. Raises Cancelled from ``progress``."""
    with ws.snapshot() as seen:
        return plan_of(seen, ranking(seen, progress), budget.kept_amount(seen))


def plan_of(ws: Workspace, items: Sequence[Item], amount: Decimal | None) -> Plan:
    """The plan of these items."""
    above = len(items) if amount is None else budget.line(items, amount).above
    return Plan(tuple(_line(ws, place, item, place < above) for place, item in enumerate(items)), amount)


def _line(ws: Workspace, place: int, item: Item, covered: bool) -> PlanLine:
    label, year = ws.catalogues.label, ws.info.vigencia
    values = {need.unit_value for need in item.needs}
    codes = tuple(dict.fromkeys(need.unspsc for need in item.needs if need.unspsc))
    years = tuple(sorted({need.year for need in item.needs if need.year is not None}))
    units = tuple(label("dependencia", code) for code in item.dependencias)
    sources = dict.fromkeys(need.source for need in item.needs if need.source)
    return PlanLine(
        place=place,
        score=item.score,
        codes=codes,
        description=" ".join(item.name.split()),
        quantity=item.quantity,
        unit_value=next(iter(values)) if len(values) == 1 else None,
        total=item.total,
        this_year=sum((need.total or Decimal(0) for need in item.needs if _is_of(need, year)), Decimal(0)),
        sources=tuple(label("fuente_financiacion", source) for source in sources),
        unit=units[0] if len(units) == 1 else label("dependencia", ws.info.dependencia),
        units=units,
        years=years,
        problems=_problems(item, codes),
        left_out=_left_out(item, year, years, covered),
        example=any(need.example for need in item.needs),
    )


def _is_of(need: Need, year: int) -> bool:
    """A need that names no vigencia is of the one that is open."""
    return need.year is None or need.year == year


def _left_out(item: Item, year: int, years: Sequence[int], covered: bool) -> str:
    if not any(_is_of(need, year) for need in item.needs):
        return f"Es de la vigencia {', '.join(map(str, years))}"
    return "" if covered else BELOW


def _problems(item: Item, codes: Sequence[str]) -> tuple[str, ...]:
    rule = NECESIDAD["unspsc"].rule
    assert rule is not None
    found = [f"{code}: {wrong}" for code in codes if (wrong := rule(code))]
    found += [NO_CODE] * (not codes)
    found += [NO_VALUE] * any(need.total is None for need in item.needs)
    found += [NO_QUANTITY] * any(need.quantity is None for need in item.needs)
    found += [NO_SOURCE] * any(need.source is None for need in item.needs)
    return tuple(found)

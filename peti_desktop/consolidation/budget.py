"""What an amount of money covers when needs are met in their order, what it leaves, and which extreme risks stay open.

A line is drawn below the last item that still fits when all above it are bought: nothing is skipped to fit something
cheaper, for then the order would mean nothing; what would still fit is told apart. What nobody valued costs nothing
here, is never said to be covered, and is counted.
"""

from bisect import bisect_right
from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from itertools import accumulate
from typing import Final

from db.queries import groups as rows
from db.queries import space
from peti_desktop import binnacle
from peti_desktop.catalogues import Catalogues
from peti_desktop.consolidation import roles
from peti_desktop.consolidation.priorities import Item, Need
from peti_desktop.errors import UserError
from peti_desktop.records.convert import decimal_text, number, plain
from peti_desktop.workspace import Workspace

MOST_MONEY: Final = Decimal(10**15)
"""A thousand million millions of pesos: more than the nation's budget of ten years is a slip."""
SETTING: Final = "presupuesto"
"""Its name is followed by the vigencia: each has a budget of its own."""


@dataclass(frozen=True, slots=True)
class Line:
    """Where the money ends: so many items are above; ``cumulative`` is what all down to each item cost.

    ``unvalued`` counts items above the line of which some need has no value: their cost is not known. ``would_fit``
    are the places of items below the line that what is left would still pay, one after the other.
    """

    amount: Decimal
    above: int
    cumulative: tuple[Decimal, ...]
    unvalued: int
    would_fit: tuple[int, ...]

    @property
    def spent(self) -> Decimal:
        """What all above the line cost."""
        return self.cumulative[self.above - 1] if self.above else Decimal(0)

    @property
    def left(self) -> Decimal:
        """What is not spent."""
        return self.amount - self.spent

    @property
    def missing(self) -> Decimal:
        """What all below the line cost."""
        return self.cumulative[-1] - self.spent if self.cumulative else Decimal(0)


def line(items: Sequence[Item], amount: Decimal, cumulative: tuple[Decimal, ...] | None = None) -> Line:
    """The line that ``amount`` pesos draw through ``items``; ``cumulative`` is that of an earlier line through them."""
    if cumulative is None:
        cumulative = tuple(accumulate(item.total for item in items))
    above = bisect_right(cumulative, amount)
    left = amount - (cumulative[above - 1] if above else Decimal(0))
    fits = []
    for place in range(above, len(items)):
        item = items[place]
        if item.valued and item.total <= left:
            fits.append(place)
            left -= item.total
    unvalued = sum(1 for item in items[:above] if not item.valued)
    return Line(amount, above, cumulative, unvalued, tuple(fits))


def amount_for(cumulative: Sequence[Decimal], above: int) -> Decimal:
    """The least amount that puts the line below the first ``above`` items."""
    return cumulative[above - 1] if above else Decimal(0)


def read_amount(text: str) -> Decimal:
    """Pesos as typed («$ 1.200.000.000»). Raises UserError for anything else."""
    found = number(text.strip())
    if found is None:
        raise UserError(f"«{text.strip()[:30]}» no es un valor en pesos.", "Escríbalo así: 1.200.000.000.")
    if not 0 <= found <= MOST_MONEY:
        raise UserError(f"El presupuesto va de 0 a $ {decimal_text(MOST_MONEY)}.", "Cuente los ceros.")
    return abs(found)  # «-0» is 0


def kept_amount(ws: Workspace) -> Decimal | None:
    """The amount last set for this vigencia; None before the first."""
    said = ws.setting(f"{SETTING}:{ws.info.vigencia}")
    return Decimal(said) if said else None


def keep_amount(ws: Workspace, amount: Decimal) -> None:
    """Remember the amount for this vigencia; the log says who set it. Raises UserError for who only reads."""
    roles.require(ws, roles.CHANGE)
    before, key = kept_amount(ws), f"{SETTING}:{ws.info.vigencia}"
    if amount == before:
        return
    with ws.write() as connection:
        space.set_settings(connection, {key: str(amount)})
        said = {"vigencia": ws.info.vigencia, "antes": "" if before is None else str(before), "despues": str(amount)}
        binnacle.write(connection, ws.clock(), ws.info.who, "fijar presupuesto", said)


# Extreme risks


@dataclass(frozen=True, slots=True)
class Extreme:
    """An extreme risk; ``place`` is that of the first item that would lower it, None when there is none."""

    uid: str
    dependencia: str
    reference: str
    description: str
    rated: str
    place: int | None


def extremes(ws: Workspace) -> list[Extreme]:
    """All extreme risks in force, none of them with a place yet."""
    with ws.read() as connection:
        return [
            Extreme(
                row["uid"],
                row["dependencia"],
                row["referencia"] or "",
                row["descripcion"] or "",
                "residual" if row["zona_residual"] else "inherente",
                None,
            )
            for row in rows.extreme(connection)
        ]


def placed(items: Sequence[Item], risks: Iterable[Extreme]) -> list[Extreme]:
    """The same risks, each with the place of the first item that would lower it."""
    first: dict[str, int] = {}
    for place, item in enumerate(items):
        for risk in item.risks:
            first.setdefault(risk, place)
    return [Extreme(r.uid, r.dependencia, r.reference, r.description, r.rated, first.get(r.uid)) for r in risks]


def uncovered(risks: Iterable[Extreme], above: int) -> list[Extreme]:
    """Of the ``placed`` risks those that nothing above the line lowers; first those that no need would lower."""
    left = [risk for risk in risks if risk.place is None or risk.place >= above]
    return sorted(left, key=lambda risk: (risk.place is not None, risk.place or 0, risk.dependencia, risk.reference))


# Totals


@dataclass(frozen=True, slots=True)
class Total:
    """What is asked for under one heading and what of it is above the line; equal needs are one line.

    ``unvalued`` needs say no value: ``money`` is without theirs, and is more than it says.
    """

    code: str
    label: str
    lines: int
    units: int
    money: Decimal
    covered: Decimal
    unvalued: int = 0


NAMELESS: Final = "Sin diligenciar"
BY: Final[Mapping[str, tuple[str, str]]] = {
    "dependencia": ("Por dependencia", "dependencia"),
    "tema": ("Por tema", "tema"),
    "fuente": ("Por fuente de financiación", "fuente_financiacion"),
    "anio": ("Por vigencia", ""),
}
"""The headings there are: title, and the list their codes are of."""
_OF: Final[Mapping[str, Callable[[Need], str]]] = {
    "dependencia": lambda need: need.dependencia,
    "tema": lambda need: need.tema or "",
    "fuente": lambda need: need.source or "",
    "anio": lambda need: str(need.year or ""),
}


def totals(items: Sequence[Item], above: int, by: str, known: Catalogues) -> list[Total]:
    """What is asked for by ``dependencia``, ``tema``, ``fuente`` or ``anio``, the dearest first.

    The money of an item goes to the headings of its needs; the item is a line under each of them, so that lines of
    several headings may be one purchase.
    """
    lines: defaultdict[str, set[int]] = defaultdict(set)
    units: defaultdict[str, int] = defaultdict(int)
    money: defaultdict[str, Decimal] = defaultdict(Decimal)
    covered: defaultdict[str, Decimal] = defaultdict(Decimal)
    unvalued: defaultdict[str, int] = defaultdict(int)
    for place, item in enumerate(items):
        for need in item.needs:
            code = _OF[by](need)
            lines[code].add(place)
            units[code] += need.quantity or 0
            money[code] += need.total or 0
            unvalued[code] += need.total is None
            if place < above:
                covered[code] += need.total or 0
    list_name = BY[by][1]
    found = [
        Total(
            code,
            NAMELESS if not code else known.label(list_name, code) if list_name else code,
            len(lines[code]),
            units[code],
            money[code],
            covered[code],
            unvalued[code],
        )
        for code in lines
    ]
    return sorted(found, key=lambda total: (-total.money, plain(total.label)))

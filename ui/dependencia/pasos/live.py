"""A risk while it is being typed: its values and all that follows from them, before anything is stored."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from peti_desktop.catalogues import Catalogues
from peti_desktop.method import Method, Rating
from peti_desktop.records import RIESGO, Context, Problem, Value, Values, check
from peti_desktop.records.riesgo import rate, rules_for
from ui.form import joined


@dataclass(frozen=True, slots=True)
class Live:
    """``values`` with the computed ones; ``rules`` and ``rating`` are None for versions that are only read.

    ``wage`` is the monthly minimum wage of ``year`` in pesos, None when nobody has entered it.
    """

    values: dict[str, Value]
    controls: tuple[Values, ...]
    rules: Method | None
    rating: Rating | None
    wage: Decimal | None
    year: int
    problems: tuple[Problem, ...]


def live_of(
    values: Values,
    controls: Sequence[Values],
    catalogues: Catalogues,
    today: date,
    unread: Sequence[Problem] = (),
) -> Live:
    """Compute and check ``values`` as the store would; ``unread`` are the fields whose text is no value."""
    context = Context(catalogues, today, controls)
    full = dict(values) | RIESGO.compute(values, context)
    rules = rules_for(values, catalogues)
    return Live(
        values=full,
        controls=tuple(controls),
        rules=rules,
        rating=rate(full, controls, rules) if rules else None,
        wage=catalogues.smlmv(catalogues.vigencia),
        year=catalogues.vigencia,
        problems=joined(unread, check(RIESGO, full, context)),
    )


def whole(value: Value) -> int | None:
    """``value`` when it is a whole number."""
    return value if isinstance(value, int) else None


def reputation(values: Values) -> int | None:
    """The chosen reputational level, 1 to 5."""
    seen = values.get("impacto_reputacional")
    return int(seen) if isinstance(seen, str) and seen.isdigit() else None

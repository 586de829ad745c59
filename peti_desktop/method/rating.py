"""From how often and how bad to a level, a zone, and what controls leave of it.

All tables come from ``resources/catalogues/metodo_*.toml``. Percentages are ``Decimal`` in percent points (60 means
60 %) and exact: 0,8 x 0,75 is 0,6 and not the next band. Zones are looked up; no threshold on probability x impact
gives the same map.
"""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal, localcontext
from functools import cache
from itertools import pairwise
from typing import Any, Self

from peti_desktop import catalogues
from peti_desktop.errors import UserError

Control = tuple[str, str]
"""Codes of ``tipo_control`` and ``implementacion_control``."""

_HUNDRED = Decimal(100)
_PROBABILITY = "probabilidad"


class ReadOnlyMethod(UserError):  # noqa: N818 - it names the method, which is not wrong
    """A rating was asked of a version that is only read."""

    def __init__(self, title: str) -> None:
        super().__init__(
            f"Las valoraciones con la {title} se leen pero no se calculan.",
            "Valore el riesgo de nuevo con la versión vigente; la escala de 1 a 5 no se convierte en porcentajes.",
        )


class Level(int):
    """A level of one axis: the number 1 to 5, so that it can be stored and compared, with its name and percent.

    ``percent`` is None in v3 and v4; ``words`` is the reputational rule of an impact.
    """

    label: str
    percent: Decimal | None
    words: str

    def __new__(cls, level: int, label: str, percent: Decimal | None, words: str = "") -> Self:
        """Level ``level`` called ``label``."""
        self = super().__new__(cls, level)
        self.label, self.percent, self.words = label, percent, words
        return self

    @property
    def text(self) -> str:
        """Its name and percent, as people read it: «Baja (40 %)»."""
        return self.label if self.percent is None else f"{self.label} ({self.percent} %)"


@dataclass(frozen=True, slots=True)
class Step:
    """One control and what it leaves: its weight and both percentages after it."""

    tipo: str
    implementacion: str
    weight: Decimal
    p: Decimal
    i: Decimal


@dataclass(frozen=True, slots=True)
class Residual:
    """What controls leave of a risk: percentages, levels, zone code, and one step per control."""

    p: Decimal
    i: Decimal
    p_level: Level
    i_level: Level
    zone: str
    steps: tuple[Step, ...]


@dataclass(frozen=True, slots=True)
class Rating:
    """All that follows from the answers given so far; what cannot be told yet is None."""

    probability: Level | None
    impact: Level | None
    zone: str | None
    residual: Residual | None


@dataclass(frozen=True, slots=True, eq=False)
class Method:
    """One version of the guide. Made by ``load``.

    ``times`` and ``wages`` are the upper limits of the first four levels. ``equal_goes_down`` says to which level an
    amount equal to a limit belongs; the guide does not, so it is a dated parameter.
    """

    version: str
    title: str
    computes: bool
    probabilities: tuple[Level, ...]
    impacts: tuple[Level, ...]
    times: tuple[int, ...]
    wages: tuple[Decimal, ...]
    equal_goes_down: bool
    cells: Mapping[tuple[int, int], str]
    types: Mapping[str, Mapping[str, Any]]
    implementations: Mapping[str, Mapping[str, Any]]
    corruption: tuple[tuple[int, int], ...]
    fatal_questions: frozenset[int]

    def probability(self, times_a_year: int) -> Level:
        """The level of an activity done so many times a year: exposure, not past events."""
        self._must_compute()
        if times_a_year < 0:
            raise ValueError(f"times a year below zero: {times_a_year}")
        return self.probabilities[sum(times_a_year > limit for limit in self.times)]

    def impact(self, smlmv: Decimal | None, reputational: int | None) -> Level | None:
        """The higher of the economic level (in monthly minimum wages) and the reputational one (1 to 5)."""
        self._must_compute()
        economic = None if smlmv is None else self._economic(smlmv)
        chosen = None if reputational is None else _level(self.impacts, reputational)
        return max((found for found in (economic, chosen) if found), default=None)

    def corruption_impact(self, yes: Collection[int]) -> Level | None:
        """The impact of a corruption risk from the numbers (1 to 19) of the questions answered yes; None for none.

        ValueError where the version has no such table: v7 rates corruption like everything else.
        """
        self._must_compute()
        if not self.corruption:
            raise ValueError(f"{self.version} has no corruption questions")
        if not yes:
            return None
        if self.fatal_questions & set(yes):
            return self.impacts[-1]
        return next(_level(self.impacts, level) for limit, level in self.corruption if len(set(yes)) <= limit)

    def zone(self, p_level: int, i_level: int) -> str:
        """The zone code of a cell of the heat map. v3 has its own map; v4's is not known."""
        if not self.cells:
            raise ReadOnlyMethod(self.title)
        try:
            return self.cells[p_level, i_level]
        except KeyError as error:
            raise ValueError(f"no such cell: {p_level}, {i_level}") from error

    def control_weight(self, tipo: str, implementacion: str, *, security: bool = False) -> Decimal:
        """The percent points one control cuts; ``security`` for the information security matrix of v7's annex 5."""
        self._must_compute()
        how = self.implementations[implementacion]
        own = how["peso_seguridad"] if security and "peso_seguridad" in how else how["peso"]
        return Decimal(self.types[tipo]["peso"]) + Decimal(own)

    def residual(self, p_level: int, i_level: int, controls: Sequence[Control], *, security: bool = False) -> Residual:
        """What is left after ``controls``: each cuts what the ones before it left, on the axis its type acts on."""
        self._must_compute()
        p = _percent(_level(self.probabilities, p_level))
        i = _percent(_level(self.impacts, i_level))
        steps = []
        with localcontext() as context:
            context.prec += 4 * len(controls)  # a cut adds two digits at most: nothing is ever rounded
            for tipo, implementacion in controls:
                weight = self.control_weight(tipo, implementacion, security=security)
                if self.types[tipo]["sobre"] == _PROBABILITY:
                    p = p * (_HUNDRED - weight) / _HUNDRED
                else:
                    i = i * (_HUNDRED - weight) / _HUNDRED
                steps.append(Step(tipo, implementacion, weight, p, i))
        p_final, i_final = _band(self.probabilities, p), _band(self.impacts, i)
        return Residual(p, i, p_final, i_final, self.zone(p_final, i_final), tuple(steps))

    def rate(
        self,
        times_a_year: int | None,
        smlmv: Decimal | None,
        reputational: int | None,
        controls: Sequence[Control] = (),
        *,
        security: bool = False,
        corruption: Collection[int] | None = None,
    ) -> Rating:
        """Everything that can be told from the answers given so far.

        ``corruption`` are the questions answered yes, for a risk whose impact they decide; None for any other.
        """
        probability = None if times_a_year is None else self.probability(times_a_year)
        impact = self.impact(smlmv, reputational) if corruption is None else self.corruption_impact(corruption)
        if probability is None or impact is None:
            return Rating(probability, impact, None, None)
        zone = self.zone(probability, impact)
        residual = self.residual(probability, impact, controls, security=security)
        return Rating(probability, impact, zone, residual)

    def rule_text(
        self,
        *,
        times_a_year: int | None = None,
        smlmv: Decimal | None = None,
        reputational: int | None = None,
    ) -> str:
        """The Spanish sentences of the rules that gave each level; empty when nothing was answered."""
        sentences = []
        if times_a_year is not None:
            level = self.probability(times_a_year)
            sentences.append(f"{_times_words(self.times, level)}: {level.text}")
        if smlmv is not None:
            level = self._economic(smlmv)
            sentences.append(f"{_wages_words(self.wages, level, self.equal_goes_down)}: {level.text}")
        if reputational is not None:
            level = _level(self.impacts, reputational)
            sentences.append(f"{level.words}: {level.text}")
        higher = self.impact(smlmv, reputational)
        if higher and smlmv is not None and reputational is not None:
            sentences.append(f"De los dos impactos vale el mayor: {higher.text}")
        return ". ".join(sentences)

    def _economic(self, smlmv: Decimal) -> Level:
        self._must_compute()
        if not smlmv.is_finite() or smlmv < 0:
            raise ValueError(f"not an amount: {smlmv}")
        above = (smlmv > limit or (smlmv == limit and not self.equal_goes_down) for limit in self.wages)
        return self.impacts[sum(above)]

    def _must_compute(self) -> None:
        if not self.computes:
            raise ReadOnlyMethod(self.title)


def computes(version: str) -> bool:
    """Whether risks can be rated with ``version``; older ones are only read."""
    return bool(catalogues.method_table(version)["calcula"])


@cache
def load(version: str, vigencia: int = 2026) -> Method:
    """The method of ``version`` (``v3`` to ``v7``) with the parameters in force in ``vigencia``.

    UserError when this program knows no such version.
    """
    data = catalogues.method_table(version)
    lists = data["lista"]
    fatal = [n for n, row in enumerate(lists["pregunta_corrupcion"], 1) if row.get("catastrofico")]
    return Method(
        version=version,
        title=data["titulo"],
        computes=data["calcula"],
        probabilities=_levels(lists["nivel_probabilidad"]),
        impacts=_levels(lists["nivel_impacto"]),
        times=tuple(row["hasta_veces"] for row in lists["nivel_probabilidad"] if "hasta_veces" in row),
        wages=tuple(Decimal(row["hasta_smlmv"]) for row in lists["nivel_impacto"] if "hasta_smlmv" in row),
        equal_goes_down=_equal_goes_down(data.get("limite_impacto", ()), vigencia),
        cells={(cell["probabilidad"], cell["impacto"]): cell["zona"] for cell in data.get("mapa", ())},
        types={row["codigo"]: row for row in lists["tipo_control"]},
        implementations={row["codigo"]: row for row in lists["implementacion_control"]},
        corruption=tuple((row["hasta_si"], row["nivel"]) for row in data.get("corrupcion", ())),
        fatal_questions=frozenset(fatal),
    )


def _levels(rows: Sequence[Mapping[str, Any]]) -> tuple[Level, ...]:
    return tuple(
        Level(
            level=int(row["codigo"]),
            label=row["nombre"],
            percent=Decimal(row["porcentaje"]) if "porcentaje" in row else None,
            words=row.get("reputacional", ""),
        )
        for row in rows
    )


def _equal_goes_down(rows: Sequence[Mapping[str, Any]], vigencia: int) -> bool:
    """The last parameter that began in or before ``vigencia``; the first one for older years."""
    before = [row for row in rows if row["desde"].year <= vigencia] or list(rows[:1])
    return not before or before[-1]["igual_va_al"] == "inferior"


def _level(levels: tuple[Level, ...], level: int) -> Level:
    if not 1 <= level <= len(levels):
        raise ValueError(f"no such level: {level}")
    return levels[level - 1]


def _percent(level: Level) -> Decimal:
    assert level.percent is not None, "computing methods give every level a percent"
    return level.percent


def _band(levels: tuple[Level, ...], percent: Decimal) -> Level:
    """The level whose band holds ``percent``: bands close at their own percent. Rounding to the nearest is wrong."""
    return next(level for level in levels if percent <= _percent(level))


def _times_words(limits: tuple[int, ...], level: int) -> str:
    bounds = [f"{limits[0]} veces al año o menos"]
    bounds += [f"Entre {_grouped(low + 1)} y {_grouped(high)} veces al año" for low, high in pairwise(limits)]
    bounds += [f"Más de {_grouped(limits[-1])} veces al año"]
    return bounds[level - 1]


def _wages_words(limits: tuple[Decimal, ...], level: int, equal_goes_down: bool) -> str:
    first, last = limits[0], limits[-1]
    if equal_goes_down:
        middle = [f"Más de {low} y hasta {high} SMLMV" for low, high in pairwise(limits)]
        return [f"Hasta {first} SMLMV", *middle, f"Más de {last} SMLMV"][level - 1]
    middle = [f"Desde {low} y menos de {high} SMLMV" for low, high in pairwise(limits)]
    return [f"Menos de {first} SMLMV", *middle, f"Desde {last} SMLMV"][level - 1]


def _grouped(number: int) -> str:
    return f"{number:,}".replace(",", ".")

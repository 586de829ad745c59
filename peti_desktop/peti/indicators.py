"""The indicators of the plan with their base and goal, and how far each has come in a vigencia.

What counts for a vigencia is the progress of its latest period («Todo el año» after the quarters), of several the one
measured last. The light is a letter and a word, as its limits in ``resources/catalogues/reglas.toml`` say.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Final

from peti_desktop import catalogues
from peti_desktop.consolidation.acting import acting
from peti_desktop.records.avance import planned
from peti_desktop.records.fields import Context, Value
from peti_desktop.records.record import Record
from peti_desktop.workspace import Workspace

MEETS, MIDDLE, MISSES, UNKNOWN = "cumple", "medio", "no_cumple", "sin_dato"
LIGHTS: Final = {
    MEETS: ("C", "Cumple"),
    MIDDLE: ("M", "Medio"),
    MISSES: ("N", "No cumple"),
    UNKNOWN: ("–", "Sin avance"),
}
"""Letter and word of each light: neither needs a colour."""


@dataclass(frozen=True, slots=True)
class Standing:
    """An indicator of the plan in a vigencia; ``progress`` is what counts, None before anybody measured.

    ``base``, ``goal`` and ``value`` are those of the progress where there is one, else the plan's.
    """

    code: str
    name: str
    kind: str
    unit: str
    goal_code: str
    programme: str
    base: Decimal | None
    goal: Decimal | None
    value: Decimal | None
    percent: Decimal | None
    progress: Record | None

    @property
    def light(self) -> str:
        """One of ``LIGHTS``."""
        return light(self.percent)


def light(percent: Decimal | None) -> str:
    """The light of what was reached, in percent."""
    if percent is None:
        return UNKNOWN
    limits = catalogues.table("reglas")["semaforo"]
    return MEETS if percent >= limits["cumple"] else MIDDLE if percent > limits["medio"] else MISSES


def standings(ws: Workspace, vigencia: int | None = None) -> list[Standing]:
    """Every indicator in force, in the order of the plan; without ``vigencia``, in the one of the store."""
    year = ws.info.vigencia if vigencia is None else vigencia
    found = ws.records("avance", equal={"vigencia": year})
    known = ws.catalogues
    order = {entry.code: place for place, entry in enumerate(known.entries("periodo_avance"))}
    made = []
    for entry in known.entries("indicador"):
        newest = _newest((record for record in found if record.values["indicador"] == entry.code), order)
        plan = planned(Context(known, ws.today), entry.code)
        said = newest.values if newest is not None else {}
        made.append(
            Standing(
                code=entry.code,
                name=entry.label,
                kind=str(entry.extra.get("tipo", "")),
                unit=str(entry.extra.get("unidad", "")),
                goal_code=str(entry.extra.get("objetivo", "")),
                programme=str(entry.extra.get("programa", "")),
                base=_number(said.get("linea_base")) if newest else plan.get("linea_base"),
                goal=_number(said.get("meta")) if newest else plan.get("meta"),
                value=_number(said.get("valor")),
                percent=_number(said.get("cumplimiento_pct")),
                progress=newest,
            )
        )
    return made


def _number(value: Value) -> Decimal | None:
    return value if isinstance(value, Decimal) else None


def _newest(found: Iterable[Record], order: dict[str, int]) -> Record | None:
    def place(record: Record) -> tuple[bool, int, date, str]:
        day = record.values["fecha"]
        period = order.get(str(record.values["periodo"]), -1)
        return (
            _number(record.values["valor"]) is not None,
            period,
            day if isinstance(day, date) else date.min,
            record.uid,
        )

    return max(found, key=place, default=None)


def begin(ws: Workspace, indicator: str, *, example: bool = False) -> Record:
    """A new progress of an indicator in the vigencia of the store, with the base and the goal of the plan.

    Raises UserError to who only reads.
    """
    values: dict[str, Value] = {"indicador": indicator, "vigencia": ws.info.vigencia}
    values |= planned(Context(ws.catalogues, ws.today), indicator)
    with acting(ws, "crear avance") as act:
        return act.record("avance", act.new("avance", values, example=example))

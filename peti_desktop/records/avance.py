"""How far an indicator of the plan has come at a moment of a vigencia."""

from datetime import date
from decimal import ROUND_HALF_UP, Decimal
from typing import Any

from peti_desktop.records.convert import decimal_text
from peti_desktop.records.fields import Context, Field, Found, Kind, RecordType, Section, Value, Values, stops, warns

PLAN = "PETI 2020-2023, 5.2 y 8.1"
_MOST_PERCENT = Decimal(100_000)
"""More is a slip in the goal; told by the rule «cumplimiento»."""
_MOST = 100_000_000
"""The biggest number of which fifty thousand can still be added up."""
_CENT = Decimal("0.01")


def reached(base: Value, goal: Value, value: Value) -> Decimal | None:
    """Which part of the way from ``base`` to ``goal`` was gone, in percent with two decimals; None where unknown.

    The direction follows from the two ends: a goal below its base is reached by falling. Without a base the way begins
    at 0, as the product indicators of the plan count. A goal that equals its base is kept (100) or not (0). Below 0 the
    indicator went the wrong way.
    """
    if not isinstance(goal, Decimal) or not isinstance(value, Decimal):
        return None
    start = base if isinstance(base, Decimal) else Decimal(0)
    if goal == start:
        return Decimal(100) if value >= goal else Decimal(0)
    return (100 * (value - start) / (goal - start)).quantize(_CENT, ROUND_HALF_UP)


def compute(values: Values, context: Context) -> dict[str, Value]:  # noqa: ARG001
    """What was reached, in percent; ``None`` when it is not known or cannot be believed."""
    found = _reached(values)
    return {"cumplimiento_pct": found if found is not None and abs(found) <= _MOST_PERCENT else None}


def _reached(values: Values) -> Decimal | None:
    return reached(values.get("linea_base"), values.get("meta"), values.get("valor"))


def planned(context: Context, indicator: Value) -> dict[str, Decimal]:
    """The base and the goal that the plan gives to an indicator, where it gives them."""
    entry = context.catalogues.entry("indicador", indicator) if isinstance(indicator, str) else None
    said: dict[str, Any] = dict(entry.extra) if entry else {}
    return {name: Decimal(str(said[name])) for name in ("linea_base", "meta") if name in said}


@stops("falta_meta", "Un avance se mide contra una meta.", "Escriba la meta de la vigencia.", PLAN)
def _goal(values: Values, context: Context) -> Found:  # noqa: ARG001
    if not isinstance(values.get("meta"), Decimal):
        yield "meta", "Falta: la meta contra la que se mide."


@stops("falta_evidencia", "Un valor dice de dónde sale.", "Escriba el documento, el enlace o la carpeta.", PLAN)
def _shown(values: Values, context: Context) -> Found:  # noqa: ARG001
    if isinstance(values.get("valor"), Decimal) and not isinstance(values.get("evidencia"), str):
        yield "evidencia", "Trae un valor y no dice con qué se prueba."


@warns(
    "meta_distinta", "La meta es la que el plan puso.", "Corríjala, o escriba en observaciones por qué cambió.", PLAN
)
def _same_goal(values: Values, context: Context) -> Found:
    goal, plan = values.get("meta"), planned(context, values.get("indicador")).get("meta")
    if plan is not None and isinstance(goal, Decimal) and goal != plan and not values.get("observaciones"):
        yield "meta", f"El plan pone {decimal_text(plan)} y no se dice por qué cambió."


@warns("meta_en_la_base", "La meta es distinta de la línea base.", "Corrija una de las dos.")
def _moves(values: Values, context: Context) -> Found:  # noqa: ARG001
    base, goal = values.get("linea_base"), values.get("meta")
    if isinstance(base, Decimal) and base == goal:
        yield "meta", "Es igual a la línea base: no hay nada que alcanzar."


@warns("retroceso", "Un indicador no se aleja de su meta.", "Revise el valor, o explíquelo en observaciones.")
def _backwards(values: Values, context: Context) -> Found:  # noqa: ARG001
    found = _reached(values)
    if found is not None and found < 0 and not values.get("observaciones"):
        yield "valor", "Está peor que la línea base y no se dice por qué."


@warns("cumplimiento", "El cumplimiento es una cifra creíble.", "Revise el valor, la meta y sus ceros.")
def _credible(values: Values, context: Context) -> Found:  # noqa: ARG001
    found = _reached(values)
    if found is not None and abs(found) > 1000:
        yield "valor", f"Da {decimal_text(found)} % de la meta: ¿sobra un cero?"


@stops("fecha_futura", "Un valor se midió en un día que ya pasó.", "Corrija la fecha.")
def _future(values: Values, context: Context) -> Found:
    day = values.get("fecha")
    if isinstance(day, date) and day > context.today:
        yield "fecha", "La fecha en que se midió no ha llegado."


AVANCE = RecordType(
    name="avance",
    singular="Avance",
    title="Avances de indicadores",
    headline=("indicador", "vigencia", "periodo"),
    sections=(
        Section(
            "Qué se mide",
            (
                Field("indicador", "Indicador", Kind.CHOICE, required=True, catalogue="indicador", width=40),
                Field("vigencia", "Vigencia", Kind.INTEGER, required=True, least=2020, most=2050, width=9),
                Field("periodo", "Periodo", Kind.CHOICE, required=True, catalogue="periodo_avance", width=14),
                Field("iniciativa", "Iniciativa", Kind.LINK, links="iniciativa", width=26),
            ),
        ),
        Section(
            "Cuánto",
            (
                Field("linea_base", "Línea base", Kind.AMOUNT, most=_MOST, width=11),
                Field("meta", "Meta", Kind.AMOUNT, most=_MOST, width=11),
                Field("valor", "Valor alcanzado", Kind.AMOUNT, most=_MOST, width=13),
                Field("cumplimiento_pct", "Cumplimiento %", Kind.AMOUNT, computed=True, width=13),
                Field("fecha", "Medido el", Kind.DATE, width=13),
            ),
        ),
        Section(
            "De dónde sale",
            (
                Field("evidencia", "Evidencia", Kind.NOTE, lines=2, width=34),
                Field("observaciones", "Observaciones", Kind.NOTE, lines=2, width=34),
            ),
        ),
    ),
    rules=(_goal, _shown, _same_goal, _moves, _backwards, _credible, _future),
    compute=compute,
)

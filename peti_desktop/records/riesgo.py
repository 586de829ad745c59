"""A risk factor of a subproceso, rated with the DAFP method of the version it names."""

from collections.abc import Iterable
from datetime import date
from decimal import Decimal

from peti_desktop import method
from peti_desktop.records.convert import MILLIONTH
from peti_desktop.records.fields import (
    Context,
    Field,
    Kind,
    Problem,
    RecordType,
    Section,
    Severity,
    Value,
    Values,
)

LEADS = {
    "economica": "pérdida económica",
    "reputacional": "afectación reputacional",
    "ambas": "pérdida económica y afectación reputacional",
}


def sentence(afectacion: Value, causa_inmediata: Value, causa_raiz: Value) -> str:
    """The wording of a management risk: possibility + immediate cause + root cause (guía DAFP v7, num. 3.4)."""
    parts = ["Posibilidad de " + LEADS.get(str(afectacion), "…")]
    parts.append("por " + _continued(causa_inmediata))
    parts.append("debido a " + _continued(causa_raiz))
    return " ".join(parts) + "."


def _continued(value: Value) -> str:
    text = str(value).strip().rstrip(".") if isinstance(value, str) else ""
    if not text:
        return "…"
    # A name or an acronym keeps its capital; an ordinary word goes on in lower case.
    return text if text[1:2].isupper() else text[0].lower() + text[1:]


def compute(values: Values, context: Context) -> dict[str, Value]:
    """Levels, percents and zones before and after the controls; ``None`` while the rating is not complete."""
    found: dict[str, Value] = dict.fromkeys(COMPUTED)
    found["controles"] = len(context.children)
    version = values.get("metodo")
    rules = method.load(version, context.catalogues.vigencia) if isinstance(version, str) else None
    if rules is None or not rules.computes:
        return found
    times, wages, seen = (values.get(name) for name in ("frecuencia_anual", "impacto_smlmv", "impacto_reputacional"))
    rating = rules.rate(
        times if isinstance(times, int) else None,
        wages if isinstance(wages, Decimal) else None,
        int(seen) if isinstance(seen, str) else None,
        [
            (str(control["tipo"]), str(control["implementacion"]))
            for control in context.children
            if control.get("tipo") and control.get("implementacion")
        ],
    )
    found["probabilidad_inherente"] = int(rating.probability) if rating.probability else None
    found["impacto_inherente"] = int(rating.impact) if rating.impact else None
    found["zona_inherente"] = rating.zone
    if residual := rating.residual:
        found |= {
            "probabilidad_residual": residual.p_level,
            "probabilidad_residual_pct": residual.p.quantize(MILLIONTH),
            "impacto_residual": residual.i_level,
            "impacto_residual_pct": residual.i.quantize(MILLIONTH),
            "zona_residual": residual.zone,
        }
    return found


def _rated(values: Values, context: Context) -> Iterable[Problem]:  # noqa: ARG001
    if values.get("impacto_smlmv") is None and values.get("impacto_reputacional") is None:
        yield Problem("impacto", "impacto_smlmv", "Falta el impacto: el valor en SMLMV, el reputacional o ambos.")


def _treated(values: Values, context: Context) -> Iterable[Problem]:
    option = str(values.get("tratamiento") or "")
    entry = context.catalogues.entry("tratamiento", option)
    if entry and entry.extra.get("requiere_plan") and not values.get("plan_accion"):
        yield Problem("plan", "plan_accion", f"«{entry.label}» pide un plan de acción.")
    if values.get("plan_accion") and not values.get("responsable"):
        yield Problem("plan", "responsable", "El plan de acción necesita el cargo de quien responde.")
    if option == "aceptar" and values.get("zona_residual") in {"alto", "extremo"}:
        yield Problem("aceptar", "tratamiento", "Aceptar solo vale cuando la zona residual es Bajo o Moderado.")


def _dated(values: Values, context: Context) -> Iterable[Problem]:
    due = values.get("fecha_implementacion")
    if values.get("estado_plan") != "finalizado" and isinstance(due, date) and due < context.today:
        yield Problem(
            "fecha", "fecha_implementacion", "La fecha del plan ya pasó y no está finalizado.", Severity.WARNS
        )


COMPUTED = (
    "probabilidad_inherente",
    "impacto_inherente",
    "zona_inherente",
    "controles",
    "probabilidad_residual",
    "probabilidad_residual_pct",
    "impacto_residual",
    "impacto_residual_pct",
    "zona_residual",
)


def _level(name: str, label: str) -> Field:
    axis = "nivel_probabilidad" if name.startswith("probabilidad") else "nivel_impacto"
    return Field(name, label, Kind.CHOICE, catalogue=axis, computed=True, width=12)


RIESGO = RecordType(
    name="riesgo",
    singular="Riesgo",
    title="Riesgos",
    headline=("referencia", "descripcion"),
    numbered="referencia",
    sections=(
        Section(
            "Identificar",
            (
                Field("referencia", "Referencia", hint="La pone el programa.", width=11, limit=40),
                Field("subproceso", "Subproceso", Kind.CHOICE, required=True, catalogue="subproceso", width=26),
                Field(
                    "actividad",
                    "Actividad",
                    required=True,
                    suggests="actividad",
                    width=28,
                    limit=500,
                    hint="Lo que se hace cuando el riesgo puede ocurrir.",
                    example="Cargue de la información en el sistema de recaudo",
                ),
                Field("factor", "Factor de riesgo", Kind.CHOICE, required=True, catalogue="factor", width=18),
                Field(
                    "clasificacion",
                    "Clasificación",
                    Kind.CHOICE,
                    required=True,
                    catalogue="clasificacion",
                    width=22,
                ),
                Field(
                    "afectacion",
                    "Qué se afecta",
                    Kind.CHOICE,
                    required=True,
                    catalogue="afectacion",
                    width=18,
                    hint="La pérdida es de dinero, de buen nombre o de ambos.",
                ),
                Field(
                    "causa_inmediata",
                    "Causa inmediata",
                    Kind.NOTE,
                    required=True,
                    lines=2,
                    width=34,
                    hint="La circunstancia que se ve.",
                    example="multas de los entes de control",
                ),
                Field(
                    "causa_raiz",
                    "Causa raíz",
                    Kind.NOTE,
                    required=True,
                    lines=2,
                    width=34,
                    hint="La causa principal: la que atacan los controles.",
                    example="el envío de los reportes fuera de fecha",
                ),
                Field(
                    "descripcion",
                    "Descripción del riesgo",
                    Kind.NOTE,
                    required=True,
                    lines=3,
                    width=50,
                    hint="Posibilidad de… por… debido a…",
                ),
            ),
        ),
        Section(
            "Valorar",
            (
                Field("metodo", "Versión del método", Kind.CHOICE, required=True, catalogue="metodo", width=14),
                Field(
                    "frecuencia_anual",
                    "Veces al año",
                    Kind.INTEGER,
                    required=True,
                    least=0,
                    most=10_000_000,
                    hint="Cuántas veces al año se hace la actividad.",
                    width=10,
                ),
                Field(
                    "impacto_smlmv",
                    "Impacto económico (SMLMV)",
                    Kind.AMOUNT,
                    hint="En salarios mínimos mensuales; al lado se ve en pesos.",
                    width=14,
                ),
                Field(
                    "impacto_reputacional",
                    "Impacto reputacional",
                    Kind.CHOICE,
                    catalogue="nivel_impacto",
                    hint="Ante quién se daña el buen nombre de la entidad.",
                    width=16,
                ),
                Field("evidencia", "En qué se basa la valoración", Kind.NOTE, lines=2, width=30),
                _level("probabilidad_inherente", "Probabilidad inherente"),
                _level("impacto_inherente", "Impacto inherente"),
                Field("zona_inherente", "Zona inherente", Kind.CHOICE, catalogue="zona", computed=True, width=12),
            ),
        ),
        Section(
            "Controlar",
            (
                Field("controles", "Controles", Kind.INTEGER, computed=True, most=9999, width=9),
                _level("probabilidad_residual", "Probabilidad residual"),
                Field(
                    "probabilidad_residual_pct",
                    "Probabilidad residual (%)",
                    Kind.AMOUNT,
                    computed=True,
                    width=11,
                ),
                _level("impacto_residual", "Impacto residual"),
                Field("impacto_residual_pct", "Impacto residual (%)", Kind.AMOUNT, computed=True, width=11),
                Field("zona_residual", "Zona residual", Kind.CHOICE, catalogue="zona", computed=True, width=12),
            ),
        ),
        Section(
            "Tratar",
            (
                Field(
                    "tratamiento",
                    "Tratamiento",
                    Kind.CHOICE,
                    required=True,
                    catalogue="tratamiento",
                    width=18,
                ),
                Field("plan_accion", "Plan de acción", Kind.NOTE, lines=3, width=34),
                Field(
                    "responsable",
                    "Responsable (cargo)",
                    width=22,
                    limit=200,
                    hint="El cargo, no el nombre de la persona.",
                    example="Profesional universitario de Presupuesto",
                ),
                Field("fecha_implementacion", "Fecha de implementación", Kind.DATE, width=13),
                Field("fecha_seguimiento", "Fecha de seguimiento", Kind.DATE, width=13),
                Field("seguimiento", "Seguimiento", Kind.NOTE, lines=2, width=28),
                Field("estado_plan", "Estado del plan", Kind.CHOICE, catalogue="estado_plan", width=12),
                Field(
                    "fuente",
                    "Fuente",
                    width=24,
                    limit=200,
                    hint="Documento del que sale este riesgo, si lo hay.",
                ),
            ),
        ),
    ),
    rules=(_rated, _treated, _dated),
    compute=compute,
)

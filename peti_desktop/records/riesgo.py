"""A risk factor of a subproceso, rated with the DAFP method of the version it names."""

import re
from collections.abc import Sequence
from decimal import Decimal

from peti_desktop import method
from peti_desktop.catalogues import Catalogues
from peti_desktop.method import Method, Rating
from peti_desktop.records import riesgo_rules
from peti_desktop.records.convert import MILLIONTH
from peti_desktop.records.fields import Context, Field, Kind, RecordType, Section, Value, Values

CORRUPTION = frozenset({"corrupcion", "integridad"})
"""Kinds of risk nobody may accept; v7 folds corruption into public integrity."""
SECURITY = "seguridad"
_NUMBERS = re.compile(r"\d+")
_ANSWERS = re.compile(r"(?:\d+(?:\s*[,;. y]\s*|$))+")
_QUESTIONS = 19


def answered(value: Value) -> frozenset[int]:
    """The numbers of the corruption questions answered yes, as written: «1, 5 y 16»."""
    return frozenset(int(number) for number in _NUMBERS.findall(value)) if isinstance(value, str) else frozenset()


def asked(values: Values, rules: Method) -> bool:
    """Whether the questions decide the impact: corruption, in the versions of the guide that ask them."""
    return values.get("tipo") == "corrupcion" and bool(rules.corruption)


def rate(values: Values, controls: Sequence[Values], rules: Method) -> Rating:
    """The rating of a risk, as far as its answers go, under a version of the guide that computes."""
    times, wages, seen = (values.get(name) for name in ("frecuencia_anual", "impacto_smlmv", "impacto_reputacional"))
    return rules.rate(
        times if isinstance(times, int) else None,
        wages if isinstance(wages, Decimal) else None,
        int(seen) if isinstance(seen, str) and seen.isdigit() else None,
        [
            (tipo, implementacion)
            for control in controls
            if isinstance(tipo := control.get("tipo"), str)
            and isinstance(implementacion := control.get("implementacion"), str)
        ],
        security=values.get("tipo") == SECURITY,
        corruption=answered(values.get("preguntas")) if asked(values, rules) else None,
    )


def rules_for(values: Values, catalogues: Catalogues) -> Method | None:
    """The version of the guide that rates this risk; None when it is not known or only read."""
    version = values.get("metodo")
    rules = method.load(version, catalogues.vigencia) if isinstance(version, str) else None
    return rules if rules and rules.computes else None


def compute(values: Values, context: Context) -> dict[str, Value]:
    """Levels, percents and zones before and after the controls; ``None`` while the rating is not complete."""
    found: dict[str, Value] = dict.fromkeys(COMPUTED)
    found["controles"] = len(context.children)
    rules = rules_for(values, context.catalogues)
    if rules is None:
        return found
    rating = rate(values, context.children, rules)
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


def _questions(value: Value) -> str | None:
    numbers = answered(value)
    if not isinstance(value, str) or not _ANSWERS.fullmatch(value.strip()) or not numbers <= set(range(1, 20)):
        return f"Escriba los números de las preguntas con sí, de 1 a {_QUESTIONS}: 1, 5, 16."
    return None


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
                Field(
                    "tipo",
                    "Clase de riesgo",
                    Kind.CHOICE,
                    required=True,
                    catalogue="tipo_riesgo",
                    width=18,
                    hint="De ella dependen la frase y cómo se valora.",
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
                Field("bien", "Sobre qué recae el daño", Kind.CHOICE, catalogue="bien_publico", width=18),
                Field(
                    "activo",
                    "Activo de información",
                    width=22,
                    limit=300,
                    hint="Lo que puede perderse: una base de datos, un servicio, un equipo.",
                    example="la base de datos de industria y comercio",
                ),
                Field("tipo_activo", "Tipo de activo", Kind.CHOICE, catalogue="tipo_activo", width=14),
                Field("propiedad", "Qué puede perder", Kind.CHOICE, catalogue="propiedad", width=16),
                Field("amenaza", "Amenaza", Kind.CHOICE, catalogue="amenaza", width=22),
                Field("vulnerabilidad", "Vulnerabilidad", Kind.CHOICE, catalogue="vulnerabilidad", width=22),
                Field("subtipo", "Contra la integridad", Kind.CHOICE, catalogue="subtipo_integridad", width=18),
                Field(
                    "accion_omision",
                    "Acción u omisión",
                    width=26,
                    limit=500,
                    example="recibir o solicitar dádivas",
                ),
                Field(
                    "uso_poder", "Uso del poder", width=22, limit=500, example="el cargo de quien supervisa el contrato"
                ),
                Field(
                    "desvio",
                    "Qué se desvía de lo público",
                    width=22,
                    limit=500,
                    example="la adjudicación de un contrato",
                ),
                Field("beneficio", "Beneficio privado", width=20, limit=500, example="un tercero"),
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
                    most=10_000_000,
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
                Field(
                    "preguntas",
                    "Preguntas de corrupción con sí",
                    width=18,
                    limit=80,
                    rule=_questions,
                    hint="Los números de las preguntas que se responden con sí.",
                    example="2, 5, 6, 10",
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
    rules=riesgo_rules.RULES,
    compute=compute,
)

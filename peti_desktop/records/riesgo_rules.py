"""What may be wrong with a risk. Guides are quoted by the numerals of v7; v5 and v6 ask the same unless it says so."""

from datetime import date
from decimal import Decimal
from typing import Final

from peti_desktop import method
from peti_desktop.records.fields import Context, Found, Rule, Value, Values, stops, warns
from peti_desktop.records.sentence import parts_of, same
from peti_desktop.records.wording import names_a_person, reads_like

WORDING: Final = "Guía DAFP v7, num. 3.4 (igual en v5 y v6)"
IMPACT: Final = "Guía DAFP v7, num. 3.6, tabla 5 (igual en v5 y v6)"
QUESTIONS: Final = "Guía DAFP v4 a v6, preguntas de impacto de corrupción"
KINDS: Final = "Guía DAFP v4 a v7, redacción según la clase de riesgo"
RESIDUAL: Final = "Guía DAFP v7, num. 3.11 (igual en v5 y v6)"
TREATMENT: Final = "Guía DAFP, tratamiento; límites de la Gobernación de Santander sobre la v7"
PLAN: Final = "Guía DAFP v5 a v7, plan de acción"
ZONES: Final = ("bajo", "moderado", "alto", "extremo")
_NEVER_ACCEPTED: Final = {"corrupcion", "integridad"}


@stops(
    "metodo_no_calcula",
    "Un riesgo se valora con una versión de la guía que dice su zona; la v3 y la v4 solo se leen.",
    "Valore el riesgo de nuevo con la versión vigente.",
    "Guías DAFP v3 y v4: sin porcentajes ni cálculo del residual",
)
def _rated(values: Values, context: Context) -> Found:
    version = values.get("metodo")
    entry = context.catalogues.entry("metodo", version) if isinstance(version, str) else None
    if entry and not entry.extra.get("calcula"):
        yield "metodo", f"Con la {entry.label} no se calcula, y el riesgo no sale en los mapas."


@stops(
    "falta_impacto", "Todo riesgo tiene impacto.", "Escriba el valor en SMLMV, el impacto reputacional o ambos.", IMPACT
)
def _impact(values: Values, context: Context) -> Found:
    if _asks(values, context):
        return
    if not any(isinstance(values.get(name), Decimal | str) for name in ("impacto_smlmv", "impacto_reputacional")):
        yield "impacto_smlmv", "Falta el impacto: el valor en SMLMV, el reputacional o ambos."


@stops(
    "falta_preguntas",
    "El impacto de un riesgo de corrupción sale de las 19 preguntas (v4 a v6; la v7 usa la tabla general).",
    "Marque las preguntas que se responden con sí.",
    QUESTIONS,
)
def _questions(values: Values, context: Context) -> Found:
    if _asks(values, context) and not values.get("preguntas"):
        yield "preguntas", "Faltan las preguntas de corrupción: marque las que se responden con sí."


@stops(
    "falta_clase",
    "Cada clase de riesgo dice lo suyo: el fiscal, sobre qué recae; el de seguridad, activo, propiedad, amenaza y "
    "vulnerabilidad; el de corrupción, sus cuatro elementos; el de integridad, contra qué.",
    "Llene los campos de la clase escogida, o cambie la clase.",
    KINDS,
)
def _kind(values: Values, context: Context) -> Found:
    for name in parts_of(values.get("tipo"), context.catalogues):
        if name in ASKED_BY_KIND and values.get(name) is None:
            yield name, f"Falta: {ASKED_BY_KIND[name]}."


ASKED_BY_KIND: Final = {
    "bien": "sobre qué recae el daño",
    "activo": "el activo de información",
    "propiedad": "qué puede perder el activo",
    "amenaza": "la amenaza",
    "vulnerabilidad": "la vulnerabilidad",
    "subtipo": "contra qué de la integridad es el riesgo",
    "accion_omision": "la acción u omisión",
    "uso_poder": "el uso del poder",
    "desvio": "qué se desvía de lo público",
    "beneficio": "el beneficio privado",
}
"""Fields only some kinds of risk ask for, and their words."""


@warns(
    "redaccion_causa",
    "Un riesgo dice lo que puede ocurrir, no la falta de un control.",
    "Diga qué ocurriría; lo que falta va en la causa raíz.",
    WORDING,
)
def _names_a_lack(values: Values, context: Context) -> Found:  # noqa: ARG001
    for name in ("causa_inmediata", "descripcion"):
        if reads_like(_text(values.get(name))) == "causa":
            yield name, "Dice qué falta: parece una causa, no lo que puede ocurrir."


@warns(
    "redaccion_deseo",
    "Un riesgo dice lo que puede ocurrir, no lo que se pide.",
    "Regístrelo como necesidad, o diga qué ocurriría sin eso.",
    WORDING,
)
def _asks_for_something(values: Values, context: Context) -> Found:  # noqa: ARG001
    for name in ("causa_inmediata", "causa_raiz", "descripcion"):
        if reads_like(_text(values.get(name))) == "deseo":
            yield name, "Pide algo: parece una necesidad, no un riesgo."


@warns(
    "causas_iguales",
    "La causa inmediata es lo que se ve; la causa raíz, por qué pasa.",
    "Pregunte una vez más por qué y escriba esa respuesta en la causa raíz.",
    WORDING,
)
def _causes(values: Values, context: Context) -> Found:  # noqa: ARG001
    if same(values.get("causa_inmediata"), values.get("causa_raiz")):
        yield "causa_raiz", "La causa raíz dice lo mismo que la inmediata."


@stops(
    "residual_mayor",
    "Lo que queda de un riesgo no es más que lo que había.",
    "Revise la valoración y los controles.",
    RESIDUAL,
)
def _grown(values: Values, context: Context) -> Found:  # noqa: ARG001
    for axis in ("probabilidad", "impacto"):
        before, after = _level(values, f"{axis}_inherente"), _level(values, f"{axis}_residual")
        if before and after and after > before:
            yield f"{axis}_residual", f"Hay más {axis} después de los controles que antes."
    before, after = _zone(values, "zona_inherente"), _zone(values, "zona_residual")
    if 0 <= before < after:
        yield "zona_residual", "La zona residual es más grave que la inherente."


@stops(
    "residual_sin_control",
    "Un riesgo baja solo por sus controles.",
    "Agregue el control que lo baja, o deje el residual igual al inherente.",
    RESIDUAL,
)
def _fallen(values: Values, context: Context) -> Found:  # noqa: ARG001
    if values.get("controles") != 0:
        return
    for axis in ("probabilidad", "impacto"):
        before, after = _level(values, f"{axis}_inherente"), _level(values, f"{axis}_residual")
        if before and after and after < before:
            yield f"{axis}_residual", f"Hay menos {axis} después, y no hay ningún control."


@stops("falta_plan", "Reducir pide un plan de acción.", "Escriba qué se hará, quién responde y para cuándo.", TREATMENT)
def _planned(values: Values, context: Context) -> Found:
    entry = context.catalogues.entry("tratamiento", str(values.get("tratamiento") or ""))
    if entry and entry.extra.get("requiere_plan") and not _text(values.get("plan_accion")):
        yield "plan_accion", f"«{entry.label}» pide un plan de acción."


@stops("falta_responsable", "Un plan de acción tiene quién responda.", "Escriba el cargo, no el nombre.", PLAN)
def _owned(values: Values, context: Context) -> Found:  # noqa: ARG001
    if _text(values.get("plan_accion")) and not _text(values.get("responsable")):
        yield "responsable", "El plan de acción necesita el cargo de quien responde."


@stops(
    "aceptar",
    "Se acepta un riesgo cuando lo que queda es Bajo o Moderado.",
    "Escoja otro tratamiento, o agregue controles que lo bajen.",
    TREATMENT,
)
def _accepted(values: Values, context: Context) -> Found:
    if values.get("tratamiento") != "aceptar":
        return
    entry = context.catalogues.entry("tratamiento", "aceptar")
    allowed = entry.extra.get("zonas", ZONES[:2]) if entry else ZONES[:2]
    if (zone := values.get("zona_residual")) is not None and zone not in allowed:
        yield "tratamiento", "Aceptar solo vale cuando la zona residual es Bajo o Moderado."


@stops(
    "aceptar_corrupcion",
    "Un riesgo de corrupción o contra la integridad no se acepta nunca.",
    "Escoja Reducir o Evitar.",
    TREATMENT,
)
def _corruption_accepted(values: Values, context: Context) -> Found:  # noqa: ARG001
    if values.get("tratamiento") == "aceptar" and values.get("tipo") in _NEVER_ACCEPTED:
        yield "tratamiento", "Un riesgo de corrupción no se puede aceptar."


@warns(
    "evitar_con_controles",
    "Lo que se evita deja de hacerse: no necesita controles.",
    "Si la actividad sigue, escoja Reducir; si no, retire los controles.",
)
def _avoided(values: Values, context: Context) -> Found:  # noqa: ARG001
    if values.get("tratamiento") == "evitar" and values.get("controles") not in {None, 0}:
        yield "tratamiento", "Dice Evitar y tiene controles funcionando."


@warns(
    "plan_ya_es_control",
    "Un control ya funciona; un plan está por hacerse. La misma acción no es las dos cosas.",
    "Deje el plan si todavía no se hace, o el control si ya se hace.",
)
def _both(values: Values, context: Context) -> Found:
    plan = values.get("plan_accion")
    if any(same(plan, control.get("accion")) for control in context.children):
        yield "plan_accion", "El plan dice lo mismo que un control que ya funciona."


@warns(
    "plan_vencido",
    "Un plan sin terminar tiene una fecha que no ha pasado.",
    "Cambie la fecha, o márquelo finalizado.",
    PLAN,
)
def _late(values: Values, context: Context) -> Found:
    due = values.get("fecha_implementacion")
    if values.get("estado_plan") != "finalizado" and isinstance(due, date) and due < context.today:
        yield "fecha_implementacion", "La fecha del plan ya pasó y no está finalizado."


@warns("plan_sin_fecha", "Un plan tiene fecha de implementación.", "Escriba para cuándo estará hecho.", PLAN)
def _undated(values: Values, context: Context) -> Found:  # noqa: ARG001
    if _text(values.get("plan_accion")) and values.get("fecha_implementacion") is None:
        yield "fecha_implementacion", "El plan no dice para cuándo."


@warns(
    "plan_finalizado",
    "Lo finalizado tiene plan y una fecha que ya llegó.",
    "Corrija el estado del plan o su fecha.",
    PLAN,
)
def _finished(values: Values, context: Context) -> Found:
    if values.get("estado_plan") != "finalizado":
        return
    if not _text(values.get("plan_accion")):
        yield "estado_plan", "Dice que el plan está finalizado y no hay plan."
    due = values.get("fecha_implementacion")
    if isinstance(due, date) and due > context.today:
        yield "fecha_implementacion", "Dice que el plan está finalizado y su fecha no ha llegado."


@warns("seguimiento_antes", "El seguimiento es después de implementar.", "Corrija una de las dos fechas.", PLAN)
def _followed_early(values: Values, context: Context) -> Found:  # noqa: ARG001
    due, followed = values.get("fecha_implementacion"), values.get("fecha_seguimiento")
    if isinstance(due, date) and isinstance(followed, date) and followed < due:
        yield "fecha_seguimiento", "El seguimiento es anterior a la implementación."


@warns("seguimiento_vencido", "El seguimiento se escribe cuando llega su fecha.", "Cuente qué se encontró.", PLAN)
def _not_followed(values: Values, context: Context) -> Found:
    followed = values.get("fecha_seguimiento")
    if isinstance(followed, date) and followed < context.today and values.get("seguimiento") is None:
        yield "seguimiento", "La fecha de seguimiento ya pasó y no dice qué se encontró."


@warns("persona", "Responde un cargo: las personas cambian.", "Escriba el cargo en lugar del nombre.", PLAN)
def _person(values: Values, context: Context) -> Found:  # noqa: ARG001
    if names_a_person(values.get("responsable")):
        yield "responsable", "Parece el nombre de una persona: escriba el cargo."


RULES: Final[tuple[Rule, ...]] = (
    _kind,
    _rated,
    _names_a_lack,
    _asks_for_something,
    _causes,
    _impact,
    _questions,
    _grown,
    _fallen,
    _planned,
    _owned,
    _accepted,
    _corruption_accepted,
    _avoided,
    _both,
    _late,
    _undated,
    _finished,
    _followed_early,
    _not_followed,
    _person,
)


def _asks(values: Values, context: Context) -> bool:
    """Whether the questions decide the impact."""
    version = values.get("metodo")
    if values.get("tipo") != "corrupcion" or not isinstance(version, str):
        return False
    return bool(method.load(version, context.catalogues.vigencia).corruption)


def _text(value: Value) -> str:
    return value if isinstance(value, str) else ""


def _level(values: Values, name: str) -> int | None:
    value = values.get(name)
    return value if isinstance(value, int) else None


def _zone(values: Values, name: str) -> int:
    value = values.get(name)
    return ZONES.index(value) if isinstance(value, str) and value in ZONES else -1

"""Something the dependencia needs, found or recommends, with its quantity, value and reason."""

from decimal import Decimal

from peti_desktop.catalogues import table
from peti_desktop.records.convert import decimal_text, most
from peti_desktop.records.fields import Context, Field, Found, Kind, RecordType, Section, Value, Values, stops, warns

_MOST_TOTAL = most(Field("valor_total", "Valor total", Kind.MONEY))


def compute(values: Values, context: Context) -> dict[str, Value]:  # noqa: ARG001
    """Quantity times unit value, in pesos; ``None`` when it is more than the field takes."""
    total = _total(values)
    return {"valor_total": total if total is not None and total <= _MOST_TOTAL else None}


def _total(values: Values) -> Decimal | None:
    quantity, value = values.get("cantidad"), values.get("valor_unitario")
    return quantity * value if isinstance(quantity, int) and isinstance(value, Decimal) else None


def _unspsc(value: Value) -> str | None:
    digits = str(value)
    return None if digits.isascii() and digits.isdigit() and len(digits) == 8 else "El código UNSPSC tiene 8 cifras."


@stops("falta_cantidad", "Una necesidad dice cuánto.", "Escriba cuánto; si no se puede contar, «No aplica».")
def _counted(values: Values, context: Context) -> Found:  # noqa: ARG001
    if values.get("forma") == "necesidad" and values.get("cantidad") is None:
        yield "cantidad", "Falta: cantidad. Si no se puede contar, escriba «No aplica»."


@stops("falta_justificacion", "Una necesidad dice para qué.", "Escriba qué no se puede hacer sin eso.")
def _justified(values: Values, context: Context) -> Found:  # noqa: ARG001
    if values.get("forma") == "necesidad" and values.get("justificacion") is None:
        yield "justificacion", "Falta: para qué se necesita."


@stops("unspsc", "Un código UNSPSC tiene 8 cifras.", "Búsquelo en el clasificador de Colombia Compra, o déjelo vacío.")
def _coded(values: Values, context: Context) -> Found:  # noqa: ARG001
    code = values.get("unspsc")
    if isinstance(code, str) and (wrong := _unspsc(code)):
        yield "unspsc", wrong


@warns("urgente_sin_valor", "Lo urgente trae un valor estimado.", "Escriba un valor unitario, aunque sea aproximado.")
def _urgent(values: Values, context: Context) -> Found:  # noqa: ARG001
    urgent = values.get("forma") == "necesidad" and values.get("urgencia") in {"inmediata", "alta"}
    if urgent and values.get("valor_unitario") is None:
        yield "valor_unitario", "Es urgente y no dice cuánto vale."


@stops(
    "valor_imposible",
    "Cantidad por valor cabe en una cifra que se puede sumar.",
    "Cuente los ceros del valor y de la cantidad.",
)
def _impossible(values: Values, context: Context) -> Found:  # noqa: ARG001
    total = _total(values)
    if total is not None and total > _MOST_TOTAL:
        yield "valor_unitario", f"Cantidad por valor pasa de $ {decimal_text(_MOST_TOTAL)}: sobran ceros."


@warns("valor_enorme", "Cantidad por valor da una cifra creíble.", "Cuente los ceros del valor y de la cantidad.")
def _huge(values: Values, context: Context) -> Found:
    total, wage = values.get("valor_total"), context.catalogues.smlmv(context.catalogues.vigencia)
    limit = table("reglas")["limites"]["valor_total_smlmv"]
    if isinstance(total, Decimal) and wage is not None and total > limit * wage:
        yield "valor_unitario", f"El total pasa de {decimal_text(limit)} salarios mínimos: ¿sobra un cero?"


@warns("valor_diminuto", "El valor va en pesos completos.", "Escríbalo en pesos, no en miles ni en millones.")
def _tiny(values: Values, context: Context) -> Found:  # noqa: ARG001
    value = values.get("valor_unitario")
    if isinstance(value, Decimal) and 0 < value < table("reglas")["limites"]["valor_unitario_pesos"]:
        yield "valor_unitario", "Es muy poco: ¿está en miles o en millones?"


@warns("vigencia_pasada", "Lo que se pide es para la vigencia actual o una futura.", "Cambie la vigencia.")
def _past(values: Values, context: Context) -> Found:
    year = values.get("vigencia")
    if values.get("forma") == "necesidad" and isinstance(year, int) and year < context.catalogues.vigencia:
        yield "vigencia", f"La vigencia {year} ya pasó."


NECESIDAD = RecordType(
    name="necesidad",
    singular="Necesidad",
    title="Necesidades",
    headline=("tema", "descripcion"),
    sections=(
        Section(
            "Qué se necesita",
            (
                Field("subproceso", "Subproceso", Kind.CHOICE, required=True, catalogue="subproceso", width=26),
                Field(
                    "forma",
                    "Qué es",
                    Kind.CHOICE,
                    required=True,
                    catalogue="forma_necesidad",
                    width=16,
                    hint="Una necesidad, algo que se encontró o una recomendación.",
                ),
                Field("tema", "Tema", Kind.CHOICE, required=True, catalogue="tema", width=18),
                Field("descripcion", "Descripción", Kind.NOTE, required=True, lines=3, width=46),
                Field("justificacion", "Para qué", Kind.NOTE, lines=2, width=34),
                Field("urgencia", "Urgencia", Kind.CHOICE, catalogue="urgencia", width=11),
            ),
        ),
        Section(
            "Cuánto",
            (
                Field("cantidad", "Cantidad", Kind.INTEGER, least=1, most=1_000_000, width=10),
                Field("valor_unitario", "Valor unitario", Kind.MONEY, width=16),
                Field("valor_total", "Valor total", Kind.MONEY, computed=True, width=18),
                Field(
                    "fuente_financiacion",
                    "Fuente de financiación",
                    Kind.CHOICE,
                    catalogue="fuente_financiacion",
                    width=20,
                ),
                Field("unspsc", "Código UNSPSC", width=12, rule=_unspsc, limit=8),
                Field("vigencia", "Vigencia", Kind.INTEGER, least=2020, most=2050, width=9),
            ),
        ),
        Section(
            "Con qué se relaciona",
            (
                Field("equipo", "Equipo que reemplaza", Kind.LINK, links="equipo", width=20),
                Field("riesgo", "Riesgo que baja", Kind.LINK, links="riesgo", width=20),
                Field("componente", "Componente del PETI", Kind.CHOICE, catalogue="componente", width=22),
                Field("objetivo", "Objetivo", Kind.CHOICE, catalogue="objetivo", width=18),
                Field("fuente", "Fuente", width=24, limit=200, hint="Documento del que sale, si lo hay."),
            ),
        ),
    ),
    rules=(_counted, _justified, _coded, _urgent, _impossible, _huge, _tiny, _past),
    compute=compute,
)

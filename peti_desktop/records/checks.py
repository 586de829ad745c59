"""What is wrong with a record: the same rules in the form, in «Ensayar entrega» and at the office."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import replace

from peti_desktop.catalogues import Catalogues
from peti_desktop.errors import UserError
from peti_desktop.records.convert import plain
from peti_desktop.records.fields import BORRAR, Context, Field, Kind, Problem, RecordType, Rule, Severity, Value, Values

MISSING = Rule(
    "falta", Severity.STOPS, "Los campos con asterisco llevan un valor.", "Llene el campo; «No aplica» no vale aquí."
)
REPEATED = Rule(
    "repetido",
    Severity.WARNS,
    "Una placa, un serial o un nombre no están en dos registros de la misma dependencia.",
    "Corrija el que esté mal, o retire el registro que sobra.",
)
UNLISTED = Rule(
    "lista",
    Severity.WARNS,
    "Lo escogido sigue en la lista que rige en la vigencia y en la versión de la guía con que se valoró.",
    "Escoja de nuevo en la lista.",
)
BROKEN_LINK = Rule(
    "enlace",
    Severity.STOPS,
    "Un enlace lleva a un registro que está vigente.",
    "Escoja otro registro, recupere el retirado o borre el enlace.",
)
UNREAD = Rule(
    "borrador",
    Severity.STOPS,
    "Lo escrito en un campo se entiende: una fecha es una fecha y una opción está en su lista.",
    "Corríjalo o bórrelo.",
)
BAD_CELL = Rule(
    "celda",
    Severity.STOPS,
    "Lo que trae una celda de la entrega se entiende.",
    "Se corrige en la dependencia y se entrega de nuevo.",
)
EMPTIED = Rule(
    "vacio_entregado",
    Severity.WARNS,
    "Un campo que se entregó con un valor no queda vacío sin decir por qué.",
    "Escriba el valor, o escoja «Borrar lo anterior» si ya no hay.",
)
GENERAL = (MISSING, REPEATED, UNLISTED, BROKEN_LINK, UNREAD, BAD_CELL, EMPTIED)
"""The rules of every record type; the others stand beside theirs."""


def check(record_type: RecordType, values: Values, context: Context) -> list[Problem]:
    """All problems of one record, in the order of its form; nothing is raised for a mistake in data.

    A rated risk is judged by the lists of the guide that rated it. What is to be erased counts as not there.
    """
    values = _without_erased(values)
    if (own := _catalogues(values, context.catalogues)) is not context.catalogues:
        context = replace(context, catalogues=own)
    problems = list(_fields(record_type, values, context))
    for rule in record_type.rules:
        problems.extend(rule(values, context))
    if len(problems) > 1:
        order = {name: position for position, name in enumerate(record_type.by_name)}
        problems.sort(key=lambda p: order.get(p.field, len(order)))
    return problems


def _without_erased(values: Values) -> Values:
    if not any(value is BORRAR for value in values.values()):
        return values
    return {name: None if value is BORRAR else value for name, value in values.items()}


def _fields(record_type: RecordType, values: Values, context: Context) -> Iterator[Problem]:
    for field in record_type.typed:
        value = values.get(field.name)
        if value is None:
            if field.required:
                yield MISSING.at(field.name, f"Falta: {field.label.lower()}.")
        elif not isinstance(value, str):
            continue
        elif field.unique and (field.name, value) in context.repeated:
            yield REPEATED.at(field.name, f"{field.label}: está en más de un registro.")
        elif field.kind is Kind.CHOICE:
            if wrong := _unlisted(field, value, context.catalogues):
                yield UNLISTED.at(field.name, wrong)
        elif field.kind is Kind.LINK and value not in context.present.get(field.links, (value,)):
            yield BROKEN_LINK.at(field.name, f"{field.label}: ese registro se retiró o ya no está.")


def _unlisted(field: Field, code: str, catalogues: Catalogues) -> str | None:
    """What is wrong with a code in its list; one that is out of force is still there and keeps its label."""
    entry = catalogues.entry(field.catalogue, code)
    if entry is None:
        return f"{field.label}: «{code}» no está en la lista."
    if entry.since is None and entry.until is None:
        return None
    if any(entry.code == code for entry in catalogues.entries(field.catalogue)):
        return None
    after = ", ".join(catalogues.label(field.catalogue, new) for new in entry.became)
    return f"{field.label}: «{entry.label}» ya no rige" + (f"; ahora es {after}." if after else ".")


def _catalogues(values: Values, usual: Catalogues) -> Catalogues:
    """The catalogues of the guide that rated a record, where it names one the program knows."""
    version = values.get("metodo")
    if not isinstance(version, str) or version == usual.metodo:
        return usual
    try:
        return usual.under(version)
    except UserError:
        return usual


def repeated(record_type: RecordType, everything: Iterable[Values]) -> frozenset[tuple[str, Value]]:
    """The values of unique fields that stand in more than one of these records, whatever their case and accents."""
    names = [field.name for field in record_type.typed if field.unique]
    written: dict[tuple[str, str], list[str]] = {}
    for values in everything:
        for name in names:
            if isinstance(value := values[name], str):
                written.setdefault((name, plain(value)), []).append(value)
    return frozenset((name, value) for (name, _), same in written.items() if len(same) > 1 for value in same)


def rules_of(types: Mapping[str, RecordType]) -> tuple[tuple[str, Rule], ...]:
    """Every rule with the name of its record type, empty for those of all types."""
    own = [(name, rule) for name, record_type in types.items() for rule in record_type.rules]
    return (*(("", rule) for rule in GENERAL), *own)

"""What is wrong with a record: the same rules in the form, in «Ensayar entrega» and at the office."""

from collections import Counter
from collections.abc import Iterable

from peti_desktop.records.fields import Context, Problem, RecordType, Severity, Value, Values


def check(record_type: RecordType, values: Values, context: Context) -> list[Problem]:
    """All problems of one record, in the order of its form; nothing is raised for a mistake in data."""
    problems = [
        Problem("falta", field.name, f"Falta: {field.label.lower()}.")
        for field in record_type.typed
        if field.required and values.get(field.name) is None
    ]
    problems.extend(
        Problem("repetido", field.name, f"{field.label}: está en más de un registro.", Severity.WARNS)
        for field in record_type.typed
        if field.unique and (field.name, values.get(field.name)) in context.repeated
    )
    for rule in record_type.rules:
        problems.extend(rule(values, context))
    order = {field.name: position for position, field in enumerate(record_type.fields)}
    return sorted(problems, key=lambda p: order.get(p.field, len(order)))


def repeated(record_type: RecordType, everything: Iterable[Values]) -> frozenset[tuple[str, Value]]:
    """The values of unique fields that stand in more than one of these records."""
    names = [field.name for field in record_type.typed if field.unique]
    seen = Counter((name, values[name]) for values in everything for name in names if isinstance(values[name], str))
    return frozenset(pair for pair, times in seen.items() if times > 1)


def stops(problems: list[Problem]) -> bool:
    """Whether any of ``problems`` keeps a delivery from being made or accepted."""
    return any(problem.severity is Severity.STOPS for problem in problems)

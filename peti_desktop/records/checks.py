"""What is wrong with a record: the same rules in the form, in «Ensayar entrega» and at the office."""

from peti_desktop.records.fields import Context, Problem, RecordType, Severity, Values


def check(record_type: RecordType, values: Values, context: Context) -> list[Problem]:
    """All problems of one record, in the order of its form; nothing is raised for a mistake in data."""
    problems = [
        Problem("falta", field.name, f"Falta: {field.label.lower()}.")
        for field in record_type.typed
        if field.required and values.get(field.name) is None
    ]
    for rule in record_type.rules:
        problems.extend(rule(values, context))
    order = {field.name: position for position, field in enumerate(record_type.fields)}
    return sorted(problems, key=lambda p: order.get(p.field, len(order)))


def stops(problems: list[Problem]) -> bool:
    """Whether any of ``problems`` keeps a delivery from being made or accepted."""
    return any(problem.severity is Severity.STOPS for problem in problems)

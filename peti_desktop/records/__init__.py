"""Record types, described once, in the order in which people meet them.

``TYPES`` are the types a dependencia fills in and delivers; ``OFFICE_TYPES`` are of the office alone and never travel;
``EVERY`` is both: what can be changed, undone, retired and traced.
"""

from peti_desktop.records.avance import AVANCE
from peti_desktop.records.checks import check, rules_of
from peti_desktop.records.control import CONTROL
from peti_desktop.records.convert import edit_text, read, show
from peti_desktop.records.equipo import EQUIPO
from peti_desktop.records.fields import (
    BORRAR,
    NO_APLICA,
    Blank,
    Context,
    Field,
    Kind,
    Problem,
    RecordType,
    Rule,
    Severity,
    Value,
    Values,
)
from peti_desktop.records.formacion import FORMACION
from peti_desktop.records.iniciativa import INICIATIVA
from peti_desktop.records.necesidad import NECESIDAD
from peti_desktop.records.riesgo import RIESGO
from peti_desktop.records.sede import SEDE
from peti_desktop.records.sistema import SISTEMA

TYPES: dict[str, RecordType] = {t.name: t for t in (RIESGO, CONTROL, EQUIPO, NECESIDAD, SISTEMA, SEDE, FORMACION)}
OFFICE_TYPES: dict[str, RecordType] = {t.name: t for t in (INICIATIVA, AVANCE)}
EVERY: dict[str, RecordType] = TYPES | OFFICE_TYPES


def rules() -> tuple[tuple[str, Rule], ...]:
    """Every rule with the name of its record type, empty for those of all types."""
    return rules_of(EVERY)


def rule(type_name: str, code: str) -> Rule | None:
    """The rule behind a problem of one record type."""
    own = {(name, found.code): found for name, found in rules()}
    return own.get((type_name, code)) or own.get(("", code))


__all__ = [
    "AVANCE",
    "BORRAR",
    "CONTROL",
    "EQUIPO",
    "EVERY",
    "FORMACION",
    "INICIATIVA",
    "NECESIDAD",
    "NO_APLICA",
    "OFFICE_TYPES",
    "RIESGO",
    "SEDE",
    "SISTEMA",
    "TYPES",
    "Blank",
    "Context",
    "Field",
    "Kind",
    "Problem",
    "RecordType",
    "Rule",
    "Severity",
    "Value",
    "Values",
    "check",
    "edit_text",
    "read",
    "rule",
    "rules",
    "show",
]

"""Record types, described once. ``TYPES`` lists them in the order in which people meet them."""

from peti_desktop.records.checks import check, stops
from peti_desktop.records.control import CONTROL
from peti_desktop.records.convert import edit_text, read, show
from peti_desktop.records.equipo import EQUIPO
from peti_desktop.records.fields import (
    NO_APLICA,
    Context,
    Field,
    Kind,
    Problem,
    RecordType,
    Severity,
    Value,
    Values,
)
from peti_desktop.records.formacion import FORMACION
from peti_desktop.records.necesidad import NECESIDAD
from peti_desktop.records.riesgo import RIESGO
from peti_desktop.records.sede import SEDE
from peti_desktop.records.sistema import SISTEMA

TYPES: dict[str, RecordType] = {t.name: t for t in (RIESGO, CONTROL, EQUIPO, NECESIDAD, SISTEMA, SEDE, FORMACION)}

__all__ = [
    "CONTROL",
    "EQUIPO",
    "FORMACION",
    "NECESIDAD",
    "NO_APLICA",
    "RIESGO",
    "SEDE",
    "SISTEMA",
    "TYPES",
    "Context",
    "Field",
    "Kind",
    "Problem",
    "RecordType",
    "Severity",
    "Value",
    "Values",
    "check",
    "edit_text",
    "read",
    "show",
    "stops",
]

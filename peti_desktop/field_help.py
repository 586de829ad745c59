"""What F1 says of a field: its meaning, an example, and where it comes from; ``resources/help/campos.toml``."""

import tomllib
from dataclasses import dataclass
from functools import cache
from typing import Any

from peti_desktop.records import EVERY
from peti_desktop.records.fields import Field
from resources import resource


@dataclass(frozen=True, slots=True)
class FieldHelp:
    """The help of one field, in Spanish; ``blanks`` tells how to leave it empty, empty where it needs a value."""

    label: str
    meaning: str
    example: str
    source: str
    blanks: str = ""


BLANKS = (
    "Si no hay nada que decir, «No aplica» (Ctrl+-). Si ya entregó un valor y hoy no hay ninguno, «Borrar lo anterior» "
    "(Alt+Supr): la Oficina TIC lo vaciará."
)


def help_of(field: Field) -> FieldHelp | None:
    """The help of a field of a record type; None for any other field."""
    owner = next((name for name, kind in EVERY.items() if kind.by_name.get(field.name) is field), None)
    if owner is None:
        return None
    said = _texts()[owner][field.name]
    return FieldHelp(
        field.label, said["significado"], said["ejemplo"], said["fuente"], BLANKS if field.may_be_na else ""
    )


@cache
def _texts() -> dict[str, Any]:
    return tomllib.loads(resource("help/campos.toml").read_text(encoding="utf-8"))

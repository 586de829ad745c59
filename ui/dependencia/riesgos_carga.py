"""What the page of the risks shows, read at once off the window's thread; and a risk as a line of its list."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Final

from peti_desktop.catalogues import Catalogues
from peti_desktop.records import CONTROL, RIESGO, Context, Severity, Value, check
from peti_desktop.records.record import Record
from peti_desktop.suggestions import Suggestion, pending
from peti_desktop.vigencia import marks
from peti_desktop.workspace import Workspace
from ui.dependencia.asking import Beside, beside
from ui.dependencia.listing import Entry

SHORT: Final = ("causa_inmediata", "causa_raiz", "descripcion", "actividad")
"""What tells risks apart, best first: their descriptions all begin alike."""


@dataclass(frozen=True, slots=True)
class Loaded:
    """The risks, retired ones too, the controls in force by risk, and what the PETI suggests.

    ``beside`` is what is said of risks and controls besides the rules; ``marks`` what became of each risk since the
    vigencia began, by uid.
    """

    risks: tuple[Record, ...]
    controls: Mapping[str, tuple[Record, ...]]
    suggestions: tuple[Suggestion, ...]
    beside: Beside
    marks: Mapping[str, str]


def load(workspace: Workspace) -> Loaded:
    """Read everything the page shows."""
    controls: dict[str, list[Record]] = {}
    for control in workspace.records("control"):
        controls.setdefault(str(control.values["riesgo"]), []).append(control)
    return Loaded(
        tuple(workspace.records("riesgo", retired=None)),
        {uid: tuple(found) for uid, found in controls.items()},
        pending(workspace),
        beside(workspace, "riesgo", "control"),
        marks(workspace, ("riesgo",)),
    )


def entry_of(record: Record, missing: int, mark: str, values: Mapping[str, Value] | None = None) -> Entry:
    """A risk in the list; ``values`` as they are being typed, else as they are stored."""
    shown = values if values is not None else record.values
    said = [str(value) for name in SHORT if (value := shown.get(name))]
    zone = shown.get("zona_residual") or shown.get("zona_inherente")
    return Entry(
        record.uid,
        str(shown.get("referencia") or "Riesgo"),
        said[0] if said else "",
        " ".join(said),
        str(zone) if zone else None,
        missing,
        record.retired,
        mark,
    )


def missing_in(record: Record, controls: Sequence[Record], catalogues: Catalogues, today: date) -> int:
    """How many problems of a stored risk and its controls stop a delivery."""
    context = Context(catalogues, today, [control.values for control in controls])
    missing = 0
    for record_type, one in ((RIESGO, record), *((CONTROL, control) for control in controls)):
        found = check(record_type, one.values, context)
        stops = (p for p in found if p.severity is Severity.STOPS and not (p.missing and p.field in one.drafts))
        missing += len(one.drafts) + len(list(stops))
    return missing

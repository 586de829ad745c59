"""New initiatives, and what is wrong with the office's own records."""

import re
from collections.abc import Mapping
from typing import Final

from peti_desktop.consolidation.acting import acting
from peti_desktop.records.fields import Problem, Value
from peti_desktop.records.record import Record
from peti_desktop.workspace import Workspace, problems_of

_CODE: Final = re.compile(r"INI-(\d{1,6})")


def begin(ws: Workspace) -> Record:
    """A new initiative of this vigencia with the next free code. Raises UserError to who only reads."""
    numbers = [
        int(found[1])
        for record in ws.records("iniciativa", retired=None)
        if (found := _CODE.fullmatch(str(record.values["codigo"] or "")))
    ]
    year = ws.info.vigencia
    values: dict[str, Value] = {
        "codigo": f"INI-{max(numbers, default=0) + 1:02}",
        "estado": "propuesta",
        "anio_desde": year,
        "anio_hasta": year,
    }
    with acting(ws, "crear iniciativa") as act:
        return act.record("iniciativa", act.new("iniciativa", values))


def problems(ws: Workspace) -> Mapping[str, list[Problem]]:
    """What is wrong with initiatives and progress, by uid."""
    everything = {name: ws.records(name) for name in ("iniciativa", "avance")}
    found: dict[str, list[Problem]] = {}
    for wrong in problems_of(everything, ws.catalogues, ws.today):
        found.setdefault(wrong.uid, []).append(wrong.problem)
    return found

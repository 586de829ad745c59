"""The forms that were received, as lines beside the signed deliveries: their lower trust is to be seen there too."""

import json
from collections import defaultdict, deque

from db.queries import forms
from peti_desktop.intake.receipt import NO_COUNTS, Receipt
from peti_desktop.oldform.adopting import ENTRY, act_words
from peti_desktop.oldform.filled import UNSIGNED
from peti_desktop.trust.verdict import Reason, Status
from peti_desktop.workspace import Workspace

FORM = "formulario"
"""The reason by which such a line is known."""
TAKEN, UNDONE = UNSIGNED, "deshecho"
"""States of a form."""

WHY = "Llegó en un formulario de Excel, sin firma: nada prueba quién lo llenó ni que nadie lo cambió después."


def listing(ws: Workspace) -> list[Receipt]:
    """Every form that was received here, oldest first; one whose act was undone says so."""
    with ws.read() as connection:
        entries = [(row, json.loads(row["detalle"])) for row in forms.logged(connection, ENTRY)]
        names = {str(said["archivo"]) for _row, said in entries}
        acts = {name: forms.undone(connection, act_words(name)) for name in names}
    # Each entry was written with its act: those of one file stand in the same order.
    undone: dict[str, deque[bool]] = defaultdict(deque, {name: deque(found) for name, found in acts.items()})
    return [
        Receipt(
            file=str(said["archivo"]),
            verdict=Status.CON_AVISOS,
            reasons=(Reason(FORM, WHY),),
            sha256=str(said["sha256"]),
            dependencia=str(said["dependencia"]),
            dependencia_nombre=ws.catalogues.label("dependencia", str(said["dependencia"])),
            vigencia=ws.info.vigencia,
            received_at=row["cuando"],
            state=UNDONE if (undone[said["archivo"]] or deque([False])).popleft() else TAKEN,
            counts=dict(NO_COUNTS) | {"added": int(said["nuevos"]), "changed": int(said["cambiados"])},
            decided_at=row["cuando"],
            decided_by=str(row["quien"]),
        )
        for row, said in entries
    ]

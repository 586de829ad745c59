"""What the Oficina TIC asks, said at its own field like a problem: it never stops a delivery."""

from collections.abc import Iterable, Mapping
from typing import TYPE_CHECKING, Final

from peti_desktop.records import Problem, Severity
from peti_desktop.workspace import RecordProblem

if TYPE_CHECKING:
    from peti_desktop.returning.observations import Observation
    from peti_desktop.workspace import Workspace

ASKED: Final = "observacion"
"""The code of such a problem."""


def said(one: "Observation") -> Problem:
    """The observation as what is said beside its field."""
    words = f"La Oficina TIC pide: {' '.join(one.texto.split())} (responda en «Observaciones»)"
    return Problem(ASKED, one.campo, words, Severity.WARNS)


def asked_of(workspace: "Workspace", unanswered: "Iterable[Observation]") -> list[RecordProblem]:
    """Those that are about a record in force here, as lines that lead to their field."""
    found = list(unanswered)
    here = {
        (name, record.uid) for name in {one.tipo for one in found if one.registro} for record in workspace.records(name)
    }
    return [
        RecordProblem(one.tipo, one.registro, one.titular, said(one))
        for one in found
        if (one.tipo, one.registro) in here
    ]


def asked_by_record(workspace: "Workspace", *types: str) -> Mapping[str, list[Problem]]:
    """What is asked of the records of these types and has no answer yet, by uid."""
    from peti_desktop.returning import answering

    found: dict[str, list[Problem]] = {}
    for one in answering.unanswered(workspace):
        if one.tipo in types and one.registro:
            found.setdefault(one.registro, []).append(said(one))
    return found

"""What is said beside a field and is no rule: what the Oficina TIC asks, and what a delivery said before.

It never stops a delivery."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Final

from peti_desktop.delivery.delivered import emptied_in, last
from peti_desktop.records import TYPES, Problem, Severity
from peti_desktop.records.record import Record
from peti_desktop.returning import answering
from peti_desktop.workspace import RecordProblem

if TYPE_CHECKING:
    from peti_desktop.catalogues import Catalogues
    from peti_desktop.delivery.seal import Sealed
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


@dataclass(frozen=True, slots=True)
class Beside:
    """What stands beside the rules of records: what the office asks, by uid, and what was delivered ``before``.

    ``words`` are those of records that were delivered as links, by type.
    """

    catalogues: "Catalogues | None" = None
    asked: Mapping[str, Sequence[Problem]] = field(default_factory=dict)
    before: "Mapping[str, Sealed]" = field(default_factory=dict)
    words: Mapping[str, Mapping[str, str]] = field(default_factory=dict)

    def of(self, record: Record) -> list[Problem]:
        """What is said of a record as it is now, written or still being typed."""
        found = list(self.asked.get(record.uid, ()))
        before = self.before.get(record.uid)
        if before is None or self.catalogues is None or record.retired is not None:
            return found
        return found + emptied_in(record, before, self.catalogues, lambda name: self.words.get(name, {}))


def beside(workspace: "Workspace", *types: str) -> Beside:
    """What is said of the records of these types beside the rules."""
    asked: dict[str, list[Problem]] = {}
    for one in answering.unanswered(workspace):
        if one.tipo in types and one.registro:
            asked.setdefault(one.registro, []).append(said(one))
    content = last(workspace)
    before = {uid: sealed for name in types for uid, sealed in content.get(name, {}).items()}
    targets = {of.links for name in types for of in TYPES[name].typed if of.links} if before else set()
    return Beside(workspace.catalogues, asked, before, {name: workspace.links(name) for name in targets})

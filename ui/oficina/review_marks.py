"""What was marked about the rows of one delivery, before it is applied: nothing here is stored."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Final

from peti_desktop.consolidation import decisions, roles
from peti_desktop.consolidation.decisions import (
    ACCEPT,
    ALONG,
    FORGOTTEN,
    GIVE_BACK,
    KEEP,
    MOVED,
    OF_MISSING,
    REJECT,
    RETIRE,
    WAIT,
    Decision,
    Waiting,
)
from peti_desktop.intake import apply
from peti_desktop.intake.receipt import OPEN, PARTLY, RECEIVED, Receipt
from peti_desktop.intake.stage import Item, Key, Staging
from peti_desktop.returning import observations
from peti_desktop.returning.observations import DRAFT, Observation
from peti_desktop.workspace import Workspace
from ui.oficina.words import thousands

IN_FORCE, NOTHING = "en firme", ""
"""What else can stand about a row: it was taken before; nothing is decided (a missing record then becomes a doubt)."""

LETTERS: Final[Mapping[str, str]] = {
    ACCEPT: "A", GIVE_BACK: "D", REJECT: "R", WAIT: "E", ALONG: "E", IN_FORCE: "✓",
    RETIRE: "T", FORGOTTEN: "O", MOVED: "P", KEEP: "M", NOTHING: "?",
}  # fmt: skip
"""The key that marks a row so, which is also how it is shown."""

SPOKEN: Final[Mapping[str, str]] = {
    ACCEPT: "se acepta", GIVE_BACK: "se devuelve", REJECT: "se rechaza", WAIT: "espera", ALONG: "espera con el suyo",
    IN_FORCE: "ya está en firme", RETIRE: "se retira", FORGOTTEN: "se olvidó: se pregunta",
    MOVED: "pasó a otra dependencia", KEEP: "se mantiene", NOTHING: "irá a Dudas",
}  # fmt: skip

MOST_REASON: Final = 1000
"""Characters of the reason of a row, which repeats what its observations ask."""
_LEFT: Final = frozenset({GIVE_BACK, REJECT, WAIT})
_TOLD: Final = (
    (ACCEPT, "Se acepta", "Se aceptan"),
    (GIVE_BACK, "se devuelve", "se devuelven"),
    (REJECT, "se rechaza", "se rechazan"),
    (WAIT, "espera", "esperan"),
    ("ausentes", "ausente resuelto", "ausentes resueltos"),
    (NOTHING, "irá a Dudas", "irán a Dudas"),
)


@dataclass(frozen=True, slots=True)
class Opened:
    """A delivery as the review shows it: what accepting it would do, and what was asked and decided about it.

    ``compared`` is what is shown: the same, or the comparison with the delivery before. ``asked`` are the dependencia's
    observations that are not closed. ``refused`` says why who looks may not decide.
    """

    receipt: Receipt
    staging: Staging
    compared: Staging
    waiting: Mapping[Key, Waiting]
    asked: Sequence[Observation]
    refused: str = ""

    @property
    def drafts(self) -> list[Observation]:
        """What would travel if it was given back now."""
        return [o for o in self.asked if o.estado == DRAFT and o.entrega == self.receipt.sha256]

    @property
    def answers(self) -> list[Observation]:
        """What was asked in earlier returns."""
        return [o for o in self.asked if o.estado != DRAFT]


def opened(ws: Workspace, receipt: Receipt, against: str) -> Opened:
    """Read all that the review shows, in one go."""
    staging = apply.preview(ws, receipt.sha256)
    compared = staging if against == apply.IN_FORCE else apply.preview(ws, receipt.sha256, against)
    waiting = {(each.type, each.uid): each for each in decisions.waiting(ws, receipt.sha256)}
    states = (DRAFT, *observations.OPEN)
    asked = observations.listing(ws, dependencia=receipt.dependencia, vigencia=receipt.vigencia, states=states)
    refusal = roles.refusal(ws, roles.CHANGE)
    return Opened(receipt, staging, compared, waiting, asked, str(refusal) if refusal else "")


@dataclass(slots=True)
class Marks:
    """What a person marked in this session, over what is known of the delivery."""

    opened: Opened
    said: dict[Key, Decision] = field(default_factory=dict)
    _items: dict[str, Item] = field(default_factory=dict, repr=False)
    _drafts: dict[Key, list[str]] = field(default_factory=dict, repr=False)

    def __post_init__(self) -> None:
        self._items = {item.uid: item for item in self.opened.staging.items}
        for draft in self.opened.drafts:
            if draft.tipo:
                self._drafts.setdefault((draft.tipo, draft.registro), []).append(draft.texto)

    @property
    def deciding(self) -> bool:
        """Whether rows can still be taken."""
        return self.opened.receipt.state in OPEN

    def mark(self, keys: Iterable[Key], decision: Decision) -> None:
        """Say the same about many rows."""
        self.said.update(dict.fromkeys(keys, decision))

    def standing(self, item: Item) -> Decision:
        """What would become of a row as things are marked."""
        if not self.deciding:
            return self._asked(item) or Decision(IN_FORCE)
        own = self._own(item)
        owner = self._owner(item)
        if owner is not None and own.what in {ACCEPT, ALONG} and item.row:
            return Decision(ALONG, owner.reason)
        return Decision(ACCEPT) if own.what == ALONG else own

    def _own(self, item: Item) -> Decision:
        if item.key in self.said:
            return self.said[item.key]
        if (asked := self._asked(item)) is not None:
            return asked
        if not item.row:
            return Decision(NOTHING if item.questions else IN_FORCE)
        if self.opened.receipt.state != PARTLY:
            return Decision(ACCEPT)
        kept = self.opened.waiting.get(item.key)
        return Decision(kept.what, kept.reason) if kept else Decision(IN_FORCE)

    def _asked(self, item: Item) -> Decision | None:
        """A row about which something is asked is given back, unless somebody says otherwise."""
        found = self._drafts.get(item.key) or (self._drafts.get((item.type, "")) if item.row else None)
        return Decision(GIVE_BACK if item.row else FORGOTTEN, " ".join(found)[:MOST_REASON]) if found else None

    def _owner(self, item: Item) -> Decision | None:
        if not item.parent:
            return None
        owner = self._items.get(item.parent)
        found = self._own(owner) if owner is not None and owner.row else None
        return found if found is not None and found.what in _LEFT else None

    def standings(self) -> dict[Key, Decision]:
        """``standing`` of every record of the delivery."""
        return {item.key: self.standing(item) for item in self.opened.staging.items}

    def tally(self) -> str:
        """«Se aceptan 41 · se devuelven 3 · esperan 2»; empty when nothing can be decided any more."""
        if not self.deciding:
            return ""
        counts: dict[str, int] = {}
        for decision in self.standings().values():
            what = {ALONG: WAIT}.get(decision.what, decision.what)
            what = "ausentes" if what in OF_MISSING else what
            counts[what] = counts.get(what, 0) + 1
        told = [
            f"{one if counts[what] == 1 else many} {thousands(counts[what])}"
            if what not in {"ausentes", NOTHING}
            else f"{thousands(counts[what])} {one if counts[what] == 1 else many}"
            for what, one, many in _TOLD
            if counts.get(what)
        ]
        words = " · ".join(told)
        return words[:1].upper() + words[1:]

    @property
    def takes(self) -> int:
        """How many rows would be taken, or missing records decided."""
        wanted = {ACCEPT, *OF_MISSING}
        return sum(decision.what in wanted for decision in self.standings().values())

    @property
    def asks(self) -> int:
        """How many rows that were decided before are asked for although nobody made an observation on them."""
        apart = {GIVE_BACK, FORGOTTEN}
        return sum(each.what in apart and key not in self._drafts for key, each in self.opened.waiting.items())

    def decided(self) -> dict[Key, Decision] | None:
        """What to hand to ``apply.accept``; None to take all of it."""
        everything = self.standings()
        if self.opened.receipt.state == RECEIVED:
            apart = {key: d for key, d in everything.items() if d.what in {*_LEFT, *OF_MISSING}}
            return {key: _with_reason(d) for key, d in apart.items()} or None
        known = {key: d for key, d in self.said.items() if key in everything}
        return {key: _with_reason(d) for key, d in known.items()}


def _with_reason(decision: Decision) -> Decision:
    return decision if decision.what != GIVE_BACK or decision.reason else Decision(GIVE_BACK, "Tiene observaciones.")

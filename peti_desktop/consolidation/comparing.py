"""What changed between two states of the consolidation: two cuts, or a cut and now.

Records are met by their uid, both sides in its order, so that memory does not grow with those that stayed the same.
"""

from collections import Counter
from collections.abc import Iterator, Mapping
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from typing import Any, Final

from db.queries import cuts as rows
from peti_desktop.consolidation import cuts
from peti_desktop.consolidation.frozen import CUT_NAME
from peti_desktop.progress import Progress, silent
from peti_desktop.records import TYPES
from peti_desktop.records.convert import show
from peti_desktop.records.fields import RecordType
from peti_desktop.records.record import Record, from_row, headline
from peti_desktop.workspace import Workspace

NEW, CHANGED, RETIRED, SAME = "nuevo", "cambiado", "retirado", "igual"
KINDS: Final = (NEW, CHANGED, RETIRED)
NOW: Final = ""
"""What stands for the open consolidation where a cut's uid is asked for."""

ORDER: Final = {"bajo": 1, "moderado": 2, "alto": 3, "extremo": 4}
STEP: Final = 500


@dataclass(frozen=True, slots=True)
class Changed:
    """A field that changed, in words."""

    field: str
    label: str
    before: str
    after: str


@dataclass(frozen=True, slots=True)
class Difference:
    """A record that is not what it was. ``note`` is the reason of a retired one, or that it came back.

    ``zone`` tells how the residual zone of a risk moved: 1 up, -1 down, 0 not (or not known on both sides).
    """

    type: str
    uid: str
    dependencia: str
    headline: str
    kind: str
    changes: tuple[Changed, ...] = ()
    note: str = ""
    zone: int = 0


@dataclass(frozen=True, slots=True)
class Comparison:
    """Two states, named, and what differs; ``counts`` by (dependencia, type, kind), those that stayed too."""

    before: str
    after: str
    differences: tuple[Difference, ...]
    counts: Mapping[tuple[str, str, str], int] = field(default_factory=dict)

    def count(self, kind: str, *, dependencia: str = "", type_name: str = "") -> int:
        """How many records there are of a kind, of one dependencia or type if given."""
        return sum(
            number
            for (unit, name, found), number in self.counts.items()
            if found == kind and dependencia in {"", unit} and type_name in {"", name}
        )

    @property
    def risen(self) -> list[Difference]:
        """Risks whose residual zone is higher than before."""
        return [difference for difference in self.differences if difference.zone > 0]

    @property
    def fallen(self) -> list[Difference]:
        """Risks whose residual zone is lower than before."""
        return [difference for difference in self.differences if difference.zone < 0]


def compare(ws: Workspace, before: str, after: str = NOW, progress: Progress = silent) -> Comparison:
    """What changed from one cut to another, by uid; ``NOW`` is the open consolidation. Raises UserError, Cancelled."""
    with _state(ws, before) as (old, old_name), _state(ws, after) as (new, new_name):
        return of(old, new, old_name, new_name, progress)


@contextmanager
def _state(ws: Workspace, uid: str) -> Iterator[tuple[Workspace, str]]:
    with ExitStack() as stack:
        if uid == NOW:
            yield stack.enter_context(ws.snapshot()), "Ahora"
        else:
            label = next(cut.label for cut in cuts.listing(ws) if cut.uid == uid)
            yield stack.enter_context(cuts.opened(ws, uid)), label


def since_last(ws: Workspace, progress: Progress = silent) -> Comparison | None:
    """What changed since the newest cut, or, within a cut, since the one before; None when there is none."""
    found = cuts.listing(ws)
    if not found:
        return None
    with cuts.opened(ws, found[-1].uid) as old, ws.snapshot() as new:
        name = ws.setting(CUT_NAME) or "Ahora"
        return of(old, new, found[-1].label, name.rpartition(" · ")[0] or name, progress)


def of(old: Workspace, new: Workspace, old_name: str, new_name: str, progress: Progress = silent) -> Comparison:
    """What differs between two stores, each seen as one state (``Workspace.snapshot``)."""
    counts: Counter[tuple[str, str, str]] = Counter()
    differences: list[Difference] = []
    total = sum(sum(side.counts().values()) for side in (old, new))
    done = 0
    for record_type in TYPES.values():
        words = _Words(old, new, record_type)
        for before, after in _pairs(old, new, record_type.name):
            if done % STEP == 0:
                progress(min(done, total), total, "Comparando")
            done += 2
            found = words.difference(before, after)
            if found is None:
                continue
            counts[(found.dependencia, found.type, found.kind)] += 1
            if found.kind != SAME:
                differences.append(found)
    return Comparison(old_name, new_name, tuple(differences), dict(counts))


Row = dict[str, Any]


def _pairs(old: Workspace, new: Workspace, name: str) -> Iterator[tuple[Row | None, Row | None]]:
    """The rows of a type on both sides, met by uid."""
    with old.read() as here, new.read() as there:
        lefts, rights = rows.records(here, name), rows.records(there, name)
        left, right = next(lefts, None), next(rights, None)
        while left is not None or right is not None:
            if right is None or (left is not None and left["uid"] < right["uid"]):
                yield left, None
                left = next(lefts, None)
            elif left is None or right["uid"] < left["uid"]:
                yield None, right
                right = next(rights, None)
            else:
                yield left, right
                left, right = next(lefts, None), next(rights, None)


class _Words:
    """How the differences of one type are told; links are looked up when the first is needed."""

    def __init__(self, old: Workspace, new: Workspace, record_type: RecordType) -> None:
        self._sides = (old, new)
        self._type = record_type
        self._links: dict[int, dict[str, str]] = {}
        # What follows from the day alone is no change of the record.
        self._fields = [f for f in record_type.fields if not (record_type.dated and f.computed)]
        self._columns = ["retirado", "no_aplica", "borrado", "dependencia", *(f.name for f in self._fields)]

    def difference(self, before: Row | None, after: Row | None) -> Difference | None:
        """What became of a record; None for one that was not in force on either side."""
        was, stays = before is not None and before["retirado"] is None, after is not None and after["retirado"] is None
        if not (was or stays):
            return None
        if was and stays and all(before[c] == after[c] for c in self._columns):  # type: ignore[index] # both are there
            return Difference(self._type.name, before["uid"], before["dependencia"], "", SAME)  # type: ignore[index]
        if was and stays:
            assert before is not None and after is not None
            return self._changed(from_row(self._type, before), from_row(self._type, after))
        if stays:
            assert after is not None
            note = "" if before is None else f"Volvió: estaba retirado ({before['retirado']})."
            return self._said(from_row(self._type, after), NEW, 1, note)
        assert before is not None
        note = str(after["retirado"]) if after is not None else "Ya no está."
        return self._said(from_row(self._type, before), RETIRED, 0, note)

    def _said(self, record: Record, kind: str, side: int, note: str = "") -> Difference:
        text = headline(self._type, record.values, self._sides[side].catalogues, self._names(side))
        return Difference(self._type.name, record.uid, record.dependencia, text, kind, note=note)

    def _changed(self, before: Record, after: Record) -> Difference:
        old, new = self._sides
        changes = []
        for f in self._fields:
            left, right = before.values[f.name], after.values[f.name]
            if left != right:
                shown = show(f, left, old.catalogues, self._names(0)), show(f, right, new.catalogues, self._names(1))
                changes.append(Changed(f.name, f.label, *shown))
        if before.dependencia != after.dependencia:
            units = (side.catalogues.label("dependencia", r.dependencia) for side, r in ((old, before), (new, after)))
            changes.append(Changed("dependencia", "Dependencia", *units))
        text = headline(self._type, after.values, new.catalogues, self._names(1))
        kind = CHANGED if changes else SAME
        zone = _moved(before.values.get("zona_residual"), after.values.get("zona_residual"))
        return Difference(self._type.name, after.uid, after.dependencia, text, kind, tuple(changes), zone=zone)

    def _names(self, side: int) -> dict[str, str]:
        if side not in self._links:
            found: dict[str, str] = {}
            for linked in {f.links for f in self._type.fields if f.links}:
                found |= self._sides[side].links(linked)
            self._links[side] = found
        return self._links[side]


def _moved(before: object, after: object) -> int:
    """Whether a zone rose (1) or fell (-1)."""
    left, right = ORDER.get(str(before)), ORDER.get(str(after))
    return 0 if left is None or right is None else (right > left) - (right < left)

"""Records that look like the same thing twice: proposed with the reason, for a person to decide (``grouping``).

Devices are alike by placa or serial, needs and risks by their words. Nothing is ever merged. A pair that was decided is
not proposed again, unless one of its texts has changed so much since that it is no longer near-equal to what it was.
"""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from sqlalchemy import Connection

from db.queries import groups as rows
from peti_desktop.consolidation.grouping import Covers, compared_text, covers
from peti_desktop.consolidation.likeness import near, stars, threshold
from peti_desktop.progress import Progress, silent
from peti_desktop.workspace import Workspace

_LOOKED_AT: Final = {
    "necesidad": ("descripcion", "forma", "tema"),
    "riesgo": ("descripcion", "tipo"),
    "equipo": ("serial", "placa"),
}
QUICK: Final = 5_000
"""Up to so many records of a type are looked through for a mere number."""


@dataclass(frozen=True, slots=True)
class Proposal:
    """Records of one type that look alike, by uid in order of birth; ``percent`` is the least of their likenesses."""

    type: str
    uids: tuple[str, ...]
    dependencias: tuple[str, ...]
    reason: str
    percent: int


@dataclass(frozen=True, slots=True)
class _Seen:
    """What of a record is compared: a text with its block, or a device's serial and placa."""

    uid: str
    dependencia: str
    block: str
    text: str
    words: str


def proposals(ws: Workspace, type_name: str, progress: Progress = silent) -> list[Proposal]:
    """Groups of records that somebody should look at, the most alike first. Raises Cancelled from ``progress``."""
    with ws.read() as connection:
        progress(0, 0, "Leyendo los registros")
        seen = _seen(connection, type_name)
        covered = covers(connection, type_name, {of.uid: of.text for of in seen})
    units = {of.uid: of.dependencia for of in seen}
    found = _devices(seen, units) if type_name == "equipo" else _texts(type_name, seen, units, progress)
    left = [part for proposal in found for part in _open(proposal, units, covered)]
    return sorted(left, key=lambda p: (-p.percent, -len(p.uids), p.uids))


def _seen(connection: Connection, type_name: str) -> list[_Seen]:
    first, *others = _LOOKED_AT[type_name]
    found = []
    for row in rows.in_force(connection, type_name, _LOOKED_AT[type_name]):
        text = compared_text(type_name, row)
        block = "" if type_name == "equipo" else "|".join(row[name] or "" for name in others)
        found.append(_Seen(row["uid"], row["dependencia"], block, text, row[first] or ""))
    return found


# What looks alike


def _devices(seen: Sequence[_Seen], units: Mapping[str, str]) -> list[Proposal]:
    """Devices that share a serial or a placa."""
    reasons: dict[tuple[str, ...], list[str]] = {}
    for place, what in enumerate(("mismo serial", "misma placa")):
        by: defaultdict[str, list[str]] = defaultdict(list)
        for of in seen:
            if value := of.text.split("|")[place]:
                by[value].append(of.uid)
        for value, uids in by.items():
            if len(uids) > 1:
                reasons.setdefault(tuple(uids), []).append(f"{what} ({value})")
    return [_proposal("equipo", uids, units, _sentence(words), 100) for uids, words in _apart(reasons)]


def _sentence(words: Sequence[str]) -> str:
    text = " y ".join(words)
    return text[0].upper() + text[1:]


def _apart(reasons: Mapping[tuple[str, ...], list[str]]) -> Iterable[tuple[tuple[str, ...], list[str]]]:
    """Every set once; one that lies within another adds its reason there."""
    holders: defaultdict[str, list[tuple[str, ...]]] = defaultdict(list)
    kept: dict[tuple[str, ...], list[str]] = {}
    for uids in sorted(reasons, key=lambda of: (-len(of), of)):
        holder = next((of for of in holders[uids[0]] if set(uids) <= set(of)), None)
        if holder is not None:
            kept[holder] = [*kept[holder], *reasons[uids]]
            continue
        kept[uids] = reasons[uids]
        for uid in uids:
            holders[uid].append(uids)
    return kept.items()


def _texts(type_name: str, seen: Sequence[_Seen], units: Mapping[str, str], progress: Progress) -> list[Proposal]:
    """Needs or risks whose words are near-equal."""
    same: defaultdict[tuple[str, str], list[_Seen]] = defaultdict(list)
    for of in seen:
        if of.text:
            same[of.block, of.text].append(of)
    texts = sorted(same)
    pairs = near(texts, threshold(type_name), progress)
    found = []
    for places, percent in stars(len(texts), pairs):
        members = [of for place in places for of in same[texts[place]]]
        if len(members) > 1:
            reason = "Los textos son iguales" if percent == 100 else f"Textos {percent} % iguales"
            uids = tuple(sorted(of.uid for of in members))
            found.append(_proposal(type_name, uids, units, f"{reason}: «{_short(members[0].words)}»", percent))
    return found


def _short(text: str) -> str:
    flat = " ".join(text[:200].split())
    return flat if len(flat) <= 60 else flat[:59].rstrip() + "…"


def _proposal(type_name: str, uids: tuple[str, ...], units: Mapping[str, str], reason: str, percent: int) -> Proposal:
    named = sorted({units[uid] for uid in uids})
    return Proposal(type_name, tuple(sorted(uids)), tuple(named), reason, percent)


# What is still open


def _open(proposal: Proposal, units: Mapping[str, str], covered: Covers) -> list[Proposal]:
    """What of a proposal is still to be decided: parts in which nobody was told apart from another."""
    if not any(uid in covered for uid in proposal.uids):
        return [proposal]
    if _settled(proposal.uids, covered):
        return []
    nothing: tuple[frozenset[str], frozenset[str]] = (frozenset(), frozenset())
    parts: list[tuple[list[str], set[str]]] = []
    for uid in proposal.uids:
        apart = covered.get(uid, nothing)[1]
        uids, told = next((part for part in parts if not part[1] & apart), ([], set()))
        if not uids:
            parts.append((uids, told))
        uids.append(uid)
        told |= apart
    return [
        proposal if len(uids) == len(proposal.uids) else _proposal(
            proposal.type, tuple(uids), units, proposal.reason, proposal.percent
        )
        for uids, _ in parts
        if len(uids) > 1 and not _settled(uids, covered)
    ]  # fmt: skip


def _settled(uids: Sequence[str], covered: Covers) -> bool:
    """Whether every two of these records stand in a decision together."""
    if any(uid not in covered for uid in uids):
        return False
    kinds = list({covered[uid][0] for uid in uids})
    return all(one & other for at, one in enumerate(kinds) for other in kinds[at + 1 :])


def waiting(ws: Workspace) -> int | None:
    """How many proposals wait for a decision; None where counting them would take longer than a blink."""
    counts = ws.counts()
    if any(counts[name] > QUICK for name in _LOOKED_AT):
        return None
    return sum(len(proposals(ws, name)) for name in _LOOKED_AT)

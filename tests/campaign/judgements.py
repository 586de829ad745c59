"""What the office makes of what is in force, told without a store: repeated records, scores, initiatives, money.

The rules are those of docs/prioridad.md and of the design of Repetidos, as plainly as they can be told. They look at
the oracle's matrix and at what the office decided, and use nothing of the consolidation.
"""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from itertools import combinations
from typing import Any

Matrix = Mapping[str, Mapping[str, Mapping[str, Any]]]
"""Records by type and uid, as ``Oracle.matrix`` gives them."""
Pair = frozenset[str]

ZONES = ("bajo", "moderado", "alto", "extremo")
OF_ZONE = {"bajo": 3, "moderado": 10, "alto": 20, "extremo": 30}
OF_STEPS = {0: 15, 1: 8, 2: 3, 3: 0}
OF_URGENCY = {None: 0, "baja": 2, "media": 7, "alta": 14, "inmediata": 20}
OF_REACH = {1: 3, 2: 7, 4: 11, 8: 15}
UNSUPPORTED = 20


@dataclass
class Judgements:
    """What the office decided: sets of records by uid, a score by need, an initiative by need or risk."""

    same: list[frozenset[str]] = field(default_factory=list)
    apart: list[frozenset[str]] = field(default_factory=list)
    scores: dict[str, int] = field(default_factory=dict)
    gathered: dict[str, str] = field(default_factory=dict)

    def one(self, uid: str) -> frozenset[str]:
        """All that was said to be the same thing as this record, and the record."""
        found, before = {uid}, set[str]()
        while found != before:
            before = set(found)
            found |= {each for said in self.same if said & found for each in said}
        return frozenset(found)

    def open_pairs(self, uids: Iterable[str]) -> set[Pair]:
        """Of records that look alike the pairs nobody judged yet, directly or by what is the same as them."""
        told = {frozenset(pair) for said in self.apart for pair in combinations(sorted(said), 2)}
        return {
            frozenset((one, other))
            for one, other in combinations(sorted(uids), 2)
            if self.one(one) != self.one(other)
            and not any(frozenset((x, y)) in told for x in self.one(one) for y in self.one(other))
        }

    def told_apart(self, uids: Iterable[str]) -> bool:
        """Whether any two of these were told apart."""
        return any(len(said & frozenset(uids)) > 1 for said in self.apart)


def in_force(matrix: Matrix, name: str) -> dict[str, Mapping[str, Any]]:
    """The records of a type that are not retired."""
    return {uid: record for uid, record in matrix[name].items() if not record["retired"]}


def look_alike(matrix: Matrix, name: str) -> list[frozenset[str]]:
    """Devices of one placa, needs of the very same words: each set of two or more."""
    found: defaultdict[Any, set[str]] = defaultdict(set)
    for uid, record in in_force(matrix, name).items():
        values = record["values"]
        if name == "equipo":
            found["".join(c for c in str(values["placa"]) if c.isalnum()).upper().lstrip("0")].add(uid)
        else:
            found[values["forma"], values["tema"], values["descripcion"]].add(uid)
    return [frozenset(uids) for uids in found.values() if len(uids) > 1]


# Priorities


@dataclass(frozen=True)
class Wish:
    """Needs that are bought together: what the rule says of them, what counts, pesos and units."""

    uids: frozenset[str]
    rule: int
    score: int
    money: Decimal
    units: int


def wishes(matrix: Matrix, judged: Judgements) -> dict[frozenset[str], Wish]:
    """Every need in force, equal ones as one."""
    needs = in_force(matrix, "necesidad")
    found = {}
    for uids in {frozenset(judged.one(uid) & needs.keys()) for uid in needs}:
        members = [needs[uid] for uid in uids]
        parts = [list(_points(matrix, member["values"])) for member in members]
        units = len({member["unit"] for member in members})
        rule = sum(max(of) for of in zip(*parts, strict=True)) + max(p for many, p in OF_REACH.items() if many <= units)
        by_hand = [judged.scores[uid] for uid in uids if uid in judged.scores]
        score = by_hand[0] if by_hand else rule
        assert len(set(by_hand)) < 2, "a campaign sets one score for equal needs"
        found[uids] = Wish(uids, rule, score, money(members), sum(m["values"]["cantidad"] or 0 for m in members))
    return found


def _points(matrix: Matrix, need: Mapping[str, Any]) -> Iterator[int]:
    """What zone, controls, device and urgency add."""
    risk = in_force(matrix, "riesgo").get(str(need["riesgo"]))
    before, after = (risk["values"][f"zona_{which}"] if risk else None for which in ("inherente", "residual"))
    yield OF_ZONE.get(str(after or before), 0)
    steps = ZONES.index(before) - ZONES.index(after) if before and after else 0
    yield OF_STEPS[max(0, steps)] if before and after and after != "bajo" else 0
    device = in_force(matrix, "equipo").get(str(need["equipo"]))
    yield UNSUPPORTED if device is not None and device["values"]["sistema_operativo"] == "windows_7" else 0
    yield OF_URGENCY[need["urgencia"]]


def money(records: Iterable[Mapping[str, Any]]) -> Decimal:
    """Pesos of needs."""
    return sum((record["values"]["valor_total"] or Decimal(0) for record in records), Decimal(0))


def by_unit(matrix: Matrix, uids: Iterable[str]) -> dict[str, Decimal]:
    """Pesos of needs by who asks."""
    found: defaultdict[str, Decimal] = defaultdict(Decimal)
    for uid in uids:
        record = matrix["necesidad"][uid]
        found[record["unit"]] += money([record])
    return dict(found)

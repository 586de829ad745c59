"""How alike texts are, and which of many are near-equal, without comparing each with all others.

Two texts are compared when they share two of their four rarest words (by their first letters), which near-equal texts
do unless they are very short; among very many such texts, each with its nearest in two alphabetical orders. So the work
grows with the number of texts and not with its square. What is found does not depend on the order of what is given.
"""

import re
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from functools import cache
from itertools import combinations

from rapidfuzz import fuzz, process

from peti_desktop import catalogues
from peti_desktop.progress import Progress, silent
from peti_desktop.records.convert import plain

RAREST = 4
"""How many of a text's words, the least frequent of all, are looked up."""
STEM = 6
"""A word is looked up by so many of its letters, so that number, gender and most slips do not matter."""
NEAREST = 16
"""In a block of many texts each is compared with so many on either side, in each of two orders."""

_WORD = re.compile(r"[a-z0-9]+")

Comparable = tuple[str, str]
"""A block, outside of which a text is compared with nothing, and its canonical form."""
Pairs = dict[tuple[int, int], int]
"""Percent by the places of two texts, the lower place first."""


def canonical(text: str) -> str:
    """What of a text is compared: its words in alphabetical order, without accents, case and empty words."""
    return " ".join(sorted(word for word in _WORD.findall(plain(text)) if word not in _empty()))


@cache
def _empty() -> frozenset[str]:
    return frozenset(catalogues.table("repetidos")["palabras"]["vacias"])


def threshold(type_name: str) -> int:
    """From how many percent on two texts of this record type are near-equal."""
    return int(catalogues.table("repetidos")["umbral"][type_name])


def alike(one: str, other: str) -> int:
    """How many percent of the letters of two canonical forms are the same, rounded down: 100 only when equal."""
    return 100 if one == other else min(99, int(fuzz.ratio(one, other)))


def near(texts: Sequence[Comparable], least: int, progress: Progress = silent) -> Pairs:
    """Pairs of texts of one block that are alike by ``least`` percent or more; ``texts`` are sorted, each once."""
    found: Pairs = {}
    blocks = _blocks(texts)
    total = len(blocks)
    for done, members in enumerate(blocks.values()):
        if done % 500 == 0:
            progress(done, total, "Comparando textos")
        for left, rights in _neighbours(members, texts):
            choices = [texts[right][1] for right in rights]
            scored = process.extract(
                texts[left][1], choices, scorer=fuzz.ratio, processor=None, score_cutoff=least, limit=None
            )
            for _, score, place in scored:
                right = rights[place]
                found[min(left, right), max(left, right)] = min(99, int(score))
    progress(total, total, "Comparando textos")
    return found


def _blocks(texts: Sequence[Comparable]) -> dict[tuple[str, ...], list[int]]:
    """Places of texts by what they share; only where there are two or more."""
    stems = [sorted({word[:STEM] for word in text.split()}) for _, text in texts]
    seen = Counter(stem for of in stems for stem in of)
    blocks: dict[tuple[str, ...], list[int]] = {}
    for place, ((block, _), of) in enumerate(zip(texts, stems, strict=True)):
        rarest = sorted(sorted(of, key=lambda stem: (seen[stem], stem))[:RAREST])
        for key in combinations(rarest, 2) if len(rarest) > 1 else [tuple(rarest)]:
            blocks.setdefault((block, *key), []).append(place)
    return {key: members for key, members in blocks.items() if len(members) > 1}


def _neighbours(members: list[int], texts: Sequence[Comparable]) -> Iterator[tuple[int, list[int]]]:
    """With which others each member of a block is compared."""
    if len(members) <= 2 * NEAREST:
        for at, left in enumerate(members[:-1]):
            yield left, members[at + 1 :]
        return
    for order in (members, sorted(members, key=lambda place: texts[place][1][::-1])):
        for at, left in enumerate(order[:-1]):
            yield left, order[at + 1 : at + 1 + NEAREST]


def stars(count: int, pairs: Mapping[tuple[int, int], int]) -> list[tuple[tuple[int, ...], int]]:
    """Places in groups, each member alike to the group's first one; with the lowest percent of those likenesses.

    The text that is alike to most others leads: chains, where the ends have nothing in common, do not come about.
    """
    beside: dict[int, dict[int, int]] = {}
    for (left, right), percent in pairs.items():
        beside.setdefault(left, {})[right] = percent
        beside.setdefault(right, {})[left] = percent
    left_over = set(beside)
    found: list[tuple[tuple[int, ...], int]] = []
    for leader in sorted(beside, key=lambda place: (-len(beside[place]), place)):
        members = sorted(place for place in beside[leader] if place in left_over)
        if leader in left_over and members:
            left_over -= {leader, *members}
            found.append(((leader, *members), min(beside[leader][place] for place in members)))
    taken = {place for group, _ in found for place in group}
    return found + [((place,), 100) for place in range(count) if place not in taken]

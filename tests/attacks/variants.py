"""All hostile variants, by the classes of docs/security.md, with the reasons each may be refused for."""

from collections.abc import Iterator
from dataclasses import dataclass

from tests.attacks.bed import Bed


@dataclass(frozen=True)
class Variant:
    """One hostile file. ``codes`` are the reasons that explain it rightly; the first reason given must be one."""

    kind: str
    name: str
    data: bytes
    codes: frozenset[str]


def every(bed: Bed) -> Iterator[Variant]:
    """Every hostile variant of the bed's delivery."""
    from tests.attacks import by_archive, by_content, by_key, by_saving, by_signature

    for module in (by_content, by_archive, by_signature, by_key, by_saving):
        yield from module.variants(bed)


def variant(kind: str, name: str, data: bytes, *codes: str) -> Variant:
    """A variant that may be refused with any of ``codes``."""
    return Variant(kind, name, data, frozenset(codes))

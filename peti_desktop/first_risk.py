"""The guide to somebody's first risk: what each step asks, and good and bad wording; ``help/primer_riesgo.toml``."""

import tomllib
from dataclasses import dataclass
from functools import cache
from typing import Final

from resources import resource

STEPS: Final = ("identificar", "valorar", "controlar", "tratar")


@dataclass(frozen=True, slots=True)
class Example:
    """Good wording, bad wording, and why it is bad; ``kind`` is the kind of risk it speaks of, empty for any."""

    good: str
    bad: str
    why: str
    kind: str


@dataclass(frozen=True, slots=True)
class Lesson:
    """What one step asks; ``examples`` are never empty."""

    title: str
    now: str
    source: str
    examples: tuple[Example, ...]

    def examples_for(self, kind: str) -> tuple[Example, ...]:
        """All examples, those of this kind of risk first."""
        return tuple(sorted(self.examples, key=lambda example: example.kind != kind))


@cache
def lessons() -> tuple[Lesson, ...]:
    """One lesson per step, in the order of the form."""
    said = tomllib.loads(resource("help/primer_riesgo.toml").read_text(encoding="utf-8"))
    return tuple(
        Lesson(
            said[step]["titulo"],
            said[step]["ahora"],
            said[step]["fuente"],
            tuple(
                Example(found["bien"], found["mal"], found["porque"], found.get("clase", ""))
                for found in said[step]["ejemplos"]
            ),
        )
        for step in STEPS
    )

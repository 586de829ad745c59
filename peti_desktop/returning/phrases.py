"""Standard phrases of the office, from ``resources/catalogues/frases.toml``."""

import tomllib
from dataclasses import dataclass
from functools import cache

from resources import resource

FIELD, ROW, SECTION, WHOLE = "campo", "registro", "seccion", "entrega"
"""What a phrase, or an observation, is about."""


@dataclass(frozen=True, slots=True)
class Phrase:
    """A phrase with a code that never changes. ``types`` are record types; empty: all of them."""

    code: str
    text: str
    about: tuple[str, ...]
    types: tuple[str, ...]


@cache
def every() -> dict[str, Phrase]:
    """All phrases by code, in the order of the file."""
    said = tomllib.loads(resource("catalogues/frases.toml").read_text(encoding="utf-8"))
    found = (Phrase(p["codigo"], p["texto"], tuple(p["para"]), tuple(p.get("secciones", ()))) for p in said["frase"])
    return {phrase.code: phrase for phrase in found}


def offered(about: str, record_type: str = "") -> list[Phrase]:
    """The phrases that fit an observation: those of the record type first, then those of all types."""
    fitting = [p for p in every().values() if about in p.about and (not p.types or record_type in p.types)]
    return sorted(fitting, key=lambda phrase: not phrase.types)


def composed(code: str, own: str) -> str:
    """What is asked: the phrase ``code`` (empty: none) and the person's own words after it."""
    standard = every()[code].text if code else ""
    return " ".join(part for part in (standard, own.strip()) if part)


def own_words(code: str, text: str) -> str:
    """The person's own part of what ``composed`` gave, for changing it; all of it when the phrase is not there."""
    phrase = every().get(code)
    if phrase is None or not text.startswith(phrase.text):
        return text
    return text.removeprefix(phrase.text).strip()

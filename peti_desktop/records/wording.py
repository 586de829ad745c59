"""What words give away: a cause or a wish instead of a risk, a name instead of a post, junk instead of a serial."""

import re
from functools import cache
from typing import Final

from peti_desktop import catalogues
from peti_desktop.records.convert import plain
from peti_desktop.records.fields import Value

# The guide asks not to name a missing control as the event («falta de…»); most of the PETI's own entries do.
_CAUSES: Final = (
    r"falta|ausencia|carencia|inexistencia|insuficien\w+|deficien\w+|escas[oae]\w*|poc[oa]s?|"
    r"no (?:hay|existe|se cuenta|contar|tener|se tiene)"
)
_WISHES: Final = (
    r"necesi\w+|se (?:necesita|requiere|solicita)|requer\w+|requier\w+|solicit\w+|mejora\w*|adquirir|adquisicion|"
    r"comprar?|actualiza(?:r|cion)|implementa(?:r|cion)|contratar|capacita(?:r|cion)|fortalec\w+|dotar|dotacion|"
    r"instala(?:r|cion)|renova(?:r|cion)|contar con"
)
_CAUSE: Final = re.compile(rf"(?:{_CAUSES})\b")
_WISH: Final = re.compile(rf"(?:{_WISHES})\b")
_PLAN: Final = re.compile(
    r"(?:se )?(?:va a |implementara|hara|realizara|elaborara|adoptara|formulara|disenara)\b|plan de\b"
)
_LEAD: Final = re.compile(r"posibilidad de (?:que )?|(?:la|el|las|los|una?) ")
_BEGINNING: Final = 200
"""The first words decide; nobody waits for the accents of a long text."""


def reads_like(text: str) -> str:
    """``causa`` when ``text`` starts as the lack of something, ``deseo`` when it asks for something, else empty."""
    bare = plain(text[:_BEGINNING])
    while found := _LEAD.match(bare):
        bare = bare[found.end() :]
    if _WISH.match(bare):
        return "deseo"
    return "causa" if _CAUSE.match(bare) else ""


def planned(text: str) -> bool:
    """Whether ``text`` tells what will be done and not what is done."""
    return reads_like(text) == "deseo" or _PLAN.match(plain(text[:_BEGINNING])) is not None


def names_a_person(value: Value) -> bool:
    """Whether a post looks like somebody's name: «Ing. Carlos Pérez», «PÉREZ GÓMEZ JUAN», «Ana Peñaranda»."""
    if not isinstance(value, str) or len(value) > _BEGINNING:
        return False
    people = _people()
    words = re.findall(r"\w+", value)
    bare = [plain(word) for word in words]
    while bare and bare[0] in people["tratamientos"]:
        bare, words = bare[1:], words[1:]
    if len(bare) < 2 or len(bare) > 5:
        return False
    named = [
        word in people["nombres"] and (at == 0 or bare[at - 1] not in people["santos"]) for at, word in enumerate(bare)
    ]
    return named[0] or (any(named) and all(word[0].isupper() for word in words))


def junk(value: Value) -> bool:
    """Whether a serial or a placa is what a maker or a person leaves where none was written."""
    text = plain(value) if isinstance(value, str) else ""
    return bool(text) and (text in _junk() or (len(set(text)) == 1 and len(text) > 2))


@cache
def _people() -> dict[str, frozenset[str]]:
    return {name: frozenset(words) for name, words in catalogues.table("reglas")["personas"].items()}


@cache
def _junk() -> frozenset[str]:
    return frozenset(catalogues.table("reglas")["basura"]["textos"])

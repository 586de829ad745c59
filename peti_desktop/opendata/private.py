"""What may not leave in open data although somebody typed it into a free text: who a person is, and where a PC answers.

Fields made for it are not exported at all (``datasets``); this is for what stands in a description all the same.
"""

import re
from functools import cache
from typing import Final

from peti_desktop.catalogues import table
from peti_desktop.records.convert import plain

LEFT_OUT: Final = "[omitido]"
_PATTERNS: Final = tuple(
    re.compile(pattern, re.IGNORECASE)
    for pattern in (
        r"[\w.+%-]+@[\w-]+(?:\.[\w-]+)+",  # mail
        r"\b(?:\d{1,3}\.){3}\d{1,3}(?::\d+)?\b",  # IPv4
        r"(?<![\w:])(?:[0-9a-f]{2}[:-]){5}[0-9a-f]{2}(?![\w:])",  # MAC
        r"(?<![\w:])(?:[0-9a-f]{1,4}:){3,7}[0-9a-f]{0,4}(?![\w:])|(?<![\w:])(?:[0-9a-f]{1,4}:)+:[0-9a-f:]*",  # IPv6
        r"(?:\bc\.?\s?c\.?|\bc[eé]dula|\bt\.?\s?i\.?|\bnit)\s*(?:n\.?[º°o]\.?|#|:)?\s*\d[\d.,-]{4,}\d",
        r"(?<![\w$.,-])(?:\+?57[\s-]?)?3\d{2}[\s-]?\d{3}[\s-]?\d{4}(?![\w-])",  # mobile
        r"(?<![\w$.,-])\(?60\d\)?[\s-]?\d{3}[\s-]?\d{4}(?![\w-])",  # fixed line, since 2021 with 60 and the region
        r"\b(?:serial|s/n)\s*(?:n\.?[º°o]\.?|#|:)?\s*(?=\S*\d)[\w-]{5,}",
    )
)
_WORD: Final = re.compile(r"[^\W\d_]+")
_LINKS: Final = frozenset({"de", "del", "la", "las", "los", "y"})


def without_private(text: str, *, names: bool = True) -> str:
    """``text`` with mails, addresses of PCs, papers of identity, telephones and serials left out, and people's names.

    A name is a run of two or more capitalised words with a known first name among them. ``names=False`` where places
    and things are named after people.
    """
    for pattern in _PATTERNS:
        text = pattern.sub(LEFT_OUT, text)
    return _without_people(text) if names else text


def _without_people(text: str) -> str:
    """Runs of capitalised words that hold a first name; a school named after a saint is none."""
    people = _people()
    words = [(found.start(), found.end(), found.group()) for found in _WORD.finditer(text)]
    parts: list[str] = []
    done = place = 0
    while place < len(words):
        run = max(1, _run(text, words, place))
        bare = [plain(word) for _, _, word in words[place : place + run]]
        named = [
            at
            for at, word in enumerate(bare)
            if word in people["nombres"] and (at == 0 or bare[at - 1] not in people["santos"])
        ]
        if run > 1 and named:
            # Words before the first name begin the sentence, unless it stands last: «PÉREZ GÓMEZ JUAN».
            first = 0 if named[0] == run - 1 else named[0]
            parts += [text[done : words[place + first][0]], LEFT_OUT]
            done = words[place + run - 1][1]
        place += run
    return "".join([*parts, text[done:]])


def _run(text: str, words: list[tuple[int, int, str]], place: int) -> int:
    """How many words from ``place`` on are one run: capitalised, nothing but blanks between, «de la» inside allowed."""
    if not words[place][2][0].isupper():
        return 0
    last, at = place, place + 1
    while at < len(words) and not text[words[at - 1][1] : words[at][0]].strip(" ."):
        word = words[at][2]
        if word[0].isupper():
            last = at
        elif word not in _LINKS:
            break
        at += 1
    return last - place + 1


@cache
def _people() -> dict[str, frozenset[str]]:
    return {name: frozenset(words) for name, words in table("reglas")["personas"].items()}

"""How good a passphrase is, in words. An estimate to advise by, not a proof: whoever reuses one is not found here."""

import math
import re
import unicodedata
from dataclasses import dataclass

COMMON = ("contrasena", "password", "alcaldia", "oficina", "sistemas", "peti", "clave", "qwerty", "admin", "colombia")
_RUNS = ("abcdefghijklmnopqrstuvwxyz", "01234567890", "qwertyuiop", "asdfghjkl", "zxcvbnm")
_RUN_LENGTH = 4
_GOOD_BITS, _STRONG_BITS = 45, 65


@dataclass(frozen=True, slots=True)
class Strength:
    """``word`` and ``tone`` (stops, warns, fine) for the screen, ``advice`` what would make it better; ``enough``."""

    word: str
    tone: str
    advice: str
    enough: bool


def strength(passphrase: str, least: int, names: tuple[str, ...] = ()) -> Strength:
    """How hard to guess it is; ``least`` characters are compulsory, ``names`` are words an attacker tries first."""
    if len(passphrase) < least:
        return Strength("muy corta", "stops", f"Faltan {least - len(passphrase)} caracteres: use {least} o más.", False)
    bits = _bits(passphrase, names)
    if bits < _GOOD_BITS:
        advice = "Se adivina pronto. Use cuatro o cinco palabras que no vayan juntas, por ejemplo."
        return Strength("débil", "stops", advice, False)
    if bits < _STRONG_BITS:
        return Strength("aceptable", "warns", "Con una palabra más sería fuerte.", True)
    return Strength("fuerte", "fine", "Anótela en papel y guárdela bajo llave, lejos de este equipo.", True)


def _bits(passphrase: str, names: tuple[str, ...]) -> float:
    """Roughly how many guesses it takes, as a power of two; what is repeated, common or in order counts for little."""
    plain = unicodedata.normalize("NFKD", passphrase.casefold()).encode("ascii", "ignore").decode("ascii")
    known = [piece for name in (*COMMON, *names) for piece in _words(name)]
    left = plain
    for word in known:
        left = left.replace(word, "\0")
    for run in _RUNS:
        for start in range(len(run) - _RUN_LENGTH + 1):
            left = left.replace(run[start : start + _RUN_LENGTH], "\0")
    left = re.sub(r"(.)\1{2,}", r"\1", left)
    left = re.sub(r"(19|20)\d\d", "\0", left)
    words = left.count("\0")
    rest = left.replace("\0", "")
    kinds = sum(bool(re.search(kind, passphrase)) for kind in ("[a-zñáéíóú]", "[A-ZÑÁÉÍÓÚ]", r"\d", r"[^\w\s]", r"\s"))
    return 6.0 * words + math.sqrt(len(set(rest)) * len(rest)) * (2.6 + 0.5 * kinds)


def _words(name: str) -> list[str]:
    plain = unicodedata.normalize("NFKD", name.casefold()).encode("ascii", "ignore").decode("ascii")
    return [word for word in re.split(r"\W+", plain) if len(word) > 3]

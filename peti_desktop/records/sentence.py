"""The sentence of a risk, by its kind and the guide's version: the pattern is data, the words are the person's."""

import re
from collections.abc import Iterator
from typing import Final

from peti_desktop.catalogues import Catalogues
from peti_desktop.records.convert import plain
from peti_desktop.records.fields import Value, Values

USUAL: Final = "Posibilidad de {afectacion} por {causa_inmediata} debido a {causa_raiz}"
"""A management risk (guía v7, num. 3.4); for kinds that say no pattern of their own."""
LISTS: Final = {
    "afectacion": "afectacion",
    "bien": "bien_publico",
    "propiedad": "propiedad",
    "amenaza": "amenaza",
    "vulnerabilidad": "vulnerabilidad",
    "subtipo": "subtipo_integridad",
}
"""The lists of the parts that are chosen and not written."""
TOLD_BY: Final = {"amenaza": "causa_inmediata", "vulnerabilidad": "causa_raiz"}
"""In security risks the threat is the immediate cause and the vulnerability the root cause (guía v7, anexo 5): what was
written there says it better than the list."""
_PART: Final = re.compile(r"\{(\w+)\}")
_ACRONYM: Final = re.compile(r"\w*[A-ZÁÉÍÓÚÑ0-9]\w*[A-ZÁÉÍÓÚÑ0-9]|[A-Z]\b")


def pattern(tipo: Value, catalogues: Catalogues) -> str:
    """The pattern of a kind of risk in the guide these catalogues follow."""
    entry = catalogues.entry("tipo_riesgo", str(tipo or "gestion"))
    return str(entry.extra.get("patron", USUAL)) if entry else USUAL


def parts_of(tipo: Value, catalogues: Catalogues) -> tuple[str, ...]:
    """The fields that the sentence of a kind of risk is made of, in order."""
    return tuple(_PART.findall(pattern(tipo, catalogues)))


def pieces(values: Values, catalogues: Catalogues) -> Iterator[tuple[str, bool]]:
    """The sentence in pieces, each with whether it is a joint of the pattern; «…» stands for what is not said yet."""
    for number, piece in enumerate(_PART.split(pattern(values.get("tipo"), catalogues))):
        if number % 2 == 0:
            yield piece, True
        else:
            yield _said(piece, values, catalogues) or "…", False
    yield ".", False


def sentence(values: Values, catalogues: Catalogues) -> str:
    """The wording of a risk, as far as its parts go."""
    return "".join(text for text, _joint in pieces(values, catalogues))


def complete(values: Values, catalogues: Catalogues) -> bool:
    """Whether every part of the sentence is said."""
    return all(_said(name, values, catalogues) for name in parts_of(values.get("tipo"), catalogues))


def cause_of(name: str, code: Value, catalogues: Catalogues) -> str:
    """The words of a chosen threat or vulnerability as a cause; empty when the list has none for it."""
    entry = catalogues.entry(LISTS[name], code) if isinstance(code, str) else None
    return "" if entry is None or entry.extra.get("libre") else continued(entry.label)


def _said(name: str, values: Values, catalogues: Catalogues) -> str:
    value = values.get(name)
    written = continued(values.get(TOLD_BY.get(name, name)))
    if written and (name not in LISTS or name in TOLD_BY):
        return written
    if name in TOLD_BY:
        return cause_of(name, value, catalogues)
    entry = catalogues.entry(LISTS[name], value) if isinstance(value, str) else None
    return str(entry.extra.get("redaccion") or continued(entry.label)) if entry else ""


def continued(value: Value) -> str:
    """A text as it goes on within a sentence: no full stop, and no capital unless it is a name's or an acronym's."""
    text = value.strip().rstrip(".") if isinstance(value, str) else ""
    if not text or _ACRONYM.match(text):
        return text
    return text[0].lower() + text[1:]


def same(one: Value, other: Value) -> bool:
    """Whether two texts say the same, whatever their case, accents, blanks and full stops."""
    return isinstance(one, str) and isinstance(other, str) and _bare(one) == _bare(other) != ""


def _bare(text: str) -> str:
    return " ".join(re.findall(r"\w+", plain(text)))

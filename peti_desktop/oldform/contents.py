"""What one cell of a filled form says for its field: a value, a text that is none, or nothing that can be taken."""

from collections.abc import Mapping
from dataclasses import dataclass

from peti_desktop.catalogues import Catalogues
from peti_desktop.importing.cells import text_of, value_of
from peti_desktop.importing.grid import Fault, Raw
from peti_desktop.importing.preview import LONGEST_DRAFT
from peti_desktop.oldform.layout import DRAFT
from peti_desktop.records.convert import clean, plain, read
from peti_desktop.records.fields import Blank, Field, Kind, Value
from peti_desktop.records.record import stored_text

Place = tuple[str, int]
"""A row of the form that is new itself: its type and row."""


@dataclass(frozen=True, slots=True)
class Content:
    """``draft`` is text that is no value, ``place`` a row it points to, ``wrong`` what is the matter, in words.

    ``lost``: there is something in the cell, and nothing of it can be taken.
    """

    value: Value = None
    draft: str = ""
    place: Place | None = None
    wrong: str = ""
    lost: bool = False

    @property
    def text(self) -> str:
        """The exact text that is compared with what the form was written with."""
        if self.draft:
            return DRAFT + self.draft
        if self.place is not None:
            return f"{self.place[0]} {self.place[1]}"
        return stored_text(self.value) or ""


BLANK = Content()


def content(field: Field, raw: Raw, catalogues: Catalogues) -> Content:
    """What a cell holds for a field that is no link."""
    if isinstance(raw, str) and isinstance(blank := read(field, raw, catalogues)[0], Blank):
        return Content(blank)
    found = value_of(field, raw, catalogues)
    if not found.wrong:
        return Content(found.value)
    draft = clean(text_of(raw))
    if isinstance(raw, Fault) or len(draft) > LONGEST_DRAFT:
        return Content(wrong=found.wrong, lost=True)
    return Content(draft=draft, wrong=found.wrong)


def normal(field: Field, text: str) -> str:
    """A stored text as reading a cell would give it, so that blanks nobody touched are no change."""
    if text.startswith(DRAFT):
        return DRAFT + clean(text[1:])
    if text in {stored_text(blank) for blank in Blank}:
        return text
    if field.kind is Kind.TEXT:
        return " ".join(clean(text).split())
    return clean(text) if field.kind is Kind.NOTE else text


class Links:
    """Who a cell means that points to another record: by reference, placa or serial."""

    def __init__(self) -> None:
        self._found: dict[tuple[str, str], list[str | Place]] = {}
        self._words: dict[tuple[str, str], str] = {}

    def add(self, type_name: str, key: str, target: str | Place) -> None:
        """Let ``key`` mean a record (its uid) or a new row of the form."""
        known = self._found.setdefault((type_name, plain(key)), [])
        if key and target not in known:
            known.append(target)

    def refuse(self, type_name: str, key: str, words: str) -> None:
        """Remember why ``key`` means nobody."""
        self._words[type_name, plain(key)] = words

    def content(self, field: Field, raw: Raw, keys: Mapping[str, str], base: str) -> Content:
        """What a link's cell holds. ``base`` is the uid it was written with: it stays while its words stay."""
        text = clean(text_of(raw))
        if isinstance(raw, Fault):
            return Content(wrong="Aquí hay una fórmula: escriba la referencia.", lost=True)
        if base and plain(text) == plain(keys.get(base, "")):
            return Content(base)
        if not text:
            return BLANK
        found = self._found.get((field.links, plain(text)), [])
        if len(found) == 1:
            return Content(place=found[0]) if isinstance(found[0], tuple) else Content(found[0])
        return Content(wrong=self._why(field, text, len(found)), lost=True)

    def _why(self, field: Field, text: str, count: int) -> str:
        if count:
            return f"«{text}» está en más de un equipo: no se sabe cuál es."
        where = "en la hoja «Riesgos»" if field.links == "riesgo" else "entre los equipos"
        return self._words.get((field.links, plain(text)), f"«{text}» no está {where}.")

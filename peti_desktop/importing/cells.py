"""A cell of a stranger's sheet as the value of a field, or what is wrong with it in words for its owner."""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from difflib import SequenceMatcher

from peti_desktop.catalogues import Catalogues, table
from peti_desktop.importing.formats import SCIENTIFIC, day
from peti_desktop.importing.grid import Fault, Formatted, Raw
from peti_desktop.records.convert import MONTHS, plain, read
from peti_desktop.records.fields import Field, Kind, Value

SERIALS = range(18_264, 73_416)
"""Day numbers of a spreadsheet that may be dates of ours: 1950 to 2100."""

EXACT = 10**15
"""From here on Excel has replaced the last digits of a number with zeros."""

_NUMERIC_DATE = re.compile(r"(\d{1,2})([-/.])(\d{1,2})\2(\d{4}|\d{2})")
_COMPACT = re.compile(r"((?:19|20)\d\d)(\d\d)(\d\d)")
_MONTH_FIRST = re.compile(r"([a-zñ]+)\.?\s+(\d{1,2})\s*(?:,|de |del )?\s*(\d{4})")
_SPOKEN = re.compile(r"(\d{1,2})(?:[-/. ]|\s*de\s)\s*([a-zñ]+)\.?(?:[-/. ]|,|\s*del?\s)\s*(\d{4}|\d{2})")
_CLOCK = re.compile(r"[ t]+\d{1,2}:\d{2}.*", re.DOTALL)
_WEEKDAY = re.compile(r"(?:lunes|martes|miercoles|jueves|viernes|sabado|domingo),?\s+")
_ENGLISH = {"jan": 1, "apr": 4, "aug": 8, "dec": 12, "set": 9}
_THOUSANDS = re.compile(r"\d{1,3}(,\d{3})+(\.\d{1,2})?")


@dataclass(frozen=True, slots=True)
class Reading:
    """What a cell gives: a value, or what is ``wrong``. ``nearest`` are codes of the list, likeliest first."""

    value: Value
    wrong: str = ""
    nearest: tuple[str, ...] = ()


def text_of(raw: Raw) -> str:
    """A cell as its sheet shows it."""
    match raw:
        case None:
            return ""
        case Formatted() | Fault():
            return raw.shown if isinstance(raw, Formatted) else raw.text or "(fórmula sin resultado)"
        case bool():
            return "Sí" if raw else "No"
        case date():
            return f"{raw.day:02}/{raw.month:02}/{raw.year}"
        case float():
            return f"{raw:.15g}".replace(".", ",")
        case _:
            return str(raw)


def value_of(
    field: Field,
    raw: Raw,
    catalogues: Catalogues,
    words: Mapping[str, str] | None = None,
    *,
    month_first: bool = False,
) -> Reading:
    """The value of a cell. ``words`` are the sheet's own words for codes; ``month_first`` how its dates are spelled.

    A LINK comes as the cell's text: who it points to is the caller's question.
    """
    if isinstance(raw, Fault):
        if not raw.text:
            return Reading(None, "La fórmula no tiene un resultado guardado: abra el archivo en Excel y guárdelo.")
        return Reading(None, f"Excel muestra aquí un error ({raw.text}).")
    match field.kind:
        case Kind.CHOICE:
            return _choice(field, text_of(raw), catalogues, words or {})
        case Kind.DATE:
            return _read(field, _date(raw, month_first=month_first), catalogues)
        case Kind.INTEGER if (field.least or 0) >= 1900:
            return _read(field, _year(raw, month_first=month_first), catalogues)
        case Kind.INTEGER | Kind.AMOUNT:
            return _read(field, raw.value if isinstance(raw, Formatted) else raw, catalogues)
        case Kind.MONEY:
            return _read(field, _pesos(raw), catalogues)
        case Kind.TEXT:
            return _text(field, raw, catalogues)
        case Kind.NOTE | Kind.LINK:
            return _read(field, text_of(raw), catalogues)


def _read(field: Field, raw: object, catalogues: Catalogues) -> Reading:
    value, wrong = read(field, raw, catalogues)
    return Reading(value, wrong or "")


def _text(field: Field, raw: Raw, catalogues: Catalogues) -> Reading:
    """Identifiers are text: whatever Excel made of their digits is said, never guessed."""
    text = text_of(raw)
    if isinstance(raw, date):
        return Reading(None, f"Excel convirtió este dato en una fecha ({text}): escríbalo de nuevo como texto.")
    number = raw.value if isinstance(raw, Formatted) else raw
    if isinstance(number, int | float) and not isinstance(number, bool):
        if abs(number) >= EXACT:
            return Reading(None, "Excel solo guarda 15 cifras y perdió las últimas: escríbalo de nuevo como texto.")
        if field.unique and not float(number).is_integer():
            return Reading(None, f"Excel lo tiene como un número con decimales ({text}): escríbalo como texto.")
    if SCIENTIFIC.fullmatch(text.strip()):
        return Reading(None, f"Excel lo convirtió en notación científica ({text}): escríbalo de nuevo como texto.")
    return _read(field, text, catalogues)


def _choice(field: Field, text: str, catalogues: Catalogues, words: Mapping[str, str]) -> Reading:
    key = plain(text)
    code = words.get(key)
    if code is None and not catalogues.find(field.catalogue, text):
        code = usual_words(field.catalogue).get(key)
    if code is not None:
        return Reading(code)
    value, wrong = read(field, text, catalogues)
    if wrong is None:
        return Reading(value)
    nearest = nearest_codes(field.catalogue, text, catalogues)
    labels = ", ".join(f"«{catalogues.label(field.catalogue, code)}»" for code in nearest)
    return Reading(None, f"{wrong} Las más parecidas: {labels}." if labels else wrong, nearest)


def usual_words(list_name: str) -> Mapping[str, str]:
    """Words that inventories usually have for the codes of a list, plain."""
    found: Mapping[str, str] = table("importar")["valor"].get(list_name, {})
    return found


def nearest_codes(list_name: str, text: str, catalogues: Catalogues, count: int = 3) -> tuple[str, ...]:
    """The codes in force whose label or alias is most like ``text``, likeliest first."""
    key = plain(text)[:200]
    said = set(re.findall(r"\w+", key))

    def likeness(names: Iterable[str]) -> float:
        best = 0.0
        for name in names:
            known = plain(name)
            shared = len(said & set(re.findall(r"\w+", known))) / max(1, len(said))
            best = max(best, shared + SequenceMatcher(None, key, known, autojunk=False).ratio())
        return best

    scores = [(likeness((entry.label, *entry.aliases)), entry.code) for entry in catalogues.entries(list_name)]
    ranked = sorted(scores, key=lambda scored: -scored[0])
    return tuple(code for score, code in ranked[:count] if score >= 0.4)


def month_first(raws: Iterable[Raw]) -> bool:
    """Whether a column spells its dates as Excel in English does: some only make sense so, and none the other way."""
    found = [match for raw in raws if isinstance(raw, str) and (match := _NUMERIC_DATE.match(raw.strip()))]
    return any(int(m[3]) > 12 for m in found) and not any(int(m[1]) > 12 for m in found)


def _date(raw: Raw, *, month_first: bool) -> object:
    """A date, or what was written where it is none that people usually write."""
    number = raw.value if isinstance(raw, Formatted) else raw
    if isinstance(number, int | float) and not isinstance(number, bool):
        if float(number).is_integer() and (found := _COMPACT.fullmatch(str(int(number)))):
            return f"{found[1]}-{found[2]}-{found[3]}"
        return (day(float(number)) if int(number) in SERIALS else None) or text_of(raw)
    return spelled_date(raw, month_first=month_first) if isinstance(raw, str) else raw


def spelled_date(text: str, *, month_first: bool = False) -> str:
    """``text`` as 2026-12-31 when it is a date as people write it, else as it was."""
    key = _CLOCK.sub("", _WEEKDAY.sub("", plain(text)))
    if found := _NUMERIC_DATE.fullmatch(key):
        first, second = int(found[1]), int(found[3])
        dayno, month = (second, first) if month_first else (first, second)
        return _iso(found[4], month, dayno)
    if found := _COMPACT.fullmatch(key):
        return _iso(found[1], int(found[2]), int(found[3]))
    if (found := _MONTH_FIRST.fullmatch(key)) and (month := _month(found[1])):
        return _iso(found[3], month, int(found[2]))
    if (found := _SPOKEN.fullmatch(key)) and (month := _month(found[2])):
        return _iso(found[3], month, int(found[1]))
    return key if re.fullmatch(r"\d{4}-\d{1,2}-\d{1,2}", key) else text


def _iso(year: str, month: int, dayno: int) -> str:
    whole = int(year) if len(year) == 4 else int(year) + (2000 if int(year) < 70 else 1900)
    return f"{whole:04}-{month:02}-{dayno:02}"


def _month(word: str) -> int:
    start = word[:3]
    return MONTHS.index(start) + 1 if start in MONTHS else _ENGLISH.get(start, 0)


def _year(raw: Raw, *, month_first: bool) -> object:
    """The year of a date where only a year is asked: «fecha de compra» is what inventories have."""
    number = raw.value if isinstance(raw, Formatted) else raw
    if isinstance(number, float | int) and not isinstance(number, bool):
        found = day(float(number)) if int(number) in SERIALS else None
        return found.year if found else number
    if isinstance(raw, date):
        return raw.year
    if isinstance(raw, str) and re.fullmatch(r"\d{4}-\d\d-\d\d", spelled := spelled_date(raw, month_first=month_first)):
        return spelled[:4]
    return raw


def _pesos(raw: Raw) -> object:
    """Pesos with commas between thousands, which cannot be decimals in threes."""
    if isinstance(raw, Formatted):
        return raw.value
    if isinstance(raw, str):
        digits = raw.replace("$", "").replace("COP", "").replace(" ", "").replace("\u00a0", "")
        if _THOUSANDS.fullmatch(digits):
            return digits.replace(",", "").replace(".", ",")
        # Words such as «No aplica» keep their blanks.
        return digits if any(letter.isdigit() for letter in digits) else raw
    return raw

"""Between what people type or a cell holds and the value a record keeps.

``read`` and ``show`` are the only way in and out, for forms, grids, sheets and reports alike.
"""

import re
import unicodedata
from collections.abc import Mapping
from datetime import date, datetime
from decimal import Decimal, InvalidOperation
from typing import assert_never

from peti_desktop import days
from peti_desktop.catalogues import Catalogues
from peti_desktop.records.fields import BORRAR, NO_APLICA, Blank, Field, Kind, Value

MONTHS, spoken_date = days.MONTHS, days.spoken_date
EARLIEST_YEAR, LATEST_YEAR = 1990, 2100
_LONGEST_BLANK = 40  # «borrar lo anterior», even with its letters and accents apart
_ERASE = BORRAR.value.lower()
CENT, MILLIONTH = Decimal("0.01"), Decimal("0.000001")
# A column holds 2**63 units of its scale, and reports add tens of thousands of them up.
_MOST = {Kind.INTEGER: 2 * 10**9, Kind.AMOUNT: 10**9, Kind.MONEY: 10**12}

# XML 1.0 knows no other control characters, and neither does a cell.
_UNWRITABLE = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]")
_THOUSANDS = re.compile(r"-?\d{1,3}(\.\d{3})+(,\d+)?")
_NUMBER = re.compile(r"-?\d+([.,]\d+)?")
_DIGITS = re.compile(r"(\d+)")
_FORMULA = frozenset("=+-@\t\r")
_YEAR_FIRST = re.compile(r"(\d{4})-(\d{1,2})-(\d{1,2})")
_DAY_FIRST = re.compile(r"(\d{1,2})\s*(?:[-/. ]|de)\s*(\d{1,2}|[a-z]+)\s*(?:[-/. ]|de|del)\s*(\d{4})")


def plain(text: str) -> str:
    """``text`` without accents and in lower case, for comparing what people type."""
    folded = text.casefold()
    if folded.isascii():  # most texts: nothing to take apart
        return folded.strip()
    decomposed = unicodedata.normalize("NFD", folded)
    return "".join(c for c in decomposed if not unicodedata.combining(c)).strip()


def no_formula(text: str) -> str:
    """``text`` for a cell of a CSV file, with an apostrophe before what a sheet takes for the start of a formula."""
    return f"'{text}" if text[:1] in _FORMULA else text


def by_name(text: str) -> tuple[str | tuple[int, str], ...]:
    """What names are sorted by: accents and case aside, numbers by what they count («Sede 2» before «Sede 11»)."""
    parts = _DIGITS.split(plain(text))  # words and numbers take turns, so that only equals are compared
    return tuple((len(part.lstrip("0")), part.lstrip("0")) if place % 2 else part for place, part in enumerate(parts))


def clean(text: str) -> str:
    """``text`` in NFC with plain line breaks and without characters no file format can carry."""
    text = text.replace("\r\n", "\n").replace("\r", "\n").replace("\u00a0", " ")
    return unicodedata.normalize("NFC", _UNWRITABLE.sub("", text)).strip()


def read(field: Field, raw: object, catalogues: Catalogues) -> tuple[Value, str | None]:
    """The value that ``raw`` (typed text or a cell's content) stands for, or ``None`` and words of what is wrong."""
    if raw is None or isinstance(raw, Blank):
        return raw, None
    text = _as_text(raw)
    if not text:
        return None, None
    if len(text) <= _LONGEST_BLANK and field.may_be_na and plain(text) in {"no aplica", "n/a", "n.a."}:
        return NO_APLICA, None
    if len(text) <= _LONGEST_BLANK and not field.computed and plain(text) == _ERASE:
        return (BORRAR, None) if field.may_be_na else (None, "Aquí no se puede borrar lo anterior: escriba el valor.")
    value, wrong = _by_kind(field, text, catalogues)
    if wrong is None and field.rule is not None:
        wrong = field.rule(value)
    return (None, wrong) if wrong else (value, None)


def _as_text(raw: object) -> str:
    if isinstance(raw, datetime | date):
        return raw.isoformat()[:10]
    if isinstance(raw, float) and raw.is_integer():
        return str(int(raw))
    if isinstance(raw, Decimal | float):
        return format(Decimal(str(raw)), "f").replace(".", ",")  # no power of ten: 0,00001 and not 1e-05
    return clean(str(raw))


def _by_kind(field: Field, text: str, catalogues: Catalogues) -> tuple[Value, str | None]:
    match field.kind:
        case Kind.TEXT:
            return _text(field, " ".join(text.split()))
        case Kind.NOTE | Kind.LINK:
            return _text(field, text)
        case Kind.INTEGER:
            return _integer(field, text)
        case Kind.AMOUNT | Kind.MONEY:
            return _amount(field, text)
        case Kind.DATE:
            return _date(text)
        case Kind.CHOICE:
            code = catalogues.find(field.catalogue, text)
            return (code, None) if code else (None, f"«{_short(text)}» no está en la lista.")
        case _:
            assert_never(field.kind)


def _short(text: str) -> str:
    return text if len(text) <= 40 else text[:39] + "…"


def _text(field: Field, text: str) -> tuple[Value, str | None]:
    if len(text) > field.limit:
        return None, f"Tiene {len(text):,} caracteres; caben {field.limit:,}.".replace(",", ".")
    return text, None


def number(text: str) -> Decimal | None:
    """A number as written in Colombia («1.234.567,50», «$ 800.000», «12,5» and also «12.5»), or ``None``."""
    digits = text.replace("$", "").replace("%", "").replace(" ", "")
    if _THOUSANDS.fullmatch(digits):
        digits = digits.replace(".", "")
    elif not _NUMBER.fullmatch(digits):
        return None
    try:
        return Decimal(digits.replace(",", "."))
    except InvalidOperation:
        return None


def _integer(field: Field, text: str) -> tuple[Value, str | None]:
    found = number(text)
    if found is None or found != found.to_integral_value():
        return None, f"«{_short(text)}» no es un número entero."
    if field.least is not None and found < field.least:
        return None, f"El número más pequeño que se acepta es {field.least}."
    return (None, too_big) if (too_big := _too_big(field, found)) else (int(found), None)


def most(field: Field) -> int:
    """The biggest number ``field`` takes: its own, else one that its column holds and that can still be added up."""
    return field.most if field.most is not None else _MOST[field.kind]


def _too_big(field: Field, found: Decimal) -> str | None:
    limit = most(field)
    return f"El número más grande que se acepta es {decimal_text(limit)}." if found > limit else None


def _amount(field: Field, text: str) -> tuple[Value, str | None]:
    found = number(text)
    if found is None:
        return None, f"«{_short(text)}» no es un número."
    if found < 0:
        return None, "No puede ser menor que cero."
    if too_big := _too_big(field, found):
        return None, too_big
    return abs(found).quantize(CENT if field.kind is Kind.MONEY else MILLIONTH), None


def _date(text: str) -> tuple[Value, str | None]:
    wrong = f"«{_short(text)}» no es una fecha. Escríbala como 31/12/2026."
    lowered = plain(text)
    if found := _YEAR_FIRST.fullmatch(lowered):
        year, month, day = (int(part) for part in found.groups())
    elif found := _DAY_FIRST.fullmatch(lowered):
        day, month, year = int(found[1]), _month(found[2]), int(found[3])
    else:
        return None, wrong
    if not EARLIEST_YEAR <= year <= LATEST_YEAR:
        return None, f"El año {year} no parece correcto."
    try:
        return date(year, month, day), None
    except ValueError:
        return None, wrong


def _month(text: str) -> int:
    if text.isdigit():
        return int(text)
    return MONTHS.index(text[:3]) + 1 if text[:3] in MONTHS else 0


def show(field: Field, value: Value, catalogues: Catalogues, links: Mapping[str, str] | None = None) -> str:
    """``value`` as people read it: dates as 31-ene-2026, pesos as $ 1.234.567, codes as their labels.

    ``links`` maps the uid of a linked record to the words for it.
    """
    if value is None:
        return ""
    if isinstance(value, Blank):
        return value.value
    match field.kind:
        case Kind.DATE:
            return spoken_date(value) if isinstance(value, date) else str(value)
        case Kind.MONEY:
            return f"$ {decimal_text(value)}"
        case Kind.AMOUNT | Kind.INTEGER:
            return decimal_text(value, grouped=field.most is None or field.most > 9999)
        case Kind.CHOICE:
            return catalogues.label(field.catalogue, str(value))
        case Kind.LINK:
            return (links or {}).get(str(value), "(registro que ya no está)")
        case Kind.TEXT | Kind.NOTE:
            return str(value)
        case _:
            assert_never(field.kind)


def edit_text(field: Field, value: Value, catalogues: Catalogues) -> str:
    """The text an editor starts from; ``read`` gives ``value`` back for it."""
    if isinstance(value, date):
        return f"{value.day:02}/{value.month:02}/{value.year}"
    if isinstance(value, Decimal | int):
        return decimal_text(value, grouped=False)
    if field.kind is Kind.LINK and isinstance(value, str):
        return value
    return show(field, value, catalogues)


def decimal_text(value: Value, *, grouped: bool = True) -> str:
    """A number with comma for decimals and, when ``grouped``, dots for thousands; no useless zeros."""
    amount = Decimal(str(value))
    whole = amount == amount.to_integral_value()
    text = f"{amount:,.0f}" if whole else f"{amount.normalize():,f}"
    return text.replace(",", "\0").replace(".", ",").replace("\0", "." if grouped else "")

"""One record as its dependencia declares it, against what is in force: what would be, and what has to be asked.

Three layers of a value meet here: what was declared, what the office corrected it to, and what is in force. A
correction is never undone in silence, and an empty cell never erases what was delivered before.
"""

from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass, field

from peti_desktop.records.fields import BORRAR, Field, RecordType, Value, Values

EMPTIED, CELL, RULE, METHOD, CORRECTED = "vacio", "celda", "regla", "metodo", "correccion"
FOREIGN, MISSING, BACK = "ajeno", "ausente", "retirado"

Show = Callable[[Field, Value], str]


@dataclass(frozen=True, slots=True)
class Question:
    """Something about a record that a person has to decide; ``field`` is empty when it is about the whole record."""

    kind: str
    field: str
    text: str


@dataclass(frozen=True, slots=True)
class Fix:
    """A correction: what was declared when it was made or since, and what the office put in its place.

    ``agreed``: the dependencia declared afterwards what the office had put, so that nothing was left to correct. When
    it goes back to what was ``declared`` before, the correction is in force again and asks.
    """

    uid: str
    declared: Value
    corrected: Value
    agreed: bool = False


@dataclass(frozen=True, slots=True)
class Moved:
    """What a delivery does to a correction: ``declared`` is new; it is lifted when that is what the office meant.

    ``again``: it was lifted so, and is in force once more.
    """

    uid: str
    field: str
    declared: Value
    lifted: bool
    again: bool = False


@dataclass(frozen=True, slots=True)
class Declared:
    """A record of a file: its values, the fields whose cell was not understood, and the file's format."""

    values: Values
    unread: Collection[str]
    retired: bool
    format: int


@dataclass(slots=True)
class Settled:
    """What the fields that people fill in would hold, what has to be asked, and what becomes of corrections."""

    values: dict[str, Value] = field(default_factory=dict)
    questions: list[Question] = field(default_factory=list)
    moved: list[Moved] = field(default_factory=list)


def settle(
    record_type: RecordType, said: Declared, stored: Values | None, fixes: Mapping[str, Fix], show: Show
) -> Settled:
    """What accepting a record would leave in force; ``stored`` is what is in force now, None for a new one."""
    found = Settled()
    for each in record_type.typed:
        new = said.values.get(each.name)
        if stored is None:
            found.values[each.name] = None if new is BORRAR else new
        else:
            found.values[each.name] = _field(each, new, said, stored, fixes.get(each.name), show, found)
    return found


def _field(
    each: Field, new: Value, said: Declared, stored: Values, fix: Fix | None, show: Show, found: Settled
) -> Value:
    in_force = stored.get(each.name)
    before = fix.declared if fix and not fix.agreed else in_force
    if each.name in said.unread or each.since > said.format:
        new = before  # nothing was said, or nothing that is understood
    elif new is None and before is not None:
        if not said.retired:
            text = f"{each.label}: antes declaró «{_short(show(each, before))}» y ahora viene vacío: ¿se borra?"
            found.questions.append(Question(EMPTIED, each.name, text))
        new = before
    elif new is BORRAR:
        new = None
    if fix is None or (fix.agreed and (in_force != fix.corrected or new != fix.declared)):
        return new
    if new == before:
        return in_force
    if new == fix.corrected:
        found.moved.append(Moved(fix.uid, each.name, new, lifted=True))
        return new
    found.moved.append(Moved(fix.uid, each.name, new, lifted=False, again=fix.agreed))
    was, put, now = (_short(show(each, value)) or "(vacío)" for value in (fix.declared, fix.corrected, new))
    since = f", así lo declaró después y ahora vuelve a «{now}»" if fix.agreed else f" y ahora declara «{now}»"
    text = f"{each.label}: había declarado «{was}», TIC lo corrigió a «{put}»{since}: ¿se mantiene la corrección?"
    found.questions.append(Question(CORRECTED, each.name, text))
    return in_force


def _short(text: str) -> str:
    return text if len(text) <= 60 else text[:59] + "…"

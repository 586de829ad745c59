"""What changed between two versions of the lists, in words, and whom it affects."""

from collections.abc import Collection, Iterable, Iterator
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any

from db.queries import catalogue, space
from peti_desktop.catalogues import Catalogues, Entry, load
from peti_desktop.records import EVERY, TYPES
from peti_desktop.records.convert import spoken_date
from peti_desktop.records.fields import Kind
from peti_desktop.vigencias.rows import SMLMV, YEAR
from peti_desktop.vigencias.rules import PROCESS, UNIT, editable
from peti_desktop.workspace import Workspace

ADDED, RENAMED, CLOSED, SPLIT, OPENED, OWNER, SUPPORT, WAGE, METHOD, OTHER = (
    "agregada",
    "renombrada",
    "cerrada",
    "dividida",
    "reabierta",
    "cambia quien responde",
    "cambia el fin de soporte",
    "cambia el SMLMV",
    "cambia el método",
    "cambiada",
)


@dataclass(frozen=True, slots=True)
class Difference:
    """One entry that is not what it was. ``units`` are the dependencias it is about by itself, not by their records."""

    lista: str
    codigo: str
    kind: str
    text: str
    units: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Affected:
    """A dependencia that a difference touches: records in force by type, and whether it owes a delivery."""

    dependencia: str
    name: str
    records: dict[str, int] = field(default_factory=dict)
    owes: int = 0

    @property
    def total(self) -> int:
        """Its records in force that hold the entry."""
        return sum(self.records.values())


@dataclass(frozen=True, slots=True)
class Version:
    """One version of the office's lists: who made it, when, why, and how many rows."""

    number: int
    who: str
    when: datetime
    reason: str
    rows: int


def versions(ws: Workspace) -> list[Version]:
    """Every version of the office's lists, newest first."""
    with ws.read() as connection:
        found = catalogue.changes(connection)
    made: dict[int, Version] = {}
    for row in found:
        known = made.get(row["version"])
        count = known.rows + 1 if known else 1
        made[row["version"]] = Version(row["version"], row["quien"], row["cuando"], row["motivo"], count)
    return sorted(made.values(), key=lambda version: -version.number)


def at(catalogues: Catalogues, version: int) -> Catalogues:
    """The lists as they were at a version; 0 is what the program ships."""
    kept = [change for change in catalogues.changes if change.version <= version]
    return load(catalogues.metodo, catalogues.vigencia, kept)


def differences(before: Catalogues, after: Catalogues) -> list[Difference]:
    """What is not in ``after`` as it is in ``before``, list by list."""
    found: list[Difference] = []
    for name in editable():
        for code in after.codes(name):
            found.extend(_of_entry(before, after, name, code))
    found.extend(_of_owners(before, after))
    found.extend(_of_years(before, after))
    return found


def affected(ws: Workspace, difference: Difference) -> list[Affected]:
    """The dependencias a difference touches, by name: their records in force hold the entry, or it is themselves."""
    counts: dict[str, dict[str, int]] = {unit: {} for unit in difference.units}
    with ws.read() as connection:
        for type_name, column in _columns(difference.lista):
            for unit, _code, count in catalogue.holding(connection, type_name, column, [difference.codigo]):
                own = counts.setdefault(unit, {})
                own[type_name] = own.get(type_name, 0) + count
        owed = [row["dependencia"] for row in space.deadlines(connection, ws.info.vigencia)]
    names = {unit: ws.catalogues.label(UNIT, unit) for unit in counts}
    return [
        Affected(unit, names[unit], counts[unit], owed.count(unit)) for unit in sorted(counts, key=names.__getitem__)
    ]


def _columns(lista: str) -> Iterator[tuple[str, str]]:
    """Where codes of a list stand: record type and column."""
    for name, record_type in EVERY.items():
        if lista == UNIT and name in TYPES:
            yield name, "dependencia"
        for each in record_type.fields:
            if each.kind is Kind.CHOICE and each.catalogue == lista:
                yield name, each.name


def _of_entry(before: Catalogues, after: Catalogues, name: str, code: str) -> Iterator[Difference]:
    old, new = before.row(name, code), after.row(name, code)
    if old == new:
        return
    entry = after.entry(name, code)
    assert entry is not None
    units = (code,) if name == UNIT else ()
    told = list(_told(before, after, name, entry, before.entry(name, code)))
    if not told and name == UNIT and old is not None and _but_owner(old) == _but_owner(new or {}):
        return  # told once for each subproceso
    for kind, text in told or [(OTHER, f"«{entry.label}» tiene otros datos.")]:
        yield Difference(name, code, kind, text, units)


def _but_owner(row: Any) -> dict[str, Any]:
    return {key: value for key, value in row.items() if key != "responde"}


def _told(
    before: Catalogues, after: Catalogues, name: str, entry: Entry, old: Entry | None
) -> Iterator[tuple[str, str]]:
    if old is None:
        since = f" desde el {spoken_date(entry.since)}" if entry.since else ""
        yield ADDED, f"«{entry.label}» es nueva en la lista{since}."
        return
    ended = before.row(name, entry.code) or {}
    if _names(ended) != _names(after.row(name, entry.code) or {}):
        for label, begins in _new_names(ended, after.row(name, entry.code) or {}):
            day = f" desde el {spoken_date(begins)}" if begins else ""
            yield RENAMED, f"«{old.label}» se llama «{label}»{day}."
    if entry.until != old.until or entry.became != old.became:
        if entry.until is None:
            yield OPENED, f"«{entry.label}» vuelve a estar vigente."
        else:
            now = " y ".join(f"«{after.label(name, new)}»" for new in entry.became)
            kind = SPLIT if len(entry.became) > 1 else CLOSED
            yield (
                kind,
                f"«{entry.label}» rige hasta el {spoken_date(entry.until)}" + (f"; pasa a {now}." if now else "."),
            )
    ends = before.support_end(name, entry.code), after.support_end(name, entry.code)
    if ends[0] != ends[1]:
        said = [spoken_date(day) if day else "no se sabe" for day in ends]
        yield SUPPORT, f"«{entry.label}»: el soporte terminaba {_when(said[0])} y ahora {_when(said[1])}."


def _when(said: str) -> str:
    return said if said == "no se sabe" else f"el {said}"


def _names(row: Any) -> list[tuple[str, date | None]]:
    first = next((str(row[key]) for key in ("nombre", "etiqueta", "resumen") if key in row), "")
    return [(first, None), *((each["nombre"], each["desde"]) for each in row.get("cambio", ()) if "nombre" in each)]


def _new_names(before: Any, after: Any) -> Iterable[tuple[str, date | None]]:
    known = _names(before)
    return [each for each in _names(after) if each not in known]


def _of_owners(before: Catalogues, after: Catalogues) -> Iterator[Difference]:
    for code in after.codes(PROCESS):
        then, now = _owner(before, code), _owner(after, code)
        if then != now and then:
            names = [after.label(UNIT, unit) if unit else "nadie" for unit in (then, now)]
            text = f"Por «{after.label(PROCESS, code)}» respondía {names[0]} y ahora responde {names[1]}."
            yield Difference(PROCESS, code, OWNER, text, tuple(unit for unit in (then, now) if unit))


def _owner(catalogues: Catalogues, process: str) -> str:
    return catalogues.dependencia_of(process) if catalogues.answered(process) else ""


def _of_years(before: Catalogues, after: Catalogues) -> Iterator[Difference]:
    known: Collection[str] = {change.text for change in before.changes}
    for change in after.changes:
        if change.text in known or change.lista not in {SMLMV, YEAR}:
            continue
        row = change.row
        if change.lista == SMLMV:
            value = f"{int(float(row['valor'])):,}".replace(",", ".")
            yield Difference(SMLMV, change.codigo, WAGE, f"El SMLMV de {change.codigo} es ${value}.")
        else:
            text = f"Desde {change.codigo} los riesgos se valoran con la guía {row['metodo']}."
            yield Difference(YEAR, change.codigo, METHOD, text)

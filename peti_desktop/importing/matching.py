"""Which record of the store a row speaks of: by its placa, serial, reference or text, never by its position."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from peti_desktop.editing import UNDONE
from peti_desktop.records.convert import plain
from peti_desktop.records.fields import Blank, Field, Kind, RecordType, Value, Values
from peti_desktop.records.record import Record, stored_text

SCOPES = ("subproceso", "forma")
"""Fields that tell two records of one text apart, where a row gives them; besides the record they belong to."""


@dataclass(frozen=True, slots=True)
class Match:
    """The record a row speaks of, or ``wrong``: why that cannot be told. ``field`` is where it shows.

    ``kept`` are fields whose stored spelling stands: only its capitals, its blanks or its leading zeros differ.
    """

    record: Record | None = None
    wrong: str = ""
    field: str = ""
    kept: frozenset[str] = frozenset()


def keys(record_type: RecordType) -> tuple[Field, ...]:
    """The fields whose value names one record."""
    numbered = [record_type[record_type.numbered]] if record_type.numbered else []
    return tuple([field for field in record_type.typed if field.unique] + numbered)


def texts(record_type: RecordType) -> tuple[Field, ...]:
    """The fields whose text names a record of a type where nothing else does."""
    if any(field.unique for field in record_type.typed):
        return ()
    said = (record_type[name] for name in record_type.headline if name != record_type.numbered)
    return tuple(field for field in said if field.kind in {Kind.NOTE, Kind.TEXT})


class Index:
    """The records of a type by what names them. Those whose creation was undone are as if never made."""

    def __init__(self, record_type: RecordType, records: Iterable[Record]) -> None:
        self._type = record_type
        self._records = [record for record in records if record.retired != UNDONE]
        self._keys: dict[str, dict[str, list[Record]]] = {}
        for field in (*keys(record_type), *texts(record_type)):
            known = self._keys[field.name] = {}
            for record in self._records:
                if text := bare(record.values.get(field.name)):
                    known.setdefault(text, []).append(record)
        self._shortened = {
            field.name: _shortened(self._keys[field.name]) for field in keys(record_type) if field.kind is Kind.TEXT
        }
        self._scopes = [name for name in (*SCOPES, record_type.parent) if name in record_type.by_name]
        self._free: dict[tuple[str, ...], dict[tuple[str | None, ...], list[Record]]] = {}

    def named(self, text: str) -> list[Record]:
        """The records that ``text`` names by one of their keys: what a link in a sheet says."""
        key = bare(text)
        found = (self._keys[field.name].get(key, []) for field in keys(self._type))
        return next((records for records in found if records), [])

    def match(self, values: Values) -> Match:
        """The record that ``values`` of a row speak of; an empty match for a new one."""
        found: list[tuple[Field, Record]] = []
        for field in keys(self._type):
            text = bare(values.get(field.name))
            if not text:
                continue
            records = self._keys[field.name].get(text) or self._shortened.get(field.name, {}).get(text, [])
            records = [record for record in records if record.retired is None] or records
            if len(records) > 1:
                return Match(wrong=f"Hay {len(records)} registros con este dato: no se sabe cuál es.", field=field.name)
            found += [(field, record) for record in records]
        if found:
            return _one(found)
        if any(bare(values.get(field.name)) for field in keys(self._type) if field.unique):
            return Match()
        return self._by_text(values) if texts(self._type) else self._by_everything(values)

    def _by_text(self, values: Values) -> Match:
        fields = [field for field in texts(self._type) if bare(values.get(field.name))]
        if not fields:
            return self._by_everything(values)
        number = values.get(self._type.numbered) if self._type.numbered else None
        found = [
            record
            for record in self._keys[fields[0].name].get(bare(values[fields[0].name]), [])
            if all(bare(record.values.get(field.name)) == bare(values[field.name]) for field in fields[1:])
            and all(values.get(name) in {None, record.values.get(name)} for name in self._scopes)
            and (number is None or record.values.get(self._type.numbered) is None)
        ]
        found = [record for record in found if record.retired is None] or found
        if len(found) > 1:
            wrong = f"Hay {len(found)} registros con este mismo texto: no se sabe cuál es."
            return Match(wrong=wrong, field=fields[0].name)
        return _one([(fields[0], found[0])]) if found else Match()

    def _by_everything(self, values: Values) -> Match:
        """A row nothing names is known only when all it says is in a record already; each record answers once."""
        given = tuple(sorted(name for name, value in values.items() if value is not None))
        if not given:
            return Match()
        if given not in self._free:
            known: dict[tuple[str | None, ...], list[Record]] = {}
            for record in self._records:
                if record.retired is None:
                    known.setdefault(_said(record.values, given), []).append(record)
            self._free[given] = known
        waiting = self._free[given].get(_said(values, given), [])
        return Match(waiting.pop(0)) if waiting else Match()


def _said(values: Values, names: Sequence[str]) -> tuple[str | None, ...]:
    return tuple(stored_text(values.get(name)) for name in names)


def _one(found: Sequence[tuple[Field, Record]]) -> Match:
    (field, record), *others = found
    for other_field, other in others:
        if other.uid != record.uid:
            wrong = f"{field.label} y {other_field.label.lower()} son de dos registros distintos."
            return Match(wrong=wrong, field=other_field.name)
    if record.retired is not None:
        return Match(wrong=f"Este registro está retirado ({record.retired}): restáurelo primero.", field=field.name)
    return Match(record, kept=frozenset(each.name for each, _ in found if each.unique))


def bare(value: Value) -> str:
    """A value for comparing names: without accents, case and doubled blanks; empty for blanks of both kinds."""
    return "" if value is None or isinstance(value, Blank) else " ".join(plain(str(value)).split())


def _shortened(known: Mapping[str, list[Record]]) -> dict[str, list[Record]]:
    """Numbers that begin with zeros, by what Excel leaves of them."""
    found: dict[str, list[Record]] = {}
    for text, records in known.items():
        if text.isdigit() and text.startswith("0"):
            found.setdefault(text.lstrip("0"), []).extend(records)
    return found

"""Rows of the lists as the office changed them: kept and sent as JSON, laid over the rows the program ships."""

import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any, Final

Table = Mapping[str, Any]

DATES: Final = ("desde", "hasta", "fin_soporte", "fin_soporte_pago")
SMLMV: Final = "smlmv"
YEAR: Final = "vigencia"
"""The two that are no lists of choices: the minimum wage of a year, and the version of the method of a year."""


@dataclass(frozen=True, slots=True)
class Change:
    """One row as the office changed it, under the version of its catalogues that did so; the newest one holds.

    ``text`` is the whole row in the file's own names, as ``written`` gives it.
    """

    version: int
    lista: str
    codigo: str
    text: str

    @property
    def row(self) -> dict[str, Any]:
        """The row, with dates as dates."""
        return understood(self.text)


def written(row: Table) -> str:
    """A row as canonical JSON: sorted names, dates as AAAA-MM-DD. Equal rows give equal texts."""
    return json.dumps(row, ensure_ascii=False, sort_keys=True, separators=(",", ":"), default=_iso)


def understood(text: str) -> dict[str, Any]:
    """The row of a text that ``written`` gave. Raises ValueError or TypeError for any other text."""
    row = json.loads(text)
    if not isinstance(row, dict):
        raise TypeError("not a row")
    return _dated(row)


def laid(lists: Mapping[str, Mapping[str, Table]], changes: Iterable[Change]) -> dict[str, dict[str, Table]]:
    """Rows by list and code with the changes over them; what is new stands last in its list."""
    found = {name: dict(rows) for name, rows in lists.items()}
    for change in changes:
        found.setdefault(change.lista, {})[change.codigo] = change.row
    return found


def newest(changes: Iterable[Change]) -> dict[tuple[str, str], Change]:
    """The change that holds of each entry."""
    return {(change.lista, change.codigo): change for change in changes}


def version_of(changes: Iterable[Change]) -> int:
    """The version these changes make; 0 for none."""
    return max((change.version for change in changes), default=0)


def _dated(row: dict[str, Any]) -> dict[str, Any]:
    found = dict(row)
    for name in DATES:
        if name in found:
            found[name] = date.fromisoformat(found[name])
    if "cambio" in found:
        found["cambio"] = [_dated(dict(change)) for change in found["cambio"]]
    return found


def _iso(value: object) -> str:
    if isinstance(value, date):
        return value.isoformat()
    raise TypeError(f"no JSON for {type(value).__name__}")

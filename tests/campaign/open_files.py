"""Plain tables that leave the office, read back with nothing but ``csv``: the matrix's export and the open data."""

import csv
from collections import Counter
from collections.abc import Mapping
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Any

from peti_desktop import matrix_export
from peti_desktop.matrix import MatrixFilter
from peti_desktop.opendata import writing
from peti_desktop.opendata.datasets import Version
from peti_desktop.records import NO_APLICA, TYPES
from peti_desktop.records.fields import Field
from tests.campaign.campaign import Campaign, expected
from tests.campaign.judgements import in_force

Table = dict[str, dict[str, Any]]
"""Rows by uid: each column's value as the oracle has it."""
INTERNAL = {
    "riesgo": "riesgos", "control": "controles", "equipo": "equipos", "necesidad": "necesidades", "sistema": "sistemas",
}  # fmt: skip
PEOPLE = {"serial", "custodio", "responsable", "dueno", "quienes"}
"""Columns in which people write names: no open data holds them."""


def check_export(campaign: Campaign, folder: Path) -> None:
    """The matrix as .csv holds the oracle's records, each value exact, links by their words apart."""
    for name, record_type in TYPES.items():
        path = folder / f"{name}.csv"
        fields = [f for f in record_type.fields if not f.links]
        many = matrix_export.export(campaign.ws, MatrixFilter(name), ["dependencia", *(f.name for f in fields)], path)
        rows = _rows(path, ";")
        assert many == len(rows)
        mended = {row["uid"]: set(filter(None, row["corregido_por_tic"].split(","))) for row in rows}
        assert mended == _mended(campaign, name)
        assert _table(campaign, rows, fields, ",") == _wanted(campaign, name, fields)


def check_open_data(campaign: Campaign, folder: Path) -> None:
    """The version for the office holds every record; that for everybody the same sums, and nobody's risks."""
    internal = writing.write(campaign.ws, Version.INTERNAL, folder)
    for name, file in INTERNAL.items():
        fields = [f for f in TYPES[name].fields if f.name not in PEOPLE]
        rows = _rows(internal / f"{file}.csv", ",")
        assert not PEOPLE & rows[0].keys()
        assert _table(campaign, rows, fields, ".") == _wanted(campaign, name, fields)
    public = writing.write(campaign.ws, Version.PUBLIC, folder)
    matrix, label = expected(campaign.oracle, campaign.ws), campaign.ws.catalogues.label
    zones: Counter[str] = Counter()
    for row in _rows(public / "riesgos_resumen.csv", ","):
        zones[row["zona_residual"]] += int(row["cantidad_registros"])
    risks = in_force(matrix, "riesgo").values()
    assert zones == Counter(label("zona", each["values"]["zona_residual"]) for each in risks)
    asked: Counter[tuple[str, Decimal]] = Counter()
    for row in _rows(public / "necesidades.csv", ","):
        asked[row["dependencia"], Decimal(row["valor_total"])] += 1
    needs = in_force(matrix, "necesidad").values()
    assert asked == Counter((label("dependencia", each["unit"]), each["values"]["valor_total"]) for each in needs)
    assert not (public / "controles.csv").exists()


def _rows(path: Path, between: str) -> list[dict[str, str]]:
    with path.open(encoding="utf-8-sig", newline="") as stream:
        return list(csv.DictReader(stream, delimiter=between))


def _table(campaign: Campaign, rows: list[dict[str, str]], fields: list[Field], point: str) -> Table:
    return {
        row["uid"]: {"dependencia": row["dependencia"]} | {f.name: _spoken(f, row[f.name], point) for f in fields}
        for row in rows
    }


def _spoken(field: Field, text: str, point: str) -> Any:
    """A cell's text, numbers as numbers."""
    is_number = text and text != "No aplica" and field.kind.value in {"entero", "cantidad", "pesos"}
    return Decimal(text.replace(point, ".")) if is_number else text


def _wanted(campaign: Campaign, name: str, fields: list[Field]) -> Table:
    label = campaign.ws.catalogues.label
    return {
        uid: {"dependencia": label("dependencia", record["unit"])}
        | {f.name: _told(campaign, f, record["values"][f.name]) for f in fields}
        for uid, record in in_force(expected(campaign.oracle, campaign.ws), name).items()
    }


def _told(campaign: Campaign, field: Field, value: Any) -> Any:
    if value is None or value is NO_APLICA:
        return "" if value is None else "No aplica"
    if field.catalogue:
        return campaign.ws.catalogues.label(field.catalogue, str(value))
    if isinstance(value, date):
        return value.isoformat()
    return Decimal(value) if isinstance(value, int | Decimal) else value


def _mended(campaign: Campaign, name: str) -> Mapping[str, set[str]]:
    """Which fields of each record in force the office corrected."""
    found: dict[str, set[str]] = {uid: set() for uid in in_force(expected(campaign.oracle, campaign.ws), name)}
    for uid, field in campaign.oracle.world.fixes:
        if uid in found:
            found[uid].add(field)
    return found

"""Numbers against the records counted one by one."""

from collections import Counter
from datetime import date
from decimal import Decimal
from typing import Any

import pytest

from db.queries import space
from peti_desktop.records.convert import by_name
from peti_desktop.reports.figures import MAPS, figures, risks_in
from peti_desktop.workspace import Workspace


@pytest.mark.parametrize("which", MAPS)
@pytest.mark.parametrize("dependencia", [None, "HACIENDA"])
def test_heat_counts_every_rated_risk_once(full: Workspace, which: str, dependencia: str | None) -> None:
    risks = full.records("riesgo", dependencia=dependencia)
    counted = Counter((r.values[f"probabilidad_{which}"], r.values[f"impacto_{which}"]) for r in risks)

    found = figures(full, dependencia)

    assert dict(found.heat[which]) == dict(counted)
    assert sum(found.zones[which].values()) == len(risks)
    for (p, i), count in found.heat[which].items():
        assert len(risks_in(full, which, p, i, dependencia)) == count


def test_heat_of_parts_adds_up_to_the_entity(full: Workspace) -> None:
    found = figures(full)

    for parts, counts in (
        (found.heat_of, found.risks_by_dependencia),
        (found.heat_of_proceso, found.risks_by_proceso),
    ):
        for which in MAPS:
            added: Counter[Any] = Counter()
            for cells in parts[which].values():
                added.update(cells)
            assert dict(added) == dict(found.heat[which])
            assert parts[which].keys() <= {count.code for count in counts}


def test_names_are_sorted_by_their_numbers() -> None:
    names = ["Sede 11", "Sede 2", "sede 2 B", "Ñuño", "Sede", "Sede 02 A", "7", "Álamo", "Sede " + "9" * 5000]

    assert sorted(names, key=by_name) == [
        "7", "Álamo", "Ñuño", "Sede", "Sede 2", "Sede 02 A", "sede 2 B", "Sede 11", "Sede " + "9" * 5000,
    ]  # fmt: skip


def test_needs_add_up_in_every_grouping(full: Workspace) -> None:
    records = full.records("necesidad")
    money = sum((r.values["valor_total"] for r in records if isinstance(r.values["valor_total"], Decimal)), Decimal(0))

    found = figures(full)

    assert found.money == money > 0
    for needs in (found.needs_by_tema, found.needs_by_dependencia, found.needs_by_forma):
        assert sum(n.count for n in needs) == len(records)
        assert sum(n.quantity for n in needs) == found.quantity
        assert sum(n.money for n in needs) == money


def test_risks_are_counted_by_dependencia_and_proceso(full: Workspace) -> None:
    risks = full.records("riesgo")

    found = figures(full)

    assert {c.code: c.count for c in found.risks_by_dependencia} == Counter(r.dependencia for r in risks)
    assert sum(c.count for c in found.risks_by_proceso) == len(risks)


def test_obsolete_devices_are_counted_by_each_reason(full: Workspace) -> None:
    """A device with two reasons counts under both, and once as a device."""
    device = next(r for r in full.records("equipo") if r.values["sistema_operativo"] == "windows_7")
    full.put("equipo", device.uid, {"ofimatica": full.catalogues.label("ofimatica", "office_2010_professional_plus")})
    said = [str(r.values["obsolescencia"]) for r in full.records("equipo") if r.values["obsolescencia"]]

    found = figures(full)

    assert {c.label: c.count for c in found.obsolete} == Counter(why for whole in said for why in whole.split("; "))
    assert "Windows 7: sin soporte desde 14-ene-2020" in {c.label for c in found.obsolete}
    assert sum(c.count for c in found.obsolete) == len(said) + 1
    assert found.obsolete_total == len(said)


def test_retired_records_are_not_counted(full: Workspace) -> None:
    risk = full.records("riesgo")[0]
    before = figures(full)

    full.retire("riesgo", risk.uid, "Ya no aplica")

    after = figures(full)
    assert after.totals["riesgo"] == before.totals["riesgo"] - 1
    assert sum(after.zones["inherente"].values()) == sum(before.zones["inherente"].values()) - 1


def test_unrated_risks_are_told_apart(office: Workspace) -> None:
    office.new("riesgo", {"descripcion": "Sin valorar todavía"})

    found = figures(office)

    assert found.unrated == 1
    assert found.heat["inherente"] == {}


def test_code_changes_with_the_data_and_only_then(full: Workspace) -> None:
    before = figures(full).code

    assert figures(full).code == before
    full.put("necesidad", full.records("necesidad")[0].uid, {"descripcion": "Otra cosa"})
    assert figures(full).code != before


def test_whoever_owes_a_delivery_is_pending(office: Workspace) -> None:
    owed = [{"dependencia": code, "seccion": "riesgo", "vence": date(2026, 1, 31)} for code in ("SALUD", "HACIENDA")]
    with office.write() as connection:
        space.set_deadlines(connection, 2026, owed)

    found = figures(office)

    assert (found.expected, found.accepted, found.pending) == (2, 0, 2)
    assert [d.name for d in found.deliveries] == ["Secretaría de Hacienda", "Secretaría de Salud"]
    assert {d.state for d in found.deliveries} == {"pendiente"}
    assert found.deliveries[0].due == date(2026, 1, 31)


def received(office: Workspace, number: int, state: str) -> None:
    from db.queries import deliveries

    when = office.clock()
    row = {
        "sha256": f"{number:064}",
        "nombre": f"entrega-{number:02}.xlsx",
        "dependencia": "SALUD",
        "vigencia": 2026,
        "numero": number,
        "codigo": "ABCD-EFGH",
        "firmante": "Ana",
        "huella": "0" * 64,
        "firmada_en": when,
        "recibida_en": when,
        "veredicto": "válida",
        "motivos": "[]",
        "estado": state,
        "decidida_en": None,
        "decidida_por": None,
        "conteos": "{}",
        "contenido": b"",
    }
    with office.write() as connection:
        deliveries.add_received(connection, row)


def test_the_newest_delivery_says_the_state(office: Workspace) -> None:
    with office.write() as connection:
        space.set_deadlines(
            connection, 2026, [{"dependencia": "SALUD", "seccion": "riesgo", "vence": date(2026, 1, 31)}]
        )
    received(office, 1, "aceptada")
    received(office, 2, "recibida")

    (delivery,) = figures(office).deliveries

    assert (delivery.state, delivery.number, delivery.accepted) == ("por revisar", 2, 1)
    assert figures(office).accepted == 1

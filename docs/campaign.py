"""An office in the middle of a large campaign: 130 units, of which the map of the entity knows 26.

The others are invented in number only: «Sede n.º 7 (ejemplo)», with the devices and needs of the demonstration's rule.
All of it is marked as example. Every unit has its own key, and every delivery is a real one.
"""

import sys
from collections.abc import Sequence
from decimal import Decimal
from pathlib import Path

from db.queries import catalogue
from peti_desktop import catalogues, demo
from peti_desktop.catalogues import Table
from peti_desktop.consolidation import budget, cuts, roles
from peti_desktop.delivery.deliver import deliver
from peti_desktop.intake import apply, inbox
from peti_desktop.moments import now
from peti_desktop.peti import example
from peti_desktop.records.fields import Value
from peti_desktop.trust.keys import Signer
from peti_desktop.vigencias.rows import written
from peti_desktop.workspace import Workspace

UNITS = 130
ARRIVED, ACCEPTED = 118, 96
DEVICES, EACH = 15, 6
"""Devices of a unit, and risks or needs of an invented one: some 1,800 and 700 in all."""


def campaign(folder: Path) -> None:
    """Make the office and its campaign in ``folder``."""
    rule = catalogues.table("ejemplo")
    known = [entry.code for entry in catalogues.load().entries("dependencia")]
    units = [*known, *(f"SEDE_{number:03}" for number in range(1, UNITS - len(known) + 1))]
    folder.mkdir(parents=True)
    demo._office(folder, rule, now).close()
    _name_units(folder / "oficina.sqlite", units[len(known) :])
    with Workspace.open(folder / "oficina.sqlite") as office:
        signers = demo._authority(office, folder, rule)
        demo._owe(office, rule, units)
        devices = list(demo._devices(rule, office.catalogues, units))
        for done, unit in enumerate(units[:ARRIVED]):
            print(f"\r{done + 1}/{ARRIVED}", end="", file=sys.stderr, flush=True)
            _unit(office, signers, folder, unit, rule, [values for owner, values in devices if owner == unit])
        print(file=sys.stderr)
        receipts = inbox.receive_all(office, inbox.files_in([folder / "entregas"]))
        apply.accept_clean(office, receipts[:ACCEPTED])
        _go_on(office)


def _go_on(office: Workspace) -> None:
    """What follows acceptance: initiatives, a budget and a cut."""
    example.make(office)
    roles.choose(office, roles.JEFE)
    budget.keep_amount(office, Decimal(2_000_000_000))
    cuts.seal(office, "Mitad de la campaña")


def _name_units(store: Path, units: list[str]) -> None:
    """Put the invented units into the lists of a store, as the office would."""
    with Workspace.open(store) as ws, ws.write() as connection:
        rows = []
        for code in units:
            told = {"codigo": code, "nombre": f"Sede n.º {int(code[-3:])} (ejemplo)"}
            row = {"version": 1, "lista": "dependencia", "codigo": code, "datos": written(told)}
            rows.append(row | {"motivo": "Ejemplo", "quien": ws.info.who, "cuando": ws.clock()})
        catalogue.add(connection, rows)


def _unit(
    office: Workspace,
    signers: tuple[Signer, Signer],
    folder: Path,
    unit: str,
    rule: Table,
    devices: list[dict[str, Value]],
) -> None:
    store = folder / "dependencias" / f"{unit}.sqlite"
    Workspace.create(
        store,
        perfil="dependencia",
        dependencia=unit,
        nombre=rule["nombre"],
        cargo=rule["cargo"],
        vigencia=office.info.vigencia,
        ejemplo=True,
    ).close()
    _name_units(store, [unit] if unit.startswith("SEDE_") else [])
    with Workspace.open(store) as ws:
        signer = demo._enrolled(office, signers, ws, folder, rule)
        with ws.act("") as act:
            for registro in _registros(ws.catalogues, unit):
                demo._record(act, registro, rule)
            for turn in range(DEVICES):
                values = devices[turn % len(devices)]
                act.new("equipo", values | {"placa": f"{unit[-3:]}-{turn + 1:04}"}, example=True)
        demo._treat(ws, rule)
        deliver(ws, signer, folder / "entregas")


def _registros(known: catalogues.Catalogues, unit: str) -> Sequence[catalogues.Registro]:
    """What the PETI says of a unit; an invented one repeats what it says of others."""
    if not unit.startswith("SEDE_"):
        return known.seed.of(unit)
    every, first = known.seed.registros, int(unit[-3:]) * EACH
    return [every[(first + turn) % len(every)] for turn in range(EACH)]


if __name__ == "__main__":
    campaign(Path(sys.argv[1]))

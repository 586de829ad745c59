"""A dependencia's own store takes what the office signs for it, and says what the oracle says."""

import hashlib
from collections import Counter
from pathlib import Path

import pytest

from db.queries import space
from peti_desktop.errors import UserError
from peti_desktop.returning import observations, receiving
from peti_desktop.returning.acknowledge import acknowledge
from peti_desktop.trust import keys
from peti_desktop.workspace import Workspace
from tests.campaign.campaign import Campaign
from tests.campaign.players import BEGINNING


def acknowledged(campaign: Campaign, folder: Path) -> None:
    """The office acknowledges a delivery; its dependencia's store takes the acuse, once, and nobody else's does."""
    name = next(name for name, state in campaign.oracle.world.states.items() if state == "aceptada")
    campaign.clock.later(1)
    sent, data = campaign.oracle.sent[name], campaign.files[name].read_bytes()
    made = acknowledge(campaign.ws, campaign.hashes[name], campaign.ring.office, folder / "acuses")
    again = acknowledge(campaign.ws, campaign.hashes[name], campaign.ring.office, folder / "otra-vez")
    assert again.path.read_bytes() == made.path.read_bytes()
    with _store(campaign, sent.unit, folder) as clerk:
        found = receiving.read(clerk, made.path)
        assert (found.clase, found.acceptable) == ("acuse", True) and found.contents is not None
        told = found.contents.told
        assert (told.dependencia, told.numero, told.estado) == (
            sent.unit,
            sent.number,
            campaign.oracle.world.states[name],
        )
        assert told.entrega == hashlib.sha256(data).hexdigest()
        in_force = [row["type"] for row in sent.rows.values() if row["retired"] is None]
        assert {kind: many for kind, many in told.counts if many} == {k: in_force.count(k) for k in set(in_force)}
        assert not receiving.take(clerk, found).repeated
        assert receiving.take(clerk, found).repeated
    other = next(code for code in campaign.units if code != sent.unit)
    with _store(campaign, other, folder) as stranger, pytest.raises(UserError, match="El archivo es para"):
        receiving.take(stranger, receiving.read(stranger, made.path))


def returned(campaign: Campaign, folder: Path) -> None:
    """The dependencia reads in its own store exactly what the office asked about a delivery."""
    asked_of = Counter(file for file, _ in campaign.oracle.world.observations)
    name = max(campaign.returned, key=lambda name: asked_of[name])
    unit = campaign.oracle.sent[name].unit
    asked = {record for file, record in campaign.oracle.world.observations if file == name}
    with _store(campaign, unit, folder) as clerk:
        found = receiving.read(clerk, campaign.returned[name])
        assert (found.clase, found.acceptable) == ("devolucion", True) and found.contents is not None
        assert receiving.take(clerk, found).new == len(asked)
        assert {each.registro for each in observations.listing(clerk)} == asked
        assert (
            found.contents.told.vence
            == clerk.info.vence
            == max(until for (file, _), until in campaign.due.items() if file == name)
        )


def _store(campaign: Campaign, unit: str, folder: Path) -> Workspace:
    """An empty store of a dependencia that knows the office."""
    path = folder / f"{unit}-{len(list(folder.glob('*.sqlite')))}.sqlite"
    year = campaign.ws.info.vigencia
    ws = Workspace.create(
        path, perfil="dependencia", dependencia=unit, nombre="Ana", cargo="Técnica", vigencia=year, clock=campaign.clock
    )
    ring = campaign.ring
    with ws.write() as connection:
        space.add_authority(connection, keys.key_id(ring.root.key.public_key()), ring.der, BEGINNING)
    return ws

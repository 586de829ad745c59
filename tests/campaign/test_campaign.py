"""A simulated campaign: all dependencias, three rounds, everything that goes wrong, against an independent oracle.

``PETI_CAMPAIGN`` names the seed of one campaign to play again; a failure says which one it was.
"""

import os
import random
from datetime import date
from pathlib import Path

import pytest

from db.queries import space
from peti_desktop import catalogues
from peti_desktop.trust import keys
from peti_desktop.workspace import Workspace
from tests.campaign import clerk, open_files, papers, reorganising, rounds, second_year
from tests.campaign.analysts import Office
from tests.campaign.campaign import Campaign, expected
from tests.campaign.desk import Desk
from tests.campaign.oracle import Oracle
from tests.campaign.players import BEGINNING, Clock, Ring, Unit, make_ring
from tests.campaign.rounds import FORMER, STRANGER

DUE = date(2026, 11, 23)
"""The day before the second round."""
SEEDS = [int(text) for text in os.environ.get("PETI_CAMPAIGN", "1 2").split()]


@pytest.fixture(scope="module")
def ring() -> Ring:
    return make_ring(STRANGER)


@pytest.mark.parametrize("seed", SEEDS)
def test_campaign_on_a_file(seed: int, ring: Ring, tmp_path: Path) -> None:
    store = tmp_path / "oficina.sqlite"
    _play(seed, ring, tmp_path, str(store), str(store))


@pytest.mark.parametrize("seed", SEEDS[:1])
def test_campaign_of_two_analysts_on_a_server(
    seed: int, ring: Ring, tmp_path: Path, request: pytest.FixtureRequest
) -> None:
    server = request.getfixturevalue("server")
    address = server.database()
    _play(seed, ring, tmp_path, address, address.replace("//ana:", "//luis:"))


def _play(seed: int, ring: Ring, folder: Path, ana: str, luis: str) -> None:
    clock = Clock()
    campaign = _office(seed, ring, folder, ana, clock)
    office = Office(campaign, ana, luis)
    try:
        due = papers.owe(campaign, DUE)
        papers.check_board(campaign, due)
        desk = Desk(campaign)
        desk.plant()
        rounds.first(campaign, office)
        desk.begin()
        rounds.days_go_by(campaign, 2)
        papers.check_board(campaign, due)
        rounds.second(campaign, office)
        papers.check_board(campaign, due)
        clerk.acknowledged(campaign, folder)
        clerk.returned(campaign, folder)
        desk.go_on()
        campaign.check_matrix()
        cut, picture = papers.seal(campaign, "Segunda ronda"), expected(campaign.oracle, campaign.ws)
        reorganising.divide(campaign)
        reorganising.join(campaign)
        rounds.days_go_by(campaign, 1)
        rounds.third(campaign, office)
        reorganising.nothing_is_left_behind(campaign)
        campaign.check()
        papers.check_board(campaign, due)
        papers.check_cut(campaign, cut, picture)
        _what_leaves(campaign, desk, folder)
        second_year.play(campaign)
        desk.check()
        papers.check_comparison(campaign, cut, picture)
    finally:
        campaign.ws.close()


def _what_leaves(campaign: Campaign, desk: Desk, folder: Path) -> None:
    """Everything that is shown, printed or handed out is what the oracle holds."""
    campaign.check_matrix()
    desk.check()
    papers.check_workbook(campaign, folder)
    papers.check_paper(campaign, folder)
    open_files.check_export(campaign, folder)
    open_files.check_open_data(campaign, folder)


def _office(seed: int, ring: Ring, folder: Path, address: str, clock: Clock) -> Campaign:
    ws = Workspace.create(
        address, perfil="oficina", dependencia="TIC", nombre="Ana", cargo="Analista", vigencia=2026, clock=clock
    )
    with ws.write() as connection:
        space.add_authority(connection, keys.key_id(ring.root.key.public_key()), ring.der, BEGINNING)
    chance, known = random.Random(seed), catalogues.load()
    (folder / "llegan").mkdir()
    units = {
        code: Unit(code, ring.of(code), f"{place:012x}", known, clock, folder / "llegan")
        for place, code in enumerate([*(entry.code for entry in known.entries("dependencia")), FORMER], start=1)
    }
    units[STRANGER].signer = ring.stranger
    for unit in units.values():
        unit.grow(chance)
    return Campaign(ws, Oracle(), units, ring, clock, chance, folder)

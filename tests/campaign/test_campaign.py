"""A simulated campaign: all dependencias, three rounds, everything that goes wrong, against an independent oracle.

``PETI_CAMPAIGN`` names the seed of one campaign to play again; a failure says which one it was.
"""

import multiprocessing
import os
import random
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import date, timedelta
from pathlib import Path

import pytest

from db.queries import space
from peti_desktop import catalogues
from peti_desktop.consolidation import decisions
from peti_desktop.errors import UserError
from peti_desktop.intake import apply, inbox
from peti_desktop.intake.receipt import Receipt
from peti_desktop.office import enrolment
from peti_desktop.trust import keys
from peti_desktop.trust.verdict import Status
from peti_desktop.workspace import Workspace
from tests.campaign import papers, reorganising
from tests.campaign.campaign import Campaign, expected
from tests.campaign.oracle import Oracle, Sent
from tests.campaign.players import BEGINNING, Clock, Ring, Unit, make_ring

STRANGER = "PRENSA"
"""Whose key nobody knows at first, and whose key is annulled before the last round."""
FORMER, NEW = "BANCO_PROGRESO", "EMPRENDIMIENTO"
"""A dependencia that does not exist any more, and the one it became."""
DUE = date(2026, 11, 23)
"""The day before the second round."""
OLD = ("CULTURA_TURISMO", "SISBEN")
"""Who still delivers with the first program: one all the time, one late."""
LATE = ("JURIDICA", "SISBEN", "VIVIENDA")
SEEDS = [int(text) for text in os.environ.get("PETI_CAMPAIGN", "1 2").split()]


@pytest.fixture(scope="module")
def ring() -> Ring:
    return make_ring(STRANGER)


Opener = Callable[[str], Workspace]


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
        _first_round(campaign, office)
        _days_go_by(campaign, 2)
        papers.check_board(campaign, due)
        _second_round(campaign, office)
        papers.check_board(campaign, due)
        campaign.check_matrix()
        cut, picture = papers.seal(campaign, "Segunda ronda"), expected(campaign.oracle, campaign.ws)
        reorganising.divide(campaign)
        reorganising.join(campaign)
        _days_go_by(campaign, 1)
        _third_round(campaign, office)
        reorganising.nothing_is_left_behind(campaign)
        campaign.check()
        campaign.check_matrix()
        papers.check_board(campaign, due)
        papers.check_cut(campaign, cut, picture)
        papers.check_comparison(campaign, cut, picture)
        papers.check_workbook(campaign, folder)
        papers.check_paper(campaign, folder)
    finally:
        campaign.ws.close()


class Office:
    """Two analysts: on a server at the same time, on a file one after the other."""

    def __init__(self, campaign: Campaign, ana: str, luis: str) -> None:
        self.campaign, self.ana, self.luis = campaign, ana, luis
        self.server = "://" in ana

    def both(self, sent: list[Sent]) -> list[Receipt]:
        """Each receives one half of the files and accepts what is clean."""
        halves = [sent[::2], sent[1::2]]
        if not self.server:
            receipts = []
            for name, half in zip(("Luis", "Ana"), halves, strict=True):
                self._reopen(self.ana)
                self.campaign.ws.set_settings({"nombre": name})
                some = self.campaign.receive(*half)
                self.campaign.accept_clean(some)
                receipts += some
            return receipts
        with Workspace.open(self.luis, clock=self.campaign.clock) as other:
            other.set_settings({"nombre": "Luis", "cargo": ""})
            with ThreadPoolExecutor(2) as pool:
                doing = [
                    pool.submit(self._half, ws, half)
                    for ws, half in zip((self.campaign.ws, other), halves, strict=True)
                ]
                done = [each.result() for each in doing]
        for half, (receipts, taken) in zip(halves, done, strict=True):
            self.campaign.note(half, receipts, taken)
        return [receipt for receipts, _ in done for receipt in receipts]

    def _half(self, ws: Workspace, half: list[Sent]) -> tuple[list[Receipt], list[str]]:
        receipts = inbox.receive_all(ws, [self.campaign.files[each.name] for each in half])
        return receipts, [receipt.file for receipt in apply.accept_clean(ws, receipts)]

    def killed_while_accepting(self, receipts: list[Receipt], after: int) -> None:
        """Somebody accepts the clean ones and the program ends without warning; the work goes on afterwards."""
        campaign = self.campaign
        campaign.ws.close()
        spawn = multiprocessing.get_context("spawn")
        told, here = spawn.Pipe()
        worker = spawn.Process(target=_accept_slowly, args=(self.luis, here, campaign.clock.time))
        worker.start()
        for _ in range(after):
            assert told.poll(60)
            told.recv()
        worker.kill()
        worker.join()
        self._reopen(self.ana)
        states = {receipt.file: receipt for receipt in inbox.listing(campaign.ws)}
        for receipt in sorted(receipts, key=lambda r: (r.dependencia, r.vigencia, r.number)):
            if states[receipt.file].state == "aceptada":
                campaign.oracle.accept(receipt.file)
        campaign.check()
        campaign.accept_clean([states[r.file] for r in receipts if states[r.file].state == "recibida"])
        campaign.check()

    def _reopen(self, address: str) -> None:
        self.campaign.ws.close()
        self.campaign.ws = Workspace.open(address, clock=self.campaign.clock)


def _accept_slowly(address: str, told: "multiprocessing.connection.Connection", when: object) -> None:
    """What the process does that is killed: it tells each delivery before it accepts it."""
    with Workspace.open(address, clock=lambda: when) as ws:  # type: ignore[arg-type, return-value]
        apply.accept_clean(ws, inbox.listing(ws), lambda done, _all, _words: told.send(done))
        told.recv()  # to be killed here at the latest


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


# The rounds


def _first_round(campaign: Campaign, office: Office) -> None:
    """Most deliver; one signer is unknown, one unit does not exist any more, one file is of another vigencia."""
    on_time = [code for code in campaign.units if code not in {*LATE, STRANGER, FORMER, NEW}]
    receipts = office.both([_delivered(campaign, code) for code in on_time])
    assert all(receipt.clean for receipt in receipts)
    campaign.check()
    unknown = campaign.deliver(STRANGER)
    (receipt,) = campaign.receive(unknown)
    assert receipt.verdict is Status.DESCONOCIDA and not receipt.state
    campaign.check()
    enrolment.confirm(campaign.ws, campaign.files[unknown.name], receipt.fingerprint, campaign.ring.root)
    campaign.accept_clean(campaign.receive(unknown))
    former = campaign.deliver(FORMER)
    (receipt,) = campaign.receive(former)
    assert "dependencia_anterior" in _codes(receipt)
    campaign.accept(former.name)
    campaign.check()
    _another_year(campaign)
    campaign.correct_some(12)
    campaign.check()
    campaign.receive_everything_again()


def _delivered(campaign: Campaign, code: str, forget: float = 0.0) -> Sent:
    if code in OLD:
        return campaign.deliver(code, forget=forget, format=1)
    return campaign.deliver(code, forget=forget)


def _days_go_by(campaign: Campaign, days: int) -> None:
    campaign.clock.time += timedelta(days=days)


def _another_year(campaign: Campaign) -> None:
    unit = campaign.units["HACIENDA"]
    before = unit.number, unit.code_before
    old = campaign.deliver("HACIENDA", vigencia=2025)
    unit.number, unit.code_before = before
    (receipt,) = campaign.receive(old)
    assert _codes(receipt) == {"otra_vigencia"}
    campaign.reject(old.name)


def _second_round(campaign: Campaign, office: Office) -> None:
    """Changes, forgotten records, a fork, an undone import, a unit's records handed to its successor."""
    for code, unit in campaign.units.items():
        if code not in LATE:
            unit.live(campaign.chance)
    rest = [code for code in campaign.units if code not in {STRANGER, FORMER, NEW, "SALUD"}]
    receipts = office.both([_delivered(campaign, code, forget=0.03) for code in rest])
    campaign.check()
    waiting = [receipt.file for receipt in receipts if campaign.oracle.world.states[receipt.file] == "recibida"]
    assert waiting
    campaign.accept(waiting[0])
    campaign.check()
    campaign.undo_last()
    campaign.check()
    campaign.give_back(waiting[1], set())
    campaign.check()
    for name in [waiting[0], *waiting[2:]]:
        campaign.decide(name)
        campaign.check()
    _fork(campaign)
    _reorganise(campaign)
    campaign.mend_some()
    campaign.check()
    campaign.resolve_some(0.5)
    campaign.check()
    campaign.correct_some(10)
    campaign.check()
    campaign.receive_everything_again()


def _fork(campaign: Campaign) -> None:
    """Two PCs of one dependencia make a second delivery each; the office takes one and sets the other aside."""
    unit = campaign.units["SALUD"]
    base = unit.number, unit.code_before
    one = campaign.deliver("SALUD")
    unit.number, unit.code_before = base
    there = unit.device(campaign.chance, "SALUD-otro")
    other = campaign.deliver("SALUD", name="SALUD-otro", ejemplar="f" * 12, linaje=("f" * 12,))
    del unit.rows[there]
    first, second = campaign.receive(one, other)
    assert not first.held and "bifurcada" in _codes(second)
    campaign.clock.later(1)
    with pytest.raises(UserError, match="Las cosas cambiaron"):  # nobody was shown yet that there are two
        apply.accept(campaign.ws, campaign.hashes[one.name])
    campaign.check()
    campaign.accept(one.name)
    campaign.reject(other.name)
    unit.number, unit.code_before = one.number, base[1]
    restored = campaign.deliver("SALUD", name="SALUD-copia", number=1)
    unit.number = one.number
    (receipt,) = campaign.receive(restored)
    assert {"anterior", "bifurcada"} <= _codes(receipt)
    campaign.reject(restored.name)
    (unit.code_before,) = [receipt.code for receipt in inbox.listing(campaign.ws) if receipt.file == one.name]
    campaign.check()


def _reorganise(campaign: Campaign) -> None:
    """A former unit's records pass to its successor; one record to another unit; one is not its sender's."""
    former, new = campaign.units[FORMER], campaign.units[NEW]
    new.rows |= former.rows
    own = [uid for uid, row in former.rows.items() if row["type"] != "control"]
    former.rows = {}
    former.device(campaign.chance, "BP-1")
    campaign.receive(last := campaign.deliver(FORMER))
    known = campaign.oracle.world.records
    in_force = [uid for uid in own if uid in known and known[uid]["retired"] is None]
    campaign.accept(last.name, dict.fromkeys(in_force, (decisions.MOVED, NEW)))
    campaign.check()
    campaign.oracle.world.became[FORMER] = (NEW,)
    campaign.receive(both := campaign.deliver(NEW))
    if campaign.oracle.world.states[both.name] == "recibida":
        campaign.accept(both.name)
    campaign.check()
    giver, taker, copier = (campaign.units[code] for code in ("TESORO", "HACIENDA", "TRANSITO"))
    passed = giver.device(campaign.chance, "TESORO-pasa")
    campaign.receive(with_it := campaign.deliver("TESORO"))
    campaign.accept(with_it.name)
    taker.rows[passed] = giver.rows.pop(passed)
    campaign.receive(without := campaign.deliver("TESORO"))
    campaign.accept(without.name, {passed: (decisions.MOVED, "HACIENDA")})
    campaign.check()
    stranger = next(uid for uid, row in campaign.units["SALUD"].rows.items() if row["type"] == "equipo")
    copier.rows[stranger] = campaign.units["SALUD"].rows[stranger]
    (receipt,) = campaign.receive(copied := campaign.deliver("TRANSITO"))
    assert receipt.counts["doubtful"]
    campaign.accept(copied.name)
    campaign.check()
    del copier.rows[stranger]


def _third_round(campaign: Campaign, office: Office) -> None:
    """Answers come back; an annulled key; a killed program; the late ones."""
    enrolment.annul(campaign.ws, keys.key_id(campaign.ring.stranger.key.public_key()), "se perdió el equipo")
    for code, unit in campaign.units.items():
        if code != FORMER:
            unit.live(campaign.chance)
    (receipt,) = campaign.receive(campaign.deliver(STRANGER))
    assert receipt.verdict is Status.NO_VALIDA and not receipt.state
    campaign.units[STRANGER].signer = campaign.ring.of(STRANGER)
    rest = [code for code in campaign.units if code != FORMER]
    receipts = campaign.receive(*(_delivered(campaign, code) for code in rest))
    clean = [r for r in receipts if not r.held and not campaign.oracle.doubtful(r.file)]
    office.killed_while_accepting(clean, after=len(clean) // 2)
    for receipt in receipts:
        if campaign.oracle.world.states[receipt.file] == "recibida":
            campaign.decide(receipt.file)
            campaign.check()
    campaign.close_answered()
    campaign.resolve_some(0.6)
    campaign.mend_some()
    campaign.check()
    campaign.receive_everything_again()


def _codes(receipt: Receipt) -> set[str]:
    return {reason.code for reason in receipt.reasons}

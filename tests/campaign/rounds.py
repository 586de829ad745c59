"""The three rounds of a campaign: what is delivered, what goes wrong, and what the office does about it."""

from datetime import timedelta

import pytest

from peti_desktop.consolidation import decisions
from peti_desktop.errors import UserError
from peti_desktop.intake import apply, inbox
from peti_desktop.intake.receipt import Receipt
from peti_desktop.office import enrolment
from peti_desktop.trust import keys
from peti_desktop.trust.verdict import Status
from tests.campaign.analysts import Office
from tests.campaign.campaign import Campaign
from tests.campaign.oracle import Sent

STRANGER = "PRENSA"
"""Whose key nobody knows at first, and whose key is annulled before the last round."""
FORMER, NEW = "BANCO_PROGRESO", "EMPRENDIMIENTO"
"""A dependencia that does not exist any more, and the one it became."""
OLD = ("CULTURA_TURISMO", "SISBEN")
"""Who still delivers with the first program: one all the time, one late."""
LATE = ("JURIDICA", "SISBEN", "VIVIENDA")


def first(campaign: Campaign, office: Office) -> None:
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


def days_go_by(campaign: Campaign, days: int) -> None:
    campaign.clock.time += timedelta(days=days)


def _another_year(campaign: Campaign) -> None:
    unit = campaign.units["HACIENDA"]
    before = unit.number, unit.code_before
    old = campaign.deliver("HACIENDA", vigencia=2025)
    unit.number, unit.code_before = before
    (receipt,) = campaign.receive(old)
    assert _codes(receipt) == {"otra_vigencia"}
    campaign.reject(old.name)


def second(campaign: Campaign, office: Office) -> None:
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


def third(campaign: Campaign, office: Office) -> None:
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

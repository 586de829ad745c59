"""Units that are no more in the middle of a campaign: one is divided, two become one.

What was delivered under the old name is found under the new ones, whether somebody carries it over, the new unit
delivers it, or it comes once more under the old name.
"""

from datetime import date

from peti_desktop.vigencias import changing, mapping
from peti_desktop.vigencias.changing import Part
from tests.campaign.campaign import Campaign
from tests.campaign.players import Unit

SINCE = date(2026, 11, 1)
DIVIDED = "SALUD"
PUBLIC, HOSPITALS, SYSTEMS = "SALUD_PUBLICA", "HOSPITALES", "SISTEMAS_DE_SALUD"
JOINED = ("TESORO", "VALORIZACION")
RENTS = "RENTAS"
GONE = frozenset({DIVIDED, *JOINED})
PARTS = {"riesgo": PUBLIC, "control": PUBLIC, "necesidad": PUBLIC, "equipo": HOSPITALS, "sistema": SYSTEMS}
"""To which part of the divided unit each type of its records goes."""


def divide(campaign: Campaign) -> None:
    """One unit becomes three; what came under its name is carried over, and once more it delivers under it."""
    lists = campaign.ws.catalogues
    parts = [Part("Salud pública", answers=("salud_publica",)), Part("Hospitales"), Part("Sistemas de salud")]
    changing.change(campaign.ws, changing.split(lists, DIVIDED, parts, SINCE), "Decreto de prueba", "dividir")
    campaign.oracle.world.became[DIVIDED] = (PUBLIC, HOSPITALS, SYSTEMS)
    _carry(campaign, DIVIDED, PARTS)
    campaign.check()
    old = campaign.units.pop(DIVIDED)
    for code in (PUBLIC, HOSPITALS, SYSTEMS):
        new = _new(campaign, code)
        new.rows = {uid: row for uid, row in old.rows.items() if PARTS[row["type"]] == code}
    here, there = campaign.units[HOSPITALS], old.device(campaign.chance, "SALUD-despues")
    old.rows = {uid: row for uid, row in old.rows.items() if row["type"] == "equipo"}
    here.rows[there] = old.rows[there]
    changed = next(uid for uid in here.rows if campaign.oracle.world.records[uid]["retired"] is None)
    here.rows[changed]["values"]["modelo"] = "De antes"
    campaign.clock.later(1)
    path, late = old.send(campaign.chance)
    campaign.files[late.name] = path
    campaign.receive(late)
    campaign.accept(late.name)
    assert campaign.oracle.world.records[changed]["unit"] == HOSPITALS
    assert campaign.oracle.world.records[there]["unit"] == DIVIDED
    campaign.check()


def join(campaign: Campaign) -> None:
    """Two units become one: what the first had is carried over, what the second had comes with the new one's files."""
    lists = campaign.ws.catalogues
    edits = changing.merged(lists, list(JOINED), Part("Rentas"), SINCE)
    changing.change(campaign.ws, edits, "Decreto de prueba", "unir")
    campaign.oracle.world.became |= dict.fromkeys(JOINED, (RENTS,))
    _carry(campaign, JOINED[0], dict.fromkeys(PARTS, RENTS))
    campaign.check()
    new = _new(campaign, RENTS)
    for code in JOINED:
        new.rows |= campaign.units.pop(code).rows
    numbers = iter(range(1, 1000))
    for row in new.rows.values():  # the clerk of the new unit numbers the risks anew
        if row["type"] == "riesgo":
            row["values"]["referencia"] = f"R-{next(numbers):03}"


def nothing_is_left_behind(campaign: Campaign) -> None:
    """Nobody holds anything under an old name that its successor delivers, save rows that wait for a decision."""
    waits = {uid for of in campaign.oracle.world.waiting.values() for uid, what in of.items() if what != "aceptar"}
    for uid, record in campaign.oracle.world.records.items():
        if record["retired"] is None and record["unit"] in GONE and uid not in waits:
            mine = [unit for unit in campaign.units.values() if uid in unit.rows]
            assert not mine, f"{uid} of {record['unit']}"


def _carry(campaign: Campaign, old: str, targets: dict[str, str]) -> None:
    [move] = [each for each in mapping.waiting(campaign.ws) if each.old == old]
    offered = {each.key: targets[each.type] for each in mapping.proposals(campaign.ws, move)}
    campaign.clock.later(1)
    assert mapping.carry(campaign.ws, move, offered, "Decreto de prueba") == len(offered)
    campaign.oracle.hand_over({uid: unit for (_name, uid), unit in offered.items()})


def _new(campaign: Campaign, code: str) -> Unit:
    folder, known = next(iter(campaign.units.values())).folder, campaign.ws.catalogues
    assert known.entry("dependencia", code), code
    place = len(campaign.units) + 100
    campaign.units[code] = Unit(code, campaign.ring.of(code), f"{place:012x}", known, campaign.clock, folder)
    return campaign.units[code]

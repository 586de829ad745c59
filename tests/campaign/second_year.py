"""The vigencia after: opened with a copy and other lists, delivered into by some, while last year's files stay."""

from datetime import UTC, date, datetime

import pytest

from peti_desktop import copies
from peti_desktop.errors import UserError
from peti_desktop.vigencias import changing, opening
from peti_desktop.workspace import Workspace
from tests.campaign import papers, reorganising
from tests.campaign.campaign import Campaign, found

YEAR = 2027
JANUARY = datetime(2027, 1, 18, 15, 0, tzinfo=UTC)
WITH_NEW_LISTS = ("HACIENDA", "TIC", "TRANSITO")
WITH_OLD_LISTS = ("GOBIERNO", "VIVIENDA")
CAME_ABOUT = (reorganising.RENTS, reorganising.HOSPITALS)
"""Who delivers in January: with the new lists, with last year's, and units that came about in the middle of it."""
SOME = WITH_NEW_LISTS + WITH_OLD_LISTS + CAME_ABOUT
RENAMED = "Equipos y periféricos"


def open_it(campaign: Campaign) -> dict[tuple[str, str], date]:
    """The office opens the next year: everything goes on, nothing before can be undone. Gives what is owed."""
    ws, before = campaign.ws, found(campaign.ws)
    last_year = opening.due(ws)
    campaign.clock.time = JANUARY
    opening.pass_on(ws)
    copy = opening.open_year(ws, YEAR, ws.info.metodo, opening.proposed(ws, YEAR))
    assert (ws.info.vigencia, ws.undoable()) == (YEAR, ("", ""))
    with Workspace.open(copies.room_of(ws) / copy, clock=campaign.clock) as kept:
        assert kept.info.vigencia == YEAR - 1
        assert found(kept) == before
    with pytest.raises(UserError):
        opening.open_year(ws, YEAR, ws.info.metodo, {})
    due = opening.due(ws)
    in_force = {entry.code for entry in ws.catalogues.entries("dependencia")}
    assert {unit for unit, _ in due} == in_force & {unit for unit, _ in due}
    assert {day.replace(year=YEAR - 1) for day in due.values()} <= set(last_year.values())
    campaign.check()
    return due


def change_lists(campaign: Campaign) -> str:
    """A theme gets another name and one is new; gives its code."""
    lists = campaign.ws.catalogues
    new = changing.added(lists, "tema", "Inteligencia artificial", date(YEAR, 1, 1))
    other = changing.renamed(lists, "tema", "hardware", RENAMED, date(YEAR, 1, 1))
    changing.change(campaign.ws, [new, other], "Acta de prueba", "cambiar los temas")
    assert campaign.ws.catalogues.label("tema", "hardware") == RENAMED
    campaign.check()
    return new.codigo


def deliver(campaign: Campaign, theme: str) -> None:
    """Some deliver into the new year, with the new lists or still with the old ones; one of them last year's."""
    late = campaign.deliver(SOME[-1])
    (receipt,) = campaign.receive(late)
    assert "otra_vigencia" in {reason.code for reason in receipt.reasons}
    campaign.reject(late.name)
    for code in SOME:
        unit = campaign.units[code]
        unit.vigencia, unit.number, unit.code_before = YEAR, 0, ""
        unit.asked = []  # what was asked about last year is answered in last year's deliveries alone
        unit.live(campaign.chance)
        if code in WITH_NEW_LISTS:
            unit.catalogues = campaign.ws.catalogues
            unit.need(campaign.chance, tema=theme)
    sent = [campaign.deliver(code) for code in SOME]
    receipts = campaign.receive(*sent)
    campaign.accept_clean(receipts)
    campaign.check()
    for receipt in receipts:
        if campaign.oracle.world.states[receipt.file] == "recibida":
            campaign.decide(receipt.file)
            campaign.check()
    standing = {(each.unit, each.vigencia) for each in campaign.oracle.sent.values() if each.unit == SOME[0]}
    assert (SOME[0], YEAR) in standing and (SOME[0], YEAR - 1) in standing
    campaign.receive_everything_again()


def play(campaign: Campaign) -> None:
    """The office opens the year, changes its lists and takes in what comes."""
    due = open_it(campaign)
    papers.check_board(campaign, due)
    deliver(campaign, change_lists(campaign))
    papers.check_board(campaign, due)
    campaign.check_matrix()

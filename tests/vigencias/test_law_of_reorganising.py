"""However units are renamed, merged and split, in whatever order, each record ends where a plain account says."""

import random
from collections.abc import Iterable
from datetime import date

import pytest

from peti_desktop.catalogues import table
from peti_desktop.consolidation.acting import acting
from peti_desktop.vigencias import changing, mapping
from peti_desktop.vigencias.changing import Part
from peti_desktop.vigencias.rules import PROCESS, UNIT
from peti_desktop.workspace import Workspace

ORDERS = (
    ("renamed", "merged", "split"),
    ("split", "merged", "renamed", "split"),
    ("merged", "merged", "split", "split"),
    ("split", "split", "merged"),
)


class Account:
    """Who answers for each process, and where what names no process went, by nothing but what was decreed."""

    def __init__(self, office: Workspace) -> None:
        lists = office.catalogues
        kept = table("dependencias")["institucional"][UNIT]
        self.answers = {unit.code: set(lists.subprocesos_of(unit.code)) for unit in lists.entries(UNIT)}
        self.free = [code for code in self.answers if code != kept]
        self.went: dict[str, list[str]] = {}

    def end(self, olds: Iterable[str], parts: dict[str, set[str]]) -> None:
        for old in olds:
            del self.answers[old]
            self.free.remove(old)
            self.went[old] = list(parts)
        for code, processes in parts.items():
            self.answers[code] = processes
            self.free.append(code)

    def leaves(self, unit: str) -> set[str]:
        after = self.went.get(unit)
        return {unit} if after is None else {leaf for each in after for leaf in self.leaves(each)}

    def owner(self, process: str) -> str:
        [found] = [unit for unit, processes in self.answers.items() if process in processes]
        return found


def decree(office: Workspace, account: Account, what: str, day: date, chance: random.Random) -> None:
    """One reorganisation of units drawn by lot, and the same in the account."""
    lists, name = office.catalogues, f"Unidad {day.month}"
    drawn = chance.sample(sorted(account.free), 2)
    if what == "renamed":
        changing.change(office, [changing.renamed(lists, UNIT, drawn[0], name, day)], "Decreto", what)
    elif what == "merged":
        edits = changing.merged(lists, drawn, Part(name), day)
        changing.change(office, edits, "Decreto", what)
        account.end(drawn, {edits[-1].codigo: account.answers[drawn[0]] | account.answers[drawn[1]]})
    else:
        old = max(account.free, key=lambda unit: (len(account.answers[unit]), unit))
        processes = sorted(account.answers[old])
        own = {process: chance.choice("AB") for process in processes}
        sides = {side: {process for process in processes if own[process] == side} for side in "AB"}
        parts = [Part(f"{name} {side}", answers=tuple(sorted(sides[side]))) for side in "AB"]
        edits = changing.split(lists, old, parts, day)
        changing.change(office, edits, "Decreto", what)
        account.end([old], {edit.codigo: sides[side] for edit, side in zip(edits[1:], "AB", strict=True)})


def carry_all(office: Workspace) -> None:
    for move in mapping.waiting(office):
        choices = {one.key: one.target for one in mapping.proposals(office, move)}
        if any(choices.values()):
            mapping.carry(office, move, choices, "Decreto")


@pytest.mark.parametrize("order", ORDERS)
@pytest.mark.parametrize("at_once", [True, False])
def test_each_record_ends_where_the_decrees_say(office: Workspace, order: tuple[str, ...], at_once: bool) -> None:
    chance = random.Random(repr((order, at_once)))
    account = Account(office)
    told: dict[str, tuple[str, str]] = {}
    before = {name: {record.uid for record in office.records(name)} for name in ("necesidad", "equipo")}
    with acting(office, "probar") as act:
        for unit, processes in sorted(account.answers.items()):
            for process in sorted(processes):
                uid = act.new("necesidad", {"subproceso": process, "descripcion": process}, dependencia=unit)
                told[uid] = (unit, process)
            told[act.new("equipo", {"placa": unit}, dependencia=unit)] = (unit, "")

    for month, what in enumerate(order, start=2):
        decree(office, account, what, date(2026, month, 1), chance)
        if not at_once:
            carry_all(office)
    carry_all(office)

    found = {
        record.uid: record.dependencia
        for name in before
        for record in office.records(name)
        if record.uid not in before[name]
    }
    assert found.keys() == told.keys()
    for uid, (unit, process) in told.items():
        if process:
            assert found[uid] == account.owner(process), (unit, process)
        elif len(account.leaves(unit)) == 1:
            assert {found[uid]} == account.leaves(unit), unit
        else:
            assert account.leaves(found[uid]) == account.leaves(unit), unit  # nobody chose: it stays on its way
    stuck = {found[uid] for uid, (unit, process) in told.items() if not process and len(account.leaves(unit)) > 1}
    assert {move.old for move in mapping.waiting(office)} == stuck & account.went.keys()
    lists = office.catalogues
    owners = {code: unit for unit, processes in account.answers.items() for code in processes}
    assert {code: lists.dependencia_of(code) for code in lists.codes(PROCESS) if code in owners} == owners

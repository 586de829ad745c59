"""The office's own work between the rounds: repeated records, scores by hand, initiatives, a budget, and Ctrl+Z."""

from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any

from peti_desktop.consolidation import budget, corrections, doubts, duplicates, grouping, priorities
from peti_desktop.consolidation.duplicates import Proposal
from peti_desktop.peti import gathering, initiatives, roadmap
from peti_desktop.records.fields import Value
from tests.campaign.campaign import Campaign, expected, found
from tests.campaign.judgements import Judgements, Matrix, by_unit, in_force, look_alike, money, wishes

BORROWED = (("HACIENDA", "COMUN-1"), ("TIC", "comun 1"), ("HACIENDA", "COMUN-2"), ("TRANSITO", "COMUN-2"))
"""Devices that two units say they have, by unit and placa."""
IGNORED = (("TRANSITO", "COMUN-3"), ("TIC", "COMUN-3"))
"""Devices that nobody ever decides about."""
ASKING = ("HACIENDA", "TIC", "TRANSITO", "GOBIERNO")
"""Who asks for the same thing, in the same words."""
SAME_WORDS = "Una impresora para la ventanilla de atención"


@dataclass
class Desk:
    """What the office decided by itself, and the program's own words for it."""

    campaign: Campaign
    judged: Judgements = field(default_factory=Judgements)
    decisions: dict[frozenset[str], str] = field(default_factory=dict)
    """By the records that were told apart: the decision's uid."""

    @property
    def matrix(self) -> Matrix:
        return expected(self.campaign.oracle, self.campaign.ws)

    def plant(self) -> None:
        """Let several units deliver what others deliver too."""
        chance, units = self.campaign.chance, self.campaign.units
        for code, placa in (*BORROWED, *IGNORED):
            units[code].device(chance, placa)
        for code in ASKING:
            units[code].need(chance, descripcion=SAME_WORDS, urgencia="alta")

    def begin(self) -> None:
        """After the first round."""
        self.judge_repeated()
        self.set_scores()
        self.make_plan()
        self.one_more()

    def go_on(self) -> None:
        """After the second round: what was decided is remembered, and what was done can be undone."""
        self.judge_what_is_new()
        self.take_back()
        self.check()

    # Repetidos

    def judge_repeated(self) -> None:
        """One device is the same, one is two, one is left; the needs are one purchase."""
        for proposal in self._proposals("equipo", "COMUN1"):
            self._say_same(proposal)
        for proposal in self._proposals("equipo", "COMUN2"):
            self._say_apart(proposal)
        for proposal in self._proposals("necesidad", SAME_WORDS):
            self._say_same(proposal)
        assert [len(said) for said in self.judged.same] == [2, len(ASKING)]
        assert self.judged.apart and self._proposals("equipo", "COMUN3")

    def one_more(self) -> None:
        """A third unit says that it has what was told apart, and a fifth asks for the same thing."""
        chance, units = self.campaign.chance, self.campaign.units
        units["GOBIERNO"].device(chance, "COMUN-2")
        units["VIVIENDA"].need(chance, descripcion=SAME_WORDS, urgencia="baja")

    def judge_what_is_new(self) -> None:
        """Only what came since is asked about; taken back, a decision is asked again."""
        self.check_repeated()
        for name, about in (("equipo", "COMUN2"), ("necesidad", SAME_WORDS)):
            for proposal in self._proposals(name, about):
                self._say_same(proposal)
        self.check_repeated()
        for uids, decision in list(self.decisions.items()):
            assert grouping.undo(self.campaign.ws, [decision]) == 1
            self.judged.apart.remove(uids)
            self.check_repeated()

    def _proposals(self, name: str, about: str) -> list[Proposal]:
        return [each for each in duplicates.proposals(self.campaign.ws, name) if about in each.reason]

    def _say_same(self, proposal: Proposal) -> None:
        self.campaign.clock.later(1)
        grouping.decide(self.campaign.ws, [proposal], grouping.SAME[proposal.type])
        self.judged.same.append(frozenset(proposal.uids))

    def _say_apart(self, proposal: Proposal) -> None:
        self.campaign.clock.later(1)
        [decision] = grouping.decide(self.campaign.ws, [proposal], grouping.DISTINCT, "se preguntó")
        self.judged.apart.append(frozenset(proposal.uids))
        self.decisions[frozenset(proposal.uids)] = decision

    def check_repeated(self) -> None:
        """What was judged is proposed no more, and everything else that looks alike is."""
        for name in ("equipo", "necesidad"):
            alike = look_alike(self.matrix, name)
            asked = [frozenset(p.uids) for p in duplicates.proposals(self.campaign.ws, name) if p.percent == 100]
            for uids in asked:
                assert any(uids <= each for each in alike), f"nothing is alike in {uids}"
                assert self.judged.open_pairs(uids) and not self.judged.told_apart(uids)
            for each in alike:
                assert any(uids <= each for uids in asked) == bool(self.judged.open_pairs(each)), each

    # Prioridad y presupuesto

    def set_scores(self) -> None:
        """The office puts two needs where the rule would not, and one of them back again."""
        ws = self.campaign.ws
        lowest = [item for item in reversed(priorities.ranking(ws)) if len(item.needs) == 1][:2]
        for item, score in zip(lowest, (99, 98), strict=True):
            self.campaign.clock.later(1)
            priorities.set_by_hand(ws, [item.uid], score, "lo pide una tutela")
            self.judged.scores[item.uid] = score
        self.check_money()
        priorities.lift(ws, [lowest[1].uid])
        del self.judged.scores[lowest[1].uid]
        self.check_money()

    def check_money(self) -> None:
        """Scores, the order, the line of the budget and its totals are the oracle's."""
        ws, matrix = self.campaign.ws, self.matrix
        wanted = wishes(matrix, self.judged)
        items = priorities.ranking(ws)
        ranked = {
            frozenset(need.uid for need in item.needs): (item.rule, item.score, item.total, item.quantity)
            for item in items
        }
        assert ranked == {uids: (wish.rule, wish.score, wish.money, wish.units) for uids, wish in wanted.items()}
        order = [item.score for item in items]
        assert order == sorted(order, reverse=True)
        amount = sum((wish.money for wish in wanted.values()), Decimal(0)) / 3
        budget.keep_amount(ws, amount)
        assert budget.kept_amount(ws) == amount
        line, spent, above = budget.line(items, amount), Decimal(0), list[str]()
        for item in items:
            wish = wanted[frozenset(need.uid for need in item.needs)]
            if spent + wish.money > amount:
                break
            spent += wish.money
            above += wish.uids
        assert (line.spent, line.left) == (spent, amount - spent)
        totals = budget.totals(items, line.above, "dependencia", ws.catalogues)
        assert {each.code: each.money for each in totals} == by_unit(matrix, in_force(matrix, "necesidad"))
        assert {each.code: each.covered for each in totals if each.covered} == by_unit(matrix, above)
        extreme = {uid for uid, r in in_force(matrix, "riesgo").items() if r["values"]["zona_residual"] == "extremo"}
        assert {risk.uid for risk in budget.extremes(ws)} == extreme

    # Plan

    def make_plan(self) -> None:
        """Two initiatives: one for what several ask for, one for risks and a few needs."""
        ws = self.campaign.ws
        for component in ("servicios_tecnologicos", "seguridad"):
            values: dict[str, Value] = {"nombre": f"Plan de {component}", "componente": component}
            uid = initiatives.begin(ws).uid
            ws.put("iniciativa", uid, values)
            loose = [thing for thing in gathering.things(ws) if not thing.initiative]
            of_kind = {kind: [thing for thing in loose if thing.kind == kind] for kind in gathering.KINDS}
            self._gather(uid, [*of_kind[gathering.NEED][:3], *of_kind[gathering.RISK][:2]])
            self.check_plan()

    def _gather(self, initiative: str, things: list[gathering.Thing]) -> None:
        gathering.assign(self.campaign.ws, initiative, things)
        self.judged.gathered |= {uid: initiative for thing in things for uid in thing.uids}

    def check_plan(self) -> None:
        """Each initiative costs what its needs cost, and nothing is counted twice."""
        matrix, plan = self.matrix, roadmap.roadmap(self.campaign.ws)
        needs = in_force(matrix, "necesidad")
        risks = in_force(matrix, "riesgo")
        for line in plan.lines:
            mine = {uid for uid, initiative in self.judged.gathered.items() if initiative == line.initiative.uid}
            own = [needs[uid] for uid in mine if uid in needs]
            assert line.money == money(own)
            assert line.units == sum(need["values"]["cantidad"] or 0 for need in own)
            assert {u for t in line.things for u in t.uids} == {u for u in mine if u in needs or u in risks}
        loose = [need for uid, need in needs.items() if uid not in self.judged.gathered]
        assert plan.loose_money == money(loose)
        assert plan.money + plan.loose_money == money(needs.values())

    # Ctrl+Z

    def take_back(self) -> None:
        """What was done last is undone, done again and undone: everything is as it was, each time."""
        for act in (self._correct, self._retire, self._answer, self._loosen):
            ws, before = self.campaign.ws, self._seen()
            self.campaign.clock.later(1)
            act()
            after = self._seen()
            assert after != before
            for turn, wanted in ((ws.undo, before), (ws.redo, after), (ws.undo, before)):
                assert turn()
                assert self._seen() == wanted, act.__name__

    def _seen(self) -> list[Any]:
        ws = self.campaign.ws
        return [
            found(ws),
            {(each.record, each.field): (each.corrected, each.pending) for each in corrections.listing(ws)},
            {doubt.uid for doubt in doubts.listing(ws)},
            {thing.uids: thing.initiative for thing in gathering.things(ws)},
        ]

    def _correct(self) -> None:
        uid = min(in_force(self.matrix, "riesgo"))
        corrections.correct(self.campaign.ws, "riesgo", uid, "impacto_reputacional", "1", "se verificó")

    def _retire(self) -> None:
        self.campaign.ws.retire("riesgo", min(in_force(self.matrix, "riesgo")), "ya no pasa")

    def _answer(self) -> None:
        doubt = doubts.listing(self.campaign.ws)[0]
        how = next(each for each in doubt.answers if each not in {doubts.ASK, doubts.MOVE})
        doubts.resolve(self.campaign.ws, [doubt.uid], how, "se habló con ellos")

    def _loosen(self) -> None:
        ws = self.campaign.ws
        gathering.release(ws, [thing for thing in gathering.things(ws) if thing.initiative][:1])

    def check(self) -> None:
        """All of it, as the oracle has it now."""
        self.check_repeated()
        self.check_money()
        self.check_plan()

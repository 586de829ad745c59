"""What looks alike is proposed once, with its reason; what was decided is remembered, and can be taken back."""

import random
from dataclasses import dataclass

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from db.queries import deliveries
from peti_desktop import binnacle
from peti_desktop.consolidation import beside, duplicates, grouping
from peti_desktop.consolidation.duplicates import Proposal, proposals, waiting
from peti_desktop.consolidation.grouping import DISTINCT, components, decide, decided, joined, undo
from peti_desktop.consolidation.likeness import alike, canonical, near, stars, threshold
from peti_desktop.errors import Cancelled, UserError
from peti_desktop.records.fields import NO_APLICA
from peti_desktop.workspace import Workspace
from tests.necesidades.conftest import Add, need

PCS = "Computadores de escritorio para la atención al público"


def found(ws: Workspace, type_name: str = "necesidad") -> list[set[str]]:
    return [set(proposal.uids) for proposal in proposals(ws, type_name)]


def pair(ws: Workspace, add: Add) -> tuple[Proposal, str, str]:
    """Two equal needs of two dependencias, as they are proposed."""
    one, other = need(add, PCS), need(add, "Para atención al PÚBLICO: computadores, escritorio.", "HACIENDA")
    (proposal,) = proposals(ws, "necesidad")
    assert set(proposal.uids) == {one, other}
    return proposal, one, other


# What is proposed


def test_the_same_serial_in_two_dependencias_is_proposed_whatever_its_dashes(ws: Workspace, add: Add) -> None:
    one = add("equipo", "SALUD", tipo="escritorio", serial="5cg-1234 ab", placa="AL-1")
    other = add("equipo", "HACIENDA", tipo="portatil", serial="5CG1234AB", placa="AL-2")
    add("equipo", "SALUD", tipo="escritorio", serial="5CG1234AC", placa="AL-3")

    (proposal,) = proposals(ws, "equipo")

    assert set(proposal.uids) == {one, other}
    assert proposal.dependencias == ("HACIENDA", "SALUD")
    assert proposal.reason == "Mismo serial (5CG1234AB)"


def test_junk_empty_and_inapplicable_serials_bring_nothing_together(ws: Workspace, add: Add) -> None:
    for number, serial in enumerate(("To be filled by O.E.M.", "To be filled by O.E.M.", None, None, "000", "0 0 0")):
        add("equipo", "SALUD", tipo="escritorio", serial=serial, placa=NO_APLICA if number % 2 else None)

    assert proposals(ws, "equipo") == []


def test_one_proposal_names_both_serial_and_placa(ws: Workspace, add: Add) -> None:
    for unit in ("SALUD", "HACIENDA"):
        add("equipo", unit, tipo="escritorio", serial="ABC123", placa="0099-A")

    (proposal,) = proposals(ws, "equipo")

    assert proposal.reason == "Mismo serial (ABC123) y misma placa (99A)"


def test_near_equal_needs_are_proposed_with_their_percent(ws: Workspace, add: Add) -> None:
    one = need(add, "Licencias de antivirus para los computadores de la oficina")
    other = need(add, "Licencia de antivirus para computadores de oficinas", "HACIENDA")
    need(add, "Impresora láser a color")

    (proposal,) = proposals(ws, "necesidad")

    assert set(proposal.uids) == {one, other}
    assert proposal.percent == alike(
        canonical("Licencias de antivirus para los computadores de la oficina"),
        canonical("Licencia de antivirus para computadores de oficinas"),
    )
    assert proposal.reason.startswith(f"Textos {proposal.percent} % iguales: «Licencia")


def test_equal_words_of_another_theme_are_not_the_same_need(ws: Workspace, add: Add) -> None:
    need(add, "Actualización")
    need(add, "Actualización", tema="software")

    assert proposals(ws, "necesidad") == []


def test_near_equal_risks_are_proposed(ws: Workspace, add: Add) -> None:
    words = "Posibilidad de pérdida económica por multas debido a demoras en los informes de {}"
    for unit, what in (("SALUD", "ejecución"), ("HACIENDA", "ejecución.")):
        add("riesgo", unit, descripcion=words.format(what))

    (proposal,) = proposals(ws, "riesgo")

    assert proposal.reason.startswith("Los textos son iguales: «Posibilidad de")


def test_nothing_is_proposed_of_nothing_one_retired_or_empty(ws: Workspace, add: Add) -> None:
    assert proposals(ws, "necesidad") == []
    need(add, PCS)
    assert proposals(ws, "necesidad") == []
    ws.retire("necesidad", need(add, PCS), "No va")
    need(add, "…")
    need(add, "…")

    assert proposals(ws, "necesidad") == []


def test_texts_of_fifty_thousand_letters_are_compared(office: Workspace) -> None:
    words = [f"palabra{number}" for number in range(5000)]
    with office.act("") as act:
        for last in ("computadores", "computadoras"):
            act.new("necesidad", {"tema": "hardware", "descripcion": " ".join([*words, last])})

    (proposal,) = proposals(office, "necesidad")

    assert proposal.percent == 99


def test_looking_can_be_cancelled(ws: Workspace, add: Add) -> None:
    pair(ws, add)

    def stop(done: int, total: int, text: str) -> None:
        raise Cancelled

    with pytest.raises(Cancelled):
        proposals(ws, "necesidad", stop)


# What was decided


@pytest.mark.parametrize("clase", ["misma_necesidad", DISTINCT])
def test_a_decided_pair_is_not_proposed_again_until_it_is_undone(ws: Workspace, add: Add, clase: str) -> None:
    proposal, *_ = pair(ws, add)

    (uid,) = decide(ws, [proposal], clase, "Visto con Hacienda")
    assert proposals(ws, "necesidad") == []
    (group,) = decided(ws, "necesidad")
    assert (group.clase, group.uids, group.who) == (clase, proposal.uids, ws.info.who)
    assert group.reason == f"{proposal.reason}. Visto con Hacienda"

    assert undo(ws, [uid]) == 1
    assert undo(ws, [uid]) == 0
    assert (proposals(ws, "necesidad"), decided(ws, "necesidad")) == ([proposal], [])


def test_what_a_colleague_decided_meanwhile_is_not_decided_twice(ws: Workspace, add: Add) -> None:
    proposal, *_ = pair(ws, add)
    decide(ws, [proposal], "misma_necesidad")

    with pytest.raises(UserError, match="ya se decidió"):
        decide(ws, [proposal], "misma_necesidad")

    assert len(decided(ws, "necesidad")) == 1


def test_each_decision_and_its_undoing_is_in_the_log(ws: Workspace, add: Add) -> None:
    proposal, *_ = pair(ws, add)
    undo(ws, decide(ws, [proposal], DISTINCT))

    with ws.read() as connection:
        log = [entry["accion"] for entry in deliveries.log(connection)]
        assert binnacle.broken(connection) is None
    assert log[-2:] == ["decidir repetidos", "deshacer decisión de repetidos"]


def test_a_small_change_of_a_text_keeps_the_decision_and_a_great_one_asks_again(ws: Workspace, add: Add) -> None:
    proposal, one, other = pair(ws, add)
    decide(ws, [proposal], DISTINCT)

    ws.put("necesidad", one, {"descripcion": PCS + "."})
    ws.put("necesidad", other, {"descripcion": PCS + " externo"})
    assert proposals(ws, "necesidad") == []

    for uid in (one, other):
        ws.put("necesidad", uid, {"descripcion": "Sillas ergonómicas para la sala de juntas"})
    assert found(ws) == [{one, other}]


def test_what_comes_later_is_asked_against_what_was_joined(ws: Workspace, add: Add) -> None:
    proposal, one, other = pair(ws, add)
    (first,) = decide(ws, [proposal], "misma_necesidad")
    third = need(add, PCS, "PLANEACION")

    (again,) = proposals(ws, "necesidad")
    assert set(again.uids) == {one, other, third}
    decide(ws, [again], "misma_necesidad")

    with ws.read() as connection:
        assert joined(connection, "necesidad") == dict.fromkeys((one, other, third), first)
    assert proposals(ws, "necesidad") == []


def test_two_that_were_told_apart_are_never_proposed_together_again(ws: Workspace, add: Add) -> None:
    proposal, one, other = pair(ws, add)
    decide(ws, [proposal], DISTINCT)
    third = need(add, PCS, "PLANEACION")

    asked = []
    while left := proposals(ws, "necesidad"):
        assert all(not {one, other} <= set(p.uids) for p in left)
        asked.append(set(left[0].uids))
        decide(ws, left[:1], DISTINCT)

    assert sorted(map(sorted, asked)) == sorted(map(sorted, ({one, third}, {other, third})))


def test_nobody_joins_in_a_roundabout_way_what_was_told_apart(ws: Workspace, add: Add) -> None:
    proposal, one, other = pair(ws, add)
    third = need(add, PCS, "PLANEACION")
    decide(ws, [proposal], DISTINCT)
    decide(ws, [Proposal("necesidad", (one, third), (), "A mano", 100)], "misma_necesidad")

    with pytest.raises(UserError, match="contradice"):
        decide(ws, [Proposal("necesidad", (other, third), (), "A mano", 100)], "misma_necesidad")

    with ws.read() as connection:
        assert set(joined(connection, "necesidad")) == {one, third}


def test_a_decision_about_a_retired_record_is_refused(ws: Workspace, add: Add) -> None:
    proposal, one, _ = pair(ws, add)
    ws.retire("necesidad", one, "No va")

    with pytest.raises(UserError, match="ya no está"):
        decide(ws, [proposal], DISTINCT)

    assert decided(ws, "necesidad") == []


def test_a_changed_serial_is_asked_again(ws: Workspace, add: Add) -> None:
    one = add("equipo", "SALUD", tipo="escritorio", serial="ABC123", placa="P-1")
    other = add("equipo", "HACIENDA", tipo="escritorio", serial="ABC123", placa="P-2")
    decide(ws, proposals(ws, "equipo"), "mismo_equipo")
    assert proposals(ws, "equipo") == []

    for uid in (one, other):
        ws.put("equipo", uid, {"serial": "XYZ999"})

    assert found(ws, "equipo") == [{one, other}]


def test_a_class_of_another_type_is_a_mistake_of_the_program(ws: Workspace, add: Add) -> None:
    proposal, *_ = pair(ws, add)

    with pytest.raises(ValueError, match="mismo_equipo"):
        decide(ws, [proposal], "mismo_equipo")
    with pytest.raises(LookupError):
        undo(ws, ["nadie"])


def test_fields_stand_side_by_side_and_say_where_they_differ(ws: Workspace, add: Add) -> None:
    proposal, *_ = pair(ws, add)

    lines = {line.label: line for line in beside.side_by_side(ws, "necesidad", proposal.uids)}

    assert lines["Dependencia"].values == ("Secretaría de Salud", "Secretaría de Hacienda")
    assert (lines["Dependencia"].differs, lines["Cantidad"].differs) == (True, False)
    assert lines["Para qué"].values == ("Para SALUD", "Para HACIENDA")
    assert "Subproceso" not in lines


# Laws

WORDS = ("computador", "impresora", "licencia", "servidor", "oficina", "salud", "red", "antivirus")
words = st.lists(st.sampled_from(WORDS), max_size=6)
texts = st.lists(words.map(" ".join), max_size=12)


@given(one=st.text(max_size=80), other=st.text(max_size=80))
def test_likeness_is_symmetric_and_whole_only_for_equals(one: str, other: str) -> None:
    left, right = canonical(one), canonical(other)

    assert alike(left, right) == alike(right, left)
    assert (alike(left, right) == 100) == (left == right)
    assert canonical(left) == left


@given(texts=texts)
def test_every_group_is_a_star_and_every_text_is_in_one(texts: list[str]) -> None:
    comparable = sorted({("", canonical(text)) for text in texts} - {("", "")})
    pairs = near(comparable, 85)
    groups = stars(len(comparable), pairs)

    assert sorted(place for group, _ in groups for place in group) == list(range(len(comparable)))
    for group, percent in groups:
        leader = group[0]
        for place in group[1:]:
            assert pairs[min(leader, place), max(leader, place)] >= percent >= 85
    assert all(percent == alike(comparable[a][1], comparable[b][1]) for (a, b), percent in pairs.items())


@given(texts=texts)
def test_few_texts_are_compared_as_if_each_met_all_others(texts: list[str]) -> None:
    """Whoever shares two words is met; who shares fewer is not near-equal, but for the very shortest."""
    comparable = sorted({("", c) for text in texts if len((c := canonical(text)).split()) > 1})
    every = {
        (a, b)
        for a in range(len(comparable))
        for b in range(a + 1, len(comparable))
        if alike(comparable[a][1], comparable[b][1]) >= 85
    }
    met = set(near(comparable, 85))

    assert met <= every
    assert all(len(set(comparable[a][1].split()) & set(comparable[b][1].split())) < 2 for a, b in every - met)


@settings(max_examples=15, suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None)
@given(texts=texts, seed=st.integers(0, 99))
def test_groups_do_not_depend_on_the_order_of_birth(texts: list[str], seed: int, office: Workspace) -> None:
    shuffled = list(texts)
    random.Random(seed).shuffle(shuffled)
    said = []
    for order in (texts, shuffled):
        with office.act("") as act:
            for record in office.records("necesidad"):
                act.retire("necesidad", record.uid, "Otra vez")
            born = {act.new("necesidad", {"tema": "red", "descripcion": text}): text for text in order if text}
        said.append(sorted(sorted(born[uid] for uid in p.uids) for p in proposals(office, "necesidad")))

    assert said[0] == said[1]


@dataclass
class Union:
    """The plainest possible union of sets, to compare with."""

    sets: list[set[str]]

    def add(self, names: set[str]) -> None:
        touched = [of for of in self.sets if of & names]
        self.sets = [of for of in self.sets if not of & names] + [names.union(*touched)]


@given(groups=st.lists(st.sets(st.sampled_from("abcdefgh"), min_size=1), max_size=8))
def test_groups_that_share_a_record_are_one(groups: list[set[str]]) -> None:
    plain = Union([])
    for members in groups:
        plain.add(members)

    found = components((f"g{n}", uid) for n, members in enumerate(groups) for uid in members)

    assert {frozenset(u for u, r in found.items() if r == root) for root in found.values()} == set(
        map(frozenset, plain.sets)
    )


def test_the_number_that_waits_is_told_unless_it_takes_long(
    ws: Workspace, add: Add, monkeypatch: pytest.MonkeyPatch
) -> None:
    proposal, *_ = pair(ws, add)
    assert waiting(ws) == 1
    decide(ws, [proposal], DISTINCT)
    assert waiting(ws) == 0

    monkeypatch.setattr(duplicates, "QUICK", 1)
    assert waiting(ws) is None


def test_thresholds_and_classes_are_there_for_every_type() -> None:
    assert {50 < threshold(name) <= 100 for name in ("necesidad", "riesgo")} == {True}
    assert set(grouping.WORDS) == {DISTINCT, *grouping.SAME.values()}

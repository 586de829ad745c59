"""Initiatives gather needs, gaps and risks: proposed with a reason, each in one at most, undone in one step."""

from decimal import Decimal

import pytest

from db.queries import plan as rows
from peti_desktop import catalogues
from peti_desktop.consolidation import grouping
from peti_desktop.consolidation.duplicates import Proposal
from peti_desktop.delivery.reading import SHEETS
from peti_desktop.errors import UserError
from peti_desktop.peti.gathering import GAP, NEED, RISK, Thing, assign, proposed, release, things
from peti_desktop.peti.roadmap import roadmap
from peti_desktop.records import OFFICE_TYPES, TYPES
from peti_desktop.workspace import Workspace
from tests.peti.conftest import INITIATIVE, Add, Asked


def gathered(ws: Workspace) -> dict[str, str]:
    with ws.read() as connection:
        return rows.links(connection)


def holding(ws: Workspace, *uids: str) -> list[Thing]:
    return [thing for thing in things(ws) if set(thing.uids) & set(uids)]


def test_needs_gaps_and_high_risks_are_offered(ws: Workspace, asked: Asked) -> None:
    kinds = {uid: thing.kind for thing in things(ws) for uid in thing.uids}

    assert kinds == {
        asked.computer: NEED, asked.same: NEED, asked.network: NEED, asked.unvalued: NEED, asked.gap: GAP,
        asked.risk: RISK,
    }  # fmt: skip


def test_what_names_the_component_comes_before_what_its_theme_suggests(
    ws: Workspace, asked: Asked, initiative: str
) -> None:
    found = proposed(things(ws), ws.record("iniciativa", initiative))

    assert found[0][0].uids == (asked.network,)
    assert found[0][1] == "Dice el mismo componente y el mismo objetivo"
    reasons = {uid: reason for thing, reason in found for uid in thing.uids}
    assert reasons[asked.computer] == "Por su tema: Equipos (hardware)"
    assert reasons[asked.risk] == "Es un riesgo de ese componente"
    assert asked.unvalued not in reasons


def test_another_goal_or_component_is_not_proposed(ws: Workspace, asked: Asked) -> None:
    other = ws.new("iniciativa", INITIATIVE | {"objetivo": "OBJ-3"})
    training = ws.new("iniciativa", INITIATIVE | {"componente": "uso_apropiacion"})

    assert not [thing for thing, _ in proposed(things(ws), other) if asked.network in thing.uids]
    assert [thing.uids for thing, _ in proposed(things(ws), training)] == [(asked.unvalued,)]


def test_many_are_gathered_and_let_go_again_in_one_step(ws: Workspace, asked: Asked, initiative: str) -> None:
    before = ws.record("iniciativa", initiative).revision
    assert assign(ws, initiative, holding(ws, asked.computer, asked.network, asked.gap, asked.risk)) == 4
    assert gathered(ws) == dict.fromkeys((asked.computer, asked.network, asked.gap, asked.risk), initiative)
    assert ws.record("iniciativa", initiative).revision > before, "the code of the data must tell the two apart"

    assert ws.undo() == "llevar 4 registros a INI-01"
    assert gathered(ws) == {}
    assert ws.redo() == "llevar 4 registros a INI-01"
    assert len(gathered(ws)) == 4


def test_a_record_is_in_one_initiative_and_undo_gives_it_back_to_the_first(
    ws: Workspace, asked: Asked, initiative: str
) -> None:
    second = ws.new("iniciativa", INITIATIVE | {"codigo": "INI-02"}).uid
    assign(ws, initiative, holding(ws, asked.network))

    assign(ws, second, holding(ws, asked.network))
    assert gathered(ws) == {asked.network: second}

    ws.undo()
    assert gathered(ws) == {asked.network: initiative}


def test_what_a_colleague_moved_meanwhile_is_not_taken_from_them(ws: Workspace, asked: Asked, initiative: str) -> None:
    second = ws.new("iniciativa", INITIATIVE | {"codigo": "INI-02"}).uid
    loose = holding(ws, asked.network)
    assign(ws, initiative, loose)
    own = holding(ws, asked.network)
    assign(ws, second, own)

    with pytest.raises(UserError, match="Otra persona llevó o sacó"):
        assign(ws, initiative, loose)
    with pytest.raises(UserError, match="Otra persona llevó o sacó"):
        release(ws, own)
    assert gathered(ws) == {asked.network: second}


def test_letting_go_is_one_step_too(ws: Workspace, asked: Asked, initiative: str) -> None:
    assign(ws, initiative, holding(ws, asked.network, asked.gap))

    assert release(ws, holding(ws, asked.network, asked.gap)) == 2
    assert gathered(ws) == {}
    ws.undo()
    assert set(gathered(ws)) == {asked.network, asked.gap}


def test_a_retired_initiative_lets_go_until_it_comes_back(ws: Workspace, asked: Asked, initiative: str) -> None:
    assign(ws, initiative, holding(ws, asked.network))

    ws.retire("iniciativa", initiative, "Ya no aplica")
    assert gathered(ws) == {}
    with pytest.raises(UserError, match="está retirada"):
        assign(ws, initiative, holding(ws, asked.gap))

    ws.restore("iniciativa", initiative)
    assert gathered(ws) == {asked.network: initiative}


def test_equal_needs_are_gathered_as_one(ws: Workspace, asked: Asked, initiative: str) -> None:
    wanted = {asked.computer, asked.same}
    alike = Proposal("necesidad", (asked.computer, asked.same), ("SALUD", "HACIENDA"), "", 90)
    grouping.decide(ws, [alike], grouping.SAME["necesidad"])

    (thing,) = holding(ws, asked.computer)
    assert (set(thing.uids), thing.quantity, thing.money) == (wanted, 5, Decimal(20_000_000))
    assign(ws, initiative, [thing])
    assert gathered(ws) == dict.fromkeys(wanted, initiative)


def test_costs_fall_in_the_years_of_the_initiative_and_on_who_pays(
    ws: Workspace, asked: Asked, initiative: str
) -> None:
    assign(ws, initiative, holding(ws, asked.computer, asked.same, asked.network, asked.unvalued, asked.risk))

    found = roadmap(ws)
    (line,) = found.lines

    # The network is asked for in 2030; the initiative ends in 2028.
    assert line.years == {2026: Decimal(8_000_000), 2027: Decimal(12_000_000), 2028: Decimal(9_000_000)}
    assert line.sources == {"sgp": Decimal(8_000_000), "recursos_propios": Decimal(21_000_000)}
    assert (line.unvalued, line.many(RISK), found.money) == (1, 1, Decimal(29_000_000))
    assert [thing.uids for thing in found.loose] == [(asked.gap,)]
    assert found.years == (2026, 2027, 2028)


def test_suspended_initiatives_cost_nothing(ws: Workspace, asked: Asked, initiative: str) -> None:
    assign(ws, initiative, holding(ws, asked.network))
    ws.put("iniciativa", initiative, {"estado": "Suspendida"})

    found = roadmap(ws)

    assert (found.money, found.lines[0].money) == (Decimal(0), Decimal(9_000_000))


def test_only_the_office_gathers(tmp_path_factory: pytest.TempPathFactory) -> None:
    path = tmp_path_factory.mktemp("otra") / "salud.sqlite"
    with Workspace.create(
        path, perfil="dependencia", dependencia="SALUD", nombre="Ana", cargo="Jefa", vigencia=2026
    ) as other:
        uid = other.new("iniciativa", INITIATIVE).uid
        with pytest.raises(UserError, match="lo decide la Oficina TIC"):
            assign(other, uid, [])


def test_a_need_that_was_retired_is_no_longer_counted(ws: Workspace, add: Add, asked: Asked, initiative: str) -> None:
    gone = add("necesidad", forma="necesidad", subproceso="salud_publica", tema="hardware", descripcion="x")
    assign(ws, initiative, holding(ws, gone, asked.network))

    ws.retire("necesidad", gone, "Está repetido")

    assert [thing.uids for thing in roadmap(ws).lines[0].things] == [(asked.network,)]


def test_every_theme_and_factor_has_a_component_that_there_is() -> None:
    known, suggested = catalogues.load(), catalogues.table("plan")

    assert set(suggested["tema"]) == {entry.code for entry in known.entries("tema")}
    for part, list_name in (("tema", "tema"), ("factor", "factor"), ("tipo_riesgo", "tipo_riesgo")):
        for code, component in suggested[part].items():
            assert known.entry(list_name, code) is not None
            assert known.entry("componente", component) is not None


def test_what_the_office_plans_is_never_delivered() -> None:
    assert not {kind.title for kind in OFFICE_TYPES.values()} & set(SHEETS)
    assert set(OFFICE_TYPES) == {"iniciativa", "avance"} and not set(OFFICE_TYPES) & set(TYPES)

"""Scores that anybody can add up, what a person sets instead, and what the money reaches."""

import json
from collections.abc import Mapping
from concurrent.futures import ThreadPoolExecutor
from decimal import Decimal
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from db.queries import deliveries, log
from peti_desktop import binnacle, catalogues
from peti_desktop.consolidation import budget
from peti_desktop.consolidation.duplicates import proposals
from peti_desktop.consolidation.grouping import decide, undo
from peti_desktop.consolidation.priorities import MOST, Before, Item, Need, Part, lift, put_back, ranking, set_by_hand
from peti_desktop.errors import Cancelled, UserError
from peti_desktop.records import Value
from peti_desktop.records.fields import NO_APLICA
from peti_desktop.workspace import Workspace
from tests.conftest import Server
from tests.necesidades.conftest import Add, adder, need, opened

UNITS = ("SALUD", "HACIENDA", "EDUCACION")

RATED: Mapping[str, Value] = {
    "actividad": "Envío de informes",
    "factor": "procesos",
    "clasificacion": "ejecucion_procesos",
    "afectacion": "economica",
    "causa_inmediata": "multas",
    "causa_raiz": "demoras",
    "descripcion": "Posibilidad de pérdida económica por multas debido a demoras.",
}


def risk(add: Add, times: int, wages: int, unit: str = "SALUD") -> str:
    return add("riesgo", unit, **RATED, frecuencia_anual=times, impacto_smlmv=Decimal(wages))


def part(item: Item, code: str) -> Part:
    return next(part for part in item.parts if part.code == code)


# The rule


def test_weights_are_data_that_say_where_they_come_from_and_add_up_to_a_hundred() -> None:
    parts = catalogues.table("prioridad")["parte"]

    assert sum(max(row["puntos"].values()) for row in parts) == MOST
    assert all(row["fuente"].startswith("Propuesta propia") for row in parts)


def test_a_need_that_names_nothing_scores_its_urgency_and_reach_alone(ws: Workspace, add: Add) -> None:
    need(add, "Sillas", urgencia="alta")

    (item,) = ranking(ws)

    assert [(part.code, part.points) for part in item.parts] == [
        ("zona", 0), ("controles", 0), ("obsolescencia", 0), ("urgencia", 14), ("alcance", 3),
    ]  # fmt: skip
    assert item.score == item.rule == 17
    assert part(item, "zona").words == "No dice qué riesgo baja"


def test_an_extreme_risk_whose_controls_do_nothing_weighs_most(ws: Workspace, add: Add) -> None:
    extreme = risk(add, 6000, 600)
    low = risk(add, 1, 1)
    first = need(add, "Firewall", riesgo=extreme)
    second = need(add, "Sillas", riesgo=low)

    ranked = ranking(ws)

    assert [item.uid for item in ranked] == [first, second]
    assert part(ranked[0], "zona").points == 30
    assert part(ranked[0], "zona").words == "R-001: zona residual Extremo"
    assert part(ranked[0], "controles").words == "Los controles no lo bajan (Extremo → Extremo)"
    assert (part(ranked[1], "zona").points, part(ranked[1], "controles").points) == (3, 0)


def test_controls_that_work_take_points_away(ws: Workspace, add: Add) -> None:
    one = risk(add, 6000, 60)
    for _ in range(3):
        ws.new("control", {"riesgo": one, "tipo": "preventivo", "implementacion": "automatico"})
    need(add, "Firewall", riesgo=one)

    (item,) = ranking(ws)

    before, after = (ws.record("riesgo", one).values[f"zona_{which}"] for which in ("inherente", "residual"))
    assert (before, after) == ("alto", "moderado")
    assert part(item, "controles").points == 8
    assert part(item, "controles").words == "Los controles lo bajan 1 zona (Alto → Moderado)"


def test_a_retired_risk_and_an_unrated_one_add_nothing(ws: Workspace, add: Add) -> None:
    gone, unrated = risk(add, 6000, 600), add("riesgo", descripcion="Posibilidad de algo")
    need(add, "Firewall", riesgo=gone)
    need(add, "Servidor", riesgo=unrated)
    ws.retire("riesgo", gone, "Ya no")

    said = {item.name: part(item, "zona") for item in ranking(ws)}

    assert {name: found.points for name, found in said.items()} == {"Firewall": 0, "Servidor": 0}
    assert said["Servidor"].words == "R-002 está sin valorar"


@pytest.mark.parametrize(
    ("values", "points", "words"),
    [
        ({"sistema_operativo": "windows_7"}, 20, "sin soporte desde"),
        ({"anio": 2017}, 12, "tiene 9 años"),
        ({"anio": 2021}, 6, "tiene 5 años"),
        ({"anio": 2025}, 0, "con soporte"),
        ({}, 0, "no se sabe de qué año es"),
    ],
)
def test_the_device_it_replaces_counts_by_support_then_by_age(
    ws: Workspace, add: Add, values: Mapping[str, Value], points: int, words: str
) -> None:
    device = add("equipo", tipo="escritorio", placa="AL-7", **values)
    need(add, "Computador", equipo=device)

    (item,) = ranking(ws)

    found = part(item, "obsolescencia")
    assert (found.points, found.words.startswith("AL-7: ")) == (points, True)
    assert words in found.words


def test_equal_needs_are_one_item_that_reaches_further_and_keeps_each_its_own(ws: Workspace, add: Add) -> None:
    for unit in ("SALUD", "HACIENDA"):
        need(add, "Computadores", unit, cantidad=3, valor_unitario=Decimal(2_000_000))
    decide(ws, proposals(ws, "necesidad"), "misma_necesidad")

    (item,) = ranking(ws)

    assert item.group
    assert (item.quantity, item.total, item.dependencias) == (6, Decimal(12_000_000), ("HACIENDA", "SALUD"))
    assert part(item, "alcance").points == 7
    assert sorted(need.justification for need in item.needs) == ["Para HACIENDA", "Para SALUD"]


def test_findings_and_retired_needs_are_not_asked_for(ws: Workspace, add: Add) -> None:
    need(add, "Hay humedad", forma="situacion")
    ws.retire("necesidad", need(add, "Sillas"), "No va")

    assert ranking(ws) == []


def test_what_nobody_filled_in_or_does_not_apply_is_no_money(ws: Workspace, add: Add) -> None:
    need(add, "Una", cantidad=NO_APLICA, valor_unitario=NO_APLICA, urgencia=NO_APLICA, unspsc=NO_APLICA)
    need(add, "Otra", cantidad=None, valor_unitario=None)

    for item in ranking(ws):
        assert (item.quantity, item.total, item.valued) == (0, Decimal(0), False)


def test_ranking_can_be_cancelled(ws: Workspace, add: Add) -> None:
    def stop(done: int, total: int, text: str) -> None:
        raise Cancelled

    with pytest.raises(Cancelled):
        ranking(ws, stop)


# What a person sets


def test_a_score_set_by_hand_stands_until_it_is_put_back(ws: Workspace, add: Add) -> None:
    last = need(add, "Sillas")
    need(add, "Firewall", urgencia="inmediata")
    rule = {item.uid: item.rule for item in ranking(ws)}

    before = set_by_hand(ws, [last], 95, "  Orden de un juez  ")
    first = ranking(ws)[0]
    assert (first.uid, first.score, first.rule) == (last, 95, rule[last])
    assert first.hand is not None
    assert (first.hand.reason, first.hand.who) == ("Orden de un juez", ws.info.who)

    again = set_by_hand(ws, [last], 10, "Ya se cumplió")
    put_back(ws, again)
    assert ranking(ws)[0].score == 95
    lifted = lift(ws, [last])
    assert ranking(ws)[1].hand is None
    put_back(ws, lifted)
    put_back(ws, before)
    assert {item.uid: item.score for item in ranking(ws)} == rule

    with ws.read() as connection:
        assert next(entry["accion"] for entry in deliveries.log(connection)) == "fijar prioridad"
        assert binnacle.broken(connection) is None


@pytest.mark.parametrize(("score", "reason"), [(101, "Porque sí"), (-1, "Porque sí"), (50, " \n "), (50, "a" * 2001)])
def test_a_score_needs_a_reason_and_a_place_on_the_scale(ws: Workspace, add: Add, score: int, reason: str) -> None:
    uid = need(add, "Sillas")

    with pytest.raises(UserError):
        set_by_hand(ws, [uid], score, reason)
    assert ranking(ws)[0].hand is None


def test_a_need_that_left_has_no_priority_any_more(ws: Workspace, add: Add) -> None:
    uid = need(add, "Sillas")
    ws.retire("necesidad", uid, "No va")

    with pytest.raises(UserError, match="ya no está"):
        set_by_hand(ws, [uid], 50, "Porque sí")


# The money


def made(*money: int | None) -> list[Item]:
    """Items of these values, in this order."""
    found = []
    for n, value in enumerate(money):
        total = None if value is None else Decimal(value)
        one = Need(
            f"{n}", "SALUD", "hardware", f"Cosa {n}", "", None, 1, None, total, "propios", 2026, None, f"r{n}", False
        )
        found.append(Item(f"{n}", "", (one,), (), None))
    return found


def test_the_line_stops_at_the_first_that_does_not_fit_and_says_what_else_would() -> None:
    found = budget.line(made(10, 50, 20, None, 15), Decimal(45))

    assert (found.above, found.spent, found.left, found.missing) == (1, Decimal(10), Decimal(35), Decimal(85))
    assert found.would_fit == (2, 4)


def test_what_has_no_value_is_counted_and_never_covered_by_what_is_left() -> None:
    found = budget.line(made(10, None, 5), Decimal(10))

    assert (found.above, found.unvalued, found.would_fit) == (2, 1, ())


def test_no_need_no_money_no_line() -> None:
    found = budget.line([], Decimal(0))

    assert (found.above, found.cumulative) == (0, ())
    assert found.spent == found.left == found.missing == 0


amounts = st.lists(st.one_of(st.none(), st.integers(0, 10**12)), max_size=20)


@given(money=amounts, amount=st.integers(0, 10**14))
def test_never_more_is_spent_than_there_is_and_nothing_that_fits_is_left_out(
    money: list[int | None], amount: int
) -> None:
    items = made(*money)
    found = budget.line(items, Decimal(amount))

    assert 0 <= found.spent <= amount
    assert found.spent + found.left == amount
    assert found.above == len(items) or found.cumulative[found.above] > amount
    assert found.spent + found.missing == sum(value or 0 for value in money)


@given(money=amounts)
def test_the_amount_for_a_line_draws_that_line_or_one_that_costs_the_same(money: list[int | None]) -> None:
    items = made(*money)
    everything = budget.line(items, Decimal(0)).cumulative

    for above in range(len(items) + 1):
        amount = budget.amount_for(everything, above)
        found = budget.line(items, amount)
        assert found.above >= above
        assert found.spent == amount


@given(money=amounts, above=st.integers(0, 20))
def test_totals_of_every_heading_add_up_to_the_same(money: list[int | None], above: int) -> None:
    items, known = made(*money), catalogues.load()

    for by in budget.BY:
        found = budget.totals(items, above, by, known)
        assert sum(total.money for total in found) == sum(value or 0 for value in money)
        assert sum(total.covered for total in found) == sum(value or 0 for value in money[:above])


def test_a_group_is_one_line_under_each_of_its_headings(ws: Workspace, add: Add) -> None:
    for unit in ("SALUD", "HACIENDA"):
        need(add, "Computadores", unit, vigencia=2027)
    decide(ws, proposals(ws, "necesidad"), "misma_necesidad")
    items = ranking(ws)

    (theme,) = budget.totals(items, 1, "tema", ws.catalogues)
    units = budget.totals(items, 0, "dependencia", ws.catalogues)
    (year,) = budget.totals(items, 0, "anio", ws.catalogues)
    (source,) = budget.totals(items, 0, "fuente", ws.catalogues)

    assert (theme.lines, theme.units, theme.money, theme.covered) == (1, 4, Decimal(4_000_000), Decimal(4_000_000))
    assert [(t.label, t.lines, t.money) for t in units] == [
        ("Secretaría de Hacienda", 1, Decimal(2_000_000)),
        ("Secretaría de Salud", 1, Decimal(2_000_000)),
    ]
    assert (year.label, source.label) == ("2027", budget.NAMELESS)


def test_lifting_what_was_never_set_is_no_entry_of_the_log(ws: Workspace, add: Add) -> None:
    uid = need(add, "Firewall")
    with ws.read() as connection:
        before = log.total(connection)

    assert lift(ws, [uid]) == Before((uid,), (), ())
    assert set_by_hand(ws, [], 50, "nada escogido") == Before((), (), ())

    with ws.read() as connection:
        assert log.total(connection) == before


def test_extreme_risks_stay_open_below_the_line_and_without_a_need(ws: Workspace, add: Add) -> None:
    answered, late, alone = risk(add, 6000, 600), risk(add, 6000, 600, "HACIENDA"), risk(add, 6000, 600)
    risk(add, 1, 1)
    need(add, "Firewall", riesgo=answered, urgencia="inmediata", valor_unitario=Decimal(10))
    need(add, "Servidor", "HACIENDA", riesgo=late, valor_unitario=Decimal(100))
    items = ranking(ws)
    risks = budget.placed(items, budget.extremes(ws))

    assert [(r.uid, r.place) for r in budget.uncovered(risks, 1)] == [(alone, None), (late, 1)]
    assert [r.uid for r in budget.uncovered(risks, 2)] == [alone]
    assert {r.uid for r in budget.uncovered(risks, 0)} == {answered, late, alone}


def test_the_amount_is_read_as_people_write_it_and_remembered_by_vigencia(ws: Workspace) -> None:
    assert budget.kept_amount(ws) is None
    budget.keep_amount(ws, budget.read_amount(" $ 1.200.000.000 "))

    budget.keep_amount(ws, Decimal(1_200_000_000))  # the same again is no change
    assert budget.kept_amount(ws) == Decimal(1_200_000_000)
    with ws.read() as connection:
        told = list(log.found(connection, log.Asked(action="fijar presupuesto")))
    assert [json.loads(entry["detalle"])["despues"] for entry in told] == ["1200000000"]


@pytest.mark.parametrize(
    ("text", "pesos"),
    [("-0", "0"), ("999999999999999", "999999999999999"), ("1.200.000,50", "1200000.50"), ("$ 1 000", "1000")],
)
def test_amounts_of_any_writing_are_read(text: str, pesos: str) -> None:
    assert str(budget.read_amount(text)) == pesos


@pytest.mark.parametrize("text", ["", "mucho", "-5", "1e9", "12.34.56", "½", "NaN", "9" * 30])
def test_an_amount_that_is_none_is_refused_in_words(text: str) -> None:
    with pytest.raises(UserError):
        budget.read_amount(text)


def test_the_highest_money_of_a_field_adds_up_exactly(ws: Workspace, add: Add) -> None:
    for n in range(3):
        need(add, f"Cosa {n} grande", cantidad=1, valor_unitario=Decimal("1000000000000.00"))

    found = budget.line(ranking(ws), budget.MOST_MONEY)

    assert found.spent == Decimal(3 * 10**12)


def test_who_only_reads_changes_nothing(tmp_path: Path) -> None:
    path = tmp_path / "oficina.sqlite"
    with opened(str(path)) as ws:
        uid = need(adder(ws), "Sillas")
        need(adder(ws), "Sillas", "HACIENDA")
    with Workspace.open(path, writing=False) as ws:
        proposed = proposals(ws, "necesidad")

        assert len(ranking(ws)) == 2 and len(proposed) == 1
        for act in (
            lambda: set_by_hand(ws, [uid], 50, "Porque sí"),
            lambda: lift(ws, [uid]),
            lambda: put_back(ws, Before((uid,), (), ())),
            lambda: decide(ws, proposed, "misma_necesidad"),
            lambda: undo(ws, ["nadie"]),
        ):
            with pytest.raises(UserError, match="solo para leer"):
                act()


# Two who work at once


def test_nobody_overwrites_a_priority_they_did_not_see(server: Server) -> None:
    address = server.database()
    with opened(address) as ana, Workspace.open(address.replace("//ana:", "//luis:")) as luis:
        uid = need(adder(ana), "Sillas")
        [seen] = ranking(luis)
        stood = set_by_hand(ana, [uid], 95, "Orden de un juez", {uid: None})

        with pytest.raises(UserError, match="puso en 95: Orden de un juez"):
            set_by_hand(luis, [uid], 10, "No urge", {need.uid: need.hand for need in seen.needs})
        with pytest.raises(UserError, match="cambió esa prioridad"):
            lift(luis, [uid], {uid: None})

        [seen] = ranking(luis)
        assert seen.hand is not None
        set_by_hand(luis, [uid], 10, "No urge", {need.uid: need.hand for need in seen.needs})
        with pytest.raises(UserError, match="puso en 10: No urge"):
            put_back(ana, stood)
        assert ranking(ana)[0].score == 10


def test_one_of_two_at_the_same_moment_is_told(server: Server) -> None:
    address = server.database()
    with opened(address) as ana, Workspace.open(address.replace("//ana:", "//luis:")) as luis:
        uid = need(adder(ana), "Sillas")

        def both(ws: Workspace, score: int) -> str:
            try:
                set_by_hand(ws, [uid], score, "Así lo pidieron", {uid: None})
            except UserError as error:
                return error.what
            return "puesta"

        with ThreadPoolExecutor() as pool:
            told = sorted(pool.map(both, (ana, luis), (40, 60)))

        assert told[1] == "puesta"
        assert told[0].startswith("Mientras tanto otra persona")
        [item] = ranking(ana)
        assert item.score in {40, 60}
        with ana.read() as connection:
            assert binnacle.broken(connection) is None


def test_a_colleagues_lifting_is_seen_too(ws: Workspace, add: Add) -> None:
    uid = need(add, "Sillas")
    stood = set_by_hand(ws, [uid], 95, "Orden de un juez")
    lift(ws, [uid])

    with pytest.raises(UserError, match="volvió a contar la regla"):
        put_back(ws, stood)


def test_a_need_that_leaves_its_group_leaves_the_rest_in_order(ws: Workspace, add: Add) -> None:
    three = [need(add, "Computadores", unit, cantidad=count) for unit, count in zip(UNITS, (3, 4, 5), strict=True)]
    decide(ws, proposals(ws, "necesidad"), "misma_necesidad")
    set_by_hand(ws, three, 70, "Lo acordó el comité")

    ws.retire("necesidad", three[0], "Ya la compraron")
    [item] = ranking(ws)
    assert (len(item.needs), item.quantity, item.score) == (2, 9, 70)
    assert "2 dependencias" in part(item, "alcance").words
    ws.retire("necesidad", three[1], "Ya la compraron")
    [item] = ranking(ws)
    assert (item.uid, item.group, item.quantity) == (three[2], "", 5)
    assert "una dependencia" in part(item, "alcance").words
    ws.restore("necesidad", three[0])
    assert ranking(ws)[0].quantity == 8

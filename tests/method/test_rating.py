"""Rating with the percent versions: limits, map, weights, worked examples and laws."""

from collections import Counter
from dataclasses import replace
from decimal import Decimal
from itertools import product

import pytest
from hypothesis import given
from hypothesis import strategies as st

from peti_desktop.method import Method, load
from peti_desktop.method.rating import Control

PERCENT_VERSIONS = ("v5", "v6", "v7")
ZONES = ("bajo", "moderado", "alto", "extremo")
PA, PM = ("preventivo", "automatico"), ("preventivo", "manual")
DA, DM = ("detectivo", "automatico"), ("detectivo", "manual")
CA, CM = ("correctivo", "automatico"), ("correctivo", "manual")
# The heat map of the guide as it is printed: rows from Muy Alta down, columns from Leve to Catastrófico.
PRINTED = """
alto     alto     alto     alto extremo
moderado moderado alto     alto extremo
moderado moderado moderado alto extremo
bajo     moderado moderado alto extremo
bajo     bajo     moderado alto extremo
"""
levels = st.integers(1, 5)
controls = st.lists(st.sampled_from([PA, PM, DA, DM, CA, CM]), max_size=12)


@pytest.fixture(params=PERCENT_VERSIONS)
def method(request: pytest.FixtureRequest) -> Method:
    return load(request.param)


@pytest.mark.parametrize(
    ("times", "level", "label"),
    [
        (0, 1, "Muy Baja"),
        (2, 1, "Muy Baja"),
        (3, 2, "Baja"),
        (24, 2, "Baja"),
        (25, 3, "Media"),
        (500, 3, "Media"),
        (501, 4, "Alta"),
        (5000, 4, "Alta"),
        (5001, 5, "Muy Alta"),
        (10**9, 5, "Muy Alta"),
    ],
)
def test_probability_on_both_sides_of_each_limit(times: int, level: int, label: str, method: Method) -> None:
    found = method.probability(times)

    assert (found, found.label, found.percent) == (level, label, Decimal(20 * level))


@pytest.mark.parametrize(
    ("smlmv", "level", "label"),
    [
        ("0", 1, "Leve"),
        ("9.99", 1, "Leve"),
        ("10", 1, "Leve"),
        ("10.01", 2, "Menor"),
        ("50", 2, "Menor"),
        ("50.01", 3, "Moderado"),
        ("100", 3, "Moderado"),
        ("100.01", 4, "Mayor"),
        ("500", 4, "Mayor"),
        ("500.01", 5, "Catastrófico"),
    ],
)
def test_impact_on_both_sides_of_each_limit(smlmv: str, level: int, label: str, method: Method) -> None:
    found = method.impact(Decimal(smlmv), None)

    assert found and (found, found.label, found.percent) == (level, label, Decimal(20 * level))


@pytest.mark.parametrize(("smlmv", "level"), [("9.99", 1), ("10", 2), ("50", 3), ("100", 4), ("499.99", 4), ("500", 5)])
def test_side_of_the_limit_is_a_parameter(smlmv: str, level: int, method: Method) -> None:
    upward = replace(method, equal_goes_down=False)

    assert upward.impact(Decimal(smlmv), None) == level


@pytest.mark.parametrize(("smlmv", "reputational", "level"), [("60", 2, 3), ("60", 4, 4), ("60", 3, 3), ("5", 5, 5)])
def test_the_higher_impact_counts(smlmv: str, reputational: int, level: int, method: Method) -> None:
    assert method.impact(Decimal(smlmv), reputational) == level


def test_impact_with_one_answer_or_none(method: Method) -> None:
    assert method.impact(None, 4) == 4
    assert method.impact(Decimal(60), None) == 3
    assert method.impact(None, None) is None


def test_senseless_answers_are_mistakes(method: Method) -> None:
    with pytest.raises(ValueError, match="below zero"):
        method.probability(-1)
    for amount in ("-0.01", "NaN", "Infinity"):
        with pytest.raises(ValueError, match="not an amount"):
            method.impact(Decimal(amount), None)
    for level in (0, 6):
        with pytest.raises(ValueError, match="no such level"):
            method.impact(None, level)
        with pytest.raises(ValueError, match="no such cell"):
            method.zone(level, 1)
        with pytest.raises(ValueError, match="no such level"):
            method.residual(1, level, [])


def test_all_25_cells_are_the_printed_map(method: Method) -> None:
    rows = [line.split() for line in PRINTED.strip().splitlines()]
    printed = {(5 - row, column + 1): zone for row, line in enumerate(rows) for column, zone in enumerate(line)}

    assert {(p, i): method.zone(p, i) for p, i in product(range(1, 6), repeat=2)} == printed
    assert Counter(printed.values()) == {"bajo": 3, "moderado": 8, "alto": 9, "extremo": 5}


def test_no_threshold_on_the_product_gives_the_map(method: Method) -> None:
    """20 x 80 is less than 60 x 40 and yet the higher zone."""
    assert (method.zone(1, 4), method.zone(3, 2)) == ("alto", "moderado")


@pytest.mark.parametrize(("control", "weight"), [(PA, 50), (PM, 40), (DA, 40), (DM, 30), (CA, 35), (CM, 25)])
def test_weights(control: Control, weight: int, method: Method) -> None:
    assert method.control_weight(*control) == weight


def test_manual_weighs_less_in_the_security_matrix_of_v7_only() -> None:
    assert load("v7").control_weight(*PM, security=True) == 35
    assert load("v7").control_weight(*PA, security=True) == 50
    assert load("v6").control_weight(*PM, security=True) == 40
    assert load("v7").residual(3, 4, [PM], security=True).p == 39


def test_unknown_control_is_a_mistake(method: Method) -> None:
    with pytest.raises(KeyError):
        method.control_weight("preventivo", "semiautomatico")


# p and i before, controls in order, p and i after, level names, zone before and after.
WORKED = [
    pytest.param(3, 4, [PM, DM], "25.2", "80", "Baja", "Mayor", "alto", "alto", id="the guide's own example"),
    pytest.param(4, 5, [PM], "48", "100", "Media", "Catastrófico", "extremo", "extremo", id="filled workbook, row a"),
    pytest.param(2, 3, [PM], "24", "60", "Baja", "Moderado", "moderado", "moderado", id="filled workbook, row b"),
    pytest.param(3, 4, [], "60", "80", "Media", "Mayor", "alto", "alto", id="no controls"),
    pytest.param(3, 4, [DM, PM], "25.2", "80", "Baja", "Mayor", "alto", "alto", id="other order"),
    pytest.param(3, 4, [CM], "60", "60", "Media", "Moderado", "alto", "moderado", id="corrective"),
    pytest.param(3, 4, [PM, CM], "36", "60", "Baja", "Moderado", "alto", "moderado", id="both axes"),
    pytest.param(2, 2, [PA], "20", "40", "Muy Baja", "Menor", "moderado", "bajo", id="exactly on a band"),
    pytest.param(1, 5, [PA] * 3, "2.5", "100", "Muy Baja", "Catastrófico", "extremo", "extremo", id="three cuts"),
    pytest.param(5, 2, [CA, CM], "100", "19.5", "Muy Alta", "Leve", "alto", "alto", id="two correctives"),
    pytest.param(5, 5, [PA, PM, DA, CA], "18", "65", "Muy Baja", "Mayor", "extremo", "alto", id="four controls"),
    pytest.param(5, 4, [PA, DA, DM, CA, CM], "21", "39", "Baja", "Menor", "alto", "moderado", id="five controls"),
]


@pytest.mark.parametrize(("p", "i", "chain", "p_end", "i_end", "p_name", "i_name", "before", "after"), WORKED)
def test_worked_examples(
    p: int,
    i: int,
    chain: list[Control],
    p_end: str,
    i_end: str,
    p_name: str,
    i_name: str,
    before: str,
    after: str,
    method: Method,
) -> None:
    left = method.residual(p, i, chain)

    assert method.zone(p, i) == before
    assert (left.p, left.i) == (Decimal(p_end), Decimal(i_end))
    assert (left.p_level.label, left.i_level.label, left.zone) == (p_name, i_name, after)


def test_steps_tell_what_each_control_left(method: Method) -> None:
    left = method.residual(3, 4, [PM, DM])

    assert [(s.tipo, s.weight, s.p, s.i) for s in left.steps] == [
        ("preventivo", Decimal(40), Decimal(36), Decimal(80)),
        ("detectivo", Decimal(30), Decimal("25.2"), Decimal(80)),
    ]


def test_rating_goes_as_far_as_the_answers(method: Method) -> None:
    nothing = method.rate(None, None, None)
    half = method.rate(501, None, None)
    whole = method.rate(501, None, 5, [PM])

    assert (nothing.probability, nothing.impact, nothing.zone, nothing.residual) == (None, None, None, None)
    assert (half.probability, half.impact, half.zone, half.residual) == (4, None, None, None)
    assert whole.zone == "extremo"
    assert whole.residual and whole.residual.p == 48


def test_percent_that_binary_floats_put_in_the_next_band(method: Method) -> None:
    """In binary 0.8 x 0.75 is a little more than 0.6: Mayor instead of Moderado."""
    left = method.residual(1, 4, [CM])

    assert 0.8 * 0.75 > 0.6
    assert (left.i, left.i_level.label) == (Decimal(60), "Moderado")


@given(levels, levels, controls.flatmap(lambda chain: st.tuples(st.just(chain), st.permutations(chain))))
def test_order_of_controls_does_not_change_what_is_left(
    p: int, i: int, orders: tuple[list[Control], list[Control]]
) -> None:
    chain, shuffled = orders

    one, other = load("v6").residual(p, i, chain), load("v6").residual(p, i, shuffled)

    assert (one.p, one.i, one.p_level, one.i_level, one.zone) == (
        other.p,
        other.i,
        other.p_level,
        other.i_level,
        other.zone,
    )


@given(levels, levels, controls, st.sampled_from([PA, PM, DA, DM, CA, CM]))
def test_one_more_control_never_raises_anything(p: int, i: int, chain: list[Control], more: Control) -> None:
    method = load("v6")
    before, after = method.residual(p, i, chain), method.residual(p, i, [*chain, more])

    assert (after.p, after.i) < (before.p, before.i) or (after.i, after.p) < (before.i, before.p)
    assert after.p <= before.p and after.i <= before.i
    assert after.p_level <= before.p_level and after.i_level <= before.i_level
    assert ZONES.index(after.zone) <= ZONES.index(before.zone)


@given(levels, levels, controls)
def test_a_residual_lies_in_its_band_and_its_zone_in_the_map(p: int, i: int, chain: list[Control]) -> None:
    method = load("v6")
    left = method.residual(p, i, chain)

    assert 20 * (left.p_level - 1) < left.p <= 20 * left.p_level
    assert 20 * (left.i_level - 1) < left.i <= 20 * left.i_level
    assert left.zone == method.zone(left.p_level, left.i_level)
    assert len(left.steps) == len(chain)


@given(st.integers(0, 20_000), st.integers(0, 20_000))
def test_more_often_is_never_less_probable(one: int, other: int) -> None:
    low, high = sorted((one, other))

    assert load("v6").probability(low) <= load("v6").probability(high)


@given(st.decimals(0, 1000, places=2), st.decimals(0, 1000, places=2), levels)
def test_more_money_is_never_a_lower_impact(one: Decimal, other: Decimal, reputational: int) -> None:
    method = load("v6")
    low, high = (method.impact(amount, reputational) for amount in sorted((one, other)))

    assert low and high and reputational <= low <= high


@given(levels, levels)
def test_the_map_never_falls_as_a_level_rises(p: int, i: int) -> None:
    method = load("v6")
    here = ZONES.index(method.zone(p, i))

    assert p == 5 or here <= ZONES.index(method.zone(p + 1, i))
    assert i == 5 or here <= ZONES.index(method.zone(p, i + 1))


@pytest.mark.parametrize(
    ("times", "text"),
    [
        (2, "2 veces al año o menos: Muy Baja (20 %)"),
        (3, "Entre 3 y 24 veces al año: Baja (40 %)"),
        (500, "Entre 25 y 500 veces al año: Media (60 %)"),
        (501, "Entre 501 y 5.000 veces al año: Alta (80 %)"),
        (5001, "Más de 5.000 veces al año: Muy Alta (100 %)"),
    ],
)
def test_rule_of_a_probability(times: int, text: str, method: Method) -> None:
    assert method.rule_text(times_a_year=times) == text


@pytest.mark.parametrize(
    ("smlmv", "down", "up"),
    [
        ("10", "Hasta 10 SMLMV: Leve (20 %)", "Desde 10 y menos de 50 SMLMV: Menor (40 %)"),
        ("50", "Más de 10 y hasta 50 SMLMV: Menor (40 %)", "Desde 50 y menos de 100 SMLMV: Moderado (60 %)"),
        ("9", "Hasta 10 SMLMV: Leve (20 %)", "Menos de 10 SMLMV: Leve (20 %)"),
        ("501", "Más de 500 SMLMV: Catastrófico (100 %)", "Desde 500 SMLMV: Catastrófico (100 %)"),
    ],
)
def test_rule_of_an_amount_names_its_side(smlmv: str, down: str, up: str, method: Method) -> None:
    assert method.rule_text(smlmv=Decimal(smlmv)) == down
    assert replace(method, equal_goes_down=False).rule_text(smlmv=Decimal(smlmv)) == up


def test_rule_of_two_impacts_says_which_counts(method: Method) -> None:
    text = method.rule_text(smlmv=Decimal(60), reputational=5)

    assert text == (
        "Más de 50 y hasta 100 SMLMV: Moderado (60 %). "
        "La imagen se afecta con publicidad sostenida en todo el país: Catastrófico (100 %). "
        "De los dos impactos vale el mayor: Catastrófico (100 %)"
    )


def test_no_answer_has_no_rule(method: Method) -> None:
    assert method.rule_text() == ""


@pytest.mark.parametrize("version", ["v5", "v6"])
def test_corruption_impact_counts_the_questions(version: str) -> None:
    method = load(version)
    others = [n for n in range(1, 20) if n != 16]

    assert method.corruption_impact([]) is None
    assert [method.corruption_impact(others[:n]) for n in (1, 5, 6, 11, 12, 18)] == [3, 3, 4, 4, 5, 5]
    assert method.corruption_impact([16]) == 5
    assert method.corruption_impact(range(1, 20)) == 5


def test_v7_has_no_corruption_questions() -> None:
    with pytest.raises(ValueError, match="no corruption questions"):
        load("v7").corruption_impact([1])

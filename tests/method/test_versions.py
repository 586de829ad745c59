"""Which versions compute, which are only read, and what each brings."""

from decimal import Decimal
from itertools import product

import pytest

from peti_desktop import catalogues
from peti_desktop.errors import UserError
from peti_desktop.method import ReadOnlyMethod, computes, load

# The map of v3, from probability 5 down, impact 1 to 5.
V3_MAP = """
A A E E E
M A A E E
B M A E E
B B M A E
B B M A A
"""
LETTERS = {"B": "bajo", "M": "moderado", "A": "alto", "E": "extremo"}


def test_versions_with_percentages_compute() -> None:
    assert {version: computes(version) for version in ("v3", "v4", "v5", "v6", "v7")} == {
        "v3": False,
        "v4": False,
        "v5": True,
        "v6": True,
        "v7": True,
    }


@pytest.mark.parametrize("version", ["v3", "v4"])
def test_old_versions_refuse_to_compute(version: str) -> None:
    method = load(version)

    for attempt in (
        lambda: method.probability(3),
        lambda: method.impact(Decimal(60), None),
        lambda: method.impact(None, None),
        lambda: method.control_weight("preventivo", "manual"),
        lambda: method.residual(3, 4, []),
        lambda: method.rate(None, None, None),
        lambda: method.corruption_impact([1]),
        lambda: method.rule_text(times_a_year=3),
    ):
        with pytest.raises(ReadOnlyMethod, match=f"versión {version[1:]}"):
            attempt()


def test_all_cells_of_v3() -> None:
    method = load("v3")
    rows = [line.split() for line in V3_MAP.strip().splitlines()]

    for p, i in product(range(1, 6), repeat=2):
        assert method.zone(p, i) == LETTERS[rows[5 - p][i - 1]]


def test_v4_has_no_map() -> None:
    with pytest.raises(ReadOnlyMethod):
        load("v4").zone(3, 3)


def test_old_levels_have_no_percent() -> None:
    method = load("v3")

    assert [level.label for level in method.probabilities] == [
        "Rara vez",
        "Improbable",
        "Posible",
        "Probable",
        "Casi seguro",
    ]
    assert all(level.percent is None and level.text == level.label for level in method.impacts)


def test_unknown_version_is_refused_with_words() -> None:
    with pytest.raises(UserError, match="«v8»"):
        load("v8")
    with pytest.raises(UserError, match="«v8»"):
        computes("v8")


@pytest.mark.parametrize(("version", "factors"), [("v5", 5), ("v6", 5), ("v7", 6)])
def test_factors_and_classes_of_each_version(version: str, factors: int) -> None:
    lists = catalogues.load(version)

    assert len(lists.entries("factor")) == factors
    assert len(lists.entries("clasificacion")) == 7


def test_factor_codes_stay_the_same_from_v6_to_v7() -> None:
    old = {entry.code for entry in catalogues.load("v6").entries("factor")}
    new = {entry.code for entry in catalogues.load("v7").entries("factor")}

    assert old < new
    assert catalogues.load("v7").find("factor", "FR04") == "tecnologia"


def test_what_each_version_rates_corruption_with() -> None:
    questions = {v: len(catalogues.load(v).entries("pregunta_corrupcion")) for v in ("v4", "v5", "v6", "v7")}
    kinds = {v: {entry.code for entry in catalogues.load(v).entries("tipo_riesgo")} for v in ("v5", "v6", "v7")}

    assert questions == {"v4": 19, "v5": 19, "v6": 19, "v7": 0}
    assert kinds["v6"] - kinds["v5"] == {"fiscal"}
    assert kinds["v7"] - kinds["v6"] == {"integridad"}


def test_treatments_keep_their_code_and_change_their_name() -> None:
    v6, v7 = catalogues.load("v6"), catalogues.load("v7")

    assert (v6.label("tratamiento", "compartir"), v7.label("tratamiento", "compartir")) == (
        "Reducir (transferir)",
        "Compartir",
    )
    assert v7.find("tratamiento", "Reducir (transferir)") == v6.find("tratamiento", "Compartir") == "compartir"
    accept = v6.entry("tratamiento", "aceptar")
    assert accept and accept.extra["zonas"] == ["bajo", "moderado"]

"""How far an indicator has come follows from its two ends; what counts is the latest period."""

from decimal import Decimal

import pytest

from peti_desktop.peti.indicators import MEETS, MIDDLE, MISSES, UNKNOWN, begin, light, standings
from peti_desktop.records.avance import reached
from peti_desktop.records.fields import NO_APLICA
from peti_desktop.workspace import Workspace


@pytest.mark.parametrize(
    ("base", "goal", "value", "percent"),
    [
        (None, "4", "1", "25"),
        (NO_APLICA, "3", "1", "33.33"),
        (None, "3", "2", "66.67"),
        ("42.9", "47.0", "44.95", "50"),
        ("0.57", "1.5", "0.57", "0"),
        ("42.9", "47.0", "42.5", "-9.76"),
        ("10", "2", "4", "75"),
        ("10", "2", "12", "-25"),
        ("5", "5", "5", "100"),
        ("5", "5", "4", "0"),
        (None, "2", "26", "1300"),
        (None, None, "3", None),
        (None, "3", None, None),
    ],
)
def test_what_was_reached(base: object, goal: str | None, value: str | None, percent: str | None) -> None:
    start = Decimal(base) if isinstance(base, str) else NO_APLICA if base is NO_APLICA else None
    ends = [Decimal(text) if text is not None else None for text in (goal, value)]

    assert reached(start, *ends) == (Decimal(percent) if percent is not None else None)


@pytest.mark.parametrize(
    ("percent", "shown"),
    [("95", MEETS), ("94.99", MIDDLE), ("70.01", MIDDLE), ("70", MISSES), ("-3", MISSES), (None, UNKNOWN)],
)
def test_the_light(percent: str | None, shown: str) -> None:
    assert light(Decimal(percent) if percent else None) == shown


def test_every_indicator_of_the_plan_stands_with_its_base_and_goal(ws: Workspace) -> None:
    found = {standing.code: standing for standing in standings(ws)}

    assert len(found) == 14
    assert (found["IR-1"].base, found["IR-1"].goal, found["IR-1"].light) == (Decimal("42.9"), Decimal("47.0"), UNKNOWN)
    assert (found["IP-07"].goal, found["IP-07"].programme) == (Decimal(3200), "PRG-1")


def test_the_latest_period_counts_and_a_new_progress_begins_with_the_plan(ws: Workspace) -> None:
    for period, value in (("anual", "4"), ("trimestre_1", "1"), ("trimestre_2", "3")):
        made = begin(ws, "IP-02")
        assert made.values["meta"] == Decimal(4)
        ws.put("avance", made.uid, {"periodo": period, "valor": value, "evidencia": "acta"})
    begin(ws, "IP-02")  # nobody measured yet: it hides nothing

    found = next(standing for standing in standings(ws) if standing.code == "IP-02")

    assert (found.value, found.percent, found.light) == (Decimal(4), Decimal(100), MEETS)
    assert next(s for s in standings(ws, 2025) if s.code == "IP-02").progress is None


def test_what_was_reached_follows_the_numbers_and_undo(ws: Workspace) -> None:
    made = begin(ws, "IR-1")
    ws.put("avance", made.uid, {"valor": "44,95"})
    assert ws.record("avance", made.uid).values["cumplimiento_pct"] == Decimal(50)

    ws.put("avance", made.uid, {"meta": "42,9"})
    assert ws.record("avance", made.uid).values["cumplimiento_pct"] == Decimal(100)

    ws.undo()
    assert ws.record("avance", made.uid).values["cumplimiento_pct"] == Decimal(50)

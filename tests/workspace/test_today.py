"""What follows from the day is right on the day it is read, whenever it was written."""

from collections.abc import Iterator
from datetime import UTC, date, datetime
from pathlib import Path

import pytest

from peti_desktop.reports.figures import figures
from peti_desktop.workspace import Workspace

BEFORE, AFTER = datetime(2020, 1, 10, 17, 0, tzinfo=UTC), datetime(2026, 1, 20, 17, 0, tzinfo=UTC)
REASON = "Windows 7: sin soporte desde 14-ene-2020"


class Clock:
    """A clock that goes when it is told to."""

    time = BEFORE

    def __call__(self) -> datetime:
        return self.time


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def ws(tmp_path: Path, clock: Clock) -> Iterator[Workspace]:
    with Workspace.create(
        tmp_path / "a.sqlite", perfil="dependencia", dependencia="SALUD", nombre="A", cargo="", vigencia=2026,
        clock=clock,
    ) as made:  # fmt: skip
        yield made


def test_device_gets_obsolete_while_nobody_touches_it(ws: Workspace, clock: Clock) -> None:
    device = ws.new("equipo", {"placa": "1", "sistema_operativo": "windows_7"})
    then = (device.values["obsolescencia"], figures(ws).obsolete_total)
    clock.time = AFTER

    assert then == (None, 0)
    assert ws.record("equipo", device.uid).values["obsolescencia"] == REASON
    assert [record.values["obsolescencia"] for record in ws.records("equipo")] == [REASON]
    assert [(count.label, count.count) for count in figures(ws).obsolete] == [(REASON, 1)]
    assert ws.put("equipo", device.uid, {"placa": "1"}).values["obsolescencia"] == REASON


def test_support_of_a_system_runs_out_while_nobody_touches_it(ws: Workspace, clock: Clock) -> None:
    system = ws.new("sistema", {"nombre": "SIEP", "soporte_hasta": date(2025, 12, 31)})
    clock.time = AFTER
    with Workspace.open(ws.store.path, writing=False, clock=clock) as read_only:
        found = read_only.record("sistema", system.uid)

    assert system.values["soporte"] == "Vigente hasta 31-dic-2025"
    assert found.values["soporte"] == "Sin soporte desde 31-dic-2025"
    assert found.revision == system.revision

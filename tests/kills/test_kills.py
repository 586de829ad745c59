"""Whatever was acknowledged before ``kill -9`` is there afterwards; ``PETI_KILLS`` sets how many times it is tried."""

import os
import subprocess
import sys
from datetime import UTC, date, datetime
from pathlib import Path

from peti_desktop.moments import now
from peti_desktop.progress import silent
from peti_desktop.workspace import Workspace
from tests.kills.life import campaign
from ui.opening import recovered, settle

KILLS = int(os.environ.get("PETI_KILLS", "24"))


def test_nothing_acknowledged_is_lost_whenever_the_program_is_killed(tmp_path: Path) -> None:
    doing, wrong = campaign(tmp_path, KILLS, seed=3)

    assert wrong == []
    assert len(doing) >= min(3, KILLS)


CUT_OFF = """
import os, sys
from peti_desktop.workspace import Workspace
ws = Workspace.open(sys.argv[1])
ws.new("equipo", {"placa": "K"})
os._exit(9)
"""


def test_the_return_after_a_kill_tells_until_when_all_is_there(tmp_path: Path) -> None:
    path = tmp_path / "a.sqlite"
    Workspace.create(path, perfil="dependencia", dependencia="SALUD", nombre="A", cargo="", vigencia=2026).close()
    with Workspace.open(path) as ws:
        assert ws.recovered_until is None
        assert settle(ws, silent) == ""
    before = now()
    subprocess.run([sys.executable, "-c", CUT_OFF, str(path)], check=False, timeout=60)

    with Workspace.open(path) as ws:
        assert ws.counts()["equipo"] == 1
        assert ws.recovered_until is not None
        assert before <= ws.recovered_until <= now()
        assert "Se recuperó lo escrito hasta la" in settle(ws, silent)
    with Workspace.open(path) as ws:
        assert ws.recovered_until is None


def test_until_when_is_told_by_the_hour_and_on_another_day_with_the_day() -> None:
    until = datetime(2026, 11, 22, 15, 42, tzinfo=UTC)

    assert recovered(until, date(2026, 11, 22)).endswith("Se recuperó lo escrito hasta las 10:42.")
    assert recovered(until.replace(hour=6), date(2026, 11, 22)).endswith("hasta la 01:42.")
    assert recovered(until, date(2026, 11, 23)).endswith("hasta 22-nov-2026, 10:42.")

"""Killed at any moment while copying or restoring, the store and every copy with its final name open whole."""

import random
import subprocess
import sys
import time

import pytest

from peti_desktop import copies
from peti_desktop.workspace import Workspace

KILLS = 15

COPYING = """
import sys
from pathlib import Path
from peti_desktop import copies
from peti_desktop.workspace import Workspace
ws = Workspace.open(sys.argv[1])
n = 0
while True:
    n += 1
    ws.new("equipo", {"placa": f"K-{n}"})
    print(ws.counts()["equipo"], flush=True)
    copies.keep(ws, copies.ASKED_FOR)
"""

RESTORING = """
import sys
from pathlib import Path
from peti_desktop import copies, restoring
from peti_desktop.workspace import Workspace
path = Path(sys.argv[1])
ws = Workspace.open(path)
while True:
    copy = copies.keep(ws, copies.ASKED_FOR).path
    ws.new("equipo", {"placa": "K"})
    print(ws.counts()["equipo"] - 1, flush=True)
    ws = restoring.restore(copy, path, ws=ws)
"""


@pytest.mark.parametrize("script", [COPYING, RESTORING], ids=["copying", "restoring"])
def test_killed_at_any_moment(ws: Workspace, script: str) -> None:
    path = ws.store.path
    for n in range(100):
        ws.new("equipo", {"placa": f"P-{n}", "observaciones": "x" * 500})
    ws.close()
    chance = random.Random(7)

    for _ in range(KILLS):
        child = subprocess.Popen([sys.executable, "-c", script, path], stdout=subprocess.PIPE, text=True)
        assert child.stdout is not None
        acknowledged = int(child.stdout.readline())
        time.sleep(chance.uniform(0.0, 0.4))
        child.kill()
        said = [acknowledged, *(int(line) for line in child.stdout.read().split() if line.isdigit())]
        child.wait()
        child.stdout.close()

        with Workspace.open(path) as again:
            assert again.counts()["equipo"] >= said[-1]
        found = sorted(path.with_name("salud_copias").glob("*.sqlite"))
        for copy in found[-3:]:
            assert copies.examine(copy).counts is not None
    for copy in found:
        copies.examine(copy)

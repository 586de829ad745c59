"""A block of cells is one act: good cells are set, the rest wait as drafts; all of it or nothing; one undo."""

import signal
import sqlite3
import subprocess
import sys
from collections.abc import Iterator, Mapping
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import event

from peti_desktop.errors import Cancelled
from peti_desktop.records import TYPES
from peti_desktop.workspace import Workspace

ROW = {"placa": "A-1", "tipo": "Computador portátil", "estado": "En uso", "marca": "HP", "anio": "2019"}


@pytest.fixture
def store(tmp_path: Path) -> Path:
    return tmp_path / "a.sqlite"


@pytest.fixture
def ws(store: Path) -> Iterator[Workspace]:
    with Workspace.create(
        store, perfil="dependencia", dependencia="SALUD", nombre="Ana", cargo="", vigencia=2026
    ) as made:
        yield made


def block(rows: int, **other: str) -> list[Mapping[str, str]]:
    return [ROW | {"placa": f"A-{n}"} | other for n in range(rows)]


def content(ws: Workspace) -> dict[str, tuple[Any, ...]]:
    """Everything in force that a person sees."""
    return {r.uid: (r.type, r.values, dict(r.drafts)) for name in TYPES for r in ws.records(name)}


def test_good_cells_are_set_and_wrong_ones_wait_with_their_reason(ws: Workspace) -> None:
    old = ws.new("equipo", {"anio": 2015, "marca": "Dell"})

    done = ws.alter("equipo", "pegar 2 filas", {old.uid: {"anio": "20x9", "marca": "HP"}}, block(1, tipo="nave"))

    changed = ws.record("equipo", old.uid)
    assert (changed.values["anio"], changed.values["marca"], changed.drafts) == (2015, "HP", {"anio": "20x9"})
    born = ws.record("equipo", done.born[0])
    assert (born.values["placa"], born.values["tipo"], born.drafts) == ("A-0", None, {"tipo": "nave"})
    assert [(m.uid, m.field, m.reason) for m in done.misread] == [
        (old.uid, "anio", "«20x9» no es un número entero."),
        (born.uid, "tipo", "«nave» no está en la lista."),
    ]
    assert "Año: «20x9» no es un número entero." in [p.problem.text for p in ws.problems() if p.uid == old.uid]


def test_one_undo_restores_everything_and_redo_does_it_again(ws: Workspace) -> None:
    devices = [ws.new("equipo", {"anio": 2010 + n, "serial": f"S{n}"}).uid for n in range(3)]
    ws.put("equipo", devices[0], {"marca": "Dell", "anio": "dos mil"})
    before = content(ws)
    assert before[devices[0]][2] == {"anio": "dos mil"}
    changes = {uid: {"anio": wrong, "serial": ""} for uid, wrong in zip(devices, ("2020", "?", "2021"), strict=True)}

    ws.alter("equipo", "pegar 43 filas", changes, block(40, anio="?"))
    after = content(ws)

    assert ws.undoable()[0] == "pegar 43 filas"
    ws.undo()
    assert content(ws) == before
    ws.redo()
    assert content(ws) == after


def test_a_block_over_children_rates_their_parents_anew(ws: Workspace) -> None:
    risk = ws.new("riesgo", {"frecuencia_anual": 100, "impacto_reputacional": "3"})
    controls = [ws.new("control", {"riesgo": risk.uid}).uid for _ in range(3)]
    before = content(ws)

    good = {"tipo": "preventivo", "implementacion": "automatico"}
    ws.alter("control", "pegar 3 filas", dict.fromkeys(controls, good))

    assert ws.record("riesgo", risk.uid).values["probabilidad_residual"] == 1
    ws.undo()
    assert content(ws) == before


def test_cancelled_halfway_leaves_nothing(ws: Workspace) -> None:
    old = ws.new("equipo", {"marca": "Dell"})
    before = content(ws)

    def stop(done: int, total: int, text: str) -> None:
        if done >= 50 and "Creando" in text:
            raise Cancelled

    with pytest.raises(Cancelled):
        ws.alter("equipo", "pegar", {old.uid: {"marca": "HP"}}, block(100), stop)

    assert content(ws) == before
    assert ws.undoable()[0] == "crear equipo"


def test_a_block_costs_the_same_few_statements_whatever_its_size(ws: Workspace) -> None:
    statements: list[str] = []
    event.listen(ws.store.engine, "before_cursor_execute", lambda *said: statements.append(said[2]))

    def cost(rows: int) -> int:
        statements.clear()
        born = ws.alter("equipo", "pegar", {}, block(rows)).born
        ws.alter("equipo", "pegar", {uid: {"anio": "20x9", "marca": "Lenovo"} for uid in born})
        ws.undo()
        ws.redo()
        return len(statements)

    assert cost(200) == cost(2)


PASTE = """
import os, sys
from pathlib import Path
from peti_desktop.workspace import Workspace

ws = Workspace.open(Path(sys.argv[1]))
rows = [{"placa": f"A-{n}", "marca": "HP", "anio": "2019", "tipo": "Computador portátil"} for n in range(2000)]
changes = {record.uid: {"marca": "Lenovo"} for record in ws.records("equipo")}

def tell(done, total, text):
    print(f"{text} {done}", flush=True)

ws.alter("equipo", "pegar 2.050 filas", changes, rows, tell)
print("done", flush=True)
sys.stdin.read()
"""


@pytest.mark.skipif(sys.platform == "win32", reason="kill -9 is a signal of Unix")
@pytest.mark.parametrize("moment", ["Cambiando equipos 0", "Creando equipos 0", "Creando equipos 1500", "Guardando 1"])
def test_killed_in_the_middle_of_a_paste_leaves_all_or_nothing(ws: Workspace, store: Path, moment: str) -> None:
    ws.alter("equipo", "pegar 50 filas", {}, block(50))
    ws.close()
    killed = subprocess.Popen(
        [sys.executable, "-c", PASTE, str(store)], stdout=subprocess.PIPE, stdin=subprocess.PIPE, text=True
    )
    assert killed.stdout is not None
    for line in killed.stdout:
        if line.startswith(moment):
            break
    killed.send_signal(signal.SIGKILL)
    killed.communicate()

    with Workspace.open(store) as after:
        devices = after.records("equipo")
        nothing = len(devices) == 50 and {d.values["marca"] for d in devices} == {"HP"}
        everything = len(devices) == 2050 and sum(d.values["marca"] == "Lenovo" for d in devices) == 50
        assert nothing or everything
        assert after.undoable()[0] == ("pegar 50 filas" if nothing else "pegar 2.050 filas")
    with closing(sqlite3.connect(store)) as connection:
        assert connection.execute("PRAGMA integrity_check").fetchone() == ("ok",)

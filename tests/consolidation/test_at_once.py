"""Several analysts on a server at the same moment, and a program that ends in the middle: what stands is what some
order of whole steps gives, and whoever came second is told in one sentence.
"""

import subprocess
import sys
import threading
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import pytest

from peti_desktop.consolidation import corrections, cuts
from peti_desktop.delivery import deliver
from peti_desktop.errors import UserError
from peti_desktop.intake import apply, inbox
from peti_desktop.records import TYPES
from peti_desktop.workspace import Workspace
from tests.conftest import Server
from tests.consolidation.conftest import Deliver
from tests.consolidation.test_undoing import content
from tests.exchange.conftest import Clock, Opener, Pki

WORK = """
import sys
from pathlib import Path
from peti_desktop.intake import apply, inbox
from peti_desktop.workspace import Workspace

apply.AT_ONCE_SECONDS = float(sys.argv[3])
with Workspace.open(sys.argv[1]) as ws:
    print("ready", flush=True)
    sys.stdin.readline()
    receipts = inbox.receive_all(ws, sorted(Path(sys.argv[2]).glob("*.xlsx")))

    def told(done, every, name):
        print("at", done, flush=True)
        if len(sys.argv) > 4:
            sys.stdin.readline()

    print(*(receipt.file for receipt in apply.accept_clean(ws, receipts, told)), sep="|", flush=True)
"""
"""Receives a folder and accepts what is clean; with a fourth word it waits for a line before each delivery."""


def _work(address: str, folder: Path, seconds: float, *more: str) -> "subprocess.Popen[str]":
    command = [sys.executable, "-c", WORK, address, str(folder), str(seconds), *more]
    child = subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True, encoding="utf-8")
    assert child.stdout and child.stdout.readline() == "ready\n"
    return child


def _say(child: "subprocess.Popen[str]") -> None:
    assert child.stdin
    child.stdin.write("\n")
    child.stdin.flush()


@pytest.fixture
def folder(salud: Workspace, opened: Opener, pki: Pki, clock: Clock, tmp_path: Path) -> Path:
    """Deliveries of two dependencias: three of one, one of the other."""
    hacienda, device = opened("hacienda", "HACIENDA"), salud.records("equipo")[0].uid
    hacienda.new("equipo", {"tipo": "portatil", "placa": "H-1", "estado": "en_uso"})
    deliver.deliver(hacienda, pki.hacienda, tmp_path / "usb")
    for marca in ("HP", "Dell", "Lenovo"):
        clock.later()
        salud.put("equipo", device, {"marca": marca})
        deliver.deliver(salud, pki.salud, tmp_path / "usb")
    return tmp_path / "usb"


def _said(ws: Workspace) -> dict[str, Any]:
    """What is in force, whoever did it and whenever."""
    return {r.uid: (r.dependencia, r.retired, r.values) for name in TYPES for r in ws.records(name, retired=None)}


@pytest.mark.parametrize("kind", ["postgresql"])
def test_two_who_take_in_the_same_folder_at_once_do_it_once(office: Workspace, server: Server, folder: Path) -> None:
    name = str(office.store.engine.url.database)
    children = [_work(server.address(name, user), folder, 0.001) for user in ("ana", "luis")]

    for child in children:
        _say(child)
    told = [child.communicate(timeout=120)[0].splitlines()[-1].split("|") for child in children]

    taken = sorted(file for of in told for file in of if file)
    assert taken == sorted(path.name for path in folder.glob("*.xlsx"))
    states = sorted((r.dependencia, r.number, r.state) for r in inbox.listing(office))
    assert [state for *_, state in states] == ["aceptada", "reemplazada", "reemplazada", "aceptada"]
    assert {r.values["marca"] for r in office.records("equipo") if r.dependencia == "SALUD"} == {"Lenovo"}


@pytest.mark.parametrize("kind", ["sqlite"])
def test_killed_in_the_middle_of_a_batch_leaves_whole_deliveries_and_undo_goes_back(
    office: Workspace, opened: Opener, folder: Path
) -> None:
    address = str(office.store.engine.url.database)
    before = content(office)
    office.close()
    child = _work(address, folder, 0.001, "step by step")
    _say(child)
    assert child.stdout
    for _ in range(2):
        assert child.stdout.readline().startswith("at ")
        _say(child)
    assert child.stdout.readline().startswith("at ")  # two are stored, the third is under way
    child.kill()
    child.communicate()

    with Workspace.open(address) as ws:
        states = sorted(r.state for r in inbox.listing(ws))
        assert states.count("recibida") == 2
        assert set(states) <= {"aceptada", "reemplazada", "recibida"}
        half = {r.dependencia for r in ws.records("equipo")}
        assert half == {r.dependencia for r in inbox.listing(ws) if r.state != "recibida"}
        assert apply.undo_last(ws) == "la aceptación de 2 entregas"
        assert {r.state for r in inbox.listing(ws)} == {"recibida"}
        nothing = content(ws)
        assert {name: nothing[name] for name in TYPES} == {name: before[name] for name in TYPES}
        assert len(apply.accept_clean(ws, inbox.listing(ws))) == 4


@pytest.mark.parametrize("kind", ["postgresql"])
def test_connection_lost_in_the_middle_of_a_batch_leaves_whole_deliveries(
    office: Workspace, server: Server, folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(apply, "AT_ONCE_SECONDS", 0.001)
    receipts = inbox.receive_all(office, sorted(folder.glob("*.xlsx")))

    def cut(done: int, _all: int, _words: str) -> None:
        if done == 2:
            name = office.store.engine.url.database
            server.run(f"SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = '{name}'")

    with pytest.raises(UserError, match="Se perdió la conexión con el servidor"):
        apply.accept_clean(office, receipts, cut)

    assert sorted(r.state for r in inbox.listing(office)).count("recibida") == 2
    accepted = {r.dependencia for r in inbox.listing(office) if r.state != "recibida"}
    assert {r.dependencia for r in office.records("equipo")} == accepted
    assert apply.undo_last(office) == "la aceptación de 2 entregas"
    assert office.counts()["equipo"] == 0
    assert len(apply.accept_clean(office, inbox.listing(office))) == 4


@pytest.fixture
def luis(office: Workspace, server: Server) -> Iterator[Workspace]:
    address = server.address(str(office.store.engine.url.database), "luis")
    with Workspace.open(address, clock=office.clock) as ws:
        ws.set_settings({"nombre": "Luis Peña", "cargo": "Profesional"})
        yield ws


def _both(one: Callable[[], object], other: Callable[[], object]) -> list[object]:
    """What two give that begin at the same moment; a UserError is what it says."""
    gate = threading.Barrier(2)

    def run(work: Callable[[], object]) -> object:
        gate.wait()
        try:
            return work()
        except UserError as error:
            return error

    with ThreadPoolExecutor(2) as pool:
        return [each.result() for each in [pool.submit(run, one), pool.submit(run, other)]]


@pytest.mark.parametrize("kind", ["postgresql"])
@pytest.mark.usefixtures("accepted")
def test_of_two_who_correct_the_same_cell_one_is_told(office: Workspace, luis: Workspace) -> None:
    device = office.records("equipo")[0]
    seen = {device.uid: device.revision}

    def correct(ws: Workspace, value: str) -> int:
        return corrections.correct_many(ws, "equipo", {device.uid: {"marca": value}}, "se vio", seen)

    done = _both(lambda: correct(office, "HP"), lambda: correct(luis, "Dell"))

    [lost] = [each for each in done if isinstance(each, UserError)]
    assert lost.what.count(".") == 1
    winner = "HP" if done[0] == 1 else "Dell"
    assert office.record("equipo", device.uid).values["marca"] == winner
    assert [c.corrected for c in corrections.listing(office)] == [winner]


@pytest.mark.parametrize("kind", ["postgresql"])
@pytest.mark.usefixtures("accepted")
def test_a_cut_sealed_while_another_accepts_holds_all_of_it_or_nothing(
    office: Workspace, luis: Workspace, salud: Workspace, delivers: Deliver
) -> None:
    salud.put("equipo", salud.records("equipo")[0].uid, {"marca": "HP"})
    salud.put("riesgo", salud.records("riesgo")[0].uid, {"frecuencia_anual": "6000"})
    salud.new("equipo", {"tipo": "portatil", "placa": "9", "estado": "en_uso"})
    receipt, before = delivers(), _said(office)

    sealed, _done = _both(lambda: cuts.seal(office, "Primero").cut.uid, lambda: apply.accept(luis, receipt.sha256))

    after = _said(office)
    with cuts.opened(office, str(sealed)) as seen:
        held = _said(seen)
    assert after != before
    assert held in (before, after)
    assert inbox.listing(office)[-1].state in {"aceptada", "reemplazada"}

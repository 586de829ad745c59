"""Several analysts in the office's store on a server: all that each did is there, or they are told why not."""

import subprocess
import sys
import threading
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
from sqlalchemy import Connection, event, select

from db import postgres
from db.schema import metadata
from peti_desktop import binnacle, logbook
from peti_desktop.delivery import deliver
from peti_desktop.errors import UserError
from peti_desktop.intake import apply, inbox
from peti_desktop.intake.receipt import Receipt
from peti_desktop.workspace import Workspace

if TYPE_CHECKING:
    from tests.conftest import Server
    from tests.exchange.conftest import Opener, Pki

ACCEPT = """
import sys
from peti_desktop.errors import UserError
from peti_desktop.intake import apply
from peti_desktop.workspace import Workspace

with Workspace.open(sys.argv[1]) as ws:
    print("ready", flush=True)
    sys.stdin.readline()
    try:
        apply.accept(ws, sys.argv[2])
        print("accepted")
    except UserError as error:
        print(error.what)
"""


@pytest.fixture
def kind() -> str:
    return "postgresql"


@pytest.fixture
def luis(office: Workspace, server: "Server") -> Iterator[Workspace]:
    """A second analyst in the same store."""
    with Workspace.open(_address(office, server, "luis"), clock=office.clock) as ws:
        ws.set_settings({"nombre": "Luis Peña", "cargo": "Profesional"})
        yield ws


def _address(ws: Workspace, server: "Server", user: str = "ana") -> str:
    return server.address(str(ws.store.engine.url.database), user)


def _both(opened: "Opener", pki: "Pki", office: Workspace, salud: Workspace, folder: Path) -> list[Receipt]:
    """Deliveries of two dependencias, received and waiting."""
    hacienda = opened("hacienda", "HACIENDA")
    hacienda.new("equipo", {"tipo": "portatil", "placa": "H-1", "estado": "en_uso"})
    paths = [
        deliver.deliver(salud, pki.salud, folder / "usb").path,
        deliver.deliver(hacienda, pki.hacienda, folder / "usb").path,
    ]
    return inbox.receive_all(office, paths)


def _at_once(office: Workspace, server: "Server", hashes: list[str]) -> list[str]:
    """What two processes say that accept at the same moment, each as its own analyst."""
    children = [
        subprocess.Popen(
            [sys.executable, "-c", ACCEPT, _address(office, server, user), sha256],
            stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True, encoding="utf-8",
        )
        for user, sha256 in zip(("ana", "luis"), hashes, strict=True)
    ]  # fmt: skip
    for child in children:
        assert child.stdout is not None
        assert child.stdout.readline() == "ready\n"
    with ThreadPoolExecutor(2) as both:
        return [said.strip() for said, _ in both.map(lambda child: child.communicate("go\n", timeout=60), children)]


def _content(ws: Workspace) -> dict[str, list[Any]]:
    with ws.read() as connection:
        return {
            name: [tuple(row) for row in connection.execute(select(table).order_by(*table.primary_key))]
            for name, table in metadata.tables.items()
        }


def test_two_accept_different_deliveries_at_once(
    opened: "Opener", pki: "Pki", office: Workspace, salud: Workspace, tmp_path: Path, server: "Server"
) -> None:
    receipts = _both(opened, pki, office, salud, tmp_path)

    said = _at_once(office, server, [receipt.sha256 for receipt in receipts])

    assert said == ["accepted", "accepted"]
    assert [receipt.state for receipt in inbox.listing(office)] == ["aceptada", "aceptada"]
    assert {r.dependencia for r in office.records("equipo")} == {"SALUD", "HACIENDA"}
    with office.read() as connection:
        assert binnacle.broken(connection) is None


def test_two_accept_the_same_delivery_at_once(office: Workspace, delivered: Path, server: "Server") -> None:
    receipt = inbox.receive(office, delivered)

    said = _at_once(office, server, [receipt.sha256] * 2)

    assert sorted(said) == ["Esa entrega ya está aceptada.", "accepted"]
    assert office.counts()["riesgo"] == 1
    with office.read() as connection:
        assert binnacle.broken(connection) is None


def test_two_receive_the_same_file_at_once(office: Workspace, luis: Workspace, delivered: Path) -> None:
    with ThreadPoolExecutor(2) as both:
        receipts = list(both.map(lambda ws: inbox.receive(ws, delivered), (office, luis)))

    assert sorted(receipt.repeated for receipt in receipts) == [False, True]
    assert len(inbox.listing(office)) == 1


@pytest.mark.parametrize("statement", [3, 8, 15])
def test_connection_lost_in_the_middle_of_an_acceptance(
    office: Workspace, delivered: Path, server: "Server", statement: int
) -> None:
    receipt = inbox.receive(office, delivered)
    before = _content(office)
    done = 0

    def cut_off(connection: Connection, *_: object) -> None:
        nonlocal done
        done += 1
        if done == statement:
            name = office.store.engine.url.database
            server.run(f"SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = '{name}'")

    event.listen(office.store.engine, "before_cursor_execute", cut_off)
    with pytest.raises(UserError, match="Se perdió la conexión con el servidor"):
        apply.accept(office, receipt.sha256)
    event.remove(office.store.engine, "before_cursor_execute", cut_off)

    assert _content(office) == before
    apply.accept(office, receipt.sha256)
    assert office.counts()["riesgo"] == 1


def test_who_waits_in_vain_is_told_for_whom(
    office: Workspace, server: "Server", monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(postgres, "LOCK_SECONDS", 0.2)
    words = r"Otra persona está guardando en este momento \(por ana en "
    luis = Workspace.open(_address(office, server, "luis"))
    with luis, office.write(), pytest.raises(UserError, match=words) as caught:
        luis.new("equipo")

    assert "nada a medias" in caught.value.todo


def test_change_under_a_colleagues_eyes_is_refused(office: Workspace, luis: Workspace) -> None:
    seen = office.new("necesidad", {"descripcion": "Un servidor"})
    luis.put("necesidad", seen.uid, {"descripcion": "Dos servidores"}, seen.revision)

    with pytest.raises(UserError, match="Luis Peña – Profesional cambió este registro"):
        office.put("necesidad", seen.uid, {"descripcion": "Tres servidores"}, seen.revision)
    with pytest.raises(UserError, match="Luis Peña – Profesional cambió este registro"):
        office.alter("necesidad", "pegar", {seen.uid: {"descripcion": "x"}}, seen={seen.uid: seen.revision})

    assert office.record("necesidad", seen.uid).values["descripcion"] == "Dos servidores"


def test_own_typing_is_never_taken_for_a_colleagues(office: Workspace) -> None:
    seen = office.new("necesidad")
    for text in ("U", "Un", "Un servidor"):
        office.put("necesidad", seen.uid, {"descripcion": text}, seen.revision)

    assert office.record("necesidad", seen.uid).values["descripcion"] == "Un servidor"


def test_two_change_different_fields_at_once_and_both_stay(office: Workspace, luis: Workspace) -> None:
    uid = office.new("equipo", {"tipo": "portatil"}).uid
    fields = {office: "placa", luis: "serial"}

    def type_on(ws: Workspace) -> None:
        for number in range(10):
            ws.put("equipo", uid, {fields[ws]: f"N-{number}"})

    both = [threading.Thread(target=type_on, args=(ws,)) for ws in fields]
    for thread in both:
        thread.start()
    for thread in both:
        thread.join()

    values = office.record("equipo", uid).values
    assert (values["placa"], values["serial"]) == ("N-9", "N-9")


def test_references_are_given_once(office: Workspace, luis: Workspace) -> None:
    with ThreadPoolExecutor(2) as both:
        list(both.map(lambda ws: [ws.new("riesgo") for _ in range(8)], (office, luis)))

    given = sorted(str(record.values["referencia"]) for record in office.records("riesgo"))
    assert given == [f"R-{number:03}" for number in range(1, 17)]


def test_undo_is_ones_own(office: Workspace, luis: Workspace) -> None:
    uid = office.new("equipo", {"placa": "1"}).uid
    luis.put("equipo", uid, {"serial": "S"})

    assert office.undoable()[0] == "crear equipo"
    assert luis.undo().startswith("cambiar")

    record = office.record("equipo", uid)
    assert (record.values["serial"], record.retired) == (None, None)


def test_undo_never_takes_a_colleagues_work(office: Workspace, luis: Workspace) -> None:
    uid = office.new("equipo", {"placa": "1"}).uid
    office.put("equipo", uid, {"placa": "2"})
    luis.put("equipo", uid, {"placa": "3"})

    with pytest.raises(UserError, match=r"Luis Peña – Profesional cambió después «Placa de inventario» de «.*3»"):
        office.undo()

    assert office.record("equipo", uid).values["placa"] == "3"


def test_what_the_office_undoes_stands_in_the_log(office: Workspace) -> None:
    uid = office.new("equipo", {"placa": "1"}).uid
    office.put("equipo", uid, {"placa": "2"})

    office.undo()
    office.redo()

    told = [(entry.action, entry.detail) for entry in logbook.page(office, binnacle.Asked(), 0, 2)]
    words = "cambio: cambiar Placa de inventario"
    assert told == [("Rehacer", words), ("Deshacer", words)]


def test_each_analyst_has_their_own_name(office: Workspace, luis: Workspace, server: "Server") -> None:
    assert (office.info.who, luis.info.who) == ("Ana Núñez – Técnica", "Luis Peña – Profesional")

    with Workspace.open(_address(office, server)) as again:
        assert again.info.who == "Ana Núñez – Técnica"


def test_store_is_in_one_place_from_every_pc(
    office: Workspace, server: "Server", monkeypatch: pytest.MonkeyPatch
) -> None:
    before = office.setting("ejemplar")
    monkeypatch.setattr("peti_desktop.exemplar.machine", lambda: "another machine")

    with Workspace.open(_address(office, server, "luis")) as elsewhere:
        assert (elsewhere.from_elsewhere, elsewhere.setting("ejemplar")) == (False, before)

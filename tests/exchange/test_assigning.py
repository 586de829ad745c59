"""Who looks at a delivery: said in batches, undone in one step, and nobody's word lost under another's."""

from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from db.queries import log
from peti_desktop.delivery import deliver
from peti_desktop.errors import UserError
from peti_desktop.intake import apply, assigning, inbox
from peti_desktop.workspace import Workspace
from tests.exchange.conftest import Clock, Pki

if TYPE_CHECKING:
    from tests.conftest import Server


@pytest.fixture(params=["sqlite", "postgresql"])
def kind(request: pytest.FixtureRequest) -> str:
    return str(request.param)


@pytest.fixture
def received(office: Workspace, salud: Workspace, pki: Pki, clock: Clock, tmp_path: Path) -> list[str]:
    """Two deliveries that wait."""
    found = []
    for _ in range(2):
        clock.later()
        found.append(inbox.receive(office, deliver.deliver(salud, pki.salud, tmp_path / "usb").path).sha256)
    return found


def has(ws: Workspace) -> list[str]:
    return [receipt.assigned_to for receipt in inbox.listing(ws)]


def test_many_are_assigned_in_one_act_and_the_log_says_so(office: Workspace, received: list[str]) -> None:
    assert assigning.assign(office, dict.fromkeys(received, ""), " Luis  Peña ") == 2
    assert has(office) == ["Luis Peña", "Luis Peña"]
    assert assigning.assign(office, dict.fromkeys(received, "Luis Peña"), "Luis Peña") == 0
    assert assigning.people(office) == ["Ana Núñez", "Luis Peña"]
    with office.read() as connection:
        (entry,) = [row for row in log.walk(connection) if row["accion"] == "asignar entregas"]
    assert "n.º 2 de Secretaría de Salud" in entry["detalle"]

    assert office.undo() == "asignar 2 entregas a Luis Peña"
    assert has(office) == ["", ""]
    assert office.redo()
    assert has(office) == ["Luis Peña", "Luis Peña"]


def test_what_somebody_took_meanwhile_is_told_and_nothing_is_assigned(office: Workspace, received: list[str]) -> None:
    first, second = received
    assigning.assign(office, {second: ""}, "Luis Peña")

    with pytest.raises(UserError, match=r"n.º 2 de Secretaría de Salud la atiende Luis Peña desde hace un momento"):
        assigning.assign(office, {first: "", second: ""}, "Ana Núñez")
    assert has(office) == ["", "Luis Peña"]

    assert assigning.assign(office, {first: "", second: "Luis Peña"}, "Ana Núñez") == 2


def test_accepting_and_undoing_it_leave_who_has_it(office: Workspace, received: list[str]) -> None:
    assigning.assign(office, {received[0]: ""}, "Luis Peña")
    apply.accept(office, received[0])
    apply.undo_last(office)

    assert has(office) == ["Luis Peña", ""]


def test_clean_ones_of_somebody_else_are_not_accepted_in_batch(office: Workspace, received: list[str]) -> None:
    before = inbox.listing(office)
    assigning.assign(office, {received[1]: ""}, "Luis Peña")

    accepted = apply.accept_clean(office, before)

    assert [receipt.sha256 for receipt in accepted] == [received[0]]


def test_a_dependencia_assigns_nothing(salud: Workspace) -> None:
    with pytest.raises(UserError, match="Oficina TIC"):
        assigning.assign(salud, {"x": ""}, "Ana")


class TestTwoAnalysts:
    @pytest.fixture
    def kind(self) -> str:
        return "postgresql"

    @pytest.fixture
    def luis(self, office: Workspace, server: "Server") -> Iterator[Workspace]:
        address = server.address(str(office.store.engine.url.database), "luis")
        with Workspace.open(address, clock=office.clock) as ws:
            ws.set_settings({"nombre": "Luis Peña", "cargo": "Profesional"})
            yield ws

    def test_each_sees_and_respects_what_the_other_took(
        self, office: Workspace, luis: Workspace, received: list[str]
    ) -> None:
        assert assigning.people(office) == ["Ana Núñez", "Luis Peña"]
        assigning.assign(luis, {received[0]: ""}, "Luis Peña")
        assert has(office) == ["Luis Peña", ""]
        with pytest.raises(UserError, match="la atiende Luis Peña"):
            assigning.assign(office, {received[0]: ""}, "Ana Núñez")

        assigning.assign(office, {received[0]: "Luis Peña"}, "Ana Núñez")
        with pytest.raises(UserError, match="cambió después lo mismo"):
            luis.undo()
        assert has(luis) == ["Ana Núñez", ""]


def test_who_got_it_after_accepting_keeps_it_when_that_is_undone(office: Workspace, received: list[str]) -> None:
    apply.accept(office, received[0])
    assigning.assign(office, {received[0]: ""}, "Luis Peña")
    apply.undo_last(office)

    assert has(office) == ["Luis Peña", ""]

"""An office that has accepted a first delivery of one dependencia, on either kind of store."""

from collections.abc import Callable
from pathlib import Path

import pytest

from peti_desktop.delivery import deliver
from peti_desktop.intake import apply, inbox
from peti_desktop.intake.receipt import Receipt
from peti_desktop.workspace import Workspace
from tests.exchange.conftest import Clock, Pki, clock, office, opened, pki, salud

__all__ = ["clock", "office", "opened", "pki", "salud"]

Deliver = Callable[[], Receipt]


@pytest.fixture(params=["sqlite", "postgresql"])
def kind(request: pytest.FixtureRequest) -> str:
    """Everything here holds on a file and on a server."""
    return str(request.param)


@pytest.fixture
def delivers(office: Workspace, salud: Workspace, pki: Pki, clock: Clock, tmp_path: Path) -> Deliver:
    """Salud delivers what it has by now, and the office receives it."""

    def delivers() -> Receipt:
        clock.later()
        return inbox.receive(office, deliver.deliver(salud, pki.salud, tmp_path / "usb").path)

    return delivers


@pytest.fixture
def accepted(office: Workspace, delivers: Deliver) -> Receipt:
    """The first delivery, in force."""
    receipt = delivers()
    apply.accept(office, receipt.sha256)
    return receipt

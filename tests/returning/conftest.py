"""An office with a received delivery, and the dependencia that made it; the office's store is of both kinds."""

from dataclasses import dataclass
from pathlib import Path

import pytest

from db.queries import space
from peti_desktop.delivery import deliver
from peti_desktop.intake.inbox import receive
from peti_desktop.trust import keys
from peti_desktop.workspace import Workspace
from tests.exchange.conftest import NOON, Clock, Pki, clock, office, opened, pki, salud

__all__ = ["Received", "clock", "kind", "office", "opened", "pki", "received", "salud"]


@pytest.fixture(params=["sqlite", "postgresql"])
def kind(request: pytest.FixtureRequest) -> str:
    return str(request.param)


@dataclass
class Received:
    """Both stores after the first delivery; ``deliver`` makes and receives another one."""

    office: Workspace
    salud: Workspace
    pki: Pki
    clock: Clock
    folder: Path
    sha256: str = ""

    def deliver(self) -> str:
        """The hash of a new delivery that the office has received."""
        self.clock.later()
        made = deliver.deliver(self.salud, self.pki.salud, self.folder / "usb")
        self.clock.later()
        self.sha256 = receive(self.office, made.path).sha256
        assert self.sha256 == made.sha256
        return self.sha256


@pytest.fixture
def received(office: Workspace, salud: Workspace, pki: Pki, clock: Clock, tmp_path: Path) -> Received:
    with salud.write() as connection:
        space.add_authority(connection, keys.key_id(pki.root.key.public_key()), pki.der, NOON)
    both = Received(office, salud, pki, clock, tmp_path)
    both.deliver()
    return both

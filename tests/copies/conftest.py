"""A store of a dependencia, a clock that goes when it is told to, and a second place."""

from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from peti_desktop.workspace import Workspace

NOON = datetime(2026, 11, 2, 17, 0, tzinfo=UTC)


class Clock:
    """A clock that goes when it is told to, and a second by itself, so that no two copies have one name."""

    def __init__(self) -> None:
        self.time = NOON

    def __call__(self) -> datetime:
        self.time += timedelta(seconds=1)
        return self.time

    def go(self, **span: float) -> None:
        """Let time pass."""
        self.time += timedelta(**span)


Make = Callable[..., Workspace]


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def make(tmp_path: Path, clock: Clock) -> Iterator[Make]:
    """Makes stores: ``make("salud", dependencia="SALUD")``; they are closed at the end."""
    made: list[Workspace] = []

    def new(name: str = "salud", dependencia: str = "SALUD", perfil: str = "dependencia") -> Workspace:
        ws = Workspace.create(
            tmp_path / f"{name}.sqlite", perfil=perfil, dependencia=dependencia, nombre="Ana Peñaranda",
            cargo="Profesional", vigencia=2026, clock=clock,
        )  # fmt: skip
        made.append(ws)
        return ws

    yield new
    for ws in made:
        ws.close()


@pytest.fixture
def ws(make: Make) -> Workspace:
    """A store with two devices and a need."""
    made = make()
    for placa in ("SAL-1", "SAL-2"):
        made.new("equipo", {"placa": placa})
    made.new("necesidad", {"descripcion": "Un servidor"})
    return made


@pytest.fixture
def usb(tmp_path: Path) -> Path:
    """A folder that stands for a USB drive."""
    folder = tmp_path / "USB"
    folder.mkdir()
    return folder

"""An office and its keys; RSA keys are slow to make and Scrypt is slow on purpose, so both are spared here."""

from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from cryptography.hazmat.primitives.asymmetric.rsa import RSAPrivateKey

from peti_desktop.office.authority import Office
from peti_desktop.trust import authority, keys
from peti_desktop.trust.keys import Identity, Signer, make_key
from peti_desktop.workspace import Workspace

NOON = datetime(2026, 11, 22, 17, 0, tzinfo=UTC)
PHRASE = "perro azul nube tren"


class Clock:
    """A clock that goes when it is told to."""

    def __init__(self) -> None:
        self.time = NOON

    def __call__(self) -> datetime:
        return self.time

    def later(self, **how: float) -> None:
        self.time += timedelta(**how)


@pytest.fixture(scope="session")
def pool() -> list[RSAPrivateKey]:
    """Keys made once for the whole run; a test that needs more has them made."""
    return [make_key() for _ in range(6)]


@pytest.fixture(autouse=True)
def quick_keys(monkeypatch: pytest.MonkeyPatch, pool: list[RSAPrivateKey]) -> None:
    """Real keys, but out of the pool, and a stretch that takes no time."""
    left = iter(pool)

    def from_pool() -> RSAPrivateKey:
        key = next(left, None)
        if key is None:
            pool.append(key := make_key())
        return key

    monkeypatch.setattr(keys, "SCRYPT_COST", 2**4)
    monkeypatch.setattr(keys, "make_key", from_pool)
    monkeypatch.setattr(authority, "make_key", from_pool)


@pytest.fixture
def clock() -> Clock:
    return Clock()


Opener = Callable[..., Workspace]


@pytest.fixture
def opened(tmp_path: Path, clock: Clock) -> Iterator[Opener]:
    """Make stores, on a file unless an address is given; they are closed at the end."""
    made: list[Workspace] = []

    def opened(name: str, unit: str, address: str = "") -> Workspace:
        ws = Workspace.create(
            address or str(tmp_path / name / f"{name}.sqlite"),
            perfil="oficina" if unit == "TIC" else "dependencia",
            dependencia=unit,
            nombre="Olga Ríos" if unit == "TIC" else "Ana Núñez",
            cargo="Jefe de la Oficina TIC" if unit == "TIC" else "Técnica",
            vigencia=2026,
            clock=clock,
        )
        made.append(ws)
        return ws

    yield opened
    for ws in made:
        ws.close()


@pytest.fixture
def ws(opened: Opener) -> Workspace:
    return opened("oficina", "TIC")


@pytest.fixture
def office(ws: Workspace) -> Office:
    """An office with its keys made."""
    made = Office(ws)
    made.create(PHRASE)
    return made


def person(code: str, nombre: str = "Ana Núñez", when: datetime = NOON) -> Signer:
    """A clerk's new key, as yet confirmed by nobody."""
    return keys.make_signer(Identity(code, f"Secretaría {code}", nombre, "Técnica", "Alcaldía"), when)

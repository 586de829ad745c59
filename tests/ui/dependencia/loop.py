"""An office that gives deliveries back to a dependencia: real keys, real files."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from functools import cache
from pathlib import Path

from cryptography.hazmat.primitives.serialization import Encoding

from db.queries import space
from peti_desktop.delivery.deliver import deliver
from peti_desktop.intake.inbox import receive
from peti_desktop.returning.acknowledge import acknowledge
from peti_desktop.returning.give_back import give_back
from peti_desktop.returning.observations import Asked, add_many
from peti_desktop.trust import authority, keys
from peti_desktop.trust.keys import Identity, Signer
from peti_desktop.workspace import Workspace


@dataclass(frozen=True)
class Keys:
    """The office's authority, its own key, and the dependencia's, which the office has certified."""

    root: Signer
    office: Signer
    salud: Signer

    @property
    def der(self) -> bytes:
        return self.root.certificate.public_bytes(Encoding.DER)


@cache
def made_keys() -> Keys:
    """Keys are slow to make: once for all tests."""
    when = datetime.now(UTC) - timedelta(days=30)
    root = authority.make_authority("Alcaldía", when)
    who = Identity("SALUD", "Secretaría de Salud", "Ana Peñaranda", "Profesional", "Alcaldía")
    own = keys.make_signer(who, when)
    certificate = authority.issue(root, own.key.public_key(), who, when)
    office = authority.office_signer(
        root, Identity("TIC", "Oficina TIC", "Luis Rojas", "Profesional", "Alcaldía"), when
    )
    return Keys(root, office, authority.adopt(own, certificate, root.certificate))


def trusted(ws: Workspace) -> None:
    """Let a store know the office's authority."""
    pki = made_keys()
    with ws.write() as connection:
        space.add_authority(connection, keys.key_id(pki.root.key.public_key()), pki.der, ws.clock())


def given_back(
    ws: Workspace, folder: Path, asks: Callable[[Workspace], Sequence[Asked]], due: date
) -> tuple[Path, Path]:
    """Deliver what is in ``ws`` and have the office give it back: its devolución and its acuse."""
    pki = made_keys()
    trusted(ws)
    delivered = deliver(ws, pki.salud, folder / "usb")
    office = Workspace.create(
        folder / "oficina.sqlite", perfil="oficina", dependencia="TIC", nombre="Luis Rojas", cargo="Profesional",
        vigencia=ws.info.vigencia,
    )  # fmt: skip
    with office:
        trusted(office)
        received = receive(office, delivered.path)
        add_many(office, received.sha256, asks(ws))
        receipt = acknowledge(office, received.sha256, pki.office, folder / "vuelta")
        returned = give_back(office, received.sha256, pki.office, folder / "vuelta", due)
    return returned.path, receipt.path

"""What the attacks are made from: an office with its authority, two dependencias, their deliveries."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path

from cryptography.hazmat.primitives.serialization import Encoding

from db.queries import space
from peti_desktop.delivery import deliver, starter
from peti_desktop.trust import authority, keys, package, template
from peti_desktop.trust.keys import Signer
from peti_desktop.workspace import Workspace
from tests.exchange.conftest import NOON, Clock, fill, identity


@dataclass(frozen=True)
class Bed:
    """``signed`` is the honest delivery that is attacked; ``time`` and ``comment`` are those of its signature."""

    office: Path
    signed: bytes
    parts: dict[str, bytes]
    other: bytes
    older: bytes
    starter: bytes
    root: Signer
    impostor: Signer
    salud: Signer
    hacienda: Signer
    stranger: Signer
    annulled: Signer

    @property
    def time(self) -> str:
        """The time text of the honest signature."""
        return template.extract(self.parts[package.SIGNATURE]).time

    @property
    def comment(self) -> str:
        """The stamped comment of the honest signature."""
        return template.extract(self.parts[package.SIGNATURE]).comment


def made(folder: Path) -> Bed:
    """A bed in ``folder``; making its keys takes seconds."""
    when, clock = NOON - timedelta(days=30), Clock()
    root, impostor = (authority.make_authority("Alcaldía", when) for _ in range(2))
    salud, hacienda, annulled = (_certified(root, code) for code in ("SALUD", "HACIENDA", "SALUD"))
    with Workspace.create(
        folder / "oficina.sqlite", perfil="oficina", dependencia="TIC", nombre="Ana Núñez", cargo="Técnica",
        vigencia=2026, clock=clock,
    ) as office:  # fmt: skip
        _introduce(office, root, annulled)
        signer = authority.office_signer(root, identity("TIC"), when)
        initial = starter.write(office, "SALUD", signer, folder).read_bytes()
    older, signed = _delivered(folder / "salud.sqlite", "SALUD", salud, (folder / "1", folder / "2"))
    (other,) = _delivered(folder / "hacienda.sqlite", "HACIENDA", hacienda, (folder / "1",))
    return Bed(
        office=folder / "oficina.sqlite",
        signed=signed,
        parts=package.read(signed),
        other=other,
        older=older,
        starter=initial,
        root=root,
        impostor=impostor,
        salud=salud,
        hacienda=hacienda,
        stranger=keys.make_signer(identity("SALUD"), when),
        annulled=annulled,
    )


def _certified(root: Signer, code: str) -> Signer:
    when = NOON - timedelta(days=30)
    own = keys.make_signer(identity(code), when)
    issued = authority.issue(root, own.key.public_key(), identity(code), when)
    return authority.adopt(own, issued, root.certificate)


def _introduce(office: Workspace, root: Signer, annulled: Signer) -> None:
    der = root.certificate.public_bytes(Encoding.DER)
    row = {
        "huella": keys.key_id(annulled.key.public_key()), "dependencia": "SALUD", "nombre": "Ana Núñez",
        "cargo": "Técnica", "certificado": annulled.certificate.public_bytes(Encoding.DER),
        "desde": NOON - timedelta(days=20), "anulado_en": NOON - timedelta(days=1), "motivo": "robo",
    }  # fmt: skip
    with office.write() as connection:
        space.add_authority(connection, keys.key_id(root.key.public_key()), der, NOON)
        space.add_signer(connection, row)


def _delivered(store: Path, code: str, signer: Signer, folders: Iterable[Path]) -> list[bytes]:
    with Workspace.create(
        store, perfil="dependencia", dependencia=code, nombre="Ana Núñez", cargo="Técnica", vigencia=2026, clock=Clock()
    ) as ws:
        fill(ws)
        return [deliver.deliver(ws, signer, folder).path.read_bytes() for folder in folders]

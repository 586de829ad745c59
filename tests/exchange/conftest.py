"""An office, its authority, and a dependencia with a few records, on real files."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from pathlib import Path

import pytest
from cryptography.hazmat.primitives.serialization import Encoding

from db.queries import space
from peti_desktop import __version__
from peti_desktop.delivery import deliver, seal, workbook
from peti_desktop.delivery.envelope import Envelope, code_of, file_name
from peti_desktop.records import TYPES
from peti_desktop.trust import authority, keys, signature
from peti_desktop.trust.keys import Identity, Signer
from peti_desktop.workspace import Workspace

NOON = datetime(2026, 11, 22, 17, 0, tzinfo=UTC)


class Clock:
    """A clock that goes when it is told to."""

    def __init__(self) -> None:
        self.time = NOON

    def __call__(self) -> datetime:
        return self.time

    def later(self, minutes: int = 10) -> None:
        self.time += timedelta(minutes=minutes)


@dataclass(frozen=True)
class Pki:
    """An authority and certified signers of it; keys are slow to make, so they serve the whole session."""

    root: Signer
    office: Signer
    salud: Signer
    hacienda: Signer
    stranger: Signer

    @property
    def der(self) -> bytes:
        return self.root.certificate.public_bytes(Encoding.DER)


def identity(code: str) -> Identity:
    return Identity(code, f"Secretaría {code}", "Ana Núñez", "Técnica", "Alcaldía")


@pytest.fixture(scope="session")
def pki() -> Pki:
    when = NOON - timedelta(days=30)
    root = authority.make_authority("Alcaldía", when)

    def certified(code: str) -> Signer:
        own = keys.make_signer(identity(code), when)
        return authority.adopt(own, authority.issue(root, own.key.public_key(), identity(code), when), root.certificate)

    return Pki(
        root,
        authority.office_signer(root, identity("TIC"), when),
        certified("SALUD"),
        certified("HACIENDA"),
        keys.make_signer(identity("SALUD"), when),
    )


@pytest.fixture
def clock() -> Clock:
    return Clock()


Opener = Callable[[str, str], Workspace]


@pytest.fixture
def kind() -> str:
    """What the office's store is; a module whose tests should run on both says so by its own fixture."""
    return "sqlite"


@pytest.fixture
def opened(request: pytest.FixtureRequest, tmp_path: Path, clock: Clock, kind: str) -> Iterator[Opener]:
    """Make stores that are closed at the end; those of the office are of the ``kind`` asked for."""
    made: list[Workspace] = []

    def opened(name: str, unit: str) -> Workspace:
        perfil = "oficina" if unit == "TIC" else "dependencia"
        address = str(tmp_path / f"{name}.sqlite")
        if kind == "postgresql" and perfil == "oficina":
            address = request.getfixturevalue("server").database()
        ws = Workspace.create(
            address, perfil=perfil, dependencia=unit, nombre="Ana Núñez", cargo="Técnica",
            vigencia=2026, clock=clock,
        )  # fmt: skip
        made.append(ws)
        return ws

    yield opened
    for ws in made:
        ws.close()


@pytest.fixture
def office(opened: Opener, pki: Pki) -> Workspace:
    ws = opened("oficina", "TIC")
    with ws.write() as connection:
        space.add_authority(connection, keys.key_id(pki.root.key.public_key()), pki.der, NOON)
    return ws


@pytest.fixture
def salud(opened: Opener) -> Workspace:
    ws = opened("salud", "SALUD")
    fill(ws)
    return ws


def fill(ws: Workspace) -> None:
    """A risk with two controls, a device, and two needs with awkward texts."""
    risk = ws.new(
        "riesgo",
        {
            "subproceso": "salud_publica", "actividad": "=1+1", "factor": "tecnologia",
            "clasificacion": "fallas_tecnologicas", "afectacion": "ambas", "causa_inmediata": "+57 607",
            "causa_raiz": "<b>&amp;</b> _x0041_", "descripcion": "línea uno\nlínea dos ¡ñ!", "frecuencia_anual": 30,
            "impacto_smlmv": Decimal("12.5"), "impacto_reputacional": "4", "tratamiento": "aceptar",
        },
    )  # fmt: skip
    for kind in ("preventivo", "correctivo"):
        ws.new(
            "control",
            {"riesgo": risk.uid, "tipo": kind, "implementacion": "manual", "accion": "@verifica", "responsable": "-"},
        )
    ws.put("riesgo", risk.uid, {"fecha_implementacion": "30/06/2027", "seguimiento": "No aplica"})
    device = ws.new(
        "equipo",
        {"tipo": "escritorio", "placa": "000123", "estado": "en_uso", "anio": 2012, "sistema_operativo": "windows_7"},
    )
    ws.new(
        "necesidad",
        {
            "subproceso": "salud_publica", "tema": "hardware", "descripcion": "1E5", "cantidad": 10,
            "valor_unitario": Decimal("3500000.55"), "justificacion": "x" * 3000, "equipo": device.uid,
            "riesgo": risk.uid,
        },
    )  # fmt: skip
    ws.new("necesidad", {"subproceso": "salud_publica", "forma": "situacion", "tema": "respaldo", "descripcion": "y"})


@pytest.fixture
def delivered(salud: Workspace, pki: Pki, tmp_path: Path) -> Path:
    return deliver.deliver(salud, pki.salud, tmp_path / "usb").path


def forged(ws: Workspace, signer: Signer, folder: Path) -> Path:
    """All of ``ws`` as a delivery in its name, whosever it is and whoever signs: what our program refuses to make."""
    info, number = ws.info, 1
    everything = {name: ws.records(name, retired=None) for name in TYPES}
    envelope = Envelope(
        entidad=info.entidad,
        dependencia=info.dependencia,
        vigencia=info.vigencia,
        number=number,
        metodo=info.metodo,
        catalogues=ws.catalogues.version,
        made_at=ws.clock(),
        nombre=info.nombre,
        cargo=info.cargo,
        counts={name: sum(record.retired is None for record in found) for name, found in everything.items()},
        code=code_of(info.vigencia, info.dependencia, number, everything),
        program=__version__,
    )
    cover = {name: text for name, _, text in workbook.cover_rows(envelope, ws.catalogues)}
    sealed = seal.rows_of(cover, everything, signer, envelope.made_at, ())
    unsigned = workbook.write(envelope, everything, ws.catalogues, seal=sealed)
    path = folder / file_name(info.vigencia, info.dependencia, number)
    path.write_bytes(signature.sign(unsigned, signer, "Entrega", envelope.made_at))
    return path

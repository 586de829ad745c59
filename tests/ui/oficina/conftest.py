"""A real office window over a real store, and real deliveries signed under a real authority."""

import shutil
import zipfile
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from pathlib import Path

import openpyxl
import pytest
from cryptography.hazmat.primitives.serialization import Encoding
from pytestqt.qtbot import QtBot

from db.queries import space
from peti_desktop.delivery.deliver import deliver
from peti_desktop.records import Value
from peti_desktop.trust import authority, keys
from peti_desktop.trust.keys import Identity, Signer
from peti_desktop.workspace import Workspace
from ui.messages import Recorded
from ui.shell import Shell

MADE = datetime.now(UTC) - timedelta(days=2)
UNITS = {"SALUD": "salud_publica", "HACIENDA": "hacienda"}
RISK: Mapping[str, Value] = {
    "actividad": "Envío de los informes de ejecución",
    "factor": "procesos",
    "clasificacion": "ejecucion_procesos",
    "afectacion": "economica",
    "causa_inmediata": "multas de los entes de control",
    "causa_raiz": "demoras en los informes",
    "descripcion": "Posibilidad de pérdida económica por multas debido a demoras en los informes.",
    "frecuencia_anual": 12,
    "impacto_smlmv": Decimal(60),
    "tratamiento": "aceptar",
}


def identity(code: str) -> Identity:
    return Identity(code, f"Secretaría {code}", "Ana Núñez", "Técnica", "Alcaldía")


@dataclass(frozen=True)
class Keys:
    """The office's authority, certified signers, and one nobody confirmed; slow to make, so made once."""

    root: Signer
    certified: dict[str, Signer]
    stranger: Signer


@pytest.fixture(scope="session")
def signers() -> Keys:
    root = authority.make_authority("Alcaldía", MADE)

    def certified(code: str) -> Signer:
        own = keys.make_signer(identity(code), MADE)
        return authority.adopt(own, authority.issue(root, own.key.public_key(), identity(code), MADE), root.certificate)

    return Keys(root, {code: certified(code) for code in UNITS}, keys.make_signer(identity("HACIENDA"), MADE))


@dataclass
class Unit:
    """A dependencia that keeps its store and delivers into ``inbox``."""

    ws: Workspace
    signer: Signer
    inbox: Path
    made: list[Path] = field(default_factory=list)

    def deliver(self) -> Path:
        self.made.append(deliver(self.ws, self.signer, self.inbox).path)
        return self.made[-1]


@pytest.fixture
def usb(tmp_path: Path) -> Path:
    """The folder people bring."""
    folder = tmp_path / "usb"
    folder.mkdir()
    return folder


@pytest.fixture
def unit(tmp_path: Path, usb: Path, signers: Keys) -> Iterator[Callable[..., Unit]]:
    """Makes a dependencia with a rated risk and its control, a device and a need."""
    made: list[Workspace] = []

    def make(code: str, signer: Signer | None = None) -> Unit:
        ws = Workspace.create(
            tmp_path / f"{code}-{len(made)}.sqlite",
            perfil="dependencia",
            dependencia=code,
            nombre="Ana Núñez",
            cargo="Técnica",
            vigencia=2026,
        )
        made.append(ws)
        subproceso = next(e.code for e in ws.catalogues.entries("subproceso") if UNITS[code] in e.code)
        risk = ws.new("riesgo", {**RISK, "subproceso": subproceso})
        values: dict[str, Value] = {"riesgo": risk.uid, "tipo": "preventivo", "implementacion": "manual"}
        ws.new("control", values | {"accion": "verifica los informes", "responsable": "Técnica"})
        ws.new("equipo", {"tipo": "escritorio", "placa": f"{code}-1", "estado": "en_uso", "anio": 2015})
        ws.new(
            "necesidad",
            {
                "subproceso": subproceso,
                "tema": "hardware",
                "descripcion": f"Computadores de {code}",
                "cantidad": 10,
                "valor_unitario": Decimal(3_500_000),
                "justificacion": "Los que hay no tienen soporte.",
            },
        )
        return Unit(ws, signer or signers.certified[code], usb)

    yield make
    for ws in made:
        ws.close()


@pytest.fixture
def store(tmp_path: Path, signers: Keys) -> Path:
    """The office's store: it trusts its authority and expects a delivery of two dependencias."""
    path = tmp_path / "oficina.sqlite"
    with Workspace.create(
        path, perfil="oficina", dependencia="TIC", nombre="Olga Ríos", cargo="Jefe de la Oficina TIC", vigencia=2026
    ) as ws:
        with ws.write() as connection:
            der = signers.root.certificate.public_bytes(Encoding.DER)
            space.add_authority(connection, keys.key_id(signers.root.key.public_key()), der, MADE)
            due = date.today() - timedelta(days=3)  # noqa: DTZ011 - as the window reckons it
            owed = [{"dependencia": code, "seccion": "riesgo", "vence": due} for code in UNITS]
            space.set_deadlines(connection, 2026, owed)
        return path


@pytest.fixture
def settle(qtbot: QtBot) -> Callable[[Shell], None]:
    """Waits until nothing is being read or written."""
    return lambda shell: qtbot.waitUntil(lambda: not shell.tasks.running, timeout=20_000)


@pytest.fixture
def messages() -> Recorded:
    return Recorded()


@pytest.fixture
def shell(qtbot: QtBot, store: Path, messages: Recorded, settle: Callable[[Shell], None]) -> Iterator[Shell]:
    """The office's window, its first page standing."""
    made = Shell(messages, store=store)
    qtbot.addWidget(made)
    made.resize(1366, 740)
    with qtbot.waitSignal(made.entered, timeout=20_000):
        made.show()
    made.activateWindow()
    qtbot.waitUntil(made.isActiveWindow)
    settle(made)
    yield made
    made.close()


@pytest.fixture
def office(shell: Shell) -> Workspace:
    assert shell.desk is not None
    return shell.desk.workspace


def altered(source: Path, target: Path) -> Path:
    """A copy whose cells were changed after it was signed, the package itself left in order."""
    with zipfile.ZipFile(source) as old, zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as new:
        for entry in old.infolist():
            data = old.read(entry)
            if entry.filename.startswith("xl/"):
                data = data.replace(b"multas", b"MULTAS")
            new.writestr(entry, data)
    return target


@pytest.fixture
def mixed(unit: Callable[..., Unit], usb: Path) -> Path:
    """A folder as it comes: good, altered, unsigned, no workbook, and a copy of the good one. Gives the good one."""
    good = unit("SALUD").deliver()
    altered(good, usb / "b-alterada.xlsx")
    openpyxl.Workbook().save(usb / "c-sin-firma.xlsx")
    (usb / "d-nota.txt").write_text("recordar la reunión", encoding="utf-8")
    shutil.copy(good, usb / "e-copia.xlsx")
    return good

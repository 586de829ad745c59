"""The starter file tells a dependencia what is owed, until when, and whom to trust."""

from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import openpyxl
import pytest
from cryptography.hazmat.primitives.serialization import Encoding

from db.queries import space
from peti_desktop.delivery import deliver, starter
from peti_desktop.delivery.signing_key import open_signer
from peti_desktop.errors import UserError
from peti_desktop.intake import inbox
from peti_desktop.trust import authority, keys, signature
from peti_desktop.workspace import Workspace

DUE = date(2026, 12, 4)


@pytest.fixture
def told(office: Workspace, pki: object, tmp_path: Path) -> Path:
    owed = [{"dependencia": "SALUD", "seccion": name, "vence": DUE} for name in ("riesgo", "equipo")]
    with office.write() as connection:
        space.set_deadlines(connection, 2026, owed)
    certificate = pki.salud.certificate.public_bytes(Encoding.DER)  # type: ignore[attr-defined]
    return starter.write(office, "SALUD", pki.office, tmp_path / "inicio", certificate=certificate)  # type: ignore[attr-defined]


def test_dependencia_learns_what_is_owed(salud: Workspace, told: Path) -> None:
    found = starter.read(told, salud.clock())

    assert not starter.is_known(salud, found)
    starter.apply(salud, found)

    assert told.name == "2026_SALUD_inicio.xlsx"
    assert salud.info.vence == DUE
    assert starter.is_known(salud, found)
    with salud.read() as connection:
        assert [r["seccion"] for r in space.deadlines(connection, 2026)] == ["equipo", "riesgo"]


def test_people_can_read_it(told: Path) -> None:
    book = openpyxl.load_workbook(told)

    text = " ".join(str(cell.value) for row in book["Lo que se espera"].iter_rows() for cell in row)
    assert "Riesgos" in text
    assert "4-dic-2026" in text


def test_certificate_reaches_the_key_it_belongs_to(
    salud: Workspace, office: Workspace, pki: object, tmp_path: Path
) -> None:
    """A key made here, confirmed by the office, comes back certified and is known from then on."""
    when = datetime.now(UTC) - timedelta(days=1)
    identity = keys.Identity("SALUD", "Secretaría SALUD", "Ana Núñez", "Técnica", "Alcaldía")
    own = keys.make_signer(identity, when)
    keys.save(own, tmp_path / "a.p12", "una clave larga")
    issued = authority.issue(pki.root, own.key.public_key(), identity, salud.clock())  # type: ignore[attr-defined]
    der = issued.public_bytes(Encoding.DER)
    back = starter.write(office, "SALUD", pki.office, tmp_path, certificate=der)  # type: ignore[attr-defined]

    starter.apply(salud, starter.read(back, salud.clock()))
    signer = open_signer(salud, tmp_path / "a.p12", "una clave larga")

    assert signer.certificate == issued
    assert keys.load(tmp_path / "a.p12", "una clave larga").certificate == issued
    made = deliver.deliver(salud, signer, tmp_path / "usb")
    assert inbox.receive(office, made.path).verdict == "válida"


def test_certificate_of_another_key_is_left_alone(salud: Workspace, told: Path, pki: object, tmp_path: Path) -> None:
    keys.save(pki.stranger, tmp_path / "a.p12", "una clave larga")  # type: ignore[attr-defined]
    starter.apply(salud, starter.read(told, salud.clock()))

    signer = open_signer(salud, tmp_path / "a.p12", "una clave larga")

    assert signer.certificate == pki.stranger.certificate  # type: ignore[attr-defined]


def test_anothers_file_and_another_vigencia_are_told(opened: object, salud: Workspace, told: Path) -> None:
    found = starter.read(told, salud.clock())
    other = opened("hacienda", "HACIENDA")  # type: ignore[operator]

    with pytest.raises(UserError, match="es de Secretaría de Salud"):
        starter.apply(other, found)
    salud.set_settings({"vigencia": "2027"})
    with pytest.raises(UserError, match="vigencia 2026"):
        starter.apply(salud, found)
    assert other.info.vence is None


def test_another_office_is_not_believed(
    salud: Workspace, opened: object, told: Path, pki: object, tmp_path: Path
) -> None:
    starter.apply(salud, starter.read(told, salud.clock()))
    root = authority.make_authority("Alcaldía", salud.clock() - timedelta(days=1))
    false_office = opened("falsa", "TIC")  # type: ignore[operator]
    with false_office.write() as connection:
        der = root.certificate.public_bytes(Encoding.DER)
        space.add_authority(connection, keys.key_id(root.key.public_key()), der, salud.clock())
    identity = keys.Identity("TIC", "Oficina TIC", "Otro", "Otro", "Alcaldía")
    office = authority.office_signer(root, identity, salud.clock() - timedelta(days=1))
    path = starter.write(false_office, "SALUD", office, tmp_path / "falso")

    with pytest.raises(UserError, match="distinta de la que este equipo conoce"):
        starter.apply(salud, starter.read(path, salud.clock()))


def test_changed_or_alien_files_are_told(salud: Workspace, told: Path, delivered: Path, tmp_path: Path) -> None:
    changed = bytearray(told.read_bytes())
    changed[len(changed) // 2] ^= 1
    (tmp_path / "x.xlsx").write_bytes(changed)

    with pytest.raises(UserError, match="Pida de nuevo"):
        starter.read(tmp_path / "x.xlsx", salud.clock())
    with pytest.raises(UserError, match="no es un archivo de inicio"):
        starter.read(delivered, salud.clock())
    with pytest.raises(UserError, match="No se pudo leer"):
        starter.read(tmp_path / "nada.xlsx", salud.clock())


@pytest.mark.parametrize(
    ("who", "words", "match"),
    [
        ("salud", starter.PURPOSE + " 2026", "no lo firmó la Oficina TIC sino Secretaría SALUD"),
        ("office", deliver.PURPOSE + " 2026", "no como archivo de inicio"),
        ("office", starter.PURPOSE + " 2025", "no como archivo de inicio"),
    ],
)
def test_only_the_office_tells_what_is_owed(
    hacienda_told: Path, salud: Workspace, pki: object, tmp_path: Path, who: str, words: str, match: str
) -> None:
    """Every dependencia has a certificate of the same authority; it must not speak for the office."""
    unsigned = tmp_path / "sin-firma.xlsx"
    openpyxl.load_workbook(hacienda_told).save(unsigned)
    forged = tmp_path / "2026_HACIENDA_inicio.xlsx"
    forged.write_bytes(signature.sign(unsigned.read_bytes(), getattr(pki, who), words, salud.clock()))

    with pytest.raises(UserError, match=match):
        starter.read(forged, salud.clock())


@pytest.fixture
def hacienda_told(office: Workspace, pki: object, tmp_path: Path) -> Path:
    return starter.write(office, "HACIENDA", pki.office, tmp_path / "verdadero")  # type: ignore[attr-defined]

"""Keys in files, fingerprints, and certificates the office gives out."""

import re
import shutil
import subprocess
from dataclasses import replace
from datetime import datetime, timedelta
from pathlib import Path

import pytest
from cryptography.hazmat.primitives.asymmetric import rsa
from cryptography.hazmat.primitives.serialization import Encoding

from peti_desktop.errors import UserError
from peti_desktop.trust import authority, certificates, keys, signature
from peti_desktop.trust.keys import Identity, Signer
from peti_desktop.trust.signature import Trust

PASSPHRASE = "río verde ñandú 7"


@pytest.fixture(scope="module")
def kept(ana: Signer, tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("clave con tilde é") / "clave.p12"
    keys.save(ana, path, PASSPHRASE)
    return path


def test_kept_key_comes_back_whole(kept: Path, ana: Signer) -> None:
    decomposed = "ri\u0301o verde n\u0303andu\u0301 7"

    back = keys.load(kept, decomposed)

    assert back.key.private_numbers() == ana.key.private_numbers()
    assert (back.certificate, back.chain) == (ana.certificate, ana.chain)
    assert [path.name for path in kept.parent.iterdir()] == ["clave.p12"]


def test_wrong_passphrase_is_told(kept: Path) -> None:
    with pytest.raises(UserError, match="La contraseña de la clave no es correcta"):
        keys.load(kept, "otra cosa")


@pytest.mark.parametrize("damage", ["cut", "flip", "empty", "other", "long"])
def test_damaged_file_is_told_from_a_wrong_passphrase(kept: Path, tmp_path: Path, damage: str) -> None:
    data = bytearray(kept.read_bytes())
    match damage:
        case "cut":
            del data[-200:]
        case "flip":
            data[300] ^= 1
        case "empty":
            data.clear()
        case "other":
            data[:] = b"hola" * 100
        case _:
            data += b"\0" * keys.MAX_FILE_BYTES
    path = tmp_path / "clave.p12"
    path.write_bytes(data)

    with pytest.raises(UserError, match="dañado"):
        keys.load(path, PASSPHRASE)


def test_missing_file_is_told(tmp_path: Path) -> None:
    with pytest.raises(UserError, match="No se pudo leer"):
        keys.load(tmp_path / "nada.p12", PASSPHRASE)


def test_key_is_not_kept_where_nothing_can_be_written(ana: Signer, tmp_path: Path) -> None:
    in_the_way = tmp_path / "no"
    in_the_way.write_text("", encoding="utf-8")

    with pytest.raises(UserError, match="No se puede escribir en la carpeta"):
        keys.save(ana, in_the_way / "clave.p12", PASSPHRASE)

    assert list(tmp_path.iterdir()) == [in_the_way]


def test_short_passphrase_keeps_nothing(ana: Signer, tmp_path: Path) -> None:
    with pytest.raises(UserError, match="muy corta"):
        keys.save(ana, tmp_path / "clave.p12", "1234567")

    assert list(tmp_path.iterdir()) == []


@pytest.mark.skipif(shutil.which("openssl") is None, reason="needs the openssl command")
def test_openssl_opens_the_file_with_the_stretched_password(kept: Path) -> None:
    salt = kept.read_bytes()[-48:-32]
    password = keys.stretched(PASSPHRASE, salt).decode("ascii")

    run = subprocess.run(
        ["openssl", "pkcs12", "-in", str(kept), "-nokeys", "-clcerts", "-passin", f"pass:{password}"],
        capture_output=True,
        check=False,
    )

    assert run.returncode == 0, run.stderr
    assert b"BEGIN CERTIFICATE" in run.stdout


def test_fingerprint_is_short_and_belongs_to_the_key_not_the_certificate(
    ana: Signer, beginner: Signer, stranger: Signer
) -> None:
    assert re.fullmatch(r"[A-Z2-7]{4}(-[A-Z2-7]{4}){4}", ana.fingerprint)
    assert ana.certificate != beginner.certificate
    assert ana.fingerprint == beginner.fingerprint
    assert ana.fingerprint != stranger.fingerprint


def test_certificates_have_the_shape_that_is_checked(ana: Signer, beginner: Signer, office: Signer) -> None:
    for signer in (ana, beginner):
        der = signer.certificate.public_bytes(Encoding.DER)
        assert certificates.read_signer(der) == signer.certificate
    certificates.check_authority(office.certificate)
    assert office.name == "AC Interna Oficina TIC Alcaldia de Funza"


def test_a_signer_is_no_authority(ana: Signer) -> None:
    with pytest.raises(certificates.ProfileError):
        Trust(authorities=(ana.certificate,))


def test_long_names_fit_a_certificate(ana: Signer, office: Signer, now: datetime) -> None:
    identity = Identity("OBRAS_2", "Secretaría de " + "Obras " * 30, "Ñ" * 25, "Profesional " * 9, "Alcaldía " * 20)

    issued = authority.issue(office, ana.key.public_key(), identity, now)
    info = signature.describe(issued)

    assert info.nombre == "Ñ" * 25
    assert info.cargo.endswith("…")
    assert info.dependencia == "OBRAS_2"
    assert len(info.dependencia_nombre.encode()) == 64


@pytest.mark.parametrize("name", ["", "  ", "Ana\u202e", "Ana\nPeña", "Ana\0"])
def test_odd_name_makes_no_identity(identity: Identity, name: str) -> None:
    with pytest.raises(ValueError, match="not a name"):
        replace(identity, nombre=name)


@pytest.mark.parametrize("code", ["", "salud", "SALUD\n", "A B", "Ñ", "X" * 33, "SALUD:TIC", "A-B"])
def test_odd_dependencia_code_makes_no_identity(identity: Identity, code: str) -> None:
    with pytest.raises(ValueError, match="dependencia code"):
        replace(identity, dependencia=code)


def test_office_signs_as_itself_only(office: Signer, identity: Identity, now: datetime) -> None:
    with pytest.raises(ValueError, match="SALUD"):
        authority.office_signer(office, identity, now)

    signer = authority.office_signer(office, replace(identity, dependencia="TIC"), now)

    assert signer.chain == (office.certificate,)
    assert signature.describe(signer.certificate).dependencia == "TIC"


def test_authority_issues_for_full_size_keys_only(office: Signer, identity: Identity, now: datetime) -> None:
    small = rsa.generate_private_key(public_exponent=65537, key_size=1024)

    with pytest.raises(ValueError, match="1024"):
        authority.issue(office, small.public_key(), identity, now)


def test_a_signer_issues_nothing(ana: Signer, stranger: Signer, identity: Identity, now: datetime) -> None:
    with pytest.raises(certificates.ProfileError):
        authority.issue(ana, stranger.key.public_key(), identity, now)


def test_certificate_for_another_key_or_dependencia_is_not_adopted(
    office: Signer, beginner: Signer, stranger: Signer, identity: Identity, now: datetime
) -> None:
    for_stranger = authority.issue(office, stranger.key.public_key(), identity, now)
    elsewhere = authority.issue(office, beginner.key.public_key(), replace(identity, dependencia="TIC"), now)

    for issued in (for_stranger, elsewhere):
        with pytest.raises(UserError, match="no es para la clave"):
            authority.adopt(beginner, issued, office.certificate)


def test_certificate_of_another_authority_is_not_adopted(
    office: Signer, impostor: Signer, beginner: Signer, identity: Identity, now: datetime
) -> None:
    issued = authority.issue(impostor, beginner.key.public_key(), identity, now)

    with pytest.raises(UserError, match="no lo expidió"):
        authority.adopt(beginner, issued, office.certificate)


def test_renewed_certificate_for_the_same_key_is_adopted(
    office: Signer, ana: Signer, identity: Identity, now: datetime
) -> None:
    later = now + timedelta(days=700)
    renewed = authority.issue(office, ana.key.public_key(), identity, later)

    assert authority.adopt(ana, renewed, office.certificate).certificate.not_valid_after_utc > later

"""The office's keys: made, opened, copied, restored and renewed; and what must not work."""

import errno
import os
import sys
from collections.abc import Callable
from pathlib import Path

import pytest
from cryptography.hazmat.primitives.serialization import Encoding

from db.queries import deliveries, space
from peti_desktop import binnacle
from peti_desktop.consolidation import roles
from peti_desktop.errors import UserError
from peti_desktop.office import authority
from peti_desktop.office.authority import Office
from peti_desktop.trust import certificates, succession
from peti_desktop.workspace import Workspace
from tests.office.conftest import PHRASE, Clock, Opener


def actions(ws: Workspace) -> list[str]:
    with ws.read() as connection:
        assert binnacle.broken(connection) is None
        return [entry["accion"] for entry in deliveries.log(connection)]


def test_new_office_has_none_and_says_so(ws: Workspace) -> None:
    standing = Office(ws).standing()

    assert not standing.exists
    assert [reminder.code for reminder in standing.reminders] == ["crear"]
    with pytest.raises(UserError, match="todavía no tiene su autoridad"):
        Office(ws).unlock(PHRASE)


def test_created_keys_open_again_and_belong_together(ws: Workspace) -> None:
    root, signer = Office(ws).create(PHRASE)

    assert Office(ws).unlock(PHRASE)[0].certificate == root.certificate
    assert certificates.issued_by(signer.certificate, root.certificate)
    assert certificates.dependencia(signer.certificate) == "TIC"
    with ws.read() as connection:
        assert space.authorities(connection) == [root.certificate.public_bytes(Encoding.DER)]
    path = Office(ws).path()
    assert path is not None
    assert path.name == "oficina_oficina.llaves"
    assert sys.platform == "win32" or path.stat().st_mode & 0o077 == 0  # there the folder says who may read
    assert actions(ws) == ["crear la autoridad"]


def test_second_authority_short_passphrase_and_clerks_are_refused(office: Office, opened: Opener) -> None:
    with pytest.raises(UserError, match="ya tiene su autoridad"):
        office.create(PHRASE)
    with pytest.raises(UserError, match="muy corta"):
        Office(opened("otra", "TIC")).create("corta")
    with pytest.raises(UserError, match="Oficina TIC"):
        Office(opened("salud", "SALUD")).create(PHRASE)


def test_wrong_passphrase_changes_nothing(office: Office) -> None:
    path = office.path()
    assert path is not None
    before = path.read_bytes()

    for deed in (
        lambda: office.unlock("otra frase larga"),
        lambda: office.change_passphrase("otra frase larga", PHRASE),
        lambda: office.renew("otra frase larga"),
        lambda: office.renew_office("otra frase larga"),
        lambda: office.back_up(path.parent / "usb", "otra frase larga"),
    ):
        with pytest.raises(UserError, match="no es correcta"):
            deed()

    assert path.read_bytes() == before
    assert not (path.parent / "usb").exists()


@pytest.mark.parametrize(
    "hurt",
    [
        lambda data: data[: len(data) // 2],
        lambda data: data[:-1],
        lambda data: b"",
        lambda data: data.replace(b'"formato": 1', b'"formato": 2'),
        lambda data: data[:900] + bytes([data[900] ^ 1]) + data[901:],
        lambda data: b"[" * 100_000,
        lambda data: data + b" " * 600_000,
        lambda data: b"\xff\xfe" + data,
    ],
)
def test_damaged_file_is_told_from_a_wrong_passphrase(office: Office, hurt: Callable[[bytes], bytes]) -> None:
    path = office.path()
    assert path is not None
    path.write_bytes(hurt(path.read_bytes()))

    with pytest.raises(UserError, match="dañado"):
        office.unlock(PHRASE)


def test_passphrase_changes_and_a_new_copy_is_asked_for(office: Office, tmp_path: Path) -> None:
    office.back_up(tmp_path / "usb", PHRASE)
    assert office.standing().reminders == ()

    office.change_passphrase(PHRASE, "mesa verde lluvia 9")

    assert [r.code for r in office.standing().reminders] == ["respaldar"]
    office.unlock("mesa verde lluvia 9")
    with pytest.raises(UserError, match="no es correcta"):
        office.unlock(PHRASE)


def test_copy_is_proven_and_never_beside_the_keys(office: Office, tmp_path: Path, ws: Workspace) -> None:
    path = office.path()
    assert path is not None
    made = office.back_up(tmp_path / "usb", PHRASE)

    assert made.path.name == "oficina_oficina_respaldo_2026-11-22.llaves"
    assert made.path.read_bytes() == path.read_bytes()
    assert made.same_disk
    for same in (path.parent, tmp_path / "usb" / ".." / path.parent.name):
        with pytest.raises(UserError, match="misma carpeta"):
            office.back_up(same, PHRASE)
    (tmp_path / "archivo").write_text("x")
    with pytest.raises(UserError, match="No se puede escribir"):
        office.back_up(tmp_path / "archivo" / "carpeta", PHRASE)
    assert actions(ws) == ["crear la autoridad", "respaldar las llaves"]


def test_copy_that_reads_back_otherwise_is_not_called_done(
    office: Office, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def lossy(path: Path, data: bytes, *, private: bool = False) -> None:
        path.parent.mkdir(exist_ok=True)
        path.write_bytes(data[:-5])

    monkeypatch.setattr(authority, "replace_file", lossy)

    with pytest.raises(UserError, match="no quedó igual"):
        office.back_up(tmp_path / "usb", PHRASE)
    assert office.standing().backup_at is None


def test_lost_file_comes_back_from_the_copy(office: Office, tmp_path: Path) -> None:
    root, _ = office.unlock(PHRASE)
    made = office.back_up(tmp_path / "usb", PHRASE)
    path = office.path()
    assert path is not None
    path.unlink()
    assert [r.code for r in office.standing().reminders] == ["restaurar"]

    office.restore(made.path, PHRASE)

    assert office.unlock(PHRASE)[0].certificate == root.certificate
    assert office.standing().reminders == ()


def test_copy_serves_a_new_pc_and_not_another_office(office: Office, tmp_path: Path, opened: Opener) -> None:
    made = office.back_up(tmp_path / "usb", PHRASE)
    new, other = Office(opened("nuevo", "TIC")), Office(opened("otra", "TIC"))
    other.create(PHRASE)

    new.restore(made.path, PHRASE)

    assert new.standing().authority_fingerprint == office.standing().authority_fingerprint
    before = other.unlock(PHRASE)[0].certificate
    with pytest.raises(UserError, match="otra oficina"):
        other.restore(made.path, PHRASE)
    assert other.unlock(PHRASE)[0].certificate == before


def test_copy_of_another_entity_is_adopted_only_when_confirmed(office: Office, tmp_path: Path, opened: Opener) -> None:
    copy = office.back_up(tmp_path / "usb", PHRASE).path
    other = Office(opened("villa", "TIC"))
    other.ws.set_settings({"entidad": "Alcaldía de Villa del Rosario"})

    with pytest.raises(authority.AnotherEntity, match=r"San José de Cúcuta.*Villa del Rosario"):
        other.restore(copy, PHRASE)
    assert not other.exists()
    assert actions(other.ws) == []

    other.restore(copy, PHRASE, confirmed=True)
    assert other.standing().authority_fingerprint == office.standing().authority_fingerprint


def test_restoring_keeps_what_was_in_its_place(office: Office, tmp_path: Path) -> None:
    made = office.back_up(tmp_path / "usb", PHRASE)
    path = office.path()
    assert path is not None
    path.write_bytes(b"hurt")

    office.restore(made.path, PHRASE)

    assert [p.read_bytes() for p in path.parent.glob("oficina_oficina-*.llaves")] == [b"hurt"]
    office.restore(path, PHRASE)
    office.unlock(PHRASE)


def test_renewed_authority_is_endorsed_by_the_old_one(office: Office, ws: Workspace, tmp_path: Path) -> None:
    old, _ = office.unlock(PHRASE)
    before = office.back_up(tmp_path / "usb", PHRASE)

    root, signer = office.renew(PHRASE)

    with ws.read() as connection:
        known, given = space.authorities(connection), authority.relays(connection)
    new_der, old_der = (one.certificate.public_bytes(Encoding.DER) for one in (root, old))
    assert known == [new_der, old_der]
    assert succession.chain([old_der], given, new_der, ws.clock()) == (new_der,)
    assert certificates.issued_by(signer.certificate, root.certificate)
    assert office.unlock(PHRASE)[0].certificate == root.certificate
    assert [r.code for r in office.standing().reminders] == ["respaldar"]
    with pytest.raises(UserError, match="autoridad anterior"):
        office.restore(before.path, PHRASE)


def test_two_renewals_are_one_chain_even_with_a_clock_that_went_back(office: Office, clock: Clock) -> None:
    first, _ = office.unlock(PHRASE)
    office.renew(PHRASE)
    clock.later(hours=-2)
    third, _ = office.renew(PHRASE)

    ders = [one.certificate.public_bytes(Encoding.DER) for one in (first, third)]
    with office.ws.read() as connection:
        given = authority.relays(connection)
        assert space.authorities(connection)[0] == ders[1]
    assert len(succession.chain([ders[0]], given, ders[1], clock())) == 2


def test_program_stopped_between_file_and_store_goes_on(office: Office, tmp_path: Path, opened: Opener) -> None:
    """The file carries the relays itself: a store that still knows the old authority learns the new one from it."""
    made = office.back_up(tmp_path / "usb", PHRASE)
    colleague = Office(opened("colega", "TIC"))
    colleague.restore(made.path, PHRASE)
    root, _ = office.renew(PHRASE)
    theirs, mine = colleague.path(), office.path()
    assert theirs is not None and mine is not None
    theirs.write_bytes(mine.read_bytes())

    assert colleague.unlock(PHRASE)[0].certificate == root.certificate
    assert colleague.standing().authority_fingerprint == root.fingerprint


def test_file_stays_as_it_was_when_a_step_fails(office: Office, monkeypatch: pytest.MonkeyPatch) -> None:
    path = office.path()
    assert path is not None
    before = path.read_bytes()

    def fails(*_said: object) -> None:
        raise UserError("No se pudo.", "Repita.")

    with monkeypatch.context() as trouble:
        trouble.setattr(binnacle, "write", fails)
        with pytest.raises(UserError, match="No se pudo"):
            office.renew(PHRASE)
    monkeypatch.setattr(Office, "_prove", fails)  # after the file was written
    with pytest.raises(UserError, match="No se pudo"):
        office.change_passphrase(PHRASE, "mesa verde lluvia 9")

    assert path.read_bytes() == before


def test_office_key_is_renewed_under_the_same_authority(office: Office) -> None:
    root, old = office.unlock(PHRASE)

    new = office.renew_office(PHRASE)

    assert new.fingerprint != old.fingerprint
    assert office.unlock(PHRASE)[0].certificate == root.certificate
    assert office.standing().office_fingerprint == new.fingerprint


def test_ends_and_old_copies_are_remembered(office: Office, tmp_path: Path, clock: Clock) -> None:
    office.back_up(tmp_path / "usb", PHRASE)

    clock.later(days=700)
    assert [(r.code, r.tone) for r in office.standing().reminders] == [
        ("respaldar", "warns"),
        ("renovar_oficina", "warns"),
    ]
    clock.later(days=14 * 365)
    assert ("renovar", "stops") in [(r.code, r.tone) for r in office.standing().reminders]


def test_server_asks_for_a_place_and_each_analyst_has_their_own(
    server: object, opened: Opener, tmp_path: Path, clock: Clock
) -> None:
    address = server.database()  # type: ignore[attr-defined]
    ana = Office(opened("oficina", "TIC", address))
    with pytest.raises(UserError, match="dónde se guardan"):
        ana.create(PHRASE)
    ana.create(PHRASE, tmp_path / "ana" / "llaves")
    copied = ana.back_up(tmp_path / "usb", PHRASE)

    with Workspace.open(address.replace("//ana:", "//luis:"), clock=clock) as other:
        luis = Office(other)
        assert luis.path() is None
        assert [r.code for r in luis.standing().reminders] == ["restaurar"]
        luis.restore(copied.path, PHRASE, tmp_path / "luis" / "llaves.llaves")
        assert luis.unlock(PHRASE)[0].certificate == ana.unlock(PHRASE)[0].certificate
    assert ana.path() == tmp_path / "ana" / "llaves.llaves"


def test_only_the_jefe_makes_and_renews_the_authority(ws: Workspace, office: Office) -> None:
    ws.set_settings({roles.SETTING: roles.ANALISTA})

    for deed in (lambda: office.renew(PHRASE), lambda: office.renew_office(PHRASE)):
        with pytest.raises(UserError, match="jefe de la Oficina TIC"):
            deed()
    office.unlock(PHRASE)


def test_ten_wrong_passphrases_lock_nobody_out(office: Office) -> None:
    for number in range(10):
        with pytest.raises(UserError, match="no es correcta"):
            office.unlock(f"otra frase larga {number}")

    assert office.unlock(PHRASE)
    assert actions(office.ws) == ["crear la autoridad"]


def test_copy_on_a_full_disk_leaves_nothing_and_says_so(
    office: Office, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(_descriptor: int) -> None:
        raise OSError(errno.ENOSPC, "No space left on device")

    monkeypatch.setattr(os, "fsync", full)

    with pytest.raises(UserError, match="No hay espacio"):
        office.back_up(tmp_path / "usb", PHRASE)

    monkeypatch.undo()
    assert not (tmp_path / "usb").exists() or not list((tmp_path / "usb").iterdir())
    assert office.standing().backup_at is None
    assert actions(office.ws) == ["crear la autoridad"]


@pytest.mark.skipif(sys.platform == "win32" or os.geteuid() == 0, reason="who administers the PC writes anywhere")
def test_copy_into_a_folder_for_reading_says_so(office: Office, tmp_path: Path) -> None:
    folder = tmp_path / "usb"
    folder.mkdir(mode=0o500)

    with pytest.raises(UserError, match="No se puede escribir"):
        office.back_up(folder, PHRASE)
    assert office.standing().backup_at is None


@pytest.mark.parametrize("foreign", ["", "PK\x03\x04", "{}", "[1]", '{"suma": "x"}', "Contraseña: perro azul"])
def test_restoring_from_what_is_no_copy_changes_nothing(office: Office, tmp_path: Path, foreign: str) -> None:
    path, copy = office.path(), tmp_path / "copia.llaves"
    assert path is not None
    before = path.read_bytes()
    copy.write_text(foreign, encoding="utf-8")

    with pytest.raises(UserError, match="dañado o no es el de las llaves"):
        office.restore(copy, PHRASE)
    copy.write_bytes(b"\x30\x82" + bytes(4000))  # as a .p12 of somebody else begins
    with pytest.raises(UserError, match="dañado o no es el de las llaves"):
        office.restore(copy, PHRASE)
    copy.unlink()
    with pytest.raises(UserError):
        office.restore(copy, PHRASE)

    assert path.read_bytes() == before
    assert [each.name for each in path.parent.glob("*.llaves")] == [path.name]

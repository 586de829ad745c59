"""Starter files for many, and what a dependencia believes of them."""

from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import openpyxl
import pytest
from cryptography.hazmat.primitives.serialization import Encoding

from db.queries import observations, space
from peti_desktop.delivery import keys_told, signing_key, signing_request, starter
from peti_desktop.delivery.keys_told import KeysTold
from peti_desktop.errors import Cancelled, UserError
from peti_desktop.office import authority as office_room
from peti_desktop.office import enrolment, starting
from peti_desktop.office.authority import Office
from peti_desktop.trust import keys, succession
from peti_desktop.trust.keys import Signer
from peti_desktop.trust.succession import Relay
from peti_desktop.workspace import Workspace
from tests.office.conftest import PHRASE, Clock, Opener, person

CLERK = "frase de la clave"


@pytest.fixture
def salud(opened: Opener) -> Workspace:
    return opened("salud", "SALUD")


def enrolled(office: Office, unit: Workspace, folder: Path, nombre: str = "Ana Núñez") -> Signer:
    """A person of the dependencia with a key on its PC, confirmed by the office."""
    signer = signing_key.make(unit, nombre, "Técnica", CLERK)
    path = signing_request.write(unit, signer, folder)
    enrolment.confirm(office.ws, path, signer.fingerprint)
    return signer


def told(office: Office, folder: Path, unit: str = "SALUD") -> Path:
    [written] = starting.write_all(office.ws, office.unlock(PHRASE), [unit], folder)
    return written.path


def taken(unit: Workspace, path: Path) -> None:
    starter.apply(unit, starter.read(path, unit.clock()))


def number_of(ws: Workspace) -> int:
    """The number of the newest list of annulled keys that went out."""
    return int(ws.setting(keys_told.NUMBER))


def test_code_out_of_the_list_and_another_offices_key_write_nothing(
    office: Office, tmp_path: Path, opened: Opener
) -> None:
    other = Office(opened("otra", "TIC"))
    other.create(PHRASE)

    with pytest.raises(UserError, match="«SALUT» no está en la lista"):
        starting.write_all(office.ws, office.unlock(PHRASE), ["SALUD", "SALUT"], tmp_path / "inicio")
    with pytest.raises(UserError, match="no es la de la Oficina TIC"):
        starting.write_all(office.ws, other.unlock(PHRASE), ["SALUD"], tmp_path / "inicio")

    assert not (tmp_path / "inicio").exists()
    assert not office.ws.setting(keys_told.NUMBER)


def test_every_dependencia_gets_its_own_and_the_register_is_a_chain(office: Office, tmp_path: Path) -> None:
    units = starting.units(office.ws)
    steps: list[str] = []

    written = starting.write_all(
        office.ws, office.unlock(PHRASE), [u.code for u in units], tmp_path / "inicio",
        lambda _done, _total, text: steps.append(text),
    )  # fmt: skip

    assert len(written) == len(units) > 20
    assert len({w.path.name for w in written}) == len(units)
    assert len(steps) == len(units) + 1
    with office.ws.read() as connection:
        rows = observations.files(connection, clase="inicio", sentido="emitido")
    assert [row["numero"] for row in rows] == list(range(1, len(units) + 1))
    assert [row["previo"] for row in rows[1:]] == [row["sha256"] for row in rows[:-1]]
    assert all(unit.last is not None for unit in starting.units(office.ws))


def test_cancelling_leaves_whole_files_only(office: Office, tmp_path: Path) -> None:
    def stop(done: int, _total: int, _text: str) -> None:
        if done == 2:
            raise Cancelled

    with pytest.raises(Cancelled):
        starting.write_all(office.ws, office.unlock(PHRASE), ["SALUD", "HACIENDA", "TIC"], tmp_path / "inicio", stop)

    found = sorted(path.name for path in (tmp_path / "inicio").iterdir())
    assert found == ["2026_HACIENDA_inicio.xlsx", "2026_SALUD_inicio.xlsx"]
    for name in found:
        starter.read(tmp_path / "inicio" / name, office.ws.clock())


def test_several_signers_get_their_certificates(office: Office, salud: Workspace, tmp_path: Path) -> None:
    people = [enrolled(office, salud, tmp_path, nombre) for nombre in ("Ana Núñez", "Luis Peña")]

    path = told(office, tmp_path)
    taken(salud, path)

    kept = signing_key.key_files(salud)
    assert {one.nombre for one in kept} == {"Ana Núñez", "Luis Peña"}
    for one in kept:
        assert signing_key.open_signer(salud, one.path, CLERK).chain
    book = openpyxl.load_workbook(path)
    shown = " ".join(str(cell.value) for row in book["Quién firma"].iter_rows() for cell in row)
    assert all(signer.fingerprint in shown for signer in people)
    assert "F · firma" in shown


def test_clerk_is_told_that_the_key_was_annulled(office: Office, salud: Workspace, tmp_path: Path) -> None:
    enrolled(office, salud, tmp_path)
    taken(salud, told(office, tmp_path))
    [found] = enrolment.listing(office.ws)
    enrolment.annul(office.ws, found.key_id, "Se perdió el portátil")
    taken(salud, told(office, tmp_path))

    [kept] = signing_key.key_files(salud)
    assert signing_key.trouble(salud, kept)[0] == "stops"
    with pytest.raises(UserError, match=r"anulada por la Oficina TIC el 22-nov-2026.*Cree otra clave"):
        signing_key.open_signer(salud, kept.path, CLERK)


def test_older_list_never_brings_an_annulled_key_back(office: Office, salud: Workspace, tmp_path: Path) -> None:
    enrolled(office, salud, tmp_path)
    before = told(office, tmp_path / "antes")
    [found] = enrolment.listing(office.ws)
    enrolment.annul(office.ws, found.key_id, "Se perdió el portátil")
    after = told(office, tmp_path / "despues")
    taken(salud, after)

    with pytest.raises(UserError, match="anterior al último"):
        taken(salud, before)
    old_format = starter.write(office.ws, "SALUD", office.unlock(PHRASE)[1], tmp_path / "viejo")
    with pytest.raises(UserError, match="anterior al último"):
        taken(salud, old_format)

    taken(salud, after)
    assert keys_told.annulled_since(salud, found.key_id) is not None


def test_list_number_rises_with_a_clock_that_went_back_and_a_restored_store(
    office: Office, tmp_path: Path, clock: Clock, opened: Opener
) -> None:
    numbers = []
    for hours in (0, -20, 0):
        clock.later(hours=hours)
        told(office, tmp_path)
        numbers.append(number_of(office.ws))
    clock.later(hours=21)
    restored = Office(opened("restaurada", "TIC"))
    restored.restore(office.back_up(tmp_path / "usb", PHRASE).path, PHRASE)
    told(restored, tmp_path)

    assert numbers == sorted(set(numbers))
    assert number_of(restored.ws) > numbers[-1]


def test_renewed_authority_is_believed_by_the_word_of_the_old_one(
    office: Office, salud: Workspace, opened: Opener, tmp_path: Path
) -> None:
    enrolled(office, salud, tmp_path)
    first = told(office, tmp_path / "antes")
    taken(salud, first)
    office.renew(PHRASE)
    office.renew(PHRASE)

    found = starter.read(told(office, tmp_path / "despues"), salud.clock())
    assert starter.is_known(salud, found)
    starter.apply(salud, found)

    [kept] = signing_key.key_files(salud)
    signer = signing_key.open_signer(salud, kept.path, CLERK)
    assert signer.chain[0].public_bytes(Encoding.DER) == found.authority
    hacienda = opened("hacienda", "HACIENDA")
    newcomer = starter.read(told(office, tmp_path, "HACIENDA"), salud.clock())
    assert not starter.is_known(hacienda, newcomer)  # the first one is compared with the paper


def test_replaced_authority_does_not_speak_any_more(office: Office, salud: Workspace, tmp_path: Path) -> None:
    """Whoever keeps the old authority's file cannot go on with it, however high the numbers it writes."""
    old_root, old_office = office.unlock(PHRASE)
    taken(salud, told(office, tmp_path / "antes"))
    office.renew(PHRASE)
    taken(salud, told(office, tmp_path / "despues"))
    der = old_root.certificate.public_bytes(Encoding.DER)
    forged = starter.compose(office.ws, "SALUD", KeysTold(der, number=2**40))
    path = tmp_path / "falso.xlsx"
    path.write_bytes(starter.signed(office.ws, forged, (), old_office))

    with pytest.raises(UserError, match="ya reemplazó"):
        taken(salud, path)


def _by_a_stranger(_old: Signer, stranger: Signer, _relay: Relay, at: datetime) -> Relay:
    return succession.endorse(stranger, stranger.certificate, at)


def _in_the_name_of_the_old(old: Signer, stranger: Signer, _relay: Relay, at: datetime) -> Relay:
    made = succession.endorse(stranger, stranger.certificate, at)
    return replace(made, old=keys.key_id(old.key.public_key()))


def _true_signature_for_another(_old: Signer, stranger: Signer, relay: Relay, _at: datetime) -> Relay:
    return replace(relay, new=stranger.certificate.public_bytes(Encoding.DER))


def _other_time(_old: Signer, stranger: Signer, relay: Relay, _at: datetime) -> Relay:
    return replace(relay, new=stranger.certificate.public_bytes(Encoding.DER), time="2027-01-01T00:00:00Z")


def _said_in_the_future(old: Signer, stranger: Signer, _relay: Relay, at: datetime) -> Relay:
    return succession.endorse(old, stranger.certificate, at + timedelta(days=30))


def _said_after_its_end(old: Signer, stranger: Signer, _relay: Relay, _at: datetime) -> Relay:
    return succession.endorse(old, stranger.certificate, datetime(2060, 1, 1, tzinfo=UTC))


def _of_no_authority(old: Signer, _stranger: Signer, _relay: Relay, at: datetime) -> Relay:
    return succession.endorse(old, person("SALUD").certificate, at)


@pytest.mark.parametrize(
    "forge",
    [
        _by_a_stranger, _in_the_name_of_the_old, _true_signature_for_another, _other_time, _said_in_the_future,
        _said_after_its_end, _of_no_authority,
    ],
)  # fmt: skip
def test_forged_relay_leads_nowhere(
    office: Office,
    salud: Workspace,
    opened: Opener,
    tmp_path: Path,
    forge: Callable[[Signer, Signer, Relay, datetime], Relay],
) -> None:
    old, _ = office.unlock(PHRASE)
    taken(salud, told(office, tmp_path / "antes"))
    false = Office(opened("falsa", "TIC"))
    stranger, _ = false.create(PHRASE)
    office.renew(PHRASE)
    with office.ws.read() as connection:
        [true] = office_room.relays(connection)
    with false.ws.write() as connection:
        given = forge(old, stranger, true, salud.clock())
        space.set_settings(connection, {office_room.RELAYS: f"[{_quoted(given.text)}, {_quoted(true.text)}]"})

    found = starter.read(told(false, tmp_path / "falso"), salud.clock())

    assert not starter.is_known(salud, found)
    with pytest.raises(UserError, match="distinta de la que este equipo conoce"):
        starter.apply(salud, found)


def _quoted(text: str) -> str:
    return '"' + text.replace('"', '\\"') + '"'


def test_office_whose_clock_is_far_ahead_is_not_believed(
    office: Office, salud: Workspace, tmp_path: Path, clock: Clock
) -> None:
    clock.later(days=300)
    path = told(office, tmp_path)
    clock.later(days=-300)

    with pytest.raises(UserError, match="que aún no llega"):
        starter.read(path, salud.clock())


def test_more_sheets_travel_hidden_and_come_back(office: Office, salud: Workspace, tmp_path: Path) -> None:
    rows = (("lista", "codigo"), ("marca", "=1+1", "", "ñ"))
    [written] = starting.write_all(
        office.ws, office.unlock(PHRASE), ["SALUD"], tmp_path, more=lambda _ws, _unit: {"_catalogo": rows}
    )

    assert starter.read(written.path, salud.clock()).more == {"_catalogo": rows}
    assert openpyxl.load_workbook(written.path)["_catalogo"].sheet_state == "veryHidden"


def test_newer_format_is_told(
    office: Office, salud: Workspace, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with monkeypatch.context() as tomorrow:
        tomorrow.setattr(starter, "FORMAT", 3)
        path = told(office, tmp_path)

    with pytest.raises(UserError, match="versión más nueva"):
        starter.read(path, salud.clock())


@pytest.mark.parametrize(
    "lines",
    [
        {},
        {"autoridad": "no es base64 ñ"},
        {"autoridad": "", "relevo.1": "[]"},
        {"autoridad": "", "relevo.1": '{"de": 1, "a": "", "instante": "", "firma": ""}'},
        {"autoridad": "", "anulada.1": '["zz", "2026-01-01T00:00:00+00:00"]'},
        {"autoridad": "", "anulada.1": f'["{"00" * 32}", "2026-01-01"]'},
        {"autoridad": "", "lista": "-1"},
        {"autoridad": "", "lista": str(2**60)},
        {"autoridad": "", **{f"certificado.{n}": "" for n in range(600)}},
    ],
)
def test_lines_of_another_shape_are_refused(lines: dict[str, str]) -> None:
    with pytest.raises((ValueError, KeyError)):
        keys_told.from_lines(lines)


def test_lines_about_keys_survive_the_file() -> None:
    told_all = KeysTold(b"raiz", (b"uno", b"dos"), {"00" * 32: datetime(2026, 1, 2, tzinfo=UTC)}, (), 7)

    assert keys_told.from_lines(dict(keys_told.lines(told_all))) == told_all

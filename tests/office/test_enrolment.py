"""From a key made on a clerk's PC to a certificate that comes back, and everything that may go wrong with a key."""

from datetime import timedelta
from pathlib import Path

import pytest

from db.queries import deliveries
from peti_desktop import binnacle
from peti_desktop.delivery import deliver, signing_key, signing_request, starter
from peti_desktop.errors import UserError
from peti_desktop.intake import inbox
from peti_desktop.office import enrolment, starting
from peti_desktop.office.authority import Office
from peti_desktop.trust import authority, certificates
from peti_desktop.trust.keys import Signer
from peti_desktop.workspace import Workspace
from tests.office.conftest import PHRASE, Clock, Opener, person

CLERK = "frase de la clave"


@pytest.fixture
def ws(opened: Opener, address: str) -> Workspace:
    """The office works on a file and on a server."""
    return opened("oficina", "TIC", address)


@pytest.fixture
def office(ws: Workspace, tmp_path: Path) -> Office:
    made = Office(ws)
    made.create(PHRASE, tmp_path / "llaves" / "tic.llaves")
    return made


@pytest.fixture
def salud(opened: Opener) -> Workspace:
    ws = opened("salud", "SALUD")
    ws.new("necesidad", {"subproceso": "salud_publica", "forma": "situacion", "tema": "respaldo", "descripcion": "y"})
    return ws


def asked(unit: Workspace, signer: Signer, folder: Path) -> Path:
    return signing_request.write(unit, signer, folder)


def actions(ws: Workspace) -> list[str]:
    with ws.read() as connection:
        assert binnacle.broken(connection) is None
        return [entry["accion"] for entry in deliveries.log(connection)]


def test_request_is_confirmed_and_the_certificate_comes_back(office: Office, salud: Workspace, tmp_path: Path) -> None:
    signer = signing_key.make(salud, "Ana Núñez", "Técnica", CLERK)
    path = asked(salud, signer, tmp_path / "usb")

    found = enrolment.look(office.ws, path)
    assert (found.nombre, found.dependencia, found.is_request, found.warnings) == ("Ana Núñez", "SALUD", True, ())
    root, own = office.unlock(PHRASE)
    made = enrolment.confirm(office.ws, path, signer.fingerprint, root)
    [written] = starting.write_all(office.ws, (root, own), ["SALUD"], tmp_path / "usb")
    told = starter.read(written.path, salud.clock())
    starter.apply(salud, told)

    assert (made.state, made.letter, made.confirmed_by) == ("firma", "F", office.ws.info.who)
    assert path.name == "SALUD_solicitud-de-firma_ana-nunez.xlsx"
    [kept] = signing_key.key_files(salud)
    opened = signing_key.open_signer(salud, kept.path, CLERK)
    assert certificates.issued_by(opened.certificate, root.certificate)
    assert signing_key.key_files(salud)[0].confirmed
    delivered = deliver.deliver(salud, opened, tmp_path / "entrega")
    assert inbox.receive(office.ws, delivered.path).verdict == "válida"
    assert actions(office.ws)[1:4] == ["confirmar firmante", "escribir archivo de inicio", "recibir"]


def test_delivery_confirmed_without_the_passphrase_is_certified_later(
    office: Office, salud: Workspace, tmp_path: Path
) -> None:
    signer = person("SALUD")
    path = deliver.deliver(salud, signer, tmp_path / "usb").path

    enrolment.confirm(office.ws, path, signer.fingerprint)
    assert inbox.receive(office.ws, path).verdict == "válida"
    root, _ = office.unlock(PHRASE)

    assert enrolment.certify(office.ws, root) == 1
    assert enrolment.certify(office.ws, root) == 0
    with office.ws.read() as connection:
        [der] = enrolment.certificates_of(office.ws, connection, "SALUD")
    assert certificates.issued_by(certificates.read_signer(der), root.certificate)
    assert inbox.receive(office.ws, path).verdict == "válida"


def test_files_that_prove_no_key_are_told_in_a_sentence(office: Office, salud: Workspace, tmp_path: Path) -> None:
    path = asked(salud, person("SALUD"), tmp_path)
    hurt = bytearray(path.read_bytes())
    hurt[len(hurt) // 2] ^= 1
    (tmp_path / "hurt.xlsx").write_bytes(hurt)
    (tmp_path / "cut.xlsx").write_bytes(path.read_bytes()[:2000])
    (tmp_path / "note.txt").write_text("hola", encoding="utf-8")

    for name in ("hurt.xlsx", "cut.xlsx", "note.txt"):
        with pytest.raises(UserError, match="no trae una firma"):
            enrolment.look(office.ws, tmp_path / name)
    with pytest.raises(UserError, match="No se pudo leer"):
        enrolment.look(office.ws, tmp_path / "nada.xlsx")
    assert enrolment.listing(office.ws) == []


def test_a_file_of_the_office_itself_asks_for_nothing(office: Office, tmp_path: Path) -> None:
    (written,) = starting.write_all(office.ws, office.unlock(PHRASE), ["SALUD"], tmp_path)

    with pytest.raises(UserError, match="no es una solicitud de firma ni una entrega"):
        enrolment.look(office.ws, written.path)


def test_fingerprint_that_was_not_compared_confirms_nothing(office: Office, salud: Workspace, tmp_path: Path) -> None:
    path = asked(salud, person("SALUD"), tmp_path)

    with pytest.raises(UserError, match="ya no es el que se revisó"):
        enrolment.confirm(office.ws, path, "AAAA-BBBB-CCCC-DDDD-EEEE")

    assert enrolment.listing(office.ws) == []


def test_name_that_is_taken_is_warned_of(office: Office, salud: Workspace, tmp_path: Path) -> None:
    """Anybody can write a confirmed person's name into a key of their own."""
    first, second, other = person("SALUD"), person("SALUD", "ana  NÚÑEZ"), person("SALUD", "Luis Peña")
    enrolment.confirm(office.ws, asked(salud, first, tmp_path / "a"), first.fingerprint)

    [same] = enrolment.look(office.ws, asked(salud, second, tmp_path / "b")).warnings
    [beside] = enrolment.look(office.ws, asked(salud, other, tmp_path / "c")).warnings

    assert first.fingerprint in same
    assert "Por esta dependencia ya firma Ana Núñez" in beside
    enrolment.confirm(office.ws, asked(salud, other, tmp_path / "c"), other.fingerprint)
    assert {found.nombre for found in enrolment.listing(office.ws) if found.in_force} == {"Ana Núñez", "Luis Peña"}


def test_key_signs_for_one_dependencia_only(office: Office, salud: Workspace, opened: Opener, tmp_path: Path) -> None:
    signer = person("SALUD")
    enrolment.confirm(office.ws, asked(salud, signer, tmp_path / "a"), signer.fingerprint)
    hacienda = opened("hacienda", "HACIENDA")
    identity = certificates.Identity("HACIENDA", "Secretaría de Hacienda", "Ana Núñez", "Técnica", "Alcaldía")
    builder = certificates.build_signer(identity, signer.key.public_key(), salud.clock(), issuer=None)
    elsewhere = Signer(signer.key, certificates.seal(builder, signer.key))

    with pytest.raises(UserError, match="ya está confirmada para Secretaría de Salud"):
        enrolment.look(office.ws, asked(hacienda, elsewhere, tmp_path / "b"))
    with pytest.raises(UserError, match="ya está confirmada desde el 22-nov-2026"):
        enrolment.look(office.ws, asked(salud, signer, tmp_path / "a"))


def test_unknown_dependencia_and_the_office_itself(office: Office, salud: Workspace, tmp_path: Path) -> None:
    with pytest.raises(UserError, match=r"«MARTE».* no está en la lista"):
        enrolment.look(office.ws, asked(salud, person("MARTE"), tmp_path / "a"))
    assert "en nombre de la Oficina TIC" in enrolment.look(office.ws, asked(salud, person("TIC"), tmp_path)).warnings[0]


def test_annulled_key_is_refused_and_never_comes_back(
    office: Office, salud: Workspace, tmp_path: Path, clock: Clock
) -> None:
    signer = person("SALUD")
    before = deliver.deliver(salud, signer, tmp_path / "usb").path
    later = deliver.deliver(salud, signer, tmp_path / "usb").path  # signed before, handed in afterwards
    enrolment.confirm(office.ws, before, signer.fingerprint)
    [mine] = enrolment.listing(office.ws)
    kept = inbox.receive(office.ws, before)
    clock.later(hours=1)

    enrolment.annul(office.ws, mine.key_id, "Se perdió el portátil")
    clock.later(hours=1)

    assert inbox.receive(office.ws, later).reasons[0].code == "anulada"
    again = inbox.receive(office.ws, before)
    assert (again.repeated, again.verdict, again.reasons[-1].code) == (True, kept.verdict, "repetida")
    assert [(r.sha256, r.state) for r in inbox.listing(office.ws)] == [(kept.sha256, "recibida")]
    with pytest.raises(UserError, match="no vuelve a servir"):
        enrolment.confirm(office.ws, later, signer.fingerprint)
    [found] = enrolment.listing(office.ws)
    assert (found.state, found.reason, found.annulled_by) == (
        "anulada", "Se perdió el portátil", office.ws.info.who,
    )  # fmt: skip
    with pytest.raises(UserError, match="ya está anulada"):
        enrolment.annul(office.ws, mine.key_id, "Otra vez")


def test_annulment_is_announced_brought_forward_never_backdated(
    office: Office, salud: Workspace, tmp_path: Path, clock: Clock
) -> None:
    signer = person("SALUD")
    mine = enrolment.confirm(office.ws, asked(salud, signer, tmp_path), signer.fingerprint)
    week = clock() + timedelta(days=7)

    with pytest.raises(UserError, match="fecha pasada"):
        enrolment.annul(office.ws, mine.key_id, "Se va", clock() - timedelta(days=1))
    with pytest.raises(UserError, match="Falta el motivo"):
        enrolment.annul(office.ws, mine.key_id, "  ")
    assert enrolment.annul(office.ws, mine.key_id, "Se va", week).state == "se anulará"
    assert enrolment.listing(office.ws)[0].in_force
    with pytest.raises(UserError, match="solo se adelanta"):
        enrolment.annul(office.ws, mine.key_id, "Se queda", week + timedelta(days=7))
    assert enrolment.annul(office.ws, mine.key_id, "Se fue ya").state == "anulada"


def test_renewal_keeps_the_old_key_and_a_successor_ends_it(office: Office, salud: Workspace, tmp_path: Path) -> None:
    old, new, next_one = person("SALUD"), person("SALUD"), person("SALUD", "Luis Peña")
    first = enrolment.confirm(office.ws, asked(salud, old, tmp_path / "a"), old.fingerprint)

    second = enrolment.confirm(office.ws, asked(salud, new, tmp_path / "b"), new.fingerprint, in_place_of=first.key_id)
    third = enrolment.confirm(
        office.ws, asked(salud, next_one, tmp_path / "c"), next_one.fingerprint, cargo="Jefe",
        in_place_of=second.key_id, annulled_because="Entrega del cargo",
    )  # fmt: skip

    states = {found.key_id: (found.state, found.succeeds) for found in enrolment.listing(office.ws)}
    assert states == {
        first.key_id: ("anulada", ""),  # who left had both
        second.key_id: ("anulada", first.key_id),
        third.key_id: ("firma", second.key_id),
    }
    assert third.cargo == "Jefe"


def test_successor_of_a_successor_signs_alone(office: Office, salud: Workspace, tmp_path: Path, clock: Clock) -> None:
    people = [person("SALUD", name) for name in ("Ana Núñez", "Luis Peña", "Eva Ñañez")]
    late = deliver.deliver(salud, people[0], tmp_path / "tarde").path
    before = ""
    for signer in people:
        made = enrolment.confirm(
            office.ws, asked(salud, signer, tmp_path / signer.fingerprint), signer.fingerprint, in_place_of=before,
            annulled_because="Entrega del cargo" if before else "",
        )  # fmt: skip
        before = made.key_id
        clock.later(hours=1)

    assert [found.state for found in enrolment.listing(office.ws)] == ["firma", "anulada", "anulada"]
    assert inbox.receive(office.ws, late).reasons[0].code == "anulada"
    assert inbox.receive(office.ws, deliver.deliver(salud, people[1], tmp_path / "b").path).reasons[0].code == "anulada"
    assert inbox.receive(office.ws, deliver.deliver(salud, people[2], tmp_path / "c").path).verdict == "válida"
    assert actions(office.ws).count("anular firmante") == 2


def test_successor_of_another_dependencias_key_changes_nothing(
    office: Office, salud: Workspace, opened: Opener, tmp_path: Path
) -> None:
    hacienda = opened("hacienda", "HACIENDA")
    old, new = person("SALUD"), person("HACIENDA")
    first = enrolment.confirm(office.ws, asked(salud, old, tmp_path / "a"), old.fingerprint)

    with pytest.raises(UserError, match="misma dependencia"):
        enrolment.confirm(
            office.ws, asked(hacienda, new, tmp_path / "b"), new.fingerprint, in_place_of=first.key_id,
            annulled_because="Entrega del cargo",
        )  # fmt: skip

    [only] = enrolment.listing(office.ws)
    assert only.state == "firma"


def test_clock_far_in_the_future_confirms_nothing(
    office: Office, salud: Workspace, tmp_path: Path, clock: Clock
) -> None:
    signer = person("SALUD", when=clock() + timedelta(days=400))
    clock.later(days=400)
    path = asked(salud, signer, tmp_path)
    clock.later(days=-400)

    with pytest.raises(UserError, match="no se puede confirmar"):
        enrolment.look(office.ws, path)


def test_key_states_follow_the_calendar(office: Office, salud: Workspace, tmp_path: Path, clock: Clock) -> None:
    signer = person("SALUD")
    root, _ = office.unlock(PHRASE)
    enrolment.confirm(office.ws, asked(salud, signer, tmp_path), signer.fingerprint, root)

    clock.later(days=710)
    assert [found.letter for found in enrolment.listing(office.ws)] == ["V"]
    clock.later(days=30)
    assert [found.letter for found in enrolment.listing(office.ws)] == ["X"]
    with office.ws.read() as connection:
        assert enrolment.certificates_of(office.ws, connection, "SALUD") == ()


def test_certificate_of_a_true_office_is_what_the_registers_know(
    office: Office, salud: Workspace, tmp_path: Path
) -> None:
    """A key certified elsewhere under this authority, but in no register, can still be put into it."""
    root, _ = office.unlock(PHRASE)
    own = person("SALUD")
    identity = certificates.Identity("SALUD", "Secretaría de Salud", "Ana Núñez", "Técnica", "Alcaldía")
    issued = authority.issue(root, own.key.public_key(), identity, salud.clock())
    signer = authority.adopt(own, issued, root.certificate)

    made = enrolment.confirm(office.ws, asked(salud, signer, tmp_path), signer.fingerprint)

    assert made.until == issued.not_valid_after_utc


def test_dependencias_store_confirms_nobody(salud: Workspace, tmp_path: Path) -> None:
    with pytest.raises(UserError, match="Use el archivo de datos de la Oficina TIC"):
        enrolment.look(salud, asked(salud, person("SALUD"), tmp_path))

"""A reorganisation from end to end: the office merges and splits, and the stores of before go on as the successors."""

from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, date, datetime
from pathlib import Path

import pytest

from db.queries import deliveries, observations
from peti_desktop import becoming, handover, restoring
from peti_desktop.copies import room_of
from peti_desktop.delivery import deliver, signing_key, starter
from peti_desktop.delivery.keys_told import KeysTold
from peti_desktop.delivery.starter import Starter
from peti_desktop.errors import UserError
from peti_desktop.intake import apply, inbox
from peti_desktop.intake.receipt import Receipt
from peti_desktop.office import enrolment
from peti_desktop.records import TYPES, Value
from peti_desktop.returning import answering, give_back, receiving
from peti_desktop.returning.observations import Asked, add
from peti_desktop.returning.observations import close as close_observations
from peti_desktop.returning.observations import listing as observed
from peti_desktop.trust import keys
from peti_desktop.trust.keys import Signer
from peti_desktop.trust.verdict import Status
from peti_desktop.vigencias import changing, mapping, opening, travelling
from peti_desktop.vigencias.changing import Part
from peti_desktop.vigencias.rules import UNIT
from peti_desktop.workspace import Workspace
from tests.exchange.conftest import Clock, Opener, Pki

DAY = date(2026, 7, 1)
DEVICE: dict[str, Value] = {
    "tipo": "escritorio", "placa": "004512", "estado": "en_uso", "anio": 2012, "sistema_operativo": "windows_7"
}  # fmt: skip
PASSPHRASE = "una clave larga ñ"

Tell = Callable[[str], Starter]


@pytest.fixture(autouse=True)
def small_keys(monkeypatch: pytest.MonkeyPatch) -> None:
    """The real key file, without the seconds that a Scrypt of full cost takes each time."""
    monkeypatch.setattr(keys, "SCRYPT_COST", 2**12)


@pytest.fixture
def tell(office: Workspace, pki: Pki, tmp_path: Path, clock: Clock) -> Tell:
    """The office writes a starter file for a unit; it is read back from the disk."""

    def tell(unit: str) -> Starter:
        clock.later()
        number = int(clock().timestamp())
        composed = starter.compose(office, unit, KeysTold(pki.der, number=number))
        path = tmp_path / f"{unit}_inicio.xlsx"
        path.write_bytes(
            starter.signed(office, replace(composed, more=travelling.sheets(office, unit)), (), pki.office)
        )
        return starter.read(path, clock())

    return tell


def merge(office: Workspace, *codes: str, name: str = "Secretaría de Bienestar") -> str:
    edits = changing.merged(office.catalogues, codes, Part(name), DAY)
    changing.change(office, edits, "Decreto 0172 de 2025", "unir")
    return edits[-1].codigo


def become(ws: Workspace, found: Starter) -> becoming.Becoming:
    plan = becoming.foreseen(ws, found)
    assert plan is not None
    becoming.become(ws, plan)
    return plan


def sign_and_deliver(ws: Workspace, office: Workspace, folder: Path, clock: Clock) -> Receipt:
    """The first delivery under the new name: a key is made, and the office confirms it by its fingerprint."""
    clock.later()
    assert signing_key.key_files(ws) == []
    signer = signing_key.make(ws, "Ana Núñez", "Técnica", PASSPHRASE)
    return delivered(ws, office, signer, folder, clock)


def delivered(ws: Workspace, office: Workspace, signer: Signer, folder: Path, clock: Clock) -> Receipt:
    path = deliver.deliver(ws, signer, folder).path
    clock.later()
    receipt = inbox.receive(office, path)
    if receipt.verdict is Status.DESCONOCIDA:
        enrolment.confirm(office, path, receipt.fingerprint)
        receipt = inbox.receive(office, path)
    return receipt


def in_force(ws: Workspace) -> dict[str, set[str]]:
    return {name: {record.uid for record in ws.records(name)} for name in TYPES}


def test_a_merged_dependencia_goes_on_as_the_one_it_became(
    office: Workspace, salud: Workspace, accepted: Receipt, tell: Tell, clock: Clock, tmp_path: Path
) -> None:
    before, number = in_force(salud), deliver.summary(salud).number
    new = merge(office, "SALUD", "POSCONFLICTO")
    history = {uid: len(salud.history(uid)) for uids in before.values() for uid in uids}

    plan = become(salud, tell(new))

    assert (plan.old, plan.new, plan.leaving) == ("SALUD", new, {})
    assert plan.joined
    assert salud.info.dependencia_nombre == "Secretaría de Bienestar"
    assert in_force(salud) == before
    assert all(len(salud.history(uid)) == count + 1 for uid, count in history.items())
    assert deliver.summary(salud).number == number
    assert salud.undoable() == ("", "")
    assert becoming.before(salud) == office.catalogues.label(UNIT, "SALUD")

    receipt = sign_and_deliver(salud, office, tmp_path / "usb", clock)

    assert receipt.dependencia == new
    assert receipt.counts["doubtful"] == receipt.counts["added"] == 0
    assert [reason.code for reason in receipt.reasons] == []
    apply.accept(office, receipt.sha256)
    for name, uids in before.items():
        assert {record.uid for record in office.records(name, dependencia=new)} == uids
        assert office.records(name, dependencia="SALUD") == []
    assert [move for move in mapping.waiting(office) if move.old == "SALUD"] == []


def test_what_another_part_of_a_split_answers_for_leaves_and_can_come_back(
    office: Workspace, salud: Workspace, accepted: Receipt, tell: Tell, clock: Clock, tmp_path: Path
) -> None:
    [mine] = [risk.uid for risk in salud.records("riesgo")]
    parts = [Part("Salud Pública", answers=()), Part("Hospitales", answers=("salud_publica",))]
    edits = changing.split(office.catalogues, "SALUD", parts, DAY)
    changing.change(office, edits, "Decreto de prueba", "dividir")
    first, second = (edit.codigo for edit in edits[1:])
    plan = become(salud, tell(first))

    assert mine in plan.leaving
    assert set(plan.leaving.values()) == {second}
    assert plan.unsaid == len(salud.records("equipo")) == plan.staying
    assert "Hospitales" in plan.detail
    assert salud.records("riesgo") == salud.records("control") == []
    gone = salud.record("riesgo", mine)
    assert (gone.dependencia, gone.retired) == (second, "Pasó a Hospitales")
    [copy] = [path for path in room_of(salud).iterdir() if "antes-de-seguir" in path.name]

    receipt = sign_and_deliver(salud, office, tmp_path / "usb", clock)
    assert receipt.dependencia == first
    apply.accept(office, receipt.sha256)
    assert len(office.records("equipo", dependencia=first)) == 1
    assert office.record("riesgo", mine).retired is None  # nobody but its own part says anything of it

    with restoring.restore(copy, tmp_path / "otro" / "hospitales.sqlite", clock=clock) as other:
        become(other, tell(second))
        assert other.record("riesgo", mine).retired is None
        [device] = [record.uid for record in other.records("equipo")]
        own = sign_and_deliver(other, office, tmp_path / "usb2", clock)
        assert own.dependencia == second
        assert own.counts["doubtful"] == 1  # the device that both parts say they have
        apply.accept(office, own.sha256)
    assert [record.uid for record in office.records("riesgo", dependencia=second)] == [mine]
    assert office.record("equipo", device).dependencia == first

    salud.restore("riesgo", mine)
    assert salud.record("riesgo", mine).dependencia == first
    assert {record.dependencia for record in salud.records("control")} == {first}


def test_pending_observations_are_answered_by_the_successor(
    office: Workspace, salud: Workspace, delivers: Callable[[], Receipt], pki: Pki, tell: Tell, clock: Clock,
    tmp_path: Path,
) -> None:  # fmt: skip
    starter.apply(salud, tell("SALUD"))
    receipt = delivers()
    asked = add(office, receipt.sha256, Asked("riesgo", salud.records("riesgo")[0].uid, "causa_raiz", texto="¿Cuál?"))
    late = add(office, receipt.sha256, Asked("", "", texto="Revise la lista"))
    back = give_back.give_back(office, receipt.sha256, pki.office, tmp_path / "dev", date(2026, 12, 20))
    new = merge(office, "SALUD", "POSCONFLICTO")
    become(salud, tell(new))

    # The return of the old name still arrives, and the keys of the new one stay as they were told.
    receiving.take(salud, receiving.read(salud, back.path))
    assert {each.uid for each in answering.unanswered(salud)} == {asked.uid, late.uid}
    answering.answer(salud, asked.uid, "se mantiene", "Así está en el acta")
    own = sign_and_deliver(salud, office, tmp_path / "usb", clock)

    with office.read() as connection:
        found = observations.named(connection, [asked.uid])[asked.uid]
    assert (found["respuesta"], found["razon"]) == ("se mantiene", "Así está en el acta")
    assert "respuesta_sin_observacion" not in {reason.code for reason in own.reasons}
    assert {each.uid for each in observed(office, dependencia=new)} == {asked.uid, late.uid}

    clock.later()
    close_observations(office, [asked.uid], "Aclarado")
    add(office, own.sha256, Asked("", "", texto="Falta el inventario"))
    again = give_back.give_back(office, own.sha256, pki.office, tmp_path / "dev2", date(2026, 12, 20))
    assert again.ronda == 2
    taken = receiving.take(salud, receiving.read(salud, again.path))
    assert (taken.new, taken.closed) == (1, 1)


def test_two_stores_of_a_merger_are_told_apart(
    office: Workspace, salud: Workspace, opened: Opener, accepted: Receipt, tell: Tell, clock: Clock, tmp_path: Path
) -> None:
    other = opened("posconflicto", "POSCONFLICTO")
    other.new("equipo", DEVICE)
    new = merge(office, "SALUD", "POSCONFLICTO")
    found = tell(new)
    for ws in (salud, other):
        become(ws, found)
    apply.accept(office, sign_and_deliver(salud, office, tmp_path / "a", clock).sha256)

    receipt = sign_and_deliver(other, office, tmp_path / "b", clock)

    assert {"anterior", "bifurcada"} & {reason.code for reason in receipt.reasons}
    assert len(office.records("equipo", dependencia=new)) == 1


def test_only_the_file_of_a_successor_is_one(
    office: Workspace, salud: Workspace, opened: Opener, tell: Tell, tmp_path: Path
) -> None:
    other = opened("tesoro", "TESORO")
    new = merge(office, "SALUD", "POSCONFLICTO")
    found = tell(new)

    assert becoming.foreseen(other, found) is None
    with pytest.raises(UserError, match="es de Secretaría de Bienestar"):
        starter.refuse(other, found)
    assert becoming.foreseen(office, found) is None
    assert becoming.foreseen(salud, tell("SALUD")) is None

    handover.hand_over(salud, tmp_path)
    with pytest.raises(UserError, match="se entregó con el cargo"):
        becoming.foreseen(salud, found)


def test_a_file_that_cannot_be_taken_in_changes_nothing(
    office: Workspace, salud: Workspace, pki: Pki, tell: Tell
) -> None:
    new = merge(office, "SALUD", "POSCONFLICTO")
    found = tell(new)
    starter.apply(salud, tell("SALUD"))

    with pytest.raises(UserError, match="anterior al último"):
        becoming.foreseen(salud, found)
    assert salud.info.dependencia == "SALUD"
    later = replace(tell(new), vigencia=2027)
    with pytest.raises(UserError, match="Empiece primero la vigencia 2027"):
        becoming.foreseen(salud, later)


def test_the_key_of_before_does_not_sign_for_the_successor(
    office: Workspace, salud: Workspace, pki: Pki, tell: Tell, tmp_path: Path
) -> None:
    signing_key.make(salud, "Ana Núñez", "Técnica", PASSPHRASE)
    [kept] = signing_key.key_files(salud)
    become(salud, tell(merge(office, "SALUD", "POSCONFLICTO")))

    assert signing_key.key_files(salud) == []
    assert kept.path.is_file()
    with pytest.raises(UserError, match="Esa clave firma por Secretaría de Salud"):
        deliver.deliver(salud, pki.salud, tmp_path / "usb")
    with pytest.raises(UserError, match="Esa clave firma por"):
        signing_key.open_signer(salud, kept.path, PASSPHRASE)
    assert signing_key.key_files(salud) == []
    signing_key.make(salud, "Ana Núñez", "Técnica", PASSPHRASE)
    assert [each.path != kept.path for each in signing_key.key_files(salud)] == [True]
    with salud.read() as connection:
        assert deliveries.made(connection) == []


def test_a_new_year_opened_with_a_merger_reaches_the_store(
    office: Workspace, salud: Workspace, accepted: Receipt, tell: Tell, clock: Clock, tmp_path: Path
) -> None:
    from peti_desktop import vigencia

    opening.set_due(office, {("SALUD", "riesgo"): date(2026, 12, 1)})
    new = merge(office, "SALUD", "POSCONFLICTO")
    clock.time = datetime(2027, 1, 10, 17, 0, tzinfo=UTC)
    due = opening.proposed(office, 2027)
    assert due[new, "riesgo"] == date(2027, 12, 1)
    opening.open_year(office, 2027, office.info.metodo, due)
    vigencia.begin(salud, 2027)
    become(salud, tell(new))

    assert salud.info.vence == date(2027, 12, 1)
    receipt = sign_and_deliver(salud, office, tmp_path / "usb", clock)
    apply.accept(office, receipt.sha256)
    assert receipt.counts["doubtful"] == 0
    assert len(office.records("riesgo", dependencia=new)) == 1

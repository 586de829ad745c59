"""The office takes what is proven and clean, names everything else, and loses nothing."""

import json
import os
import shutil
from pathlib import Path

import openpyxl
import pytest
from sqlalchemy import select

from db.queries import deliveries
from db.schema import metadata
from db.store import room_of_copies
from peti_desktop import binnacle
from peti_desktop.delivery import deliver
from peti_desktop.errors import Cancelled, UserError
from peti_desktop.intake import apply, inbox
from peti_desktop.intake.examine import examine
from peti_desktop.intake.receipt import Receipt
from peti_desktop.office import enrolment
from peti_desktop.records import TYPES
from peti_desktop.trust import authority, keys
from peti_desktop.workspace import Workspace
from tests.exchange.conftest import NOON, Clock, Opener, Pki, forged, identity


def _codes(receipt: Receipt) -> list[str]:
    return [reason.code for reason in receipt.reasons]


@pytest.fixture(params=["sqlite", "postgresql"])
def kind(request: pytest.FixtureRequest) -> str:
    """Everything here holds on a file and on a server."""
    return str(request.param)


def _dump(ws: Workspace) -> dict[str, list[object]]:
    with ws.read() as connection:
        return {
            name: [tuple(row) for row in connection.execute(select(table).order_by(*table.primary_key))]
            for name, table in metadata.tables.items()
        }


def test_clean_delivery_is_received_staged_and_accepted(office: Workspace, salud: Workspace, delivered: Path) -> None:
    receipt = inbox.receive(office, delivered)

    assert (receipt.verdict, receipt.state, receipt.clean) == ("válida", "recibida", True)
    assert receipt.counts == {"added": 6, "changed": 0, "retired": 0, "unchanged": 0, "doubtful": 0}
    assert office.counts()["riesgo"] == 0

    apply.accept(office, receipt.sha256)

    for name in TYPES:
        theirs = {r.uid: r.values for r in salud.records(name)}
        assert {r.uid: r.values for r in office.records(name)} == theirs
    (risk,) = office.records("riesgo")
    assert (risk.dependencia, risk.origin and (risk.origin.sheet, risk.origin.row)) == ("SALUD", ("Riesgos", 4))


def test_received_file_is_kept_byte_for_byte(office: Workspace, delivered: Path) -> None:
    receipt = inbox.receive(office, delivered)

    with office.read() as connection:
        assert deliveries.content(connection, receipt.sha256) == delivered.read_bytes()


def test_same_file_twice_changes_nothing_and_says_so(office: Workspace, delivered: Path) -> None:
    apply.accept_clean(office, [inbox.receive(office, delivered)])
    before = _dump(office)

    again = inbox.receive(office, delivered)

    assert again.repeated
    assert _codes(again) == ["repetida"]
    assert again.counts["unchanged"] == 6
    assert apply.accept_clean(office, [again]) == []
    assert _dump(office) == before


def test_second_delivery_changes_only_what_changed(
    office: Workspace, salud: Workspace, pki: object, tmp_path: Path, delivered: Path, clock: object
) -> None:
    apply.accept_clean(office, [inbox.receive(office, delivered)])
    clock.later()  # type: ignore[attr-defined]
    risk, need = salud.records("riesgo")[0], salud.records("necesidad")[1]
    salud.put("riesgo", risk.uid, {"frecuencia_anual": "6000", "tratamiento": "evitar"})
    salud.retire("necesidad", need.uid, "ya se compró")
    salud.new("equipo", {"tipo": "portatil", "placa": "9", "estado": "en_uso"})
    second = deliver.deliver(salud, pki.salud, tmp_path).path  # type: ignore[attr-defined]

    receipt = inbox.receive(office, second)
    staging = apply.preview(office, receipt.sha256)

    assert receipt.counts == {"added": 1, "changed": 1, "retired": 1, "unchanged": 4, "doubtful": 0}
    (changed,) = [item for item in staging.items if item.kind == "cambiado"]
    told = {change.field: (change.before, change.after) for change in changed.changes}
    assert told["frecuencia_anual"] == ("30", "6.000")
    assert told["probabilidad_inherente"] == ("Media", "Muy Alta")

    apply.accept(office, receipt.sha256)

    history = {c.field: (c.before, c.after) for c in office.history(risk.uid) if c.action == "cambiado"}
    assert history["frecuencia_anual"] == ("30", "6000")
    assert [r.state for r in inbox.listing(office)] == ["reemplazada", "aceptada"]
    assert office.counts()["necesidad"] == 1


def test_missing_record_is_a_question_and_never_a_deletion(
    office: Workspace, opened: object, pki: object, tmp_path: Path, delivered: Path, clock: object
) -> None:
    apply.accept_clean(office, [inbox.receive(office, delivered)])
    clock.later()  # type: ignore[attr-defined]
    other_pc = opened("otro-equipo", "SALUD")  # type: ignore[operator]
    other_pc.new("equipo", {"tipo": "portatil", "placa": "9", "estado": "en_uso"})
    deliver.deliver(other_pc, pki.salud, tmp_path / "a")  # type: ignore[attr-defined]
    second = deliver.deliver(other_pc, pki.salud, tmp_path / "b").path  # type: ignore[attr-defined]

    receipt = inbox.receive(office, second)

    assert (receipt.counts["added"], receipt.counts["doubtful"]) == (1, 6)
    assert not receipt.clean
    apply.accept(office, receipt.sha256)
    assert [n for n in office.counts().values() if n] == [1, 2, 2, 2]


def test_fork_and_older_number_wait_for_a_person(
    office: Workspace, salud: Workspace, opened: object, pki: object, tmp_path: Path, delivered: Path
) -> None:
    fork_pc = opened("copia", "SALUD")  # type: ignore[operator]
    fork_pc.new("equipo", {"tipo": "portatil", "placa": "9", "estado": "en_uso"})
    fork = deliver.deliver(fork_pc, pki.salud, tmp_path / "copia").path  # type: ignore[attr-defined]
    second = deliver.deliver(salud, pki.salud, tmp_path).path  # type: ignore[attr-defined]
    apply.accept_clean(office, [inbox.receive(office, second)])

    older = inbox.receive(office, delivered)
    forked = inbox.receive(office, fork)

    assert (older.verdict, _codes(older), older.clean) == ("válida con avisos", ["anterior"], False)
    assert set(_codes(forked)) == {"anterior", "bifurcada"}
    assert apply.accept_clean(office, [older, forked]) == []


def test_clock_that_went_back_between_two_deliveries_is_told(
    office: Workspace, salud: Workspace, pki: Pki, tmp_path: Path, delivered: Path, clock: Clock
) -> None:
    inbox.receive(office, delivered)
    clock.later(-60)
    second = deliver.deliver(salud, pki.salud, tmp_path).path
    clock.later(120)

    receipt = inbox.receive(office, second)

    assert (receipt.verdict, _codes(receipt), receipt.clean) == ("válida con avisos", ["reloj_atrasado"], True)


def test_content_with_problems_waits(
    office: Workspace, salud: Workspace, pki: object, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A program without our checks (or an older one) may deliver what «Ensayar entrega» would have stopped."""
    salud.new("equipo", {"tipo": "portatil"})
    monkeypatch.setattr(deliver, "_refuse_if_stopped", lambda _: None)
    path = deliver.deliver(salud, pki.salud, tmp_path).path  # type: ignore[attr-defined]

    receipt = inbox.receive(office, path)

    assert receipt.counts["doubtful"] == 1
    (item,) = [i for i in apply.preview(office, receipt.sha256).items if i.kind == "dudoso"]
    assert any("placa o el serial" in reason for reason in item.reasons)


def test_wrong_zone_in_the_sheet_is_a_doubt_and_the_method_decides(
    office: Workspace, salud: Workspace, pki: object, tmp_path: Path
) -> None:
    with salud.write() as connection:
        connection.exec_driver_sql("UPDATE riesgo SET zona_residual = 'bajo'")
    path = deliver.deliver(salud, pki.salud, tmp_path).path  # type: ignore[attr-defined]

    receipt = inbox.receive(office, path)
    staging = apply.accept(office, receipt.sha256)

    assert receipt.counts["doubtful"] == 1
    (doubt,) = [i.reasons for i in staging.items if i.kind == "dudoso"]
    assert doubt == ("Zona residual: la hoja dice Bajo y el método da Moderado.",)
    assert office.records("riesgo")[0].values["zona_residual"] == "moderado"


def test_unit_cannot_touch_anothers_records(
    office: Workspace, salud: Workspace, pki: object, tmp_path: Path, delivered: Path
) -> None:
    apply.accept_clean(office, [inbox.receive(office, delivered)])
    shutil.copy(salud.store.path, tmp_path / "robada.sqlite")
    with Workspace.open(tmp_path / "robada.sqlite", clock=salud.clock) as stolen:
        with stolen.write() as connection:
            connection.exec_driver_sql("UPDATE espacio SET valor = 'HACIENDA' WHERE clave = 'dependencia'")
            connection.exec_driver_sql("UPDATE equipo SET placa = 'mía'")
        stolen.set_settings({})
        path = forged(stolen, pki.hacienda, tmp_path)  # type: ignore[attr-defined]

    receipt = inbox.receive(office, path)
    apply.accept(office, receipt.sha256)

    assert receipt.counts["doubtful"] == 6
    assert [(r.dependencia, r.values["placa"]) for r in office.records("equipo")] == [("SALUD", "000123")]


def test_borrowed_identity_is_refused(office: Workspace, salud: Workspace, pki: object, tmp_path: Path) -> None:
    path = forged(salud, pki.hacienda, tmp_path)  # type: ignore[attr-defined]
    before = _dump(office)

    receipt = inbox.receive(office, path)

    assert (receipt.verdict, _codes(receipt), receipt.state) == ("no válida", ["otra_dependencia"], "")
    assert _dump(office) == before


def test_expected_sender(office: Workspace, delivered: Path) -> None:
    assert examine(office, delivered, sender="SALUD").receipt.verdict == "válida"
    assert examine(office, delivered, sender="HACIENDA").receipt.verdict == "no válida"


def test_stranger_is_confirmed_by_the_fingerprint_and_then_received(
    office: Workspace, salud: Workspace, pki: object, tmp_path: Path
) -> None:
    path = deliver.deliver(salud, pki.stranger, tmp_path).path  # type: ignore[attr-defined]
    before = _dump(office)
    first = inbox.receive(office, path)

    assert (first.verdict, _codes(first), first.state) == ("desconocida", ["firmante_desconocido"], "")
    assert _dump(office) == before

    confirmed = enrolment.confirm(office, path, first.fingerprint)

    assert confirmed.fingerprint == pki.stranger.fingerprint == first.fingerprint  # type: ignore[attr-defined]
    assert inbox.receive(office, path).clean
    with pytest.raises(UserError, match="ya está confirmada"):
        enrolment.confirm(office, path, first.fingerprint)


def test_bad_files_get_one_sentence_each_and_nothing_is_stored(
    office: Workspace, delivered: Path, tmp_path: Path
) -> None:
    bad = tmp_path / "malos"
    bad.mkdir()
    (bad / "vacío.xlsx").write_bytes(b"")
    (bad / "foto.xlsx").write_bytes(b"\xff\xd8\xff\xe0 no soy un libro" * 9)
    (bad / "viejo.xls").write_bytes(b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 600)
    openpyxl.Workbook().save(bad / "ajeno.xlsx")
    altered = bytearray(delivered.read_bytes())
    altered[len(altered) // 2] ^= 1
    (bad / "alterada.xlsx").write_bytes(altered)
    saved_again = openpyxl.load_workbook(delivered)
    saved_again["Portada"]["C5"] = "otra cosa"
    saved_again.save(bad / "guardada.xlsx")
    (bad / "~$abierta.xlsx").write_bytes(b"x")
    before = _dump(office)

    paths = inbox.files_in([bad])
    receipts = {r.file: r for r in inbox.receive_all(office, paths)}

    assert set(receipts) == {"vacío.xlsx", "foto.xlsx", "viejo.xls", "ajeno.xlsx", "alterada.xlsx", "guardada.xlsx"}
    assert {r.verdict for r in receipts.values()} == {"no válida"}
    assert all(r.reasons and all(reason.sentence for reason in r.reasons) for r in receipts.values())
    assert _codes(receipts["guardada.xlsx"]) == ["vuelto_a_guardar", "celdas_cambiadas"]
    assert _dump(office) == before


def test_one_bad_file_never_stops_the_rest(office: Workspace, delivered: Path) -> None:
    (delivered.parent / "0-primero.xlsx").write_bytes(b"basura")

    receipts = inbox.receive_all(office, inbox.files_in([delivered.parent]))

    assert [r.verdict for r in receipts] == ["no válida", "válida"]


def test_cancelling_leaves_whole_files(office: Workspace, salud: Workspace, pki: object, delivered: Path) -> None:
    deliver.deliver(salud, pki.salud, delivered.parent)  # type: ignore[attr-defined]

    def stop_at_second(done: int, total: int, text: str) -> None:
        if done == 1:
            raise Cancelled

    with pytest.raises(Cancelled):
        inbox.receive_all(office, inbox.files_in([delivered.parent]), stop_at_second)

    assert [r.state for r in inbox.listing(office)] == ["recibida"]


def test_acceptance_that_fails_halfway_leaves_nothing(
    office: Workspace, delivered: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    receipt = inbox.receive(office, delivered)
    before = _dump(office)

    def fail(*_: object) -> None:
        raise RuntimeError("power failed")

    monkeypatch.setattr(binnacle, "write_all", fail)
    with pytest.raises(RuntimeError):
        apply.accept(office, receipt.sha256)

    assert _dump(office) == before


def test_decided_delivery_is_not_decided_again(office: Workspace, delivered: Path) -> None:
    receipt = inbox.receive(office, delivered)
    apply.reject(office, receipt.sha256, "faltan controles")

    with pytest.raises(UserError, match="ya está rechazada"):
        apply.accept(office, receipt.sha256)

    assert office.counts()["riesgo"] == 0


def test_decisions_are_chained_and_a_changed_entry_is_found(office: Workspace, delivered: Path) -> None:
    receipt = inbox.receive(office, delivered)
    apply.accept(office, receipt.sha256)
    with office.read() as connection:
        whole, entries = binnacle.broken(connection), deliveries.log(connection)
    with office.write() as connection:
        connection.exec_driver_sql("UPDATE bitacora SET quien = 'otro' WHERE id = 2")

    with office.read() as connection:
        assert (whole, binnacle.broken(connection)) == (None, 2)
    assert [entry["accion"] for entry in entries] == ["recibir", "entrega aceptada"]
    assert json.loads(entries[1]["detalle"])["numero"] == 1


def test_copy_is_kept_before_accepting(office: Workspace, delivered: Path) -> None:
    apply.accept(office, inbox.receive(office, delivered).sha256)

    copies = list(room_of_copies(office.store.path).glob("*.sqlite"))
    if office.store.server:
        assert copies == []
        return
    (copy,) = copies
    with Workspace.open(copy, clock=office.clock) as before:
        assert before.counts()["riesgo"] == 0
        assert [r.state for r in inbox.listing(before)] == ["recibida"]


def test_path_that_does_not_exist(tmp_path: Path) -> None:
    with pytest.raises(UserError, match="No existe"):
        inbox.files_in([tmp_path / "nada"])


def _three(salud: Workspace, pki: object, folder: Path, clock: object) -> list[Path]:
    """Three deliveries of one dependencia, each with another text for the same device."""
    device = salud.records("equipo")[0]
    made = []
    for text in ("uno", "dos", "tres"):
        clock.later()  # type: ignore[attr-defined]
        salud.put("equipo", device.uid, {"modelo": text})
        made.append(deliver.deliver(salud, pki.salud, folder).path)  # type: ignore[attr-defined]
    return made


def test_older_delivery_never_follows_a_newer_one_by_itself(
    office: Workspace, salud: Workspace, pki: object, tmp_path: Path, clock: object
) -> None:
    _, second, third = _three(salud, pki, tmp_path / "usb", clock)
    waiting, newer = inbox.receive(office, second), inbox.receive(office, third)
    assert waiting.clean
    apply.accept(office, newer.sha256)

    taken = apply.accept_clean(office, inbox.listing(office))

    assert taken == []
    (held,) = [r for r in inbox.listing(office) if r.state == "recibida"]
    assert _codes(held) == ["anterior"]
    assert office.records("equipo")[0].values["modelo"] == "tres"


def test_whoever_accepts_has_seen_why_it_waits(
    office: Workspace, salud: Workspace, pki: object, tmp_path: Path, clock: object
) -> None:
    _, second, third = _three(salud, pki, tmp_path / "usb", clock)
    waiting, newer = inbox.receive(office, second), inbox.receive(office, third)
    apply.accept(office, newer.sha256)

    with pytest.raises(UserError, match="es anterior a la recibida"):
        apply.accept(office, waiting.sha256)
    assert office.records("equipo")[0].values["modelo"] == "tres"
    apply.accept(office, waiting.sha256)  # seen now, and still wanted

    assert office.records("equipo")[0].values["modelo"] == "dos"


def test_held_delivery_stays_held_when_it_comes_again(
    office: Workspace, salud: Workspace, pki: object, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(deliver, "code_of", lambda *_: "AAAA-AAAA")
    monkeypatch.setattr(deliver, "_read_back", lambda *_: None)
    path = deliver.deliver(salud, pki.salud, tmp_path / "usb").path  # type: ignore[attr-defined]

    first, again = inbox.receive(office, path), inbox.receive(office, path)

    assert "codigo" in _codes(first)
    assert "codigo" in _codes(again)
    assert apply.accept_clean(office, [first, again]) == []


def test_delivery_of_a_copy_beside_the_one_received_is_a_fork(
    office: Workspace, salud: Workspace, pki: Pki, tmp_path: Path, clock: Clock
) -> None:
    salud.copy_to(tmp_path / "copia.sqlite")
    first = deliver.deliver(salud, pki.salud, tmp_path / "a").path
    apply.accept_clean(office, [inbox.receive(office, first)])
    with Workspace.open(tmp_path / "copia.sqlite", clock=salud.clock) as restored:
        clock.later()
        restored.new("equipo", {"tipo": "portatil", "placa": "77", "estado": "en_uso"})
        deliver.deliver(restored, pki.salud, tmp_path / "c")
        second = deliver.deliver(restored, pki.salud, tmp_path / "d").path

    receipt = inbox.receive(office, second)

    assert (_codes(receipt), receipt.clean) == (["bifurcada"], False)
    assert "no sigue a la entrega n.º 1" in receipt.reasons[0].sentence


def test_delivery_of_a_restored_copy_that_goes_on_is_told_and_not_held(
    office: Workspace, salud: Workspace, pki: Pki, tmp_path: Path, clock: Clock
) -> None:
    apply.accept_clean(office, [inbox.receive(office, deliver.deliver(salud, pki.salud, tmp_path / "a").path)])
    salud.copy_to(tmp_path / "copia.sqlite")
    with Workspace.open(tmp_path / "copia.sqlite", clock=salud.clock) as restored:
        clock.later()
        second = deliver.deliver(restored, pki.salud, tmp_path / "d").path

    receipt = inbox.receive(office, second)

    assert (_codes(receipt), receipt.clean) == (["otro_equipo"], True)


def test_copy_restored_in_its_place_is_told_from_another_pc(
    office: Workspace, salud: Workspace, pki: Pki, tmp_path: Path, clock: Clock
) -> None:
    apply.accept_clean(office, [inbox.receive(office, deliver.deliver(salud, pki.salud, tmp_path / "a").path)])
    with salud.write() as connection:
        connection.exec_driver_sql("DELETE FROM entrega_hecha")
    clock.later()
    salud.new("equipo", {"tipo": "portatil", "placa": "77", "estado": "en_uso"})
    twin = inbox.receive(office, deliver.deliver(salud, pki.salud, tmp_path / "b").path)
    clock.later()
    after = inbox.receive(office, deliver.deliver(salud, pki.salud, tmp_path / "c").path)

    assert _codes(twin) == ["bifurcada"]
    assert "donde se restauró una copia" in twin.reasons[0].sentence
    assert after.number == 2


@pytest.mark.parametrize(
    ("setting", "value", "code"),
    [
        ("entidad", "Alcaldía de Los Patios", "otra_entidad"),
        ("vigencia", "2027", "otra_vigencia"),
    ],
)
def test_delivery_made_for_elsewhere_waits_with_its_reason(
    office: Workspace, delivered: Path, setting: str, value: str, code: str
) -> None:
    office.set_settings({setting: value})

    receipt = inbox.receive(office, delivered)

    assert (_codes(receipt), receipt.state, receipt.clean) == ([code], "recibida", False)


def test_dependencia_that_is_no_more_waits_with_what_it_became(
    office: Workspace, opened: Opener, pki: Pki, tmp_path: Path
) -> None:
    gone = office.catalogues.entry("dependencia", "BANCO_PROGRESO")
    assert gone is not None
    old = opened("vieja", gone.code)
    old.new("equipo", {"tipo": "portatil", "placa": "77", "estado": "en_uso"})
    who = identity(gone.code)
    own = keys.make_signer(who, NOON)
    certificate = authority.issue(pki.root, own.key.public_key(), who, NOON)
    signer = authority.adopt(own, certificate, pki.root.certificate)

    receipt = inbox.receive(office, deliver.deliver(old, signer, tmp_path / "v").path)

    assert (_codes(receipt), receipt.clean) == (["dependencia_anterior"], False)
    assert office.catalogues.label("dependencia", gone.became[0]) in receipt.reasons[0].sentence


def test_records_go_to_the_unit_that_took_the_place_of_theirs(
    office: Workspace, opened: Opener, pki: Pki, tmp_path: Path
) -> None:
    (code,) = office.catalogues.became("dependencia", "BANCO_PROGRESO")
    found = {}
    for name, unit in (("vieja", "BANCO_PROGRESO"), ("nueva", code)):
        ws = opened(name, unit)
        found[unit] = ws.new("equipo", {"tipo": "portatil", "placa": "77", "estado": "en_uso"}).uid
        with ws.write() as connection:
            connection.exec_driver_sql(f"UPDATE equipo SET uid = '{found['BANCO_PROGRESO']}'")
        who = identity(unit)
        own = keys.make_signer(who, NOON)
        issued = authority.issue(pki.root, own.key.public_key(), who, NOON)
        signer = authority.adopt(own, issued, pki.root.certificate)
        receipt = inbox.receive(office, deliver.deliver(ws, signer, tmp_path / name).path)
        apply.accept(office, receipt.sha256)

    (device,) = office.records("equipo")
    last = office.history(device.uid)[-1]

    assert (device.dependencia, device.revision) == (code, 2)
    assert (last.action, last.before, last.after) == ("mover", "BANCO_PROGRESO", code)
    assert apply.preview(office, receipt.sha256).counts["unchanged"] == 1


def test_sheet_past_the_limit_is_told_from_another_workbook(
    office: Workspace, delivered: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("peti_desktop.delivery.cells.MAX_ROWS", 3)

    receipt = inbox.receive(office, delivered)

    assert (receipt.verdict, _codes(receipt), receipt.state) == ("no válida", ["demasiadas_filas"], "")


def test_doubts_that_arise_within_a_batch_are_seen(
    office: Workspace, salud: Workspace, pki: object, tmp_path: Path, clock: object
) -> None:
    """The second brings a record that the third does not have."""
    first = deliver.deliver(salud, pki.salud, tmp_path / "a").path  # type: ignore[attr-defined]
    apply.accept_clean(office, [inbox.receive(office, first)])
    clock.later()  # type: ignore[attr-defined]
    salud.new("equipo", {"tipo": "portatil", "placa": "77", "estado": "en_uso"})
    second = deliver.deliver(salud, pki.salud, tmp_path / "b").path  # type: ignore[attr-defined]
    with salud.write() as connection:
        connection.exec_driver_sql("DELETE FROM equipo WHERE placa = '77'")
    clock.later()  # type: ignore[attr-defined]
    third = deliver.deliver(salud, pki.salud, tmp_path / "d").path  # type: ignore[attr-defined]

    taken = apply.accept_clean(office, inbox.receive_all(office, [second, third]))

    assert [r.number for r in taken] == [2]
    (waiting,) = [r for r in inbox.listing(office) if r.state == "recibida"]
    assert (waiting.number, waiting.counts["doubtful"]) == (3, 1)


def test_one_file_twice_in_a_batch_is_taken_once(office: Workspace, delivered: Path, tmp_path: Path) -> None:
    shutil.copy(delivered, tmp_path / "copia.xlsx")

    receipts = inbox.receive_all(office, [delivered, tmp_path / "copia.xlsx"])

    assert [r.file for r in apply.accept_clean(office, receipts)] == [delivered.name]


def test_dependencia_does_not_receive(salud: Workspace, delivered: Path) -> None:
    before = salud.counts()

    with pytest.raises(UserError, match="aquí no se reciben entregas"):
        inbox.receive(salud, delivered)
    with pytest.raises(UserError, match="aquí no se reciben entregas"):
        enrolment.confirm(salud, delivered, "")

    assert salud.counts() == before


def test_changes_that_come_with_a_retirement_are_remembered(
    office: Workspace, salud: Workspace, pki: object, tmp_path: Path, delivered: Path, clock: object
) -> None:
    apply.accept_clean(office, [inbox.receive(office, delivered)])
    clock.later()  # type: ignore[attr-defined]
    need = salud.records("necesidad")[1]
    salud.put("necesidad", need.uid, {"descripcion": "otra cosa"})
    salud.retire("necesidad", need.uid, "ya se compró")
    second = deliver.deliver(salud, pki.salud, tmp_path / "b").path  # type: ignore[attr-defined]

    apply.accept(office, inbox.receive(office, second).sha256)

    told = [(c.action, c.field, c.after) for c in office.history(need.uid)]
    assert ("retirado", "", "ya se compró") in told
    assert ("cambiado", "descripcion", "otra cosa") in told


def test_reason_of_a_rejection_can_be_read_again(office: Workspace, delivered: Path) -> None:
    apply.reject(office, inbox.receive(office, delivered).sha256, "faltan controles")

    (receipt,) = inbox.listing(office)

    assert (receipt.why, receipt.decided_by, receipt.reasons) == ("faltan controles", office.info.who, ())


@pytest.mark.skipif(os.name == "nt", reason="names there are text")
def test_name_that_is_no_text_stops_nothing(office: Workspace, delivered: Path) -> None:
    odd = delivered.parent / os.fsdecode(b"ha\xffcienda.xlsx")
    shutil.copy(delivered, odd)

    assert inbox.receive(office, odd).state == "recibida"
    assert inbox.listing(office)[0].file == "ha\ufffdcienda.xlsx"


def test_device_that_only_grew_older_is_no_change(
    office: Workspace, salud: Workspace, pki: object, tmp_path: Path, clock: object
) -> None:
    salud.new(
        "equipo",
        {"tipo": "escritorio", "placa": "5", "estado": "en_uso", "sistema_operativo": "windows_10_ltsc_2021"},
    )
    first = deliver.deliver(salud, pki.salud, tmp_path / "a").path  # type: ignore[attr-defined]
    apply.accept_clean(office, [inbox.receive(office, first)])
    clock.later(minutes=60 * 24 * 90)  # type: ignore[attr-defined]
    second = deliver.deliver(salud, pki.salud, tmp_path / "b").path  # type: ignore[attr-defined]

    receipt = inbox.receive(office, second)

    assert (receipt.counts["changed"], receipt.counts["unchanged"]) == (0, 7)

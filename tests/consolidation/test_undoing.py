"""One step back: everything as it was before the last import, and nothing lost on the way."""

from types import SimpleNamespace
from typing import Any

import pytest
from sqlalchemy import select

from db.queries import deliveries
from db.schema import RECORDS, correccion, decision, entrega_recibida
from peti_desktop import binnacle
from peti_desktop.consolidation import corrections, decisions, doubts, undoing
from peti_desktop.consolidation.decisions import Decision
from peti_desktop.errors import UserError
from peti_desktop.intake import apply, inbox
from peti_desktop.intake.receipt import Receipt
from peti_desktop.workspace import Workspace
from tests.consolidation.conftest import Deliver


def content(ws: Workspace) -> dict[str, list[Any]]:
    """What the store says now: records, corrections, decisions, states and open doubts. Only revisions go on."""
    tables = [*RECORDS.values(), correccion, decision, entrega_recibida]
    with ws.read() as connection:
        found = {
            table.name: [
                tuple(row)
                for row in connection.execute(
                    select(*(c for c in table.c if c.name != "revision")).order_by(*table.primary_key)
                )
            ]
            for table in tables
        }
    found["dudas"] = [(d.record, d.field, d.kind, d.text, d.assigned_to) for d in doubts.listing(ws)]
    return found


def test_acceptance_is_taken_back_whole(office: Workspace, delivers: Deliver) -> None:
    receipt = delivers()
    before = content(office)
    apply.accept(office, receipt.sha256)
    assert undoing.last_import(office) == "la aceptación de la entrega n.º 1 de Secretaría de Salud"

    assert apply.undo_last(office) == "la aceptación de la entrega n.º 1 de Secretaría de Salud"

    assert content(office) == before
    assert [r.state for r in inbox.listing(office)] == ["recibida"]
    with office.read() as connection:
        assert deliveries.log(connection)[-1]["accion"] == "deshacer aceptación"
        assert binnacle.broken(connection) is None
    with pytest.raises(UserError, match="No hay ninguna aceptación"):
        apply.undo_last(office)
    apply.accept(office, receipt.sha256)
    assert sum(office.counts().values()) == 6


def test_second_delivery_is_taken_back_and_the_first_is_in_force_again(
    office: Workspace, salud: Workspace, accepted: Receipt, delivers: Deliver
) -> None:
    risk, need, device = (salud.records(name)[0] for name in ("riesgo", "necesidad", "equipo"))
    corrections.correct(office, "equipo", device.uid, "modelo", "X", "se vio")
    salud.put("riesgo", risk.uid, {"frecuencia_anual": "6000", "tratamiento": "evitar"})
    salud.put("equipo", device.uid, {"modelo": "Y"})
    salud.retire("necesidad", need.uid, "ya se compró")
    salud.new("equipo", {"tipo": "portatil", "placa": "9", "estado": "en_uso"})
    receipt = delivers()
    before = content(office)
    history = len(office.history(risk.uid))
    apply.accept(office, receipt.sha256)
    assert content(office) != before

    apply.undo_last(office)

    assert content(office) == before
    assert {r.sha256: r.state for r in inbox.listing(office)}[accepted.sha256] == "aceptada"
    assert len(office.history(risk.uid)) > history
    assert office.undoable()[0].startswith("corregir Modelo")


def test_batch_is_one_import(office: Workspace, salud: Workspace, delivers: Deliver) -> None:
    device = salud.records("equipo")[0].uid
    receipts = []
    for model in ("A", "B", "C"):
        salud.put("equipo", device, {"modelo": model})
        receipts.append(delivers())
    before = content(office)
    assert len(apply.accept_clean(office, receipts)) == 3

    assert apply.undo_last(office) == "la aceptación de 3 entregas"

    assert content(office) == before


def test_part_of_a_delivery_is_taken_back_step_by_step(office: Workspace, salud: Workspace, delivers: Deliver) -> None:
    receipt, device = delivers(), ("equipo", salud.records("equipo")[0].uid)
    apply.accept(office, receipt.sha256, {device: Decision("devolver", "falta")})
    before = content(office)
    apply.accept(office, receipt.sha256)
    assert inbox.listing(office)[0].state == "aceptada"

    apply.undo_last(office)

    assert content(office) == before
    assert [w.uid for w in decisions.waiting(office, receipt.sha256)] == [device[1]]


def test_doubts_an_undone_import_opened_are_closed_and_settled_ones_open_again(
    office: Workspace, salud: Workspace, delivers: Deliver
) -> None:
    device = salud.records("equipo")[0].uid
    salud.put("equipo", device, {"modelo": "A"})
    apply.accept(office, delivers().sha256)
    with salud.write() as connection:
        connection.exec_driver_sql("UPDATE equipo SET modelo = NULL")
    apply.accept(office, delivers().sha256)
    salud.put("equipo", device, {"modelo": "B"})
    third = delivers()
    before = content(office)
    apply.accept(office, third.sha256)
    assert doubts.listing(office) == []

    apply.undo_last(office)

    assert content(office) == before
    assert len(doubts.listing(office)) == 1


def test_answer_given_while_accepting_is_taken_back_with_it(
    office: Workspace, salud: Workspace, delivers: Deliver
) -> None:
    uid = salud.new("equipo", {"tipo": "portatil", "placa": "77", "estado": "en_uso"}).uid
    apply.accept(office, delivers().sha256)
    with salud.write() as connection:
        connection.exec_driver_sql("DELETE FROM equipo WHERE uid = ?", (uid,))
    second = delivers()
    apply.accept(office, second.sha256, {("equipo", uid): Decision("mantener")})
    assert apply.preview(office, second.sha256).counts["doubtful"] == 0

    apply.undo_last(office)

    assert apply.preview(office, second.sha256).counts["doubtful"] == 1


def test_work_built_on_an_import_is_never_undone_with_it(office: Workspace, accepted: Receipt) -> None:
    risk, control = office.records("riesgo")[0], office.records("control")[0]
    corrections.correct(office, "control", control.uid, "accion", "otra cosa", "se vio")
    before = content(office)

    with pytest.raises(UserError, match=r"cambió después «.*», y deshacer la aceptación borraría su trabajo"):
        apply.undo_last(office)

    assert content(office) == before
    office.undo()
    apply.undo_last(office)
    assert office.counts()["riesgo"] == 0
    assert accepted.number == 1
    assert risk.uid not in {r.uid for r in office.records("riesgo", retired=None)}


def test_work_done_between_two_parts_of_a_batch_is_not_undone_with_it(
    office: Workspace, salud: Workspace, delivers: Deliver, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(apply, "uuid6", SimpleNamespace(uuid7=lambda: "one lot"))
    device = salud.records("equipo")[0].uid
    apply.accept(office, delivers().sha256)
    corrections.correct(office, "equipo", device, "marca", "HP", "se vio")
    apply.accept(office, delivers().sha256)
    before = content(office)

    with pytest.raises(UserError, match="borraría su trabajo"):
        apply.undo_last(office)

    assert content(office) == before


@pytest.mark.usefixtures("accepted")
def test_record_with_a_priority_is_not_taken_away(office: Workspace) -> None:
    need = office.records("necesidad")[0].uid
    with office.write() as connection:
        connection.exec_driver_sql(
            "INSERT INTO prioridad (registro, puntaje, motivo, quien, cuando)"
            f" VALUES ('{need}', 1, 'm', 'yo', '2026-11-22T17:00:00.000+00:00')"
        )

    with pytest.raises(UserError, match="ya tiene prioridad, grupo o iniciativa"):
        apply.undo_last(office)


def test_dependencia_undoes_no_import(salud: Workspace) -> None:
    with pytest.raises(UserError, match="eso lo decide la Oficina TIC"):
        apply.undo_last(salud)

"""The queue of doubts: what is decided there is one step of undo, and a doubt ends with its cause."""

import pytest

from peti_desktop.consolidation import corrections, doubts
from peti_desktop.consolidation.decisions import Decision
from peti_desktop.consolidation.doubts import Doubt
from peti_desktop.intake import apply
from peti_desktop.intake.receipt import Receipt
from peti_desktop.workspace import Workspace
from tests.consolidation.conftest import Deliver


def _drop(ws: Workspace, *uids: str) -> None:
    with ws.write() as connection:
        for uid in uids:
            connection.exec_driver_sql("DELETE FROM equipo WHERE uid = ?", (uid,))


@pytest.fixture
def device(office: Workspace, salud: Workspace, delivers: Deliver) -> str:
    """A device that nothing points to, in force."""
    made = salud.new("equipo", {"tipo": "portatil", "placa": "P-9", "estado": "en_uso"})
    apply.accept(office, delivers().sha256)
    return made.uid


@pytest.fixture
def missing(office: Workspace, salud: Workspace, delivers: Deliver, device: str) -> Doubt:
    """A device that the second delivery forgot."""
    _drop(salud, device)
    apply.accept(office, delivers().sha256)
    (doubt,) = doubts.listing(office)
    return doubt


def test_a_record_that_was_handed_over_comes_back_with_its_doubt(office: Workspace, missing: Doubt) -> None:
    doubts.move(office, [missing.uid], "HACIENDA", "se trasladó")
    assert office.record("equipo", missing.record).dependencia == "HACIENDA"

    assert office.undo() == "pasar un registro a Secretaría de Hacienda"

    assert office.record("equipo", missing.record).dependencia == "SALUD"
    assert [(d.uid, d.resolution) for d in doubts.listing(office)] == [(missing.uid, "")]
    assert office.redo()
    assert office.record("equipo", missing.record).dependencia == "HACIENDA"
    assert doubts.listing(office) == []


def test_a_risk_is_handed_over_with_its_controls_and_comes_back_with_them(
    office: Workspace,
    salud: Workspace,
    delivers: Deliver,
    accepted: Receipt,
) -> None:
    risk = salud.records("riesgo")[0].uid
    with salud.write() as connection:
        connection.exec_driver_sql("DELETE FROM control WHERE riesgo = ?", (risk,))
        connection.exec_driver_sql("DELETE FROM riesgo WHERE uid = ?", (risk,))
        connection.exec_driver_sql("UPDATE necesidad SET riesgo = NULL")
    apply.accept(office, delivers().sha256)
    (doubt,) = doubts.listing(office, type_name="riesgo")

    doubts.move(office, [doubt.uid], "HACIENDA")
    owners = {record.dependencia for record in office.records("control", equal={"riesgo": risk})}
    office.undo()

    assert owners == {"HACIENDA"}
    assert {record.dependencia for record in office.records("control", equal={"riesgo": risk})} == {"SALUD"}


def test_assigning_is_undone_and_done_again(office: Workspace, missing: Doubt) -> None:
    assert doubts.assign(office, [missing.uid], " Luis Peña ") == 1
    assert doubts.assign(office, [missing.uid], "Ana Núñez") == 1
    assert office.undoable()[0] == "asignar una duda a Ana Núñez"

    office.undo()
    assert [doubt.assigned_to for doubt in doubts.listing(office)] == ["Luis Peña"]
    office.undo()
    assert [doubt.assigned_to for doubt in doubts.listing(office)] == [""]
    office.redo()
    assert [doubt.assigned_to for doubt in doubts.listing(office)] == ["Luis Peña"]


def test_an_assigned_doubt_does_not_keep_the_acceptance_from_being_undone(office: Workspace, missing: Doubt) -> None:
    doubts.assign(office, [missing.uid], "Luis Peña")

    assert apply.undo_last(office)
    assert doubts.listing(office) == []


def test_who_got_a_doubt_after_accepting_keeps_it_when_that_is_undone(
    office: Workspace, salud: Workspace, delivers: Deliver, accepted: Receipt
) -> None:
    device = salud.records("equipo")[0].uid
    corrections.correct(office, "equipo", device, "modelo", "X", "se vio")
    for modelo in ("B", "C"):
        salud.put("equipo", device, {"modelo": modelo})
        apply.accept(office, delivers().sha256)
    (doubt,) = doubts.listing(office)
    doubts.assign(office, [doubt.uid], "Luis Peña")

    apply.undo_last(office)

    (before,) = doubts.listing(office)
    assert before.uid == doubt.uid and before.text != doubt.text
    assert before.assigned_to == "Luis Peña"


@pytest.fixture
def foreign(office: Workspace, delivers: Deliver, device: str) -> Doubt:
    """Salud goes on delivering a device that the office handed to Hacienda."""
    with office.write() as connection:
        connection.exec_driver_sql(f"UPDATE equipo SET dependencia = 'HACIENDA' WHERE uid = '{device}'")
    apply.accept(office, delivers().sha256)
    (doubt,) = doubts.listing(office)
    assert (doubt.kind, doubt.dependencia) == ("ajeno", "SALUD")
    return doubt


def test_a_doubt_about_anothers_record_ends_when_it_comes_no_more(
    office: Workspace, salud: Workspace, delivers: Deliver, foreign: Doubt
) -> None:
    apply.accept(office, delivers().sha256)
    assert [doubt.uid for doubt in doubts.listing(office)] == [foreign.uid]

    _drop(salud, foreign.record)
    last = delivers()
    apply.accept(office, last.sha256)

    assert doubts.listing(office) == []
    (ended,) = doubts.listing(office, open=False)
    assert (ended.resolution, ended.note) == ("resuelta por la entrega", f"Entrega n.º {last.number}")
    apply.undo_last(office)
    assert [doubt.uid for doubt in doubts.listing(office)] == [foreign.uid]


def test_a_row_that_waits_keeps_its_doubt_about_another(office: Workspace, delivers: Deliver, foreign: Doubt) -> None:
    receipt = delivers()
    apply.accept(office, receipt.sha256, {("equipo", foreign.record): Decision("esperar", "se pregunta a Hacienda")})
    assert [doubt.uid for doubt in doubts.listing(office)] == [foreign.uid]

    apply.accept(office, receipt.sha256)
    assert [doubt.uid for doubt in doubts.listing(office)] == [foreign.uid]


def test_handing_a_record_to_who_delivers_it_ends_the_doubt_about_it(office: Workspace, foreign: Doubt) -> None:
    with office.write() as connection:
        connection.exec_driver_sql(
            "INSERT INTO duda (uid, cuando, dependencia, tipo, registro, campo, clase, texto, entrega)"
            " SELECT 'otra', cuando, 'HACIENDA', tipo, registro, '', 'ausente', 'No viene', entrega FROM duda"
        )

    doubts.move(office, ["otra"], "SALUD")

    assert doubts.listing(office) == []
    office.undo()
    assert {doubt.uid for doubt in doubts.listing(office)} == {"otra", foreign.uid}


def test_an_emptied_link_that_is_kept_is_not_asked_again_under_another_name(
    office: Workspace, salud: Workspace, delivers: Deliver, device: str
) -> None:
    need = salud.records("necesidad")[0].uid
    salud.put("necesidad", need, {"equipo": device})
    apply.accept(office, delivers().sha256)
    salud.put("necesidad", need, {"equipo": ""})
    apply.accept(office, delivers().sha256)
    (doubt,) = doubts.listing(office)
    doubts.resolve(office, [doubt.uid], "mantener")

    salud.put("equipo", device, {"placa": "OTRA-1", "serial": "OTRO-1"})
    renamed = delivers()
    assert renamed.counts["doubtful"] == 0
    apply.accept(office, renamed.sha256)
    assert delivers().counts["doubtful"] == 0

    salud.put("necesidad", need, {"equipo": device})
    apply.accept(office, delivers().sha256)
    with office.act("otro equipo") as act:
        other = act.new("equipo", {"tipo": "portatil", "placa": "X", "estado": "en_uso"}, dependencia="SALUD")
        act.set("necesidad", need, {"equipo": other})
    salud.put("necesidad", need, {"equipo": ""})
    assert "vacio" in {q.kind for item in apply.preview(office, delivers().sha256).items for q in item.questions}

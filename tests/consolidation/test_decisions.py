"""Part of a delivery is accepted, the rest waits with its reason, and a missing row is asked about."""

import pytest

from db.queries import log
from peti_desktop.consolidation import decisions, doubts
from peti_desktop.consolidation.decisions import Decision
from peti_desktop.errors import UserError
from peti_desktop.intake import apply, inbox
from peti_desktop.intake.receipt import Receipt
from peti_desktop.records import BORRAR
from peti_desktop.workspace import Workspace
from tests.consolidation.conftest import Deliver
from tests.consolidation.test_undoing import content

BACK = Decision("devolver", "falta el soporte")


def _key(ws: Workspace, name: str) -> tuple[str, str]:
    return name, ws.records(name)[0].uid


def _state(office: Workspace, sha256: str) -> str:
    return next(r.state for r in inbox.listing(office) if r.sha256 == sha256)


def test_row_that_is_given_back_waits_with_its_reason(office: Workspace, salud: Workspace, delivers: Deliver) -> None:
    receipt, device = delivers(), _key(salud, "equipo")

    done = apply.accept(office, receipt.sha256, {device: BACK})

    assert office.counts() | {"equipo": 0} == salud.counts() | {"equipo": 0}
    assert office.counts()["equipo"] == 0
    assert done.counts["added"] == 5
    assert _state(office, receipt.sha256) == "aceptada en parte"
    (waits,) = decisions.waiting(office, receipt.sha256)
    assert (waits.uid, waits.what, waits.reason, waits.who) == (device[1], BACK.what, BACK.reason, office.info.who)


def test_controls_wait_with_their_risk_and_come_with_it(office: Workspace, salud: Workspace, delivers: Deliver) -> None:
    receipt, risk = delivers(), _key(salud, "riesgo")

    apply.accept(office, receipt.sha256, {risk: BACK})
    assert (office.counts()["riesgo"], office.counts()["control"]) == (0, 0)
    assert [w.what for w in decisions.waiting(office, receipt.sha256)] == ["acompañar", "acompañar", "devolver"]
    apply.accept(office, receipt.sha256, {risk: Decision("aceptar")})

    assert _state(office, receipt.sha256) == "aceptada"
    assert decisions.waiting(office, receipt.sha256) == []
    assert office.record(*risk).values == salud.record(*risk).values


def test_risk_without_one_of_its_controls_is_rated_without_it(
    office: Workspace, salud: Workspace, delivers: Deliver
) -> None:
    receipt, control = delivers(), _key(salud, "control")

    apply.accept(office, receipt.sha256, {control: Decision("rechazar", "no es un control")})

    (risk,) = office.records("riesgo")
    assert risk.values["controles"] == 1
    apply.accept(office, receipt.sha256, {control: Decision("aceptar")})
    (risk,) = office.records("riesgo")
    assert risk.values == salud.records("riesgo")[0].values


def test_rest_is_taken_at_once_save_what_was_rejected(office: Workspace, salud: Workspace, delivers: Deliver) -> None:
    receipt, device, need = delivers(), _key(salud, "equipo"), _key(salud, "necesidad")
    apply.accept(office, receipt.sha256, {device: BACK, need: Decision("rechazar", "no es de TIC")})

    apply.accept(office, receipt.sha256)

    assert (office.counts()["equipo"], office.counts()["necesidad"]) == (1, 1)
    assert _state(office, receipt.sha256) == "aceptada en parte"
    assert [w.uid for w in decisions.waiting(office, receipt.sha256)] == [need[1]]


def test_only_one_section_is_taken(office: Workspace, delivers: Deliver) -> None:
    receipt = delivers()
    staging = apply.preview(office, receipt.sha256)

    apply.accept(office, receipt.sha256, decisions.only(staging, ["riesgo"], "mañana las demás"))

    assert {name: n for name, n in office.counts().items() if n} == {"riesgo": 1, "control": 2}


def test_decision_without_reason_or_about_a_stranger_is_refused(
    office: Workspace, salud: Workspace, delivers: Deliver
) -> None:
    receipt, device = delivers(), _key(salud, "equipo")

    with pytest.raises(UserError, match="Falta el motivo"):
        apply.accept(office, receipt.sha256, {device: Decision("devolver")})
    with pytest.raises(UserError, match="no está en esta entrega"):
        apply.accept(office, receipt.sha256, {("equipo", "otro"): BACK})
    with pytest.raises(UserError, match="no es una decisión"):
        apply.accept(office, receipt.sha256, {device: Decision("retirar", "x")})
    staging = apply.preview(office, receipt.sha256)
    with pytest.raises(UserError, match="No queda ningún registro"):
        apply.accept(office, receipt.sha256, {item.key: BACK for item in staging.items})
    assert sum(office.counts().values()) == 0


@pytest.fixture
def without_device(office: Workspace, salud: Workspace, delivers: Deliver) -> Receipt:
    """A second delivery where the laptop of the first is missing."""
    uid = salud.new("equipo", {"tipo": "portatil", "placa": "77", "estado": "en_uso"}).uid
    apply.accept(office, delivers().sha256)
    with salud.write() as connection:
        connection.exec_driver_sql("DELETE FROM equipo WHERE uid = ?", (uid,))
    return delivers()


def _laptop(office: Workspace) -> tuple[str, str]:
    return "equipo", next(r.uid for r in office.records("equipo") if r.values["placa"] == "77")


def test_missing_row_stays_and_is_asked_about_until_it_comes(office: Workspace, without_device: Receipt) -> None:
    apply.accept(office, without_device.sha256)

    assert office.counts()["equipo"] == 2
    (doubt,) = doubts.listing(office)
    assert (doubt.kind, doubt.record, doubt.answers) == (
        "ausente", _laptop(office)[1], ("mantener", "retirar", "mover", "preguntar"),
    )  # fmt: skip


def test_missing_row_is_retired_with_a_reason(office: Workspace, without_device: Receipt) -> None:
    device = _laptop(office)

    apply.accept(office, without_device.sha256, {device: Decision("retirar", "se dio de baja")})

    assert office.record(*device).retired == "se dio de baja"
    assert doubts.listing(office) == []


def test_missing_row_passes_to_another_dependencia(office: Workspace, without_device: Receipt) -> None:
    device = _laptop(office)

    apply.accept(office, without_device.sha256, {device: Decision("mover", to="HACIENDA")})

    assert office.record(*device).dependencia == "HACIENDA"
    assert doubts.listing(office) == []


def _without(salud: Workspace, *names: str) -> None:
    with salud.write() as connection:
        for name in names:
            connection.exec_driver_sql(f"DELETE FROM {name}")


def test_risk_is_rated_again_when_a_missing_control_is_retired(
    office: Workspace, salud: Workspace, accepted: Receipt, delivers: Deliver
) -> None:
    control = _key(salud, "control")
    with salud.write() as connection:
        connection.exec_driver_sql("DELETE FROM control WHERE uid = ?", (control[1],))
    before = content(office)
    receipt = delivers()

    apply.accept(office, receipt.sha256, {control: Decision("retirar", "ya no se hace")})

    (risk,) = office.records("riesgo")
    assert risk.values["controles"] == 1
    apply.undo_last(office)
    assert content(office) | {"entrega_recibida": []} == before | {"entrega_recibida": []}


@pytest.mark.parametrize("what", [Decision("retirar", "ya no aplica"), Decision("mover", to="HACIENDA")])
def test_nobody_asks_about_the_controls_of_a_risk_that_went(
    office: Workspace, salud: Workspace, accepted: Receipt, delivers: Deliver, what: Decision
) -> None:
    risk = _key(salud, "riesgo")
    with salud.write() as connection:
        connection.exec_driver_sql("UPDATE necesidad SET riesgo = NULL")
    _without(salud, "control", "riesgo")

    apply.accept(office, delivers().sha256, {risk: what})

    assert [doubt.kind for doubt in doubts.listing(office)] == ["vacio"]
    found = [r for name in ("riesgo", "control") for r in office.records(name, retired=None)]
    assert [(r.retired or "", r.dependencia) for r in found] == [(what.reason, what.to or "SALUD")] * 3


def test_controls_of_a_risk_retired_from_the_queue_are_asked_about_no_more(
    office: Workspace, salud: Workspace, accepted: Receipt, delivers: Deliver
) -> None:
    risk = _key(salud, "riesgo")
    with salud.write() as connection:
        connection.exec_driver_sql("UPDATE necesidad SET riesgo = NULL")
    _without(salud, "control", "riesgo")
    apply.accept(office, delivers().sha256)
    (doubt,) = [each for each in doubts.listing(office, kind="ausente") if each.record == risk[1]]

    doubts.resolve(office, [doubt.uid], "retirar", "ya no aplica")

    assert doubts.listing(office, kind="ausente") == []
    office.undo()
    assert len(doubts.listing(office, kind="ausente")) == 3


def test_forgotten_row_stays_and_is_asked_for(office: Workspace, without_device: Receipt) -> None:
    apply.accept(office, without_device.sha256, {_laptop(office): Decision("olvido", "llamar a Ana")})

    (doubt,) = doubts.listing(office)
    assert doubt.note == "llamar a Ana"


def test_row_that_stays_for_good_is_not_asked_about_again(
    office: Workspace, without_device: Receipt, delivers: Deliver
) -> None:
    apply.accept(office, without_device.sha256, {_laptop(office): Decision("mantener")})

    again = delivers()

    assert (again.counts["doubtful"], again.clean) == (0, True)
    assert doubts.listing(office) == []


def test_empty_cell_asks_and_borrar_empties(office: Workspace, salud: Workspace, delivers: Deliver) -> None:
    device = _key(salud, "equipo")
    salud.put(*device, {"modelo": "A", "marca": "HP"})
    apply.accept(office, delivers().sha256)
    with salud.write() as connection:
        connection.exec_driver_sql("UPDATE equipo SET modelo = NULL, marca = NULL, borrado = 'marca'")
    receipt = delivers()
    assert not receipt.clean

    apply.accept(office, receipt.sha256)

    values = office.record(*device).values
    assert (values["modelo"], values["marca"]) == ("A", None)
    assert salud.record(*device).values["marca"] is BORRAR
    (doubt,) = doubts.listing(office)
    assert doubt.text == "Modelo: antes declaró «A» y ahora viene vacío: ¿se borra?"
    assert ("marca", "HP", None) in [(c.field, c.before, c.after) for c in office.history(device[1])]
    salud.put(*device, {"modelo": "B"})
    apply.accept(office, delivers().sha256)
    assert doubts.listing(office) == []
    (closed,) = doubts.listing(office, open=False)
    assert (closed.resolution, closed.note) == ("resuelta por la entrega", "Entrega n.º 3")


def test_many_doubts_are_resolved_in_one_act(office: Workspace, salud: Workspace, delivers: Deliver) -> None:
    for number in range(3):
        salud.new("equipo", {"tipo": "portatil", "placa": f"P{number}", "estado": "en_uso", "modelo": "A"})
    apply.accept(office, delivers().sha256)
    with salud.write() as connection:
        connection.exec_driver_sql("UPDATE equipo SET modelo = NULL")
    apply.accept(office, delivers().sha256)
    uids = [doubt.uid for doubt in doubts.listing(office, kind="vacio")]
    doubts.assign(office, uids[:1], "Luis")
    assert [d.uid for d in doubts.listing(office, assigned_to="Luis")] == uids[:1]

    assert doubts.resolve(office, uids, "borrar") == 3

    assert {r.values["modelo"] for r in office.records("equipo")} == {None}
    assert doubts.listing(office) == []
    assert office.undo() == "resolver 3 dudas: borrar"
    assert [d.uid for d in doubts.listing(office)] == uids
    assert [r.values["modelo"] for r in office.records("equipo")].count("A") == 3
    doubts.resolve(office, uids, "mantener")
    assert delivers().clean  # the same question is not asked again


@pytest.mark.usefixtures("accepted")
def test_deciding_nothing_leaves_no_entry_in_the_log(office: Workspace, salud: Workspace, delivers: Deliver) -> None:
    salud.put("equipo", salud.records("equipo")[0].uid, {"anio": ""})
    apply.accept(office, delivers().sha256)
    uids = [doubt.uid for doubt in doubts.listing(office)]
    assert doubts.resolve(office, uids, "mantener") == len(uids) == 1
    with office.read() as connection:
        before = log.total(connection)

    assert doubts.resolve(office, [*uids, "ninguna"], "mantener") == 0
    assert doubts.move(office, uids, "HACIENDA") == 0
    doubts.assign(office, uids, "Luis")

    with office.read() as connection:
        assert log.total(connection) == before
    assert [doubt.assigned_to for doubt in doubts.listing(office, open=None)] == [""]


def test_row_the_office_took_out_is_not_put_back_in_silence(
    office: Workspace, without_device: Receipt, salud: Workspace, delivers: Deliver
) -> None:
    device = _laptop(office)
    apply.accept(office, without_device.sha256, {device: Decision("retirar", "se dio de baja")})
    with salud.write() as connection:
        row = office.record(*device)
        connection.exec_driver_sql(
            "INSERT INTO equipo (uid, dependencia, revision, ejemplo, no_aplica, creado_en, creado_por, cambiado_en,"
            " cambiado_por, tipo, placa, estado)"
            " VALUES (?, 'SALUD', 1, 0, '', ?, '', ?, '', 'portatil', '77', 'en_uso')",
            (row.uid, row.created_at.isoformat(), row.created_at.isoformat()),
        )

    apply.accept(office, delivers().sha256)

    assert office.record(*device).retired == "se dio de baja"
    (doubt,) = doubts.listing(office)
    doubts.resolve(office, [doubt.uid], "recuperar")
    assert office.record(*device).retired is None


def test_against_the_delivery_before_and_what_changed_the_zone(
    office: Workspace, salud: Workspace, accepted: Receipt, delivers: Deliver
) -> None:
    risk, device = _key(salud, "riesgo"), _key(salud, "equipo")
    salud.put(*risk, {"impacto_reputacional": "5", "tratamiento": "evitar"})
    salud.put(*device, {"modelo": "B"})
    second = delivers()
    apply.accept(office, second.sha256)

    staging = apply.preview(office, second.sha256, against="anterior")

    assert (staging.counts["changed"], staging.counts["unchanged"]) == (2, 4)
    assert [item.key for item in staging.items if item.zone_changed] == [risk]
    assert apply.preview(office, second.sha256).counts["unchanged"] == 6
    assert apply.preview(office, accepted.sha256, against="anterior").counts["added"] == 6


def test_missing_row_passes_to_another_dependencia_from_the_queue(office: Workspace, without_device: Receipt) -> None:
    apply.accept(office, without_device.sha256)
    (doubt,) = doubts.listing(office)
    with pytest.raises(UserError, match="no está en la lista"):
        doubts.move(office, [doubt.uid], "NADIE")
    with pytest.raises(UserError, match="ya es de Secretaría de Salud"):
        doubts.move(office, [doubt.uid], "SALUD")
    assert [found.uid for found in doubts.listing(office)] == [doubt.uid]

    assert doubts.move(office, [doubt.uid], "HACIENDA", "se trasladó") == 1

    assert office.record(*_laptop(office)).dependencia == "HACIENDA"
    assert doubts.listing(office) == []


def test_a_retired_record_is_not_handed_over(office: Workspace, without_device: Receipt) -> None:
    apply.accept(office, without_device.sha256)
    (doubt,) = doubts.listing(office)
    office.retire(*_laptop(office), "se dio de baja")

    with pytest.raises(UserError, match="está retirado"):
        doubts.move(office, [doubt.uid], "HACIENDA")

    assert office.record(doubt.type, doubt.record).dependencia == "SALUD"


def test_history_tells_decisions_without_taking_them_for_values(office: Workspace, without_device: Receipt) -> None:
    apply.accept(office, without_device.sha256)
    doubts.resolve(office, [doubt.uid for doubt in doubts.listing(office)], "mantener", "sigue allí")

    (told,) = [c for c in office.history(_laptop(office)[1]) if c.action == "resolver duda"]

    assert (told.field, told.before, told.after, told.act) == ("", None, None, "resolver una duda: mantener")

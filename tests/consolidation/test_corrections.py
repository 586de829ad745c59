"""A correction stands beside what was declared, and nothing undoes it in silence."""

import pytest

from peti_desktop.consolidation import corrections, doubts
from peti_desktop.errors import UserError
from peti_desktop.intake import apply
from peti_desktop.records import Value
from peti_desktop.vigencias import opening
from peti_desktop.workspace import Workspace
from tests.consolidation.conftest import Deliver
from tests.consolidation.test_undoing import content


def _device(ws: Workspace) -> str:
    return ws.records("equipo")[0].uid


def _layers(office: Workspace, field: str = "modelo") -> tuple[Value, Value, Value, bool]:
    found = corrections.layers(office, "equipo", _device(office))[field]
    return found.declared, found.corrected, found.in_force, found.pending


@pytest.fixture
def device(salud: Workspace, request: pytest.FixtureRequest, office: Workspace) -> str:
    """A device declared as «A», corrected by the office to «B»."""
    salud.put("equipo", _device(salud), {"modelo": "A"})
    request.getfixturevalue("accepted")
    corrections.correct(office, "equipo", _device(office), "modelo", " B ", "se vio en la visita")
    return _device(office)


def test_correction_is_in_force_and_the_declared_value_stays(office: Workspace, device: str) -> None:
    assert _layers(office) == ("A", "B", "B", False)
    (told,) = corrections.listing(office)
    assert (told.record, told.declared, told.corrected, told.who) == (device, "A", "B", office.info.who)
    assert corrections.annex(office)[0][2:6] == ("Modelo", "A", "B", "se vio en la visita")


def test_reason_is_compulsory_and_computed_fields_are_not_corrected(office: Workspace, device: str) -> None:
    with pytest.raises(UserError, match="Falta el motivo"):
        corrections.correct(office, "equipo", device, "modelo", "C", "  ")
    with pytest.raises(UserError, match="la calcula el programa"):
        corrections.correct(office, "equipo", device, "obsolescencia", "C", "porque sí")
    with pytest.raises(UserError, match="ya está en firme"):
        corrections.correct(office, "equipo", device, "modelo", "B", "otra vez")


def test_retired_records_and_compulsory_fields_are_not_corrected_away(office: Workspace, device: str) -> None:
    with pytest.raises(UserError, match="«Tipo» es obligatorio"):
        corrections.correct(office, "equipo", device, "tipo", " ", "no se sabe")
    office.retire("equipo", device, "se dio de baja")

    with pytest.raises(UserError, match="está retirado"):
        corrections.correct(office, "equipo", device, "modelo", "C", "porque sí")

    assert [(told.field, told.corrected) for told in corrections.listing(office)] == [("modelo", "B")]


def test_a_link_is_corrected_to_a_record_in_force_alone(office: Workspace, device: str) -> None:
    need = office.records("necesidad")[0].uid
    control = office.records("control")[0].uid
    for type_name, uid, field, raw in (
        ("necesidad", need, "equipo", "0190f000-0000-7000-8000-000000000001"),
        ("necesidad", need, "riesgo", device),
        ("control", control, "riesgo", ""),
    ):
        with pytest.raises(UserError, match="no está en la consolidación"):
            corrections.correct(office, type_name, uid, field, raw, "porque sí")

    corrections.correct(office, "necesidad", need, "equipo", "No aplica", "no reemplaza ninguno")
    corrections.correct(office, "necesidad", need, "equipo", device, "sí lo reemplaza")
    office.retire("equipo", device, "se dio de baja")
    with pytest.raises(UserError, match="no está en la consolidación"):
        corrections.correct(office, "necesidad", office.records("necesidad")[1].uid, "equipo", device, "también")
    assert office.record("necesidad", need).values["equipo"] == device


def test_dependencia_corrects_nothing(salud: Workspace) -> None:
    with pytest.raises(UserError, match="eso lo decide la Oficina TIC"):
        corrections.correct(salud, "equipo", _device(salud), "modelo", "C", "porque sí")


@pytest.mark.usefixtures("accepted")
def test_zone_follows_the_correction_and_the_declared_one_stays(office: Workspace) -> None:
    (risk,) = office.records("riesgo")
    declared = risk.values["zona_inherente"]

    corrections.correct(office, "riesgo", risk.uid, "impacto_reputacional", "5", "ante la nación")

    found = corrections.layers(office, "riesgo", risk.uid)["zona_inherente"]
    assert (found.declared, found.in_force) == (declared, "extremo")
    assert declared != "extremo"


@pytest.mark.usefixtures("accepted")
def test_corrected_control_changes_its_risk_alone_in_force(office: Workspace) -> None:
    (risk,) = office.records("riesgo")
    control = office.records("control")[0]

    corrections.correct(office, "control", control.uid, "implementacion", "automatico", "lo hace el sistema")

    found = corrections.layers(office, "riesgo", risk.uid)["probabilidad_residual_pct"]
    assert found.declared == risk.values["probabilidad_residual_pct"] != found.in_force


@pytest.mark.usefixtures("device")
def test_same_declared_again_leaves_the_correction(office: Workspace, delivers: Deliver) -> None:
    receipt = delivers()
    assert receipt.clean

    apply.accept(office, receipt.sha256)

    assert _layers(office) == ("A", "B", "B", False)


def test_declaring_the_corrected_value_lifts_the_correction(
    office: Workspace, salud: Workspace, device: str, delivers: Deliver
) -> None:
    salud.put("equipo", device, {"modelo": "B"})

    apply.accept(office, delivers().sha256)

    assert _layers(office) == ("B", None, "B", False)
    (told,) = corrections.of_record(office, device)
    assert told.lifted_why == "La dependencia lo corrigió en la entrega n.º 2."


def test_declaring_something_else_keeps_the_correction_and_asks(
    office: Workspace, salud: Workspace, device: str, delivers: Deliver
) -> None:
    salud.put("equipo", device, {"modelo": "C"})
    receipt = delivers()
    assert not receipt.clean

    apply.accept(office, receipt.sha256)

    assert _layers(office) == ("C", "B", "B", True)
    (doubt,) = doubts.listing(office)
    assert "¿se mantiene la corrección?" in doubt.text
    corrections.confirm(office, corrections.listing(office, pending=True)[0].uid)
    assert _layers(office) == ("C", "B", "B", False)
    assert doubts.listing(office) == []


def test_going_back_to_what_the_office_had_corrected_asks_again(
    office: Workspace, salud: Workspace, device: str, delivers: Deliver
) -> None:
    for model, layers in (
        ("B", ("B", None, "B", False)),
        ("A", ("A", "B", "B", True)),
        ("B", ("B", None, "B", False)),
        ("C", ("C", None, "C", False)),
        ("B", ("B", None, "B", False)),
    ):
        salud.put("equipo", device, {"modelo": model})
        apply.accept(office, delivers().sha256)
        assert _layers(office) == layers
        assert [c.pending for c in corrections.listing(office)] == ([True] if layers[3] else [])
        assert [(d.record, d.kind) for d in doubts.listing(office)] == ([(device, "correccion")] if layers[3] else [])

    told = corrections.of_record(office, device)
    assert [(c.declared, c.corrected, c.lifted_why[:13]) for c in told] == [("A", "B", "La dependenci")] * 2


def test_a_correction_put_in_force_again_is_confirmed_or_lifted_like_any_other(
    office: Workspace, salud: Workspace, device: str, delivers: Deliver
) -> None:
    for model in ("B", "A"):
        salud.put("equipo", device, {"modelo": model})
        before, receipt = content(office), delivers()
        waiting = content(office)
        apply.accept(office, receipt.sha256)
        assert content(office) != before
        apply.undo_last(office)
        assert content(office) == waiting
        apply.accept(office, receipt.sha256)
    (doubt,) = doubts.listing(office)
    assert doubt.text == (
        "Modelo: había declarado «A», TIC lo corrigió a «B», así lo declaró después y ahora vuelve a «A»: "
        "¿se mantiene la corrección?"
    )

    doubts.resolve(office, [doubt.uid], doubts.LIFT, "tienen razón")
    assert _layers(office) == ("A", None, "A", False)
    office.undo()
    doubts.resolve(office, [doubt.uid], doubts.KEEP)
    assert _layers(office) == ("A", "B", "B", False)
    receipt = delivers()
    assert receipt.clean


def test_a_confirmed_correction_asks_whenever_something_else_is_declared(
    office: Workspace, salud: Workspace, device: str, delivers: Deliver
) -> None:
    for model in ("C", "A", "C", "A"):
        salud.put("equipo", device, {"modelo": model})
        receipt = delivers()
        assert not receipt.clean
        apply.accept(office, receipt.sha256)
        assert _layers(office) == (model, "B", "B", True)
        (doubt,) = doubts.listing(office)
        doubts.resolve(office, [doubt.uid], doubts.KEEP)
        assert _layers(office) == (model, "B", "B", False)


def test_lifting_puts_what_is_declared_now_in_force(
    office: Workspace, salud: Workspace, device: str, delivers: Deliver
) -> None:
    salud.put("equipo", device, {"modelo": "C"})
    apply.accept(office, delivers().sha256)

    corrections.lift(office, corrections.listing(office)[0].uid, "la dependencia tiene razón")

    assert _layers(office) == ("C", None, "C", False)
    assert doubts.listing(office) == []
    assert office.undo() == "levantar una corrección (la dependencia tiene razón)"
    assert _layers(office) == ("C", "B", "B", True)
    assert len(doubts.listing(office)) == 1


def test_undoing_a_correction_takes_it_back_and_redoing_puts_it_there(office: Workspace, device: str) -> None:
    corrections.correct(office, "equipo", device, "modelo", "D", "se miró mejor")
    assert _layers(office) == ("A", "D", "D", False)

    office.undo()
    assert _layers(office) == ("A", "B", "B", False)
    office.undo()
    assert _layers(office) == ("A", None, "A", False)
    office.redo()
    assert _layers(office) == ("A", "B", "B", False)


def test_act_that_a_delivery_overtook_is_not_undone(
    office: Workspace, salud: Workspace, device: str, delivers: Deliver
) -> None:
    salud.put("equipo", device, {"modelo": "C"})
    apply.accept(office, delivers().sha256)

    assert office.undo() == ""
    assert _layers(office) == ("C", "B", "B", True)


def test_what_was_undone_stays_undone_in_the_next_vigencia(office: Workspace, device: str) -> None:
    office.undo()
    assert _layers(office) == ("A", None, "A", False)

    opening.open_year(office, 2027, office.info.metodo, {})

    assert _layers(office) == ("A", None, "A", False)
    assert corrections.listing(office) == []
    assert (office.undo(), office.redo()) == ("", "")

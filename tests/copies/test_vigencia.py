"""A year begins from the one before, and each record says what became of it; a record can be started from another."""

import pytest

from peti_desktop import copies, duplicating, vigencia
from peti_desktop.errors import UserError
from peti_desktop.workspace import Workspace


def test_first_year_has_no_marks(ws: Workspace) -> None:
    assert (vigencia.marks(ws), ws.info.anterior) == ({}, None)


def test_records_come_along_and_nothing_is_marked_at_first(ws: Workspace) -> None:
    begun = vigencia.begin(ws, 2027)

    assert ws.info.vigencia == ws.catalogues.vigencia == 2027
    assert ws.info.anterior == 2026
    assert begun.carried["equipo"] == 2
    assert [need.values["vigencia"] for need in ws.records("necesidad")] == [2027]
    assert set(vigencia.marks(ws).values()) == {vigencia.SAME}
    assert [copy.reason for copy in copies.listing(ws)] == [copies.BEFORE_NEW_YEAR]


def test_marks_say_new_modified_retired_and_same(ws: Workspace) -> None:
    first, second = ws.records("equipo")
    ws.put("equipo", first.uid, {"marca": "HP"})
    vigencia.begin(ws, 2027)
    need = ws.records("necesidad")[0]
    ws.put("equipo", first.uid, {"marca": "Lenovo"})
    ws.put("equipo", second.uid, {"marca": "Dell"})
    ws.put("equipo", second.uid, {"marca": ""})
    ws.retire("necesidad", need.uid, "Se atendió")
    born = ws.new("equipo", {"placa": "SAL-9"})
    gone = ws.new("equipo", {"placa": "SAL-8"})
    ws.retire("equipo", gone.uid, "Se registró por error")

    assert vigencia.marks(ws) == {
        first.uid: vigencia.MODIFIED,
        second.uid: vigencia.SAME,
        need.uid: vigencia.RETIRED,
        born.uid: vigencia.NEW,
    }


def test_what_was_undone_leaves_no_mark_and_what_comes_back_is_new(ws: Workspace) -> None:
    first, second = ws.records("equipo")
    ws.retire("equipo", second.uid, "De baja")
    vigencia.begin(ws, 2027)
    ws.put("equipo", first.uid, {"marca": "Lenovo"})
    ws.undo()
    before = vigencia.marks(ws)
    ws.restore("equipo", second.uid)

    assert before[first.uid] == vigencia.SAME and second.uid not in before
    assert vigencia.marks(ws)[second.uid] == vigencia.NEW


def test_one_record_is_marked_as_all_of_them_are(ws: Workspace) -> None:
    first, second = ws.records("equipo")
    assert vigencia.mark_of(ws, "equipo", first.uid) == ""
    vigencia.begin(ws, 2027)
    ws.put("equipo", first.uid, {"marca": "Lenovo"})
    ws.put("equipo", first.uid, {"marca": "Acer"})
    ws.retire("equipo", second.uid, "De baja")
    born = ws.new("equipo", {"placa": "SAL-9"})

    one_by_one = {uid: vigencia.mark_of(ws, "equipo", uid) for uid in (first.uid, second.uid, born.uid)}

    assert one_by_one == vigencia.marks(ws, ["equipo"])
    assert list(one_by_one.values()) == [vigencia.MODIFIED, vigencia.RETIRED, vigencia.NEW]


@pytest.mark.parametrize("change", ["new", "put", "retire"])
def test_a_risk_whose_controls_changed_is_modified(ws: Workspace, change: str) -> None:
    risks = [ws.new("riesgo", {"actividad": text}).uid for text in ("Atender", "Archivar")]
    control = ws.new("control", {"riesgo": risks[0], "accion": "Revisar"}).uid
    vigencia.begin(ws, 2027)
    match change:
        case "new":
            ws.new("control", {"riesgo": risks[0], "accion": "Copiar"})
        case "put":
            ws.put("control", control, {"accion": "Comparar"})
        case _:
            ws.retire("control", control, "No se hace")

    assert vigencia.marks(ws, ["riesgo"]) == {risks[0]: vigencia.MODIFIED, risks[1]: vigencia.SAME}


@pytest.mark.parametrize("year", [2025, 2026, 2030, 20277])
def test_years_that_cannot_follow_are_refused(ws: Workspace, year: int) -> None:
    with pytest.raises(UserError, match="no puede empezar"):
        vigencia.begin(ws, year)

    assert ws.info.vigencia == 2026


def test_the_next_year_begins_from_this_one(ws: Workspace) -> None:
    vigencia.begin(ws, 2027)
    born = ws.new("equipo", {"placa": "SAL-9"})
    vigencia.begin(ws, 2028)

    assert vigencia.marks(ws)[born.uid] == vigencia.SAME


def test_duplicate_of_a_risk_brings_its_controls_and_one_undo_takes_all_back(ws: Workspace) -> None:
    risk = ws.new("riesgo", {"actividad": "Atender", "frecuencia_anual": 30})
    ws.new("control", {"riesgo": risk.uid, "accion": "Revisar", "tipo": "preventivo", "implementacion": "manual"})
    ws.new("control", {"riesgo": risk.uid, "accion": "Copiar"})

    (copy,) = duplicating.duplicate(ws, "riesgo", [risk.uid])

    controls = [c.values for c in ws.records("control") if c.values["riesgo"] == copy.uid]
    assert [(c["accion"], c["orden"]) for c in controls] == [("Revisar", 1), ("Copiar", 2)]
    assert copy.values["referencia"] == "R-002"
    assert {k: v for k, v in copy.values.items() if k != "referencia"} == {
        k: v for k, v in ws.record("riesgo", risk.uid).values.items() if k != "referencia"
    }
    assert ws.undo() == "duplicar riesgo"
    assert (ws.counts()["riesgo"], ws.counts()["control"]) == (1, 2)


def test_duplicates_of_devices_leave_placa_and_serial_to_be_typed(ws: Workspace) -> None:
    uids = [device.uid for device in ws.records("equipo")]
    ws.put("equipo", uids[0], {"marca": "HP", "serial": "X1"})

    made = duplicating.duplicate(ws, "equipo", uids)

    assert [(d.values["placa"], d.values["serial"]) for d in made] == [(None, None)] * 2
    assert made[0].values["marca"] == "HP"
    assert ws.undoable()[0] == "duplicar 2 equipos"


def test_last_year_cannot_be_undone(ws: Workspace) -> None:
    vigencia.begin(ws, 2027)

    assert ws.undoable() == ("", "")

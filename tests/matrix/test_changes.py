"""A correction of many rows: one act, one undo, and nobody's work lost in silence."""

import pytest

from peti_desktop import matrix_changes
from peti_desktop.errors import Cancelled, UserError
from peti_desktop.matrix import Condition, MatrixFilter, Op, Question
from peti_desktop.matrix_changes import changeable, correct_rows
from peti_desktop.workspace import Workspace

EVERY = MatrixFilter("equipo")


def states(ws: Workspace) -> list[object]:
    return [line.record.values["estado"] for line in Question(ws, EVERY).read(0).lines]


def test_all_rows_that_meet_the_filter_are_corrected_and_taken_back_at_once(ws: Workspace) -> None:
    before = states(ws)
    wanted = MatrixFilter("equipo", "", (Condition("dependencia", Op.ONE_OF, ("HACIENDA",)),))

    changed = correct_rows(ws, wanted, None, "estado", "dañado", "inventario físico", {})

    assert changed == 3
    assert states(ws) == ["sin_uso"] * 3 + before[3:]
    line = Question(ws, wanted).read(0).lines[0]
    assert line.mended["estado"].declared is None
    assert line.mended["estado"].reason == "inventario físico"
    assert Question(ws, MatrixFilter("equipo", "", (Condition("estado", Op.CORRECTED),))).count() == 3
    assert Question(ws, MatrixFilter("equipo", "", (Condition("", Op.CORRECTED),))).count() == 3
    assert Question(ws, MatrixFilter("equipo", "", (Condition("placa", Op.CORRECTED),))).count() == 0

    ws.undo()
    assert states(ws) == before
    assert Question(ws, MatrixFilter("equipo", "", (Condition("", Op.CORRECTED),))).count() == 0
    assert Question(ws, wanted).read(0).lines[0].mended == {}


def test_chosen_rows_alone_are_corrected(ws: Workspace) -> None:
    before = states(ws)

    assert correct_rows(ws, EVERY, [(0, 1), (2, 2)], "estado", "dañado", "visita", {}) == 3

    assert states(ws) == ["sin_uso", before[1], "sin_uso", "sin_uso", before[4]]


@pytest.mark.parametrize(("raw", "reason"), [("volando", "visita"), ("dañado", "  ")])
def test_no_reason_or_no_value_changes_nothing(ws: Workspace, raw: str, reason: str) -> None:
    before = states(ws)

    with pytest.raises(UserError):
        correct_rows(ws, EVERY, None, "estado", raw, reason, {})

    assert states(ws) == before


def test_what_a_colleague_changed_meanwhile_is_not_overwritten(ws: Workspace) -> None:
    lines = Question(ws, EVERY).read(0).lines
    seen = {line.record.uid: line.record.revision for line in lines}
    with ws.write() as connection:
        connection.exec_driver_sql("UPDATE equipo SET revision = revision + 1, cambiado_por = 'Luis'")

    with pytest.raises(UserError, match="Luis cambió este registro"):
        correct_rows(ws, EVERY, None, "estado", "dañado", "visita", seen)

    assert "sin_uso" not in states(ws)


def test_rows_that_moved_since_they_were_chosen_are_not_corrected(ws: Workspace) -> None:
    lines = Question(ws, EVERY).read(0).lines
    places = {place: line.record.uid for place, line in enumerate(lines)}
    with ws.write() as connection:
        connection.exec_driver_sql(f"UPDATE equipo SET retirado = 'x' WHERE uid = '{lines[0].record.uid}'")

    with pytest.raises(UserError, match="llegaron o salieron registros"):
        correct_rows(ws, EVERY, [(2, 2)], "estado", "dañado", "visita", {}, places=places)

    assert "sin_uso" not in states(ws)
    now = {place: line.record.uid for place, line in enumerate(Question(ws, EVERY).read(0).lines)}
    assert correct_rows(ws, EVERY, [(2, 2)], "estado", "dañado", "visita", {}, places=now) == 2


def test_too_many_rows_are_refused(ws: Workspace, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(matrix_changes, "MOST", 2)

    with pytest.raises(UserError, match="Son 5 registros; de una vez se corrigen hasta 2"):
        correct_rows(ws, EVERY, None, "estado", "dañado", "visita", {})


def test_cancelled_correction_changes_nothing(ws: Workspace) -> None:
    before = states(ws)

    def stop(done: int, total: int, text: str) -> None:
        raise Cancelled

    with pytest.raises(Cancelled):
        correct_rows(ws, EVERY, None, "estado", "dañado", "visita", {}, stop)

    assert states(ws) == before


def test_the_same_value_again_says_so(ws: Workspace) -> None:
    correct_rows(ws, EVERY, None, "estado", "dañado", "visita", {})

    with pytest.raises(UserError, match="ya tienen ese valor"):
        correct_rows(ws, EVERY, None, "estado", "dañado", "visita", {})


def test_computed_fields_and_links_are_not_offered() -> None:
    names = [field.name for field in changeable("control")]

    assert "accion" in names
    assert not {"peso", "riesgo"} & set(names)

"""One undo per act of a person, with words; and back again; the history keeps both."""

import sqlite3
from collections.abc import Iterator
from contextlib import closing
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from peti_desktop.records import TYPES
from peti_desktop.workspace import Workspace

NOON = datetime(2026, 11, 22, 17, 0, tzinfo=UTC)


class Clock:
    """A clock that goes on by itself, far enough that no edit joins the one before."""

    def __init__(self) -> None:
        self.time = NOON

    def __call__(self) -> datetime:
        self.time += timedelta(minutes=2)
        return self.time


@pytest.fixture
def ws(address: str) -> Iterator[Workspace]:
    made = Workspace.create(
        address, perfil="dependencia", dependencia="SALUD", nombre="Ana", cargo="", vigencia=2026,
        clock=Clock(),
    )  # fmt: skip
    yield made
    made.close()


def _content(ws: Workspace) -> dict[str, dict[str, object]]:
    """All that can be seen: records in force, and what is typed into them."""
    return {name: {r.uid: (r.values, r.retired, r.drafts) for r in ws.records(name)} for name in TYPES}


def test_undo_takes_back_a_change_and_redo_does_it_again(ws: Workspace) -> None:
    device = ws.new("equipo", {"placa": "1"})
    ws.put("equipo", device.uid, {"placa": "2"})

    assert ws.undo() == "cambiar Placa de inventario"
    back = ws.record("equipo", device.uid).values["placa"]
    assert ws.redo() == "cambiar Placa de inventario"

    assert (back, ws.record("equipo", device.uid).values["placa"]) == ("1", "2")
    assert [c.action for c in ws.history(device.uid) if c.field == "placa"] == [
        "crear",
        "cambiar",
        "deshacer",
        "rehacer",
    ]


def test_a_whole_paste_is_one_step(ws: Workspace) -> None:
    with ws.act("pegar 40 filas") as act:
        for n in range(40):
            act.new("equipo", {"placa": str(n)})

    assert ws.undoable() == ("pegar 40 filas", "")
    assert ws.undo() == "pegar 40 filas"
    assert ws.counts()["equipo"] == 0
    assert ws.undoable() == ("", "pegar 40 filas")
    ws.redo()
    assert ws.counts()["equipo"] == 40


def test_a_paste_of_risks_numbers_them_on(ws: Workspace) -> None:
    with ws.act("pegar") as act:
        for _ in range(3):
            act.new("riesgo", {})

    assert [r.values["referencia"] for r in ws.records("riesgo")] == ["R-001", "R-002", "R-003"]


def test_act_that_fails_halfway_leaves_nothing(ws: Workspace) -> None:
    def paste() -> None:
        with ws.act("pegar") as act:
            act.new("equipo", {"placa": "1"})
            raise RuntimeError

    with pytest.raises(RuntimeError):
        paste()

    assert ws.counts()["equipo"] == 0
    assert ws.undoable() == ("", "")


def test_typing_on_is_one_step(tmp_path: Path) -> None:
    with Workspace.create(
        tmp_path / "b.sqlite", perfil="dependencia", dependencia="SALUD", nombre="A", cargo="", vigencia=2026,
        clock=lambda: NOON,
    ) as ws:  # fmt: skip
        need = ws.new("necesidad")
        for length in range(1, 9):
            ws.put("necesidad", need.uid, {"descripcion": "Servidor"[:length]})

        ws.undo()

        assert ws.record("necesidad", need.uid).values["descripcion"] is None
        assert ws.undoable()[0] == "crear necesidad"


def test_going_on_after_an_undo_forgets_what_was_undone(ws: Workspace) -> None:
    device = ws.new("equipo", {"placa": "1"})
    ws.put("equipo", device.uid, {"placa": "2"})
    ws.undo()
    ws.put("equipo", device.uid, {"serial": "S-9"})

    assert ws.redo() == ""
    assert ws.record("equipo", device.uid).values["placa"] == "1"


def test_undo_brings_back_what_follows_from_a_value(ws: Workspace) -> None:
    risk = ws.new("riesgo", {"frecuencia_anual": 100, "impacto_reputacional": "3"})
    control = ws.new("control", {"riesgo": risk.uid, "tipo": "preventivo", "implementacion": "automatico"})
    ws.undo()

    assert ws.record("control", control.uid).retired == "Deshecho"
    assert ws.record("riesgo", risk.uid).values["probabilidad_residual"] == 3


def test_undo_of_a_retirement_keeps_the_reason_for_redo(ws: Workspace) -> None:
    device = ws.new("equipo")
    ws.retire("equipo", device.uid, "dado de baja")
    ws.undo()
    standing = ws.record("equipo", device.uid).retired
    ws.redo()

    assert (standing, ws.record("equipo", device.uid).retired) == (None, "dado de baja")


def test_risk_goes_and_comes_back_with_its_controls(ws: Workspace) -> None:
    risk = ws.new("riesgo")
    kept, gone = (ws.new("control", {"riesgo": risk.uid}).uid for _ in range(2))
    ws.retire("control", gone, "ya no se hace")

    ws.retire("riesgo", risk.uid, "está repetido")
    without = ws.counts()["control"]
    ws.undo()
    after_undo = [r.uid for r in ws.records("control")]
    ws.redo()
    ws.restore("riesgo", risk.uid)

    assert without == 0
    assert after_undo == [r.uid for r in ws.records("control")] == [kept]


def _year(ws: Workspace, uid: str) -> tuple[object, str | None]:
    found = ws.record("equipo", uid)
    return found.values["anio"], found.drafts.get("anio")


def test_text_that_is_no_value_is_a_step_of_its_own(ws: Workspace) -> None:
    uid = ws.new("equipo", {"anio": 2012}).uid
    seen: list[tuple[object, str | None]] = []
    for text in ("dos mil", "2013", "2013x", ""):
        ws.put("equipo", uid, {"anio": text})
        seen.append(_year(ws, uid))

    assert seen == [(2012, "dos mil"), (2013, None), (2013, "2013x"), (None, None)]
    for state in (*reversed(seen[:-1]), (2012, None)):
        assert ws.undo() == "cambiar Año"
        assert _year(ws, uid) == state
    for state in seen:
        assert ws.redo() == "cambiar Año"
        assert _year(ws, uid) == state


@pytest.mark.parametrize(
    ("typed", "after"), [(("2", "20", "201", "2013"), (2013, None)), (("2013", "2013x"), (2013, "2013x"))]
)
def test_typing_on_through_texts_that_are_no_values_is_one_step(
    tmp_path: Path, typed: tuple[str, ...], after: tuple[object, str | None]
) -> None:
    with Workspace.create(
        tmp_path / "b.sqlite", perfil="dependencia", dependencia="SALUD", nombre="A", cargo="", vigencia=2026,
        clock=lambda: NOON,
    ) as ws:  # fmt: skip
        uid = ws.new("equipo", {"anio": 2012}).uid
        for text in typed:
            ws.put("equipo", uid, {"anio": text})

        assert ws.undo() == "cambiar Año"
        assert _year(ws, uid) == (2012, None)
        assert ws.undoable() == ("crear equipo", "cambiar Año")
        ws.redo()
        assert _year(ws, uid) == after


def test_who_changed_their_name_gets_nothing_undone_before_back(ws: Workspace) -> None:
    uid = ws.new("equipo", {"placa": "1"}).uid
    ws.put("equipo", uid, {"marca": "HP"})
    ws.undo()
    ws.set_settings({"nombre": "Luz"})
    ws.put("equipo", uid, {"modelo": "X"})
    ws.undo()

    assert ws.redo() == "cambiar Modelo"
    assert ws.record("equipo", uid).values["marca"] is None


def test_nothing_to_undo(ws: Workspace) -> None:
    assert (ws.undo(), ws.redo(), ws.undoable()) == ("", "", ("", ""))


_STEP = st.one_of(
    st.tuples(st.just("new"), st.integers(0, 3), st.text("ab1", max_size=3)),
    st.tuples(st.just("put"), st.integers(0, 3), st.sampled_from(["2012", "x", "", "No aplica", "7"])),
    st.tuples(st.just("retire"), st.integers(0, 3), st.just("r")),
    st.tuples(st.just("restore"), st.integers(0, 3), st.just("")),
)
_STEPS = st.lists(_STEP, max_size=8)


@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(steps=_STEPS)
def test_undoing_everything_restores_every_state_on_the_way(
    tmp_path_factory: pytest.TempPathFactory, steps: list[tuple[str, int, str]]
) -> None:
    path = tmp_path_factory.mktemp("undo") / "a.sqlite"
    with Workspace.create(
        path, perfil="dependencia", dependencia="SALUD", nombre="A", cargo="", vigencia=2026, clock=Clock()
    ) as ws:
        states = [_content(ws)]
        for kind, which, text in steps:
            before = ws.undoable()[0], _acts(path)
            _step(ws, kind, which, text)
            if (ws.undoable()[0], _acts(path)) != before:
                states.append(_content(ws))
        for state in reversed(states[:-1]):
            assert ws.undo()
            assert _content(ws) == state
        for state in states[1:]:
            assert ws.redo()
            assert _content(ws) == state


_MOVES = st.lists(st.one_of(st.just("undo"), st.just("redo"), _STEP), max_size=14)


@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(moves=_MOVES)
def test_undo_and_redo_walk_along_one_line_of_states(
    tmp_path_factory: pytest.TempPathFactory, moves: list[str | tuple[str, int, str]]
) -> None:
    """The model: a list of states and a place in it; whatever is done cuts the list off behind that place."""
    path = tmp_path_factory.mktemp("undo") / "a.sqlite"
    with Workspace.create(
        path, perfil="dependencia", dependencia="SALUD", nombre="A", cargo="", vigencia=2026, clock=Clock()
    ) as ws:
        states, place = [_content(ws)], 0
        for move in moves:
            if move == "undo":
                assert bool(ws.undo()) == (place > 0)
                place = max(0, place - 1)
            elif move == "redo":
                assert bool(ws.redo()) == (place < len(states) - 1)
                place = min(place + 1, len(states) - 1)
            elif isinstance(move, tuple):
                before = _acts(path)
                _step(ws, *move)
                if _acts(path) != before:
                    place += 1
                    states[place:] = [_content(ws)]
            assert _content(ws) == states[place]
            assert [bool(words) for words in ws.undoable()] == [place > 0, place < len(states) - 1]


def _acts(path: Path) -> int:
    with closing(sqlite3.connect(path)) as connection:
        return int(connection.execute("SELECT count(*) FROM acto").fetchone()[0])


def _step(ws: Workspace, kind: str, which: int, text: str) -> None:
    devices = ws.records("equipo", retired=None)
    if kind == "new":
        ws.new("equipo", {"placa": text or None})
    elif devices:
        uid = devices[which % len(devices)].uid
        match kind:
            case "put":
                ws.put("equipo", uid, {"anio": text})
            case "retire":
                ws.retire("equipo", uid, text)
            case _:
                ws.restore("equipo", uid)


def test_whoever_goes_on_after_an_undo_never_gets_the_undone_act_back(ws: Workspace) -> None:
    device = ws.new("equipo", {"placa": "1"})
    ws.put("equipo", device.uid, {"marca": "HP"})
    ws.undo()
    ws.put("equipo", device.uid, {"modelo": "X"})
    ws.undo()

    assert ws.undoable() == ("crear equipo", "cambiar Modelo")
    ws.redo()
    found = ws.record("equipo", device.uid).values
    assert (found["marca"], found["modelo"]) == (None, "X")
    assert ws.undoable() == ("cambiar Modelo", "")


def test_the_newest_act_is_undone_though_the_clock_went_back(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = tmp_path / "a.sqlite"
    with Workspace.create(path, perfil="dependencia", dependencia="SALUD", nombre="A", cargo="", vigencia=2026) as ws:
        uid = ws.new("equipo", {"placa": "1"}).uid
        # What a clock of the year 2000 gives: uids that sort before all others.
        monkeypatch.setattr("uuid6.uuid7", lambda: "00dcbbd3-1800-7000-8000-000000000000")
        ws.put("equipo", uid, {"placa": "2"})

        assert ws.undo() == "cambiar Placa de inventario"


def test_mending_a_pasted_cell_is_an_act_of_its_own(tmp_path: Path) -> None:
    path = tmp_path / "a.sqlite"
    with Workspace.create(path, perfil="dependencia", dependencia="SALUD", nombre="A", cargo="", vigencia=2026) as ws:
        uids = [ws.new("equipo", {"placa": str(number)}).uid for number in range(2)]
        ws.alter("equipo", "pegar 2 filas", {uid: {"marca": "HP"} for uid in uids})
        ws.put("equipo", uids[0], {"marca": "Dell"})

        assert ws.undo() == "cambiar Marca"
        assert [ws.record("equipo", uid).values["marca"] for uid in uids] == ["HP", "HP"]

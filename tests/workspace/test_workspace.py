"""What is typed is on disk, remembered, and never lost."""

import sqlite3
import subprocess
import sys
from collections.abc import Iterator
from contextlib import closing
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from pathlib import Path

import pytest
from sqlalchemy import Connection, event

from peti_desktop.errors import UserError
from peti_desktop.workspace import Workspace

NOON = datetime(2026, 11, 22, 17, 0, tzinfo=UTC)


class Clock:
    """A clock that goes when it is told to."""

    def __init__(self) -> None:
        self.time = NOON

    def __call__(self) -> datetime:
        return self.time


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def ws(address: str, clock: Clock) -> Iterator[Workspace]:
    with _made(address, clock) as made:
        yield made


@pytest.fixture
def file_ws(tmp_path: Path, clock: Clock) -> Iterator[Workspace]:
    with _made(tmp_path / "salud.sqlite", clock) as made:
        yield made


def _made(address: str | Path, clock: Clock) -> Workspace:
    return Workspace.create(
        address, perfil="dependencia", dependencia="SALUD", nombre="Ana", cargo="Técnica", vigencia=2026, clock=clock
    )


def test_store_says_what_it_is(ws: Workspace) -> None:
    assert (ws.info.perfil, ws.info.dependencia_nombre, ws.info.vigencia) == (
        "dependencia",
        "Secretaría de Salud",
        2026,
    )
    assert ws.info.who == "Ana – Técnica"


def test_change_is_stored_when_the_call_returns(ws: Workspace, address: str) -> None:
    risk = ws.new("riesgo")

    ws.put("riesgo", risk.uid, {"actividad": "=Ñandú", "frecuencia_anual": "1.200"})

    with Workspace.open(address, writing=False) as other:
        (found,) = other.records("riesgo")
    assert (found.values["actividad"], found.values["frecuencia_anual"]) == ("=Ñandú", 1200)


def test_program_gives_reference_method_order_and_vigencia(ws: Workspace) -> None:
    first, second = ws.new("riesgo"), ws.new("riesgo")
    controls = [ws.new("control", {"riesgo": first.uid}) for _ in range(2)]

    assert [first.values["referencia"], second.values["referencia"]] == ["R-001", "R-002"]
    assert first.values["metodo"] == ws.info.metodo
    assert [c.values["orden"] for c in controls] == [1, 2]
    assert ws.new("necesidad").values["vigencia"] == 2026


def test_half_typed_number_is_kept_as_it_was_typed(ws: Workspace) -> None:
    risk = ws.new("riesgo", {"frecuencia_anual": 12})

    half = ws.put("riesgo", risk.uid, {"frecuencia_anual": "12 ve"})
    whole = ws.put("riesgo", risk.uid, {"frecuencia_anual": "13"})

    assert (dict(half.drafts), half.values["frecuencia_anual"]) == ({"frecuencia_anual": "12 ve"}, 12)
    assert (dict(whole.drafts), whole.values["frecuencia_anual"]) == ({}, 13)


def test_draft_stops_a_delivery(ws: Workspace) -> None:
    device = ws.new("equipo", {"tipo": "escritorio", "estado": "en_uso", "placa": "1"})
    ws.put("equipo", device.uid, {"anio": "dos mil"})

    (found,) = ws.problems()

    assert (found.problem.code, found.problem.field) == ("borrador", "anio")
    assert "dos mil" in found.problem.text


def test_control_changes_the_residual_of_its_risk_and_back(ws: Workspace) -> None:
    risk = ws.new("riesgo", {"frecuencia_anual": 100, "impacto_reputacional": "3"})
    control = ws.new("control", {"riesgo": risk.uid, "tipo": "preventivo", "implementacion": "automatico"})
    with_control = ws.record("riesgo", risk.uid).values["probabilidad_residual"]

    ws.retire("control", control.uid, "ya no se hace")

    assert with_control == 2
    assert ws.record("riesgo", risk.uid).values["probabilidad_residual"] == 3


def test_retired_record_is_out_of_force_and_comes_back(ws: Workspace) -> None:
    device = ws.new("equipo", {"placa": "7"})

    ws.retire("equipo", device.uid, "dado de baja")
    gone = ws.counts()["equipo"]
    ws.restore("equipo", device.uid)

    assert (gone, ws.counts()["equipo"]) == (0, 1)
    assert [change.action for change in ws.history(device.uid)][-2:] == ["retirar", "restaurar"]


def test_history_tells_old_and_new(ws: Workspace, clock: Clock) -> None:
    device = ws.new("equipo", {"placa": "1"})
    ws.put("equipo", device.uid, {"placa": "2"})
    clock.time += timedelta(minutes=5)
    ws.put("equipo", device.uid, {"placa": "3"})

    changes = [(c.action, c.before, c.after) for c in ws.history(device.uid) if c.field == "placa"]

    assert changes == [("crear", None, "1"), ("cambiar", "1", "2"), ("cambiar", "2", "3")]


def test_typing_is_one_entry_of_the_history(ws: Workspace, clock: Clock) -> None:
    need = ws.new("necesidad")
    for length in range(1, 9):
        clock.time += timedelta(seconds=1)
        ws.put("necesidad", need.uid, {"descripcion": "Servidor"[:length]})

    typed = [c for c in ws.history(need.uid) if c.field == "descripcion"]

    assert [(c.before, c.after) for c in typed] == [(None, "Servidor")]


def test_nothing_is_written_when_nothing_changed(ws: Workspace) -> None:
    device = ws.new("equipo", {"placa": "1"})

    same = ws.put("equipo", device.uid, {"placa": " 1 "})

    assert same.revision == device.revision


def test_unknown_record(ws: Workspace) -> None:
    with pytest.raises(LookupError):
        ws.put("equipo", "no-such", {"placa": "1"})


def test_locked_store_is_one_spanish_sentence(file_ws: Workspace) -> None:
    with pytest.raises(UserError, match="está abierto en otra parte") as caught:
        Workspace.open(file_ws.store.path)

    assert "no se guardó ni se perdió nada" in caught.value.todo


@pytest.mark.parametrize("content", [b"esto no es una base de datos " * 99, b"PK\x03\x04"])
def test_alien_file_is_one_spanish_sentence(tmp_path: Path, content: bytes) -> None:
    path = tmp_path / "x.sqlite"
    path.write_bytes(content)

    with pytest.raises(UserError, match="no es un archivo de datos de Peti Desktop"):
        Workspace.open(path)


def test_full_disk_is_told_and_what_was_kept_stays(file_ws: Workspace) -> None:
    file_ws.new("necesidad", {"descripcion": "antes"})

    @event.listens_for(file_ws.store.engine, "begin")
    def no_more_pages(connection: Connection) -> None:
        connection.exec_driver_sql("PRAGMA max_page_count = 1")

    def paste() -> None:
        with file_ws.act("pegar") as act:
            for _ in range(2000):
                act.new("necesidad", {"descripcion": "x" * 4000})

    with pytest.raises(UserError, match="El disco está lleno"):
        paste()

    event.remove(file_ws.store.engine, "begin", no_more_pages)
    assert [r.values["descripcion"] for r in file_ws.records("necesidad")] == ["antes"]


def test_store_without_its_settings_is_incomplete(ws: Workspace, tmp_path: Path) -> None:
    ws.copy_to(tmp_path / "b.sqlite")
    with closing(sqlite3.connect(tmp_path / "b.sqlite")) as connection:
        connection.execute("DELETE FROM espacio")
        connection.commit()

    with pytest.raises(UserError, match="incompleto"):
        Workspace.open(tmp_path / "b.sqlite")


def test_killed_while_writing_loses_nothing_acknowledged(address: str) -> None:
    """kill -9 in the middle of a stream of edits: every edit that was acknowledged is there, and the store opens."""
    code = """
import sys
from peti_desktop.workspace import Workspace
ws = Workspace.create(sys.argv[1], perfil="dependencia", dependencia="SALUD", nombre="A", cargo="B", vigencia=2026)
uid = ws.new("necesidad").uid
for n in range(100000):
    ws.put("necesidad", uid, {"descripcion": f"texto {n}"})
    print(n, flush=True)
"""
    with subprocess.Popen([sys.executable, "-c", code, address], stdout=subprocess.PIPE, text=True) as child:
        assert child.stdout is not None
        said = [child.stdout.readline() for _ in range(40)]
        child.kill()
        said += child.stdout.readlines()
    acknowledged = int([line for line in said if line.endswith("\n")][-1])

    with Workspace.open(address) as ws:
        (need,) = ws.records("necesidad")
        text = str(need.values["descripcion"])

    assert int(text.removeprefix("texto ")) >= acknowledged >= 39


@pytest.mark.parametrize("typed", ["9999999999999", "999999999999999", "9" * 400])
def test_numbers_no_column_holds_wait_beside_their_field(ws: Workspace, typed: str) -> None:
    risk, need = ws.new("riesgo"), ws.new("necesidad")

    told = ws.put("riesgo", risk.uid, {"impacto_smlmv": typed})
    ws.put("necesidad", need.uid, {"cantidad": typed, "valor_unitario": typed})

    assert told.drafts == {"impacto_smlmv": typed}
    assert ws.record("necesidad", need.uid).drafts.keys() == {"cantidad", "valor_unitario"}


def test_total_no_column_holds_is_told_and_not_kept(ws: Workspace) -> None:
    need = ws.new("necesidad", {"cantidad": 1_000_000, "valor_unitario": Decimal(10**12)})

    assert need.values["valor_total"] is None
    assert "valor_imposible" in {found.problem.code for found in ws.problems()}

"""The same commands over a server by its URL: the same consolidation as over a file."""

import shutil
from contextlib import closing
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from db import store as stores
from db.move import move
from peti_desktop.records import TYPES
from peti_desktop.workspace import Workspace
from ui.app import main

if TYPE_CHECKING:
    from tests.conftest import Server


@pytest.fixture
def office(made: Path, tmp_path: Path) -> Path:
    """The office's store as it is before anything was received."""
    path = tmp_path / "oficina.sqlite"
    shutil.copy(made / "oficina.sqlite", path)
    with closing(stores.open_store(path)) as store, store.write() as connection:
        for table in (*TYPES, "entrega_recibida", "historial", "bitacora"):
            connection.exec_driver_sql(f"DELETE FROM {table}")
    return path


def _records(store: str) -> dict[str, list[object]]:
    with Workspace.open(store, writing=False) as ws:
        return {name: [(r.uid, r.dependencia, r.values, r.retired) for r in ws.records(name)] for name in TYPES}


def test_whole_job_over_a_server(
    made: Path, office: Path, server: "Server", tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    there = server.database()
    move(office, there)
    deliveries = str(made / "entregas")

    assert main(["merge", "--store", there, deliveries]) == 0
    assert main(["merge", "--store", str(office), deliveries]) == 0
    assert main(["verify", "--store", there, *map(str, sorted((made / "entregas").glob("*.xlsx"))[:2])]) == 0
    assert main(["report", "--store", there, "--out", str(tmp_path / "r")]) == 0
    assert main(["export", "--store", there, "--out", str(tmp_path / "m.xlsx")]) == 0

    assert _records(there) == _records(str(office))
    assert {path.suffix for path in (tmp_path / "r").iterdir()} == {".pdf"}
    assert (tmp_path / "m.xlsx").read_bytes()[:2] == b"PK"
    assert "clave" not in capsys.readouterr().out


def test_server_that_does_not_answer_is_one_sentence(capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    address = "postgresql://ana:secreta@127.0.0.1:1/peti"

    assert main(["export", "--store", address, "--out", str(tmp_path / "m.xlsx")]) == 1

    said = capsys.readouterr().err
    assert said.startswith("No responde el servidor de datos (peti en 127.0.0.1:1).")
    assert "secreta" not in said

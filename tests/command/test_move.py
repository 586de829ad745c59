"""``python -m peti_desktop.move``: a store goes to a server and the log says so."""

import json
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from db.queries import deliveries
from peti_desktop import binnacle
from peti_desktop.move import main
from peti_desktop.workspace import Workspace

if TYPE_CHECKING:
    from tests.conftest import Server


@pytest.fixture
def office(tmp_path: Path) -> Path:
    path = tmp_path / "oficina.sqlite"
    with Workspace.create(path, perfil="oficina", dependencia="TIC", nombre="Ana", cargo="", vigencia=2026) as ws:
        ws.new("equipo", {"placa": "7"})
    return path


def test_store_goes_to_a_server(office: Path, server: "Server", capsys: pytest.CaptureFixture[str]) -> None:
    address = server.database()

    assert main([str(office), address]) == 0

    assert "El origen quedó como estaba" in capsys.readouterr().out
    with Workspace.open(address) as ws, ws.read() as connection:
        (entry,) = deliveries.log(connection)
        assert binnacle.broken(connection) is None
        assert [record.values["placa"] for record in ws.records("equipo")] == ["7"]
    assert entry["accion"] == "pasar datos"
    assert json.loads(entry["detalle"])["de"] == "oficina.sqlite"
    assert server.password not in entry["detalle"]


@pytest.mark.parametrize("target", ["oficina.sqlite", "ftp://x/y"])
def test_trouble_is_one_sentence(office: Path, target: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert main([str(office), target if "://" in target else str(office.with_name(target))]) == 1

    assert len(capsys.readouterr().err.splitlines()) == 1


def test_wrong_use_says_how_it_is_used(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["one"]) == 2
    assert "peti_desktop.move ORIGEN DESTINO" in capsys.readouterr().err

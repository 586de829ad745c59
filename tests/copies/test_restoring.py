"""Restoring a copy: the present store is kept first, and nothing happens halfway."""

import shutil
import sqlite3
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest

from peti_desktop import binnacle, copies, exemplar, restoring
from peti_desktop.errors import UserError
from peti_desktop.workspace import Workspace


def _placas(ws: Workspace) -> list[object]:
    return [record.values["placa"] for record in ws.records("equipo")]


def test_restoring_brings_back_what_was_and_keeps_what_is(ws: Workspace) -> None:
    path = ws.store.path
    copy = copies.keep(ws, copies.ASKED_FOR).path
    ws.new("equipo", {"placa": "SAL-3"})

    with restoring.restore(copy, path, ws=ws) as back:
        kept = [found for found in copies.listing(back) if found.reason == copies.BEFORE_RESTORING]

        assert _placas(back) == ["SAL-1", "SAL-2"]
        assert kept[0].counts is not None and kept[0].counts["equipo"] == 3
        with back.read() as connection:
            assert binnacle.broken(connection) is None
        back.new("equipo", {"placa": "SAL-9"})


def test_restored_store_has_a_new_name_and_remembers_the_old(ws: Workspace) -> None:
    path, first = ws.store.path, ws.setting(exemplar.EXEMPLAR)
    copy = copies.keep(ws, copies.ASKED_FOR).path

    with restoring.restore(copy, path, ws=ws) as back:
        names = back.setting(exemplar.LINEAGE).split()

        assert names == [first, back.setting(exemplar.EXEMPLAR)]
        assert first != names[1]


def test_store_that_moves_gets_a_new_name_and_another_pc_is_told(
    ws: Workspace, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    first = ws.setting(exemplar.EXEMPLAR)
    ws.close()
    with Workspace.open(ws.store.path) as same:
        assert (same.setting(exemplar.EXEMPLAR), same.from_elsewhere) == (first, False)
    moved = tmp_path / "documentos"
    moved.mkdir()
    shutil.copyfile(ws.store.path, moved / "salud.sqlite")
    with Workspace.open(moved / "salud.sqlite") as here:
        assert here.setting(exemplar.EXEMPLAR) != first
        assert here.from_elsewhere is False
    monkeypatch.setattr(exemplar, "machine", lambda: "otro")

    with Workspace.open(moved / "salud.sqlite") as there:
        assert there.from_elsewhere is True
        assert there.setting(exemplar.LINEAGE).split()[0] == first
        assert len(there.setting(exemplar.LINEAGE).split()) == 3


def test_copy_of_another_dependencia_is_refused_and_nothing_changes(ws: Workspace, make: Any) -> None:
    other = make("hacienda", dependencia="HACIENDA")
    copy = copies.keep(other, copies.ASKED_FOR).path

    with pytest.raises(UserError, match="Hacienda"):
        restoring.restore(copy, ws.store.path, ws=ws)

    assert _placas(ws) == ["SAL-1", "SAL-2"]
    ws.new("equipo", {"placa": "SAL-3"})
    assert not (ws.store.path.with_name("salud_copias") / "restaurando").exists()


def test_copy_of_the_office_is_refused(ws: Workspace, make: Any) -> None:
    office = make("oficina", dependencia="SALUD", perfil="oficina")

    with pytest.raises(UserError, match="otro tipo de archivo"):
        restoring.restore(copies.keep(office, copies.ASKED_FOR).path, ws.store.path, ws=ws)


def test_copy_of_a_newer_program_is_refused(ws: Workspace) -> None:
    copy = copies.keep(ws, copies.ASKED_FOR).path
    with closing(sqlite3.connect(copy)) as connection, connection:
        connection.execute("UPDATE alembic_version SET version_num = '9999'")

    with pytest.raises(UserError, match="versión más nueva"):
        restoring.restore(copy, ws.store.path, ws=ws)

    assert _placas(ws) == ["SAL-1", "SAL-2"]


@pytest.mark.parametrize("content", [b"", b"hola", b"SQLite format 3\0" + b"\0" * 5000])
def test_what_is_no_copy_is_refused(ws: Workspace, tmp_path: Path, content: bytes) -> None:
    wrong = tmp_path / "otra.sqlite"
    wrong.write_bytes(content)

    with pytest.raises(UserError):
        restoring.restore(wrong, ws.store.path, ws=ws)

    assert _placas(ws) == ["SAL-1", "SAL-2"]


def test_cut_copy_is_refused(ws: Workspace) -> None:
    for n in range(200):
        ws.new("equipo", {"placa": f"P-{n}"})
    copy = copies.keep(ws, copies.ASKED_FOR).path
    copy.write_bytes(copy.read_bytes()[: copy.stat().st_size // 2])

    with pytest.raises(UserError, match="dañado"):
        restoring.restore(copy, ws.store.path, ws=ws)


@pytest.mark.parametrize("step", ["keep", "_exchange", "replace"])
def test_failing_at_any_step_leaves_the_old_store(ws: Workspace, monkeypatch: pytest.MonkeyPatch, step: str) -> None:
    copy = copies.keep(ws, copies.ASKED_FOR).path
    ws.new("equipo", {"placa": "SAL-3"})

    def fail(*_what: object, **_more: object) -> None:
        raise OSError(28, "No space left on device")

    if step == "replace":
        real = Path.replace

        def replace(self: Path, target: Path) -> Path:
            if target == ws.store.path:
                fail()
            return real(self, target)

        monkeypatch.setattr(Path, "replace", replace)
    else:
        monkeypatch.setattr(restoring, step, fail)

    with pytest.raises((UserError, OSError)):
        restoring.restore(copy, ws.store.path, ws=ws)

    assert _placas(ws) == ["SAL-1", "SAL-2", "SAL-3"]
    ws.new("equipo", {"placa": "SAL-4"})


def test_store_read_elsewhere_is_not_replaced(ws: Workspace) -> None:
    copy = copies.keep(ws, copies.ASKED_FOR).path
    with closing(sqlite3.connect(ws.store.path)) as reader:
        reader.execute("SELECT count(*) FROM equipo").fetchone()

        with pytest.raises(UserError, match="abierto en otro programa"):
            restoring.restore(copy, ws.store.path, ws=ws)

    assert _placas(ws) == ["SAL-1", "SAL-2"]


def test_damaged_store_is_put_aside_and_replaced(ws: Workspace) -> None:
    path = ws.store.path
    copy = copies.keep(ws, copies.ASKED_FOR).path
    ws.close()
    path.write_bytes(b"SQLite format 3\0" + b"roto" * 3000)

    with restoring.restore(copy, path) as back:
        assert _placas(back) == ["SAL-1", "SAL-2"]
        (aside,) = path.with_name("salud_copias").glob("*-danado.sqlite")
        assert aside.read_bytes().endswith(b"roto")


def test_restoring_where_nothing_is_makes_the_store(ws: Workspace, tmp_path: Path) -> None:
    copy = copies.keep(ws, copies.ASKED_FOR).path
    target = tmp_path / "equipo nuevo" / "salud.sqlite"

    with restoring.restore(copy, target) as back:
        assert _placas(back) == ["SAL-1", "SAL-2"]
        assert back.store.path == target


def test_store_open_elsewhere_is_told(ws: Workspace, tmp_path: Path) -> None:
    copy = copies.keep(ws, copies.ASKED_FOR).path

    with pytest.raises(UserError, match="abierto en otra parte"):
        restoring.restore(copy, ws.store.path)


def test_live_file_copied_by_hand_with_its_log_is_a_copy_too(ws: Workspace, tmp_path: Path) -> None:
    by_hand = tmp_path / "copia a mano.sqlite"
    shutil.copyfile(ws.store.path, by_hand)
    shutil.copyfile(ws.store.path.with_name("salud.sqlite-wal"), by_hand.with_name(by_hand.name + "-wal"))

    with restoring.restore(by_hand, tmp_path / "otra" / "salud.sqlite") as back:
        assert _placas(back) == ["SAL-1", "SAL-2"]

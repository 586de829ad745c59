"""A watched folder: complete files are announced once, half ones wait, and nothing is received by itself."""

import os
from pathlib import Path

import pytest

from peti_desktop.errors import UserError
from peti_desktop.intake import inbox, watching
from peti_desktop.intake.watching import Watched
from peti_desktop.workspace import Workspace


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    made = tmp_path / "llegan"
    made.mkdir()
    return made


def test_a_file_is_announced_once_it_stood_still_between_two_looks(folder: Path) -> None:
    watched = Watched(folder, on=True)
    path = folder / "a.xlsx"
    path.write_bytes(b"half")
    first = watching.look(watched, {})
    path.write_bytes(b"half and more")
    second = watching.look(watched, first.stamps)
    third = watching.look(watched, second.stamps)

    assert [(look.arrived, look.growing) for look in (first, second, third)] == [((), 1), ((), 1), ((path,), 0)]


def test_empty_temporary_and_other_files_are_no_news(folder: Path) -> None:
    watched = Watched(folder, on=True)
    (folder / "vacío.xlsx").touch()
    (folder / "~$abierto.xlsx").write_bytes(b"x")
    (folder / "carta.docx").write_bytes(b"x")
    (folder / "2026.xlsx.parcial").write_bytes(b"x")

    again = watching.look(watched, watching.look(watched, {}).stamps)

    assert (again.arrived, again.growing) == ((), 0)


def test_same_size_written_anew_counts_as_growing(folder: Path) -> None:
    watched = Watched(folder, on=True)
    path = folder / "a.xlsx"
    path.write_bytes(b"1234")
    first = watching.look(watched, {})
    path.write_bytes(b"abcd")
    os.utime(path, ns=(1, 1))

    assert watching.look(watched, first.stamps).arrived == ()


def test_what_was_received_is_announced_again_only_when_it_changed(office: Workspace, folder: Path) -> None:
    watched = watching.watch(office, folder)
    path, sub = folder / "a.xlsx", folder / "usb"
    sub.mkdir()
    (sub / "b.xlsx").write_bytes(b"b")
    path.write_bytes(b"one")
    found = watching.look(watched, watching.look(watched, {}).stamps)
    assert set(found.arrived) == {path, sub / "b.xlsx"}

    watched = watching.received(office, found.stamps, [path])
    assert watched == watching.watched(office)
    assert watching.look(watched, found.stamps).arrived == (sub / "b.xlsx",)

    path.write_bytes(b"another")
    later = watching.look(watched, watching.look(watched, {}).stamps)
    assert set(later.arrived) == {path, sub / "b.xlsx"}
    assert inbox.listing(office) == []


def test_another_folder_begins_anew_and_off_keeps_the_folder(office: Workspace, folder: Path, tmp_path: Path) -> None:
    watching.watch(office, folder)
    (folder / "a.xlsx").write_bytes(b"a")
    stamps = watching.look(watching.watched(office), {}).stamps
    watching.received(office, stamps, stamps)

    off = watching.watch(office, folder, on=False)
    assert (off.folder, off.on, list(off.seen)) == (folder, False, ["a.xlsx"])
    assert watching.watch(office, tmp_path).seen == {}


def test_a_folder_that_went_away_is_said_and_a_dependencia_watches_none(salud: Workspace, folder: Path) -> None:
    folder.rmdir()
    with pytest.raises(UserError, match="no está"):
        watching.look(Watched(folder, on=True), {})
    with pytest.raises(UserError, match="Oficina TIC"):
        watching.watch(salud, folder)
    assert watching.watched(salud) == Watched()

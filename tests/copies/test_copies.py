"""Copies make themselves, are proven, thinned out, and carried to a second place."""

import shutil
import sqlite3
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest

from db import store as stores
from peti_desktop import copies
from peti_desktop.errors import UserError
from peti_desktop.workspace import Workspace


def _room(ws: Workspace) -> Path:
    return ws.store.path.with_name("salud_copias")


def _names(room: Path) -> list[str]:
    return sorted(path.name for path in room.glob("*.sqlite"))


def test_copy_opens_as_the_store_it_was_made_of(ws: Workspace) -> None:
    kept = copies.keep(ws, copies.ASKED_FOR)

    with Workspace.open(kept.path, writing=False) as copy:
        assert copy.counts() == ws.counts()
        assert copy.info == ws.info
    assert kept.notice == ""
    assert [path.name for path in _room(ws).iterdir() if path.suffix != ".sqlite"] == []


def test_closing_keeps_a_copy_only_when_something_changed(ws: Workspace, clock: Any) -> None:
    path = ws.store.path
    copies.on_closing(ws)
    ws.close()
    with Workspace.open(path) as again:
        again.counts()
        copies.on_closing(again)
    first = _names(_room(ws))
    with Workspace.open(path) as third:
        third.new("equipo", {"placa": "SAL-3"})
        copies.on_closing(third)

    assert len(first) == 1 and first[0].endswith("_al-cerrar.sqlite")
    assert len(_names(_room(ws))) == 2


def test_first_opening_of_a_day_keeps_what_a_fallen_program_left(ws: Workspace, clock: Any) -> None:
    copies.keep(ws, copies.ON_CLOSING)
    ws.new("equipo", {"placa": "SAL-3"})
    same_day = copies.on_opening(ws)
    clock.go(days=1)
    next_day = copies.on_opening(ws)

    assert (same_day, next_day) == ("", "")
    assert [copies.reason_of(p) for p in sorted(_room(ws).glob("*"))] == ["al-cerrar", "del-dia"]


def test_a_week_gets_a_copy_of_its_own_and_so_many_of_them_stay(ws: Workspace, clock: Any) -> None:
    copies.keep(ws, copies.ON_CLOSING)
    for number in range(8 * 7):
        clock.go(days=1)
        ws.new("equipo", {"placa": f"SEM-{number}"})
        assert copies.on_opening(ws) == ""
        ws.new("equipo", {"placa": f"TARDE-{number}"})
        copies.on_closing(ws)

    weekly = [p for p in sorted(_room(ws).glob("*")) if copies.reason_of(p) == copies.OF_THE_WEEK]
    found = sorted(_room(ws).glob("*"))
    assert len(weekly) == copies.OF_A_REASON
    assert len(found) <= copies.DAYS + copies.WEEKS + copies.NEWEST + copies.OF_A_REASON
    assert next(copy for copy in copies.listing(ws) if copy.path == weekly[0]).why == "La de la semana"


def test_a_program_that_stays_open_keeps_a_copy_of_each_day(ws: Workspace, clock: Any) -> None:
    first = copies.while_open(ws)
    clock.go(hours=1)
    ws.new("equipo", {"placa": "SAL-3"})
    copies.while_open(ws)
    for _day in range(2):
        clock.go(days=1)
        ws.new("equipo", {"placa": "SAL-4"})
        for _hour in range(3):
            clock.go(hours=1)
            copies.while_open(ws)
    clock.go(days=1)
    copies.while_open(ws)

    assert first == ""
    assert [copies.reason_of(p) for p in sorted(_room(ws).glob("*"))] == ["del-dia"] * 3


def test_a_copy_that_cannot_be_made_while_open_is_told(ws: Workspace) -> None:
    _room(ws).write_bytes(b"no folder")

    assert "No se pudo hacer la copia del día" in copies.while_open(ws)


def test_forty_days_leaves_days_weeks_and_risky_steps(ws: Workspace, clock: Any) -> None:
    copies.keep(ws, copies.BEFORE_NEW_YEAR)
    for _day in range(40):
        for _time in range(2):
            copies.keep(ws, copies.ON_CLOSING)
            clock.go(hours=3)
        clock.go(hours=18)

    left = copies.listing(ws)
    days = sorted({copy.made_at.date() for copy in left})
    assert left[-1].reason == copies.BEFORE_NEW_YEAR
    assert len(left) <= copies.DAYS + copies.WEEKS + copies.NEWEST + 1
    assert [(days[-1] - day).days for day in days[-7:]] == [6, 5, 4, 3, 2, 1, 0]
    assert (days[-1] - days[1]).days >= 7 * (copies.WEEKS - 2)


def test_the_newest_copy_before_a_risky_step_outlives_many_days(ws: Workspace, clock: Any) -> None:
    for _ in range(copies.OF_A_REASON + 2):
        copies.keep(ws, copies.BEFORE_IMPORTING)
    for _ in range(20):
        clock.go(days=1)
        copies.keep(ws, copies.ON_CLOSING)

    reasons = [copy.reason for copy in copies.listing(ws)]
    assert reasons.count(copies.BEFORE_IMPORTING) == copies.OF_A_REASON


def test_listing_says_what_a_copy_holds_and_which_is_damaged(ws: Workspace) -> None:
    good = copies.keep(ws, copies.ASKED_FOR).path
    bad = copies.keep(ws, copies.ASKED_FOR).path
    bad.write_bytes(b"no es una base de datos" * 100)

    damaged, whole = copies.listing(ws)

    assert (damaged.path, damaged.counts) == (bad, None) and damaged.problem
    assert (whole.path, whole.dependencia, whole.vigencia, whole.nombre) == (good, "SALUD", 2026, "Ana Peñaranda")
    assert whole.counts is not None and (whole.counts["equipo"], whole.counts["necesidad"]) == (2, 1)


@pytest.mark.parametrize("where", range(1, 6))
def test_damage_in_any_page_is_found_when_it_is_examined(ws: Workspace, where: int) -> None:
    for n in range(300):
        ws.new("equipo", {"placa": f"P-{n}", "observaciones": "x" * 200})
    copy = copies.keep(ws, copies.ASKED_FOR).path
    data = bytearray(copy.read_bytes())
    at = len(data) * where // 6 // 4096 * 4096
    data[at : at + 64] = bytes(range(200, 200 + 32)) * 2
    copy.write_bytes(data)

    with pytest.raises(UserError, match=r"dañado|incompleto|no es un archivo"):
        copies.examine(copy)


def test_copy_that_does_not_hold_what_the_store_holds_is_thrown_away(
    ws: Workspace, monkeypatch: pytest.MonkeyPatch
) -> None:
    def poor(self: Workspace, target: Path) -> None:
        stores.Store.copy_to(self.store, target)
        with closing(sqlite3.connect(target)) as connection, connection:
            connection.execute("DELETE FROM equipo")

    monkeypatch.setattr(Workspace, "copy_to", poor)

    with pytest.raises(UserError, match="no quedó igual"):
        copies.keep(ws, copies.ASKED_FOR)
    assert list(_room(ws).iterdir()) == []


def test_second_place_gets_every_copy_and_is_listed_once(ws: Workspace, usb: Path) -> None:
    copies.set_second_place(ws, usb)
    copies.keep(ws, copies.ASKED_FOR)

    (room,) = usb.iterdir()
    assert room.name.startswith("salud_copias_")
    assert _names(room) == _names(_room(ws))
    assert [copy.second for copy in copies.listing(ws)] == [True, True]


def test_second_place_that_is_not_connected_is_told_and_stops_nothing(ws: Workspace, usb: Path) -> None:
    copies.set_second_place(ws, usb)
    shutil.rmtree(usb)

    kept = copies.keep(ws, copies.ASKED_FOR)
    told = copies.on_opening(ws)
    copies.on_closing(ws)

    assert kept.path.exists() and "No está conectada" in kept.notice
    assert "No está conectada" in told
    assert not usb.exists()


def test_copy_follows_when_the_second_place_is_back(ws: Workspace, usb: Path) -> None:
    copies.set_second_place(ws, usb)
    shutil.rmtree(usb)
    copies.keep(ws, copies.ASKED_FOR)
    usb.mkdir()

    assert copies.on_opening(ws) == ""

    (room,) = usb.iterdir()
    assert _names(room) == _names(_room(ws))[-1:]


def test_copies_of_two_exemplars_do_not_mix(make: Any, usb: Path) -> None:
    first = make("salud")
    copies.set_second_place(first, usb)
    elsewhere = usb.parent / "otro"
    elsewhere.mkdir()
    shutil.copyfile(first.store.path, elsewhere / "salud.sqlite")
    with Workspace.open(elsewhere / "salud.sqlite") as second:
        copies.keep(second, copies.ASKED_FOR)

    assert len(list(usb.iterdir())) == 2


def test_the_stores_own_folder_is_no_second_place(ws: Workspace) -> None:
    with pytest.raises(UserError, match="ya está el archivo de datos"):
        copies.set_second_place(ws, ws.store.path.parent)

    assert copies.second_place(ws) is None


def test_a_room_that_cannot_be_written_lets_the_program_close(ws: Workspace) -> None:
    _room(ws).write_text("un archivo donde iría la carpeta", encoding="utf-8")

    copies.on_closing(ws)
    told = copies.on_opening(ws)

    assert told == "" or "No se pudo" in told
    assert _room(ws).is_file()

"""Copies of a store on a server are files that open by themselves; they are not fetched all the time."""

from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from peti_desktop import copies
from peti_desktop.errors import UserError
from peti_desktop.restoring import restore
from peti_desktop.workspace import Workspace

if TYPE_CHECKING:
    from tests.conftest import Server


@pytest.fixture
def ws(server: "Server") -> Iterator[Workspace]:
    with Workspace.create(
        server.database(), perfil="oficina", dependencia="TIC", nombre="Ana", cargo="", vigencia=2026
    ) as made:
        made.new("equipo", {"placa": "7"})
        yield made


def test_copy_that_was_asked_for_opens_as_a_file(ws: Workspace) -> None:
    kept = copies.keep(ws, copies.ASKED_FOR)

    (copy,) = copies.listing(ws)
    assert (copy.path, copy.problem, copy.counts and copy.counts["equipo"]) == (kept.path, "", 1)
    with Workspace.open(kept.path) as opened:
        assert opened.records("equipo") == ws.records("equipo")


def test_one_copy_a_day_before_each_kind_of_risky_step(ws: Workspace) -> None:
    for reason in (copies.BEFORE_RECEIVING, copies.BEFORE_RECEIVING, copies.BEFORE_IMPORTING):
        assert copies.keep(ws, reason).path.is_file()

    made = sorted(copies.reason_of(copy.path) for copy in copies.listing(ws))
    assert made == [copies.BEFORE_IMPORTING, copies.BEFORE_RECEIVING]


def test_nothing_is_fetched_on_opening_and_closing(ws: Workspace) -> None:
    assert copies.on_opening(ws) == ""
    copies.on_closing(ws)

    assert copies.listing(ws) == []


def test_second_place_is_each_analysts_own(ws: Workspace, server: "Server", tmp_path: Path) -> None:
    copies.set_second_place(ws, tmp_path)

    with Workspace.open(server.address(str(ws.store.engine.url.database), "luis")) as luis:
        assert copies.second_place(luis) is None
    assert copies.second_place(ws) == tmp_path


def test_copy_never_takes_the_place_of_what_others_work_on(ws: Workspace) -> None:
    kept = copies.keep(ws, copies.ASKED_FOR)

    with pytest.raises(UserError, match="Los datos están en un servidor"):
        restore(kept.path, ws.store.path, ws=ws)

    assert ws.counts()["equipo"] == 1

"""A reorganisation at the clerk's window: the successor's starter file, a new key, and what is told at once."""

from collections.abc import Callable
from dataclasses import replace
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import pytest

from peti_desktop.delivery import keys_told, signing_key, starter
from peti_desktop.delivery.keys_told import KeysTold
from peti_desktop.post import HANDED_OVER
from peti_desktop.records import Value
from peti_desktop.trust import keys
from peti_desktop.vigencias import changing, travelling
from peti_desktop.vigencias.changing import Part
from peti_desktop.workspace import Workspace
from tests.ui.dependencia.loop import made_keys, trusted
from ui.dependencia import abrir
from ui.dependencia.entregar import EntregarPage
from ui.messages import Recorded
from ui.shell import Shell

Settle = Callable[[Shell], None]
Fill = Callable[[Callable[[Workspace], Any]], Any]


@pytest.fixture(autouse=True)
def small_keys(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(keys, "SCRYPT_COST", 2**4)


@pytest.fixture
def inicio(tmp_path: Path) -> Path:
    """The starter file of the dependencia that Salud and another one became."""
    pki = made_keys()
    with Workspace.create(
        tmp_path / "oficina.sqlite", perfil="oficina", dependencia="TIC", nombre="Luis", cargo="Jefe", vigencia=2026
    ) as office:
        trusted(office)
        into = Part("Secretaría de Bienestar")
        edits = changing.merged(office.catalogues, ["SALUD", "POSCONFLICTO"], into, date(2026, 7, 1))
        changing.change(office, edits, "Decreto 0172 de 2025", "unir")
        told = KeysTold(pki.der, number=1)
        found = starter.compose(office, edits[-1].codigo, told)
        found = replace(found, more=travelling.sheets(office, found.dependencia))
        path = tmp_path / starter.file_name(2026, found.dependencia)
        path.write_bytes(starter.signed(office, found, (), pki.office))
    return path


def test_the_first_file_of_another_entity_is_told(
    tmp_path: Path, open_shell: Callable[[], Shell], settle: Settle
) -> None:
    pki = made_keys()
    with Workspace.create(
        tmp_path / "otra.sqlite", perfil="oficina", dependencia="TIC", nombre="Luis", cargo="Jefe", vigencia=2026,
        entidad="Alcaldía de Los Patios",
    ) as office:  # fmt: skip
        trusted(office)
        path = starter.write(office, "SALUD", pki.office, tmp_path)
    shell = open_shell()
    assert shell.desk is not None and isinstance(shell.messages, Recorded)
    shell.messages.answers.append(False)
    abrir.open_files(shell.desk, [path], shell)
    settle(shell)
    settle(shell)

    [asked] = shell.messages.said
    assert "otra entidad: «Alcaldía de Los Patios»" in asked
    assert not starter.is_known(shell.desk.workspace, starter.read(path, shell.desk.workspace.clock()))


def entregar(shell: Shell, settle: Settle) -> EntregarPage:
    shell.go("entregar")
    settle(shell)
    page = shell.page
    assert isinstance(page, EntregarPage)
    return page


@pytest.mark.parametrize("agrees", [True, False])
def test_the_store_goes_on_as_the_successor_when_the_person_agrees(
    agrees: bool, inicio: Path, fill_store: Fill, open_shell: Callable[[], Shell], settle: Settle,
    risk: dict[str, Value],
) -> None:  # fmt: skip
    def fill(ws: Workspace) -> None:
        trusted(ws)
        ws.new("riesgo", risk)
        signing_key.make(ws, "Ana Peñaranda", "Profesional", "una clave larga")

    fill_store(fill)
    shell = open_shell()
    assert shell.desk is not None and isinstance(shell.messages, Recorded)
    shell.messages.answers.append(agrees)
    abrir.open_files(shell.desk, [inicio], shell)
    settle(shell)
    settle(shell)

    [asked] = shell.messages.said
    assert "Secretaría de Salud pasó a Secretaría de Bienestar. ¿Este archivo de datos sigue como" in asked
    assert "También pasó a ella" in asked and "1 registro sigue aquí" in asked
    info = shell.desk.workspace.info
    if not agrees:
        assert info.dependencia == "SALUD"
        assert "No cambió nada" in shell.notice.text
        return
    assert info.dependencia_nombre == "Secretaría de Bienestar"
    assert "Secretaría de Bienestar" in shell.windowTitle() and "Bienestar" in shell.heading.whose
    assert "sigue como Secretaría de Bienestar" in shell.notice.text
    page = entregar(shell, settle)
    assert page.ensayar.ready
    page.go_step(2)
    settle(shell)
    assert "la de antes firmaba por Secretaría de Salud" in page.firmar.why.text()


def test_a_post_that_was_handed_over_is_told_at_the_first_step(
    fill_store: Fill, open_shell: Callable[[], Shell], settle: Settle, risk: dict[str, Value]
) -> None:
    def handed_over(ws: Workspace) -> None:
        ws.new("riesgo", risk)
        ws.set_settings({HANDED_OVER: ws.clock().isoformat()})

    fill_store(handed_over)
    page = entregar(open_shell(), settle)

    assert "El cargo se entregó el" in page.ensayar.first.text()
    assert page.ensayar.first.isVisible()
    assert not page.forward.isEnabled()


def test_an_annulled_key_is_told_at_the_first_step_and_another_is_made(
    fill_store: Fill, open_shell: Callable[[], Shell], settle: Settle, risk: dict[str, Value]
) -> None:
    def annulled(ws: Workspace) -> None:
        ws.new("riesgo", risk)
        signing_key.make(ws, "Ana Peñaranda", "Profesional", "una clave larga")
        [kept] = signing_key.key_files(ws)
        since = (ws.clock() - timedelta(days=3)).isoformat()
        ws.set_settings({keys_told.ANNULLED: f'{{"{kept.key_id}": "{since}"}}'})

    fill_store(annulled)
    page = entregar(open_shell(), settle)

    assert "fue anulada por la Oficina TIC" in page.ensayar.first.text()
    assert page.ensayar.first.property("role") == "warns"
    assert page.forward.isEnabled()


def test_nothing_is_told_when_nothing_stands_in_the_way(
    fill_store: Fill, open_shell: Callable[[], Shell], settle: Settle, risk: dict[str, Value]
) -> None:
    fill_store(lambda ws: ws.new("riesgo", risk))
    page = entregar(open_shell(), settle)

    assert page.ensayar.first.isHidden()

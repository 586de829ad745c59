"""What could not be written is kept, told, shown and tried again, whatever went wrong."""

from collections.abc import Callable, Mapping
from typing import Any

import pytest
from PySide6.QtWidgets import QPushButton
from pytestqt.qtbot import QtBot

from peti_desktop.errors import UserError
from peti_desktop.records import EQUIPO
from peti_desktop.records.record import Record
from peti_desktop.workspace import Workspace
from ui.dependencia.registros import RecordsPage
from ui.dependencia.riesgos import RiesgosPage
from ui.form import Autosave
from ui.shell import Shell

Settle = Callable[[Shell], None]
Fill = Callable[[Callable[[Workspace], Any]], Any]
Disk = Callable[[str], list[dict[str, Any]]]
FULL = UserError("El disco está lleno.", "Libere espacio.")


@pytest.fixture
def break_put(monkeypatch: pytest.MonkeyPatch) -> Callable[[Exception, str], None]:
    """Lets ``put`` fail as long as the field ``name`` is among what it writes."""

    def breaks(error: Exception, name: str) -> None:
        put = Workspace.put

        def broken(
            self: Workspace, type_name: str, uid: str, raws: Mapping[str, object], seen: int | None = None
        ) -> Record:
            if name in raws:
                raise error
            return put(self, type_name, uid, raws, seen)

        monkeypatch.setattr(Workspace, "put", broken)

    return breaks


@pytest.mark.parametrize("error", [OverflowError("too large"), FULL])
def test_text_that_was_not_written_stays_and_is_tried_again(
    error: Exception,
    fill_store: Fill,
    open_shell: Callable[[], Shell],
    keyboard: Any,
    settle: Settle,
    on_disk: Disk,
    qtbot: QtBot,
    break_put: Callable[[Exception, str], None],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    fill_store(lambda ws: ws.new("equipo", {"tipo": "escritorio", "placa": "SAL-1", "estado": "en_uso"}))
    shell = open_shell()
    shell.go("equipos")
    settle(shell)
    page = shell.page
    assert isinstance(page, RecordsPage)
    put = Workspace.put
    break_put(error, "marca")

    with qtbot.captureExceptions() as bugs:
        page.form.go_to("marca")
        keyboard.fill("Lenovo", "T480")
        shell.flush()
        settle(shell)
        page.reload()
        settle(shell)

    assert bool(bugs) == (error is not FULL)
    assert page.form.editors["marca"].raw() == "Lenovo"
    assert shell._saved.text() == "▲ Lo último no se guardó"
    assert on_disk("select marca, modelo from equipo") == [{"marca": None, "modelo": "T480"}]

    monkeypatch.setattr(Workspace, "put", put)
    (again,) = [found for found in shell.notice.findChildren(QPushButton) if found.text() == "Guardar otra vez"]
    keyboard.click(again)
    settle(shell)

    assert on_disk("select marca from equipo") == [{"marca": "Lenovo"}]
    assert shell._saved.text().startswith("✓ Todo guardado")


def test_risk_shown_again_shows_what_was_not_written(
    fill_store: Fill,
    open_shell: Callable[[], Shell],
    keyboard: Any,
    settle: Settle,
    qtbot: QtBot,
    break_put: Callable[[Exception, str], None],
    monkeypatch: pytest.MonkeyPatch,
    on_disk: Disk,
    risk: dict[str, Any],
) -> None:
    fill_store(lambda ws: ws.new("riesgo", risk))
    shell = open_shell()
    shell.go("riesgos")
    settle(shell)
    page = shell.page
    assert isinstance(page, RiesgosPage)
    put = Workspace.put
    break_put(OverflowError("too large"), "evidencia")

    with qtbot.captureExceptions():
        page.form.go_to("evidencia")
        keyboard.type("Informes de 2025")
        shell.flush()
        settle(shell)
        page.form.go_step(0)
        page.reload()
        settle(shell)

    assert page.form.editors["evidencia"].raw() == "Informes de 2025"

    monkeypatch.setattr(Workspace, "put", put)
    shell.close()
    assert on_disk("select evidencia from riesgo") == [{"evidencia": "Informes de 2025"}]


def test_autosave_keeps_what_its_owner_would_not_take() -> None:
    taken: list[Mapping[str, str]] = []

    def save(_uid: str, raws: Mapping[str, str]) -> None:
        taken.append(raws)
        if len(taken) == 1:
            raise RuntimeError

    autosave = Autosave(save)
    autosave.set_uid("u")
    autosave.edited(EQUIPO["marca"].name, "HP")
    with pytest.raises(RuntimeError):
        autosave.flush()
    autosave.edited(EQUIPO["placa"].name, "1")
    autosave.flush()

    assert taken == [{"marca": "HP"}, {"marca": "HP", "placa": "1"}]

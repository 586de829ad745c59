"""The history of deliveries: the list, the reader over the kept bytes, what changed, copy and acta."""

import re
import sqlite3
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, TypeVar

import pytest
from PySide6.QtWidgets import QApplication, QDialog, QWidget

from peti_desktop.delivery.deliver import deliver
from peti_desktop.records import Value
from peti_desktop.trust import keys
from peti_desktop.trust.keys import Signer
from peti_desktop.workspace import Workspace
from ui.dependencia.cambios import Cambios
from ui.dependencia.celdas import ReadTable
from ui.dependencia.entregar import EntregarPage
from ui.dependencia.entregas import EntregasDialog
from ui.dependencia.inicio import InicioPage
from ui.dependencia.lectura import Lectura
from ui.messages import Recorded
from ui.shell import Shell

Settle = Callable[[Shell], None]
Fill = Callable[[Callable[[Workspace], Any]], Any]
W = TypeVar("W", bound=QDialog)


@pytest.fixture(scope="session")
def signer() -> Signer:
    identity = keys.Identity("SALUD", "Secretaría de Salud", "Ana Peñaranda", "Profesional", "Alcaldía")
    return keys.make_signer(identity, datetime.now(UTC))


@pytest.fixture
def delivered(fill_store: Fill, risk: dict[str, Value], signer: Signer, tmp_path: Path) -> Path:
    """Two deliveries and a change after them; gives the folder of the files."""

    def fill(ws: Workspace) -> None:
        ws.new("riesgo", risk)
        device = ws.new("equipo", {"tipo": "escritorio", "estado": "en_uso", "placa": "SAL-1", "marca": "HP"})
        deliver(ws, signer, tmp_path / "usb")
        ws.put("equipo", device.uid, {"marca": "Ñandú"})
        deliver(ws, signer, tmp_path / "usb")
        ws.put("equipo", device.uid, {"marca": "Lenovo"})

    fill_store(fill)
    return tmp_path / "usb"


def front(kind: type[W]) -> W:
    """The dialog of this kind that is open."""
    (found,) = [w for w in QApplication.topLevelWidgets() if isinstance(w, kind) and w.isVisible()]
    return found


@pytest.fixture
def listed(delivered: Path, open_shell: Callable[[], Shell], settle: Settle, keyboard: Any) -> Shell:
    """A window with the list open, from the page of deliveries."""
    shell = open_shell()
    shell.go("entregar")
    settle(shell)
    page = shell.page
    assert isinstance(page, EntregarPage)
    keyboard.click(page.history)
    settle(shell)
    return shell


def read(shell: Shell, settle: Settle, row: int) -> Lectura:
    """Open the delivery in ``row`` of the list."""
    dialog = front(EntregasDialog)
    dialog.panel.grid.setCurrentIndex(dialog.panel.model.index(row, 0))
    dialog.open_chosen()
    settle(shell)
    return front(Lectura)


def turn(reader: Lectura, shell: Shell, settle: Settle, word: str) -> QWidget:
    """Go to the tab that begins with ``word``."""
    place = next(n for n in range(reader.tabs.count()) if reader.tabs.tabText(n).startswith(word))
    reader.tabs.setCurrentIndex(place)
    settle(shell)
    shown = reader.stack.currentWidget()
    assert shown is not None
    return shown


def cells(table: ReadTable, name: str) -> list[str]:
    model = table.panel.model
    column = model.column_of(name)
    assert column is not None
    return [str(model.index(row, column).data()) for row in range(model.rowCount())]


def test_the_list_tells_every_delivery_the_newest_first(
    listed: Shell, nameless: Callable[[QWidget], list[str]]
) -> None:
    dialog = front(EntregasDialog)
    model = dialog.panel.model
    rows = [[str(model.index(row, column).data()) for column in range(7)] for row in range(model.rowCount())]

    assert [row[0] for row in rows] == ["2", "1"]
    assert rows[0][5:] == ["sin respuesta todavía", "1 riesgo · 1 equipo"]
    assert not nameless(dialog)


def test_a_delivery_is_read_as_it_went_out(
    listed: Shell, settle: Settle, nameless: Callable[[QWidget], list[str]]
) -> None:
    reader = read(listed, settle, 1)
    table = turn(reader, listed, settle, "Equipos")
    assert isinstance(table, ReadTable)

    assert cells(table, "marca") == ["HP"]
    assert cells(table, "fila_excel") == ["4"]
    assert "Íntegra" in reader.verdict.text()
    table.take_keyboard()
    assert table.text.toPlainText() == "Fila: 4"
    assert not nameless(reader)


def test_what_changed_is_told_against_each_other_state(listed: Shell, settle: Settle) -> None:
    reader = read(listed, settle, 0)
    changes = turn(reader, listed, settle, "¿Qué cambió?")
    assert isinstance(changes, Cambios)

    assert changes.against.itemText(0).startswith("con la entrega n.º 1")
    assert (cells(changes.table, "antes"), cells(changes.table, "despues")) == (["HP"], ["Ñandú"])
    assert changes.counts.text() == "≠ 1 cambiado  ·  = 1 igual"
    changes.against.setCurrentIndex(1)
    changes.reload()
    settle(listed)
    assert (cells(changes.table, "antes"), cells(changes.table, "despues")) == (["Ñandú"], ["Lenovo"])
    changes.table.take_keyboard()
    assert changes.table.text.toPlainText().endswith("Marca: Ñandú → Lenovo")


def test_a_copy_is_written_byte_for_byte_and_never_over_a_file(
    listed: Shell, settle: Settle, delivered: Path, tmp_path: Path, keyboard: Any
) -> None:
    reader = read(listed, settle, 0)
    assert isinstance(listed.messages, Recorded)
    listed.messages.answers += [tmp_path / "copia.xlsx", tmp_path / "copia.xlsx"]
    keyboard.click(reader.copy)
    settle(listed)

    assert (tmp_path / "copia.xlsx").read_bytes() == (delivered / "2026_SALUD_entrega-02.xlsx").read_bytes()
    assert reader.reread.sha256 in reader.notice.text
    keyboard.click(reader.copy)
    settle(listed)
    assert "ya hay un archivo con ese nombre" in reader.notice.text


@pytest.mark.parametrize(("place", "height"), [(0, b"792"), (1, b"935.43")])
def test_the_acta_is_printed_again_on_the_paper_that_is_chosen(
    listed: Shell, settle: Settle, tmp_path: Path, keyboard: Any, monkeypatch: pytest.MonkeyPatch,
    place: int, height: bytes,
) -> None:  # fmt: skip
    opened: list[str] = []
    monkeypatch.setattr("ui.outside.QDesktopServices.openUrl", lambda url: opened.append(url.fileName()))
    dialog = front(EntregasDialog)
    assert isinstance(listed.messages, Recorded)
    listed.messages.answers.append(tmp_path / "acta.pdf")
    dialog.paper.setCurrentIndex(place)
    keyboard.click(dialog.acta)
    settle(listed)

    assert re.search(rb"/MediaBox \[ 0 0 61\d[.\d]* " + height, (tmp_path / "acta.pdf").read_bytes())
    assert opened == ["acta.pdf"]


def test_a_file_from_a_drive_is_shown_with_its_verdict(
    listed: Shell, settle: Settle, delivered: Path, tmp_path: Path
) -> None:
    altered = tmp_path / "alterada.xlsx"
    data = bytearray((delivered / "2026_SALUD_entrega-01.xlsx").read_bytes())
    data[len(data) // 2] ^= 1
    altered.write_bytes(data)
    assert isinstance(listed.messages, Recorded)
    listed.messages.answers += [delivered / "2026_SALUD_entrega-01.xlsx", altered]
    dialog = front(EntregasDialog)
    dialog.open_file()
    settle(listed)
    known = front(Lectura)
    assert "Es igual, byte por byte, a la entrega n.º 1" in known.sentences.text()
    known.close()
    dialog.open_file()
    settle(listed)

    broken = front(Lectura)
    assert broken.verdict.text().endswith("No válida")
    assert broken.tabs.isHidden()
    assert not broken.copy.isEnabled()


def test_damaged_content_is_told_and_nothing_of_it_is_shown(
    delivered: Path, store: Path, open_shell: Callable[[], Shell], settle: Settle, keyboard: Any
) -> None:
    connection = sqlite3.connect(store)
    with connection:
        connection.execute("UPDATE entrega_hecha SET contenido = CAST(substr(contenido, 1, 900) AS BLOB)")
    connection.close()
    shell = open_shell()
    page = shell.page
    assert isinstance(page, InicioPage)
    keyboard.click(page.made)
    settle(shell)

    reader = read(shell, settle, 0)

    assert reader.verdict.text().endswith("Lo guardado se dañó")
    assert "Recupérelo de una copia" in reader.sentences.text()
    reader.close()
    dialog = front(EntregasDialog)
    keyboard.click(dialog.copy)
    settle(shell)
    assert "Lo guardado se dañó" in dialog.notice.text


def test_five_thousand_rows_are_read_and_searched(
    fill_store: Fill, signer: Signer, tmp_path: Path, open_shell: Callable[[], Shell], settle: Settle
) -> None:
    def fill(ws: Workspace) -> None:
        births: list[dict[str, Value]] = [
            {"tipo": "escritorio", "estado": "en_uso", "placa": f"SAL-{n:04}"} for n in range(5_000)
        ]
        with ws.act("prueba") as act:
            act.new_many("equipo", births)
        deliver(ws, signer, tmp_path / "usb")

    fill_store(fill)
    shell = open_shell()
    page = shell.page
    assert isinstance(page, InicioPage)
    page.made.click()
    settle(shell)
    reader = read(shell, settle, 0)
    table = turn(reader, shell, settle, "Equipos")
    assert isinstance(table, ReadTable)
    table.panel.model.search("sal-4999")

    assert cells(table, "placa") == ["SAL-4999"]

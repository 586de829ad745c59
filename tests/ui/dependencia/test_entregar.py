"""Start page and delivery: problems lead to their fields, and what is written is a signed file others accept."""

import sys
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from PySide6.QtCore import Qt, QUrl
from PySide6.QtGui import QDesktopServices
from PySide6.QtWidgets import QLabel
from pytestqt.qtbot import QtBot

from peti_desktop.delivery.made import made
from peti_desktop.records import Value
from peti_desktop.trust import keys, signature
from peti_desktop.trust.verdict import Status, Trust
from peti_desktop.workspace import Workspace
from ui.dependencia.entregar import EntregarPage
from ui.dependencia.inicio import InicioPage
from ui.dependencia.riesgos import RiesgosPage
from ui.messages import Recorded
from ui.shell import Shell

Settle = Callable[[Shell], None]
Fill = Callable[[Callable[[Workspace], Any]], Any]
PASSPHRASE = "una clave larga ñ"


def wizard(shell: Shell) -> EntregarPage:
    page = shell.page
    assert isinstance(page, EntregarPage)
    return page


@pytest.fixture
def small_keys(monkeypatch: pytest.MonkeyPatch) -> None:
    """The real key, passphrase and file, without the seconds that a Scrypt of full cost takes each time."""
    monkeypatch.setattr(keys, "SCRYPT_COST", 2**12)


@pytest.fixture
def ready(fill_store: Fill, open_shell: Callable[[], Shell], settle: Settle, risk: dict[str, Value]) -> Shell:
    """A window on a store that lacks nothing, at the wizard's first step."""
    fill_store(lambda ws: ws.new("riesgo", risk))
    shell = open_shell()
    shell.go("entregar")
    settle(shell)
    return shell


def test_the_start_page_says_what_is_asked_and_how_far_it_is(
    fill_store: Fill, open_shell: Callable[[], Shell], settle: Settle, risk: dict[str, Value]
) -> None:
    def fill(ws: Workspace) -> None:
        ws.set_settings({"vence": str(datetime.now().astimezone().date())})
        ws.new("riesgo", risk)
        ws.new("riesgo", {"subproceso": "salud_publica"})

    fill_store(fill)
    shell = open_shell()
    page = shell.page
    assert isinstance(page, InicioPage)

    assert "vence hoy" in page.days.text()
    assert "impiden entregar" in page.problems.text()
    assert "1 de 2 registros completos" in page.share.text()
    owed = [found.text() for found in page.owed.findChildren(QLabel)]
    assert owed[owed.index("Gestión de Salud Pública") + 1 :][:2] == ["2", "0"]
    assert "Falta valorar 1 riesgo" in owed[-1]


def test_a_problem_leads_to_its_field(
    fill_store: Fill,
    open_shell: Callable[[], Shell],
    qtbot: QtBot,
    keyboard: Any,
    settle: Settle,
    risk: dict[str, Value],
) -> None:
    fill_store(lambda ws: [ws.new("riesgo", risk), ws.new("riesgo", risk | {"tratamiento": None})])
    shell = open_shell()
    page = shell.page
    assert isinstance(page, InicioPage)
    keyboard.click(page.review)
    settle(shell)
    problems = wizard(shell).ensayar.list
    assert not wizard(shell).forward.isEnabled()
    problems.setCurrentIndex(problems.problems.index(0))
    problems.setFocus()
    keyboard.press(Qt.Key.Key_Return)
    qtbot.waitUntil(lambda: isinstance(shell.page, RiesgosPage))
    settle(shell)

    risks = shell.page
    assert isinstance(risks, RiesgosPage)
    assert risks.form.record is not None
    assert risks.form.record.values["referencia"] == "R-002"
    assert risks.form.editors["tratamiento"].busy


def test_the_wizard_writes_a_file_whose_signature_holds(
    ready: Shell, small_keys: None, qtbot: QtBot, settle: Settle, store: Path, tmp_path: Path, keyboard: Any,
    monkeypatch: pytest.MonkeyPatch,
) -> None:  # fmt: skip
    usb = tmp_path / "usb"
    usb.mkdir()
    page = wizard(ready)
    keyboard.click(page.forward)
    settle(ready)
    assert "Entrega n.º 1" in page.revisar.heading.text()
    keyboard.click(page.forward)
    settle(ready)
    page.firmar.new.setFocus()
    keyboard.type(PASSPHRASE)
    keyboard.tab()
    keyboard.type(PASSPHRASE)
    keyboard.press(Qt.Key.Key_Return)
    qtbot.waitUntil(lambda: page.firmar.stack.currentIndex() == 3, timeout=60_000)
    fingerprint = page.firmar.fingerprint.text()
    keyboard.click(page.forward)
    settle(ready)
    assert isinstance(ready.messages, Recorded)
    ready.messages.answers.append(usb)
    page.guardar._choose()
    keyboard.click(page.forward)
    qtbot.waitUntil(lambda: page.guardar.done is not None, timeout=60_000)
    settle(ready)

    written = usb / "2026_SALUD_entrega-01.xlsx"
    found = signature.verify(written.read_bytes(), Trust(), datetime.now(UTC))
    assert found.status is Status.DESCONOCIDA  # intact, and nobody has confirmed the key yet
    assert page.guardar.path.text() == str(written)
    assert keys.load(store.with_suffix(".p12"), PASSPHRASE).fingerprint == fingerprint
    assert not page.firmar.new.text()
    opened: list[QUrl] = []

    def nothing_opens_it(url: QUrl) -> bool:
        opened.append(url)
        return False

    monkeypatch.setattr(QDesktopServices, "openUrl", nothing_opens_it)
    keyboard.click(page.guardar.acta)
    settle(ready)
    assert (usb / "2026_SALUD_entrega-01_acta.pdf").read_bytes().startswith(b"%PDF")
    assert opened[0].fileName() == "2026_SALUD_entrega-01_acta.pdf"
    assert ready.desk is not None
    assert str(usb) in ready.desk.notice.text  # nothing here opens PDFs
    ready.close()
    with Workspace.open(store) as workspace:
        (one,) = made(workspace)
        assert one.code == page.guardar.code.text()
        assert workspace.setting("llave") == "salud.p12"


def test_a_wrong_passphrase_is_told_and_nothing_is_signed(
    ready: Shell, small_keys: None, qtbot: QtBot, settle: Settle, store: Path, keyboard: Any
) -> None:
    identity = keys.Identity("SALUD", "Secretaría de Salud", "Ana Peñaranda", "Profesional", "Alcaldía")
    keys.save(keys.make_signer(identity, datetime.now(UTC)), store.with_suffix(".p12"), PASSPHRASE)
    page = wizard(ready)
    keyboard.wake(ready)
    page.go_step(2)
    settle(ready)
    qtbot.waitUntil(page.firmar.passphrase.hasFocus)
    keyboard.type("otra distinta")
    keyboard.press(Qt.Key.Key_Return)
    settle(ready)

    assert "no es correcta" in page.firmar.wrong.text()
    assert page.stack.currentIndex() == 2
    keyboard.type(PASSPHRASE)
    keyboard.press(Qt.Key.Key_Return)
    settle(ready)
    assert page.stack.currentIndex() == 3


def test_the_key_is_forgotten_when_the_page_is_left(ready: Shell, settle: Settle) -> None:
    identity = keys.Identity("SALUD", "Secretaría de Salud", "Ana Peñaranda", "Profesional", "Alcaldía")
    page = wizard(ready)
    page.guardar.take(keys.make_signer(identity, datetime.now(UTC)))
    page.firmar.passphrase.setText(PASSPHRASE)
    ready.go("riesgos")
    ready.go("entregar")
    settle(ready)
    page.go_step(3)
    settle(ready)

    assert page.firmar.passphrase.text() == ""
    assert not page.forward.isEnabled()


def test_two_passphrases_that_differ_make_no_key(
    keyboard: Any,
    ready: Shell,
    settle: Settle,
    store: Path,
) -> None:
    page = wizard(ready)
    page.go_step(2)
    settle(ready)
    page.firmar.new.setText(PASSPHRASE)
    page.firmar.again.setText(PASSPHRASE + "x")
    keyboard.click(page.forward)
    settle(ready)

    assert "no son iguales" in page.firmar.wrong.text()
    assert not store.with_suffix(".p12").exists()


def test_a_new_key_puts_the_old_one_aside(
    keyboard: Any, ready: Shell, small_keys: None, settle: Settle, store: Path
) -> None:
    page = wizard(ready)
    for _time in range(2):
        page.go_step(2)
        settle(ready)
        page.firmar._renew()
        page.firmar.new.setText(PASSPHRASE)
        page.firmar.again.setText(PASSPHRASE)
        keyboard.click(page.forward)
        settle(ready)

    assert len(list(store.parent.glob("salud*.p12"))) == 2
    assert keys.load(store.with_suffix(".p12"), PASSPHRASE).fingerprint == page.firmar.fingerprint.text()


def test_a_folder_that_cannot_be_written_is_told(
    keyboard: Any, ready: Shell, small_keys: None, settle: Settle, tmp_path: Path
) -> None:
    identity = keys.Identity("SALUD", "Secretaría de Salud", "Ana Peñaranda", "Profesional", "Alcaldía")
    page = wizard(ready)
    page.guardar.take(keys.make_signer(identity, datetime.now(UTC)))
    page.go_step(3)
    settle(ready)
    assert isinstance(ready.messages, Recorded)
    (tmp_path / "es-un-archivo").write_text("", encoding="utf-8")
    ready.messages.answers.append(tmp_path / "es-un-archivo")
    page.guardar._choose()
    keyboard.click(page.forward)
    settle(ready)

    assert page.guardar.wrong.text().startswith("✕")
    assert page.guardar.done is None
    assert page.forward.isEnabled()


def test_the_wizard_goes_on_after_a_bug(
    keyboard: Any, ready: Shell, small_keys: None, settle: Settle, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    identity = keys.Identity("SALUD", "Secretaría de Salud", "Ana Peñaranda", "Profesional", "Alcaldía")
    page = wizard(ready)
    page.guardar.take(keys.make_signer(identity, datetime.now(UTC)))
    page.go_step(3)
    settle(ready)
    assert isinstance(ready.messages, Recorded)
    ready.messages.answers.append(tmp_path / "usb")
    page.guardar._choose()
    hooked: list[type[BaseException]] = []
    monkeypatch.setattr(sys, "excepthook", lambda kind, *_: hooked.append(kind))

    def bug(*_: object) -> None:
        raise ZeroDivisionError

    with monkeypatch.context() as broken:
        broken.setattr("peti_desktop.delivery.deliver.signature.sign", bug)
        keyboard.click(page.forward)
        settle(ready)

    assert hooked == [ZeroDivisionError]
    assert "no quedó nada escrito" in page.guardar.wrong.text()
    keyboard.click(page.forward)
    settle(ready)
    assert page.guardar.done is not None

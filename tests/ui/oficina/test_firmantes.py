"""The keys of the office and of the people, looked after from the window and by the keyboard alone."""

from collections.abc import Callable, Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QLineEdit, QWidget
from pytestqt.qtbot import QtBot

from peti_desktop.consolidation import roles
from peti_desktop.delivery import signing_request, starter
from peti_desktop.office import enrolment, keyfile
from peti_desktop.office.authority import Office
from peti_desktop.office.keyfile import OfficeKeys
from peti_desktop.trust import authority, keys
from peti_desktop.trust.keys import Signer
from peti_desktop.workspace import Workspace
from tests.ui.oficina.conftest import MADE, Keys, identity
from ui.messages import Recorded
from ui.oficina.firmantes import FirmantesPage
from ui.shell import Shell

PHRASE = "perro azul nube tren"
Settle = Callable[[Shell], None]


@pytest.fixture(autouse=True)
def quick_stretch(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(keys, "SCRYPT_COST", 2**4)


@pytest.fixture(scope="session")
def spare() -> list[Signer]:
    """Keys of people nobody confirmed: Ana of HACIENDA twice, and a successor; slow to make, so made once."""
    return [
        keys.make_signer(keys.Identity("HACIENDA", "Hacienda", name, "Técnica", "Alcaldía"), MADE)
        for name in ("Ana Núñez", "Ana Núñez", "Luis Peña")
    ]


@pytest.fixture
def kept(store: Path, signers: Keys, office_key: Signer) -> Path:
    """The file of the office's keys beside the store."""
    path = store.with_name(f"{store.stem}_oficina{keyfile.SUFFIX}")
    path.write_bytes(keyfile.written(OfficeKeys(signers.root, office_key), PHRASE))
    return path


@pytest.fixture(scope="session")
def office_key(signers: Keys) -> Signer:
    return authority.office_signer(signers.root, identity("TIC"), MADE)


def page_of(shell: Shell, settle: Settle) -> FirmantesPage:
    shell.go("firmantes")
    settle(shell)
    page = shell.page
    assert isinstance(page, FirmantesPage)
    return page


@pytest.fixture
def page(kept: Path, shell: Shell, settle: Settle) -> FirmantesPage:
    assert kept.is_file()
    return page_of(shell, settle)


def request(ws: Workspace, signer: Signer, folder: Path) -> Path:
    return signing_request.write(ws, signer, folder)


def typed(qtbot: QtBot, editor: QLineEdit, text: str) -> None:
    editor.setFocus()
    qtbot.keyClicks(editor, text)


def confirmed(page: FirmantesPage, signer: Signer, folder: Path, shell: Shell, settle: Settle) -> None:
    """Somebody who was confirmed before, without the window."""
    ws = page.desk.workspace
    enrolment.confirm(ws, request(ws, signer, folder), signer.fingerprint)
    page.reload()
    settle(shell)


@pytest.mark.parametrize("role", [roles.CONTROL, roles.ANALISTA])
def test_nobody_is_asked_for_a_passphrase_in_vain(
    page: FirmantesPage, shell: Shell, settle: Settle, monkeypatch: pytest.MonkeyPatch, role: str
) -> None:
    assert page.confirm_button.isEnabled() and page.start_button.isEnabled()
    assert page.keys.deeds["renovar"].isEnabled()
    monkeypatch.setattr(roles, "role", lambda _ws: role)

    page.reload()
    settle(shell)

    works = role == roles.ANALISTA
    assert (page.confirm_button.isEnabled(), page.start_button.isEnabled()) == (works, works)
    assert page.keys.deeds["respaldar"].isEnabled() == page.keys.next_deed.isEnabled() == works
    assert not any(page.keys.deeds[name].isEnabled() for name in ("crear", "renovar", "renovar_oficina"))
    assert ("Control Interno" in page.confirm_button.toolTip()) != works


def test_authority_is_made_and_copied_in_one_go(
    tmp_path: Path, qtbot: QtBot, settle: Settle, monkeypatch: pytest.MonkeyPatch, signers: Keys, office_key: Signer
) -> None:
    made = iter((signers.root.key, office_key.key))
    monkeypatch.setattr(authority, "make_key", lambda: next(made))
    path, usb = tmp_path / "nueva" / "tic.sqlite", tmp_path / "usb"
    Workspace.create(path, perfil="oficina", dependencia="TIC", nombre="Olga Ríos", cargo="Jefe", vigencia=2026).close()
    for shell in _window(path, qtbot, settle, Recorded(usb)):
        page = page_of(shell, settle)
        assert page.standing is not None and not page.standing.exists
        assert "todavía no tiene su autoridad" in page.keys.reminders.text()
        assert not page.start_button.isEnabled()

        page.keys.next_deed.setFocus()
        qtbot.keyClick(page.keys.next_deed, Qt.Key.Key_Space)
        panel = page.creating
        typed(qtbot, panel.new, "corta")
        assert "muy corta" in panel.how.text()
        panel.new.clear()
        typed(qtbot, panel.new, PHRASE)
        typed(qtbot, panel.again, PHRASE + "x")
        qtbot.keyClick(panel.again, Qt.Key.Key_Return)
        assert "no son iguales" in panel.wrong.text()
        qtbot.keyClick(panel.again, Qt.Key.Key_End)
        panel.again.setCursorPosition(len(PHRASE) + 1)
        qtbot.keyClick(panel.again, Qt.Key.Key_Backspace)
        qtbot.keyClick(panel.again, Qt.Key.Key_Return)
        settle(shell)

        assert page.panel is page.backup
        qtbot.keyClick(page.backup.go, Qt.Key.Key_Space)
        settle(shell)

        assert page.panel is None
        assert page.standing is not None and page.standing.backup_current
        [copy] = usb.iterdir()
        Office(page.desk.workspace).restore(copy, PHRASE)
        assert page.backup.passphrase.text() == page.creating.new.text() == ""


def _window(store: Path, qtbot: QtBot, settle: Settle, messages: Recorded) -> Iterator[Shell]:
    made = Shell(messages, store=store)
    qtbot.addWidget(made)
    made.resize(1024, 740)
    with qtbot.waitSignal(made.entered, timeout=20_000):
        made.show()
    made.activateWindow()
    settle(made)
    yield made
    made.close()


def test_request_is_confirmed_only_after_the_tick(
    page: FirmantesPage, shell: Shell, settle: Settle, qtbot: QtBot, messages: Recorded, spare: list[Signer],
    tmp_path: Path,
) -> None:  # fmt: skip
    messages.answers = [request(page.desk.workspace, spare[0], tmp_path)]

    page.confirm_button.click()
    settle(shell)
    panel = page.confirming

    assert page.panel is panel
    assert panel.fingerprint.text().replace(" \u200b", "-") == spare[0].fingerprint
    assert not panel.go.isEnabled()
    qtbot.keyClick(panel.same, Qt.Key.Key_Space)
    assert panel.go.isEnabled()
    panel.go.click()
    settle(shell)

    assert page.panel is None
    [found] = enrolment.listing(page.desk.workspace)
    assert (found.nombre, found.dependencia, found.state) == ("Ana Núñez", "HACIENDA", "firma")
    assert page.register.model.rowCount() == 1
    assert "ya puede firmar por Secretaría de Hacienda" in shell.notice.text


def test_another_page_can_send_a_file_to_be_confirmed(
    page: FirmantesPage, shell: Shell, settle: Settle, spare: list[Signer], tmp_path: Path
) -> None:
    assert shell.desk is not None

    shell.desk.go("firmantes", request(page.desk.workspace, spare[0], tmp_path))
    settle(shell)

    assert page.panel is page.confirming


def test_another_page_can_ask_for_the_copy(page: FirmantesPage, shell: Shell, settle: Settle) -> None:
    assert shell.desk is not None

    shell.desk.go("firmantes", "respaldar")
    settle(shell)

    assert page.panel is page.backup


def test_damaged_file_is_told_and_leaves_the_list(
    page: FirmantesPage, shell: Shell, settle: Settle, messages: Recorded, tmp_path: Path
) -> None:
    (tmp_path / "x.xlsx").write_bytes(b"PK\x03\x04 nada")
    messages.answers = [tmp_path / "x.xlsx"]

    page.confirm_button.click()
    settle(shell)

    assert page.panel is None
    assert "no trae una firma" in shell.notice.text


def test_successor_takes_over_and_the_old_key_is_annulled(
    page: FirmantesPage, shell: Shell, settle: Settle, messages: Recorded, spare: list[Signer], tmp_path: Path
) -> None:
    confirmed(page, spare[0], tmp_path / "a", shell, settle)
    messages.answers = [request(page.desk.workspace, spare[2], tmp_path / "b")]

    page.register.replace_button.click()
    settle(shell)
    panel = page.confirming
    assert "Reemplaza la de Ana Núñez" in panel.relation.currentText()
    assert "ya firma Ana Núñez" in panel.warnings.text()
    panel.same.setChecked(True)
    panel.go.click()
    settle(shell)

    assert panel.wrong.text() == ""
    states = {found.nombre: found.state for found in enrolment.listing(page.desk.workspace)}
    assert states == {"Ana Núñez": "anulada", "Luis Peña": "firma"}
    assert [found.reason for found in enrolment.listing(page.desk.workspace)][1] == "Entrega del cargo"


def test_annulling_asks_for_a_reason_and_esc_leaves_it(
    page: FirmantesPage, shell: Shell, settle: Settle, qtbot: QtBot, spare: list[Signer], tmp_path: Path
) -> None:
    confirmed(page, spare[0], tmp_path, shell, settle)

    page.register.annul_button.click()
    panel = page.annulling
    typed(qtbot, panel.words, "x")
    qtbot.keyClick(panel.words, Qt.Key.Key_Escape)
    assert page.panel is None
    page.register.annul_button.click()
    assert not panel.go.isEnabled()
    typed(qtbot, panel.words, "Se perdio el equipo")
    qtbot.keyClick(panel.words, Qt.Key.Key_Return)
    settle(shell)

    [found] = enrolment.listing(page.desk.workspace)
    assert (found.state, found.reason) == ("anulada", "Se perdio el equipo")
    assert page.register.model.index(0, 5).data().startswith("A · anulada el")
    assert not page.register.annul_button.isEnabled()


def test_annulment_can_be_announced(
    page: FirmantesPage, shell: Shell, settle: Settle, spare: list[Signer], tmp_path: Path
) -> None:
    confirmed(page, spare[0], tmp_path, shell, settle)

    page.register.annul_button.click()
    page.annulling.phrase.setCurrentIndex(1)
    page.annulling.day.setDate(page.annulling.day.date().addDays(10))
    page.annulling.go.click()
    settle(shell)

    [found] = enrolment.listing(page.desk.workspace)
    assert found.state == "se anulará"
    assert found.annulled_at is not None
    assert found.annulled_at > page.desk.workspace.clock() + timedelta(days=8)


def test_starter_files_are_written_for_those_that_are_ticked(
    page: FirmantesPage, shell: Shell, settle: Settle, qtbot: QtBot, messages: Recorded, tmp_path: Path
) -> None:
    messages.answers = [tmp_path / "inicio", tmp_path / "inicio"]

    page.start_button.click()
    settle(shell)
    panel = page.starting
    assert len(panel.chosen) == panel.units.count() > 20
    panel.choose(())
    assert not panel.ready()
    panel.units.setFocus()
    panel.units.setCurrentRow(2)
    qtbot.keyClick(panel.units, Qt.Key.Key_Space)
    [code] = panel.chosen
    typed(qtbot, panel.passphrase, "otra frase larga")
    qtbot.keyClick(panel.passphrase, Qt.Key.Key_Return)
    settle(shell)
    assert "no es correcta" in panel.wrong.text()
    panel.passphrase.clear()
    typed(qtbot, panel.passphrase, PHRASE)
    qtbot.keyClick(panel.passphrase, Qt.Key.Key_Return)
    settle(shell)

    [path] = (tmp_path / "inicio").iterdir()
    assert starter.read(path, page.desk.workspace.clock()).dependencia == code
    assert page.panel is None


@pytest.mark.parametrize("deed", ["contrasena", "renovar", "renovar_oficina"])
def test_changed_keys_lead_to_the_copy(
    page: FirmantesPage, shell: Shell, settle: Settle, deed: str, monkeypatch: pytest.MonkeyPatch, spare: list[Signer]
) -> None:
    made = iter(signer.key for signer in spare)
    monkeypatch.setattr(authority, "make_key", lambda: next(made))
    before = page.standing
    assert before is not None

    page.keys.deeds[deed].trigger()
    panel: Any = page.panel
    if deed == "contrasena":
        for editor, text in ((panel.old, PHRASE), (panel.new, PHRASE + " 9"), (panel.again, PHRASE + " 9")):
            editor.setText(text)
    else:
        panel.passphrase.setText(PHRASE)
    panel.go.click()
    settle(shell)

    assert page.panel is page.backup
    assert page.backup.ready()
    after = page.standing
    assert after is not None
    assert (after.authority_fingerprint != before.authority_fingerprint) is (deed == "renovar")


def test_lost_file_is_restored_from_the_copy(
    page: FirmantesPage, kept: Path, shell: Shell, settle: Settle, messages: Recorded, tmp_path: Path
) -> None:
    copy = kept.rename(tmp_path / "copia.llaves")
    page.reload()
    settle(shell)
    assert "no está en este equipo" in page.keys.reminders.text()
    messages.answers = [copy]

    page.keys.next_deed.click()
    page.restoring.passphrase.setText(PHRASE)
    page.restoring.go.click()
    settle(shell)

    assert kept.is_file()
    assert "restauradas" in shell.notice.text


def test_keys_of_another_entity_are_asked_about(
    tmp_path: Path, qtbot: QtBot, settle: Settle, signers: Keys, office_key: Signer
) -> None:
    path, copy = tmp_path / "nueva" / "tic.sqlite", tmp_path / "copia.llaves"
    copy.write_bytes(keyfile.written(OfficeKeys(signers.root, office_key), PHRASE))
    Workspace.create(
        path, perfil="oficina", entidad="Villa", dependencia="TIC", nombre="Olga", cargo="Jefe", vigencia=2026
    ).close()
    for shell in _window(path, qtbot, settle, Recorded(False, True)):
        page = page_of(shell, settle)
        for adopted in (False, True):
            page._restore_from(copy, PHRASE, None, confirmed=False)
            settle(shell)
            assert page.office.exists() is adopted
            assert adopted or "«Villa»" in page.restoring.wrong.text()


def test_list_is_filtered_and_printed(
    page: FirmantesPage, shell: Shell, settle: Settle, messages: Recorded, spare: list[Signer], tmp_path: Path
) -> None:
    for number in (0, 2):
        confirmed(page, spare[number], tmp_path / str(number), shell, settle)
    page.register.search.setText(spare[2].fingerprint.replace("-", "")[3:12].lower())
    assert page.register.model.rowCount() == 1
    assert page.register.person is not None and page.register.person.nombre == "Luis Peña"
    page.register.search.clear()
    page.register.group.setCurrentIndex(2)
    assert page.register.model.rowCount() == 0
    assert not page.register.annul_button.isEnabled()
    messages.answers = [tmp_path / "lista.pdf"]

    page.print_button.click()
    settle(shell)

    assert (tmp_path / "lista.pdf").read_bytes().startswith(b"%PDF")


def test_every_input_has_a_name(page: FirmantesPage, nameless: Callable[[QWidget], list[str]]) -> None:
    assert nameless(page) == []
    for panel in page._panels:
        page._ask(panel)
        assert nameless(page) == [], panel

"""Deciding about a delivery row by row: with the keyboard alone, with the mouse alone, over many at once."""

from collections.abc import Callable
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from cryptography import x509
from cryptography.hazmat.primitives.serialization import Encoding
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QTreeWidgetItem, QWidget
from pytestqt.qtbot import QtBot
from sqlalchemy import delete

from db.queries import space
from db.schema import equipo
from peti_desktop.consolidation import decisions, doubts, roles
from peti_desktop.intake import apply, inbox
from peti_desktop.intake.receipt import Receipt
from peti_desktop.office.authority import Office
from peti_desktop.returning import observations, receiving
from peti_desktop.returning.answering import answer
from peti_desktop.returning.give_back import give_back
from peti_desktop.trust import authority, certificates, keys
from peti_desktop.workspace import Workspace
from tests.ui.oficina.conftest import MADE, identity
from ui.messages import Recorded
from ui.oficina import bandeja_decidir
from ui.oficina.bandeja import BandejaPage
from ui.shell import Shell

Settle = Callable[[Shell], None]
PASSPHRASE = "la llave de la oficina 2026"


@pytest.fixture
def salud(unit: Any) -> Any:
    """A dependencia with two devices and a need more."""
    made = unit("SALUD")
    for number in range(2):
        made.ws.new("equipo", {"tipo": "escritorio", "placa": f"S-{number}", "estado": "en_uso", "anio": 2019})
    return made


@pytest.fixture
def page(shell: Shell, settle: Settle, monkeypatch: pytest.MonkeyPatch) -> BandejaPage:
    monkeypatch.setattr(bandeja_decidir, "show_outside", lambda _path, _notice: None)
    shell.go("bandeja")
    settle(shell)
    found = shell.page
    assert isinstance(found, BandejaPage)
    return found


@pytest.fixture
def opened(
    qtbot: QtBot, shell: Shell, page: BandejaPage, office: Workspace, settle: Settle
) -> Callable[[Path], Receipt]:
    """Receives a file and opens its review."""

    def open_it(path: Path) -> Receipt:
        page.receive([path])
        settle(shell)
        line = next(line for line in page.model.lines if line.receipt.file == path.name and line.stored)
        page._select(line.key)
        qtbot.waitUntil(lambda: page.review.marks is not None, timeout=10_000)
        settle(shell)
        shell.activateWindow()
        qtbot.waitUntil(shell.isActiveWindow)
        return line.receipt

    return open_it


def row(page: BandejaPage, part: str) -> QTreeWidgetItem:
    (found,) = [each for each in page.review.tree._rows if part in each.text(0)]
    return found


def choose(page: BandejaPage, *rows: QTreeWidgetItem) -> None:
    page.review.tree.clearSelection()
    for each in rows:
        each.setSelected(True)
    page.review.tree.setFocus()


def say(page: BandejaPage, words: str, phrase: int = 0) -> None:
    """Answer the question in front."""
    panel = page.review.reason
    assert page.review.panel is panel
    panel.phrase.setCurrentIndex(phrase)
    panel.words.setPlainText(words)
    panel.go.click()


def test_by_keyboard_one_row_is_given_back_and_the_rest_accepted(
    qtbot: QtBot, shell: Shell, page: BandejaPage, office: Workspace, salud: Any, opened: Any, settle: Settle
) -> None:
    receipt = opened(salud.deliver())
    assert page.review.tally.text() == "Se aceptan 6"
    choose(page, row(page, "S-1"))
    qtbot.keyClick(page.review.tree, Qt.Key.Key_D)
    qtbot.waitUntil(page.review.reason.phrase.hasFocus)
    qtbot.keyClick(page.review.reason.phrase, Qt.Key.Key_Tab)
    qtbot.keyClicks(page.review.reason.words, "Falta el serial")
    qtbot.keyClick(page.review.reason.words, Qt.Key.Key_D, Qt.KeyboardModifier.AltModifier)
    qtbot.waitUntil(lambda: page.review.panel is None)
    settle(shell)

    assert page.review.tally.text() == "Se aceptan 5 · se devuelve 1"
    assert "se devuelve: Falta el serial" in row(page, "S-1").text(0)
    assert page.review.tree.currentItem() is row(page, "S-1")  # and the arrows go on from here
    assert page.review.tree.hasFocus()
    (draft,) = observations.listing(office)
    assert (draft.texto, draft.about) == ("Falta el serial", "registro")

    qtbot.keyClick(page.review, Qt.Key.Key_A, Qt.KeyboardModifier.AltModifier)
    qtbot.waitUntil(lambda: shell.notice.text.startswith("Se aceptó en parte"), timeout=10_000)
    settle(shell)
    assert office.counts()["equipo"] == 2
    assert [line.state[0] for line in page.model.lines] == ["aceptada en parte"]
    assert [(w.what, w.reason) for w in decisions.waiting(office, receipt.sha256)] == [("devolver", "Falta el serial")]
    assert page.review.tally.text() == "Se devuelve 1"


def test_what_waited_is_taken_later_and_the_import_undone(
    qtbot: QtBot,
    shell: Shell,
    page: BandejaPage,
    office: Workspace,
    salud: Any,
    opened: Any,
    settle: Settle,
    messages: Recorded,
) -> None:
    opened(salud.deliver())
    choose(page, row(page, "S-0"), row(page, "S-1"))
    qtbot.keyClick(page.review.tree, Qt.Key.Key_E)
    say(page, "Se habla con el almacén")
    assert page.review.tally.text() == "Se aceptan 4 · esperan 2"
    page.review._accept.click()
    settle(shell)
    assert office.counts()["equipo"] == 1
    assert not page.review._accept.isEnabled()

    choose(page, row(page, "S-0"))
    qtbot.keyClick(page.review.tree, Qt.Key.Key_A)
    assert page.review._accept.isEnabled()
    page.review._accept.click()
    settle(shell)
    assert office.counts()["equipo"] == 2

    messages.answers = [True]
    page.deciding.undo()
    settle(shell)
    settle(shell)
    assert "¿Deshacer la aceptación de la entrega n.º 1 de Secretaría de Salud?" in messages.said[-1]
    assert office.counts()["equipo"] == 1


def test_marks_are_kept_while_another_delivery_is_looked_at(
    qtbot: QtBot, shell: Shell, page: BandejaPage, salud: Any, unit: Any, opened: Any, settle: Settle
) -> None:
    first = opened(salud.deliver())
    choose(page, row(page, "S-0"))
    page.review.deeds.actions["rechazar"].trigger()
    say(page, "", 1)
    told = page.review.tally.text()
    assert told == "Se aceptan 5 · se rechaza 1"
    opened(unit("HACIENDA").deliver())
    assert page.review.tally.text() == "Se aceptan 4"

    page._select(first.sha256)
    qtbot.waitUntil(lambda: page.review.tally.text() == told, timeout=10_000)
    assert "se rechaza: Faltan registros" in row(page, "S-0").text(0)


def test_a_key_confirmed_while_the_office_is_open_gets_its_certificate(
    qtbot: QtBot, shell: Shell, page: BandejaPage, office: Workspace, unit: Any, signers: Any, settle: Settle
) -> None:
    page.deciding._keys = (signers.root, signers.root)
    path = unit("HACIENDA", signers.stranger).deliver()
    page.receive([path])
    settle(shell)
    page._select(str(path))
    page.review._confirm.click()
    qtbot.waitUntil(page.review.confirming.isVisible, timeout=10_000)
    page.review.confirming.same.setChecked(True)
    page.review.confirming.go.click()
    qtbot.waitUntil(lambda: page.review.panel is None, timeout=10_000)
    settle(shell)

    with office.read() as connection:
        (held,) = space.signers(connection)
    certificate = x509.load_der_x509_certificate(held["certificado"])
    assert certificates.issued_by(certificate, signers.root.certificate)
    assert [line.state[0] for line in page.model.lines] == ["por revisar"]


def test_accepting_takes_back_what_was_asked_and_a_section_stands_for_its_rows(
    shell: Shell, page: BandejaPage, office: Workspace, salud: Any, opened: Any, settle: Settle
) -> None:
    opened(salud.deliver())
    section = row(page, "S-1").parent()
    choose(page, section)
    page.review._buttons["devolver"].click()
    say(page, "", 1)
    settle(shell)
    (draft,) = observations.listing(office)
    assert (draft.tipo, draft.registro, draft.frase) == ("equipo", "", "seccion_incompleta")
    assert page.review.tally.text() == "Se aceptan 3 · se devuelven 3"

    choose(page, row(page, "S-1").parent())
    page.review._buttons["aceptar"].click()
    settle(shell)
    assert observations.listing(office) == []
    assert page.review.tally.text() == "Se aceptan 6"


def test_a_field_is_observed_by_itself(
    shell: Shell, page: BandejaPage, office: Workspace, salud: Any, opened: Any, settle: Settle
) -> None:
    opened(salud.deliver())
    record = row(page, "S-1")
    record.setExpanded(True)
    field = next(record.child(n) for n in range(record.childCount()) if record.child(n).text(0) == "Año")
    choose(page, field)
    page.review.deeds.actions["devolver"].trigger()
    assert "«Año»" in page.review.reason.heading.text()
    say(page, "Verifique el año")
    settle(shell)

    (draft,) = observations.listing(office)
    assert (draft.campo, draft.texto) == ("anio", "Verifique el año")
    assert page.review.tally.text() == "Se aceptan 5 · se devuelve 1"


def test_missing_records_are_retired_asked_for_or_moved(
    shell: Shell, page: BandejaPage, office: Workspace, salud: Any, opened: Any, settle: Settle
) -> None:
    salud.ws.new("equipo", {"tipo": "escritorio", "placa": "S-2", "estado": "en_uso"})
    apply.accept(office, inbox.receive(office, salud.deliver()).sha256)
    with salud.ws.write() as connection:
        connection.execute(delete(equipo).where(equipo.c.placa.in_(["S-0", "S-1", "S-2"])))
    opened(salud.deliver())
    assert "3 irán a Dudas" in page.review.tally.text()

    choose(page, row(page, "S-0"))
    page.review.deeds.actions["retirar"].trigger()
    say(page, "Dado de baja")
    choose(page, row(page, "S-1"))
    page.review.deeds.actions["olvido"].trigger()
    settle(shell)
    choose(page, row(page, "S-2"))
    page.review.deeds.actions["mover"].trigger()
    page.review.moving.to.set_code("HACIENDA")
    page.review.moving.check()
    page.review.moving.go.click()
    assert "3 ausentes resueltos" in page.review.tally.text()
    page.review._accept.click()
    settle(shell)

    held = {record.values["placa"]: record for record in office.records("equipo", retired=None)}
    assert held["S-0"].retired == "Dado de baja"
    assert held["S-2"].dependencia == "HACIENDA"
    assert [draft.frase for draft in observations.listing(office)] == ["falta_en_entrega"]
    assert {doubt.note for doubt in doubts.listing(office)} != {""}


def test_filters_and_the_comparison_with_the_delivery_before(
    shell: Shell, page: BandejaPage, office: Workspace, salud: Any, opened: Any, settle: Settle
) -> None:
    apply.accept(office, inbox.receive(office, salud.deliver()).sha256)
    (risk,) = salud.ws.records("riesgo")
    salud.ws.put("riesgo", risk.uid, {"frecuencia_anual": 6000})
    inbox.receive(office, salud.deliver())
    (need,) = salud.ws.records("necesidad")
    salud.ws.put("necesidad", need.uid, {"cantidad": 11})
    opened(salud.deliver())

    def shown() -> int:
        return sum(not each.isHidden() for each in page.review.tree._rows)

    assert shown() >= 2
    page.review.filters.view.setCurrentIndex(page.review.filters.view.findData("zona"))
    assert shown() == 1
    page.review.filters.view.setCurrentIndex(0)
    page.review.filters.section.setCurrentIndex(page.review.filters.section.findData("necesidad"))
    assert shown() == 1
    page.review.filters.section.setCurrentIndex(0)
    page.review.filters.against.setCurrentIndex(1)
    page.review.compare.emit()
    settle(shell)
    assert shown() == 1
    assert "Computadores" in next(each for each in page.review.tree._rows if not each.isHidden()).text(0)


@pytest.fixture(scope="session")
def office_key(signers: Any) -> Any:
    return authority.office_signer(signers.root, identity("TIC"), MADE)


def test_given_back_with_the_passphrase_once_then_acknowledged_without(
    shell: Shell,
    page: BandejaPage,
    office: Workspace,
    salud: Any,
    opened: Any,
    settle: Settle,
    signers: Any,
    office_key: Any,
    tmp_path: Path,
    messages: Recorded,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(Office, "unlock", lambda _self, phrase: _unlocked(signers.root, office_key, phrase))
    opened(salud.deliver())
    choose(page, row(page, "S-1"))
    page.review.deeds.actions["devolver"].trigger()
    say(page, "Falta el serial")
    settle(shell)
    page.review._give.click()
    settle(shell)
    issue = page.review.issue
    assert page.review.panel is issue and "1 observación" in issue.about.text()
    assert not issue.go.isEnabled()
    messages.answers = [tmp_path / "vuelta"]
    issue.other.click()
    issue.passphrase.setText(PASSPHRASE)
    issue.go.click()
    settle(shell)

    assert "1.ª vez" in shell.notice.text
    assert len(list((tmp_path / "vuelta").glob("*.xlsx"))) == len(list((tmp_path / "vuelta").glob("*.pdf"))) == 1
    assert [line.state[0] for line in page.model.lines] == ["devuelta"]
    assert "1.ª devolución" in page.review.facts.story.text()
    assert not page.deciding.locked

    page.review.issuing.emit("acusar")
    settle(shell)
    assert not issue.passphrase.isVisible() and not issue.due.isVisible()
    issue.go.click()
    settle(shell)
    assert "acuse de recibo" in shell.notice.text
    assert len(list((tmp_path / "vuelta").glob("*.pdf"))) == 2


def _unlocked(root: Any, office_key: Any, phrase: str) -> tuple[Any, Any]:
    assert phrase == PASSPHRASE
    return root, office_key


def test_answers_stand_beside_their_record_and_are_closed_or_asked_again(
    shell: Shell,
    page: BandejaPage,
    office: Workspace,
    salud: Any,
    opened: Any,
    settle: Settle,
    signers: Any,
    office_key: Any,
    tmp_path: Path,
) -> None:
    with salud.ws.write() as connection:
        der = signers.root.certificate.public_bytes(Encoding.DER)
        space.add_authority(connection, keys.key_id(signers.root.key.public_key()), der, salud.ws.clock())
    receipt = inbox.receive(office, salud.deliver())
    devices = [record for record in salud.ws.records("equipo") if str(record.values["placa"]).startswith("S-")]
    asked = [observations.Asked("equipo", each.uid, texto=f"¿Sirve {each.values['placa']}?") for each in devices]
    observations.add_many(office, receipt.sha256, asked)
    made = give_back(office, receipt.sha256, office_key, tmp_path, date.max)
    receiving.take(salud.ws, receiving.read(salud.ws, made.path))
    for each in observations.listing(salud.ws):
        answer(salud.ws, each.uid, "se mantiene", "Así es")
    opened(salud.deliver())

    for part in ("S-0", "S-1"):
        texts = [row(page, part).child(n).text(0) for n in range(row(page, part).childCount())]
        assert any("→ Se mantiene: Así es" in text for text in texts)
    zero, one = row(page, "S-0"), row(page, "S-1")
    choose(page, zero.child(zero.childCount() - 1))
    page.review.deeds.actions["cerrar"].trigger()
    settle(shell)
    one = row(page, "S-1")
    choose(page, one.child(one.childCount() - 1))
    page.review.deeds.actions["otra vez"].trigger()
    say(page, "Diga desde cuándo")
    settle(shell)

    states = {each.titular[-3:]: (each.estado, each.texto) for each in observations.listing(office)}
    assert states == {"S-0": ("cerrada", "¿Sirve S-0?"), "S-1": ("borrador", "Diga desde cuándo")}


def test_control_interno_sees_all_and_decides_nothing(
    qtbot: QtBot,
    shell: Shell,
    page: BandejaPage,
    office: Workspace,
    salud: Any,
    opened: Any,
    settle: Settle,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    opened(salud.deliver())
    monkeypatch.setattr(roles, "role", lambda _ws: roles.CONTROL)
    page.reload()
    page.look_again()
    settle(shell)
    page.review.back()

    assert "Control Interno" in page._no.text()
    assert not page.review._decide.isVisible() and not page.review._rows.isVisible()
    assert not page._receive.isVisible() and not page._clean.isVisible() and not page.acceptDrops()
    choose(page, row(page, "S-1"))
    qtbot.keyClick(page.review.tree, Qt.Key.Key_R)
    assert page.review.panel is None
    assert observations.listing(office) == []


def test_every_input_of_every_question_has_a_name(
    shell: Shell, page: BandejaPage, salud: Any, opened: Any, nameless: Callable[[QWidget], list[str]], settle: Settle
) -> None:
    opened(salud.deliver())
    assert nameless(page) == []
    for panel in (page.review.reason, page.review.moving, page.review.issue):
        page.review.ask(panel)
        assert nameless(page) == []

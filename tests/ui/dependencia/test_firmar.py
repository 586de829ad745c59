"""The step that signs: several people at one PC, a forgotten passphrase, an annulled key, a request to be confirmed."""

from collections.abc import Callable, Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from cryptography.hazmat.primitives.asymmetric.rsa import RSAPrivateKey

from peti_desktop.delivery import keys_told, signing_key, signing_request
from peti_desktop.records import Value
from peti_desktop.trust import keys, signature
from peti_desktop.trust.keys import make_key
from peti_desktop.trust.verdict import Status, Trust
from peti_desktop.workspace import Workspace
from ui.dependencia.entrega.firmar import Firmar
from ui.dependencia.entregar import EntregarPage
from ui.messages import Recorded
from ui.shell import Shell

ANA, LUIS = "contraseña de Ana", "contraseña de Luis"
Settle = Callable[[Shell], None]


@pytest.fixture(scope="module")
def made_keys() -> list[RSAPrivateKey]:
    return [make_key() for _ in range(3)]


@pytest.fixture(autouse=True)
def quick_keys(monkeypatch: pytest.MonkeyPatch, made_keys: list[RSAPrivateKey]) -> None:
    left: Iterator[RSAPrivateKey] = iter(made_keys)
    monkeypatch.setattr(keys, "SCRYPT_COST", 2**4)
    monkeypatch.setattr(keys, "make_key", lambda: next(left))


def step(shell: Shell, settle: Settle) -> Firmar:
    shell.go("entregar")
    settle(shell)
    page = shell.page
    assert isinstance(page, EntregarPage)
    page.go_step(2)
    settle(shell)
    return page.firmar


@pytest.fixture
def opened(
    fill_store: Callable[[Callable[[Workspace], Any]], Any], open_shell: Callable[[], Shell], risk: dict[str, Value]
) -> Callable[[Callable[[Workspace], Any]], Shell]:
    """Fills a store that lacks nothing and opens its window."""

    def act(fill: Callable[[Workspace], Any]) -> Shell:
        fill_store(lambda ws: (ws.new("riesgo", risk), fill(ws)))
        return open_shell()

    return act


def two_people(ws: Workspace) -> None:
    signing_key.make(ws, "Ana Peñaranda", "Profesional", ANA)
    signing_key.make(ws, "Luis Peña", "Técnico", LUIS)


def annulled(ws: Workspace) -> None:
    """The office annulled the key, and the store was told."""
    signing_key.make(ws, "Ana Peñaranda", "Profesional", ANA)
    [kept] = signing_key.key_files(ws)
    since = (ws.clock() - timedelta(days=3)).isoformat()
    ws.set_settings({keys_told.ANNULLED: f'{{"{kept.key_id}": "{since}"}}'})


def test_people_of_one_pc_choose_who_signs(opened: Any, settle: Settle, store: Path) -> None:
    shell = opened(two_people)
    firmar = step(shell, settle)
    signed: list[keys.Signer] = []
    firmar.signed.connect(signed.append)

    assert [firmar.people.itemText(n) for n in range(2)] == ["Luis Peña, Técnico", "Ana Peñaranda, Profesional"]
    firmar.people.setCurrentIndex(1)
    firmar.passphrase.setText(LUIS)
    firmar.go()
    settle(shell)
    assert "no es correcta" in firmar.wrong.text()
    firmar.passphrase.setText(ANA)
    firmar.go()
    settle(shell)

    assert [signer.name for signer in signed] == ["Ana Peñaranda – Profesional"]
    again = step(shell, settle)
    assert again.people.itemText(0) == "Ana Peñaranda, Profesional"
    assert {path.name for path in store.parent.glob("*.p12")} == {"salud.p12", "salud-2.p12"}


def test_another_person_leaves_the_keys_that_are_there(opened: Any, settle: Settle, store: Path, keyboard: Any) -> None:
    shell = opened(lambda ws: signing_key.make(ws, "Ana Peñaranda", "Profesional", ANA))
    firmar = step(shell, settle)
    before = store.with_suffix(".p12").read_bytes()

    keyboard.click(firmar.other)
    assert firmar.nombre.text() == firmar.cargo.text() == ""
    for editor, text in ((firmar.nombre, "Luis Peña"), (firmar.cargo, "Técnico"), (firmar.new, LUIS)):
        editor.setText(text)
    assert "Contraseña" in firmar.how.text()
    firmar.again.setText(LUIS)
    firmar.go()
    settle(shell)

    assert firmar.stack.currentIndex() == 3
    assert "salud-2.p12" in firmar.kept.text()
    assert store.with_suffix(".p12").read_bytes() == before


def test_forgotten_passphrase_keeps_the_data_and_the_old_file(
    opened: Any, settle: Settle, store: Path, keyboard: Any
) -> None:
    shell = opened(lambda ws: signing_key.make(ws, "Ana Peñaranda", "Profesional", ANA))
    firmar = step(shell, settle)
    before = store.with_suffix(".p12").read_bytes()

    keyboard.click(firmar.forgot)
    assert "Sus datos y sus entregas no cambian" in firmar.why.text()
    assert firmar.nombre.text() == "Ana Peñaranda"
    firmar.new.setText("otra contraseña")
    firmar.again.setText("otra contraseña")
    firmar.go()
    settle(shell)

    [aside] = store.parent.glob("salud-2*.p12")
    assert aside.read_bytes() == before
    assert keys.load(store.with_suffix(".p12"), "otra contraseña").fingerprint == firmar.fingerprint.text()
    assert shell.desk is not None
    assert len(shell.desk.workspace.records("riesgo")) == 1
    assert len(signing_key.key_files(shell.desk.workspace)) == 1


def test_changing_ones_mind_goes_back_to_the_key(opened: Any, settle: Settle, keyboard: Any) -> None:
    shell = opened(lambda ws: signing_key.make(ws, "Ana Peñaranda", "Profesional", ANA))
    firmar = step(shell, settle)
    keyboard.click(firmar.forgot)

    keyboard.click(firmar.keep)
    settle(shell)

    assert firmar.stack.currentIndex() == 2


def test_annulled_key_is_refused_before_anything_is_typed(opened: Any, settle: Settle) -> None:
    firmar = step(opened(annulled), settle)

    assert "✕ Esta clave fue anulada por la Oficina TIC" in firmar.trouble.text()
    assert not firmar.passphrase.isEnabled()
    assert not firmar.ready
    assert firmar.forgot.text() == "Crear otra clave…"
    firmar._renew()
    assert firmar.nombre.text() == "Ana Peñaranda"


def test_key_near_its_end_is_renewed_beside_the_old_one(
    opened: Any, settle: Settle, store: Path, keyboard: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    shell = opened(lambda ws: signing_key.make(ws, "Ana Peñaranda", "Profesional", ANA))
    assert shell.desk is not None
    now = shell.desk.workspace.clock()
    monkeypatch.setattr(shell.desk.workspace, "clock", lambda: now + timedelta(days=715))
    firmar = step(shell, settle)

    assert "conviene renovarla" in firmar.trouble.text()
    keyboard.click(firmar.renew)
    firmar.new.setText(LUIS)
    firmar.again.setText(LUIS)
    firmar.go()
    settle(shell)

    assert {path.name for path in store.parent.glob("*.p12")} == {"salud.p12", "salud-2.p12"}


def test_request_is_written_for_a_new_key_and_for_one_that_waits(
    opened: Any, settle: Settle, keyboard: Any, tmp_path: Path
) -> None:
    shell = opened(lambda ws: signing_key.make(ws, "Ana Peñaranda", "Profesional", ANA))
    firmar = step(shell, settle)
    assert isinstance(shell.messages, Recorded)
    assert shell.desk is not None

    keyboard.click(firmar.request)
    assert "escriba primero la contraseña" in firmar.wrong.text()
    shell.messages.answers.append(tmp_path / "usb")
    firmar.passphrase.setText(ANA)
    keyboard.click(firmar.request)
    settle(shell)
    settle(shell)

    [path] = (tmp_path / "usb").iterdir()
    found = signature.verify(path.read_bytes(), Trust(), shell.desk.workspace.clock())
    assert (found.status, found.comment) == (Status.DESCONOCIDA, f"{signing_request.PURPOSE} 2026")
    assert "Envíela a la Oficina TIC" in shell.notice.text
    assert firmar.ready  # and one may go on signing

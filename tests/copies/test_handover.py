"""A post is handed over in one file, and the successor goes on with everything but the key."""

import json
import zipfile
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from pypdf import PdfReader

from peti_desktop import binnacle, exemplar, handover
from peti_desktop.errors import UserError
from peti_desktop.post import HANDED_OVER
from peti_desktop.trust import keys
from peti_desktop.workspace import Workspace


@pytest.fixture(scope="module")
def signer() -> keys.Signer:
    identity = keys.Identity("SALUD", "Secretaría de Salud", "Ana Peñaranda", "Profesional", "Alcaldía")
    return keys.make_signer(identity, datetime(2026, 11, 1, tzinfo=UTC))


def _rewritten(path: Path, target: Path, **parts: bytes | None) -> Path:
    """The package with some parts changed (``datos``, ``manifiesto``, ``firma``), added or left out."""
    names = {"datos": handover.DATA, "manifiesto": handover.MANIFEST, "firma": handover.SIGNATURE}
    with zipfile.ZipFile(path) as old, zipfile.ZipFile(target, "w") as new:
        content = {name: old.read(name) for name in old.namelist()}
        for name, data in parts.items():
            content[names.get(name, name)] = data  # type: ignore[assignment]
        for name, data in content.items():
            if data is not None:
                new.writestr(name, data)
    return target


def test_successor_finds_everything_and_needs_a_key_of_her_own(
    ws: Workspace, usb: Path, tmp_path: Path, signer: keys.Signer, clock: Any
) -> None:
    device = ws.records("equipo")[0]
    ws.put("equipo", device.uid, {"marca": "Lenovo"})
    ws.set_settings({"llave": "ana.p12", "copias_lugar": "E:/", "vence": "2026-12-10"})

    handed = handover.hand_over(ws, usb, signer)
    offer = handover.examine(handed.path)
    target = tmp_path / "nuevo equipo" / "salud.sqlite"
    with handover.receive(handed.path, target, "Berta Ñáñez", "Técnica", clock=clock) as mine:
        assert mine.counts() == ws.counts()
        assert [c.after for c in mine.history(device.uid)] == [c.after for c in ws.history(device.uid)]
        assert (mine.info.nombre, mine.info.cargo, mine.info.vence) == ("Berta Ñáñez", "Técnica", ws.info.vence)
        assert mine.setting("copias_lugar") == "" and not (target.parent / mine.setting("llave")).exists()
        assert mine.setting(exemplar.LINEAGE).split()[0] == ws.setting(exemplar.EXEMPLAR)
        with mine.read() as connection:
            assert binnacle.broken(connection) is None

    assert handed.path.name == "2026_SALUD_entrega-del-cargo.peti"
    assert offer.code == handed.code
    assert offer.signer is not None and offer.signer.fingerprint == signer.fingerprint
    assert ws.setting(HANDED_OVER)
    assert sorted(path.name for path in usb.iterdir()) == sorted([handed.path.name, handed.acta.name])


def test_acta_says_what_passes_on_and_what_is_pending(ws: Workspace, usb: Path, signer: keys.Signer) -> None:
    handed = handover.hand_over(ws, usb, signer)

    text = " ".join(page.extract_text() for page in PdfReader(handed.acta).pages)
    words = " ".join(text.split())
    assert handed.code in words and "Ana Peñaranda" in words
    assert "por completar o corregir" in words and "Todavía no se ha hecho ninguna entrega" in words
    assert signer.fingerprint in words


def test_without_a_key_it_goes_unsigned_and_says_so(ws: Workspace, usb: Path) -> None:
    handed = handover.hand_over(ws, usb)

    assert handover.examine(handed.path).signer is None
    assert "no va firmado" in PdfReader(handed.acta).pages[0].extract_text()


def test_successor_on_the_same_pc_does_not_take_the_predecessors_key(
    ws: Workspace, usb: Path, tmp_path: Path, signer: keys.Signer, clock: Any
) -> None:
    keys.save(signer, tmp_path / "salud-2.p12", "una frase larga")
    handed = handover.hand_over(ws, usb)

    with handover.receive(handed.path, tmp_path / "salud-2.sqlite", "Berta", "", clock=clock) as mine:
        assert not (tmp_path / mine.setting("llave")).exists()


def test_nothing_is_replaced(ws: Workspace, usb: Path) -> None:
    handed = handover.hand_over(ws, usb)

    with pytest.raises(UserError, match="Ya hay un archivo"):
        handover.receive(handed.path, ws.store.path, "Berta", "")


def test_changed_data_is_refused_and_leaves_nothing(ws: Workspace, usb: Path, tmp_path: Path) -> None:
    handed = handover.hand_over(ws, usb)
    with zipfile.ZipFile(handed.path) as package:
        data = bytearray(package.read(handover.DATA))
    data[-10] ^= 1
    changed = _rewritten(handed.path, usb / "cambiado.peti", datos=bytes(data))
    target = tmp_path / "otro" / "salud.sqlite"

    with pytest.raises(UserError, match="cambiaron o se dañaron"):
        handover.examine(changed)
    with pytest.raises(UserError, match="cambiaron o se dañaron"):
        handover.receive(changed, target, "Berta", "")
    assert list(target.parent.iterdir()) == []


def test_changed_manifest_breaks_the_signature(ws: Workspace, usb: Path, signer: keys.Signer) -> None:
    handed = handover.hand_over(ws, usb, signer)
    with zipfile.ZipFile(handed.path) as package:
        manifest = package.read(handover.MANIFEST).replace(b"Ana", b"Eva")
    changed = _rewritten(handed.path, usb / "cambiado.peti", manifiesto=manifest)

    with pytest.raises(UserError, match="firma no corresponde"):
        handover.examine(changed)


@pytest.mark.parametrize(
    "parts",
    [
        {"manifiesto": b"{}"},
        {"manifiesto": b"[1]"},
        {"manifiesto": b"no es json"},
        {"manifiesto": None},
        {"datos": None},
        {"otro.exe": b"MZ"},
        {"firma": b"{}"},
        {"firma": json.dumps({"firma": "AA==", "certificado": "AA==", "instante": "ayer"}).encode()},
    ],
)
def test_odd_packages_are_refused_in_words(ws: Workspace, usb: Path, parts: dict[str, bytes | None]) -> None:
    handed = handover.hand_over(ws, usb)
    odd = _rewritten(handed.path, usb / "raro.peti", **parts)

    with pytest.raises(UserError, match="no se puede recibir"):
        handover.examine(odd)


def test_what_is_no_package_and_what_is_cut_is_refused(ws: Workspace, usb: Path) -> None:
    handed = handover.hand_over(ws, usb)
    cut = usb / "cortado.peti"
    cut.write_bytes(handed.path.read_bytes()[:-100])
    text = usb / "texto.peti"
    text.write_text("hola", encoding="utf-8")

    for path in (cut, text, usb / "no-existe.peti"):
        with pytest.raises(UserError):
            handover.examine(path)


def test_data_of_another_dependencia_under_a_good_hash_is_refused(
    ws: Workspace, make: Any, usb: Path, tmp_path: Path
) -> None:
    other = make("hacienda", dependencia="HACIENDA")
    mine, theirs = handover.hand_over(ws, usb), handover.hand_over(other, usb)
    with zipfile.ZipFile(theirs.path) as package:
        data = package.read(handover.DATA)
        sha256 = json.loads(package.read(handover.MANIFEST))["sha256"]
    with zipfile.ZipFile(mine.path) as package:
        manifest = json.loads(package.read(handover.MANIFEST)) | {"sha256": sha256}
    mixed = _rewritten(mine.path, usb / "x.peti", datos=data, manifiesto=json.dumps(manifest).encode())

    with pytest.raises(UserError, match="otra dependencia"):
        handover.receive(mixed, tmp_path / "x" / "salud.sqlite", "Berta", "")


def test_folder_that_is_gone_is_told(ws: Workspace, tmp_path: Path) -> None:
    with pytest.raises(UserError, match="No se puede escribir"):
        handover.hand_over(ws, tmp_path / "no hay")

    assert ws.setting(HANDED_OVER) == ""

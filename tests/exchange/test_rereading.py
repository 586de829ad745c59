"""Reading again what was delivered: the kept bytes speak, whatever became of the records since."""

import sqlite3
from pathlib import Path

import pytest
from openpyxl import load_workbook

from peti_desktop import rereading
from peti_desktop.delivery import made as room
from peti_desktop.delivery.deliver import deliver
from peti_desktop.delivery.made import Compared, made
from peti_desktop.errors import UserError
from peti_desktop.rereading import Reread
from peti_desktop.workspace import Workspace
from tests.exchange.conftest import Clock, Pki


def again(ws: Workspace, pki: Pki, clock: Clock, folder: Path) -> None:
    """The next delivery, later."""
    clock.later()
    deliver(ws, pki.salud, folder)


def told(found: tuple[Compared, ...]) -> dict[str, list[str]]:
    """The records by what became of them, those that stayed equal left out."""
    by_kind: dict[str, list[str]] = {}
    for one in found:
        if one.kind != room.EQUAL:
            by_kind.setdefault(one.kind, []).append(f"{one.type} {one.headline}")
    return by_kind


@pytest.fixture
def first(salud: Workspace, delivered: Path) -> Reread:
    """The first delivery, read again after a device was changed."""
    device = salud.records("equipo")[0]
    salud.put("equipo", device.uid, {"marca": "Ñandú", "placa": "000999"})
    (one,) = made(salud)
    return rereading.of_made(salud, one)


def test_the_kept_bytes_are_shown_not_the_records_of_today(first: Reread, delivered: Path) -> None:
    assert first.records is not None

    (device,) = first.records["equipo"]
    (risk,) = first.records["riesgo"]
    assert (device.values["placa"], device.values["marca"]) == ("000123", None)
    assert risk.values["descripcion"] == "línea uno\nlínea dos ¡ñ!"
    assert first.data == delivered.read_bytes()
    assert first.own == 1
    assert "Las celdas son exactamente las que firmó Ana Núñez" in first.verdict.sentences[0]


def test_an_own_key_nobody_confirmed_yet_is_no_reason_to_doubt(first: Reread) -> None:
    assert (first.verdict.words, first.verdict.tone) == (rereading.INTACT, rereading.FINE)
    assert "todavía no ha enviado el certificado" in first.verdict.sentences[1]


def test_a_stranger_s_file_is_shown_with_its_doubt(salud: Workspace, delivered: Path) -> None:
    found = rereading.of_file(salud, delivered)

    assert found.verdict.tone == rereading.WARNS
    assert found.delivery is not None
    assert any("aún no ha sido confirmada" in sentence for sentence in found.verdict.sentences)


def test_what_changed_since_is_told_field_by_field(salud: Workspace, first: Reread) -> None:
    extra = salud.new("necesidad", {"descripcion": "Otra"})
    gone = salud.records("necesidad")[0]
    salud.retire("necesidad", gone.uid, "Se compró")

    found = rereading.between(salud, first, None)

    (device,) = [one for one in found if one.kind == room.CHANGED]
    assert [(d.label, d.before, d.after) for d in device.differences] == [
        ("Placa de inventario", "000123", "000999"),
        ("Marca", "", "Ñandú"),
    ]
    assert [one.uid for one in found if one.kind == room.NEW] == [extra.uid]
    assert [(one.uid, one.reason) for one in found if one.kind == room.RETIRED] == [(gone.uid, "Se compró")]


def test_two_deliveries_are_compared_the_older_first(
    salud: Workspace, first: Reread, pki: Pki, clock: Clock, tmp_path: Path
) -> None:
    again(salud, pki, clock, tmp_path / "usb")
    one, two = made(salud)

    found = rereading.between(salud, rereading.of_made(salud, two), one)

    assert list(told(found)) == [room.CHANGED]
    (device,) = [item for item in found if item.kind == room.CHANGED]
    assert device.differences[0].before == "000123"
    assert rereading.between(salud, rereading.of_made(salud, one), two) == found
    assert told(rereading.between(salud, rereading.of_made(salud, two), two)) == {}


def test_a_record_that_came_back_is_told(
    salud: Workspace, delivered: Path, pki: Pki, clock: Clock, tmp_path: Path
) -> None:
    need = salud.records("necesidad")[0]
    salud.retire("necesidad", need.uid, "Por error")
    again(salud, pki, clock, tmp_path / "usb")
    salud.restore("necesidad", need.uid)

    found = rereading.between(salud, rereading.of_made(salud, made(salud)[1]), None)

    assert [one.uid for one in found if one.kind == room.RESTORED] == [need.uid]


def test_the_age_of_a_device_is_no_change(salud: Workspace, delivered: Path, clock: Clock) -> None:
    clock.later(60 * 24 * 400)

    assert told(rereading.between(salud, rereading.of_made(salud, made(salud)[0]), None)) == {}


def test_damaged_content_says_so_and_shows_nothing(salud: Workspace, delivered: Path) -> None:
    assert salud.store.path is not None
    connection = sqlite3.connect(salud.store.path)
    with connection:
        connection.execute("UPDATE entrega_hecha SET contenido = CAST(substr(contenido, 1, 4000) || x'00' AS BLOB)")
    connection.close()

    found = rereading.of_made(salud, made(salud)[0])

    assert found.verdict.words == rereading.DAMAGED
    assert found.verdict.tone == rereading.STOPS
    assert found.delivery is None
    with pytest.raises(UserError, match="no se puede comparar"):
        rereading.between(salud, found, None)


def test_a_file_that_equals_a_kept_delivery_is_recognised(salud: Workspace, delivered: Path) -> None:
    found = rereading.of_file(salud, delivered)

    assert found.own == 1
    assert found.verdict.sentences[-1] == "Es igual, byte por byte, a la entrega n.º 1 guardada en este equipo."


def test_a_file_saved_again_is_never_shown(salud: Workspace, delivered: Path) -> None:
    book = load_workbook(delivered)
    sheet = book["Equipos"]
    placa = next(cell.column for cell in sheet[1] if cell.value == "placa")
    sheet.cell(row=4, column=placa).value = "OTRA"
    book.save(delivered)

    found = rereading.of_file(salud, delivered)

    assert found.delivery is None
    assert found.verdict.tone == rereading.STOPS
    assert any("000123" in sentence and "OTRA" in sentence for sentence in found.verdict.sentences)


def test_another_number_and_another_dependencia_are_told(
    salud: Workspace, delivered: Path, opened: object, pki: Pki, tmp_path: Path
) -> None:
    assert callable(opened)
    hacienda: Workspace = opened("hacienda", "HACIENDA")

    found = rereading.of_file(hacienda, delivered)

    assert "Es de otra dependencia: Secretaría de Salud." in found.verdict.sentences
    assert found.delivery is not None


def test_a_text_file_is_no_delivery(salud: Workspace, tmp_path: Path) -> None:
    path = tmp_path / "carta.xlsx"
    path.write_text("<html>", encoding="utf-8")

    found = rereading.of_file(salud, path)

    assert found.verdict.words == "No válida"
    assert found.delivery is None


def test_a_copy_is_the_same_bytes_and_never_over_another_file(first: Reread, tmp_path: Path) -> None:
    rereading.save_copy(first, tmp_path / "copia.xlsx")

    assert (tmp_path / "copia.xlsx").read_bytes() == first.data
    with pytest.raises(UserError, match="ya hay un archivo con ese nombre"):
        rereading.save_copy(first, tmp_path / "copia.xlsx")


def test_the_acta_says_what_the_delivery_said(salud: Workspace, first: Reread) -> None:
    facts = rereading.acta_facts(salud, first, first.name)

    assert (facts.number, facts.sha256, facts.nombre) == (1, first.sha256, "Ana Núñez")
    assert facts.counts["equipo"] == 1
    assert facts.code == made(salud)[0].code

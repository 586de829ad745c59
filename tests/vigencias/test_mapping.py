"""Records under a unit that is no more, as Decreto 0172 of 2025 left them, and under one the office splits."""

from datetime import date
from pathlib import Path

import pytest
from sqlalchemy import delete, update

from db.queries import corrections as stored
from db.schema import control
from peti_desktop import binnacle
from peti_desktop.catalogues import load
from peti_desktop.consolidation import doubts
from peti_desktop.consolidation.acting import acting
from peti_desktop.errors import UserError
from peti_desktop.intake import apply, inbox
from peti_desktop.intake.receipt import Receipt
from peti_desktop.vigencias import changing, mapping
from peti_desktop.vigencias.changing import Part
from peti_desktop.workspace import Workspace
from tests.exchange.conftest import Clock, Pki, forged
from tests.vigencias.conftest import Deliver

SPLIT = date(2026, 7, 1)


def under(office: Workspace, unit: str) -> str:
    """A device of a unit, as an earlier year left it."""
    with acting(office, "probar") as act:
        return act.new("equipo", {"tipo": "portatil", "placa": f"{unit}-1"}, dependencia=unit)


def test_the_decree_closed_one_unit_and_renamed_another(office: Workspace) -> None:
    closed, renamed = under(office, "BANCO_PROGRESO"), under(office, "JURIDICA")

    [move] = mapping.waiting(office)

    assert (move.old, move.to, move.total) == ("BANCO_PROGRESO", ("EMPRENDIMIENTO",), 1)
    assert office.catalogues.find("dependencia", "Oficina Asesora Jurídica") == "JURIDICA"
    assert load("", 2024).label("dependencia", "JURIDICA") == "Oficina Asesora Jurídica"
    [one] = mapping.proposals(office, move)
    mapping.carry(office, move, {one.key: one.target}, "Decreto 0172 de 2025")
    assert office.record("equipo", closed).dependencia == "EMPRENDIMIENTO"
    assert office.record("equipo", renamed).dependencia == "JURIDICA"
    assert mapping.waiting(office) == []


def split_health(office: Workspace) -> mapping.Move:
    parts = [Part("Secretaría de Salud Pública", answers=("salud_publica",)), Part("Oficina de Hospitales")]
    edits = changing.split(office.catalogues, "SALUD", parts, SPLIT)
    changing.change(office, edits, "Decreto de prueba", "dividir")
    [move] = mapping.waiting(office)
    return move


def test_a_split_goes_by_process_and_else_by_choice_and_back(office: Workspace, accepted: Receipt) -> None:
    move = split_health(office)
    offered = {one.key: one for one in mapping.proposals(office, move)}

    assert move.records == {"riesgo": 1, "control": 2, "equipo": 1, "necesidad": 2}
    targets = {one.type: one.target for one in offered.values()}
    assert targets == {
        "riesgo": "SECRETARIA_DE_SALUD_PUBLICA",
        "necesidad": "SECRETARIA_DE_SALUD_PUBLICA",
        "equipo": "",
    }

    choices = {key: one.target or "OFICINA_DE_HOSPITALES" for key, one in offered.items()}
    assert mapping.carry(office, move, choices, "Decreto de prueba") == 4

    owners = {name: {r.dependencia for r in office.records(name)} for name in ("riesgo", "control", "equipo")}
    assert owners == {
        "riesgo": {"SECRETARIA_DE_SALUD_PUBLICA"},
        "control": {"SECRETARIA_DE_SALUD_PUBLICA"},
        "equipo": {"OFICINA_DE_HOSPITALES"},
    }
    assert mapping.waiting(office) == []
    assert "pasar 4" in office.undo()
    assert {r.dependencia for name in ("riesgo", "control", "equipo") for r in office.records(name)} == {"SALUD"}
    office.redo()
    assert {r.dependencia for r in office.records("control")} == {"SECRETARIA_DE_SALUD_PUBLICA"}
    with office.read() as connection:
        assert binnacle.broken(connection) is None


def test_a_delivery_under_the_old_name_is_taken_and_moves_nothing_back(
    office: Workspace, salud: Workspace, accepted: Receipt, delivers: Deliver
) -> None:
    move = split_health(office)
    [device] = [one for one in mapping.proposals(office, move) if one.type == "equipo"]
    mapping.carry(office, move, {device.key: "OFICINA_DE_HOSPITALES"}, "Decreto de prueba")
    salud.put("equipo", device.uid, {"custodio": "Auxiliar de archivo"})
    salud.new(
        "equipo",
        {"tipo": "escritorio", "placa": "PC-0777", "estado": "en_uso", "anio": 2012, "sistema_operativo": "windows_7"},
    )

    receipt = delivers()

    assert "dependencia_anterior" in {reason.code for reason in receipt.reasons}
    assert receipt.counts["doubtful"] == 0
    apply.accept(office, receipt.sha256)
    known = office.record("equipo", device.uid)
    assert (known.dependencia, known.values["custodio"]) == ("OFICINA_DE_HOSPITALES", "Auxiliar de archivo")
    [again] = mapping.waiting(office)
    assert again.records["equipo"] == 1  # the new one came under the old name and waits to be moved


def test_what_was_asked_under_one_name_is_answered_under_the_other(
    office: Workspace, salud: Workspace, accepted: Receipt, delivers: Deliver
) -> None:
    uid = office.records("equipo")[0].uid
    for marca in ("HP", None):
        with salud.write() as connection:
            connection.exec_driver_sql("UPDATE equipo SET marca = ?", (marca,))
        apply.accept(office, delivers().sha256)
    move = split_health(office)
    mapping.carry(office, move, {("equipo", uid): "OFICINA_DE_HOSPITALES"}, "Decreto de prueba")
    with office.write() as connection:  # as if it had been asked of the new one
        connection.exec_driver_sql("UPDATE duda SET dependencia = 'OFICINA_DE_HOSPITALES'")
    assert [doubt.field for doubt in doubts.listing(office)] == ["marca"]

    apply.accept(office, delivers().sha256)
    assert [(doubt.dependencia, doubt.field) for doubt in doubts.listing(office)] == [("SALUD", "marca")]

    salud.put("equipo", uid, {"marca": "Dell"})
    apply.accept(office, delivers().sha256)
    assert doubts.listing(office) == []


def test_a_process_is_corrected_so_that_the_next_delivery_keeps_it(
    office: Workspace, salud: Workspace, accepted: Receipt, delivers: Deliver
) -> None:
    lists = office.catalogues
    new = changing.added(lists, "subproceso", "Gestión de la Salud", SPLIT, proceso="apoyo_social")
    owner = changing.owner(lists, "salud_publica", "SALUD")
    unit = dict(lists.row("dependencia", "SALUD") or {}) | {"responde": ["salud_publica", new.codigo]}
    ended = changing.closed(lists, "subproceso", "salud_publica", date(2026, 6, 30), [new.codigo])
    edits = [new, *owner, changing.Edit("dependencia", "SALUD", unit), ended]
    changing.change(office, edits, "Mapa de procesos nuevo", "cerrar")
    [move] = mapping.waiting(office)
    assert (move.lista, move.records) == ("subproceso", {"riesgo": 1, "necesidad": 2})

    choices = {one.key: one.target for one in mapping.proposals(office, move)}
    assert mapping.carry(office, move, choices, "Mapa nuevo") == 3
    salud.put("necesidad", salud.records("necesidad")[0].uid, {"cantidad": "11"})
    apply.accept(office, delivers().sha256)

    assert {r.values["subproceso"] for r in office.records("necesidad")} == {new.codigo}
    with office.read() as connection:
        assert len(stored.find(connection)) == 3


def test_acceptance_survives_new_lists_where_nothing_was_written(
    office: Workspace, accepted: Receipt, delivers: Deliver
) -> None:
    edit = changing.renamed(office.catalogues, "dependencia", "SALUD", "Secretaría de Bienestar", SPLIT)
    changing.change(office, [edit], "Decreto de prueba", "renombrar")

    receipt = delivers()

    assert receipt.counts["changed"] == receipt.counts["doubtful"] == receipt.counts["added"] == 0
    assert receipt.dependencia_nombre == "Secretaría de Bienestar"


def test_only_what_took_its_place_may_be_chosen(office: Workspace, accepted: Receipt) -> None:
    move = split_health(office)
    key = mapping.proposals(office, move)[0].key

    for choices, words in (({key: "HACIENDA"}, "no reemplaza"), ({key: ""}, "a dónde")):
        with pytest.raises(UserError, match=words):
            mapping.carry(office, move, choices, "prueba")
    with pytest.raises(UserError, match="motivo"):
        mapping.carry(office, move, {key: "OFICINA_DE_HOSPITALES"}, "")
    assert {r.dependencia for r in office.records("riesgo")} == {"SALUD"}


def test_another_dependencia_still_changes_nothing_here(
    office: Workspace, accepted: Receipt, opened: object, pki: Pki, clock: Clock, tmp_path: Path, salud: Workspace
) -> None:
    """Relatives are only those the lists name: HACIENDA stays a stranger to what was SALUD's."""
    split_health(office)
    with salud.write() as connection:
        from db.queries import space

        space.set_settings(connection, {"dependencia": "HACIENDA"})
    salud.set_settings({})
    clock.later()
    receipt = inbox.receive(office, forged(salud, pki.hacienda, tmp_path))

    assert receipt.counts["doubtful"] == 6


def test_a_control_still_under_the_other_name_counts_and_is_asked_for(
    office: Workspace, salud: Workspace, accepted: Receipt, delivers: Deliver
) -> None:
    """What a risk has is asked for by the risk: without its control the residual zone would change in silence."""
    split_health(office)
    forgotten = salud.records("control")[0].uid
    with office.write() as connection:
        connection.execute(update(control).values(dependencia="OFICINA_DE_HOSPITALES"))
    with salud.write() as connection:
        connection.execute(delete(control).where(control.c.uid == forgotten))
    [before] = office.records("riesgo")

    receipt = delivers()

    assert (receipt.counts["doubtful"], receipt.counts["changed"]) == (1, 0)
    apply.accept(office, receipt.sha256)
    assert [doubt.record for doubt in doubts.listing(office)] == [forgotten]
    [after] = office.records("riesgo")
    assert after.values["zona_residual"] == before.values["zona_residual"]
    assert after.values["controles"] == 2

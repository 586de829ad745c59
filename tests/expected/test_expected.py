"""What the board says of real deliveries, step by step, and more time that is given and taken back."""

import time
from datetime import date, timedelta
from pathlib import Path

import pytest
from sqlalchemy import insert

from db.queries import log, space
from db.schema import entrega_recibida
from peti_desktop import expected
from peti_desktop.consolidation.decisions import Decision
from peti_desktop.delivery import keys_told, starter
from peti_desktop.errors import UserError
from peti_desktop.expected import Owed, State
from peti_desktop.intake import apply
from peti_desktop.reports.figures import figures
from peti_desktop.returning.give_back import give_back
from peti_desktop.returning.observations import Asked, add
from peti_desktop.workspace import Workspace
from tests.expected.conftest import DUE, OWED, Received


def row(ws: Workspace, unit: str = "SALUD", section: str = "riesgo") -> Owed:
    return next(each for each in expected.board(ws) if each.key == (unit, section))


def states(ws: Workspace) -> dict[str, State]:
    return {each.section: each.state for each in expected.board(ws) if each.dependencia == "SALUD"}


def test_nothing_is_expected_of_nobody(office: Workspace) -> None:
    assert expected.board(office) == []


def test_every_section_is_a_row_by_name_and_days_count_from_the_deadline(owed: Workspace) -> None:
    found = expected.board(owed)

    assert [each.key for each in found] == [
        ("HACIENDA", "riesgo"),
        *(("SALUD", section) for section in OWED["SALUD"]),
    ]
    assert {each.state for each in found} == {State.OVERDUE}
    assert [each.late(owed.today) for each in found] == [2] * 4
    assert found[0].title == "Riesgos"


def test_before_its_deadline_a_section_is_not_late(owed: Workspace) -> None:
    expected.extend(owed, [("HACIENDA", "riesgo")], owed.today, "cierre fiscal")

    found = row(owed, "HACIENDA")

    assert (found.state, found.late(owed.today)) == (State.MISSING, 0)


def test_a_delivery_walks_through_its_states(owed: Workspace, received: Received) -> None:
    """Received, given back, delivered again, accepted in part, accepted: what the board says each time."""
    ws, first = owed, received.sha256
    assert set(states(ws).values()) == {State.RECEIVED}

    add(ws, first, Asked("riesgo", texto="Falta la causa"))
    due = ws.today + timedelta(days=5)
    give_back(ws, first, received.pki.office, received.folder / "vuelta", due)
    returned = row(ws)
    assert (returned.state, returned.round, returned.words) == (State.RETURNED, 1, "devuelta, 1.ª vez")
    assert (returned.due, returned.asked, row(ws, section="equipo").asked) == (due, 1, 0)
    assert "1 observación por responder" in returned.notes

    second = received.deliver()
    assert row(ws).state is State.RECEIVED
    assert row(ws).number == 2
    control = received.salud.records("control")[0]
    apply.accept(ws, second, {("control", control.uid): Decision("devolver", "¿quién?")})
    assert states(ws) == {"riesgo": State.PARTLY, "equipo": State.ACCEPTED, "sistema": State.ACCEPTED}
    assert row(ws).waiting == 1
    (waits,) = expected.waiting(ws)
    assert (waits.dependencia, waits.section, waits.number, waits.rows, waits.reason) == (
        "SALUD", "control", 2, 1, "¿quién?",
    )  # fmt: skip
    assert figures(ws).accepted == 1

    apply.accept(ws, second)
    assert set(states(ws).values()) == {State.ACCEPTED}
    assert expected.waiting(ws) == []


def test_what_was_decided_about_missing_records_is_no_row_that_waits(owed: Workspace, received: Received) -> None:
    control = received.salud.records("control")[0]
    device = received.salud.new("equipo", {"tipo": "portatil", "placa": "77", "estado": "en_uso"})
    apply.accept(owed, received.deliver())
    with received.salud.write() as connection:  # forgotten: the delivery says nothing of it
        connection.exec_driver_sql(f"DELETE FROM equipo WHERE uid = '{device.uid}'")
    decided = {("control", control.uid): Decision("devolver", "¿quién?"), ("equipo", device.uid): Decision("mantener")}

    apply.accept(owed, received.deliver(), decided)

    assert states(owed) == {"riesgo": State.PARTLY, "equipo": State.ACCEPTED, "sistema": State.ACCEPTED}
    assert [each.section for each in expected.waiting(owed)] == ["control"]


def test_a_section_that_came_empty_is_told(owed: Workspace, received: Received) -> None:
    apply.accept(owed, received.sha256)

    assert [each.section for each in expected.board(owed) if each.empty] == ["sistema"]
    assert row(owed, section="sistema").notes == ("llegó vacía",)

    received.salud.retire("necesidad", received.salud.records("necesidad")[0].uid, "ya no")
    device = received.salud.records("equipo")[0]
    with received.salud.write() as connection:  # as if it had never been: the delivery says nothing of it
        connection.exec_driver_sql(f"DELETE FROM equipo WHERE uid = '{device.uid}'")
    apply.accept(owed, received.deliver())
    found = row(owed, section="equipo")
    assert (found.records, found.left_out, found.empty) == (1, 1, True)
    assert found.notes == ("llegó vacía (1 de antes siguen en firme)",)


def test_a_rejected_delivery_leaves_the_section_owed(owed: Workspace, received: Received) -> None:
    apply.reject(owed, received.sha256, "no es la vigencia")

    found = row(owed)

    assert (found.state, found.number) == (State.OVERDUE, 1)
    assert found.notes[0] == "la n.º 1 se rechazó"


def test_who_delivered_last_year_and_not_this_one_is_named(owed: Workspace, received: Received) -> None:
    apply.accept(owed, received.sha256)
    with owed.write() as connection:
        connection.exec_driver_sql("UPDATE entrega_recibida SET vigencia = 2025")

    assert "entregó el año pasado y este no" in row(owed).notes
    assert row(owed, section="equipo").notes[-1] == "1 registro de antes en firme"
    assert not row(owed, "HACIENDA").last_year


def test_more_time_is_kept_with_its_reason_told_and_undone(owed: Workspace) -> None:
    keys = [("SALUD", "riesgo"), ("HACIENDA", "riesgo")]
    until = owed.today + timedelta(days=10)

    assert expected.extend(owed, keys, until, "  paro de la red ") == 2

    found = row(owed)
    assert (found.due, found.first, found.reason) == (until, DUE, "paro de la red")
    assert found.notes[-1] == "antes vencía el 20-nov-2026: paro de la red"
    assert row(owed, section="equipo").due == DUE
    assert row(owed, "HACIENDA").first == DUE
    assert owed.undoable()[0] == "dar más plazo a 2 secciones"
    owed.undo()
    assert (row(owed).due, row(owed).first, row(owed).reason) == (DUE, None, "")
    assert row(owed, "HACIENDA").due == DUE
    owed.redo()
    assert (row(owed).due, row(owed).reason, row(owed, "HACIENDA").due) == (until, "paro de la red", until)
    with owed.read() as connection:
        assert [entry["accion"] for entry in log.walk(connection)][-3:] == ["dar más plazo", "deshacer", "rehacer"]


def test_who_has_more_time_already_keeps_it(owed: Workspace) -> None:
    later, sooner = owed.today + timedelta(days=20), owed.today + timedelta(days=5)
    expected.extend(owed, [("HACIENDA", "riesgo")], later, "cierre")

    changed = expected.extend(owed, [("SALUD", "riesgo"), ("HACIENDA", "riesgo")], sooner, "paro")

    assert changed == 1
    assert (row(owed).due, row(owed, "HACIENDA").due) == (sooner, later)
    assert row(owed, "HACIENDA").reason == "cierre"


def test_the_next_starter_file_carries_the_new_day(owed: Workspace) -> None:
    until = owed.today + timedelta(days=10)
    expected.extend(owed, [("SALUD", "riesgo")], until, "paro")

    told = starter.compose(owed, "SALUD", keys_told.KeysTold(b""))

    assert told.due == {"riesgo": until, "equipo": DUE, "sistema": DUE}


def test_more_time_is_refused_with_words(owed: Workspace) -> None:
    key = [("SALUD", "riesgo")]
    later = owed.today + timedelta(days=3)

    for keys, until, reason, words in (
        (key, later, " ", "motivo"),
        (key, owed.today - timedelta(days=1), "x", "ya pasó"),
        (key, date(9999, 12, 31), "x", "muy lejos"),
        ([("SALUD", "sede")], later, "x", "ya no se espera"),
        ([], later, "x", "ya no se espera"),
    ):
        with pytest.raises(UserError, match=words):
            expected.extend(owed, keys, until, reason)
    expected.extend(owed, key, later, "x")
    with pytest.raises(UserError, match="Ya hay plazo"):
        expected.extend(owed, key, later, "x")


def test_who_has_nothing_to_declare_is_waited_for_no_longer(owed: Workspace) -> None:
    key = ("HACIENDA", "riesgo")

    assert expected.nothing_to_declare(owed, [key], "oficio 123") == 1

    found = row(owed, *key)
    assert (found.state, found.owing, found.notes[-1]) == (State.NOTHING, False, "no tiene qué declarar: oficio 123")
    assert figures(owed).expected == 1
    owed.undo()
    assert row(owed, *key).state is State.OVERDUE
    expected.nothing_to_declare(owed, [key], "oficio 124")
    expected.expect_again(owed, [key])
    assert row(owed, *key).state is State.OVERDUE


@pytest.mark.parametrize("kind", ["sqlite"])
def test_who_only_reads_decides_nothing(owed: Workspace, kind: str, tmp_path: Path) -> None:
    assert kind == "sqlite"
    with Workspace.open(tmp_path / "oficina.sqlite", writing=False) as reading:
        assert expected.board(reading)
        with pytest.raises(UserError, match="solo para leer"):
            expected.extend(reading, [("SALUD", "riesgo")], date(2027, 1, 1), "x")


def test_many_deliveries_are_no_query_each(owed: Workspace) -> None:
    """44,000 deliveries of 1,100 entities would be 40 to a board of 1,100; here ten years of them at once."""
    units = [entry.code for entry in owed.catalogues.entries("dependencia")]
    with owed.write() as connection:
        space.set_deadlines(
            connection, 2026, [{"dependencia": u, "seccion": "riesgo", "vence": DUE} for u in [*units, *"ABC"]]
        )
        some = [
            {
                "sha256": f"{n:064}", "nombre": "x.xlsx", "dependencia": units[n % len(units)], "vigencia": 2026,
                "numero": n // len(units) + 1, "codigo": "ABCD-EFGH", "firmante": "Ana", "huella": "0", "firmada_en":
                owed.clock(), "recibida_en": owed.clock(), "veredicto": "válida", "motivos": "[]", "conteos": "{}",
                "estado": "reemplazada" if n < 4_000 - len(units) else "aceptada", "contenido": b"x" * 9_000,
            }
            for n in range(4_000)
        ]  # fmt: skip
        connection.execute(insert(entrega_recibida), some)

    began = time.perf_counter()
    found = expected.board(owed)

    assert time.perf_counter() - began < 2
    assert sum(each.state is State.ACCEPTED for each in found) == len(units)
    assert sum(each.state is State.OVERDUE for each in found) == 3

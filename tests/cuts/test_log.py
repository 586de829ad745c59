"""The log: no entry can be altered, taken out, slipped in or cut off without the check saying where."""

import threading
from datetime import UTC, date, datetime

import pytest

from db.queries import log
from peti_desktop import binnacle, logbook
from peti_desktop.consolidation import checking, cuts
from peti_desktop.errors import Cancelled
from peti_desktop.workspace import Workspace
from tests.conftest import Server
from tests.cuts.conftest import NOON, Clock

ENTRIES = 6


def _write(ws: Workspace, count: int = ENTRIES) -> None:
    for number in range(count):
        with ws.write() as connection:
            binnacle.write(connection, ws.clock(), ws.info.who, "recibir", {"archivo": f"Ñandú {number}.xlsx"})


def _sql(ws: Workspace, sql: str) -> None:
    with ws.write() as connection:
        connection.exec_driver_sql(sql)


def _check(ws: Workspace) -> binnacle.Check:
    return checking.check_log(ws)


def test_whole_log_is_whole(office: Workspace) -> None:
    _write(office)

    found = _check(office)

    assert (found.entries, found.broken, found.noted) == (ENTRIES, None, True)
    with office.read() as connection:
        assert log.anchor(connection) == (ENTRIES, found.newest)
        assert binnacle.broken(connection) is None


@pytest.mark.parametrize("column", ["quien", "accion", "detalle", "cuando", "previo", "sello"])
def test_altered_entry_is_named(office: Workspace, column: str) -> None:
    _write(office)
    other = "2020-01-01T00:00:00.000+00:00" if column == "cuando" else "{}"

    _sql(office, f"UPDATE bitacora SET {column} = '{other}' WHERE id = 4")

    broken = _check(office).broken
    assert broken is not None
    assert (broken.kind, broken.place, broken.id) == (binnacle.ALTERED, 4, 4)


def test_removed_entry_is_noticed_at_the_next(office: Workspace) -> None:
    _write(office)

    _sql(office, "DELETE FROM bitacora WHERE id = 3")

    broken = _check(office).broken
    assert broken is not None
    assert (broken.kind, broken.place, broken.id) == (binnacle.UNLINKED, 3, 4)


def test_inserted_entry_is_named(office: Workspace) -> None:
    _write(office)
    with office.read() as connection:
        third = next(entry["sello"] for entry in log.walk(connection) if entry["id"] == 3)
    when = datetime(2026, 1, 14, tzinfo=UTC)
    own = binnacle.seal(third, when, "Otro", "recibir", "{}")

    # With numbers that leave room: whoever slips one in also makes it fit the one before.
    _sql(office, "UPDATE bitacora SET id = id + 100 WHERE id > 3")
    stamp = when.isoformat(timespec="milliseconds")
    values = f"50, '{stamp}', 'Otro', 'recibir', '{{}}', '{third}', '{own}'"
    _sql(office, f"INSERT INTO bitacora (id, cuando, quien, accion, detalle, previo, sello) VALUES ({values})")

    broken = _check(office).broken
    assert broken is not None
    assert (broken.kind, broken.place, broken.id) == (binnacle.UNLINKED, 5, 104)


def test_entries_that_changed_places_are_noticed(office: Workspace) -> None:
    _write(office)

    for step in ("999 WHERE id = 2", "2 WHERE id = 3", "3 WHERE id = 999"):
        _sql(office, f"UPDATE bitacora SET id = {step}")

    broken = _check(office).broken
    assert broken is not None
    assert (broken.kind, broken.place) == (binnacle.UNLINKED, 2)


@pytest.mark.parametrize("left", [5, 2, 0])
def test_cut_off_entries_are_counted(office: Workspace, left: int) -> None:
    _write(office)

    _sql(office, f"DELETE FROM bitacora WHERE id > {left}")

    broken = _check(office).broken
    assert broken is not None
    assert (broken.kind, broken.place, broken.missing) == (binnacle.SHORTENED, left + 1, ENTRIES - left)


def test_going_on_after_a_cut_off_keeps_the_gap(office: Workspace) -> None:
    _write(office)
    _sql(office, "DELETE FROM bitacora WHERE id > 4")

    _write(office, 2)

    broken = _check(office).broken
    assert broken is not None
    assert (broken.kind, broken.place) == (binnacle.UNLINKED, 5)


def test_cut_remembers_what_the_store_was_made_to_forget(office: Workspace) -> None:
    _write(office)
    cuts.seal(office, "Primero")
    assert _check(office).cuts == 1

    # Somebody who knows the program cuts the log and mends the note beside it.
    _sql(office, "DELETE FROM bitacora WHERE id > 4")
    with office.write() as connection:
        log.set_anchor(connection, 4, log.tail(connection))

    broken = _check(office).broken
    assert broken is not None
    assert (broken.kind, broken.missing, broken.cut) == (binnacle.SHORTENED, 2, "Corte n.º 1 · Primero")


def test_log_written_anew_is_not_the_one_a_cut_was_sealed_with(office: Workspace) -> None:
    _write(office)
    cuts.seal(office, "Primero")

    with office.write() as connection:
        entries = list(log.walk(connection))
        connection.exec_driver_sql("DELETE FROM bitacora")
        log.set_anchor(connection, 0, "")
        for number, entry in enumerate(entries):
            detail = {"archivo": "otro.xlsx"} if number == 2 else {"igual": True}
            binnacle.write(connection, entry["cuando"], entry["quien"], entry["accion"], detail)

    broken = _check(office).broken
    assert broken is not None
    assert (broken.kind, broken.place, broken.cut) == (binnacle.REWRITTEN, 6, "Corte n.º 1 · Primero")


def test_log_of_an_older_program_is_checked_without_a_note(office: Workspace) -> None:
    _write(office)
    _sql(
        office,
        "DELETE FROM espacio WHERE clave LIKE 'bitacora%%'"
        if office.store.server
        else "DELETE FROM espacio WHERE clave LIKE 'bitacora%'",
    )

    assert (_check(office).broken, _check(office).noted) == (None, False)
    _write(office, 1)
    found = _check(office)
    assert (found.broken, found.noted, found.entries) == (None, True, ENTRIES + 1)


def test_check_tells_how_far_it_is_and_stops(office: Workspace) -> None:
    _write(office)
    told: list[str] = []

    def stop(done: int, total: int, text: str) -> None:
        told.append(text)
        raise Cancelled

    with pytest.raises(Cancelled):
        checking.check_log(office, stop)

    assert told == ["Comprobando la bitácora"]


def test_pages_are_found_by_who_what_when_and_text(office: Workspace, clock: Clock) -> None:
    _write(office)
    clock.go_on(2)
    with office.write() as connection:
        said = {"dependencia": "SALUD", "motivo": "Faltan [dos] controles*"}
        binnacle.write(connection, clock(), "Luis", "entrega devuelta", said)

    def found(**asked: object) -> list[int]:
        with office.read() as connection:
            which = binnacle.asked(**asked)  # type: ignore[arg-type]
            every = [entry["id"] for entry in log.found(connection, which)]
            assert log.total(connection, which) == len(every)
            assert [entry["id"] for entry in log.page(connection, which, 1, 3)] == every[1:4]
        return every

    day, later = date(2026, 1, 14), date(2026, 1, 16)
    everything = list(range(ENTRIES + 1, 0, -1))
    assert found() == everything
    assert found(who="Luis") == found(action="entrega devuelta") == found(since=later) == [7]
    assert found(until=day) == found(who=office.info.who) == everything[1:]
    assert found(since=day, until=later) == everything
    assert found(text="NANDU 3") == [4]
    assert found(text="[dos] controles*") == found(text="[DOS]") == [7]
    assert found(text="dos?") == []
    with office.read() as connection:
        assert log.told(connection, "accion") == ["entrega devuelta", "recibir"]
        assert log.total(connection, log.Asked(text="nada", also=('"SALUD"',))) == 1


def test_quotes_backslashes_and_emoji_are_found(office: Workspace) -> None:
    with office.write() as connection:
        said = {"motivo": 'Oficio "23" 😀 en D:\\actas'}
        binnacle.write(connection, office.clock(), "Ana", "corregir", said)
    for text in ('"23"', "😀", "D:\\actas", "oficio"):
        assert logbook.total(office, binnacle.asked(text=text)) == 1, text
    for text in ("%", "*", "(.*", "'; DROP TABLE bitacora; --"):
        assert logbook.total(office, binnacle.asked(text=text)) == 0, text


def test_days_are_those_of_colombia() -> None:
    asked = binnacle.asked(since=date(2026, 1, 14), until=date(2026, 1, 14))

    assert asked.since is not None and asked.until is not None
    assert asked.since <= NOON < asked.until
    assert (asked.since.astimezone(UTC).hour, (asked.until - asked.since).days) == (5, 1)


def test_two_analysts_write_one_chain(server: Server) -> None:
    address = server.database()
    Workspace.create(
        address, perfil="oficina", dependencia="TIC", nombre="Ana", cargo="Analista", vigencia=2026
    ).close()

    def work(user: str) -> None:
        with Workspace.open(server.address(address.rpartition("/")[2], user)) as ws:
            _write(ws, 25)

    both = [threading.Thread(target=work, args=(user,)) for user in ("ana", "luis")]
    for thread in both:
        thread.start()
    for thread in both:
        thread.join()

    with Workspace.open(address) as ws:
        found = _check(ws)
        assert (found.entries, found.broken) == (50, None)
        with ws.read() as connection:
            assert log.told(connection, "quien") == ["Ana – Analista", "luis"]

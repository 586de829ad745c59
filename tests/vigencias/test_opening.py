"""Opening a vigencia at the office, and its deadlines."""

from datetime import date

import pytest

from db.queries import space
from peti_desktop import binnacle, expected
from peti_desktop.consolidation import roles
from peti_desktop.errors import UserError
from peti_desktop.intake.receipt import Receipt
from peti_desktop.vigencias import changing, opening
from peti_desktop.vigencias.changing import Part
from peti_desktop.workspace import Workspace

DAY = date(2026, 12, 15)


def test_deadlines_change_one_by_one_and_the_log_tells(office: Workspace) -> None:
    assert opening.set_due(office, {("SALUD", "riesgo"): DAY, ("SALUD", "equipo"): DAY, ("TIC", "equipo"): DAY}) == 3
    assert opening.set_due(office, {("SALUD", "riesgo"): None, ("TIC", "equipo"): DAY}) == 1

    assert opening.due(office) == {("SALUD", "equipo"): DAY, ("TIC", "equipo"): DAY}
    with office.read() as connection:
        assert binnacle.broken(connection) is None
    for day in (date(2025, 12, 31), date(2028, 1, 1)):
        with pytest.raises(UserError, match="no es un plazo"):
            opening.set_due(office, {("SALUD", "riesgo"): day})


def test_why_more_time_was_given_stays_while_others_change(office: Workspace) -> None:
    opening.set_due(office, {("SALUD", "riesgo"): DAY})
    expected.extend(office, [("SALUD", "riesgo")], date(2026, 12, 30), "Hubo un corte de energía")

    opening.set_due(office, {("TIC", "equipo"): DAY})

    with office.read() as connection:
        kept = {row["dependencia"]: row for row in space.deadlines(connection, 2026)}
    assert (kept["SALUD"]["vence"], kept["SALUD"]["primero"]) == (date(2026, 12, 30), DAY)
    assert kept["SALUD"]["motivo"] == "Hubo un corte de energía"
    assert kept["TIC"]["motivo"] is None


def test_a_new_year_begins_with_the_deadlines_of_the_one_before(office: Workspace) -> None:
    opening.set_due(office, {("SALUD", "riesgo"): DAY, ("BANCO_PROGRESO", "equipo"): DAY})
    proposed = opening.proposed(office, 2027)

    assert proposed == {("SALUD", "riesgo"): date(2027, 12, 15), ("EMPRENDIMIENTO", "equipo"): date(2027, 12, 15)}
    copy = opening.open_year(office, 2027, "v7", proposed)

    assert (office.info.vigencia, office.info.metodo) == (2027, "v7")
    assert (office.catalogues.vigencia, office.catalogues.metodo) == (2027, "v7")
    assert "vigencia" in copy
    assert opening.due(office) == proposed
    assert opening.due(office, 2026)[("SALUD", "riesgo")] == DAY
    assert office.undoable() == ("", "")


def test_only_the_jefe_opens_one_and_only_the_next(office: Workspace, monkeypatch: pytest.MonkeyPatch) -> None:
    for year in (2026, 2031):
        with pytest.raises(UserError, match="no puede abrirse"):
            opening.open_year(office, year, "v6", {})
    with pytest.raises(UserError, match="no conoce la versión"):
        opening.open_year(office, 2027, "v99", {})
    monkeypatch.setattr(roles, "role", lambda _ws: roles.ANALISTA)
    with pytest.raises(UserError, match="jefe"):
        opening.open_year(office, 2027, "v6", {})
    assert office.info.vigencia == 2026


def test_what_an_ended_unit_owes_passes_to_its_successors_once(office: Workspace) -> None:
    opening.set_due(office, {("SALUD", "riesgo"): DAY, ("POSCONFLICTO", "equipo"): DAY, ("TIC", "equipo"): DAY})
    assert opening.pass_on(office) == 0
    edits = changing.merged(
        office.catalogues, ["SALUD", "POSCONFLICTO"], Part("Secretaría de Bienestar"), date(2026, 7, 1)
    )
    changing.change(office, edits, "Decreto de prueba", "unir")
    new = edits[-1].codigo

    assert opening.pass_on(office) == 4
    assert opening.due(office) == {(new, "riesgo"): DAY, (new, "equipo"): DAY, ("TIC", "equipo"): DAY}
    assert opening.pass_on(office) == 0


def test_a_unit_that_delivered_before_it_ended_keeps_its_deadlines(office: Workspace, accepted: Receipt) -> None:
    opening.set_due(office, {("SALUD", "riesgo"): DAY})
    parts = [Part("Salud Pública", answers=("salud_publica",)), Part("Hospitales")]
    edits = changing.split(office.catalogues, "SALUD", parts, date(2026, 7, 1))
    changing.change(office, edits, "Decreto de prueba", "dividir")

    assert accepted.dependencia == "SALUD"
    assert opening.pass_on(office) == 0
    assert opening.due(office) == {("SALUD", "riesgo"): DAY}


def test_two_people_do_not_open_the_year_twice_nor_work_in_the_one_before(office: Workspace) -> None:
    opening.set_due(office, {("SALUD", "riesgo"): DAY})
    other = Workspace(office.store, office.clock)
    due = opening.proposed(office, 2027)
    opening.open_year(office, 2027, "v7", due)

    for late in (
        lambda: opening.open_year(other, 2027, "v6", {}),
        lambda: opening.set_due(other, {("SALUD", "riesgo"): None}),
    ):
        with pytest.raises(UserError, match="Otra persona abrió mientras tanto la vigencia 2027"):
            late()

    assert opening.due(office, 2026) == {("SALUD", "riesgo"): DAY}
    assert opening.due(office) == due
    other.reread_catalogues()
    assert (other.info.vigencia, other.info.metodo) == (2027, "v7")

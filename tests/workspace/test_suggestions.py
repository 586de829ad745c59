"""What the PETI says is offered until it is registered; a wish becomes a need in one act."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from peti_desktop import suggestions
from peti_desktop.records import TYPES
from peti_desktop.suggestions import as_need, create, pending
from peti_desktop.workspace import Workspace


@pytest.fixture
def ws(tmp_path: Path) -> Iterator[Workspace]:
    made = Workspace.create(
        tmp_path / "a.sqlite", perfil="dependencia", dependencia="SALUD", nombre="Ana", cargo="", vigencia=2026
    )
    yield made
    made.close()


def test_everything_the_peti_says_of_a_dependencia_is_offered_once(ws: Workspace) -> None:
    offered = pending(ws)
    made = [create(ws, found) for found in offered]

    assert {found.id for found in offered} == {registro.id for registro in ws.catalogues.seed.of("SALUD")}
    assert pending(ws) == ()
    assert {record.type for record in made} == {"riesgo", "necesidad"}
    assert all(name in TYPES[found.type].by_name for found in offered for name in found.values)


def test_what_was_retired_stays_away_and_what_was_undone_comes_back(ws: Workspace) -> None:
    first, second = pending(ws)[:2]
    record = create(ws, first)
    ws.retire(record.type, record.uid, "ya no ocurre")
    create(ws, second)
    assert ws.undo() in {"registrar riesgo del PETI", "registrar necesidad del PETI"}

    offered = [found.id for found in pending(ws)]

    assert first.id not in offered
    assert second.id in offered


def test_a_lack_is_drafted_as_the_root_cause(ws: Workspace) -> None:
    for found in pending(ws):
        if found.type == "riesgo" and found.text.startswith(("Falta", "No ")):
            assert found.values["causa_raiz"] == found.text
            assert found.values["fuente"] == f"PETI 2020-2023, 6.1, {found.id}"


def test_facts_that_show_a_vulnerability_come_with_it_and_its_threat(ws: Workspace) -> None:
    (copies,) = _offered(ws, "GAM-07")

    assert copies.values["tipo"] == "seguridad"
    assert (copies.values["vulnerabilidad"], copies.values["amenaza"]) == ("sin_copias", "perdida_informacion")
    assert copies.values["causa_inmediata"] == "pérdida o destrucción de información"


def _offered(ws: Workspace, wanted: str) -> list[suggestions.Suggestion]:
    """What the dependencia that answers for ``wanted`` is offered of it."""
    registro = next(r for r in ws.catalogues.seed.registros if r.id == wanted)
    ws.set_settings({"dependencia": registro.dependencia})
    return [found for found in pending(ws, registro.responde) if found.id == wanted]


def test_activities_begin_with_those_of_the_peti(ws: Workspace) -> None:
    own = [
        {"subproceso": "tecnologias_informacion", "actividad": "Mesa de ayuda"},
        {"subproceso": "otro", "actividad": "x"},
    ]

    found = suggestions.activities(ws.catalogues, "tecnologias_informacion", own)

    assert len(found) == 7
    assert found[-1] == "Mesa de ayuda"
    assert suggestions.activities(ws.catalogues, "salud_publica") == ()


def test_vulnerabilities_name_the_facts_of_the_dependencia(ws: Workspace) -> None:
    found = {entry.code: facts for entry, facts in suggestions.vulnerabilities(ws.catalogues, "SALUD")}

    assert found["mantenimiento_insuficiente"] == ("SAL-09",)
    assert "red_electrica_inestable" not in found


def test_a_wish_that_says_nothing_else_becomes_a_need_and_comes_back_in_one_step(ws: Workspace) -> None:
    risk = ws.new("riesgo", {"subproceso": "salud_publica", "causa_inmediata": "Necesidad de un servidor"})

    need = as_need(ws, risk.uid, "causa_inmediata")

    assert need.values["descripcion"] == "Necesidad de un servidor"
    assert ws.record("riesgo", risk.uid).retired == "Se registró como necesidad"
    assert ws.undo() == "registrar como necesidad"
    assert ws.record("riesgo", risk.uid).retired is None
    assert ws.records("necesidad") == []


def test_a_risk_that_says_more_stays_and_is_linked(ws: Workspace) -> None:
    values = {"subproceso": "salud_publica", "causa_inmediata": "multas", "causa_raiz": "Se requiere un servidor"}
    risk = ws.new("riesgo", values)

    need = as_need(ws, risk.uid, "causa_raiz")

    assert need.values["riesgo"] == risk.uid
    assert ws.record("riesgo", risk.uid).retired is None


def test_the_kind_of_a_risk_changes_what_its_controls_weigh(ws: Workspace) -> None:
    risk = ws.new("riesgo", {"metodo": "v7"})
    control = ws.new("control", {"riesgo": risk.uid, "tipo": "preventivo", "implementacion": "manual"})
    ws.put("riesgo", risk.uid, {"tipo": "seguridad"})

    after = ws.record("control", control.uid).values["peso"]

    assert (control.values["peso"], after) == (40, 35)
    assert (
        ws.new("control", {"riesgo": risk.uid, "tipo": "preventivo", "implementacion": "manual"}).values["peso"] == 35
    )


def test_controls_of_a_retired_risk_are_not_judged(ws: Workspace) -> None:
    risk = ws.new("riesgo", {})
    ws.new("control", {"riesgo": risk.uid})
    before = {found.type for found in ws.problems()}
    ws.retire("riesgo", risk.uid, "repetido")

    assert before == {"riesgo", "control"}
    assert ws.problems() == []


def test_a_link_to_a_retired_record_stops_the_delivery(ws: Workspace) -> None:
    device = ws.new("equipo", {"tipo": "escritorio", "placa": "1", "estado": "en_uso"})
    ws.new("necesidad", {"equipo": device.uid})
    ws.retire("equipo", device.uid, "se dio de baja")

    assert ("enlace", "equipo") in [(found.problem.code, found.problem.field) for found in ws.problems()]

"""Who is missing, plans of treatment, systems and the annex, as their readers see them."""

from collections import Counter
from datetime import date, timedelta
from io import BytesIO

import pytest
from pypdf import PdfReader

from db.queries import space
from peti_desktop import expected, reports
from peti_desktop.consolidation import corrections
from peti_desktop.progress import silent
from peti_desktop.records import Value
from peti_desktop.reports import REPORTS, falta, tratamiento
from peti_desktop.reports.page import CARTA, Head, document
from peti_desktop.workspace import Workspace


def text(ws: Workspace, name: str, paper: str = reports.OFICIO) -> str:
    pdf = PdfReader(BytesIO(REPORTS[name].draw(ws, silent, paper)))
    return " ".join(" ".join(page.extract_text() for page in pdf.pages).split())


@pytest.mark.parametrize(("paper", "size"), [("carta", (792, 612)), ("oficio", (935, 612))])
@pytest.mark.parametrize("name", ["falta", "tratamiento", "sistemas", "matriz"])
def test_paper_is_the_one_asked_for(full: Workspace, name: str, paper: str, size: tuple[int, int]) -> None:
    pdf = PdfReader(BytesIO(REPORTS[name].draw(full, silent, paper)))

    assert {(round(page.mediabox.width), round(page.mediabox.height)) for page in pdf.pages} == {size}


def test_who_is_missing_says_every_section_with_letter_and_days(office: Workspace) -> None:
    assert "Todavía no se ha dicho qué se espera" in text(office, "falta")
    day = office.today - timedelta(days=4)
    owed = [{"dependencia": unit, "seccion": "riesgo", "vence": day} for unit in ("SALUD", "HACIENDA")]
    with office.write() as connection:
        space.set_deadlines(connection, 2026, owed)
    expected.extend(office, [("SALUD", "riesgo")], office.today, "sin energía")

    said = text(office, "falta")

    assert "1 dependencia en mora" in said
    assert "Secretaría de Hacienda 4 días de mora Riesgos V · vencida 10-ene-2026 4 de mora" in said
    assert "Riesgos F · sin entregar 14-ene-2026 hoy antes vencía el 10-ene-2026: sin energía" in said


def test_rows_that_wait_are_counted_with_their_reason(office: Workspace) -> None:
    rows = [
        expected.Waiting("SALUD", "Secretaría de Salud", 2, "control", "devolver", "¿quién responde?", 3),
        expected.Waiting("SALUD", "Secretaría de Salud", 2, "equipo", "esperar", "", 1),
    ]
    target = BytesIO()
    with document(target, CARTA, Head("e", "t", "v", "c", office.info.entidad)) as doc:
        doc.heading("Quién falta")
        falta.waiting(doc, rows)

    said = " ".join(PdfReader(target).pages[0].extract_text().split())
    assert "Filas que esperan una decisión 4 filas" in said
    assert "n.º 2 Controles 3 Se devuelve ¿quién responde?" in said


def test_plans_are_told_overdue_running_done_and_missing(full: Workspace) -> None:
    """Each of the states, counted one by one."""
    today = full.today
    risks = [record for record in full.records("riesgo") if record.values["tratamiento"] == "reducir"]
    full.put("riesgo", risks[0].uid, {"fecha_implementacion": today - timedelta(days=1)})
    full.put("riesgo", risks[1].uid, {"fecha_implementacion": today - timedelta(days=1), "estado_plan": "finalizado"})
    full.put("riesgo", risks[2].uid, {"plan_accion": ""})
    full.put("riesgo", risks[3].uid, {"fecha_implementacion": ""})
    full.put("riesgo", risks[4].uid, {"fecha_implementacion": today, "fecha_seguimiento": today - timedelta(days=9)})
    treated = [record for record in full.records("riesgo") if tratamiento.treated(record)]
    counted = Counter(tratamiento.standing(record, today) for record in treated)

    said = text(full, "tratamiento")

    assert (counted["Vencido"], counted["Finalizado"], counted["Sin plan"], counted["Sin fecha"]) == (1, 1, 1, 1)
    assert f"{len(treated)} riesgos por tratar · 1 con plan vencido" in said
    assert "Vencido hace 1 día" in said
    assert "Pasó la fecha y no se ha escrito" in said
    for record in treated:
        assert str(record.values["referencia"]) in said


def test_systems_say_what_for_whose_and_until_when(office: Workspace) -> None:
    assert "No hay sistemas registrados" in text(office, "sistemas")
    system: dict[str, Value] = {
        "tipo": office.catalogues.entries("tipo_sistema")[0].code,
        "estado": "en_uso",
        "usuarios": 40,
    }
    with office.act("traer") as act:
        for unit, name, until in (("SALUD", "TNS", date(2025, 12, 31)), ("HACIENDA", "SIIF", date(2030, 1, 1))):
            values: dict[str, Value] = {**system, "nombre": name, "para_que": f"Para {unit}", "soporte_hasta": until}
            act.new("sistema", values, dependencia=unit)

    said = text(office, "sistemas")

    assert "2 sistemas" in said
    assert "Sin soporte desde 31-dic-2025" in said
    assert "Soporte vencido 1 50 % Con soporte 1 50 %" in said.replace("\u00a0", " ")
    assert (
        said.index("Secretaría de Hacienda")
        < said.index("SIIF")
        < said.index("Secretaría de Salud")
        < said.index("TNS")
    )


@pytest.mark.parametrize("name", ["matriz", "consolidado"])
def test_corrections_stand_in_the_annex_with_their_reason(full: Workspace, name: str) -> None:
    assert "Anexo" not in text(full, name)
    risk = full.records("riesgo")[0]
    corrections.correct(full, "riesgo", risk.uid, "responsable", "Jefe de Planeación", "error de digitación")

    said = text(full, name)

    assert "Anexo: correcciones de la Oficina TIC 1 corrección" in said
    assert "Profesional universitario de Sistemas Jefe de Planeación error de digitación" in said


def test_every_report_says_what_it_is_for_in_a_group() -> None:
    assert all(report.about.endswith(".") and report.group in reports.GROUPS for report in REPORTS.values())

"""Every rule says no to its case and yes to a good record, has words, and is on the page of rules."""

from dataclasses import replace
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from peti_desktop import catalogues
from peti_desktop.records import BORRAR, EVERY, NO_APLICA, Context, Severity, Value, check, read, rule, rules
from peti_desktop.records.checks import repeated
from peti_desktop.records.rules_page import text

CATALOGUES = catalogues.load()
V7 = catalogues.load("v7")
TODAY = date(2026, 11, 22)
BEFORE, AFTER = date(2026, 1, 1), date(2027, 6, 30)

GOOD: dict[str, dict[str, Value]] = {
    "riesgo": {
        "subproceso": "salud_publica", "tipo": "gestion", "actividad": "Envío de informes", "factor": "procesos",
        "clasificacion": "fraude_interno", "afectacion": "ambas", "causa_inmediata": "multas de los entes de control",
        "causa_raiz": "envío fuera de fecha", "descripcion": "Posibilidad de pérdida económica por multas",
        "metodo": "v6", "frecuencia_anual": 30, "impacto_smlmv": Decimal(90), "tratamiento": "aceptar",
        "controles": 1, "probabilidad_inherente": 3, "probabilidad_residual": 2, "impacto_inherente": 3,
        "impacto_residual": 3, "zona_inherente": "moderado", "zona_residual": "moderado",
    },
    "control": {
        "riesgo": "r1", "responsable": "Tesorero", "accion": "verifica el reporte", "periodicidad": "cada mes",
        "evidencia": "acta", "tipo": "preventivo", "implementacion": "manual",
    },
    "equipo": {
        "tipo": "escritorio", "placa": "MC-1", "serial": "5CD1234", "estado": "en_uso", "anio": 2019,
        "sistema_operativo": "windows_11_24h2", "custodio": "Auxiliar administrativo",
    },
    "necesidad": {
        "subproceso": "salud_publica", "forma": "necesidad", "tema": "hardware", "descripcion": "x", "cantidad": 2,
        "justificacion": "y", "urgencia": "inmediata", "valor_unitario": Decimal(4_000_000),
        "valor_total": Decimal(8_000_000), "unspsc": "43211500", "vigencia": 2026, "equipo": "e1",
    },
    "sistema": {
        "nombre": "SIEP", "tipo": "misional", "para_que": "nómina", "estado": "en_uso", "soporte_hasta": AFTER,
        "direccion_web": "https://cucuta.gov.co", "dueno": "Líder de Nómina",
    },
    "sede": {
        "nombre": "Palacio", "cableado": "cat_6", "copias": "diaria", "copias_lugar": "la sede de Salud",
        "custodia_externa": "si", "internet": "ETB", "ancho_mbps": 100, "racks": "si",
    },
    "formacion": {"forma": "recibida", "asunto": "hojas de cálculo", "quienes": "Auxiliares", "personas": 3,
                  "fecha": BEFORE},
    "iniciativa": {
        "codigo": "INI-01", "nombre": "Zonas wifi", "estado": "en_curso", "responsable": "Jefe de la Oficina TIC",
        "componente": "servicios_tecnologicos", "objetivo": "OBJ-2", "programa": "PRG-1", "anio_desde": 2026,
        "anio_hasta": 2027,
    },
    "avance": {
        "indicador": "IP-03", "vigencia": 2026, "periodo": "trimestre_2", "meta": Decimal(2), "valor": Decimal(1),
        "cumplimiento_pct": Decimal(50), "evidencia": "Acta de recibo", "fecha": BEFORE, "iniciativa": "i1",
    },
}  # fmt: skip

PLAN: dict[str, Value] = {"tratamiento": "reducir", "plan_accion": "Programar los envíos", "responsable": "Tesorero",
        "fecha_implementacion": AFTER, "estado_plan": "en_curso"}  # fmt: skip
SECURITY: dict[str, Value] = {"tipo": "seguridad", "activo": "la base", "propiedad": "integridad",
            "amenaza": "falla_equipo", "vulnerabilidad": "sin_copias"}  # fmt: skip

# Type, code, where, and what makes a good record break the rule.
CASES: list[tuple[str, str, str, dict[str, Value], dict[str, Any]]] = [
    ("riesgo", "falta", "actividad", {"actividad": None}, {}),
    ("equipo", "repetido", "placa", {"placa": "mc-1"}, {"repeated": repeated(EVERY["equipo"], [
        {"placa": "mc-1", "serial": None}, {"placa": "MC-1", "serial": None}])}),
    ("riesgo", "lista", "factor", {"factor": "transaccion"}, {}),
    ("necesidad", "enlace", "equipo", {"equipo": "gone"}, {"present": {"equipo": {"e1"}}}),
    ("control", "enlace", "riesgo", {"riesgo": "gone"}, {"present": {"riesgo": {"r1"}}}),
    ("riesgo", "falta_impacto", "impacto_smlmv", {"impacto_smlmv": None}, {}),
    ("riesgo", "falta_impacto", "impacto_smlmv",
     {"impacto_smlmv": NO_APLICA, "impacto_reputacional": NO_APLICA}, {}),
    ("riesgo", "metodo_no_calcula", "metodo", {"metodo": "v4"}, {}),
    ("riesgo", "metodo_no_calcula", "metodo", {"metodo": "v3"}, {}),
    ("riesgo", "falta_preguntas", "preguntas", {"tipo": "corrupcion"}, {}),
    ("riesgo", "falta_clase", "bien", {"tipo": "fiscal"}, {}),
    ("riesgo", "falta_clase", "activo", SECURITY | {"activo": None}, {}),
    ("riesgo", "falta_clase", "uso_poder", {"tipo": "corrupcion"}, {}),
    ("riesgo", "falta_clase", "subtipo", {"tipo": "integridad", "metodo": "v7"}, {"catalogues": V7}),
    ("riesgo", "redaccion_causa", "causa_inmediata", {"causa_inmediata": "Falta de computadores"}, {}),
    ("riesgo", "redaccion_causa", "descripcion", {"descripcion": "Ausencia de copias"}, {}),
    ("riesgo", "redaccion_deseo", "causa_raiz", {"causa_raiz": "Se requiere un servidor"}, {}),
    ("riesgo", "causas_iguales", "causa_raiz", {"causa_raiz": "Multas de los entes de control."}, {}),
    ("riesgo", "residual_mayor", "impacto_residual", {"impacto_residual": 4}, {}),
    ("riesgo", "residual_mayor", "zona_residual", {"zona_residual": "alto"}, {}),
    ("riesgo", "residual_sin_control", "probabilidad_residual", {"controles": 0}, {}),
    ("riesgo", "falta_plan", "plan_accion", PLAN | {"plan_accion": None}, {}),
    ("riesgo", "falta_plan", "plan_accion", PLAN | {"plan_accion": NO_APLICA}, {}),
    ("riesgo", "falta_responsable", "responsable", PLAN | {"responsable": None}, {}),
    ("riesgo", "aceptar", "tratamiento", {"zona_residual": "alto", "zona_inherente": "alto"}, {}),
    ("riesgo", "aceptar_corrupcion", "tratamiento", {"tipo": "corrupcion"}, {}),
    ("riesgo", "aceptar_corrupcion", "tratamiento", {"tipo": "integridad"}, {}),
    ("riesgo", "evitar_con_controles", "tratamiento", {"tratamiento": "evitar"}, {}),
    ("riesgo", "plan_ya_es_control", "plan_accion", PLAN, {"children": [{"accion": "programar los envíos."}]}),
    ("riesgo", "plan_vencido", "fecha_implementacion", PLAN | {"fecha_implementacion": BEFORE}, {}),
    ("riesgo", "plan_sin_fecha", "fecha_implementacion", PLAN | {"fecha_implementacion": None}, {}),
    ("riesgo", "plan_finalizado", "estado_plan", {"estado_plan": "finalizado"}, {}),
    ("riesgo", "plan_finalizado", "fecha_implementacion", PLAN | {"estado_plan": "finalizado"}, {}),
    ("riesgo", "seguimiento_antes", "fecha_seguimiento", PLAN | {"fecha_seguimiento": date(2027, 1, 1)}, {}),
    ("riesgo", "seguimiento_vencido", "seguimiento", {"fecha_seguimiento": BEFORE}, {}),
    ("riesgo", "persona", "responsable", PLAN | {"responsable": "Ana Peñaranda"}, {}),
    ("control", "sin_evidencia", "evidencia", {"evidencia": None}, {}),
    ("control", "sin_periodicidad", "periodicidad", {"periodicidad": NO_APLICA}, {}),
    ("control", "persona", "responsable", {"responsable": "Ing. Carlos Pérez"}, {}),
    ("control", "planeado", "accion", {"accion": "Implementar un antivirus"}, {}),
    ("equipo", "falta_identidad", "placa", {"placa": None, "serial": None}, {}),
    ("equipo", "basura", "serial", {"serial": "To be filled by O.E.M."}, {}),
    ("equipo", "basura", "placa", {"placa": "sin placa"}, {}),
    ("equipo", "placa_es_serial", "serial", {"serial": "MC-1"}, {}),
    ("equipo", "anio", "anio", {"anio": 2027}, {}),
    ("equipo", "anio", "anio", {"anio": 1984}, {}),
    ("equipo", "sistema_y_anio", "anio", {"anio": 2012}, {}),
    ("equipo", "persona", "custodio", {"custodio": "PÉREZ GÓMEZ JUAN"}, {}),
    ("necesidad", "falta_cantidad", "cantidad", {"cantidad": None}, {}),
    ("necesidad", "falta_justificacion", "justificacion", {"justificacion": None}, {}),
    ("necesidad", "unspsc", "unspsc", {"unspsc": "4321"}, {}),
    ("necesidad", "urgente_sin_valor", "valor_unitario", {"valor_unitario": None, "valor_total": None}, {}),
    ("necesidad", "valor_imposible", "valor_unitario",
     {"cantidad": 10**6, "valor_unitario": Decimal(10**12), "valor_total": None}, {}),
    ("necesidad", "valor_enorme", "valor_unitario", {"valor_total": Decimal(10**12)}, {}),
    ("necesidad", "valor_diminuto", "valor_unitario", {"valor_unitario": Decimal(4)}, {}),
    ("necesidad", "vigencia_pasada", "vigencia", {"vigencia": 2025}, {}),
    ("sistema", "soporte_vencido", "soporte_hasta", {"soporte_hasta": BEFORE}, {}),
    ("sistema", "soporte_lejano", "soporte_hasta", {"soporte_hasta": date(2099, 1, 1)}, {}),
    ("sistema", "direccion", "direccion_web", {"direccion_web": "la de la alcaldía"}, {}),
    ("sistema", "persona", "dueno", {"dueno": "Luz Marina María Rojas"}, {}),
    ("sede", "copias", "custodia_externa", {"copias": "no_se_hacen", "copias_lugar": None}, {}),
    ("sede", "copias", "copias_lugar", {"copias": "no_se_hacen", "custodia_externa": "no"}, {}),
    ("sede", "copias_en_sitio", "copias_lugar", {"copias_lugar": "En el mismo sitio"}, {}),
    ("sede", "internet_sin_ancho", "ancho_mbps", {"ancho_mbps": 0}, {}),
    ("sede", "internet_sin_ancho", "internet", {"internet": NO_APLICA}, {}),
    ("sede", "inalambrica_con_racks", "racks", {"cableado": "inalambrica"}, {}),
    ("formacion", "falta_fecha", "fecha", {"fecha": None}, {}),
    ("formacion", "fecha_futura", "fecha", {"fecha": AFTER}, {}),
    ("formacion", "fecha_pasada", "fecha", {"forma": "requerida"}, {}),
    ("iniciativa", "anios", "anio_hasta", {"anio_hasta": 2025}, {}),
    ("iniciativa", "programa_de_otro_objetivo", "programa", {"objetivo": "OBJ-3"}, {}),
    ("iniciativa", "falta_responsable", "responsable", {"responsable": NO_APLICA}, {}),
    ("iniciativa", "vencida", "anio_hasta", {"anio_desde": 2024, "anio_hasta": 2025}, {}),
    ("iniciativa", "persona", "responsable", {"responsable": "Ana Peñaranda"}, {}),
    ("avance", "falta_meta", "meta", {"meta": None}, {}),
    ("avance", "falta_evidencia", "evidencia", {"evidencia": None}, {}),
    ("avance", "meta_distinta", "meta", {"meta": Decimal(5)}, {}),
    ("avance", "meta_en_la_base", "meta", {"linea_base": Decimal(2)}, {}),
    ("avance", "retroceso", "valor", {"valor": Decimal(-1)}, {}),
    ("avance", "cumplimiento", "valor", {"valor": Decimal(400)}, {}),
    ("avance", "fecha_futura", "fecha", {"fecha": AFTER}, {}),
]  # fmt: skip
ELSEWHERE = {("", "borrador"), ("", "celda"), ("", "vacio_entregado")}
"""What is found where text is read, by the store's drafts and by the office, and against what was delivered."""


def _context(extra: dict[str, Any]) -> Context:
    return replace(Context(CATALOGUES, TODAY), **extra)


@pytest.mark.parametrize("name", EVERY)
def test_good_records_have_no_problem(name: str) -> None:
    present = {"present": {"riesgo": {"r1"}, "equipo": {"e1"}, "iniciativa": {"i1"}}}

    assert check(EVERY[name], GOOD[name], _context(present)) == []


@pytest.mark.parametrize(("name", "code", "field", "change", "extra"), CASES)
def test_each_rule_says_no(name: str, code: str, field: str, change: dict[str, Value], extra: dict[str, Any]) -> None:
    found = [p for p in check(EVERY[name], GOOD[name] | change, _context(extra)) if (p.code, p.field) == (code, field)]

    assert len(found) == 1
    told = rule(name, code)
    assert told is not None
    assert found[0].severity is told.severity
    assert found[0].text.endswith(".") or "?" in found[0].text


@pytest.mark.parametrize(
    "change",
    [
        PLAN,
        PLAN | {"fecha_seguimiento": date(2027, 7, 30)},
        PLAN | {"estado_plan": "finalizado", "fecha_implementacion": BEFORE},
        SECURITY,
        {"tipo": "fiscal", "bien": "bienes"},
        PLAN
        | {"tipo": "corrupcion", "preguntas": "1, 5", "impacto_smlmv": None}
        | dict.fromkeys(("accion_omision", "uso_poder", "desvio", "beneficio"), "x"),
        {"causa_raiz": "la falta de personal"},
        {"tratamiento": "evitar", "controles": 0, "probabilidad_residual": 3},
    ],
)
def test_other_good_risks_have_no_problem_either(change: dict[str, Value]) -> None:
    assert check(EVERY["riesgo"], GOOD["riesgo"] | change, _context({})) == []


def test_every_rule_has_a_case() -> None:
    tried = {(name, code) for name, code, *_ in CASES} | {("", code) for _, code, *_ in CASES}

    assert {(name, found.code) for name, found in rules()} - tried == ELSEWHERE


def test_what_is_to_be_erased_counts_as_not_there() -> None:
    """A device needs placa or serial, and what is required cannot be erased."""
    gone = GOOD["equipo"] | {"placa": BORRAR, "serial": BORRAR, "tipo": BORRAR}

    assert [(p.code, p.field) for p in check(EVERY["equipo"], gone, _context({}))] == [
        ("falta", "tipo"), ("falta_identidad", "placa"),
    ]  # fmt: skip
    plan = GOOD["riesgo"] | PLAN | {"fecha_implementacion": BORRAR, "plan_accion": BORRAR}
    assert [p.code for p in check(EVERY["riesgo"], plan, _context({}))] == ["falta_plan"]


@pytest.mark.parametrize("name", EVERY)
def test_computing_takes_what_is_to_be_erased_for_nothing(name: str) -> None:
    record_type = EVERY[name]
    some = [field.name for field in record_type.typed if field.may_be_na]

    erased = record_type.compute(GOOD[name] | dict.fromkeys(some, BORRAR), _context({}))

    assert erased == record_type.compute(GOOD[name] | dict.fromkeys(some), _context({}))


def test_codes_are_unique_and_words_are_sentences() -> None:
    codes = [(name, found.code) for name, found in rules()]

    assert len(codes) == len(set(codes))
    for name, found in rules():
        assert not name or rule("", found.code) is None, "a general code is nobody's own"
        assert found.words.endswith(".") and found.todo.endswith(".") and found.source, found.code
        assert found.severity is Severity.STOPS or not found.code.startswith("falta")


def test_the_page_of_rules_is_what_the_rules_say() -> None:
    page = Path(__file__).parents[2] / "docs" / "reglas.md"

    assert page.read_text(encoding="utf-8") == text()


def test_risks_are_judged_by_the_lists_of_their_own_guide() -> None:
    """«Transacción» is a factor of v7 only, and sharing a risk asks for a plan only before."""
    shared = GOOD["riesgo"] | {"tratamiento": "compartir", "factor": "transaccion"}

    assert [p.code for p in check(EVERY["riesgo"], shared, _context({}))] == ["lista", "falta_plan"]
    assert check(EVERY["riesgo"], shared | {"metodo": "v7"}, _context({})) == []


def test_codes_that_left_their_list_are_told_but_new_ones_are_refused() -> None:
    told = check(EVERY["equipo"], GOOD["equipo"] | {"estado": "prestado"}, _context({}))

    assert [(p.code, p.severity, "prestado" in p.text) for p in told] == [("lista", Severity.WARNS, True)]
    assert read(EVERY["equipo"]["estado"], "prestado", CATALOGUES)[1] is not None


def test_links_are_not_looked_at_where_nobody_knows_what_there_is() -> None:
    assert check(EVERY["necesidad"], GOOD["necesidad"] | {"equipo": "gone"}, _context({})) == []

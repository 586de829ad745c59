"""The sentence of each kind of risk, and what its kind does to the rating."""

from datetime import date
from decimal import Decimal

import pytest

from peti_desktop import catalogues
from peti_desktop.records import CONTROL, RIESGO, Context, Value, read
from peti_desktop.records.sentence import complete, continued, parts_of, pieces, sentence

V6, V7 = catalogues.load("v6"), catalogues.load("v7")
TODAY = date(2026, 11, 22)


@pytest.mark.parametrize(
    ("values", "text"),
    [
        (
            {"afectacion": "ambas", "causa_inmediata": "Demora en el envío.", "causa_raiz": "falta de personal"},
            "Posibilidad de pérdida económica y afectación reputacional por demora en el envío debido a falta de "
            "personal.",
        ),
        (
            {"afectacion": "economica", "causa_inmediata": "ESET vencido"},
            "Posibilidad de pérdida económica por ESET vencido debido a ….",
        ),
        ({}, "Posibilidad de … por … debido a …."),
        (
            {"tipo": "fiscal", "bien": "bienes", "causa_inmediata": "Daño del servidor", "causa_raiz": "Sin garantía"},
            "Posibilidad de efecto dañoso sobre bienes públicos por daño del servidor a causa de sin garantía.",
        ),
        (
            {"tipo": "seguridad", "propiedad": "disponibilidad", "activo": "La base de recaudo",
             "amenaza": "falla_equipo", "vulnerabilidad": "sin_copias", "causa_raiz": "ausencia de copias de la base"},
            "Posibilidad de pérdida de disponibilidad de la base de recaudo por falla del equipo debido a ausencia de "
            "copias de la base.",
        ),
        (
            {"tipo": "corrupcion", "accion_omision": "recibir dádivas", "uso_poder": "el cargo",
             "desvio": "el contrato", "beneficio": "un tercero"},
            "Posibilidad de recibir dádivas, usando el cargo, para desviar el contrato, en beneficio de un tercero.",
        ),
    ],
)  # fmt: skip
def test_sentences(values: dict[str, Value], text: str) -> None:
    assert sentence(values, V6) == text
    assert complete(values, V6) is ("…" not in text)


def test_integrity_of_v7_names_its_class() -> None:
    values: dict[str, Value] = {"tipo": "integridad", "subtipo": "soborno", "causa_inmediata": "A", "causa_raiz": "B"}

    assert sentence(values, V7) == "Posibilidad de soborno por A debido a B."


def test_another_threat_is_told_by_the_cause_only() -> None:
    values: dict[str, Value] = {"tipo": "seguridad", "amenaza": "otra"}

    assert "por … debido a …" in sentence(values, V6)
    assert "por granizo debido a" in sentence(values | {"causa_inmediata": "Granizo"}, V6)


def test_joints_are_the_patterns_own() -> None:
    said: dict[str, Value] = {"afectacion": "ambas", "causa_inmediata": "por debido a", "causa_raiz": "x"}

    assert [text for text, joint in pieces(said, V6) if joint] == ["Posibilidad de ", " por ", " debido a ", ""]


@pytest.mark.parametrize("version", ["v3", "v4", "v5", "v6", "v7"])
def test_every_part_of_every_pattern_is_a_field(version: str) -> None:
    lists = catalogues.load(version)
    for entry in lists.entries("tipo_riesgo"):
        assert set(parts_of(entry.code, lists)) <= set(RIESGO.by_name), entry.code


@pytest.mark.parametrize(
    ("text", "goes_on"),
    [("Pérdida", "pérdida"), ("DIAN", "DIAN"), ("e-SIGEP", "e-SIGEP"), ("SIEP caído.", "SIEP caído"), (None, "")],
)
def test_a_text_goes_on_in_lower_case(text: Value, goes_on: str) -> None:
    assert continued(text) == goes_on


RATED: dict[str, Value] = {"metodo": "v6", "frecuencia_anual": 30, "impacto_smlmv": Decimal(5)}


@pytest.mark.parametrize(
    ("yes", "impact"), [("3", 3), ("1,2,3,4,5", 3), ("1 2 3 4 5 6", 4), ("16", 5), ("1,2,3,4,5,6,7,8,9,10,11,12", 5)]
)
def test_questions_decide_the_impact_of_corruption(yes: str, impact: int) -> None:
    values = RATED | {"tipo": "corrupcion", "preguntas": yes}

    assert RIESGO.compute(values, Context(V6, TODAY))["impacto_inherente"] == impact


def test_corruption_without_answers_is_not_rated_and_v7_uses_the_general_table() -> None:
    values = RATED | {"tipo": "corrupcion"}
    v7 = RATED | {"tipo": "integridad", "metodo": "v7", "preguntas": "16"}

    assert RIESGO.compute(values, Context(V6, TODAY))["zona_inherente"] is None
    assert RIESGO.compute(v7, Context(V7, TODAY))["impacto_inherente"] == 1


@pytest.mark.parametrize(
    ("raw", "fine"),
    [("1, 5, 16", True), ("1 y 19", True), ("20", False), ("todas", False), ("0", False), ("1-3", False)],
)
def test_answers_are_numbers_of_questions(raw: str, fine: bool) -> None:
    assert (read(RIESGO["preguntas"], raw, V6)[1] is None) is fine


def test_manual_controls_weigh_less_in_security_risks_of_v7() -> None:
    control: dict[str, Value] = {"tipo": "preventivo", "implementacion": "manual"}
    risk = RATED | {"metodo": "v7", "frecuencia_anual": 5001}

    def weight(parent: dict[str, Value]) -> Value:
        return CONTROL.compute(control, Context(V6, TODAY, parent=parent))["peso"]

    def left(parent: dict[str, Value]) -> Value:
        return RIESGO.compute(parent, Context(V6, TODAY, children=[control]))["probabilidad_residual_pct"]

    assert (weight(risk), weight(risk | {"tipo": "seguridad"})) == (40, 35)
    assert (left(risk), left(risk | {"tipo": "seguridad"})) == (60, 65)
    assert weight(RATED | {"tipo": "seguridad"}) == 40
    assert weight({"metodo": "v3"}) is None

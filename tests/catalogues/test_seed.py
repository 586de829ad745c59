"""The shipped copy of the PETI's content is whole: nothing of the extraction was lost or changed."""

import hashlib
import json
from collections import Counter
from typing import Any

import pytest

from peti_desktop.catalogues import Seed, load, table

# Rows per table of the extraction of the PETI, counted there.
ROWS = {
    "macroproceso": 3,
    "proceso": 5,
    "subproceso": 16,
    "actividad": 6,
    "registro": 105,
    "sistema_operativo": 4,
    "ofimatica": 13,
    "sistema": 8,
    "objetivo": 3,
    "programa": 2,
    "indicador": 14,
    "avance": 8,
    "componente": 6,
    "dependencia": 7,
    "actor_externo": 9,
    "norma": 9,
    "vacio": 14,
}
SINGLE = {
    "meta",
    "totales",
    "equipos",
    "impresion",
    "red",
    "seguridad",
    "conectividad_territorial",
    "comunicaciones",
    "fases",
}
BY_FORM = {"riesgo": 43, "necesidad": 34, "situacion": 15, "causa": 11, "recomendacion": 2}
# The [totales.por_tema] of the extraction.
BY_TOPIC = {
    "informacion": 26,
    "software": 18,
    "conectividad": 11,
    "seguridad": 9,
    "respaldo": 7,
    "hardware": 7,
    "capacitacion": 6,
    "gobierno_ti": 6,
    "gestion_documental": 4,
    "articulacion": 4,
    "infraestructura_fisica": 2,
    "energia": 2,
    "mantenimiento": 1,
    "licenciamiento": 1,
    "talento_humano": 1,
}
DIGEST = "a62b435e7e2e8ac6bf6aa1b9809661c39b99213a8504100df1aaedae9ec2f6c0"


@pytest.fixture
def seed() -> Seed:
    return load().seed


def content() -> dict[str, Any]:
    """``seed.toml`` without the heading every catalogue has."""
    return {name: rows for name, rows in table("seed").items() if name not in {"version", "fecha", "fuente"}}


def test_every_table_is_there_with_all_its_rows() -> None:
    tables = content()

    assert {name: len(rows) for name, rows in tables.items() if isinstance(rows, list)} == ROWS
    assert {name for name, rows in tables.items() if isinstance(rows, dict)} == SINGLE


def test_content_is_the_extraction_word_by_word() -> None:
    canonical = json.dumps(content(), ensure_ascii=False, sort_keys=True)

    assert hashlib.sha256(canonical.encode()).hexdigest() == DIGEST


def test_counts_match_the_totals_it_states(seed: Seed) -> None:
    totals = seed.data["totales"]

    assert Counter(r.forma for r in seed.registros) == totals["por_forma"] == BY_FORM
    assert Counter(r.tema for r in seed.registros) == totals["por_tema"] == BY_TOPIC
    assert Counter(c for r in seed.registros for c in r.clases) == totals["por_clase"]
    assert len(seed.registros) == totals["registros"] == 105
    assert sum(r.subproceso is not None for r in seed.registros) == totals["registros_por_subproceso"] == 77
    assert sum(r.subproceso is None for r in seed.registros) == totals["registros_institucionales"] == 28


def test_a_record_keeps_every_field_it_has(seed: Seed) -> None:
    """What ``Registro`` does not carry would be lost to the rest of the program."""
    kept = set(seed.registros[0].__slots__) | {"factor_sug", "alcance"}

    assert {field for row in seed.data["registro"] for field in row} <= kept
    for registro, row in zip(seed.registros, seed.data["registro"], strict=True):
        assert registro.factor == row.get("factor_sug", "")
        for field in set(row) - {"factor_sug", "alcance"}:
            value = getattr(registro, field)
            assert (list(value) if isinstance(value, tuple) else value) == row[field]


def test_institutional_records_belong_to_the_tic_office(seed: Seed) -> None:
    institutional = [r for r in seed.registros if r.subproceso is None]

    assert {(r.dependencia, r.responde) for r in institutional} == {("TIC", "gestion_informacion")}


def test_each_record_is_answered_by_exactly_one_dependencia(seed: Seed) -> None:
    offices = [entry.code for entry in load().entries("dependencia")]

    answered = [r.id for office in offices for r in seed.of(office)]

    assert sorted(answered) == sorted(r.id for r in seed.registros)
    assert len(seed.of("SALUD")) == 10
    assert len(seed.of("TIC")) == 10 + 28


@pytest.mark.parametrize("list_name", ["sistema_operativo", "ofimatica"])
def test_programs_of_the_peti_are_choices_with_the_same_end_of_support(list_name: str, seed: Seed) -> None:
    catalogues = load()

    for row in seed.data[list_name]:
        code = catalogues.find(list_name, row["nombre"])
        assert code
        assert str(catalogues.support_end(list_name, code)) == row["fin_soporte"]
        entry = catalogues.entry(list_name, code)
        assert entry and entry.extra["en_peti"]
    named = [entry for entry in catalogues.entries(list_name) if entry.extra["en_peti"]]
    assert len(named) == len(seed.data[list_name])


def test_codes_of_records_are_in_their_lists(seed: Seed) -> None:
    catalogues = load()
    lists = {name: {entry.code for entry in catalogues.entries(name)} for name in catalogues.lists()}

    for r in seed.registros:
        assert r.tema in lists["tema"]
        assert r.forma in lists["forma"]
        assert set(r.clases) <= lists["clase"]
        assert set(r.temas_sec) <= lists["tema"]
        assert r.responde in lists["subproceso"]
        assert r.factor in lists["factor"] | {""}
        assert r.actividad in lists["actividad"] | {""}
        assert r.tipo_riesgo in lists["tipo_factor"] | {""}
        assert r.sistema in lists["sistema"] | {""}


def test_names_the_peti_gives_a_dependencia_are_found(seed: Seed) -> None:
    catalogues = load(vigencia=2023)

    for row in seed.data["dependencia"]:
        code = catalogues.find("dependencia", row["nombre"])
        assert code
        assert {catalogues.find("dependencia", alias) for alias in row.get("alias", ())} <= {code}

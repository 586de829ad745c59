"""Lists, codes, dates and look-ups of the catalogues."""

from datetime import date
from decimal import Decimal

import pytest

from peti_desktop.catalogues import Catalogues, load, table
from peti_desktop.errors import UserError

METHODS = ("v3", "v4", "v5", "v6", "v7")
NEEDED = {
    "dependencia",
    "subproceso",
    "actividad",
    "factor",
    "clasificacion",
    "afectacion",
    "nivel_probabilidad",
    "nivel_impacto",
    "zona",
    "tratamiento",
    "tipo_control",
    "implementacion_control",
    "documentacion_control",
    "frecuencia_control",
    "evidencia_control",
    "estado_plan",
    "tema",
    "forma_necesidad",
    "urgencia",
    "fuente_financiacion",
    "tipo_equipo",
    "estado_equipo",
    "licencia",
    "sistema_operativo",
    "ofimatica",
    "antivirus",
    "marca",
    "componente",
    "objetivo",
    "metodo",
}
FILES = (
    "seed",
    "reglas",
    "vigencia",
    "dependencias",
    "listas",
    "soporte",
    "normas",
    "smlmv",
    *(f"metodo_{m}" for m in METHODS),
)


@pytest.fixture
def catalogues() -> Catalogues:
    return load()


@pytest.mark.parametrize("name", FILES)
def test_every_file_says_its_version_date_and_source(name: str) -> None:
    content = table(name)

    assert content["version"] and content["fuente"]
    assert isinstance(content["fecha"], date)


@pytest.mark.parametrize("name", FILES)
def test_no_code_is_written_twice_in_a_list(name: str) -> None:
    for list_name, rows in table(name).get("lista", {}).items():
        codes = [row["codigo"] for row in rows]
        assert len(set(codes)) == len(codes), list_name


@pytest.mark.parametrize("metodo", METHODS)
def test_codes_are_ascii_and_labels_are_there(metodo: str) -> None:
    catalogues = load(metodo)

    for name in catalogues.lists():
        for entry in catalogues.entries(name):
            assert entry.code.isascii() and entry.code.strip() == entry.code and entry.code
            assert entry.label


@pytest.mark.parametrize("metodo", METHODS)
def test_a_label_of_a_choice_finds_its_own_code(metodo: str) -> None:
    """Whatever a sheet shows must read back as the same code."""
    catalogues = load(metodo)

    for name in set(catalogues.lists()) - {"registro"}:
        for entry in catalogues.entries(name):
            assert catalogues.find(name, entry.label) == entry.code, name
            assert catalogues.find(name, entry.code) == entry.code, name


@pytest.mark.parametrize("metodo", METHODS)
def test_all_lists_exist_in_every_method(metodo: str) -> None:
    assert set(load(metodo).lists()) >= NEEDED
    assert set(load(metodo).lists()) == set(load().lists())


@pytest.mark.parametrize("metodo", ["v5", "v6", "v7"])
def test_no_needed_list_is_empty_where_risks_are_rated(metodo: str) -> None:
    catalogues = load(metodo)

    assert [name for name in sorted(NEEDED) if not catalogues.entries(name)] == []


def test_new_risks_are_rated_with_the_version_the_data_says() -> None:
    assert load(vigencia=2020).metodo == "v5"
    assert load(vigencia=2022).metodo == "v5"
    assert load(vigencia=2023).metodo == "v6"
    assert load(vigencia=2026).metodo == load().metodo == "v6"


def test_unknown_method_is_refused_with_words() -> None:
    with pytest.raises(UserError, match="«v9»"):
        load("v9")


def test_version_names_every_file(catalogues: Catalogues) -> None:
    assert catalogues.version == (
        "seed 1; vigencia 1; dependencias 1; listas 1; soporte 1; normas 1; smlmv 1; metodo_v6 1"
    )


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("secretaria de transito y transporte", "TRANSITO"),
        ("SECRETARÍA DE TRÁNSITO Y TRANSPORTE", "TRANSITO"),
        ("  Tránsito   y transporte ", "TRANSITO"),
        ("transito", "TRANSITO"),
        ("oficina de sistemas de la Secretaría General", "TIC"),
        ("equidad-de-genero", "EQUIDAD_GENERO"),
        ("Secretaría de Marina", None),
        ("", None),
    ],
)
def test_find_ignores_accents_case_blanks_and_signs(text: str, code: str | None, catalogues: Catalogues) -> None:
    assert catalogues.find("dependencia", text) == code


def test_an_unknown_code_shows_as_itself(catalogues: Catalogues) -> None:
    assert catalogues.label("dependencia", "SALUD") == "Secretaría de Salud"
    assert catalogues.label("dependencia", "EXTINTA") == "EXTINTA"


def test_an_unknown_list_is_a_mistake(catalogues: Catalogues) -> None:
    with pytest.raises(KeyError):
        catalogues.entries("dependecia")


@pytest.mark.parametrize("vigencia", [2020, 2023, 2024, 2025, 2026])
def test_each_subproceso_has_exactly_one_answering_dependencia(vigencia: int) -> None:
    catalogues = load(vigencia=vigencia)
    subprocesos = [entry.code for entry in catalogues.entries("subproceso")]
    offices = [entry.code for entry in catalogues.entries("dependencia")]

    assert len(offices) == 26
    assert len(subprocesos) == 16
    claims = [sub for entry in catalogues.entries("dependencia") for sub in entry.extra.get("responde", ())]
    assert sorted(claims) == sorted(subprocesos)
    for sub in subprocesos:
        office = catalogues.dependencia_of(sub)
        assert office in offices
        assert sub in catalogues.subprocesos_of(office)


def test_every_answer_follows_the_suggestion_of_the_peti() -> None:
    """The first office the extraction suggests answers, but for the mayor's own office, which is not on the list."""
    catalogues = load(vigencia=2023)

    for row in catalogues.seed.data["subproceso"]:
        suggested = [catalogues.find("dependencia", part) for part in row["dependencia_sug"].split(" / ")]
        assert catalogues.dependencia_of(row["id"]) == next(code for code in suggested if code)


def test_reorganisation_of_2025_renames_without_changing_codes() -> None:
    before, after = load(vigencia=2024), load(vigencia=2025)

    assert before.label("dependencia", "JURIDICA") == "Oficina Asesora Jurídica"
    assert after.label("dependencia", "JURIDICA") == "Oficina de Gestión Jurídica"
    assert before.label("dependencia", "PLANEACION") == "Departamento Administrativo de Planeación Municipal"
    assert after.label("dependencia", "PLANEACION") == "Secretaría de Planeación"
    for catalogues in (before, after):
        assert catalogues.find("dependencia", "Oficina Asesora Juridica") == "JURIDICA"
        assert catalogues.find("dependencia", "Oficina de Gestion Juridica") == "JURIDICA"


def test_a_dependencia_that_ended_keeps_its_label_and_says_what_it_became() -> None:
    before, after = load(vigencia=2024), load(vigencia=2026)

    assert before.find("dependencia", "Banco del Progreso") == "BANCO_PROGRESO"
    assert after.find("dependencia", "Banco del Progreso") == "EMPRENDIMIENTO"
    assert "BANCO_PROGRESO" not in {entry.code for entry in after.entries("dependencia")}
    assert after.label("dependencia", "BANCO_PROGRESO") == "Secretaría del Banco del Progreso"
    gone = after.entry("dependencia", "BANCO_PROGRESO")
    assert gone and gone.became == ("EMPRENDIMIENTO",)


def test_what_a_dependencia_became_exists() -> None:
    for metodo in METHODS:
        catalogues = load(metodo)
        for name in catalogues.lists():
            for entry in catalogues.entries(name):
                assert all(catalogues.entry(name, code) for code in entry.became)


def test_end_of_support() -> None:
    catalogues = load()

    assert catalogues.support_end("sistema_operativo", "windows_7") == date(2020, 1, 14)
    assert catalogues.support_end("sistema_operativo", "windows_10") == date(2025, 10, 14)
    assert catalogues.support_end("ofimatica", "office_2000_professional") == date(2009, 7, 14)
    assert catalogues.support_end("ofimatica", "office_2024") == date(2029, 10, 9)
    assert catalogues.support_end("sistema_operativo", "linux") is None
    assert catalogues.support_end("sistema_operativo", "beos") is None


def test_minimum_wage() -> None:
    catalogues = load()

    assert catalogues.smlmv(2020) == Decimal(877803)
    assert catalogues.smlmv(2026) == Decimal(1750905)
    assert catalogues.smlmv(2019) is None


def test_components_are_the_six_of_the_peti_and_security(catalogues: Catalogues) -> None:
    assert [entry.code for entry in catalogues.entries("componente")] == [
        "estrategia_ti",
        "gobierno_ti",
        "gestion_informacion",
        "sistemas_informacion",
        "servicios_tecnologicos",
        "uso_apropiacion",
        "seguridad",
    ]


def test_brands_of_the_peti_can_be_chosen(catalogues: Catalogues) -> None:
    labels = [entry.label for entry in catalogues.entries("marca")]

    assert labels[:9] == catalogues.seed.data["equipos"]["marcas"]
    assert labels[-1] == "Otra"


def test_vulnerabilities_point_at_threats_and_records_that_exist(catalogues: Catalogues) -> None:
    for entry in catalogues.entries("vulnerabilidad"):
        assert all(catalogues.entry("amenaza", code) for code in entry.extra["amenazas"])
        assert all(catalogues.entry("registro", code) for code in entry.extra["hechos"])


def test_versions_that_are_only_read_are_known_and_not_offered() -> None:
    catalogues = load()

    assert [entry.code for entry in catalogues.entries("metodo")] == ["v5", "v6", "v7"]
    assert catalogues.label("metodo", "v4") == "Guía DAFP v4 (2018)"
    assert catalogues.find("metodo", "versión 4") == "v4"

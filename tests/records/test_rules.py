"""The rules of each record type say no, and yes."""

from datetime import date
from decimal import Decimal

import pytest

from peti_desktop import catalogues
from peti_desktop.records import EQUIPO, NECESIDAD, NO_APLICA, RIESGO, Context, Value, check, read
from peti_desktop.records.checks import repeated

CATALOGUES = catalogues.load()
CONTEXT = Context(CATALOGUES, date(2026, 11, 22))
RISK: dict[str, Value] = {
    "subproceso": "salud_publica", "tipo": "gestion", "actividad": "a", "factor": "procesos",
    "clasificacion": "fraude_interno", "afectacion": "ambas", "causa_inmediata": "a", "causa_raiz": "b",
    "descripcion": "c", "metodo": "v6",
    "frecuencia_anual": 30, "impacto_smlmv": Decimal(90), "tratamiento": "aceptar",
}  # fmt: skip
NEED: dict[str, Value] = {
    "subproceso": "salud_publica", "forma": "necesidad", "tema": "hardware", "descripcion": "x", "cantidad": 2,
    "justificacion": "y",
}  # fmt: skip
DEVICE: dict[str, Value] = {"tipo": "escritorio", "estado": "en_uso", "placa": "1"}


def _codes(kind: object, values: dict[str, Value], context: Context = CONTEXT) -> list[tuple[str, str]]:
    return [(p.code, p.field) for p in check(kind, values, context)]  # type: ignore[arg-type]


@pytest.mark.parametrize(("kind", "values"), [(RIESGO, RISK), (NECESIDAD, NEED), (EQUIPO, DEVICE)])
def test_complete_records_have_no_problem(kind: object, values: dict[str, Value]) -> None:
    assert _codes(kind, values) == []


@pytest.mark.parametrize(("kind", "values"), [(RIESGO, RISK), (NECESIDAD, NEED), (EQUIPO, DEVICE)])
def test_each_required_field_is_missed(kind: object, values: dict[str, Value]) -> None:
    for field in kind.typed:  # type: ignore[attr-defined]
        if field.required:
            assert ("falta", field.name) in _codes(kind, values | {field.name: None})


@pytest.mark.parametrize(
    ("change", "problem"),
    [
        ({"impacto_smlmv": None}, ("falta_impacto", "impacto_smlmv")),
        ({"tratamiento": "reducir"}, ("falta_plan", "plan_accion")),
        ({"tratamiento": "reducir", "plan_accion": "x"}, ("falta_responsable", "responsable")),
        ({"zona_residual": "alto"}, ("aceptar", "tratamiento")),
        ({"fecha_implementacion": date(2020, 1, 1)}, ("plan_vencido", "fecha_implementacion")),
    ],
)
def test_risks(change: dict[str, Value], problem: tuple[str, str]) -> None:
    assert problem in _codes(RIESGO, RISK | change)


def test_needs_want_a_quantity_or_a_reason_for_none() -> None:
    assert ("falta_cantidad", "cantidad") in _codes(NECESIDAD, NEED | {"cantidad": None})
    assert _codes(NECESIDAD, NEED | {"cantidad": NO_APLICA}) == []
    assert _codes(NECESIDAD, NEED | {"forma": "situacion", "cantidad": None, "justificacion": None}) == []


def test_devices_are_identified_and_not_repeated() -> None:
    twice = repeated(EQUIPO, [DEVICE | {"serial": None}, DEVICE | {"serial": None}])

    assert _codes(EQUIPO, DEVICE | {"placa": None}) == [("falta_identidad", "placa")]
    assert _codes(EQUIPO, DEVICE, Context(CATALOGUES, CONTEXT.today, repeated=twice)) == [("repetido", "placa")]


@pytest.mark.parametrize("junk", ["To be filled by O.E.M.", "Default string", "0000000", "XXXX"])
def test_junk_serials_are_refused(junk: str) -> None:
    value, wrong = read(EQUIPO["serial"], junk, CATALOGUES)

    assert value is None
    assert "etiqueta" in (wrong or "")


def test_obsolescence_says_why() -> None:
    found = EQUIPO.compute({"sistema_operativo": "windows_7", "ofimatica": "libreoffice"}, CONTEXT)

    assert found == {"obsolescencia": "Windows 7: sin soporte desde 14-ene-2020"}


def test_obsolescence_is_empty_before_the_day() -> None:
    early = Context(CATALOGUES, date(2020, 1, 14))

    assert EQUIPO.compute({"sistema_operativo": "windows_7"}, early) == {"obsolescencia": None}


def test_total_is_exact() -> None:
    assert NECESIDAD.compute({"cantidad": 3, "valor_unitario": Decimal("0.10")}, CONTEXT) == {
        "valor_total": Decimal("0.30")
    }


def test_rating_of_the_guides_example() -> None:
    """60 % x 80 %, a preventive and a detective manual control: 25.2 %, Baja, still Alto (method 1.6)."""
    controls: list[dict[str, Value]] = [
        {"tipo": "preventivo", "implementacion": "manual"},
        {"tipo": "detectivo", "implementacion": "manual"},
    ]
    values = RISK | {"frecuencia_anual": 100, "impacto_smlmv": Decimal(300)}

    found = RIESGO.compute(values, Context(CATALOGUES, CONTEXT.today, children=controls))

    assert (found["zona_inherente"], found["probabilidad_residual_pct"]) == ("alto", Decimal("25.2"))
    assert (found["probabilidad_residual"], found["impacto_residual"], found["zona_residual"]) == (2, 4, "alto")


def test_rating_waits_for_both_axes_and_reads_old_methods_only() -> None:
    half = RIESGO.compute(RISK | {"impacto_smlmv": None}, CONTEXT)
    old = RIESGO.compute(RISK | {"metodo": "v3"}, CONTEXT)

    assert (half["probabilidad_inherente"], half["zona_inherente"]) == (3, None)
    assert old["zona_inherente"] is None

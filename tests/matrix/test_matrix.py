"""The matrix asks the store for pages of rows, on both kinds of store, whatever people type."""

import threading
import time
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, date, datetime
from decimal import Decimal
from pathlib import Path

import pytest

from db.move import move
from db.postgres import upkeep
from peti_desktop import matrix
from peti_desktop.errors import Cancelled
from peti_desktop.matrix import PAGE, UNIT, Condition, MatrixFilter, Op, Question, told
from peti_desktop.records import TYPES, Value
from peti_desktop.records.fields import NO_APLICA
from peti_desktop.reports.figures import figures
from peti_desktop.workspace import Workspace
from tests.matrix.conftest import add

HOSTILE = ["%", "_", "'", '"', "\\", "[", "*", "\x00", "\ud800", "x" * 10_000, "a " * 5_000, "'; DROP TABLE equipo;--"]


SEARCHES: list[tuple[str, list[str]]] = [
    ("nandu", ["SAL-012"]),
    ("ÑANDÚ", ["SAL-012"]),
    ("sal-012", ["SAL-012"]),
    ("toner ENERO", ["HAC_7"]),
    ("hacienda escrit", ["HACA7", 'O\'Brien "x"']),
    ("secretaria salud", ["SAL-012", "SAL-100%"]),
    ("portatil acer", []),
    ("   ", ["HAC_7", "HACA7", 'O\'Brien "x"', "SAL-012", "SAL-100%"]),
]


def found(ws: Workspace, wanted: MatrixFilter, field: str = "placa") -> list[Value]:
    question = Question(ws, wanted)
    sheet = question.read(0)
    assert question.count() == len(sheet.lines)
    assert [line.record.uid for line in sheet.lines] == question.uids(0, PAGE)
    assert [line.record.uid for some in question.sheets() for line in some.lines] == question.uids(0, PAGE)
    for place, line in enumerate(sheet.lines):
        assert question.place_of(line.record.uid) == place
    return [line.record.values[field] for line in sheet.lines]


def devices(*conditions: Condition, search: str = "", order: tuple[str, bool] | None = None) -> MatrixFilter:
    return MatrixFilter("equipo", search, conditions, order)


def orders(name: str) -> list[tuple[str, bool] | None]:
    return [None, *((field.name, down) for field in (UNIT, *TYPES[name].fields) for down in (True, False))]


def test_empty_store_has_no_rows_of_any_type_in_any_order(office: Workspace) -> None:
    for name in TYPES:
        for order in orders(name):
            question = Question(office, MatrixFilter(name, order=order))
            assert (question.count(), question.read(0).lines, question.read(50).lines) == (0, (), ())
            assert question.place_of("nadie") is None


def test_one_row_is_found_sorted_by_every_column(office: Workspace) -> None:
    for name in TYPES:
        uid = add(office, name, "SALUD", {})
        for order in orders(name):
            question = Question(office, MatrixFilter(name, order=order))
            assert (question.count(), question.uids(0, 9), question.place_of(uid)) == (1, [uid], 0)


def test_rows_stand_by_dependencia_and_then_as_they_were_born(ws: Workspace) -> None:
    assert found(ws, devices()) == ["HAC_7", "HACA7", 'O\'Brien "x"', "SAL-012", "SAL-100%"]


@pytest.mark.parametrize(("search", "expected"), SEARCHES)
def test_search_finds_the_beginnings_of_words_without_accents(ws: Workspace, search: str, expected: list[str]) -> None:
    assert sorted(map(str, found(ws, devices(search=search)))) == sorted(expected)


@pytest.fixture
def indexed(ws: Workspace, monkeypatch: pytest.MonkeyPatch) -> Workspace:
    """The same store with the index of words that a large one has."""
    monkeypatch.setattr(matrix, "LARGE", 0)
    assert matrix.prepare(ws, "equipo")
    assert not matrix.prepare(ws, "equipo")
    return ws


def test_index_of_words_finds_the_same(indexed: Workspace) -> None:
    for search, expected in SEARCHES:
        for order in (None, ("placa", False)):
            assert sorted(map(str, found(indexed, devices(search=search, order=order)))) == sorted(expected), search
    only = Condition("dependencia", Op.ONE_OF, ("SALUD",))
    assert found(indexed, devices(only, search="uso")) == ["SAL-012", "SAL-100%"]
    for text in HOSTILE:
        found(indexed, devices(search=text))


def test_index_of_words_follows_what_changes(indexed: Workspace) -> None:
    def plates(search: str) -> list[str]:
        return sorted(map(str, found(indexed, devices(search=search))))

    uid = add(indexed, "equipo", "SALUD", {"placa": "NUEVA-1", "marca": "Zeta"})
    assert plates("zeta") == ["NUEVA-1"]
    indexed.put("equipo", uid, {"marca": "Épsilon"})
    assert (plates("zeta"), plates("epsilon")) == ([], ["NUEVA-1"])
    indexed.retire("equipo", uid, "dado de baja")
    assert plates("epsilon") == []
    indexed.put("equipo", uid, {"marca": "Omega"})
    indexed.restore("equipo", uid)
    assert plates("omega") == ["NUEVA-1"]
    indexed.undo()
    assert plates("omega") == []


def test_store_with_an_index_of_words_moves_as_a_whole(indexed: Workspace, tmp_path: Path) -> None:
    indexed.copy_to(tmp_path / "copia.sqlite")

    with Workspace.open(tmp_path / "copia.sqlite") as copied:
        assert Question(copied, devices(search="nandu")).count() == 1


def test_index_of_words_stays_behind_when_a_store_moves(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(matrix, "LARGE", 0)
    with Workspace.create(
        tmp_path / "a.sqlite", perfil="oficina", dependencia="TIC", nombre="Olga", cargo="Jefe", vigencia=2026
    ) as before:
        before.new("equipo", {"marca": "Ñandú"})
        assert matrix.prepare(before, "equipo")

    move(tmp_path / "a.sqlite", tmp_path / "b.sqlite")

    with Workspace.open(tmp_path / "b.sqlite") as after:
        assert Question(after, devices(search="nandu")).count() == 1
        assert matrix.prepare(after, "equipo")
        assert Question(after, devices(search="nandu")).count() == 1


def test_a_remembered_order_gives_the_same_pages(indexed: Workspace) -> None:
    for wanted in (devices(order=("marca", True)), devices(search="es"), devices(Condition("anio", Op.FILLED))):
        question, other = Question(indexed, wanted), Question(indexed, wanted)
        question.settle()
        assert question._places is not None
        for start in range(other.count()):
            assert question.read(start, 2) == other.read(start, 2)


@pytest.fixture
def aged(address: str) -> Iterator[Workspace]:
    """Devices and systems written when all had support, looked at after that of some ended."""
    now = [datetime(2025, 3, 2, 15, 0, tzinfo=UTC)]
    with Workspace.create(
        address, perfil="oficina", dependencia="TIC", nombre="O", cargo="J", vigencia=2026, clock=lambda: now[0]
    ) as ws:
        for plate, system, suite in (
            ("A", "windows_10", None),
            ("B", "windows_11", "office_2016"),
            ("C", None, None),
            ("D", "windows_10", "office_2016"),
        ):
            ws.new("equipo", {"placa": plate, "sistema_operativo": system, "ofimatica": suite})
        for name, until in (("Nómina", date(2025, 12, 1)), ("Web", date(2026, 6, 1)), ("Predial", None)):
            ws.new("sistema", {"nombre": name, "soporte_hasta": until})
        now[0] = datetime(2026, 3, 2, 15, 0, tzinfo=UTC)
        yield ws


def test_what_depends_on_the_day_is_asked_for_as_it_is_shown(aged: Workspace) -> None:
    said = Condition("obsolescencia", Op.FILLED)
    assert found(aged, devices(said)) == ["A", "B", "D"]
    assert figures(aged).obsolete_total == 3
    assert found(aged, devices(Condition("obsolescencia", Op.EMPTY))) == ["C"]
    assert found(aged, devices(Condition("obsolescencia", Op.CONTAINS, ("WINDOWS 10: sin soporte",)))) == ["A", "D"]
    assert found(aged, devices(Condition("obsolescencia", Op.CONTAINS, ("%",)))) == []
    assert found(aged, devices(search="soporte")) == ["A", "B", "D"]
    assert found(aged, devices(said, search="office soporte")) == ["B", "D"]
    for down in (False, True):
        shown = found(aged, devices(order=("obsolescencia", down)), "obsolescencia")
        texts = [str(text) for text in shown[:3]]
        assert (texts, shown[3]) == (sorted(texts, reverse=down), None)
    ended = MatrixFilter("sistema", conditions=(Condition("soporte", Op.CONTAINS, ("Sin soporte",)),))
    assert found(aged, ended, "nombre") == ["Nómina"]
    assert found(aged, replace(ended, conditions=(Condition("soporte", Op.EMPTY),)), "nombre") == ["Predial"]
    assert found(aged, MatrixFilter("sistema", "vence 180"), "nombre") == ["Web"]
    assert found(aged, MatrixFilter("sistema", order=("soporte", False)), "nombre") == ["Nómina", "Web", "Predial"]


def test_index_of_words_knows_what_depends_on_the_day(aged: Workspace, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(matrix, "LARGE", 0)
    assert matrix.prepare(aged, "equipo")
    assert found(aged, devices(search="soporte")) == ["A", "B", "D"]


def test_first_rows_are_those_that_come_first(indexed: Workspace, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(matrix, "PAGE", 2)  # fewer than there are, so that nothing is counted
    names = ("dependencia", "tipo", "anio", "placa", "obsolescencia")
    orders = [(name, down) for name in names for down in (False, True)]
    for wanted in (devices(search="a"), devices(), *(devices(order=order) for order in orders)):
        sheet, total = Question(indexed, wanted).first()
        assert sheet.lines[:2] == Question(indexed, wanted).read(0, 2).lines
        assert total in {None, Question(indexed, wanted).count()}


def test_one_program_at_a_time_makes_an_index_on_a_server(ws: Workspace, monkeypatch: pytest.MonkeyPatch) -> None:
    if not ws.store.server:
        pytest.skip("a file has one program that writes")
    monkeypatch.setattr(matrix, "LARGE", 0)
    with upkeep(ws.store.engine) as connection:
        assert connection is not None
        connection.exec_driver_sql("CREATE INDEX busca_equipo ON equipo (uid)")  # as a program before named it
        assert not matrix.prepare(ws, "equipo")
    assert matrix.prepare(ws, "equipo")
    with ws.read() as connection:
        names = connection.exec_driver_sql("SELECT indexname FROM pg_indexes WHERE indexname LIKE 'busca%%'").scalars()
        assert list(names) == ["busca_2_equipo"]


def test_small_types_need_no_index(ws: Workspace) -> None:
    assert not matrix.prepare(ws, "equipo")


@pytest.mark.parametrize(
    ("op", "values"),
    [
        (Op.CONTAINS, ()),
        (Op.CONTAINS, (3,)),
        (Op.ONE_OF, ()),
        (Op.ONE_OF, (NO_APLICA,)),
        (Op.BETWEEN, (1,)),
        (Op.BETWEEN, (2**63, None)),
        (Op.BETWEEN, (None, Decimal(10) ** 15)),
        (Op.BETWEEN, (None, Decimal("Infinity"))),
        (Op.EMPTY, ("x",)),
    ],
)
def test_values_no_store_can_be_asked_for_are_refused_when_made(op: Op, values: tuple[Value, ...]) -> None:
    with pytest.raises(ValueError, match="anio"):
        Condition("anio", op, values)


@pytest.mark.parametrize("text", HOSTILE)
def test_hostile_text_is_only_looked_for(ws: Workspace, text: str) -> None:
    for field in ("placa", "observaciones", "marca"):
        found(ws, devices(Condition(field, Op.CONTAINS, (text,))))
    found(ws, devices(search=text))

    assert Question(ws, devices()).count() == 5


@pytest.mark.parametrize(
    ("condition", "expected"),
    [
        (Condition("placa", Op.CONTAINS, ("%",)), ["SAL-100%"]),
        (Condition("placa", Op.CONTAINS, ("C_7",)), ["HAC_7"]),
        (Condition("placa", Op.CONTAINS, ("'b",)), ['O\'Brien "x"']),
        (Condition("marca", Op.CONTAINS, ("ARB",)), ["HAC_7"]),
        (Condition("marca", Op.CONTAINS, ("ndu",)), ["SAL-012"]),
        (Condition("estado", Op.ONE_OF, ("en_uso",)), ['O\'Brien "x"', "SAL-012", "SAL-100%"]),
        (Condition("estado", Op.ONE_OF, ("",)), ["HAC_7", "HACA7"]),
        (Condition("tipo", Op.ONE_OF, ("portatil", "impresora")), ["HAC_7", "SAL-012"]),
        (Condition("anio", Op.BETWEEN, (2018, 2019)), ["HACA7", 'O\'Brien "x"']),
        (Condition("anio", Op.BETWEEN, (2020, None)), ["SAL-100%"]),
        (Condition("anio", Op.BETWEEN, (None, None)), ["HACA7", 'O\'Brien "x"', "SAL-012", "SAL-100%"]),
        (Condition("anio", Op.EMPTY), ["HAC_7"]),
        (Condition("anio", Op.FILLED), ["HACA7", 'O\'Brien "x"', "SAL-012", "SAL-100%"]),
        (Condition("dependencia", Op.ONE_OF, ("SALUD",)), ["SAL-012", "SAL-100%"]),
        (Condition("", Op.CORRECTED), []),
    ],
)
def test_columns_are_filtered(ws: Workspace, condition: Condition, expected: list[str]) -> None:
    assert found(ws, devices(condition)) == expected


def test_what_does_not_apply_is_told_from_what_is_empty(ws: Workspace) -> None:
    uid = add(ws, "equipo", "SALUD", {"placa": "UPS", "antivirus": NO_APLICA})

    assert found(ws, devices(Condition("antivirus", Op.NOT_APPLICABLE))) == ["UPS"]
    assert "UPS" not in found(ws, devices(Condition("antivirus", Op.EMPTY)))
    assert Question(ws, devices()).read(0).lines[-1].record.uid == uid


@pytest.mark.parametrize(
    ("order", "expected"),
    [
        (("marca", False), ["Acer", "Árbol", "Nokia", "Ñandú", None]),
        (("marca", True), ["Ñandú", "Nokia", "Árbol", "Acer", None]),
        (("anio", False), ["Ñandú", None, "Nokia", "Acer", "Árbol"]),
        (("anio", True), ["Acer", "Nokia", None, "Ñandú", "Árbol"]),
    ],
)
def test_rows_are_sorted_in_spanish_and_empty_ones_come_last(
    ws: Workspace, order: tuple[str, bool], expected: list[str]
) -> None:
    assert found(ws, devices(order=order), "marca") == expected


def test_codes_are_sorted_by_their_words_and_zones_by_their_rank(ws: Workspace) -> None:
    assert found(ws, devices(order=("tipo", False)), "tipo") == sorted(
        found(ws, devices(), "tipo"), key=lambda code: ws.catalogues.label("tipo_equipo", str(code)).casefold()
    )
    assert found(ws, MatrixFilter("riesgo", order=("zona_residual", True)), "descripcion") == ["Pérdida"]


def test_money_and_dates_are_compared_exactly(ws: Workspace) -> None:
    at_least = Condition("valor_unitario", Op.BETWEEN, (Decimal("3500000.50"), None))
    day = Condition("fecha_implementacion", Op.BETWEEN, (date(2026, 5, 1), date(2026, 5, 1)))

    assert found(ws, MatrixFilter("necesidad", "", (at_least,)), "dependencia") == ["SALUD"]
    assert found(ws, MatrixFilter("riesgo", "", (day,)), "descripcion") == ["Pérdida"]


def test_retired_rows_are_not_there(ws: Workspace) -> None:
    uid = Question(ws, devices()).uids(0, 1)[0]
    ws.retire("equipo", uid, "dado de baja")

    assert Question(ws, devices()).count() == 4
    assert Question(ws, devices()).place_of(uid) is None


def test_links_are_in_words(ws: Workspace) -> None:
    sheet = Question(ws, MatrixFilter("control")).read(0)

    assert "Pérdida" in sheet.links[str(sheet.lines[0].record.values["riesgo"])]


def test_codes_are_counted_under_the_other_filters(ws: Workspace) -> None:
    question = Question(ws, devices(Condition("estado", Op.ONE_OF, ("en_uso",)), Condition("anio", Op.FILLED)))

    assert question.codes("estado") == {"en_uso": 3, "": 1}


@pytest.mark.parametrize("order", [None, ("anio", False), ("anio", True), ("marca", True), ("tipo", False)])
def test_pages_join_without_gap_or_repetition(ws: Workspace, order: tuple[str, bool] | None) -> None:
    for number in range(20):
        add(ws, "equipo", "SALUD", {"placa": f"P{number}", "anio": 2000 + number % 3, "marca": f"M{number % 4}"})
    question = Question(ws, devices(order=order))

    joined = [uid for start in range(0, 25, 4) for uid in question.uids(start, 4)]

    assert joined == question.uids(0, 99)
    assert len(set(joined)) == 25


def test_a_question_that_was_stopped_reads_no_more(ws: Workspace) -> None:
    question = Question(ws, devices())
    question.stop()

    with pytest.raises(Cancelled):
        question.read(0)


def test_the_query_under_way_is_broken_off(ws: Workspace) -> None:
    question = Question(ws, devices())
    slow = {
        "sqlite": "WITH RECURSIVE n(x) AS (SELECT 1 UNION ALL SELECT x + 1 FROM n) SELECT count(*) FROM n",
        "postgresql": "SELECT pg_sleep(60)",
    }
    began = time.monotonic()
    threading.Timer(0.3, question.stop).start()

    with pytest.raises(Cancelled), question._reading() as connection:
        connection.exec_driver_sql(slow[connection.dialect.name])

    assert time.monotonic() - began < 10
    assert Question(ws, devices()).count() == 5


def test_a_filter_is_told_in_words(ws: Workspace) -> None:
    wanted = MatrixFilter(
        "necesidad",
        " redes  wifi ",
        (
            Condition("dependencia", Op.ONE_OF, ("SALUD", "")),
            Condition("valor_unitario", Op.BETWEEN, (Decimal(1000), None)),
            Condition("descripcion", Op.CONTAINS, ("cable",)),
            Condition("unspsc", Op.EMPTY),
        ),
    )

    assert told(wanted, ws.catalogues) == (
        "«redes wifi»; Dependencia: Secretaría de Salud, sin diligenciar; Valor unitario desde $ 1.000; "
        "Descripción contiene «cable»; Código UNSPSC: sin diligenciar"
    )

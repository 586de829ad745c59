"""Before anything is stored people see what each row would do and every problem at its own address."""

from collections.abc import Callable
from datetime import date
from pathlib import Path

import pytest

from peti_desktop.errors import Cancelled, UserError
from peti_desktop.importing.book import open_book
from peti_desktop.importing.columns import Layout, suggest
from peti_desktop.importing.grid import Book, Grid
from peti_desktop.importing.preview import ASIDE, CHANGED, EQUAL, NEW, WRONG, Line, Preview, preview
from peti_desktop.records import TYPES
from peti_desktop.workspace import Workspace

FILES = Path(__file__).parent / "files"
HEADING = ("Placa", "Serie", "Clase", "Marca", "Oficina")
Write = Callable[..., Path]
Words = dict[str, dict[str, str]]


def seen(ws: Workspace, path: Path, type_name: str = "equipo", words: Words | None = None) -> Preview:
    """The preview of the first sheet with the suggested columns."""
    book = open_book(path)
    record_type = TYPES[type_name]
    found = suggest(record_type, book.sheets[0], ws.catalogues)
    return preview(ws, record_type, book, book.sheets[0], Layout(found.header, found.columns, words=words or {}))


def by_row(found: Preview) -> dict[int, Line]:
    return {line.row: line for line in found.lines}


def test_rows_are_matched_by_placa_or_serial_and_never_by_position(ws: Workspace, xlsx: Write) -> None:
    path = xlsx(
        [
            HEADING,
            ("00200", None, "PC", "Dell", None),
            (None, "5cg0371ybm", None, "HP", None),
            ("00123", None, None, "Lenovo", "Urgencias"),
            ("00999", "S-1", "Portátil", "HP", "Archivo"),
        ]
    )

    found = seen(ws, path)

    lines = by_row(found)
    assert (found.file, found.sheet) == ("inventario.xlsx", "Hoja1")
    assert lines[2].kind == CHANGED
    assert [(c.field, c.before, c.after) for c in lines[2].changes] == [("tipo", "", "Computador de escritorio")]
    assert lines[3].kind == EQUAL
    assert lines[4].kind == WRONG, "the file speaks twice of one device"
    assert lines[4].problems[0].address == "Hoja1!A4"
    assert lines[4].why == "La fila 3 de este archivo es el mismo registro."
    assert lines[5].kind == NEW
    assert lines[5].values == {
        "placa": "00999",
        "serial": "S-1",
        "tipo": "portatil",
        "marca": "HP",
        "ubicacion": "Archivo",
    }
    assert found.counts == {NEW: 1, CHANGED: 1, EQUAL: 1, WRONG: 1, ASIDE: 0}


def test_empty_cells_erase_nothing(ws: Workspace, xlsx: Write) -> None:
    found = seen(ws, xlsx([HEADING, ("00123", None, None, None, "Archivo")]))

    assert [change.field for change in found.lines[0].changes] == ["ubicacion"]


def test_placa_whose_zeros_excel_took_is_the_same_device_and_keeps_them(ws: Workspace, xlsx: Write) -> None:
    ws.new("equipo", {"placa": "04711"})

    found = seen(ws, xlsx([HEADING, (4711, None, None, "Lenovo", None), (77, None, None, "HP", None)]))

    assert [(line.kind, dict(line.values)) for line in found.lines] == [
        (CHANGED, {"marca": "Lenovo"}),
        (NEW, {"placa": "77", "marca": "HP"}),
    ]


def test_xls_with_titles_merged_cells_and_totals(ws: Workspace) -> None:
    found = seen(ws, FILES / "inventario.xls")

    lines = by_row(found)
    assert {row: line.kind for row, line in lines.items()} == {5: CHANGED, 6: NEW, 7: WRONG, 8: ASIDE}
    assert lines[8].why == "Es una fila de totales."
    assert lines[6].values["ubicacion"] == "Vacunación"
    assert lines[6].values["anio"] == 2019
    (problem,) = lines[7].problems
    assert (problem.address, problem.field, problem.text) == ("Inventario 2019!B7", "serial", "1.20E+06")


def test_each_problem_names_its_cell_and_offers_what_is_near(ws: Workspace, xlsx: Write) -> None:
    path = xlsx([("Título",), HEADING, ("1", "2.5E+11", "Computador portable", "HP", "x" * 300)])

    found = seen(ws, path)

    assert [(p.address, p.field) for p in found.problems] == [
        ("Hoja1!B3", "serial"),
        ("Hoja1!C3", "tipo"),
        ("Hoja1!E3", "ubicacion"),
    ]
    assert "portatil" in found.problems[1].nearest
    assert found.mendable == 1


def test_words_of_the_sheet_can_be_given_a_meaning(ws: Workspace, xlsx: Write) -> None:
    path = xlsx([HEADING, ("1", None, "Máquina", None, None)])

    found = seen(ws, path, words={"tipo": {"maquina": "escritorio"}})

    assert found.lines[0].values["tipo"] == "escritorio"


def test_fixed_texts_go_to_new_records_only(ws: Workspace, xlsx: Write) -> None:
    path = xlsx([("Placa", "Marca"), ("00123", "HP"), ("1", "HP")])
    book = open_book(path)
    layout = Layout(0, {"placa": 0, "marca": 1}, fixed={"estado": "En uso"})

    found = preview(ws, TYPES["equipo"], book, book.sheets[0], layout)

    assert [(line.kind, dict(line.values)) for line in found.lines] == [
        (EQUAL, {}),
        (NEW, {"estado": "en_uso", "placa": "1", "marca": "HP"}),
    ]


def test_what_is_no_record_is_set_aside_and_counted(ws: Workspace, xlsx: Write) -> None:
    path = xlsx(
        [
            HEADING,
            ("1", "a1", "PC", "HP", "Archivo"),
            ("SECRETARÍA DE SALUD",),
            HEADING,
            ("2", "a2", "PC", "HP", "Archivo"),
            (None, None, None, None, None, "nota al margen"),
            ("Total", 2),
            ("Elaboró: Ana Peñaranda",),
        ]
    )

    found = seen(ws, path)

    assert [line.kind for line in found.lines] == [NEW, ASIDE, ASIDE, NEW, ASIDE, ASIDE, ASIDE]
    assert sum(found.counts.values()) == 7


def test_repeated_ambiguous_and_retired_records_are_problems(ws: Workspace, xlsx: Write) -> None:
    ws.new("equipo", {"placa": "R", "serial": "r-1"})
    ws.new("equipo", {"placa": "R", "serial": "r-2"})
    gone = ws.new("equipo", {"placa": "G"})
    ws.retire("equipo", gone.uid, "Se vendió")
    path = xlsx(
        [
            HEADING,
            ("R", None, None, "HP", "x"),
            ("G", None, None, "HP", "x"),
            ("00123", "nuevo", None, "HP", "x"),
            ("00200", "5CG0371YBM", None, "HP", "x"),
            ("N", "n", None, "HP", "x"),
            ("N", "m", None, "HP", "x"),
        ]
    )

    lines = by_row(seen(ws, path))

    assert "Hay 2 registros" in lines[2].why
    assert "está retirado (Se vendió)" in lines[3].why
    assert lines[4].kind == CHANGED
    assert "dos registros distintos" in lines[5].why
    assert lines[6].kind == NEW
    assert lines[7].why == "Está también en la fila 6 de este archivo."
    assert all(line.hopeless for row, line in lines.items() if row in {2, 3, 5, 7})


def test_needs_are_known_by_their_text_and_point_to_devices_and_risks(ws: Workspace, xlsx: Write) -> None:
    device = ws.records("equipo", equal={"placa": "00123"})[0]
    ws.new("riesgo", {"actividad": "Cargue"})
    ws.new("necesidad", {"descripcion": "Un  servidor ", "subproceso": "S1"})
    path = xlsx(
        [
            ("Necesidad", "Cant.", "Placa del equipo", "Riesgo asociado", "Vr. unitario"),
            ("UN SERVIDOR", 2, "00123", "r-001", "$ 1.500.000"),
            ("Otra", 1, "no está", None, None),
            ("Una más", 1, ws.links("equipo")[device.uid].upper(), None, None),
            ("La última", 1, device.uid, None, None),
        ]
    )

    lines = by_row(seen(ws, path, "necesidad"))

    assert lines[2].kind == CHANGED
    assert lines[2].values["equipo"] == device.uid
    assert lines[2].values["riesgo"] == ws.records("riesgo")[0].uid
    assert {change.field: change.after for change in lines[2].changes}["valor_unitario"] == "$ 1.500.000"
    assert [lines[row].values["equipo"] for row in (4, 5)] == [device.uid, device.uid]
    assert lines[3].problems[0].sentence == "No hay ningún registro (equipo) que se llame «no está»."


def test_rows_that_nothing_names_are_known_once_each(ws: Workspace, xlsx: Write) -> None:
    ws.new("equipo", {"tipo": "ups", "marca": "APC"})
    path = xlsx([("Tipo", "Marca"), ("UPS", "APC"), ("UPS", "APC")])

    assert [line.kind for line in seen(ws, path).lines] == [EQUAL, NEW]


def test_dates_with_the_month_first_are_read_so_and_told(ws: Workspace, xlsx: Write) -> None:
    path = xlsx(
        [
            ("Descripción del riesgo", "Actividad", "Fecha de implementación"),
            ("Posibilidad de a", "b", "12/31/2026"),
            ("Posibilidad de c", "d", "02/01/2026"),
        ]
    )

    found = seen(ws, path, "riesgo")

    assert [line.values["fecha_implementacion"] for line in found.lines] == [date(2026, 12, 31), date(2026, 2, 1)]
    assert "mes primero" in found.notes[0]


def test_refused_sheet_says_why(ws: Workspace) -> None:
    book = Book("a.xlsx", (Grid("Hoja1", refused="rows"),))

    with pytest.raises(UserError, match=r"La hoja «Hoja1» tiene más de 50\.000 filas"):
        preview(ws, TYPES["equipo"], book, book.sheets[0], Layout(0))


def test_preview_can_be_cancelled(ws: Workspace, xlsx: Write) -> None:
    book = open_book(xlsx([HEADING, ("1", "2", "PC", "HP", "x")]))

    def stop(*_: object) -> None:
        raise Cancelled

    with pytest.raises(Cancelled):
        preview(ws, TYPES["equipo"], book, book.sheets[0], Layout(0, {"placa": 0}), stop)

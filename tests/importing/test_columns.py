"""The heading is found, columns are recognised by usual names, and a choice is remembered."""

from pathlib import Path

import pytest

from peti_desktop.catalogues import load, table
from peti_desktop.delivery.workbook import column_names
from peti_desktop.importing import columns
from peti_desktop.importing.book import open_book
from peti_desktop.importing.columns import Layout
from peti_desktop.importing.grid import Grid, Raw, Rows
from peti_desktop.records import TYPES
from peti_desktop.records.convert import plain
from peti_desktop.workspace import Workspace

FILES = Path(__file__).parent / "files"


def grid(*rows: tuple[Raw, ...]) -> Grid:
    found: Rows = {}
    for number, row in enumerate(rows):
        found[number] = {column: raw for column, raw in enumerate(row) if raw is not None}
    return Grid("Hoja1", {number: cells for number, cells in found.items() if cells})


def test_heading_is_found_below_merged_titles() -> None:
    (sheet,) = open_book(FILES / "inventario.xls")

    found = columns.suggest(TYPES["equipo"], sheet, load())

    assert found.header == 3
    assert found.columns == {
        "placa": 0,
        "serial": 1,
        "tipo": 2,
        "marca": 3,
        "sistema_operativo": 4,
        "anio": 5,
        "ubicacion": 6,
    }


@pytest.mark.parametrize(
    ("type_name", "heading", "field"),
    [
        ("equipo", "N° INVENTARIO", "placa"),
        ("equipo", "Nro. de placa", "placa"),
        ("equipo", "SERIAL DEL EQUIPO", "serial"),
        ("equipo", "Número de serie", "serial"),
        ("equipo", "s.o.", "sistema_operativo"),
        ("equipo", "Sistema Operatvo", "sistema_operativo"),
        ("equipo", "AÑO", "anio"),
        ("equipo", "Office instalado", "ofimatica"),
        ("equipo", "Dependencia", "ubicacion"),
        ("necesidad", "CANT.", "cantidad"),
        ("necesidad", "Vr. Unitario ($)", "valor_unitario"),
        ("necesidad", "Prioridad", "urgencia"),
        ("riesgo", "Descripción del riesgo", "descripcion"),
        ("riesgo", "Causa raíz", "causa_raiz"),
        ("riesgo", "Opción de manejo", "tratamiento"),
        ("sistema", "Nombre del aplicativo", "nombre"),
    ],
)
def test_usual_headings_are_recognised(type_name: str, heading: str, field: str) -> None:
    found = columns.suggest(TYPES[type_name], grid((heading, "xyz"), ("a", "b")), load(), 0)

    assert found.columns == {field: 0}


@pytest.mark.parametrize("heading", ["Firma", "Teléfono", "Col1", "Cédula", "x"])
def test_what_is_no_field_stays_without_one(heading: str) -> None:
    assert columns.suggest(TYPES["equipo"], grid((heading, "Qwerty")), load(), 0).columns == {}


def test_every_label_of_every_type_is_its_own_field() -> None:
    for record_type in TYPES.values():
        fields = columns.fields_of(record_type)
        sheet = grid(tuple(field.label for field in fields))

        found = columns.suggest(record_type, sheet, load())

        assert found.columns == {field.name: place for place, field in enumerate(fields)}, record_type.name


@pytest.mark.parametrize("name", TYPES)
def test_sheet_of_a_delivery_is_read_by_its_labels(name: str) -> None:
    written = column_names(TYPES[name])
    names, labels = (tuple(column[place] for column in written) for place in (0, 1))
    sheet = grid(names, (None, None, "Título de la hoja"), labels, tuple("x" for _ in written))

    found = columns.suggest(TYPES[name], sheet, load())

    assert found.header == 2
    assert found.columns.keys() == {field.name for field in columns.fields_of(TYPES[name])}


def test_column_whose_words_are_those_of_a_list_needs_no_heading() -> None:
    sheet = grid(("Placa", "Aparato"), ("1", "Portátil"), ("2", "Servidor"), ("3", "UPS"), ("4", "otra cosa"))

    assert columns.suggest(TYPES["equipo"], sheet, load()).columns == {"placa": 0, "tipo": 1}


def test_second_row_of_a_heading_takes_what_it_lacks_from_the_first() -> None:
    sheet = grid(("Placa", "Equipo", None, "Estado"), (None, "Marca", "Modelo", None), ("1", "HP", "400", "En uso"))

    assert columns.headings(sheet, 1) == {0: "Placa", 1: "Marca", 2: "Modelo", 3: "Estado"}


def test_layout_is_remembered_for_the_same_headings_in_any_order(ws: Workspace) -> None:
    equipo = TYPES["equipo"]
    before = grid(("Título",), ("Código raro", "Clase"), ("1", "PC"))
    after = grid(("Clase", "Código raro"), ("PC", "1"))
    chosen = Layout(1, {"placa": 0, "tipo": 1}, {"estado": "En uso"}, {"tipo": {"maquina": "escritorio", "x": "nada"}})

    columns.remember(ws, equipo, before, chosen)

    assert columns.recall(ws, equipo, after, 0) == Layout(
        0, {"placa": 1, "tipo": 0}, {"estado": "En uso"}, {"tipo": {"maquina": "escritorio"}}
    )
    assert columns.recall(ws, equipo, grid(("Otra", "Clase")), 0) is None
    assert columns.recall(ws, TYPES["necesidad"], after, 0) is None


def test_table_of_usual_names_speaks_of_fields_and_codes_that_exist() -> None:
    said = table("importar")
    catalogues = load()

    for type_name, names in said["campo"].items():
        assert names.keys() <= {field.name for field in columns.fields_of(TYPES[type_name])}
    for list_name, words in said["valor"].items():
        for text, code in words.items():
            assert text == plain(text)
            assert catalogues.entry(list_name, code) is not None, (list_name, text, code)
            assert catalogues.find(list_name, text) in {None, code}

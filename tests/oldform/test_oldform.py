"""A form is written, filled in, read with every mistake in its place, and adopted as one unsigned act."""

from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Any

import openpyxl
import pytest
from openpyxl.worksheet.datavalidation import DataValidation
from python_calamine import CalamineWorkbook

from peti_desktop.errors import UserError
from peti_desktop.oldform.adopting import adopt
from peti_desktop.oldform.filled import SOURCE, Filled, Wrong
from peti_desktop.oldform.layout import FIRST_ROW, asked, blanks, columns
from peti_desktop.oldform.reading import read
from peti_desktop.oldform.writing import write
from peti_desktop.records import BORRAR, NO_APLICA, TYPES, Blank
from peti_desktop.workspace import Workspace
from tests.oldform.conftest import NOON, RISK, Fill, typed

NEW_RISK = ("Riesgos", 6)
NEW_CONTROL = ("Controles", 6)
NEW_DEVICE = ("Equipos", 7)
CONTROL = {"riesgo": "N-1", "responsable": "Tesorero", "accion": "concilia", "tipo": "Detectivo"}


def only(filled: Filled) -> Wrong:
    assert len(filled.wrong) == 1, filled.wrong
    return filled.wrong[0]


def test_untouched_form_changes_nothing(ws: Workspace, form: Path) -> None:
    filled = read(ws, form)

    assert (filled.new, filled.changed, filled.equal) == (0, 0, 5)
    assert filled.wrong == ()


@pytest.mark.parametrize("blank", Blank)
def test_blank_everywhere_changes_nothing(ws: Workspace, tmp_path: Path, blank: Blank) -> None:
    with ws.act("") as act:
        for name, record_type in TYPES.items():
            for field in asked(record_type):
                if field.may_be_na and not field.links:
                    act.new(name, {field.name: blank})

    filled = read(ws, write(ws, tmp_path / "otro.xlsx").path)

    assert (filled.new, filled.changed) == (0, 0)
    assert filled.equal == sum(ws.counts().values())


def test_new_risk_with_its_control_and_device(ws: Workspace, fill: Fill) -> None:
    device = {"tipo": "Computador portátil", "placa": "000777", "serial": 5551234567, "estado": "En uso"}
    control = CONTROL | {"implementacion": "Automático"}
    need = {"subproceso": RISK["subproceso"], "tema": "Seguridad de la información", "descripcion": "Un respaldo"}
    need |= {"forma": "Necesidad", "equipo": "000777", "riesgo": "N-1", "valor_unitario": 1500000.5}
    path = fill({NEW_RISK: RISK, NEW_CONTROL: control, NEW_DEVICE: device, ("Necesidades", 6): need})

    filled = read(ws, path)
    done = adopt(ws, filled)

    assert (done.new, done.changed, done.pending) == (4, 0, 0)
    assert filled.wrong == ()
    risk = ws.records("riesgo")[-1]
    assert risk.values["referencia"] == "R-002"
    assert risk.values["zona_inherente"] == "moderado"
    assert risk.values["descripcion"] == (
        "Posibilidad de pérdida económica por pagos fuera de fecha debido a el servidor sin respaldo."
    )
    assert ws.records("control")[-1].values["riesgo"] == risk.uid
    laptop = ws.records("equipo")[-1]
    assert (laptop.values["placa"], laptop.values["serial"]) == ("000777", "5551234567")
    wanted = ws.records("necesidad")[-1].values
    assert (wanted["equipo"], wanted["riesgo"]) == (laptop.uid, risk.uid)
    assert wanted["valor_unitario"] == Decimal("1500000.50")


def test_lower_trust_stays_visible(ws: Workspace, fill: Fill) -> None:
    adopt(ws, read(ws, fill({NEW_RISK: RISK, ("Equipos", 5): {"marca": "Lenovo"}})))

    risk, device = ws.records("riesgo")[-1], ws.records("equipo")[0]
    assert risk.created_by == "Ana Ruiz – Auxiliar administrativa (recibido sin firma)"
    assert device.changed_by.endswith("(recibido sin firma)")
    assert ws.history(device.uid)[-1].who.endswith("(recibido sin firma)")
    assert risk.values["fuente"] == SOURCE
    assert risk.origin is not None and risk.origin.delivery.startswith("formulario sin firma ")
    assert (risk.origin.sheet, risk.origin.row) == NEW_RISK


def test_adopting_is_one_step_back(ws: Workspace, fill: Fill) -> None:
    control = CONTROL | {"implementacion": "Manual"}
    adopt(ws, read(ws, fill({NEW_RISK: RISK, NEW_CONTROL: control, ("Equipos", 5): {"marca": "Lenovo"}})))

    assert ws.undo() == "recibir el formulario «formulario.xlsx»"

    assert ws.counts()["riesgo"] == 1 and ws.counts()["control"] == 1
    assert ws.records("equipo")[0].values["marca"] == "HP"


def test_corrections_are_told_with_before_and_after(ws: Workspace, fill: Fill) -> None:
    path = fill({("Equipos", 5): {"marca": "Lenovo", "anio": 2019, "ofimatica": "Office 2010 (otra edición)"}})

    filled = read(ws, path)

    (line,) = [line for line in filled.lines if line.kind == "cambiado"]
    assert [(c.label, c.before, c.after, c.address) for c in line.changes] == [
        ("Marca", "HP", "Lenovo", "Equipos!F5"),
        ("Año", "", "2019", "Equipos!H5"),
        ("Office", "", "Office 2010 (otra edición)", "Equipos!J5"),
    ]


def test_emptied_cell_empties_the_field(ws: Workspace, fill: Fill) -> None:
    adopt(ws, read(ws, fill({("Equipos", 5): {"marca": None}})))

    assert ws.records("equipo")[0].values["marca"] is None


def test_emptied_row_is_a_question(ws: Workspace, fill: Fill) -> None:
    names = [column.name for column in columns(TYPES["equipo"]) if column.typed]

    filled = read(ws, fill({("Equipos", 5): dict.fromkeys(names)}))

    assert only(filled).address == "Equipos, fila 5"
    assert "sigue registrado" in only(filled).text and not only(filled).taken
    assert filled.changed == 0


def test_same_form_twice_makes_nothing_twice(ws: Workspace, fill: Fill) -> None:
    path = fill({NEW_RISK: RISK, NEW_CONTROL: CONTROL | {"implementacion": "Manual"}})
    adopt(ws, read(ws, path))

    again = read(ws, path)

    assert (again.new, again.changed, again.equal) == (0, 0, 7)
    assert again.wrong == ()


def test_corrected_form_corrects_what_it_brought(ws: Workspace, fill: Fill) -> None:
    adopt(ws, read(ws, fill({NEW_RISK: RISK})))

    again = read(ws, fill({NEW_RISK: {"frecuencia_anual": 400}}))
    adopt(ws, again)

    assert (again.new, again.changed) == (0, 1)
    assert ws.records("riesgo")[-1].values["frecuencia_anual"] == 400
    assert ws.counts()["riesgo"] == 2


def test_copy_filled_by_somebody_else_brings_new_records(ws: Workspace, fill: Fill) -> None:
    first = {"tipo": "Servidor", "placa": "A-1", "modelo": "ML30", "estado": "En uso"}
    adopt(ws, read(ws, fill({NEW_DEVICE: first})))

    other = {"tipo": "UPS", "placa": "B-9", "modelo": "Smart 1500", "estado": "En uso"}
    filled = read(ws, fill({NEW_DEVICE: other}))
    adopt(ws, filled)

    assert (filled.new, filled.changed) == (1, 0)
    assert {r.values["placa"] for r in ws.records("equipo")} >= {"A-1", "B-9"}


def test_form_undone_may_be_received_again(ws: Workspace, fill: Fill) -> None:
    path = fill({NEW_RISK: RISK})
    adopt(ws, read(ws, path))
    ws.undo()

    assert read(ws, path).new == 1


def test_program_and_form_changed_the_same_field(ws: Workspace, fill: Fill) -> None:
    device = ws.records("equipo")[0]
    ws.put("equipo", device.uid, {"marca": "Acer", "anio": "2018"})

    filled = read(ws, fill({("Equipos", 5): {"marca": "Lenovo", "modelo": "M710"}}))
    adopt(ws, filled)

    assert only(filled).address == "Equipos!F5" and "«Acer»" in only(filled).text
    values = ws.records("equipo")[0].values
    assert (values["marca"], values["anio"], values["modelo"]) == ("Acer", 2018, "M710")


def test_store_that_moved_on_takes_nothing(ws: Workspace, fill: Fill) -> None:
    filled = read(ws, fill({("Equipos", 5): {"marca": "Lenovo"}, NEW_RISK: RISK}))
    ws.put("equipo", ws.records("equipo")[0].uid, {"anio": "2018"})

    with pytest.raises(UserError, match="no se guardó nada"):
        adopt(ws, filled)

    assert ws.counts()["riesgo"] == 1


def test_adopting_twice_is_refused(ws: Workspace, fill: Fill) -> None:
    filled = read(ws, fill({NEW_RISK: RISK}))
    adopt(ws, filled)

    with pytest.raises(UserError, match="no se guardó nada"):
        adopt(ws, filled)

    assert ws.counts()["riesgo"] == 2


def test_text_in_a_number_waits_as_a_draft(ws: Workspace, fill: Fill) -> None:
    filled = read(ws, fill({NEW_RISK: RISK | {"frecuencia_anual": "casi siempre"}}))
    done = adopt(ws, filled)

    assert only(filled).address == "Riesgos!L6" and only(filled).taken
    assert "«casi siempre» no es un número entero" in only(filled).text
    assert done.pending == 1
    assert ws.records("riesgo")[-1].drafts == {"frecuencia_anual": "casi siempre"}
    assert any(p.problem.code == "borrador" for p in ws.problems())


def test_word_outside_of_the_list_names_the_nearest(ws: Workspace, fill: Fill) -> None:
    filled = read(ws, fill({("Equipos", 5): {"sistema_operativo": "Windos 10"}}))

    assert only(filled).address == "Equipos!I5"
    assert "«Windows 10»" in only(filled).text


def test_half_done_row_says_what_is_missing(ws: Workspace, fill: Fill) -> None:
    filled = read(ws, fill({NEW_DEVICE: {"tipo": "Servidor"}}))
    adopt(ws, filled)

    assert only(filled).text == "Falta: estado. Se completa en el programa."
    assert ws.counts()["equipo"] == 3


def test_formula_without_result_is_not_taken(ws: Workspace, fill: Fill) -> None:
    filled = read(ws, fill({("Equipos", 5): {"anio": "=2000+19"}}))

    assert only(filled).address == "Equipos!H5" and not only(filled).taken
    assert "fórmula" in only(filled).text
    assert filled.changed == 0


@pytest.mark.parametrize(
    ("reference", "words"), [("N-2", "«N-2» está vacío"), ("R-900", "no está en la hoja «Riesgos»")]
)
def test_control_of_a_risk_that_is_not_there(ws: Workspace, fill: Fill, reference: str, words: str) -> None:
    filled = read(ws, fill({NEW_CONTROL: CONTROL | {"implementacion": "Manual", "riesgo": reference}}))

    assert filled.wrong[0].address == "Controles!C6"
    assert words in filled.wrong[0].text


def test_dates_and_no_aplica(ws: Workspace, fill: Fill) -> None:
    row = {"fecha_implementacion": date(2026, 6, 30), "fecha_seguimiento": "31/12/2026", "impacto_smlmv": "no aplica"}
    row |= {"seguimiento": "borrar lo anterior", "estado_plan": "Borrar lo anterior"}
    adopt(ws, read(ws, fill({("Riesgos", 5): row})))

    values = ws.records("riesgo")[0].values
    assert (values["fecha_implementacion"], values["fecha_seguimiento"]) == (date(2026, 6, 30), date(2026, 12, 31))
    assert values["impacto_smlmv"] is NO_APLICA
    assert (values["seguimiento"], values["estado_plan"]) == (BORRAR, BORRAR)


def test_form_of_the_first_layout_misses_no_newer_column(ws: Workspace, fill: Fill) -> None:
    def older(book: Any) -> None:
        for name, cell in book["_peti_formulario"].iter_rows():
            if name.value == "formato":
                cell.value = "1"
        for title in ("Equipos", "Controles"):
            (source,) = [cell for cell in book[title][1] if cell.value == "fuente"]
            source.value = None

    filled = read(ws, fill({("Equipos", 5): {"marca": "Dell"}}, older))

    assert filled.wrong == ()
    assert filled.changed == 1


def test_endless_text_is_left_out(ws: Workspace, fill: Fill) -> None:
    filled = read(ws, fill({("Equipos", 5): {"anio": "año " * 3000, "modelo": "x" * 30_000}}))

    assert [wrong.taken for wrong in filled.wrong] == [False, False]
    assert "caben 120" in filled.wrong[0].text
    assert filled.changed == 0


def test_hidden_row_deleted(ws: Workspace, fill: Fill) -> None:
    filled = read(ws, fill({NEW_RISK: RISK}, lambda book: book["Equipos"].delete_rows(1)))

    assert only(filled).address == "Equipos, fila 1" and "fila 1" in only(filled).text
    assert filled.new == 1


def test_title_row_deleted_does_no_harm(ws: Workspace, fill: Fill) -> None:
    filled = read(ws, fill({}, lambda book: book["Equipos"].delete_rows(2)))

    assert (filled.new, filled.changed, filled.equal) == (0, 0, 5)


def test_renamed_sheet_is_found(ws: Workspace, fill: Fill) -> None:
    def rename(book: Any) -> None:
        book["Equipos"].title = "Inventario"

    filled = read(ws, fill({("Equipos", 5): {"marca": "Lenovo"}}, rename))

    assert filled.changed == 1
    assert filled.notes == ("La hoja «Equipos» se llama ahora «Inventario»; se lee igual.",)


def test_removed_sheet_and_removed_column(ws: Workspace, fill: Fill) -> None:
    def spoil(book: Any) -> None:
        book.remove(book["Sistemas"])
        book["Equipos"].delete_cols(6)

    filled = read(ws, fill({}, spoil))

    assert {wrong.address for wrong in filled.wrong} == {"Sistemas", "Equipos, fila 1"}
    assert "«Marca»" in next(w.text for w in filled.wrong if w.address.startswith("Equipos"))
    assert filled.changed == 0


def test_deleted_row_loses_nothing(ws: Workspace, fill: Fill) -> None:
    filled = read(ws, fill({}, lambda book: book["Equipos"].delete_rows(5)))

    assert (filled.new, filled.changed) == (0, 0)
    assert ws.counts()["equipo"] == 2


@pytest.mark.parametrize(
    ("key", "value", "words"),
    [
        ("dependencia", "HACIENDA", "es el formulario de Secretaría de Hacienda"),
        ("vigencia", "2025", "es de la vigencia 2025"),
        ("formato", "3", "versión más nueva"),
        ("formato", "uno", "no es un formulario"),
    ],
)
def test_form_that_is_not_for_this_store(ws: Workspace, fill: Fill, key: str, value: str, words: str) -> None:
    def say(book: Any) -> None:
        for name, cell in book["_peti_formulario"].iter_rows():
            if name.value == key:
                cell.value = value

    with pytest.raises(UserError, match=words):
        read(ws, fill({}, say))


def test_strangers_book_is_no_form(ws: Workspace, tmp_path: Path) -> None:
    book = openpyxl.Workbook()
    book["Sheet"]["A1"] = "Inventario"
    book.save(tmp_path / "lista.xlsx")

    with pytest.raises(UserError, match="no es un formulario"):
        read(ws, tmp_path / "lista.xlsx")


def test_office_receives_a_form_for_a_dependencia(ws: Workspace, tmp_path: Path) -> None:
    with Workspace.create(
        tmp_path / "oficina.sqlite", perfil="oficina", dependencia="TIC", nombre="Luz", cargo="", vigencia=2026,
        clock=lambda: NOON,
    ) as office:  # fmt: skip
        path = write(office, tmp_path / "f.xlsx", dependencia="SALUD").path
        typed(path, {("Equipos", 5): {"tipo": "Servidor", "placa": "A-1", "estado": "En uso"}})

        adopt(office, read(office, path))

        (server,) = office.records("equipo")
        assert server.dependencia == "SALUD"


# What Excel 2007 must find in the file


def rules_of(form: Path, title: str) -> dict[str, DataValidation]:
    sheet: Any = openpyxl.load_workbook(form)[title]
    names = {cell.column_letter: str(cell.value) for cell in sheet[1]}
    found = sheet.data_validations.dataValidation
    return {names[str(rule.sqref).split(":")[0].rstrip("0123456789")]: rule for rule in found}


@pytest.mark.parametrize("name", list(TYPES))
def test_every_asked_field_has_a_hint_and_a_rule(form: Path, name: str) -> None:
    record_type = TYPES[name]
    rules = rules_of(form, record_type.title)

    assert rules.keys() == {column.name for column in columns(record_type) if column.typed}
    for rule in rules.values():
        assert rule.prompt and len(rule.prompt) <= 225 and len(rule.promptTitle or "") <= 32
        assert rule.formula1 and len(rule.formula1) <= 255 and not rule.formula1.startswith("=")


def test_lists_are_defined_names_that_hold_every_label(form: Path, ws: Workspace) -> None:
    book = openpyxl.load_workbook(form)
    for record_type in TYPES.values():
        for name, rule in rules_of(form, record_type.title).items():
            if rule.type != "list":
                continue
            ((title, cells),) = book.defined_names[rule.formula1].destinations
            shown = [cell.value for row in book[title][cells.replace("$", "")] for cell in row]
            field = record_type[name]
            if field.catalogue:
                labels = [entry.label for entry in ws.catalogues.entries(field.catalogue)]
                assert shown == labels + (["No aplica", "Borrar lo anterior"] if field.may_be_na else [])


def test_names_are_never_cells(form: Path) -> None:
    assert all(name.startswith("lst_") for name in openpyxl.load_workbook(form).defined_names)


def test_only_what_people_write_is_unlocked(form: Path) -> None:
    book = openpyxl.load_workbook(form)
    for record_type in TYPES.values():
        sheet = book[record_type.title]
        assert sheet.protection.sheet
        typed = {column.name for column in columns(record_type) if column.typed}
        for row in (1, 2, 3, 4, FIRST_ROW, FIRST_ROW + blanks(record_type) - 1):
            for head, cell in zip(sheet[1], sheet[row], strict=True):
                assert cell.protection.locked is not (row >= FIRST_ROW and head.value in typed)


def test_nothing_newer_than_excel_2007(form: Path) -> None:
    import zipfile

    with zipfile.ZipFile(form) as archive:
        text = b"".join(archive.read(name) for name in archive.namelist()).decode()
    assert "extLst" not in text and "x14" not in text and "_xlfn" not in text


def test_strangers_reader_sees_the_same(form: Path) -> None:
    rows = CalamineWorkbook.from_path(form).get_sheet_by_name("Equipos").to_python()

    assert rows[2][:4] == ["", "N.º", "Tipo *", "Placa de inventario"]
    assert rows[4][2:4] == ["Computador de escritorio", "000123"]


def test_text_that_looks_like_a_formula_stays_text(form: Path) -> None:
    sheet: Any = openpyxl.load_workbook(form)["Riesgos"]
    cause = next(cell for cell in sheet[5] if sheet.cell(1, cell.column).value == "causa_raiz")

    assert (cause.value, cause.data_type, cause.quotePrefix) == ("=la entrega  tarde", "s", True)

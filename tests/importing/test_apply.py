"""A sheet comes in whole or not at all, once, and can be taken back in one step."""

import sqlite3
from collections.abc import Callable
from contextlib import closing
from pathlib import Path

import pytest

from peti_desktop import copies
from peti_desktop.errors import Cancelled, UserError
from peti_desktop.importing.apply import Taken, apply
from peti_desktop.importing.book import open_book
from peti_desktop.importing.columns import suggest
from peti_desktop.importing.preview import EQUAL, WRONG, Preview, preview
from peti_desktop.records import TYPES
from peti_desktop.workspace import Workspace

Write = Callable[..., Path]
ROWS = (
    ("Placa", "Serie", "Clase", "Marca", "Oficina"),
    ("00123", None, None, "Lenovo", "Urgencias"),
    ("00200", None, None, "Dell", None),
    ("00300", "S-3", "Portátil", "HP", "Archivo"),
    ("00400", "1.23E+11", "Máquina rara", "HP", "Archivo"),
    ("00300", "S-9", "Portátil", "HP", "Archivo"),
    ("Elaboró: Ana",),
)


def seen(ws: Workspace, path: Path, type_name: str = "equipo") -> Preview:
    book = open_book(path)
    record_type = TYPES[type_name]
    return preview(ws, record_type, book, book.sheets[0], suggest(record_type, book.sheets[0], ws.catalogues))


def dump(ws: Workspace) -> list[str]:
    with closing(sqlite3.connect(ws.store.path)) as connection:
        return list(connection.iterdump())


def placas(ws: Workspace) -> dict[object, object]:
    return {record.values["placa"]: record.values["marca"] for record in ws.records("equipo")}


def test_new_and_changed_rows_come_in_and_the_rest_is_counted(ws: Workspace, xlsx: Write) -> None:
    taken = apply(ws, seen(ws, xlsx(ROWS)))

    assert (taken.new, taken.changed, taken.equal, taken.left, taken.aside, taken.pending) == (1, 1, 1, 2, 1, 0)
    assert placas(ws) == {"00123": "Lenovo", "00200": "Dell", "00300": "HP"}
    assert taken.sentence == (
        "Se trajeron 1 fila nueva y 1 fila con cambios. "
        "1 ya estaban iguales; 2 con problemas no se trajeron; 1 no eran registros."
    )


def test_rows_with_problems_come_in_with_their_texts_to_be_mended(ws: Workspace, xlsx: Write) -> None:
    taken = apply(ws, seen(ws, xlsx(ROWS)), with_problems=True)

    assert (taken.new, taken.left, taken.pending) == (2, 1, 1)
    record = next(r for r in ws.records("equipo") if r.values["placa"] == "00400")
    assert record.drafts == {"serial": "1.23E+11", "tipo": "Máquina rara"}
    assert record.values["serial"] is None
    assert {p.problem.field for p in ws.problems() if p.uid == record.uid and p.problem.code == "borrador"} == {
        "serial",
        "tipo",
    }


def test_same_file_twice_changes_nothing(ws: Workspace, xlsx: Write) -> None:
    path = xlsx(ROWS)
    apply(ws, seen(ws, path))
    before = dump(ws)

    again = seen(ws, path)
    taken = apply(ws, again)

    assert (taken.new, taken.changed) == (0, 0)
    assert {line.kind for line in again.lines if line.row in {2, 3, 4}} == {EQUAL}
    assert dump(ws) == before


def test_preview_alone_changes_nothing(ws: Workspace, xlsx: Write) -> None:
    before = dump(ws)

    assert seen(ws, xlsx(ROWS)).counts[WRONG] == 2
    assert dump(ws) == before


def test_stopped_or_failed_in_the_middle_nothing_is_stored(
    ws: Workspace, xlsx: Write, monkeypatch: pytest.MonkeyPatch
) -> None:
    rows = [ROWS[0], *((f"P{n}", f"S{n}", "PC", "HP", "x") for n in range(100))]
    found = seen(ws, xlsx(rows))
    before = dump(ws)

    def stop(done: int, total: int, text: str) -> None:
        if done >= 60:
            raise Cancelled

    with pytest.raises(Cancelled):
        apply(ws, found, progress=stop)
    assert dump(ws) == before

    def full(*_: object) -> None:
        raise sqlite3.OperationalError("database or disk is full")

    monkeypatch.setattr("db.queries.records.set_many_drafts", full)
    with pytest.raises(UserError, match="lleno"):
        apply(ws, seen(ws, xlsx(ROWS)), with_problems=True)
    assert dump(ws) == before


def test_records_that_moved_on_since_the_preview_stop_it(ws: Workspace, xlsx: Write) -> None:
    found = seen(ws, xlsx(ROWS))
    device = ws.records("equipo")[0]
    ws.put("equipo", device.uid, {"marca": "Acer"})
    before = dump(ws)

    with pytest.raises(UserError, match="no se trajo nada"):
        apply(ws, found)

    assert dump(ws) == before


def test_a_copy_of_what_was_there_is_kept_before(ws: Workspace, xlsx: Write) -> None:
    before = dump(ws)

    apply(ws, seen(ws, xlsx(ROWS)))

    (copy,) = copies.room_of(ws).glob("*_antes-de-importar.sqlite")
    with Workspace.open(copy, writing=False) as kept:
        assert dump(kept) == before


def test_one_undo_takes_the_whole_file_back_and_it_can_come_again(ws: Workspace, xlsx: Write) -> None:
    path = xlsx(ROWS)
    apply(ws, seen(ws, path), with_problems=True)
    assert ws.undoable()[0] == "traer 3 de equipos desde «inventario.xlsx»"

    ws.undo()

    assert placas(ws) == {"00123": "HP", "00200": "Dell"}
    assert apply(ws, seen(ws, path)).new == 1
    assert placas(ws) == {"00123": "Lenovo", "00200": "Dell", "00300": "HP"}


def test_history_says_which_file_a_change_came_from(ws: Workspace, xlsx: Write) -> None:
    device = ws.records("equipo", equal={"placa": "00123"})[0]

    apply(ws, seen(ws, xlsx(ROWS)))

    last = ws.history(device.uid)[-1]
    assert (last.action, last.act) == ("cambiar", "traer 2 de equipos desde «inventario.xlsx»")


def test_sheet_answers_what_was_typed_and_not_understood(ws: Workspace, xlsx: Write) -> None:
    device = ws.records("equipo")[0]
    ws.put("equipo", device.uid, {"tipo": "no sé qué", "anio": "hace mucho"})

    apply(ws, seen(ws, xlsx([ROWS[0], ("00123", None, "Portátil", None, "x")])))

    record = ws.record("equipo", device.uid)
    assert record.values["tipo"] == "portatil"
    assert record.drafts == {"anio": "hace mucho"}

    ws.undo()

    assert ws.record("equipo", device.uid).drafts == {"tipo": "no sé qué", "anio": "hace mucho"}


def test_risks_and_controls_come_in_with_their_links_and_numbers(ws: Workspace, xlsx: Write) -> None:
    risks = xlsx(
        [("Ref.", "Riesgo", "Actividad"), (None, "Posibilidad de a", "b"), ("R-007", "Posibilidad de c", "d")],
        "riesgos.xlsx",
    )
    apply(ws, seen(ws, risks, "riesgo"))
    controls = xlsx(
        [
            ("Riesgo", "Control", "Tipo de control", "Implementación"),
            ("R-007", "verifica", "Preventivo", "Manual"),
            ("R-099", "concilia", "Preventivo", "Manual"),
        ],
        "controles.xlsx",
    )

    taken = apply(ws, seen(ws, controls, "control"), with_problems=True)

    by_reference = {record.values["referencia"]: record for record in ws.records("riesgo")}
    assert by_reference.keys() == {"R-001", "R-007"}
    linked, loose = ws.records("control")
    assert linked.values["riesgo"] == by_reference["R-007"].uid
    assert by_reference["R-007"].values["controles"] == 1
    assert (loose.values["riesgo"], loose.drafts, taken.pending) == (None, {}, 0)


def test_nothing_to_bring_is_said(ws: Workspace, xlsx: Write) -> None:
    taken = apply(ws, seen(ws, xlsx([ROWS[0], ROWS[2]])))

    assert taken == Taken(0, 0, 1, 0, 0, 0, ())
    assert taken.sentence == "No había nada nuevo que traer. 1 ya estaban iguales."

"""Templates: what can be repeated of a record, kept under a name."""

from collections.abc import Iterator
from decimal import Decimal

import pytest

from peti_desktop import templates
from peti_desktop.errors import UserError
from peti_desktop.records import NO_APLICA
from peti_desktop.workspace import Workspace


@pytest.fixture
def ws(address: str) -> Iterator[Workspace]:
    said = {"perfil": "dependencia", "dependencia": "SALUD", "nombre": "Ana", "cargo": "Profesional", "vigencia": 2026}
    with Workspace.create(address, **said) as made:  # type: ignore[arg-type]
        yield made


def test_template_keeps_what_can_be_repeated(ws: Workspace) -> None:
    first = ws.new("equipo", {"placa": "00123", "serial": "5CD1", "marca": "HP", "anio": 2019, "custodio": NO_APLICA})

    kept = templates.save(ws, "  Portátil   HP ", first)
    made = templates.begin(ws, kept.uid)

    assert kept.name == "Portátil HP"
    assert (made.values["marca"], made.values["anio"], made.values["custodio"]) == ("HP", 2019, NO_APLICA)
    assert (made.values["placa"], made.values["serial"]) == (None, None)
    assert ws.undo() == "crear equipo desde «Portátil HP»"
    assert [record.uid for record in ws.records("equipo")] == [first.uid]


def test_amounts_and_links(ws: Workspace) -> None:
    device = ws.new("equipo", {"placa": "1"})
    need = ws.new("necesidad", {"descripcion": "Disco", "valor_unitario": Decimal("350000.50"), "equipo": device.uid})

    made = templates.begin(ws, templates.save(ws, "Disco", need).uid)

    assert made.values["valor_unitario"] == Decimal("350000.50")
    assert made.values["equipo"] is None


def test_same_name_takes_the_place(ws: Workspace) -> None:
    templates.save(ws, "PC", ws.new("equipo", {"marca": "HP"}))
    templates.save(ws, "PC", ws.new("equipo", {"marca": "Dell", "modelo": "X"}))

    (kept,) = templates.listing(ws, "equipo")

    assert kept.fields == 2
    assert templates.begin(ws, kept.uid).values["marca"] == "Dell"
    assert templates.listing(ws, "riesgo") == []


def test_choice_that_left_the_list_is_left_empty(ws: Workspace) -> None:
    record = ws.new("equipo", {"marca": "HP", "estado": "de_otra_version"})

    made = templates.begin(ws, templates.save(ws, "Viejo", record).uid)

    assert (made.values["marca"], made.values["estado"]) == ("HP", None)


@pytest.mark.parametrize("name", ["", "   ", "x" * 61])
def test_name_is_asked_for(ws: Workspace, name: str) -> None:
    with pytest.raises(UserError, match="nombre corto"):
        templates.save(ws, name, ws.new("equipo", {"marca": "HP"}))


def test_nothing_to_keep_and_nothing_there(ws: Workspace) -> None:
    with pytest.raises(UserError, match="todavía no tiene datos"):
        templates.save(ws, "Vacía", ws.new("equipo", {"placa": "1"}))
    kept = templates.save(ws, "PC", ws.new("equipo", {"marca": "HP"}))
    templates.forget(ws, kept.uid)
    with pytest.raises(UserError, match="ya no está"):
        templates.begin(ws, kept.uid)

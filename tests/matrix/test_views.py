"""Views keep columns, filters and order under a name, for everybody, on both kinds of store."""

from datetime import date
from decimal import Decimal

import pytest

from db.queries import views as rows
from peti_desktop import views
from peti_desktop.consolidation import roles
from peti_desktop.errors import UserError
from peti_desktop.matrix import Condition, MatrixFilter, Op
from peti_desktop.workspace import Workspace

COLUMNS = (("dependencia", 180), ("placa", 90), ("anio", 0))
WANTED = MatrixFilter(
    "equipo",
    "ñandú 100%",
    (
        Condition("anio", Op.BETWEEN, (2015, None)),
        Condition("estado", Op.ONE_OF, ("en_uso", "")),
        Condition("observaciones", Op.CONTAINS, ("'; --",)),
        Condition("", Op.CORRECTED),
    ),
    ("placa", True),
)


def test_view_comes_back_as_it_was_kept(office: Workspace) -> None:
    kept = views.save(office, "  Equipos   viejos ", WANTED, COLUMNS)

    (found,) = views.listing(office, "equipo")
    assert found == kept
    assert (found.name, found.wanted, found.columns, found.who, found.initial) == (
        "Equipos viejos",
        WANTED,
        COLUMNS,
        office.info.who,
        False,
    )
    assert views.listing(office, "riesgo") == []


@pytest.mark.parametrize(
    "condition",
    [
        Condition("valor_total", Op.BETWEEN, (Decimal("1000.50"), Decimal(2_000_000))),
        Condition("dependencia", Op.ONE_OF, ("SALUD",)),
    ],
)
def test_exact_values_survive(office: Workspace, condition: Condition) -> None:
    wanted = MatrixFilter("necesidad", "", (condition,))

    assert views.save(office, "v", wanted, COLUMNS[:1]).wanted == wanted


def test_dates_survive(office: Workspace) -> None:
    wanted = MatrixFilter("riesgo", "", (Condition("fecha_implementacion", Op.BETWEEN, (None, date(2026, 5, 1))),))

    assert views.save(office, "v", wanted, COLUMNS[:1]).wanted == wanted


def test_same_name_takes_what_is_seen_now(office: Workspace) -> None:
    first = views.save(office, "Míos", WANTED, COLUMNS)
    again = views.save(office, "MIOS", MatrixFilter("equipo"), COLUMNS[:2])

    assert again.uid == first.uid
    assert [view.wanted for view in views.listing(office, "equipo")] == [MatrixFilter("equipo")]


def test_views_are_renamed_and_taken_away(office: Workspace) -> None:
    one, other = (views.save(office, name, WANTED, COLUMNS) for name in ("Uno", "Otro"))

    with pytest.raises(UserError, match="Ya hay una vista «Otro»"):
        views.rename(office, one, "otro")
    views.rename(office, one, "Primera")
    views.remove(office, other)
    assert [view.name for view in views.listing(office, "equipo")] == ["Primera"]
    with pytest.raises(UserError, match="otra persona la borró"):
        views.rename(office, other, "Nada")


@pytest.mark.parametrize("name", ["", "   ", "\x00", "x" * 61])
def test_a_name_that_cannot_be_is_refused(office: Workspace, name: str) -> None:
    with pytest.raises(UserError):
        views.save(office, name, WANTED, COLUMNS)

    assert views.listing(office, "equipo") == []


def test_one_view_is_what_the_page_opens_with(office: Workspace) -> None:
    one, other = (views.save(office, name, WANTED, COLUMNS) for name in ("Uno", "Otro"))

    views.set_initial(office, "equipo", one)
    views.set_initial(office, "equipo", other)
    assert [(view.name, view.initial) for view in views.listing(office, "equipo")] == [("Otro", True), ("Uno", False)]

    views.remove(office, views.listing(office, "equipo")[0])
    assert [(view.name, view.initial) for view in views.listing(office, "equipo")] == [("Uno", False)]


def test_what_a_newer_program_kept_is_passed_over(office: Workspace) -> None:
    kept = views.save(office, "v", WANTED, COLUMNS)
    with office.write() as connection:
        text = rows.listing(connection, "matriz/equipo")[0]["definicion"]
        newer = text.replace('"placa"', '"campo_nuevo"').replace('"contiene"', '"rima con"')
        rows.change(connection, kept.uid, {"definicion": newer})

    (found,) = views.listing(office, "equipo")
    assert found.columns == (COLUMNS[0], COLUMNS[2])
    assert found.wanted.order is None
    assert [condition.op for condition in found.wanted.conditions] == [Op.BETWEEN, Op.ONE_OF, Op.CORRECTED]


def test_a_range_of_a_field_that_is_another_by_now_is_passed_over(office: Workspace) -> None:
    kept = views.save(office, "v", WANTED, COLUMNS)
    with office.write() as connection:
        text = rows.listing(connection, "matriz/equipo")[0]["definicion"]
        rows.change(connection, kept.uid, {"definicion": text.replace('"2015"', '"reciente"')})

    (found,) = views.listing(office, "equipo")
    assert [condition.op for condition in found.wanted.conditions] == [Op.ONE_OF, Op.CONTAINS, Op.CORRECTED]


def test_who_only_reads_keeps_no_view(office: Workspace, monkeypatch: pytest.MonkeyPatch) -> None:
    kept = views.save(office, "Viejos", WANTED, COLUMNS)
    monkeypatch.setattr(roles, "role", lambda _ws: roles.CONTROL)

    for act in (
        lambda: views.save(office, "Otra", WANTED, COLUMNS),
        lambda: views.rename(office, kept, "Otra"),
        lambda: views.set_initial(office, "equipo", kept),
        lambda: views.remove(office, kept),
    ):
        with pytest.raises(UserError, match="Control Interno"):
            act()

    assert views.listing(office, "equipo") == [kept]

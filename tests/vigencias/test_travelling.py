"""The office's lists come to a dependencia in a real, signed starter file."""

from collections.abc import Callable
from dataclasses import replace
from datetime import date
from decimal import Decimal
from pathlib import Path

import pytest

from db.queries import catalogue, space
from peti_desktop.delivery import deliver, starter
from peti_desktop.delivery.keys_told import KeysTold
from peti_desktop.delivery.starter import Starter
from peti_desktop.errors import UserError
from peti_desktop.trust.keys import Signer
from peti_desktop.vigencias import changing, opening, travelling
from peti_desktop.workspace import Workspace
from tests.exchange.conftest import Clock, Pki

Rows = tuple[tuple[str, ...], ...]
Tell = Callable[[], Starter]


@pytest.fixture
def tell(office: Workspace, pki: Pki, tmp_path: Path) -> Tell:
    """The office writes a starter file for Salud; it is read back from the disk."""

    def tell() -> Starter:
        return written(office, pki.office, pki.der, tmp_path, travelling.sheets(office, "SALUD"))

    return tell


def written(office: Workspace, signer: Signer, der: bytes, folder: Path, more: object) -> Starter:
    composed = replace(starter.compose(office, "SALUD", KeysTold(der)), more=more)  # type: ignore[arg-type]
    path = folder / "inicio.xlsx"
    path.write_bytes(starter.signed(office, composed, (), signer))
    return starter.read(path, office.clock())


def test_the_lists_arrive_at_once_and_nothing_is_lost(office: Workspace, salud: Workspace, tell: Tell) -> None:
    opening.set_due(office, {("SALUD", "riesgo"): date(2026, 12, 1)})
    lists = office.catalogues
    changing.change(
        office,
        [
            changing.renamed(lists, "dependencia", "SALUD", "Secretaría de Bienestar", date(2026, 7, 1)),
            changing.closed(lists, "tema", "hardware", date(2026, 6, 30), ["software"]),
            changing.added(lists, "tema", "Drones"),
            changing.wage(2027, Decimal(1_900_000)),
        ],
        "Decreto de prueba",
        "probar",
    )
    before = {name: [r.values for r in salud.records(name)] for name in ("riesgo", "equipo", "necesidad")}

    said = starter.apply(salud, tell())

    assert "versión 1" in said
    assert salud.info.dependencia_nombre == "Secretaría de Bienestar"
    assert salud.info.vence == date(2026, 12, 1)
    assert salud.catalogues.find("tema", "drones") == "drones"
    assert salud.catalogues.smlmv(2027) == Decimal(1_900_000)
    assert salud.catalogues.version == office.catalogues.version
    wrong = {p.problem.text for p in salud.problems() if p.problem.field == "tema"}
    assert any("ya no rige" in text for text in wrong)
    assert {name: [r.values for r in salud.records(name)] for name in before} == before
    assert starter.apply(salud, tell()) == ""  # the same once more says nothing new


def test_the_delivery_says_under_which_lists_it_was_made(
    office: Workspace, salud: Workspace, tell: Tell, pki: Pki, tmp_path: Path, clock: Clock
) -> None:
    from peti_desktop import rereading
    from peti_desktop.intake import examine

    old = deliver.deliver(salud, pki.salud, tmp_path / "usb").path
    changing.change(office, [changing.added(office.catalogues, "tema", "Drones")], "prueba", "probar")
    starter.apply(salud, tell())
    clock.later()
    new = deliver.deliver(salud, pki.salud, tmp_path / "usb").path

    changed = changing.renamed(office.catalogues, "tema", "hardware", "Equipos y partes", None)
    changing.change(office, [changed], "prueba", "renombrar")
    starter.apply(salud, tell())
    [first, second] = [rereading.of_file(salud, path) for path in (old, new)]
    assert first.catalogues.entry("tema", "drones") is None
    assert second.catalogues.entry("tema", "drones") is not None
    assert second.catalogues.label("tema", "hardware") != "Equipos y partes"

    for path, version in ((old, ""), (new, "; propio 1")):
        found = examine.examine(office, path)
        assert found.delivery is not None
        assert found.delivery.envelope.catalogues.endswith(version or "metodo_v6 1")
        assert found.receipt.counts["doubtful"] == 0


def test_an_older_version_after_a_newer_one_is_left_aside(office: Workspace, salud: Workspace, tell: Tell) -> None:
    changing.change(office, [changing.added(office.catalogues, "tema", "Drones")], "prueba", "probar")
    older = tell()
    changing.change(office, [changing.added(office.catalogues, "tema", "Satélites")], "prueba", "probar")
    starter.apply(salud, tell())

    said = starter.apply(salud, older)

    assert "aquí ya rige la 2" in said
    assert salud.catalogues.own == 2


def row(codigo: str, text: str, lista: str = "tema", version: str = "1") -> tuple[str, ...]:
    return version, lista, codigo, text


HEAD = ("catalogos", "1", "1")
LONG = '{"codigo":"x","nombre":"' + "x" * 25_000 + '"}'


@pytest.mark.parametrize(
    "sheet",
    [
        (("catalogos", "2", "1"),),
        (("otra", "1", "1"),),
        (("catalogos", "1"),),
        (("catalogos", "1", "uno"),),
        (HEAD, row("x", "[]")),
        (HEAD, row("x", "{")),
        (HEAD, row("x", "[" * 9_000)),
        (HEAD, row("x", LONG)),
        (HEAD, row("x", '{"codigo":"x","nombre":["a"]}')),
        (HEAD, row("x", '{"codigo":"x","nombre":"a\\u0000b"}')),
        (HEAD, row("x", '{"codigo":"x","nombre":"X","desde":"ayer"}')),
        (HEAD, row("x", '{"codigo":"x","nombre":"X","cambio":[{"nombre":"Y"}]}')),
        (HEAD, row("x", '{"codigo":"x","nombre":"X","alias":{}}')),
        (HEAD, row("x", '{"codigo":"x","nombre":"X"}', version="2")),
        (HEAD, row("x", '{"codigo":"x","nombre":"X"}'), row("x", '{"codigo":"x","nombre":"Y"}')),
        (HEAD, row("../x", '{"codigo":"../x","nombre":"X"}')),
        (HEAD, row("alto", '{"codigo":"alto","nombre":"Rosado"}', lista="zona")),
        (HEAD, row("2027", '{"anio":2027,"valor":"NaN"}', lista="smlmv")),
        (HEAD, row("2027", '{"anio":2027,"metodo":"../../x"}', lista="vigencia")),
        (HEAD, row("SALUD", '{"codigo":"SALUD","nombre":"Salud"}', lista="dependencia")),
        (HEAD, row("x", '{"codigo":"x","nombre":"X","hasta":"2026-01-01","paso_a":["x"]}')),
        (HEAD, *(row(f"x{n}", f'{{"codigo":"x{n}","nombre":"X{n}"}}') for n in range(5_001))),
    ],
)
def test_nonsense_from_a_signed_file_changes_nothing(
    office: Workspace, salud: Workspace, pki: Pki, tmp_path: Path, sheet: Rows
) -> None:
    opening.set_due(office, {("SALUD", "riesgo"): date(2026, 12, 1)})
    found = written(office, pki.office, pki.der, tmp_path, {travelling.SHEET: sheet})

    with pytest.raises(UserError):
        starter.apply(salud, found)

    assert salud.catalogues.own == 0
    with salud.read() as connection:
        assert catalogue.changes(connection) == []
        assert space.authorities(connection) == []
        assert space.deadlines(connection, 2026) == []


def test_a_file_that_was_cut_changed_or_is_anothers_changes_nothing(
    office: Workspace, salud: Workspace, pki: Pki, tell: Tell, tmp_path: Path
) -> None:
    changing.change(office, [changing.added(office.catalogues, "tema", "Drones")], "prueba", "probar")
    good = tell()
    data = (tmp_path / "inicio.xlsx").read_bytes()
    middle = len(data) // 2
    broken = {
        "truncado": data[:middle],
        "vacio": b"",
        "cambiado": data[:middle] + bytes([data[middle] ^ 1]) + data[middle + 1 :],
        "otra cosa": b"PK" + b"x" * 400,
    }
    for name, content in broken.items():
        path = tmp_path / f"{name}.xlsx"
        path.write_bytes(content)
        with pytest.raises(UserError) as refused:
            starter.read(path, office.clock())
        assert str(refused.value).endswith(("a la Oficina TIC.", "«_inicio.xlsx»."))
    assert salud.catalogues.own == 0

    starter.apply(salud, good)
    assert starter.apply(salud, good) == ""
    assert salud.catalogues.own == 1

"""Sealed cuts: what they freeze, that they come back byte for byte, and that no change goes unseen."""

import zlib
from collections.abc import Callable
from decimal import Decimal
from pathlib import Path

import pytest
from pypdf import PdfReader

from db import store as stores
from db.queries import cuts as rows
from db.queries import space
from db.schema import metadata
from peti_desktop import colleagues, reports
from peti_desktop.consolidation import budget, checking, cuts, frozen
from peti_desktop.errors import Cancelled, UserError
from peti_desktop.records import TYPES
from peti_desktop.reports.figures import figures
from peti_desktop.workspace import Workspace
from tests.cuts.conftest import Clock


def _tamper(ws: Workspace, sql: str, *values: object) -> None:
    with ws.write() as connection:
        connection.exec_driver_sql(sql if ws.store.server else sql.replace("%s", "?"), values)


def _problems(ws: Workspace) -> list[tuple[int, str]]:
    return [(found.cut.number, problem) for found in checking.verify(ws) for problem in found.problems]


def test_cut_holds_everything_and_its_reports(office: Workspace) -> None:
    sealed = cuts.seal(office, "  Primer   semestre ", "Antes del comité")

    assert (sealed.cut.number, sealed.cut.name, sealed.cut.note) == (1, "Primer semestre", "Antes del comité")
    assert {report.name for report in sealed.reports} == {*reports.REPORTS, cuts.WORKBOOK}
    assert sealed.without == ()
    assert cuts.listing(office) == [sealed.cut]
    with cuts.opened(office, sealed.cut.uid) as then:
        for name in TYPES:
            assert then.records(name, retired=None) == office.records(name, retired=None)
    assert [(found.rows, found.problems) for found in checking.verify(office)] == [(5, ())]


def test_what_waits_is_known_before_and_what_stayed_the_same_after(office: Workspace) -> None:
    assert cuts.waiting(office) == cuts.Waiting(5, 0, 0)
    assert [cuts.seal(office, name).same_as for name in ("Uno", "Dos")] == ["", "Corte n.º 1 · Uno"]
    budget.keep_amount(office, Decimal(1))
    assert cuts.seal(office, "Tres").same_as == "", "the money is part of what a cut keeps"
    office.new("equipo", {"tipo": "escritorio"})
    assert cuts.seal(office, "Cuatro").same_as == ""


def test_reports_are_issued_again_byte_for_byte(office: Workspace, clock: Clock, tmp_path: Path) -> None:
    sealed = cuts.seal(office, "Primero")
    (device,) = office.records("equipo")
    clock.go_on(400)
    office.put("equipo", device.uid, {"marca": "HP"})

    for report in sealed.reports:
        path = cuts.issue_again(office, sealed.cut.uid, report.name, tmp_path)
        assert path.read_bytes() == cuts.kept_report(office, sealed.cut.uid, report.name)[1]
        anew = report.name in reports.REPORTS and cuts.make_anew(office, sealed.cut.uid, report.name, tmp_path)
        # As the program has not changed meanwhile, even drawing it anew gives the very same paper.
        assert not anew or anew.read_bytes() == path.read_bytes()


def test_every_page_names_the_cut_and_its_code(office: Workspace, tmp_path: Path) -> None:
    sealed = cuts.seal(office, "Primer semestre")
    (code,) = [found.code for found in checking.verify(office)]

    pages = PdfReader(cuts.issue_again(office, sealed.cut.uid, "consolidado", tmp_path)).pages

    for page in pages:
        text = page.extract_text()
        assert "Corte n.º 1 · Primer semestre · sellado el 14-ene-2026, 10:42" in text
        assert f"Código del corte {code} · datos {figures(office).code}" in text
        assert "Corte abierto" not in text


def test_frozen_office_stands_still(office: Workspace, clock: Clock) -> None:
    cut = cuts.seal(office, "Primero").cut
    before = figures(office)
    clock.go_on(30)
    (device,) = office.records("equipo")
    office.retire("equipo", device.uid, "Se dio de baja")

    with cuts.opened(office, cut.uid) as then:
        assert then.today.isoformat() == "2026-01-14"
        assert figures(then).code == before.code != figures(office).code
        with pytest.raises(UserError, match="solo para leer"):
            then.put("equipo", device.uid, {"marca": "HP"})


def test_a_cut_keeps_the_budget_and_nothing_of_a_pc(office: Workspace) -> None:
    budget.keep_amount(office, Decimal(4_000))
    own = {"carpeta_vigilada": "C:/Ana", "oficina_respaldo": "E:/llaves", "copias_lugar": "D:/", "equipo": "PC-ANA"}
    office.set_settings(own)

    cut = cuts.seal(office, "Primero").cut
    budget.keep_amount(office, Decimal(1))

    assert {key.partition(":")[0] for key in colleagues.own_keys(office.store)} - frozen.PERSONAL == {"nombre", "cargo"}
    with cuts.opened(office, cut.uid) as then, then.read() as connection:
        assert budget.kept_amount(then) == Decimal(4_000)
        assert not [key for key in space.settings(connection) if key.partition(":")[0] in own]


def test_cuts_are_chained_and_named_once(office: Workspace) -> None:
    first = cuts.seal(office, "Primero").cut
    second = cuts.seal(office, "Segundo").cut

    assert (first.previous, second.previous, second.number) == ("", first.seal, 2)
    for name in ("primero", "", "x" * 61):
        with pytest.raises(UserError):
            cuts.seal(office, name)
    assert _problems(office) == []


def test_both_kinds_of_store_freeze_the_same(make: Callable[[str], Workspace], tmp_path: Path, server: object) -> None:
    from peti_desktop.move import move

    file = make(str(tmp_path / "a.sqlite"))
    cut = cuts.seal(file, "Primero").cut
    file.close()
    address = server.database()  # type: ignore[attr-defined]
    move(tmp_path / "a.sqlite", address)

    with Workspace.open(address) as ws:
        assert cuts.listing(ws) == [cut]
        assert _problems(ws) == []
        with cuts.opened(ws, cut.uid) as then, ws.read() as there, then.read() as here:
            first, second = (frozen.freeze(of, seen, {}, _quiet) for of, seen in ((ws, there), (then, here)))
    lines = [zlib.decompress(found.content).decode().split("\n")[1:] for found in (first, second)]
    assert lines[0] == lines[1]


def _quiet(done: int, total: int, text: str) -> None:
    """Listen to nothing."""


def test_cancelling_leaves_nothing(office: Workspace) -> None:
    told: list[str] = []

    def stop(done: int, total: int, text: str) -> None:
        told.append(text)
        if "informe 3" in text:
            raise Cancelled

    with pytest.raises(Cancelled):
        cuts.seal(office, "Primero", progress=stop)

    assert cuts.listing(office) == []
    assert told[0] == "Congelando la consolidación"
    with office.read() as connection:
        assert connection.exec_driver_sql("SELECT count(*) FROM corte_informe").scalar() == 0
        assert connection.exec_driver_sql("SELECT count(*) FROM bitacora").scalar() == 0


def test_report_that_cannot_be_made_is_named(office: Workspace, monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(ws: Workspace, progress: object, paper: str = "") -> bytes:
        raise UserError("No cabe.", "Filtre.")

    poor = reports.Report("mapas", "Mapas", refuse)
    monkeypatch.setitem(reports.REPORTS, "mapas", poor)

    sealed = cuts.seal(office, "Primero")

    assert sealed.without == (("Mapas", "No cabe. Filtre."),)
    assert "mapas" not in {report.name for report in sealed.reports}


@pytest.mark.parametrize(
    ("sql", "words"),
    [
        ("UPDATE corte SET nombre = 'Otro' WHERE numero = 1", "no son los que se sellaron"),
        ("UPDATE corte SET nota = 'Otra' WHERE numero = 1", "no son los que se sellaron"),
        ("UPDATE corte SET quien = 'Otro' WHERE numero = 1", "no son los que se sellaron"),
        ("UPDATE corte SET sello = 'abc' WHERE numero = 1", "no coinciden con el sello"),
        ("UPDATE corte_informe SET contenido = 'x' WHERE nombre = 'mapas'", "cambió después de sellarse"),
        ("DELETE FROM corte_informe WHERE nombre = 'mapas'", "no coinciden con el sello"),
        ("DELETE FROM corte WHERE numero = 1", "No sigue al corte anterior"),
        ("DELETE FROM corte WHERE numero = 2", "ya no están: n.º 2"),
        ("DELETE FROM corte", "ya no están: n.º 1, n.º 2"),
        ("UPDATE corte SET contenido = 'x' WHERE numero = 2", "está dañado"),
        ("UPDATE bitacora SET detalle = 'nada' WHERE id = 1", "La bitácora no dice que se haya sellado"),
        ("UPDATE bitacora SET detalle = '[]' WHERE id = 1", "La bitácora no dice que se haya sellado"),
        ("UPDATE bitacora SET detalle = '{}' WHERE id = 1", "La bitácora no dice que se haya sellado"),
    ],
)
def test_no_change_goes_unseen(office: Workspace, sql: str, words: str) -> None:
    cuts.seal(office, "Primero")
    cuts.seal(office, "Segundo")
    assert _problems(office) == []

    _tamper(office, sql)

    try:
        found = " ".join(problem for _, problem in _problems(office))
    except UserError as error:
        found = str(error)
    assert words in found


def test_content_that_changed_is_not_used(office: Workspace) -> None:
    cut = cuts.seal(office, "Primero").cut
    with office.read() as connection:
        content = rows.content(connection, cut.uid) or b""
    forged = zlib.compress(zlib.decompress(content).replace(b"000123", b"000124"))
    _tamper(office, "UPDATE corte SET contenido = %s", forged)

    assert [words for _, words in _problems(office)] == [
        "El contenido congelado o la lista de informes no coinciden con el sello."
    ]
    with pytest.raises(UserError, match="no coincide con su sello"), cuts.opened(office, cut.uid):
        pass

    for damaged in (content[:-20], b"", b"nada", content + b"x", zlib.compress(b"nada\n")):
        _tamper(office, "UPDATE corte SET contenido = %s", damaged)
        assert any("dañado" in words for _, words in _problems(office))
        with pytest.raises(UserError, match="no coincide con su sello"), cuts.opened(office, cut.uid):
            pass


def test_report_whose_name_leads_elsewhere_is_not_issued(office: Workspace, tmp_path: Path) -> None:
    cut = cuts.seal(office, "Primero").cut
    _tamper(office, "UPDATE corte_informe SET archivo = %s WHERE nombre = 'mapas'", "../mapas.pdf")

    with pytest.raises(UserError, match="no coincide con su sello"):
        cuts.issue_again(office, cut.uid, "mapas", tmp_path / "informes")
    assert list(tmp_path.glob("*.pdf")) == []


def test_changed_report_is_not_issued(office: Workspace, tmp_path: Path) -> None:
    cut = cuts.seal(office, "Primero").cut
    _tamper(office, "UPDATE corte_informe SET contenido = %s WHERE nombre = 'mapas'", b"%PDF")

    with pytest.raises(UserError, match="no coincide con su sello"):
        cuts.issue_again(office, cut.uid, "mapas", tmp_path)

    assert list(tmp_path.glob("*.pdf")) == []


def test_who_seals_while_a_colleague_did_is_told(office: Workspace) -> None:
    between: list[str] = []

    def colleague(done: int, total: int, text: str) -> None:
        if text == "Guardando el corte":
            between.append(cuts.seal(office, "Luis").cut.name)

    with pytest.raises(UserError, match="Otra persona selló un corte"):
        cuts.seal(office, "Ana", progress=colleague)

    assert [cut.name for cut in cuts.listing(office)] == between == ["Luis"]
    assert _problems(office) == []


def test_cut_of_an_older_program_is_brought_up_to_date(file_office: Workspace) -> None:
    with stores.in_memory("0001").read() as connection:
        columns = [row[1] for row in connection.exec_driver_sql("PRAGMA table_info(equipo)")]
    (device,) = file_office.records("equipo")
    with file_office.read() as connection:
        settings = space.settings(connection)
        found = connection.exec_driver_sql(f"SELECT {', '.join(columns)} FROM equipo").one()
    row = [bool(value) if name == "ejemplo" else value for name, value in zip(columns, found, strict=True)]

    store = rows.restored("0001", settings, [("equipo", columns, [row])])

    with Workspace(store, file_office.clock) as then, then.snapshot() as seen:
        assert "borrado" not in columns
        assert seen.records("equipo") == [device]


def test_what_is_left_out_is_named(file_office: Workspace) -> None:
    assert set(metadata.tables) >= rows.LEFT_OUT
    with file_office.read() as connection:
        frozen_tables = {name: columns for name, columns, _rows in rows.frozen(connection)}
    assert set(frozen_tables) == set(metadata.tables) - rows.LEFT_OUT
    assert all(rows.BULK not in columns for columns in frozen_tables.values())

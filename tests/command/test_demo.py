"""``demo`` leaves the whole job behind: stores to open, signed deliveries, the matrix, the reports."""

import sqlite3
from collections import Counter
from contextlib import closing
from pathlib import Path

import pypdf
import pytest
from python_calamine import CalamineWorkbook

from peti_desktop import catalogues, demo
from peti_desktop.errors import UserError
from peti_desktop.intake import inbox
from peti_desktop.office import enrolment
from peti_desktop.office.authority import Office
from peti_desktop.returning import issuing
from peti_desktop.trust import keys
from peti_desktop.workspace import Workspace
from ui.app import main

CATALOGUES = catalogues.load()
UNITS = [entry.code for entry in CATALOGUES.entries("dependencia")]


def test_everything_it_promises_is_there(made: Path) -> None:
    assert {path.stem for path in (made / "dependencias").glob("*.sqlite")} == set(UNITS)
    assert {path.name.split("_inicio")[0][5:] for path in (made / "inicio").iterdir()} == set(UNITS)
    assert {path.name.split("_entrega-")[0][5:] for path in (made / "entregas").iterdir()} == set(UNITS)
    assert {path.stem for path in (made / "llaves").glob("*.p12")} >= set(UNITS)
    assert len(list((made / "acuses").glob("*_acuse-*.xlsx"))) == len(UNITS)
    assert len(list((made / "informes").glob("*.pdf"))) >= 5
    assert (made / "matriz.xlsx").is_file()


def test_all_records_of_the_peti_are_there_once_with_who_answers(made: Path) -> None:
    with Workspace.open(made / "oficina.sqlite", writing=False) as office:
        records = [*office.records("riesgo"), *office.records("necesidad")]

    found = {str(r.values["fuente"]).rpartition(", ")[2]: (r.dependencia, r.values["subproceso"]) for r in records}
    assert found == {r.id: (r.dependencia, r.responde) for r in CATALOGUES.seed.registros}
    assert len(records) == len(CATALOGUES.seed.registros) == 105


def test_what_the_peti_does_not_say_is_marked(made: Path) -> None:
    with Workspace.open(made / "oficina.sqlite", writing=False) as office:
        needs, devices = office.records("necesidad"), office.records("equipo")
        marks = Counter((r.values["forma"], r.example) for r in needs)
        assert all(r.example for r in [*office.records("riesgo"), *devices])
        assert not any(r.example for r in [*office.records("sistema"), *office.records("sede")])

    assert marks == {("necesidad", True): 34, ("situacion", False): 15, ("recomendacion", False): 2}
    assert len(devices) == CATALOGUES.seed.data["equipos"]["total"] == 600


def test_every_key_was_asked_for_confirmed_and_told(made: Path) -> None:
    with Workspace.open(made / "oficina.sqlite", writing=False) as office:
        found = enrolment.listing(office)
        assert {one.dependencia for one in found if one.in_force} == set(UNITS)
        assert Office(office).exists()
    with Workspace.open(made / "dependencias" / "SALUD.sqlite", writing=False) as ws:
        (acuse,) = issuing.listing(ws)
        assert acuse.clase == "acuse"


def test_example_is_visible_on_paper(made: Path) -> None:
    text = pypdf.PdfReader(next((made / "informes").glob("*_consolidado.pdf"))).pages[0].extract_text()

    assert "no oficiales" in text


def test_every_delivery_was_accepted(made: Path) -> None:
    with Workspace.open(made / "oficina.sqlite", writing=False) as office:
        assert [r.state for r in inbox.listing(office)] == ["aceptada"] * len(UNITS)


def test_matrix_reads_in_another_program(made: Path) -> None:
    book = CalamineWorkbook.from_path(str(made / "matriz.xlsx"))

    rows = book.get_sheet_by_name("Riesgos").to_python()
    assert sum("Posibilidad de" in str(row) for row in rows) == 54


@pytest.mark.parametrize("unit", ["SALUD", "VIVIENDA"])
def test_stores_open_for_going_on_and_keys_open_with_the_written_passphrase(made: Path, unit: str) -> None:
    told = (made / "LEEME.txt").read_text("utf-8")
    passphrase = next(line for line in told.splitlines() if "Clave de ejemplo" in line).rpartition(": ")[2]

    with Workspace.open(made / "dependencias" / f"{unit}.sqlite") as ws:
        key = (ws.store.path.parent / ws.setting("llave")).resolve()
        assert ws.info.vence is not None
    assert keys.load(key, passphrase).name.startswith("Enlace de ejemplo")


def test_folder_with_other_things_is_left_alone(tmp_path: Path) -> None:
    (tmp_path / "tesis.docx").write_text("mía", encoding="utf-8")

    with pytest.raises(UserError, match="ya tiene otras cosas"):
        demo.run(tmp_path)

    assert [path.name for path in tmp_path.iterdir()] == ["tesis.docx"]


class Begun(Exception):
    """The room was made and the work would begin."""


def test_earlier_example_is_moved_where_nothing_is(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def begun(*_: object) -> None:
        raise Begun

    monkeypatch.setattr(demo, "_office", begun)
    folder = tmp_path / "peti"
    folder.mkdir()
    for name in (demo.MARK, "oficina.sqlite"):
        (folder / name).write_text("ejemplo", encoding="utf-8")
    others = [tmp_path / "peti.anterior", tmp_path / "peti.anterior-1"]
    for other in others:
        other.mkdir()
        (other / "tesis.docx").write_text("mía", encoding="utf-8")

    with pytest.raises(Begun):
        demo.run(folder)

    assert [(other / "tesis.docx").read_text("utf-8") for other in others] == ["mía", "mía"]
    assert (tmp_path / "peti.anterior-2" / demo.MARK).is_file()
    assert not folder.exists()


@pytest.mark.parametrize("inside", ["", "carpeta"])
def test_a_file_in_place_of_the_folder_is_one_sentence(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], inside: str
) -> None:
    (tmp_path / "tesis.docx").write_text("mía", encoding="utf-8")

    assert main(["demo", str(tmp_path / "tesis.docx" / inside)]) == 1

    (line,) = capsys.readouterr().err.splitlines()
    assert "carpeta" in line
    assert (tmp_path / "tesis.docx").read_text("utf-8") == "mía"


def test_no_store_is_left_locked_or_half_written(made: Path) -> None:
    assert not list(made.rglob("*.parcial"))
    for path in made.rglob("*.sqlite"):
        with closing(sqlite3.connect(path)) as connection:
            assert connection.execute("PRAGMA integrity_check").fetchone() == ("ok",)

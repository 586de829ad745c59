"""Many entries at once: every line told apart, none left behind unseen, all in one version."""

import pytest

from peti_desktop.errors import UserError
from peti_desktop.vigencias import changing, rules, several
from peti_desktop.vigencias.rules import PROCESS, UNIT
from peti_desktop.workspace import Workspace


def test_forty_new_subprocesos_in_one_version(office: Workspace) -> None:
    lists = office.catalogues
    beside = lists.subprocesos_of("SALUD")[0]
    rows = [["Subproceso", "Responde"], *([f"Vigilancia {n}", "secretaria de salud"] for n in range(39)), ["Minería"]]
    lines = several.understood(lists, PROCESS, rows, unit="HACIENDA")
    assert [line.new for line in lines] == [False, *[True] * 40]

    version = changing.change(office, several.edits(lists, PROCESS, lines, None, beside), "Acta", changing.SEVERAL)

    assert version == 1
    after = office.catalogues
    assert len(after.subprocesos_of("SALUD")) == len(lists.subprocesos_of("SALUD")) + 39
    assert after.dependencia_of("mineria") == "HACIENDA"
    assert (after.row(PROCESS, "mineria") or {})["proceso"] == (lists.row(PROCESS, beside) or {})["proceso"]
    assert not any(line.new for line in several.understood(after, PROCESS, rows, unit="HACIENDA"))


@pytest.mark.parametrize(
    ("lista", "cells", "wrong", "skipped"),
    [
        ("tema", ["Drones"], "", ""),
        ("tema", [" NOMBRE "], "", "encabezado"),
        ("tema", ["Drones", "otra cosa"], "más de una columna", ""),
        ("tema", ["x" * 501], "500 letras", ""),
        ("tema", ["", "Drones"], "Falta el nombre", ""),
        (PROCESS, ["Minería"], "Falta quién responde", ""),
        (PROCESS, ["Minería", "Secretaría de Marte"], "Marte", ""),
        (PROCESS, ["Minería", "BANCO_PROGRESO"], "ya no está vigente", ""),
        (PROCESS, ["Minería", "Secretaría de Salud", "x"], "más de dos columnas", ""),
        (UNIT, ["SECRETARIA  DE SALUD"], "", "Ya está"),
    ],
)
def test_each_line_is_judged(office: Workspace, lista: str, cells: list[str], wrong: str, skipped: str) -> None:
    [line] = several.understood(office.catalogues, lista, [cells, ["", " "]])
    assert (wrong in line.wrong and bool(wrong) == bool(line.wrong)) and skipped in line.skipped
    assert bool(skipped) == bool(line.skipped) and line.new == (not wrong and not skipped)


def test_lines_that_say_the_same_or_another_thing(office: Workspace) -> None:
    rows = [["Minería", "Secretaría de Salud"], ["MINERIA", "SALUD"], ["Minería", "Secretaría de Hacienda"]]
    same = several.understood(office.catalogues, PROCESS, rows)
    assert [bool(line.wrong) for line in same] == [False, False, True] and "más arriba" in same[1].skipped
    with pytest.raises(UserError, match="otra dependencia"):
        several.edits(office.catalogues, PROCESS, same, None)


def test_names_that_make_one_code_stay_two(office: Workspace) -> None:
    lines = several.understood(office.catalogues, "tema", [["Redes (5G)"], ["Redes 5G"]])
    edits = several.edits(office.catalogues, "tema", lines, None)
    assert len({edit.codigo for edit in edits}) == 2
    changing.change(office, edits, "Acta", changing.SEVERAL)


def test_too_much_is_refused_with_a_sentence(office: Workspace) -> None:
    with pytest.raises(UserError, match="por partes"):
        several.understood(office.catalogues, "tema", [[f"t{n}"] for n in range(several.MOST + 1)])
    lines = several.understood(
        office.catalogues, PROCESS, [[f"p{n}", "SALUD"] for n in range(rules.MOST_PROCESSES + 1)]
    )
    edits = several.edits(office.catalogues, PROCESS, lines, None, office.catalogues.subprocesos_of("SALUD")[0])
    with pytest.raises(UserError, match="responde"):
        changing.change(office, edits, "Acta", changing.SEVERAL)
    assert office.catalogues.own == 0

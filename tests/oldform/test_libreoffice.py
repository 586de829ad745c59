"""The same form in a real spreadsheet program, where one is installed: it opens, counts, keeps and saves."""

import shutil
import subprocess
from pathlib import Path
from typing import Any

import openpyxl
import pytest

from peti_desktop.oldform.layout import FIRST_ROW
from peti_desktop.oldform.reading import read
from peti_desktop.workspace import Workspace
from tests.oldform.conftest import RISK, Fill

OFFICE = shutil.which("soffice")

pytestmark = pytest.mark.skipif(OFFICE is None, reason="no LibreOffice here")


def saved_again(path: Path, folder: Path, kind: str) -> Path:
    """The form as LibreOffice saves it, in a profile of its own."""
    assert OFFICE is not None
    folder.mkdir()
    profile = f"-env:UserInstallation={(folder / 'perfil').as_uri()}"
    subprocess.run(
        [OFFICE, profile, "--headless", "--convert-to", kind, "--outdir", str(folder), str(path)],
        capture_output=True, check=True, timeout=120,
    )  # fmt: skip
    return folder / f"{path.stem}.{kind}"


@pytest.mark.parametrize("kind", ["xlsx", "xls", "ods"])
def test_filled_form_survives_saving(ws: Workspace, fill: Fill, tmp_path: Path, kind: str) -> None:
    device = {"tipo": "Servidor", "placa": "000777", "serial": "12345678901234567890", "estado": "En uso"}
    control = {"riesgo": "N-1", "responsable": "Jefe", "accion": "- concilia\ny avisa", "tipo": "Detectivo"}
    path = fill(
        {("Riesgos", 6): RISK, ("Equipos", 7): device, ("Controles", 6): control, ("Equipos", 5): {"anio": 2019}}
    )

    filled = read(ws, saved_again(path, tmp_path / "otra", kind))

    assert (filled.new, filled.changed, filled.equal) == (3, 1, 4)
    assert [wrong.text for wrong in filled.wrong] == ["Falta: implementación. Se completa en el programa."]
    placa = next(line.values for line in filled.lines if line.type == "equipo" and line.kind == "nuevo")
    assert (placa["placa"], placa["serial"]) == ("000777", "12345678901234567890")


def test_zone_is_worked_out_and_everything_stays(ws: Workspace, fill: Fill, tmp_path: Path) -> None:
    rows: dict[tuple[str, int], dict[str, Any]] = {}
    expected = []
    rated = (
        (1, 5, None),
        (24, 50, None),
        (25, None, "Mayor"),
        (5001, 501, "Leve"),
        (300, 10.5, "Menor"),
        (3, None, None),
    )
    for place, (times, wages, seen) in enumerate(rated):
        answers = {"frecuencia_anual": times, "impacto_smlmv": wages, "impacto_reputacional": seen}
        rows["Riesgos", 6 + place] = RISK | answers
    path = fill(rows)
    for line in read(ws, path).lines:
        if line.type == "riesgo" and line.kind == "nuevo":
            made = ws.new("riesgo", line.values)
            expected.append(
                ws.catalogues.label("zona", str(made.values["zona_inherente"]))
                if made.values["zona_inherente"]
                else None
            )

    saved = saved_again(path, tmp_path / "otra", "xlsx")

    shown: Any = openpyxl.load_workbook(saved, data_only=True)["Riesgos"]
    names = {cell.value: cell.column for cell in shown[1]}
    assert [shown.cell(6 + n, names["_zona"]).value or None for n in range(len(rated))] == expected
    assert len(set(expected)) >= 4
    kept: Any = openpyxl.load_workbook(saved)
    sheet = kept["Riesgos"]
    assert sheet.protection.sheet and not sheet.cell(FIRST_ROW, names["actividad"]).protection.locked
    assert sheet.cell(FIRST_ROW, names["_zona"]).protection.locked
    lists = {rule.formula1 for rule in sheet.data_validations.dataValidation if rule.type == "list"}
    assert {"lst_subproceso", "lst_tratamiento"} <= lists <= set(kept.defined_names)
    colours = [rule.operator for found in sheet.conditional_formatting for rule in found.rules]
    assert colours == ["equal"] * 4

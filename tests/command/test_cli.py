"""The command line of the design: names, exit codes, JSON keys, and one sentence for what is wrong."""

import json
import os
import shlex
import shutil
import subprocess
import sys
from pathlib import Path

import openpyxl
import pytest

from peti_desktop import demo, typed
from peti_desktop.workspace import Workspace
from ui.app import main

KEYS = {"file", "verdict", "reasons", "signer", "dependencia", "added", "changed", "retired", "unchanged", "doubtful"}


@pytest.fixture
def office(made: Path, tmp_path: Path) -> str:
    """The office's store as it is before anything was received."""
    copy = tmp_path / "oficina.sqlite"
    with Workspace.open(made / "oficina.sqlite") as ws:
        ws.copy_to(copy)
    with Workspace.open(copy) as ws, ws.write() as connection:
        for table in ("riesgo", "control", "equipo", "necesidad", "sistema", "sede", "entrega_recibida", "historial"):
            connection.exec_driver_sql(f"DELETE FROM {table}")
    return str(copy)


def _said(capsys: pytest.CaptureFixture[str]) -> list[dict[str, object]]:
    return [json.loads(line) for line in capsys.readouterr().out.splitlines()]


def _salud(made: Path) -> str:
    return str(next((made / "entregas").glob("*_SALUD_*.xlsx")))


def test_verify_says_what_a_delivery_would_do(made: Path, office: str, capsys: pytest.CaptureFixture[str]) -> None:
    capsys.readouterr()

    code = main(["verify", "--store", office, "--json", _salud(made)])

    (said,) = _said(capsys)
    assert code == 0
    assert said.keys() >= KEYS
    assert (said["verdict"], said["dependencia"], said["reasons"]) == ("válida", "SALUD", [])
    assert (said["added"], said["doubtful"]) == (said["added"], 0)
    assert said["added"]


def test_verify_stores_nothing(made: Path, office: str) -> None:
    before = Path(office).read_bytes()

    main(["verify", "--store", office, _salud(made)])

    assert Path(office).read_bytes() == before


def test_verify_without_a_store_knows_nobody(made: Path, capsys: pytest.CaptureFixture[str]) -> None:
    capsys.readouterr()

    assert main(["verify", "--json", _salud(made)]) == 1
    assert _said(capsys)[0]["verdict"] == "desconocida"


@pytest.mark.parametrize(("sender", "code"), [("SALUD", 0), ("salud", 0), ("HACIENDA", 1), ("NADIE", 2)])
def test_verify_from_somebody(made: Path, office: str, sender: str, code: int) -> None:
    assert main(["verify", "--store", office, "--from", sender, _salud(made)]) == code


def test_verify_tells_the_bad_from_the_good(
    made: Path, office: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    good, text, alien = Path(_salud(made)), tmp_path / "a.xlsx", tmp_path / "b.xlsx"
    text.write_text("no soy un libro", encoding="utf-8")
    openpyxl.Workbook().save(alien)
    capsys.readouterr()

    code = main(["verify", "--store", office, "--json", str(good), str(text), str(alien), str(tmp_path / "nada.xlsx")])

    assert code == 1
    assert [s["verdict"] for s in _said(capsys)] == ["válida", "no válida", "no válida", "no válida"]


def test_merge_takes_all_and_then_nothing_more(made: Path, office: str, capsys: pytest.CaptureFixture[str]) -> None:
    capsys.readouterr()

    first = main(["merge", "--store", office, "--json", str(made / "entregas")])
    taken = _said(capsys)
    second = main(["merge", "--store", office, "--json", str(made / "entregas")])
    again = _said(capsys)

    assert (first, second) == (0, 0)
    assert sum(int(str(s["added"])) for s in taken) == sum(int(str(s["unchanged"])) for s in again) == 780
    assert not any(s["added"] or s["changed"] for s in again)


def test_merge_with_a_bad_file_takes_the_rest(made: Path, office: str, tmp_path: Path) -> None:
    shutil.copy(_salud(made), tmp_path / "buena.xlsx")
    altered = bytearray(Path(_salud(made)).read_bytes())
    altered[len(altered) // 3] ^= 0xFF
    (tmp_path / "mala.xlsx").write_bytes(altered)

    assert main(["merge", "--store", office, str(tmp_path)]) == 1

    with Workspace.open(office) as ws:
        assert ws.counts()["riesgo"] == 6


def test_reports_and_export(made: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    store = str(made / "oficina.sqlite")

    assert main(["report", "--store", store, "--out", str(tmp_path / "r"), "mapas"]) == 0
    assert main(["export", "--store", store, "--out", str(tmp_path / "m.xlsx")]) == 0

    assert [path.suffix for path in sorted((tmp_path / "r").iterdir())] == [".pdf"]
    assert (tmp_path / "m.xlsx").read_bytes()[:2] == b"PK"
    assert main(["report", "--store", store, "--out", str(tmp_path / "r"), "nada"]) == 2
    assert "No existe el informe «nada»" in capsys.readouterr().err


@pytest.mark.parametrize(
    "words",
    [["verify"], ["merge", "x.xlsx"], ["report"], ["nada"], ["export", "--store", "a"], ["verify", "--no", "x.xlsx"]],
)
def test_wrong_use_is_two_and_says_so(words: list[str], capsys: pytest.CaptureFixture[str]) -> None:
    assert main(words) == 2
    assert "peti-desktop --help" in capsys.readouterr().err


def test_trouble_is_one_and_one_sentence(made: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (tmp_path / "otra.sqlite").write_bytes(b"no soy" * 100)
    capsys.readouterr()

    assert main(["merge", "--store", str(tmp_path / "no.sqlite"), str(made)]) == 1
    assert main(["merge", "--store", str(tmp_path / "otra.sqlite"), str(made)]) == 1
    with Workspace.open(made / "oficina.sqlite"):
        assert main(["merge", "--store", str(made / "oficina.sqlite"), str(made)]) == 1

    lines = capsys.readouterr().err.splitlines()
    assert [word in line for word, line in zip(("No se encontró", "no es un archivo", "abierto"), lines, strict=True)]
    assert not any("Traceback" in line for line in lines)


@pytest.mark.skipif(sys.platform == "win32", reason="a folder cannot be made read-only like this on Windows")
def test_read_only_folder(made: Path, tmp_path: Path) -> None:
    folder = tmp_path / "lectura"
    folder.mkdir()
    shutil.copy(made / "oficina.sqlite", folder / "oficina.sqlite")
    folder.chmod(0o555)
    code = "import sys; from peti_desktop.cli import main; sys.exit(main(sys.argv[1:]))"
    # Root may write anywhere; without its capabilities it is somebody like everybody.
    plain = ["setpriv", "--bounding-set=-all", "--inh-caps=-all"] if os.geteuid() == 0 else []
    command = [sys.executable, "-c", code, "merge", "--store", str(folder / "oficina.sqlite"), _salud(made)]

    done = subprocess.run([*plain, *command], capture_output=True, text=True, timeout=60, check=False)

    folder.chmod(0o755)
    assert (done.returncode, "No se puede escribir en la carpeta" in done.stderr) == (1, True), done.stderr


@pytest.mark.skipif(sys.platform == "win32", reason="a POSIX shell")
@pytest.mark.parametrize("name", ["sin nada", "año 2026", "lo de «Ana» & Co", "O'Higgins", "$HOME", "-x;y"])
def test_shell_reads_a_quoted_path_as_one_word(tmp_path: Path, name: str) -> None:
    path = str(tmp_path / name)

    done = subprocess.run(["sh", "-c", f"printf %s {typed.quoted(path, 'linux')}"], capture_output=True, check=True)

    assert done.stdout.decode("utf-8") == path


@pytest.mark.parametrize(
    ("path", "word"),
    [
        (r"C:\Users\ana\año-1.sqlite", r"C:\Users\ana\año-1.sqlite"),
        (r"D:\lo de Ana\o.sqlite", r'"D:\lo de Ana\o.sqlite"'),
        (r"D:\a&b\o.sqlite", r'"D:\a&b\o.sqlite"'),
        (r"D:\copia(1)\o.sqlite", r'"D:\copia(1)\o.sqlite"'),
    ],
)
def test_cmd_reads_a_quoted_path_as_one_word(path: str, word: str) -> None:
    assert typed.quoted(path, "win32") == word


@pytest.mark.skipif(sys.platform == "win32", reason="a POSIX shell")
def test_demo_ends_with_commands_that_can_be_pasted(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    folder = tmp_path / "lo de Ñuñoa"
    monkeypatch.setattr(demo, "run", lambda *_: demo.Made(folder, 1, 1, (), None))

    assert main(["demo", str(folder)]) == 0

    said = [shlex.split(line) for line in capsys.readouterr().out.splitlines() if line.startswith("  ")]
    stores = ("oficina.sqlite", "dependencias/SALUD.sqlite")
    assert said == [["peti-desktop", str(folder / store)] for store in stores]

"""A store on a disc, or in a folder of somebody else, is read like any other."""

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest


def _in_read_only_folder(store: Path, folder: Path, *words: str) -> subprocess.CompletedProcess[str]:
    """Run a command on a copy of ``store`` in a folder that nobody may write."""
    folder.mkdir()
    shutil.copy(store, folder / "oficina.sqlite")
    (folder / "oficina.sqlite").chmod(0o444)
    folder.chmod(0o555)
    code = "import sys; from peti_desktop.cli import main; sys.exit(main(sys.argv[1:]))"
    # Root may write anywhere; without its capabilities it is somebody like everybody.
    plain = ["setpriv", "--bounding-set=-all", "--inh-caps=-all"] if os.geteuid() == 0 else []
    command = [sys.executable, "-c", code, words[0], "--store", str(folder / "oficina.sqlite"), *words[1:]]
    done = subprocess.run([*plain, *command], capture_output=True, text=True, timeout=60, check=False)
    assert [path.name for path in folder.iterdir()] == ["oficina.sqlite"]
    folder.chmod(0o755)
    return done


@pytest.mark.skipif(sys.platform == "win32", reason="a folder cannot be made read-only like this on Windows")
@pytest.mark.parametrize("words", [("verify", "{salud}"), ("report", "--out", "{out}", "mapas")])
def test_a_store_on_a_disc_is_read(made: Path, tmp_path: Path, words: tuple[str, ...]) -> None:
    salud = next((made / "entregas").glob("*_SALUD_*.xlsx"))
    filled = [word.format(salud=salud, out=tmp_path / "r") for word in words]

    done = _in_read_only_folder(made / "oficina.sqlite", tmp_path / "disco", *filled)

    assert done.returncode == 0, done.stderr

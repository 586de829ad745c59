"""What people on Windows get besides the program: complete, readable there, with what the LGPL asks for."""

import subprocess
import sys
import zipfile
from pathlib import Path, PurePosixPath

import pytest

NAMED = ("Abrir Peti Desktop.bat", "LEAME.txt", "Si su Windows es antiguo.txt")


@pytest.fixture
def archive(root: Path, tmp_path: Path) -> zipfile.ZipFile:
    frozen = tmp_path / "peti-desktop"
    (frozen / "_internal").mkdir(parents=True)
    for name in ("peti-desktop.exe", "peti-orden.exe", "_internal/python311.dll"):
        (frozen / name).write_bytes(b"MZ")
    done = subprocess.run(
        [sys.executable, str(root / ".ci" / "handout.py"), str(frozen), str(tmp_path / "dist")],
        capture_output=True,
        text=True,
        timeout=60,
        check=True,
    )
    return zipfile.ZipFile(done.stdout.strip())


def test_one_folder_holds_everything_the_texts_name(archive: zipfile.ZipFile) -> None:
    names = {str(PurePosixPath(name).relative_to("Peti Desktop")) for name in archive.namelist()}

    assert {*NAMED, "programa/peti-desktop.exe", "programa/peti-orden.exe", "programa/_internal/python311.dll"} <= names
    starter = archive.read("Peti Desktop/Abrir Peti Desktop.bat").decode("ascii")
    assert '"%~dp0programa\\peti-desktop.exe"' in starter
    assert f'"%~dp0{NAMED[2]}"' in starter


@pytest.mark.parametrize("name", NAMED)
def test_texts_end_their_lines_as_notepad_and_cmd_want(archive: zipfile.ZipFile, name: str) -> None:
    data = archive.read(f"Peti Desktop/{name}")

    assert data.count(b"\n") == data.count(b"\r\n") > 5
    # A mark before «@echo off» would be an unknown command; without one, old notepads misread the accents.
    assert data.startswith(b"\xef\xbb\xbf") == name.endswith(".txt")


def test_licences_come_along(archive: zipfile.ZipFile) -> None:
    licences = {PurePosixPath(name).relative_to("Peti Desktop").parts[1:] for name in archive.namelist()}

    assert {("LGPL-3.0.txt",), ("GPL-3.0.txt",), ("Peti Desktop", "LICENSE"), ("psycopg", "LICENSE.txt")} <= licences
    assert ("reportlab", "LICENSE") in licences
    assert not [parts for parts in licences if parts[-1:] == ("LicenseRef-Qt-Commercial.txt",)]


def test_second_time_leaves_nothing_of_the_first(root: Path, tmp_path: Path) -> None:
    frozen, target = tmp_path / "frozen", tmp_path / "dist"
    for name in ("vieja.dll", "nueva.dll"):
        frozen.mkdir()
        (frozen / name).write_bytes(b"MZ")
        command = [sys.executable, str(root / ".ci" / "handout.py"), str(frozen), str(target)]
        subprocess.run(command, capture_output=True, timeout=60, check=True)
        (frozen / name).unlink()
        frozen.rmdir()

    [written] = target.glob("*.zip")
    assert "Peti Desktop/programa/nueva.dll" in zipfile.ZipFile(written).namelist()
    assert "Peti Desktop/programa/vieja.dll" not in zipfile.ZipFile(written).namelist()

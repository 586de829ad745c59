"""Many files, some bad in ten ways: each is told apart, the others go on, and cancelling leaves everything whole."""

from pathlib import Path

import pytest

from bench import mixed


def test_bad_files_are_told_apart_and_stop_nothing(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)  # its files and its store are made below the folder one is in

    told, accepted, _memory = mixed.run(100, 30)

    assert len(told.partition(": ")[2].split("; 3 ")) == 10
    assert accepted.startswith("70 quedaron aceptados")

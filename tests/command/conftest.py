"""The whole job, done once by the installed command's own way in."""

from pathlib import Path

import pytest

from ui.app import main


@pytest.fixture(scope="session")
def made(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("trabajo") / "ejemplo con espacios y ñ"
    assert main(["demo", str(folder)]) == 0
    return folder

"""What holds for every test: no screen, no settings or data of the person who runs it."""

import os
from pathlib import Path

import pytest

# Before Qt is imported anywhere: it reads the platform once.
os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")


@pytest.fixture(autouse=True)
def _home_is_elsewhere(tmp_path_factory: pytest.TempPathFactory, monkeypatch: pytest.MonkeyPatch) -> None:
    """Point every place where a program keeps a person's files at an empty folder."""
    home = tmp_path_factory.mktemp("home")
    for name in ("HOME", "USERPROFILE", "APPDATA", "LOCALAPPDATA"):
        monkeypatch.setenv(name, str(home))
    for name in ("XDG_DATA_HOME", "XDG_CONFIG_HOME", "XDG_CACHE_HOME", "XDG_STATE_HOME"):
        monkeypatch.setenv(name, str(home / name.lower()))


@pytest.fixture
def root() -> Path:
    """The checkout's folder, for tests about the house itself."""
    return Path(__file__).resolve().parent.parent

"""Promises of the house that no room can keep alone: locks, start-up, no trace of a maker's machine."""

import re
import subprocess
import sys
import tomllib
from pathlib import Path

import pytest

ROOMS = ("peti_desktop", "ui", "db", "resources")
HEAVY = {"sqlalchemy", "alembic", "openpyxl", "reportlab", "cryptography", "numpy"}
TEXT = {".py", ".md", ".toml", ".txt", ".spec", ".nsi", ".yml", ".json", ".csv", ".svg", ""}


def _pins(lock: Path) -> dict[str, str]:
    return dict(re.findall(r"^([a-z0-9-]+)==(\S+)", lock.read_text("utf-8"), re.M))


def _texts(root: Path) -> list[Path]:
    folders = [root / name for name in (*ROOMS, "tests", "bench", "docs", ".ci")]
    found = [path for folder in folders for path in folder.rglob("*") if "__pycache__" not in path.parts]
    found += [path for path in root.iterdir() if not path.name.startswith(".")]
    return [path for path in found if path.is_file() and path.suffix in TEXT]


def test_both_locks_agree(root: Path) -> None:
    run, dev = _pins(root / ".ci/lock/run.txt"), _pins(root / ".ci/lock/dev.txt")

    assert run
    assert run.items() <= dev.items()


def test_every_dependency_is_locked(root: Path) -> None:
    project = tomllib.loads((root / "pyproject.toml").read_text("utf-8"))
    names = [re.match(r"[\w-]+", text) for text in project["project"]["dependencies"]]
    development = [re.match(r"[\w-]+", text) for text in project["dependency-groups"]["dev"]]

    run, dev = _pins(root / ".ci/lock/run.txt"), _pins(root / ".ci/lock/dev.txt")

    assert {m[0].lower().replace("_", "-") for m in names if m} <= run.keys()
    assert {m[0].lower().replace("_", "-") for m in development if m} <= dev.keys()


def test_every_locked_package_has_hashes(root: Path) -> None:
    for name in ("run", "dev"):
        text = (root / f".ci/lock/{name}.txt").read_text("utf-8")
        bare = [entry for entry in re.split(r"\n(?=\S)", text) if "--hash=sha256:" not in entry]
        assert bare == []


def test_no_machine_and_no_registry_is_named(root: Path) -> None:
    """Neither a folder of a maker's machine nor the host of a package registry belongs in the project."""
    alien = re.compile(
        r"/(?:root|home/\w+|work/(?:main|shared))/|[A-Z]:\\\\Users|pythonhosted|pypi\.(?:org|python)|(?<!emit-)index-url"
        r"|deb\.debian"
    )
    itself = Path(__file__).resolve()
    found = [
        f"{path.relative_to(root)}:{number}"
        for path in _texts(root)
        if path.resolve() != itself
        for number, line in enumerate(path.read_text("utf-8").splitlines(), 1)
        if alien.search(line)
    ]

    assert found == []


@pytest.mark.parametrize("room", ROOMS)
def test_rooms_say_that_they_are_typed(root: Path, room: str) -> None:
    assert (root / room / "py.typed").is_file()


def test_no_moment_is_read_in_the_machines_own_zone(root: Path) -> None:
    """Windows cannot tell what its clocks said before 1970: there ``fromtimestamp(0).astimezone()`` is an error."""
    found = [
        f"{path.relative_to(root)}:{number}"
        for room in ROOMS
        for path in sorted((root / room).rglob("*.py"))
        for number, line in enumerate(path.read_text("utf-8").splitlines(), 1)
        if re.search(r"fromtimestamp\([^,]*$|fromtimestamp\([^,]*\)\.astimezone", line)
    ]

    assert found == []


def test_importing_the_window_imports_nothing_heavy(root: Path) -> None:
    """The first paint waits for every import (docs/decisions/0001), so these come after it."""
    code = "import sys, ui.app; print(*sorted({name.split('.')[0] for name in sys.modules}))"

    done = subprocess.run(
        [sys.executable, "-c", code], cwd=root, capture_output=True, text=True, check=True, timeout=60
    )

    assert HEAVY & set(done.stdout.split()) == set()


def test_first_paint_comes_before_anything_heavy(root: Path) -> None:
    done = subprocess.run(
        [sys.executable, "-m", "peti_desktop", "--startup"],
        cwd=root, capture_output=True, text=True, check=True, timeout=60,
    )  # fmt: skip

    assert "heavy=none" in done.stdout.split()

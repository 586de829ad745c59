"""Build the wheel, look at what it holds, and try it in an environment of its own."""

from __future__ import annotations

import subprocess
import sys
import tempfile
import zipfile
from pathlib import Path

from ground import PYTHON, ROOT, WINDOWS, Stop, clean_environment

ROOMS = ("peti_desktop", "ui", "db", "resources")


def check() -> None:
    """Build the wheel without network, compare it with the checkout, install it and run its self-test."""
    with tempfile.TemporaryDirectory(prefix="peti-wheel-") as folder:
        wheel = _build(Path(folder))
        _compare(wheel)
        _try(wheel, Path(folder))


def _build(folder: Path) -> Path:
    _run(str(PYTHON), "-I", "-m", "build", "--wheel", "--no-isolation", "--outdir", str(folder), str(ROOT))
    return next(folder.glob("*.whl"))


def _compare(wheel: Path) -> None:
    """Stop unless ``wheel`` holds each file of the four packages, the dist-info, and nothing else."""
    with zipfile.ZipFile(wheel) as archive:
        names = {name for name in archive.namelist() if not name.split("/")[0].endswith(".dist-info")}
    wanted = {
        path.relative_to(ROOT).as_posix()
        for room in ROOMS
        for path in (ROOT / room).rglob("*")
        if path.is_file() and "__pycache__" not in path.parts
    }
    if names != wanted:
        lines = [f"falta {name}" for name in sorted(wanted - names)]
        lines += [f"sobra {name}" for name in sorted(names - wanted)]
        raise Stop("El paquete no contiene lo que debe:\n  " + "\n  ".join(lines))
    print(f"   {len(names)} archivos, los de los cuatro paquetes")


def _try(wheel: Path, folder: Path) -> None:
    fresh = folder / "venv"
    _run(str(PYTHON), "-I", "-m", "venv", "--without-pip", str(fresh))
    scripts = fresh / ("Scripts" if WINDOWS else "bin")
    python = scripts / PYTHON.name
    # The dependencies are lent by the development environment; the project itself comes from the wheel only.
    lent = Path(_site_packages(python)) / "lent.pth"
    lent.write_text(f"{_site_packages(PYTHON)}\n", encoding="utf-8")
    _run(str(PYTHON), "-I", "-m", "pip", "--disable-pip-version-check", "--python", str(python),
         "install", "--quiet", "--no-index", "--no-deps", str(wheel))  # fmt: skip
    _run(str(scripts / f"peti-desktop{'.exe' if WINDOWS else ''}"), "--self-test", cwd=folder)


def _site_packages(python: Path) -> str:
    code = "import sysconfig; print(sysconfig.get_path('purelib'))"
    return subprocess.run([str(python), "-I", "-c", code], capture_output=True, text=True, check=True).stdout.strip()


def _run(*command: str, cwd: Path = ROOT) -> None:
    environment = clean_environment(QT_QPA_PLATFORM="offscreen")
    code = subprocess.run(command, cwd=cwd, env=environment, stdin=subprocess.DEVNULL, check=False).returncode
    if code:
        raise Stop(f"Terminó con el código {code}: {' '.join(command)}")


if __name__ == "__main__":
    try:
        check()
    except Stop as stop:
        sys.exit(str(stop))

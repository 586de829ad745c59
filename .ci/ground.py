"""What the program stands on: Python, system libraries, a virtual environment and locked packages.

Standard library only: this runs before anything is installed.
"""

from __future__ import annotations  # so that an older Python gets as far as saying that it is too old

import ctypes
import hashlib
import importlib.util
import os
import shutil
import subprocess
import sys
import sysconfig
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
VENV = ROOT / ".venv"
LOCKS = ROOT / ".ci" / "lock"
WINDOWS = sys.platform == "win32"
SCRIPTS = VENV / ("Scripts" if WINDOWS else "bin")
PYTHON = SCRIPTS / ("python.exe" if WINDOWS else "python")

VENV_NEEDS = {"python3-venv": "import ensurepip"}  # Debian ships that part of Python apart
WINDOW_NEEDS = {
    "libgl1": "libGL.so.1",
    "libegl1": "libEGL.so.1",
    "libdbus-1-3": "libdbus-1.so.3",
    "libfontconfig1": "libfontconfig.so.1",
    "libglib2.0-0": "libgthread-2.0.so.0",
    "libxkbcommon0": "libxkbcommon.so.0",
    "libxcb-cursor0": "libxcb-cursor.so.0",
    "libxcb-icccm4": "libxcb-icccm.so.4",
    "libxcb-keysyms1": "libxcb-keysyms.so.1",
    "libxcb-shape0": "libxcb-shape.so.0",
    "libxcb-xkb1": "libxcb-xkb.so.1",
    "libxkbcommon-x11-0": "libxkbcommon-x11.so.0",
    "fonts-dejavu-core": "/usr/share/fonts/truetype/dejavu/DejaVuSans.ttf",
}
"""Debian package -> what shows that it is there: a library, a file (``/...``), a module or a command."""

TEST_NEEDS = {
    "xmlsec1": "xmlsec1",
    "poppler-utils": "pdftotext",
    "xvfb": "Xvfb",
    "xauth": "xauth",
    "postgresql": "pg_ctlcluster",
}

FREEZE_NEEDS = {"binutils": "objdump"}
if sys.base_prefix == "/usr":  # Debian's own Python: its shared library is a package apart
    _SHARED = f"libpython{sys.version_info[0]}.{sys.version_info[1]}"
    FREEZE_NEEDS[_SHARED] = f"{_SHARED}.so.1.0"

# Settings of the person's own pip that would put packages somewhere else, or other versions there.
_ELSEWHERE = (
    "PIP_TARGET",
    "PIP_PREFIX",
    "PIP_ROOT",
    "PIP_USER",
    "PIP_CONSTRAINT",
    "PIP_REQUIREMENT",
    "PIP_NO_BINARY",
)


class Stop(Exception):  # noqa: N818 - not always an error: it ends the command with a sentence
    """A Spanish sentence for the person at the terminal; the command ends there with an exit code."""

    def __init__(self, sentence: str, code: int = 1) -> None:
        super().__init__(sentence)
        self.code = code


def clean_environment(**more: str) -> dict[str, str]:
    """The environment for child processes, without what bends Python or pip, with ``more`` set."""
    kept = {k: v for k, v in os.environ.items() if not k.startswith("PYTHON") and k not in _ELSEWHERE}
    return {**kept, **more}


def require_python() -> None:
    """Stop unless this Python is one that the locked packages have wheels for."""
    if not (3, 11) <= sys.version_info[:2] <= (3, 13):
        found = ".".join(map(str, sys.version_info[:3]))
        raise Stop(f"Este Python es {found} y se necesita 3.11, 3.12 o 3.13. Instale uno de ellos y repita la orden.")


def can_freeze() -> bool:
    """Whether PyInstaller can take this Python along: one that was built by hand often has no shared library."""
    return WINDOWS or bool(sysconfig.get_config_var("Py_ENABLE_SHARED"))


def system_packages(needs: dict[str, str]) -> None:
    """Install through apt the packages of ``needs`` that are missing; apt is not called when none is."""
    if not sys.platform.startswith("linux"):
        return
    missing = [package for package, sign in needs.items() if not _is_there(sign)]
    if not missing:
        return
    apt_install(missing)
    still = [needs[package] for package in missing if not _is_there(needs[package])]
    if still:
        raise Stop(f"apt terminó, pero todavía falta: {', '.join(still)}. Revise sus mensajes de arriba.")


def apt_install(packages: list[str]) -> None:
    """Run apt for ``packages`` as root or through sudo, or stop with the command to be run by hand."""
    names = " ".join(packages)
    if not shutil.which("apt-get"):
        raise Stop(f"Faltan bibliotecas del sistema y aquí no hay apt. Instale lo que en Debian se llama: {names}.")
    prefix = _as_root()
    if prefix is None:
        raise Stop(
            "Faltan paquetes del sistema y no hay permiso de administrador para instalarlos. "
            f"Pida que se ejecute: apt-get install --no-install-recommends {names}"
        )
    apt = [*prefix, "env", "DEBIAN_FRONTEND=noninteractive", "apt-get"]
    for command in (
        [*apt, "-q", "update"],
        [*apt, "-q", "install", "-y", "--no-install-recommends", *packages],
    ):
        if subprocess.run(command, env=clean_environment(), stdin=_stdin(), check=False).returncode:
            raise Stop(
                f"No se pudo instalar con apt: {names}. Revise la conexión a internet y los mensajes "
                "de arriba, y repita la orden."
            )


def packages(lock: str) -> None:
    """Bring ``.venv`` to what ``.ci/lock/<lock>.txt`` names; nothing is run when the stamp agrees."""
    text = (LOCKS / f"{lock}.txt").read_bytes()
    version = _venv_version()
    if version is not None and _stamp(lock).is_file() and _stamp(lock).read_text("utf-8") == _mark(text, version):
        return
    if version is None or _ask(PYTHON, "import pip") is None:
        _make_venv()
        version = _venv_version()
    for stale in VENV.glob("peti-*.stamp"):
        stale.unlink()
    pip(
        "install", "--require-hashes", "--only-binary=:all:", "--no-deps", "--no-user",
        "-r", str(LOCKS / f"{lock}.txt"),
    )  # fmt: skip
    # dev.txt holds all of run.txt in the same versions (tests/test_house.py), so it satisfies both.
    for name in {lock, "run"}:
        _stamp(name).write_text(_mark((LOCKS / f"{name}.txt").read_bytes(), version or ""), "utf-8")


def pip(*arguments: str) -> None:
    """Run the environment's own pip; ``-I`` keeps PYTHONPATH and the user's site-packages out."""
    command = [str(PYTHON), "-I", "-m", "pip", "--disable-pip-version-check", "--no-input", *arguments]
    if subprocess.run(command, env=clean_environment(), stdin=subprocess.DEVNULL, check=False).returncode:
        raise Stop(
            "No se pudieron traer o instalar los paquetes de Python. Revise la conexión a internet "
            "(o el proxy) y repita la orden: continúa donde quedó."
        )


def _make_venv() -> None:
    command = [sys.executable, "-I", "-m", "venv", "--clear", str(VENV)]
    if subprocess.run(command, env=clean_environment(), check=False).returncode:
        raise Stop(f"No se pudo crear el entorno de Python en {VENV}. Revise el espacio y los permisos de la carpeta.")


def _venv_version() -> str | None:
    return _ask(PYTHON, "import platform; print(platform.python_version())") if PYTHON.exists() else None


def _ask(python: Path, code: str) -> str | None:
    """What ``python`` prints for ``code``, or None when it does not run to the end."""
    done = subprocess.run([str(python), "-I", "-c", code], capture_output=True, text=True, check=False)
    return None if done.returncode else done.stdout.strip()


def _mark(lock: bytes, version: str) -> str:
    # Line ends are levelled: git may check the file out with CRLF on Windows.
    digest = hashlib.sha256(lock.replace(b"\r", b"")).hexdigest()
    return f"{digest} {version}\n"


def _stamp(lock: str) -> Path:
    return VENV / f"peti-{lock}.stamp"


def _is_there(sign: str) -> bool:
    if sign.startswith("/"):
        return Path(sign).exists()
    if sign.startswith("import "):
        importlib.invalidate_caches()
        return importlib.util.find_spec(sign.removeprefix("import ")) is not None
    if ".so" not in sign:
        return shutil.which(sign) is not None
    try:
        ctypes.CDLL(sign)
    except OSError:
        return False
    return True


def _as_root() -> list[str] | None:
    """The words before a command that must run as root; None when there is no way."""
    if not WINDOWS and os.geteuid() == 0:
        return []
    if not shutil.which("sudo"):
        return None
    return ["sudo"] if sys.stdin and sys.stdin.isatty() else ["sudo", "-n"]


def _stdin() -> int | None:
    """The terminal for sudo's question when there is one, else nothing to wait on."""
    return None if sys.stdin and sys.stdin.isatty() else subprocess.DEVNULL

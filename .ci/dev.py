"""The project's commands, from a bare Python to a result: ``python3 .ci/dev.py demo DIR`` and ``... test``.

Everything that is missing is set up first; a second run finds it there. What people read here is in Spanish.
"""

from __future__ import annotations

import io
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from typing import TYPE_CHECKING

import ground
import handout
import wheel
from ground import PYTHON, ROOT, SCRIPTS, Stop, clean_environment

if TYPE_CHECKING:
    from collections.abc import Callable

USAGE = """Uso:
  python3 .ci/dev.py demo CARPETA     prepara todo y hace el trabajo completo con datos de ejemplo
  python3 .ci/dev.py window [OPCIÓN]  prepara todo y abre la ventana
  python3 .ci/dev.py test             prepara todo y hace todas las comprobaciones
  python3 .ci/dev.py freeze           arma el programa para repartir, en dist/, y lo prueba
  python3 .ci/dev.py wheels           comprueba que cada paquete fijado existe para Windows"""

CODE = (*wheel.ROOMS, "tests", "bench", "docs/screens.py", "docs/stage.py", "docs/scenery.py", "docs/campaign.py")


def main(arguments: list[str]) -> int:
    """Do the command that ``arguments`` name; its exit code, 2 for wrong use."""
    commands: dict[str, Callable[[list[str]], int]] = {
        "demo": demo, "window": window, "test": test, "freeze": freeze, "wheels": wheels,
    }  # fmt: skip
    command = commands.get(arguments[0]) if arguments else None
    if command is None or (arguments[0] == "demo" and len(arguments) < 2):
        print(USAGE, file=sys.stderr)
        return 2
    try:
        ground.require_python()
        return command(arguments[1:])
    except Stop as stop:
        print(f"\n{stop}", file=sys.stderr)
        return stop.code
    except KeyboardInterrupt:
        print("\nInterrumpido.", file=sys.stderr)
        return 130


def demo(arguments: list[str]) -> int:
    """Set up what the program needs, run its demonstration, and hand on its exit code."""
    _prepare("run", ground.WINDOW_NEEDS)
    code = _program("demo", *arguments)
    if code == 0:
        print(f"\nEn esta carpeta la orden «peti-desktop» se escribe: {_python_name()} .ci/dev.py window")
    return code


def window(arguments: list[str]) -> int:
    """Set up what the program needs and start it with ``arguments``."""
    _prepare("run", ground.WINDOW_NEEDS)
    return _program(*arguments)


def test(_arguments: list[str]) -> int:
    """Set up, then every check there is, from the quickest to the slowest; the first failure ends it."""
    began = time.monotonic()
    freezes = ground.can_freeze()
    _prepare("dev", ground.WINDOW_NEEDS | ground.TEST_NEEDS | (ground.FREEZE_NEEDS if freezes else {}))
    _step("formato", lambda: _tool("ruff", "format", "--check", ".", "build_installer.spec"))
    _step("estilo", lambda: _tool("ruff", "check", ".", "build_installer.spec"))
    scripts = sorted(str(path) for path in (ROOT / ".ci").glob("*.py"))
    _step("tipos", lambda: _tool("mypy", *CODE, *scripts))
    _step("tipos en Windows", lambda: _tool("mypy", "--platform", "win32", "peti_desktop/thispc"))
    _step("capas", lambda: _tool("lint-imports"))
    _step("pruebas", lambda: _python("-m", "pytest", "-n", "auto", "--dist", "worksteal"))
    _step("autoprueba del programa", lambda: _python("-m", "peti_desktop", "--self-test"))
    _step("paquete", wheel.check)
    if freezes:
        _build_frozen()
    else:
        print("── armar: este Python no trae su biblioteca compartida; no se comprueba lo que se reparte")
    print(f"\nTodo en orden, en {time.monotonic() - began:.0f} s.")
    return 0


def freeze(_arguments: list[str]) -> int:
    """Build the folder that is handed to people who have no Python, and run its self-test."""
    _prepare("dev", ground.WINDOW_NEEDS | ground.FREEZE_NEEDS)
    frozen = _build_frozen()
    if ground.WINDOWS:
        _step("carpeta para repartir", lambda: print(handout.make(frozen, ROOT / "dist")))
    return 0


def _build_frozen() -> Path:
    """The folder PyInstaller made, after its program opened every page of both profiles."""
    _step(
        "armar",
        lambda: _python("-m", "PyInstaller", "--noconfirm", "--log-level", "WARN", "build_installer.spec"),
    )
    frozen = ROOT / "dist" / "peti-desktop"
    # On Windows the program for commands: it has a console to tell what went wrong.
    program = frozen / ("peti-orden.exe" if ground.WINDOWS else "peti-desktop")
    _step("autoprueba de lo armado", lambda: _run(str(program), "--self-test"))
    return frozen


def wheels(_arguments: list[str]) -> int:
    """Ask the registry for the Windows wheel of everything that ships; they are thrown away afterwards."""
    _prepare("run", {})
    with tempfile.TemporaryDirectory(prefix="peti-wheels-") as folder:
        _step("paquetes para Windows", lambda: ground.pip(
            "download", "--require-hashes", "--only-binary=:all:", "--no-deps", "--platform", "win_amd64",
            "--python-version", "3.11", "--dest", folder, "-r", str(ground.LOCKS / "run.txt"),
        ))  # fmt: skip
        print(f"{len(list(Path(folder).iterdir()))} paquetes, todos con versión para Windows.")
    return 0


def _prepare(lock: str, needs: dict[str, str]) -> None:
    _step("paquetes del sistema", lambda: ground.system_packages(ground.VENV_NEEDS | needs))
    _step("paquetes de Python", lambda: ground.packages(lock))


def _step(name: str, act: Callable[[], None]) -> None:
    """Do one step between its name and its seconds."""
    print(f"── {name}", flush=True)
    began = time.monotonic()
    act()
    print(f"   {name}: {time.monotonic() - began:.1f} s", flush=True)


def _tool(name: str, *arguments: str) -> None:
    _run(str(SCRIPTS / name), *arguments)


def _python(*arguments: str) -> None:
    _run(str(PYTHON), *arguments)


def _run(*command: str) -> None:
    environment = clean_environment(QT_QPA_PLATFORM="offscreen")
    code = subprocess.run(command, cwd=ROOT, env=environment, stdin=subprocess.DEVNULL, check=False).returncode
    if code:
        raise Stop(f"No pasó (código {code}): {' '.join(command)}")


def _program(*arguments: str) -> int:
    """Run the program from where the person stands, so that their relative paths mean what they say."""
    # -P: a folder named «ui» or «db» in the current directory must not stand before ours.
    command = [str(PYTHON), "-P", "-m", "peti_desktop", *arguments]
    return subprocess.run(command, env=clean_environment(PYTHONPATH=str(ROOT)), check=False).returncode


def _python_name() -> str:
    return "python" if ground.WINDOWS else "python3"


if __name__ == "__main__":
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, io.TextIOWrapper):  # an old console code page must not stop anything over an accent
            stream.reconfigure(errors="replace")
    sys.exit(main(sys.argv[1:]))

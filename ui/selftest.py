"""``peti-desktop --self-test``: the whole program as it is installed, windows included, in a folder of its own."""

import argparse
import os
import sys
import tempfile
import traceback
from collections.abc import Sequence
from pathlib import Path


def run(words: Sequence[str]) -> int:
    """Exit code 0 when every part works. A frozen program has no console, so ``--out FILE`` takes what is said."""
    parser = argparse.ArgumentParser(prog="peti-desktop --self-test")
    parser.add_argument("--out", type=Path)
    out: Path | None = parser.parse_args(words).out
    code, said = _try_everything()
    text = "\n".join(said) + "\n"
    if out is not None:
        out.write_text(text, encoding="utf-8")
    elif sys.stdout is not None:
        sys.stdout.write(text)
    return code


def _try_everything() -> tuple[int, list[str]]:
    said: list[str] = []
    # A window cannot be shown on a build machine, and a person must not see one flash by.
    os.environ["QT_QPA_PLATFORM"] = "offscreen"
    try:
        from peti_desktop import __version__, selftest

        said.append(f"Peti Desktop {__version__}")
        with tempfile.TemporaryDirectory(prefix="peti-prueba-", ignore_cleanup_errors=True) as folder:
            said += selftest.run(Path(folder))
        said += _window()
    except Exception:
        # Whatever is wrong is what the test is there to tell.
        return 1, [*said, traceback.format_exc(), "FALLÓ"]
    return 0, [*said, "TODO BIEN"]


def _window() -> list[str]:
    from PySide6.QtWidgets import QDialogButtonBox

    from ui.app import application
    from ui.icons import icon
    from ui.shell import Shell

    app = application()
    box = QDialogButtonBox(QDialogButtonBox.StandardButton.Cancel)
    cancel = box.button(QDialogButtonBox.StandardButton.Cancel).text()
    if "Cancelar" not in cancel:
        raise AssertionError(f"Qt does not speak Spanish: {cancel}")
    if icon("app").isNull():
        raise AssertionError("no icons")
    shell = Shell()
    shell.show()
    app.processEvents()
    picture = shell.grab()
    shell.close()
    if picture.isNull():
        raise AssertionError("the window does not paint")
    return [f"ventana en español: {picture.width()} x {picture.height()}"]

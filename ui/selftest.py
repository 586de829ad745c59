"""``peti-desktop --self-test``: the whole program as it is installed, windows included, in a folder of its own."""

import argparse
import os
import sys
import tempfile
import time
import traceback
from collections.abc import Sequence
from pathlib import Path
from types import TracebackType

STORES = ("salud.sqlite", "oficina.sqlite")
"""What ``peti_desktop.selftest`` leaves in its folder: a store of each profile."""
PATIENCE_S = 120.0


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
        spoken = sys.stdout.encoding or "ascii"  # an old console may not know every sign we print
        sys.stdout.write(text.encode(spoken, errors="replace").decode(spoken))
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
            said += _first_window()
            said += [every_page(Path(folder) / name) for name in STORES]
    except Exception:
        # Whatever is wrong is what the test is there to tell.
        return 1, [*said, traceback.format_exc(), "FALLÓ"]
    return 0, [*said, "TODO BIEN"]


def _first_window() -> list[str]:
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


def every_page(store: Path) -> str:
    """Open ``store`` in a window and go to each of its pages: what is missing in a frozen program shows here only."""
    from ui.app import application
    from ui.messages import Recorded
    from ui.shell import Shell, pages_of

    app = application()
    bugs: list[str] = []
    before = sys.excepthook

    def keep(kind: type[BaseException], error: BaseException, trace: TracebackType | None) -> None:
        bugs.append("".join(traceback.format_exception(kind, error, trace)))

    sys.excepthook = keep
    messages, seen = Recorded(), 0
    shell = Shell(messages, store=store)
    try:
        shell.show()
        until = time.monotonic() + PATIENCE_S
        while shell.desk is None and not bugs and time.monotonic() < until:
            app.processEvents()
            time.sleep(0.01)
        if shell.desk is not None and not bugs:
            for spec in pages_of(shell.desk.workspace):
                shell.go(spec.name)
                app.processEvents()
                seen += 1
    finally:
        shell.close()
        app.processEvents()
        sys.excepthook = before
    if bugs or messages.errors or not seen:
        raise AssertionError("\n".join([f"{store.name} does not open", *bugs, *messages.said]))
    return f"{store.name}: {seen} páginas"

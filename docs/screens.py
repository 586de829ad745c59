"""Pictures of every window and of every page on paper, made from the real ones.

    python docs/screens.py DEMO

``DEMO`` is a folder that ``peti-desktop demo`` made. Windows go to ``docs/screens/``, papers to ``docs/papers/`` (which
needs ``pdftoppm``). Somebody looks at them before a release.
"""

import json
import os
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Callable, Iterator
from functools import partial
from pathlib import Path

HERE = Path(__file__).resolve().parent
SCREENS = {
    # name: logical width and height, device pixel ratio, theme
    "1366x768": (1366, 768, 1.0, "claro"),
    "1366x768-oscuro": (1366, 768, 1.0, "oscuro"),
    "1024x768": (1024, 768, 1.0, "claro"),
    "1366x768-150": (911, 512, 1.5, "claro"),
}
COLOURS = 96
PAGES_ACROSS, PAGES_DOWN = 3, 3


def main(words: list[str]) -> int:
    """Make all pictures, or with ``--one NAME`` those of one screen in this process."""
    if words[0] == "--one":
        _windows(words[1], Path(words[2]))
        return 0
    demo = Path(words[0]).resolve()
    for name, (width, height, ratio, theme) in SCREENS.items():
        with tempfile.TemporaryDirectory() as folder:
            work = Path(folder) / "demo"
            shutil.copytree(demo, work)
            screen = {"name": name, "x": 0, "y": 0, "width": width, "height": height, "dpr": ratio}
            screen |= {"logicalDpi": 96, "logicalBaseDpi": 96}
            config = Path(folder) / "screen.json"
            config.write_text(json.dumps({"screens": [screen]}), encoding="utf-8")
            environment = os.environ | {
                "QT_QPA_PLATFORM": f"offscreen:configfile={config}",
                "PETI_TEMA": theme,
                "PYTHONPATH": str(HERE.parent),
            }
            command = [sys.executable, str(HERE / "screens.py"), "--one", name, str(work)]
            subprocess.run(command, env=environment, check=True)
    for pdf in sorted((demo / "informes").glob("*.pdf")):
        _paper(pdf)
    return 0


# -- windows


def _windows(screen: str, demo: Path) -> None:
    from PySide6.QtWidgets import QApplication

    from ui.app import application

    app = application()
    folder = HERE / "screens" / screen
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir(parents=True)
    for name, picture in _scenes(app, demo):
        area = QApplication.primaryScreen().availableGeometry()
        window = picture(area.width(), area.height())
        _save(window, folder / f"{name}.png")


def _scenes(app: object, demo: Path) -> "Iterator[tuple[str, Callable[[int, int], object]]]":
    """Every window in every state worth a picture, by name; each is opened, brought there, and closed again."""
    stage = Stage(app)
    yield "00-primer-inicio", partial(stage.open, None, "")
    for store, prefix in (
        (demo / "dependencias" / "HACIENDA.sqlite", "dependencia"),
        (demo / "oficina.sqlite", "oficina"),
    ):
        for number, page in enumerate(stage.pages(store), 1):
            yield f"{prefix}-{number:02}-{page}", partial(stage.open, store, page)
    yield "dependencia-primer-riesgo", partial(stage.first_risk, demo)
    salud = demo / "dependencias" / "SALUD.sqlite"
    for step in range(1, 4):
        yield f"dependencia-entregar-{step}", partial(stage.delivery, salud, step)
    yield "dependencia-entregas", partial(stage.delivered, salud, "EntregasDialog")
    yield "dependencia-lectura", partial(stage.delivered, salud, "Lectura")
    yield "dependencia-observaciones", partial(stage.returned, demo)
    yield "oficina-bandeja-archivos", partial(stage.inbox, demo)


class Stage:
    """Opens the real main window, leads it somewhere, and waits until it has nothing more to do."""

    def __init__(self, app: object) -> None:
        from PySide6.QtWidgets import QApplication

        assert isinstance(app, QApplication)
        self.app = app
        self.shell: object = None

    def pages(self, store: Path) -> list[str]:
        """The names of the pages a store has."""
        from peti_desktop.workspace import Workspace
        from ui.shell import pages_of

        with Workspace.open(store) as ws:
            return [spec.name for spec in pages_of(ws)]

    def open(self, store: Path | None, page: str, width: int, height: int) -> object:
        """The window on ``store`` at ``page``."""
        from ui.shell import Shell

        self._close()
        shell = Shell(store=store, page=page)
        shell.resize(width, height)
        shell.show()
        self.shell = shell
        self.settle(40)
        return shell

    def delivery(self, store: Path, step: int, width: int, height: int) -> object:
        """The delivery wizard at ``step``."""
        shell = self.open(store, "entregar", width, height)
        page = shell.page  # type: ignore[attr-defined]
        for number in range(1, step):
            page.go_step(number)
            self.settle(15)
        return shell

    def first_risk(self, demo: Path, width: int, height: int) -> object:
        """The first risk of a new store, begun with the guide and half written."""
        from peti_desktop.workspace import Workspace

        store = demo / "dependencias" / "nueva.sqlite"
        Workspace.create(
            store,
            perfil="dependencia",
            dependencia="SALUD",
            nombre="Enlace de ejemplo",
            cargo="Enlace TIC (ejemplo)",
            vigencia=2026,
        ).close()
        shell = self.open(store, "riesgos", width, height)
        page = shell.page  # type: ignore[attr-defined]
        page.guided.click()
        self.settle(30)
        for name, text in (("actividad", "Envío del reporte mensual"), ("causa_inmediata", "sanciones por mora")):
            page.form.editors[name].answer(text)
        self.settle(20)
        return shell

    def delivered(self, store: Path, dialog: str, width: int, height: int) -> object:
        """The deliveries that were made; for «Lectura», the first of them read again."""
        shell = self.open(store, "entregar", width, height)
        shell.page.history.click()  # type: ignore[attr-defined]
        self.settle(30)
        if dialog == "Lectura":
            self._front("EntregasDialog").open_chosen()  # type: ignore[attr-defined]
            self.settle(50)
        return self._front(dialog)

    def _front(self, kind: str) -> object:
        from PySide6.QtWidgets import QDialog

        found = self.shell.findChildren(QDialog)  # type: ignore[attr-defined]
        return next(dialog for dialog in found if type(dialog).__name__ == kind and dialog.isVisible())

    def returned(self, demo: Path, width: int, height: int) -> object:
        """A return of the office, opened where it is answered."""
        from datetime import timedelta

        from peti_desktop import catalogues
        from peti_desktop.intake.inbox import listing
        from peti_desktop.returning.give_back import give_back
        from peti_desktop.returning.observations import Asked, add_many
        from peti_desktop.trust import keys
        from peti_desktop.workspace import Workspace
        from ui.dependencia.abrir import open_files

        store = demo / "dependencias" / "SALUD.sqlite"
        self._close()
        self.shell = None
        with Workspace.open(demo / "oficina.sqlite") as office, Workspace.open(store) as salud:
            device, risk = salud.records("equipo")[0], salud.records("riesgo")[0]
            delivery = next(one for one in listing(office) if one.dependencia == "SALUD")
            signer = keys.load(demo / "llaves" / "OFICINA_TIC.p12", catalogues.table("ejemplo")["clave_de_ejemplo"])
            asked = [
                Asked("riesgo", risk.uid, "causa_raiz", texto="Diga por qué ocurre, no quién lo origina."),
                Asked("equipo", device.uid, "anio", texto="El año no es el de la factura."),
            ]
            add_many(office, delivery.sha256, asked)
            due = office.today + timedelta(days=10)
            path = give_back(office, delivery.sha256, signer, demo / "devueltas", due).path
        shell = self.open(store, "observaciones", width, height)
        open_files(shell.desk, [path], shell.page)  # type: ignore[attr-defined]
        self.settle(80)
        return shell

    def inbox(self, demo: Path, width: int, height: int) -> object:
        """The inbox after a folder with good, repeated, changed, unsigned and alien files was dropped."""
        import openpyxl

        given = demo / "llegaron"
        given.mkdir()
        one, other, *_ = sorted((demo / "entregas").iterdir())
        shutil.copy(one, given / one.name)
        saved_again = openpyxl.load_workbook(other)
        saved_again["Portada"]["C4"] = "Otra dependencia"
        saved_again.save(given / f"corregida {other.name}")
        changed = bytearray(other.read_bytes())
        changed[len(changed) // 2] ^= 1
        (given / f"cambiada {other.name}").write_bytes(changed)
        openpyxl.Workbook().save(given / "inventario viejo.xlsx")
        (given / "carta.docx.xlsx").write_text("Señores Oficina TIC", encoding="utf-8")
        shell = self.open(demo / "oficina.sqlite", "bandeja", width, height)
        shell.page.receive(sorted(given.iterdir()))  # type: ignore[attr-defined]
        self.settle(80)
        return shell

    def settle(self, rounds: int) -> None:
        """Let tasks end and widgets paint."""
        import time

        for _ in range(rounds):
            self.app.processEvents()
            time.sleep(0.02)

    def _close(self) -> None:
        if self.shell is not None:
            self.shell.close()  # type: ignore[attr-defined]
            self.settle(10)


def _save(window: object, path: Path) -> None:
    from io import BytesIO

    from PIL import Image
    from PySide6.QtCore import QBuffer, QIODevice

    buffer = QBuffer()
    buffer.open(QIODevice.OpenModeFlag.WriteOnly)
    window.grab().save(buffer, "PNG")  # type: ignore[attr-defined]
    Image.open(BytesIO(bytes(buffer.data().data()))).convert("RGB").quantize(COLOURS).save(path, optimize=True)


# -- papers


def _paper(pdf: Path) -> None:
    from PIL import Image

    folder = HERE / "papers"
    folder.mkdir(exist_ok=True)
    for old in folder.glob(f"{pdf.stem}-*.png"):
        old.unlink()
    with tempfile.TemporaryDirectory() as scratch:
        subprocess.run(["pdftoppm", "-r", "50", "-png", str(pdf), str(Path(scratch) / "p")], check=True)
        pages = [Image.open(path) for path in sorted(Path(scratch).iterdir())]
        each = PAGES_ACROSS * PAGES_DOWN
        for number, first in enumerate(range(0, len(pages), each), 1):
            some = pages[first : first + each]
            width, height = some[0].width + 6, some[0].height + 6
            sheet = Image.new("RGB", (width * PAGES_ACROSS, height * -(-len(some) // PAGES_ACROSS)), "#889")
            for place, page in enumerate(some):
                sheet.paste(page, (place % PAGES_ACROSS * width + 3, place // PAGES_ACROSS * height + 3))
            sheet.quantize(COLOURS).save(folder / f"{pdf.stem}-{number}.png", optimize=True)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))

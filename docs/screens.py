"""Pictures of every window and of every page on paper, made from the real ones.

    HOME=/home/ana python docs/screens.py DEMO [NAME…]

``DEMO`` is a folder that ``peti-desktop demo`` made; NAME takes only those scenes (with ``*`` and ``?``) or screens.
Windows go to ``docs/screens/``, papers to ``docs/papers/`` (which needs ``pdftoppm``). What the scenes show is made
once in ``build/pictures`` and kept there. What does not fit on a screen is told, and the exit code is 1 then. Somebody
looks at the pictures before a release. Some show the place of files: let it be a home of nobody.
"""

import json
import os
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from fnmatch import fnmatch
from pathlib import Path

HERE = Path(__file__).resolve().parent
sys.path.insert(0, str(HERE.parent))

from docs.campaign import campaign  # noqa: E402 - the checkout is not installed
from docs.scenery import passphrase, prepare  # noqa: E402
from docs.stage import Stage, Step, below, choose, fill, keys, page, row  # noqa: E402

SCREENS = {
    # name: logical width and height, device pixel ratio, theme
    "1366x768": (1366, 768, 1.0, "claro"),
    "1366x768-oscuro": (1366, 768, 1.0, "oscuro"),
    "1024x768": (1024, 768, 1.0, "claro"),
    "1366x768-150": (911, 512, 1.5, "claro"),
}
COLOURS = 96
PAGES_ACROSS, PAGES_DOWN = 3, 3

# Stores of the scenery: a dependencia that delivered, one that was given back, one that begins, an empty one; the
# office with the demonstration's data, and the office with 130 units.
ENTREGO = "dependencias/HACIENDA.sqlite"
DEVUELTA = "dependencias/GOBIERNO.sqlite"
COMENZADA, NUEVA, OFICINA, CAMPANA = "comenzada.sqlite", "nueva.sqlite", "oficina.sqlite", "campana/oficina.sqlite"
VACIA, LLAVES, SOLICITUD = "oficina nueva.sqlite", "copia de llaves", "solicitud nueva"


@dataclass(frozen=True)
class Scene:
    """A picture: its name, the store and the page it begins at, what is done then, and what file pickers answer.

    ``picks`` are paths within the scenery.
    """

    name: str
    store: str
    page: str = ""
    steps: tuple[Step, ...] = ()
    picks: tuple[str, ...] = ()


def both(name: str, at: str, *steps: Step) -> tuple[Scene, ...]:
    """A scene of the office with the demonstration's data and with the large campaign's."""
    return (Scene(name, OFICINA, at, steps), Scene(f"{name}-130", CAMPANA, at, steps))


SECRET = passphrase()
FIRMAR = ("Siguiente", "Siguiente")
ENTREGAS = "Entregas hechas…"
SCENES: tuple[Scene, ...] = (
    Scene("primer-inicio", ""),
    Scene("primer-inicio-oficina", "", "", ("Oficina TIC",)),
    Scene("servidor", "", "", ("Usar un servidor…",)),
    Scene("servidor-pasar", "", "", ("Usar un servidor…", "Pasar allí los datos de un archivo")),
    Scene("restaurar", "", "", ("Restaurar una copia…",), ("oficina.sqlite",)),
    # -- a dependencia
    Scene("dependencia-inicio", ENTREGO, "inicio"),
    Scene("dependencia-inicio-comenzada", COMENZADA, "inicio"),
    Scene("dependencia-riesgos", ENTREGO, "riesgos"),
    Scene("dependencia-riesgos-valorar", ENTREGO, "riesgos", (page(lambda p: p.form.go_step(1)),)),
    Scene("dependencia-riesgos-controlar", ENTREGO, "riesgos", (page(lambda p: p.form.go_step(2)),)),
    Scene("dependencia-riesgos-tratar", ENTREGO, "riesgos", (page(lambda p: p.form.go_step(3)),)),
    Scene("dependencia-riesgos-sugerencias", COMENZADA, "riesgos", ("Sugerencias del PETI",)),
    Scene("dependencia-riesgos-vacia", NUEVA, "riesgos"),
    Scene("dependencia-equipos", ENTREGO, "equipos"),
    Scene("dependencia-equipos-empezar", ENTREGO, "equipos", ("Otras maneras de empezar",)),
    Scene("dependencia-equipos-filtro", ENTREGO, "equipos", (row(2, "Equipos", 3), keys("Alt+Down"))),
    Scene("dependencia-equipos-columnas", ENTREGO, "equipos", (page(lambda p: p.grid.columns.choose()),)),
    Scene("dependencia-equipos-retirar", ENTREGO, "equipos", ("Retirar…",)),
    Scene("dependencia-equipos-historia", COMENZADA, "equipos", (row(0, "Equipos", 1), keys("F4"))),
    Scene("dependencia-equipos-ayuda", ENTREGO, "equipos", (row(2, "Equipos", 3), keys("F1"))),
    Scene("dependencia-equipos-herramientas", ENTREGO, "equipos", ("Herramientas",)),
    Scene("dependencia-equipos-leer", ENTREGO, "equipos", ("Herramientas", "Leer este equipo…")),
    Scene("dependencia-necesidades", "dependencias/SALUD.sqlite", "necesidades"),
    Scene("dependencia-necesidades-vacia", NUEVA, "necesidades"),
    Scene("dependencia-sistemas", ENTREGO, "sistemas"),
    Scene("dependencia-sedes", "dependencias/TIC.sqlite", "sedes"),
    Scene("dependencia-importar-columnas", NUEVA, "equipos", ("Traer de Excel…",), ("inventario.xlsx",)),
    Scene("dependencia-importar-vista", NUEVA, "equipos", ("Traer de Excel…", "Siguiente"), ("inventario.xlsx",)),
    Scene(
        "dependencia-formulario",
        NUEVA,
        "inicio",
        ("Formulario de Excel 2007", "Recibir formulario lleno…"),
        ("formulario.xlsx",),
    ),
    Scene("dependencia-observaciones", DEVUELTA, "observaciones", (row(0, "Observaciones"),)),
    Scene("dependencia-observaciones-campo", DEVUELTA, "observaciones", (row(0, "Observaciones"), "Ir al campo")),
    Scene("dependencia-observaciones-vacia", NUEVA, "observaciones"),
    Scene("dependencia-entregar", COMENZADA, "entregar"),
    Scene("dependencia-entregar-lista", ENTREGO, "entregar"),
    Scene("dependencia-entregar-revisar", ENTREGO, "entregar", ("Siguiente",)),
    Scene("dependencia-entregar-firmar", ENTREGO, "entregar", FIRMAR),
    Scene("dependencia-entregar-olvido", ENTREGO, "entregar", (*FIRMAR, "Olvidé mi contraseña…")),
    Scene("dependencia-entregar-otra", ENTREGO, "entregar", (*FIRMAR, "Firma otra persona…")),
    Scene("dependencia-entregar-clave", NUEVA, "entregar", (page(lambda p: p.go_step(2)),)),
    Scene(
        "dependencia-entregar-guardar",
        ENTREGO,
        "entregar",
        (*FIRMAR, fill("Contraseña de su clave", SECRET), "Siguiente: guardar"),
    ),
    Scene("dependencia-entregas", ENTREGO, "entregar", (ENTREGAS,)),
    Scene("dependencia-lectura", ENTREGO, "entregar", (ENTREGAS, row(1, "Entregas"), "Abrir")),
    Scene("dependencia-que-cambio", ENTREGO, "entregar", (ENTREGAS, "Abrir", "¿Qué cambió?")),
    Scene("dependencia-copias", ENTREGO, "copias"),
    Scene("dependencia-papelera", COMENZADA, "inicio", ("Papelera",)),
    Scene(
        "dependencia-primer-riesgo",
        NUEVA,
        "riesgos",
        (
            "El primero, con ayuda",
            page(lambda p: p.form.editors["actividad"].answer("Envío del reporte mensual")),
            page(lambda p: p.form.editors["causa_inmediata"].answer("sanciones por mora")),
        ),
    ),
    Scene("dependencia-formacion", COMENZADA, "formacion", (page(lambda p: p.add()),)),
    # -- the office
    *both("oficina-tablero", "tablero"),
    *both("oficina-tablero-quien-falta", "tablero", below("Quién falta")),
    Scene("oficina-tablero-plazo", CAMPANA, "tablero", (below("Quién falta"), "Dar más plazo…")),
    Scene("oficina-tablero-recordatorio", CAMPANA, "tablero", (below("Quién falta"), "Imprimir recordatorio…")),
    *both("oficina-bandeja", "bandeja"),
    *both("oficina-bandeja-abierta", "bandeja", row(0, "Entregas recibidas")),
    Scene("oficina-bandeja-archivos", OFICINA, "bandeja", ("Recibir", "Archivos…"), ("llegaron/*",)),
    Scene("oficina-bandeja-recibir", OFICINA, "bandeja", ("Recibir",)),
    Scene("oficina-bandeja-devolver", OFICINA, "bandeja", (row(0, "Entregas recibidas"), "Devolver…")),
    Scene("oficina-bandeja-acusar", OFICINA, "bandeja", (row(0, "Entregas recibidas"), "Entrega", "Acusar recibo…")),
    Scene(
        "oficina-bandeja-rechazar",
        OFICINA,
        "bandeja",
        (row(0, "Entregas recibidas"), "Entrega", "Rechazar toda la entrega…"),
    ),
    *both("oficina-dudas", "dudas"),
    *both("oficina-matriz", "matriz"),
    *both("oficina-matriz-equipos", "matriz", "Equipos"),
    *both("oficina-matriz-filtro", "matriz", "Equipos", row(3, "Equipos", 1), keys("Alt+Down")),
    Scene("oficina-matriz-vistas", OFICINA, "matriz", ("Equipos", "Vistas ▾")),
    Scene("oficina-matriz-acciones", OFICINA, "matriz", ("Acciones ▾",)),
    Scene("oficina-matriz-columnas", OFICINA, "matriz", ("Acciones ▾", "Columnas…")),
    Scene("oficina-matriz-corregir", OFICINA, "matriz", ("Equipos", row(3, "Equipos", 3), page(lambda p: p.correct()))),
    Scene("oficina-matriz-origen", OFICINA, "matriz", (page(lambda p: p.target(("riesgo", ""))), row(2), "Origen")),
    *both("oficina-necesidades", "necesidades", row(1, "Necesidades por prioridad")),
    *both("oficina-necesidades-totales", "necesidades", "Totales"),
    Scene("oficina-necesidades-sin-cubrir", OFICINA, "necesidades", (page(lambda p: p.panel.setCurrentIndex(1)),)),
    Scene("oficina-repetidos", OFICINA, "repetidos", ("Riesgos", row(0, "Propuestas"))),
    Scene("oficina-repetidos-130", CAMPANA, "repetidos", ("Equipos", row(0, "Propuestas"))),
    *both("oficina-plan", "plan"),
    Scene("oficina-plan-reune", OFICINA, "plan", ("Reúne",)),
    Scene("oficina-plan-por-llevar", OFICINA, "plan", ("Por llevar",)),
    Scene("oficina-plan-hoja", OFICINA, "plan", ("Hoja de ruta",)),
    Scene("oficina-plan-indicadores", OFICINA, "plan", ("Indicadores",)),
    *both("oficina-informes", "informes"),
    Scene("oficina-cortes", OFICINA, "cortes", ("Comprobar los cortes",)),
    Scene("oficina-cortes-130", CAMPANA, "cortes"),
    Scene("oficina-cortes-sellar", OFICINA, "cortes", ("Sellar un corte…",)),
    Scene("oficina-cortes-comparar", OFICINA, "cortes", (choose("Comparar con", "Primera recepción"), "Comparar")),
    Scene("oficina-cortes-exportar", OFICINA, "cortes", ("Exportar el corte…",)),
    *both("oficina-vigencia", "vigencia"),
    *both("oficina-vigencia-procesos", "vigencia", "Dependencias y procesos"),
    Scene("oficina-vigencia-listas", OFICINA, "vigencia", ("Listas", choose("Lista", "Salario"))),
    Scene("oficina-vigencia-cambios", CAMPANA, "vigencia", ("Cambios",)),
    Scene("oficina-vigencia-abrir", OFICINA, "vigencia", ("Abrir vigencia…",)),
    Scene("oficina-vigencia-nombre", OFICINA, "vigencia", ("Dependencias y procesos", "Nombre…")),
    *both("oficina-vigencia-inicio", "vigencia", "Escribir archivos de inicio…"),
    *both("oficina-firmantes", "firmantes", row(3, "Firmantes")),
    Scene("oficina-firmantes-llaves", OFICINA, "firmantes", ("Llaves de la oficina",)),
    Scene("oficina-firmantes-crear", VACIA, "firmantes", (page(lambda p: p.do_deed("crear")),)),
    Scene("oficina-firmantes-contrasena", OFICINA, "firmantes", (page(lambda p: p.do_deed("contrasena")),)),
    Scene("oficina-firmantes-copia", OFICINA, "firmantes", (page(lambda p: p.do_deed("respaldar")),)),
    Scene("oficina-firmantes-renovar", OFICINA, "firmantes", (page(lambda p: p.do_deed("renovar")),)),
    Scene("oficina-firmantes-restaurar", OFICINA, "firmantes", (page(lambda p: p.do_deed("restaurar")),), (LLAVES,)),
    Scene("oficina-firmantes-confirmar", OFICINA, "firmantes", ("Confirmar desde archivo…",), (SOLICITUD,)),
    Scene("oficina-firmantes-anular", OFICINA, "firmantes", (row(3, "Firmantes"), "Anular…")),
    *both("oficina-firmantes-inicio", "firmantes", "Archivos de inicio…"),
    *both("oficina-bitacora", "bitacora", row(0)),
    Scene("oficina-bitacora-comprobada", OFICINA, "bitacora", ("Comprobar la bitácora",)),
    Scene("oficina-solo-lectura", "", "", ("Abrir solo para leer…",), ("oficina.sqlite",)),
    Scene("oficina-pregunta", OFICINA, "bandeja", ("Más", "Deshacer la última recepción…")),
    Scene("falla", OFICINA, "tablero", (page(lambda _page: _crash()),)),
)


def main(words: list[str]) -> int:
    """Make all pictures, or with ``--one SCREEN FOLDER NAME…`` those of one screen in this process."""
    if words[0] == "--one":
        return _windows(words[1], Path(words[2]), words[3:])
    demo = Path(words[0]).resolve()
    names = [word for word in words[1:] if word not in SCREENS]
    wanted = [word for word in words[1:] if word in SCREENS] or list(SCREENS)
    scenery = HERE.parent / "build" / "pictures"
    if not scenery.exists():
        prepare(demo, _place())
        campaign(_place() / "campana")
        shutil.move(_place(), scenery)
    failed = 0
    for screen in wanted:
        width, height, ratio, theme = SCREENS[screen]
        with tempfile.TemporaryDirectory() as folder, _at_home(scenery) as work:
            told = {"name": screen, "x": 0, "y": 0, "width": width, "height": height, "dpr": ratio}
            config = Path(folder) / "screen.json"
            config.write_text(json.dumps({"screens": [told | {"logicalDpi": 96, "logicalBaseDpi": 96}]}), "utf-8")
            environment = os.environ | {
                "QT_QPA_PLATFORM": f"offscreen:configfile={config}",
                "PETI_TEMA": theme,
                "PYTHONPATH": str(HERE.parent),
            }
            command = [sys.executable, str(HERE / "screens.py"), "--one", screen, str(work), *names]
            failed |= subprocess.run(command, env=environment, check=False).returncode
    if not words[1:]:
        for pdf in sorted((demo / "informes").glob("*.pdf")):
            _paper(pdf)
    return failed


def _place() -> Path:
    """Where the scenery stands while it is made and shown: the pictures show names of it."""
    return Path.home() / "Documents" / "Peti"


@contextmanager
def _at_home(scenery: Path) -> Iterator[Path]:
    """A copy of the scenery at its place; it goes away again."""
    work = _place()
    shutil.copytree(scenery, work)
    try:
        yield work
    finally:
        shutil.rmtree(work)


def _windows(screen: str, scenery: Path, names: list[str]) -> int:
    from ui.app import application

    app = application()
    folder = HERE / "screens" / screen
    if not names:
        shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir(parents=True, exist_ok=True)
    stage = Stage(folder)
    wanted = [scene for scene in SCENES if not names or any(fnmatch(scene.name, name) for name in names)]
    if screen != next(iter(SCREENS)):
        wanted = [scene for scene in wanted if scene.store != CAMPANA]  # much data, not another layout
    stage.play(
        (scene.name, scenery / scene.store if scene.store else None, scene.page, _picked(scenery, scene), scene.steps)
        for scene in wanted
    )
    for words in stage.wrong:
        print(f"{screen}: {words}", file=sys.stderr)
    del app
    return bool(stage.wrong)


def _picked(scenery: Path, scene: Scene) -> list[Path | list[Path]]:
    """What file pickers answer: the file, the one file of a folder, or with ``/*`` all its files."""
    return [_answer(scenery, name) for name in scene.picks]


def _answer(scenery: Path, name: str) -> Path | list[Path]:
    if name.endswith("/*"):
        return sorted((scenery / name[:-2]).iterdir())
    path = scenery / name
    return next(path.iterdir()) if path.is_dir() else path


def _crash() -> None:
    """The window of a failure of the program."""
    from ui import crash

    crash.dialog(crash.report(RuntimeError, None), Path("fallas.log")).exec()


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

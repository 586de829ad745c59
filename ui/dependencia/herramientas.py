"""What goes beyond a page's own grid: reading this PC, a sheet for walking round, the form for old computers."""

from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Final

from PySide6.QtCore import QPoint, QStandardPaths
from PySide6.QtWidgets import QMenu, QPushButton

from peti_desktop.progress import Progress
from ui.chips import button
from ui.desk import Desk, Page
from ui.outside import show_outside

if TYPE_CHECKING:
    from peti_desktop.oldform.writing import Written

FORM_KIND: Final = "Formulario de Excel (*.xlsx *.xlsm *.xls *.ods)"
PAPERS: Final = (("oficio", "tamaño oficio"), ("carta", "tamaño carta"))


def tools_button(page: Page) -> QPushButton:
    """«Herramientas» of the page of devices."""
    return _menu_button(page, "Herramientas", fill_device_menu)


def form_button(page: Page) -> QPushButton:
    """«Formulario de Excel» for a page that shows the whole dependencia."""
    return _menu_button(page, "Formulario de Excel 2007", fill_form_menu)


def _menu_button(page: Page, text: str, fill: Callable[[QMenu, Page], None]) -> QPushButton:
    made = button(text, role="quiet")
    menu = QMenu(made)
    menu.setToolTipsVisible(True)
    fill(menu, page)
    # setMenu would draw an arrow that the theme has no place for.
    made.clicked.connect(lambda _checked=False: menu.popup(made.mapToGlobal(QPoint(0, made.height()))))
    made.setToolTip(", ".join(action.text().replace("&", "").rstrip("…") for action in menu.actions() if action.text()))
    return made


def fill_device_menu(menu: QMenu, page: Page) -> None:
    """The actions of the page of devices."""
    menu.addAction("&Leer este equipo…", partial(read_this_pc, page))
    for paper, words in PAPERS:
        menu.addAction(f"Hoja para recorrer, {words}…", partial(print_sheet, page.desk, paper))
    menu.addSeparator()
    fill_form_menu(menu, page)


def fill_form_menu(menu: QMenu, page: Page) -> None:
    """The form for computers that cannot run the program: out and in."""
    out = menu.addAction("&Escribir formulario de Excel 2007…", partial(write_form, page))
    out.setToolTip("Para llenarlo en un equipo donde este programa no abre")
    back = menu.addAction("&Recibir formulario lleno…", partial(receive_form, page))
    back.setToolTip("Llega sin firma; primero se ve qué trae")


def read_this_pc(page: Page) -> None:
    """Open the window that reads this PC."""
    from ui.dependencia.leer_equipo import LeerEquipo

    page.flush()
    window = LeerEquipo(page.desk, page)
    window.open()
    window.start()


def receive_form(page: Page) -> None:
    """Ask for a filled form and open the window that shows what it brings."""
    from ui.dependencia.formulario import RecibirFormulario

    path = page.desk.messages.open_file("Formulario lleno", FORM_KIND)
    if path is not None:
        page.flush()
        window = RecibirFormulario(page.desk, page)
        window.open()
        window.read(path)


def write_form(page: Page) -> None:
    """Write the form of this dependencia where the person says."""
    from peti_desktop.oldform.writing import file_name, write

    desk, workspace = page.desk, page.desk.workspace
    proposed = _documents() / file_name(workspace.info.vigencia, workspace.info.dependencia)
    path = desk.messages.save_file("Dónde guardar el formulario", proposed, "Libro de Excel (*.xlsx)")
    if path is None:
        return
    page.flush()

    def told(written: "Written") -> None:
        count = sum(written.counts.values())
        inside = "1 registro para corregir" if count == 1 else f"{count} registros para corregir"
        _tell(desk, written.path, f"Lleva {inside} y filas para los nuevos. Cópielo a la memoria.")

    task = desk.run(lambda progress: write(workspace, path, progress), told, text="Escribiendo el formulario…")
    task.cancelled.connect(lambda: desk.notice.tell("Se canceló el formulario.", "No quedó ningún archivo a medias."))


def print_sheet(desk: Desk, paper: str) -> None:
    """Make the sheet for walking round as a PDF and offer to open it, for printing."""
    workspace = desk.workspace
    proposed = _documents() / f"{workspace.info.vigencia}_{workspace.info.dependencia}_hoja-equipos.pdf"
    path = desk.messages.save_file("Dónde guardar la hoja", proposed, "PDF (*.pdf)")
    if path is None:
        return

    def work(progress: Progress) -> Path:
        from peti_desktop.reports.hoja_equipos import write_sheet

        write_sheet(workspace, path, paper=paper, progress=progress)
        return path

    task = desk.run(work, lambda made: _tell(desk, made, "Ábrala e imprímala."), text="Preparando la hoja…")
    task.cancelled.connect(lambda: desk.notice.tell("Se canceló la hoja.", "No quedó ningún archivo a medias."))


def _tell(desk: Desk, path: Path, todo: str) -> None:
    desk.notice.tell(
        f"Se guardó «{path.name}».", todo, tone="fine", action="Abrirlo", act=partial(show_outside, path, desk.notice)
    )


def _documents() -> Path:
    return Path(QStandardPaths.writableLocation(QStandardPaths.StandardLocation.DocumentsLocation))

"""Board, matrix and papers say what the store says, and fit the screens people have."""

import errno
import re
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from pypdf import PdfReader
from PySide6.QtWidgets import QLabel, QPushButton, QWidget
from pytestqt.qtbot import QtBot

from peti_desktop import reports
from peti_desktop.errors import UserError
from peti_desktop.intake import apply, inbox
from peti_desktop.progress import Progress
from peti_desktop.reports import matriz_xlsx
from peti_desktop.reports.figures import figures
from peti_desktop.workspace import Workspace
from ui.desk import Page
from ui.messages import Recorded
from ui.oficina.informes import OPEN_DATA, InformesPage
from ui.oficina.tablero import TableroPage
from ui.shell import Shell

Settle = Callable[[Shell], None]


@pytest.fixture
def two(unit: Any, office: Workspace) -> Callable[[], None]:
    """Accepts SALUD's delivery and leaves HACIENDA's waiting."""

    def act() -> None:
        apply.accept(office, inbox.receive(office, unit("SALUD").deliver()).sha256)
        inbox.receive(office, unit("HACIENDA").deliver())

    return act


def go(shell: Shell, name: str, settle: Settle) -> Page:
    shell.go(name)
    settle(shell)
    page = shell.page
    assert page is not None
    page.reload()
    settle(shell)
    return page


@pytest.fixture
def board(shell: Shell, two: Callable[[], None], settle: Settle) -> TableroPage:
    two()
    page = go(shell, "tablero", settle)
    assert isinstance(page, TableroPage)
    return page


def test_board_says_what_the_store_says(board: TableroPage, office: Workspace) -> None:
    found = figures(office)

    said = re.sub("<[^>]+>", "", board._subtitle.text())
    assert said == "Entregas: 2 esperadas · 1 aceptada · 1 por revisar · 0 devueltas · 0 sin entregar"
    assert "1 de 2" in board._delivered.text
    assert "Riesgos altos y extremos: 0. en zona residual, de 1 riesgo" in board._risks.text
    assert "Necesidades: 1. $ 35 millones" in board._needs.text
    for which, heat in board.maps.items():
        assert heat._counts == found.heat[which]
        assert sum(heat._counts.values()) == 1


@pytest.fixture
def papers(shell: Shell, two: Callable[[], None], settle: Settle) -> InformesPage:
    two()
    page = go(shell, "informes", settle)
    assert isinstance(page, InformesPage)
    page.open_outside = lambda _path: None
    return page


def test_report_asks_for_a_folder_once_is_saved_and_opens(
    shell: Shell, papers: InformesPage, messages: Recorded, tmp_path: Path, settle: Settle
) -> None:
    opened: list[Path] = []
    papers.open_outside = opened.append
    messages.answers = [tmp_path]

    papers.buttons["matriz"].click()
    assert not papers.buttons["xlsx"].isEnabled()
    settle(shell)

    pdf = tmp_path / "2026_matriz.pdf"
    assert pdf.read_bytes().startswith(b"%PDF")
    assert opened == [pdf]
    shell.notice.findChildren(QPushButton)[0].click()
    assert opened == [pdf, pdf]

    papers.buttons["xlsx"].click()
    settle(shell)
    assert (tmp_path / "2026_matriz.xlsx").read_bytes().startswith(b"PK")
    assert papers.buttons["xlsx"].isEnabled()


def test_several_reports_are_saved_at_once_on_the_paper_asked_for(
    shell: Shell, papers: InformesPage, tmp_path: Path, settle: Settle, monkeypatch: pytest.MonkeyPatch
) -> None:
    """One that cannot be made does not stop the others, and is named."""
    opened: list[Path] = []
    papers.open_outside = opened.append
    papers.folder = tmp_path / "informes"
    real = reports.REPORTS["mapas"]

    def poor(ws: Workspace, progress: object, paper: str = "") -> bytes:
        raise UserError("No cabe.", "Filtre.")

    monkeypatch.setitem(reports.REPORTS, "mapas", reports.Report("mapas", real.title, poor, real.group, real.about))
    assert not papers.several.isEnabled()
    for name in ("mapas", "falta", "sistemas", "xlsx"):
        papers.boxes[name].click()
    assert papers.several.text() == "Guardar los escogi&dos (4)"
    papers.paper.setCurrentIndex(1)
    papers.several.click()
    settle(shell)

    names = sorted(path.name for path in papers.folder.iterdir())
    assert names == ["2026_falta.pdf", "2026_matriz.xlsx", "2026_sistemas.pdf"]
    assert {page.mediabox.width for page in PdfReader(papers.folder / names[0]).pages} == {792}
    assert opened == [papers.folder]
    assert "Se guardaron 3 informes" in shell.notice.text
    assert f"No se pudo: {real.title}: No cabe." in shell.notice.text
    assert papers.several.isEnabled()


def test_every_report_is_listed_under_its_group_with_what_it_is_for(papers: InformesPage) -> None:
    said = {made.text() for made in papers.findChildren(QLabel)}

    assert papers.boxes.keys() == {*reports.REPORTS, "xlsx", *OPEN_DATA}
    assert said >= {*reports.GROUPS, *(report.about for report in reports.REPORTS.values())}


def test_open_data_is_made_into_a_folder_that_opens(
    shell: Shell, papers: InformesPage, settle: Settle, tmp_path: Path
) -> None:
    opened: list[Path] = []
    papers.open_outside = opened.append
    papers.folder = tmp_path
    for name in OPEN_DATA:
        papers.buttons[name].click()
        settle(shell)
    assert [path.name for path in opened] == ["2026_datos-abiertos_publica", "2026_datos-abiertos_interna"]
    assert all((path / "diccionario.csv").is_file() for path in opened)


def test_folder_question_that_is_refused_makes_nothing(papers: InformesPage, messages: Recorded) -> None:
    messages.answers = [None]

    papers.buttons["matriz"].click()

    assert papers.desk.tasks.running == 0


def test_cancelled_report_leaves_nothing(
    shell: Shell, papers: InformesPage, tmp_path: Path, settle: Settle, monkeypatch: pytest.MonkeyPatch
) -> None:
    papers.folder = tmp_path / "salida"
    papers.folder.mkdir()
    real = matriz_xlsx.write_matriz

    def write(ws: Workspace, path: Path, progress: Progress) -> None:
        def then_cancelled(done: int, total: int, text: str) -> None:
            shell.strip._stop()
            progress(done, total, text)

        real(ws, path, then_cancelled)

    monkeypatch.setattr(matriz_xlsx, "write_matriz", write)
    papers.buttons["xlsx"].click()
    settle(shell)

    assert "Se canceló" in shell.notice.text
    assert list(papers.folder.iterdir()) == []


def test_report_that_cannot_be_written_is_told(
    shell: Shell, papers: InformesPage, settle: Settle, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    def full(ws: Workspace, path: Path, progress: Progress) -> None:
        raise UserError("El disco está lleno.", "Libere espacio.")

    monkeypatch.setattr(matriz_xlsx, "write_matriz", full)
    papers.folder = tmp_path
    papers.buttons["xlsx"].click()
    settle(shell)

    assert shell.notice.text == "El disco está lleno.\nLibere espacio."


def test_the_public_version_is_chosen_and_what_has_none_is_off(
    shell: Shell, papers: InformesPage, tmp_path: Path, settle: Settle
) -> None:
    papers.open_outside = lambda _path: None
    papers.folder = tmp_path / "informes"
    papers.boxes["matriz"].click()
    papers.boxes["mapas"].click()
    papers.edition.setCurrentIndex(1)
    papers.edition.activated.emit(1)

    enabled = {name for name, made in papers.buttons.items() if made.isEnabled()}
    assert enabled == {*(r.name for r in reports.REPORTS.values() if r.public), "datos_publica"}
    assert "Solo tiene versión interna" in papers.buttons["tratamiento"].toolTip()
    assert papers.several.text() == "Guardar los escogi&dos (1)"
    papers.several.click()
    settle(shell)

    assert [path.name for path in papers.folder.iterdir()] == ["2026_mapas_publico.pdf"]
    assert {name for name, made in papers.buttons.items() if made.isEnabled()} == enabled
    papers.edition.setCurrentIndex(0)
    papers.edition.activated.emit(0)
    assert all(made.isEnabled() for made in papers.buttons.values())
    assert papers.several.text() == "Guardar los escogi&dos (2)"


@pytest.mark.parametrize(
    ("code", "words"),
    [
        (errno.EACCES, "está abierto en otro programa o protegido"),
        (errno.ENOSPC, "No hay espacio para guardar «2026_falta.pdf»"),
    ],
)
def test_a_file_that_is_open_elsewhere_and_a_full_disk_are_one_sentence(
    shell: Shell,
    papers: InformesPage,
    tmp_path: Path,
    settle: Settle,
    monkeypatch: pytest.MonkeyPatch,
    code: int,
    words: str,
) -> None:
    """Windows refuses to replace what another program holds open."""
    papers.folder = tmp_path / "informes"
    papers.folder.mkdir()
    old = papers.folder / "2026_falta.pdf"
    old.write_bytes(b"el de antes")

    def refuse(self: Path, target: Path) -> Path:
        raise OSError(code, "no")

    monkeypatch.setattr(Path, "replace", refuse)
    papers.buttons["falta"].click()
    settle(shell)

    assert words in shell.notice.text
    assert [path.read_bytes() for path in papers.folder.iterdir()] == [b"el de antes"]
    assert papers.buttons["falta"].isEnabled()


def test_a_folder_that_cannot_be_written_is_told(
    shell: Shell, papers: InformesPage, tmp_path: Path, settle: Settle
) -> None:
    (tmp_path / "archivo").write_text("no es una carpeta", encoding="utf-8")
    papers.folder = tmp_path / "archivo"

    papers.buttons["falta"].click()
    settle(shell)

    assert "No se puede escribir en la carpeta" in shell.notice.text


@pytest.mark.parametrize("name", ["tablero", "bandeja", "matriz", "informes"])
def test_page_fits_a_small_screen_and_names_its_inputs(
    qtbot: QtBot,
    shell: Shell,
    two: Callable[[], None],
    settle: Settle,
    nameless: Callable[[QWidget], list[str]],
    name: str,
) -> None:
    two()
    page = go(shell, name, settle)

    shell.resize(911, 512)  # 1366 x 768 at 150 %
    qtbot.waitUntil(lambda: page.minimumSizeHint().width() <= page.width())

    if not page.scrolls:
        assert page.minimumSizeHint().height() <= page.height()
    assert nameless(shell) == []

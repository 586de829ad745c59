"""The manual: it is there, says what the windows say, and opens."""

import importlib.util
import re
from pathlib import Path
from types import ModuleType

import pytest
from pypdf import PdfReader
from PySide6.QtCore import Qt, QUrl
from PySide6.QtGui import QDesktopServices
from PySide6.QtWidgets import QPushButton
from pytestqt.qtbot import QtBot

from ui import dependencia, oficina
from ui.manual import manual
from ui.messages import Recorded
from ui.oficina import words
from ui.shell import Shell
from ui.start import StartPage


def _bare(text: str) -> str:
    """Text without blanks and marks: lines break elsewhere on paper."""
    return re.sub(r"[\s*•]|\.{3,}", "", text)


@pytest.fixture(scope="module")
def paper() -> PdfReader:
    return PdfReader(manual())


@pytest.fixture(scope="module")
def said(paper: PdfReader) -> str:
    return _bare(
        "".join(re.sub(r"Peti Desktop · Manual\s+Página \d+ de \d+", "", p.extract_text()) for p in paper.pages)
    )


@pytest.fixture
def text(root: Path) -> str:
    return (root / "docs/manual.md").read_text("utf-8")


@pytest.fixture
def builder(root: Path) -> ModuleType:
    found = importlib.util.spec_from_file_location("manual_builder", root / "docs/manual.py")
    assert found is not None and found.loader is not None
    made = importlib.util.module_from_spec(found)
    found.loader.exec_module(made)
    return made


def test_the_paper_says_all_that_the_text_says(said: str, text: str) -> None:
    blocks = [block for block in text.split("\n\n") if not block.startswith(("![", "{{"))]
    lines = [line for block in blocks for line in block.strip().splitlines() if not line.startswith("|")]
    cells = [cell for line in text.splitlines() if line.startswith("|") for cell in line.strip("|").split("|")]
    wanted = [_bare(line.lstrip("#- ")) for line in lines] + [_bare(cell) for cell in cells]

    assert [line for line in wanted if line not in said] == []


def test_it_is_accessible_small_and_numbered(paper: PdfReader) -> None:
    fonts = [font.get_object() for page in paper.pages for font in page["/Resources"]["/Font"].values()]  # type: ignore[index]
    last = paper.pages[-1].extract_text()

    assert manual().stat().st_size < 3_000_000
    assert paper.metadata is not None and paper.metadata.title == "Manual de Peti Desktop"
    assert str(paper.root_object["/Lang"]) == "es-CO"
    assert {(page.mediabox.width, page.mediabox.height) for page in paper.pages} == {(612, 792)}
    assert all("/FontFile2" in font["/FontDescriptor"].get_object() for font in fonts)
    assert f"Página {len(paper.pages)} de {len(paper.pages)}" in last


def test_every_heading_is_a_bookmark(paper: PdfReader, text: str) -> None:
    def titles(entries: list[object]) -> list[str]:
        return [t for e in entries for t in (titles(e) if isinstance(e, list) else [str(e.title)])]  # type: ignore[attr-defined]

    headings = re.findall(r"^#+ (.+)$", text, re.M)[1:]

    assert titles(list(paper.outline)) == headings


def test_every_page_and_every_verdict_is_named(text: str) -> None:
    pages = [spec.text.replace("&", "") for spec in (*dependencia.pages(), *oficina.pages())]
    verdicts = {"válida", "con avisos", words.UNKNOWN, words.REPEATED, "no es una entrega"}
    verdicts |= set(words._HELD.values()) | {
        word.removesuffix(": se volvió a guardar") for word in words._WORDS.values()
    }
    rare = {"llegó dañada": "o dañada", "no se pudo leer": "dañada"}

    assert [page for page in pages if page not in text] == []
    assert [word for word in sorted(verdicts) if rare.get(word, word) not in text] == []


def test_every_picture_is_one_that_the_script_makes(root: Path, text: str, builder: ModuleType) -> None:
    names = builder.pictures(text)
    script = (root / "docs/screens.py").read_text("utf-8")
    made = {f"{name}.png" for name in re.findall(r'(?:Scene|both)\(\s*"([\w-]+)"', script)}

    assert names
    assert set(names) <= made
    assert [name for name in names if not (builder.PICTURES / name).is_file()] == []


def test_f1_and_the_first_page_open_it(qtbot: QtBot, monkeypatch: pytest.MonkeyPatch) -> None:
    opened: list[str] = []

    def take(url: QUrl) -> bool:
        opened.append(url.toLocalFile())
        return len(opened) == 1

    monkeypatch.setattr(QDesktopServices, "openUrl", take)
    told = Recorded()
    shell = Shell(told)
    qtbot.addWidget(shell)
    shell.show()
    shell._help()
    qtbot.mouseClick(shell.notice._action, Qt.MouseButton.LeftButton)
    (start,) = shell.findChildren(StartPage)
    (entry,) = [b for b in start.findChildren(QPushButton) if b.text() == "&Leer el manual"]
    qtbot.mouseClick(entry, Qt.MouseButton.LeftButton)

    assert [Path(path) for path in opened] == [manual(), manual()]
    assert told.said == [f"Este equipo no tiene con qué abrir el manual. Cópielo a otro equipo: está en {manual()}"]

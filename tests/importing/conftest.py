"""Stores and strangers' files, made for each test."""

import zipfile
from collections.abc import Callable, Iterator, Sequence
from datetime import date
from pathlib import Path
from xml.sax.saxutils import escape

import pytest
from openpyxl import Workbook

from peti_desktop.workspace import Workspace

FILES = Path(__file__).parent / "files"

Rows = Sequence[Sequence[object]]


@pytest.fixture
def ws(tmp_path: Path) -> Iterator[Workspace]:
    """A dependencia with two devices."""
    with Workspace.create(
        tmp_path / "salud.sqlite",
        perfil="dependencia",
        dependencia="SALUD",
        nombre="Ana",
        cargo="Técnica",
        vigencia=2026,
    ) as made:
        made.new("equipo", {"placa": "00123", "serial": "5CG0371YBM", "tipo": "escritorio", "marca": "HP"})
        made.new("equipo", {"placa": "00200", "marca": "Dell", "ubicacion": "Archivo"})
        yield made


@pytest.fixture
def xlsx(tmp_path: Path) -> Callable[..., Path]:
    """Writes rows into a workbook; ``name`` is its file, ``sheet`` its only sheet."""

    def write(rows: Rows, name: str = "inventario.xlsx", sheet: str = "Hoja1") -> Path:
        book = Workbook()
        active = book.active
        assert active is not None
        active.title = sheet
        for row in rows:
            active.append(list(row))
        book.save(tmp_path / name)
        return tmp_path / name

    return write


@pytest.fixture
def ods(tmp_path: Path) -> Callable[..., Path]:
    """Writes table XML (or rows of texts, numbers and dates) into an .ods made by hand."""

    def write(rows: Rows | str, name: str = "inventario.ods") -> Path:
        body = (
            rows
            if isinstance(rows, str)
            else "".join(f"<table:table-row>{_cells(row)}</table:table-row>" for row in rows)
        )
        content = (
            '<?xml version="1.0" encoding="UTF-8"?><office:document-content'
            ' xmlns:office="urn:oasis:names:tc:opendocument:xmlns:office:1.0"'
            ' xmlns:table="urn:oasis:names:tc:opendocument:xmlns:table:1.0"'
            ' xmlns:text="urn:oasis:names:tc:opendocument:xmlns:text:1.0"><office:body><office:spreadsheet>'
            f'<table:table table:name="Hoja1">{body}</table:table></office:spreadsheet></office:body>'
            "</office:document-content>"
        )
        with zipfile.ZipFile(tmp_path / name, "w") as archive:
            archive.writestr("mimetype", "application/vnd.oasis.opendocument.spreadsheet")
            archive.writestr("content.xml", content)
        return tmp_path / name

    return write


def _cells(row: Sequence[object]) -> str:
    return "".join(_cell(value) for value in row)


def _cell(value: object) -> str:
    match value:
        case None:
            return "<table:table-cell/>"
        case date():
            said = f'office:value-type="date" office:date-value="{value.isoformat()}"'
        case int() | float():
            said = f'office:value-type="float" office:value="{value}"'
        case _:
            said = 'office:value-type="string"'
    return f"<table:table-cell {said}><text:p>{escape(str(value))}</text:p></table:table-cell>"

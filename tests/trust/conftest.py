"""A small public key infrastructure and one real workbook, made once: RSA keys are slow to make."""

import io
from datetime import UTC, datetime, timedelta

import openpyxl
import pytest
from openpyxl.drawing.image import Image
from openpyxl.styles import Font, PatternFill
from openpyxl.worksheet.datavalidation import DataValidation
from openpyxl.worksheet.table import Table
from PIL import Image as Picture

from peti_desktop.trust import authority, keys, signature
from peti_desktop.trust.keys import Identity, Signer
from peti_desktop.trust.signature import Trust

NOW = datetime(2026, 3, 2, 14, 30, tzinfo=UTC)
ANA = Identity("SALUD", "Secretaría de Salud", "Ana Peña Ñuñez", "Enlace de TI, grado 3", "Alcaldía de Funza")


@pytest.fixture(scope="session")
def now() -> datetime:
    return NOW


@pytest.fixture(scope="session")
def identity() -> Identity:
    return ANA


@pytest.fixture(scope="session")
def office() -> Signer:
    """The office's authority."""
    return authority.make_authority("Alcaldía de Funza", NOW - timedelta(days=30))


@pytest.fixture(scope="session")
def stranger() -> Signer:
    """A key nobody confirmed, with the very same names."""
    return keys.make_signer(ANA, NOW)


@pytest.fixture(scope="session")
def beginner() -> Signer:
    """Ana before the office confirmed her."""
    return keys.make_signer(ANA, NOW)


@pytest.fixture(scope="session")
def ana(office: Signer, beginner: Signer) -> Signer:
    """Ana with the office's certificate."""
    issued = authority.issue(office, beginner.key.public_key(), ANA, NOW)
    return authority.adopt(beginner, issued, office.certificate)


@pytest.fixture(scope="session")
def trust(office: Signer) -> Trust:
    return Trust(authorities=(office.certificate,))


@pytest.fixture(scope="session")
def workbook() -> bytes:
    """What our writer may use: styles, tables, a picture, lists, merged cells, a hidden sheet, a fixed row."""
    book = openpyxl.Workbook()
    sheet = book.active
    assert sheet is not None
    sheet.title = "Riesgos"
    sheet.append(["Código", "Descripción & causa"])
    for number in range(1, 21):
        sheet.append([f"R-{number:03}", f"Pérdida de <datos> «á» {number}"])
    sheet["A1"].font = Font(bold=True)
    sheet["B1"].fill = PatternFill("solid", fgColor="FFDD00")
    sheet.freeze_panes = "A2"
    sheet.merge_cells("D1:F1")
    choices = DataValidation(type="list", formula1='"Sí,No"')
    sheet.add_data_validation(choices)
    choices.add("C2:C20")
    sheet.add_table(Table(displayName="Riesgos1", ref="A1:B21"))
    picture = io.BytesIO()
    Picture.new("RGB", (4, 4), "red").save(picture, "PNG")
    sheet.add_image(Image(picture), "H2")
    book.create_sheet("Equipos").append(["Serie", "00012"])
    book.create_sheet("_peti").append(["formato", 1])
    book["_peti"].sheet_state = "hidden"
    buffer = io.BytesIO()
    book.save(buffer)
    return buffer.getvalue()


@pytest.fixture(scope="session")
def signed(workbook: bytes, ana: Signer) -> bytes:
    return signature.sign(workbook, ana, "Entrega 03 de SALUD, 2026 & más", NOW)


@pytest.fixture(scope="session")
def impostor() -> Signer:
    """Another authority that gave itself the office's name."""
    return authority.make_authority("Alcaldía de Funza", NOW - timedelta(days=30))

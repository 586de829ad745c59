"""The public version leaves out open weaknesses, free texts about them, and who answers for them."""

from io import BytesIO
from pathlib import Path

import pytest
from pypdf import PdfReader

from peti_desktop import reports
from peti_desktop.errors import UserError
from peti_desktop.progress import silent
from peti_desktop.records import EVERY
from peti_desktop.records.fields import Kind
from peti_desktop.reports import REPORTS
from peti_desktop.workspace import Workspace

PUBLIC = [name for name, report in REPORTS.items() if report.public]
TOLD = {
    "sistemas": {"sistema.nombre", "sistema.para_que", "sistema.direccion_web"},
    "hoja_de_ruta": {"iniciativa.codigo", "iniciativa.nombre"},
    "indicadores": {"avance.periodo"},
}
"""The free texts that a public version shows."""


def text(data: bytes) -> str:
    return " ".join(" ".join(page.extract_text() for page in PdfReader(BytesIO(data)).pages).split())


def mark(field: str) -> str:
    """A word that stands for a field and fits the narrowest column."""
    return "Z" + "".join(chr(ord("A") + int(digit)) for digit in str(FIELDS.index(field) + 1000))


FIELDS = [f"{kind.name}.{f.name}" for kind in EVERY.values() for f in kind.fields]


@pytest.fixture
def marked(full: Workspace) -> Workspace:
    """A record of each type whose every text is a word of its own."""
    with full.act("x") as act:
        for name, kind in EVERY.items():
            free = [f for f in kind.fields if f.kind in {Kind.TEXT, Kind.NOTE} and not f.computed and not f.links]
            said = {f.name: mark(f"{name}.{f.name}") for f in free}
            if name == "equipo":
                said |= {"sistema_operativo": "windows_7"}
            if name == "avance":
                said |= {"indicador": full.catalogues.entries("indicador")[0].code}
            if name == "control":
                said |= {"riesgo": full.records("riesgo")[0].uid}
            act.new(name, said, dependencia="SALUD")
    return full


@pytest.mark.parametrize("name", PUBLIC)
def test_no_weakness_and_nobody_is_named(marked: Workspace, name: str) -> None:
    published = REPORTS[name].public
    assert published is not None

    said = text(published(marked, silent))

    assert {field for field in FIELDS if mark(field) in said} <= TOLD.get(name, set())
    assert "Versión pública" in said
    assert "Uso interno" not in said
    assert "Windows" not in said
    assert "Extremo" not in said or name in {"consolidado", "mapas"}  # of the entity alone


def test_the_internal_versions_do_name_them(marked: Workspace) -> None:
    said = text(REPORTS["matriz"].draw(marked, silent)) + text(REPORTS["equipos"].draw(marked, silent))

    assert all(mark(field) in said for field in ("riesgo.descripcion", "riesgo.responsable", "equipo.custodio"))
    assert "Windows 7: sin soporte" in said


@pytest.mark.parametrize("name", REPORTS)
def test_every_page_of_the_internal_version_says_so(full: Workspace, name: str) -> None:
    for page in PdfReader(BytesIO(REPORTS[name].draw(full, silent))).pages:
        assert "Uso interno" in page.extract_text()


@pytest.mark.parametrize("name", PUBLIC)
def test_an_empty_store_can_be_published(office: Workspace, name: str) -> None:
    published = REPORTS[name].public
    assert published is not None
    data = published(office, silent, reports.CARTA)

    assert "sin datos" in text(data)
    assert data == published(office, silent, reports.CARTA)


def test_both_versions_have_files_of_their_own(full: Workspace, tmp_path: Path) -> None:
    inner = reports.write(full, "mapas", tmp_path)
    public = reports.write(full, "mapas", tmp_path, public=True)

    assert (inner.name, public.name) == ("2026_mapas.pdf", "2026_mapas_publico.pdf")
    assert "por dependencia" in text(inner.read_bytes())
    assert "por dependencia" not in text(public.read_bytes())
    with pytest.raises(UserError, match="solo tiene versión interna"):
        reports.write(full, "tratamiento", tmp_path, public=True)
    assert len(list(tmp_path.glob("*tratamiento*"))) == 0

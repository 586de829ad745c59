"""The acuse: what the office received and when, proven on paper and in a file, the same each time it is asked for."""

from io import BytesIO
from pathlib import Path

import pytest
from pypdf import PdfReader

from db.queries import deliveries
from db.queries import observations as rows
from peti_desktop.errors import UserError
from peti_desktop.intake import apply
from peti_desktop.records import TYPES
from peti_desktop.reports.page import OFICIO
from peti_desktop.returning import issuing, receiving
from peti_desktop.returning.acknowledge import acknowledge
from peti_desktop.returning.pages import page
from tests.returning.conftest import Received


def text_of(path: Path) -> str:
    return " ".join(" ".join(p.extract_text() for p in PdfReader(path).pages).split())


def test_an_acuse_proves_the_very_file(received: Received) -> None:
    received.clock.later()
    made = acknowledge(received.office, received.sha256, received.pki.office, received.folder / "acuses")

    found = receiving.read(received.salud, made.path)
    result = receiving.take(received.salud, found)

    assert made.path.name == "2026_SALUD_acuse-01.xlsx"
    assert (found.clase, found.acceptable) == ("acuse", True)
    assert found.contents is not None
    told = found.contents.told
    with received.salud.read() as connection:
        own = deliveries.made(connection)[0]
    assert (told.entrega, told.entrega_codigo, told.codigo) == (own["sha256"], own["codigo"], own["codigo"])
    assert (told.estado, told.contador, told.previo) == ("recibida", 1, "")
    counts = received.salud.counts()
    assert dict(told.counts) == {name: counts[name] for name in TYPES}
    assert result.sentences == (
        "La Oficina TIC recibió la entrega n.º 1 el 22-nov-2026, 12:20; es exactamente el archivo que se entregó.",
    )
    assert [(f.clase, f.numero, f.codigo) for f in issuing.listing(received.salud)] == [("acuse", 1, own["codigo"])]


def test_asked_for_again_it_is_the_same(received: Received) -> None:
    first = acknowledge(received.office, received.sha256, received.pki.office, received.folder / "a")
    before = (first.path.read_bytes(), first.pdf.read_bytes())
    received.clock.later()
    apply.reject(received.office, received.sha256, "x")

    again = acknowledge(received.office, received.sha256, received.pki.office, received.folder / "b")
    over = acknowledge(received.office, received.sha256, received.pki.office, received.folder / "a")

    assert (
        (again.path.read_bytes(), again.pdf.read_bytes()) == before == (over.path.read_bytes(), over.pdf.read_bytes())
    )
    assert len(issuing.listing(received.office)) == 1


@pytest.mark.parametrize("already", [False, True])
def test_a_page_of_somebody_else_is_never_replaced(received: Received, already: bool) -> None:
    office, folder = received.office, received.folder / "a"
    first = acknowledge(office, received.sha256, received.pki.office, folder)
    theirs = folder if already else received.folder / "b"
    theirs.mkdir(exist_ok=True)
    pdf = theirs / first.pdf.name
    pdf.write_bytes(b"%PDF of another")

    with pytest.raises(UserError, match=f"otro archivo con ese nombre: «{pdf.name}»"):
        acknowledge(office, received.sha256, received.pki.office, theirs)

    assert pdf.read_bytes() == b"%PDF of another"
    assert (theirs / first.path.name).exists() is already


def test_the_page_is_written_anew_on_another_paper(received: Received) -> None:
    office, folder = received.office, received.folder / "a"
    first = acknowledge(office, received.sha256, received.pki.office, folder)
    before = first.pdf.read_bytes()

    again = acknowledge(office, received.sha256, received.pki.office, folder, paper=OFICIO)

    assert again.pdf.read_bytes() != before


def test_each_acuse_holds_the_hash_of_the_one_before(received: Received) -> None:
    first = acknowledge(received.office, received.sha256, received.pki.office, received.folder)
    received.deliver()
    second = acknowledge(received.office, received.sha256, received.pki.office, received.folder)

    found = receiving.read(received.salud, second.path).contents
    assert found is not None
    assert (found.told.contador, found.told.previo) == (2, first.sha256)
    assert found.told.numero == 2


def test_the_page_says_what_the_file_says(received: Received) -> None:
    made = acknowledge(received.office, received.sha256, received.pki.office, received.folder)

    text = text_of(made.pdf)
    assert made.code in text
    assert received.sha256 in text
    assert "Página 1 de 1" in text
    contents = issuing.again(received.office, made.sha256).contents
    oficio = PdfReader(BytesIO(page(contents, OFICIO)))
    assert [round(float(p.mediabox.height)) for p in oficio.pages] == [round(OFICIO.high)]


def test_nothing_is_kept_of_an_acuse_that_could_not_be_written(received: Received) -> None:
    (received.folder / "2026_SALUD_acuse-01.xlsx").write_bytes(b"otro")

    with pytest.raises(UserError, match="otro archivo"):
        acknowledge(received.office, received.sha256, received.pki.office, received.folder)

    with received.office.read() as connection:
        assert rows.files(connection) == []


def test_a_delivery_that_is_not_there_is_not_acknowledged(received: Received) -> None:
    with pytest.raises(UserError, match="no está"):
        acknowledge(received.office, "0" * 64, received.pki.office, received.folder)


def test_only_the_office_acknowledges(received: Received) -> None:
    with pytest.raises(UserError, match="Oficina TIC"):
        acknowledge(received.office, received.sha256, received.pki.salud, received.folder)

"""A dependencia believes the office alone: what is altered, borrowed or meant for something else is not taken in."""

import io
import zipfile
from collections.abc import Callable
from dataclasses import replace
from datetime import date, timedelta
from pathlib import Path

import pytest
from cryptography.hazmat.primitives.serialization import Encoding
from openpyxl import Workbook, load_workbook

from db.queries import observations as rows
from db.queries import space
from peti_desktop.delivery import keys_told, starter
from peti_desktop.delivery.keys_told import KeysTold
from peti_desktop.errors import UserError
from peti_desktop.returning import book, contents, issuing, receiving
from peti_desktop.returning.contents import Contents, Point, Settled
from peti_desktop.returning.give_back import Returned, give_back
from peti_desktop.returning.observations import Asked, add_many, listing
from peti_desktop.trust import authority, keys, package, signature, succession
from peti_desktop.trust.keys import Signer
from peti_desktop.trust.succession import Relay
from peti_desktop.trust.verdict import Status
from tests.exchange.conftest import NOON, identity
from tests.returning.conftest import Received

DUE = date(2026, 12, 15)


@pytest.fixture
def kind() -> str:
    """Reading at the dependencia is the same whatever the office's store is."""
    return "sqlite"


@pytest.fixture
def returned(received: Received) -> Returned:
    device = received.salud.records("equipo")[0]
    wanted = [Asked("equipo", device.uid, "anio", texto="¿año?"), Asked(texto="todo")]
    add_many(received.office, received.sha256, wanted)
    return give_back(received.office, received.sha256, received.pki.office, received.folder / "vuelta", DUE)


def said(received: Received, returned: Returned) -> Contents:
    found = receiving.read(received.salud, returned.path).contents
    assert found is not None
    return found


def signed(received: Received, what: Contents, signer: Signer, purpose: str = "") -> receiving.OfficeFile:
    """What a dependencia finds in a file that somebody signed."""
    unsigned = book.write(contents.coded(what), received.office.catalogues)
    data = signature.sign(unsigned, signer, purpose or contents.purpose(what.told), received.clock())
    return receiving.read_bytes(received.salud, "x.xlsx", data)


def refused(received: Received, found: receiving.OfficeFile) -> str:
    """The code of the first reason of a file that is not taken in."""
    assert not found.acceptable
    with pytest.raises(UserError):
        receiving.take(received.salud, found)
    assert listing(received.salud) == []
    assert issuing.listing(received.salud) == []
    return found.reasons[0].code


def test_a_change_in_any_part_is_seen(received: Received, returned: Returned) -> None:
    parts = package.read(returned.path.read_bytes())
    assert len(parts) > 10
    for name, data in parts.items():
        changed = {**parts, name: data[:-1] + bytes([data[-1] ^ 1]) if data else b"x"}
        found = receiving.read_bytes(received.salud, "x.xlsx", package.write(changed))
        assert found.status is Status.NO_VALIDA, name
        assert found.contents is None, name


def test_no_single_byte_changes_what_is_read(received: Received, returned: Returned) -> None:
    """Only dates and the like of the zip itself may differ, as when it was packed again."""
    data, whole = returned.path.read_bytes(), said(received, returned)
    refusals = 0
    for at in range(0, len(data), 211):
        changed = data[:at] + bytes([data[at] ^ 0x20]) + data[at + 1 :]
        found = receiving.read_bytes(received.salud, "x.xlsx", changed)
        assert found.contents in (None, whole), at
        refusals += found.contents is None
    assert refusals > len(data) // 211 - 9


def test_packed_again_it_is_still_the_same_file(received: Received, returned: Returned) -> None:
    packed = io.BytesIO()
    with (
        zipfile.ZipFile(returned.path) as old,
        zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED, compresslevel=1) as new,
    ):
        for name in old.namelist():
            new.writestr(name, old.read(name))
    receiving.take(received.salud, receiving.read(received.salud, returned.path))

    again = receiving.read_bytes(received.salud, "x.xlsx", packed.getvalue())

    assert again.sha256 != returned.sha256
    assert receiving.take(received.salud, again).repeated


def test_saved_again_in_excel_it_is_no_longer_the_offices_word(received: Received, returned: Returned) -> None:
    copy = io.BytesIO()
    load_workbook(returned.path).save(copy)

    assert refused(received, receiving.read_bytes(received.salud, "x.xlsx", copy.getvalue()))


@pytest.mark.parametrize("data", [b"", b"PK", b"\xd0\xcf\x11\xe0", b"<html>", b"x" * 100], ids=repr)
def test_what_is_no_workbook_is_said_so(received: Received, data: bytes) -> None:
    assert refused(received, receiving.read_bytes(received.salud, "x.xlsx", data))


def test_a_zip_bomb_is_not_opened(received: Received) -> None:
    bomb = io.BytesIO()
    with zipfile.ZipFile(bomb, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("[Content_Types].xml", b"0" * 400_000_000)

    assert refused(received, receiving.read_bytes(received.salud, "x.xlsx", bomb.getvalue()))


def test_another_authority_of_the_same_name_is_not_the_office(received: Received, returned: Returned) -> None:
    root = authority.make_authority("Alcaldía", NOON - timedelta(days=9))
    stranger = authority.office_signer(root, identity("TIC"), NOON - timedelta(days=9))

    theirs = KeysTold(root.certificate.public_bytes(Encoding.DER))
    what = said(received, returned)

    assert refused(received, signed(received, what, stranger)) == "firmante_desconocido"
    other = replace(what, told=replace(what.told, keys=theirs))
    assert refused(received, signed(received, other, stranger)) == "oficina_desconocida"


def test_a_dependencia_does_not_speak_for_the_office(received: Received, returned: Returned) -> None:
    assert refused(received, signed(received, said(received, returned), received.pki.salud)) == "no_oficina"
    assert refused(received, signed(received, said(received, returned), received.pki.hacienda)) == "no_oficina"


def test_a_dependencia_that_calls_itself_the_office_is_unknown(received: Received, returned: Returned) -> None:
    own = keys.make_signer(identity("TIC"), NOON - timedelta(days=9))

    assert refused(received, signed(received, said(received, returned), own)) == "firmante_desconocido"


def test_without_a_starter_file_the_office_is_not_known_yet(received: Received, returned: Returned) -> None:
    with received.salud.write() as connection:
        connection.exec_driver_sql("DELETE FROM autoridad")

    found = receiving.read(received.salud, returned.path)

    assert found.status is Status.DESCONOCIDA
    assert refused(received, found) == "oficina_desconocida"
    assert "archivo de inicio" in found.reasons[0].sentence


@pytest.mark.parametrize(
    "purpose",
    [
        "Entrega al PETI 2026",
        "Archivo de inicio del PETI 2026",
        "Acuse de recibo del PETI 2026 de SALUD, entrega n.º 1",
        "Devolución del PETI 2026 a HACIENDA, n.º 1",
        "Devolución del PETI 2026 a SALUD, n.º 2",
        "Visto bueno",
    ],
)
def test_what_the_office_signed_for_something_else_is_not_a_return(
    received: Received, returned: Returned, purpose: str
) -> None:
    found = signed(received, said(received, returned), received.pki.office, purpose)

    assert found.contents is None
    with pytest.raises(UserError):
        receiving.take(received.salud, found)
    assert listing(received.salud) == []


def test_a_delivery_and_a_starter_file_are_named(received: Received) -> None:
    delivery = receiving.read(received.salud, received.folder / "usb" / "2026_SALUD_entrega-01.xlsx")
    start = receiving.read(
        received.salud, starter.write(received.office, "SALUD", received.pki.office, received.folder)
    )

    assert (delivery.clase, refused(received, delivery)) == ("entrega", "es_entrega")
    assert (start.clase, start.status, start.contents) == ("inicio", Status.VALIDA, None)
    with pytest.raises(UserError, match="archivo de inicio"):
        receiving.take(received.salud, start)


def other_unit(what: Contents) -> Contents:
    return replace(what, told=replace(what.told, dependencia="HACIENDA", dependencia_nombre="Hacienda"))


def other_year(what: Contents) -> Contents:
    return replace(what, told=replace(what.told, vigencia=2027))


@pytest.mark.parametrize(("change", "words"), [(other_unit, "es para Hacienda"), (other_year, "vigencia 2027")])
def test_anothers_return_is_not_taken(
    received: Received, returned: Returned, change: Callable[[Contents], Contents], words: str
) -> None:
    found = signed(received, change(said(received, returned)), received.pki.office)

    assert found.acceptable
    with pytest.raises(UserError, match=words):
        receiving.take(received.salud, found)
    assert listing(received.salud) == []


def point(what: Contents, **changed: str) -> Contents:
    first, *rest = what.points
    return replace(what, points=(replace(first, **changed), *rest))  # type: ignore[arg-type] # all of them texts


def twice(what: Contents) -> Contents:
    return replace(what, points=(*what.points, what.points[0]))


HOSTILE: dict[str, Callable[[Contents], Contents]] = {
    "uid": lambda what: point(what, uid="x'; DROP TABLE"),
    "registro": lambda what: point(what, tipo="equipo", registro="1"),
    "twice": twice,
    "none": lambda what: replace(what, points=()),
    "long": lambda what: point(what, texto="x" * 8001),
    "empty": lambda what: point(what, texto=""),
    "field of nothing": lambda what: point(what, tipo="equipo", registro="", campo="anio"),
    "row of nothing": lambda what: point(what, tipo="", registro="0" * 8 + "-0000-0000-0000-" + "0" * 12),
    "hash": lambda what: replace(what, told=replace(what.told, entrega="0" * 63)),
    "counter": lambda what: replace(what, told=replace(what.told, contador=10**9)),
    "closed": lambda what: replace(what, settled=(Settled("y", 1, "", "", "z"),)),
}


@pytest.mark.parametrize("change", HOSTILE.values(), ids=HOSTILE)
def test_a_signed_file_of_another_shape_is_refused_whole(
    received: Received, returned: Returned, change: Callable[[Contents], Contents]
) -> None:
    found = signed(received, change(said(received, returned)), received.pki.office)

    assert refused(received, found) == "no_es_de_la_oficina"


@pytest.mark.parametrize(("tipo", "campo"), [("drones", ""), ("equipo", "color")])
def test_what_only_a_newer_program_knows_asks_for_an_update(
    received: Received, returned: Returned, tipo: str, campo: str
) -> None:
    uid = received.salud.records("equipo")[0].uid
    what = said(received, returned)
    newer = Point("0" * 8 + "-0000-0000-0000-" + "0" * 12, tipo, uid, campo, "", "", "", "", "a", NOON)
    data = _signed_unchecked(received, replace(what, points=(newer,)))

    found = receiving.read_bytes(received.salud, "x.xlsx", data)

    assert refused(received, found) == "formato_nuevo"
    assert "actualice" in found.reasons[0].sentence


def _signed_unchecked(received: Received, what: Contents) -> bytes:
    """Signed, with a section whose title this program does not know."""
    plain = replace(what, points=tuple(replace(p, tipo="equipo", campo="") for p in what.points))
    unsigned = book.write(contents.coded(plain), received.office.catalogues)
    loaded = load_workbook(io.BytesIO(unsigned))
    sheet = loaded[contents.OBSERVATIONS]
    places = {cell.value: cell.coordinate[:-1] for cell in sheet[1]}
    for name in ("tipo", "campo"):
        sheet[f"{places[name]}4"] = getattr(what.points[0], name) or None
    return signature.sign(_streamed(loaded), received.pki.office, contents.purpose(what.told), received.clock())


def _streamed(loaded: Workbook) -> bytes:
    """The same cells in the shape of our own workbooks: texts within the cells."""
    from peti_desktop import sheets

    written = sheets.new_workbook()
    for sheet in loaded.worksheets:
        made: sheets.Sheet = written.create_sheet(sheet.title)
        for row in sheet.iter_rows(values_only=True):
            made.append([sheets.text_cell(made, str(value)) if value is not None else None for value in row])
    buffer = io.BytesIO()
    written.save(buffer)
    return buffer.getvalue()


def test_an_authority_that_took_the_known_ones_place_is_the_office(received: Received, returned: Returned) -> None:
    when = NOON - timedelta(days=9)
    root = authority.make_authority("Alcaldía", when)
    office = authority.office_signer(root, identity("TIC"), when)
    der = root.certificate.public_bytes(Encoding.DER)
    relay = succession.endorse(received.pki.root, root.certificate, received.clock())
    what = said(received, returned)

    by_its_word = replace(what, told=replace(what.told, keys=KeysTold(der, relays=(relay,), number=2**40)))
    found = signed(received, by_its_word, office)
    assert found.acceptable, found.reasons
    assert receiving.take(received.salud, found).new == 2

    # From now on the old one is not believed any more, whoever has its key.
    late = replace(what, points=what.points[:1])
    again = signed(received, late, received.pki.office)
    assert (again.acceptable, again.reasons[0].code) == (False, "oficina_desconocida")


@pytest.mark.parametrize(
    ("told", "code"),
    [
        (KeysTold(b"x"), "oficina_desconocida"),
        (KeysTold(b"", relays=(Relay("x", b"y", "z", b"w"),) * 40), "oficina_desconocida"),
        (KeysTold(b"x", annulled={"zz": NOON}), "no_es_de_la_oficina"),
        (KeysTold(b"x", number=2**60), "no_es_de_la_oficina"),
    ],
)
def test_a_list_of_keys_of_a_stranger_is_no_more_than_a_verdict(
    received: Received, returned: Returned, told: KeysTold, code: str
) -> None:
    own = keys.make_signer(identity("TIC"), NOON - timedelta(days=9))
    what = said(received, returned)

    assert refused(received, signed(received, replace(what, told=replace(what.told, keys=told)), own)) == code


def test_the_certificate_of_the_dependencia_travels_with_the_return(received: Received) -> None:
    der = received.pki.salud.certificate.public_bytes(Encoding.DER)
    key = keys.key_id(received.pki.salud.key.public_key())
    with received.office.write() as connection:
        said = {"nombre": "Ana Núñez", "cargo": "Técnica", "certificado": der, "desde": NOON, "anulado_en": None}
        space.add_signer(connection, said | {"huella": key, "dependencia": "SALUD", "motivo": None})
    returned = give_back(received.office, received.sha256, received.pki.office, received.folder, DUE, reason="a")

    receiving.take(received.salud, receiving.read(received.salud, returned.path))

    assert keys_told.certificates(received.salud) == (der,)


def test_an_office_does_not_take_in_its_own_returns(received: Received, returned: Returned) -> None:
    with pytest.raises(UserError, match="dependencia"):
        receiving.take(received.office, receiving.read(received.office, returned.path))


def test_the_office_is_told_of_a_number_given_twice(received: Received, returned: Returned) -> None:
    receiving.take(received.salud, receiving.read(received.salud, returned.path))
    what = said(received, returned)
    other = replace(what, points=what.points[:1])

    result = receiving.take(received.salud, signed(received, other, received.pki.office))

    assert any("numeró dos archivos con el 1" in sentence for sentence in result.sentences)
    with received.salud.read() as connection:
        assert len(rows.files(connection)) == 2
        assert space.settings(connection)["vence"] == DUE.isoformat()


def test_excel_shows_what_is_asked(received: Received, returned: Returned) -> None:
    loaded = load_workbook(returned.path)

    assert loaded.sheetnames == ["Portada", "Observaciones", "Equipos observ.", "_peti", "_llaves"]
    assert loaded["_peti"].sheet_state == "veryHidden"
    asked = loaded["Observaciones"]
    assert asked.row_dimensions[1].hidden
    assert [asked.cell(3, n).value for n in range(7, 14)] == [
        "N.º", "Sección", "Registro", "Campo", "Lo que se declaró", "Lo que se pide", "Responder hasta",
    ]  # fmt: skip
    observed = loaded["Equipos observ."]
    labels = {cell.value: cell.column for cell in observed[3]}
    painted = [cell for cell in observed[4] if cell.fill.fgColor.rgb == "00FFE2A8"]
    assert [cell.column for cell in painted] == [labels["Año"]] if "Año" in labels else len(painted) == 1
    assert painted[0].value == 2012
    assert painted[0].border.left.style == "medium"
    assert observed.cell(4, 1).value == "2"


def test_a_hostile_path_is_a_sentence(received: Received, tmp_path: Path) -> None:
    with pytest.raises(UserError, match="No se pudo leer"):
        receiving.read(received.salud, tmp_path / "nada.xlsx")

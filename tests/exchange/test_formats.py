"""What format 2 of the delivery workbook adds, and the promise that deliveries of format 1 are read for ever."""

import base64
import hashlib
import json
import zlib
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

import openpyxl
import pytest
from cryptography import x509
from cryptography.hazmat.primitives.asymmetric import rsa
from openpyxl.worksheet.worksheet import Worksheet

from db.queries import deliveries, observations, space
from db.schema import entrega_hecha, equipo, observacion
from peti_desktop.delivery import answers, deliver, reading, seal, workbook
from peti_desktop.delivery.answers import CORRECTED, KEPT, Answer
from peti_desktop.delivery.cells import Row, Unreadable, rows, sheet_parts
from peti_desktop.delivery.envelope import FORMAT, Envelope, code_of
from peti_desktop.delivery.heights import LINE_POINTS
from peti_desktop.errors import UserError
from peti_desktop.intake import apply, inbox
from peti_desktop.records import BORRAR, NO_APLICA, TYPES, Blank
from peti_desktop.records.fields import Kind, Severity
from peti_desktop.records.record import stored_text
from peti_desktop.trust import keys, signature
from peti_desktop.trust.verdict import Status, Trust
from peti_desktop.workspace import Workspace
from tests.exchange.conftest import NOON, Pki

RELEASED = Path(__file__).with_name("released") / "formato-1"
FIRST = RELEASED / "2026_SALUD_entrega-01.xlsx"


def _read(path: Path, ws: Workspace) -> reading.Delivery:
    found = signature.verify(path.read_bytes(), Trust(), NOON)
    assert found.parts is not None
    return reading.read(found.parts, ws.catalogues)


# --- format 1 -----------------------------------------------------------------------------------------------------


@pytest.fixture
def city(office: Workspace) -> Workspace:
    """The office whose authority stands behind the delivery of format 1."""
    der = (RELEASED / "autoridad.der").read_bytes()
    key = x509.load_der_x509_certificate(der).public_key()
    assert isinstance(key, rsa.RSAPublicKey)
    with office.write() as connection:
        space.add_authority(connection, keys.key_id(key), der, NOON)
    return office


def _sealed_of_format_1() -> dict[str, Any]:
    """What was sealed, taken apart without our reader."""
    sheet = openpyxl.load_workbook(FIRST)[workbook.MARK]
    chunks = [str(row[1]) for row in sheet.iter_rows(values_only=True) if row[0] == "contenido"]
    content: dict[str, Any] = json.loads(zlib.decompress(base64.b64decode("".join(chunks))))
    return content


def test_format_1_is_verified_staged_and_accepted(city: Workspace) -> None:
    receipt = inbox.receive(city, FIRST)

    assert (receipt.verdict, receipt.reasons, receipt.code) == (Status.VALIDA, (), "B7CQ-LLS3")
    assert receipt.counts == {"added": 5, "changed": 0, "retired": 1, "unchanged": 0, "doubtful": 0}
    apply.accept(city, receipt.sha256)
    assert [r.values["placa"] for r in city.records("equipo")] == ["000123"]


def test_format_1_says_what_its_own_program_sealed(city: Workspace) -> None:
    delivery = _read(FIRST, city)

    cover = delivery.envelope
    assert (cover.format, cover.ejemplar, cover.linaje, cover.previo, delivery.answers) == (1, "", (), "", ())
    for name, part in _sealed_of_format_1()["registros"].items():
        own = {r.uid: r for r in delivery.records[name]}
        for uid, revision, retired, example, *texts in part["filas"]:
            values = dict(zip(part["campos"], texts, strict=True))
            assert (own[uid].revision, own[uid].retired, own[uid].example) == (revision, retired, example)
            assert {n: stored_text(v) for n, v in own[uid].values.items() if n in values} == values
            assert [own[uid].values[n] for n in TYPES[name].by_name if n not in values] in ([], [None])
            assert own[uid].problems == ()


def test_code_of_format_1_is_reproduced(city: Workspace) -> None:
    delivery = _read(FIRST, city)

    assert code_of(2026, "SALUD", 1, delivery.records) == delivery.envelope.code == "B7CQ-LLS3"


def test_format_1_saved_again_is_explained_by_its_seal(city: Workspace, tmp_path: Path) -> None:
    book = openpyxl.load_workbook(FIRST)
    book.save(tmp_path / "igual.xlsx")
    book["Equipos"].cell(4, _column(book["Equipos"], "placa")).value = "9"
    book.save(tmp_path / "otra.xlsx")

    same, other = inbox.receive(city, tmp_path / "igual.xlsx"), inbox.receive(city, tmp_path / "otra.xlsx")

    assert [r.code for r in same.reasons] == ["guardado_igual"]
    assert [r.code for r in other.reasons] == ["vuelto_a_guardar", "celdas_cambiadas"]
    assert "«000123» → «9»" in other.reasons[1].sentence


def _column(sheet: Worksheet, name: str) -> int:
    (column,) = [cell.column for cell in sheet[1] if cell.value == name]
    assert column is not None
    return column


# --- what format 2 adds -------------------------------------------------------------------------------------------


def _ask(ws: Workspace, number: int, **other: object) -> str:
    """An observation the office made about the needs of delivery 1, answered here."""
    uid = f"0190f000-0000-7000-8000-{number:012}"
    row = {column.name: None for column in observacion.c} | {
        "uid": uid, "entrega": "0" * 64, "dependencia": "SALUD", "vigencia": 2026, "numero": 1, "ronda": 1,
        "tipo": "necesidad", "registro": "x", "campo": "cantidad", "titular": "Diez computadores", "declarado": "10",
        "frase": "", "texto": "=¿Por qué diez?\nDiga cuántos hay.", "hecha_en": NOON, "hecha_por": "Luis",
        "estado": "respondida", "respuesta": KEPT, "razon": "-Son diez puestos", "respondida_en": NOON,
    }  # fmt: skip
    with ws.write() as connection:
        observations.add(connection, [row | other])
    return uid


def test_cover_names_the_exemplar_and_the_delivery_before(salud: Workspace, pki: Pki, tmp_path: Path) -> None:
    first = deliver.deliver(salud, pki.salud, tmp_path)
    second = deliver.deliver(salud, pki.salud, tmp_path)

    before, after = _read(first.path, salud).envelope, _read(second.path, salud).envelope
    assert (before.format, before.previo, after.previo) == (FORMAT, "", first.code)
    assert before.ejemplar == after.ejemplar == before.linaje[-1]
    sheet = openpyxl.load_workbook(second.path)["Portada"]
    hidden = {sheet.cell(row, 1).value for row in range(1, sheet.max_row + 1) if sheet.row_dimensions[row].hidden}
    assert hidden == {"ejemplar", "linaje"}


def test_source_of_devices_and_controls_travels(salud: Workspace, pki: Pki, tmp_path: Path) -> None:
    device = salud.records("equipo")[0]
    without = deliver.deliver(salud, pki.salud, tmp_path)
    salud.put("equipo", device.uid, {"fuente": "Inventario de 2025"})

    made = deliver.deliver(salud, pki.salud, tmp_path)

    read = _read(made.path, salud)
    assert read.records["equipo"][0].values["fuente"] == "Inventario de 2025"
    everything = {name: salud.records(name, retired=None) for name in TYPES}
    salud.put("equipo", device.uid, {"fuente": ""})
    other = {name: salud.records(name, retired=None) for name in TYPES}
    assert made.code == code_of(2026, "SALUD", 2, everything) != code_of(2026, "SALUD", 2, other)
    assert without.code == code_of(2026, "SALUD", 1, other)


def test_answers_travel_and_are_sealed(office: Workspace, salud: Workspace, pki: Pki, tmp_path: Path) -> None:
    kept = _ask(salud, 1)
    corrected = _ask(salud, 2, campo="", respuesta=CORRECTED, razon=None)
    whole = _ask(salud, 3, tipo="", campo="", registro="", titular="", respuesta=CORRECTED, razon="")
    waiting = _ask(salud, 4, estado="devuelta", respuesta=None, razon=None)
    _ask(salud, 5, estado="cerrada", cerrada_en=NOON)

    made = deliver.deliver(salud, pki.salud, tmp_path)

    read = _read(made.path, salud)
    asked = "=¿Por qué diez?\nDiga cuántos hay."
    assert read.answers == (
        Answer(kept, KEPT, "-Son diez puestos", "Diez computadores", "Cantidad", asked),
        Answer(corrected, CORRECTED, "", "Diez computadores", "Todo el registro", asked),
        Answer(whole, CORRECTED, "", "Toda la entrega", "", asked),
    )
    found = signature.verify(made.path.read_bytes(), Trust(), NOON)
    assert found.parts is not None
    sealed = seal.opened(rows(found.parts[sheet_parts(found.parts)[workbook.MARK]]), Trust(), NOON)
    assert sealed is not None
    assert (sealed.answers, sealed.cover["ejemplar"]) == (read.answers, read.envelope.ejemplar)
    with salud.read() as connection:
        said = {row["uid"]: row["respondida_con"] for row in observations.fetch(connection)}
    assert (said[kept], said[whole], said[waiting]) == (made.code, made.code, None)
    everything = {name: salud.records(name, retired=None) for name in TYPES}
    assert made.code == code_of(2026, "SALUD", 1, everything, read.answers) != code_of(2026, "SALUD", 1, everything)


def test_answers_travel_again_until_the_office_closes_them(salud: Workspace, pki: Pki, tmp_path: Path) -> None:
    uid = _ask(salud, 1)

    first = deliver.deliver(salud, pki.salud, tmp_path)
    second = deliver.deliver(salud, pki.salud, tmp_path)

    assert _read(first.path, salud).answers == _read(second.path, salud).answers
    assert [answer.uid for answer in _read(second.path, salud).answers] == [uid]


def test_sheet_of_answers_can_be_read_by_people(salud: Workspace, pki: Pki, tmp_path: Path) -> None:
    empty = deliver.deliver(salud, pki.salud, tmp_path)
    _ask(salud, 1)
    full = deliver.deliver(salud, pki.salud, tmp_path)

    nothing, sheet = (openpyxl.load_workbook(made.path)[answers.SHEET] for made in (empty, full))

    assert [c.value for c in nothing[4] if c.value] == [answers.NONE]
    assert sheet.column_dimensions["A"].hidden
    assert sheet.row_dimensions[1].hidden
    assert [c.value for c in sheet[4]][1:] == [
        "Diez computadores", "Cantidad", "=¿Por qué diez?\nDiga cuántos hay.", "Se mantiene porque…",
        "-Son diez puestos",
    ]  # fmt: skip
    assert {c.data_type for row in sheet.iter_rows() for c in row} <= {"s", "n"}
    assert (sheet.row_dimensions[4].height or 0) > 2 * LINE_POINTS, "a question of two lines shows both"
    fitted = openpyxl.load_workbook(full.path)["Portada"].sheet_properties.pageSetUpPr
    assert fitted is not None and fitted.fitToPage, "labels and texts print beside each other"


def test_the_third_blank_travels(office: Workspace, salud: Workspace, pki: Pki, tmp_path: Path) -> None:
    device = salud.records("equipo")[0]
    salud.put("equipo", device.uid, {"anio": "borrar lo anterior", "sistema_operativo": "Borrar lo anterior"})

    made = deliver.deliver(salud, pki.salud, tmp_path)

    values = _read(made.path, salud).records["equipo"][0].values
    assert (values["anio"], values["sistema_operativo"]) == (BORRAR, BORRAR)
    receipt = inbox.receive(office, made.path)
    assert receipt.verdict == Status.VALIDA


@pytest.mark.parametrize("blank", list(Blank))
def test_every_blank_of_every_field_reads_back_as_it_was_meant(
    blank: Blank, office: Workspace, salud: Workspace, pki: Pki, tmp_path: Path
) -> None:
    optional = {name: {field.name for field in of.typed if field.may_be_na} for name, of in TYPES.items()}
    optional["riesgo"] -= {"impacto_reputacional"}  # one of two has to be there, by a rule
    optional["equipo"] -= {"placa"}
    optional["necesidad"] -= {"justificacion", "cantidad"}
    for name, fields in optional.items():
        for record in salud.records(name):
            salud.put(name, record.uid, dict.fromkeys(fields, blank.value))

    made = deliver.deliver(salud, pki.salud, tmp_path)

    read = _read(made.path, salud).records
    for name, fields in optional.items():
        assert [row.problems for row in read[name] if row.problems] == []
        assert {row.values[field] for row in read[name] for field in fields} <= {blank}
    links = [field.name for field in TYPES["necesidad"].fields if field.kind is Kind.LINK]
    assert links == ["equipo", "riesgo"]
    apply.accept(office, inbox.receive(office, made.path).sha256)
    kept = {record.values[name] for record in office.records("necesidad") for name in links}
    assert kept == {None if blank is BORRAR else NO_APLICA}


# --- hostile ------------------------------------------------------------------------------------------------------

UID = "0190f000-0000-7000-8000-000000000001"
HEAD = ("uid", "titular", "campo", "pedido", "respuesta", "razon")


def _sheet(*lines: Sequence[str], head: Sequence[str] = HEAD) -> list[Row]:
    found = [Row(1, dict(enumerate(head))), Row(2, {1: "Respuestas"}), Row(3, {1: "Registro"})]
    return found + [Row(4 + n, {c: text for c, text in enumerate(line) if text}) for n, line in enumerate(lines)]


GOOD = (UID, "t", "c", "p", "Corregido", "r")


def test_a_plain_answer_is_read() -> None:
    assert answers.read(_sheet(GOOD)) == (Answer(UID, CORRECTED, "r", "t", "c", "p"),)
    assert answers.read(_sheet(("", answers.NONE))) == ()
    assert answers.read(_sheet()) == ()


@pytest.mark.parametrize(
    "sheet",
    [
        [],
        _sheet(head=HEAD[:-1]),
        _sheet(head=(*HEAD, "uid")),
        _sheet(GOOD, GOOD),
        _sheet(("", *GOOD[1:])),
        _sheet(("0190F000-0000-7000-8000-000000000001", *GOOD[1:])),
        _sheet(("=1+1", *GOOD[1:])),
        _sheet((*GOOD[:4], "Tal vez", "r")),
        _sheet((*GOOD[:4], "", "r")),
        _sheet((*GOOD[:5], "x" * (answers.MAX_TEXT + 1))),
        _sheet(("", answers.NONE), GOOD),
    ],
    ids=range(11),
)
def test_answers_of_another_shape_are_refused(sheet: list[Row]) -> None:
    with pytest.raises(Unreadable):
        answers.read(sheet)


def test_a_hundred_thousand_answers_are_refused() -> None:
    many = [Row(4 + n, {0: UID, 4: "Corregido"}) for n in range(100_000)]

    with pytest.raises(Unreadable, match="100000 answers"):
        answers.read([*_sheet(), *many])


@pytest.mark.parametrize(
    "sealed",
    [None, {}, "x", [1], [["a"]], [[UID, CORRECTED, "", "", "", 3]], [[UID, "quizás", "", "", "", ""]],
     [["x", CORRECTED, "", "", "", ""]], [[UID, CORRECTED, "r" * (answers.MAX_TEXT + 1), "", "", ""]],
     [[UID, CORRECTED, "", "", "", ""]] * 2, [[UID]] * (answers.MAX_ANSWERS + 1)],
    ids=range(11),
)  # fmt: skip
def test_sealed_answers_of_another_shape_are_refused(pki: Pki, monkeypatch: pytest.MonkeyPatch, sealed: object) -> None:
    """Whoever owns a key can seal anything with it."""
    content = json.dumps({"portada": {}, "registros": {}, "respuestas": sealed}).encode("utf-8")
    monkeypatch.setattr(seal, "_content", lambda *_: content)
    found = [Row(1, {0: name, 1: text}) for name, text in seal.rows_of({}, {}, pki.stranger, NOON)]

    with pytest.raises(Unreadable):
        seal.opened(found, Trust(), NOON)


Edit = Callable[[dict[str, str]], None]


def _signed_with_cover(salud: Workspace, pki: Pki, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, edit: Edit) -> Path:
    """A delivery whose true key signs a cover that says otherwise."""
    true_rows = workbook.cover_rows

    def edited(envelope: Envelope, catalogues: Any) -> list[tuple[str, str, str]]:
        said = {name: text for name, _, text in true_rows(envelope, catalogues)}
        edit(said)
        return [(name, name, text) for name, text in said.items()]

    monkeypatch.setattr(workbook, "cover_rows", edited)
    monkeypatch.setattr(deliver, "_read_back", lambda *_: None)
    return deliver.deliver(salud, pki.salud, tmp_path / "usb").path


@pytest.mark.parametrize(
    "edit",
    [
        lambda said: said.pop("ejemplar"),
        lambda said: said.pop("linaje"),
        lambda said: said.pop("previo"),
        lambda said: said.update(ejemplar="../../etc"),
        lambda said: said.update(linaje="a " * 501),
        lambda said: said.update(previo="<b>"),
        lambda said: said.update(formato="0"),
        lambda said: said.update(formato="dos"),
    ],
    ids=range(8),
)
def test_cover_of_another_shape_is_no_delivery(
    office: Workspace, salud: Workspace, pki: Pki, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, edit: Edit
) -> None:
    receipt = inbox.receive(office, _signed_with_cover(salud, pki, tmp_path, monkeypatch, edit))

    assert (receipt.verdict, receipt.state) == (Status.NO_VALIDA, "")
    assert [r.code for r in receipt.reasons] == ["no_es_entrega"]


def test_format_3_asks_for_a_newer_program(
    office: Workspace, salud: Workspace, pki: Pki, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = _signed_with_cover(salud, pki, tmp_path, monkeypatch, lambda said: said.update(formato="3"))

    receipt = inbox.receive(office, path)

    assert [r.code for r in receipt.reasons] == ["formato_nuevo"]
    assert "versión más nueva" in receipt.reasons[0].sentence


def test_format_2_without_its_sheet_of_answers_is_no_delivery(salud: Workspace, pki: Pki, tmp_path: Path) -> None:
    path = deliver.deliver(salud, pki.salud, tmp_path).path
    found = signature.verify(path.read_bytes(), Trust(), NOON)
    assert found.parts is not None
    names = sheet_parts(found.parts)
    sheets = {name: rows(found.parts[part]) for name, part in names.items() if name in reading.SHEETS}

    with pytest.raises(Unreadable, match=answers.SHEET):
        reading.assembled({n: s for n, s in sheets.items() if n != answers.SHEET}, salud.catalogues)


def test_a_delivery_that_fails_leaves_the_answers_as_they_were(
    salud: Workspace, pki: Pki, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    _ask(salud, 1)
    monkeypatch.setattr(deliver, "_difference", lambda *_: "other")

    with pytest.raises(UserError, match="no se lee igual"):
        deliver.deliver(salud, pki.salud, tmp_path)

    with salud.read() as connection:
        assert [row["respondida_con"] for row in observations.fetch(connection)] == [None]


# --- saved again --------------------------------------------------------------------------------------------------


def test_changes_of_answers_are_found() -> None:
    before = (Answer(UID, CORRECTED, "r", "t", "c", "p"), Answer(UID[:-1] + "2", KEPT, "", "t", "c", "p"))

    cells, added, gone = answers.changes(
        _sheet((*GOOD[:4], "Se mantiene porque…", "r2"), (UID[:-1] + "3", *GOOD[1:]), GOOD), before
    )

    assert [(c.cell, c.before, c.after) for c in cells] == [
        ("E4", "Corregido", "Se mantiene porque…"), ("F4", "r", "r2"),
    ]  # fmt: skip
    assert (added, gone) == ([5, 6], [before[1]])
    assert answers.changes(_sheet(("", answers.NONE)), ()) == ([], [], [])
    assert answers.changes(_sheet(GOOD), before[:1]) == ([], [], [])


# --- what was delivered and is empty now --------------------------------------------------------------------------


def _warnings(ws: Workspace) -> list[tuple[str, str, str]]:
    found = [line for line in deliver.rehearse(ws) if line.problem.code == "vacio_entregado"]
    assert all(line.problem.severity is Severity.WARNS for line in found)
    return [(line.type, line.problem.field, line.problem.text) for line in found]


def test_rehearsal_tells_what_was_delivered_and_is_empty_now(salud: Workspace, pki: Pki, tmp_path: Path) -> None:
    device, risk = salud.records("equipo")[0], salud.records("riesgo")[0]
    need = next(r for r in salud.records("necesidad") if r.values["equipo"])
    salud.put("equipo", device.uid, {"serial": "S1", "anio": ""})
    before = _warnings(salud)
    deliver.deliver(salud, pki.salud, tmp_path)
    salud.put("equipo", device.uid, {"serial": "", "marca": ""})
    salud.put("necesidad", need.uid, {"equipo": "", "valor_unitario": ""})
    salud.put("riesgo", risk.uid, {"fecha_implementacion": "mañana", "seguimiento": "", "actividad": ""})

    found = _warnings(salud)

    say = "escriba el valor, o escoja «Borrar lo anterior» si ya no hay."
    assert before == []
    assert found == [
        ("riesgo", "seguimiento", f"Antes entregó «No aplica»: {say}"),
        ("equipo", "serial", f"Antes entregó «S1»: {say}"),
        ("necesidad", "valor_unitario", f"Antes entregó «$ 3.500.000,55»: {say}"),
        ("necesidad", "equipo", f"Antes entregó «Computador de escritorio · 000123»: {say}"),
    ]


def test_erasing_answers_the_warning_and_stays_until_something_is_written(
    salud: Workspace, pki: Pki, tmp_path: Path
) -> None:
    device = salud.records("equipo")[0]
    deliver.deliver(salud, pki.salud, tmp_path)

    salud.put("equipo", device.uid, {"anio": "Borrar lo anterior"})
    erased = _warnings(salud)
    made = deliver.deliver(salud, pki.salud, tmp_path)
    again = deliver.deliver(salud, pki.salud, tmp_path)
    salud.put("equipo", device.uid, {"anio": ""})

    assert erased == []
    for path in (made.path, again.path):
        assert _read(path, salud).records["equipo"][0].values["anio"] is BORRAR
    assert _warnings(salud) == []


def test_a_delivery_of_format_1_is_looked_back_at_too(salud: Workspace) -> None:
    delivery = _read(FIRST, salud)
    (device,) = delivery.records["equipo"]
    with salud.act("") as act:
        uid = act.new("equipo", {"tipo": "escritorio", "placa": "1"})
        act.connection.execute(equipo.update().where(equipo.c.uid == uid).values(uid=device.uid))
    data = FIRST.read_bytes()
    row = {
        "sha256": hashlib.sha256(data).hexdigest(), "numero": 1, "vigencia": 2026, "codigo": delivery.envelope.code,
        "hecha_en": NOON, "firmante": "Ana", "nombre": FIRST.name, "conteos": "{}", "contenido": data,
    }  # fmt: skip
    with salud.write() as connection:
        deliveries.add_made(connection, row)

    assert [(name, field) for name, field, _ in _warnings(salud)] == [
        ("equipo", "anio"), ("equipo", "sistema_operativo"),
    ]  # fmt: skip


def test_kept_bytes_that_no_longer_read_say_nothing(salud: Workspace, pki: Pki, tmp_path: Path) -> None:
    deliver.deliver(salud, pki.salud, tmp_path)
    salud.put("equipo", salud.records("equipo")[0].uid, {"anio": ""})
    with salud.write() as connection:
        connection.execute(entrega_hecha.update().values(contenido=b"PK\3\4"))

    assert _warnings(salud) == []


@pytest.mark.parametrize(
    ("column", "row", "text", "said"),
    [
        ("razon", 4, "Ya no", "Respuestas F4 «-Son diez puestos» → «Ya no»"),
        ("respuesta", 4, "Corregido", "Respuestas E4 «Se mantiene porque…» → «Corregido»"),
        ("pedido", 4, "Otra cosa", "Respuestas D4"),
        ("razon", 5, "y otra", "Respuestas fila 5"),
        ("uid", 4, UID[:-1] + "9", "Respuestas «Diez computadores»"),
    ],
)
def test_answers_changed_after_signing_are_named(
    office: Workspace, salud: Workspace, pki: Pki, tmp_path: Path, column: str, row: int, text: str, said: str
) -> None:
    _ask(salud, 1)
    path = deliver.deliver(salud, pki.salud, tmp_path / "usb").path
    book = openpyxl.load_workbook(path)
    book.save(tmp_path / "igual.xlsx")
    sheet = book[answers.SHEET]
    sheet.cell(row, _column(sheet, column)).value = text
    book.save(tmp_path / "otra.xlsx")

    same, other = inbox.receive(office, tmp_path / "igual.xlsx"), inbox.receive(office, tmp_path / "otra.xlsx")

    assert [r.code for r in same.reasons][:1] == ["guardado_igual"]
    assert [r.code for r in other.reasons] == ["vuelto_a_guardar", "celdas_cambiadas"]
    assert said in other.reasons[1].sentence


def test_answers_taken_out_or_written_after_signing_are_named(
    office: Workspace, salud: Workspace, pki: Pki, tmp_path: Path
) -> None:
    silent = openpyxl.load_workbook(deliver.deliver(salud, pki.salud, tmp_path / "a").path)
    silent[answers.SHEET].append([UID, "t", "c", "p", "Corregido", "r"])
    silent.save(tmp_path / "agregada.xlsx")
    _ask(salud, 1)
    spoken = openpyxl.load_workbook(deliver.deliver(salud, pki.salud, tmp_path / "b").path)
    del spoken[answers.SHEET]
    spoken.save(tmp_path / "sin.xlsx")

    added, gone = inbox.receive(office, tmp_path / "agregada.xlsx"), inbox.receive(office, tmp_path / "sin.xlsx")

    assert "1 fila fue agregada después de firmar: Respuestas fila 5" in added.reasons[1].sentence
    assert "falta la hoja «Respuestas»" in gone.reasons[1].sentence


def test_newer_column_taken_out_after_signing_is_told(
    office: Workspace, salud: Workspace, pki: Pki, tmp_path: Path
) -> None:
    book = openpyxl.load_workbook(deliver.deliver(salud, pki.salud, tmp_path / "usb").path)
    book["Equipos"].delete_cols(_column(book["Equipos"], "fuente"))
    book.save(tmp_path / "sin.xlsx")

    receipt = inbox.receive(office, tmp_path / "sin.xlsx")

    assert [r.code for r in receipt.reasons] == ["vuelto_a_guardar", "celdas_cambiadas"]
    assert "perdió los nombres de sus columnas" in receipt.reasons[1].sentence

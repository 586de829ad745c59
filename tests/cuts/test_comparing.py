"""What changed between two states, told field by field; and an exported cut, which shows whatever was done to it."""

import hashlib
import json
import zipfile
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from io import BytesIO
from pathlib import Path

import openpyxl
import pytest
from cryptography.hazmat.primitives.serialization import Encoding

from db.queries import space
from peti_desktop import log_words
from peti_desktop.binnacle import ALTERED, REWRITTEN, SHORTENED, UNLINKED, Broken, Check
from peti_desktop.consolidation import comparing, cut_file, cuts
from peti_desktop.consolidation.comparing import CHANGED, NEW, NOW, RETIRED, SAME, Difference
from peti_desktop.errors import Cancelled, UserError
from peti_desktop.reports import cambios_xlsx
from peti_desktop.trust import authority, keys
from peti_desktop.trust.keys import Identity
from peti_desktop.workspace import Workspace
from tests.cuts.conftest import NOON, Clock


def _by_kind(found: comparing.Comparison) -> dict[str, list[Difference]]:
    return {kind: [d for d in found.differences if d.kind == kind] for kind in comparing.KINDS}


def test_nothing_changed_since_a_cut(office: Workspace) -> None:
    cut = cuts.seal(office, "Uno").cut

    found = comparing.compare(office, cut.uid)

    assert (found.differences, found.count(SAME)) == ((), 5)
    assert (found.before, found.after) == ("Corte n.º 1 · Uno", "Ahora")


def test_each_record_is_told_by_what_became_of_it(office: Workspace, clock: Clock) -> None:
    gone = office.new("equipo", {"tipo": "portatil", "placa": "G"}).uid
    back = office.new("equipo", {"tipo": "portatil", "placa": "B"}).uid
    never = office.new("equipo", {"tipo": "portatil", "placa": "N"}).uid
    for uid in (back, never):
        office.retire("equipo", uid, "prestado")
    cut = cuts.seal(office, "Uno").cut
    clock.go_on(1)
    (need,) = office.records("necesidad")
    office.put("necesidad", need.uid, {"valor_unitario": "2000", "unspsc": "No aplica"})
    office.retire("equipo", gone, "Se dañó")
    office.restore("equipo", back)
    office.new("equipo", {"tipo": "servidor", "placa": "S"})

    found = comparing.compare(office, cut.uid)

    told = _by_kind(found)
    (changed,), (retired,) = told[CHANGED], told[RETIRED]
    assert [(c.label, c.before, c.after) for c in changed.changes if c.field != "valor_total"] == [
        ("Valor unitario", "$ 1.250,5", "$ 2.000"),
        ("Código UNSPSC", "", "No aplica"),
    ]
    assert (retired.uid, retired.note) == (gone, "Se dañó")
    assert sorted((d.headline.rpartition(" ")[2], d.note) for d in told[NEW]) == [
        ("B", "Volvió: estaba retirado (prestado)."),
        ("S", ""),
    ]
    assert never not in {d.uid for d in found.differences}
    numbers = {kind: found.count(kind) for kind in (NEW, CHANGED, RETIRED, SAME)}
    assert numbers == {NEW: 2, CHANGED: 1, RETIRED: 1, SAME: 4}
    assert found.count(NEW, type_name="equipo", dependencia="TIC") == 2
    assert found.count(SAME, dependencia="SALUD", type_name="riesgo") == 1


def test_zones_that_rose_and_fell_are_listed(office: Workspace) -> None:
    cut = cuts.seal(office, "Uno").cut
    first, second = office.records("riesgo")
    office.put("riesgo", first.uid, {"frecuencia_anual": "1", "impacto_smlmv": "1"})
    office.put("riesgo", second.uid, {"frecuencia_anual": "9000", "impacto_smlmv": "900"})

    found = comparing.compare(office, cut.uid)

    assert ([d.uid for d in found.risen], [d.uid for d in found.fallen]) == ([second.uid], [first.uid])


def test_growing_older_is_no_change(office: Workspace, clock: Clock) -> None:
    cut = cuts.seal(office, "Uno").cut
    clock.go_on(2000)

    assert comparing.compare(office, cut.uid).differences == ()


def test_two_cuts_are_compared_and_a_cut_knows_the_one_before(office: Workspace) -> None:
    first = cuts.seal(office, "Uno").cut
    (device,) = office.records("equipo")
    office.put("equipo", device.uid, {"marca": "HP"})
    second = cuts.seal(office, "Dos").cut
    office.put("equipo", device.uid, {"marca": "Acer"})

    between = comparing.compare(office, first.uid, second.uid)
    since = comparing.since_last(office)
    with cuts.opened(office, second.uid) as then:
        within = comparing.since_last(then)
    with cuts.opened(office, first.uid) as then:
        assert comparing.since_last(then) is None

    def brand(found: comparing.Comparison | None) -> tuple[str, str, str, str]:
        assert found is not None
        ((change,),) = [difference.changes for difference in found.differences]
        return found.before, found.after, change.before, change.after

    assert brand(between) == ("Corte n.º 1 · Uno", "Corte n.º 2 · Dos", "", "HP")
    assert brand(within) == brand(between)
    assert brand(since) == ("Corte n.º 2 · Dos", "Ahora", "HP", "Acer")


def test_comparing_can_be_cancelled(office: Workspace) -> None:
    cut = cuts.seal(office, "Uno").cut

    def stop(done: int, total: int, text: str) -> None:
        raise Cancelled

    with pytest.raises(Cancelled):
        comparing.compare(office, cut.uid, NOW, stop)


def test_workbook_says_what_changed_and_never_a_formula(file_office: Workspace) -> None:
    cut = cuts.seal(file_office, "Uno").cut
    (device,) = file_office.records("equipo")
    file_office.put("equipo", device.uid, {"marca": "=1+1"})

    book = openpyxl.load_workbook(BytesIO(cambios_xlsx.drawn(file_office, comparing.compare(file_office, cut.uid))))

    (row,) = list(book["Cambios"].iter_rows(min_row=2))
    assert [cell.value for cell in row][3:7] == ["Cambiado", "Marca", None, "=1+1"]
    assert row[6].data_type == "s"
    assert [cell.value for cell in list(book["Resumen"].iter_rows())[-1]] == ["Total", None, 0, 1, 0, 4]


# An exported cut


def _parts(path: Path) -> dict[str, bytes]:
    with zipfile.ZipFile(path) as package:
        return {name: package.read(name) for name in package.namelist()}


def _pack(path: Path, parts: dict[str, bytes]) -> Path:
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as package:
        for name, data in parts.items():
            package.writestr(name, data)
    return path


def test_exported_cut_is_the_same_each_time_and_whole(office: Workspace, clock: Clock, tmp_path: Path) -> None:
    cut = cuts.seal(office, "Uno", "Nota").cut
    cut_file.export(office, cut.uid, tmp_path / "a.zip")
    clock.go_on(300)
    cut_file.export(office, cut.uid, tmp_path / "b.zip")

    assert (tmp_path / "a.zip").read_bytes() == (tmp_path / "b.zip").read_bytes()
    found = cut_file.check(office, tmp_path / "a.zip")
    assert (found.number, found.name, found.seal, found.problems, found.signed) == (1, "Uno", cut.seal, (), None)
    readme = _parts(tmp_path / "a.zip")["LEEME.txt"].decode("utf-8-sig")
    assert f"Sello: {cut.seal}" in readme
    assert found.code in readme
    assert "informes/2026_corte-01_mapas.pdf" in readme


@pytest.mark.parametrize(
    ("part", "words"),
    [
        ("informes/2026_corte-01_mapas.pdf", "«informes/2026_corte-01_mapas.pdf» cambió"),
        ("contenido.jsonl", "«contenido.jsonl» cambió"),
        ("LEEME.txt", "«LEEME.txt» cambió"),
    ],
)
def test_altered_export_is_told(file_office: Workspace, tmp_path: Path, part: str, words: str) -> None:
    cut_file.export(file_office, cuts.seal(file_office, "Uno").cut.uid, tmp_path / "a.zip")
    parts = _parts(tmp_path / "a.zip")

    changed = _pack(tmp_path / "b.zip", parts | {part: parts[part] + b"\n"})
    missing = _pack(tmp_path / "c.zip", {name: data for name, data in parts.items() if name != part})

    assert words in " ".join(cut_file.check(file_office, changed).problems)
    assert f"Falta «{part}»." in cut_file.check(file_office, missing).problems


def test_export_with_a_part_twice_and_one_of_another_entity_are_told(file_office: Workspace, tmp_path: Path) -> None:
    path = tmp_path / "a.zip"
    cut_file.export(file_office, cuts.seal(file_office, "Uno").cut.uid, path)
    assert cut_file.check(file_office, path).entity == file_office.info.entidad
    parts = _parts(path)
    report = "informes/2026_corte-01_mapas.pdf"
    with zipfile.ZipFile(path, "a") as package, pytest.warns(UserWarning, match="Duplicate name"):
        package.writestr(report, parts[report])
    assert f"«{report}» está dos veces." in cut_file.check(file_office, path).problems

    told = {key: value for key, value in json.loads(parts["corte.json"]).items() if key not in {"leeme", "entidad"}}
    older = cut_file.check(file_office, _pack(tmp_path / "b.zip", parts | {"corte.json": json.dumps(told).encode()}))
    assert (older.problems, older.entity) == ((), "")


def test_cover_that_was_made_to_fit_breaks_the_seal(file_office: Workspace, tmp_path: Path) -> None:
    cut_file.export(file_office, cuts.seal(file_office, "Uno").cut.uid, tmp_path / "a.zip")
    parts = _parts(tmp_path / "a.zip")
    said = json.loads(parts["corte.json"])

    renamed = _pack(tmp_path / "b.zip", parts | {"corte.json": json.dumps(said | {"nombre": "Otro"}).encode()})
    fewer = json.dumps(said | {"informes": said["informes"][1:]}).encode()
    thinned = _pack(tmp_path / "c.zip", parts | {"corte.json": fewer})

    assert cut_file.check(file_office, renamed).problems == ("La portada no dice lo mismo que el contenido.",)
    assert "El sello no es el de este contenido y estos informes." in cut_file.check(file_office, thinned).problems


@pytest.mark.parametrize("cover", [b"[" * 100_000, b"[]", b'"texto"', b'{"formato": 1, "contenido": 3}', b"\xff"])
def test_a_cover_that_strangers_wrote_is_no_cut(file_office: Workspace, tmp_path: Path, cover: bytes) -> None:
    with pytest.raises(UserError, match="no es un corte exportado"):
        cut_file.check(file_office, _pack(tmp_path / "x.zip", {"corte.json": cover}))


def test_content_that_is_none_and_a_password_are_told(file_office: Workspace, tmp_path: Path) -> None:
    cut_file.export(file_office, cuts.seal(file_office, "Uno").cut.uid, tmp_path / "a.zip")
    parts = _parts(tmp_path / "a.zip")
    said = json.loads(parts["corte.json"])
    for text in (b"nada", b"{}\n", b"nada\n"):
        sums = said | {"contenido": said["contenido"] | {"sha256": hashlib.sha256(text).hexdigest()}}
        forged = parts | {"corte.json": json.dumps(sums).encode(), "contenido.jsonl": text}
        problems = cut_file.check(file_office, _pack(tmp_path / "b.zip", forged)).problems
        assert "El sello no es el de este contenido y estos informes." in problems

    locked = bytearray((tmp_path / "a.zip").read_bytes())
    for mark, flags in ((b"PK\x03\x04", 6), (b"PK\x01\x02", 8)):
        locked[locked.index(mark) + flags] |= 1
    (tmp_path / "c.zip").write_bytes(locked)
    with pytest.raises(UserError, match="no es un corte exportado"):
        cut_file.check(file_office, tmp_path / "c.zip")


@pytest.mark.parametrize("damage", [b"", b"nada", b"PK\x03\x04"])
def test_other_files_are_no_cut(file_office: Workspace, tmp_path: Path, damage: bytes) -> None:
    (tmp_path / "x.zip").write_bytes(damage)
    with pytest.raises(UserError, match="no es un corte exportado"):
        cut_file.check(file_office, tmp_path / "x.zip")
    with pytest.raises(UserError, match="No se pudo leer"):
        cut_file.check(file_office, tmp_path / "falta.zip")


def test_signed_export_says_who_signed(file_office: Workspace, tmp_path: Path) -> None:
    made = NOON - timedelta(days=5)
    root = authority.make_authority("Alcaldía", made)
    person = Identity("TIC", "Oficina TIC", "Olga Ríos", "Jefe", "Alcaldía")
    own = keys.make_signer(person, made)
    signer = authority.adopt(own, authority.issue(root, own.key.public_key(), person, made), root.certificate)
    with file_office.write() as connection:
        der = root.certificate.public_bytes(Encoding.DER)
        space.add_authority(connection, keys.key_id(root.key.public_key()), der, made)
    cut_file.export(file_office, cuts.seal(file_office, "Uno").cut.uid, tmp_path / "a.zip", signer)

    found = cut_file.check(file_office, tmp_path / "a.zip")
    assert found.problems == ()
    assert cut_file.signature_words(found) == "Firma de Olga Ríos (Jefe): válida."

    parts = _parts(tmp_path / "a.zip")
    spoiled = parts["corte.json"].replace(b'"nota": ""', b'"nota": "x"')
    found = cut_file.check(file_office, _pack(tmp_path / "b.zip", parts | {"corte.json": spoiled}))
    assert any("La firma no es válida" in problem for problem in found.problems)


# Entries in words

UID = "0190f000-0000-7000-8000-000000000001"


@pytest.mark.parametrize(
    ("detail", "words"),
    [
        ({"dependencia": "SALUD", "numero": 3, "sha256": "ab"}, "Secretaría de Salud · entrega n.º 3 · SHA-256: ab"),
        ({"conteos": {"added": 4, "changed": 0, "retired": 1200}}, "4 nuevos, 1.200 retirados"),
        ({"conteos": {"added": 0}}, "sin cambios"),
        ({"sin": ["Mapas", "Matriz"], "motivo": ""}, "sin los informes: Mapas, Matriz"),
        ({"otra_cosa": True, "nada": None, "vacía": {}}, "otra cosa: sí"),
        ({"campo": {"antes": "a"}}, "campo: antes: a"),
        ("texto suelto", "texto suelto"),
        (
            {"tipo": "necesidad", "campo": "valor_unitario", "declarado": "1250.5", "corregido": None, "registro": UID},
            f"clase: Necesidad · campo: Valor unitario · declarado: $ 1.250,5 · corregido: (vacío) · registro: {UID}",
        ),
        ({"tipo": "equipo", "campo": "anio", "declarado": "hoy"}, "clase: Equipo · campo: Año · declarado: hoy"),
        ({"antes": {UID: 50}, "despues": {UID: 90}, "registros": [UID]}, "antes: 50 · después: 90 · 1 registros"),
        (
            {"esperan": [["riesgo", "a", "devolver", "Falta"], ["riesgo", "b", "devolver", "Falta"]]},
            "no se tomaron: 2 devolver (Falta)",
        ),
    ],
)
def test_details_are_words(office_catalogues: object, detail: object, words: str) -> None:
    assert log_words.told(detail, office_catalogues) == words  # type: ignore[arg-type]


@pytest.fixture
def office_catalogues() -> object:
    from peti_desktop.catalogues import load

    return load()


@pytest.mark.parametrize(
    ("broken", "words"),
    [
        (None, "La bitácora está completa: se comprobaron 1.200 entradas. Coincide con 2 cortes sellados."),
        (Broken(SHORTENED, 5, missing=3), "La bitácora fue alterada. De 7 entradas faltan las últimas 3."),
        (Broken(SHORTENED, 5, missing=1), "La bitácora fue alterada. De 5 entradas falta la última."),
        (Broken(SHORTENED, 5), "La bitácora fue alterada. La última entrada no es la que el programa anotó."),
        (
            Broken(SHORTENED, 5, missing=1, cut="Corte n.º 1 · Uno"),
            "La bitácora fue alterada. De 5 entradas falta la última. Lo muestra «Corte n.º 1 · Uno».",
        ),
    ],
)
def test_verdict_is_a_sentence(broken: Broken | None, words: str) -> None:
    assert log_words.verdict(Check(1200, "ab", broken, noted=True, cuts=2)) == words


@pytest.mark.parametrize(
    ("kind", "words"),
    [
        (ALTERED, "La entrada n.º 9 (14-ene-2026, 10:42, Ana, «Recibir») no dice lo que decía cuando se escribió."),
        (UNLINKED, "Antes de la entrada n.º 9 (14-ene-2026, 10:42, Ana, «Recibir») falta o sobra alguna."),
        (REWRITTEN, "La entrada n.º 9 (14-ene-2026, 10:42, Ana, «Recibir») no es la que había al sellar «Uno»."),
    ],
)
def test_verdict_names_the_entry(kind: str, words: str) -> None:
    broken = Broken(kind, 8, 9, datetime(2026, 1, 14, 15, 42, tzinfo=UTC), "Ana", "recibir", cut="Uno")
    assert log_words.verdict(Check(8, "ab", broken, noted=True)).endswith(words)


def test_amounts_are_frozen_exactly(make: Callable[[str], Workspace], address: str) -> None:
    ws = make(address)
    cut = cuts.seal(ws, "Uno").cut

    with cuts.opened(ws, cut.uid) as then:
        (need,) = then.records("necesidad")
    assert need.values["valor_unitario"] == Decimal("1250.5")
    assert need.values["valor_total"] == Decimal("3751.5")

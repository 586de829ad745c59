"""Open data reads back as it says, is the same for a cut each time, and tells nothing of people or weaknesses."""

import csv
import re
import shutil
import subprocess
from collections.abc import Iterator
from datetime import UTC, date, datetime
from decimal import Decimal
from pathlib import Path

import pytest

from peti_desktop.cli import main
from peti_desktop.consolidation import cuts
from peti_desktop.errors import Cancelled, UserError
from peti_desktop.opendata.datasets import PRIVATE, Version, datasets
from peti_desktop.opendata.private import LEFT_OUT, without_private
from peti_desktop.opendata.writing import DICTIONARY, HEADINGS, LISTS, README, write, write_cut
from peti_desktop.records import EVERY, Value
from peti_desktop.records.fields import NO_APLICA, Kind
from peti_desktop.workspace import Workspace

NOW = datetime(2026, 3, 2, 15, 0, tzinfo=UTC)
SECRETS = (
    "Carlos Pérez",
    "JUAN",
    "ana@cucuta.gov.co",
    "192.168.1.20",
    "88.123.456",
    "3001234567",
    "SN-998877",
    "00:1A:2B",
)
RECORDS: tuple[tuple[str, dict[str, Value]], ...] = (
    (
        "riesgo",
        {
            "descripcion": "Pérdida, según Carlos Pérez", "responsable": "Carlos Pérez", "tipo": "gestion",
            "seguimiento": 'Llamar al 3001234567\no "escribir" a ana@cucuta.gov.co', "evidencia": "=1+1",
        },
    ),
    ("control", {"accion": "revisa", "responsable": "PÉREZ GÓMEZ JUAN", "evidencia": "acta de PÉREZ GÓMEZ JUAN"}),
    (
        "equipo",
        {
            "placa": "P-1", "serial": "SN-998877", "custodio": "Carlos Pérez", "tipo": "portatil", "anio": 2015,
            "estado": "en_uso", "observaciones": "Responde en 192.168.1.20 (00:1A:2B:3C:4D:5E), C.C. 88.123.456",
        },
    ),
    (
        "necesidad",
        {
            "descripcion": "Diez, computadores", "forma": "necesidad", "tema": "hardware", "cantidad": 10,
            "valor_unitario": Decimal("3500000.50"), "unspsc": NO_APLICA,
        },
    ),
    ("necesidad", {"descripcion": "No hay cortafuegos", "forma": "situacion", "tema": "hardware"}),
    ("sistema", {"nombre": "@Nómina Ñ", "para_que": "Paga.\nA todos", "soporte_hasta": date(2025, 1, 1)}),
    ("sede", {"nombre": "Colegio Antonio Nariño", "ancho_mbps": 20}),
    ("formacion", {"asunto": "Hojas de cálculo", "quienes": "Carlos Pérez", "personas": 3, "fecha": date(2026, 2, 1)}),
)  # fmt: skip


@pytest.fixture
def ws(address: str) -> Iterator[Workspace]:
    with Workspace.create(
        address, perfil="oficina", dependencia="TIC", nombre="Olga", cargo="Jefe", vigencia=2026, clock=lambda: NOW
    ) as office:
        for name, values in RECORDS:
            office.new(name, values)
        yield office


def rows(path: Path) -> list[dict[str, str]]:
    with path.open(encoding="utf-8", newline="") as stream:
        return list(csv.DictReader(stream, strict=True))


def test_files_read_back(ws: Workspace, tmp_path: Path) -> None:
    folder = write(ws, Version.INTERNAL, tmp_path)

    need = next(row for row in rows(folder / "necesidades.csv") if row["descripcion"] == "Diez, computadores")
    assert (need["valor_unitario"], need["valor_total"], need["cantidad"]) == ("3500000.5", "35000005", "10")
    assert (need["unspsc"], need["tema"], need["ejemplo"]) == ("No aplica", "Equipos (hardware)", "no")
    (system,) = rows(folder / "sistemas.csv")
    assert (system["nombre"], system["para_que"], system["soporte_hasta"]) == (
        "'@Nómina Ñ",
        "Paga. A todos",
        "2025-01-01",
    )
    assert system["soporte"].startswith("Sin soporte desde")
    assert rows(folder / "riesgos.csv")[0]["evidencia"] == "'=1+1"
    assert rows(folder / "sedes.csv")[0]["nombre"] == "Colegio Antonio Nariño"
    for path in folder.glob("*.csv"):
        data = path.read_bytes()
        assert not data.startswith(b"\xef\xbb\xbf")
        assert data.count(b"\r\n") == data.count(b"\n") == len(rows(path)) + 1
        assert not [cell for row in rows(path) for cell in row.values() if cell[:1] in {"=", "+", "@"}]


@pytest.mark.parametrize("version", Version)
def test_nothing_says_who_anybody_is(ws: Workspace, tmp_path: Path, version: Version) -> None:
    folder = write(ws, version, tmp_path)
    said = "".join(path.read_text(encoding="utf-8-sig") for path in folder.iterdir())
    assert [secret for secret in SECRETS if secret.casefold() in said.casefold()] == []
    assert (LEFT_OUT in said.replace((folder / README).read_text(encoding="utf-8-sig"), "")) == (
        version is Version.INTERNAL
    )
    for dataset in datasets(version):
        assert not PRIVATE & {field.name for field in dataset.fields}


def test_the_public_version_lists_no_weakness(ws: Workspace, tmp_path: Path) -> None:
    folder = write(ws, Version.PUBLIC, tmp_path)
    assert {path.name for path in folder.glob("*.csv")} == {
        "riesgos_resumen.csv", "equipos_resumen.csv", "necesidades.csv", "sistemas.csv", "formacion.csv",
        "iniciativas.csv", "avances.csv", DICTIONARY, LISTS,
    }  # fmt: skip
    assert rows(folder / "riesgos_resumen.csv") == [
        {"tipo": "Gestión", "zona_inherente": "", "zona_residual": "", "tratamiento": "", "cantidad_registros": "1"}
    ]
    (devices,) = rows(folder / "equipos_resumen.csv")
    assert (devices["anio"], devices["cantidad_registros"]) == ("2015", "1")
    (need,) = rows(folder / "necesidades.csv")
    assert "descripcion" not in need
    said = "".join(path.read_text(encoding="utf-8-sig") for path in folder.glob("*.csv") if path.name != DICTIONARY)
    assert "cortafuegos" not in said
    assert "Sin soporte" not in said
    assert not re.search(r"[0-9a-f]{8}-[0-9a-f]{4}-", said)  # no uid ties two files together


def test_examples_are_not_published(ws: Workspace, tmp_path: Path) -> None:
    with ws.write() as connection:
        connection.exec_driver_sql("UPDATE sistema SET ejemplo = true")
    public, internal = (write(ws, version, tmp_path) for version in Version)
    assert rows(public / "sistemas.csv") == []
    assert "Se dejó fuera 1 registro de ejemplo." in (public / README).read_text(encoding="utf-8-sig")
    assert [row["ejemplo"] for row in rows(internal / "sistemas.csv")] == ["sí"]


def test_what_leaves_an_example_says_so_and_is_not_empty(address: str, tmp_path: Path) -> None:
    with Workspace.create(
        address, perfil="oficina", dependencia="TIC", nombre="Olga", cargo="Jefe", vigencia=2026, ejemplo=True
    ) as office:
        office.new("sistema", {"nombre": "Nómina"})
        with office.write() as connection:
            connection.exec_driver_sql("UPDATE sistema SET ejemplo = true")
        cut = cuts.seal(office, "Corte").cut
        folders = [*(write(office, version, tmp_path) for version in Version), *write_cut(office, cut.uid, tmp_path)]
    for folder in folders:
        assert folder.name.endswith("_EJEMPLO")
        assert [row["nombre"] for row in rows(folder / "EJEMPLO_sistemas.csv")] == ["Nómina"]
        assert "EJEMPLO: el almacén es de demostración" in (folder / README).read_text(encoding="utf-8-sig")
        assert "EJEMPLO_sistemas.csv" in {row["archivo"] for row in rows(folder / DICTIONARY)}


@pytest.mark.parametrize("version", Version)
def test_the_dictionary_tells_every_column(ws: Workspace, tmp_path: Path, version: Version) -> None:
    folder = write(ws, version, tmp_path)
    told = {(row["archivo"], row["columna"]): row for row in rows(folder / DICTIONARY)}
    lists = {row["lista"] for row in rows(folder / LISTS)}
    for path in folder.glob("*.csv"):
        if path.name in {DICTIONARY, LISTS}:
            continue
        with path.open(encoding="utf-8", newline="") as stream:
            headings = next(csv.reader(stream))
        assert headings == [column for file, column in told if file == path.name]
    for row in told.values():
        assert list(row) == list(HEADINGS)
        assert row["etiqueta"]
        assert row["significado"]
        assert row["tipo"]
        assert row["origen"]
        assert (row["lista"] in lists) == (row["tipo"] == "texto de una lista")
    money = [field.name for kind in EVERY.values() for field in kind.fields if field.kind is Kind.MONEY]
    assert {row["unidad"] for (_, name), row in told.items() if name in money} == {"pesos colombianos (COP)"}


def test_a_cut_gives_the_same_files_each_time(ws: Workspace, tmp_path: Path) -> None:
    cut = cuts.seal(ws, "Primero").cut
    first = write_cut(ws, cut.uid, tmp_path / "a")
    ws.new("sistema", {"nombre": "Después"})
    again = write_cut(ws, cut.uid, tmp_path / "b")
    for one, other in zip(first, again, strict=True):
        assert one.name == other.name
        assert {path.name: path.read_bytes() for path in one.iterdir()} == {
            path.name: path.read_bytes() for path in other.iterdir()
        }
    assert "Corte n.º 1 · Primero" in (first[0] / README).read_text(encoding="utf-8-sig")


def test_nothing_is_replaced_and_nothing_is_left_half(ws: Workspace, tmp_path: Path) -> None:
    first, second = (write(ws, Version.PUBLIC, tmp_path) for _ in range(2))
    assert (first.name, second.name) == ("2026_datos-abiertos_publica", "2026_datos-abiertos_publica-2")

    def stop(_done: int, _total: int, _text: str) -> None:
        raise Cancelled

    with pytest.raises(Cancelled):
        write(ws, Version.PUBLIC, tmp_path / "c", stop)
    assert list((tmp_path / "c").iterdir()) == []
    (tmp_path / "archivo").write_text("", encoding="utf-8")
    with pytest.raises(UserError):
        write(ws, Version.PUBLIC, tmp_path / "archivo")


def test_an_empty_office_has_headings(tmp_path: Path) -> None:
    with Workspace.create(
        tmp_path / "a.sqlite", perfil="oficina", dependencia="TIC", nombre="O", cargo="J", vigencia=2026
    ) as office:
        for version in Version:
            folder = write(office, version, tmp_path)
            assert all(rows(folder / dataset.file) == [] for dataset in datasets(version))


def test_the_command_line_writes_both_and_of_a_cut(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    store = str(tmp_path / "a.sqlite")
    with Workspace.create(
        store, perfil="oficina", dependencia="TIC", nombre="O", cargo="Jefe", vigencia=2026
    ) as office:
        cuts.seal(office, "Uno")
    asked = ["export", "--store", store, "--out", str(tmp_path / "d")]
    assert main([*asked, "--open-data", "publica"]) == 0
    assert main([*asked, "--open-data", "interna", "--cut", "1"]) == 0
    written = [Path(line) for line in capsys.readouterr().out.splitlines()]
    assert all((path / DICTIONARY).is_file() for path in written)
    assert "_corte-" in written[1].name
    assert main([*asked, "--open-data", "interna", "--cut", "7"]) == 1
    assert main([*asked, "--cut", "1"]) == 2
    assert main([*asked, "--open-data", "nada"]) == 2


@pytest.mark.parametrize(
    ("text", "left"),
    [
        ("Según Carlos Pérez, falta", f"Según {LEFT_OUT}, falta"),
        ("La Ing. Ana María de la Torre firmó", f"La Ing. {LEFT_OUT} firmó"),
        ("PÉREZ GÓMEZ JUAN", LEFT_OUT),
        ("Colegio San José de Cúcuta", "Colegio San José de Cúcuta"),
        ("Cédula 88123456 y NIT 890.501.434-2", f"{LEFT_OUT} y {LEFT_OUT}"),
        ("Vale 1.500.000 en 2026", "Vale 1.500.000 en 2026"),
        ("fe80::1ff:fe23:4567:890a responde", f"{LEFT_OUT} responde"),
        ("A las 10:30:45 del 2026-03-02", "A las 10:30:45 del 2026-03-02"),
        ("Windows 10 versión 10.0.19045", "Windows 10 versión 10.0.19045"),
        ("Serial: ABC12345; serial pendiente", f"{LEFT_OUT}; serial pendiente"),
        ("Tel. (607) 571 2345", f"Tel. {LEFT_OUT}"),
        ("", ""),
    ],
)
def test_what_is_private_in_a_text(text: str, left: str) -> None:
    assert without_private(text) == left


@pytest.mark.skipif(shutil.which("soffice") is None, reason="LibreOffice is not installed")
def test_libreoffice_reads_the_same_cells(ws: Workspace, tmp_path: Path) -> None:
    folder = write(ws, Version.INTERNAL, tmp_path)
    profile = (tmp_path / "perfil").as_uri()
    subprocess.run(
        [
            "soffice", f"-env:UserInstallation={profile}", "--headless", "--infilter=CSV:44,34,76,1,,0,true",
            "--convert-to", "csv:Text - txt - csv (StarCalc):44,34,76",
            "--outdir", tmp_path / "o", folder / "sistemas.csv",
        ],
        check=True, capture_output=True, timeout=120,
    )  # fmt: skip
    assert rows(tmp_path / "o" / "sistemas.csv") == rows(folder / "sistemas.csv")

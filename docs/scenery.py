"""What the pictures show: the stores of a demonstration, with the things of a campaign that goes on.

Everything is done as the program does it, with the keys of the demonstration; nothing here is data of anybody.
"""

import shutil
import sys
from collections.abc import Iterable
from datetime import timedelta
from decimal import Decimal
from pathlib import Path

import openpyxl

from peti_desktop import catalogues, views
from peti_desktop.consolidation import budget, corrections, cuts, decisions, roles
from peti_desktop.delivery import signing_request
from peti_desktop.delivery.deliver import deliver
from peti_desktop.intake import apply, inbox
from peti_desktop.intake.receipt import Receipt
from peti_desktop.matrix import Condition, MatrixFilter, Op
from peti_desktop.office.authority import Office
from peti_desktop.oldform import writing
from peti_desktop.returning import receiving
from peti_desktop.returning.give_back import give_back
from peti_desktop.returning.observations import Asked, add_many
from peti_desktop.trust import keys
from peti_desktop.workspace import Workspace


def passphrase() -> str:
    """The passphrase of every key of the demonstration."""
    return str(catalogues.table("ejemplo")["clave_de_ejemplo"])


def prepare(demo: Path, folder: Path) -> None:
    """Copy the demonstration to ``folder`` and go on with its campaign."""
    shutil.copytree(demo, folder)
    _first_steps(folder)
    (folder / "copia de llaves").mkdir()
    waiting = [_again(folder, unit) for unit in ("HACIENDA", "EDUCACION", "TRANSITO", "GOBIERNO", "PLANEACION")]
    _asked_by_another(folder)
    with Workspace.open(folder / "oficina.sqlite") as office:
        receipts = {receipt.dependencia: receipt for receipt in inbox.receive_all(office, waiting)}
        _returned(office, folder, receipts["GOBIERNO"], "GOBIERNO")
        _returned(office, folder, inbox.listing(office)[0], "")
        apply.accept(office, receipts["TRANSITO"].sha256)
        _in_part(office, receipts["PLANEACION"])
        _office_work(office)
        Office(office).back_up(folder / "copia de llaves", passphrase())
    _arrivals(folder)
    _importable(folder)


def _open(folder: Path, unit: str) -> Workspace:
    return Workspace.open(folder / "dependencias" / f"{unit}.sqlite")


def _key(folder: Path, name: str) -> keys.Signer:
    return keys.load(folder / "llaves" / f"{name}.p12", passphrase())


def _first_steps(folder: Path) -> None:
    """Stores of somebody who begins: one empty, one with a few records that still lack much and some in the bin."""
    _born(folder / "nueva.sqlite").close()
    _born(folder / "oficina nueva.sqlite", "oficina", "TIC").close()
    with _born(folder / "comenzada.sqlite") as ws:
        ws.new("riesgo", {"subproceso": "salud_publica", "causa_inmediata": "falta de internet"})
        for number in range(1, 8):
            ws.new("equipo", {"tipo": "escritorio", "placa": f"EJ-{number:03}", "marca": "HP" if number % 2 else None})
        ws.new("necesidad", {"subproceso": "salud_publica", "descripcion": "Portátiles para las brigadas"})
        for device in ws.records("equipo")[:2]:
            ws.retire("equipo", device.uid, "Registrado por error")
        device = ws.records("equipo")[0]
        for state in ("en_uso", "con_fallas", "en_uso"):
            ws.put("equipo", device.uid, {"estado": state})


def _born(path: Path, perfil: str = "dependencia", unit: str = "SALUD") -> Workspace:
    return Workspace.create(
        path,
        perfil=perfil,
        dependencia=unit,
        nombre="Enlace de ejemplo",
        cargo="Enlace TIC (ejemplo)",
        vigencia=2026,
        ejemplo=True,
    )


def _again(folder: Path, unit: str) -> Path:
    """A second delivery of ``unit``: something new, changed, retired, and a value that came empty."""
    with _open(folder, unit) as ws:
        devices = ws.records("equipo")
        ws.new("equipo", {"tipo": "portatil", "placa": f"EJ-N-{unit[:3]}", "marca": "Lenovo", "estado": "en_uso"})
        ws.put("equipo", devices[0].uid, {"estado": "con_fallas", "ubicacion": "Archivo"})
        ws.put("equipo", devices[1].uid, {"custodio": None, "antivirus": None})
        ws.retire("equipo", devices[2].uid, "Se dio de baja")
        for risk in ws.records("riesgo")[:2]:
            ws.put("riesgo", risk.uid, {"frecuencia_anual": 6000})
        return deliver(ws, _key(folder, unit), folder / "entregas").path


def _asked_by_another(folder: Path) -> None:
    """The request of a key that the office does not know yet."""
    with _open(folder, "JURIDICA") as ws:
        info = ws.info
        who = keys.Identity(info.dependencia, info.dependencia_nombre, "Otra persona", "Profesional", info.entidad)
        stranger = keys.make_signer(who, ws.clock())
        signing_request.write(ws, stranger, folder / "solicitud nueva")


def _returned(office: Workspace, folder: Path, receipt: Receipt, unit: str) -> None:
    """Give a delivery back; ``unit`` takes the file in and has not answered yet."""
    name = unit or receipt.dependencia
    with _open(folder, name) as ws:
        device = ws.records("equipo")[0]
        asked = [
            Asked("equipo", device.uid, "anio", texto="El año no es el de la factura."),
            Asked("equipo", device.uid, "ubicacion", texto="Diga la oficina, no solo la dependencia."),
        ]
        for risk in ws.records("riesgo")[:1]:
            asked.append(Asked("riesgo", risk.uid, "causa_raiz", texto="Diga por qué ocurre, no quién lo origina."))
        add_many(office, receipt.sha256, asked)
        due = office.today + timedelta(days=10)
        made = give_back(office, receipt.sha256, _key(folder, "OFICINA_TIC"), folder / "devueltas", due)
        if unit:
            receiving.take(ws, receiving.read(ws, made.path))
        else:
            made.path.rename(folder / "devueltas" / "por abrir.xlsx")


def _in_part(office: Workspace, receipt: Receipt) -> None:
    """Accept a delivery but for two of its rows."""
    items = [item for item in apply.preview(office, receipt.sha256).items if item.row and item.type == "equipo"][:2]
    reason = "Falta la factura."
    apply.accept(office, receipt.sha256, {i.key: decisions.Decision(decisions.WAIT, reason) for i in items})


def _office_work(office: Workspace) -> None:
    """Corrections, a view, a budget and two cuts."""
    roles.choose(office, roles.JEFE)
    budget.keep_amount(office, Decimal(400_000_000))
    cuts.seal(office, "Primera recepción", "Antes de corregir.")
    for device in office.records("equipo", dependencia="SALUD")[:4]:
        corrections.correct(office, "equipo", device.uid, "marca", "Hewlett-Packard", "Así lo dice la factura.")
    cuts.seal(office, "Para el comité de gobierno digital")
    old = (Condition("anio", Op.BETWEEN, (2008, 2016)),)
    columns = (("dependencia", 190), ("placa", 100), ("tipo", 130), ("marca", 120), ("anio", 80), ("estado", 120))
    views.save(office, "Equipos viejos", MatrixFilter("equipo", "", old, ("anio", False)), columns)


def _arrivals(folder: Path) -> None:
    """What a memory brought: good, repeated, changed, unsigned and alien files."""
    given = folder / "llegaron"
    given.mkdir()
    one, other, *_ = sorted((folder / "entregas").iterdir())
    shutil.copy(one, given / one.name)
    saved_again = openpyxl.load_workbook(other)
    saved_again["Portada"]["C4"] = "Otra dependencia"
    saved_again.save(given / f"corregida {other.name}")
    changed = bytearray(other.read_bytes())
    changed[len(changed) // 2] ^= 1
    (given / f"cambiada {other.name}").write_bytes(changed)
    openpyxl.Workbook().save(given / "inventario viejo.xlsx")
    (given / "carta.docx.xlsx").write_text("Señores Oficina TIC", encoding="utf-8")


def _importable(folder: Path) -> None:
    """An inventory as people keep it, and the form for Excel 2007."""
    book = openpyxl.Workbook()
    sheet = book.active
    assert sheet is not None
    sheet.title = "Inventario"
    _append(sheet, ["INVENTARIO DE COMPUTADORES (EJEMPLO)"])
    _append(sheet, ["No.", "Tipo equipo", "Placa", "Marca", "Modelo", "Año compra", "Estado", "Responsable", "Oficina"])
    kinds, states = ("Escritorio", "Portátil", "PC de mesa", "Impresora"), ("Bueno", "En uso", "Dañado", "regular")
    for number in range(1, 19):
        year: object = "dos mil diez" if number == 5 else 2008 + number % 14
        line = [number, kinds[number % 4], f"EJ-{number:04}", "HP", f"M{number}", year, states[number % 4]]
        _append(sheet, [*line, "Profesional de apoyo", "Archivo"])
    book.save(folder / "inventario.xlsx")
    with Workspace.open(folder / "comenzada.sqlite") as ws:
        writing.write(ws, folder / "formulario.xlsx")


def _append(sheet: object, cells: Iterable[object]) -> None:
    sheet.append(list(cells))  # type: ignore[attr-defined]


if __name__ == "__main__":
    prepare(Path(sys.argv[1]), Path(sys.argv[2]))

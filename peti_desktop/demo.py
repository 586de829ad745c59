"""The whole job once, on the data of the PETI: what ``peti-desktop demo DIR`` does.

Content comes from the seed catalogue; what the PETI does not say is made by the rule of ``catalogues/ejemplo.toml`` and
every record that carries such a value is marked as example.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import timedelta
from decimal import Decimal
from itertools import count
from pathlib import Path
from typing import Any

from cryptography import x509

from db.queries import space
from peti_desktop import catalogues as catalogue_room
from peti_desktop.catalogues import Catalogues, Registro
from peti_desktop.delivery import deliver, signing_request, starter
from peti_desktop.editing import Act
from peti_desktop.errors import UserError
from peti_desktop.files import replace_file
from peti_desktop.intake import apply, inbox
from peti_desktop.intake.receipt import Receipt
from peti_desktop.moments import now
from peti_desktop.office import enrolment, starting
from peti_desktop.office.authority import Office
from peti_desktop.peti import example as plan_example
from peti_desktop.progress import Progress, silent
from peti_desktop.records.fields import NO_APLICA, Value
from peti_desktop.returning import receiving
from peti_desktop.returning.acknowledge import acknowledge
from peti_desktop.trust import authority, keys
from peti_desktop.trust.keys import Identity, Signer
from peti_desktop.typed import opening
from peti_desktop.workspace import Clock, Workspace

MARK = "LEEME.txt"


@dataclass(frozen=True, slots=True)
class Made:
    """What the demonstration left behind."""

    folder: Path
    deliveries: int
    accepted: int
    reports: tuple[Path, ...]
    moved: Path | None


def run(folder: Path, progress: Progress = silent, clock: Clock = now) -> Made:
    """Do the whole job in ``folder``. An earlier demonstration there is moved aside, never deleted.

    Raises UserError when the folder holds something else or cannot be written.
    """
    moved = _clear(folder)
    rule = catalogue_room.table("ejemplo")
    catalogues = catalogue_room.load()
    with _office(folder, rule, clock) as office:
        signers = _authority(office, folder, rule)
        units = [entry.code for entry in catalogues.entries("dependencia")]
        _owe(office, rule, units)
        devices = list(_devices(rule, catalogues, units))
        for done, unit in enumerate(units):
            progress(done, len(units), f"Entrega de {catalogues.label('dependencia', unit)}")
            own = [values for owner, values in devices if owner == unit]
            _dependencia(office, signers, folder, unit, rule, own, clock)
        receipts = inbox.receive_all(office, inbox.files_in([folder / "entregas"]), progress)
        accepted = apply.accept_clean(office, receipts)
        progress(len(units), len(units), "Acuses de recibo")
        _acknowledge(office, signers[1], folder, accepted, clock)
        plan_example.make(office)
        reports = _reports(office, folder, progress)
    _read_me(folder, rule)
    return Made(folder, len(receipts), len(accepted), reports, moved)


def _clear(folder: Path) -> Path | None:
    """Make room for the demonstration; gives where an earlier one was moved to."""
    try:
        if not folder.exists() or not any(folder.iterdir()):
            return None
        if not (folder / MARK).is_file() or not (folder / "oficina.sqlite").is_file():
            raise UserError(
                f"La carpeta «{folder}» ya tiene otras cosas.", "Escoja una carpeta vacía o que todavía no exista."
            )
        return folder.rename(_beside(folder))
    except NotADirectoryError as error:
        raise UserError(
            f"«{folder}» no es una carpeta.", "Escoja una carpeta vacía o que todavía no exista."
        ) from error
    except OSError as error:
        raise UserError(f"No se puede usar la carpeta «{folder}».", "Escoja otra, o cierre lo que la usa.") from error


def _beside(folder: Path) -> Path:
    """A name beside ``folder`` that nothing has: what has one already may be anybody's."""
    names = (folder.with_name(f"{folder.name}.anterior-{n}") for n in count(1))
    return next(path for path in names if not path.exists())


def _office(folder: Path, rule: catalogue_room.Table, clock: Clock) -> Workspace:
    return Workspace.create(
        folder / "oficina.sqlite",
        perfil="oficina",
        dependencia="TIC",
        nombre=rule["nombre"],
        cargo="Analista de la Oficina TIC (ejemplo)",
        vigencia=clock().year,
        ejemplo=True,
        clock=clock,
    )


def _authority(office: Workspace, folder: Path, rule: catalogue_room.Table) -> tuple[Signer, Signer]:
    """The office's authority and the key that signs its files."""
    phrase = rule["clave_de_ejemplo"]
    root, signer = Office(office).create(phrase)
    keys.save(root, folder / "llaves" / "AUTORIDAD.p12", phrase)
    keys.save(signer, folder / "llaves" / "OFICINA_TIC.p12", phrase)
    return root, signer


def _owe(office: Workspace, rule: catalogue_room.Table, units: list[str]) -> None:
    """Every dependencia owes its devices; those of the process map owe risks and needs too."""
    due = office.today + timedelta(days=rule["dias_para_entregar"])
    owed = [
        {"dependencia": unit, "seccion": section, "vence": due}
        for unit in units
        for section in ("riesgo", "equipo", "necesidad")
        if section == "equipo" or office.catalogues.subprocesos_of(unit)
    ]
    with office.write() as connection:
        space.set_deadlines(connection, office.info.vigencia, owed)
    office.set_settings({"vence": due.isoformat()})


def _dependencia(
    office: Workspace,
    signers: tuple[Signer, Signer],
    folder: Path,
    unit: str,
    rule: catalogue_room.Table,
    devices: list[dict[str, Value]],
    clock: Clock,
) -> None:
    with Workspace.create(
        folder / "dependencias" / f"{unit}.sqlite",
        perfil="dependencia",
        dependencia=unit,
        nombre=rule["nombre"],
        cargo=rule["cargo"],
        vigencia=office.info.vigencia,
        ejemplo=True,
        clock=clock,
    ) as ws:
        signer = _enrolled(office, signers, ws, folder, rule)
        ws.set_settings({"llave": f"../llaves/{unit}.p12"})
        with ws.act("") as act:
            for registro in ws.catalogues.seed.of(unit):
                _record(act, registro, rule)
            for values in devices:
                act.new("equipo", values, example=True)
            for name, values in platform_values(unit, ws.catalogues):
                act.new(name, values)
        _treat(ws, rule)
        deliver.deliver(ws, signer, folder / "entregas")


def _enrolled(
    office: Workspace, signers: tuple[Signer, Signer], ws: Workspace, folder: Path, rule: catalogue_room.Table
) -> Signer:
    """The key of a dependencia: asked for with a request, confirmed by the office, certified by the starter file."""
    root, _office_signer = signers
    info = ws.info
    identity = Identity(info.dependencia, info.dependencia_nombre, info.nombre, info.cargo, info.entidad)
    own = keys.make_signer(identity, ws.clock())
    asked = signing_request.write(ws, own, folder / "solicitudes")
    enrolment.confirm(office, asked, keys.fingerprint(own.key.public_key()), root)
    (told,) = starting.write_all(office, signers, [info.dependencia], folder / "inicio")
    starter.apply(ws, starter.read(told.path, ws.clock()))
    with office.read() as connection:
        (der,) = enrolment.certificates_of(office, connection, info.dependencia)
    signer = authority.adopt(own, x509.load_der_x509_certificate(der), root.certificate)
    keys.save(signer, folder / "llaves" / f"{info.dependencia}.p12", rule["clave_de_ejemplo"])
    return signer


def _acknowledge(office: Workspace, signer: Signer, folder: Path, accepted: list[Receipt], clock: Clock) -> None:
    """The office's signed word that each delivery arrived, taken in by who made it."""
    for receipt in accepted:
        made = acknowledge(office, receipt.sha256, signer, folder / "acuses")
        with Workspace.open(folder / "dependencias" / f"{receipt.dependencia}.sqlite", clock=clock) as ws:
            receiving.take(ws, receiving.read(ws, made.path))


def _record(act: Act, registro: Registro, rule: catalogue_room.Table) -> None:
    if "riesgo" in registro.clases:
        uid = act.new("riesgo", risk_values(registro, rule, act.editor.catalogues), example=True)
        for control in rule["control"][: registro.linea % 4]:
            act.new("control", {**control, "riesgo": uid}, example=True)
    else:
        example = registro.forma == "necesidad"
        act.new("necesidad", need_values(registro, rule, act.editor.info.vigencia), example=example)


def _source(registro: Registro) -> str:
    return f"PETI 2020-2023, {registro.seccion}, {registro.id}"


def risk_values(registro: Registro, rule: catalogue_room.Table, catalogues: Catalogues) -> dict[str, Value]:
    """A risk factor of the PETI; its rating by the rule of the example."""
    from peti_desktop.records.sentence import sentence

    row: dict[str, Any] = rule["tema"][registro.tema]
    turn = registro.linea % 3
    factor = registro.factor or "procesos"
    # What the PETI gives is the visible circumstance, unless it says itself that it is the cause.
    is_cause = registro.forma == "causa"
    immediate = row["inmediata"] if is_cause else registro.etiqueta
    root = registro.etiqueta if is_cause else row["raiz"]
    activity = catalogues.label("actividad", registro.actividad) if registro.actividad else ""
    values: dict[str, Value] = {
        "subproceso": registro.responde,
        "tipo": "gestion",
        "actividad": activity or f"Actividades de {catalogues.label('subproceso', registro.responde)}",
        "factor": factor,
        "clasificacion": rule["clasificacion_por_factor"][factor],
        "afectacion": row["afectacion"],
        "causa_inmediata": immediate,
        "causa_raiz": root,
        "frecuencia_anual": row["veces"][turn],
        "impacto_smlmv": Decimal(row["smlmv"][turn]),
        "impacto_reputacional": row["reputacional"][turn],
        "evidencia": "Valor de ejemplo, según la regla de la demostración.",
        "fuente": _source(registro),
    }
    return values | {"descripcion": sentence(values, catalogues)}


def need_values(registro: Registro, rule: catalogue_room.Table, vigencia: int) -> dict[str, Value]:
    """A need, finding or recommendation of the PETI; only needs carry example quantities and values."""
    row: dict[str, Any] = rule["tema"][registro.tema]
    values: dict[str, Value] = {
        "subproceso": registro.responde,
        "forma": registro.forma,
        "tema": registro.tema,
        "descripcion": registro.etiqueta,
        "componente": row["componente"],
        "vigencia": vigencia,
        "fuente": _source(registro),
    }
    if registro.forma != "necesidad":
        return values | {"cantidad": NO_APLICA}
    return values | {
        "justificacion": f"Lo registra el PETI 2020-2023 en su numeral {registro.seccion}.",
        "cantidad": row["cantidad"],
        "valor_unitario": Decimal(row["valor"]),
        "urgencia": row["urgencia"],
        "fuente_financiacion": "sin_definir",
    }


def platform_values(unit: str, catalogues: Catalogues) -> Iterator[tuple[str, dict[str, Value]]]:
    """The systems and the network facts of the PETI, without anything added: nothing of it is an example."""
    data = catalogues.seed.data
    for row in data["sistema"]:
        subproceso = row.get("subproceso")
        owner = catalogues.dependencia_of(subproceso) if subproceso else "TIC"
        if owner == unit:
            yield "sistema", _system(row, subproceso)
    if unit == "TIC":
        network, security = data["red"], data["seguridad"]
        yield (
            "sede",
            {
                "nombre": "Alcaldía de San José de Cúcuta",
                "cableado": catalogues.find("categoria_cableado", network["cableado"].rpartition(" ")[2]),
                "racks": "si" if network["racks_identificados"] else "no",
                "hubs": "si" if network["hay_hubs"] else "no",
                "ups": "parcial",
                "polo_tierra": "parcial",
                "internet": security["seguridad_gestionada_internet"],
                "copias": "no_se",
                "copias_lugar": "En el mismo sitio" if security["copias_en_sitio"] else None,
                "custodia_externa": "si" if security["custodia_externa_copias"] else "no",
                "contingencia": "en_desarrollo",
                "observaciones": f"UPS: {network['ups']}. Polo a tierra: {network['polo_a_tierra']}.",
                "fuente": f"PETI 2020-2023, {network['seccion']} y {security['seccion']}",
            },
        )


def _system(row: catalogue_room.Table, subproceso: str | None) -> dict[str, Value]:
    said = [str(row[key]) for key in ("estado", "cumple", "nota") if key in row]
    return {
        "nombre": row["nombre"],
        "tipo": "portal" if "url" in row else "misional",
        "para_que": f"Lo nombra el PETI 2020-2023 en su numeral {row['seccion']}.",
        "subproceso": subproceso,
        "estado": "en_uso",
        "direccion_web": row.get("url"),
        "observaciones": ". ".join(said) or None,
        "fuente": f"PETI 2020-2023, {row['seccion']}",
    }


def _devices(
    rule: catalogue_room.Table, catalogues: Catalogues, units: list[str]
) -> Iterator[tuple[str, dict[str, Value]]]:
    """The devices of the PETI, shared out by the rule of the example."""
    data, turns = catalogues.seed.data["equipos"], rule["equipos"]
    offices = [entry["nombre"] for entry in catalogues.seed.data["ofimatica"]]
    total, position = int(data["total"]), 0
    for order, unit in enumerate(units):
        share = total // len(units) + (order < total % len(units))
        for _ in range(share):
            kind = _turn(turns["tipos"], position)
            printer = kind.startswith("impresora")
            values: dict[str, Value] = {
                "tipo": kind,
                "placa": f"EJ-{position + 1:04}",
                "marca": _turn(data["marcas"], position),
                "anio": _turn(turns["anios"], position),
                "estado": _turn(turns["estados"], position),
                "ubicacion": catalogues.label("dependencia", unit),
                "custodio": rule["cargo"],
            }
            if not printer:
                values |= {
                    "sistema_operativo": _turn(turns["sistemas"], position),
                    "ofimatica": catalogues.find("ofimatica", _turn(offices, position)),
                    "antivirus": _turn(turns["antivirus"], position),
                    "licencia": _turn(turns["licencias"], position),
                }
            yield unit, values
            position += 1


def _turn(choices: list[Any], position: int) -> Any:
    return choices[position % len(choices)]


def _treat(ws: Workspace, rule: catalogue_room.Table) -> None:
    """By the rule of the example: what stays Alto or Extremo is reduced by a plan, the rest is accepted."""
    due = ws.today + timedelta(days=rule["plazo_del_plan_dias"])
    by_source = {_source(registro): registro for registro in ws.catalogues.seed.registros}
    risks = ws.records("riesgo")
    with ws.act("") as act:
        for risk in risks:
            if risk.values["zona_residual"] not in {"alto", "extremo"}:
                act.put("riesgo", risk.uid, {"tratamiento": "aceptar"})
                continue
            registro = by_source[str(risk.values["fuente"])]
            plan = {
                "tratamiento": "reducir",
                "plan_accion": rule["tema"][registro.tema]["plan"],
                "responsable": rule["responsable"],
                "fecha_implementacion": due,
                "estado_plan": "en_curso",
            }
            act.put("riesgo", risk.uid, plan)


def _reports(office: Workspace, folder: Path, progress: Progress) -> tuple[Path, ...]:
    from peti_desktop import reports
    from peti_desktop.reports.matriz_xlsx import write_matriz

    write_matriz(office, folder / "matriz.xlsx", progress)
    return tuple(reports.write(office, name, folder / "informes", progress) for name in reports.REPORTS)


def _read_me(folder: Path, rule: catalogue_room.Table) -> None:
    text = f"""Ejemplo de Peti Desktop
=======================

Hecho con los datos del PETI 2020-2023 de la Alcaldía de San José de Cúcuta. Lo que el PETI no dice (valoraciones,
controles, cantidades, valores, equipos por dependencia) se completó con una regla y está marcado como ejemplo:
no son datos oficiales.

oficina.sqlite          archivo de datos de la Oficina TIC
dependencias/           un archivo de datos por dependencia
solicitudes/            una solicitud de firma por dependencia
inicio/                 archivos de inicio, firmados por la Oficina TIC
entregas/               una entrega firmada por dependencia
acuses/                 acuses de recibo, firmados por la Oficina TIC
llaves/                 llaves de firma de ejemplo
informes/               informes en PDF
matriz.xlsx             matriz consolidada

Clave de ejemplo de todas las llaves: {rule["clave_de_ejemplo"]}

Para verlo en la ventana:
    {opening(folder / "oficina.sqlite")}
    {opening(folder / "dependencias" / "SALUD.sqlite")}
"""
    replace_file(folder / MARK, text.encode("utf-8"))

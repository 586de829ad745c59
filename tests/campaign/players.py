"""Who takes part in a campaign: dependencias that write real, signed deliveries, and the keys they sign with.

The keys are few, for they are slow to make: every dependencia has its own certificate over one shared key.
"""

import random
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from io import BytesIO
from pathlib import Path

import openpyxl
from cryptography.hazmat.primitives.serialization import Encoding

from peti_desktop.catalogues import Catalogues
from peti_desktop.delivery import answers, workbook
from peti_desktop.delivery.answers import CORRECTED, KEPT, Answer
from peti_desktop.delivery.deliver import PURPOSE
from peti_desktop.delivery.envelope import Envelope, code_of
from peti_desktop.records import BORRAR, NO_APLICA, TYPES
from peti_desktop.records.fields import Context, Value
from peti_desktop.records.record import Record
from peti_desktop.trust import authority, keys, signature
from peti_desktop.trust.keys import Identity, Signer
from tests.campaign.oracle import Row, Sent

BEGINNING = datetime(2026, 11, 22, 17, 0, tzinfo=UTC)
ENTITY = "Alcaldía de San José de Cúcuta"
ENDS: Sequence[Value] = (None, date(2026, 11, 23), date(2027, 3, 1))
"""Until when a system has support: the first day passes in the middle of a campaign."""
MODELS: Sequence[Value] = ("Uno", "Dos", "Tres", "Cuatro")


class Clock:
    """A clock that goes on a little whenever it is asked to."""

    def __init__(self) -> None:
        self.time = BEGINNING

    def __call__(self) -> datetime:
        return self.time

    def later(self, minutes: int = 10) -> None:
        self.time += timedelta(minutes=minutes)


@dataclass(frozen=True)
class Ring:
    """The keys of a campaign: the authority's, the office's, one that all dependencias share, and two unknown ones."""

    root: Signer
    office: Signer
    shared: Signer
    stranger: Signer

    @property
    def der(self) -> bytes:
        return self.root.certificate.public_bytes(Encoding.DER)

    def of(self, unit: str) -> Signer:
        """A certified signer of a dependencia."""
        certificate = authority.issue(self.root, self.shared.key.public_key(), identity(unit), _BEFORE)
        return Signer(self.shared.key, certificate, (self.root.certificate,))


_BEFORE = BEGINNING - timedelta(days=30)


def identity(unit: str) -> Identity:
    return Identity(unit, f"Dependencia {unit}", "Ana Núñez", "Técnica", ENTITY)


def make_ring(stranger: str) -> Ring:
    root = authority.make_authority(ENTITY, _BEFORE)
    return Ring(
        root,
        authority.office_signer(root, identity("TIC"), _BEFORE),
        keys.make_signer(identity("TIC"), _BEFORE),
        keys.make_signer(identity(stranger), _BEFORE),
    )


@dataclass
class Unit:
    """A dependencia: what it knows of itself, and what it delivered last."""

    code: str
    signer: Signer
    exemplar: str
    catalogues: Catalogues
    clock: Clock
    folder: Path
    rows: dict[str, Row] = field(default_factory=dict)
    vigencia: int = 2026
    number: int = 0
    code_before: str = ""
    asked: list[tuple[str, tuple[str, str]]] = field(default_factory=list)
    """Observations to be answered: their uid, and the file and record they are about."""

    def grow(self, chance: random.Random) -> None:
        """The first records: devices, needs, and a risk with two controls."""
        for place in range(3):
            self.device(chance, f"{self.code}-{place}")
        device = next(iter(self.rows))
        risk = self.risk(chance)
        for kind in ("preventivo", "correctivo"):
            self.control(chance, risk, kind)
        self.need(chance, equipo=device, riesgo=risk)
        self.need(chance)
        self.system(chance)

    def add(self, chance: random.Random, type_name: str, values: Mapping[str, Value]) -> str:
        uid = f"{chance.getrandbits(128):032x}"
        uid = f"{uid[:8]}-{uid[8:12]}-{uid[12:16]}-{uid[16:20]}-{uid[20:]}"
        everything = {f.name: values.get(f.name) for f in TYPES[type_name].typed}
        self.rows[uid] = {"type": type_name, "uid": uid, "values": everything, "retired": None}
        return uid

    def device(self, chance: random.Random, placa: str) -> str:
        values = {"tipo": "escritorio", "placa": placa, "estado": "en_uso", "modelo": chance.choice(MODELS)}
        return self.add(chance, "equipo", values | {"anio": 2012, "sistema_operativo": "windows_7"})

    def risk(self, chance: random.Random) -> str:
        numbers = [str(row["values"]["referencia"]) for row in self.rows.values() if row["type"] == "riesgo"]
        return self.add(
            chance,
            "riesgo",
            {
                "referencia": f"R-{len(numbers) + 1:03}", "subproceso": "salud_publica", "tipo": "gestion",
                "metodo": "v6", "actividad": "Atender", "factor": "tecnologia", "tratamiento": "reducir",
                "clasificacion": "fallas_tecnologicas", "afectacion": "ambas", "causa_inmediata": "daño",
                "causa_raiz": "equipos viejos", "descripcion": f"Posibilidad {chance.randrange(10**6)}",
                "frecuencia_anual": chance.choice([1, 30, 600]), "impacto_smlmv": Decimal("12.5"),
                "impacto_reputacional": "4", "plan_accion": "Cambiarlos", "responsable": "Secretario",
            },
        )  # fmt: skip

    def control(self, chance: random.Random, risk: str, kind: str) -> str:
        order = 1 + sum(row["values"].get("riesgo") == risk for row in self.rows.values() if row["type"] == "control")
        values: dict[str, Value] = {"riesgo": risk, "orden": order, "tipo": kind, "implementacion": "manual"}
        return self.add(chance, "control", values | {"accion": "verifica", "responsable": "Técnico"})

    def need(self, chance: random.Random, **links: str) -> str:
        values: dict[str, Value] = {
            "subproceso": "salud_publica", "forma": "necesidad", "tema": "hardware", "vigencia": 2026,
            "descripcion": f"Falta {chance.randrange(10**6)}", "justificacion": "para atender", "cantidad": 10,
            "valor_unitario": Decimal("3500000.5"),
        }  # fmt: skip
        return self.add(chance, "necesidad", values | links)

    def system(self, chance: random.Random) -> str:
        values: dict[str, Value] = {
            "nombre": f"Sistema {chance.randrange(10**6)}", "tipo": "misional", "para_que": "Para atender",
            "estado": "en_uso", "soporte_hasta": chance.choice(ENDS),
        }  # fmt: skip
        return self.add(chance, "sistema", values)

    def live(self, chance: random.Random) -> None:
        """What happens in a dependencia between two deliveries."""
        own = [row for row in self.rows.values() if row["retired"] is None]
        for row in chance.sample(own, min(3, len(own))):
            values = row["values"]
            if row["type"] == "equipo":
                values["modelo"] = chance.choice([*MODELS, None, BORRAR, NO_APLICA])
                values["anio"] = chance.choice([2012, 2013, None])
            elif row["type"] == "necesidad":
                values["cantidad"] = chance.choice([5, 10, 20])
                values["fuente"] = chance.choice([None, "Acta 3", "Acta 4", BORRAR])
            elif row["type"] == "riesgo":
                values["frecuencia_anual"] = chance.choice([1, 30, 600])
                values["seguimiento"] = chance.choice([None, "va bien", NO_APLICA, BORRAR])
            elif row["type"] == "sistema":
                values["soporte_hasta"] = chance.choice(ENDS)
            else:
                values["implementacion"] = chance.choice(["manual", "automatico"])
        if chance.random() < 0.5 and any(row["type"] == "equipo" for row in own):
            self.device(chance, f"{self.code}-{chance.randrange(10**6)}")
        may_go = [row for row in own if row["type"] in {"equipo", "control"}]
        if may_go and chance.random() < 0.3:
            chance.choice(may_go)["retired"] = "se dio de baja"
        for row in self.rows.values():
            if row["retired"] is not None and chance.random() < 0.1:
                row["retired"] = None

    def send(self, chance: random.Random, name: str = "", *, forget: float = 0.0, **other: object) -> tuple[Path, Sent]:
        """Write the next delivery. ``forget`` is how likely a record is not in it; ``other`` changes the cover."""
        self.clock.later(1)
        rows = {uid: row for uid, row in self.rows.items() if chance.random() >= forget}
        for uid in [u for u, row in rows.items() if row["type"] == "control" and row["values"]["riesgo"] not in rows]:
            del rows[uid]  # a control is forgotten with its risk
        asked = self.asked
        if other.get("format") == 1:  # there was no column for it yet, and no sheet of answers
            asked = []
            rows = {uid: row | {"values": _of_format_1(row)} for uid, row in rows.items()}
            other |= {"ejemplar": "", "linaje": (), "previo": ""}
        for row in rows.values():
            for link in ("equipo", "riesgo"):
                linked = rows.get(str(row["values"].get(link)))
                if row["type"] == "necesidad" and (linked is None or linked["retired"] is not None):
                    row["values"][link] = None
        everything = self._records(rows)
        said = tuple(
            Answer(uid, chance.choice([CORRECTED, KEPT]), "así es", "registro", "campo", "¿?") for uid, _ in asked
        )
        number = int(str(other.pop("number", self.number + 1)))
        cover = Envelope(
            entidad=ENTITY, dependencia=self.code, vigencia=self.vigencia, number=number, metodo="v6", code="",
            catalogues=self.catalogues.version, made_at=self.clock(), nombre="Ana Núñez", cargo="Técnica",
            counts={n: sum(r.retired is None for r in found) for n, found in everything.items()}, program="prueba",
            ejemplar=self.exemplar, linaje=(self.exemplar,), previo=self.code_before,
        )  # fmt: skip
        cover = replace(cover, **other)  # type: ignore[arg-type]  # a test names fields of the cover
        cover = replace(cover, code=code_of(cover.vigencia, self.code, cover.number, everything, said))
        data = self._signed(cover, everything, said)
        path = self.folder / f"{name or self.code}-{cover.number}-{len(data)}-{chance.randrange(10**6)}.xlsx"
        path.write_bytes(data)
        about = [about for _, about in asked]
        sent = Sent(path.name, self.code, number, _copied(rows), cover.format, about, cover.vigencia)
        self.number, self.code_before = number, cover.code
        return path, sent

    def _signed(self, cover: Envelope, everything: Mapping[str, Sequence[Record]], said: tuple[Answer, ...]) -> bytes:
        plain = workbook.write(cover, everything, self.catalogues, said=said)
        plain = _as_format_1(plain) if cover.format == 1 else plain
        return signature.sign(plain, self.signer, f"{PURPOSE} {cover.vigencia}", cover.made_at)

    def _records(self, rows: Mapping[str, Row]) -> dict[str, list[Record]]:
        found: dict[str, list[Record]] = {name: [] for name in TYPES}
        context = Context(self.catalogues, self.clock().date())
        for uid, row in rows.items():
            children = [
                each["values"]
                for each in rows.values()
                if each["type"] == "control" and each["values"]["riesgo"] == uid and each["retired"] is None
            ]
            parent = rows[row["values"]["riesgo"]]["values"] if row["type"] == "control" else {}
            own = replace(context, children=children, parent=parent)
            values = row["values"] | TYPES[row["type"]].compute(row["values"], own)
            when = self.clock()
            record = Record(
                row["type"], uid, self.code, 1, values, False, row["retired"], when, "Ana", when, "Ana", None, {}
            )
            found[row["type"]].append(record)
        return found


def _of_format_1(row: Row) -> dict[str, Value]:
    later: dict[str, Value] = {f.name: None for f in TYPES[row["type"]].typed if f.since > 1}
    return {**row["values"], **later}


def _as_format_1(plain: bytes) -> bytes:
    """The workbook as the first program wrote it: without the columns and the sheet that came later."""
    book = openpyxl.load_workbook(BytesIO(plain))
    del book[answers.SHEET]
    for each in TYPES.values():
        sheet, later = book[each.title], {f.name for f in each.fields if f.since > 1}
        for cell in [cell for cell in sheet[1] if cell.value in later]:
            sheet.delete_cols(cell.column)
    book.save(out := BytesIO())
    return out.getvalue()


def _copied(rows: Mapping[str, Row]) -> dict[str, Row]:
    return {uid: row | {"values": dict(row["values"])} for uid, row in rows.items()}

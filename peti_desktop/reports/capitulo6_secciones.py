"""Sections 6.2 to 6.8 of the chapter «Analizar»: people, devices, networks, security, data, software, systems."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from peti_desktop.peti.gathering import KINDS, NEED, Thing
from peti_desktop.progress import Progress
from peti_desktop.records import EQUIPO, FORMACION, SEDE, SISTEMA, RecordType
from peti_desktop.records.convert import plain
from peti_desktop.records.record import Record
from peti_desktop.reports import words
from peti_desktop.reports.blocks import Block, beside
from peti_desktop.reports.equipos import ANY_REASON
from peti_desktop.reports.figures import Figures
from peti_desktop.reports.lettering import BOLD
from peti_desktop.reports.page import MUTED, Document
from peti_desktop.reports.table import Cell, Column, Row, Table
from peti_desktop.workspace import Workspace

NEEDS = (
    Column("Qué", 46),
    Column("Descripción", 330),
    Column("Tema", 84),
    Column("Quién", 150),
    Column("Cantidad", 42, right=True),
    Column("Valor", 76, right=True),
)


@dataclass(frozen=True, slots=True)
class Chapter:
    """What all sections look at: the store, its figures, and needs and gaps by the section that tells of them."""

    ws: Workspace
    figures: Figures
    things: Mapping[str, list[Thing]]

    def unit(self, record: Record) -> str:
        """The name of a record's dependencia."""
        return self.ws.catalogues.label("dependencia", record.dependencia)

    def records(self, type_name: str) -> list[Record]:
        """Records in force by the name of their dependencia."""
        return sorted(self.ws.records(type_name), key=lambda record: (plain(self.unit(record)), record.uid))

    def without(self, records: Sequence[Record]) -> list[str]:
        """The dependencias that owe a delivery or have records of other kinds, and have none among these."""
        there = {record.dependencia for record in records}
        known = {unit.code: unit.label for unit in self.figures.dependencias}
        known |= {owed.dependencia: owed.name for owed in self.figures.deliveries if owed.sections}
        return sorted((label for code, label in known.items() if code not in there), key=plain)

    def lacks(self, what: str, records: Sequence[Record]) -> list[str]:
        """The dependencias without a kind, or that there is none at all; nothing when each has some."""
        if names := self.without(records):
            return [f"Dependencias sin {what} ({len(names)}): {'; '.join(names)}."]
        return [] if records else [f"Ninguna dependencia ha registrado {what}."]


def asked(doc: Document, chapter: Chapter, section: str) -> None:
    """What was asked for and found on the themes of a section, equal needs as one."""
    found = chapter.things.get(section, ())
    if found:
        doc.heading(f"Necesidades y brechas de {section}", words.counted(len(found), "renglón", "renglones"), level=1)
        Table(doc, NEEDS, 6.8).draw(_thing(chapter.ws, thing) for thing in found)


def _thing(ws: Workspace, thing: Thing) -> Row:
    value = words.pesos(thing.money) if thing.money else "Sin valor" if thing.kind == NEED else ""
    return Row(
        (
            Cell(KINDS[thing.kind], note=words.EXAMPLE if thing.example else ""),
            Cell(thing.words or "Sin descripción", note=f"{len(thing.uids)} iguales" if len(thing.uids) > 1 else ""),
            thing.topic or "Sin tema",
            ", ".join(ws.catalogues.label("dependencia", code) for code in thing.dependencias),
            words.number(thing.quantity) if thing.quantity else "",
            value,
        )
    )


def missing(doc: Document, said: Sequence[str]) -> None:
    """What is not registered yet, or that nothing is missing."""
    if doc.room < 40:
        doc.new_page()
    doc.y -= 2
    doc.paragraph("Qué falta", BOLD, 8.5)
    for sentence in said or ("No falta nada de lo que esta sección cuenta.",):
        doc.paragraph(f"• {sentence}" if said else sentence, colour=MUTED)
    doc.y -= 6


def rest(doc: Document, chapter: Chapter, progress: Progress) -> None:
    """Draw 6.2 to 6.8."""
    sections: tuple[tuple[str, str, Callable[[Document, Chapter], list[str]]], ...] = (
        ("6.2", "Uso y apropiación de las TIC", _people),
        ("6.3", "Equipos", _devices),
        ("6.4", "Redes y energía", _networks),
        ("6.5", "Seguridad y copias de respaldo", _security),
        ("6.6", "Gestión de la información", _information),
        ("6.7", "Software de los equipos", _software),
        ("6.8", "Sistemas de información y servicios en línea", _systems),
    )
    for done, (number, title, draw) in enumerate(sections):
        progress(done, len(sections), f"Capítulo 6: {title}")
        doc.heading(f"{number} {title}", keep=90)
        said = draw(doc, chapter)
        asked(doc, chapter, number)
        missing(doc, said)
    progress(len(sections), len(sections), "Capítulo 6")


def _table(
    doc: Document, chapter: Chapter, record_type: RecordType, names: Mapping[str, float], found: Sequence[Record]
) -> None:
    """Records as a table: their dependencia and these fields, by name with the width of their column."""
    columns = [Column("Dependencia", 96), *(Column.of(record_type[name], width) for name, width in names.items())]

    def rows() -> Iterator[Row]:
        for record in found:
            cells = [words.shown(chapter.ws, record_type, record, name) for name in names]
            note = words.EXAMPLE if record.example else ""
            yield Row((Cell(chapter.unit(record), note=note), *cells))

    if found:
        Table(doc, columns, 6.8).draw(rows())
    else:
        doc.paragraph(f"{record_type.title}: no hay registros vigentes.", colour=MUTED)


def _count(found: Sequence[Record], name: str, one: str, many: str) -> list[str]:
    """How many records do not say a field."""
    count = sum(1 for record in found if record.values[name] is None)
    return [f"{words.counted(count, one, many)}."] if count else []


def _people(doc: Document, chapter: Chapter) -> list[str]:
    found = chapter.records("formacion")
    people = {form: _sum(found, form) for form in ("requerida", "recibida")}
    doc.paragraph(
        f"{words.counted(people['requerida'], 'persona requiere', 'personas requieren')} formación y "
        f"{words.counted(people['recibida'], 'la recibió', 'la recibieron')}."
    )
    shown = {"forma": 54.0, "asunto": 150.0, "quienes": 110.0, "personas": 42.0, "horas": 36.0, "fecha": 50.0}
    _table(doc, chapter, FORMACION, shown | {"herramienta": 90.0, "publico": 44.0}, found)
    return [
        *chapter.lacks("formación", found),
        *_count(found, "horas", "formación no dice cuántas horas", "formaciones no dicen cuántas horas"),
    ]


def _sum(found: Sequence[Record], form: str) -> int:
    counted = (record.values["personas"] for record in found if record.values["forma"] == form)
    return sum(people for people in counted if isinstance(people, int))


def _devices(doc: Document, chapter: Chapter) -> list[str]:
    figures, total = chapter.figures, chapter.figures.totals["equipo"]
    share = words.percent(figures.obsolete_total, total)
    doc.paragraph(
        f"{words.counted(total, 'equipo', 'equipos')}; "
        f"{words.counted(figures.obsolete_total, 'está obsoleto', 'están obsoletos')} ({share}): el fabricante ya no "
        "da soporte a su sistema o a su ofimática."
        if total
        else "No hay equipos en los registros vigentes."
    )
    found = chapter.records("equipo")
    if found:
        obsolete = words.counts_block(
            "Obsoletos, según la razón", "Razón", figures.obsolete, whole=figures.obsolete_total, last=ANY_REASON
        )
        beside(
            doc,
            [
                [words.counts_block("Por tipo", "Tipo", figures.equipment["tipo"])],
                [words.counts_block("Por estado", "Estado", figures.equipment["estado"]), obsolete],
                [_devices_by_unit(chapter, found)],
            ],
        )
    return [
        *chapter.lacks("equipos", found),
        *_count(found, "anio", "equipo no dice su año", "equipos no dicen su año"),
        *_count(found, "custodio", "equipo no dice quién lo custodia", "equipos no dicen quién los custodia"),
    ]


def _devices_by_unit(chapter: Chapter, found: Sequence[Record]) -> Block:
    by: dict[str, list[Record]] = {}
    for record in found:
        by.setdefault(chapter.unit(record), []).append(record)
    rows = [
        Row((unit, words.number(len(own)), words.number(sum(1 for record in own if record.values["obsolescencia"]))))
        for unit, own in by.items()
    ]
    columns = (Column("Dependencia", 60), Column("Equipos", 18, right=True), Column("Obsoletos", 20, right=True))
    return Block("Por dependencia", columns, rows)


def _networks(doc: Document, chapter: Chapter) -> list[str]:
    found = chapter.records("sede")
    shown = {"nombre": 96.0, "cableado": 70.0, "racks": 44.0, "hubs": 40.0, "internet": 80.0, "ancho_mbps": 44.0}
    _table(doc, chapter, SEDE, shown | {"ups": 44.0, "polo_tierra": 44.0, "observaciones": 140.0}, found)
    return [
        *chapter.lacks("sedes", found),
        *_count(found, "cableado", "sede no dice su cableado", "sedes no dicen su cableado"),
        *_count(found, "ups", "sede no dice si tiene UPS", "sedes no dicen si tienen UPS"),
        *_count(found, "polo_tierra", "sede no dice si tiene polo a tierra", "sedes no dicen si tienen polo a tierra"),
    ]


def _security(doc: Document, chapter: Chapter) -> list[str]:
    found, devices = chapter.records("sede"), chapter.records("equipo")
    shown = {"nombre": 110.0, "copias": 70.0, "copias_lugar": 150.0, "custodia_externa": 70.0, "contingencia": 80.0}
    _table(doc, chapter, SEDE, shown, found)
    known: dict[str, int] = {}
    for record in devices:
        antivirus = record.values["antivirus"]
        name = chapter.ws.catalogues.label("antivirus", antivirus) if isinstance(antivirus, str) else "No lo dice"
        known[name] = known.get(name, 0) + 1
    if known:
        security = chapter.ws.records("riesgo", equal={"tipo": "seguridad"})
        zones: dict[str, int] = {}
        for record in security:
            zone = record.values["zona_residual"] or record.values["zona_inherente"]
            name = chapter.ws.catalogues.label("zona", zone) if isinstance(zone, str) else "Sin valorar"
            zones[name] = zones.get(name, 0) + 1
        risks = [Row((name, words.number(count))) for name, count in zones.items()]
        risks.append(Row(("Total", words.number(len(security))), total=True))
        risk_columns = (Column("Zona", 60), Column("Riesgos", 20, right=True))
        beside(
            doc,
            [
                [_counted("Antivirus", known)],
                [Block("Riesgos de seguridad de la información", risk_columns, risks)],
            ],
        )
    return [
        *([] if found else chapter.lacks("sedes", found)),
        *_count(found, "copias", "sede no dice cada cuánto copia", "sedes no dicen cada cuánto copian"),
        *_count(
            found,
            "custodia_externa",
            "sede no dice si custodia las copias afuera",
            "sedes no dicen si las custodian afuera",
        ),
        *_count(
            found,
            "contingencia",
            "sede no dice si tiene plan de contingencia",
            "sedes no dicen si tienen plan de contingencia",
        ),
        *_count(devices, "antivirus", "equipo no dice su antivirus", "equipos no dicen su antivirus"),
    ]


def _information(doc: Document, chapter: Chapter) -> list[str]:
    own = [record for record in chapter.records("sistema") if record.values["intercambia"] is not None]
    doc.paragraph(
        f"{words.counted(len(own), 'sistema dice', 'sistemas dicen')} con qué otros intercambia información."
        if own
        else "Ningún sistema dice con qué otros intercambia información."
    )
    if own:
        _table(doc, chapter, SISTEMA, {"nombre": 110.0, "para_que": 160.0, "intercambia": 200.0, "dueno": 90.0}, own)
    every = chapter.records("sistema")
    if not every:
        return chapter.lacks("sistemas", every)
    return _count(every, "intercambia", "sistema no dice con quién intercambia", "sistemas no dicen con quién lo hacen")


def _software(doc: Document, chapter: Chapter) -> list[str]:
    found = chapter.records("equipo")
    office: dict[str, int] = {}
    licence: dict[str, int] = {}
    for record in found:
        for name, totals in (("ofimatica", office), ("licencia", licence)):
            shown = words.shown(chapter.ws, EQUIPO, record, name) or "Sin diligenciar"
            totals[shown] = totals.get(shown, 0) + 1
    if not found:
        doc.paragraph("No hay equipos en los registros vigentes.", colour=MUTED)
    else:
        systems = chapter.figures.equipment["sistema_operativo"]
        beside(
            doc,
            [
                [words.counts_block("Sistema operativo", "Sistema", systems)],
                [_counted("Ofimática", office)],
                [_counted("Licencia", licence)],
            ],
        )
    return [
        *([] if found else chapter.lacks("equipos", found)),
        *_count(found, "sistema_operativo", "equipo no dice su sistema", "equipos no dicen su sistema"),
        *_count(found, "ofimatica", "equipo no dice su ofimática", "equipos no dicen su ofimática"),
        *_count(found, "licencia", "equipo no dice su licencia", "equipos no dicen su licencia"),
    ]


def _counted(title: str, totals: Mapping[str, int]) -> Block:
    ordered = sorted(totals.items(), key=lambda pair: (-pair[1], plain(pair[0])))
    rows = [Row((name, words.number(count))) for name, count in ordered]
    rows.append(Row(("Total", words.number(sum(totals.values()))), total=True))
    return Block(title, (Column(title, 60), Column("Equipos", 20, right=True)), rows)


def _systems(doc: Document, chapter: Chapter) -> list[str]:
    found = chapter.records("sistema")
    shown = {"nombre": 96.0, "tipo": 54.0, "para_que": 140.0, "estado": 50.0, "dueno": 84.0, "proveedor": 80.0}
    _table(doc, chapter, SISTEMA, shown | {"soporte_hasta": 52.0, "usuarios": 42.0, "direccion_web": 100.0}, found)
    return [
        *chapter.lacks("sistemas", found),
        *_count(
            found,
            "soporte_hasta",
            "sistema no dice hasta cuándo tiene soporte",
            "sistemas no dicen hasta cuándo tienen soporte",
        ),
        *_count(found, "dueno", "sistema no dice quién lo tiene a cargo", "sistemas no dicen quién los tiene a cargo"),
    ]

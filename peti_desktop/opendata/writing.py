"""Writing open data: one CSV for each kind of record, a dictionary, the lists, and what must be known of them.

RFC 4180 as portals of open data read it (datos.gov.co among them): commas, CRLF, quotes where they are needed, UTF-8
without a mark before the first heading, dates as AAAA-MM-DD, a point in decimals, nothing between thousands, one
heading row and no titles or totals. Excel opens such a file by «Datos > Desde texto/CSV»; what a double click should
open is the matrix's own export, with semicolons. Rows are written while they are read, from one state of the store.
"""

import csv
import shutil
import tempfile
from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from contextlib import closing
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Any, Final

from peti_desktop.consolidation import cuts
from peti_desktop.consolidation.frozen import CUT_CODE, CUT_NAME
from peti_desktop.field_help import help_of
from peti_desktop.files import cannot_write
from peti_desktop.matrix import UNIT, Line, MatrixFilter, Question
from peti_desktop.moments import spoken_moment
from peti_desktop.opendata.datasets import CORRECTED, EXAMPLE, NAMED, NUMBER, PRIVATE, UID, Dataset, Version, datasets
from peti_desktop.opendata.private import LEFT_OUT, without_private
from peti_desktop.progress import Progress, silent
from peti_desktop.records import TYPES
from peti_desktop.records.convert import decimal_text, no_formula
from peti_desktop.records.fields import Blank, Field, Kind, Value
from peti_desktop.records.record import stored_text
from peti_desktop.workspace import Workspace

DICTIONARY, LISTS, README = "diccionario.csv", "listas.csv", "LEEME.txt"
HEADINGS: Final = (
    "archivo", "columna", "etiqueta", "significado", "tipo", "unidad", "lista", "obligatoria", "origen",
)  # fmt: skip
TYPES_SAID: Final = {
    Kind.TEXT: "texto",
    Kind.NOTE: "texto",
    Kind.CHOICE: "texto de una lista",
    Kind.LINK: "identidad de otro registro",
    Kind.INTEGER: "entero",
    Kind.AMOUNT: "decimal",
    Kind.MONEY: "decimal",
    Kind.DATE: "fecha AAAA-MM-DD",
}
UNITS: Final = {
    "ancho_mbps": "Mbps",
    "horas": "horas",
    "personas": "personas",
    "impacto_smlmv": "SMLMV",
    "peso": "porcentaje",
    "usuarios": "personas",
    "frecuencia_anual": "veces al año",
    "anio": "año",
    "anio_desde": "año",
    "anio_hasta": "año",
    "vigencia": "año",
    NUMBER: "registros",
}


def write(ws: Workspace, version: Version, folder: Path, progress: Progress = silent) -> Path:
    """Write the files of a version into a new folder within ``folder``, all of them or nothing, and give its path.

    ``ws`` is the open consolidation; ``write_cut`` is for a sealed one. Raises UserError when it cannot be written;
    Cancelled from ``progress``.
    """
    with ws.snapshot() as seen:
        target = _free(folder / _name(seen, version))
        try:
            folder.mkdir(parents=True, exist_ok=True)
            workshop = Path(tempfile.mkdtemp(prefix=".datos-abiertos-", dir=folder))
        except OSError as error:
            raise cannot_write(target, error) from error
        try:
            _fill(seen, version, workshop, progress)
            workshop.chmod(0o755)
            workshop.rename(target)
        except OSError as error:
            raise cannot_write(target, error) from error
        finally:
            shutil.rmtree(workshop, ignore_errors=True)
    return target


def write_cut(
    ws: Workspace, uid: str, folder: Path, progress: Progress = silent, versions: Iterable[Version] = Version
) -> list[Path]:
    """``write`` of what a sealed cut holds, the same each time. Raises UserError when the cut was damaged, too."""
    with cuts.opened(ws, uid) as cut:
        return [write(cut, version, folder, progress) for version in versions]


def _name(ws: Workspace, version: Version) -> str:
    code = ws.setting(CUT_CODE)
    parts = (f"corte-{code}" if code else "", "EJEMPLO" if ws.info.ejemplo else "")
    return "_".join(part for part in (str(ws.info.vigencia), "datos-abiertos", version, *parts) if part)


def _free(path: Path) -> Path:
    """``path``, or the same with a number where something stands already: nothing is replaced."""
    found, number = path, 1
    while found.exists():
        number += 1
        found = path.with_name(f"{path.name}-{number}")
    return found


def _fill(ws: Workspace, version: Version, folder: Path, progress: Progress) -> None:
    made = datasets(version, example=ws.info.ejemplo)
    counts = ws.counts()
    total, done = sum(counts[dataset.type.name] for dataset in made), 0
    said: list[str] = []
    examples = 0
    for dataset in made:
        step = _step(progress, done, total, dataset.type.title)
        leaves_out = version is Version.PUBLIC and not ws.info.ejemplo
        rows, left = _data(ws, dataset, folder / dataset.file, step, leaves_out=leaves_out)
        examples += left
        done += counts[dataset.type.name]
        said.append(f"{dataset.file}: {decimal_text(rows)} filas. {dataset.about}")
    progress(total, total, "Escribiendo el diccionario")
    _rows(folder / DICTIONARY, HEADINGS, _dictionary(made))
    _rows(folder / LISTS, ("lista", "codigo", "texto"), _lists(ws, made))
    text = "\r\n".join([*_about(ws, version, examples), *said, ""])
    (folder / README).write_text(text, encoding="utf-8-sig", newline="")


def _step(progress: Progress, done: int, total: int, title: str) -> Callable[[int], None]:
    return lambda now: progress(done + now, total, f"Datos abiertos: {title.lower()}")


# One file


def _data(
    ws: Workspace, dataset: Dataset, path: Path, step: Callable[[int], None], *, leaves_out: bool
) -> tuple[int, int]:
    """Write a file; gives its rows, and how many examples it ``leaves_out``: those are no data for the web."""
    left = 0

    def told() -> Iterator[list[str]]:
        nonlocal left
        for line in _lines(ws, dataset, step):
            if dataset.only is not None and line.record.values.get(dataset.only[0]) != dataset.only[1]:
                continue
            if leaves_out and line.record.example:
                left += 1
                continue
            yield [_text(ws, field, line) for field in dataset.fields if field.name != NUMBER]

    rows: Iterable[list[str]] = told()
    if dataset.counted:
        found = Counter(tuple(row) for row in rows)
        rows = ([*values, str(count)] for values, count in sorted(found.items()))
    written = _rows(path, [field.name for field in dataset.fields], rows)
    return written, left


def _lines(ws: Workspace, dataset: Dataset, step: Callable[[int], None]) -> Iterator[Line]:
    if dataset.type.name not in TYPES:  # the office's own plan, which the matrix does not show: few records
        yield from (Line(record, {}) for record in ws.records(dataset.type.name))
        return
    done = 0
    with closing(Question(ws, MatrixFilter(dataset.type.name)).sheets()) as every:
        for sheet in every:
            step(done)
            yield from sheet.lines
            done += len(sheet.lines)


def _rows(path: Path, headings: Iterable[str], rows: Iterable[Iterable[str]]) -> int:
    written = 0
    with path.open("w", encoding="utf-8", newline="") as stream:
        out: Any = csv.writer(stream, lineterminator="\r\n")
        out.writerow(headings)
        for row in rows:
            out.writerow(row)
            written += 1
    return written


def _text(ws: Workspace, field: Field, line: Line) -> str:
    """A cell: numbers and dates exact, codes as their words, texts on one line and without what is private."""
    record = line.record
    if field is UID:
        return record.uid
    if field is CORRECTED:
        return ",".join(name for name in line.mended if name not in PRIVATE)
    if field is EXAMPLE:
        return "sí" if record.example else "no"
    value: Value = record.dependencia if field is UNIT else record.values.get(field.name)
    if value is None:
        return ""
    if isinstance(value, Blank):
        return value.value if field.kind in {Kind.TEXT, Kind.NOTE, Kind.CHOICE} else ""
    if isinstance(value, date | Decimal | int) and field.kind is not Kind.CHOICE:
        return stored_text(value) or ""
    if field.kind is Kind.LINK:
        return str(value)
    if field.kind is Kind.CHOICE:
        return _safe(ws.catalogues.label(field.catalogue, str(value)))
    return _safe(without_private(" ".join(str(value).split()), names=field.name not in NAMED))


def _safe(text: str) -> str:
    """Text on one line that no sheet takes for a formula."""
    return no_formula("".join(letter for letter in text if letter.isprintable()))


def _left_out(examples: int) -> str:
    if examples == 1:
        return "Se dejó fuera 1 registro de ejemplo."
    return f"Se dejaron fuera {decimal_text(examples)} registros de ejemplo."


# What explains them


def _dictionary(made: Iterable[Dataset]) -> Iterator[list[str]]:
    for dataset in made:
        for field in dataset.fields:
            told = help_of(field)
            meaning = told.meaning if told else field.hint or "La dependencia que responde por el registro."
            source = "Lo calcula el programa" if field.computed and field is not UNIT else "Lo declara la dependencia"
            source = f"{source}. {told.source}" if told and told.source else f"{source}."
            yield [
                _safe(" ".join(text.split()))
                for text in (
                    dataset.file, field.name, field.label, meaning, TYPES_SAID[field.kind], _unit(field),
                    field.catalogue or field.links, "sí" if field.required else "no", source,
                )
            ]  # fmt: skip


def _unit(field: Field) -> str:
    if field.kind is Kind.MONEY:
        return "pesos colombianos (COP)"
    return UNITS.get(field.name, "porcentaje" if field.name.endswith("_pct") else "")


def _lists(ws: Workspace, made: Iterable[Dataset]) -> Iterator[list[str]]:
    for name in sorted({field.catalogue for dataset in made for field in dataset.fields if field.catalogue}):
        for entry in ws.catalogues.entries(name):
            yield [name, entry.code, _safe(entry.label)]


def _about(ws: Workspace, version: Version, examples: int) -> list[str]:
    public, example = version is Version.PUBLIC, ws.info.ejemplo
    cut = ws.setting(CUT_NAME)
    source = f"{cut} · código {ws.setting(CUT_CODE)}" if cut else "Consolidación abierta, sin sellar"
    return [
        f"{ws.info.entidad} · Vigencia {ws.info.vigencia}",
        f"Datos abiertos, versión {'pública' if public else 'interna'}",
        *(["EJEMPLO: el almacén es de demostración. Nada de esto es información oficial: NO LO PUBLIQUE."] * example),
        f"Fuente: {source}",
        f"Leídos el {spoken_moment(ws.clock())} con Peti Desktop",
        "",
        ("Como la que se publica: no enumera debilidades." if example else "Para publicar: no enumera debilidades.")
        if public
        else "Para uso dentro de la entidad: NO LA PUBLIQUE, enumera debilidades abiertas.",
        "No trae datos personales: ni cargos, ni nombres, ni seriales. Los correos, direcciones IP, documentos,",
        f"teléfonos y nombres que alguien escribió en un texto dicen {LEFT_OUT}. El programa no los reconoce",
        "todos: lea los textos antes de publicar.",
        *(
            [
                "Los riesgos van contados y sin dependencia; no van los controles, los hallazgos, las sedes ni lo que",
                "tiene cada equipo.",
            ]
            if public
            else []
        ),
        *([_left_out(examples)] if examples else []),
        "",
        "Formato: CSV según RFC 4180, separado por comas, UTF-8, fechas AAAA-MM-DD, punto decimal. En Excel ábralos",
        "con Datos > Desde texto/CSV. Un texto que empieza por = + - o @ lleva un apóstrofo delante, para que ninguna",
        f"hoja lo tome por fórmula. {DICTIONARY} explica cada columna y {LISTS} los códigos de cada lista.",
        "La licencia la fija la entidad.",
        "",
    ]

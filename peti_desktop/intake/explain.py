"""What became of a delivery whose signature no longer holds, told by the seal it carries.

Nothing read here is proven but the seal. So it only ever leads to words, and to one exception: when the signature is
gone, as after *Guardar*, and every record and every line of the cover equals what a trusted key sealed, a person may
take it. A signature that is still there and broken is another matter: no office program leaves one behind.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from openpyxl.utils import get_column_letter

from peti_desktop.catalogues import Catalogues
from peti_desktop.delivery import answers, reading, seal, unproven
from peti_desktop.delivery.cells import Row, Unreadable
from peti_desktop.delivery.reading import Delivery
from peti_desktop.delivery.seal import Seal, Sealed
from peti_desktop.delivery.workbook import COVER, HEADING_ROW, MARK, column_names
from peti_desktop.errors import UserError
from peti_desktop.records import TYPES
from peti_desktop.records.convert import clean, show
from peti_desktop.records.fields import Field, RecordType, Value
from peti_desktop.records.record import from_stored_text, headline, stored_text
from peti_desktop.trust.verdict import Reason, Refusal, Status, Trust, Verification

EXPLAINED = frozenset({"alterada", "vuelto_a_guardar", "sin_firma"})
"""Refusals of files that were ours once; all others are not opened."""

SAVED_AGAIN, CHANGED, UNCHECKED = "guardado_igual", "celdas_cambiadas", "sello_no_comprobable"
SAME_CELLS = "celdas_iguales"
NAMED_CHANGES = 20

_SHOWN_CHARACTERS = 40
_SAME_CELLS_SENTENCE = (
    "Las celdas dicen lo mismo que se firmó; lo que cambió es otra parte del libro, como sus estilos o sus títulos."
)
_UNCHECKED_SENTENCE = "El sello que trae el libro no se puede comprobar, así que no se sabe qué cambió."


@dataclass(frozen=True, slots=True)
class Change:
    """One cell that differs from what was sealed; ``cell`` is its address, or where it would be."""

    sheet: str
    cell: str
    before: str
    after: str

    def __str__(self) -> str:
        return f"{self.sheet} {self.cell} {_quoted(self.before)} → {_quoted(self.after)}"


@dataclass(frozen=True, slots=True)
class Differences:
    """Everything that differs from the seal: cells, rows nobody sealed, sealed records that are gone, lost columns."""

    cells: tuple[Change, ...] = ()
    added: tuple[str, ...] = ()
    missing: tuple[str, ...] = ()
    lost: tuple[str, ...] = ()

    def __bool__(self) -> bool:
        return bool(self.cells or self.added or self.missing or self.lost)


@dataclass(frozen=True, slots=True)
class Explanation:
    """Why, in words; ``delivery`` is there only when the content equals what a trusted key sealed."""

    reasons: tuple[Reason, ...]
    verification: Verification | None = None
    delivery: Delivery | None = None


def explained(data: bytes, refusal: Reason, trust: Trust, at: datetime, catalogues: Catalogues) -> Explanation | None:
    """What the seal tells about a refused file; None when it has nothing to tell. Never raises for what it contains."""
    if refusal.code not in EXPLAINED:
        return None
    try:
        sheets, names = unproven.sheets(data, {*reading.SHEETS, MARK})
    except Unreadable as error:
        return None if refusal.code == "sin_firma" else _unchecked(str(error))
    if not _is_delivery(sheets):
        return None
    try:
        sealed = seal.opened(sheets[MARK], trust, at)
    except (Refusal, Unreadable) as error:
        return _unchecked(str(error))
    if sealed is None:
        return _unchecked("no trae sello")
    different = differences(sheets, sealed, catalogues)
    if different:
        return Explanation((_changed(different, sealed),))
    if refusal.code == "alterada":
        return Explanation((Reason(SAME_CELLS, _SAME_CELLS_SENTENCE, _sealer(sealed)),))
    return _saved_again(sheets, names, refusal, sealed, catalogues)


def _is_delivery(sheets: Mapping[str, Sequence[Row]]) -> bool:
    """Whether the hidden sheet is a delivery's: starter files have one too."""
    return any(row.cells.get(0) == "formato" for row in sheets.get(MARK, ()))


def _unchecked(detail: str) -> Explanation:
    return Explanation((Reason(UNCHECKED, _UNCHECKED_SENTENCE, detail[:500]),))


def _changed(different: Differences, sealed: Seal) -> Reason:
    known = sealed.verification.accepted
    tail = "" if known else " Quien selló no está confirmado, así que también el sello puede ser falso."
    return Reason(CHANGED, told(different) + tail, _sealer(sealed))


def _sealer(sealed: Seal) -> str:
    signer = sealed.verification.signer
    return f"sello de {signer.fingerprint}" if signer else ""


def _saved_again(
    sheets: Mapping[str, Sequence[Row]], names: Sequence[str], refusal: Reason, sealed: Seal, catalogues: Catalogues
) -> Explanation:
    """The content is what was sealed: to be taken by a person when the key is good, and only then."""
    found = sealed.verification
    if not found.accepted:
        said = "El contenido es igual al que se selló, pero eso no basta: "
        doubts = tuple(Reason(doubt.code, said + doubt.sentence, doubt.detail) for doubt in found.reasons)
        return Explanation(doubts)
    try:
        delivery = reading.assembled(sheets, catalogues)
    except (Unreadable, UserError) as error:
        return _unchecked(str(error))
    foreign = [name for name in names if name not in {*reading.SHEETS, MARK}]
    beside = f" Las hojas que le agregaron ({_listed(foreign)}) no se reciben." if foreign else ""
    sentence = (
        "El contenido es igual al que se firmó: el archivo solo fue vuelto a guardar con Excel u otro programa. "
        f"Una persona debe decidir si se acepta así.{beside}"
    )
    reason = Reason(SAVED_AGAIN, sentence, f"{refusal.code}: {refusal.detail}")
    verification = Verification(Status.CON_AVISOS, (reason, *found.reasons), found.signer, found.signed_at)
    return Explanation(verification.reasons, verification, delivery)


def told(different: Differences) -> str:
    """The differences as sentences: the first twenty cells and rows by name, the rest counted."""
    cells, added, missing = different.cells, different.added, different.missing
    sentences = []
    if cells:
        many = f"{len(cells)} celdas cambiaron" if len(cells) > 1 else "1 celda cambió"
        sentences.append(f"{many} después de firmar: {_listed(cells)}.")
    if added:
        many = f"{len(added)} filas fueron agregadas" if len(added) > 1 else "1 fila fue agregada"
        sentences.append(f"{many} después de firmar: {_listed(added)}.")
    if missing:
        many = f"Faltan {len(missing)} filas que se firmaron" if len(missing) > 1 else "Falta 1 fila que se firmó"
        sentences.append(f"{many}: {_listed(missing)}.")
    if different.lost:
        sentences.append(f"Después de firmar se dañó la forma del libro: {_listed(different.lost)}.")
    return " ".join(sentences)


def _listed(things: Sequence[object]) -> str:
    named = "; ".join(str(thing) for thing in things[:NAMED_CHANGES])
    return named if len(things) <= NAMED_CHANGES else f"{named}; y {len(things) - NAMED_CHANGES} más"


def differences(sheets: Mapping[str, Sequence[Row]], sealed: Seal, catalogues: Catalogues) -> Differences:
    """What the sheets say otherwise than the seal."""
    found = [_cover(sheets.get(COVER), sealed.cover), _answers(sheets.get(answers.SHEET), sealed)]
    version = int(text) if (text := sealed.cover.get("formato", "")).isdecimal() else 1
    links = _links(sealed, catalogues)
    for name, record_type in TYPES.items():
        records = sealed.records.get(name, {})
        found.append(_sheet(record_type, sheets.get(record_type.title), records, catalogues, links, version))
    return Differences(
        cells=tuple(change for part in found for change in part.cells),
        added=tuple(row for part in found for row in part.added),
        missing=tuple(row for part in found for row in part.missing),
        lost=tuple(text for part in found for text in part.lost),
    )


def _links(sealed: Seal, catalogues: Catalogues) -> dict[str, str]:
    return {
        record.uid: _headline(TYPES[name], record, catalogues)
        for name, records in sealed.records.items()
        for record in records.values()
    }


def _headline(record_type: RecordType, record: Sealed, catalogues: Catalogues) -> str:
    values = {name: _value(record_type[name], record.values.get(name)) for name in record_type.headline}
    return _short(headline(record_type, values, catalogues))


def _value(field: Field, stored: str | None) -> Value:
    """The sealed value; None for a text that no value of the field is written as, for any key can seal anything."""
    try:
        return from_stored_text(field, stored)
    except ValueError:
        return None


def _cover(rows: Sequence[Row] | None, sealed: Mapping[str, str]) -> Differences:
    if rows is None:
        return Differences(lost=(f"falta la hoja «{COVER}»",))
    said, where = reading.cover(rows), {row.cells.get(0): row.number for row in rows}
    if len(said) != sum(0 in row.cells for row in rows):
        return Differences(lost=(f"líneas repetidas en «{COVER}»",))
    changes = [
        Change(COVER, f"C{where[name]}" if name in where else f"«{name}»", before, said.get(name, ""))
        for name, before in sealed.items()
        if said.get(name, "") != before
    ]
    return Differences(cells=tuple(changes))


def _answers(rows: Sequence[Row] | None, sealed: Seal) -> Differences:
    """What the sheet of answers says otherwise; format 1 has none, and its seal holds none."""
    if rows is None:
        return Differences(lost=(f"falta la hoja «{answers.SHEET}»",)) if sealed.answers else Differences()
    try:
        cells, added, gone = answers.changes(rows, sealed.answers)
    except Unreadable as error:
        return Differences(lost=(f"la hoja «{answers.SHEET}» perdió los nombres de sus columnas ({error})",))
    return Differences(
        cells=tuple(Change(answers.SHEET, found.cell, found.before, found.after) for found in cells),
        added=tuple(f"{answers.SHEET} fila {row}" for row in added),
        missing=tuple(f"{answers.SHEET} {_quoted(answer.titular)}" for answer in gone),
    )


def _sheet(
    record_type: RecordType,
    rows: Sequence[Row] | None,
    sealed: Mapping[str, Sealed],
    catalogues: Catalogues,
    links: Mapping[str, str],
    version: int,
) -> Differences:
    title = record_type.title
    if rows is None:
        return Differences(lost=(f"falta la hoja «{title}»",)) if sealed else Differences()
    try:
        where = reading.columns(record_type, rows, version)
    except Unreadable as error:
        return Differences(lost=(f"la hoja «{title}» perdió los nombres de sus columnas ({error})",))
    body = [row for row in rows if row.number > HEADING_ROW and row.cells]
    uids = [row.cells.get(where["uid"], "") for row in body]
    known = {at: sealed[uid] for at, uid in enumerate(uids) if uid in sealed}
    present = set(uids)
    repeated = len(known) - len({record.uid for record in known.values()})
    compared = _Compared(record_type, where, catalogues, links)
    return Differences(
        cells=tuple(change for at, record in known.items() for change in compared.changes(body[at], record)),
        added=tuple(f"{title} fila {row.number}" for at, row in enumerate(body) if at not in known),
        missing=tuple(
            f"{title} {_quoted(_headline(record_type, record, catalogues))}"
            for record in sealed.values()
            if record.uid not in present
        ),
        lost=(f"la hoja «{title}» repite {repeated} registros",) if repeated else (),
    )


class _Compared:
    """Compares rows of one sheet with what was sealed."""

    def __init__(
        self, record_type: RecordType, where: Mapping[str, int], catalogues: Catalogues, links: Mapping[str, str]
    ) -> None:
        self.title = record_type.title
        self.where, self.catalogues, self.links = where, catalogues, links
        self.fields = [(f, where[f.name], reading.reader(f, catalogues)) for f in record_type.fields]
        self.named = {where[name] for name, *_ in column_names(record_type) if name in where}

    def changes(self, row: Row, record: Sealed) -> Iterator[Change]:
        """The cells of ``row`` that differ, in the order of the columns they were written in."""
        yield from self._facts(row, record)
        for field, column, read in self.fields:
            text = row.cells.get(column)
            value, wrong = (None, None) if text is None else read(text)
            before = record.values.get(field.name)
            if wrong or stored_text(value) != before:
                after = text or "" if wrong else self._shown(field, stored_text(value))
                yield self._change(row, column, self._shown(field, before), after)
        for column in sorted(row.cells.keys() - self.named):
            yield self._change(row, column, "", row.cells[column])

    def _facts(self, row: Row, record: Sealed) -> Iterator[Change]:
        facts = {
            "revision": str(record.revision),
            "retirado": record.retired or "",
            "ejemplo": "ejemplo" if record.example else "",
        }
        for name, before in facts.items():
            after = row.cells.get(self.where[name], "")
            if after != before:
                yield self._change(row, self.where[name], before, after)

    def _shown(self, field: Field, stored: str | None) -> str:
        return show(field, _value(field, stored), self.catalogues, self.links)

    def _change(self, row: Row, column: int, before: str, after: str) -> Change:
        return Change(self.title, f"{get_column_letter(column + 1)}{row.number}", before, after)


def _quoted(text: str) -> str:
    return f"«{_short(text)}»" if text else "(vacío)"


def _short(text: str) -> str:
    line = " ".join(clean(text).split())
    return line if len(line) <= _SHOWN_CHARACTERS else line[: _SHOWN_CHARACTERS - 1] + "…"

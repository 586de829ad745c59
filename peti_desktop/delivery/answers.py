"""What a dependencia answers to the office's observations: a sheet of its own in the delivery.

Each answer travels under the uid of the observation; what was asked and where is written beside it, to be read.
"""

from collections.abc import Mapping, Sequence
from dataclasses import astuple, dataclass, fields
from typing import Any

from openpyxl.utils import get_column_letter

from db.queries import observations
from peti_desktop import sheets
from peti_desktop.delivery.cells import UID, Row, Unreadable
from peti_desktop.delivery.heights import height
from peti_desktop.records import TYPES
from peti_desktop.records.convert import clean, plain
from peti_desktop.sheets import Sheet
from peti_desktop.workspace import Workspace

SHEET = "Respuestas"
SINCE = 2
"""The first format of the delivery workbook that has the sheet."""
HEADING_ROW = 3
CORRECTED, KEPT = "corregido", "se mantiene"
SHOWN = {CORRECTED: "Corregido", KEPT: "Se mantiene porque…"}
NONE = "La Oficina TIC no ha pedido nada que se responda en esta entrega."
MAX_ANSWERS = 20_000
MAX_TEXT = 8_000
"""Characters of each text of an answer."""

_ANSWERED = "respondida"  # the state of peti_desktop.returning, which stands on this room
_COLUMNS = (
    ("uid", "uid", 8),
    ("titular", "Registro", 34),
    ("campo", "Campo", 22),
    ("pedido", "Lo que pidió la Oficina TIC", 50),
    ("respuesta", "Respuesta", 22),
    ("razon", "Razón", 50),
)
_MEANT = {plain(shown): code for code, shown in SHOWN.items()}


@dataclass(frozen=True, slots=True)
class Answer:
    """What the dependencia says to one observation, whose ``uid`` it is.

    ``respuesta`` is ``corregido`` or ``se mantiene``, ``razon`` the reason, empty when none was given. ``titular``,
    ``campo`` (its label) and ``pedido`` (what was asked) are only for reading.
    """

    uid: str
    respuesta: str
    razon: str
    titular: str = ""
    campo: str = ""
    pedido: str = ""

    @property
    def said(self) -> tuple[str, str, str]:
        """What counts for the code of the delivery."""
        return self.uid, self.respuesta, self.razon


def answers_for(ws: Workspace) -> tuple[Answer, ...]:
    """What the next delivery of this vigencia carries: answers to observations that the office has not closed."""
    with ws.read() as connection:
        found = observations.fetch(connection, states=(_ANSWERED,), vigencia=ws.info.vigencia)
    return tuple(_answer(row) for row in found if row["respuesta"] in SHOWN)


def _answer(row: Mapping[str, Any]) -> Answer:
    record_type = TYPES.get(row["tipo"])
    if row["campo"]:
        field = record_type.by_name.get(row["campo"]) if record_type else None
        where = field.label if field else str(row["campo"])
    else:
        where = "Todo el registro" if row["registro"] else "Toda la sección" if row["tipo"] else ""
    texts = (row["razon"] or "", row["titular"] or "Toda la entrega", where, row["texto"])
    return Answer(row["uid"], row["respuesta"], *(_cut(text) for text in texts))


def _cut(text: str) -> str:
    cleaned = clean(text)
    return cleaned if len(cleaned) <= MAX_TEXT else cleaned[: MAX_TEXT - 1] + "…"


def write(sheet: Sheet, answers: Sequence[Answer], title: str) -> None:
    """Fill the sheet; without answers it says so in one sentence."""
    for position, (name, _, width) in enumerate(_COLUMNS, start=1):
        dimension = sheet.column_dimensions[get_column_letter(position)]
        dimension.width, dimension.hidden = width, name == "uid"
    sheet.row_dimensions[1].hidden = True
    sheet.row_dimensions[2].height = 24
    sheet.freeze_panes = f"B{HEADING_ROW + 1}"
    sheet.print_title_rows = f"{HEADING_ROW}:{HEADING_ROW}"
    sheet.append([sheets.text_cell(sheet, name) for name, *_ in _COLUMNS])
    head = sheets.text_cell(sheet, title)
    head.font = sheets.TITLE
    sheet.append([None, head])
    sheet.append([sheets.heading_cell(sheet, label) for _, label, _ in _COLUMNS])
    widths = [width for *_, width in _COLUMNS]
    for row, answer in enumerate(answers, start=HEADING_ROW + 1):
        texts = (answer.uid, answer.titular, answer.campo, answer.pedido, SHOWN[answer.respuesta], answer.razon)
        cells = [sheets.text_cell(sheet, text) for text in texts]
        for cell in cells:
            cell.border, cell.alignment = sheets.LINE, sheets.WRAPPED
        sheet.row_dimensions[row].height = height(zip(texts[1:], widths[1:], strict=True))
        sheet.append(cells)
    if not answers:
        sheet.append([None, sheets.text_cell(sheet, NONE)])


def read(found: Sequence[Row]) -> tuple[Answer, ...]:
    """The answers that a sheet holds, in its order. Raises Unreadable for another shape, a uid twice, or too many."""
    where = _columns(found)
    body = [row for row in found if row.number > HEADING_ROW and row.cells]
    if len(body) > MAX_ANSWERS:
        raise Unreadable(f"{SHEET}: {len(body)} answers")
    if len(body) == 1 and set(body[0].cells.values()) == {NONE}:
        return ()
    answers = tuple(_read(row, where) for row in body)
    if len({answer.uid for answer in answers}) != len(answers):
        raise Unreadable(f"{SHEET}: a uid twice")
    return answers


def _columns(found: Sequence[Row]) -> dict[str, int]:
    if not found or found[0].number != 1:
        raise Unreadable(f"{SHEET}: no field names")
    where = {name: column for column, name in found[0].cells.items()}
    if len(where) != len(found[0].cells) or {name for name, *_ in _COLUMNS} - where.keys():
        raise Unreadable(f"{SHEET}: a column missing or twice")
    return where


def _read(row: Row, where: Mapping[str, int]) -> Answer:
    said = {name: clean(row.cells.get(where[name], "")) for name, *_ in _COLUMNS}
    code = _MEANT.get(plain(said["respuesta"]))
    if code is None:
        raise Unreadable(f"{SHEET}, row {row.number}: answer {said['respuesta'][:20]!r}")
    return checked(Answer(**(said | {"respuesta": code})))


def checked(answer: Answer) -> Answer:
    """``answer`` when it is of the shape that answers have. Raises Unreadable."""
    if not UID.fullmatch(answer.uid) or answer.respuesta not in SHOWN:
        raise Unreadable(f"{SHEET}: uid or answer")
    if any(len(text) > MAX_TEXT for text in astuple(answer)):
        raise Unreadable(f"{SHEET}: a text too long")
    return answer


def sealed(answers: Sequence[Answer]) -> list[list[str]]:
    """The answers as a seal holds them, sorted by uid."""
    return sorted(list(astuple(answer)) for answer in answers)


def unsealed(rows: object) -> tuple[Answer, ...]:
    """The answers of a seal, whoever made it. Raises Unreadable."""
    if not isinstance(rows, list) or len(rows) > MAX_ANSWERS:
        raise Unreadable("seal: answers")
    found = []
    for row in rows:
        if not (isinstance(row, list) and len(row) == len(fields(Answer)) and all(isinstance(t, str) for t in row)):
            raise Unreadable("seal: an answer")
        found.append(checked(Answer(*row)))
    if len({answer.uid for answer in found}) != len(found):
        raise Unreadable("seal: an answer twice")
    return tuple(found)


@dataclass(frozen=True, slots=True)
class Changed:
    """One cell of the sheet that differs from what was sealed; ``cell`` is its address."""

    cell: str
    before: str
    after: str


def changes(found: Sequence[Row], before: Sequence[Answer]) -> tuple[list[Changed], list[int], list[Answer]]:
    """How a sheet nobody vouches for differs from sealed answers: cells, numbers of added rows, answers gone.

    Raises Unreadable when the sheet has lost its columns.
    """
    where = _columns(found)
    expected = {answer.uid: answer for answer in before}
    cells, added, seen = [], [], set()
    for row in found:
        if row.number <= HEADING_ROW or not row.cells or (not before and set(row.cells.values()) == {NONE}):
            continue
        uid = row.cells.get(where["uid"], "")
        if uid not in expected or uid in seen:
            added.append(row.number)
            continue
        seen.add(uid)
        cells += _different(row, where, expected[uid])
    return cells, added, [answer for uid, answer in expected.items() if uid not in seen]


def _different(row: Row, where: Mapping[str, int], answer: Answer) -> list[Changed]:
    shown = {name: getattr(answer, name) for name, *_ in _COLUMNS} | {"respuesta": SHOWN[answer.respuesta]}
    found = []
    for column in sorted(row.cells.keys() | set(where.values())):
        name = next((name for name, at in where.items() if at == column), "")
        before, after = shown.get(name, ""), clean(row.cells.get(column, ""))
        if before != after:
            found.append(Changed(f"{get_column_letter(column + 1)}{row.number}", before, after))
    return found

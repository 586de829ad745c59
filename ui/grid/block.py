"""What a block of cells does to records: a paste, a fill, an emptying, each one act of a person."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field

from peti_desktop.records.convert import plain
from peti_desktop.records.fields import Blank, Field, Kind
from peti_desktop.records.record import Record
from peti_desktop.workspace import Altered
from ui.grid.clipboard import LONGEST_CELL, Block, Cell


@dataclass(slots=True)
class Alteration:
    """Texts for fields of records, by uid, and of new ones; ``words`` complete «Deshacer: …».

    ``left`` counts cells that were not taken, by the reason in words; ``pastes`` tells what came from the clipboard.
    """

    words: str
    pastes: bool = False
    changes: dict[str, dict[str, str]] = field(default_factory=dict)
    births: list[dict[str, str]] = field(default_factory=list)
    left: dict[str, int] = field(default_factory=dict)
    seen: dict[str, int] = field(default_factory=dict)
    """The revision in view of each record it changes, for ``Workspace.alter``."""

    @property
    def fields(self) -> list[str]:
        """Names of the fields it sets, in order of appearance."""
        return list(dict.fromkeys(name for raws in (*self.changes.values(), *self.births) for name in raws))

    @property
    def nothing(self) -> bool:
        """Whether it does nothing."""
        return not self.changes and not self.births

    @property
    def not_taken(self) -> str:
        """The cells that were not taken, in words; empty when there are none."""
        return " y ".join(f"{cells(count)} {reason}" for reason, count in self.left.items())

    def skip(self, reason: str) -> None:
        """Count a cell that is not taken."""
        self.left[reason] = self.left.get(reason, 0) + 1


def cells(count: int) -> str:
    """«1 celda», «1.200 celdas»."""
    return "1 celda" if count == 1 else f"{count:,} celdas".replace(",", ".")


def rows(count: int) -> str:
    """«1 fila», «2.000 filas»."""
    return "1 fila" if count == 1 else f"{count:,} filas".replace(",", ".")


def tiled(block: Block, height: int, width: int) -> Block:
    """The block repeated over a selection that it fills exactly, as sheets do; else the block."""
    tall, wide = len(block.rows), block.width
    if height % tall or width % wide:
        return block
    return Block(tuple(row * (width // wide) for row in block.rows) * (height // tall))


def headed(block: Block, fields: Iterable[Field]) -> tuple[Field, ...]:
    """The fields that the block's first row names; empty when it is no row of headings."""
    if len(block.rows) < 2:
        return ()
    known = {plain(of.label): of for of in fields} | {plain(of.name): of for of in fields}
    said = [plain(cell or "").removesuffix("*").strip() for cell in block.rows[0]]
    return tuple(known[text] for text in said) if all(text in known for text in said) else ()


def pasted(
    block: Block,
    onto: Sequence[Record],
    fields: Sequence[Field],
    links: Mapping[str, Mapping[str, str]],
) -> Alteration:
    """Put a block over records, one row each, and over ``fields``; further rows make new records.

    ``links`` gives the uid for the words of a record, by the field that points to it.
    """
    many = len(block.rows) > 1
    made = Alteration(f"pegar {rows(len(block.rows)) if many else cells(block.width)}", pastes=True)
    for number, row in enumerate(block.rows):
        raws = _raws(made, row, fields, links)
        if number < len(onto):
            if raws:
                made.changes[onto[number].uid] = raws
        elif any(raws.values()):
            made.births.append(raws)
    return made


def _raws(
    made: Alteration, row: Sequence[Cell], fields: Sequence[Field], links: Mapping[str, Mapping[str, str]]
) -> dict[str, str]:
    raws: dict[str, str] = {}
    for place, text in enumerate(row):
        if text is None:
            continue
        if place >= len(fields):
            if text:
                made.skip("fuera de la tabla")
            continue
        of = fields[place]
        if of.computed:
            made.skip("que calcula el programa")
        elif len(text) > LONGEST_CELL:
            made.skip(f"con más de {LONGEST_CELL:,} caracteres".replace(",", "."))
        elif of.kind is Kind.LINK and text.strip():
            uid = links.get(of.name, {}).get(plain(text))
            if uid is None:
                made.skip(f"de «{of.label}» que no nombran un registro")
            else:
                raws[of.name] = uid
        else:
            raws[of.name] = text
    return raws


def filled(texts: Sequence[tuple[Record, Mapping[str, str]]]) -> Alteration:
    """Every record below the first gets the first one's texts, (record, raw by field name) each."""
    count = sum(len(raws) for _record, raws in texts[1:])
    made = Alteration(f"rellenar {cells(count)} hacia abajo")
    for record, raws in texts[1:]:
        made.changes[record.uid] = {name: texts[0][1][name] for name in raws}
    return made


def emptied(texts: Iterable[tuple[Record, Iterable[str]]], verb: str = "borrar") -> Alteration:
    """Fields of records are left empty, (record, field names) each."""
    changes = {record.uid: dict.fromkeys(names, "") for record, names in texts}
    count = sum(len(raws) for raws in changes.values())
    return Alteration(f"{verb} {cells(count)}", changes={uid: raws for uid, raws in changes.items() if raws})


def answered(texts: Iterable[tuple[Record, Iterable[Field]]], blank: Blank) -> Alteration:
    """Fields of records are left empty on purpose; those that need a value are passed over."""
    made = Alteration("")
    for record, fields in texts:
        for of in fields:
            if of.may_be_na:
                made.changes.setdefault(record.uid, {})[of.name] = blank.value
            else:
                made.skip("que llevan un valor")
    count = sum(len(raws) for raws in made.changes.values())
    made.words = f"marcar {cells(count)} como «{blank.value}»"
    return made


def told(made: Alteration, done: Altered) -> tuple[str, str, str]:
    """What was done, what is left to do, and the tone of it: for the bar above the page."""
    verb, _, rest = made.words.partition(" ")
    one = rest.startswith("1 ")
    past = {"pegar": "peg", "borrar": "borr", "cortar": "cort", "rellenar": "rellen", "marcar": "marc"}[verb]
    born = len(done.born)
    new = f", {'1 nueva' if born == 1 else f'{born:,} nuevas'.replace(',', '.')}" if born else ""
    what = f"Se {past}{'ó' if one else 'aron'} {rest}{new}."
    todo = []
    wrong = len(done.misread)
    if wrong:
        mark = "quedó escrita y marcada" if wrong == 1 else "quedaron escritas y marcadas"
        todo.append(f"{cells(wrong)} no se {'entiende' if wrong == 1 else 'entienden'}: {mark} para corregir.")
    if made.left:
        todo.append(f"No se tomaron: {made.not_taken}.")
    return what, " ".join(todo), "warns" if todo else "fine"

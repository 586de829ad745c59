"""What a record type is: its fields, sections and rules, described once for every part of the program.

The description knows neither Qt, openpyxl, reportlab nor SQL. Forms, grids, sheets, checks, merge and report columns
are all read from it; ``tests/records`` ties it to the tables of ``db.schema``.
"""

from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from dataclasses import field as dataclass_field
from datetime import date
from decimal import Decimal
from enum import Enum, StrEnum
from typing import Final, Literal

from peti_desktop.catalogues import Catalogues


class Blank(Enum):
    """A field somebody left empty on purpose; ``None`` is a field nobody has filled in yet.

    ``BORRAR`` takes back what was delivered before: the office empties the field, where ``None`` would make it ask. To
    every rule and computation it is as if nothing stood there.
    """

    NO_APLICA = "No aplica"
    BORRAR = "Borrar lo anterior"


NO_APLICA: Final = Blank.NO_APLICA
BORRAR: Final = Blank.BORRAR

Value = str | int | Decimal | date | Literal[Blank.NO_APLICA, Blank.BORRAR] | None
Values = Mapping[str, Value]


class Kind(Enum):
    """What sort of value a field holds. Each part that differs by kind has one ``match`` over this enum."""

    TEXT = "texto"  # one line
    NOTE = "nota"  # several lines
    INTEGER = "entero"
    AMOUNT = "cantidad"  # Decimal with up to two decimals
    MONEY = "pesos"  # Decimal, Colombian pesos
    DATE = "fecha"
    CHOICE = "lista"  # holds the code of a catalogue entry, shows its label
    LINK = "enlace"  # holds the uid of another record


class Severity(StrEnum):
    """How much a problem weighs: red stops a delivery, orange only warns."""

    STOPS = "impide"
    WARNS = "aviso"


@dataclass(frozen=True, slots=True)
class Problem:
    """Something wrong or missing in one record, told beside its field."""

    code: str
    field: str
    text: str
    severity: Severity = Severity.STOPS

    @property
    def missing(self) -> bool:
        """Whether nothing is wrong but something is not there yet."""
        return self.code.startswith("falta")


@dataclass(frozen=True, slots=True)
class Field:
    """One field of a record type, as people meet it.

    ``catalogue`` names the list of a CHOICE, ``links`` the record type of a LINK. A ``unique`` value should not be in
    two records of one list. ``required`` fields stop a delivery while empty. ``computed`` fields are never typed.
    ``suggests`` names a catalogue list that is offered while typing free text. ``width`` is in characters. ``since`` is
    the first format of the delivery workbook that carries the field.
    """

    name: str
    label: str
    kind: Kind = Kind.TEXT
    required: bool = False
    unique: bool = False
    catalogue: str = ""
    links: str = ""
    suggests: str = ""
    hint: str = ""
    example: str = ""
    width: int = 14
    lines: int = 1
    limit: int = 4000
    least: int | None = None
    most: int | None = None
    computed: bool = False
    since: int = 1
    rule: Callable[[Value], str | None] | None = None

    @property
    def may_be_na(self) -> bool:
        """Whether «No aplica» and «Borrar lo anterior» are answers: for whatever may also be left empty."""
        return not self.required and not self.computed


@dataclass(frozen=True, slots=True)
class Section:
    """Fields that belong together: a step of the form, a band of the sheet."""

    title: str
    fields: tuple[Field, ...]


@dataclass(frozen=True, slots=True)
class Context:
    """What a rule or a computation may look at besides the record itself."""

    catalogues: Catalogues
    today: date
    children: Sequence[Values] = ()
    repeated: frozenset[tuple[str, Value]] = frozenset()
    """Values of ``unique`` fields that stand in more than one record of the list, with their field's name."""
    parent: Values = dataclass_field(default_factory=dict)
    """The values of the record it belongs to; empty when they are not known."""
    present: Mapping[str, Collection[str]] = dataclass_field(default_factory=dict)
    """The uids in force by record type; links to a type that is not here are not looked at."""


Found = Iterable[tuple[str, str]]
"""The fields where something is wrong, each with its sentence."""
Find = Callable[[Values, Context], Found]
CONSISTENCY: Final = "Regla de coherencia"


def _finds_nothing(values: Values, context: Context) -> Found:  # noqa: ARG001
    return ()


@dataclass(frozen=True, slots=True)
class Rule:
    """One thing that may be wrong with a record.

    ``code`` never changes and is unique within its record type; codes of what is not there yet begin with «falta».
    ``words`` say what is asked, ``todo`` what to do about it, ``source`` which guide asks it.
    """

    code: str
    severity: Severity
    words: str
    todo: str
    source: str = CONSISTENCY
    find: Find = _finds_nothing

    def at(self, name: str, text: str) -> Problem:
        """Its problem at the field ``name``."""
        return Problem(self.code, name, text, self.severity)

    def __call__(self, values: Values, context: Context) -> Iterator[Problem]:
        """What it finds in one record."""
        return (self.at(name, text) for name, text in self.find(values, context))


def stops(code: str, words: str, todo: str, source: str = CONSISTENCY) -> Callable[[Find], Rule]:
    """Makes a rule of the function below it; what it finds stops a delivery."""
    return lambda find: Rule(code, Severity.STOPS, words, todo, source, find)


def warns(code: str, words: str, todo: str, source: str = CONSISTENCY) -> Callable[[Find], Rule]:
    """Makes a rule of the function below it; what it finds is only told."""
    return lambda find: Rule(code, Severity.WARNS, words, todo, source, find)


Compute = Callable[[Values, Context], dict[str, Value]]


def _nothing(values: Values, context: Context) -> dict[str, Value]:  # noqa: ARG001
    return {}


@dataclass(frozen=True, slots=True)
class RecordType:
    """A kind of record: ``name`` is its table and its hidden mark in a sheet, ``title`` what people call many of them.

    ``parent`` names the LINK field that ties the record to the one it belongs to (a control to its risk).
    ``headline`` names the fields that identify a record to a person, in order. ``looks_at`` names the fields of the
    parent that ``compute`` looks at. What ``dated`` types compute depends on the day, and on the fields that ``dated``
    names: their columns hold it as it was on the day of writing, and ``record.as_of`` makes it right.
    """

    name: str
    singular: str
    title: str
    headline: tuple[str, ...]
    sections: tuple[Section, ...]
    rules: tuple[Rule, ...] = ()
    compute: Compute = _nothing
    parent: str = ""
    looks_at: tuple[str, ...] = ()
    numbered: str = ""
    dated: tuple[str, ...] = ()
    by_name: dict[str, Field] = dataclass_field(init=False, repr=False, compare=False)
    fields: tuple[Field, ...] = dataclass_field(init=False, repr=False, compare=False)
    """All fields, in the order of the form."""
    typed: tuple[Field, ...] = dataclass_field(init=False, repr=False, compare=False)
    """The fields a person fills in."""

    def __post_init__(self) -> None:
        fields = tuple(f for section in self.sections for f in section.fields)
        object.__setattr__(self, "fields", fields)
        object.__setattr__(self, "by_name", {f.name: f for f in fields})
        object.__setattr__(self, "typed", tuple(f for f in fields if not f.computed))

    def __getitem__(self, name: str) -> Field:
        return self.by_name[name]

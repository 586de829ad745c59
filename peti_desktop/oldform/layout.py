"""The shape of the form, shared by those who write it and those who read it.

Each record type has a sheet. Row 1 is hidden and carries field names, so that labels may be reworded and sheets
renamed; column A is hidden and carries the uid of a record the store already has. Row 2 is the title, row 3 the
labels, row 4 an example, and records begin in row 5.
"""

from dataclasses import dataclass

from peti_desktop.records import TYPES
from peti_desktop.records.fields import BORRAR, NO_APLICA, Field, Kind, RecordType, Values
from peti_desktop.records.record import stored_text

FORMAT = 2
"""Version of the form's layout. 1: first one; 2: columns for the fields of format 2 of the delivery, «Borrar lo
anterior» in the lists."""

COVER = "Instrucciones"
SAID, LISTS, BASE = "_peti_formulario", "_peti_listas", "_peti_base"
"""Hidden sheets: what the form says about itself, its lists, and the values it was written with."""

MARK = "peti.formulario."
"""With the name of a record type, the text of cell A1 of its sheet: it finds a sheet that was renamed."""

LABEL_ROW, EXAMPLE_ROW, FIRST_ROW = 3, 4, 5

NUMBER, ZONE = "_numero", "_zona"
"""Names of two columns that are no field: a running number and the zone as Excel works it out."""

NEW = "N-"
"""Begins the reference of a risk that has no number of the program yet."""

DRAFT = "\x1b"
"""Begins a text that is no value yet, where texts are compared; no cleaned text holds this character."""

# The program gives these by itself: asking for them on paper only invites mistakes.
_NOT_ASKED = {"riesgo": {"metodo"}, "control": {"orden"}}
_SPECIAL = {"bien", "activo", "tipo_activo", "propiedad", "amenaza", "vulnerabilidad", "subtipo", "preguntas"}
_SPECIAL |= {"accion_omision", "uso_poder", "desvio", "beneficio"}
"""Fields of corruption and security risks: last, for most risks leave them empty."""
_BLANKS = {"riesgo": 200, "control": 300, "equipo": 400, "necesidad": 200}
_FEW = 60


@dataclass(frozen=True, slots=True)
class Column:
    """A column of a form's sheet; ``field`` is None for those that are no field of the record."""

    name: str
    label: str
    width: int
    field: Field | None = None

    @property
    def typed(self) -> bool:
        """Whether a person writes in it."""
        return self.field is not None and self.name != "referencia"


def columns(record_type: RecordType) -> tuple[Column, ...]:
    """The columns of a type's sheet after the hidden one, in order."""
    found = [] if record_type.numbered else [Column(NUMBER, "N.º", 9)]
    for field in sorted(record_type.typed, key=lambda field: field.name in _SPECIAL):
        if field.name in _NOT_ASKED.get(record_type.name, ()):
            continue
        label = _LINK_LABELS.get(field.links, field.label) if field.kind is Kind.LINK else field.label
        found.append(Column(field.name, label, max(field.width, 11), field))
        if record_type.name == "riesgo" and field.name == "impacto_reputacional":
            found.append(Column(ZONE, "Zona inherente", 13))
    return tuple(found)


_LINK_LABELS = {"riesgo": "Riesgo (su referencia)", "equipo": "Equipo que reemplaza (placa o serial)"}


def asked(record_type: RecordType) -> tuple[Field, ...]:
    """The fields a person fills in, in the order of the sheet."""
    return tuple(column.field for column in columns(record_type) if column.field is not None and column.typed)


def blanks(record_type: RecordType) -> int:
    """How many empty rows the sheet offers."""
    return _BLANKS.get(record_type.name, _FEW)


def list_name(field: Field) -> str:
    """The defined name of a field's list; never like a cell's address, which Excel would take it for."""
    name = "referencias" if field.kind is Kind.LINK else field.catalogue
    return f"lst_{name}_na" if field.may_be_na and field.kind is Kind.CHOICE else f"lst_{name}"


def link_key(type_name: str, values: Values) -> str:
    """What stands in a cell for a record it points to: a risk's reference, a device's placa or serial."""
    names = ("placa", "serial") if type_name == "equipo" else (TYPES[type_name].numbered,)
    return next((text for name in names if isinstance(text := values.get(name), str)), "")


_BLANK_LETTERS = {"n": NO_APLICA, "x": BORRAR}


def packed(text: str) -> str:
    """A compared text as a cell can hold it: which sort it is, then the text."""
    if text.startswith(DRAFT):
        return f"b{text[1:]}"
    return next((letter for letter, blank in _BLANK_LETTERS.items() if text == stored_text(blank)), f"v{text}")


def unpacked(text: str) -> str:
    """What ``packed`` made a cell of."""
    match text[:1]:
        case "b":
            return DRAFT + text[1:]
        case letter if letter in _BLANK_LETTERS:
            return stored_text(_BLANK_LETTERS[letter]) or ""
        case _:
            return text[1:]

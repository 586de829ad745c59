"""Entries of the log in words: what was done, and what it says besides, without names of keys or brackets."""

import json
import re
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import Any, Final

from peti_desktop.binnacle import ALTERED, REWRITTEN, SHORTENED, Broken, Check
from peti_desktop.catalogues import Catalogues
from peti_desktop.days import spoken_date
from peti_desktop.delivery.cells import UID
from peti_desktop.moments import spoken_moment
from peti_desktop.records import EVERY
from peti_desktop.records.convert import decimal_text, plain, show
from peti_desktop.records.fields import Field, Kind
from peti_desktop.records.record import from_stored_text

LABELS: Final = {
    "added": "nuevos", "changed": "cambiados", "retired": "retirados", "unchanged": "iguales", "doubtful": "dudosos",
    "numero": "entrega n.º", "corte": "corte n.º", "informes": "informes guardados", "sello": "sello", "filas": "filas",
    "codigo": "código", "veredicto": "veredicto", "sha256": "SHA-256", "huella": "huella", "cargo": "cargo",
    "nombre": "nombre", "motivo": "motivo", "vigencia": "vigencia", "anterior": "vigencia anterior", "copia": "copia",
    "sin": "sin los informes", "rol": "rol", "antes": "antes", "usuario": "usuario", "archivo": "archivo",
    "dependencia": "dependencia", "conteos": "registros", "llave": "clave", "registro": "registro", "campo": "campo",
    "tipo": "clase", "ronda": "devolución n.º", "firmante": "firmante", "de": "de", "a": "a",
    "registros": "registros", "despues": "después", "clase": "decisión", "nota": "nota", "estado": "estado",
    "declarado": "declarado", "corregido": "corregido", "correccion": "corrección", "resolucion": "respuesta",
    "dudas": "dudas", "observaciones": "observaciones", "observacion": "observación", "grupo": "grupo",
    "esperan": "no se tomaron", "ausentes": "no venían", "secciones": "secciones", "vence": "vence",
    "lista": "lista de claves n.º", "cuantos": "certificados", "desde": "desde", "sucede_a": "reemplaza la clave",
    "que": "cambio", "renglones": "renglones", "version": "listas n.º", "metodo": "guía de riesgos", "plazos": "plazos",
    "pasaron": "registros que pasaron", "entregas": "entregas", "nuevos": "nuevos", "cambiados": "cambiados",
    "firma": "firma", "para": "para", "quedó en": "lo de antes quedó en", "escrito": "SHA-256 de lo escrito",
    "oficina": "huella de la oficina", "autoridad": "huella de la autoridad", "huella_anterior": "huella anterior",
}  # fmt: skip
"""The keys of an entry's detail, as people say them; any other is told as it is written."""

FIRST: Final = (
    "dependencia", "numero", "corte", "nombre", "archivo", "tipo", "campo", "declarado", "corregido", "motivo",
    "conteos", "codigo",
)  # fmt: skip
"""What is told first, in this order; hashes come last."""

LAST: Final = (
    "registro", "grupo", "correccion", "observacion", "sucede_a", "sha256", "sello", "huella", "huella_anterior",
    "escrito",
)  # fmt: skip
DECIDED: Final = frozenset({"esperan", "ausentes"})
"""Rows that were decided apart: each is a type, a uid, what was decided, why, and for a missing one where it went."""


@dataclass(frozen=True, slots=True)
class Entry:
    """An entry as it is shown. ``file`` is the SHA-256 of the received file it is about, empty for none."""

    id: int
    when: datetime
    who: str
    action: str
    detail: str
    seal: str
    previous: str
    file: str

    @property
    def moment(self) -> str:
        """When, as people in Colombia say it."""
        return spoken_moment(self.when)


def entry(row: Mapping[str, Any], catalogues: Catalogues) -> Entry:
    """A row of the log in words."""
    found = _parsed(row["detalle"])
    file = found.get("sha256", "") if isinstance(found, dict) else ""
    return Entry(
        row["id"],
        row["cuando"],
        row["quien"],
        sentence(row["accion"]),
        told(found, catalogues),
        row["sello"],
        row["previo"],
        file if isinstance(file, str) else "",
    )


def sentence(action: str) -> str:
    """An action as the beginning of a sentence."""
    return action[:1].upper() + action[1:].replace("_", " ")


def _parsed(text: str) -> object:
    try:
        return json.loads(text)
    except ValueError:  # somebody wrote into the log by hand; the check tells, the page still shows it
        return text


def told(detail: object, catalogues: Catalogues) -> str:
    """The detail of an entry in words: «Secretaría de Salud · entrega n.º 3 · 4 nuevos, 2 cambiados»."""
    if not isinstance(detail, dict):
        return str(detail)
    detail = _with_labels(_with_hash_apart(detail), catalogues)
    order = {key: place for place, key in enumerate(FIRST)} | dict.fromkeys(LAST, 1000)
    keys = sorted(detail, key=lambda key: (order.get(key, 500), key))
    return " · ".join(words for key in keys if (words := _said(key, detail[key], catalogues)))


def _with_hash_apart(detail: dict[str, Any]) -> dict[str, Any]:
    """Where «archivo» is the hash of what was written, and not a name, it is told as one."""
    if not _HASH.fullmatch(str(detail.get("archivo"))):
        return detail
    return {("escrito" if key == "archivo" else key): value for key, value in detail.items()}


_HASH: Final = re.compile("[0-9a-f]{64}")
_DAY: Final = re.compile(r"\d{4}-\d\d-\d\d")
_MONEY: Final = re.compile(r"\d+(\.\d+)?")


def _with_labels(detail: dict[str, Any], catalogues: Catalogues) -> dict[str, Any]:
    """The detail of a correction with its field and values as people read them; any other as it is."""
    record_type = EVERY.get(str(detail.get("tipo")))
    field = record_type.by_name.get(str(detail.get("campo"))) if record_type else None
    if record_type is None or field is None:
        return detail
    found = {**detail, "tipo": record_type.singular, "campo": field.label}
    for key in {"declarado", "corregido"} & detail.keys():
        found[key] = _value(field, detail[key], catalogues) or "(vacío)"
    return found


def _value(field: Field, text: object, catalogues: Catalogues) -> str:
    if field.kind is Kind.LINK:
        return str(text or "")
    try:
        return show(field, from_stored_text(field, text if isinstance(text, str) else None), catalogues)
    except (ValueError, ArithmeticError):  # somebody wrote into the log by hand: it is shown as it stands
        return str(text)


def _decided(rows: list[Any]) -> str:
    """Rows that were decided apart, those decided alike together: «2 devolver (Falta la firma)»."""
    alike = Counter((str(row[2]), str(row[3])) for row in rows if isinstance(row, list) and len(row) > 3)
    return ", ".join(f"{many} {what}" + (f" ({why})" if why else "") for (what, why), many in alike.items())


def _said(key: str, value: object, catalogues: Catalogues) -> str:
    label = LABELS.get(key, key.replace("_", " "))
    match value:
        case _ if value in (None, "", [], {}):
            return ""
        case dict() if all(UID.fullmatch(str(each)) for each in value):
            return f"{label}: {', '.join(dict.fromkeys(str(each) for each in value.values()))}"
        case list() if key in DECIDED:
            return f"{label}: {_decided(value)}"
        case list() if all(UID.fullmatch(str(each)) for each in value):
            return f"{decimal_text(len(value))} {label}"
        case dict() if all(isinstance(number, int) for number in value.values()):
            parts = [f"{decimal_text(n)} {LABELS.get(str(k), str(k))}" for k, n in value.items() if n]
            return ", ".join(parts) or "sin cambios"
        case dict():
            return f"{label}: {told(value, catalogues)}"
        case list():
            return f"{label}: {', '.join(_plain(part, catalogues) for part in value)}"
        case bool():
            return f"{label}: {'sí' if value else 'no'}"
        case str():
            return _said_text(key, label, value, catalogues)
        case _:
            return _led(label, value)


def _said_text(key: str, label: str, value: str, catalogues: Catalogues) -> str:
    if key == "dependencia":
        return catalogues.label("dependencia", value)
    if _DAY.fullmatch(value):
        return f"{label}: {_day(value)}"
    if key in {"antes", "despues"} and _MONEY.fullmatch(value):
        return f"{label}: $ {decimal_text(Decimal(value))}"
    return _led(label, value)


def _led(label: str, value: object) -> str:
    return f"{label} {value}" if label.endswith("n.º") else f"{label}: {value}"


def _day(text: str) -> str:
    try:
        return spoken_date(date.fromisoformat(text))
    except ValueError:  # somebody wrote into the log by hand: it is shown as it stands
        return text


def _plain(value: object, catalogues: Catalogues) -> str:
    return told(value, catalogues) if isinstance(value, dict) else str(value)


def codes_like(text: str, catalogues: Catalogues) -> tuple[str, ...]:
    """What entries say of the dependencias whose name holds ``text``: people search for names, entries hold codes."""
    wanted = plain(text)
    if len(wanted) < 3:
        return ()
    every = catalogues.entries("dependencia")
    return tuple(f'"dependencia": "{unit.code}"' for unit in every if wanted in plain(unit.label))


PROVES: Final = (
    "Se comprobó que cada entrada dice lo mismo que cuando se escribió, que ninguna falta ni sobra entre la primera y "
    "la última, y que la última es la que el programa anotó aparte."
)
CANNOT: Final = (
    "Lo que no puede probar: que alguien con permiso de escribir en los datos y con conocimiento del programa no haya "
    "vuelto a escribir la bitácora completa con su anotación. Contra eso sirve comparar el último sello con uno "
    "anotado fuera de aquí: en un corte exportado o en un informe impreso."
)
"""What a whole log proves and what it cannot."""


def verdict(check: Check) -> str:
    """The outcome of a check in a sentence."""
    count = decimal_text(check.entries)
    if check.broken is None:
        whole = (
            "La bitácora está completa: se comprobó su única entrada."
            if check.entries == 1
            else (
                f"La bitácora está completa: se comprobaron {count} entradas."
                if check.entries
                else "La bitácora está vacía."
            )
        )
        cuts = f" Coincide con {check.cuts} {'corte sellado' if check.cuts == 1 else 'cortes sellados'}."
        return whole + (cuts if check.cuts else "")
    return f"La bitácora fue alterada. {_where(check.broken)}"


def _where(broken: Broken) -> str:
    entry_words = ""
    if broken.when is not None:
        entry_words = f" ({spoken_moment(broken.when)}, {broken.who}, «{sentence(broken.action)}»)"
    match broken.kind:
        case kind if kind == ALTERED:
            return f"La entrada n.º {broken.id}{entry_words} no dice lo que decía cuando se escribió."
        case kind if kind == SHORTENED:
            missing = f"faltan las últimas {decimal_text(broken.missing)}" if broken.missing > 1 else "falta la última"
            some = (
                f"De {decimal_text(broken.place - 1 + broken.missing)} entradas {missing}."
                if broken.missing
                else ("La última entrada no es la que el programa anotó.")
            )
            return some + (f" Lo muestra «{broken.cut}»." if broken.cut else "")
        case kind if kind == REWRITTEN:
            return f"La entrada n.º {broken.id}{entry_words} no es la que había al sellar «{broken.cut}»."
        case _:
            return f"Antes de la entrada n.º {broken.id}{entry_words} falta o sobra alguna."


def notes(check: Check) -> tuple[str, ...]:
    """What a check proves and what it does not, in sentences."""
    if check.broken is not None:
        todo = "No borre nada: guarde una copia de los datos como están y avise a Control Interno."
        return ("Las entradas anteriores a esa están completas.", todo) if check.broken.place > 1 else (todo,)
    unnoted = "Todavía no hay una anotación aparte de cuántas son: la hará la próxima entrada."
    return (PROVES if check.noted else unnoted, CANNOT)

"""What the office's windows say about deliveries, in the words of the person who receives them."""

import re
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from pathlib import Path
from typing import Final

from peti_desktop.intake import stage
from peti_desktop.intake.receipt import ACCEPTED, PARTLY, RECEIVED, REJECTED, REPLACED, RETURNED, Receipt
from peti_desktop.moments import spoken_moment
from peti_desktop.oldform.adopted import FORM, TAKEN, UNDONE
from peti_desktop.records import TYPES
from peti_desktop.records.convert import decimal_text
from peti_desktop.trust.verdict import Status

DELIVERIES: Final = "entrega"
"""Beside the record types in ``desk.stored``: something arrived or was decided."""

_NOT_A_DELIVERY: Final = frozenset({
    "vacio", "muy_grande", "xls_antiguo", "texto_disfrazado", "comprimido", "no_es_libro", "no_es_entrega",
})  # fmt: skip
_WORDS: Final = {
    "celdas_cambiadas": "alterada",
    "alterada": "alterada",
    "celdas_iguales": "alterada: las celdas son las mismas",
    "sello_no_comprobable": "alterada",
    "firma_falsa": "firma falsa",
    "certificado_falso": "firma falsa",
    "sin_firma": "sin firma",
    "vuelto_a_guardar": "sin firma: se volvió a guardar",
    "incompleto": "llegó incompleta",
    "danado": "llegó dañada",
    "guardado_danado": "se dañó aquí",
    "ilegible": "no se pudo leer",
    "formato_nuevo": "de una versión más nueva",
    "anulada": "clave anulada",
    "certificado_vencido": "certificado vencido",
    "otra_dependencia": "de otra dependencia",
    "dependencia_distinta": "de otra dependencia",
}
# In both tables the first code that a file has says most about it.
_HELD: Final = {
    FORM: "formulario sin firma",
    "anterior": "anterior a la recibida",
    "bifurcada": "mismo número, otro contenido",
    "misma_entrega": "la misma entrega en otro archivo",
    "otra_vigencia": "de otra vigencia",
    "codigo": "el código no corresponde",
    "conteos": "los totales no suman",
    "guardado_igual": "vuelta a guardar, sin cambios",
}
EVERYTHING: Final = frozenset(name for name, record_type in TYPES.items() if not record_type.parent)
"""Sections that make up a whole delivery; controls come with their risks."""
UNKNOWN: Final = "firmante desconocido"
REPEATED: Final = "repetida"

STATES: Final = {
    RECEIVED: ("por revisar", "warns"),
    PARTLY: ("aceptada en parte", "warns"),
    ACCEPTED: ("aceptada", "fine"),
    RETURNED: ("devuelta", "warns"),
    REPLACED: ("reemplazada", "info"),
    REJECTED: ("rechazada", "stops"),
    TAKEN: (TAKEN, "warns"),
    UNDONE: ("se deshizo", "info"),
}
"""State of a stored delivery to its word and tone."""

KINDS: Final = {
    stage.NEW: ("+", "Nuevos", "nuevo"),
    stage.CHANGED: ("≠", "Cambiados", "cambiado"),
    stage.RETIRED: ("−", "Retirados", "retirado"),
    stage.DOUBTFUL: ("?", "Dudosos", "dudoso"),
    stage.EQUAL: ("=", "Iguales", "igual"),
}
"""Kind of a staged record to its sign, the word for many, the word for one."""


@dataclass(frozen=True, slots=True)
class Line:
    """One line of the inbox. ``path`` is where the file lies; ``None`` for a delivery kept by an earlier session."""

    receipt: Receipt
    path: Path | None = None

    @property
    def stored(self) -> bool:
        """Whether the line is a delivery of the store, not just something that was said about a file."""
        return bool(self.receipt.state) and not self.receipt.repeated and not self.form

    @property
    def form(self) -> bool:
        """Whether it is an Excel form: it was received as a whole, without a signature, and nothing is decided here."""
        return any(reason.code == FORM for reason in self.receipt.reasons)

    @property
    def key(self) -> str:
        """What tells this line from the others."""
        if self.form:
            return f"{self.receipt.sha256} {self.receipt.received_at}"
        return self.receipt.sha256 if self.stored else f"{self.path}"

    @property
    def name(self) -> str:
        """Dependencia and number, or the name of a file that says neither."""
        receipt = self.receipt
        if not receipt.dependencia_nombre:
            return receipt.file
        return f"{receipt.dependencia_nombre} · n.º {receipt.number}" if receipt.number else receipt.dependencia_nombre

    @property
    def state(self) -> tuple[str, str]:
        """The state's word and tone."""
        if self.stored or self.form:
            return STATES[self.receipt.state]
        return ("ya estaba", "info") if self.receipt.repeated else ("no recibida", "info")

    @property
    def spoken(self) -> str:
        """The line in words, for whoever cannot see it."""
        receipt = self.receipt
        has = f"la atiende {receipt.assigned_to}" if receipt.assigned_to else ""
        parts = (self.name, verdict(receipt)[0], self.state[0], has, receipt.file)
        return ", ".join(part for part in parts if part)


def verdict(receipt: Receipt) -> tuple[str, str]:
    """The verdict in the office's words, and its tone (fine, warns, stops)."""
    if receipt.repeated:
        return REPEATED, "info"
    codes = [reason.code for reason in receipt.reasons]
    match receipt.verdict:
        case Status.DESCONOCIDA:
            return UNKNOWN, "warns"
        case Status.NO_VALIDA:
            if _NOT_A_DELIVERY.intersection(codes):
                return "no es una entrega", "stops"
            return next((word for code, word in _WORDS.items() if code in codes), "no válida"), "stops"
        case Status.CON_AVISOS:
            return next((word for code, word in _HELD.items() if code in codes), "con avisos"), "warns"
        case Status.VALIDA:
            return "válida", "fine"


def counted(counts: Mapping[str, int]) -> str:
    """«12 nuevos · 3 cambiados»; empty when a delivery brings nothing."""
    parts = []
    for kind, (_sign, many, one) in KINDS.items():
        number = counts.get(stage.COUNTED[kind], 0)
        if number:
            parts.append(f"{thousands(number)} {one if number == 1 else many.lower()}")
    return " · ".join(parts)


def plural(number: int, one: str, many: str) -> str:
    """«1 entrega», «12 entregas»."""
    return f"{thousands(number)} {one if number == 1 else many}"


def thousands(number: int) -> str:
    """1.234"""
    return decimal_text(number)


def pesos(amount: Decimal) -> str:
    """$ 1.234.567"""
    return f"$ {decimal_text(amount)}"


def short_pesos(amount: Decimal) -> str:
    """Pesos for a large figure: millions from ten million on («$ 1.235 millones»)."""
    if amount < 10_000_000:
        return pesos(amount)
    return f"$ {decimal_text((amount / 1_000_000).quantize(Decimal(1)))} millones"


def moment(when: datetime | None) -> str:
    """«14-ene-2026, 10:42»; empty without a moment."""
    return spoken_moment(when) if when else ""


def sections(names: Collection[str]) -> str:
    """What a dependencia owes, as the titles of its record types."""
    if set(names) >= EVERYTHING:
        return "Todas las secciones"
    return ", ".join(TYPES[name].title if name in TYPES else name.capitalize() for name in names)


def parted(text: str) -> str:
    """The same with each SHA-256 in pieces of sixteen, so that a narrow window can wrap it."""
    return _HASH.sub(lambda found: " ".join(found.group()[at : at + 16] for at in range(0, 64, 16)), text)


_HASH: Final = re.compile(r"\b[0-9a-f]{64}\b")

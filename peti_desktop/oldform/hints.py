"""What Excel says about a cell when somebody enters it, and what it refuses there."""

from typing import Literal

from openpyxl.worksheet.datavalidation import DataValidation

from peti_desktop.oldform.layout import list_name
from peti_desktop.records.convert import EARLIEST_YEAR, LATEST_YEAR
from peti_desktop.records.fields import Field, Kind

LONGEST_TITLE, LONGEST_TEXT = 32, 225
"""Characters Excel takes in a title and in a message (an error's ends at 225)."""

_LARGEST = 10**15


def validation(field: Field) -> DataValidation:
    """The data validation of a field's column, without its cells yet.

    Where «No aplica» is an answer, Excel asks instead of refusing: numbers and dates may then hold words.
    """
    kind, operator, first, second, wrong = _rule(field)
    rule = DataValidation(
        type=kind,
        operator=operator,
        formula1=first,
        formula2=second,
        allow_blank=True,
        showErrorMessage=True,
        showInputMessage=True,
        errorStyle="warning" if field.may_be_na and kind not in {"list", "textLength"} else "stop",
    )
    rule.promptTitle = _short(field.label, LONGEST_TITLE)
    rule.prompt = _short(hint(field), LONGEST_TEXT)
    rule.errorTitle = _short(field.label, LONGEST_TITLE)
    rule.error = _short(wrong, LONGEST_TEXT)
    return rule


Sort = Literal["list", "whole", "decimal", "date", "textLength"]
Operator = Literal["between", "lessThanOrEqual"]


def _rule(field: Field) -> tuple[Sort, Operator | None, str, str | None, str]:
    """Type, operator, both limits, and what to say when they are passed."""
    match field.kind:
        case Kind.CHOICE:
            return "list", None, list_name(field), None, "Escoja una de las respuestas de la lista."
        case Kind.LINK if field.links == "riesgo":
            words = "Escoja la referencia de un riesgo de la hoja «Riesgos»."
            return "list", None, list_name(field), None, words
        case Kind.INTEGER:
            least, most = field.least or 0, field.most or 10**9
            words = f"Escriba un número entero, de {_number(least)} a {_number(most)}."
            return "whole", "between", str(least), str(most), words
        case Kind.AMOUNT | Kind.MONEY:
            return "decimal", "between", "0", str(_LARGEST), "Escriba un número, sin letras."
        case Kind.DATE:
            words = "Escriba una fecha, como 31/12/2026."
            return "date", "between", f"DATE({EARLIEST_YEAR},1,1)", f"DATE({LATEST_YEAR},12,31)", words
        case _:
            words = f"Es un texto muy largo: caben {_number(field.limit)} caracteres."
            return "textLength", "lessThanOrEqual", str(field.limit), None, words


def hint(field: Field) -> str:
    """What to write into a field."""
    parts = [_HINTS.get(field.name, field.hint)]
    match field.kind:
        case Kind.CHOICE:
            parts.append("Escoja de la lista.")
        case Kind.LINK:
            parts.append(_LINKS[field.links])
        case Kind.DATE:
            parts.append("Día, mes y año: 31/12/2026.")
        case Kind.MONEY:
            parts.append("En pesos, sin puntos ni letras.")
        case _ if field.example:
            parts.append(f"Ejemplo: {field.example}.")
    parts.append("Obligatorio." if field.required else "Si no tiene, escriba «No aplica».")
    return " ".join(part for part in parts if part)


_LINKS = {
    "riesgo": "La referencia del riesgo, tal como está en la hoja «Riesgos»: R-001, N-1…",
    "equipo": "La placa o el serial del equipo, tal como está en la hoja «Equipos».",
}
_HINTS = {
    "descripcion": "Si deja vacía la descripción de un riesgo, el programa la arma con lo que se afecta y las causas.",
    "impacto_smlmv": "En salarios mínimos mensuales. Llene este, el reputacional o ambos.",
}


def _number(value: int) -> str:
    return f"{value:,}".replace(",", ".")


def _short(text: str, longest: int) -> str:
    return text if len(text) <= longest else text[: longest - 1] + "…"

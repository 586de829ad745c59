"""Step 2: how likely and how bad, with the rule beside each level."""

from decimal import Decimal
from typing import Final

from PySide6.QtWidgets import QGridLayout, QHBoxLayout, QLabel

from peti_desktop.catalogues import Catalogues
from peti_desktop.method import Method
from peti_desktop.records.convert import decimal_text
from peti_desktop.records.riesgo import answered, asked
from ui import theme
from ui.chips import ZoneChip, card, label
from ui.dependencia.pasos.live import Live, reputation, whole
from ui.dependencia.pasos.preguntas import Questions
from ui.dependencia.pasos.step import Step

FIELDS: Final = ("frecuencia_anual", "impacto_smlmv", "impacto_reputacional")


class Valorar(Step):
    """The answers at the left, what follows from each at its right, and the zone below."""

    def __init__(self, catalogues: Catalogues) -> None:
        super().__init__(catalogues, (*FIELDS, "preguntas", "evidencia", "metodo"))
        grid = QGridLayout()
        grid.setHorizontalSpacing(theme.LARGE)
        grid.setVerticalSpacing(theme.MEDIUM)
        grid.setColumnStretch(0, 1)
        grid.setColumnStretch(1, 1)
        self.follows: dict[str, QLabel] = {}
        for row, name in enumerate(FIELDS):
            self.follows[name] = label("", "muted", wraps=True)
            grid.addWidget(self.editors[name], row, 0)
            grid.addWidget(self.follows[name], row, 1)
        self.column.addLayout(grid)
        self.questions = Questions(catalogues, self.editors["preguntas"])
        self.column.addWidget(self.questions)
        frame, rows = card()
        self.zone = ZoneChip()
        self.levels = label("", "heading", wraps=True)
        line = QHBoxLayout()
        line.addWidget(self.levels, 1)
        line.addWidget(self.zone)
        rows.addLayout(line)
        self.rule = label("", "small", wraps=True)
        rows.addWidget(self.rule)
        self.column.addWidget(frame)
        self.column.addWidget(self.editors["evidencia"])
        self.column.addWidget(self.editors["metodo"])
        self.column.addStretch()

    def tell(self, live: Live) -> None:
        rules, rating = live.rules, live.rating
        by_questions = rules is not None and asked(live.values, rules)
        for name in FIELDS[1:]:
            self.editors[name].setVisible(not by_questions)
            self.follows[name].setVisible(not by_questions)
        self.questions.setVisible(by_questions)
        self.questions.show_answers(live.values.get("preguntas"))
        zone = live.values.get("zona_inherente")
        self.zone.set_zone(str(zone) if zone else None)
        if rules is None or rating is None:
            for words in self.follows.values():
                words.clear()
            self.levels.setText("Sin valoración")
            self.rule.setText("Los riesgos de esta versión del método se leen, pero no se calculan.")
            return
        times, seen = whole(live.values.get("frecuencia_anual")), reputation(live.values)
        smlmv = live.values.get("impacto_smlmv")
        amount = smlmv if isinstance(smlmv, Decimal) else None
        self.follows["frecuencia_anual"].setText(_lines(rules.rule_text(times_a_year=times)))
        self.follows["impacto_smlmv"].setText(_lines(_pesos(amount, live), rules.rule_text(smlmv=amount)))
        self.follows["impacto_reputacional"].setText(_lines(rules.rule_text(reputational=seen)))
        p = rating.probability.label if rating.probability else "sin responder"
        i = rating.impact.label if rating.impact else "sin responder"
        self.levels.setText(f"Probabilidad {p}  ×  impacto {i}")
        if by_questions:
            self.rule.setText(_lines(_questions_rule(live, rules)))
            return
        both = amount is not None and seen is not None and rating.impact
        self.rule.setText(
            f"De los dos impactos vale el mayor: {rating.impact.text}." if both and rating.impact else rules.title
        )


def _questions_rule(live: Live, rules: Method) -> str:
    """How many answers give which impact."""
    yes = len(answered(live.values.get("preguntas")))
    limits = [f"hasta {limit}: {rules.impacts[level - 1].label}" for limit, level in rules.corruption]
    fatal = ", ".join(str(number) for number in sorted(rules.fatal_questions))
    return (
        f"{yes} {'pregunta' if yes == 1 else 'preguntas'} con sí. {'; '.join(limits)}. Un sí a la pregunta {fatal} da "
        f"{rules.impacts[-1].label} de inmediato."
    )


def _pesos(amount: Decimal | None, live: Live) -> str:
    """What an amount in minimum wages is in pesos."""
    if amount is None:
        return ""
    if live.wage is None:
        return f"No se conoce el salario mínimo de {live.year}."
    pesos = decimal_text((amount * live.wage).quantize(Decimal(1)))
    return f"= $ {pesos}  (SMLMV {live.year}: $ {decimal_text(live.wage)})"


def _lines(*lines: str) -> str:
    """The lines that say something; an amount never parts from its sign."""
    text = "\n".join(line for line in lines if line)
    return text.replace(" %", "\u00a0%").replace("$ ", "$\u00a0")

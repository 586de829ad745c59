"""The list of rules as a page in Spanish: ``docs/reglas.md`` is what ``text`` gives; a test keeps it so."""

from peti_desktop.records import EVERY, Rule, Severity, rules

_HEAD = """# Reglas

Lo que el programa comprueba en cada registro. Son las mismas en el formulario, en «Ensayar entrega» y cuando la Oficina
TIC recibe. Lo que **impide** no deja entregar ni aceptar; lo que **avisa** solo se cuenta. Los códigos no cambian.

Esta página la escribe `peti_desktop.records.rules_page`; no se edita a mano.
"""
_WORDS = {Severity.STOPS: "impide", Severity.WARNS: "avisa"}


def text() -> str:
    """The page, in Markdown."""
    sections = [_HEAD]
    for name in ("", *EVERY):
        title = EVERY[name].title if name else "De todos los registros"
        rows = [_row(name, rule) for owner, rule in rules() if owner == name]
        head = ["| Código | Peso | Qué se pide | Qué hacer | Fuente |", "|---|---|---|---|---|"]
        sections.append("\n".join([f"## {title}\n", *head, *rows]) + "\n")
    return "\n".join(sections)


def _row(name: str, rule: Rule) -> str:
    code = f"{name}.{rule.code}" if name else rule.code
    return f"| `{code}` | {_WORDS[rule.severity]} | {rule.words} | {rule.todo} | {rule.source} |"

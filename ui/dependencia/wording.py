"""Does a text say what may happen, or is it a cause or a wish written where a risk is asked for?"""

import re
from typing import Final

from peti_desktop.records.convert import plain

# The guide asks not to name a missing control as the event ("falta de…"); most of the PETI's own entries do.
_CAUSES: Final = r"falta|ausencia|carencia|inexistencia|insuficien\w+|deficien\w+|escas[oae]\w*|poc[oa]s?|no (?:hay|existe|se cuenta|contar|tener|se tiene)"  # noqa: E501
_WISHES: Final = (
    r"necesi\w+|se (?:necesita|requiere|solicita)|requer\w+|requier\w+|solicit\w+|mejora\w*|adquirir|adquisicion|"
    r"comprar?|actualiza(?:r|cion)|implementa(?:r|cion)|contratar|capacita(?:r|cion)|fortalec\w+|dotar|dotacion|"
    r"instala(?:r|cion)|renova(?:r|cion)|contar con"
)
_CAUSE: Final = re.compile(rf"(?:{_CAUSES})\b")
_WISH: Final = re.compile(rf"(?:{_WISHES})\b")
_LEAD: Final = re.compile(r"posibilidad de (?:que )?|(?:la|el|las|los|una?) ")


def reads_like(text: str) -> str:
    """``causa`` when ``text`` starts as the lack of something, ``deseo`` when it asks for something, else empty."""
    bare = plain(text)
    while found := _LEAD.match(bare):
        bare = bare[found.end() :]
    if _WISH.match(bare):
        return "deseo"
    return "causa" if _CAUSE.match(bare) else ""

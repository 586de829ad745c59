"""How a delivery stands to those received before: the next one, an older one, the same one, or one made beside it."""

from collections.abc import Iterator, Mapping
from datetime import datetime
from typing import Any

from db.queries.deliveries import Around
from peti_desktop.delivery.envelope import Envelope
from peti_desktop.trust.signature import CLOCK_SLACK
from peti_desktop.trust.verdict import Reason

Row = Mapping[str, Any]


def stands(around: Around, cover: Envelope, signed_at: datetime | None) -> Iterator[Reason]:
    """What is to be said about a delivery because of the others of its dependencia and vigencia."""
    for row in around.same:
        yield _same_number(row, cover)
    if around.newer is not None:
        number, name = around.newer["numero"], str(around.newer["nombre"])
        sentence = f"Es la entrega n.º {cover.number} y ya se aceptó la n.º {number}: es anterior a la recibida."
        yield Reason("anterior", sentence, name)
    if around.before is not None:
        yield from _follows(around.before, cover)
        yield from _went_back(around.before, signed_at)


def _same_number(row: Row, cover: Envelope) -> Reason:
    number, name = cover.number, str(row["nombre"])
    if row["codigo"] == cover.code:
        sentence = f"Esta misma entrega n.º {number} ya se recibió en otro archivo, con el mismo código {cover.code}."
        return Reason("misma_entrega", sentence, name)
    if not cover.ejemplar or not row["ejemplar"]:
        why = "puede venir de dos equipos o de una copia"
    elif cover.ejemplar == row["ejemplar"]:
        why = f"las dos salieron del mismo equipo (ejemplar {_short(cover.ejemplar)}), donde se restauró una copia"
    else:
        why = f"viene de otro equipo o de una copia (ejemplar {_short(cover.ejemplar)})"
    return Reason("bifurcada", f"Ya se recibió otra entrega n.º {number}, distinta de esta: {why}.", name)


def _follows(before: Row, cover: Envelope) -> Iterator[Reason]:
    """Whether it goes on from the delivery before, as both covers tell; those of format 1 do not."""
    if not cover.ejemplar or not before["ejemplar"]:
        return
    number, name, here = before["numero"], str(before["nombre"]), _short(cover.ejemplar)
    goes_on = cover.previo == before["codigo"]
    at_home = cover.ejemplar == before["ejemplar"]
    grown = before["ejemplar"] in cover.linaje
    next_one = cover.number == number + 1
    if goes_on and not at_home:
        sentence = (
            f"Continuación de la entrega n.º {number} desde otro equipo o una copia restaurada (ejemplar {here})."
        )
        yield Reason("otro_equipo", sentence, name)
    elif not goes_on and next_one and at_home:
        sentence = (
            f"Copia restaurada: en ese equipo (ejemplar {here}) ya no está la entrega n.º {number} que se recibió."
        )
        yield Reason("copia_restaurada", sentence, name)
    elif not goes_on and not at_home and (next_one or not grown):
        sentence = (
            f"Bifurcada: viene de otro equipo (ejemplar {here}) y no sigue a la entrega n.º {number} que se recibió."
        )
        yield Reason("bifurcada", sentence, name)


def _went_back(before: Row, now: datetime | None) -> Iterator[Reason]:
    """The signer's clock is only the signer's word; the counter is not: a later number is not signed earlier."""
    then = before["firmada_en"]
    if now is not None and then > now + CLOCK_SLACK:
        sentence = f"Dice firmada antes que la entrega n.º {before['numero']}: el reloj de ese equipo estuvo mal."
        yield Reason("reloj_atrasado", sentence, f"{now} < {then}")


def _short(exemplar: str) -> str:
    return exemplar[:6]

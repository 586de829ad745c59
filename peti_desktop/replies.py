"""What the office has said to a dependencia about each delivery, from the files of it that were opened here."""

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import date

from db.queries import observations as rows
from peti_desktop.records.convert import spoken_date
from peti_desktop.returning.answering import unanswered
from peti_desktop.returning.contents import RECEIPT
from peti_desktop.returning.issuing import TAKEN
from peti_desktop.returning.observations import Observation, listing
from peti_desktop.workspace import Workspace


@dataclass(frozen=True, slots=True)
class Reply:
    """``received``: there is an acuse. ``asked`` observations were made, ``waiting`` of them have no answer yet.

    ``due`` is until when those are to be answered.
    """

    received: bool = False
    asked: int = 0
    waiting: int = 0
    due: date | None = None

    @property
    def words(self) -> str:
        """«devuelta con 2 observaciones, 1 por responder antes del 15-dic-2026»; empty when nothing was said."""
        if self.asked:
            many = "1 observación" if self.asked == 1 else f"{self.asked} observaciones"
            said = f"devuelta con {many}"
            if not self.waiting:
                return f"{said}, {'respondida' if self.asked == 1 else 'todas respondidas'}"
            rest = "por responder" if self.waiting == self.asked else f"{self.waiting} por responder"
            return f"{said}, {rest}{f' antes del {spoken_date(self.due)}' if self.due else ''}"
        return "recibida por la Oficina TIC" if self.received else ""


def replies(ws: Workspace) -> dict[str, Reply]:
    """The replies by the hash of the delivery they are about; what waits, waits in this vigencia."""
    open_ = {one.uid for one in unanswered(ws)}
    asked: dict[str, list[Observation]] = {}
    for one in listing(ws):
        asked.setdefault(one.entrega, []).append(one)
    with ws.read() as connection:
        receipts = {str(row["entrega"]) for row in rows.files(connection, clase=RECEIPT, sentido=TAKEN)}
    return {key: _reply(asked.get(key, ()), open_, key in receipts) for key in {*asked, *receipts}}


def _reply(asked: Iterable[Observation], open_: Collection[str], received: bool) -> Reply:
    found = list(asked)
    waiting = [one for one in found if one.uid in open_]
    return Reply(received, len(found), len(waiting), first_due(waiting))


def first_due(waiting: Iterable[Observation]) -> date | None:
    """The first deadline among observations; None when none has one."""
    return min((one.vence for one in waiting if one.vence), default=None)

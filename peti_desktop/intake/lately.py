"""Deliveries that were proven and read a moment ago: whoever receives a file most often accepts it next."""

from dataclasses import dataclass
from threading import Lock
from typing import Final
from weakref import WeakKeyDictionary

from peti_desktop.catalogues import Catalogues
from peti_desktop.delivery.envelope import code_of
from peti_desktop.delivery.reading import Delivery
from peti_desktop.trust.signature import Proof
from peti_desktop.workspace import Workspace

MOST_RECORDS: Final = 10_000
"""So many records are remembered for each open store: some twenty megabytes."""
MOST_OF_ONE: Final = 1_000
"""Longer deliveries are read again: they would push out all others."""
LETTERS: Final = 1_000
"""So many letters weigh as much as a record: a row may hold a million of them."""


@dataclass(frozen=True, slots=True)
class Read:
    """What a delivery says, and the code that its content gives; ``proof`` when its own signature proves it."""

    delivery: Delivery
    code: str
    proof: Proof | None


def said(delivery: Delivery, proof: Proof | None) -> Read:
    """A delivery that was just read."""
    cover = delivery.envelope
    code = code_of(cover.vigencia, cover.dependencia, cover.number, delivery.records, delivery.answers)
    return Read(delivery, code, proof)


class Lately:
    """Deliveries by the hash of the very bytes that were proven, as one state of the catalogues reads them.

    The same bytes prove and say the same; whether the signer is to be trusted is asked anew each time.
    """

    def __init__(self, catalogues: Catalogues) -> None:
        self.catalogues = catalogues
        self._found: dict[str, tuple[Read, int]] = {}
        self.weight = 0
        self._turn = Lock()
        """A store is read by one thread while another one receives."""

    def get(self, sha256: str) -> Read | None:
        """The delivery of the file ``sha256``, when it was read lately."""
        found = self._found.get(sha256)
        return found[0] if found else None

    def keep(self, sha256: str, read: Read) -> None:
        """Remember a delivery that its signature proves; the oldest ones make room."""
        if read.proof is None or sha256 in self._found:
            return
        size = _size(read)
        if size > MOST_OF_ONE:
            return
        with self._turn:
            if sha256 in self._found:
                return
            self._found[sha256] = read, size
            self.weight += size
            while self.weight > MOST_RECORDS:
                self.weight -= self._found.pop(next(iter(self._found)))[1]


def _size(read: Read) -> int:
    """How many records it has, with what their texts weigh, and one for the delivery itself."""
    records = [record for found in read.delivery.records.values() for record in found]
    texts = [value for record in records for value in record.values.values() if isinstance(value, str)]
    texts += [problem.text for record in records for problem in record.problems]
    answers = read.delivery.answers
    texts += [text for answer in answers for text in (answer.razon, answer.titular, answer.campo, answer.pedido)]
    return 1 + len(records) + len(answers) + sum(map(len, texts)) // LETTERS


_KNOWN: Final[WeakKeyDictionary[Workspace, Lately]] = WeakKeyDictionary()


def of(ws: Workspace) -> Lately:
    """What ``ws`` has read lately; nothing once its catalogues are others."""
    found = _KNOWN.get(ws)
    if found is None or found.catalogues is not ws.catalogues:
        found = _KNOWN[ws] = Lately(ws.catalogues)
    return found

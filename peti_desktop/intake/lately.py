"""Deliveries that were read a moment ago: whoever receives a file most often accepts it next."""

from collections.abc import Callable
from typing import Final
from weakref import WeakKeyDictionary

from peti_desktop.catalogues import Catalogues
from peti_desktop.delivery.reading import Delivery
from peti_desktop.workspace import Workspace

MOST: Final = 128
"""So many deliveries are remembered for each open store."""
MOST_RECORDS: Final = 500
"""Longer deliveries are read again: it is their parts that are slow, and they would take memory."""


class Lately:
    """Deliveries by the hash of the very bytes that were verified, as one state of the catalogues reads them."""

    def __init__(self, catalogues: Catalogues) -> None:
        self.catalogues = catalogues
        self._found: dict[str, Delivery] = {}

    def read(self, sha256: str, again: Callable[[], Delivery]) -> Delivery:
        """The delivery of the file ``sha256``, read by ``again`` unless it was read lately."""
        found = self._found.get(sha256)
        if found is None:
            found = again()
            if sum(map(len, found.records.values())) <= MOST_RECORDS:
                self._found[sha256] = found
                for old in list(self._found)[:-MOST]:
                    self._found.pop(old, None)
        return found


_KNOWN: Final[WeakKeyDictionary[Workspace, Lately]] = WeakKeyDictionary()


def of(ws: Workspace) -> Lately:
    """What ``ws`` has read lately; nothing once its catalogues are others."""
    found = _KNOWN.get(ws)
    if found is None or found.catalogues is not ws.catalogues:
        found = _KNOWN[ws] = Lately(ws.catalogues)
    return found

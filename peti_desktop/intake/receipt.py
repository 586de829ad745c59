"""What the office says about a file it was given."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime

from peti_desktop.trust.verdict import Reason, Status

NO_COUNTS: Mapping[str, int] = dict.fromkeys(("added", "changed", "retired", "unchanged", "doubtful"), 0)

RECEIVED, ACCEPTED, REPLACED, REJECTED = "recibida", "aceptada", "reemplazada", "rechazada"
PARTLY, RETURNED = "aceptada en parte", "devuelta"
"""States of a stored delivery. A file that is not proven is never stored and has no state."""

OPEN = frozenset({RECEIVED, PARTLY})
"""States in which there is something left to decide."""


@dataclass(frozen=True, slots=True)
class Receipt:
    """One file, its verdict in words, and what it would do. ``state`` is empty while nothing is stored of it."""

    file: str
    verdict: Status
    reasons: tuple[Reason, ...]
    sha256: str = ""
    signer: str = ""
    cargo: str = ""
    fingerprint: str = ""
    dependencia: str = ""
    dependencia_nombre: str = ""
    vigencia: int = 0
    number: int = 0
    code: str = ""
    signed_at: datetime | None = None
    received_at: datetime | None = None
    state: str = ""
    repeated: bool = False
    counts: Mapping[str, int] = field(default_factory=lambda: dict(NO_COUNTS))
    decided_at: datetime | None = None
    decided_by: str = ""
    why: str = ""
    """Why it was rejected, in the words of who did; empty in every other state."""
    round: int = 0
    """How many times it was given back."""
    assigned_to: str = ""

    @property
    def clean(self) -> bool:
        """Whether it can be accepted without anybody looking at it: good signature, no doubt, not decided yet."""
        good = self.verdict in {Status.VALIDA, Status.CON_AVISOS}
        return good and self.state == RECEIVED and not self.counts["doubtful"] and not self.held

    @property
    def held(self) -> bool:
        """Whether a reason about the whole file makes a person decide."""
        return any(reason.code in HOLDS for reason in self.reasons)


HOLDS = frozenset(
    {
        "guardado_igual",
        "misma_entrega",
        "anterior",
        "otra_entidad",
        "otra_vigencia",
        "otra_dependencia",
        "dependencia_desconocida",
        "dependencia_anterior",
        "bifurcada",
        "copia_restaurada",
        "codigo",
        "conteos",
    }
)
"""Reasons that keep a well-signed file waiting in the inbox."""

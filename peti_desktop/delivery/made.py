"""The deliveries this store has made."""

import json
from dataclasses import dataclass
from datetime import datetime

from db.queries import deliveries
from peti_desktop.workspace import Workspace


@dataclass(frozen=True, slots=True)
class Made:
    """One delivery: its number in the vigencia, code, moment (UTC), signer, file name and counts by type."""

    number: int
    code: str
    made_at: datetime
    signer: str
    name: str
    counts: dict[str, int]


def made(ws: Workspace) -> tuple[Made, ...]:
    """The deliveries of this vigencia, oldest first."""
    with ws.read() as connection:
        rows = deliveries.made(connection, ws.info.vigencia)
    return tuple(
        Made(r["numero"], r["codigo"], r["hecha_en"], r["firmante"], r["nombre"], json.loads(r["conteos"]))
        for r in rows
    )

"""The log of decisions (bitácora): append-only, each entry sealed with the hash of the one before."""

import hashlib
import json
from datetime import datetime
from typing import Any

from sqlalchemy import Connection

from db.queries import deliveries


def write(connection: Connection, when: datetime, who: str, action: str, detail: dict[str, Any]) -> None:
    """Append an entry inside the caller's transaction: a decision and its trace are one."""
    previous = deliveries.log_tail(connection)
    text = json.dumps(detail, ensure_ascii=False, sort_keys=True)
    deliveries.add_log(
        connection,
        {
            "cuando": when,
            "quien": who,
            "accion": action,
            "detalle": text,
            "previo": previous,
            "sello": seal(previous, when, who, action, text),
        },
    )


def seal(previous: str, when: datetime, who: str, action: str, detail: str) -> str:
    """The hash of an entry, over the hash of the one before and all it says."""
    said = [previous, when.isoformat(timespec="milliseconds"), who, action, detail]
    return hashlib.sha256(json.dumps(said, ensure_ascii=False).encode("utf-8")).hexdigest()


def broken(connection: Connection) -> int | None:
    """The number of the first entry that does not fit the one before or its own seal; None for a whole log."""
    previous = ""
    for entry in deliveries.log(connection):
        expected = seal(previous, entry["cuando"], entry["quien"], entry["accion"], entry["detalle"])
        if entry["previo"] != previous or entry["sello"] != expected:
            return int(entry["id"])
        previous = entry["sello"]
    return None

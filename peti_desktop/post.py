"""Whether a store's post was handed over: from then on its successor's store is the one that delivers."""

from datetime import datetime
from typing import Final

from peti_desktop.moments import spoken_moment
from peti_desktop.workspace import Workspace

HANDED_OVER: Final = "cargo_entregado"
"""The setting that says when this store was handed over."""


def handed_over(ws: Workspace) -> str | None:
    """When this store was handed over with the post, in words; None when it was not."""
    said = ws.setting(HANDED_OVER)
    return spoken_moment(datetime.fromisoformat(said)) if said else None

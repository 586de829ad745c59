"""How long work tells how far it is, without knowing who listens."""

from collections.abc import Callable

Progress = Callable[[int, int, str], None]
"""``progress(done, total, text)``; ``total`` 0 means unknown. Raises ``Cancelled`` when asked to stop."""


def silent(done: int, total: int, text: str) -> None:
    """Listen to nothing."""

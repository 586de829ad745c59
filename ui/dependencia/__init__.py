"""The windows of a dependencia."""

from ui.desk import PageSpec


def pages() -> tuple[PageSpec, ...]:
    """The pages in the order of the navigation."""
    return ()

"""The windows of the Oficina TIC."""

from ui.desk import PageSpec


def pages() -> tuple[PageSpec, ...]:
    """The pages in the order of the navigation."""
    return ()

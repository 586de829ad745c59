"""What can be seen of a window and pressed by Alt and a letter."""

import re
from collections.abc import Iterator

from PySide6.QtWidgets import QAbstractButton, QLabel, QTabBar, QWidget


def letters(window: QWidget) -> Iterator[tuple[str, str]]:
    """Every letter that Alt presses in what is visible now, and the words it is underlined in."""
    for widget in window.findChildren(QWidget):
        if widget.isVisible() and widget.isEnabled():
            for words in _words(widget):
                if (found := re.search(r"&([^&\s])", words.replace("&&", ""))) is not None:
                    yield found[1].lower(), words


def _words(widget: QWidget) -> list[str]:
    if isinstance(widget, QTabBar):
        return [widget.tabText(place) for place in range(widget.count()) if widget.isTabVisible(place)]
    if isinstance(widget, QAbstractButton):
        return [widget.text()]
    return [widget.text()] if isinstance(widget, QLabel) and widget.buddy() is not None else []


def twice(window: QWidget) -> list[str]:
    """The letters that two visible things share, with their words."""
    found: dict[str, list[str]] = {}
    for letter, words in letters(window):
        found.setdefault(letter, []).append(words)
    return [f"{letter}: {' / '.join(words)}" for letter, words in sorted(found.items()) if len(words) > 1]

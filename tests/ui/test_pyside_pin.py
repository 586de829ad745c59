"""Guards the pin of PySide6 in pyproject.toml: a version that fails here must not be taken."""

import sys

from PySide6.QtCore import QObject, Signal


class _Sender(QObject):
    sent = Signal(int)


def test_signals_keep_the_count_of_true() -> None:
    """PySide6 6.12.0 loses one reference to True per emit on Python 3.11 and aborts after some 570."""
    sender = _Sender()
    received: list[int] = []
    sender.sent.connect(received.append)
    before = sys.getrefcount(True)

    for number in range(2000):
        sender.sent.emit(number)

    assert received[-1] == 1999
    assert abs(sys.getrefcount(True) - before) < 20

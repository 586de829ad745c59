"""The program's own icons, tinted with a colour of the theme."""

from typing import Final

from PySide6.QtCore import QByteArray, QRectF, QSize, Qt
from PySide6.QtGui import QColor, QIcon, QPainter, QPixmap
from PySide6.QtSvg import QSvgRenderer

from resources import resource

SIDES: Final = (16, 20, 24, 32, 40, 48, 64)
AIR: Final = 5
AIRY: Final = QSize(16 + AIR, 16)
"""The size of an icon that has its air with it."""


def icon(name: str, colour: str = "") -> QIcon:
    """``resources/icons/<name>.svg``, drawn in ``colour`` (``#rrggbb``) or as it is."""
    renderer = QSvgRenderer(QByteArray(resource(f"icons/{name}.svg").read_bytes()))
    made = QIcon()
    for side in SIDES:
        made.addPixmap(_pixmap(renderer, side, colour))
    return made


def airy(name: str, colour: str = "") -> QIcon:
    """``icon`` with air at its right, ``AIRY`` large: a button leaves next to none between its icon and its text."""
    renderer = QSvgRenderer(QByteArray(resource(f"icons/{name}.svg").read_bytes()))
    made = QIcon()
    for factor in (1, 2, 3, 4):
        made.addPixmap(_pixmap(renderer, AIRY.height() * factor, colour, air=AIR * factor))
    return made


def pixmap(name: str, side: int, colour: str = "", ratio: float = 1.0) -> QPixmap:
    """One picture of ``side`` device independent pixels, sharp at the screen's ``ratio``."""
    renderer = QSvgRenderer(QByteArray(resource(f"icons/{name}.svg").read_bytes()))
    made = _pixmap(renderer, round(side * ratio), colour)
    made.setDevicePixelRatio(ratio)
    return made


def _pixmap(renderer: QSvgRenderer, side: int, colour: str, air: int = 0) -> QPixmap:
    made = QPixmap(QSize(side + air, side))
    made.fill(Qt.GlobalColor.transparent)
    painter = QPainter(made)
    renderer.render(painter, QRectF(0, 0, side, side))
    if colour:
        painter.setCompositionMode(QPainter.CompositionMode.CompositionMode_SourceIn)
        painter.fillRect(made.rect(), QColor(colour))
    painter.end()
    return made

"""Looks as data: two palettes, one accent, spacing, type sizes, zones told by colour, letter and pattern.

Everything that paints asks ``tones(widget.palette())``, so that nobody has to be told when the theme changes. Text on
its background keeps a contrast of at least 4.5:1 (WCAG 2.1, 1.4.3); ``PAIRS`` lists what ``tests/ui`` measures.
"""

import os
from dataclasses import dataclass
from typing import Final

from PySide6.QtCore import Qt
from PySide6.QtGui import QColor, QFont, QGuiApplication, QPalette
from PySide6.QtWidgets import QApplication, QWidget

from resources import resource

# Distances in device independent pixels, multiples of four.
TIGHT: Final = 4
SMALL: Final = 8
MEDIUM: Final = 12
LARGE: Final = 16
WIDE: Final = 24
ROW: Final = 34
"""Height of a table row."""
INPUT: Final = 32
"""Least height of an input or button."""
RADIUS: Final = 8

BASE_POINT: Final = 10.0
SIZES: Final = {"hero": 2.2, "title": 1.5, "heading": 1.15, "body": 1.0, "small": 0.9}
"""Type sizes as factors of the application's font."""


@dataclass(frozen=True, slots=True)
class ZoneLook:
    """How a risk zone is told: fill, ink on it, letter, and a pattern for those who see no colour."""

    label: str
    letter: str
    fill: str
    ink: str
    pattern: Qt.BrushStyle


@dataclass(frozen=True, slots=True)
class Tones:
    """The colours of one theme, as ``#rrggbb``."""

    dark: bool
    window: str
    surface: str
    sunken: str
    nav: str
    text: str
    muted: str
    line: str
    handle: str
    accent: str
    on_accent: str
    accent_soft: str
    on_accent_soft: str
    stops: str
    stops_soft: str
    warns: str
    warns_soft: str
    fine: str
    fine_soft: str
    zones: dict[str, ZoneLook]


LIGHT: Final = Tones(
    dark=False,
    window="#f3f5f8",
    surface="#ffffff",
    sunken="#eef1f5",
    nav="#e9edf3",
    text="#1a2330",
    muted="#566274",
    line="#d5dce5",
    handle="#a3aebd",
    accent="#1f5aa6",
    on_accent="#ffffff",
    accent_soft="#dde9f8",
    on_accent_soft="#16437c",
    stops="#a61b1b",
    stops_soft="#fbe7e6",
    warns="#8a4b00",
    warns_soft="#fdf0dc",
    fine="#1d6b38",
    fine_soft="#e2f3e6",
    zones={
        "bajo": ZoneLook("Bajo", "B", "#c3e6c8", "#124a26", Qt.BrushStyle.SolidPattern),
        "moderado": ZoneLook("Moderado", "M", "#fbe69b", "#553f00", Qt.BrushStyle.Dense7Pattern),
        "alto": ZoneLook("Alto", "A", "#f6b26b", "#4a2000", Qt.BrushStyle.BDiagPattern),
        "extremo": ZoneLook("Extremo", "E", "#b3261e", "#ffffff", Qt.BrushStyle.DiagCrossPattern),
    },
)

DARK: Final = Tones(
    dark=True,
    window="#12161c",
    surface="#1b212a",
    sunken="#161b23",
    nav="#171c24",
    text="#e6ebf2",
    muted="#9fabbb",
    line="#343e4c",
    handle="#5a6779",
    accent="#86b4f2",
    on_accent="#0d1b2e",
    accent_soft="#22385a",
    on_accent_soft="#cfe1fb",
    stops="#ff9d95",
    stops_soft="#3f1f1e",
    warns="#f3b768",
    warns_soft="#3b2c16",
    fine="#86d29b",
    fine_soft="#19351f",
    zones={
        "bajo": ZoneLook("Bajo", "B", "#2b5c39", "#e6f6e9", Qt.BrushStyle.SolidPattern),
        "moderado": ZoneLook("Moderado", "M", "#6a581a", "#fff5d2", Qt.BrushStyle.Dense7Pattern),
        "alto": ZoneLook("Alto", "A", "#8a4a14", "#ffeede", Qt.BrushStyle.BDiagPattern),
        "extremo": ZoneLook("Extremo", "E", "#b3261e", "#ffffff", Qt.BrushStyle.DiagCrossPattern),
    },
)

PAIRS: Final = (
    ("text", "window"),
    ("text", "surface"),
    ("text", "sunken"),
    ("text", "nav"),
    ("muted", "window"),
    ("muted", "surface"),
    ("muted", "sunken"),
    ("muted", "nav"),
    ("accent", "surface"),
    ("accent", "window"),
    ("on_accent", "accent"),
    ("on_accent_soft", "accent_soft"),
    ("stops", "surface"),
    ("stops", "window"),
    ("stops", "stops_soft"),
    ("warns", "surface"),
    ("warns", "window"),
    ("warns", "warns_soft"),
    ("fine", "surface"),
    ("fine", "window"),
    ("fine", "fine_soft"),
    ("text", "stops_soft"),
    ("text", "warns_soft"),
    ("text", "fine_soft"),
    ("text", "accent_soft"),
)
"""(ink, ground) pairs that are used for text."""


def contrast(ink: str, ground: str) -> float:
    """WCAG contrast ratio of two ``#rrggbb`` colours, 1.0 to 21.0."""

    def luminance(colour: str) -> float:
        parts = [int(colour[i : i + 2], 16) / 255 for i in (1, 3, 5)]
        red, green, blue = [c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in parts]
        return 0.2126 * red + 0.7152 * green + 0.0722 * blue

    light, dark = sorted((luminance(ink), luminance(ground)), reverse=True)
    return (light + 0.05) / (dark + 0.05)


def tones(palette: QPalette) -> Tones:
    """The tones a palette was made from."""
    return DARK if palette.color(QPalette.ColorRole.Window).lightness() < 128 else LIGHT


def palette(look: Tones) -> QPalette:
    """The Qt palette of a theme."""
    role, made = QPalette.ColorRole, QPalette()
    for name, colour in (
        (role.Window, look.window),
        (role.WindowText, look.text),
        (role.Base, look.surface),
        (role.AlternateBase, look.sunken),
        (role.Text, look.text),
        (role.Button, look.surface),
        (role.ButtonText, look.text),
        (role.BrightText, look.stops),
        (role.ToolTipBase, look.surface),
        (role.ToolTipText, look.text),
        (role.PlaceholderText, look.muted),
        (role.Highlight, look.accent),
        (role.HighlightedText, look.on_accent),
        (role.Link, look.accent),
        (role.LinkVisited, look.accent),
        (role.Accent, look.accent),
        (role.Light, look.surface),
        (role.Midlight, look.sunken),
        (role.Mid, look.line),
        (role.Dark, look.muted),
        (role.Shadow, look.line),
    ):
        made.setColor(name, QColor(colour))
    for name in (role.WindowText, role.Text, role.ButtonText):
        made.setColor(QPalette.ColorGroup.Disabled, name, QColor(look.muted))
    made.setColor(QPalette.ColorGroup.Disabled, role.Highlight, QColor(look.line))
    made.setColor(QPalette.ColorGroup.Inactive, role.Highlight, QColor(look.accent_soft))
    made.setColor(QPalette.ColorGroup.Inactive, role.HighlightedText, QColor(look.on_accent_soft))
    return made


def wants_dark(setting: str = "") -> bool:
    """Whether to be dark: ``PETI_TEMA`` or ``setting`` ("claro", "oscuro"), else what the platform says."""
    chosen = os.environ.get("PETI_TEMA", "") or setting
    if chosen:
        return chosen == "oscuro"
    return QGuiApplication.styleHints().colorScheme() == Qt.ColorScheme.Dark


def apply(app: QApplication, *, dark: bool, scale: float = 1.0) -> None:
    """Dress the whole application; ``scale`` enlarges the letters (1.0 to 1.5)."""
    look = DARK if dark else LIGHT
    font = QFont(app.font())
    font.setPointSizeF(BASE_POINT * scale)
    app.setFont(font)
    app.setPalette(palette(look))
    app.setStyleSheet(stylesheet(look, font.pointSizeF()))


def restyle(widget: QWidget) -> None:
    """Let the style sheet see a dynamic property that changed after the widget was dressed."""
    widget.style().unpolish(widget)
    widget.style().polish(widget)
    widget.update()


def stylesheet(look: Tones, base: float) -> str:
    """The one style sheet. Roles are dynamic properties, see ``ui.chips`` and ``ui.shell`` for who sets them."""
    sizes = {name: f"{base * factor:.1f}pt" for name, factor in SIZES.items()}
    arrow = str(resource(f"icons/flecha-{'oscuro' if look.dark else 'claro'}.svg")).replace("\\", "/")
    above = arrow.replace("flecha-", "flecha-arriba-")
    tick = str(resource(f"icons/marca-{'oscuro' if look.dark else 'claro'}.svg")).replace("\\", "/")
    return f"""
QToolTip {{ background: {look.surface}; color: {look.text}; border: 1px solid {look.line}; padding: 4px; }}
QLabel[role="hero"] {{ font-size: {sizes["hero"]}; font-weight: 600; }}
QLabel[role="title"] {{ font-size: {sizes["title"]}; font-weight: 600; }}
QLabel[role="heading"] {{ font-size: {sizes["heading"]}; font-weight: 600; }}
QLabel[role="muted"] {{ color: {look.muted}; }}
QLabel[role="small"] {{ color: {look.muted}; font-size: {sizes["small"]}; }}
QLabel[role="stops"] {{ color: {look.stops}; font-size: {sizes["small"]}; }}
QLabel[role="warns"] {{ color: {look.warns}; font-size: {sizes["small"]}; }}
QLabel[role="fine"] {{ color: {look.fine}; font-size: {sizes["small"]}; }}
QFrame[role="card"] {{ background: {look.surface}; border: 1px solid {look.line}; border-radius: {RADIUS}px; }}
QFrame[role="nav"] {{ background: {look.nav}; border: none; border-right: 1px solid {look.line}; }}
QFrame[role="header"] {{ background: {look.surface}; border: none; border-bottom: 1px solid {look.line}; }}
QFrame[role="footer"] {{ background: {look.surface}; border: none; border-top: 1px solid {look.line}; }}
QFrame[role="rule"] {{ background: {look.line}; border: none; max-height: 1px; min-height: 1px; }}
QFrame[role="notice"] {{
  background: {look.accent_soft}; border: none; border-left: 4px solid {look.accent}; border-radius: 4px;
}}
QFrame[role="notice"][tone="stops"] {{ background: {look.stops_soft}; border-left-color: {look.stops}; }}
QFrame[role="notice"][tone="warns"] {{ background: {look.warns_soft}; border-left-color: {look.warns}; }}
QFrame[role="notice"][tone="fine"] {{ background: {look.fine_soft}; border-left-color: {look.fine}; }}
QLineEdit, QPlainTextEdit, QTextEdit, QComboBox, QAbstractSpinBox {{
  background: {look.surface}; color: {look.text}; border: 1px solid {look.line}; border-radius: 6px;
  padding: 4px 8px; selection-background-color: {look.accent}; selection-color: {look.on_accent};
}}
QLineEdit, QComboBox, QAbstractSpinBox {{ min-height: {INPUT - 12}px; }}
QLineEdit:hover, QPlainTextEdit:hover, QComboBox:hover {{ border-color: {look.muted}; }}
QLineEdit:focus, QPlainTextEdit:focus, QTextEdit:focus, QComboBox:focus, QAbstractSpinBox:focus {{
  border: 2px solid {look.accent}; padding: 3px 7px;
}}
QLineEdit[problem="stops"], QPlainTextEdit[problem="stops"], QComboBox[problem="stops"] {{
  border-color: {look.stops};
}}
QLineEdit[problem="warns"], QPlainTextEdit[problem="warns"], QComboBox[problem="warns"] {{
  border-color: {look.warns};
}}
QLineEdit:disabled, QPlainTextEdit:disabled, QComboBox:disabled, QAbstractSpinBox:disabled,
QLineEdit[readOnly="true"] {{
  background: {look.sunken}; color: {look.muted};
}}
QComboBox QLineEdit, QComboBox QLineEdit:focus {{ border: none; padding: 0; background: transparent; min-height: 0; }}
QComboBox::drop-down, QDateEdit::drop-down {{ border: none; width: 24px; }}
QComboBox::down-arrow, QDateEdit::down-arrow {{ image: url("{arrow}"); width: 12px; height: 12px; }}
QAbstractSpinBox::up-button, QAbstractSpinBox::down-button {{
  subcontrol-origin: border; border: none; background: transparent; width: 22px;
}}
QAbstractSpinBox::up-button {{ subcontrol-position: top right; margin: 3px 3px 0 0; }}
QAbstractSpinBox::down-button {{ subcontrol-position: bottom right; margin: 0 3px 3px 0; }}
QAbstractSpinBox::up-button:hover, QAbstractSpinBox::down-button:hover {{ background: {look.sunken}; }}
QAbstractSpinBox::up-arrow {{ image: url("{above}"); width: 9px; height: 9px; }}
QAbstractSpinBox::down-arrow {{ image: url("{arrow}"); width: 9px; height: 9px; }}
QAbstractSpinBox::up-arrow:off, QAbstractSpinBox::down-arrow:off,
QAbstractSpinBox::up-arrow:disabled, QAbstractSpinBox::down-arrow:disabled {{ image: none; }}
QPushButton::menu-indicator {{
  image: url("{arrow}"); width: 12px; height: 12px;
  subcontrol-origin: padding; subcontrol-position: right center; right: 6px;
}}
QAbstractItemView {{
  background: {look.surface}; color: {look.text}; border: 1px solid {look.line};
  selection-background-color: {look.accent_soft}; selection-color: {look.on_accent_soft}; outline: none;
}}
QListView, QTreeView {{ border-radius: {RADIUS}px; padding: 2px; }}
QComboBox QAbstractItemView {{ border-radius: 0; padding: 0; }}
QTableView {{ gridline-color: {look.line}; alternate-background-color: {look.sunken}; border-radius: {RADIUS}px; }}
QTableView:focus, QListView:focus, QTreeView:focus {{ border: 1px solid {look.accent}; }}
QHeaderView {{ background: {look.sunken}; }}
QHeaderView::section {{
  background: {look.sunken}; color: {look.muted}; border: none; border-bottom: 1px solid {look.line};
  border-right: 1px solid {look.line}; padding: 7px 8px; font-weight: 600;
}}
QTableView::item {{ padding: 0 8px; }}
QAbstractScrollArea::corner {{ background: transparent; border: none; }}
QTableCornerButton::section {{ background: {look.sunken}; border: none; }}
QPushButton, QToolButton[role="button"] {{
  background: {look.surface}; color: {look.text}; border: 1px solid {look.line}; border-radius: 6px;
  padding: 5px 14px; min-height: {INPUT - 12}px;
}}
QPushButton:hover, QToolButton[role="button"]:hover {{ background: {look.sunken}; border-color: {look.muted}; }}
QPushButton:pressed {{ background: {look.line}; }}
QPushButton:focus, QToolButton:focus {{ border: 2px solid {look.accent}; padding: 4px 13px; }}
QPushButton[role="primary"] {{
  background: {look.accent}; color: {look.on_accent}; border-color: {look.accent}; font-weight: 600;
}}
QPushButton[role="primary"]:hover {{ background: {look.on_accent_soft if not look.dark else "#a9cbf8"}; }}
QPushButton[role="primary"]:focus {{ border: 2px solid {look.text}; }}
QPushButton[role="choice"] {{ text-align: left; padding: 8px 16px; min-height: 44px; }}
QPushButton[role="choice"]:checked {{
  background: {look.accent_soft}; color: {look.on_accent_soft};
  border: 2px solid {look.accent}; padding: 7px 15px;
}}
QPushButton[role="quiet"] {{ background: transparent; border-color: transparent; color: {look.accent}; }}
QPushButton[role="quiet"]:hover {{ background: {look.accent_soft}; color: {look.on_accent_soft}; }}
QPushButton[role="quiet"]:focus {{ border: 2px solid {look.accent}; }}
QPushButton:disabled {{
  background: {look.sunken}; color: {look.muted}; border-color: {look.line}; font-weight: 400;
}}
QCheckBox, QRadioButton {{ spacing: 8px; }}
QCheckBox::indicator, QAbstractItemView::indicator {{
  width: 16px; height: 16px; border: 1px solid {look.muted}; border-radius: 4px; background: {look.surface};
}}
QCheckBox::indicator:checked, QAbstractItemView::indicator:checked {{
    background: {look.accent}; border-color: {look.accent}; image: url("{tick}");
}}
QAbstractItemView::indicator {{ width: 12px; height: 12px; border-radius: 3px; }}
QCheckBox::indicator:focus {{ border: 2px solid {look.accent}; }}
QRadioButton::indicator {{
  width: 16px; height: 16px; border: 1px solid {look.muted}; border-radius: 9px; background: {look.surface};
}}
QRadioButton::indicator:checked {{
  width: 8px; height: 8px; border: 5px solid {look.accent}; background: {look.on_accent};
}}
QRadioButton::indicator:focus {{ border-color: {look.accent}; }}
QTabWidget::pane {{ border: none; border-top: 1px solid {look.line}; }}
QTabBar::tab {{
  background: transparent; color: {look.muted};
  padding: 8px 16px; border: none; border-bottom: 3px solid transparent;
}}
QTabBar::tab:selected {{ color: {look.text}; border-bottom: 3px solid {look.accent}; font-weight: 600; }}
QTabBar::tab:hover {{ color: {look.text}; }}
QTabBar:focus {{ border: none; }}
QTabBar::tab:focus {{ background: {look.accent_soft}; }}
QProgressBar {{ background: {look.line}; border: none; border-radius: 3px; max-height: 6px; min-height: 6px; }}
QProgressBar::chunk {{ background: {look.accent}; border-radius: 3px; }}
QScrollArea {{ background: transparent; border: none; }}
QScrollArea > QWidget > QWidget[role="scrolled"] {{ background: transparent; }}
QScrollBar:vertical {{ background: transparent; width: 12px; margin: 0; }}
QScrollBar:horizontal {{ background: transparent; height: 12px; margin: 0; }}
QScrollBar::handle {{ background: {look.handle}; border-radius: 4px; margin: 2px; }}
QScrollBar::handle:vertical {{ min-height: 32px; }}
QScrollBar::handle:horizontal {{ min-width: 32px; }}
QScrollBar::add-line, QScrollBar::sub-line {{ width: 0; height: 0; }}
QScrollBar::add-page, QScrollBar::sub-page {{ background: transparent; }}
QMenu {{ background: {look.surface}; border: 1px solid {look.line}; padding: 4px; }}
QMenu::item {{ padding: 6px 24px 6px 12px; border-radius: 4px; }}
QMenu::item:selected {{ background: {look.accent_soft}; color: {look.on_accent_soft}; }}
QSplitter::handle {{ background: transparent; }}
"""

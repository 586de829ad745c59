"""The theme as data: what can be read, and what is told without colour."""

import pytest
from PySide6.QtGui import QFontMetrics
from PySide6.QtWidgets import QApplication

from ui import theme


@pytest.mark.parametrize("look", [theme.LIGHT, theme.DARK], ids=["light", "dark"])
def test_every_text_can_be_read(look: theme.Tones) -> None:
    poor = {
        (ink, ground): round(theme.contrast(getattr(look, ink), getattr(look, ground)), 2)
        for ink, ground in theme.PAIRS
        if theme.contrast(getattr(look, ink), getattr(look, ground)) < 4.5
    }
    assert poor == {}


@pytest.mark.parametrize("look", [theme.LIGHT, theme.DARK], ids=["light", "dark"])
def test_zones_are_told_without_colour(look: theme.Tones) -> None:
    zones = look.zones.values()

    assert [zone.letter for zone in zones] == ["B", "M", "A", "E"]
    assert len({zone.pattern for zone in zones}) == 4
    assert all(theme.contrast(zone.ink, zone.fill) >= 4.5 for zone in zones)


def test_contrast_is_the_published_one() -> None:
    assert theme.contrast("#000000", "#ffffff") == pytest.approx(21)
    assert theme.contrast("#777777", "#ffffff") == pytest.approx(4.48, abs=0.01)


@pytest.mark.parametrize("look", [theme.LIGHT, theme.DARK], ids=["light", "dark"])
def test_what_paints_finds_its_tones_in_the_palette(look: theme.Tones) -> None:
    assert theme.tones(theme.palette(look)) is look


def test_the_environment_decides_the_theme(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PETI_TEMA", "oscuro")
    assert theme.wants_dark("claro")

    monkeypatch.setenv("PETI_TEMA", "claro")
    assert not theme.wants_dark("oscuro")


def test_the_font_can_write_spanish(dressed: QApplication) -> None:
    metrics = QFontMetrics(dressed.font())

    assert [c for c in "ñÑáéíóúüÁÉÍÓÚ¿¡º$«»–…✕▲✓●■○ℹ" if not metrics.inFontUcs4(ord(c))] == []

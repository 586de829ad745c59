"""The heat map is told and used without seeing it."""

import pytest
from PySide6.QtCore import QRectF, Qt
from PySide6.QtGui import QPainter, QPixmap
from pytestqt.qtbot import QtBot

from peti_desktop import method
from peti_desktop.catalogues import Catalogues
from ui.heatmap import HeatMap


@pytest.fixture
def heat(qtbot: QtBot, catalogues: Catalogues) -> HeatMap:
    made = HeatMap(method.load(catalogues.metodo).zone, catalogues)
    qtbot.addWidget(made)
    made.resize(460, 380)
    made.show()
    return made


def test_click_picks_the_cell_that_is_there(qtbot: QtBot, heat: HeatMap) -> None:
    heat.show_counts({(4, 2): 3})

    with qtbot.waitSignal(heat.picked) as heard:
        qtbot.mouseClick(heat, Qt.MouseButton.LeftButton, pos=heat.cell_rect((4, 2)).center().toPoint())

    assert heard.args == [4, 2]


def test_outside_the_cells_nothing_is_picked(qtbot: QtBot, heat: HeatMap) -> None:
    with qtbot.assertNotEmitted(heat.picked):
        qtbot.mouseClick(heat, Qt.MouseButton.LeftButton, pos=heat.rect().bottomLeft())


def test_arrows_and_enter_pick(qtbot: QtBot, heat: HeatMap) -> None:
    heat.setFocus()
    for key in (Qt.Key.Key_Up, Qt.Key.Key_Down, Qt.Key.Key_Right, Qt.Key.Key_Right):
        qtbot.keyClick(heat, key)

    with qtbot.waitSignal(heat.picked) as heard:
        qtbot.keyClick(heat, Qt.Key.Key_Return)

    assert heard.args == [4, 3]


def test_probability_grows_upwards_and_impact_to_the_right(heat: HeatMap) -> None:
    assert heat.cell_rect((5, 1)).top() < heat.cell_rect((1, 1)).top()
    assert heat.cell_rect((1, 5)).left() > heat.cell_rect((1, 1)).left()
    assert heat.rect().contains(heat.cell_rect((1, 5)).toRect())


def test_one_risk_is_said_in_words(heat: HeatMap) -> None:
    heat.show_risk((4, 5), (2, 5))

    words = heat.accessibleDescription()
    assert words.startswith("Inherente: Probabilidad Alta, impacto Catastrófico: Extremo.")
    assert "Residual: Probabilidad Baja, impacto Catastrófico: Extremo." in words

    heat.show_risk(None, None)
    assert heat.accessibleDescription() == "Sin valorar"


def test_counts_are_said_in_words(heat: HeatMap) -> None:
    heat.show_counts({(1, 1): 1, (5, 5): 2, (3, 3): 0}, "Residual")

    assert heat.accessibleName() == "Mapa de calor Residual"
    assert heat.accessibleDescription() == (
        "Probabilidad Muy Alta, impacto Catastrófico: Extremo, 2 riesgos; "
        "Probabilidad Muy Baja, impacto Leve: Bajo, 1 riesgo"
    )


def test_moving_a_risk_paints_anew(heat: HeatMap) -> None:
    heat.show_risk((4, 5), (4, 5))
    before = heat.grab().toImage()

    heat.show_risk((4, 5), (1, 1))

    assert heat.grab().toImage() != before


@pytest.mark.parametrize("size", [(300, 240), (340, 260), (460, 380), (700, 600)])
@pytest.mark.parametrize("number", ["7", "54"])
def test_the_number_leaves_the_letter_of_the_zone_free(heat: HeatMap, size: tuple[int, int], number: str) -> None:
    heat.resize(*size)
    where = heat.cell_rect((3, 3))
    canvas = QPixmap(10, 10)
    painter = QPainter(canvas)
    line = heat.fontMetrics().height()
    corner = QRectF(where.left() + 3, where.top() + 3, line, line)

    room = heat._count_room(painter, where, corner, number)
    wide = painter.fontMetrics().horizontalAdvance(number)
    painter.end()

    assert not room.intersects(corner)
    assert where.contains(room)
    assert room.width() >= wide


@pytest.mark.parametrize("cell", [(3, 1), (3, 5)])
def test_the_point_leaves_the_words_of_the_axis_free(heat: HeatMap, cell: tuple[int, int]) -> None:
    heat.resize(300, 240)
    heat.show_risk(None, None)
    empty = heat.grab().toImage()
    heat.show_risk(cell, cell)
    shown = heat.grab().toImage()
    grid = heat._grid().toRect()

    beside = [(x, y) for y in range(heat.height()) for x in range(heat.width()) if not grid.contains(x, y)]
    assert [spot for spot in beside if empty.pixel(*spot) != shown.pixel(*spot)] == []
    assert empty != shown

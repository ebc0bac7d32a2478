import pytest
from PySide6.QtCore import QRectF
from PySide6.QtGui import QImage, QPainter

from tact_desktop.theme_palettes import DARK, LIGHT, Palette
from tact_desktop.widgets.presence_glyph import Glyph, glyph_icon, paint_glyph


def drawn(glyph: Glyph, palette: Palette) -> tuple[bool, ...]:
    """Which pixels a glyph inks, whatever its colour."""
    image = QImage(14, 14, QImage.Format.Format_RGB32)
    image.fill(palette.pane)
    painter = QPainter(image)
    paint_glyph(painter, QRectF(1, 1, 12, 12), glyph, palette, palette.pane)
    painter.end()
    empty = image.pixelColor(0, 0)
    return tuple(image.pixelColor(x, y) != empty for x in range(14) for y in range(14))


@pytest.mark.parametrize("palette", [LIGHT, DARK])
def test_the_marks_differ_in_shape(palette: Palette):
    assert len({drawn(glyph, palette) for glyph in Glyph}) == len(Glyph)


def test_a_mark_is_an_icon_for_menus(qtbot):
    assert not glyph_icon(Glyph.DISCREET).isNull()

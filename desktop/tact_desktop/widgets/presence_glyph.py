"""The presence marks, told apart by their shape before their colour."""

from math import cos, pi, sin

from PySide6.QtCore import QPointF, QRectF, QSize, Qt
from PySide6.QtGui import QColor, QIcon, QPainter, QPen, QPixmap

from tact_desktop import theme
from tact_desktop.state.people import Glyph as Glyph
from tact_desktop.theme_icons import scales
from tact_desktop.theme_palettes import Palette

_DOTS = 7


def paint_glyph(painter: QPainter, rect: QRectF, glyph: Glyph, palette: Palette, background: str) -> None:
    """Draws `glyph` to fill the square `rect`: ● ◐ ⊖ ○ or ◌, its inside cut out in `background`."""
    known = Glyph.OFFLINE if glyph is Glyph.UNKNOWN else glyph
    colour = QColor(getattr(palette, f"presence_{known}"))
    painter.save()
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    if glyph in (Glyph.AVAILABLE, Glyph.NOT_AVAILABLE):
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(colour)
        painter.drawEllipse(rect)
        if glyph is Glyph.NOT_AVAILABLE:
            _paint_bar(painter, rect, QColor(background))
    elif glyph is Glyph.UNKNOWN:
        _paint_dots(painter, rect, colour)
    else:
        _paint_ring(painter, rect, colour, QColor(background), half=glyph is Glyph.DISCREET)
    painter.restore()


def glyph_icon(glyph: Glyph, size: int = 14) -> QIcon:
    """The mark for a menu or button, in the palette in force."""
    palette = theme.palette()
    made = QIcon()
    for scale in scales():
        pixmap = QPixmap(QSize(round(size * scale), round(size * scale)))
        pixmap.setDevicePixelRatio(scale)
        pixmap.fill(Qt.GlobalColor.transparent)
        painter = QPainter(pixmap)
        paint_glyph(painter, QRectF(0.5, 2, size - 4, size - 4), glyph, palette, palette.pane)
        painter.end()
        made.addPixmap(pixmap)
    return made


def _paint_bar(painter: QPainter, rect: QRectF, colour: QColor) -> None:
    pen = QPen(colour, max(1.6, rect.width() * 0.17), Qt.PenStyle.SolidLine, Qt.PenCapStyle.RoundCap)
    painter.setPen(pen)
    reach = rect.width() * 0.24
    middle = rect.center()
    painter.drawLine(QPointF(middle.x() - reach, middle.y()), QPointF(middle.x() + reach, middle.y()))


def _paint_dots(painter: QPainter, rect: QRectF, colour: QColor) -> None:
    """A ring of dots: nobody says whether there is anything inside."""
    size = max(1.1, rect.width() * 0.105)
    reach = rect.width() / 2 - size
    painter.setPen(Qt.PenStyle.NoPen)
    painter.setBrush(colour)
    for dot in range(_DOTS):
        turn = 2 * pi * dot / _DOTS - pi / 2
        painter.drawEllipse(rect.center() + QPointF(cos(turn) * reach, sin(turn) * reach), size, size)


def _paint_ring(painter: QPainter, rect: QRectF, colour: QColor, inside: QColor, half: bool) -> None:
    stroke = max(1.5, rect.width() * 0.16)
    ring = rect.adjusted(stroke / 2, stroke / 2, -stroke / 2, -stroke / 2)
    painter.setPen(QPen(colour, stroke))
    painter.setBrush(inside)
    painter.drawEllipse(ring)
    if half:
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(colour)
        painter.drawPie(ring, 90 * 16, 180 * 16)

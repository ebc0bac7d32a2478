"""An emoji as an icon, for where the word beside it must stand alone."""

from functools import lru_cache

from PySide6.QtCore import QRectF, Qt
from PySide6.QtGui import QIcon, QPainter, QPixmap

from tact_desktop import theme
from tact_desktop.theme_icons import scales


def emoji_icon(emoji: str, size: int = theme.SPACE_4) -> QIcon:
    """`emoji` as a picture of `size` logical pixels, sharp on every screen that is there."""
    return _drawn(emoji, size, scales())


@lru_cache(maxsize=64)
def _drawn(emoji: str, size: int, on: tuple[float, ...]) -> QIcon:
    made = QIcon()
    for scale in on:
        side = round(size * scale)
        pixmap = QPixmap(side, side)
        pixmap.setDevicePixelRatio(scale)
        pixmap.fill(Qt.GlobalColor.transparent)
        painter = QPainter(pixmap)
        painter.setFont(theme.font(theme.FONT_TEXT))
        painter.drawText(QRectF(0, 0, size, size), Qt.AlignmentFlag.AlignCenter, emoji)
        painter.end()
        made.addPixmap(pixmap)
    return made

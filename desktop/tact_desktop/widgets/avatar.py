"""A person as a round of colour with initials, and the presence mark at its lower right."""

from zlib import crc32

from PySide6.QtCore import QRectF, QSize, Qt
from PySide6.QtGui import QColor, QPainter, QPaintEvent
from PySide6.QtWidgets import QSizePolicy, QWidget

from tact_desktop import theme
from tact_desktop.state.people import Glyph
from tact_desktop.state.shown import bare
from tact_desktop.theme_palettes import Palette
from tact_desktop.widgets.presence_glyph import paint_glyph


def initials(name: str) -> str:
    """One or two letters: of the first and the last word, or the first sign of a name in one word."""
    words = [word for word in bare(name).split() if word[0].isalnum()]
    if not words:
        return "?"
    ends = words[:1] if len(words) == 1 else [words[0], words[-1]]
    return "".join(word[0] for word in ends).upper()


def avatar_colour(handle: str, palette: Palette) -> str:
    """The colour of a person, the same on every computer."""
    return palette.avatars[crc32(handle.casefold().encode()) % len(palette.avatars)]


def paint_avatar(painter: QPainter, rect: QRectF, handle: str, name: str, palette: Palette) -> None:
    """Draws the round with its initials to fill the square `rect`."""
    painter.save()
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    painter.setPen(Qt.PenStyle.NoPen)
    painter.setBrush(QColor(avatar_colour(handle, palette)))
    painter.drawEllipse(rect)
    painter.setPen(QColor(palette.on_avatar))
    painter.setFont(theme.font(rect.height() * 0.36, strong=True))
    painter.drawText(rect, Qt.AlignmentFlag.AlignCenter, initials(name or handle))
    painter.restore()


def paint_person(
    painter: QPainter,
    rect: QRectF,
    handle: str,
    name: str,
    glyph: Glyph | None,
    palette: Palette,
    background: str,
) -> None:
    """The round and, over its lower right, the presence mark in a gap of `background`."""
    paint_avatar(painter, rect, handle, name, palette)
    if glyph is None:
        return
    size = max(10.0, rect.width() * 0.32)
    mark = QRectF(rect.right() - size + 1, rect.bottom() - size + 1, size, size)
    painter.save()
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    painter.setPen(Qt.PenStyle.NoPen)
    painter.setBrush(QColor(background))
    painter.drawEllipse(mark.adjusted(-2, -2, 2, 2))
    painter.restore()
    paint_glyph(painter, mark, glyph, palette, background)


class Avatar(QWidget):
    """One person's round outside of lists, on the tone named by a palette role."""

    def __init__(self, size: int = theme.AVATAR, ground: str = "pane", parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._size = size
        self._ground = ground
        self._handle = ""
        self._name = ""
        self._glyph: Glyph | None = None
        self.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)
        theme.theme().changed.connect(self.update)

    def set_person(self, handle: str, name: str, glyph: Glyph | None = None, words: str = "") -> None:
        """Whom to show; `words` says the presence for a screen reader."""
        self._handle, self._name, self._glyph = handle, name, glyph
        self.setAccessibleName(f"{name}, {words}" if words else name)
        self.update()

    def sizeHint(self) -> QSize:
        return QSize(self._size + 2, self._size + 2)

    def paintEvent(self, event: QPaintEvent, /) -> None:
        palette = theme.palette()
        rect = QRectF(1, 1, self._size, self._size)
        painter = QPainter(self)
        ground = getattr(palette, self._ground)
        paint_person(painter, rect, self._handle, self._name, self._glyph, palette, ground)

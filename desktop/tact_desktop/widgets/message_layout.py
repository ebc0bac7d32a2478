"""Where the words of a bubble go: lines, foot and size, kept for the rows last seen."""

from collections import OrderedDict
from collections.abc import Sequence
from dataclasses import dataclass
from unicodedata import bidirectional

from PySide6.QtCore import QPointF, QRectF, QSizeF, Qt
from PySide6.QtGui import (
    QColor,
    QFont,
    QFontMetricsF,
    QPainter,
    QTextCharFormat,
    QTextLayout,
    QTextLine,
    QTextOption,
)

from tact_desktop import theme
from tact_desktop.state.links import WebLink, links_in
from tact_desktop.state.row import BubbleStyle, MessageRow
from tact_desktop.theme_palettes import Palette

PAD_X, PAD_Y = 12.0, 7.0
FOOT_ICON = 13.0
_FOOT_GAP, _ICON_GAP = 12.0, 4.0
_KEPT_MAX = 400
"""Twice what is in a view at most; each keeps its shaped text, 15 KiB."""
_SIGNS = "⏱⏳🕓✎⌛⚠\ufe0f "
"""What a foot may begin with, where the icon drawn in its place says the same more calmly."""

FOOT_ICONS = {
    BubbleStyle.HELD: "hourglass",
    BubbleStyle.UNSENT: "clock",
    BubbleStyle.PAUSED: "pencil",
    BubbleStyle.EXPIRED: "hourglass-off",
    BubbleStyle.FAILED: "warning",
    BubbleStyle.OFFLINE: "clock",
}


class Text:
    """Plain text broken into lines no wider than `width` pixels; each paragraph runs in its own direction.

    `links`, which stand in `text`, are underlined.
    """

    def __init__(
        self,
        text: str,
        font: QFont,
        width: float,
        align: Qt.AlignmentFlag = Qt.AlignmentFlag.AlignLeft,
        links: Sequence[WebLink] = (),
    ):
        self._option = QTextOption(align)
        self._option.setWrapMode(QTextOption.WrapMode.WrapAtWordBoundaryOrAnywhere)
        self._option.setTextDirection(Qt.LayoutDirection.LayoutDirectionAuto)
        self._layouts = [QTextLayout(paragraph, font) for paragraph in text.split("\n")]
        for layout in self._layouts:
            layout.setTextOption(self._option)
            layout.setCacheEnabled(True)
        self._links = _mark(self._layouts, links)
        self.right_to_left = False
        self.last_line = 0.0
        self.lines = 0
        self.size = self._break(width)
        if self.right_to_left or align != Qt.AlignmentFlag.AlignLeft:
            self.size = self._break(self.size.width())  # so that the lines end at the bubble's own edge

    def draw(self, painter: QPainter, at: QPointF) -> None:
        """Draws all lines in the painter's pen, the upper left corner `at`."""
        for layout in self._layouts:
            layout.draw(painter, at)

    def link_at(self, point: QPointF) -> WebLink | None:
        """The link under `point`, which counts from the upper left corner."""
        for layout, links in zip(self._layouts, self._links, strict=True):
            for place in range(layout.lineCount() if links else 0):
                line = layout.lineAt(place)
                if line.naturalTextRect().contains(point):
                    at = line.xToCursor(point.x(), QTextLine.CursorPosition.CursorOnCharacter)
                    return next((link for first, end, link in links if first <= at < end), None)
        return None

    def _break(self, width: float) -> QSizeF:
        top = widest = 0.0
        self.lines = 0
        for layout in self._layouts:
            layout.beginLayout()
            while (line := layout.createLine()).isValid():
                line.setLineWidth(width)
                line.setPosition(QPointF(0, top))
                top += line.height()
                self.last_line = line.naturalTextWidth()
                widest = max(widest, self.last_line)
                self.lines += 1
            layout.endLayout()
            self.right_to_left |= _runs_left(layout.text())
        return QSizeF(min(width, widest + 1), top)


@dataclass(frozen=True)
class Bubble:
    """The inside of one bubble; positions count from its upper left corner."""

    size: QSizeF
    author: str
    author_at: QRectF
    text: Text
    text_at: QPointF
    foot: Text | None
    foot_at: QPointF


class BubbleLayouts:
    """Measures bubbles and keeps the latest measured."""

    def __init__(self) -> None:
        self._kept: OrderedDict[tuple[object, ...], Bubble] = OrderedDict()
        self.clear()

    def clear(self) -> None:
        """Forgets everything: the font has changed."""
        self._kept.clear()
        self._font = theme.font()
        self._strong = theme.font(theme.FONT_FOOT + 0.5, strong=True)
        self._small = theme.font(theme.FONT_FOOT)
        self.columns_width = theme.BUBBLE_COLUMNS_MAX * QFontMetricsF(self._font).averageCharWidth()

    def author_font(self) -> QFont:
        """What the author above a group is written in."""
        return self._strong

    def bubble(self, row: MessageRow, width: float) -> Bubble:
        """The bubble of `row`, text and padding no wider than `width`."""
        key = (row.key, row.revision, round(width), row.shown_author(), row.shown_foot(), row.style)
        made = self._kept.get(key)
        if made is None:
            made = self._kept[key] = self._measure(row, width)
            if len(self._kept) > _KEPT_MAX:
                self._kept.popitem(last=False)
        else:
            self._kept.move_to_end(key)
        return made

    def _measure(self, row: MessageRow, width: float) -> Bubble:
        room = min(width - 2 * PAD_X, self.columns_width)
        author, author_width, top = row.shown_author(), 0.0, PAD_Y
        metrics = QFontMetricsF(self._strong)
        if author:
            author = metrics.elidedText(author, Qt.TextElideMode.ElideRight, room)
            author_width = metrics.horizontalAdvance(author)
            top += metrics.height() + 1
        text = Text(row.text, self._font, room, links=links_in(row.text))
        inner = max(author_width, text.size.width())
        bottom = top + text.size.height()
        foot, foot_at = None, QPointF()
        if row.shown_foot():
            icon = FOOT_ICON + _ICON_GAP if row.style in FOOT_ICONS else 0.0
            foot = Text(
                row.shown_foot().lstrip(_SIGNS) if icon else row.shown_foot(), self._small, room - icon
            )
            foot_width = foot.size.width() + icon
            beside = text.last_line + _FOOT_GAP + foot_width
            if beside <= room and foot.lines == 1 and not text.right_to_left:
                inner = max(inner, beside)
                foot_top = bottom - foot.size.height() + 2
            else:
                inner = max(inner, foot_width)
                foot_top = bottom + 2
                bottom = foot_top + foot.size.height()
            foot_at = QPointF(PAD_X + inner - foot.size.width(), foot_top)
        size = QSizeF(inner + 2 * PAD_X, bottom + PAD_Y)
        left = PAD_X + (inner - text.size.width() if text.right_to_left else 0)
        author_at = QRectF(PAD_X, PAD_Y, inner, metrics.height())
        return Bubble(size, author, author_at, text, QPointF(left, top), foot, foot_at)


def link_colour(palette: Palette) -> str:
    """What a link in a bubble is written in: the accent, near enough to the text to be read on any bubble."""
    return theme.mix(palette.accent_text, palette.on_bubble, 0.3)


def _mark(layouts: Sequence[QTextLayout], links: Sequence[WebLink]) -> list[list[tuple[int, int, WebLink]]]:
    """Underlines `links`, and tells of each paragraph where in it they are, as Qt counts."""
    places: list[list[tuple[int, int, WebLink]]] = []
    look = QTextCharFormat()
    look.setFontUnderline(True)
    look.setForeground(QColor(link_colour(theme.palette())))
    start = 0
    for layout in layouts:
        text = layout.text()
        here = [
            (_units(text[: link.start - start]), _units(text[: link.end - start]), link)
            for link in links
            if start <= link.start < start + len(text)
        ]
        layout.setFormats([_range(first, end - first, look) for first, end, _ in here])
        places.append(here)
        start += len(text) + 1
    return places


def _units(text: str) -> int:
    """How long Qt takes `text` to be: what lies beyond 16 bits counts twice."""
    return len(text.encode("utf-16-le", "surrogatepass")) // 2


def _range(start: int, length: int, look: QTextCharFormat) -> QTextLayout.FormatRange:
    made = QTextLayout.FormatRange()
    made.start, made.length, made.format = start, length, look
    return made


def _runs_left(text: str) -> bool:
    """Whether the first letter with a direction runs from right to left."""
    directions = (bidirectional(sign) for sign in text)
    return next((found for found in directions if found in ("L", "R", "AL")), "L") != "L"

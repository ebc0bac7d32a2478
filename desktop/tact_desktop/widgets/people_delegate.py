"""How one person looks in the list of people: round, name, one quiet line, and what waits or is unread."""

from enum import IntEnum
from typing import Any

from PySide6.QtCore import QModelIndex, QPersistentModelIndex, QRect, QRectF, QSize, Qt
from PySide6.QtGui import QColor, QFontMetrics, QPainter, QPen
from PySide6.QtWidgets import QStyle, QStyledItemDelegate, QStyleOptionViewItem

from tact_desktop import theme
from tact_desktop.state.people import Glyph
from tact_desktop.theme_icons import picture
from tact_desktop.theme_palettes import Palette
from tact_desktop.widgets.avatar import paint_person


class PersonRole(IntEnum):
    """What a model of people answers to, besides AccessibleTextRole with the same in plain words."""

    HANDLE = Qt.ItemDataRole.UserRole + 1
    NAME = Qt.ItemDataRole.UserRole + 2
    LINE = Qt.ItemDataRole.UserRole + 3
    """How they are, in one quiet line."""
    GLYPH = Qt.ItemDataRole.UserRole + 4
    UNREAD = Qt.ItemDataRole.UserRole + 5
    WAITING = Qt.ItemDataRole.UserRole + 6
    """How many messages to this person are held."""
    MOOD = Qt.ItemDataRole.UserRole + 7
    """The mood as one emoji, or ""."""
    GONE = Qt.ItemDataRole.UserRole + 8
    """Whether they belong to the office no more."""


_INSET = theme.SPACE_1 + 2
_NARROW = 110
_HOURGLASS = 13
_BADGE = 18


Index = QModelIndex | QPersistentModelIndex


class PeopleDelegate(QStyledItemDelegate):
    """Rows of 56 pixels; hover and selection are tints with round corners."""

    def sizeHint(self, option: QStyleOptionViewItem, index: Index, /) -> QSize:
        return QSize(64, theme.PERSON_ROW_HEIGHT)

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: Index, /) -> None:
        state, area = _state_and_area(option)
        palette = theme.palette()
        painter.save()
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        ground = _paint_ground(painter, area, state, palette)
        self._paint_person(painter, area, index, palette, ground)
        if area.width() >= _NARROW:
            right = _paint_counts(painter, area, index, palette)
            _paint_words(painter, area, right, index, palette)
        elif unread := _number(index, PersonRole.UNREAD):
            _paint_badge(painter, area.right() - 6, area.top() + 12, unread, palette)
        painter.restore()

    def _paint_person(
        self, painter: QPainter, area: QRect, index: Index, palette: Palette, ground: str
    ) -> None:
        side = theme.AVATAR
        narrow = area.width() < _NARROW
        left = area.center().x() - side // 2 if narrow else area.left() + _INSET + theme.SPACE_2
        rect = QRectF(left, area.center().y() - side / 2 + 0.5, side, side)
        handle, name = _text(index, PersonRole.HANDLE), _text(index, PersonRole.NAME)
        glyph = _text(index, PersonRole.GLYPH)  # Qt hands on the value alone
        shown = Glyph(glyph) if glyph else None
        paint_person(painter, rect, handle, name, shown, palette, ground)


def _state_and_area(option: QStyleOptionViewItem) -> tuple[QStyle.StateFlag, QRect]:
    state: Any = option.state
    area: Any = option.rect
    return state, area


def _paint_ground(painter: QPainter, area: QRect, state: QStyle.StateFlag, palette: Palette) -> str:
    """Hover, selection and focus; the colour now behind the row."""
    slab = QRectF(area.adjusted(_INSET, 1, -_INSET, -1))
    ground = palette.pane
    if state & QStyle.StateFlag.State_Selected:
        ground = palette.selected
    elif state & QStyle.StateFlag.State_MouseOver:
        ground = palette.hover
    if ground != palette.pane:
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(QColor(ground))
        painter.drawRoundedRect(slab, theme.RADIUS_CONTROL, theme.RADIUS_CONTROL)
    if state & QStyle.StateFlag.State_HasFocus and state & QStyle.StateFlag.State_KeyboardFocusChange:
        painter.setPen(QPen(QColor(palette.accent_text), 2))
        painter.setBrush(Qt.BrushStyle.NoBrush)
        painter.drawRoundedRect(slab.adjusted(1, 1, -1, -1), theme.RADIUS_CONTROL, theme.RADIUS_CONTROL)
    return ground


def _paint_words(
    painter: QPainter, area: QRect, right: tuple[int, int], index: Index, palette: Palette
) -> None:
    """Name with mood above, the quiet line below; each ends before what stands at its right."""
    left = area.left() + _INSET + theme.SPACE_2 + theme.AVATAR + theme.SPACE_3
    upper = QRect(left, area.top() + 8, right[0] - left, 20)
    lower = QRect(left, area.top() + 28, right[1] - left, 18)
    name, mood = _text(index, PersonRole.NAME), _text(index, PersonRole.MOOD)
    strong, foot = theme.font(strong=True), theme.font(theme.FONT_FOOT + 0.5)
    metrics = QFontMetrics(strong)
    mood_width = metrics.horizontalAdvance(mood) + theme.SPACE_1 + 2 if mood else 0
    shown = metrics.elidedText(name, Qt.TextElideMode.ElideRight, upper.width() - mood_width)
    side = Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignAbsolute
    painter.setFont(strong)
    painter.setPen(QColor(palette.text_quiet if index.data(PersonRole.GONE) else palette.text))
    painter.drawText(upper, side, shown)
    if mood:
        after = upper.adjusted(metrics.horizontalAdvance(shown) + theme.SPACE_1 + 2, 0, 4, 0)
        painter.drawText(after, side, mood)
    painter.setFont(foot)
    painter.setPen(QColor(palette.text_quiet))
    words = _text(index, PersonRole.LINE)
    line = QFontMetrics(foot).elidedText(words, Qt.TextElideMode.ElideRight, lower.width())
    painter.drawText(lower, side, line)


def _paint_counts(painter: QPainter, area: QRect, index: Index, palette: Palette) -> tuple[int, int]:
    """Waiting at the upper right, unread at the lower; where the words of each line have to end."""
    edge = area.right() - _INSET - theme.SPACE_2
    upper = lower = edge
    if waiting := _number(index, PersonRole.WAITING):
        upper = _paint_waiting(painter, edge, area.top() + 18, waiting, palette) - theme.SPACE_2
    if unread := _number(index, PersonRole.UNREAD):
        lower = _paint_badge(painter, edge, area.top() + 37, unread, palette) - theme.SPACE_2
    return upper, lower


def _paint_waiting(painter: QPainter, right: int, middle: int, count: int, palette: Palette) -> int:
    font = theme.font(theme.FONT_FOOT, strong=True)
    width = QFontMetrics(font).horizontalAdvance(str(count))
    painter.setFont(font)
    painter.setPen(QColor(palette.accent_text))
    place = QRect(right - width, middle - 9, width + 1, 18)
    painter.drawText(place, Qt.AlignmentFlag.AlignCenter, str(count))
    left = right - width - _HOURGLASS - 3
    scale = painter.device().devicePixelRatioF()
    painter.drawPixmap(left, middle - 6, picture("hourglass", palette.accent_text, _HOURGLASS, scale))
    return left


def _paint_badge(painter: QPainter, right: int, middle: int, count: int, palette: Palette) -> int:
    font = theme.font(theme.FONT_FOOT, strong=True)
    words = str(count) if count < 1000 else "999+"
    width = max(_BADGE, QFontMetrics(font).horizontalAdvance(words) + 10)
    rect = QRect(right - width, middle - _BADGE // 2, width, _BADGE)
    painter.setPen(Qt.PenStyle.NoPen)
    painter.setBrush(QColor(palette.badge))
    painter.drawRoundedRect(rect, _BADGE / 2, _BADGE / 2)
    painter.setFont(font)
    painter.setPen(QColor(palette.on_badge))
    painter.drawText(rect, Qt.AlignmentFlag.AlignCenter, words)
    return rect.left()


def _text(index: Index, role: PersonRole) -> str:
    value = index.data(role)
    return " ".join(value.split()) if isinstance(value, str) else ""


def _number(index: Index, role: PersonRole) -> int:
    value = index.data(role)
    return value if isinstance(value, int) else 0

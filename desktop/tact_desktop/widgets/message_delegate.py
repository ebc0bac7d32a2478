"""Draws the rows of a conversation: bubbles, day lines, separators and notes, all of them plain text."""

from typing import Any

from PySide6.QtCore import QModelIndex, QPersistentModelIndex, QPointF, QRect, QRectF, QSize, QSizeF, Qt
from PySide6.QtGui import QColor, QPainter, QPainterPath, QPen
from PySide6.QtWidgets import QStyle, QStyledItemDelegate, QStyleOptionViewItem

from tact_desktop import theme
from tact_desktop.state.links import WebLink
from tact_desktop.state.row import BubbleStyle, MessageRow, RowKind
from tact_desktop.theme_icons import picture
from tact_desktop.theme_palettes import Palette
from tact_desktop.widgets.message_layout import FOOT_ICON, FOOT_ICONS, PAD_X, Bubble, BubbleLayouts, Text
from tact_desktop.widgets.message_row import ROW

_GROUP_GAP, _GAP = 8.0, 2.0
_NARROW = 520
_ALERT = (BubbleStyle.EXPIRED, BubbleStyle.FAILED)
_DASHED = (BubbleStyle.HELD, BubbleStyle.UNSENT, BubbleStyle.PAUSED, BubbleStyle.EXPIRED)

Index = QModelIndex | QPersistentModelIndex


class MessageDelegate(QStyledItemDelegate):
    """Sizes rows to `width`, which the view sets before it lays out."""

    def __init__(self, parent: Any = None) -> None:
        super().__init__(parent)
        self.width = 0
        self.ring = False
        """Whether the current row shows that the keyboard is on it."""
        self._layouts = BubbleLayouts()

    def forget(self) -> None:
        """Measures everything anew: the font has changed."""
        self._layouts.clear()

    def sizeHint(self, option: QStyleOptionViewItem, index: Index, /) -> QSize:
        row = index.data(ROW)
        if not isinstance(row, MessageRow):
            return QSize(self.width, 0)
        last = index.row() == index.model().rowCount() - 1
        return QSize(self.width, round(self._height(row) + (_GROUP_GAP if last else 0)))

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: Index, /) -> None:
        row = index.data(ROW)
        if not isinstance(row, MessageRow):
            return
        state, area = _state_and_area(option)
        palette = theme.palette()
        painter.save()
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        self._paint_strip(painter, area, row, state, palette)
        focused = self.ring and bool(state & QStyle.StateFlag.State_HasFocus)
        if row.kind is RowKind.BUBBLE:
            hovered = bool(state & QStyle.StateFlag.State_MouseOver)
            self._paint_bubble(painter, area, row, palette, focused, hovered)
        else:
            self._paint_line(painter, area, row, palette, focused)
        painter.restore()

    def bubble_rect(self, area: QRect, row: MessageRow) -> QRectF:
        """Where in `area`, the row's place in the view, its bubble lies."""
        size = self._bubble(row).size
        margin = self._margin()
        left = area.right() + 1 - margin - size.width() if row.own else area.left() + margin
        corner = QPointF(round(left), area.top() + round(_gap_above(row)))
        return QRectF(corner, QSizeF(round(size.width()), round(size.height())))

    def link_at(self, area: QRect, row: MessageRow, point: QPointF) -> WebLink | None:
        """The link under `point` in a row whose place in the view is `area`."""
        if row.kind is not RowKind.BUBBLE:
            return None
        bubble = self._bubble(row)
        return bubble.text.link_at(point - self.bubble_rect(area, row).topLeft() - bubble.text_at)

    def _margin(self) -> float:
        return 10.0 if self.width < _NARROW else 20.0

    def _bubble(self, row: MessageRow) -> Bubble:
        free = self.width - 2 * self._margin()
        return self._layouts.bubble(row, free * (0.88 if self.width < _NARROW else 0.8))

    def _line(self, row: MessageRow) -> Text:
        room = min(self._layouts.columns_width, self.width - 2 * self._margin() - 4 * PAD_X)
        strong = row.kind is not RowKind.NOTE
        return Text(row.text, theme.font(theme.FONT_FOOT, strong), room, Qt.AlignmentFlag.AlignHCenter)

    def _height(self, row: MessageRow) -> float:
        if row.kind is RowKind.BUBBLE:
            return _gap_above(row) + self._bubble(row).size.height() + (_GAP if row.last_in_group else 0)
        return self._line(row).size.height() + (18 if row.kind is RowKind.SEPARATOR else 26)

    def _paint_strip(
        self, painter: QPainter, area: QRect, row: MessageRow, state: QStyle.StateFlag, palette: Palette
    ) -> None:
        """Selection and the fading light on what has just come, across the whole row."""
        wash = QColor(palette.accent)
        if state & QStyle.StateFlag.State_Selected:
            wash.setAlphaF(0.14)
            painter.fillRect(area, wash)
        elif row.highlight > 0:
            wash.setAlphaF(0.10 * min(1.0, row.highlight))
            painter.fillRect(area, wash)

    def _paint_line(
        self, painter: QPainter, area: QRect, row: MessageRow, palette: Palette, focused: bool
    ) -> None:
        text = self._line(row)
        middle = QPointF(area.center().x(), area.top() + self._height(row) / 2)
        left_top = QPointF(middle.x() - text.size.width() / 2, middle.y() - text.size.height() / 2 + 2)
        pill = QRectF(left_top, text.size).adjusted(-PAD_X, -4, PAD_X, 4)
        separator = row.kind is RowKind.SEPARATOR
        if separator:
            painter.setPen(QPen(QColor(theme.mix(palette.window, palette.accent_text, 0.45)), 1))
            y, margin = round(pill.center().y()) + 0.5, self._margin()
            painter.drawLine(QPointF(area.left() + margin, y), QPointF(pill.left(), y))
            painter.drawLine(QPointF(pill.right(), y), QPointF(area.right() - margin, y))
        else:
            painter.setPen(Qt.PenStyle.NoPen)
            painter.setBrush(QColor(theme.mix(palette.window, palette.text, 0.055)))
            painter.drawRoundedRect(pill, min(12.0, pill.height() / 2), min(12.0, pill.height() / 2))
        if focused:
            _paint_ring(painter, _rounded(pill, (11.0,) * 4), palette)
        painter.setPen(QColor(palette.accent_text if separator else palette.text_quiet))
        text.draw(painter, left_top)

    def _paint_bubble(
        self, painter: QPainter, area: QRect, row: MessageRow, palette: Palette, focused: bool, hovered: bool
    ) -> None:
        bubble, rect = self._bubble(row), self.bubble_rect(area, row)
        _paint_body(painter, rect, row, palette, focused)
        painter.setClipRect(rect)  # marks that are piled up stay inside
        at = rect.topLeft()
        if bubble.author:
            painter.setFont(self._layouts.author_font())
            painter.setPen(QColor(palette.accent_text))
            painter.drawText(bubble.author_at.translated(at), Qt.AlignmentFlag.AlignVCenter, bubble.author)
        painter.setPen(QColor(palette.on_bubble))
        bubble.text.draw(painter, bubble.text_at + at)
        if bubble.foot is not None:
            colour = _foot_colour(row, palette, hovered)
            painter.setPen(QColor(colour))
            bubble.foot.draw(painter, bubble.foot_at + at)
            _paint_foot_icon(painter, bubble.foot_at + at, row, colour)


def _state_and_area(option: QStyleOptionViewItem) -> tuple[QStyle.StateFlag, QRect]:
    state: Any = option.state
    area: Any = option.rect
    return state, area


def _gap_above(row: MessageRow) -> float:
    return _GROUP_GAP if row.first_in_group else _GAP


def _foot_colour(row: MessageRow, palette: Palette, hovered: bool) -> str:
    if row.style in _ALERT:
        return palette.danger
    if row.style is BubbleStyle.HELD:
        return palette.accent_text
    if row.style is BubbleStyle.PAUSED:
        return palette.warning
    return palette.on_bubble if hovered else palette.on_bubble_quiet


def _paint_foot_icon(painter: QPainter, at: QPointF, row: MessageRow, colour: str) -> None:
    if name := FOOT_ICONS.get(row.style):
        scale = painter.device().devicePixelRatioF()
        painter.drawPixmap(at + QPointF(-FOOT_ICON - 4, 1.5), picture(name, colour, int(FOOT_ICON), scale))


def _paint_body(painter: QPainter, rect: QRectF, row: MessageRow, palette: Palette, focused: bool) -> None:
    shape = _rounded(rect.adjusted(0.5, 0.5, -0.5, -0.5), _corners(row))
    painter.setBrush(QColor(_fill(row, palette)))
    painter.setPen(_outline(row, palette))
    painter.drawPath(shape)
    if focused:
        _paint_ring(painter, shape, palette)


def _fill(row: MessageRow, palette: Palette) -> str:
    if row.style in _ALERT:
        return palette.danger_tint
    if row.style is BubbleStyle.PAUSED:
        return palette.warning_tint
    if row.style in _DASHED:
        return palette.accent_tint
    return palette.bubble_own if row.own else palette.bubble_other


def _outline(row: MessageRow, palette: Palette) -> QPen:
    if row.style in _ALERT:
        pen = QPen(QColor(palette.danger), 1.2)
    elif row.style is BubbleStyle.HELD:
        pen = QPen(QColor(palette.accent_text), 1.2)
    elif row.style is BubbleStyle.PAUSED:
        pen = QPen(QColor(palette.warning), 1.2)
    elif row.style in _DASHED:
        pen = QPen(QColor(palette.on_bubble_quiet), 1.2)
    else:
        return QPen(Qt.PenStyle.NoPen)
    if row.style in _DASHED:
        pen.setDashPattern([4, 3])
    return pen


def _paint_ring(painter: QPainter, shape: QPainterPath, palette: Palette) -> None:
    painter.setBrush(Qt.BrushStyle.NoBrush)
    painter.setPen(QPen(QColor(palette.accent_text), 2))
    painter.drawPath(shape)


def _corners(row: MessageRow) -> tuple[float, ...]:
    """Radii from the upper left, clockwise: small where a neighbour of the same group joins."""
    wide, small = float(theme.RADIUS_BUBBLE), 4.0
    upper = wide if row.first_in_group else small
    lower = wide if row.last_in_group else small
    return (wide, upper, lower, wide) if row.own else (upper, wide, wide, lower)


def _rounded(rect: QRectF, radii: tuple[float, ...]) -> QPainterPath:
    upper_left, upper_right, lower_right, lower_left = (2 * radius for radius in radii)
    path = QPainterPath()
    path.moveTo(rect.left() + upper_left / 2, rect.top())
    path.arcTo(rect.right() - upper_right, rect.top(), upper_right, upper_right, 90, -90)
    path.arcTo(rect.right() - lower_right, rect.bottom() - lower_right, lower_right, lower_right, 0, -90)
    path.arcTo(rect.left(), rect.bottom() - lower_left, lower_left, lower_left, -90, -90)
    path.arcTo(rect.left(), rect.top(), upper_left, upper_left, 180, -90)
    path.closeSubpath()
    return path

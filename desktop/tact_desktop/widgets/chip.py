"""One clause of a condition and how it stands now, as a mark and in words."""

from PySide6.QtCore import QPointF, QRectF, QSize, Qt
from PySide6.QtGui import QColor, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QFrame, QHBoxLayout, QSizePolicy, QWidget

from tact_desktop import theme
from tact_desktop.state.mark import Mark as Mark
from tact_desktop.state.wording import MARK_WORDS
from tact_desktop.state.wording_waiting import AS_LAST_KNOWN
from tact_desktop.theme_palettes import Palette
from tact_desktop.widgets.text import Elided, label

_COLOURS = {Mark.TRUE: "ok", Mark.FALSE: "text_quiet", Mark.UNKNOWN: "warning", Mark.IMPOSSIBLE: "danger"}
_LETTERS = {Mark.UNKNOWN: "?", Mark.IMPOSSIBLE: "!"}


def paint_mark(painter: QPainter, rect: QRectF, mark: Mark, palette: Palette, dimmed: bool = False) -> None:
    """Draws ● ○ ? or ! to fill the square `rect`."""
    colour = QColor(palette.text_disabled if dimmed else getattr(palette, _COLOURS[mark]))
    painter.save()
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    if letter := _LETTERS.get(mark):
        painter.setPen(colour)
        painter.setFont(theme.font(rect.height() * 1.25, strong=True))
        painter.drawText(rect.adjusted(-4, -4, 4, 4), Qt.AlignmentFlag.AlignCenter, letter)
    elif mark is Mark.TRUE:
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(colour)
        painter.drawEllipse(rect)
    else:
        painter.setPen(QPen(colour, 1.6))
        painter.drawEllipse(rect.adjusted(0.8, 0.8, -0.8, -0.8))
    painter.restore()


class MarkSign(QWidget):
    """The mark alone; give its word beside it."""

    def __init__(self, mark: Mark = Mark.UNKNOWN, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._mark, self._dimmed = mark, False
        self.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)
        self.setAccessibleName(MARK_WORDS[mark])
        theme.theme().changed.connect(self.update)

    def set_mark(self, mark: Mark, dimmed: bool = False) -> None:
        """Shows `mark`; dimmed where it is only as last known."""
        if (mark, dimmed) == (self._mark, self._dimmed):
            return
        self._mark, self._dimmed = mark, dimmed
        self.setAccessibleName(MARK_WORDS[mark])
        self.update()

    def sizeHint(self) -> QSize:
        return QSize(12, 16)

    def paintEvent(self, event: QPaintEvent, /) -> None:
        side = 9.0
        middle = QRectF(self.rect()).center()
        rect = QRectF(middle - QPointF(side / 2, side / 2), middle + QPointF(side / 2, side / 2))
        paint_mark(QPainter(self), rect, self._mark, theme.palette(), self._dimmed)


class Chip(QFrame):
    """A clause in a rounded field: mark, the clause, and quietly how it stands."""

    def __init__(self, clause: str, mark: Mark, detail: str = "", parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setProperty("role", "chip")
        self.setSizePolicy(QSizePolicy.Policy.Maximum, QSizePolicy.Policy.Fixed)
        self.setFixedHeight(22)
        self._sign = MarkSign(mark)
        self._clause = Elided(role="small")
        self._clause.setFont(theme.font(theme.FONT_FOOT))
        self._detail = label(role="foot")
        row = QHBoxLayout(self)
        row.setContentsMargins(theme.SPACE_2, 0, theme.SPACE_2 + 2, 0)
        row.setSpacing(theme.SPACE_1 + 1)
        for part in (self._sign, self._clause, self._detail):
            row.addWidget(part)
        self.set_clause(clause, mark, detail)

    def set_clause(self, clause: str, mark: Mark, detail: str = "", dimmed: bool = False) -> None:
        """`detail` is said instead of the mark's own word, such as "now: Angry"; dimmed: as last known."""
        word = MARK_WORDS[mark]
        self._sign.set_mark(mark, dimmed)
        self._clause.setText(clause)
        self._detail.setText(detail or word)
        theme.set_role(self._clause, "foot" if dimmed else "small")
        said = [word, *([detail] if detail else []), *([AS_LAST_KNOWN] if dimmed else [])]
        self.setAccessibleName(f"{clause}: {', '.join(said)}")

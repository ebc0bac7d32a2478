"""Every label and message box of the window is made here, so that all text is plain text.

What a colleague types must never be read as markup: not in a label, not in a tool tip, not in a box.
"""

from html import escape

from PySide6.QtCore import QSize, Qt
from PySide6.QtGui import QFontMetrics, QPainter, QPaintEvent, QResizeEvent
from PySide6.QtWidgets import QLabel, QMessageBox, QSizePolicy, QStyleOption, QWidget

from tact_desktop import theme

# role -> (size, strong); colours stand in the style sheet under the same names
_FONTS = {
    "title": (theme.FONT_TITLE, True),
    "strong": (theme.FONT_TEXT, True),
    "heading": (theme.FONT_FOOT, True),
    "foot": (theme.FONT_FOOT, False),
    "badge": (theme.FONT_FOOT, True),
}


def label(text: str = "", role: str = "text", wrap: bool = False, selectable: bool = False) -> QLabel:
    """A plain-text label; roles: text, title, strong, heading, quiet, foot, badge, accent, danger, warning, ok."""
    made = QLabel()
    _prepare(made, role)
    made.setWordWrap(wrap)
    if selectable:
        made.setTextInteractionFlags(
            Qt.TextInteractionFlag.TextSelectableByMouse | Qt.TextInteractionFlag.TextSelectableByKeyboard
        )
    made.setText(text)
    return made


class Elided(QLabel):
    """One line that ends in "…" when there is no room, and then shows all of itself in its tool tip."""

    def __init__(self, text: str = "", role: str = "text", parent: QWidget | None = None) -> None:
        super().__init__(parent)
        _prepare(self, role)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Preferred)
        self.setText(text)

    def setText(self, text: str, /) -> None:
        super().setText(" ".join(text.split()))
        self._tell_rest()

    def sizeHint(self) -> QSize:
        metrics = QFontMetrics(self.font())
        return QSize(metrics.horizontalAdvance(self.text()) + 2, metrics.height())

    def minimumSizeHint(self) -> QSize:
        metrics = QFontMetrics(self.font())
        return QSize(min(self.sizeHint().width(), metrics.horizontalAdvance("M…")), metrics.height())

    def resizeEvent(self, event: QResizeEvent, /) -> None:
        super().resizeEvent(event)
        self._tell_rest()

    def paintEvent(self, event: QPaintEvent, /) -> None:
        painter = QPainter(self)
        option = QStyleOption()
        option.initFrom(self)
        self.style().drawItemText(
            painter,
            self.contentsRect(),
            Qt.AlignmentFlag.AlignVCenter | Qt.TextFlag.TextSingleLine,
            option.palette,
            self.isEnabled(),
            self._shown(),
            self.foregroundRole(),
        )

    def is_cut(self) -> bool:
        """Whether some of the text is not to be seen."""
        return self._shown() != self.text()

    def _shown(self) -> str:
        metrics = QFontMetrics(self.font())
        return metrics.elidedText(self.text(), Qt.TextElideMode.ElideRight, self.contentsRect().width())

    def _tell_rest(self) -> None:
        self.setToolTip(plain_tooltip(self.text()) if self.is_cut() else "")


def plain_tooltip(text: str) -> str:
    """`text` for setToolTip: wrapped when long, and no markup in it can come to life."""
    return f"<qt>{escape(text).replace(chr(10), '<br>')}</qt>" if text else ""


def message_box(parent: QWidget | None, title: str, text: str, detail: str = "") -> QMessageBox:
    """A plain-text message box, not yet shown; the caller adds its buttons."""
    box = QMessageBox(parent)
    box.setTextFormat(Qt.TextFormat.PlainText)
    box.setWindowTitle(title)
    box.setText(text)
    if detail:
        box.setInformativeText(detail)
        for shown in box.findChildren(QLabel):
            shown.setTextFormat(Qt.TextFormat.PlainText)
    return box


def _prepare(made: QLabel, role: str) -> None:
    made.setTextFormat(Qt.TextFormat.PlainText)
    size, strong = _FONTS.get(role, (theme.FONT_TEXT, False))
    made.setFont(theme.font(size, strong))
    made.setProperty("role", role)

"""Every label and message box of the window is made here, so that all text is plain text.

What a colleague types must never be read as markup: not in a label, not in a tool tip, not in a box.
"""

from html import escape

from PySide6.QtCore import QSize, Qt
from PySide6.QtGui import QFontMetrics, QPainter, QPaintEvent, QResizeEvent
from PySide6.QtWidgets import QLabel, QMessageBox, QSizePolicy, QStyleOption, QWidget

from tact_desktop import theme
from tact_desktop.state.shown import shown_text, title_text

# role -> (size, strong); colours stand in the style sheet under the same names
_FONTS = {
    "title": (theme.FONT_TITLE, True),
    "strong": (theme.FONT_TEXT, True),
    "heading": (theme.FONT_FOOT, True),
    "foot": (theme.FONT_FOOT, False),
    "badge": (theme.FONT_FOOT, True),
}


class Plain(QLabel):
    """A label that shows its text as it is, but for what `shown_text` takes out of every text."""

    def __init__(self, role: str = "text", parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setTextFormat(Qt.TextFormat.PlainText)
        size, strong = _FONTS.get(role, (theme.FONT_TEXT, False))
        self.setFont(theme.font(size, strong))
        self.setProperty("role", role)

    def setText(self, text: str, /) -> None:
        super().setText(shown_text(text))


def label(text: str = "", role: str = "text", wrap: bool = False, selectable: bool = False) -> Plain:
    """A plain-text label; roles: text, title, strong, heading, quiet, foot, badge, accent, danger, warning, ok."""
    made = Plain(role)
    made.setWordWrap(wrap)
    if selectable:
        made.setTextInteractionFlags(
            Qt.TextInteractionFlag.TextSelectableByMouse | Qt.TextInteractionFlag.TextSelectableByKeyboard
        )
    made.setText(text)
    return made


class Elided(Plain):
    """One line that ends in "…" when there is no room, and then shows all of itself in its tool tip."""

    def __init__(self, text: str = "", role: str = "text", parent: QWidget | None = None) -> None:
        super().__init__(role, parent)
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
        explain(self, self.text() if self.is_cut() else "")


def explain(widget: QWidget, text: str) -> None:
    """Gives `widget` a tool tip; a screen reader, which would read out the markup of one, gets the text alone."""
    widget.setToolTip(plain_tooltip(text))
    widget.setAccessibleDescription(shown_text(text))


def plain_tooltip(text: str) -> str:
    """`text` for setToolTip: wrapped when long, and no markup in it can come to life."""
    return f"<p style='white-space: pre-wrap'>{escape(shown_text(text))}</p>" if text else ""


def button_text(text: str) -> str:
    """`text` for a button, a box or a menu, where one "&" alone would make a key of the letter after it."""
    return shown_text(text).replace("&", "&&")


def message_box(parent: QWidget | None, title: str, text: str, detail: str = "") -> QMessageBox:
    """A plain-text message box, not yet shown; the caller adds its buttons."""
    box = QMessageBox(parent)
    box.setProperty("role", "pane")  # on which a button is seen to be one
    box.setTextFormat(Qt.TextFormat.PlainText)
    box.setWindowTitle(title_text(title))
    box.setText(shown_text(text))
    if detail:
        box.setInformativeText(shown_text(detail))
        for shown in box.findChildren(QLabel):
            shown.setTextFormat(Qt.TextFormat.PlainText)
    return box

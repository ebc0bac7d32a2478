"""What stands where there is nothing yet: a quiet sign, what to do, and at most one button for it."""

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QPushButton, QVBoxLayout, QWidget

from tact_desktop import theme
from tact_desktop.widgets.icon_button import show_icon
from tact_desktop.widgets.text import button_text, label

_SIGN = 36


class EmptyState(QWidget):
    """In the middle of its place; a part that is "" is away."""

    pressed = Signal()

    def __init__(self, icon: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._icon = icon
        self._sign = label()
        self._title, self._hint = label(role="strong", wrap=True), label(role="quiet", wrap=True)
        self._button = QPushButton()
        self._button.clicked.connect(self.pressed)
        rows = QVBoxLayout(self)
        rows.setContentsMargins(theme.SPACE_4, theme.SPACE_4, theme.SPACE_4, theme.SPACE_4)
        rows.setSpacing(theme.SPACE_2)
        rows.addStretch(2)
        for part in (self._sign, self._title, self._hint):
            part.setAlignment(Qt.AlignmentFlag.AlignCenter)
            rows.addWidget(part)
        rows.addWidget(self._button, 0, Qt.AlignmentFlag.AlignHCenter)
        rows.addStretch(3)
        theme.theme().changed.connect(self._draw)
        self._draw()
        self.tell("")

    def tell(self, title: str, hint: str = "", button: str = "") -> None:
        """Says what is missing, what to do about it, and offers to do it."""
        for part, text in ((self._title, title), (self._hint, hint)):
            part.setText(text)
            part.setVisible(bool(text))
        self._button.setText(button_text(button))
        self._button.setVisible(bool(button))

    def _draw(self) -> None:
        show_icon(self._sign, self._icon, "text_disabled", _SIGN)

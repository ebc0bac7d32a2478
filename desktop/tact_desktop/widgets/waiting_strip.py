"""One line above the composer that says how many messages wait here, and leads to them."""

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QHBoxLayout, QPushButton, QWidget

from tact_desktop import theme
from tact_desktop.state import wording_conversation as words
from tact_desktop.widgets.text import button_text

_ICON = 14


class WaitingStrip(QWidget):
    """Away where nothing waits."""

    pressed = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._button = QPushButton()
        self._button.setProperty("role", "link")
        theme.set_icon(self._button, "hourglass", "accent_text", _ICON)
        self._button.clicked.connect(self.pressed)
        row = QHBoxLayout(self)
        row.setContentsMargins(theme.SPACE_3, theme.SPACE_1, theme.SPACE_3, theme.SPACE_1)
        row.addWidget(self._button)
        row.addStretch(1)

    def show_count(self, count: int) -> None:
        """How many wait."""
        self._button.setText(button_text(words.waiting_here(count)))
        self.setVisible(count > 0)

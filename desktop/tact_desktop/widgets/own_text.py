"""A field for something one says of oneself."""

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QFocusEvent, QIcon, QKeyEvent
from PySide6.QtWidgets import QLineEdit

from tact_desktop import theme
from tact_desktop.state.wording_words import attribute_word
from tact_engine.core.presence import ATTRIBUTES


class OwnText(QLineEdit):
    """One attribute that is a text: Enter or leaving the field settles it, Esc takes the writing back."""

    settled = Signal(str)

    def __init__(self, name: str, hint: str, clear: str) -> None:
        super().__init__()
        self._shown = ""
        self.setAccessibleName(attribute_word(name))
        self.setPlaceholderText(hint)
        self.setMaxLength(ATTRIBUTES[name].length_max)
        self._clear = self.addAction(QIcon(), QLineEdit.ActionPosition.TrailingPosition)
        self._clear.setText(clear)
        self._clear.setVisible(False)
        theme.set_icon(self._clear, "x", "text_quiet")
        self._clear.triggered.connect(self._empty)
        self.textChanged.connect(self._offer_clear)
        self.editingFinished.connect(self._settle)

    def show_text(self, text: str) -> None:
        """Shows what holds, unless it is being changed right now."""
        writing = self.hasFocus() and self.text() != self._shown
        self._shown = text
        if not writing and text != self.text():
            self.setText(text)

    def keyPressEvent(self, event: QKeyEvent, /) -> None:
        if event.key() == Qt.Key.Key_Escape and self.text() != self._shown:
            self.setText(self._shown)
            return
        super().keyPressEvent(event)

    def focusInEvent(self, event: QFocusEvent, /) -> None:
        super().focusInEvent(event)
        self.selectAll()

    def _offer_clear(self, text: str) -> None:
        self._clear.setVisible(bool(text))

    def _empty(self) -> None:
        self.clear()
        self._settle()

    def _settle(self) -> None:
        text = " ".join(self.text().split())
        self.setText(text)
        if text != self._shown:
            self._shown = text
            self.settled.emit(text)

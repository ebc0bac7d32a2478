"""The rounded field a message is written in: one line high, growing to six."""

from PySide6.QtCore import QMimeData, Qt, Signal
from PySide6.QtGui import QKeyEvent, QResizeEvent, QTextCursor
from PySide6.QtWidgets import QPlainTextEdit, QSizePolicy, QWidget

LINES_MAX = 6
_FRAME = 2 * (2 + 1)  # padding and border of the composer in the style sheet

_ENTER = (Qt.Key.Key_Return, Qt.Key.Key_Enter)
_CONTROL = Qt.KeyboardModifier.ControlModifier
_SHIFT = Qt.KeyboardModifier.ShiftModifier


class GrowingEdit(QPlainTextEdit):
    """Plain text only. Enter submits and Shift+Enter breaks the line; `send_with_control` makes it Ctrl+Enter.

    `submitted_now` is Ctrl+Enter (Ctrl+Shift+Enter after `send_with_control`): send without waiting.
    """

    submitted = Signal()
    submitted_now = Signal()
    up_in_empty = Signal()

    def __init__(self, name: str, placeholder: str = "", parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._control = False
        self.setProperty("role", "composer")
        self.setAccessibleName(name)
        self.setPlaceholderText(placeholder)
        self.setTabChangesFocus(True)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self.setVerticalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.textChanged.connect(self._grow)
        self._grow()

    def send_with_control(self, control: bool) -> None:
        """True: Ctrl+Enter submits and Enter breaks the line."""
        self._control = control

    def text(self) -> str:
        """What is written, without blanks around it."""
        return self.toPlainText().strip()

    def set_text(self, text: str) -> None:
        """Puts `text` in, the cursor at its end."""
        self.setPlainText(text)
        self.moveCursor(QTextCursor.MoveOperation.End)

    def keyPressEvent(self, event: QKeyEvent, /) -> None:
        key, keys = event.key(), event.modifiers() & ~Qt.KeyboardModifier.KeypadModifier
        if key in _ENTER:
            self._enter(keys, event.isAutoRepeat())
        elif key == Qt.Key.Key_Up and not keys and not self.toPlainText():
            self.up_in_empty.emit()
        else:
            super().keyPressEvent(event)

    def resizeEvent(self, event: QResizeEvent, /) -> None:
        super().resizeEvent(event)
        if event.size().width() != event.oldSize().width():
            self._grow()

    def canInsertFromMimeData(self, source: QMimeData, /) -> bool:
        return source.hasText()

    def insertFromMimeData(self, source: QMimeData, /) -> None:
        self.textCursor().insertText(source.text())
        self.ensureCursorVisible()

    def _enter(self, keys: Qt.KeyboardModifier, repeated: bool) -> None:
        plain = Qt.KeyboardModifier.NoModifier
        submit, now = (_CONTROL, _CONTROL | _SHIFT) if self._control else (plain, _CONTROL)
        if keys in (submit, now):
            if not repeated:  # a key held down must not send what is typed next
                (self.submitted if keys == submit else self.submitted_now).emit()
        else:
            self.textCursor().insertText("\n")
            self.ensureCursorVisible()

    def _grow(self) -> None:
        line = self.fontMetrics().lineSpacing()
        full = LINES_MAX * line
        wanted = min(max(self._text_height(full), line), full)
        margin = 2 * self.document().documentMargin()
        height = round(wanted + margin) + _FRAME
        over = self._text_height(full + 1) > full
        policy = Qt.ScrollBarPolicy
        self.setVerticalScrollBarPolicy(policy.ScrollBarAsNeeded if over else policy.ScrollBarAlwaysOff)
        if height != self.height() or self.minimumHeight() != height:
            self.setFixedHeight(height)

    def _text_height(self, enough: float) -> float:
        """The height of the text in pixels; counting stops at `enough`."""
        total, block = 0.0, self.document().begin()
        while block.isValid() and total <= enough:
            total += self.blockBoundingRect(block).height()
            block = block.next()
        return total

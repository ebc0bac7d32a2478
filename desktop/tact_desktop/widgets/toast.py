"""A bar at the bottom of the window that says what was just done, and for six seconds takes it back."""

from PySide6.QtCore import QEvent, QObject, QTimer, Signal, SignalInstance
from PySide6.QtGui import QEnterEvent
from PySide6.QtWidgets import QFrame, QHBoxLayout, QPushButton, QWidget

from tact_desktop import theme
from tact_desktop.widgets.announce import announce
from tact_desktop.widgets.text import label


class Toast(QFrame):
    """Lies over `parent`; `undone` when its button was pressed, `passed` when the time ran out or another came.

    The time stands still while the pointer or the keyboard is on it.
    """

    undone = Signal(str)
    passed = Signal(str)

    def __init__(self, parent: QWidget, timer: QTimer | None = None, clear_of: int = theme.SPACE_4) -> None:
        """`timer` must be single-shot; `clear_of` is the distance from the bottom in pixels."""
        super().__init__(parent)
        self.setProperty("role", "toast")
        self._around = parent
        self._clear_of = clear_of
        self._key = ""
        self._sentence = label(role="on-tooltip")
        self._button = QPushButton()
        self._button.setProperty("role", "toast")
        self._button.clicked.connect(self._undo)
        row = QHBoxLayout(self)
        row.setContentsMargins(theme.SPACE_4, theme.SPACE_1 + 1, theme.SPACE_2, theme.SPACE_1 + 1)
        row.setSpacing(theme.SPACE_2)
        row.addWidget(self._sentence)
        row.addWidget(self._button)
        self._timer = timer or QTimer(self)
        self._timer.setSingleShot(True)
        self._timer.timeout.connect(self._pass)
        self.setVisible(False)
        parent.installEventFilter(self)
        self._button.installEventFilter(self)

    def offer(self, key: str, sentence: str, undo: str = "Undo") -> None:
        """Shows `sentence` with a way back; `key` names the deed in the signal that follows."""
        self._pass()
        self._key = key
        self._sentence.setText(sentence)
        self._button.setText(undo)
        self._button.setAccessibleName(f"{undo}: {sentence}")
        self.setVisible(True)
        self._settle()
        self.raise_()
        self._timer.start(theme.UNDO_MS)
        announce(self, f"{sentence} {undo}")

    def eventFilter(self, watched: QObject, event: QEvent, /) -> bool:
        kind = event.type()
        if watched is self._around and kind == QEvent.Type.Resize:
            self._settle()
        elif kind == QEvent.Type.FocusIn and watched is self._button:
            self._timer.stop()
        elif kind == QEvent.Type.FocusOut and watched is self._button:
            self._go_on()
        return super().eventFilter(watched, event)

    def enterEvent(self, event: QEnterEvent, /) -> None:
        self._timer.stop()
        super().enterEvent(event)

    def leaveEvent(self, event: QEvent, /) -> None:
        self._go_on()
        super().leaveEvent(event)

    def _go_on(self) -> None:
        if self._key:
            self._timer.start(theme.UNDO_MS)

    def _settle(self) -> None:
        self.adjustSize()
        around = self._around
        self.setMaximumWidth(around.width() - 2 * theme.SPACE_2)
        left = (around.width() - self.width()) // 2
        self.move(left, around.height() - self.height() - self._clear_of)

    def _undo(self) -> None:
        self._finish(self.undone)

    def _pass(self) -> None:
        self._finish(self.passed)

    def _finish(self, signal: SignalInstance) -> None:
        key, self._key = self._key, ""
        self._timer.stop()
        self.setVisible(False)
        if key:
            signal.emit(key)

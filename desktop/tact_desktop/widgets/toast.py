"""A bar at the bottom of the window that says what was just done or has happened, and for six seconds offers a deed."""

from collections.abc import Callable

from PySide6.QtCore import QEvent, QObject, QTimer, Signal, SignalInstance
from PySide6.QtGui import QEnterEvent
from PySide6.QtWidgets import QFrame, QHBoxLayout, QPushButton, QWidget

from tact_desktop import theme
from tact_desktop.widgets.announce import announce
from tact_desktop.widgets.text import button_text, label


class Toast(QFrame):
    """Lies over `parent`; `undone` when its button was pressed, `passed` when the time ran out or another came.

    The time stands still while the pointer or the keyboard is on it. What has merely happened waits until it is over.
    """

    undone = Signal(str)
    passed = Signal(str)

    def __init__(
        self,
        parent: QWidget,
        timer: QTimer | None = None,
        clear_of: Callable[[], int] = lambda: theme.SPACE_4,
    ) -> None:
        """`timer` must be single-shot; `clear_of` tells the distance from the bottom in pixels."""
        super().__init__(parent)
        self.setProperty("role", "toast")
        self._around = parent
        self._clear_of = clear_of
        self._key = ""
        self._next: list[tuple[str, str, str]] = []
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
        self._settling = QTimer(self, singleShot=True, interval=0)
        self._settling.timeout.connect(self._settle)
        self.setVisible(False)
        parent.installEventFilter(self)
        self._button.installEventFilter(self)

    def offer(self, key: str, sentence: str, undo: str = "Undo") -> None:
        """Shows `sentence` with a way back; `key` names the deed in the signal that follows."""
        self._finish(self.passed)
        self._show(key, sentence, undo)

    def tell(self, key: str, sentence: str, deed: str = "") -> None:
        """Shows `sentence`, with a button where there is a `deed`, as soon as nothing else is shown."""
        if self._key:
            self._next.append((key, sentence, deed))
        else:
            self._show(key, sentence, deed)

    def _show(self, key: str, sentence: str, deed: str) -> None:
        self._key = key
        self._sentence.setText(sentence)
        self._button.setText(button_text(deed))
        self._button.setAccessibleName(f"{deed}: {sentence}")
        self._button.setVisible(bool(deed))
        self.setVisible(True)
        self._settle()
        self.raise_()
        self._timer.start(theme.UNDO_MS)
        announce(self, f"{sentence} {deed}".rstrip())

    def eventFilter(self, watched: QObject, event: QEvent, /) -> bool:
        kind = event.type()
        if watched is self._around and kind == QEvent.Type.Resize:
            self._settle()
        elif watched is self._around and kind == QEvent.Type.LayoutRequest:
            self._settling.start()  # when everything has its place
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
        self.move(left, around.height() - self.height() - self._clear_of())

    def _undo(self) -> None:
        self._finish(self.undone)
        self._go_to_next()

    def _pass(self) -> None:
        self._finish(self.passed)
        self._go_to_next()

    def _finish(self, signal: SignalInstance) -> None:
        key, self._key = self._key, ""
        self._timer.stop()
        self.setVisible(False)
        if key:
            signal.emit(key)

    def _go_to_next(self) -> None:
        if self._next and not self._key:
            self._show(*self._next.pop(0))

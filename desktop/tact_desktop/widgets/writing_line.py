"""The line a message is written in, and the button that sends it; or why nothing can be written."""

from PySide6.QtCore import QSignalBlocker, Qt, Signal
from PySide6.QtWidgets import QHBoxLayout, QPushButton, QWidget

from tact_desktop import theme
from tact_desktop.state import wording_composer
from tact_desktop.state import wording_panels as words
from tact_desktop.widgets.grow_edit import GrowingEdit
from tact_desktop.widgets.text import button_text, label

_ICON = 18


class WritingLine(QWidget):
    """Tells each change of the text, and the three ways to go on; the button says what it was told to say."""

    written = Signal(str)
    submitted = Signal()
    submitted_now = Signal()
    up_in_empty = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._name, self._note = "", False
        self._button: tuple[str, bool, str] | None = None
        self.field = GrowingEdit(words.MESSAGE)
        self._send = QPushButton(words.SEND)
        self._send.setProperty("role", "primary")
        self._reason = label(role="quiet", wrap=True)
        self._reason.setAlignment(Qt.AlignmentFlag.AlignCenter)
        self._reason.setVisible(False)
        line = QHBoxLayout(self)
        line.setContentsMargins(0, 0, 0, 0)
        line.setSpacing(theme.SPACE_2)
        line.addWidget(self.field, 1, Qt.AlignmentFlag.AlignBottom)
        line.addWidget(self._send, 0, Qt.AlignmentFlag.AlignBottom)
        line.addWidget(self._reason, 1)
        self.field.textChanged.connect(self._tell)
        self.field.submitted.connect(self._submit)
        self.field.submitted_now.connect(self.submitted_now)
        self.field.up_in_empty.connect(self.up_in_empty)
        self._send.clicked.connect(self._submit)

    def show_text(self, text: str) -> None:
        """Shows `text`, silently; the cursor stays where it is the same."""
        if text != self.field.toPlainText():
            with QSignalBlocker(self):
                self.field.set_text(text)

    def show_button(self, text: str, usable: bool, icon: str) -> None:
        """What sending would do, whether it can be done, and the sign of it."""
        if (text, usable, icon) == self._button:
            return
        self._button = (text, usable, icon)
        self._send.setText(button_text(text))
        self._send.setEnabled(usable)
        theme.set_icon(self._send, icon, "on_accent", _ICON)

    def show_reason(self, reason: str) -> None:
        """Why nothing can be written, in the place of the line; "" brings the line back."""
        self._reason.setText(reason)
        self._reason.setVisible(bool(reason))
        self.field.setVisible(not reason)
        self._send.setVisible(not reason)

    def set_recipient(self, name: str) -> None:
        """Whom the message is for."""
        self._name = name
        self._say_what_for()

    def set_note(self, note: bool) -> None:
        """True: what is written is a note for oneself, and nothing is sent."""
        if note != self._note:
            self._note = note
            self._say_what_for()

    def focus_text(self) -> None:
        """Puts the cursor into the message."""
        self.field.setFocus(Qt.FocusReason.OtherFocusReason)

    def _say_what_for(self) -> None:
        hint = wording_composer.NOTE_HINT if self._note else words.message_to(self._name)
        self.field.setPlaceholderText(hint)
        title = wording_composer.NOTE if self._note else words.MESSAGE
        self.field.setAccessibleName(words.named(title, self._name))

    def _tell(self) -> None:
        self.written.emit(self.field.toPlainText())

    def _submit(self) -> None:
        if self._send.isEnabled():
            self.submitted.emit()

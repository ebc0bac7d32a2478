"""Asks before somebody is removed, or leaves: what it means, and what becomes of what they sent."""

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QDialog, QHBoxLayout, QPushButton, QRadioButton, QVBoxLayout, QWidget

from tact_desktop import theme
from tact_desktop.state import wording_members as words
from tact_desktop.state.shown import title_text
from tact_desktop.widgets.text import button_text, label

_WIDTH = 440


class RemovalQuestion(QDialog):
    """`confirmed` tells whether what they sent is to be taken back. Enter does nothing by itself; Esc cancels."""

    confirmed = Signal(bool)

    def __init__(self, parent: QWidget, question: str, meaning: str, sent: str, verb: str) -> None:
        super().__init__(parent)
        self.setProperty("role", "pane")
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.setWindowTitle(title_text(question))
        self.setMinimumWidth(_WIDTH)
        self._go_on, self._back = QRadioButton(words.GO_ON_WAITING), QRadioButton(words.TAKE_BACK)
        self._go_on.setChecked(True)
        for choice in (self._go_on, self._back):
            choice.setAccessibleDescription(sent)
        remove, cancel = QPushButton(button_text(verb)), QPushButton(words.CANCEL)
        remove.setProperty("role", "danger")
        remove.setAutoDefault(False)
        cancel.setDefault(True)
        remove.clicked.connect(self._confirm)
        cancel.clicked.connect(self.reject)
        rows = QVBoxLayout(self)
        rows.setContentsMargins(theme.SPACE_4, theme.SPACE_4, theme.SPACE_4, theme.SPACE_4)
        rows.setSpacing(theme.SPACE_2)
        rows.addWidget(label(question, "title", wrap=True))
        rows.addWidget(label(meaning, wrap=True))
        rows.addSpacing(theme.SPACE_1)
        rows.addWidget(label(sent, "strong", wrap=True))
        for choice in (self._go_on, self._back):
            rows.addWidget(choice)
        rows.addSpacing(theme.SPACE_2)
        deeds = QHBoxLayout()
        deeds.addStretch(1)
        for button in (remove, cancel):
            deeds.addWidget(button)
        rows.addLayout(deeds)
        cancel.setFocus(Qt.FocusReason.OtherFocusReason)

    def _confirm(self) -> None:
        self.confirmed.emit(self._back.isChecked())
        self.accept()

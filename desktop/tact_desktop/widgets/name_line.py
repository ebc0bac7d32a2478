"""A line in which something is given a short name: no dialog, Enter saves and Esc leaves."""

from collections.abc import Callable

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QHBoxLayout, QLineEdit, QPushButton, QWidget

from tact_desktop import theme
from tact_desktop.state import wording_editor as words
from tact_desktop.state.own_presets import NAME_LENGTH_MAX
from tact_desktop.widgets.text import label


class NameLine(QWidget):
    """Hidden until `ask`; `named` tells a name that `ask`'s check allows, `left` that there shall be none."""

    named = Signal(str)
    left = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._why_not: Callable[[str], str] = lambda _: ""
        self._field = QLineEdit()
        self._field.setMaxLength(NAME_LENGTH_MAX)
        self._field.setPlaceholderText(words.PRESET_NAME_HINT)
        self._field.setMaximumWidth(theme.CONTROL_HEIGHT * 7)
        self._reason = label(role="foot", wrap=True)
        self._save, self._cancel = QPushButton(words.SAVE), QPushButton(words.KEEP_NAME)
        line = QHBoxLayout(self)
        line.setContentsMargins(0, 0, 0, 0)
        line.setSpacing(theme.SPACE_2)
        line.addWidget(self._field, 2)
        line.addWidget(self._save)
        line.addWidget(self._cancel)
        line.addWidget(self._reason, 1)
        self._field.textChanged.connect(self._check)
        self._field.returnPressed.connect(self._confirm)
        self._save.clicked.connect(self._confirm)
        self._cancel.clicked.connect(self._leave)
        self.setVisible(False)

    def ask(self, title: str, name: str, why_not: Callable[[str], str]) -> None:
        """Asks for a name, beginning with `name`; `why_not` says of each why it cannot be, "" where it can."""
        self._why_not = why_not
        self._field.setAccessibleName(title)
        self._field.setText(name)
        self._check()
        self.setVisible(True)
        self._field.selectAll()
        self._field.setFocus(Qt.FocusReason.OtherFocusReason)

    def keyPressEvent(self, event: QKeyEvent, /) -> None:
        if event.key() == Qt.Key.Key_Escape:
            self._leave()
        elif event.key() not in (Qt.Key.Key_Return, Qt.Key.Key_Enter):  # those have been taken by the field
            super().keyPressEvent(event)

    def _check(self) -> None:
        name = " ".join(self._field.text().split())
        reason = self._why_not(name)
        self._save.setEnabled(not reason)
        self._reason.setText(reason if name else "")
        self._save.setAccessibleDescription(reason)

    def _confirm(self) -> None:
        if self._save.isEnabled():
            self.setVisible(False)
            self.named.emit(" ".join(self._field.text().split()))

    def _leave(self) -> None:
        self.setVisible(False)
        self.left.emit()

"""The password that adds a device: whether there is one, and two fields to set it, shown on demand."""

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QFormLayout, QFrame, QHBoxLayout, QLineEdit, QPushButton, QVBoxLayout, QWidget

from tact_desktop import theme
from tact_desktop.state import wording_members as words
from tact_desktop.state.members import password_problem
from tact_desktop.widgets.text import label


class PasswordForm(QFrame):
    """Tells `chosen` with a new password that can be one, and with "" where there is to be none."""

    chosen = Signal(str)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setProperty("role", "card")
        self._state = label(wrap=True)
        self._set, self._remove = QPushButton(words.SET_PASSWORD), QPushButton(words.REMOVE_PASSWORD)
        self._first, self._again = QLineEdit(), QLineEdit()
        self._problem = label(role="danger", wrap=True)
        self._save, self._cancel = QPushButton(words.SAVE_PASSWORD), QPushButton(words.CANCEL)
        self._save.setProperty("role", "primary")
        self._fields = QWidget()
        self._lay_out()
        self._set.clicked.connect(self._ask)
        self._remove.clicked.connect(lambda: self.chosen.emit(""))
        self._save.clicked.connect(self._submit)
        self._cancel.clicked.connect(self.close_fields)
        self._again.returnPressed.connect(self._submit)
        self._first.returnPressed.connect(self._again.setFocus)
        self.close_fields()

    def show_state(self, has_password: bool, enabled: bool) -> None:
        """Whether there is a password, and whether that can be changed now."""
        self._state.setText(words.HAS_PASSWORD if has_password else words.NO_PASSWORD)
        self._set.setText(words.CHANGE_PASSWORD if has_password else words.SET_PASSWORD)
        self._set.setAccessibleName(words.CHANGE_PASSWORD_SAID if has_password else words.SET_PASSWORD)
        self._remove.setVisible(has_password)
        for part in (self._set, self._remove, self._save):
            part.setEnabled(enabled)

    def fields(self) -> tuple[QWidget, ...]:
        """What the Tab key visits, in order."""
        return self._set, self._remove, self._first, self._again, self._save, self._cancel

    def close_fields(self) -> None:
        """Takes the fields away; nothing of what stood in them is kept."""
        had_focus = self._fields.isAncestorOf(self.window().focusWidget() or self)
        for field in (self._first, self._again):
            field.clear()
        self.show_problem("")
        self._fields.setVisible(False)
        self._set.setVisible(True)
        if had_focus:
            self._set.setFocus(Qt.FocusReason.OtherFocusReason)

    def show_problem(self, sentence: str) -> None:
        """Why it was not taken."""
        self._problem.setText(sentence)
        self._problem.setVisible(bool(sentence))

    def _ask(self) -> None:
        self._fields.setVisible(True)
        self._set.setVisible(False)
        self._first.setFocus(Qt.FocusReason.OtherFocusReason)

    def _submit(self) -> None:
        problem = password_problem(self._first.text(), self._again.text())
        self.show_problem(problem)
        if problem:
            self._first.setFocus(Qt.FocusReason.OtherFocusReason)
        elif self._save.isEnabled():
            self.chosen.emit(self._first.text())

    def _lay_out(self) -> None:
        form = QFormLayout()
        for field, text in ((self._first, words.NEW_PASSWORD), (self._again, words.REPEAT_PASSWORD)):
            field.setEchoMode(QLineEdit.EchoMode.Password)
            field.setAccessibleName(text)
            field.setMaximumWidth(320)
            title = label(text, "quiet")
            title.setBuddy(field)
            form.addRow(title, field)
        deeds = QHBoxLayout()
        for part in (self._save, self._cancel):
            deeds.addWidget(part)
        deeds.addStretch(1)
        inside = QVBoxLayout(self._fields)
        inside.setContentsMargins(0, theme.SPACE_1, 0, 0)
        inside.addLayout(form)
        inside.addWidget(self._problem)
        inside.addLayout(deeds)
        now = QHBoxLayout()
        now.addWidget(self._state, 1)
        for part in (self._set, self._remove):
            part.setProperty("role", "link")
            now.addWidget(part)
        rows = QVBoxLayout(self)
        rows.setContentsMargins(theme.SPACE_3, theme.SPACE_2, theme.SPACE_2, theme.SPACE_2)
        rows.addLayout(now)
        rows.addWidget(self._fields)

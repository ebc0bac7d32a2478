"""Who one is at the first run: a name, the short name made from it, and what helps where that one is taken."""

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QHBoxLayout, QLineEdit, QPushButton, QVBoxLayout, QWidget

from tact_desktop import theme
from tact_desktop.state import wording_panels
from tact_desktop.state import wording_welcome as words
from tact_desktop.state.welcome import HANDLE_LENGTH_MAX, Field, handle_from_name, next_handle, suggested_name
from tact_desktop.widgets.problem_line import ProblemLine, mark_invalid
from tact_desktop.widgets.text import button_text, label

_PASSWORD_LENGTH_MAX = 1024


class PersonFields(QWidget):
    """`edited` follows every change, `submitted` Enter in a field, `link_wanted` the wish to paste a device link."""

    edited = Signal()
    submitted = Signal()
    link_wanted = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._name, self._handle, self._password = QLineEdit(), QLineEdit(), QLineEdit()
        self._preview, self._change = label(role="foot"), QPushButton(words.CHANGE_SHORT_NAME)
        self._problems = {field: ProblemLine() for field in (Field.NAME, Field.HANDLE, Field.PASSWORD)}
        self._edits = {Field.NAME: self._name, Field.HANDLE: self._handle, Field.PASSWORD: self._password}
        self._other, self._by_link = QPushButton(), QPushButton(words.ME_BY_LINK)
        self._by_password = QPushButton(words.ME_BY_PASSWORD)
        self._whose = label(role="heading")
        self._prepare()
        self._lay_out()
        self._connect()
        self._by_hand(False)
        self._ask_password(False)
        self.offer_ways("")

    # --- what stands here --------------------------------------------------------------------------------------

    def name(self) -> str:
        """The name as it was written."""
        return self._name.text()

    def handle(self) -> str:
        """The short name that was written by hand; "" where it is made from the name."""
        return "" if self._written.isHidden() else self._handle.text()

    def password(self) -> str | None:
        """The password; None where it is not asked for."""
        return None if self._secret.isHidden() else self._password.text()

    def has_keyboard(self) -> bool:
        """Whether somebody types here."""
        return any(edit.hasFocus() for edit in self._edits.values())

    def focus(self) -> None:
        """Puts the keyboard where the name is written."""
        self._name.setFocus(Qt.FocusReason.OtherFocusReason)

    # --- what is shown -----------------------------------------------------------------------------------------

    def fill(self, name: str, handle: str) -> None:
        """Write both, as they were written before."""
        self._name.setText(name)
        self._by_hand(bool(handle) and handle != handle_from_name(name))
        self._handle.setText(handle)
        self._show_preview()

    def show_problem(self, sentence: str, field: Field | None) -> None:
        """What is wrong with one of the fields, which gets the keyboard; "" takes it away."""
        if field is Field.HANDLE and sentence:
            self._by_hand(True)
        if field is Field.PASSWORD and sentence:
            self._ask_password(True)
        for own, line in self._problems.items():
            wrong = bool(sentence) and own is field
            line.tell(sentence if wrong else "")
            mark_invalid(self._edits[own], wrong)
            if wrong:
                self._edits[own].setFocus(Qt.FocusReason.OtherFocusReason)
                self._edits[own].selectAll()

    def offer_ways(self, handle: str, by_name: bool = False) -> None:
        """The ways on where `handle` is taken: another one, or that it is one's own; "" takes them away.

        `by_name`: another one alone is no way, the name has to be another one too.
        """
        self._suggested = "" if by_name or not handle else next_handle(handle)
        self._other.setText(
            button_text(words.take_handle(self._suggested)) if self._suggested else words.SOMEBODY_ELSE
        )
        self._ways.setVisible(bool(handle))

    # --- the parts ---------------------------------------------------------------------------------------------

    def _prepare(self) -> None:
        self._name.setAccessibleName(wording_panels.YOUR_NAME)
        self._name.setPlaceholderText(wording_panels.YOUR_NAME_HINT)
        self._handle.setAccessibleName(words.SHORT_NAME)
        self._handle.setMaxLength(HANDLE_LENGTH_MAX)
        self._password.setAccessibleName(words.PASSWORD)
        self._password.setPlaceholderText(words.PASSWORD_HINT)
        self._password.setEchoMode(QLineEdit.EchoMode.Password)
        self._password.setMaxLength(_PASSWORD_LENGTH_MAX)
        for button in (self._change, self._other, self._by_link, self._by_password):
            button.setProperty("role", "link")

    def _connect(self) -> None:
        self._name.textEdited.connect(self._name_edited)
        self._handle.textEdited.connect(self._handle_edited)
        self._password.textEdited.connect(self.edited)
        for edit in self._edits.values():
            edit.returnPressed.connect(self.submitted)
        self._change.clicked.connect(self._change_handle)
        self._other.clicked.connect(self._take_other)
        self._by_link.clicked.connect(self.link_wanted)
        self._by_password.clicked.connect(self._use_password)

    def _lay_out(self) -> None:
        made, self._written, self._secret, self._ways = QHBoxLayout(), QWidget(), QWidget(), QWidget()
        made.setSpacing(theme.SPACE_1)
        made.addWidget(self._preview)
        made.addWidget(self._change)
        made.addStretch(1)
        _stack(self._written, label(words.SHORT_NAME, "heading"), self._handle)
        _stack(self._secret, self._whose, self._password, self._problems[Field.PASSWORD])
        ways = QVBoxLayout(self._ways)
        ways.setContentsMargins(0, 0, 0, 0)
        ways.setSpacing(2)
        for way in (self._other, self._by_link, self._by_password):
            ways.addWidget(way, 0, Qt.AlignmentFlag.AlignLeft)
        rows = QVBoxLayout(self)
        rows.setContentsMargins(0, 0, 0, 0)
        rows.setSpacing(theme.SPACE_2)
        rows.addWidget(label(wording_panels.YOUR_NAME, "heading"))
        rows.addWidget(self._name)
        rows.addWidget(self._problems[Field.NAME])
        rows.addLayout(made)
        for part in (self._written, self._problems[Field.HANDLE], self._ways, self._secret):
            rows.addWidget(part)

    # --- what somebody does ------------------------------------------------------------------------------------

    def _name_edited(self) -> None:
        self._show_preview()
        self.edited.emit()

    def _handle_edited(self) -> None:
        self._ask_password(False)  # it was asked for another one
        self.offer_ways("")
        self.edited.emit()

    def _change_handle(self) -> None:
        self._handle.setText(handle_from_name(self._name.text()))
        self._by_hand(True)
        self._handle.setFocus(Qt.FocusReason.OtherFocusReason)
        self.edited.emit()

    def _take_other(self) -> None:
        if not self._suggested:
            self._by_hand(False)
            self.edited.emit()
            self.show_problem(words.add_to_name(suggested_name(self.name())), Field.NAME)
            self._name.end(False)
            return
        self._handle.setText(self._suggested)
        self._handle_edited()
        self.submitted.emit()

    def _use_password(self) -> None:
        self._ask_password(True)
        self._password.setFocus(Qt.FocusReason.OtherFocusReason)
        self.edited.emit()

    def _by_hand(self, wanted: bool) -> None:
        """The short name is written by hand, or made from the name."""
        if wanted and self._written.isHidden():
            self._handle.setText(handle_from_name(self._name.text()))
        self._written.setVisible(wanted)
        self._preview.setVisible(not wanted)
        self._change.setVisible(not wanted)
        self._show_preview()

    def _ask_password(self, wanted: bool) -> None:
        self._password.clear()
        self._whose.setText(words.password_of(self.handle() or handle_from_name(self.name())))
        self._secret.setVisible(wanted)

    def _show_preview(self) -> None:
        handle = handle_from_name(self._name.text())
        self._preview.setText(wording_panels.handle_preview(handle))
        self._change.setVisible(bool(handle) and self._written.isHidden())


def _stack(holder: QWidget, *parts: QWidget) -> None:
    """Puts parts below each other."""
    rows = QVBoxLayout(holder)
    rows.setContentsMargins(0, 0, 0, 0)
    rows.setSpacing(theme.SPACE_2)
    for part in parts:
        rows.addWidget(part)

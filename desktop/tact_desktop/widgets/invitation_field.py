"""Where an invitation is pasted, and what a valid one says."""

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QFrame, QHBoxLayout, QLineEdit, QPushButton, QVBoxLayout, QWidget

from tact_desktop import theme
from tact_desktop.state import wording_welcome as words
from tact_desktop.widgets.icon_button import show_icon
from tact_desktop.widgets.problem_line import ProblemLine, mark_invalid
from tact_desktop.widgets.text import label


class InvitationField(QWidget):
    """`given` carries a text to look into, and whether it is all of it: while somebody types it is not yet.

    `file_requested` asks for a file, `dropped` takes the invitation away again.
    """

    given = Signal(str, bool)
    file_requested = Signal()
    dropped = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._edit, self._paste = QLineEdit(), QPushButton(words.PASTE)
        self._file, self._other = QPushButton(words.OPEN_FILE), QPushButton(words.NOT_THIS_ONE)
        self._problem = ProblemLine()
        self._what, self._note = label(role="strong", wrap=True), label(role="foot", wrap=True)
        self._sign = label()
        self._edit.setAccessibleName(words.INVITATION)
        self._edit.setPlaceholderText(words.INVITATION_HINT)
        self._other.setProperty("role", "quiet")
        self._lay_out()
        self._edit.textEdited.connect(self._typed)
        self._edit.returnPressed.connect(lambda: self.given.emit(self._edit.text(), True))
        self._paste.clicked.connect(self._paste_text)
        self._file.clicked.connect(self.file_requested)
        self._other.clicked.connect(self.dropped)
        theme.theme().changed.connect(self._draw_sign)
        self.show_invitation("")

    def show_invitation(self, what: str, note: str = "") -> None:
        """What a valid invitation is for, in the place of the field; "" brings the field back, empty."""
        self._edit.clear()
        self._what.setText(what)
        self._note.setText(note)
        self._card.setVisible(bool(what))
        self._line.setVisible(not what)
        self.show_problem("")

    def show_problem(self, sentence: str) -> None:
        """What is wrong with what was pasted; "" takes it away."""
        self._problem.tell(sentence)
        mark_invalid(self._edit, bool(sentence))
        if sentence and not self._line.isHidden():
            self.focus()

    def text(self) -> str:
        """What stands in the field and is no valid invitation."""
        return self._edit.text()

    def focus(self) -> None:
        """Puts the keyboard where an invitation is pasted."""
        self._edit.setFocus(Qt.FocusReason.OtherFocusReason)

    def has_keyboard(self) -> bool:
        """Whether somebody types here."""
        return self._edit.hasFocus()

    def _lay_out(self) -> None:
        self._line, self._card = QWidget(), QFrame()
        line = QHBoxLayout(self._line)
        line.setContentsMargins(0, 0, 0, 0)
        line.setSpacing(theme.SPACE_2)
        line.addWidget(self._edit, 1)
        line.addWidget(self._paste)
        line.addWidget(self._file)
        self._card.setProperty("role", "banner")
        told = QVBoxLayout()
        told.setSpacing(2)
        told.addWidget(self._what)
        told.addWidget(self._note)
        across = QHBoxLayout(self._card)
        across.setContentsMargins(theme.SPACE_3, theme.SPACE_2, theme.SPACE_2, theme.SPACE_2)
        across.setSpacing(theme.SPACE_3)
        across.addWidget(self._sign)
        across.addLayout(told, 1)
        across.addWidget(self._other)
        rows = QVBoxLayout(self)
        rows.setContentsMargins(0, 0, 0, 0)
        rows.setSpacing(theme.SPACE_1)
        for part in (self._line, self._card, self._problem):
            rows.addWidget(part)
        self._sign.setFixedWidth(theme.ICON)
        self._draw_sign()

    def _typed(self, text: str) -> None:
        self.show_problem("")
        self.given.emit(text, False)

    def _paste_text(self) -> None:
        """Past the field: it would keep only one line."""
        text = QGuiApplication.clipboard().text()
        if text.strip():
            self.given.emit(text, True)
        else:
            self.show_problem(words.NOTHING_TO_PASTE)

    def _draw_sign(self) -> None:
        show_icon(self._sign, "check", "accent_text")

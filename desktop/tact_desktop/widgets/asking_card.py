"""What one sees while a host is asked to let one in."""

from collections.abc import Sequence

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QFrame, QGridLayout, QHBoxLayout, QPushButton, QVBoxLayout, QWidget

from tact_desktop import theme
from tact_desktop.state import wording_welcome as words
from tact_desktop.widgets.announce import announce
from tact_desktop.widgets.text import Plain, label

WORDS, WORDS_A_ROW = 6, 3
_WORD_SIZE = 1.5 * theme.FONT_TEXT


class AskingCard(QFrame):
    """Whom one asked, the words to compare, and how far it has come; `cancelled` gives up."""

    cancelled = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setProperty("role", "popover")
        self._title, self._as = label(role="title", wrap=True), label(role="quiet", wrap=True)
        self._asked, self._problem = label(role="ok"), label(role="warning", wrap=True)
        self._cells = [_word_cell() for _ in range(WORDS)]
        self._cancel = QPushButton(words.CANCEL)
        self._lay_out()
        self._cancel.clicked.connect(self.cancelled)
        self.show_problem("")

    def show_request(self, engine: str, who: str, six_words: Sequence[str], asked_at: str) -> None:
        """Which engine was asked, under which name, its words, and when."""
        title = words.was_asked(engine)
        if title != self._title.text():
            announce(self, f"{title}. {words.SOON}")
        self._title.setText(title)
        self._as.setText(who)
        self._asked.setText(words.step_done(words.asked_at(asked_at)))
        for cell, word in zip(self._cells, six_words, strict=True):
            cell.setText(word)

    def show_problem(self, sentence: str) -> None:
        """Why it takes longer; "" where one only waits for the host."""
        self._problem.setText(sentence)
        self._problem.setVisible(bool(sentence))

    def focus(self) -> None:
        """Puts the keyboard on the one thing that can be done."""
        self._cancel.setFocus(Qt.FocusReason.OtherFocusReason)

    def _lay_out(self) -> None:
        rows = QVBoxLayout(self)
        rows.setContentsMargins(2 * theme.SPACE_3, 2 * theme.SPACE_3, 2 * theme.SPACE_3, 2 * theme.SPACE_3)
        rows.setSpacing(theme.SPACE_2)
        rows.addWidget(self._title)
        rows.addWidget(label(words.SOON, wrap=True))
        rows.addWidget(self._as)
        rows.addSpacing(theme.SPACE_2)
        rows.addLayout(self._steps())
        rows.addWidget(self._problem)
        rows.addSpacing(theme.SPACE_3)
        rows.addWidget(label(words.COMPARE, "heading"))
        rows.addLayout(self._grid())
        rows.addWidget(label(words.WHY_COMPARE, "foot", wrap=True))
        rows.addSpacing(theme.SPACE_3)
        last = QHBoxLayout()
        last.setSpacing(theme.SPACE_3)
        last.addWidget(label(words.ASKS_ON, "foot", wrap=True), 1)
        last.addWidget(self._cancel)
        rows.addLayout(last)

    def _steps(self) -> QVBoxLayout:
        """What has happened, and what is still to happen: no wheel that turns for ever."""
        rows = QVBoxLayout()
        rows.setSpacing(theme.SPACE_1)
        rows.addWidget(self._asked)
        for step in words.STEPS_TO_COME:
            rows.addWidget(label(words.step_to_come(step), "quiet"))
        return rows

    def _grid(self) -> QGridLayout:
        grid = QGridLayout()
        grid.setSpacing(theme.SPACE_2)
        for place, cell in enumerate(self._cells):
            grid.addWidget(cell, *divmod(place, WORDS_A_ROW))
        return grid


def _word_cell() -> Plain:
    """One word, to be read from a step away."""
    made = label(role="word", selectable=True)
    made.setFont(theme.font(_WORD_SIZE, strong=True))
    made.setAlignment(Qt.AlignmentFlag.AlignCenter)
    made.setContentsMargins(theme.SPACE_2, theme.SPACE_2, theme.SPACE_2, theme.SPACE_2)
    return made

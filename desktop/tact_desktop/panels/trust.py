"""Which engine this is: its six words to compare, where it is reached, where this computer's key is kept."""

from dataclasses import dataclass

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QKeySequence, QShortcut
from PySide6.QtWidgets import QFrame, QGridLayout, QHBoxLayout, QPushButton, QScrollArea, QVBoxLayout, QWidget

from tact_desktop import theme
from tact_desktop.state import wording_trust as words
from tact_desktop.state.trust import Standing
from tact_desktop.widgets.announce import announce
from tact_desktop.widgets.icon_button import show_icon
from tact_desktop.widgets.text import label

_WIDTH, _HEIGHT, _WIDTH_MIN = 560, 600, 520
_WORD_SIZE = 22
_IN_A_ROW = 3
_SIGNS = {
    Standing.NOBODY: ("wifi-off", "text_quiet"),
    Standing.HERE: ("monitor", "ok"),
    Standing.KNOWN: ("check", "ok"),
    Standing.UNCOMPARED: ("warning", "warning"),
}


@dataclass(frozen=True, slots=True)
class Engine:
    """What the page tells: `title` names the engine, `joining` is for a colleague, `key` says where the key is."""

    standing: Standing
    title: str = ""
    words: tuple[str, ...] = ()
    joining: str = ""
    key: str = ""


class ConnectionPage(QWidget):
    """A window of its own; Esc closes it. `same` when the words were compared, `left` when they differ and one goes."""

    same = Signal()
    left = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent, Qt.WindowType.Window)
        self.setProperty("role", "window")
        self.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        self.setWindowTitle(words.CONNECTION)
        self.setMinimumWidth(_WIDTH_MIN)
        self.resize(_WIDTH, _HEIGHT)
        self._shown = Engine(Standing.NOBODY)
        self._title = label(role="strong", wrap=True)
        self._sign, self._standing = label(), label(wrap=True)
        self._card, self._grid = _card()
        self._numbered = [(label(str(number + 1), "foot"), label()) for number in range(6)]
        self._advice = label(role="quiet", wrap=True)
        self._same, self._differ = QPushButton(words.THE_SAME), QPushButton(words.DIFFERENT)
        self._warning = label(words.THEY_DIFFER, "danger", wrap=True)
        self._leave, self._back = QPushButton(words.LEAVE), QPushButton(words.NOT_YET)
        self._close = QPushButton(words.CLOSE)
        self._more = [
            label(role=role, wrap=True, selectable=role == "quiet") for role in ("strong", "quiet") * 2
        ]
        self._lay_out()
        self._connect()
        self.show_engine(self._shown)

    def show_engine(self, engine: Engine) -> None:
        """Shows `engine`; what differed at another one is over."""
        if engine.words != self._shown.words:
            self._ask(False)
        compared = self._shown.standing is Standing.UNCOMPARED and engine.standing is Standing.KNOWN
        self._shown = engine
        self._title.setText(engine.title)
        self._title.setVisible(bool(engine.title))
        self._standing.setText(words.STANDING[engine.standing])
        for (_, word), text in zip(self._numbered, engine.words or ("",) * 6, strict=True):
            word.setText(text)
        self._card.setVisible(bool(engine.words))
        for place, text in enumerate((engine.joining, engine.key)):
            for part in self._more[2 * place : 2 * place + 2]:
                part.setVisible(bool(text))
            self._more[2 * place + 1].setText(text)
        self._ask(not self._warning.isHidden())
        self._draw()
        if compared and self.isVisible():
            announce(self, words.STANDING[engine.standing])

    def bring_up(self) -> None:
        """Shows it in front, the keyboard on the page: a key that is pressed by chance compares nothing."""
        self.show()
        self.raise_()
        self.activateWindow()
        self._area.setFocus(Qt.FocusReason.OtherFocusReason)

    def _ask(self, differs: bool) -> None:
        """The question, or what to do after it was answered with no."""
        asks = self._shown.standing is Standing.UNCOMPARED
        self._advice.setText(words.ASK_HOST if asks else words.READ_ALOUD)
        self._advice.setVisible(not (asks and differs))
        for part in (self._same, self._differ):
            part.setVisible(asks and not differs)
        for part in (self._warning, self._leave, self._back):
            part.setVisible(asks and differs)

    def _say_no(self) -> None:
        self._ask(True)
        announce(self, words.THEY_DIFFER)
        self._leave.setFocus(Qt.FocusReason.OtherFocusReason)

    def _connect(self) -> None:
        self._same.clicked.connect(self.same)
        self._differ.clicked.connect(self._say_no)
        self._back.clicked.connect(lambda: self._ask(False))
        self._leave.clicked.connect(self.left)
        self._close.clicked.connect(self.close)
        QShortcut(QKeySequence(QKeySequence.StandardKey.Cancel), self, self.close)
        theme.theme().changed.connect(self._draw)

    def _draw(self) -> None:
        show_icon(self._sign, *_SIGNS[self._shown.standing])

    def _lay_out(self) -> None:
        page = QWidget()
        rows = QVBoxLayout(page)
        rows.setContentsMargins(theme.SPACE_4 * 2, theme.SPACE_4, theme.SPACE_4 * 2, theme.SPACE_4)
        rows.setSpacing(theme.SPACE_2)
        rows.addWidget(label(words.CONNECTION, "title"))
        rows.addWidget(self._title)
        line = _line(self._sign, self._standing)
        line.setStretch(1, 1)
        rows.addLayout(line)
        self._fill_card()
        rows.addWidget(self._card)
        for place, text in ((0, words.FOR_A_COLLEAGUE), (2, words.DEVICE_KEY)):
            self._more[place].setText(text)
            rows.addSpacing(theme.SPACE_2)
            for part in self._more[place : place + 2]:
                rows.addWidget(part)
        rows.addStretch(1)
        self._area = QScrollArea()
        self._area.setFrameShape(QFrame.Shape.NoFrame)
        self._area.setWidgetResizable(True)
        self._area.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self._area.setAccessibleName(words.CONNECTION)
        self._area.setWidget(page)
        around = QVBoxLayout(self)
        around.setContentsMargins(0, 0, 0, 0)
        around.addWidget(self._area, 1)
        around.setSpacing(0)
        around.addWidget(self._end())

    def _end(self) -> QWidget:
        made = QWidget()
        made.setProperty("role", "pane")
        made.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        line = QHBoxLayout(made)
        line.setContentsMargins(theme.SPACE_4, theme.SPACE_2, theme.SPACE_4 * 2, theme.SPACE_2)
        line.addStretch(1)
        line.addWidget(self._close)
        return made

    def _fill_card(self) -> None:
        self._grid.addWidget(label(words.SIX_WORDS, "strong"), 0, 0, 1, 2 * _IN_A_ROW)
        for place, (number, word) in enumerate(self._numbered):
            word.setFont(theme.font(_WORD_SIZE, strong=True))
            row, column = 1 + place // _IN_A_ROW, 2 * (place % _IN_A_ROW)
            self._grid.addWidget(number, row, column)
            self._grid.addWidget(word, row, column + 1)
            self._grid.setColumnStretch(column + 1, 1)
        theme.set_role(self._same, "primary")
        theme.set_role(self._leave, "danger")
        for row, part in ((3, self._advice), (4, self._warning)):
            self._grid.addWidget(part, row, 0, 1, 2 * _IN_A_ROW)
        answers = _line(self._same, self._differ, self._leave, self._back)
        answers.addStretch(1)
        self._grid.addLayout(answers, 5, 0, 1, 2 * _IN_A_ROW)


def _card() -> tuple[QFrame, QGridLayout]:
    card = QFrame()
    card.setProperty("role", "card")
    grid = QGridLayout(card)
    grid.setContentsMargins(theme.SPACE_4, theme.SPACE_3, theme.SPACE_4, theme.SPACE_4)
    grid.setHorizontalSpacing(theme.SPACE_2)
    grid.setVerticalSpacing(theme.SPACE_2)
    return card, grid


def _line(*parts: QWidget) -> QHBoxLayout:
    line = QHBoxLayout()
    line.setSpacing(theme.SPACE_2)
    for part in parts:
        line.addWidget(part)
    return line

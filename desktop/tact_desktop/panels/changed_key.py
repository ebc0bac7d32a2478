"""The hard stop: another engine answered than the one that is known. It takes the place of the whole window."""

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QColor, QPainter, QPaintEvent
from PySide6.QtWidgets import (
    QCheckBox,
    QFrame,
    QHBoxLayout,
    QLineEdit,
    QPushButton,
    QScrollArea,
    QVBoxLayout,
    QWidget,
)

from tact_desktop import theme
from tact_desktop.state import wording_trust as words
from tact_desktop.widgets.announce import announce
from tact_desktop.widgets.flow import FlowLayout
from tact_desktop.widgets.icon_button import show_icon
from tact_desktop.widgets.text import button_text, label

_WIDTH_MAX = 640
_SIGN = 32
_TITLE_SIZE = 22
_BAND = 6


class ChangedKeyPage(QWidget):
    """There is no way on but an invitation: `offered(text, whether to hand over what was not sent)`."""

    offered = Signal(str, bool)
    read_wanted = Signal()
    quit_wanted = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._sign = label()
        self._problem = label(role="foot", wrap=True)
        self._behind = label(wrap=True)
        self._agree, self._hint = QCheckBox(), label(words.HAND_OVER_HINT, "foot", wrap=True)
        self._field = QLineEdit(placeholderText=words.INVITATION_HINT)
        self._wrong = label(role="danger", wrap=True)
        self._go = QPushButton(words.GO_ON)
        self._read, self._quit = QPushButton(words.READ_HERE), QPushButton(words.QUIT)
        self._lay_out()
        self._connect()
        self._field_changed("")
        self._draw()

    def show_stop(self, problem: str, behind: str, question: str) -> None:
        """What happened, what stays behind, and what to ask about what was not handed over; "" leaves a part out."""
        self._problem.setText(problem)
        self._behind.setText(behind)
        self._behind.setVisible(bool(behind))
        self._agree.setText(button_text(question))
        for part in (self._agree, self._hint):
            part.setVisible(bool(question))

    def show_problem(self, sentence: str) -> None:
        """Why the invitation cannot be used."""
        self._wrong.setText(sentence)
        self._wrong.setVisible(bool(sentence))
        if sentence:
            announce(self, sentence)
            self._field.setFocus(Qt.FocusReason.OtherFocusReason)

    def bring_up(self) -> None:
        """The page is in sight now: it is read out, and the keyboard is where the invitation goes."""
        announce(self, words.CHANGED_TITLE)
        self._field.setFocus(Qt.FocusReason.OtherFocusReason)

    def paintEvent(self, event: QPaintEvent, /) -> None:
        """Red all over, and a strong band on top."""
        painter = QPainter(self)
        painter.fillRect(event.rect(), QColor(theme.palette().danger_tint))
        painter.fillRect(0, 0, self.width(), _BAND, QColor(theme.palette().danger_fill))

    def _connect(self) -> None:
        self._field.textChanged.connect(self._field_changed)
        self._field.returnPressed.connect(self._offer)
        self._go.clicked.connect(self._offer)
        self._read.clicked.connect(self.read_wanted)
        self._quit.clicked.connect(self.quit_wanted)
        theme.theme().changed.connect(self._draw)

    def _field_changed(self, text: str) -> None:
        self._go.setEnabled(bool(text.strip()))
        self.show_problem("")

    def _offer(self) -> None:
        if self._go.isEnabled():
            self.offered.emit(self._field.text(), not self._agree.isHidden() and self._agree.isChecked())

    def _draw(self) -> None:
        show_icon(self._sign, "warning", "danger", _SIGN)
        self.update()

    def _lay_out(self) -> None:
        page = QWidget()
        page.setMaximumWidth(_WIDTH_MAX)
        rows = QVBoxLayout(page)
        rows.setContentsMargins(theme.SPACE_4, theme.SPACE_3, theme.SPACE_4, theme.SPACE_3)
        rows.setSpacing(theme.SPACE_2)
        rows.addStretch(1)
        head = QHBoxLayout()
        head.setSpacing(theme.SPACE_3)
        title = label(words.CHANGED_TITLE, "danger", wrap=True)
        title.setFont(theme.font(_TITLE_SIZE, strong=True))
        head.addWidget(self._sign)
        head.addWidget(title, 1)
        rows.addLayout(head)
        rows.addWidget(label(words.CHANGED_MEANING, wrap=True))
        for heading, text in (
            (words.SENT_HEADING, words.CHANGED_SENT),
            (words.DO_HEADING, words.CHANGED_DEED),
        ):
            rows.addSpacing(theme.SPACE_1)
            rows.addWidget(label(heading, "strong"))
            rows.addWidget(label(text, wrap=True))
        self._field.setAccessibleName(words.INVITATION)
        for part in (self._behind, self._field, self._wrong, self._agree, self._hint):
            rows.addWidget(part)
        rows.addWidget(self._deeds())
        rows.addWidget(self._problem)
        rows.addStretch(2)
        centred = QWidget()
        line = QHBoxLayout(centred)
        line.setContentsMargins(0, 0, 0, 0)
        line.addStretch(1)
        line.addWidget(page, 100)
        line.addStretch(1)
        area = QScrollArea()
        area.setFrameShape(QFrame.Shape.NoFrame)
        area.setWidgetResizable(True)
        area.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        area.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        area.setWidget(centred)
        around = QVBoxLayout(self)
        around.setContentsMargins(0, _BAND, 0, 0)
        around.addWidget(area)

    def _deeds(self) -> QWidget:
        deeds = QWidget()
        line = FlowLayout(deeds)
        theme.set_role(self._go, "primary")
        for button in (self._go, self._read, self._quit):
            line.addWidget(button)
        return deeds

"""The line at the bottom of the window: which engine, how many people, how many messages wait."""

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QFrame, QHBoxLayout, QPushButton, QSizePolicy, QWidget

from tact_desktop import theme
from tact_desktop.state import wording_panels as words
from tact_desktop.state.link import Link, LinkPhase
from tact_desktop.state.trust import to_compare
from tact_desktop.state.wording_trust import COMPARE_HINT, NOT_COMPARED
from tact_desktop.widgets.icon_button import show_icon
from tact_desktop.widgets.text import Elided, button_text, explain, label

_SIGNS = {
    LinkPhase.CONNECTING: ("refresh", "text_quiet"),
    LinkPhase.CONNECTED: ("server", "ok"),
    LinkPhase.AWAY: ("wifi-off", "warning"),
    LinkPhase.ASKING: ("clock", "text_quiet"),
    LinkPhase.REFUSED: ("warning", "danger"),
    LinkPhase.SIGNED_OUT: ("log-out", "text_quiet"),
}
_SIGN = 16


class StatusBar(QFrame):
    """Quiet while all is well; the count opens the list of what waits, the mark the words that are to be compared."""

    waiting_requested = Signal()
    compare_requested = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setProperty("role", "pane")
        self._phase = LinkPhase.CONNECTING
        self._sign, self._lock = label(), label()
        self._engine = Elided(role="foot")
        self._engine.setSizePolicy(QSizePolicy.Policy.Maximum, QSizePolicy.Policy.Preferred)
        self._people, self._secret = label(role="foot"), label(role="foot")
        self._compare = QPushButton(NOT_COMPARED)
        self._compare.setProperty("role", "link")
        explain(self._compare, COMPARE_HINT)
        theme.set_icon(self._compare, "warning", "warning", _SIGN)
        self._compare.clicked.connect(self.compare_requested)
        self._count = QPushButton()
        self._count.setProperty("role", "link")
        explain(self._count, words.SHOW_WAITING)
        theme.set_icon(self._count, "hourglass", "accent_text", _SIGN)
        self._count.clicked.connect(self.waiting_requested)
        self.setMinimumHeight(theme.PILL_HEIGHT)
        row = QHBoxLayout(self)
        row.setContentsMargins(theme.SPACE_3, 2, theme.SPACE_2, 2)
        row.setSpacing(theme.SPACE_1 + 2)
        for part in (self._sign, self._engine):
            row.addWidget(part)
        row.addSpacing(theme.SPACE_2)
        row.addWidget(self._people)
        row.addSpacing(theme.SPACE_2)
        for part in (self._lock, self._secret):
            row.addWidget(part)
        row.addWidget(self._compare)
        row.addStretch(1)
        row.addWidget(self._count)
        theme.theme().changed.connect(self._draw)
        self.show_waiting(0)
        self.show_link(Link())

    def show_link(self, link: Link, people: int = 0, encrypted: bool = True) -> None:
        """The engine and how it stands; `people` are all who have an account."""
        self._phase = link.phase
        self._engine.setText(words.link_state(link))
        self._people.setText(words.people_count(people))
        self._secret.setText(words.ENCRYPTED if encrypted else words.NOT_ENCRYPTED)
        for part in (self._people, self._lock, self._secret):
            part.setVisible(link.up)
        self._lock.setVisible(link.up and encrypted)
        self._compare.setVisible(to_compare(link))
        self._draw()

    def show_waiting(self, count: int) -> None:
        """How many of my messages wait for their moment."""
        self._count.setText(button_text(words.waiting_count(count)))
        self._count.setVisible(count > 0)

    def _draw(self) -> None:
        show_icon(self._sign, *_SIGNS[self._phase], _SIGN)
        show_icon(self._lock, "lock", "text_quiet", _SIGN - 2)

"""The line at the bottom of the window: which engine, how many people, how many messages wait."""

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QFrame, QHBoxLayout, QPushButton, QSizePolicy, QWidget

from tact_desktop import theme
from tact_desktop.state import wording_panels as words
from tact_desktop.state.wording_panels import Reach
from tact_desktop.widgets.icon_button import show_icon
from tact_desktop.widgets.text import Elided, label, plain_tooltip

_SIGNS = {
    Reach.SEARCHING: ("search", "text_quiet"),
    Reach.CONNECTING: ("refresh", "text_quiet"),
    Reach.CONNECTED: ("server", "ok"),
    Reach.UNREACHABLE: ("wifi-off", "warning"),
}
_SIGN = 16


class StatusBar(QFrame):
    """Quiet while all is well; the count on the right opens the list of what waits."""

    waiting_requested = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setProperty("role", "pane")
        self._reach = Reach.SEARCHING
        self._sign, self._lock = label(), label()
        self._engine = Elided(role="foot")
        self._engine.setSizePolicy(QSizePolicy.Policy.Maximum, QSizePolicy.Policy.Preferred)
        self._people, self._secret = label(role="foot"), label(role="foot")
        self._count = QPushButton()
        self._count.setProperty("role", "link")
        self._count.setToolTip(plain_tooltip(words.SHOW_WAITING))
        theme.set_icon(self._count, "hourglass", "accent_text", _SIGN)
        self._count.clicked.connect(self.waiting_requested)
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
        row.addStretch(1)
        row.addWidget(self._count)
        theme.theme().changed.connect(self._draw)
        self.show_waiting(0)
        self.show_engine("", False, Reach.SEARCHING)

    def show_engine(
        self, name: str, here: bool, reach: Reach, people: int = 0, encrypted: bool = True
    ) -> None:
        """The engine's name, whether it runs on this computer, and how it stands."""
        self._reach = reach
        self._engine.setText(words.engine_state(name, here, reach))
        connected = reach is Reach.CONNECTED
        self._people.setText(words.people_count(people))
        self._secret.setText(words.ENCRYPTED if encrypted else words.NOT_ENCRYPTED)
        for part in (self._people, self._lock, self._secret):
            part.setVisible(connected)
        self._draw()

    def show_waiting(self, count: int) -> None:
        """How many of my messages wait for their moment."""
        self._count.setText(words.waiting_count(count))
        self._count.setVisible(count > 0)

    def _draw(self) -> None:
        show_icon(self._sign, *_SIGNS[self._reach], _SIGN)
        show_icon(self._lock, "lock", "text_quiet", _SIGN - 2)

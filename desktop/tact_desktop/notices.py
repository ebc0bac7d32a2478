"""When a person is told that something arrived: how loud depends on the recipient's own state alone."""

from collections.abc import Iterable

from PySide6.QtCore import QObject, QTimer, Signal
from PySide6.QtWidgets import QApplication

from tact_desktop.desk import Desk
from tact_desktop.state.batches import Batch, Pending, authors_of, gathered
from tact_desktop.state.entry import Entry
from tact_desktop.state.members import key_of, name_of
from tact_desktop.state.people import called
from tact_desktop.state.wording import notice
from tact_desktop.state.wording_conditions import phrase
from tact_desktop.state.wording_members import ASKED_NOTICE, asks_to_join
from tact_desktop.window import MainWindow
from tact_engine.core.presence import USER_AVAILABILITY

QUIET = frozenset({"DISCREET", "NOT_AVAILABLE"})
PATIENCE_MS = 2_000
"""How long the rest of a batch is waited for."""


class Notices(QObject):
    """Says `wanted(title, text, handle)` once for each batch, of what the person does not look at already.

    `handle` is whose conversation it is about, "" where it is about several.
    """

    wanted = Signal(str, str, str)

    def __init__(self, desk: Desk, window: MainWindow, timer: QTimer | None = None) -> None:
        """`timer` runs while the rest of a batch is on its way."""
        super().__init__(window)
        self._desk, self._window = desk, window
        self._pending: Pending = {}
        self._asking: frozenset[str] = frozenset()
        self._patience = timer or QTimer(self)
        self._patience.setSingleShot(True)
        self._patience.timeout.connect(self._tell_all)
        desk.arrived.connect(self._on_arrived)
        desk.alerted.connect(self._on_alerted)
        desk.requests_changed.connect(self._on_requests)
        desk.link_changed.connect(self._on_link)

    def _on_arrived(self, entries: Iterable[Entry], more: bool) -> None:
        self._pending, ready = gathered(self._pending, tuple(entries), more)
        for batch in ready:
            self._tell(batch)
        if self._pending:
            self._patience.start(PATIENCE_MS)
        else:
            self._patience.stop()

    def _on_link(self) -> None:
        if not self._desk.link.up:
            self._tell_all()

    def _on_alerted(self, entry: Entry) -> None:
        """What one asked for is so: told to the one who asked, so it may say what it was."""
        handle = entry.recipients[0]
        if self._is_heard(handle):
            self._say(phrase(self._name(handle), entry.condition), entry.text, handle)

    def _on_requests(self) -> None:
        """Somebody asks to be let in: told once, to a host who is to be disturbed."""
        requests, known = self._desk.requests, self._asking
        self._asking = frozenset(key_of(each) for each in requests)
        new = tuple(name_of(each) for each in requests if key_of(each) not in known)
        if new and self._is_heard(""):
            self._say(asks_to_join(new), ASKED_NOTICE, "")

    def _tell_all(self) -> None:
        """The rest did not come: what is there is told."""
        self._patience.stop()
        pending, self._pending = self._pending, {}
        for batch in pending.values():
            self._tell(batch)

    def _tell(self, batch: Batch) -> None:
        news = [each for each in batch if self._is_heard(each.author) and not self._is_seen(each.author)]
        if not news:
            return
        authors = authors_of(tuple(news))
        names = [self._name(author) for author in authors]
        said = notice(names, [each.text for each in news], news[0].delayed)
        self._say(said.title, said.body, authors[0] if len(authors) == 1 else "")

    def _say(self, title: str, text: str, handle: str) -> None:
        QApplication.alert(self._window)
        self.wanted.emit(title, text, handle)

    def _name(self, handle: str) -> str:
        return called(self._desk.people, handle)

    def _is_seen(self, author: str) -> bool:
        return self._window.isActiveWindow() and self._window.flow.handle == author

    def _is_heard(self, handle: str) -> bool:
        """Whether this person wants to hear of `handle` as things are."""
        own = self._desk.presence_of(self._desk.me).value(USER_AVAILABILITY)
        return own not in QUIET or handle in self._desk.privacy.vips

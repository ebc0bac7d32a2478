"""When a person is told that something arrived: how loud depends on the recipient's own state alone."""

from collections.abc import Iterable

from PySide6.QtCore import QObject, Signal
from PySide6.QtWidgets import QApplication

from tact_desktop.desk import Desk
from tact_desktop.state.entry import Entry
from tact_desktop.state.wording import notice
from tact_desktop.window import MainWindow
from tact_engine.core.presence import USER_AVAILABILITY

QUIET = frozenset({"DISCREET", "NOT_AVAILABLE"})


class Notices(QObject):
    """Says `wanted(title, text, handle)` once for each batch and author, unless the person looks at it already."""

    wanted = Signal(str, str, str)

    def __init__(self, desk: Desk, window: MainWindow) -> None:
        super().__init__(window)
        self._desk, self._window = desk, window
        desk.arrived.connect(self._on_arrived)

    def _on_arrived(self, entries: Iterable[Entry]) -> None:
        by_author: dict[str, list[Entry]] = {}
        for entry in entries:
            by_author.setdefault(entry.author, []).append(entry)
        for author, theirs in by_author.items():
            if not self._is_seen(author) and not self._is_quiet():
                self._tell(author, theirs)

    def _tell(self, author: str, entries: list[Entry]) -> None:
        person = self._desk.people.get(author)
        said = notice(person.name if person else author, [each.text for each in entries], entries[0].delayed)
        QApplication.alert(self._window)
        self.wanted.emit(said.title, said.body, author)

    def _is_seen(self, author: str) -> bool:
        return self._window.isActiveWindow() and self._window.flow.handle == author

    def _is_quiet(self) -> bool:
        return self._desk.presence_of(self._desk.me).value(USER_AVAILABILITY) in QUIET

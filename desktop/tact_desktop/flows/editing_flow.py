"""A waiting message that is in the editor does not go: the engine is told as long as the editor is open."""

from PySide6.QtCore import QObject, QTimer

from tact_desktop.desk import Desk
from tact_desktop.panels.composer import Composer
from tact_desktop.state.entry import Entry

RENEW_MS = 4 * 60_000
"""Often enough: the engine takes an editor that is not heard of for ten minutes for closed."""


class EditingFlow(QObject):
    """Keeps the message in the composer's editor paused, and lets it go when the editor is left without a change."""

    def __init__(self, desk: Desk, composer: Composer, parent: QObject) -> None:
        super().__init__(parent)
        self._desk, self._composer = desk, composer
        self._held = ""
        self._known = False
        self._refused: set[str] = set()
        self._renewing = QTimer(self, interval=RENEW_MS)
        self._renewing.timeout.connect(self.renew)
        self._settling = QTimer(self, singleShot=True, interval=0)
        self._settling.timeout.connect(self._let_go)
        composer.draft_changed.connect(self._follow)
        desk.link_changed.connect(self._on_link)
        desk.changed.connect(self._on_changed)
        desk.refused_change.connect(self._on_refused_change)

    def renew(self) -> None:
        """Say that the editor is still open."""
        if self._held:
            self._known = self._desk.is_up and not self._is_only_here()
            self._desk.pause(self._held)

    def changed(self, id: str) -> None:
        """The message in the editor was changed or taken back; that ends its pause by itself."""
        if id == self._held:
            self._held = ""
            self._renewing.stop()
            self._desk.paused.discard(id)

    def _follow(self, _: object) -> None:
        """The editor may have been opened, left, or filled with another message."""
        now, before = self._composer.editing(), self._held
        if now == before:
            return
        self._held = now
        self._renewing.start() if now else self._renewing.stop()
        if before:
            self._leave(before)
        self.renew()

    def _leave(self, id: str) -> None:
        entry = self._desk.history.entry(id)
        if entry is not None and entry.waiting:
            self._desk.resume(id)
        else:
            self._desk.paused.discard(id)

    def _on_link(self) -> None:
        """A pause ends with the link, so it is said again over the next one."""
        if self._desk.is_up:
            self.renew()

    def _on_changed(self, _: str) -> None:
        """The engine has only now got the message that is in the editor."""
        if self._held and not self._known and self._desk.is_up and not self._is_only_here():
            self.renew()

    def _on_refused_change(self, entry: Entry, _: object) -> None:
        """Nothing has ended the pause. Where the editor is not opened again by now, the message waits on as it was."""
        self._refused.add(entry.id)
        self._settling.start()

    def _let_go(self) -> None:
        for id in self._refused - {self._held}:
            entry = self._desk.history.entry(id)
            if entry is not None and entry.waiting:
                self._desk.bridge.resume(id)
        self._refused.clear()

    def _is_only_here(self) -> bool:
        return any(entry.id == self._held for entry in self._desk.history.unsent())

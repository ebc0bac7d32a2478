"""The part of a conversation that is in the window: a sliding run of its messages, never the whole history."""

from tact_desktop.local.history import History
from tact_desktop.state.entry import Entry

PAGE_ENTRIES = 50
"""What fills the view when it is opened, on a high screen too."""
PAGE_ENTRIES_MORE = 12
"""What is taken in at a time while somebody scrolls: a frame has few milliseconds."""
PAGE_ENTRIES_MAX = 190
"""The list stays fast up to 400 rows, and each message may have a line for its day above it."""


class Page:
    """A run of neighbouring placed messages of one conversation, and what is pinned below its end."""

    def __init__(self, history: History, conversation: str) -> None:
        self.conversation = conversation
        self._history = history
        self._placed: list[Entry] = history.newest(conversation, PAGE_ENTRIES)
        self._at_end = True

    def entries(self) -> list[Entry]:
        """What is to be shown now; what waits is pinned below the end only."""
        if not self._at_end:
            return list(self._placed)
        pinned = [*self._history.waiting(), *self._history.undelivered()]
        known = {entry.id for entry in self._placed}
        here = [each for each in pinned if each.conversation == self.conversation and each.id not in known]
        return [*self._placed, *here]

    def refresh(self) -> None:
        """Read again after something changed; a run at the end grows at its end, any other only loses what is gone."""
        if self._at_end:
            first = (self._placed[0].position or 0) if self._placed else 0
            self._placed = self._history.newest(self.conversation, PAGE_ENTRIES_MAX, since=first)
            if len(self._placed) < PAGE_ENTRIES:
                self._placed = self._history.newest(self.conversation, PAGE_ENTRIES)
        else:
            found = [self._history.entry(entry.id) for entry in self._placed]
            self._placed = [entry for entry in found if entry is not None]

    def older(self) -> bool:
        """Take in the page before; False where there is none."""
        first = self._placed[0].position if self._placed else None
        before = (
            self._history.newest(self.conversation, PAGE_ENTRIES_MORE, before=first)
            if first is not None
            else []
        )
        self._placed = [*before, *self._placed]
        if len(self._placed) > PAGE_ENTRIES_MAX:
            self._placed, self._at_end = self._placed[:PAGE_ENTRIES_MAX], False
        return bool(before)

    def newer(self) -> bool:
        """Take in the page behind; False where there is none."""
        last = self._placed[-1].position if self._placed else None
        if self._at_end or last is None:
            return False
        behind = self._history.following(self.conversation, PAGE_ENTRIES_MORE, last)
        self._placed = [*self._placed, *behind][-PAGE_ENTRIES_MAX:]
        self._at_end = len(behind) < PAGE_ENTRIES_MORE
        return bool(behind)

    def to_end(self) -> None:
        """Go back to the newest messages."""
        self._placed, self._at_end = self._history.newest(self.conversation, PAGE_ENTRIES), True

    @property
    def last_position(self) -> int:
        """The position of the last message in the run; 0 where there is none."""
        return (self._placed[-1].position or 0) if self._placed else 0

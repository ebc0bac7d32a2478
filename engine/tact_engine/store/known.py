"""What is known of messages without asking the tables: who is written to now was mostly written to a moment ago.

A message is accepted, released and acknowledged within a second or so. Its envelopes are kept from one to the next, as
the tables have them; whatever changes them in another way than these moves forgets them here. Bodies are known only
within the batch that brought them: what is erased must not stay in memory.
"""

from collections.abc import Iterable

from tact_engine.core.envelope import Envelope
from tact_engine.core.view import Content

KEPT_MAX = 4_096
"""Of so many messages the envelopes are kept from one batch to the next."""


class Known:
    """Envelopes by the id of their message, and the contents of new ones by its number."""

    def __init__(self) -> None:
        self.contents: dict[int, Content] = {}
        self._envelopes: dict[str, tuple[Envelope, ...]] = {}

    def __contains__(self, id: str) -> bool:
        return id in self._envelopes

    def envelopes(self, id: str) -> tuple[Envelope, ...] | None:
        """All envelopes of a message; empty where there is no such message, None where nothing is known of it."""
        return self._envelopes.get(id)

    def learn(self, id: str, envelopes: tuple[Envelope, ...]) -> None:
        """All envelopes of a message are these."""
        self._envelopes[id] = envelopes

    def missing(self, ids: Iterable[str]) -> None:
        """There are no such messages, so far."""
        self._envelopes.update(dict.fromkeys(ids, ()))

    def moved(self, envelope: Envelope) -> tuple[Envelope, ...] | None:
        """One of them is now `envelope`; all of them, as far as they are known."""
        before = self._envelopes.get(envelope.id)
        if before is None:
            return None
        if len(before) == 1:
            after = (envelope,)
        else:
            after = tuple(envelope if each.recipient == envelope.recipient else each for each in before)
        self._envelopes[envelope.id] = after
        return after

    def forget(self, id: str) -> None:
        """A message changed in another way."""
        self._envelopes.pop(id, None)

    def forget_all(self) -> None:
        """Whatever is known may be wrong."""
        self._envelopes.clear()
        self.contents.clear()

    def end_batch(self) -> None:
        """Keep what may be asked for again soon."""
        self.contents.clear()
        if len(self._envelopes) > KEPT_MAX:
            over = len(self._envelopes) - KEPT_MAX // 2
            for id in list(self._envelopes)[:over]:
                del self._envelopes[id]

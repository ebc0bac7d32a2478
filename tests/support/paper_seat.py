"""A seat without an engine: what its bridge tells is said by the test, and what it is asked is written down."""

from collections.abc import Generator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from msgspec.structs import replace

from tact_desktop.bridge import Address, Bridge, Connected, Disconnected
from tact_desktop.state.entry import Entry
from tact_engine.client import Delivery, Receipt, State
from tact_engine.core.envelope import TEXT_PLAIN, conversation_of
from tact_engine.core.presence import ALIAS, ONLINE_STATUS, Presence, Reading, Value
from tests.support.office import Seat, remove

NOWHERE = Address("127.0.0.1", 9)


class PaperBridge(Bridge):
    """Asks nobody; `asked` is what it would have asked, by the name of the intent."""

    def __init__(
        self,
        handle: str,
        profile: Path,
        presence: dict[str, Value],
        interface: str,
        until: dict[str, int] | None = None,
    ) -> None:
        super().__init__(handle, profile, presence, interface, until=until)
        self.asked: list[tuple[Any, ...]] = []
        self.up = False
        for name in (
            "submit",
            "withdraw",
            "edit",
            "send_now",
            "set_presence",
            "set_privacy",
            "alert",
            "pause",
            "resume",
            "explain",
            "acknowledge",
            "mark_read",
            "note",
        ):
            setattr(self, name, self._noting(name))
        for name in ("start", "sign_in", "sign_out"):
            setattr(self, name, self._noting(name))

    @property
    def is_connected(self) -> bool:
        """As the test says."""
        return self.up

    def intents(self, name: str) -> list[tuple[Any, ...]]:
        """What was asked under `name`, without the name."""
        return [rest for asked, *rest in self.asked if asked == name for rest in [tuple(rest)]]

    def _noting(self, name: str):
        return lambda *values: self.asked.append((name, *values))


class PaperSeat(Seat):
    """One person's desk and window over a PaperBridge."""

    bridge: PaperBridge

    def open(self) -> None:
        """Sit down; nobody is connected until `meet`."""
        self.open_with(PaperBridge)

    def reopen(self) -> None:
        """Close the window and sit down again: what the computer keeps is there, and nothing was asked yet."""
        self.close()
        self.open()

    def close(self) -> None:
        """Close the window and what this computer keeps."""
        window, self._window = self._window, None
        if window is not None:
            window.close()
            remove(window)
        self.history.close()

    def meet(self, *others: str, skew_ms: int = 0) -> None:
        """The engine is there, and with it these people, all online."""
        self.bridge.up = True
        self.bridge.connected.emit(Connected(self.handle, "e" * 64, "Office", "127.0.0.1", 8228, skew_ms))
        self.bridge.people.emit(tuple(person(handle) for handle in (self.handle, *others)))

    def lose(self, sentence: str = "It is gone.", code: str = "", again: bool = True) -> None:
        """The engine is not there any more."""
        self.bridge.up = False
        self.bridge.disconnected.emit(Disconnected(sentence, 1.0 if again else None, code))

    def receive(
        self, *texts: str, by: str = "mary", delayed: bool = False, batch: int = 1, more: bool = False
    ) -> list[str]:
        """Messages that arrive at once; their ids."""
        deliveries = [self._delivery(text, by, delayed) for text in texts]
        self.bridge.delivered.emit(batch, tuple(deliveries), more)
        return [each.id for each in deliveries]

    def tell(
        self, id: str, state: State, revision: int = 1, after_ms: int = 0, to: str = "mary", **told: Any
    ) -> None:
        """News of an own message."""
        self.bridge.receipts.emit((self.receipt(id, state, revision, after_ms, to, **told),))

    def settle(self, id: str, state: State = State.HELD, revision: int = 1, **told: Any) -> None:
        """The answer to something that was asked about an own message."""
        self.bridge.settled.emit(id, (self.receipt(id, state, revision, **told),))

    def receipt(
        self, id: str, state: State, revision: int = 1, after_ms: int = 0, to: str = "mary", **told: Any
    ) -> Receipt:
        """How an own message that was accepted now stands after `after_ms`; `told` is what else the receipt says."""
        entry = self.history.entry(id)
        assert entry is not None, "it was written here"
        return replace(self._receipt(entry, state, revision, after_ms, to), **told)

    def _receipt(self, entry: Entry, state: State, revision: int, after_ms: int, to: str) -> Receipt:
        return Receipt(
            id=entry.id,
            recipient=to,
            state=state,
            revision=revision,
            since=entry.written_at + after_ms,
            accepted_at=entry.written_at,
            expires_at=entry.written_at + entry.valid_for * 1000,
        )

    def _delivery(self, text: str, by: str, delayed: bool) -> Delivery:
        self._count = getattr(self, "_count", 0) + 1
        return Delivery(
            id=f"from {by} {self._count}",
            sender=by,
            conversation=conversation_of((self.handle, by)),
            members=(by, self.handle),
            body=text.encode(),
            content_type=TEXT_PLAIN,
            sequence=self._count,
            written_at=self.clock.ms - 1000 * delayed,
            released_at=self.clock.ms,
            delayed=delayed,
        )


def person(handle: str, version: int = 1, online: bool = True, **values: Value) -> Presence:
    """A presence document; the name is the handle with a capital."""
    known = {ONLINE_STATUS: online, ALIAS: handle.capitalize(), **values}
    return Presence(handle, version, {name: Reading(value, 0) for name, value in known.items()})


@contextmanager
def paper_seat(folder: Path, handle: str = "tom") -> Generator[PaperSeat]:
    """A seat whose window is gone in the end."""
    seat = PaperSeat(folder / handle, handle, handle.capitalize(), NOWHERE)
    try:
        yield seat
    finally:
        seat.close()

"""The view: all that the courier may ask while it decides, read inside the transaction of the facts."""

from collections.abc import Iterable
from typing import Protocol

from msgspec import Struct

from tact_engine.core.conditions import Condition
from tact_engine.core.effects import Effect
from tact_engine.core.envelope import Envelope, Receipt
from tact_engine.core.facts import Fact
from tact_engine.core.presence import Presence
from tact_engine.core.writes import Write


class Limits(Struct, frozen=True):
    """The engine's adjustable limits. Times are in milliseconds."""

    held_per_pair_max: int = 200
    held_per_sender_max: int = 2_000
    unacknowledged_max: int = 256
    unacknowledged_bytes_max: int = 192 * 1024
    untold_news_max: int = 256
    acknowledge_within_ms: int = 10_000
    grace_ms: int = 10_000
    sweep_max: int = 1_000


class Waiting(Struct, frozen=True):
    """One distinct condition of one sender under which something waits for a recipient."""

    key: int
    sender: str
    condition: Condition


class Content(Struct, frozen=True):
    """What a message carries to its recipients."""

    body: bytes
    content_type: str
    enc: str
    members: tuple[str, ...]


class Decision(Struct, frozen=True):
    """What follows from one fact: writes, then further facts of the same moment, and what to say once durable."""

    writes: tuple[Write, ...] = ()
    effects: tuple[Effect, ...] = ()
    then: tuple[Fact, ...] = ()


class View(Protocol):
    """A narrow reading interface over the store, as of all earlier writes of the transaction."""

    @property
    def limits(self) -> Limits:
        """The engine's limits."""
        ...

    def person(self, handle: str) -> Presence | None:
        """The presence of an account; None where there is no such account."""
        ...

    def people(self) -> Iterable[Presence]:
        """The presence of every account."""
        ...

    def devices(self, handle: str) -> frozenset[str]:
        """The fingerprints of the devices of `handle`."""
        ...

    def handle_of(self, session: int) -> str | None:
        """Who a live session speaks for; None once it is over."""
        ...

    def sessions(self, handle: str) -> int:
        """How many live sessions `handle` has."""
        ...

    def graces_over(self, ticks_ms: int) -> Iterable[str]:
        """The people whose grace after a lost link has ended."""
        ...

    def envelopes(self, id: str) -> tuple[Envelope, ...]:
        """All envelopes of one message, in the order its recipients were named; empty where it is not known."""
        ...

    def waiting(self, recipient: str) -> Iterable[Waiting]:
        """The distinct conditions under which something is held for `recipient`."""
        ...

    def held(self, recipient: str, keys: tuple[int, ...], utc_ms: int, most: int) -> tuple[Envelope, ...]:
        """The first `most` envelopes held for `recipient` under `keys` and valid at `utc_ms`, in acceptance order."""
        ...

    def due(self, utc_ms: int, most: int) -> tuple[Envelope, ...]:
        """The first `most` held envelopes whose validity has ended by `utc_ms`."""
        ...

    def released(self, recipient: str | None) -> tuple[Envelope, ...]:
        """The released envelopes of `recipient` in release order; of everybody for None."""
        ...

    def unacknowledged(self, recipient: str) -> int:
        """How many envelopes of `recipient` are released."""
        ...

    def unacknowledged_bytes(self, recipient: str) -> int:
        """About how many bytes the released envelopes of `recipient` take on their way."""
        ...

    def silent_since(self, ticks_ms: int) -> tuple[Envelope, ...]:
        """The released envelopes that left at or before `ticks_ms` and were not acknowledged."""
        ...

    def backlog(self, recipient: str) -> bool:
        """Whether messages that may go wait only for acknowledgements of earlier ones."""
        ...

    def held_count(self, sender: str, recipient: str) -> int:
        """How many messages of `sender` are held for `recipient`."""
        ...

    def held_total(self, sender: str) -> int:
        """How many messages of `sender` are held in all."""
        ...

    def content(self, number: int) -> Content | None:
        """What message `number` carries; None once its body is erased."""
        ...

    def news(self, sender: str, after: int, most: int) -> tuple[Receipt, ...]:
        """The first `most` receipts behind serial `after` that the client of `sender` has not stored, oldest first."""
        ...

    def news_backlog(self, sender: str) -> bool:
        """Whether older news wait until the client of `sender` has stored what it was told."""
        ...

    def next_number(self) -> int:
        """The acceptance number of the next message."""
        ...

    def next_sequence(self, recipient: str) -> int:
        """The release number of the next message to `recipient`."""
        ...

    def next_serial(self, sender: str) -> int:
        """The serial of the next news to `sender`."""
        ...

"""The view: all that the courier may ask while it decides, read inside the transaction of the facts."""

from collections.abc import Iterable, Mapping
from typing import Protocol

from msgspec import Struct

from tact_engine.core.conditions import Condition
from tact_engine.core.effects import Effect
from tact_engine.core.envelope import Envelope
from tact_engine.core.facts import Fact, Moment
from tact_engine.core.members import Account, Health, JoinRequest, Member, OpenInvitation
from tact_engine.core.patience import Patience
from tact_engine.core.presence import Presence
from tact_engine.core.privacy import Privacy
from tact_engine.core.writes import Write


class Limits(Struct, frozen=True):
    """The engine's adjustable limits. Times are in milliseconds.

    0 MiB switches that part of the disk reserve off; 0 strangers or 0 a second is no limit.
    """

    held_per_pair_max: int = 200
    held_per_sender_max: int = 2_000
    unacknowledged_max: int = 256
    unacknowledged_bytes_max: int = 192 * 1024
    untold_news_max: int = 256
    acknowledge_within_ms: int = 10_000
    grace_ms: int = 10_000
    sweep_max: int = 1_000
    lease_ms: int = 600_000
    chained_max: int = 20
    ballast_mib: int = 32
    disk_free_min_mib: int = 256
    strangers_max: int = 64
    strangers_per_address_max: int = 8
    messages_burst: int = 20
    messages_per_second: int = 5
    presence_burst: int = 10
    presence_per_second: int = 1
    requests_burst: int = 100
    requests_per_second: int = 20
    notes_burst: int = 5_000
    notes_per_second: int = 1_000
    sign_ins_burst: int = 60
    sign_ins_per_second: int = 2
    invitations_max: int = 50
    devices_max: int = 20
    sessions_max: int = 32
    join_requests_max: int = 32
    join_requests_per_address_max: int = 4


class Waiting(Struct, frozen=True):
    """One distinct condition of one sender under which something waits for a recipient; `alert`: only to be told."""

    key: int
    sender: str
    condition: Condition
    alert: bool = False


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

    def disk_is_low(self) -> bool:
        """Whether the disk is so full that nothing new is accepted."""
        ...

    def account(self, handle: str) -> Account | None:
        """The account of `handle`, also of somebody who was removed; None where the handle is free."""
        ...

    def newcomers_of(self, handle: str, since: int) -> int:
        """How many were let in by `handle` after the instant `since` (UTC milliseconds)."""
        ...

    def hosts(self) -> tuple[str, ...]:
        """Everybody who may look after the others."""
        ...

    def gone(self) -> tuple[str, ...]:
        """Everybody who was removed, in the order of their handles."""
        ...

    def members(self) -> tuple[Member, ...]:
        """All accounts with their devices, in the order of their handles."""
        ...

    def has_password(self, handle: str) -> bool:
        """Whether a password can add a device of `handle`."""
        ...

    def invitation(self, token: str, utc_ms: int) -> OpenInvitation | None:
        """The invitation under the hash `token` that is open at `utc_ms`; None where none is."""
        ...

    def invitations(self, utc_ms: int) -> tuple[tuple[str, OpenInvitation], ...]:
        """All invitations open at `utc_ms` with the hashes they are kept under, in the order they were made."""
        ...

    def requests(self, now: Moment) -> tuple[JoinRequest, ...]:
        """Everybody who asks to be let in, in the order they began to."""
        ...

    def is_declined(self, handle: str, fingerprint: str, now: Moment) -> bool:
        """Whether a host has not let this device in under `handle`, not long ago."""
        ...

    def fingerprint_of(self, request: JoinRequest) -> str:
        """The whole fingerprint of the device that asks."""
        ...

    def health(self) -> Health:
        """How the engine fares, in numbers alone."""
        ...

    def person(self, handle: str) -> Presence | None:
        """The presence of a member; None where nobody of this handle belongs to the engine."""
        ...

    def people(self) -> Iterable[Presence]:
        """The presence of every member."""
        ...

    def common(self) -> Mapping[str, Presence]:
        """Everybody's presence by handle, as those see it whom no rule names; the same documents until they change."""
        ...

    def with_rules(self) -> Iterable[str]:
        """Everybody who has rules of their own about who may see what."""
        ...

    def privacy(self, handle: str) -> Privacy:
        """The rules of `handle` about who may see what."""
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

    def sessions_of(self, handle: str) -> tuple[int, ...]:
        """The live sessions of `handle`."""
        ...

    def device_of(self, session: int) -> str:
        """The fingerprint of the device on which a live session is."""
        ...

    def idle_since(self, session: int) -> int | None:
        """Since when (UTC milliseconds) nobody has touched the computer of a session; None while somebody does."""
        ...

    def readings_over(self, utc_ms: int) -> Iterable[str]:
        """The people of whose presence something ends by `utc_ms`."""
        ...

    def wakes_over(self, now: Moment) -> Iterable[str]:
        """The people for whom time alone may have changed what may go."""
        ...

    def wake(self, handle: str) -> tuple[int | None, int | None]:
        """When (UTC, monotonic milliseconds) what waits for `handle` is looked at again; None for never."""
        ...

    def graces_over(self, ticks_ms: int) -> Iterable[str]:
        """The people whose grace after a lost link has ended."""
        ...

    def envelopes(self, id: str) -> tuple[Envelope, ...]:
        """All envelopes of one message, in the order its recipients were named; empty where it is not known."""
        ...

    def waiting(self, recipient: str) -> Iterable[Waiting]:
        """The distinct conditions under which something waits for `recipient`, or is on its way and remembers."""
        ...

    def held(
        self, recipient: str, keys: tuple[int, ...], numbers: tuple[int, ...], utc_ms: int, most: int
    ) -> tuple[Envelope, ...]:
        """The first `most` envelopes held for `recipient`, in acceptance order, that nothing else holds back.

        They are held under one of `keys`, or are of the messages `numbers`; are valid at `utc_ms`; are in no editor;
        and what they wait behind has ended.
        """
        ...

    def patient(self, recipient: str, key: int) -> Iterable[tuple[int, Patience]]:
        """The messages to `recipient` under the patient condition `key`, with what they remember."""
        ...

    def patience(self, recipient: str, number: int) -> Patience:
        """What message `number` to `recipient` remembers of its condition."""
        ...

    def head(self, envelope: Envelope) -> str:
        """The id of the message behind which an envelope still waits; "" where it waits behind none."""
        ...

    def paused(self, number: int) -> bool:
        """Whether message `number` is in an editor."""
        ...

    def leases_over(self, ticks_ms: int) -> Iterable[int]:
        """The messages whose editor was not heard of for too long."""
        ...

    def leases_of(self, sender: str) -> Iterable[int]:
        """The messages of `sender` that are in an editor."""
        ...

    def id_of(self, number: int) -> str:
        """The id of message `number`; "" once it is forgotten."""
        ...

    def tail(self, sender: str, to: tuple[str, ...], most: int) -> tuple[int | None, int]:
        """The last of `sender` in the conversation with all of `to` that has not ended, and its chain's length.

        That is counted up to `most`.
        """
        ...

    def followers(self, number: int) -> tuple[str, ...]:
        """The ids of the messages that wait behind message `number`, or behind one that does."""
        ...

    def quiet(self, utc_ms: int, most: int) -> tuple[Envelope, ...]:
        """The first `most` envelopes that arrived quietly and whose validity has ended by `utc_ms`."""
        ...

    def is_quiet(self, envelope: Envelope) -> bool:
        """Whether it is not told yet that this envelope arrived."""
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

    def backlog(self, recipient: str) -> int | None:
        """The batch of which messages wait only for acknowledgements of earlier ones; None where none do."""
        ...

    def bound_for(self, recipient: str) -> tuple[Envelope, ...]:
        """All envelopes to `recipient` that have not ended, in acceptance order."""
        ...

    def sent_by(self, sender: str) -> tuple[Envelope, ...]:
        """All envelopes of `sender` that have not ended, in acceptance order."""
        ...

    def quiet_of(self, recipient: str) -> tuple[Envelope, ...]:
        """The envelopes that arrived quietly at `recipient`, in acceptance order."""
        ...

    def held_count(self, sender: str, recipient: str) -> int:
        """How many messages of `sender` are held for `recipient`."""
        ...

    def held_total(self, sender: str) -> int:
        """How many messages of `sender` are held in all."""
        ...

    def contents(self, numbers: Iterable[int]) -> Mapping[int, Content]:
        """What these messages carry; those whose body is erased are left out."""
        ...

    def news(self, sender: str, after: int, most: int) -> tuple[tuple[int, Envelope], ...]:
        """The first `most` serials behind `after` that the client of `sender` has not stored, and their envelopes."""
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

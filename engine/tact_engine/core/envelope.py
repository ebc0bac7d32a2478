"""The envelope: a message for one recipient, with its condition and its state. Theory of its life.

A message has one id, made by its sender's client, and one envelope for each recipient. An envelope is

    held        durably stored, waiting for its condition
    released    handed to the recipient's live sessions, not acknowledged yet
    delivered   in the recipient's own store, acknowledged; the body has left the engine
    read        shown to the recipient
    expired     its validity ended first
    withdrawn   its sender took it back
    failed      it can never arrive (its recipient is gone)

Every move is a row of TRANSITIONS; what is not there is not possible. Three rules give the table its shape:

- A match is not latched. A released envelope whose link is lost, or that nobody acknowledges in time, is held again
  and its condition is looked at again; the recipient drops copies by id.
- Truth wins. An acknowledgement that comes late, after the envelope was held again, had expired or was taken back,
  still makes it delivered, and the sender's notice is corrected. It says which revision arrived.
- Withdraw, edit and release exclude each other: the first two start from held alone.

An *alert* is an envelope without a body that is told to its sender instead of being handed to its recipient: it goes
from held to delivered at the moment its condition is TRUE. All else is as for a message, so one can become the other.

At the end of its validity an envelope may have a second life (`otherwise`): its condition is dropped and one further
validity begins.

A restart is a lost link for everybody. At the instant of `expires_at` expiry wins.
"""

from collections.abc import Mapping
from enum import StrEnum
from functools import lru_cache
from hashlib import sha256
from types import MappingProxyType

from msgspec import Struct
from msgspec.structs import replace

from tact_engine.core.conditions import WHEN_ONLINE, Condition

BODY_BYTES_MAX = 16 * 1024
RECIPIENTS_MAX = 64
VALIDITY_SECONDS_MIN = 60
VALIDITY_SECONDS_MAX = 30 * 24 * 3600
VALIDITY_SECONDS_DEFAULT = 7 * 24 * 3600
SECOND_LIFE_SECONDS_MAX = 7 * 24 * 3600
ID_LENGTH_MAX = 64
CONTENT_TYPE_LENGTH_MAX = 100
COPY_BYTES = 600
CONVERSATIONS_MAX = 4_096
"""Of so many conversations the id is remembered."""
TEXT_PLAIN = "text/plain; charset=utf-8"


class State(StrEnum):
    """Where an envelope stands."""

    HELD = "held"
    RELEASED = "released"
    DELIVERED = "delivered"
    READ = "read"
    EXPIRED = "expired"
    WITHDRAWN = "withdrawn"
    FAILED = "failed"


class Otherwise(StrEnum):
    """What becomes of a message whose validity ends before its condition was true."""

    EXPIRE = "expire"
    DRAFTS = "drafts"
    DELIVER = "deliver"


class Move(StrEnum):
    """What can happen to an envelope."""

    SUBMIT = "submit"
    RELEASE = "release"
    TELL = "tell"
    AMEND = "amend"
    WITHDRAW = "withdraw"
    EXPIRE = "expire"
    ACKNOWLEDGE = "acknowledge"
    LOSE = "lose"
    MARK_READ = "mark_read"
    FAIL = "fail"


_S, _M = State, Move
TRANSITIONS: Mapping[tuple[State | None, Move], State] = MappingProxyType(
    {
        (None, _M.SUBMIT): _S.HELD,  # durable before the sender is told
        (_S.HELD, _M.RELEASE): _S.RELEASED,  # condition TRUE, live session, now < expires_at
        (_S.HELD, _M.TELL): _S.DELIVERED,  # an alert: nothing is handed over, its sender is told
        (_S.HELD, _M.AMEND): _S.HELD,  # edit, send now, a second life: revision + 1, looked at again at once
        (_S.HELD, _M.WITHDRAW): _S.WITHDRAWN,
        (_S.HELD, _M.EXPIRE): _S.EXPIRED,
        (_S.HELD, _M.FAIL): _S.FAILED,
        (_S.RELEASED, _M.ACKNOWLEDGE): _S.DELIVERED,  # the first one; the body leaves the engine
        (_S.RELEASED, _M.LOSE): _S.HELD,  # link lost or nothing heard in time: a match is not latched
        (_S.RELEASED, _M.FAIL): _S.FAILED,
        (_S.HELD, _M.ACKNOWLEDGE): _S.DELIVERED,  # late news of an earlier release
        (_S.EXPIRED, _M.ACKNOWLEDGE): _S.DELIVERED,  # truth wins
        (_S.WITHDRAWN, _M.ACKNOWLEDGE): _S.DELIVERED,  # a copy had left before it was taken back
        (_S.DELIVERED, _M.MARK_READ): _S.READ,
        (_S.WITHDRAWN, _M.WITHDRAW): _S.WITHDRAWN,  # idempotent, as are the two below
        (_S.DELIVERED, _M.ACKNOWLEDGE): _S.DELIVERED,
        (_S.READ, _M.ACKNOWLEDGE): _S.READ,
        (_S.READ, _M.MARK_READ): _S.READ,
    }
)
"""(state, move) → state. A miss is the error."""

ENDED = frozenset({State.DELIVERED, State.READ, State.EXPIRED, State.WITHDRAWN, State.FAILED})
"""The states in which the body is gone and nothing waits any more."""


class Submission(Struct, frozen=True, forbid_unknown_fields=True):
    """What a sender hands over: a message and when it may arrive.

    `id` is made by the sender's client (a UUIDv7) and makes a retry harmless. `body` is opaque to the engine;
    `content_type` and `enc` say to the recipient's client what it is. `valid_for` is in whole seconds from acceptance.
    `keep_order` lets it wait behind the last message of its sender in the conversation that still waits. `alert`:
    nothing is handed over, its sender is told when the condition is true; then there is no body.
    """

    id: str
    to: tuple[str, ...]
    body: bytes
    content_type: str = TEXT_PLAIN
    enc: str = ""
    when: Condition = WHEN_ONLINE
    valid_for: int = VALIDITY_SECONDS_DEFAULT
    otherwise: Otherwise = Otherwise.EXPIRE
    keep_order: bool = False
    alert: bool = False


class Envelope(Struct, frozen=True):
    """One recipient's part of a message, without its body. Times are UTC milliseconds of the engine's clock.

    `number` is the engine's acceptance order. `tried` says that a copy left earlier (so a late acknowledgement is
    believed). `since` is when the present state began. `valid_for` is in seconds. `behind` is the number of the message
    that must have ended first; `matched` the version of the recipient's presence at which it was last released.
    """

    number: int
    id: str
    sender: str
    recipient: str
    conversation: str
    condition: Condition
    state: State
    revision: int
    accepted_at: int
    expires_at: int
    since: int
    tried: bool = False
    weight: int = 0
    """About how many bytes a copy takes on its way."""
    valid_for: int = VALIDITY_SECONDS_DEFAULT
    otherwise: Otherwise = Otherwise.EXPIRE
    second: bool = False
    """Whether its second life has begun."""
    alert: bool = False
    behind: int | None = None
    matched: int = 0
    latest: int = 1
    """The revision of the message; `revision` is that of this copy, which may have arrived in an earlier one."""
    edited: bool = False
    """Whether it was an edit that made the latest revision."""


class Receipt(Struct, frozen=True, omit_defaults=True, forbid_unknown_fields=True):
    """What the sender learns of one envelope. `serial` orders the news of one sender; 0 in a direct answer.

    `revision` is the one that arrived, once it has. `second`: its condition was dropped at the end of its validity, and
    it goes when its recipient is next online.
    """

    id: str
    recipient: str
    state: State
    revision: int
    since: int
    accepted_at: int
    expires_at: int
    serial: int = 0
    second: bool = False


class Delivery(Struct, frozen=True, omit_defaults=True, forbid_unknown_fields=True):
    """One message as its recipient gets it. It carries no condition: that is the sender's secret.

    `sequence` is the release order of this recipient. `written_at` is the moment of acceptance, `released_at` that of
    this release; `delayed` marks an offline message: one that was held for more than the moment of acceptance.
    """

    id: str
    sender: str
    conversation: str
    members: tuple[str, ...]
    body: bytes
    content_type: str
    sequence: int
    written_at: int
    released_at: int
    enc: str = ""
    delayed: bool = False
    revision: int = 1


def next_state(state: State | None, move: Move) -> State | None:
    """The state after `move`, or None where the table has no such row."""
    return TRANSITIONS.get((state, move))


def receipt_of(envelope: Envelope, serial: int = 0) -> Receipt:
    """The receipt that tells how `envelope` stands."""
    return Receipt(
        id=envelope.id,
        recipient=envelope.recipient,
        state=envelope.state,
        revision=envelope.revision,
        since=envelope.since,
        accepted_at=envelope.accepted_at,
        expires_at=envelope.expires_at,
        serial=serial,
        second=envelope.second,
    )


def envelopes_of(
    submission: Submission, number: int, sender: str, accepted_at: int, expires_at: int, behind: int | None
) -> tuple[Envelope, ...]:
    """The envelopes of a message that was just accepted, one for each recipient in their order."""
    members = (sender, *submission.to)
    first = Envelope(
        number=number,
        id=submission.id,
        sender=sender,
        recipient=submission.to[0],
        conversation=conversation_of(members),
        condition=submission.when,
        state=State.HELD,
        revision=1,
        accepted_at=accepted_at,
        expires_at=expires_at,
        since=accepted_at,
        weight=weight_of(submission.body, members),
        valid_for=submission.valid_for,
        otherwise=submission.otherwise,
        alert=submission.alert,
        behind=behind,
    )
    if len(submission.to) == 1:
        return (first,)
    return (first, *(replace(first, recipient=other) for other in submission.to[1:]))


def weight_of(body: bytes, members: tuple[str, ...]) -> int:
    """About how many bytes a copy of a message takes on its way: its body in base64, its members, and the rest."""
    return len(body) * 4 // 3 + len("".join(members)) + 3 * len(members) + COPY_BYTES


@lru_cache(CONVERSATIONS_MAX)
def conversation_of(members: tuple[str, ...]) -> str:
    """The id of the direct conversation of `members`: the same for everybody, in whatever order they are named."""
    return "direct-" + sha256("\n".join(sorted(set(members))).encode()).hexdigest()[:32]

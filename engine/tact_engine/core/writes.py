"""Writes: what a decision changes, done in order inside the transaction of its facts."""

from msgspec import Struct

from tact_engine.core.conditions import Condition
from tact_engine.core.envelope import Envelope, Receipt, State, Submission
from tact_engine.core.presence import Presence

# --- durable -------------------------------------------------------------------------------------------


class AddAccount(Struct, frozen=True):
    """A handle is taken for the first time, by this device."""

    handle: str
    device: str
    at: int


class PutPresence(Struct, frozen=True):
    """A presence document has a new version."""

    presence: Presence


class AddMessage(Struct, frozen=True):
    """A message was accepted under `number`, with one held envelope for each of its recipients."""

    number: int
    sender: str
    submission: Submission
    accepted_at: int
    expires_at: int


class Release(Struct, frozen=True):
    """A held envelope becomes released, under its recipient's next release number."""

    envelope: Envelope
    sequence: int
    at: int
    ticks_ms: int


class HoldAgain(Struct, frozen=True):
    """A released envelope goes back to held."""

    envelope: Envelope
    at: int


class Amend(Struct, frozen=True):
    """A message gets a new condition, end or body (None keeps it); `envelopes` are all of its that have not ended."""

    envelopes: tuple[Envelope, ...]
    condition: Condition
    expires_at: int
    body: bytes | None = None


class End(Struct, frozen=True):
    """An envelope reaches the final `state`; with the last one of a message its body is erased."""

    envelope: Envelope
    state: State
    at: int


class AddNews(Struct, frozen=True):
    """The sender is to learn how this envelope stands, now or when they are back; it replaces older news of it."""

    sender: str
    number: int
    receipt: Receipt


class DropNews(Struct, frozen=True):
    """The sender's client has stored the news up to `serial`."""

    sender: str
    serial: int


# --- volatile, gone with the process -------------------------------------------------------------------


class OpenSession(Struct, frozen=True):
    """A session of `handle` lives."""

    session: int
    handle: str


class CloseSession(Struct, frozen=True):
    """A session lives no more."""

    session: int


class SetGrace(Struct, frozen=True):
    """`handle` shows offline when the monotonic clock reaches `until_ticks_ms`; None ends the grace."""

    handle: str
    until_ticks_ms: int | None


class SetNewsBacklog(Struct, frozen=True):
    """Whether news wait until the client of `handle` has stored what it was told."""

    handle: str
    waiting: bool


class SetBacklog(Struct, frozen=True):
    """Whether messages that may go to `handle` wait only for acknowledgements of earlier ones."""

    handle: str
    waiting: bool


Write = (
    AddAccount
    | PutPresence
    | AddMessage
    | Release
    | HoldAgain
    | Amend
    | End
    | AddNews
    | DropNews
    | OpenSession
    | CloseSession
    | SetGrace
    | SetBacklog
    | SetNewsBacklog
)

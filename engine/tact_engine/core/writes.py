"""Writes: what a decision changes, done in order inside the transaction of its facts."""

from msgspec import Struct

from tact_engine.core.conditions import Condition
from tact_engine.core.envelope import Envelope, Otherwise, Receipt, State, Submission
from tact_engine.core.members import Account, JoinRequest, OpenInvitation, Role
from tact_engine.core.patience import Patience
from tact_engine.core.presence import Presence
from tact_engine.core.privacy import Privacy

# --- durable -------------------------------------------------------------------------------------------


class AddAccount(Struct, frozen=True):
    """A handle is taken for the first time, by the device of this fingerprint on this computer."""

    account: Account
    device: str
    computer: str = ""


class RemoveAccount(Struct, frozen=True):
    """A person belongs to the engine no more: no device, no password, no rule, no presence. The handle stays taken."""

    handle: str
    at: int


class PutRole(Struct, frozen=True):
    """Somebody may do more, or less, than before."""

    handle: str
    role: Role


class AddDevice(Struct, frozen=True):
    """A further device speaks for a handle; a removed person is back with it."""

    handle: str
    device: str
    computer: str
    at: int


class SeeDevice(Struct, frozen=True):
    """A device has signed in."""

    handle: str
    device: str
    at: int


class RemoveDevice(Struct, frozen=True):
    """A device speaks for a handle no more."""

    handle: str
    device: str


class PutPassword(Struct, frozen=True):
    """The hash of the password that adds a device of `handle`; "" for none."""

    handle: str
    kept: str


class AddInvitation(Struct, frozen=True):
    """An invitation is open; `token` is the hash of its secret."""

    token: str
    invitation: OpenInvitation


class DropInvitation(Struct, frozen=True):
    """An invitation was used or revoked."""

    token: str


class PutPresence(Struct, frozen=True):
    """A presence document has a new version."""

    presence: Presence


class PutPrivacy(Struct, frozen=True):
    """A person has other rules about who may see what."""

    handle: str
    privacy: Privacy


class AddMessage(Struct, frozen=True):
    """A message was accepted, with one held envelope for each of its recipients, in their order."""

    submission: Submission
    envelopes: tuple[Envelope, ...]


class Release(Struct, frozen=True):
    """A held envelope becomes released, under its recipient's next release number, over this presence version."""

    envelope: Envelope
    version: int
    sequence: int
    at: int
    ticks_ms: int


class HoldAgain(Struct, frozen=True):
    """A released envelope goes back to held."""

    envelope: Envelope
    at: int


class Amend(Struct, frozen=True):
    """A message gets a new condition, end or body (None keeps it); `envelopes` are all of its that have not ended.

    `free` lets it wait behind no other message any more. `edit`: its sender edited it.
    """

    envelopes: tuple[Envelope, ...]
    condition: Condition
    expires_at: int
    valid_for: int
    otherwise: Otherwise
    body: bytes | None = None
    second: bool = False
    alert: bool = False
    free: bool = False
    edit: bool = False


class End(Struct, frozen=True):
    """An envelope reaches the final `state`; with the last one of a message its body is erased."""

    envelope: Envelope
    state: State
    at: int


class KeepQuiet(Struct, frozen=True):
    """That an envelope arrived is not to be told before its validity ends, unless it is read."""

    envelope: Envelope


class BreakSilence(Struct, frozen=True):
    """What was kept quiet about an envelope is told now."""

    envelope: Envelope


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


class PutRequest(Struct, frozen=True):
    """A stranger with the device of this fingerprint asks to be let in, from one monotonic time until another."""

    request: JoinRequest
    fingerprint: str
    from_ticks_ms: int
    until_ticks_ms: int


class DropRequest(Struct, frozen=True):
    """A request is settled; once `declined` it is remembered as that for the rest of its time."""

    handle: str
    device: str
    declined: bool = False


class OpenSession(Struct, frozen=True):
    """A session of `handle` lives, on the device of this fingerprint."""

    session: int
    handle: str
    device: str


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
    """The batch of which messages to `handle` wait only for acknowledgements of earlier ones; None where none do."""

    handle: str
    batch: int | None


class SetIdle(Struct, frozen=True):
    """Since when (UTC milliseconds) nobody has touched the computer of a session; None while somebody does."""

    session: int
    since: int | None


class SetLease(Struct, frozen=True):
    """A message is in an editor until the monotonic clock reaches `until_ticks_ms`; None: it is no longer."""

    number: int
    until_ticks_ms: int | None


class SetPatience(Struct, frozen=True):
    """What a message to `recipient` remembers of its condition."""

    recipient: str
    number: int
    memory: Patience


class SetWake(Struct, frozen=True):
    """When what waits for `handle` is to be looked at again although nothing happens; None for never."""

    handle: str
    utc_ms: int | None
    ticks_ms: int | None


Write = (
    AddAccount
    | RemoveAccount
    | PutRole
    | AddDevice
    | SeeDevice
    | RemoveDevice
    | PutPassword
    | AddInvitation
    | DropInvitation
    | PutRequest
    | DropRequest
    | PutPresence
    | PutPrivacy
    | AddMessage
    | Release
    | HoldAgain
    | Amend
    | End
    | KeepQuiet
    | BreakSilence
    | AddNews
    | DropNews
    | OpenSession
    | CloseSession
    | SetGrace
    | SetBacklog
    | SetNewsBacklog
    | SetIdle
    | SetLease
    | SetPatience
    | SetWake
)

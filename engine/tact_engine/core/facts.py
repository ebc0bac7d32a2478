"""Facts: what happened. Everything the courier decides about comes in as one of these."""

from msgspec import Struct

from tact_engine.core.conditions import Condition
from tact_engine.core.envelope import Otherwise, Submission
from tact_engine.core.members import NO_TICKET, Purpose, Ticket
from tact_engine.core.presence import Value
from tact_engine.core.privacy import Privacy


class Moment(Struct, frozen=True):
    """One reading of the engine's clock: `utc_ms` for stamps and expiry, `ticks_ms` (monotonic) for waiting times."""

    utc_ms: int
    ticks_ms: int


class Started(Struct, frozen=True):
    """The engine has started: everybody is offline until they sign in."""


class SignedIn(Struct, frozen=True):
    """A link proved the device key `device` (its fingerprint) and asks to speak for `handle`.

    Its presence comes with it, and a `ticket` where the device is new.
    """

    session: int
    handle: str
    device: str
    presence: dict[str, Value | None]
    until: dict[str, int] = {}
    ticket: Ticket = NO_TICKET


class HostSought(Struct, frozen=True):
    """The engine starts: where it has no host, or with `anew`, the invitation with this `token` makes one."""

    token: bytes
    anew: bool = False


class Invited(Struct, frozen=True):
    """A person asks for an invitation with this `token`; for a further device of `handle`, "" being their own."""

    session: int
    request: int
    token: bytes
    purpose: Purpose
    handle: str = ""


class Revoked(Struct, frozen=True):
    """An open invitation is to let nobody in any more."""

    session: int
    request: int
    id: str


class Approved(Struct, frozen=True):
    """A host lets the stranger in who asks under `handle` from the device with the id `device`."""

    session: int
    request: int
    handle: str
    device: str


class Declined(Struct, frozen=True):
    """A host does not let the stranger in who asks under `handle` from the device with the id `device`."""

    session: int
    request: int
    handle: str
    device: str


class PasswordSet(Struct, frozen=True):
    """A person sets the password that adds a device; `kept` is its hash, "" for none."""

    session: int
    request: int
    kept: str


class LookedOver(Struct, frozen=True):
    """A person looks who belongs to the engine."""

    session: int
    request: int


class DeviceRemoved(Struct, frozen=True):
    """The device with the id `device` is not to speak for `handle` any more."""

    session: int
    request: int
    handle: str
    device: str


class PersonRemoved(Struct, frozen=True):
    """`handle` is not to belong to the engine any more; `withdraw` takes back what they sent and still waits."""

    session: int
    request: int
    handle: str
    withdraw: bool


class SignedOut(Struct, frozen=True):
    """A session ended on purpose: offline at once."""

    session: int


class LinkLost(Struct, frozen=True):
    """A session's link is gone without a word: offline after the grace."""

    session: int


class PresenceSet(Struct, frozen=True):
    """A person changed their presence; `until` says which changes end by themselves, and when (UTC milliseconds)."""

    session: int
    request: int
    changes: dict[str, Value | None]
    until: dict[str, int] = {}


class PrivacySet(Struct, frozen=True):
    """A person changed who may see what of them, whom they block, who is always loud."""

    session: int
    request: int
    privacy: Privacy


class Submitted(Struct, frozen=True):
    """A sender hands over a message."""

    session: int
    request: int
    submission: Submission


class Amendment(Struct, frozen=True, forbid_unknown_fields=True):
    """What an edit changes; None leaves a part as it is. `valid_for` counts from the acceptance of the edit.

    `alert` makes a message one that is only told, or an alert a message; then `body` is its text.
    """

    body: bytes | None = None
    when: Condition | None = None
    valid_for: int | None = None
    otherwise: Otherwise | None = None
    alert: bool | None = None


class Edited(Struct, frozen=True):
    """A sender changes a waiting message; `revision` is the one they saw."""

    session: int
    request: int
    id: str
    revision: int
    amendment: Amendment


class SentNow(Struct, frozen=True):
    """A sender drops the condition of a waiting message."""

    session: int
    request: int
    id: str


class Paused(Struct, frozen=True):
    """A sender has a waiting message in the editor; told again, the pause lasts on."""

    session: int
    request: int
    id: str


class Resumed(Struct, frozen=True):
    """A sender has closed the editor without a change."""

    session: int
    request: int
    id: str


class Asked(Struct, frozen=True):
    """A sender asks why a message waits."""

    session: int
    request: int
    id: str


class Withdrawn(Struct, frozen=True):
    """A sender takes a waiting message back."""

    session: int
    request: int
    id: str


class Acknowledged(Struct, frozen=True):
    """A recipient's client has these messages in its own store: id → the revision that it has."""

    session: int
    copies: dict[str, int]


class MarkedRead(Struct, frozen=True):
    """A recipient was shown these messages, and lets the senders know."""

    session: int
    ids: tuple[str, ...]


class Noted(Struct, frozen=True):
    """A sender's client has stored all news up to `serial`."""

    session: int
    serial: int


class TimePassed(Struct, frozen=True):
    """The timer woke the engine; what is due is decided by comparing, never by having been woken."""


# --- what one fact leads to, inside the same transaction --------------------------------------------------------


class GracesOver(Struct, frozen=True):
    """Whoever lost their link and did not come back in time is offline."""


class ReadingsOver(Struct, frozen=True):
    """What people had set until a time returns to what it was."""


class LeasesOver(Struct, frozen=True):
    """Editors of which nothing was heard hold their messages back no longer."""


class WakesOver(Struct, frozen=True):
    """For some people, time alone may have changed what may go."""


class SecondLife(Struct, frozen=True):
    """The validity of a message has ended, and it is to go when its recipient is next online."""

    id: str


class SilentEndsOver(Struct, frozen=True):
    """What arrived while its sender was not to know is told, since its validity has ended."""


class ValidityOver(Struct, frozen=True):
    """What waited its validity out expires."""


class SilenceOver(Struct, frozen=True):
    """What left and was not acknowledged in time is held again."""


class Consider(Struct, frozen=True):
    """One envelope may have become deliverable; `fresh` where it was accepted this very moment.

    `anew`: its condition was, so what it remembers of it begins anew.
    """

    id: str
    recipient: str
    fresh: bool
    anew: bool = False


class Tell(Struct, frozen=True):
    """An alert has come true."""

    id: str
    recipient: str


class Reconsider(Struct, frozen=True):
    """Everything that waits for `handle` is looked at again: their presence, a link or a free place changed."""

    handle: str


class RecipientGone(Struct, frozen=True):
    """`handle` was removed: what arrived quietly there says nothing about anybody any more."""

    handle: str


class Reply(Struct, frozen=True):
    """A request about message `id` is answered with how its envelopes stand by now."""

    session: int
    request: int
    id: str


Fact = (
    Started
    | HostSought
    | SignedIn
    | Invited
    | Revoked
    | Approved
    | Declined
    | PasswordSet
    | LookedOver
    | DeviceRemoved
    | PersonRemoved
    | SignedOut
    | LinkLost
    | PresenceSet
    | PrivacySet
    | Submitted
    | Edited
    | SentNow
    | Withdrawn
    | Paused
    | Resumed
    | Asked
    | Acknowledged
    | MarkedRead
    | Noted
    | TimePassed
    | GracesOver
    | ReadingsOver
    | LeasesOver
    | WakesOver
    | SecondLife
    | SilentEndsOver
    | ValidityOver
    | SilenceOver
    | Consider
    | Tell
    | Reconsider
    | RecipientGone
    | Reply
)

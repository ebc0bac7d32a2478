"""Facts: what happened. Everything the courier decides about comes in as one of these."""

from msgspec import Struct

from tact_engine.core.conditions import Condition
from tact_engine.core.envelope import Otherwise, Submission
from tact_engine.core.presence import Value
from tact_engine.core.privacy import Privacy


class Moment(Struct, frozen=True):
    """One reading of the engine's clock: `utc_ms` for stamps and expiry, `ticks_ms` (monotonic) for waiting times."""

    utc_ms: int
    ticks_ms: int


class Started(Struct, frozen=True):
    """The engine has started: everybody is offline until they sign in."""


class SignedIn(Struct, frozen=True):
    """A link proved the device key `device` (its fingerprint) and speaks for `handle`; its presence comes with it."""

    session: int
    handle: str
    device: str
    presence: dict[str, Value | None]
    until: dict[str, int] = {}


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


class Reply(Struct, frozen=True):
    """A request about message `id` is answered with how its envelopes stand by now."""

    session: int
    request: int
    id: str


Fact = (
    Started
    | SignedIn
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
    | Reply
)

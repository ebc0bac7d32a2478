"""Effects: what a decision says to people and devices, only after its writes are durable."""

from msgspec import Struct

from tact_engine.core.conditions import Verdict
from tact_engine.core.envelope import Delivery, Receipt
from tact_engine.core.errors import Refused
from tact_engine.core.members import JoinRequest, Overview
from tact_engine.core.presence import Presence
from tact_engine.core.privacy import Privacy


class Welcome(Struct, frozen=True):
    """The session is signed in and learns who is here, as it may see them, and who no longer; and its own rules."""

    session: int
    handle: str
    people: tuple[Presence, ...]
    privacy: Privacy
    host: bool = False
    gone: tuple[str, ...] = ()


class Reject(Struct, frozen=True):
    """The session may not sign in, or not stay; its link is closed after the sentence."""

    session: int
    refused: Refused


class Standing(Struct, frozen=True, omit_defaults=True, forbid_unknown_fields=True):
    """Why an envelope waits, as far as its sender may know.

    `armed`: an edge has been false since acceptance. `dwell_left_ms`: how long it must hold still, None where it does
    not hold. `behind`: the id of the message that must end first. `paused`: it is in an editor.
    """

    recipient: str
    verdict: Verdict
    armed: bool = True
    dwell_left_ms: int | None = None
    behind: str = ""
    paused: bool = False


class Issued(Struct, frozen=True):
    """An invitation as whoever asked for it gets it, this once; `handle` is whose device it adds, "" for anybody."""

    token: bytes
    expires_at: int
    handle: str = ""


class Answer(Struct, frozen=True):
    """A request succeeded; the receipts say how the envelopes it was about stand now, the standings why they wait.

    `invitation` and `overview` are what was asked for, where that was one.
    """

    session: int
    request: int
    receipts: tuple[Receipt, ...] = ()
    standings: tuple[Standing, ...] = ()
    invitation: Issued | None = None
    overview: Overview | None = None


class Refuse(Struct, frozen=True):
    """A request was not accepted."""

    session: int
    request: int
    refused: Refused


class Announce(Struct, frozen=True):
    """Everybody who may see it learns of a new presence version: some a version of their own, all others `common`.

    None: what they may see has not changed.
    """

    common: Presence | None
    special: dict[str, Presence | None]


class TellPrivacy(Struct, frozen=True):
    """All live sessions of a person learn of their own rules."""

    handle: str
    privacy: Privacy


class Deliver(Struct, frozen=True):
    """Messages for all live sessions of `handle`, in release order; one `batch` is one moment, so one notification.

    `more`: others of the same batch follow once these are acknowledged.
    """

    handle: str
    batch: int
    deliveries: tuple[Delivery, ...]
    more: bool = False


class TellNews(Struct, frozen=True):
    """Receipts for all live sessions of a sender."""

    handle: str
    receipts: tuple[Receipt, ...]


class TellRequests(Struct, frozen=True):
    """All live sessions of the `hosts` learn who asks to be let in: everybody who does."""

    hosts: tuple[str, ...]
    requests: tuple[JoinRequest, ...]


class TellGone(Struct, frozen=True):
    """Everybody learns that `handle` belongs to the engine no more."""

    handle: str


Effect = (
    Welcome | Reject | Answer | Refuse | Announce | TellPrivacy | TellRequests | TellGone | Deliver | TellNews
)

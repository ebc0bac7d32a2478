"""Effects: what a decision says to people and devices, only after its writes are durable."""

from msgspec import Struct

from tact_engine.core.envelope import Delivery, Receipt
from tact_engine.core.errors import Refused
from tact_engine.core.presence import Presence


class Welcome(Struct, frozen=True):
    """The session is signed in and learns who is here."""

    session: int
    handle: str
    people: tuple[Presence, ...]


class Reject(Struct, frozen=True):
    """The session may not sign in; its link is closed after the sentence."""

    session: int
    refused: Refused


class Answer(Struct, frozen=True):
    """A request succeeded; the receipts say how the envelopes it was about stand now."""

    session: int
    request: int
    receipts: tuple[Receipt, ...] = ()


class Refuse(Struct, frozen=True):
    """A request was not accepted."""

    session: int
    request: int
    refused: Refused


class Announce(Struct, frozen=True):
    """Everybody who may see it learns of a new presence version."""

    presence: Presence


class Deliver(Struct, frozen=True):
    """Messages for all live sessions of `handle`, in release order; one `batch` is one moment, so one notification."""

    handle: str
    batch: int
    deliveries: tuple[Delivery, ...]


class TellNews(Struct, frozen=True):
    """Receipts for all live sessions of a sender."""

    handle: str
    receipts: tuple[Receipt, ...]


class CloseLink(Struct, frozen=True):
    """The session's link is closed."""

    session: int


Effect = Welcome | Reject | Answer | Refuse | Announce | Deliver | TellNews | CloseLink

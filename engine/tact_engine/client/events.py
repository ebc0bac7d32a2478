"""What a client learns, in the past tense."""

from msgspec import Struct

from tact_engine.core.envelope import Delivery, Receipt
from tact_engine.core.members import JoinRequest
from tact_engine.core.presence import Presence
from tact_engine.core.privacy import Privacy


class Connected(Struct, frozen=True):
    """The client is signed in. `skew_ms` is how far this computer's clock is ahead of the engine's.

    `is_host`: this person may look after the others. `verified`: this engine was named by an invitation, or its words
    were compared; until then it is only the one that answered first. `is_open`: it lets anybody in, as a demo does.
    """

    handle: str
    engine: str
    name: str
    host: str
    port: int
    skew_ms: int
    is_host: bool = False
    verified: bool = False
    is_open: bool = False


class Disconnected(Struct, frozen=True):
    """The link is gone. `reason` is a sentence; `retry_in` seconds until the next try, None where there is none."""

    reason: str
    retry_in: float | None
    code: str = ""


class PeopleChanged(Struct, frozen=True):
    """New versions of these people's presence, each whole; those who are `gone` belong to the engine no more."""

    people: tuple[Presence, ...]
    gone: tuple[str, ...] = ()


class RequestsChanged(Struct, frozen=True):
    """Everybody who asks to be let in now; only hosts are told."""

    requests: tuple[JoinRequest, ...]


class Delivered(Struct, frozen=True):
    """Messages that arrived, in release order. One `batch` is one moment, so one notification.

    `more`: the rest of the batch follows.
    """

    batch: int
    deliveries: tuple[Delivery, ...]
    more: bool = False


class PrivacyChanged(Struct, frozen=True):
    """One's own rules about who may see what, as they are now."""

    privacy: Privacy


class Receipts(Struct, frozen=True):
    """How messages of one's own stand now. Note them by `Client.note` once they are stored."""

    receipts: tuple[Receipt, ...]


Event = Connected | Disconnected | PeopleChanged | PrivacyChanged | RequestsChanged | Delivered | Receipts

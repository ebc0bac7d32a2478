"""The frames: one struct each, and the table that says who may send it and in which phase of a link.

A frame is one JSON object with its `type`. Fields that hold structs of `core` use the same names there, here, in the
database and in the window. A frame whose type is unknown is refused, unless it carries `"optional": true`: then it is
skipped. Bytes travel as base64. engine/PROTOCOL.md describes every frame and is checked against FRAMES by a test.
"""

from collections.abc import Mapping
from enum import StrEnum
from types import MappingProxyType
from typing import Annotated

from msgspec import Meta, Struct

from tact_engine.core.effects import Standing
from tact_engine.core.envelope import Delivery, Receipt, Submission
from tact_engine.core.facts import Amendment
from tact_engine.core.members import (
    DEVICE_NAME_LENGTH_MAX,
    TOKEN_BYTES,
    Health,
    JoinRequest,
    Member,
    OpenInvitation,
    Purpose,
)
from tact_engine.core.presence import Presence, Value
from tact_engine.core.privacy import Privacy

PROTOCOL_VERSION = 3
FRAME_BYTES_MAX = 64 * 1024
ACKNOWLEDGEMENTS_MAX = 900
NUMBER_MAX = 2**53 - 1

Number = Annotated[int, Meta(ge=0, le=NUMBER_MAX)]
"""A number that every peer and the database can hold."""
Ids = Annotated[tuple[str, ...], Meta(max_length=ACKNOWLEDGEMENTS_MAX)]
"""Message ids, not too many for one frame."""
Token = Annotated[bytes, Meta(max_length=TOKEN_BYTES)]
"""The secret of an invitation; empty for none."""
Computer = Annotated[str, Meta(max_length=DEVICE_NAME_LENGTH_MAX)]
"""What a computer is called, for people."""
Password = Annotated[str, Meta(max_length=256)]
"""A password; empty for none."""
Copies = Annotated[dict[str, Number], Meta(max_length=ACKNOWLEDGEMENTS_MAX)]
"""Message ids with revisions, not too many for one frame."""


class Frame(
    Struct, frozen=True, tag_field="type", forbid_unknown_fields=True, omit_defaults=True, kw_only=True
):
    """The base of all frames. `optional`: a peer that does not know the frame may skip it."""

    optional: bool = False


class Hello(Frame, frozen=True, tag="hello"):
    """The engine greets a new link. `challenge` is for the device key to sign; `open`: any free handle may join."""

    version: int
    engine: str
    name: str
    challenge: bytes
    open: bool


class SignIn(Frame, frozen=True, tag="sign_in"):
    """A device speaks for a person; its presence travels with it, so signing in is one version.

    `signature` is the Ed25519 signature of `signed_text(...)` by the private half of `device_key` (32 raw bytes).
    A new device brings the `token` of an invitation, or the person's `password`. `computer` is what it is called.
    """

    version: int
    handle: str
    device_key: bytes
    signature: bytes
    presence: dict[str, Value | None] = {}
    until: dict[str, Number] = {}
    token: Token = b""
    password: Password = ""
    computer: Computer = ""


class Welcome(Frame, frozen=True, tag="welcome"):
    """The link is signed in; everybody's presence follows. `now` is the engine's clock in UTC milliseconds.

    `host`: this person may look after the others.
    """

    handle: str
    now: int
    host: bool = False


class SetPresence(Frame, frozen=True, tag="set_presence"):
    """The person changes one or several attributes, as one version; null takes one back to its default.

    `until` says which of them end by themselves, and when (UTC milliseconds); then they are what they were before.
    """

    request: Number
    changes: dict[str, Value | None]
    until: dict[str, Number] = {}


class SetPrivacy(Frame, frozen=True, tag="set_privacy"):
    """The person changes who may see what of them, whom they block, who is always loud to them; all at once."""

    request: Number
    privacy: Privacy


class PrivacyFrame(Frame, frozen=True, tag="privacy"):
    """The person's own rules: after the welcome, and whenever they were changed."""

    privacy: Privacy


class People(Frame, frozen=True, tag="people"):
    """The presence of one or more people, each a whole version: of everybody after the welcome, then each new one.

    `gone` names those who belong to the engine no more.
    """

    people: tuple[Presence, ...]
    gone: tuple[str, ...] = ()


class Submit(Frame, frozen=True, tag="submit"):
    """A message and when it may arrive. The same message id again is harmless."""

    request: Number
    submission: Submission


class Edit(Frame, frozen=True, tag="edit"):
    """A change of a waiting message, as it was at `revision`."""

    request: Number
    id: str
    revision: Number
    amendment: Amendment


class SendNow(Frame, frozen=True, tag="send_now"):
    """A waiting message shall go without its condition."""

    request: Number
    id: str


class Pause(Frame, frozen=True, tag="pause"):
    """A waiting message is in an editor and shall not go; say it again every few minutes."""

    request: Number
    id: str


class Resume(Frame, frozen=True, tag="resume"):
    """The editor was closed without a change."""

    request: Number
    id: str


class Explain(Frame, frozen=True, tag="explain"):
    """Why does this message wait?"""

    request: Number
    id: str


class Withdraw(Frame, frozen=True, tag="withdraw"):
    """A waiting message is taken back."""

    request: Number
    id: str


class Invite(Frame, frozen=True, tag="invite"):
    """A member wants an invitation: for somebody new, or for a further device of `handle`, "" being their own."""

    request: Number
    purpose: Purpose = Purpose.MEMBER
    handle: str = ""


class Revoke(Frame, frozen=True, tag="revoke"):
    """The open invitation `id` shall let nobody in any more."""

    request: Number
    id: str


class Approve(Frame, frozen=True, tag="approve"):
    """A host lets in who asks under `handle` from the device with the id `device`."""

    request: Number
    handle: str
    device: str


class Decline(Frame, frozen=True, tag="decline"):
    """A host does not let in who asks under `handle` from the device with the id `device`."""

    request: Number
    handle: str
    device: str


class SetPassword(Frame, frozen=True, tag="set_password"):
    """The person wants another password for adding devices; "" for none."""

    request: Number
    password: Password


class LookOver(Frame, frozen=True, tag="look_over"):
    """Who belongs to the engine? A host is told of all, everybody else of themselves."""

    request: Number


class RemoveDevice(Frame, frozen=True, tag="remove_device"):
    """The device with the id `device` shall not speak for `handle` any more."""

    request: Number
    handle: str
    device: str


class RemovePerson(Frame, frozen=True, tag="remove_person"):
    """`handle` shall not belong to the engine any more; `withdraw` takes back what they sent and still waits."""

    request: Number
    handle: str
    withdraw: bool


class Issued(Struct, frozen=True, forbid_unknown_fields=True, omit_defaults=True):
    """A new invitation; `at` is where the engine believes to be reached, as host:port."""

    token: Token
    expires_at: Number
    at: str
    handle: str = ""


class Done(Frame, frozen=True, tag="done"):
    """A request succeeded and is durable; `receipts` say how the message stands now, `standings` why it waits."""

    request: Number
    receipts: tuple[Receipt, ...] = ()
    standings: tuple[Standing, ...] = ()
    invitation: Issued | None = None


class OverviewFrame(Frame, frozen=True, tag="overview"):
    """A part of what `look_over` asked for; `done` says that it was the last."""

    request: Number
    members: tuple[Member, ...] = ()
    invitations: tuple[OpenInvitation, ...] = ()
    requests: tuple[JoinRequest, ...] = ()
    health: Health | None = None


class Requests(Frame, frozen=True, tag="requests"):
    """Everybody who asks to be let in now: for hosts, after the welcome where there are any, and at every change."""

    requests: tuple[JoinRequest, ...]


class RefusedFrame(Frame, frozen=True, tag="refused"):
    """A request (0: the link itself) was not accepted: a code, a sentence, and the clause it is about, if any.

    `retry_after`: trying again sooner than in so many milliseconds is of no use; 0 where time alone changes nothing.
    """

    request: Number
    code: str
    text: str
    clause: str = ""
    retry_after: Number = 0


class Deliver(Frame, frozen=True, tag="deliver"):
    """Messages for this person, in release order. Frames of one `batch` belong to one moment: one notification.

    `more`: another frame of this batch follows, at once or when these are acknowledged.
    """

    batch: int
    deliveries: tuple[Delivery, ...]
    more: bool = False


class Acknowledge(Frame, frozen=True, tag="acknowledge"):
    """These messages are in the client's own store: id and the revision it has."""

    copies: Copies


class MarkRead(Frame, frozen=True, tag="mark_read"):
    """These messages were shown to the person, and their senders may know."""

    ids: Ids


class News(Frame, frozen=True, tag="news"):
    """How messages of this person stand; told again at every sign-in until noted."""

    receipts: tuple[Receipt, ...]


class Note(Frame, frozen=True, tag="note"):
    """All news up to `serial` are in the client's own store."""

    serial: Number


class SignOut(Frame, frozen=True, tag="sign_out"):
    """The person leaves: offline at once, without the grace of a lost link."""


class Side(StrEnum):
    """Who sends a frame."""

    CLIENT = "client"
    ENGINE = "engine"


class Phase(StrEnum):
    """How far a link has come."""

    GREETED = "before signing in"
    SIGNED_IN = "after signing in"
    CLOSED = "after signing out"


class Row(Struct, frozen=True):
    """One row of FRAMES: the struct, who sends it, and in which phases."""

    frame: type[Frame]
    side: Side
    phases: frozenset[Phase]


_EARLY, _LATE = frozenset({Phase.GREETED}), frozenset({Phase.SIGNED_IN})
_ROWS = (
    Row(Hello, Side.ENGINE, _EARLY),
    Row(SignIn, Side.CLIENT, _EARLY),
    Row(Welcome, Side.ENGINE, _EARLY),
    Row(SetPresence, Side.CLIENT, _LATE),
    Row(People, Side.ENGINE, _LATE),
    Row(Submit, Side.CLIENT, _LATE),
    Row(Edit, Side.CLIENT, _LATE),
    Row(SendNow, Side.CLIENT, _LATE),
    Row(Withdraw, Side.CLIENT, _LATE),
    Row(Pause, Side.CLIENT, _LATE),
    Row(Resume, Side.CLIENT, _LATE),
    Row(Explain, Side.CLIENT, _LATE),
    Row(SetPrivacy, Side.CLIENT, _LATE),
    Row(PrivacyFrame, Side.ENGINE, _LATE),
    Row(Invite, Side.CLIENT, _LATE),
    Row(Revoke, Side.CLIENT, _LATE),
    Row(Approve, Side.CLIENT, _LATE),
    Row(Decline, Side.CLIENT, _LATE),
    Row(Requests, Side.ENGINE, _LATE),
    Row(SetPassword, Side.CLIENT, _LATE),
    Row(LookOver, Side.CLIENT, _LATE),
    Row(OverviewFrame, Side.ENGINE, _LATE),
    Row(RemoveDevice, Side.CLIENT, _LATE),
    Row(RemovePerson, Side.CLIENT, _LATE),
    Row(Done, Side.ENGINE, _LATE),
    Row(RefusedFrame, Side.ENGINE, _EARLY | _LATE),
    Row(Deliver, Side.ENGINE, _LATE),
    Row(Acknowledge, Side.CLIENT, _LATE),
    Row(MarkRead, Side.CLIENT, _LATE),
    Row(News, Side.ENGINE, _LATE),
    Row(Note, Side.CLIENT, _LATE),
    Row(SignOut, Side.CLIENT, _LATE),
)
FRAMES: Mapping[str, Row] = MappingProxyType({str(row.frame.__struct_config__.tag): row for row in _ROWS})
"""Every frame by its type."""


def signed_text(engine: str, challenge: bytes, handle: str) -> bytes:
    """What a device key signs: this engine, this link's challenge, this handle; of no use anywhere else."""
    return b"tact sign-in 1\n" + engine.encode() + b"\n" + challenge + b"\n" + handle.encode()

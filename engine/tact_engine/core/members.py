"""Who belongs to an engine: accounts, their devices, open invitations, and those who ask to be let in.

An account is a handle that was taken once; it stays taken, also after its person was removed, so that nobody can
become somebody else by their name. Its devices prove themselves by a key. A *host* is an account that may look after
the others. How one gets in, as a table (`joining.admitted` is its code):

    handle      device    brings                        becomes
    known       known     anything                      signed in (a host invitation makes it a host)
    known       new       an invitation for the handle  a further device; a removed person is back
    known       new       the right password            a further device
    free        any       an invitation                 a member, or the host
    free        any       nothing, at an open engine    a member
    free        any       nothing                       a request, which a host approves or declines
    otherwise                                           refused

An invitation is a secret of 128 bits that works once. The engine keeps its hash alone.
"""

import re
from enum import StrEnum
from hashlib import sha256

from msgspec import Struct

HANDLE = re.compile(r"(?!\.+$)[a-z0-9._-]{2,32}")
"""What a handle is. It also names folders, so it is never dots alone."""
TOKEN_BYTES = 16
ID_DIGITS = 16
"""How many digits of a hash name an invitation or a device in a list."""
DEVICE_NAME_LENGTH_MAX = 64
INVITATION_DAYS = 7
LINK_DEVICE_MINUTES = 60
REQUEST_HOURS = 24
FOR_EVER_MS = 2**53 - 1


class Role(StrEnum):
    """What somebody may do besides talking."""

    MEMBER = "member"
    HOST = "host"


class Purpose(StrEnum):
    """What an invitation is for."""

    MEMBER = "member"
    DEVICE = "device"
    HOST = "host"


class Account(Struct, frozen=True):
    """A handle and whose it is; `removed_at` (UTC milliseconds) is None while they belong to the engine."""

    handle: str
    role: Role
    created_at: int
    invited_by: str = ""
    removed_at: int | None = None


class OpenInvitation(Struct, frozen=True, omit_defaults=True, forbid_unknown_fields=True):
    """An invitation that was not used yet. `handle` is whose device it adds; "" lets anybody in under a free handle."""

    id: str
    purpose: Purpose
    made_by: str
    made_at: int
    expires_at: int
    handle: str = ""


class JoinRequest(Struct, frozen=True, omit_defaults=True, forbid_unknown_fields=True):
    """Somebody without an invitation asks to be let in; all of it is what they say of themselves."""

    handle: str
    device: str
    asked_at: int
    name: str = ""
    computer: str = ""
    address: str = ""


class Device(Struct, frozen=True, omit_defaults=True, forbid_unknown_fields=True):
    """A device of an account; `id` is the beginning of its key's hash, `seen_at` when it last signed in."""

    id: str
    added_at: int
    seen_at: int
    name: str = ""


class Member(Struct, frozen=True, omit_defaults=True, forbid_unknown_fields=True):
    """An account as a host, or its own person, looks at it."""

    handle: str
    role: Role
    since: int
    devices: tuple[Device, ...]
    invited_by: str = ""
    removed_at: int | None = None
    has_password: bool = False


class Health(Struct, frozen=True, forbid_unknown_fields=True):
    """How an engine fares, in numbers alone: what waits and for how many, never what or for what."""

    version: str
    started_at: int
    people: int
    online: int
    held: int
    released: int
    database_kib: int
    disk_free_mib: int
    disk_is_low: bool


class Overview(Struct, frozen=True):
    """Who belongs to the engine as far as somebody may look: a host sees all, everybody else themselves."""

    members: tuple[Member, ...] = ()
    invitations: tuple[OpenInvitation, ...] = ()
    requests: tuple[JoinRequest, ...] = ()
    health: Health | None = None


class Ticket(Struct, frozen=True):
    """What a sign-in brings besides its device key.

    `token` is the hash of an invitation's token, `vouched` says that the password was right, `open` that the engine
    lets anybody in; `computer` and `address` are what a host is told of somebody who asks to join.
    """

    token: str = ""
    vouched: bool = False
    open: bool = False
    computer: str = ""
    address: str = ""


NO_TICKET = Ticket()


def hash_of(token: bytes) -> str:
    """Under what an invitation with this `token` is kept: 64 hexadecimal digits."""
    return sha256(token).hexdigest()


def id_of(fingerprint: str) -> str:
    """How a device or an invitation is called in a list."""
    return fingerprint[:ID_DIGITS]

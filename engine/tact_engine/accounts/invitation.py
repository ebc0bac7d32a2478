"""Invitations: a link that names an engine, proves which one it is, and lets one person in. It can be a file as well.

    tact://join?engine=<64 hex>&at=<host:port>&name=<percent-encoded>[&handle=<handle>]&token=<22 of base64url>

The token comes last in what is written here: its length is known, so the end of a link is known also where a mail
program has broken it over lines and other text follows. Fields are read in any order; others are passed over.
"""

import re
import unicodedata
from base64 import urlsafe_b64decode, urlsafe_b64encode
from collections.abc import Callable, Mapping
from ipaddress import IPv6Address
from typing import Any
from urllib.parse import quote, unquote

from msgspec import Struct

from tact_engine.core.errors import LocalError
from tact_engine.core.members import HANDLE

FILE_SUFFIX = ".tact"
TOKEN_BYTES = 16
NAME_LENGTH_MAX = 100
TEXT_LENGTH_MAX = 65_536
PIECES_MAX = 64

NOT_AN_INVITATION = "This is not an invitation to Tact. Paste the whole link, from tact:// to its end."
SEVERAL = "Several invitations to Tact are in this text. Paste the link of one of them."

_START = re.compile(r"(?<![\w+.-])tact:/{0,2}join/?\?", re.IGNORECASE)
# What a link never contains, and what programs put into or around one: spaces, line breaks, quotes, quote marks.
_GAP = re.compile("[\\s<>\"'`“”„‘’«»\u00ad\u200b\u200c\u200d\u2060\ufeff]+")
_AFTER_A_LINK = ".,;:!?)]}"
_HOST = re.compile(r"[\w.-]{1,253}")
_HOST_AND_PORT = re.compile(r"(?:\[([^]]+)\]|([^:[\]]+)):([0-9]{1,5})")
_HALF_AN_ESCAPE = re.compile("%(?![0-9A-Fa-f]{2})")
_TOKEN = re.compile("[A-Za-z0-9_-]{22}")
_NOT_IN_A_NAME = {"Cc", "Cf", "Cs", "Zl", "Zp"}  # they hide, or change how what follows is drawn


class Invitation(Struct, frozen=True):
    """Which engine, where it was when it invited, and the token that lets one person in, once.

    `engine` is its id, `name` what it is called; `handle`, where it is set, is the person a new device is for.
    LocalError where a field is not as it must be. The token is a secret: it does not appear in `repr`.
    """

    engine: str
    name: str
    host: str
    port: int
    token: bytes
    handle: str = ""

    def __post_init__(self) -> None:
        """Refuse what no link could carry."""
        for field, fits in _FITS.items():
            if not fits(getattr(self, field)):
                raise LocalError(f"An invitation cannot be made with this {field}. Choose another.")

    @classmethod
    def parsed(cls, text: str) -> "Invitation":
        """The one invitation in `text`: a link, however it was wrapped or broken, or a text around it.

        LocalError where there is none, where it is not whole, and where there are several different ones.
        """
        starts = [found.span() for found in _START.finditer(text[: TEXT_LENGTH_MAX + 1])]
        if not starts or len(text) > TEXT_LENGTH_MAX:
            raise LocalError(NOT_AN_INVITATION)
        ends = [start for start, _ in starts[1:]] + [len(text)]
        found = {
            _first_whole(text[begin:end]) for (_, begin), end in zip(starts, ends, strict=True)
        }  # a mail program may show a link twice: as text, and as where it leads
        if len(found) > 1:
            raise LocalError(SEVERAL)
        return found.pop()

    @property
    def at(self) -> str:
        """Where the engine was: host:port, a v6 address in brackets."""
        return f"[{self.host}]:{self.port}" if ":" in self.host else f"{self.host}:{self.port}"

    def link(self) -> str:
        """The invitation as a link."""
        fields = {"engine": self.engine, "at": self.at, "name": self.name}
        fields |= {"handle": self.handle} if self.handle else {}
        fields |= {"token": _in_base64(self.token)}
        return "tact://join?" + "&".join(f"{key}={quote(value, safe='[]:')}" for key, value in fields.items())

    def as_file(self) -> str:
        """A short text for a file (FILE_SUFFIX) or a mail, the link on a line of its own."""
        what = f"adds a device to “{self.handle}” in" if self.handle else "is for one person, to join"
        return (
            f"This invitation {what} “{self.name}”.\n"
            "Open Tact, choose to join an office, and give it this file or the link below.\n\n"
            f"{self.link()}\n\n"
            "It works once. Keep it to yourself: whoever has it can use it.\n"
        )

    def __repr__(self) -> str:
        """Everything but the token."""
        return f"Invitation({', '.join(f'{key}={value!r}' for key, value in self.__rich_repr__())}, token=…)"

    def __rich_repr__(self) -> list[tuple[str, Any]]:
        """What a pretty printer may show: the Struct's own would show the token."""
        return [(key, getattr(self, key)) for key in ("engine", "name", "host", "port", "handle")]


def _first_whole(text: str) -> Invitation:
    """The shortest beginning of `text` that is the rest of a link, put together over what came between its pieces."""
    so_far = ""
    for piece in _GAP.split(text, PIECES_MAX)[:PIECES_MAX]:
        so_far += piece
        for query in (so_far, so_far.rstrip(_AFTER_A_LINK)):
            try:
                return _of_fields(_fields(query))
            except (ValueError, KeyError, LocalError):
                continue
    raise LocalError(NOT_AN_INVITATION)


def _fields(query: str) -> Mapping[str, str]:
    """The fields of `query` that are known here, decoded; ValueError where one is there twice or cannot be decoded."""
    fields: dict[str, str] = {}
    for key, _, value in (field.partition("=") for field in query.split("&")):
        if key not in ("engine", "at", "name", "token", "handle"):
            continue
        if key in fields or _HALF_AN_ESCAPE.search(value):
            raise ValueError(key)
        fields[key] = unquote(value, errors="strict")
    return fields


def _of_fields(fields: Mapping[str, str]) -> Invitation:
    """The invitation they make; KeyError for a missing one, ValueError or LocalError for one that does not fit."""
    found = _HOST_AND_PORT.fullmatch(fields["at"])
    if not found or not _TOKEN.fullmatch(fields["token"]):
        raise ValueError
    v6, name, port = found.groups()
    token = urlsafe_b64decode(fields["token"] + "==")
    invitation = Invitation(
        fields["engine"], fields["name"], v6 or name, int(port), token, fields.get("handle", "")
    )
    one_way = invitation.at == fields["at"] and _in_base64(token) == fields["token"]
    if not one_way or ("handle" in fields and not invitation.handle):
        raise ValueError
    return invitation


def _in_base64(token: bytes) -> str:
    return urlsafe_b64encode(token).decode().rstrip("=")


def _is_host(host: str) -> bool:
    if ":" not in host:
        return bool(_HOST.fullmatch(host))
    try:
        IPv6Address(host)
    except ValueError:
        return False
    return True


def _is_name(name: str) -> bool:
    plain = not any(unicodedata.category(c) in _NOT_IN_A_NAME for c in name)
    return 0 < len(name) <= NAME_LENGTH_MAX and plain and not _START.search(name)


_FITS: Mapping[str, Callable[[Any], bool]] = {
    "engine": lambda engine: bool(re.fullmatch("[0-9a-f]{64}", engine)),
    "name": _is_name,
    "host": _is_host,
    "port": lambda port: 0 < port < 65_536,
    "token": lambda token: len(token) == TOKEN_BYTES,
    "handle": lambda handle: not handle or bool(HANDLE.fullmatch(handle)),
}

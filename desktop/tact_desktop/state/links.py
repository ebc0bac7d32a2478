"""Web and mail addresses in a text: where they stand, what is opened, and the place that it leads to.

Only http, https and mailto count, and only what is opened exactly as it is shown: an address that could be read in two
ways stays plain text. The place is the host in ASCII, so that letters of two alphabets that look alike do not.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from ipaddress import AddressValueError, IPv4Address, IPv6Address
from unicodedata import category, normalize
from urllib.parse import quote

MAIL = "mailto:"
SCHEMES = ("http", "https", "mailto")
URL_LENGTH_MAX = 2000

_BEGIN = re.compile(r"(?<![A-Za-z0-9+.\-_:/?#=&%@~])(?:https?://|mailto:)", re.IGNORECASE)
"""Not inside of an address of another kind."""
_ASCII = frozenset("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-._~:/?#[]@!$&'()*+,;=%")
_MAILBOX = re.compile(r"[A-Za-z0-9._+-]+@[A-Za-z0-9.-]+")
_AUTHORITY = re.compile(r"(?:(?P<user>[A-Za-z0-9._~%:+-]*)@)?(?P<host>[^/?#@,;!$&'()*+=%]*)")
_PORT = re.compile(r":(\d{1,5})\Z", re.ASCII)
_LABEL = re.compile(r"[a-z0-9_](?:[a-z0-9_-]{0,61}[a-z0-9_])?\Z")
_LONE_PERCENT = re.compile(r"%(?![0-9A-Fa-f]{2})")
_CLOSING = {")": "(", "]": "["}
_TRAILING = ".,:;!?'*"
_LETTERS = ("L", "M", "N")


@dataclass(frozen=True, slots=True)
class WebLink:
    """What stands from `start` to `end` of a text; opening `url`, all ASCII, leads to the host or mailbox `place`."""

    start: int
    end: int
    url: str
    place: str

    @property
    def is_mail(self) -> bool:
        """Whether it opens a letter to be written, and not a page."""
        return self.url.startswith(MAIL)


def links_in(text: str) -> tuple[WebLink, ...]:
    """Every address in `text`, in order."""
    return tuple(_links(text))


def link_of(url: str) -> WebLink | None:
    """The link that opens exactly `url`; None where that is not to be opened."""
    return next((link for link in links_in(url) if link.url == url), None)


def hidden_places(text: str) -> tuple[str, ...]:
    """The places that links of `text` lead to although they seem to lead elsewhere, or are written differently."""
    links = links_in(text)
    return tuple(dict.fromkeys(each.place for each in links if not _shows_place(text, each)))


def _shows_place(text: str, link: WebLink) -> bool:
    before, _, rest = text[link.start : link.end].partition(":")
    return before.isascii() and rest.lstrip("/").lower().startswith(link.place.lower())


def _links(text: str) -> Iterator[WebLink]:
    at = 0
    while begin := _BEGIN.search(text, at):
        scheme = begin.group().lower()
        made = _mail(text, begin) if scheme == MAIL else _web(text, begin, scheme)
        if made is not None:
            yield made
        at = made.end if made is not None else begin.end()


def _mail(text: str, begin: re.Match[str]) -> WebLink | None:
    """A mailbox and no more: a letter that somebody else has filled in is none that one meant to write."""
    found = _MAILBOX.match(text, begin.end())
    if found is None:
        return None
    mailbox = found.group().rstrip(".-")
    local, _, domain = mailbox.rpartition("@")
    host = _host(domain)
    if not host:
        return None
    return WebLink(begin.start(), begin.end() + len(mailbox), f"{MAIL}{local}@{host}", f"{local}@{host}")


def _web(text: str, begin: re.Match[str], scheme: str) -> WebLink | None:
    end = begin.end()
    while end < len(text) and _may_stand(text[end]):
        end += 1
    rest = text[begin.end() : end]
    asked = _AUTHORITY.match(rest)
    assert asked is not None, "every part of it may be empty"
    if rest[asked.end() : asked.end() + 1] == "@":
        return None
    if rest[asked.end() : asked.end() + 1] not in ("/", "?", "#"):
        rest = rest[: asked.end()]
    rest = _without_trailing(rest)
    user, place, path = asked["user"], _without_trailing(asked["host"]), rest[asked.end() :]
    port = _PORT.search(place)
    host = _host(place[: port.start()] if port else place)
    if not host or (port and int(port.group(1)) > 0xFFFF):
        return None
    shown_user = "" if user is None else f"{_quoted(user)}@"
    url = f"{scheme}{shown_user}{host}{port.group() if port else ''}{_quoted(path)}"
    if len(url) > URL_LENGTH_MAX:
        return None
    return WebLink(begin.start(), begin.end() + len(rest), url, host)


def _may_stand(sign: str) -> bool:
    return sign in _ASCII if sign.isascii() else category(sign)[0] in _LETTERS


def _without_trailing(rest: str) -> str:
    """`rest` without the punctuation of the sentence that it stands in."""
    while rest:
        last = rest[-1]
        unopened = last in _CLOSING and rest.count(last) > rest.count(_CLOSING[last])
        if last not in _TRAILING and not unopened:
            break
        rest = rest[:-1]
    return rest


def _quoted(part: str) -> str:
    return quote(_LONE_PERCENT.sub("%25", part), safe="".join(sorted(_ASCII)))


def _host(host: str) -> str:
    """`host` in ASCII and small letters; "" where it is none, or where programs differ about what it is."""
    if host.startswith("[") and host.endswith("]"):
        return _address(IPv6Address, host[1:-1], "[{}]")
    labels = [_label(label) for label in host.split(".")]
    if not all(labels) or len(".".join(labels)) > 253:
        return ""
    if re.fullmatch(r"\d+|0x[0-9a-f]*", labels[-1]):
        return _address(IPv4Address, host, "{}")
    return ".".join(labels)


def _address(kind: type[IPv4Address | IPv6Address], text: str, form: str) -> str:
    try:
        address = kind(text)
    except AddressValueError:
        return ""
    return form.format(address) if "%" not in text else ""


def _label(label: str) -> str:
    """One part of a name, in ASCII."""
    plain = normalize("NFKC", label).lower()
    if not plain.isascii():
        if not all(sign == "-" or category(sign)[0] in _LETTERS for sign in plain):
            return ""
        plain = f"xn--{plain.encode('punycode').decode('ascii')}"
    return plain if _LABEL.match(plain) else ""

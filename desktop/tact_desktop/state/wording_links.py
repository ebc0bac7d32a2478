"""The words about links in messages: where one leads, and what can be done with it."""

from collections.abc import Sequence
from dataclasses import dataclass

from tact_desktop.state.links import MAIL, WebLink

COPY_LINK = "Copy link"
NOT_OPENED = (
    "This computer has no program that opens this link. You can copy it from the menu of the message."
)
OFFERED_MAX = 5
"""How many of the links of one message its menu offers."""
_PATH_LENGTH_MAX = 40


@dataclass(frozen=True, slots=True)
class LinkDeed:
    """What a menu offers for one link: to open it, and to copy it."""

    url: str
    open: str
    copy: str


def leads_to(link: WebLink) -> str:
    """What a click does, with the place as it really is."""
    if link.is_mail:
        return f"Writes to {link.place} in your mail program"
    return f"Opens {link.place} in your browser"


def link_deeds(links: Sequence[WebLink]) -> tuple[LinkDeed, ...]:
    """What the menu of a message offers for the first of `links`, each address once."""
    offered = list({link.url: link for link in links}.values())[:OFFERED_MAX]
    places = [link.place for link in offered]
    return tuple(_deed(link, alone=len(offered) == 1, twin=places.count(link.place) > 1) for link in offered)


def _deed(link: WebLink, alone: bool, twin: bool) -> LinkDeed:
    named = _with_path(link) if twin else link.place
    verb = "Write to" if link.is_mail else "Open link to"
    return LinkDeed(link.url, f"{verb} {named}", COPY_LINK if alone else f"{COPY_LINK} to {named}")


def _with_path(link: WebLink) -> str:
    """The place with what follows it, where several links lead to the same one; the place comes first."""
    _, _, rest = link.url.removeprefix(MAIL).partition(link.place)
    return link.place + (rest if len(rest) <= _PATH_LENGTH_MAX else f"{rest[: _PATH_LENGTH_MAX - 1]}…")

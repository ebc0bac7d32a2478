"""Who belongs to the office, as rows of a page: devices, invitations, people, requests, and how the engine fares."""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import tzinfo

from tact_desktop.state import wording_members as words
from tact_desktop.state.people import People
from tact_desktop.state.shown import bare, known_as, shown_line, shown_name
from tact_desktop.state.wording_members import Deed
from tact_desktop.state.wording_time import left
from tact_engine.core.members import (
    FOR_EVER_MS,
    Device,
    Health,
    JoinRequest,
    Member,
    OpenInvitation,
    Overview,
    Role,
    hash_of,
    id_of,
)
from tact_engine.core.presence import ONLINE_STATUS

PASSWORD_LENGTH_MIN = 8
PASSWORD_LENGTH_MAX = 256
FILE_SUFFIX = ".tact"
_FILE_NAME_MAX = 40
_NOT_IN_A_FILE_NAME = re.compile(r"[^\w -]+")


@dataclass(frozen=True, slots=True)
class Item:
    """One row: what it is, small words beside it, more of it in lines, and what can be done. `quiet`: it is over.

    The title of a person is their name alone: `handle` stands beside it, where no name is so long that it hides it.
    """

    key: str
    title: str
    lines: tuple[str, ...]
    deeds: tuple[Deed, ...] = ()
    marks: tuple[str, ...] = ()
    quiet: bool = False
    handle: str = ""

    @property
    def said(self) -> str:
        """The title in full."""
        return known_as(self.title, self.handle) if self.handle else self.title

    @property
    def beside(self) -> str:
        """The small words."""
        own = (self.handle,) if self.handle and self.handle != bare(self.title) else ()
        return " · ".join((*own, *self.marks))


@dataclass(frozen=True, slots=True)
class Reading:
    """Who looks, with which device, at which people, when (UTC milliseconds), where, and the words of the engine."""

    me: str
    device: str
    people: People
    now_ms: int
    zone: tzinfo
    words: tuple[str, ...] = ()

    def at(self, ms: int) -> str:
        """A moment that is over, in words."""
        return words.at(ms, self.now_ms, self.zone)

    def until(self, ms: int) -> str:
        """When something is over, in words; "" where that is never."""
        return words.until(ms, self.now_ms, self.zone) if ms < FOR_EVER_MS else ""


@dataclass(frozen=True, slots=True)
class Page:
    """Everything the page shows. What is for hosts alone is empty for others."""

    devices: tuple[Item, ...] = ()
    own_invitations: tuple[Item, ...] = ()
    has_password: bool = False
    is_host: bool = False
    people: tuple[Item, ...] = ()
    requests: tuple[Item, ...] = ()
    invitations: tuple[Item, ...] = ()
    health: tuple[tuple[str, str], ...] = ()
    disk_is_low: bool = False
    words: tuple[str, ...] = ()
    """By which whoever asks to join knows the engine, while somebody asks."""


def page(overview: Overview, requests: Iterable[JoinRequest], is_host: bool, reading: Reading) -> Page:
    """The page of whoever reads it; `requests` are younger than those of the overview."""
    mine = member_of(overview, reading.me)
    own = [each for each in overview.invitations if each.made_by == reading.me]
    made = Page(
        devices=device_items(mine.devices if mine else (), reading),
        own_invitations=tuple(_invitation(each, reading) for each in _by_age(own)),
        has_password=mine is not None and mine.has_password,
    )
    if not is_host:
        return made
    health, asking = overview.health, tuple(_request(each, reading) for each in requests)
    return Page(
        made.devices,
        made.own_invitations,
        made.has_password,
        is_host=True,
        people=_person_items(overview.members, reading),
        requests=asking,
        invitations=tuple(_invitation(each, reading) for each in _by_age(overview.invitations)),
        health=_health_lines(health, reading) if health else (),
        disk_is_low=health is not None and health.disk_is_low,
        words=reading.words if asking else (),
    )


def member_of(overview: Overview, handle: str) -> Member | None:
    """Somebody by handle."""
    return next((each for each in overview.members if each.handle == handle), None)


def key_of(request: JoinRequest) -> str:
    """What a request is known by: who and with which device."""
    return f"{request.handle} {request.device}"


def name_of(request: JoinRequest) -> str:
    """Who asks, by what they call themselves and by handle."""
    handle = shown_name(request.handle)
    return known_as(_calls_themselves(request), handle)


def is_open(overview: Overview, token: bytes) -> bool:
    """Whether the invitation with this token can still be used, as far as the overview says."""
    return any(each.id == id_of(hash_of(token)) for each in overview.invitations)


def file_name(engine: str) -> str:
    """How the file of an invitation to `engine` is called, wherever it is kept."""
    plain = " ".join(_NOT_IN_A_FILE_NAME.sub(" ", bare(shown_name(engine))).split())
    return f"{plain[:_FILE_NAME_MAX].strip() or 'Tact'}{FILE_SUFFIX}"


def password_problem(password: str, again: str) -> str:
    """Why this cannot be the password, as a sentence; "" where it can."""
    if len(password) < PASSWORD_LENGTH_MIN:
        return words.password_too_short(PASSWORD_LENGTH_MIN)
    if len(password) > PASSWORD_LENGTH_MAX:
        return words.password_too_long(PASSWORD_LENGTH_MAX)
    return "" if password == again else words.NOT_THE_SAME


def found(items: Iterable[Item], needle: str) -> tuple[Item, ...]:
    """Those of `items` with `needle` in their title or handle."""
    wanted = needle.strip().casefold()
    return tuple(each for each in items if wanted in each.said.casefold())


def device_title(device: Device) -> str:
    """What a device is called."""
    return shown_name(device.name) or words.UNNAMED_DEVICE


def device_items(devices: Iterable[Device], reading: Reading) -> tuple[Item, ...]:
    """Devices as rows: the one in use first, then the one that was last there."""
    ordered = sorted(devices, key=lambda each: (each.id != reading.device, -each.seen_at, each.id))
    return tuple(
        Item(
            each.id,
            device_title(each),
            (words.device_line(reading.at(each.added_at), reading.at(each.seen_at)),),
            (Deed.REMOVE_DEVICE,),
            (words.THIS_COMPUTER,) if each.id == reading.device else (),
        )
        for each in ordered
    )


def _by_age(invitations: Iterable[OpenInvitation]) -> list[OpenInvitation]:
    return sorted(invitations, key=lambda each: (-each.made_at, each.id))


def _invitation(each: OpenInvitation, reading: Reading) -> Item:
    whose = (words.invitation_whose(_known(each.handle, reading)),) if each.handle else ()
    by = _known(each.made_by, reading) if each.made_by not in ("", reading.me) else ""
    line = words.invitation_line(by, reading.at(each.made_at), reading.until(each.expires_at))
    return Item(each.id, words.INVITES[each.purpose], (*whose, line), (Deed.REVOKE,))


def _person_items(members: Iterable[Member], reading: Reading) -> tuple[Item, ...]:
    """Who belongs to the office by name, then who was removed."""
    items = [(each.removed_at is not None, _person(each, reading)) for each in members]
    return tuple(item for _, item in sorted(items, key=lambda each: (each[0], each[1].title.casefold())))


def _person(each: Member, reading: Reading) -> Item:
    title, handle = _name(each.handle, reading), shown_name(each.handle)
    by = _known(each.invited_by, reading) if each.invited_by else ""
    since = words.member_since(words.on_day(each.since, reading.now_ms, reading.zone), by)
    if each.removed_at is not None:
        gone = words.removed_at(reading.at(each.removed_at))
        return Item(
            each.handle, title, (gone,), (Deed.BRING_BACK,), (words.REMOVED,), quiet=True, handle=handle
        )
    parts = (words.device_count(len(each.devices)), _seen(each.handle, reading), since)
    line = _sentence(" · ".join(part for part in parts if part))
    me = each.handle == reading.me
    marks = (words.IT_IS_YOU,) * me + (words.HOST,) * (each.role is Role.HOST)
    deeds = () if me else (Deed.DEVICES, Deed.REMOVE_PERSON)
    return Item(each.handle, title, (line,), deeds, marks, handle=handle)


def _seen(handle: str, reading: Reading) -> str:
    """Whether somebody is there, as far as they show it."""
    person = reading.people.get(handle)
    online = person.presence.readings.get(ONLINE_STATUS) if person else None
    if person is None or online is None:
        return ""
    return words.ONLINE if person.presence.online else words.last_seen(reading.at(online.since))


def _request(each: JoinRequest, reading: Reading) -> Item:
    lines = words.request_lines(
        shown_name(each.computer), shown_line(each.address), reading.at(each.asked_at)
    )
    handle = shown_name(each.handle)
    return Item(key_of(each), _calls_themselves(each), lines, (Deed.DECLINE, Deed.LET_IN), handle=handle)


def _calls_themselves(request: JoinRequest) -> str:
    return shown_name(request.name) or shown_name(request.handle)


def _health_lines(health: Health, reading: Reading) -> tuple[tuple[str, str], ...]:
    for_how_long = left(reading.now_ms - health.started_at)
    return (
        (words.RUNNING, words.running(reading.at(health.started_at), for_how_long)),
        (words.VERSION, shown_line(health.version)),
        (words.IN_ALL, words.people_online(health.people, health.online)),
        (words.MESSAGES, words.messages(health.held, health.released)),
        (words.DATABASE, words.size(health.database_kib)),
        (words.DISK, words.size(health.disk_free_mib * 1024)),
    )


def _known(handle: str, reading: Reading) -> str:
    """Somebody by name and handle."""
    return known_as(_name(handle, reading), shown_name(handle))


def _name(handle: str, reading: Reading) -> str:
    person = reading.people.get(handle)
    return person.name if person else shown_name(handle)


def _sentence(text: str) -> str:
    return text[:1].upper() + text[1:]

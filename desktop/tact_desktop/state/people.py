"""The people of the office: who is there, how they are, and what waits or is unread between us."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from enum import StrEnum

from tact_desktop.state.shown import known_as, shown_name
from tact_engine.core.envelope import conversation_of
from tact_engine.core.presence import ALIAS, ONLINE_STATUS, USER_AVAILABILITY, Presence
from tact_engine.core.privacy import Privacy


class Glyph(StrEnum):
    """How reachable a person shows; they differ in shape, not only in colour."""

    AVAILABLE = "available"
    DISCREET = "discreet"
    NOT_AVAILABLE = "not_available"
    OFFLINE = "offline"
    UNKNOWN = "unknown"
    """They do not share whether they are online."""


@dataclass(frozen=True, slots=True)
class Person:
    """One person; `last_at` is when something last happened in our conversation, in UTC milliseconds, else 0.

    `vip`: what they write is always loud. `blocked`: they are not to be heard.
    """

    handle: str
    presence: Presence
    unread: int = 0
    waiting: int = 0
    last_at: int = 0
    vip: bool = False
    blocked: bool = False
    gone: bool = False
    """Whether they belong to the engine no more; what was written with them can still be read."""

    @property
    def name(self) -> str:
        """The name a person goes by, as it is shown: their Alias, or the handle."""
        return shown_name(str(self.presence.value(ALIAS) or "")) or shown_name(self.handle)


People = Mapping[str, Person]
"""Everybody, by handle."""

_GLYPHS: Mapping[object, Glyph] = {"DISCREET": Glyph.DISCREET, "NOT_AVAILABLE": Glyph.NOT_AVAILABLE}


def glyph_of(presence: Presence) -> Glyph:
    """The mark beside a name; an availability this version does not know is shown as available."""
    if ONLINE_STATUS in presence.hidden:
        return Glyph.UNKNOWN
    if not presence.online:
        return Glyph.OFFLINE
    return _GLYPHS.get(presence.value(USER_AVAILABILITY), Glyph.AVAILABLE)


def announced(people: People, presence: Presence) -> People:
    """`people` after a presence document came; the very same where it is older or says nothing new."""
    known = people.get(presence.handle)
    if known is None:
        return {**people, presence.handle: Person(presence.handle, presence)}
    if not known.gone and (presence.version < known.presence.version or presence == known.presence):
        return people
    return {**people, presence.handle: replace(known, presence=presence, gone=False)}


def left(people: People, handle: str, *, kept: bool) -> People:
    """`people` after `handle` was removed from the engine; `kept`: there is a conversation with them to read."""
    others = {each: person for each, person in people.items() if each != handle}
    if not kept:
        return others
    person = people[handle]
    name = person.presence.readings.get(ALIAS)
    nothing = Presence(handle, 0, {ALIAS: name} if name else {})
    return {**others, handle: replace(person, presence=nothing, gone=True)}


def welcomed(people: People, presences: Iterable[Presence]) -> People:
    """Who is there after signing in: exactly `presences`, whatever their versions; what we counted is kept."""
    return {
        presence.handle: replace(people[presence.handle], presence=presence)
        if presence.handle in people
        else Person(presence.handle, presence)
        for presence in presences
    }


def counted(
    people: People,
    me: str,
    unread: Mapping[str, int],
    waiting: Mapping[str, int],
    last_at: Mapping[str, int],
) -> People:
    """`people` with their counts and times, each given by conversation; who does not change stays the same object."""
    return {handle: _counted(person, me, unread, waiting, last_at) for handle, person in people.items()}


def called(people: People, handle: str) -> str:
    """What `handle` is called where they are only named: with the handle where others have the same name."""
    person = people.get(handle)
    if person is None:
        return shown_name(handle)
    same = sum(each.name.casefold() == person.name.casefold() for each in people.values())
    return known_as(person.name, handle) if same > 1 else person.name


def listed(people: People, me: str, needle: str = "") -> tuple[Person, ...]:
    """Everybody but `me` whose name or handle has `needle` in it.

    Unread comes first, then the most recent conversation, then who is online, then the name. Who is gone comes last.
    """
    wanted = needle.strip().casefold()
    found = [
        person
        for person in people.values()
        if person.handle != me and (wanted in person.name.casefold() or wanted in person.handle.casefold())
    ]
    return tuple(sorted(found, key=_place))


def wished(people: Iterable[Person], privacy: Privacy) -> tuple[Person, ...]:
    """`people` in their order, each with what `privacy` wishes about them."""
    return tuple(
        replace(each, vip=each.handle in privacy.vips, blocked=each.handle in privacy.blocked)
        for each in people
    )


def _counted(
    person: Person, me: str, unread: Mapping[str, int], waiting: Mapping[str, int], last_at: Mapping[str, int]
) -> Person:
    key = conversation_of((me, person.handle))
    counts = unread.get(key, 0), waiting.get(key, 0), last_at.get(key, 0)
    if counts == (person.unread, person.waiting, person.last_at):
        return person
    return replace(person, unread=counts[0], waiting=counts[1], last_at=counts[2])


def _place(person: Person) -> tuple[bool, bool, int, bool, str, str]:
    return (
        person.gone,
        person.unread == 0,
        -person.last_at,
        not person.presence.online,
        person.name.casefold(),
        person.handle,
    )

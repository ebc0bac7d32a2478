"""The people of the office: who is there, how they are, and what waits or is unread between us."""

from collections import Counter
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field, replace
from enum import StrEnum
from operator import attrgetter

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
    name: str = field(init=False, compare=False)
    """The name a person goes by, as it is shown: their Alias, or the handle."""
    folded: str = field(init=False, compare=False)
    """The name as it is compared: without regard to capitals."""
    place: tuple[bool, bool, int, bool, str, str] = field(init=False, compare=False, repr=False)
    """Where they stand in the list; less is above."""

    def __post_init__(self) -> None:
        """All this is asked for far more often than a person changes."""
        name = shown_name(str(self.presence.value(ALIAS) or "")) or shown_name(self.handle)
        object.__setattr__(self, "name", name)
        object.__setattr__(self, "folded", name.casefold())
        object.__setattr__(self, "place", _place(self))


People = Mapping[str, Person]
"""Everybody, by handle."""
NameOf = Callable[[str], str]
"""Handle → what they are called here."""

_GLYPHS: Mapping[object, Glyph] = {"DISCREET": Glyph.DISCREET, "NOT_AVAILABLE": Glyph.NOT_AVAILABLE}


def glyph_of(presence: Presence) -> Glyph:
    """The mark beside a name; an availability this version does not know is shown as available."""
    if ONLINE_STATUS in presence.hidden:
        return Glyph.UNKNOWN
    if not presence.online:
        return Glyph.OFFLINE
    return _GLYPHS.get(presence.value(USER_AVAILABILITY), Glyph.AVAILABLE)


def announced(people: People, *presences: Presence) -> People:
    """`people` after presence documents came; the very same where they are older or say nothing new."""
    fresh = {each.handle: each for each in presences if _is_news(people.get(each.handle), each)}
    if not fresh:
        return people
    known = {handle: people.get(handle) for handle in fresh}
    return {
        **people,
        **{
            handle: Person(handle, fresh[handle])
            if person is None
            else replace(person, presence=fresh[handle], gone=False)
            for handle, person in known.items()
        },
    }


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


def recounted(people: People, handle: str, unread: int, waiting: int, last_at: int) -> People:
    """`people` with the counts of one of them; the very same where nothing is different."""
    person = people.get(handle)
    if person is None or (unread, waiting, last_at) == (person.unread, person.waiting, person.last_at):
        return people
    return {**people, handle: replace(person, unread=unread, waiting=waiting, last_at=last_at)}


def called(people: People, handle: str) -> str:
    """What `handle` is called where they are only named: with the handle where others have the same name."""
    return caller(people)(handle)


def caller(people: People) -> NameOf:
    """`called` for many: who has the same name as others is found out once, when the first is named."""
    named = Counter[str]()

    def name_of(handle: str) -> str:
        person = people.get(handle)
        if person is None:
            return shown_name(handle)
        if not named:
            named.update(each.folded for each in people.values())
        return known_as(person.name, handle) if named[person.folded] > 1 else person.name

    return name_of


def listed(people: People, me: str, needle: str = "") -> tuple[Person, ...]:
    """Everybody but `me` whose name or handle has `needle` in it.

    Unread comes first, then the most recent conversation, then who is online, then the name. Who is gone comes last.
    """
    wanted = needle.strip().casefold()
    found = [person for person in people.values() if person.handle != me]
    if wanted:
        found = [each for each in found if wanted in each.folded or wanted in each.handle.casefold()]
    return tuple(sorted(found, key=attrgetter("place")))


def wished(people: Iterable[Person], privacy: Privacy) -> tuple[Person, ...]:
    """`people` in their order, each with what `privacy` wishes about them; who stays so is the same object."""
    return tuple(
        _wished(each, each.handle in privacy.vips, each.handle in privacy.blocked) for each in people
    )


def _is_news(known: Person | None, presence: Presence) -> bool:
    if known is None or known.gone:
        return True
    return presence.version >= known.presence.version and presence != known.presence


def _wished(person: Person, vip: bool, blocked: bool) -> Person:
    if (vip, blocked) == (person.vip, person.blocked):
        return person
    return replace(person, vip=vip, blocked=blocked)


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
        person.folded,
        person.handle,
    )

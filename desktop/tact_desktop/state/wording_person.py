"""How somebody is, in words: the quiet line of the list, the line of a header, and what a screen reader says.

What somebody does not share is not there, and nothing is said in its place; only whether they are online has a word
for that, because its mark has a shape for it.
"""

from collections.abc import Iterable
from datetime import timedelta, tzinfo

from tact_desktop.state.people import Person
from tact_desktop.state.shown import known_as, shown_line
from tact_desktop.state.wording_time import MONTHS, WEEKDAYS, YESTERDAY, clock, left, moment, when
from tact_desktop.state.wording_words import now_word, value_label, value_word, word
from tact_engine.core.presence import (
    ACTIVITY,
    FREE_TEXT_LOCATION,
    IDLE,
    ONLINE_STATUS,
    STATUS_TEXT,
    USER_AVAILABILITY,
    USER_MOOD,
    Presence,
    Value,
    seen,
)

ONLINE = "Online"
NOT_SHARED = "Online not shared"
BLOCKED = "Blocked"
GONE = "No longer in this office"

_SEEN = ("Offline", "Offline · seen {at}")
_LAST_SEEN = ("Offline", "Offline · last seen {at}")
_SAID_LAST_SEEN = ("offline", "offline, last seen {at}")
_NONE = "NONE"


def person_line(presence: Presence, now_ms: int, zone: tzinfo) -> str:
    """The quiet line in the list: "Not available until 17:00 · in a meeting · Happy", "Offline · seen 17:40"."""
    if _is_away(presence):
        return _offline(presence, now_ms, zone, _SEEN)
    values = seen(presence, now_ms)
    parts = (
        *_reachable(presence, now_ms, zone),
        _idle(values),
        _doing(values),
        _mood(values, value_word(USER_MOOD, values.get(USER_MOOD, ""))),
        shown_line(str(values.get(STATUS_TEXT, ""))),
        _place(values, "📍 {place}"),
    )
    return _listed(parts, " · ")


def header_line(presence: Presence, now_ms: int, zone: tzinfo) -> str:
    """The line under the name of a conversation: "Not available · 😠 Angry · “meeting”"."""
    if _is_away(presence):
        return _offline(presence, now_ms, zone, _LAST_SEEN)
    values = seen(presence, now_ms)
    text = values.get(STATUS_TEXT, "")
    parts = (
        *_reachable(presence, now_ms, zone),
        _idle(values),
        _doing(values),
        _mood(values, value_label(USER_MOOD, values.get(USER_MOOD, ""))),
        now_word(STATUS_TEXT, text) if text else "",
        _place(values, "📍 {place}"),
    )
    return _listed(parts, " · ")


def presence_said(presence: Presence, now_ms: int, zone: tzinfo) -> str:
    """How somebody is, for a screen reader: "not available until 17:00, in a meeting, mood angry"."""
    if _is_away(presence):
        return _offline(presence, now_ms, zone, _SAID_LAST_SEEN)
    values = seen(presence, now_ms)
    parts = (
        *(part[0].lower() + part[1:] for part in _reachable(presence, now_ms, zone)),
        _idle(values),
        _doing(values),
        _mood(values, f"mood {word(USER_MOOD, values.get(USER_MOOD, '')).said}"),
        shown_line(str(values.get(STATUS_TEXT, ""))),
        _place(values, "location {place}"),
    )
    return _listed(parts, ", ")


def person_said(person: Person, now_ms: int, zone: tzinfo, twin: bool = False) -> str:
    """A row of the list for a screen reader: name, how they are, what is unread and what waits.

    A `twin` has the name of somebody else, so the handle is said too.
    """
    parts = (
        known_as(person.name, person.handle) if twin else person.name,
        BLOCKED.lower() if person.blocked else "",
        GONE.lower() if person.gone else presence_said(person.presence, now_ms, zone),
        f"{person.unread} unread" if person.unread else "",
        f"{person.waiting} waiting" if person.waiting else "",
        "always notifies you" if person.vip else "",
    )
    return _listed(parts, ", ")


def row_line(person: Person, now_ms: int, zone: tzinfo) -> str:
    """The quiet line of a row, which begins with it where one has blocked that person."""
    line = GONE if person.gone else person_line(person.presence, now_ms, zone)
    return f"{BLOCKED} · {line}" if person.blocked else line


def person_header(person: Person, now_ms: int, zone: tzinfo) -> tuple[str, str]:
    """The line under the name of a conversation, for the eye and for the ear."""
    if person.gone:
        return GONE, GONE.lower()
    return header_line(person.presence, now_ms, zone), presence_said(person.presence, now_ms, zone)


def until_word(at_ms: int, now_ms: int, zone: tzinfo) -> str:
    """When something ends: "until 17:00", "until tomorrow 12:00", "until Monday 23 November 09:00"."""
    end, today = moment(at_ms, zone), moment(now_ms, zone).date()
    if end.date() == today + timedelta(days=1):
        return f"until tomorrow {clock(end)}"
    return f"until {when(end, today, today)}"


def until_short(at_ms: int, now_ms: int, zone: tzinfo) -> str:
    """The same where there is little room: "17:00", "tomorrow", "Monday", "3 Dec"."""
    end, today = moment(at_ms, zone), moment(now_ms, zone).date()
    days = (end.date() - today).days
    if days <= 1:
        return "tomorrow" if days else clock(end)
    return WEEKDAYS[end.weekday()] if days < 7 else f"{end.day} {MONTHS[end.month - 1][:3]}"


def with_end(text: str, presence: Presence, name: str, now_ms: int, zone: tzinfo) -> str:
    """`text`, which is about attribute `name`, with its end where it has one that is still to come."""
    reading = presence.readings.get(name)
    if reading is None or reading.until is None or reading.until <= now_ms:
        return text
    return f"{text} {until_word(reading.until, now_ms, zone)}"


def _is_away(presence: Presence) -> bool:
    return not presence.online and ONLINE_STATUS not in presence.hidden


def _reachable(presence: Presence, now_ms: int, zone: tzinfo) -> tuple[str, ...]:
    """Whether they can be reached: their availability, or less where that is not shared.

    Who does not share being online may well be offline: then "available", which nobody has to say, means nothing.
    """
    availability = presence.value(USER_AVAILABILITY)
    said = value_word(USER_AVAILABILITY, availability or "")
    word_now = with_end(said, presence, USER_AVAILABILITY, now_ms, zone) if said else ""
    if ONLINE_STATUS not in presence.hidden:
        return (word_now or ONLINE,)
    return (NOT_SHARED, word_now) if word_now and availability != "AVAILABLE" else (NOT_SHARED,)


def _idle(values: dict[str, Value]) -> str:
    minutes = values.get(IDLE, 0)
    minutes = minutes // 60 if isinstance(minutes, int) else 0
    return f"idle {left(minutes * 60_000)}" if minutes else ""


def _doing(values: dict[str, Value]) -> str:
    activity = values.get(ACTIVITY, _NONE)
    return word(ACTIVITY, activity).said if activity != _NONE else ""


def _mood(values: dict[str, Value], words: str) -> str:
    return words if values.get(USER_MOOD, _NONE) != _NONE else ""


def _place(values: dict[str, Value], form: str) -> str:
    place = values.get(FREE_TEXT_LOCATION, "")
    return form.format(place=shown_line(str(place))) if place else ""


def _listed(parts: Iterable[str], between: str) -> str:
    return between.join(part for part in parts if part)


def _offline(presence: Presence, now_ms: int, zone: tzinfo, forms: tuple[str, str]) -> str:
    """The form for who was never there, or the one with the moment since when they are away."""
    reading = presence.readings.get(ONLINE_STATUS)
    if reading is None:
        return forms[0]
    today = moment(now_ms, zone).date()
    at = when(moment(reading.since, zone), today, today)
    return forms[1].format(at=at.replace(YESTERDAY, YESTERDAY.lower()))

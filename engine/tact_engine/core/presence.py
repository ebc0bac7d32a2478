"""Presence: what a person lets others know, as one table of attributes and one document a person.

A document has one version number. An update, of one attribute or of several, is one version; nobody ever sees
half of it. The attribute names are those of OMA IMPS and are the same in code, on the wire, in the database and
in conditions. Adding an attribute is adding one row to ATTRIBUTES. How a document changes stands in `changes`, who
may see what of it in `privacy`.
"""

import unicodedata
from collections.abc import Callable, Mapping
from enum import StrEnum
from functools import lru_cache
from types import MappingProxyType
from zoneinfo import ZoneInfo

from msgspec import Struct

from tact_engine.core.errors import refusal

Value = bool | int | str
"""What a reading can hold: a boolean, a number of seconds, a word or a text."""


class Kind(StrEnum):
    """What sort of value an attribute has, and so which operators make sense for it."""

    BOOLEAN = "boolean"
    WORD = "word"
    TEXT = "text"
    SECONDS = "seconds"
    ZONE = "zone"


class SetBy(StrEnum):
    """Who may change an attribute."""

    ENGINE = "engine"
    PERSON = "person"
    CLIENT = "client"


class Attribute(Struct, frozen=True):
    """One row of ATTRIBUTES: a name, what it can hold, who sets it, what it is before anybody sets it."""

    name: str
    kind: Kind
    set_by: SetBy
    default: Value | None
    words: tuple[str, ...] = ()
    length_max: int = 0


class Reading(Struct, frozen=True, omit_defaults=True, forbid_unknown_fields=True):
    """The value of one attribute. `since` and `until` are UTC milliseconds; `source` is who set it.

    A reading of Kind.SECONDS grows by itself: `value` is what it was when it was told, `since` when it was nought.
    `previous` is what the attribute returns to at `until`; only its owner is shown it.
    """

    value: Value
    since: int
    until: int | None = None
    source: str = SetBy.PERSON
    previous: "Reading | None" = None


class Presence(Struct, frozen=True, omit_defaults=True, forbid_unknown_fields=True):
    """One person's presence document; `version` grows by one with every update.

    As somebody is shown it, `hidden` names the attributes they may not see, and `unusable` those they may see and not
    use in a condition; the document itself has neither.
    """

    handle: str
    version: int
    readings: dict[str, Reading]
    hidden: tuple[str, ...] = ()
    unusable: tuple[str, ...] = ()

    def value(self, name: str) -> Value | None:
        """The value of attribute `name`; its default where it was never set; None where it is hidden or has neither."""
        if name in self.hidden:
            return None
        reading = self.readings.get(name)
        if reading is not None:
            return reading.value
        row = ATTRIBUTES.get(name)
        return row.default if row else None

    @property
    def online(self) -> bool:
        """Whether the person has at least one live session."""
        return self.value(ONLINE_STATUS) is True


SECONDS_MAX = 366 * 24 * 3600
INSTANT_MAX = 2**53 - 1
"""The last instant (UTC milliseconds) that every peer can hold."""
ONLINE_STATUS = "OnlineStatus"
USER_AVAILABILITY = "UserAvailability"
USER_MOOD = "UserMood"
STATUS_TEXT = "StatusText"
FREE_TEXT_LOCATION = "FreeTextLocation"
ACTIVITY = "Activity"
IDLE = "Idle"
ALIAS = "Alias"
TIME_ZONE = "TimeZone"

AVAILABILITIES = ("AVAILABLE", "DISCREET", "NOT_AVAILABLE")
MOODS = (
    "NONE", "ANGRY", "ANXIOUS", "ASHAMED", "BORED", "EXCITED",
    "HAPPY", "IN_LOVE", "INVINCIBLE", "JEALOUS", "SAD", "SLEEPY",
)  # fmt: skip
ACTIVITIES = (
    "NONE", "MEETING", "PRESENTATION", "ON_THE_PHONE", "WORKING",
    "LUNCH", "BREAK", "TRAVEL", "VACATION", "AWAY",
)  # fmt: skip

_ROWS = (
    Attribute(ONLINE_STATUS, Kind.BOOLEAN, SetBy.ENGINE, False),
    Attribute(USER_AVAILABILITY, Kind.WORD, SetBy.PERSON, "AVAILABLE", AVAILABILITIES),
    Attribute(USER_MOOD, Kind.WORD, SetBy.PERSON, "NONE", MOODS),
    Attribute(STATUS_TEXT, Kind.TEXT, SetBy.PERSON, "", length_max=280),
    Attribute(FREE_TEXT_LOCATION, Kind.TEXT, SetBy.PERSON, "", length_max=80),
    Attribute(ACTIVITY, Kind.WORD, SetBy.PERSON, "NONE", ACTIVITIES),
    Attribute(IDLE, Kind.SECONDS, SetBy.CLIENT, 0),
    Attribute(ALIAS, Kind.TEXT, SetBy.PERSON, "", length_max=60),
    Attribute(TIME_ZONE, Kind.ZONE, SetBy.CLIENT, None, length_max=64),
)
ATTRIBUTES: Mapping[str, Attribute] = MappingProxyType({row.name: row for row in _ROWS})
"""Every presence attribute this version knows, by its OMA name."""
_UNSET = {row.name: row.default for row in _ROWS if row.default is not None}


def _is_word(row: Attribute, value: Value) -> bool:
    return value in row.words


def _is_text(row: Attribute, value: Value) -> bool:
    return isinstance(value, str) and len(value) <= row.length_max


def _is_seconds(row: Attribute, value: Value) -> bool:
    return isinstance(value, int) and not isinstance(value, bool) and 0 <= value <= SECONDS_MAX


def _is_zone(row: Attribute, value: Value) -> bool:
    return isinstance(value, str) and len(value) <= row.length_max and zone_named(value) is not None


@lru_cache(maxsize=256)
def zone_named(name: str) -> ZoneInfo | None:
    """The time zone with the IANA name `name`; None where there is none."""
    if not name or name.startswith(_NO_PLACES):
        return None
    try:
        return ZoneInfo(name)
    except (ValueError, OSError, KeyError):  # the last for a name that nobody knows
        return None


_NO_PLACES = ("localtime", "posixrules", "posix/", "right/", "Factory")
"""What lies among the zones of some computers without being one, or being another on each of them."""

_FITS: Mapping[Kind, tuple[Callable[[Attribute, Value], bool], str]] = MappingProxyType(
    {
        Kind.BOOLEAN: (lambda row, value: isinstance(value, bool), "It is true or false."),
        Kind.WORD: (_is_word, "It is one of {words}."),
        Kind.TEXT: (_is_text, "It is a text of at most {most} characters."),
        Kind.SECONDS: (_is_seconds, "It is a whole number of seconds, of at most a year."),
        Kind.ZONE: (_is_zone, "It is the IANA name of a time zone, such as Europe/Helsinki."),
    }
)
"""Kind → whether an attribute can hold a value, and what it can hold."""


def nobody(handle: str) -> Presence:
    """The document of a person who has never signed in: version 0, every attribute at its default."""
    return Presence(handle, 0, {})


def seen(presence: Presence, at_ms: int) -> dict[str, Value]:
    """What `presence`, as its viewer is shown it, says at the instant `at_ms`: attribute name → value.

    A hidden attribute, and one that was never set and has no default, is left out.
    """
    return _values(presence, at_ms, presence.hidden)


def offered(presence: Presence, at_ms: int) -> dict[str, Value]:
    """What a condition of the viewer sees of `presence` at `at_ms`: what is seen and may be used as a condition.

    This is the only door from presence to a condition, in the engine as in a window.
    """
    return _values(presence, at_ms, presence.hidden + presence.unusable)


def _values(presence: Presence, at_ms: int, without: tuple[str, ...]) -> dict[str, Value]:
    values = _UNSET | {name: _value_at(name, each, at_ms) for name, each in presence.readings.items()}
    for name in without:
        values.pop(name, None)
    return values


def _value_at(name: str, reading: Reading, at_ms: int) -> Value:
    row = ATTRIBUTES.get(name)
    if row is None or row.kind is not Kind.SECONDS:
        return reading.value
    # By whole seconds of the clock, so that everybody knows when it grows although they only see the number.
    return max(0, at_ms // 1000 - reading.since // 1000)


def checked(name: str, value: Value, setter: SetBy = SetBy.PERSON) -> Value:
    """`value` as it is stored for attribute `name`; Refused where the table does not allow it or `setter` may not."""
    row = settable(name, setter)
    if row.kind is Kind.TEXT and isinstance(value, str):
        value = _plain(value)
    wanted = expected(row, value)
    if wanted:
        raise refusal("bad_value", name=name, value=_shown(value), expected=wanted)
    return value


def settable(name: str, setter: SetBy = SetBy.PERSON) -> Attribute:
    """The row of attribute `name`; Refused where there is none or `setter` may not change it."""
    row = ATTRIBUTES.get(name)
    if row is None:
        raise refusal("unknown_attribute", name=name, names=", ".join(ATTRIBUTES))
    if row.set_by is SetBy.ENGINE and setter is not SetBy.ENGINE:
        raise refusal("not_yours_to_set", name=name)
    return row


def expected(row: Attribute, value: Value) -> str:
    """Why `row` cannot hold `value`, as a sentence that says what it can hold; "" where it can."""
    fits, what = _FITS[row.kind]
    return "" if fits(row, value) else what.format(words=", ".join(row.words), most=row.length_max)


def _plain(text: str) -> str:
    """`text` in one line of normal form: composed, without control and direction characters, without outer blanks."""
    return " ".join("".join(" " if _is_control(letter) else letter for letter in normal_form(text)).split())


def normal_form(text: str) -> str:
    """`text` composed (Unicode NFC): the same letters are then the same characters."""
    return unicodedata.normalize("NFC", text)


def _is_control(letter: str) -> bool:
    """Whether `letter` commands instead of being read: controls, surrogates, and what turns the writing direction."""
    return unicodedata.category(letter) in ("Cc", "Cs") or letter in _DIRECTIONS


_DIRECTIONS = frozenset("\u061c\u200e\u200f\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069")


def _shown(value: Value) -> str:
    """`value` for a sentence, cut to a readable length."""
    return repr(value) if len(repr(value)) <= 60 else repr(value)[:60] + "…"

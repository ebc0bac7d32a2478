"""Presence: what a person lets others know, as one table of attributes and one document a person.

A document has one version number. An update, of one attribute or of several, is one version; nobody ever sees
half of it. The attribute names are those of OMA IMPS and are the same in code, on the wire, in the database and
in conditions. Adding an attribute is adding one row to ATTRIBUTES.
"""

import unicodedata
from collections.abc import Callable, Mapping
from enum import StrEnum
from types import MappingProxyType

from msgspec import Struct
from msgspec.structs import replace

from tact_engine.core.errors import refusal

Value = bool | int | str
"""What a reading can hold: a boolean, a number of seconds, a word or a text."""


class Kind(StrEnum):
    """What sort of value an attribute has, and so which operators make sense for it."""

    BOOLEAN = "boolean"
    WORD = "word"
    TEXT = "text"
    SECONDS = "seconds"


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


class Reading(Struct, frozen=True, omit_defaults=True):
    """The value of one attribute. `since` and `until` are UTC milliseconds; `source` is who set it."""

    value: Value
    since: int
    until: int | None = None
    source: str = SetBy.PERSON


class Presence(Struct, frozen=True):
    """One person's presence document; `version` grows by one with every update."""

    handle: str
    version: int
    readings: dict[str, Reading]

    def value(self, name: str) -> Value | None:
        """The value of attribute `name`; its default where it was never set; None where it has neither."""
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
ONLINE_STATUS = "OnlineStatus"
USER_AVAILABILITY = "UserAvailability"
USER_MOOD = "UserMood"
STATUS_TEXT = "StatusText"
ALIAS = "Alias"

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
    Attribute("FreeTextLocation", Kind.TEXT, SetBy.PERSON, "", length_max=80),
    Attribute("Activity", Kind.WORD, SetBy.PERSON, "NONE", ACTIVITIES),
    Attribute("Idle", Kind.SECONDS, SetBy.CLIENT, None),
    Attribute(ALIAS, Kind.TEXT, SetBy.PERSON, "", length_max=60),
)
ATTRIBUTES: Mapping[str, Attribute] = MappingProxyType({row.name: row for row in _ROWS})
"""Every presence attribute this version knows, by its OMA name."""


def _is_word(row: Attribute, value: Value) -> bool:
    return value in row.words


def _is_text(row: Attribute, value: Value) -> bool:
    return isinstance(value, str) and len(value) <= row.length_max


def _is_seconds(row: Attribute, value: Value) -> bool:
    return isinstance(value, int) and not isinstance(value, bool) and 0 <= value <= SECONDS_MAX


_FITS: Mapping[Kind, tuple[Callable[[Attribute, Value], bool], str]] = MappingProxyType(
    {
        Kind.BOOLEAN: (lambda row, value: isinstance(value, bool), "It is true or false."),
        Kind.WORD: (_is_word, "It is one of {words}."),
        Kind.TEXT: (_is_text, "It is a text of at most {most} characters."),
        Kind.SECONDS: (_is_seconds, "It is a whole number of seconds, of at most a year."),
    }
)
"""Kind → whether an attribute can hold a value, and what it can hold."""


def nobody(handle: str) -> Presence:
    """The document of a person who has never signed in: version 0, every attribute at its default."""
    return Presence(handle, 0, {})


def seen(presence: Presence, viewer: str) -> dict[str, Value]:
    """What `viewer` may know of `presence`: attribute name → value; a hidden or unset attribute is left out.

    This is the only door from presence to a condition or to another person's window. Everybody may see
    everything set at this stage; `viewer` is already named because permissions are decided here.
    """
    del viewer
    values = {name: row.default for name, row in ATTRIBUTES.items() if row.default is not None}
    return values | {name: reading.value for name, reading in presence.readings.items()}


def checked(name: str, value: Value, setter: SetBy = SetBy.PERSON) -> Value:
    """`value` as it is stored for attribute `name`; Refused where the table does not allow it or `setter` may not."""
    row = ATTRIBUTES.get(name)
    if row is None:
        raise refusal("unknown_attribute", name=name, names=", ".join(ATTRIBUTES))
    if row.set_by is SetBy.ENGINE and setter is not SetBy.ENGINE:
        raise refusal("not_yours_to_set", name=name)
    if row.kind is Kind.TEXT and isinstance(value, str):
        value = _plain(value)
    wanted = expected(row, value)
    if wanted:
        raise refusal("bad_value", name=name, value=_shown(value), expected=wanted)
    return value


def expected(row: Attribute, value: Value) -> str:
    """Why `row` cannot hold `value`, as a sentence that says what it can hold; "" where it can."""
    fits, what = _FITS[row.kind]
    return "" if fits(row, value) else what.format(words=", ".join(row.words), most=row.length_max)


def updated(
    presence: Presence, changes: Mapping[str, Value], now_ms: int, setter: SetBy = SetBy.PERSON
) -> Presence:
    """`presence` with `changes` made as one version; the very same document where nothing changes.

    Every value is checked before any is taken, so an update is refused whole. `since` moves only with the value.
    """
    taken = {name: checked(name, value, setter) for name, value in changes.items()}
    fresh = {
        name: Reading(value, now_ms, source=setter)
        for name, value in taken.items()
        if _differs(presence, name, value)
    }
    if not fresh:
        return presence
    return replace(presence, version=presence.version + 1, readings=presence.readings | fresh)


def _differs(presence: Presence, name: str, value: Value) -> bool:
    """Whether setting `name` to `value` says anything that the document does not say already."""
    reading = presence.readings.get(name)
    return reading is None or reading.value != value


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

"""The words for presence: attributes, their values, and the operators that compare them."""

from collections.abc import Mapping
from dataclasses import dataclass

from tact_desktop.state.shown import shown_line
from tact_desktop.state.wording_moments import duration
from tact_engine.core.presence import (
    ATTRIBUTES,
    ONLINE_STATUS,
    STATUS_TEXT,
    USER_AVAILABILITY,
    USER_MOOD,
    Kind,
    Value,
)

ACTIVITY = "Activity"
EMPTY_TEXT = "empty"
ACTIVE = "active"
IDLE_FOR = "idle for {length}"


@dataclass(frozen=True, slots=True)
class Word:
    """One value of an attribute: in a list, after "Bob is …", after "until …", each also denied; and its emoji."""

    label: str
    named: str
    said: str
    not_named: str
    not_said: str
    emoji: str = ""


def _plain(label: str, said: str, emoji: str = "") -> Word:
    """A word that keeps its capital after a name, as what a person has chosen from a list."""
    return Word(label, label, said, f"not {label}", f"not {said}", emoji)


def _phrase(label: str, said: str) -> Word:
    """A word that is said differently from how it is listed: "Meeting", but "in a meeting"."""
    return Word(label, said, said, f"not {said}", f"not {said}")


_WORDS: Mapping[str, Mapping[str, Word]] = {
    ONLINE_STATUS: {
        "True": Word("Online", "online", "online", "offline", "offline"),
        "False": Word("Offline", "offline", "offline", "online", "online"),
    },
    USER_AVAILABILITY: {
        "AVAILABLE": _plain("Available", "available"),
        "DISCREET": _plain("Discreet", "discreet"),
        "NOT_AVAILABLE": Word(
            "Not available",
            "Not available",
            "not available",
            "either Available or Discreet",
            "either available or discreet",
        ),
    },
    USER_MOOD: {
        "NONE": Word("No mood", "without a mood", "without a mood", "in some mood", "in some mood"),
        "ANGRY": _plain("Angry", "angry", "😠"),
        "ANXIOUS": _plain("Anxious", "anxious", "😟"),
        "ASHAMED": _plain("Ashamed", "ashamed", "😳"),
        "BORED": _plain("Bored", "bored", "🥱"),
        "EXCITED": _plain("Excited", "excited", "🤩"),
        "HAPPY": _plain("Happy", "happy", "🙂"),
        "IN_LOVE": _plain("In love", "in love", "😍"),
        "INVINCIBLE": _plain("Invincible", "invincible", "💪"),
        "JEALOUS": _plain("Jealous", "jealous", "😒"),
        "SAD": _plain("Sad", "sad", "😢"),
        "SLEEPY": _plain("Sleepy", "sleepy", "😴"),
    },
    ACTIVITY: {
        "NONE": Word(
            "No activity", "without an activity", "without an activity", "doing something", "doing something"
        ),
        "MEETING": _phrase("Meeting", "in a meeting"),
        "PRESENTATION": _phrase("Presentation", "giving a presentation"),
        "ON_THE_PHONE": _phrase("On the phone", "on the phone"),
        "WORKING": _phrase("Working", "working"),
        "LUNCH": _phrase("Lunch", "at lunch"),
        "BREAK": _phrase("Break", "on a break"),
        "TRAVEL": _phrase("Travel", "travelling"),
        "VACATION": _phrase("Vacation", "on vacation"),
        "AWAY": _phrase("Away", "away"),
    },
}

_ATTRIBUTES: Mapping[str, tuple[str, str]] = {
    ONLINE_STATUS: ("Online", "online"),
    USER_AVAILABILITY: ("Availability", "availability"),
    USER_MOOD: ("Mood", "mood"),
    STATUS_TEXT: ("Status text", "status text"),
    "FreeTextLocation": ("Location", "location"),
    ACTIVITY: ("Activity", "activity"),
    "Idle": ("Idle", "idle time"),
    "Alias": ("Name", "name"),
    "TimeZone": ("Time zone", "time zone"),
}

_OPERATORS: Mapping[str, str] = {
    "eq": "is",
    "ne": "is not",
    "in": "is one of",
    "not_in": "is none of",
    "contains": "contains",
    "not_contains": "does not contain",
    "lt": "less than",
    "ge": "at least",
}


def attribute_word(name: str) -> str:
    """The name of an attribute as it stands in a list; an unknown one as it is."""
    return _ATTRIBUTES.get(name, (name, name))[0]


def attribute_said(name: str) -> str:
    """The name of an attribute inside a sentence."""
    return _ATTRIBUTES.get(name, (name, name))[1]


def operator_word(op: str) -> str:
    """An operator in a list; an unknown one as it is."""
    return _OPERATORS.get(op, op)


def word(attr: str, value: Value) -> Word:
    """All forms of `value` of attribute `attr`; texts and unknown values stand in quotes inside sentences."""
    known = _WORDS.get(attr, {}).get(str(value))
    if known is not None:
        return known
    text = shown_line(str(value))
    return Word(text, f"“{text}”", f"“{text}”", f"not “{text}”", f"not “{text}”")


def value_word(attr: str, value: Value) -> str:
    """`value` of attribute `attr` as it stands in a list: "Not available"."""
    return word(attr, value).label


def mood_emoji(value: Value) -> str:
    """The emoji of a mood; "" where it has none."""
    return word(USER_MOOD, value).emoji


def value_label(attr: str, value: Value) -> str:
    """`value` with its emoji, as it stands in a menu: "😠 Angry"."""
    known = word(attr, value)
    return f"{known.emoji} {known.label}" if known.emoji else known.label


def now_word(attr: str, value: Value) -> str:
    """`value` as the present one: a word from a list, a text in quotes, or that the text is empty."""
    row = ATTRIBUTES.get(attr)
    if row is not None and row.kind is Kind.TEXT:
        return f"“{shown_line(str(value))}”" if value else EMPTY_TEXT
    if row is not None and row.kind is Kind.SECONDS:
        return IDLE_FOR.format(length=_growing(value)) if value else ACTIVE
    return value_word(attr, value)


def _growing(value: Value) -> str:
    """A length that grows: only its minutes, once there is one."""
    seconds = value if isinstance(value, int) else 0
    return duration(seconds - seconds % 60 if seconds >= 60 else seconds)

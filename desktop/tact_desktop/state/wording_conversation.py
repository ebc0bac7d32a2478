"""The words of the list of people and of the conversation: who somebody is now, and what can be done with a row."""

from collections.abc import Mapping
from datetime import tzinfo
from enum import StrEnum

from tact_desktop.state import wording_panels
from tact_desktop.state.people import Person
from tact_desktop.state.row import BubbleStyle, MessageRow, RowKind
from tact_desktop.state.wording_time import YESTERDAY, moment, when
from tact_desktop.state.wording_words import now_word, value_label, value_word, word
from tact_engine.core.presence import ONLINE_STATUS, STATUS_TEXT, USER_AVAILABILITY, USER_MOOD, Presence

# People.
PEOPLE = "People"
FIND_PEOPLE = "Find people"
CLEAR_SEARCH = "Clear the search"
NOBODY_HERE = (
    "Nobody here yet — invite a colleague. Everyone who joins this engine appears here by themselves."
)
INVITE = "How to invite…"

# Conversation.
CONVERSATION = "Conversation"
CHOOSE_SOMEBODY = "Choose somebody on the left"
CHOOSE_SOMEBODY_HINT = "Your conversation opens here."
COPY_TEXT = "Copy text"

_SEEN = ("Offline", "Offline · seen {at}")
_LAST_SEEN = ("Offline", "Offline · last seen {at}")
_SAID_LAST_SEEN = ("offline", "offline, last seen {at}")
_NO_MOOD = "NONE"


class RowAction(StrEnum):
    """What can be done with one message, besides copying its text."""

    SEND_NOW = "send_now"
    EDIT = "edit"
    WITHDRAW = "withdraw"
    SEND_AGAIN = "send_again"
    DELETE = "delete"


ROW_ACTION_WORDS: Mapping[RowAction, str] = {
    RowAction.SEND_NOW: wording_panels.SEND_NOW,
    RowAction.EDIT: wording_panels.EDIT,
    RowAction.WITHDRAW: wording_panels.WITHDRAW,
    RowAction.SEND_AGAIN: wording_panels.SEND_AGAIN,
    RowAction.DELETE: wording_panels.DELETE,
}

_WAITING = (RowAction.SEND_NOW, RowAction.EDIT, RowAction.WITHDRAW)
_ENDED = (RowAction.SEND_AGAIN, RowAction.DELETE)
_ACTIONS: Mapping[BubbleStyle, tuple[RowAction, ...]] = {
    BubbleStyle.HELD: _WAITING,
    BubbleStyle.UNSENT: _WAITING,
    BubbleStyle.PAUSED: _WAITING,
    BubbleStyle.EXPIRED: _ENDED,
    BubbleStyle.FAILED: _ENDED,
}


def is_waiting(row: MessageRow) -> bool:
    """Whether `row` is an own message that still waits."""
    return row.own and _ACTIONS.get(row.style) is _WAITING


def row_actions(row: MessageRow) -> tuple[RowAction, ...]:
    """What can be done with `row`: nothing with lines and with what somebody else wrote."""
    return _ACTIONS.get(row.style, ()) if row.own and row.kind is RowKind.BUBBLE else ()


def nobody_found(needle: str) -> str:
    """The list of people where the filter leaves nobody."""
    return f"Nobody here is called “{needle.strip()}”."


def conversation_with(name: str) -> str:
    """The list of messages, for a screen reader."""
    return f"Conversation with {name}"


def no_messages(name: str) -> str:
    """A conversation in which nothing was said yet."""
    return f"No messages yet — write {name} the first one."


def waiting_here(count: int) -> str:
    """The strip above the composer."""
    return f"{count} waiting here"


def arrived(count: int, latest: str) -> str:
    """What a screen reader says when `count` messages came at once; `latest` is the last of them in words."""
    return latest if count == 1 else f"{count} new messages. {latest}"


# --- how somebody is ------------------------------------------------------------------------------------------


def person_line(presence: Presence, now_ms: int, zone: tzinfo) -> str:
    """The quiet line in the list: "Available · Happy · in the office", "Offline · seen 17:40"."""
    if not presence.online:
        return _offline(presence, now_ms, zone, _SEEN)
    mood = presence.value(USER_MOOD)
    parts = (
        value_word(USER_AVAILABILITY, presence.value(USER_AVAILABILITY) or ""),
        value_word(USER_MOOD, mood) if mood and mood != _NO_MOOD else "",
        str(presence.value(STATUS_TEXT) or ""),
    )
    return " · ".join(part for part in parts if part)


def header_line(presence: Presence, now_ms: int, zone: tzinfo) -> str:
    """The line under the name of a conversation: "Not available · 😠 Angry · “meeting”"."""
    if not presence.online:
        return _offline(presence, now_ms, zone, _LAST_SEEN)
    mood, text = presence.value(USER_MOOD), presence.value(STATUS_TEXT)
    parts = (
        value_word(USER_AVAILABILITY, presence.value(USER_AVAILABILITY) or ""),
        value_label(USER_MOOD, mood) if mood and mood != _NO_MOOD else "",
        now_word(STATUS_TEXT, text) if text else "",
    )
    return " · ".join(part for part in parts if part)


def presence_said(presence: Presence, now_ms: int, zone: tzinfo) -> str:
    """How somebody is, for a screen reader: "not available, mood angry, meeting"."""
    if not presence.online:
        return _offline(presence, now_ms, zone, _SAID_LAST_SEEN)
    mood = presence.value(USER_MOOD)
    parts = (
        word(USER_AVAILABILITY, presence.value(USER_AVAILABILITY) or "").said,
        f"mood {word(USER_MOOD, mood).said}" if mood and mood != _NO_MOOD else "",
        str(presence.value(STATUS_TEXT) or ""),
    )
    return ", ".join(part for part in parts if part)


def person_said(person: Person, now_ms: int, zone: tzinfo) -> str:
    """A row of the list for a screen reader: name, how they are, what is unread and what waits."""
    parts = (
        person.name,
        presence_said(person.presence, now_ms, zone),
        f"{person.unread} unread" if person.unread else "",
        f"{person.waiting} waiting" if person.waiting else "",
    )
    return ", ".join(part for part in parts if part)


def _offline(presence: Presence, now_ms: int, zone: tzinfo, forms: tuple[str, str]) -> str:
    """The form for who was never there, or the one with the moment since when they are away."""
    reading = presence.readings.get(ONLINE_STATUS)
    if reading is None:
        return forms[0]
    today = moment(now_ms, zone).date()
    at = when(moment(reading.since, zone), today, today)
    return forms[1].format(at=at.replace(YESTERDAY, YESTERDAY.lower()))

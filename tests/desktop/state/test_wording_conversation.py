from datetime import UTC

import pytest

from tact_desktop.state.people import Person
from tact_desktop.state.row import BubbleStyle, MessageRow, RowKind
from tact_desktop.state.wording_conversation import (
    ROW_ACTION_WORDS,
    RowAction,
    arrived,
    conversation_with,
    header_line,
    is_waiting,
    no_messages,
    nobody_found,
    person_line,
    person_said,
    presence_said,
    row_actions,
    waiting_here,
)
from tact_engine.core.presence import Presence, Reading, nobody

NOW_MS = 1_795_341_600_000  # Sunday 22 November 2026, 10:00 UTC
HOUR_MS = 3_600_000


def presence(since: int = NOW_MS, **values) -> Presence:
    shown = {"OnlineStatus": True, "Alias": "Bob"} | values
    return Presence("bob", 1, {name: Reading(value, since) for name, value in shown.items()})


BUSY = presence(UserAvailability="NOT_AVAILABLE", UserMood="ANGRY", StatusText="meeting")
CALM = presence()
GONE = presence(since=NOW_MS - HOUR_MS, OnlineStatus=False, UserMood="ANGRY", StatusText="meeting")


@pytest.mark.parametrize(
    ("shown", "line", "header", "said"),
    [
        (
            BUSY,
            "Not available · Angry · meeting",
            "Not available · 😠 Angry · “meeting”",
            "not available, mood angry, meeting",
        ),
        (CALM, "Available", "Available", "available"),
        (GONE, "Offline · seen 09:00", "Offline · last seen 09:00", "offline, last seen 09:00"),
        (nobody("bob"), "Offline", "Offline", "offline"),
    ],
)
def test_how_somebody_is(shown: Presence, line: str, header: str, said: str):
    assert person_line(shown, NOW_MS, UTC) == line
    assert header_line(shown, NOW_MS, UTC) == header
    assert presence_said(shown, NOW_MS, UTC) == said


@pytest.mark.parametrize(
    ("hours", "words"), [(24, "seen yesterday 10:00"), (48, "seen Friday 20 November 10:00")]
)
def test_the_day_is_said_where_it_is_another_one(hours: int, words: str):
    gone = presence(since=NOW_MS - hours * HOUR_MS, OnlineStatus=False)
    assert person_line(gone, NOW_MS, UTC) == f"Offline · {words}"
    assert presence_said(gone, NOW_MS, UTC) == f"offline, last {words}"


def test_a_row_of_the_list_is_read_with_what_is_unread_and_waits():
    assert person_said(Person("bob", CALM), NOW_MS, UTC) == "Bob, available"
    assert person_said(Person("bob", CALM, 2, 1), NOW_MS, UTC) == "Bob, available, 2 unread, 1 waiting"


def row(style: BubbleStyle, own: bool = True, kind: RowKind = RowKind.BUBBLE) -> MessageRow:
    return MessageRow("1", 0, kind, "Hello", own, style=style)


@pytest.mark.parametrize("style", list(BubbleStyle))
def test_what_can_be_done_with_an_own_message_follows_where_it_stands(style: BubbleStyle):
    waiting = style in (BubbleStyle.HELD, BubbleStyle.UNSENT, BubbleStyle.PAUSED)
    ended = style in (BubbleStyle.EXPIRED, BubbleStyle.FAILED)
    offered = row_actions(row(style))
    assert (RowAction.SEND_NOW in offered, RowAction.EDIT in offered, RowAction.WITHDRAW in offered) == (
        waiting,
    ) * 3
    assert (RowAction.SEND_AGAIN in offered, RowAction.DELETE in offered) == (ended, ended)
    assert is_waiting(row(style)) == waiting
    assert all(ROW_ACTION_WORDS[action] for action in offered)


def test_nothing_can_be_done_with_what_others_wrote_and_with_lines():
    assert row_actions(row(BubbleStyle.HELD, own=False)) == ()
    assert row_actions(row(BubbleStyle.HELD, kind=RowKind.NOTE)) == ()
    assert not is_waiting(row(BubbleStyle.HELD, own=False))


def test_sentences_name_what_they_are_about():
    assert nobody_found(" zed ") == "Nobody here is called “zed”."
    assert conversation_with("Bob") == "Conversation with Bob"
    assert no_messages("Bob") == "No messages yet — write Bob the first one."
    assert waiting_here(2) == "2 waiting here"
    assert arrived(1, "Bob: Hello.") == "Bob: Hello."
    assert arrived(3, "Bob: Hello.") == "3 new messages. Bob: Hello."

from datetime import UTC

import pytest

from tact_desktop.state.people import Person
from tact_desktop.state.wording_person import (
    header_line,
    person_header,
    person_line,
    person_said,
    presence_said,
    row_line,
    until_short,
    until_word,
)
from tact_engine.core.presence import ATTRIBUTES, Presence, Reading, nobody

NOW_MS = 1_795_341_600_000  # Sunday 22 November 2026, 10:00 UTC
MINUTE_MS = 60_000
HOUR_MS = 60 * MINUTE_MS
DAY_MS = 24 * HOUR_MS


def presence(since: int = NOW_MS, hidden: tuple[str, ...] = (), **values) -> Presence:
    shown = {"OnlineStatus": True, "Alias": "Bob"} | values
    readings = {name: Reading(value, since) for name, value in shown.items() if name not in hidden}
    return Presence("bob", 1, readings, hidden)


BUSY = presence(UserAvailability="NOT_AVAILABLE", UserMood="ANGRY", StatusText="meeting")
CALM = presence()
GONE = presence(since=NOW_MS - HOUR_MS, OnlineStatus=False, UserMood="ANGRY", StatusText="meeting")
THERE = presence(UserAvailability="DISCREET", Activity="LUNCH", FreeTextLocation="Room 4.12")
RESTING = presence(since=NOW_MS - 12 * MINUTE_MS - 59_000, Idle=0)
BARELY_RESTING = presence(since=NOW_MS - 59_000, Idle=0)
NOTHING_SHARED = presence(hidden=tuple(ATTRIBUTES))
AVAILABLE_MAYBE = presence(hidden=("OnlineStatus",), UserAvailability="AVAILABLE", UserMood="HAPPY")
BUSY_MAYBE = presence(hidden=("OnlineStatus",), UserAvailability="NOT_AVAILABLE")
ONLY_ONLINE = presence(hidden=("UserAvailability", "UserMood"))


@pytest.mark.rule("S4")
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
        (
            THERE,
            "Discreet · at lunch · 📍 Room 4.12",
            "Discreet · at lunch · 📍 Room 4.12",
            "discreet, at lunch, location Room 4.12",
        ),
        (RESTING, "Available · idle 12 min", "Available · idle 12 min", "available, idle 12 min"),
        (BARELY_RESTING, "Available", "Available", "available"),
        (NOTHING_SHARED, "Online not shared", "Online not shared", "online not shared"),
        (
            AVAILABLE_MAYBE,
            "Online not shared · Happy",
            "Online not shared · 🙂 Happy",
            "online not shared, mood happy",
        ),
        (
            BUSY_MAYBE,
            "Online not shared · Not available",
            "Online not shared · Not available",
            "online not shared, not available",
        ),
        (ONLY_ONLINE, "Online", "Online", "online"),
    ],
)
def test_how_somebody_is_as_far_as_they_share_it(shown: Presence, line: str, header: str, said: str):
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


@pytest.mark.rule("P2")
@pytest.mark.parametrize(
    ("ahead_ms", "end"),
    [
        (7 * HOUR_MS, " until 17:00"),
        (26 * HOUR_MS, " until tomorrow 12:00"),
        (2 * DAY_MS, " until Tuesday 24 November 10:00"),
        (-1, ""),
        (None, ""),
    ],
)
def test_when_it_ends_by_itself_is_said(ahead_ms: int | None, end: str):
    until = None if ahead_ms is None else NOW_MS + ahead_ms
    ending = {"UserAvailability": Reading("NOT_AVAILABLE", NOW_MS, until), "OnlineStatus": Reading(True, 0)}
    shown = Presence("bob", 1, ending)
    assert person_line(shown, NOW_MS, UTC) == f"Not available{end}"
    assert presence_said(shown, NOW_MS, UTC) == f"not available{end}"


@pytest.mark.parametrize(
    ("ahead_ms", "full", "short"),
    [
        (HOUR_MS, "until 11:00", "11:00"),
        (DAY_MS, "until tomorrow 10:00", "tomorrow"),
        (6 * DAY_MS, "until Saturday 28 November 10:00", "Saturday"),
        (11 * DAY_MS, "until Thursday 3 December 10:00", "3 Dec"),
    ],
)
def test_an_end_in_full_and_short(ahead_ms: int, full: str, short: str):
    assert until_word(NOW_MS + ahead_ms, NOW_MS, UTC) == full
    assert until_short(NOW_MS + ahead_ms, NOW_MS, UTC) == short


def test_a_row_of_the_list_is_read_with_what_is_unread_and_waits():
    assert person_said(Person("bob", CALM), NOW_MS, UTC) == "Bob, available"
    assert person_said(Person("bob", CALM), NOW_MS, UTC, twin=True) == "Bob (bob), available"
    assert person_said(Person("bob2", CALM), NOW_MS, UTC, twin=True) == "Bob (bob2), available"
    assert person_said(Person("bob", CALM, 2, 1), NOW_MS, UTC) == "Bob, available, 2 unread, 1 waiting"
    assert row_line(Person("bob", CALM), NOW_MS, UTC) == "Available"


def test_who_was_removed_is_said_to_be_gone_and_nothing_else():
    gone = Person("bob", CALM, unread=2, gone=True)
    assert person_said(gone, NOW_MS, UTC) == "Bob, no longer in this office, 2 unread"
    assert row_line(gone, NOW_MS, UTC) == "No longer in this office"
    assert person_header(gone, NOW_MS, UTC) == ("No longer in this office", "no longer in this office")
    assert person_header(Person("bob", CALM), NOW_MS, UTC) == ("Available", "available")


def test_whom_one_never_or_always_hears_is_said():
    assert person_said(Person("bob", CALM, vip=True), NOW_MS, UTC) == "Bob, available, always notifies you"
    assert person_said(Person("bob", CALM, blocked=True), NOW_MS, UTC) == "Bob, blocked, available"
    assert row_line(Person("bob", CALM, blocked=True), NOW_MS, UTC) == "Blocked · Available"

from datetime import date
from zoneinfo import ZoneInfo

import pytest

from tact_desktop.state.wording_time import (
    clock,
    day_name,
    left,
    moment,
    span,
    time_left,
    validity_choices,
    when,
)

BERLIN = ZoneInfo("Europe/Berlin")
NOON = 1_795_345_200_000  # Sunday 22 November 2026, 12:00 in Berlin
MINUTE = 60_000
HOUR = 60 * MINUTE
DAY = 24 * HOUR
TODAY = date(2026, 11, 22)


@pytest.mark.rule("T5")
def test_a_moment_is_told_in_its_zone():
    assert clock(moment(NOON, BERLIN)) == "12:00"
    assert clock(moment(NOON, ZoneInfo("Asia/Seoul"))) == "20:00"


@pytest.mark.parametrize(
    ("day", "name"),
    [
        (date(2026, 11, 22), "Today"),
        (date(2026, 11, 21), "Yesterday"),
        (date(2026, 11, 16), "Monday 16 November"),
        (date(2025, 11, 22), "Saturday 22 November 2025"),
    ],
)
def test_a_day_has_a_name(day, name):
    assert day_name(day, TODAY) == name


def test_a_time_says_its_day_where_that_is_not_clear():
    assert when(moment(NOON, BERLIN), TODAY, TODAY) == "12:00"
    assert when(moment(NOON - DAY, BERLIN), TODAY, TODAY) == "Yesterday 12:00"
    assert when(moment(NOON - DAY, BERLIN), date(2026, 11, 21), TODAY) == "12:00"


@pytest.mark.parametrize(
    ("ms", "text"),
    [
        (6 * DAY + 22 * HOUR + 1, "6 d 23 h"),
        (7 * DAY - 1, "7 d"),
        (DAY - 1, "1 d"),
        (7 * DAY, "7 d"),
        (5 * HOUR + 12 * MINUTE, "5 h 12 min"),
        (5 * HOUR, "5 h"),
        (41 * MINUTE + 1, "42 min"),
        (HOUR - 1, "1 h"),
        (MINUTE, "1 min"),
        (59_999, "less than 1 min"),
    ],
)
def test_a_length_is_told_in_its_two_greatest_units(ms, text):
    assert left(ms) == text
    assert time_left(ms) == f"{text} left"


def test_no_time_left():
    assert time_left(0) == "its time is up"


@pytest.mark.parametrize(
    ("seconds", "text"),
    [
        (3600, "1 hour"),
        (7200, "2 hours"),
        (86_400, "1 day"),
        (604_800, "1 week"),
        (30 * 86_400, "30 days"),
        (3660, "1 h 1 min"),
        (60, "1 min"),
    ],
)
def test_a_time_limit_has_words(seconds, text):
    assert span(seconds) == text


def test_the_choices_of_a_time_limit():
    choices = validity_choices(NOON, BERLIN)
    assert [choice.text for choice in choices] == [
        "1 hour", "Until 18:00", "1 day", "1 week", "30 days", "Until…",
    ]  # fmt: skip
    assert [choice.seconds for choice in choices] == [3600, 6 * 3600, 86_400, 604_800, 30 * 86_400, None]


@pytest.mark.parametrize(
    ("before_ms", "text", "seconds"),
    [
        (MINUTE, "Until 18:00", 60),
        (MINUTE - 1, "Until 18:00 tomorrow", 24 * 3600 + 59),
        (0, "Until 18:00 tomorrow", 24 * 3600),
    ],
)
def test_the_evening_is_tomorrows_when_todays_is_too_near(before_ms, text, seconds):
    evening = validity_choices(NOON + 6 * HOUR - before_ms, BERLIN)[1]
    assert (evening.text, evening.seconds) == (text, seconds)


def test_the_evening_is_told_by_the_clock_on_the_wall_when_that_is_set_back():
    saturday_evening = 1_792_861_200_000  # 24 October 2026, 19:00 in Berlin; an hour more that night
    assert validity_choices(saturday_evening, BERLIN)[1].seconds == 24 * 3600

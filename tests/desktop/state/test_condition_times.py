from datetime import UTC, datetime
from zoneinfo import ZoneInfo

import pytest
from msgspec.structs import replace

from tact_desktop.state import condition_times as times
from tact_desktop.state.condition_times import Times, TimeView
from tact_desktop.state.mark import Mark
from tact_desktop.state.recipient import Recipient
from tact_engine.core.conditions import WHEN_ONLINE, Condition, one_group
from tact_engine.core.window import Window

NOW_MS = 1_795_341_600_000  # Sunday 22 November 2026, 10:00 UTC
HOUR = 3_600_000
AVAILABLE = one_group(("UserAvailability", "eq", "AVAILABLE"))
WORK = Window("09:00", "17:00", (1, 2, 3, 4, 5))


def bob(hidden=(), **values) -> Recipient:
    shown = {"OnlineStatus": True, "UserAvailability": "AVAILABLE", "TimeZone": "Europe/Helsinki"} | values
    return Recipient(
        "Bob", {name: value for name, value in shown.items() if name not in hidden}, hidden, (), NOW_MS, UTC
    )


@pytest.mark.parametrize("set_to", [Times(), Times(5, WORK, 60, True)])
def test_there_and_back(set_to):
    assert times.of(times.put_on(AVAILABLE, set_to)) == set_to
    assert times.put_on(AVAILABLE, set_to).any == AVAILABLE.any


@pytest.mark.parametrize(
    ("set_to", "is_set", "names"),
    [
        (Times(edge=True), False, []),
        (Times(not_before=0), True, ["not before"]),
        (Times(window=WORK), True, ["only between"]),
        (Times(dwell=1), True, ["stays so for"]),
    ],
)
def test_what_is_set(set_to, is_set, names):
    assert set_to.is_set is is_set
    assert [*times.set_parts(set_to)] == names


def test_what_can_be_chosen_as_the_beginning():
    offers = times.offers(NOW_MS + 31_000, UTC)
    assert [offer.text for offer in offers] == ["any time", "in 1 hour", "tomorrow 09:00", "at…"]  # a Sunday
    assert [offer.own for offer in offers] == [False, False, False, True]
    assert [offer.at_ms for offer in offers] == [None, NOW_MS + HOUR, NOW_MS + 23 * HOUR, None]
    later = times.offers(NOW_MS + 24 * HOUR, UTC)
    assert (later[3].text, later[3].at_ms) == ("Monday 09:00", NOW_MS + (23 + 7 * 24) * HOUR)


def test_a_morning_is_one_of_the_readers_zone():
    there = times.offers(NOW_MS, ZoneInfo("Asia/Tokyo"))
    at = datetime.fromtimestamp((there[2].at_ms or 0) / 1000, ZoneInfo("Asia/Tokyo"))
    assert (at.day, at.hour, at.minute) == (23, 9, 0)


def test_midnight_ends_a_day():
    whole = times.hours_between("09:00", "00:00", (2, 1))
    assert whole == Window("09:00", "24:00", (1, 2))
    assert times.end_shown(whole) == "00:00"
    assert times.end_shown(WORK) == "17:00"


@pytest.mark.parametrize(
    ("window", "text"),
    [
        (None, ""),
        (WORK, ""),
        (Window("09:00", "17:00", ()), "Choose at least one weekday."),
        (Window("09:00", "09:00"), "Choose an end that differs from the beginning."),
    ],
)
def test_what_is_still_to_be_chosen(window, text):
    assert times.unfinished(Times(window=window)) == text


def views(condition: Condition, whom: Recipient) -> times.TimeViews:
    return times.time_views(condition, whom)


@pytest.mark.rule("W20")
@pytest.mark.parametrize(("at_ms", "mark"), [(None, None), (NOW_MS + 1, Mark.FALSE), (NOW_MS, Mark.TRUE)])
def test_the_mark_of_a_beginning(at_ms, mark):
    assert views(replace(WHEN_ONLINE, not_before=at_ms), bob()).not_before == TimeView(mark)


@pytest.mark.rule("W23")
def test_the_mark_of_hours_is_that_of_the_clock_on_their_wall():
    hours = replace(AVAILABLE, window=Window("12:00", "13:00"))
    assert views(hours, bob()).window == TimeView(Mark.TRUE, "Bob's time, now Sun 12:00")
    assert views(hours, bob(TimeZone="UTC")).window == TimeView(Mark.FALSE, "Bob's time, now Sun 10:00")
    assert views(AVAILABLE, bob()).window == TimeView(None, "Bob's time, now Sun 12:00")
    secret = views(hours, bob(hidden=("TimeZone",)))
    assert secret.window == TimeView(Mark.UNKNOWN, "time zone not shared with you")
    assert secret.hours_why_not == "Bob's time zone is not shared with you."
    never_said = views(hours, bob(TimeZone=""))
    assert never_said.window == TimeView(Mark.UNKNOWN, "their time zone is not known yet")
    assert never_said.hours_why_not == ""


@pytest.mark.rule("W16", "W17")
@pytest.mark.parametrize(
    ("whom", "view"),
    [
        (bob(), TimeView(Mark.FALSE, "true now: counts from sending")),
        (bob(OnlineStatus=False), TimeView(Mark.FALSE)),
        (bob(hidden=("OnlineStatus",)), TimeView(Mark.UNKNOWN)),
    ],
)
def test_the_mark_of_staying_so(whom, view):
    assert views(replace(AVAILABLE, dwell=60), whom).dwell == view
    assert views(AVAILABLE, whom).dwell == TimeView()


@pytest.mark.rule("W9")
@pytest.mark.parametrize(
    ("whom", "mark", "on", "off"),
    [
        (
            bob(),
            Mark.FALSE,
            "It is so already: it has to change first, and become so again.",
            "It is so already.",
        ),
        (bob(OnlineStatus=False), Mark.TRUE, "It is not so yet: the very next time counts.", ""),
        (bob(hidden=("OnlineStatus",)), Mark.UNKNOWN, "Nobody can tell whether it is so already.", ""),
    ],
)
def test_what_the_next_time_means(whom, mark, on, off):
    assert views(replace(AVAILABLE, edge=True), whom).edge == TimeView(mark, on)
    assert views(AVAILABLE, whom).edge == TimeView(None, off)


def test_what_would_have_to_be_the_next_time_does_not_count_from_sending():
    assert views(replace(AVAILABLE, edge=True, dwell=60), bob()).dwell == TimeView(Mark.FALSE)

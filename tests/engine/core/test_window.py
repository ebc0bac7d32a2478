"""Windows by the clock on somebody's wall: hours, weekdays, midnight, and the days on which clocks are changed."""

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import msgspec
import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from tact_engine.core.window import WEEK, Window, is_open, next_turn, problem

HELSINKI, NEW_YORK, KOLKATA, UTC_ZONE = map(
    ZoneInfo, ("Europe/Helsinki", "America/New_York", "Asia/Kolkata", "UTC")
)
MINUTE = 60_000
DAY = 24 * 60 * MINUTE
OFFICE = Window("09:00", "17:00", (1, 2, 3, 4, 5))
NIGHT = Window("22:00", "06:00", (5,))  # from Friday on


def ms(text, offset=0):
    """The instant of a time on a wall `offset` hours ahead of UTC."""
    return round(
        (datetime.fromisoformat(text).replace(tzinfo=UTC) - timedelta(hours=offset)).timestamp() * 1000
    )


# --- hours and days


@pytest.mark.rule("W21", "W23")
@pytest.mark.parametrize(
    ("zone", "offset"), [(HELSINKI, 2), (NEW_YORK, -5), (KOLKATA, 5.5), (UTC_ZONE, 0)], ids=str
)
@pytest.mark.parametrize(
    ("wall", "opened"),
    [
        ("2026-01-12T08:59:59.999", False),  # a Monday
        ("2026-01-12T09:00:00.000", True),
        ("2026-01-12T16:59:59.999", True),
        ("2026-01-12T17:00:00.000", False),
        ("2026-01-16T12:00", True),
        ("2026-01-17T12:00", False),  # a Saturday
        ("2026-01-18T12:00", False),
    ],
)
def test_it_is_open_from_its_start_up_to_its_end_by_the_clock_on_the_wall(zone, offset, wall, opened):
    assert is_open(OFFICE, zone, ms(wall, offset)) is opened


@pytest.mark.rule("W22")
@pytest.mark.parametrize(
    ("wall", "opened"),
    [
        ("2026-01-15T23:00", False),  # Thursday
        ("2026-01-16T03:00", False),  # Friday early: Thursday's night
        ("2026-01-16T21:59:59.999", False),
        ("2026-01-16T22:00", True),
        ("2026-01-17T00:00", True),
        ("2026-01-17T05:59:59.999", True),
        ("2026-01-17T06:00", False),
        ("2026-01-17T22:00", False),
    ],
)
def test_over_midnight_it_belongs_to_the_day_on_which_it_starts(wall, opened):
    assert is_open(NIGHT, HELSINKI, ms(wall, 2)) is opened


@pytest.mark.rule("W22")
def test_sundays_night_ends_on_monday():
    night = Window("22:00", "06:00", (7,))
    assert is_open(night, UTC_ZONE, ms("2026-01-12T05:59"))
    assert not is_open(night, UTC_ZONE, ms("2026-01-11T05:59"))


@pytest.mark.rule("W21")
@pytest.mark.parametrize("end", ["24:00", "00:00"])
def test_it_may_last_until_midnight(end):
    late = Window("20:00" if end == "00:00" else "00:00", end, (1,))
    assert is_open(late, UTC_ZONE, ms("2026-01-12T23:59:59.999"))
    assert not is_open(late, UTC_ZONE, ms("2026-01-13T00:00"))
    assert not is_open(late, UTC_ZONE, ms("2026-01-11T23:59:59.999"))


@pytest.mark.rule("W21")
def test_where_no_day_is_named_it_is_every_day():
    assert Window("09:00", "17:00").days == WEEK == (1, 2, 3, 4, 5, 6, 7)


# --- days on which clocks are changed. In Helsinki in 2026: 03:00 is 04:00 on 29 March, 04:00 is 03:00 on 25 October.


def flips(window, zone, start_ms, minutes):
    """By looking at every minute: when it opens or closes."""
    looks = [is_open(window, zone, start_ms + minute * MINUTE) for minute in range(minutes + 1)]
    return [start_ms + m * MINUTE for m in range(1, minutes + 1) if looks[m] is not looks[m - 1]]


def walked(window, zone, start_ms, minutes):
    """The same, from turn to turn."""
    now, found = start_ms, []
    opened = is_open(window, zone, now)
    while (now := next_turn(window, zone, now)) <= start_ms + minutes * MINUTE:
        if is_open(window, zone, now) is not opened:
            opened = not opened
            found.append(now)
    return found


@pytest.mark.rule("W21", "W24")
@pytest.mark.parametrize(
    ("window", "zone", "day", "turns"),
    [
        # An hour that is skipped: it opens when the clock jumps over its start …
        (Window("03:30", "05:00"), "Europe/Helsinki", "2026-03-28T22:00", ["29T01:00", "29T02:00"]),
        # … and closes when it jumps over its end; what lies in it as a whole never comes.
        (Window("02:00", "03:30"), "Europe/Helsinki", "2026-03-28T22:00", ["29T00:00", "29T01:00"]),
        (Window("03:10", "03:50"), "Europe/Helsinki", "2026-03-28T22:00", []),
        (Window("02:30", "10:00"), "America/New_York", "2026-03-08T05:00", ["08T07:00", "08T14:00"]),
        # An hour that comes twice opens twice.
        (
            Window("03:10", "03:50"), "Europe/Helsinki", "2026-10-24T21:00",
            ["25T00:10", "25T00:50", "25T01:10", "25T01:50"],
        ),
        # It closes at four, and the clock goes back behind it.
        (
            Window("02:00", "03:30"), "Europe/Helsinki", "2026-10-24T21:00",
            ["24T23:00", "25T00:30", "25T01:00", "25T01:30"],
        ),
        # Beirut's clocks go from midnight to one: the day begins at one.
        (Window("00:00", "24:00", (7,)), "Asia/Beirut", "2026-03-28T20:00", ["28T22:00"]),
        # Lord Howe's go forward by half an hour.
        (Window("02:15", "03:00"), "Australia/Lord_Howe", "2026-10-03T14:00", ["03T15:30", "03T16:00"]),
        # Apia went over the date line: there was no Friday.
        (Window("00:00", "24:00", (5,)), "Pacific/Apia", "2011-12-30T09:00", []),
        (Window("00:00", "24:00", (6,)), "Pacific/Apia", "2011-12-30T09:59", ["30T10:00"]),
        # Thursday's night is cut off by a Saturday, of which the day before is a Friday.
        (Window("22:00", "06:00", (4,)), "Pacific/Apia", "2011-12-30T06:00", ["30T08:00", "30T10:00"]),
    ],
)  # fmt: skip
def test_when_clocks_are_changed(window, zone, day, turns):
    start = ms(day)
    expected = [ms(day[:8] + turn) for turn in turns]
    assert walked(window, ZoneInfo(zone), start, 24 * 60) == expected


ZONES = [
    "Europe/Helsinki", "America/New_York", "Asia/Kolkata", "Asia/Kathmandu", "Pacific/Apia", "Pacific/Kiritimati",
    "Australia/Lord_Howe", "Asia/Beirut", "America/Santiago", "America/St_Johns", "Africa/Casablanca", "UTC",
    "Pacific/Chatham", "Antarctica/Troll", "Africa/Cairo",
]  # fmt: skip
SPECIAL = [
    "2026-03-28", "2026-10-24", "2026-03-07", "2026-10-31", "2026-02-14", "2026-03-21", "2026-04-04", "2026-10-03",
    "2026-09-05", "2026-09-26", "2026-03-28", "2026-04-23", "2026-10-29", "2011-12-29", "2028-02-28", "2045-03-25",
]  # fmt: skip
hours = st.builds("{:02}:{:02}".format, st.integers(0, 23), st.sampled_from([0, 1, 10, 15, 29, 30, 45, 59]))
windows = st.builds(
    Window, hours, hours | st.just("24:00"), st.sets(st.sampled_from(WEEK), min_size=1).map(sorted).map(tuple)
).filter(lambda window: problem(window) == "")


@pytest.mark.rule("W21", "W22", "W24")
@given(windows, st.sampled_from(ZONES), st.sampled_from(SPECIAL), st.integers(0, 2 * 24 * 60))
@example(Window("02:30", "02:45"), "America/New_York", "2026-03-07", 60)
@example(Window("02:30", "02:45"), "America/New_York", "2026-10-31", 60)
@example(Window("23:30", "00:30"), "Asia/Beirut", "2026-03-28", 0)
def test_from_turn_to_turn_nothing_is_missed_that_every_minute_shows(window, zone, day, late):
    start = ms(day) + late * MINUTE
    assert walked(window, ZoneInfo(zone), start, 3 * 24 * 60) == flips(
        window, ZoneInfo(zone), start, 3 * 24 * 60
    )


@given(windows, st.sampled_from(ZONES), st.integers(ms("2020-01-01"), ms("2060-01-01")))
def test_the_next_turn_comes_and_comes_soon(window, zone, at_ms):
    """Whatever the moment, within the second or at a turn itself."""
    turn = next_turn(window, ZoneInfo(zone), at_ms)
    assert at_ms < turn <= at_ms + 2 * DAY
    assert next_turn(window, ZoneInfo(zone), turn - 1) == turn
    assert is_open(window, ZoneInfo(zone), turn - 1) is is_open(window, ZoneInfo(zone), at_ms)


# --- what is refused


@pytest.mark.rule("W6", "W21")
@pytest.mark.parametrize(
    "hour",
    [
        "",
        "9:00",
        "09:0",
        "24:01",
        "25:00",
        "09:60",
        "-1:00",
        "0900",
        "09:00 ",
        "09:00\n",
        "09.00",
        "٠٩:٠٠",
        "09:00:00",
    ],
)
def test_what_is_no_time_of_the_day(hour):
    assert "09:00 to 17:00" in problem(Window(hour, "17:00"))
    assert "09:00 to 17:00" in problem(Window("09:00", hour))


@pytest.mark.rule("W6", "W21")
@pytest.mark.parametrize(
    "days",
    [(), (0,), (8,), (-1,), (1, 1), (1, 2, 8), (10**30,), (*WEEK, 1), (True,), (2, True), (False,)],
    ids=str,
)
def test_what_are_no_days(days):
    assert "Monday" in problem(Window("09:00", "17:00", days))


@pytest.mark.parametrize("hour", ["00:00", "09:00"])
def test_a_window_of_no_length_is_refused_for_it_could_mean_all_day_too(hour):
    assert "later" in problem(Window(hour, hour))


def test_the_day_may_end_at_its_last_hour_and_not_begin_there():
    assert problem(Window("00:00", "24:00")) == ""
    assert "09:00 to 17:00" in problem(Window("24:00", "06:00"))


@pytest.mark.parametrize(
    "window", [OFFICE, NIGHT, Window("23:59", "00:00"), Window("00:00", "00:01", (7, 1, 3))]
)
def test_what_is_a_window(window):
    assert problem(window) == ""


# --- over the wire


@given(windows)
def test_a_window_is_read_back_as_it_was_written(window):
    assert msgspec.json.decode(msgspec.json.encode(window), type=Window) == window


@pytest.mark.rule("W6")
@pytest.mark.parametrize(
    "text",
    [
        "{}", "[]", '{"start":"09:00"}', '{"start":9,"end":"17:00"}', '{"start":"09:00","end":null}',
        '{"start":"09:00","end":"17:00","days":[true]}', '{"start":"09:00","end":"17:00","days":[1.0]}',
        '{"start":"09:00","end":"17:00","days":["1"]}', '{"start":"09:00","end":"17:00","days":1}',
        '{"start":"09:00","end":"17:00","days":null}', '{"start":"09:00","end":"17:00","zone":"UTC"}',
    ],
)  # fmt: skip
def test_what_is_no_window_is_not_read(text):
    with pytest.raises(msgspec.ValidationError):
        msgspec.json.decode(text, type=Window)

"""The words for moments to come, for short lengths of time, and for hours of certain weekdays."""

from collections.abc import Mapping, Sequence
from datetime import timedelta, tzinfo

from tact_desktop.state.wording_time import MONTHS, WEEKDAYS, clock, moment
from tact_engine.core.window import WEEK, Window

WORKING_WEEK = (1, 2, 3, 4, 5)
WEEKEND = (6, 7)
DAY_LETTERS = tuple(name[:2] for name in WEEKDAYS)
"""Mo, Tu, We and so on."""
_LIST = "{first}, {second}"
_LAST = "{first} and {second}"


def duration(seconds: int) -> str:
    """A length of time in full words, to the second: "5 minutes", "1 hour 30 minutes", "10 seconds"."""
    minutes, rest = divmod(seconds, 60)
    hours, minutes = divmod(minutes, 60)
    parts = ((hours, "hour"), (minutes, "minute"), (rest, "second"))
    said = [f"{count} {unit}" if count == 1 else f"{count} {unit}s" for count, unit in parts if count]
    return " ".join(said) or "0 seconds"


def instant(at_ms: int, now_ms: int, zone: tzinfo) -> str:
    """A moment as it stands in a sentence: "14:00 today", "09:00 tomorrow", "09:00 on Monday 30 November"."""
    at, today = moment(at_ms, zone), moment(now_ms, zone).date()
    if at.date() == today:
        return f"{clock(at)} today"
    if at.date() == today + timedelta(days=1):
        return f"{clock(at)} tomorrow"
    day = f"{WEEKDAYS[at.weekday()]} {at.day} {MONTHS[at.month - 1]}"
    return f"{clock(at)} on {day}" if at.year == today.year else f"{clock(at)} on {day} {at.year}"


def hours(window: Window, name: str) -> str:
    """When `window` is open, by the clock of `name`: "between 09:00 and 17:00 on weekdays (Bob's time)"."""
    return _HOURS[_form(window.days)].format(
        start=window.start, end=window.end, days=_days(window.days), name=name
    )


_HOURS = {
    "always": "between {start} and {end} ({name}'s time)",
    "work": "between {start} and {end} on weekdays ({name}'s time)",
    "free": "between {start} and {end} at weekends ({name}'s time)",
    "some": "between {start} and {end} on {days} ({name}'s time)",
}


def _form(days: Sequence[int]) -> str:
    named: Mapping[tuple[int, ...], str] = {WEEK: "always", WORKING_WEEK: "work", WEEKEND: "free"}
    return named.get(tuple(sorted(days)), "some")


def _days(days: Sequence[int]) -> str:
    names = [WEEKDAYS[day - 1] for day in sorted(days)]
    said = names[0] if names else ""
    for name in names[1:]:
        said = (_LAST if name == names[-1] else _LIST).format(first=said, second=name)
    return said

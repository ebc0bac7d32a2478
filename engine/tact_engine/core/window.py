"""The window of a condition: certain weekdays, from one hour to another, by the recipient's own clock.

A window that starts later than it ends goes over midnight; its weekday is that of its start. Hours that a time zone
skips or repeats once a year are handled by what local clocks show: the comparison decides, so a window is open exactly
when a clock on the recipient's wall would say so.
"""

import re
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from functools import lru_cache
from zoneinfo import ZoneInfo

from msgspec import Struct

DAY_MINUTES = 24 * 60
WEEK = (1, 2, 3, 4, 5, 6, 7)
_HOUR = re.compile(r"([01][0-9]|2[0-3]):[0-5][0-9]|24:00")


class Window(Struct, frozen=True, forbid_unknown_fields=True, omit_defaults=True):
    """Weekdays (1 is Monday, 7 Sunday), from `start` up to and without `end`, both as "HH:MM"."""

    start: str
    end: str
    days: tuple[int, ...] = WEEK


def problem(window: Window) -> str:
    """What is wrong with `window`; "" where it can open."""
    if not _HOUR.fullmatch(window.start) or window.start == "24:00" or not _HOUR.fullmatch(window.end):
        return "a window goes from one time of the day to another, such as 09:00 to 17:00"
    if window.start == window.end:
        return "a window must end later than it starts"
    days = [day for day in WEEK if day in window.days]
    if not days or len(days) != len(window.days) or any(isinstance(day, bool) for day in window.days):
        return "the days of a window are numbers from 1 (Monday) to 7 (Sunday), each at most once"
    return ""


def is_open(window: Window, zone: ZoneInfo, at_ms: int) -> bool:
    """Whether `window` is open at the instant `at_ms` where clocks show the time of `zone`."""
    local = _utc(at_ms).astimezone(zone)
    minute, day = local.hour * 60 + local.minute, local.isoweekday()
    start, end = _minutes(window.start), _minutes(window.end)
    if start < end:
        return day in window.days and start <= minute < end
    return (day in window.days and minute >= start) or (_day_before(day) in window.days and minute < end)


def next_turn(window: Window, zone: ZoneInfo, at_ms: int) -> int:
    """The first instant after `at_ms` at which `window` may open or close in `zone`; it is looked at again then."""
    return _next_turn(window, zone, at_ms // 60_000)


@lru_cache(maxsize=4096)
def _next_turn(window: Window, zone: ZoneInfo, minute: int) -> int:
    """The first turn after `minute`; all turns are at full minutes, and many people wait for the same hours."""
    return min(turn for turn in _turns(window, zone, minute * 60_000) if turn > minute * 60_000)


def _turns(window: Window, zone: ZoneInfo, at_ms: int) -> Iterator[int]:
    """Instants around `at_ms` and up to two days later at which something can change: hours, clock changes."""
    today = _utc(at_ms).astimezone(zone).date()
    for ahead in range(-1, 3):
        midnight = datetime.combine(today + timedelta(days=ahead), datetime.min.time(), zone)
        for text in (window.start, window.end):
            for fold in (0, 1):
                wall = (midnight + timedelta(minutes=_minutes(text))).replace(fold=fold)
                yield round(wall.timestamp() * 1000)
        yield from _clock_changes(midnight, zone)


def _clock_changes(midnight: datetime, zone: ZoneInfo) -> Iterator[int]:
    """The minute, if any, of the day that begins at `midnight` at which clocks in `zone` are put forward or back."""
    low = round(midnight.timestamp()) // 60
    high = low + DAY_MINUTES + 120
    if _offset(zone, low) == _offset(zone, high):
        return
    while high - low > 1:
        middle = (low + high) // 2
        if _offset(zone, middle) == _offset(zone, low):
            low = middle
        else:
            high = middle
    yield high * 60_000


def _offset(zone: ZoneInfo, minutes: int) -> timedelta | None:
    return datetime.fromtimestamp(minutes * 60, zone).utcoffset()


def _utc(at_ms: int) -> datetime:
    return datetime.fromtimestamp(at_ms / 1000, UTC)


def _minutes(text: str) -> int:
    return int(text[:2]) * 60 + int(text[3:])


def _day_before(day: int) -> int:
    return 7 if day == 1 else day - 1

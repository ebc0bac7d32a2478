"""The words for moments and for lengths of time, in the zone of whoever reads them."""

from dataclasses import dataclass
from datetime import date, datetime, timedelta, tzinfo

from tact_engine.core.envelope import VALIDITY_SECONDS_MIN

_MINUTE = 60
_HOUR = 60 * _MINUTE
_DAY = 24 * _HOUR
_WEEK = 7 * _DAY
_END_OF_WORK_HOUR = 18

TODAY = "Today"
YESTERDAY = "Yesterday"
WEEKDAYS = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")
MONTHS = (
    "January", "February", "March", "April", "May", "June",
    "July", "August", "September", "October", "November", "December",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class ValidityChoice:
    """One entry of the validity list; `seconds` None stands for a moment that the person types."""

    text: str
    seconds: int | None


def moment(ms: int, zone: tzinfo) -> datetime:
    """UTC milliseconds as a time of day in `zone`."""
    return datetime.fromtimestamp(ms / 1000, tz=zone)


def day_name(day: date, today: date) -> str:
    """A day line: Today, Yesterday, "Monday 16 November", with the year where it is another one."""
    if day == today:
        return TODAY
    if day == today - timedelta(days=1):
        return YESTERDAY
    plain = f"{WEEKDAYS[day.weekday()]} {day.day} {MONTHS[day.month - 1]}"
    return plain if day.year == today.year else f"{plain} {day.year}"


def clock(when: datetime) -> str:
    """The time of day alone: "10:02"."""
    return f"{when:%H:%M}"


def when(at: datetime, on: date, today: date) -> str:
    """The time of day where it is clear that the day is `on`; else with its day."""
    if at.date() == on:
        return clock(at)
    return f"{day_name(at.date(), today)} {clock(at)}"


def left(ms: int) -> str:
    """A length of time in its two greatest units, rounded up: "6 d 23 h", "42 min"; a week just begun is "7 d"."""
    if ms < _MINUTE * 1000:
        return "less than 1 min"
    minutes = -(-ms // (_MINUTE * 1000))
    if minutes < 24 * 60:
        hours, rest = divmod(minutes, 60)
        return " ".join([f"{hours} h"] * (hours > 0) + [f"{rest} min"] * (rest > 0))
    days, hours = divmod(-(-minutes // 60), 24)
    return f"{days} d {hours} h" if hours else f"{days} d"


def time_left(ms: int) -> str:
    """How long a message still waits, as people read it."""
    return f"{left(ms)} left" if ms > 0 else "its time is up"


def span(seconds: int) -> str:
    """A whole length of time in words: "1 week", "30 days", "1 hour", else "5 h 12 min"."""
    for size, one, many in ((_WEEK, "1 week", ""), (_DAY, "1 day", "{} days"), (_HOUR, "1 hour", "{} hours")):
        if seconds == size:
            return one
        if many and seconds % size == 0 and seconds > 0:
            return many.format(seconds // size)
    return left(seconds * 1000)


def validity_choices(now_ms: int, zone: tzinfo) -> tuple[ValidityChoice, ...]:
    """What can be chosen as the time limit at `now_ms`; the last one asks for a moment."""
    return (
        ValidityChoice("1 hour", _HOUR),
        _until_evening(now_ms, zone),
        ValidityChoice("1 day", _DAY),
        ValidityChoice("1 week", _WEEK),
        ValidityChoice("30 days", 30 * _DAY),
        ValidityChoice("Until…", None),
    )


def _until_evening(now_ms: int, zone: tzinfo) -> ValidityChoice:
    """Until 18:00, of tomorrow where today's is over or nearly so."""
    now = moment(now_ms, zone)
    evening = now.replace(hour=_END_OF_WORK_HOUR, minute=0, second=0, microsecond=0)
    seconds = int(evening.timestamp() - now_ms / 1000)
    if seconds >= VALIDITY_SECONDS_MIN:
        return ValidityChoice("Until 18:00", seconds)
    evening += timedelta(days=1)
    return ValidityChoice("Until 18:00 tomorrow", int(evening.timestamp() - now_ms / 1000))

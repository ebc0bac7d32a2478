"""When what one says of oneself ends by itself: the moments to choose from, and what it returns to."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import timedelta, tzinfo

from tact_desktop.state.wording_me import at_clock, in_minutes
from tact_desktop.state.wording_time import moment
from tact_engine.core.presence import ACTIVITY, ATTRIBUTES, USER_AVAILABILITY, USER_MOOD, Presence, Value

TIMED = (USER_AVAILABILITY, USER_MOOD, ACTIVITY)
"""What one choice of an end can be about."""
SPANS_MINUTES = (30, 60)
HOURS = (12, 17)
PICK_MINUTES = 90
"""Where a moment of one's own starts to be chosen."""


@dataclass(frozen=True, slots=True)
class EndChoice:
    """A moment to choose: what it is called, and when it is (UTC milliseconds)."""

    text: str
    at: int


@dataclass(frozen=True, slots=True)
class Ending:
    """That a value ends at `at` (UTC milliseconds), and what it then returns to; None until the engine has said it."""

    at: int
    back: Value | None


def end_choices(now_ms: int, zone: tzinfo) -> tuple[EndChoice, ...]:
    """The moments on offer at `now_ms`; an hour that is over today is tomorrow's, and stands behind today's."""
    spans = [EndChoice(in_minutes(minutes), now_ms + minutes * 60_000) for minutes in SPANS_MINUTES]
    hours = sorted((_next(hour, now_ms, zone) for hour in HOURS), key=lambda choice: choice.at)
    return (*spans, *hours)


def endings(presence: Presence, ends: Mapping[str, int]) -> dict[str, Ending]:
    """What ends by itself: `ends` as this person chose them, over their own `presence` as the engine has it."""
    return {
        name: Ending(end, before(presence, name) if _is_confirmed(presence, name, end) else None)
        for name, end in ends.items()
    }


def before(presence: Presence, name: str) -> Value | None:
    """What attribute `name` returns to when its present reading ends."""
    reading = presence.readings.get(name)
    if reading is not None and reading.previous is not None:
        return reading.previous.value
    return ATTRIBUTES[name].default


def ended_together(
    presence: Presence, values: Mapping[str, Value], together: Iterable[str], ends: Mapping[str, int]
) -> tuple[str, ...]:
    """Which attributes an end that is chosen now is about.

    The availability, what was changed `together` with it, and what has an end already; of these what would then be
    anything else. Where that is nothing, whatever would be.
    """
    differing = [name for name in TIMED if _would_change(presence, name, values)]
    meant = {USER_AVAILABILITY, *together, *ends}
    return tuple(name for name in differing if name in meant) or tuple(differing)


def _would_change(presence: Presence, name: str, values: Mapping[str, Value]) -> bool:
    """Whether the attribute, which is as in `values`, was anything else before."""
    value, now = values.get(name, ATTRIBUTES[name].default), presence.value(name)
    return value != (before(presence, name) if value == now else now)


def _is_confirmed(presence: Presence, name: str, end: int) -> bool:
    reading = presence.readings.get(name)
    return reading is not None and reading.until == end


def _next(hour: int, now_ms: int, zone: tzinfo) -> EndChoice:
    now = moment(now_ms, zone)
    at = now.replace(hour=hour, minute=0, second=0, microsecond=0)
    tomorrow = at <= now
    if tomorrow:
        at += timedelta(days=1)
    return EndChoice(at_clock(at, tomorrow), int(at.timestamp() * 1000))

"""What stands under one message: its style, and its time and state in words, for the eye and for the ear.

A received message never shows a condition; there is none in its entry, and none is asked for here.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, tzinfo

from tact_desktop.state import wording
from tact_desktop.state.entry import Entry, Stage
from tact_desktop.state.row import BubbleStyle
from tact_desktop.state.wording_conditions import until
from tact_desktop.state.wording_time import moment, time_left, when

_STYLES: Mapping[Stage, BubbleStyle] = {
    Stage.UNSENT: BubbleStyle.UNSENT,
    Stage.HELD: BubbleStyle.HELD,
    Stage.EXPIRED: BubbleStyle.EXPIRED,
    Stage.FAILED: BubbleStyle.FAILED,
}


@dataclass(frozen=True, slots=True)
class Reader:
    """When and where the rows are read: UTC milliseconds, and the zone that times are told in."""

    now_ms: int
    zone: tzinfo

    @property
    def today(self) -> date:
        """The day it is for the reader."""
        return self.day(self.now_ms)

    def day(self, ms: int) -> date:
        """The day of a moment."""
        return moment(ms, self.zone).date()

    def time(self, ms: int, on: date | None = None) -> str:
        """The time of day of a moment, with its day where that is not `on` (today, unless told otherwise)."""
        return when(moment(ms, self.zone), on or self.today, self.today)


def place_ms(entry: Entry) -> int:
    """When `entry` took its place in the conversation: arrived, was handed over, or ended without that."""
    if entry.waiting:
        return entry.written_at
    if entry.undelivered:
        return entry.since or entry.written_at
    return entry.released_at or entry.written_at


def style_of(entry: Entry) -> BubbleStyle:
    """The look of the bubble."""
    if not entry.own:
        return BubbleStyle.OFFLINE if entry.delayed else BubbleStyle.NORMAL
    return _STYLES.get(entry.stage, BubbleStyle.NORMAL)


def foot(entry: Entry, day: date, reader: Reader) -> str:
    """Time and state under `entry`, which stands below the day line of `day`."""
    at = reader.time(place_ms(entry), day)
    written = reader.time(entry.written_at, day)
    if not entry.own:
        return wording.foot_offline_message(written, at) if entry.delayed else at
    match entry.stage:
        case Stage.UNSENT:
            return wording.FOOT_UNSENT
        case Stage.HELD:
            return wording.foot_held(until(entry.condition), _time_left(entry, reader))
        case Stage.EXPIRED:
            return wording.foot_expired(reader.time(_end_ms(entry), day))
        case Stage.FAILED:
            return wording.foot_failed(entry.problem)
        case Stage.RELEASED:
            return wording.foot_on_its_way(at)
        case _:
            return wording.foot_arrived(at, entry.stage is Stage.READ, written if entry.delayed else "")


def spoken(entry: Entry, name: str, reader: Reader) -> str:
    """The whole message for a screen reader: name, text, time, state; it stands alone, so days are said."""
    return wording.accessible(name, entry.text, reader.time(place_ms(entry)), _state(entry, reader))


def _state(entry: Entry, reader: Reader) -> str:
    written = reader.time(entry.written_at)
    if not entry.own:
        return wording.said_offline_message(written, reader.time(place_ms(entry))) if entry.delayed else ""
    match entry.stage:
        case Stage.HELD:
            return wording.said_waiting(until(entry.condition), _time_left(entry, reader))
        case Stage.EXPIRED:
            return wording.said_expired(reader.time(_end_ms(entry)))
        case Stage.FAILED:
            return wording.said_failed(entry.problem)
        case _:
            return wording.said_arrived(wording.STAGE_WORDS[entry.stage], written if entry.delayed else "")


def _time_left(entry: Entry, reader: Reader) -> str:
    return time_left(entry.expires_at - reader.now_ms)


def _end_ms(entry: Entry) -> int:
    """When the time of `entry` ran out; the engine may have said so a little later."""
    return entry.expires_at or place_ms(entry)

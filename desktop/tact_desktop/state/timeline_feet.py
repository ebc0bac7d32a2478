"""What stands under one message: its style, and its time and state in words, for the eye and for the ear.

A received message never shows a condition; there is none in its entry, and none is asked for here.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, tzinfo

from tact_desktop.state import wording, wording_waiting
from tact_desktop.state.entry import Entry, Stage
from tact_desktop.state.links import hidden_places
from tact_desktop.state.recipient import Recipient
from tact_desktop.state.row import BubbleStyle
from tact_desktop.state.shown import shown_text as shown
from tact_desktop.state.wording_conditions import until
from tact_desktop.state.wording_time import moment, time_left, when
from tact_engine.core.envelope import SECOND_LIFE_SECONDS_MAX

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


def whole_ms(entry: Entry) -> int:
    """The whole time that `entry` has, or in its second life had for that."""
    seconds = min(entry.valid_for, SECOND_LIFE_SECONDS_MAX) if entry.second else entry.valid_for
    return seconds * 1000


def end_ms(entry: Entry) -> int:
    """When `entry` expires; an unsent one has its whole time yet, which starts at its acceptance."""
    return entry.expires_at or entry.written_at + whole_ms(entry)


def first_end_ms(entry: Entry) -> int:
    """When the first time of an entry in its second life was up."""
    return entry.expires_at - whole_ms(entry)


def style_of(entry: Entry, paused: bool = False) -> BubbleStyle:
    """The look of the bubble; `paused`: a waiting one is in an editor."""
    if not entry.own:
        return BubbleStyle.OFFLINE if entry.delayed else BubbleStyle.NORMAL
    if paused and entry.waiting:
        return BubbleStyle.PAUSED
    return _STYLES.get(entry.stage, BubbleStyle.NORMAL)


def shown_text(entry: Entry) -> str:
    """What the bubble says: the text, or why there is none any more."""
    return shown(entry.text) or (wording_waiting.TAKEN_BACK_ARRIVED if entry.corrected else "")


def foot(entry: Entry, day: date, reader: Reader, whom: str = "", paused: bool = False) -> str:
    """Time and state under `entry`, which is for `whom` and stands below the day line of `day`."""
    at = reader.time(place_ms(entry), day)
    written = reader.time(entry.written_at, day)
    if not entry.own:
        return wording.foot_offline_message(written, at) if entry.delayed else at
    if entry.waiting and paused:
        return wording_waiting.foot_paused(_time_left(entry, reader))
    match entry.stage:
        case Stage.UNSENT:
            return wording.FOOT_UNSENT
        case Stage.HELD:
            return wording.foot_held(_waits_until(entry, reader, whom), _time_left(entry, reader))
        case Stage.EXPIRED:
            return wording.foot_expired(reader.time(_end_ms(entry), day))
        case Stage.FAILED:
            return wording.foot_failed(entry.problem, whom)
        case Stage.RELEASED:
            return wording.foot_on_its_way(at)
        case _:
            return _foot_arrived(entry, at, written)


def spoken(entry: Entry, name: str, reader: Reader, whom: str = "", paused: bool = False) -> str:
    """The whole message for a screen reader: name, text, time, state; it stands alone, so days are said."""
    state = wording_waiting.PAUSED if entry.waiting and paused else _state(entry, reader, whom)
    text = shown_text(entry)
    said = wording.with_places(text, hidden_places(text))
    return wording.accessible(name, said, reader.time(place_ms(entry)), state)


def _foot_arrived(entry: Entry, at: str, written: str) -> str:
    if entry.corrected:
        said = wording_waiting.arrived_after_all(at)
    else:
        said = wording.foot_arrived(at, entry.stage is Stage.READ, written if entry.delayed else "")
    return f"{said} · {wording_waiting.OUTDATED}" if entry.outdated else said


def _state(entry: Entry, reader: Reader, whom: str) -> str:
    written = reader.time(entry.written_at)
    if not entry.own:
        return wording.said_offline_message(written, reader.time(place_ms(entry))) if entry.delayed else ""
    match entry.stage:
        case Stage.HELD:
            wait, left = _waits_until(entry, reader, whom), _time_left(entry, reader)
            return f"{wait}, {left}" if entry.second else wording.said_waiting(wait, left)
        case Stage.EXPIRED:
            return wording.said_expired(reader.time(_end_ms(entry)))
        case Stage.FAILED:
            return wording.said_failed(entry.problem, whom)
        case _:
            return _said_arrived(entry, written)


def _said_arrived(entry: Entry, written: str) -> str:
    if entry.corrected:
        said = wording_waiting.SAID_AFTER_ALL
    else:
        said = wording.said_arrived(wording.STAGE_WORDS[entry.stage], written if entry.delayed else "")
    return f"{said}, {wording_waiting.OUTDATED}" if entry.outdated else said


def _waits_until(entry: Entry, reader: Reader, whom: str) -> str:
    if entry.second:
        return wording_waiting.second_life(reader.time(first_end_ms(entry)), whom)
    return until(entry.condition, Recipient(whom, now_ms=reader.now_ms, zone=reader.zone))


def _time_left(entry: Entry, reader: Reader) -> str:
    return time_left(end_ms(entry) - reader.now_ms)


def _end_ms(entry: Entry) -> int:
    """When the time of `entry` ran out; the engine may have said so a little later."""
    return entry.expires_at or place_ms(entry)

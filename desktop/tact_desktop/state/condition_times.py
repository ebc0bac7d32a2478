"""What a condition says of time, as the condition editor shows it: choices, marks, and what is missing."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta, tzinfo

from msgspec.structs import replace as rebuilt

from tact_desktop.state import wording_editor as words
from tact_desktop.state.mark import Mark, mark_of
from tact_desktop.state.recipient import Recipient
from tact_desktop.state.wording_moments import WORKING_WEEK
from tact_desktop.state.wording_time import moment
from tact_engine.core.conditions import Condition, Truth, evaluate
from tact_engine.core.patience import accepted, looked
from tact_engine.core.presence import TIME_ZONE, zone_named
from tact_engine.core.window import Window

DWELLS = (0, 10, 60, 300, 900, 3600)
"""Seconds that can be chosen at once; any other number is written."""
USUAL_HOURS = Window("09:00", "17:00", WORKING_WEEK)
"""What "only between" begins with."""
_MORNING_HOUR = 9
_MINUTE_MS = 60_000
_MIDNIGHT_BEGINS, _MIDNIGHT_ENDS = "00:00", "24:00"


@dataclass(frozen=True, slots=True)
class Times:
    """What a condition says of time; a window without a day is not finished."""

    not_before: int | None = None
    window: Window | None = None
    dwell: int = 0
    edge: bool = False

    @property
    def is_set(self) -> bool:
        """Whether anything but `edge` was chosen."""
        return self.not_before is not None or self.window is not None or self.dwell > 0


@dataclass(frozen=True, slots=True)
class TimeView:
    """What stands beside one part: its mark, None where the part is not chosen, and a few words."""

    mark: Mark | None = None
    text: str = ""


@dataclass(frozen=True, slots=True)
class TimeViews:
    """What stands beside each part; `hours_why_not` is why hours cannot be chosen, "" where they can."""

    not_before: TimeView = TimeView()
    window: TimeView = TimeView()
    dwell: TimeView = TimeView()
    edge: TimeView = TimeView()
    hours_why_not: str = ""


@dataclass(frozen=True, slots=True)
class Offer:
    """One entry of the list of beginnings; `at_ms` None with `own` asks for a moment, without it there is none."""

    text: str
    at_ms: int | None = None
    own: bool = False


def of(condition: Condition) -> Times:
    """What `condition` says of time."""
    return Times(condition.not_before, condition.window, condition.dwell, condition.edge)


def put_on(condition: Condition, times: Times) -> Condition:
    """`condition` with `times`."""
    return rebuilt(
        condition, not_before=times.not_before, window=times.window, dwell=times.dwell, edge=times.edge
    )


def offers(now_ms: int, zone: tzinfo) -> tuple[Offer, ...]:
    """When a message can begin to count: at any time, soon, on a coming morning, or at a moment of one's own."""
    now = moment(now_ms, zone)
    tomorrow, monday = _morning(now, 1), _morning(now, 7 - now.weekday())
    named = [(words.IN_AN_HOUR, in_an_hour(now_ms)), (words.TOMORROW_MORNING, tomorrow)]
    named += [(words.MONDAY_MORNING, monday)] if monday != tomorrow else []
    return (
        Offer(words.ANY_TIME),
        *(Offer(text, at_ms) for text, at_ms in named),
        Offer(words.PICK_TIME, own=True),
    )


def in_an_hour(now_ms: int) -> int:
    """The whole minute that is an hour away."""
    return (now_ms // _MINUTE_MS + 60) * _MINUTE_MS


def hours_between(start: str, end: str, days: tuple[int, ...]) -> Window:
    """A window as its fields say; midnight ends a day where it is the end."""
    return Window(start, _MIDNIGHT_ENDS if end == _MIDNIGHT_BEGINS else end, tuple(sorted(days)))


def end_shown(window: Window) -> str:
    """The end of `window` as a field shows it, which knows no 24:00."""
    return _MIDNIGHT_BEGINS if window.end == _MIDNIGHT_ENDS else window.end


def unfinished(times: Times) -> str:
    """What is still to be chosen, as a sentence; "" where all is."""
    window = times.window
    if window is not None and not window.days:
        return words.CHOOSE_A_DAY
    return words.CHOOSE_HOURS if window is not None and window.start == window.end else ""


def time_views(condition: Condition, whom: Recipient) -> TimeViews:
    """How each part of `condition` that is about time stands now."""
    verdict = evaluate(condition, whom.values, whom.now_ms)
    return TimeViews(
        not_before=TimeView(None if condition.not_before is None else mark_of(verdict.not_before)),
        window=_window_view(condition, verdict.window, whom),
        dwell=_dwell_view(condition, verdict.truth),
        edge=_edge_view(condition, verdict.truth),
        hours_why_not=words.no_time_zone(whom.name) if TIME_ZONE not in whom.offered else "",
    )


def _window_view(condition: Condition, truth: Truth, whom: Recipient) -> TimeView:
    zone = zone_named(str(whom.values.get(TIME_ZONE, "")))
    if zone is None:
        shared = TIME_ZONE in whom.offered
        text = words.zone_not_known() if shared else words.ZONE_NOT_SHARED
    else:
        text = words.clock_there(moment(whom.now_ms, zone), whom.name)
    return TimeView(None, text) if condition.window is None else TimeView(mark_of(truth), text)


def _dwell_view(condition: Condition, truth: Truth) -> TimeView:
    if not condition.dwell:
        return TimeView()
    if truth is None:
        return TimeView(Mark.UNKNOWN)
    counting = truth is True and looked(accepted(condition), truth, 0).since is not None
    return TimeView(Mark.FALSE, words.COUNTS_FROM_SENDING if counting else "")


def _edge_view(condition: Condition, truth: Truth) -> TimeView:
    """It has to be false once; `accepted` and `looked` know whether sending it now would see that."""
    if not condition.edge:
        return TimeView(text=words.EDGE_OFF_TRUE if truth is True else "")
    if truth is None:
        return TimeView(Mark.UNKNOWN, words.EDGE_UNKNOWN)
    armed = looked(accepted(condition), truth, 0).armed
    return TimeView(mark_of(armed), words.EDGE_ARMED if armed else words.EDGE_WAITS)


def _morning(now: datetime, days: int) -> int:
    day = now + timedelta(days=days)
    return round(day.replace(hour=_MORNING_HOUR, minute=0, second=0, microsecond=0).timestamp() * 1000)


def set_parts(times: Times) -> Iterator[str]:
    """The names of the parts that are chosen, for the head of the folded section."""
    chosen = (
        (times.not_before is not None, words.NOT_BEFORE),
        (times.window is not None, words.ONLY_BETWEEN),
        (times.dwell > 0, words.STAYS_SO),
    )
    return (name for is_set, name in chosen if is_set)

"""The engine's clock never goes back, says when it was put forward, and can be driven."""

import logging
import threading

import pytest

from tact_engine.clock import JUMP_MS, DrivenClock, SystemClock
from tact_engine.core.facts import Moment


@pytest.fixture
def times(monkeypatch):
    """The readings of the computer's two clocks, in nanoseconds."""
    readings = {"wall": 0, "ticks": 0}
    monkeypatch.setattr("tact_engine.clock.time.time_ns", lambda: readings["wall"])
    monkeypatch.setattr("tact_engine.clock.time.monotonic_ns", lambda: readings["ticks"])
    return readings


def test_both_clocks_are_told_in_milliseconds(times):
    times.update(wall=1_700_000_000_123_999_999, ticks=5_999_999)
    moment = SystemClock().moment()
    assert (moment.utc_ms, moment.ticks_ms) == (1_700_000_000_123, 5)


@pytest.mark.rule("T3")
def test_a_wall_clock_that_is_set_back_stands_still_until_it_has_caught_up(times):
    clock = SystemClock()
    told = []
    for wall in (1_000, 5_000, 2_000, 4_999, 5_000, 5_001):
        times.update(wall=wall * 1_000_000, ticks=times["ticks"] + 1_000_000)
        told.append(clock.moment())
    assert [moment.utc_ms for moment in told] == [1_000, 5_000, 5_000, 5_000, 5_000, 5_001]
    assert [moment.ticks_ms for moment in told] == [1, 2, 3, 4, 5, 6]


class Readings:
    """A computer whose two clocks stand where a test puts them, in milliseconds."""

    def __init__(self, utc_ms: int = 1_000_000_000, ticks_ms: int = 0):
        self.utc_ms, self.ticks_ms = utc_ms, ticks_ms

    def __call__(self) -> Moment:
        return Moment(self.utc_ms, self.ticks_ms)


def warnings(caplog) -> list[tuple[str, int]]:
    return [(record.getMessage(), record.__dict__["seconds"]) for record in caplog.records]


# --- put forward and put back


@pytest.mark.rule("T4")
def test_a_jump_forward_is_logged_once_and_counts(caplog):
    computer = Readings()
    clock = SystemClock(computer)
    before = clock.moment()
    computer.utc_ms += JUMP_MS + 2_000
    computer.ticks_ms += 1_000
    assert clock.moment() == Moment(before.utc_ms + JUMP_MS + 2_000, 1_000)
    clock.moment()
    assert warnings(caplog) == [("the computer's clock went forward", JUMP_MS // 1000 + 1)]


@pytest.mark.rule("T4")
def test_time_that_only_passed_is_no_jump(caplog):
    caplog.set_level(logging.DEBUG)
    computer = Readings()
    clock = SystemClock(computer)
    for step in (0, 3_600_000, 86_400_000):
        computer.utc_ms += step + JUMP_MS  # this much is within what clocks do
        computer.ticks_ms += step
        clock.moment()
    assert caplog.records == []


@pytest.mark.rule("T3")
def test_a_jump_back_is_none_forward_when_it_is_undone_within_the_limit(caplog):
    computer = Readings()
    clock = SystemClock(computer)
    latest = clock.moment().utc_ms
    computer.utc_ms -= JUMP_MS
    assert clock.moment().utc_ms == latest
    computer.utc_ms += JUMP_MS
    assert clock.moment().utc_ms == latest
    assert warnings(caplog) == []


@pytest.mark.rule("T3")
def test_it_never_tells_a_time_before_one_that_is_known_to_have_passed(caplog):
    computer = Readings()
    clock = SystemClock(computer)
    now = clock.moment().utc_ms
    clock.not_before(now + 60_000)
    assert clock.moment().utc_ms == now + 60_000
    clock.not_before(now)
    assert clock.moment().utc_ms == now + 60_000, "an earlier floor takes nothing back"
    computer.utc_ms += 60_001
    assert clock.moment().utc_ms == now + 60_001
    assert warnings(caplog) == []


@pytest.mark.rule("T3", "T4")
def test_a_computer_that_is_far_behind_its_own_past_is_told(caplog):
    clock = SystemClock(Readings())
    now = clock.moment().utc_ms
    clock.not_before(now + JUMP_MS + 1)
    assert warnings(caplog) == [("the computer's clock is behind", JUMP_MS // 1000)]


@pytest.mark.rule("T3")
def test_before_the_first_reading_there_is_nothing_to_be_behind_of(caplog):
    clock = SystemClock(Readings())
    clock.not_before(2_000_000_000)
    assert clock.moment().utc_ms == 2_000_000_000
    assert warnings(caplog) == []


@pytest.mark.rule("T3")
def test_of_two_threads_that_ask_at_once_one_waits():
    """The store and the loop both ask; between reading and remembering, nobody else may."""
    inside: list[str] = []
    seen: list[list[str]] = []

    def read() -> Moment:
        seen.append(list(inside))
        inside.append(threading.current_thread().name)
        if len(seen) == 1:
            other.start()
            other.join(0.1)  # where nothing makes it wait it is done long before
        inside.pop()
        return Moment(1, 1)

    clock = SystemClock(read)
    other = threading.Thread(target=clock.moment)
    clock.moment()
    other.join()
    assert seen == [[], []]


# --- driven


@pytest.mark.rule("T7")
def test_a_driven_clock_lets_time_pass_at_once_for_both_kinds_of_time():
    computer = Readings()
    clock = DrivenClock(computer)
    before = clock.moment()
    clock.advance(3600)
    clock.advance(0.5)
    assert clock.moment() == Moment(before.utc_ms + 3_600_500, before.ticks_ms + 3_600_500)
    computer.utc_ms += 5
    computer.ticks_ms += 5
    assert clock.moment() == Moment(before.utc_ms + 3_600_505, before.ticks_ms + 3_600_505)


@pytest.mark.rule("T7", "T4")
def test_to_drive_a_clock_is_no_jump_of_the_computers(caplog):
    clock = DrivenClock(Readings())
    clock.moment()
    clock.advance(86_400)
    clock.moment()
    assert warnings(caplog) == []


@pytest.mark.rule("T3", "T7")
def test_what_has_passed_counts_with_what_was_added():
    clock = DrivenClock(Readings(utc_ms=1_000))
    clock.advance(10)
    clock.not_before(11_500)
    assert clock.moment().utc_ms == 11_500
    clock.not_before(5_000)
    assert clock.moment().utc_ms == 11_500


@pytest.mark.rule("T3", "T4", "T7")
def test_a_clock_that_is_set_forward_is_logged_and_one_that_is_set_back_stands_still(caplog):
    computer = Readings()
    clock = DrivenClock(computer)
    before = clock.moment()
    clock.jump(3600)
    assert clock.moment() == Moment(before.utc_ms + 3_600_000, before.ticks_ms)
    assert len(warnings(caplog)) == 1
    clock.jump(-7200)
    computer.ticks_ms += 5
    assert clock.moment() == Moment(before.utc_ms + 3_600_000, before.ticks_ms + 5)

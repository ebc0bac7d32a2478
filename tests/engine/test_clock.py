"""The engine's clock never goes back."""

import pytest

from tact_engine.clock import SystemClock


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


def test_a_wall_clock_that_is_set_back_stands_still_until_it_has_caught_up(times):
    clock = SystemClock()
    told = []
    for wall in (1_000, 5_000, 2_000, 4_999, 5_000, 5_001):
        times.update(wall=wall * 1_000_000, ticks=times["ticks"] + 1_000_000)
        told.append(clock.moment())
    assert [moment.utc_ms for moment in told] == [1_000, 5_000, 5_000, 5_000, 5_000, 5_001]
    assert [moment.ticks_ms for moment in told] == [1, 2, 3, 4, 5, 6]

"""That nobody is at the computer is told, and never kept as something that a person chose."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from tact_desktop.flows.idle_flow import IdleFlow
from tact_desktop.idle.watch import IdleWatch
from tests.support.paper_seat import PaperSeat, paper_seat


@pytest.fixture
def seat(qtbot, tmp_path: Path) -> Iterator[PaperSeat]:
    with paper_seat(tmp_path) as seat:
        seat.meet("mary")
        yield seat


@pytest.mark.rule("P24")
def test_resting_and_coming_back_are_told_and_nothing_else_changes(seat):
    seat.desk.set_presence({"UserAvailability": "AVAILABLE"})
    chosen = seat.desk.own_presence()
    watch = IdleWatch(lambda: None)
    IdleFlow(seat.bridge, watch, watch)
    seat.bridge.asked.clear()
    watch.idle.emit(300)
    watch.idle.emit(None)
    assert seat.bridge.asked == [("set_presence", {"Idle": 300}), ("set_presence", {"Idle": None})]
    assert seat.desk.own_presence() == chosen


def test_nobody_looks_before_the_start_and_after_the_stop(seat):
    looks: list[int] = []

    def seconds() -> int:
        looks.append(400)
        return looks[-1]

    watch = IdleWatch(seconds)
    flow = IdleFlow(seat.bridge, watch, watch)
    assert looks == []
    flow.start()
    assert seat.bridge.intents("set_presence") == [({"Idle": 400},)]
    flow.stop()
    assert len(looks) == 1

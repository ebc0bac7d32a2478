"""The list of what waits follows the desk."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from tact_desktop.state.draft import Draft, Preset
from tact_engine.core.envelope import State
from tests.support.by_role import Role, names, press
from tests.support.paper_seat import PaperSeat, paper_seat, person

TEXT, BUTTON = Role.StaticText, Role.Button
DAY_MS = 24 * 3600 * 1000


@pytest.fixture
def seat(qtbot, tmp_path: Path) -> Iterator[PaperSeat]:
    """Tom, who has a message waiting for Mary."""
    with paper_seat(tmp_path) as seat:
        seat.meet("mary", "john")
        seat.window.resize(1240, 760)
        seat.window.show()
        yield seat


def held(seat: PaperSeat, text: str = "The roadmap", to: str = "mary") -> str:
    id = seat.desk.send(to, Draft(text, Preset.AVAILABLE)).id
    seat.bridge.settled.emit(id, (seat.receipt(id, State.HELD, to=to),))
    return id


def shown(seat: PaperSeat) -> list[str]:
    return names(seat.window.waiting, TEXT)


def test_nothing_waits(seat):
    assert {"Waiting", "Nothing is waiting"} <= {*shown(seat)}


def test_a_card_says_whom_it_is_for_what_for_and_how_long_still(seat):
    held(seat)
    assert {"Waiting (1)", "Mary", "The roadmap"} <= {*shown(seat)}
    assert any("6 d 23 h" in text or "7 d" in text or "1 week" in text for text in shown(seat))
    seat.clock.ms += 6 * DAY_MS + 23 * 3600 * 1000
    seat.window.refresh()
    assert any("1 h" in text or "60 min" in text for text in shown(seat))


def test_the_marks_follow_the_other(seat):
    held(seat)
    before = shown(seat)
    seat.bridge.people.emit((person("mary", 2, UserAvailability="NOT_AVAILABLE"),))
    assert shown(seat) != before


def test_what_did_not_arrive_says_why_and_goes_again(seat):
    id = held(seat)
    seat.tell(id, State.EXPIRED, after_ms=1000)
    assert "Not delivered (1)" in shown(seat)
    assert any("Its time ran out" in text for text in shown(seat))
    press(seat.window.waiting, BUTTON, "Send again")
    assert "Waiting (1)" in shown(seat)
    assert not any("Not delivered" in text for text in shown(seat))


def test_what_arrived_today_is_counted_until_the_day_is_over(seat):
    id = held(seat)
    seat.clock.ms += 1000
    seat.tell(id, State.RELEASED, after_ms=1000)
    seat.tell(id, State.DELIVERED, after_ms=1001)
    assert "Delivered today: 1" in shown(seat)
    seat.clock.ms += DAY_MS
    seat.window.refresh()
    assert "Delivered today: 0" in shown(seat)


def test_it_says_that_the_engine_is_away_and_what_is_kept(seat):
    seat.lose()
    assert any("“Office” cannot be reached" in text for text in shown(seat))
    seat.desk.send("mary", Draft("Later"))
    assert any("1 message is kept" in text for text in shown(seat))
    seat.meet("mary")
    assert not any("cannot be reached" in text for text in shown(seat))


def test_a_card_opens_its_conversation(seat):
    held(seat, to="john")
    seat.window.waiting.open_conversation.emit(seat.desk.waiting()[0].id)
    assert seat.window.flow.handle == "john"
    seat.window.waiting.open_conversation.emit("unknown")
    assert seat.window.flow.handle == "john"

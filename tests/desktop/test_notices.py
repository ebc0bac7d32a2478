"""When a notification is wanted: once for what came together, and never louder than a person asked for."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from PySide6.QtCore import QTimer

from tact_desktop.notices import PATIENCE_MS, Notices
from tact_desktop.state.draft import Preset
from tact_desktop.state.entry import Stage
from tact_engine.core.envelope import State
from tact_engine.core.members import JoinRequest
from tact_engine.core.privacy import Privacy
from tests.support.heard import heard
from tests.support.office import Seat, office_at
from tests.support.office import shared_engine as shared_engine
from tests.support.paper_seat import PaperSeat, paper_seat, person
from tests.support.qt_loop import on_qt, until

pytestmark = pytest.mark.qt_log_ignore("This plugin does not support raise")
ARRIVED = (Stage.DELIVERED, Stage.READ)
NOT_AVAILABLE, AVAILABLE = {"UserAvailability": "NOT_AVAILABLE"}, {"UserAvailability": "AVAILABLE"}


class Told:
    """What would have been shown by the desktop."""

    def __init__(self, seat: Seat) -> None:
        self._notices = Notices(seat.desk, seat.window)
        self.notices = heard(self._notices.wanted)


async def sent(by: Seat, to: Seat, *texts: str) -> None:
    """Messages that have arrived."""
    for text in texts:
        await by.stands(by.write(to, text), *ARRIVED)


async def is_(seat: Seat, by: Seat, value: str) -> None:
    """`seat` is so, and both know."""
    seat.desk.set_presence({"UserAvailability": value})
    for one in (seat, by):
        await until(lambda one=one: one.desk.presence_of(seat.handle).value("UserAvailability") == value)


@on_qt
async def test_what_comes_is_told_with_who_and_the_first_line(tmp_path, shared_engine):
    async with office_at(tmp_path, shared_engine) as office:
        tom, mary = await office.people("Tom", "Mary")
        told = Told(mary)
        await sent(tom, mary, "Coffee?\nI am in the kitchen.")
        assert told.notices == [(tom.name, "Coffee?", tom.handle)]


@pytest.mark.rule("O8")
@on_qt
async def test_what_came_together_is_one_notice_for_all_authors(tmp_path, shared_engine):
    async with office_at(tmp_path, shared_engine) as office:
        tom, mary, john = await office.people("Tom", "Mary", "John")
        told = Told(mary)
        await is_(mary, tom, "NOT_AVAILABLE")
        await until(lambda: john.desk.presence_of(mary.handle).value("UserAvailability") == "NOT_AVAILABLE")
        ids: list[tuple[Seat, str]] = []
        for seat, text in ((tom, "One"), (john, "Between"), (tom, "Two")):
            ids.append((seat, seat.write(mary, text, Preset.AVAILABLE)))
            await seat.stands(ids[-1][1], Stage.HELD)
        mary.desk.set_presence(AVAILABLE)
        for seat, id in ids:
            await seat.stands(id, *ARRIVED)
        assert told.notices == [(f"3 messages from {tom.name} and {john.name}", "", "")]


@pytest.mark.rule("N6")
@on_qt
async def test_who_is_always_to_be_heard_is(tmp_path, shared_engine):
    async with office_at(tmp_path, shared_engine) as office:
        tom, mary, john = await office.people("Tom", "Mary", "John")
        told = Told(mary)
        await is_(mary, tom, "NOT_AVAILABLE")
        mary.desk.set_privacy(Privacy(vips=(tom.handle,)))
        await until(lambda: mary.desk.privacy.vips)
        await sent(john, mary, "Psst")
        await sent(tom, mary, "It burns")
        assert told.notices == [(tom.name, "It burns", tom.handle)]


@pytest.mark.rule("R1", "R2", "R3")
@on_qt
async def test_who_asked_to_be_told_is_told_once_and_nobody_else(tmp_path, shared_engine):
    async with office_at(tmp_path, shared_engine) as office:
        tom, mary = await office.people("Tom", "Mary")
        told, hers = Told(tom), Told(mary)
        await is_(mary, tom, "NOT_AVAILABLE")
        tom.window.people.tell_me_requested.emit(mary.handle)
        (alert,) = tom.desk.waiting()
        await tom.stands(alert.id, Stage.HELD)
        for value in ("AVAILABLE", "NOT_AVAILABLE", "AVAILABLE"):
            await is_(mary, tom, value)
        await tom.stands(alert.id, Stage.DELIVERED)
        assert told.notices == [(f"{mary.name} is Available", "", mary.handle)]
        assert hers.notices == []


@pytest.mark.rule("N5")
@pytest.mark.parametrize("value", ["DISCREET", "NOT_AVAILABLE"])
@on_qt
async def test_who_does_not_want_to_be_disturbed_is_not(tmp_path, shared_engine, value):
    async with office_at(tmp_path, shared_engine) as office:
        tom, mary = await office.people("Tom", "Mary")
        told = Told(mary)
        await is_(mary, tom, value)
        await sent(tom, mary, "Psst")
        assert told.notices == []
        assert mary.desk.people[tom.handle].unread == 1, "it is there all the same"


@on_qt
async def test_what_is_in_front_needs_no_notice_and_what_is_not_does(tmp_path, shared_engine):
    async with office_at(tmp_path, shared_engine) as office:
        tom, mary, john = await office.people("Tom", "Mary", "John")
        told = Told(mary)
        window = await mary.show()
        window.flow.open(tom.handle)
        await sent(tom, mary, "You see me")
        assert told.notices == []
        await sent(john, mary, "You do not")
        assert [handle for _, _, handle in told.notices] == [john.handle]
        await tom.show()
        await until(lambda: not window.isActiveWindow())
        await sent(tom, mary, "You look elsewhere")
        assert [handle for _, _, handle in told.notices] == [john.handle, tom.handle]


# --- a batch in parts, with no engine to make one ------------------------------------------------------------


@pytest.fixture
def seat(qtbot, tmp_path: Path) -> Iterator[PaperSeat]:
    """Tom, whose window nobody looks at."""
    with paper_seat(tmp_path) as seat:
        seat.meet("mary", "john")
        yield seat


class Parts(Told):
    """What would have been shown, and the timer that waits for the rest."""

    def __init__(self, seat: PaperSeat) -> None:
        self.patience = QTimer()
        self._notices = Notices(seat.desk, seat.window, self.patience)
        self.notices = heard(self._notices.wanted)


@pytest.mark.rule("O8")
def test_one_batch_in_several_parts_is_one_notice(seat):
    told = Parts(seat)
    seat.receive("One", delayed=True, more=True)
    seat.receive("Two", delayed=True, more=True)
    assert told.notices == []
    seat.receive("Three", delayed=True)
    assert told.notices == [("3 messages from Mary, written while you were away", "Three", "mary")]
    assert not told.patience.isActive()


@pytest.mark.rule("O8")
def test_the_rest_of_a_batch_is_not_waited_for_for_ever(seat):
    told = Parts(seat)
    seat.receive("One", more=True)
    assert (told.patience.isActive(), told.patience.interval()) == (True, PATIENCE_MS)
    told.patience.timeout.emit()
    seat.receive("Two")
    assert [title for title, _, _ in told.notices] == ["Mary", "Mary"]


def test_a_lost_link_brings_no_rest(seat):
    told = Parts(seat)
    seat.receive("One", more=True)
    seat.lose()
    assert told.notices == [("Mary", "One", "mary")]
    assert not told.patience.isActive()


@pytest.mark.rule("N5", "N6")
@pytest.mark.parametrize(("vips", "heard_of"), [((), []), (("john",), [("John", "Psst", "john")])])
def test_of_a_batch_only_what_may_be_loud_is_told(seat, vips, heard_of):
    told = Parts(seat)
    seat.bridge.people.emit((person("tom", 2, UserAvailability="DISCREET"),))
    seat.bridge.privacy.emit(Privacy(vips=vips))
    seat.receive("Hello", by="mary", more=True)
    seat.receive("Psst", by="john")
    assert told.notices == heard_of


@pytest.mark.rule("S1")
def test_a_notice_of_a_message_never_says_why_it_came(seat):
    told = Parts(seat)
    seat.receive("Now", delayed=True)
    assert "vailable" not in " ".join(told.notices[0])


@pytest.mark.rule("N5", "R3")
def test_an_alert_is_as_quiet_as_one_wants_to_be(seat):
    told = Parts(seat)
    seat.bridge.people.emit((person("tom", 2, UserAvailability="NOT_AVAILABLE"),))
    seat.window.people.tell_me_requested.emit("mary")
    (alert,) = seat.desk.waiting()
    seat.tell(alert.id, State.DELIVERED)
    assert told.notices == []


def test_somebody_who_is_not_known_goes_by_the_handle(seat):
    told = Parts(seat)
    seat.receive("Hello", by="nobody.here")
    assert told.notices == [("nobody.here", "Hello", "nobody.here")]


EVE = JoinRequest("eve", "x1", 0, "Eve Adams")
BEN = JoinRequest("ben", "x2", 0)


def test_who_asks_to_join_is_told_once(qtbot, tmp_path: Path):
    with paper_seat(tmp_path) as seat:
        seat.meet("mary")
        told = Told(seat)
        seat.bridge.members.requests.emit((EVE,))
        said = "Open Members and devices to let them in or not."
        assert told.notices == [("Eve Adams (eve) asks to join.", said, "")]
        seat.lose()
        seat.meet("mary")
        seat.bridge.members.requests.emit((EVE, BEN))
        assert told.notices[1:] == [("ben asks to join.", said, "")]
        seat.bridge.members.requests.emit((BEN,))
        seat.bridge.members.requests.emit((BEN, EVE))
        assert told.notices[2:] == [("Eve Adams (eve) asks to join.", said, "")], "she asks again"


def test_a_host_who_is_not_available_is_not_disturbed_by_who_asks(qtbot, tmp_path: Path):
    with paper_seat(tmp_path) as seat:
        seat.meet("mary")
        told = Told(seat)
        seat.bridge.people.emit((person("tom", 2, UserAvailability="NOT_AVAILABLE"),))
        seat.bridge.members.requests.emit((EVE,))
        assert told.notices == []

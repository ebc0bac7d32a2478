"""When a notification is wanted: once for what came together, and never louder than a person asked for."""

import pytest

from tact_desktop.notices import Notices
from tact_desktop.state.draft import Preset
from tact_desktop.state.entry import Stage
from tests.support.heard import heard
from tests.support.office import Seat, office_at
from tests.support.office import shared_engine as shared_engine
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


@on_qt
async def test_what_came_together_is_one_notice_for_each_author(tmp_path, shared_engine):
    async with office_at(tmp_path, shared_engine) as office:
        tom, mary, john = await office.people("Tom", "Mary", "John")
        told = Told(mary)
        await is_(mary, tom, "NOT_AVAILABLE")
        await until(lambda: john.desk.presence_of(mary.handle).value("UserAvailability") == "NOT_AVAILABLE")
        ids = [
            (seat, seat.write(mary, text, Preset.AVAILABLE))
            for seat, text in ((tom, "One"), (john, "Between"), (tom, "Two"))
        ]
        for seat, id in ids:
            await seat.stands(id, Stage.HELD)
        mary.desk.set_presence(AVAILABLE)
        for seat, id in ids:
            await seat.stands(id, *ARRIVED)
        assert sorted(told.notices) == sorted(
            [
                (f"2 messages from {tom.name}, written while you were away", "Two", tom.handle),
                (f"A message from {john.name}, written while you were away", "Between", john.handle),
            ]
        )


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

"""One person at two computers: what they say of themselves at one shows at the other, and is never taken back by it."""

import pytest

from tests.support.heard import heard
from tests.support.office import Office, Seat, office_at
from tests.support.office import own_engine as own_engine
from tests.support.office import shared_engine as shared_engine
from tests.support.qt_loop import on_qt, until

MOOD = "UserMood"
NAMES = (MOOD, "Activity", "StatusText")


async def seated(office: Office) -> tuple[Seat, Seat, Seat]:
    """Tom at both of his computers, and Mary."""
    here, mary = await office.people("Tom", "Mary")
    there = await office.elsewhere(here).connect()
    await there.sees(mary)
    return here, there, mary


def said(seat: Seat) -> dict[str, object]:
    """What this computer remembers of its person."""
    return {name: seat.desk.own_presence().get(name) for name in NAMES}


async def again(seat: Seat) -> None:
    """Lose the link, and find it."""
    seat.bridge.lose_link()
    await until(lambda: not seat.desk.link.up)
    seat.bridge.find_link()
    await until(lambda: seat.desk.link.up)


@pytest.mark.rule("P13", "P19", "P25", "P26")
@on_qt
async def test_what_is_said_at_one_shows_at_the_other_and_outlasts_their_links(tmp_path, shared_engine):
    async with office_at(tmp_path, shared_engine) as office:
        here, there, mary = await seated(office)
        end_ms = here.clock.ms + 3_600_000
        here.desk.set_presence({MOOD: "SAD", "StatusText": "in the lab"}, {MOOD: end_ms})
        await until(lambda: said(there)[MOOD] == "SAD")
        there.desk.set_presence({"Activity": "LUNCH"})
        await until(lambda: said(here)["Activity"] == "LUNCH")
        wanted = {MOOD: "SAD", "StatusText": "in the lab", "Activity": "LUNCH"}
        await until(lambda: mary.desk.presence_of(here.handle).value("Activity") == "LUNCH")
        seen = heard(mary.bridge.people)
        for seat in (here, there, here):
            await again(seat)
        await here.leave()
        here.open()
        assert (said(here), here.desk.own_ends()) == (wanted, {MOOD: end_ms})
        await here.connect()
        there.desk.set_presence({"StatusText": "done"})
        await until(lambda: mary.desk.presence_of(here.handle).value("StatusText") == "done")
        versions = [each for (people,) in seen for each in people if each.handle == here.handle]
        assert {
            (each.value(MOOD), each.readings[MOOD].until, each.value("Activity")) for each in versions
        } == {("SAD", end_ms, "LUNCH")}
        assert all(each.online for each in versions), "one of them was always there"
        for seat in (here, there):
            await until(lambda seat=seat: said(seat)["StatusText"] == "done")
            assert seat.desk.own_ends() == {MOOD: end_ms}


@pytest.mark.rule("P28", "P26")
@on_qt
async def test_after_a_restart_of_the_engine_both_say_what_was_said_last(tmp_path, own_engine):
    async with office_at(tmp_path, own_engine) as office:
        here, there, mary = await seated(office)
        here.desk.set_presence({MOOD: "ANGRY"})
        await until(lambda: said(there)[MOOD] == "ANGRY")
        there.desk.set_presence({MOOD: "HAPPY"})
        await until(lambda: said(here)[MOOD] == "HAPPY")
        seen = heard(mary.bridge.people)
        own_engine.kill()
        await until(lambda: not any(seat.desk.link.up for seat in (here, there, mary)))
        own_engine.start()
        await until(lambda: all(seat.desk.link.up for seat in (here, there, mary)))
        await mary.sees(here)
        assert {each.value(MOOD) for (people,) in seen for each in people if each.handle == here.handle} == {
            "HAPPY"
        }
        assert said(here)[MOOD] == said(there)[MOOD] == "HAPPY"

"""What time does, in a real engine whose clock is driven: nobody waits for it."""

from datetime import UTC, datetime, timedelta

import pytest
from msgspec.structs import replace

from tact_engine.client import (
    Audience,
    Client,
    Condition,
    Connected,
    Disconnected,
    Privacy,
    Receipts,
    Rule,
    State,
    Window,
    one_group,
)
from tests.support.bare_link import bare_link, let_pass, new_key, submission
from tests.support.engine_process import EngineProcess, engine_running
from tests.support.watcher import watched

HOUR = 3600
HAPPY = one_group(("UserMood", "eq", "HAPPY"))
BUSY = {"UserAvailability": "NOT_AVAILABLE"}


@pytest.fixture(scope="module")
def engine(tmp_path_factory):
    """An engine for all tests of this module, whose clock they drive."""
    with engine_running(tmp_path_factory.mktemp("engine"), "--driven-clock") as running:
        yield running


# --- the end of a validity


@pytest.mark.rule("C5", "M10", "N1", "T7")
async def test_what_has_waited_its_time_out_expires(engine, name):
    tom, mary = name("tom"), name("mary")
    async with watched(Client(mary, engine.address)) as here, watched(Client(tom, engine.address)) as there:
        (receipt,) = await there.client.submit(mary, "too long", when=HAPPY, valid_for=HOUR)
        await let_pass(engine, HOUR)
        told = await there.until_told(receipt.id, State.EXPIRED)
        assert (told.since >= receipt.expires_at, told.second) == (True, False)
        await here.client.set_presence({"UserMood": "HAPPY"})
        await there.client.submit(mary, "last", id=f"{tom}-2")
        await here.until_delivered(f"{tom}-2")
        assert here.bodies() == ["last"]


@pytest.mark.rule("M12", "M25")
async def test_a_second_life_goes_without_its_condition_and_says_so(engine, name):
    tom, mary = name("tom"), name("mary")
    async with Client(mary, engine.address):
        pass
    async with watched(Client(tom, engine.address)) as there:
        (receipt,) = await there.client.submit(
            mary, "in any case", when=HAPPY, valid_for=HOUR, otherwise="deliver"
        )
        await let_pass(engine, HOUR)
        told = await there.until_told(receipt.id, State.HELD)
        assert (told.second, told.revision) == (True, 2)
        assert told.expires_at >= receipt.expires_at + HOUR * 1000
        async with watched(Client(mary, engine.address)) as here:
            delivery = await here.until_delivered(receipt.id)
            assert (delivery.revision, delivery.delayed) == (2, True)
            arrived = await there.until_told(receipt.id, State.DELIVERED)
        assert (arrived.revision, arrived.second) == (2, True)


@pytest.mark.rule("M12")
async def test_a_second_life_ends_as_well(engine, name):
    tom, mary = name("tom"), name("mary")
    async with Client(mary, engine.address):
        pass
    async with watched(Client(tom, engine.address)) as there:
        (receipt,) = await there.client.submit(mary, "never", valid_for=60, otherwise="deliver")
        await let_pass(engine, 60)
        await there.until_told(receipt.id, State.HELD)
        await let_pass(engine, 60)
        assert (await there.until_told(receipt.id, State.EXPIRED)).second


@pytest.mark.rule("M12", "I1")
async def test_a_second_life_survives_a_restart(tmp_path, name):
    engine = EngineProcess(tmp_path / "own", "--driven-clock").start()
    try:
        async with Client("mary", engine.address):
            pass
        async with watched(Client("tom", engine.address)) as there:
            (receipt,) = await there.client.submit(
                "mary", "still", when=HAPPY, valid_for=60, otherwise="deliver"
            )
            await let_pass(engine, 60)
            await there.until_told(receipt.id, State.HELD)
        engine.kill()
        engine.start()
        async with watched(Client("mary", engine.address)) as here:
            assert (await here.until_delivered(receipt.id)).revision == 2
    finally:
        engine.clean_up()


# --- conditions about time


@pytest.mark.rule("W20", "W24", "I4")
async def test_not_before_goes_by_itself(engine, name):
    tom, mary = name("tom"), name("mary")
    async with watched(Client(mary, engine.address)) as here, Client(tom, engine.address) as there:
        begin = there.engine_ms() + HOUR * 1000
        (receipt,) = await there.submit(mary, "later", when=Condition(not_before=begin))
        (standing,) = await there.explain(receipt.id)
        assert (standing.verdict.not_before, standing.verdict.truth) == (False, False)
        await let_pass(engine, HOUR)
        delivery = await here.until_delivered(receipt.id)
        assert delivery.released_at >= begin


@pytest.mark.rule("W21", "W23", "P12")
async def test_a_window_opens_by_the_recipients_own_clock(engine, name):
    tom, mary = name("tom"), name("mary")
    async with (
        watched(Client(mary, engine.address, presence={"TimeZone": "Asia/Tokyo"})) as here,
        watched(Client(tom, engine.address)) as there,
    ):
        await there.until_seen(mary, lambda presence: presence.online)
        tokyo = datetime.fromtimestamp(there.client.engine_ms() / 1000, UTC) + timedelta(hours=9)
        window = Window(f"{(tokyo + timedelta(hours=2)):%H}:00", f"{(tokyo + timedelta(hours=3)):%H}:00")
        condition = Condition(window=window)
        (receipt,) = await there.client.submit(mary, "office hours", when=condition)
        (standing,) = await there.client.explain(receipt.id)
        assert standing.verdict.window is False
        assert there.client.would_go(mary, condition) == standing.verdict
        await let_pass(engine, 2 * HOUR)
        await here.until_delivered(receipt.id)


@pytest.mark.rule("W16", "W17")
async def test_what_must_hold_for_a_time_goes_when_it_has(engine, name):
    tom, mary = name("tom"), name("mary")
    async with watched(Client(mary, engine.address)) as here, Client(tom, engine.address) as there:
        (receipt,) = await there.submit(mary, "calm", when=replace(HAPPY, dwell=600))
        await here.client.set_presence({"UserMood": "HAPPY"})
        (standing,) = await there.explain(receipt.id)
        assert standing.verdict.truth is True
        assert standing.dwell_left_ms is not None
        assert 590_000 < standing.dwell_left_ms <= 600_000
        await let_pass(engine, 300)
        await here.client.set_presence({"UserMood": "SAD"})
        (standing,) = await there.explain(receipt.id)
        assert standing.dwell_left_ms is None
        await here.client.set_presence({"UserMood": "HAPPY"})
        await let_pass(engine, 599)
        await there.submit(mary, "not yet", id=f"{tom}-2")
        await here.until_delivered(f"{tom}-2")
        await let_pass(engine, 1)
        await here.until_delivered(receipt.id)
        assert here.bodies() == ["not yet", "calm"]


@pytest.mark.rule("W5", "P10")
async def test_who_grows_idle_makes_it_true_by_that_alone(engine, name):
    tom, mary = name("tom"), name("mary")
    async with watched(Client(mary, engine.address)) as here, Client(tom, engine.address) as there:
        await here.client.set_privacy(Privacy({"Idle": Rule()}))
        (receipt,) = await there.submit(mary, "quiet now", when=one_group(("Idle", "ge", 600)))
        await here.client.set_presence({"Idle": 60})
        await let_pass(engine, 540)
        await here.until_delivered(receipt.id)


# --- presence that ends


@pytest.mark.rule("P19", "P20", "U4")
async def test_what_was_set_until_a_time_returns_to_what_was_before_and_what_waits_goes(engine, name):
    tom, mary = name("tom"), name("mary")
    async with (
        watched(Client(mary, engine.address, presence={"UserAvailability": "DISCREET"})) as here,
        watched(Client(tom, engine.address)) as there,
    ):
        until = here.client.engine_ms() + HOUR * 1000
        await here.client.set_presence(BUSY | {"Activity": "MEETING"}, until=until)
        seen = await there.until_seen(mary, lambda presence: presence.value("Activity") == "MEETING")
        assert seen.readings["Activity"].until == until
        own = await here.until_seen(mary, lambda presence: presence.value("Activity") == "MEETING")
        assert (own.readings["UserAvailability"].previous or own.readings["Activity"]).value == "DISCREET"
        assert seen.readings["UserAvailability"].previous is None
        condition = one_group(("UserAvailability", "eq", "DISCREET"))
        (receipt,) = await there.client.submit(mary, "afterwards", when=condition)
        await let_pass(engine, HOUR)
        await here.until_delivered(receipt.id)
        after = await there.until_seen(mary, lambda presence: presence.value("Activity") == "NONE")
        assert after.value("UserAvailability") == "DISCREET"
        await there.until_true(lambda: after in there.versions_of(mary))
        assert there.versions_of(mary)[-2:] == [seen, after]


@pytest.mark.rule("P19", "P23", "P13")
async def test_what_ended_while_one_was_away_is_not_said_again(engine, name):
    tom, mary = name("tom"), name("mary")
    async with (
        watched(Client(mary, engine.address, presence={"UserAvailability": "DISCREET"})) as here,
        watched(Client(tom, engine.address)) as there,
    ):
        await here.client.set_presence(BUSY, until=here.client.engine_ms() + HOUR * 1000)
        here.client.lose_link()
        await here.until(Disconnected)
        await let_pass(engine, HOUR)
        await there.until_seen(mary, lambda presence: presence.value("UserAvailability") == "DISCREET")
        condition = one_group(("UserAvailability", "eq", "NOT_AVAILABLE"))
        (receipt,) = await there.client.submit(mary, "never", when=condition)
        here.client.find_link()
        await here.until_true(lambda: sum(isinstance(each, Connected) for each in here.events) == 2)
        await here.client.set_presence({"StatusText": "back"})
        seen = await there.until_seen(mary, lambda presence: presence.value("StatusText") == "back")
        assert seen.value("UserAvailability") == "DISCREET"
        (standing,) = await there.client.explain(receipt.id)
        assert standing.verdict.truth is False


# --- editors, copies, quiet receipts


@pytest.mark.rule("M19", "M21")
async def test_an_editor_of_which_nothing_is_heard_holds_a_message_for_ten_minutes(engine, name):
    tom, mary = name("tom"), name("mary")
    async with (
        watched(Client(mary, engine.address, presence=BUSY)) as here,
        Client(tom, engine.address) as there,
    ):
        (receipt,) = await there.submit(mary, "draft", when="available")
        await there.pause(receipt.id)
        await here.client.set_presence({"UserAvailability": "AVAILABLE"})
        await let_pass(engine, 599)
        await there.pause(receipt.id)
        await let_pass(engine, 599)
        assert [each.paused for each in await there.explain(receipt.id)] == [True]
        await let_pass(engine, 1)
        await here.until_delivered(receipt.id)


@pytest.mark.rule("M14", "M22")
async def test_what_nobody_acknowledges_comes_again(engine, name):
    tom, mary, key = name("tom"), name("mary"), new_key()
    async with bare_link(engine.address) as here:
        await here.sign_in(mary, key)
        async with bare_link(engine.address) as there:
            await there.sign_in(tom)
            await there.ask(submission(mary, id=f"{tom}-1"))
        first = await here.hear("deliver")
        await let_pass(engine, 10)
        again = await here.hear("deliver")
        assert [each["deliveries"][0]["id"] for each in (first, again)] == [f"{tom}-1"] * 2
        assert again["batch"] > first["batch"]
        await here.acknowledge(again["deliveries"])


@pytest.mark.rule("S8", "S13")
async def test_the_truth_about_a_quiet_arrival_comes_with_the_end_of_the_validity(engine, name):
    tom, mary = name("tom"), name("mary")
    async with watched(Client(mary, engine.address)) as here, watched(Client(tom, engine.address)) as there:
        await here.client.set_privacy(Privacy({"OnlineStatus": Rule(Audience.NOBODY)}))
        (receipt,) = await there.client.submit(mary, "hello", valid_for=HOUR)
        await here.until_delivered(receipt.id)
        await let_pass(engine, HOUR - 1)
        await there.client.submit(mary, "hello", id=f"{tom}-2", valid_for=60)
        await here.until_delivered(f"{tom}-2")
        assert not any(isinstance(event, Receipts) for event in there.events)
        await let_pass(engine, 1)
        assert (await there.until_told(receipt.id, State.DELIVERED)).expires_at == receipt.expires_at


# --- the clock over a restart


@pytest.mark.rule("T3", "T7")
async def test_no_time_comes_back_with_a_restart(tmp_path):
    """The second process knows nothing of how far the first one was driven, but its store does."""
    engine = EngineProcess(tmp_path / "own", "--driven-clock").start()
    try:
        await let_pass(engine, 365 * 24 * HOUR)
        async with Client("mary", engine.address), Client("tom", engine.address) as tom:
            (before,) = await tom.submit("mary", "first")
        assert engine.stop() == 0
        engine.start()
        async with Client("tom", engine.address) as tom:
            assert tom.engine_ms() >= before.accepted_at
            (after,) = await tom.submit("mary", "second")
        assert after.accepted_at >= before.accepted_at
    finally:
        engine.clean_up()

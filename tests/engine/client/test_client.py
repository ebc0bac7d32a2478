"""The client against a real engine: what scripts and windows rely on."""

import asyncio
import re
import signal
import socket
from itertools import pairwise

import pytest

import tact_engine.client
from tact_engine.client import (
    Address,
    Client,
    Connected,
    Delivered,
    Disconnected,
    FoundEngine,
    LocalError,
    NoEngine,
    PeopleChanged,
    Privacy,
    PrivacyChanged,
    Receipts,
    Refused,
    State,
    UnknownEngine,
    new_id,
    one_group,
)
from tact_engine.client.client import RETRY_SECONDS_MAX
from tact_engine.net.certificate import identity_in
from tact_engine.wire.codec import encode
from tact_engine.wire.frames import PROTOCOL_VERSION, Hello, People, Welcome
from tests.support.engine_process import EngineProcess
from tests.support.other_servers import websocket_server
from tests.support.watcher import watched

BUSY = {"UserAvailability": "NOT_AVAILABLE"}
FREE = {"UserAvailability": "AVAILABLE"}
SECONDS_MAX = 20


@pytest.fixture
def own(tmp_path):
    """An engine for one test that may kill it."""
    engine = EngineProcess(tmp_path / "own", "--limit", "grace_ms=300").start()
    yield engine
    engine.clean_up()


@pytest.fixture(autouse=True)
def alone(monkeypatch):
    """Nobody else is found on the network."""
    monkeypatch.setattr("tact_engine.client.discovery.find", nobody_found)


@pytest.fixture
def quick(monkeypatch):
    """Retries come soon."""
    monkeypatch.setattr("tact_engine.client.client.RETRY_SECONDS_MIN", 0.01)
    monkeypatch.setattr("tact_engine.client.client.RETRY_SECONDS_MAX", 0.1)


# --- the promise of the first page -------------------------------------------------------------------------------


@pytest.mark.rule("U5")
async def test_the_script_of_the_first_page_works(engine, name, monkeypatch, capsys):
    monkeypatch.setattr("tact_engine.client.asking.new_id", lambda: "the-one")
    page = tact_engine.client.__doc__ or ""
    code = "\n".join(line[4:] for line in page.splitlines() if line.startswith("    "))
    bot, tom = name("build-bot"), name("tom")
    code = code.replace('"build-bot"', f'"{bot}", ADDRESS').replace('"tom"', f'"{tom}"')
    code = code.replace("asyncio.run(main())", "running = asyncio.ensure_future(main())")
    async with watched(Client(tom, engine.address, presence=BUSY)) as there:
        space: dict = {"ADDRESS": engine.address}
        exec(code, space)
        await there.until_seen(bot, lambda presence: presence.online)
        assert there.deliveries() == []
        await there.client.set_presence(FREE)
        delivery = await there.until_delivered("the-one")
        assert (delivery.body, delivery.sender) == (b"The build is green.", bot)
        await there.client.submit(bot, "well done", id="the-answer")
        await there.until_told("the-answer", State.DELIVERED)
        assert "Delivered(" in capsys.readouterr().out
        space["running"].cancel()
        await asyncio.gather(space["running"], return_exceptions=True)


# --- coming and going --------------------------------------------------------------------------------------------


async def test_a_wrong_pin_is_told_and_not_tried_again(engine, name):
    wrong = Address(engine.host, engine.port, "f" * 64)
    with pytest.raises(UnknownEngine, match="Another engine answered"):
        async with Client(name("tom"), wrong):
            pass
    async with watched(Client(name("tom"), wrong, wait=False)) as tom:
        gone = await tom.until(Disconnected)
        assert gone.retry_in is None
        assert "Another engine answered" in gone.reason


async def test_the_engine_last_used_is_used_again(engine, name):
    tom = name("tom")
    async with Client(tom, f"{engine.host}:{engine.port}"):
        pass
    async with Client(tom) as again:
        assert again.connected


async def test_another_engine_at_a_known_address_is_refused(name, own):
    tom, address = name("tom"), f"{own.host}:{own.port}"
    async with Client(tom, address):
        pass
    own.stop()
    (own.data / "engine.pem").unlink()
    own.start()
    with pytest.raises(UnknownEngine):
        async with Client(tom, address):
            pass


async def test_no_engine_is_a_sentence(name):
    with socket.create_server(("127.0.0.1", 0)) as free:
        place = f"127.0.0.1:{free.getsockname()[1]}"
    with pytest.raises(NoEngine, match=f"No engine is running at {re.escape(place)}"):
        async with Client(name("tom"), place):
            pass


async def test_no_engine_on_the_network_is_a_sentence(name):
    with pytest.raises(NoEngine, match=r"No engine is known on this computer yet. Join one by an invitation"):
        async with Client(name("tom")):
            pass


async def nobody_found(seconds: float, interface: str) -> tuple:
    return ()


async def test_another_server_is_a_sentence(name, tmp_path):
    async def talk(link):
        await link.send("welcome to the printer")
        await link.wait_closed()

    async with websocket_server(tmp_path, talk) as address:
        with pytest.raises(UnknownEngine, match="is not a Tact engine"):
            async with Client(name("tom"), address):
                pass


async def test_an_unreadable_frame_is_a_lost_link_and_the_client_comes_back(name, tmp_path, quick):
    served = []

    async def talk(link):
        await link.send(
            encode(Hello(PROTOCOL_VERSION, identity_in(tmp_path).engine, "Odd", b"c" * 32, True)).decode()
        )
        await link.recv()
        await link.send(encode(Welcome("tom", 1)).decode())
        served.append(link)
        await link.send('{"type": "fireworks"}' if len(served) == 1 else encode(People(())).decode())
        await link.wait_closed()

    async with websocket_server(tmp_path, talk) as address, watched(Client(name("tom"), address)) as tom:
        gone = await tom.until(Disconnected)
        assert gone.reason.startswith("The engine said something unreadable. ")
        assert gone.retry_in is not None
        await tom.until(PeopleChanged)
        assert [type(each) for each in tom.events] == [Connected, Disconnected, Connected, PeopleChanged]


async def test_a_taken_handle_is_told_and_not_tried_again(engine, name, tmp_path):
    tom = name("tom")
    async with Client(tom, engine.address):
        with pytest.raises(Refused, match=f"The name “{tom}” belongs to another device") as refused:
            async with Client(tom, engine.address, profile=tmp_path / "other"):
                pass
        assert refused.value.code == "handle_taken"
        async with watched(Client(tom, engine.address, profile=tmp_path / "other", wait=False)) as other:
            assert (await other.until(Disconnected)).code == "handle_taken"


async def test_events_come_in_their_order(engine, name):
    tom = name("tom")
    async with watched(Client(tom, engine.address)) as there:
        await there.until(PeopleChanged)
        first, second, third = there.events[:3]
        assert isinstance(first, Connected)
        assert (first.handle, first.engine, first.port) == (tom, engine.engine, engine.port)
        assert abs(first.skew_ms) < 60_000
        assert second == PrivacyChanged(Privacy())
        assert isinstance(third, PeopleChanged)
        assert tom in {presence.handle for presence in third.people}


async def test_a_client_comes_back_when_its_engine_does(name, own, quick):
    async with watched(Client(name("tom"), own.address)) as tom:
        await tom.until(PeopleChanged)
        own.kill()
        await tom.until_true(lambda: len(disconnections(tom)) >= 3)
        own.start()
        await tom.until_true(lambda: sum(isinstance(each, Connected) for each in tom.events) == 2)
        assert tom.client.connected or await tom.until_seen(tom.client.handle, bool)


async def test_pauses_between_tries_grow_to_their_limit(name, own, monkeypatch):
    pauses = []

    class Hurried:
        """asyncio, whose sleep takes no time."""

        def __getattr__(self, attribute):
            return getattr(asyncio, attribute)

        async def sleep(self, seconds):
            pauses.append(seconds)
            await asyncio.sleep(0)

    monkeypatch.setattr("tact_engine.client.client.asyncio", Hurried())
    monkeypatch.setattr("tact_engine.client.client.random.uniform", lambda low, high: 1.0)
    async with watched(Client(name("tom"), own.address)) as tom:
        own.kill()
        await tom.until_true(lambda: len(disconnections(tom)) >= 10)
        told = [each.retry_in or 0 for each in disconnections(tom)]
    assert told[:3] == [0.2, 0.4, 0.8]
    assert all(later == min(2 * pause, RETRY_SECONDS_MAX) for pause, later in pairwise(told))
    assert told[-1] == RETRY_SECONDS_MAX
    assert pauses[:9] == told[:9]


def disconnections(watcher):
    return [each for each in watcher.events if isinstance(each, Disconnected)]


@pytest.mark.rule("P15")
async def test_a_lost_link_is_seen_by_others_after_the_grace_and_comes_back(engine, name):
    tom, mary = name("tom"), name("mary")
    async with (
        watched(Client(tom, engine.address)) as there,
        watched(Client(mary, engine.address)) as here,
    ):
        await here.until_seen(tom, lambda presence: presence.online)
        there.client.lose_link()
        await there.until(Disconnected)
        assert not there.client.connected
        await here.until_seen(tom, lambda presence: not presence.online)
        there.client.find_link()
        await here.until_seen(tom, lambda presence: presence.online)
        await there.until_true(lambda: there.client.connected)


async def test_a_link_that_is_lost_stays_lost(engine, name, quick):
    async with watched(Client(name("tom"), engine.address)) as tom:
        tom.client.lose_link()
        await tom.until(Disconnected)
        asked = asyncio.create_task(tom.client.set_presence(BUSY))
        done, _ = await asyncio.wait({asked}, timeout=0.5)
        assert not done
        assert not tom.client.connected
        tom.client.find_link()
        async with asyncio.timeout(SECONDS_MAX):
            await asked


@pytest.mark.rule("P14")
async def test_leaving_is_seen_at_once(name, tmp_path):
    engine = EngineProcess(tmp_path / "own", "--limit", "grace_ms=600000").start()
    try:
        tom, mary = name("tom"), name("mary")
        async with watched(Client(mary, engine.address)) as here:
            async with Client(tom, engine.address):
                await here.until_seen(tom, lambda presence: presence.online)
            await here.until_seen(tom, lambda presence: not presence.online)
    finally:
        engine.clean_up()


async def test_who_signs_out_stays_away_until_they_come_back(engine, name, quick):
    tom, mary = name("tom"), name("mary")
    async with (
        watched(Client(tom, engine.address, presence=BUSY)) as there,
        watched(Client(mary, engine.address)) as here,
    ):
        await here.until_seen(tom, lambda presence: presence.online)
        await there.client.sign_out()
        gone = await there.until(Disconnected)
        assert (gone.retry_in, gone.code) == (None, "signed_out")
        seen = await here.until_seen(tom, lambda presence: not presence.online)
        there.client.sign_in()
        again = await here.until_seen(tom, lambda presence: presence.online)
        assert not seen.online
        assert again.value("UserAvailability") == "NOT_AVAILABLE"


async def test_what_was_read_last_is_acknowledged_before_signing_out(engine, name):
    tom, mary = name("tom"), name("mary")
    async with watched(Client(tom, engine.address)) as there:
        async with watched(Client(mary, engine.address, acknowledge=False)) as here:
            (receipt,) = await there.client.submit(mary, "hello")
            here.client.acknowledge([await here.until_delivered(receipt.id)])
        await there.until_told(receipt.id, State.DELIVERED)


async def test_a_client_can_be_led_to_another_engine(engine, name, own, quick):
    async with watched(Client(name("tom"), own.address)) as tom:
        own.stop()
        await tom.until(Disconnected)
        tom.client.move_to(engine.address)
        await tom.until(Connected, lambda event: event.engine == engine.engine)


async def test_where_one_was_last_is_nobody_the_network_is_asked(engine, name, monkeypatch):
    asked = []

    async def find(seconds, interface):
        asked.append(interface)
        return (FoundEngine("Other", "f" * 64, ("127.0.0.1",), 1, 2, "pc"), found)

    found = FoundEngine("Office", engine.engine, ("127.0.0.1",), engine.port, 2, "pc")
    monkeypatch.setattr("tact_engine.client.discovery.find", find)
    with socket.create_server(("127.0.0.1", 0)) as free:
        moved = Address("127.0.0.1", free.getsockname()[1], engine.engine)
    async with Client(name("tom"), moved, interface="127.0.0.1") as tom:
        assert tom.connected
    assert asked == ["127.0.0.1"]
    with pytest.raises(NoEngine, match="No engine is known on this computer yet"):
        async with Client(name("ann")):
            pass
    assert asked == ["127.0.0.1"], "whom nobody has named is not talked to"


# --- asking ------------------------------------------------------------------------------------------------------


@pytest.mark.rule("M4", "I5")
async def test_a_submit_in_flight_is_answered_after_a_restart_exactly_once(name, own, quick):
    tom, mary = name("tom"), name("mary")
    async with watched(Client(mary, own.address)) as here, Client(tom, own.address) as there:
        own.signal(signal.SIGSTOP)
        asked = asyncio.create_task(there.submit(mary, "are you there?", id="m1"))
        done, _ = await asyncio.wait({asked}, timeout=0.3)
        assert not done
        own.kill()
        own.start()
        async with asyncio.timeout(SECONDS_MAX):
            (receipt,) = await asked
        assert receipt.id == "m1"
        await here.until_delivered("m1")
        await there.submit(mary, "last", id="m2")
        await here.until_delivered("m2")
        assert here.bodies() == ["are you there?", "last"]


@pytest.mark.rule("M4", "I5")
async def test_a_retry_is_answered_with_how_the_message_stands(engine, name):
    tom, mary = name("tom"), name("mary")
    async with Client(mary, engine.address):
        pass
    id = new_id()
    async with watched(Client(tom, engine.address)) as there:
        (first,) = await there.client.submit(mary, "once", id=id)
        (second,) = await there.client.submit(mary, "once", id=id)
        assert first == second
        assert first.state is State.HELD
        async with watched(Client(mary, engine.address)) as here:
            await here.until_delivered(id)
            await there.until_told(id, State.DELIVERED)
            (third,) = await there.client.submit(mary, "once", id=id)
            assert third.state is State.DELIVERED
            await there.client.submit(mary, "last", id=f"{id}-last")
            await here.until_delivered(f"{id}-last")
            assert here.bodies() == ["once", "last"]


async def test_an_id_that_was_used_is_refused_for_another_text(engine, name):
    tom, mary = name("tom"), name("mary")
    async with Client(mary, engine.address):
        pass
    async with Client(tom, engine.address) as there:
        await there.submit(mary, "first", id=f"{tom}-1")
        with pytest.raises(Refused) as refused:
            await there.submit(mary, "second", id=f"{tom}-1")
        assert refused.value.code == "id_taken"


@pytest.mark.rule("M6", "M7", "M9")
async def test_a_waiting_message_can_be_changed_sent_and_withdrawn(engine, name):
    tom, mary = name("tom"), name("mary")
    async with (
        watched(Client(mary, engine.address, presence=BUSY)) as here,
        Client(tom, engine.address) as there,
    ):
        (first,) = await there.submit(mary, "draft", when="available", id=f"{tom}-1")
        assert (first.state, first.revision) == (State.HELD, 1)
        (changed,) = await there.edit(first.id, 1, text="final", valid_for=3600)
        assert (changed.state, changed.revision) == (State.HELD, 2)
        assert changed.expires_at < first.expires_at
        with pytest.raises(Refused, match=r"changed elsewhere \(revision 2\)"):
            await there.edit(first.id, 1, text="too late")
        await there.send_now(first.id)
        assert (await here.until_delivered(first.id)).body == b"final"
        (again,) = await there.send_now(first.id)
        assert again.state in (State.RELEASED, State.DELIVERED)
        assert again.revision == 3
        (second,) = await there.submit(mary, "never mind", when="available", id=f"{tom}-2")
        assert [receipt.state for receipt in await there.withdraw(second.id)] == [State.WITHDRAWN]
        assert [receipt.state for receipt in await there.withdraw(second.id)] == [State.WITHDRAWN]
        await here.client.set_presence(FREE)
        await there.submit(mary, "last", id=f"{tom}-3")
        await here.until_delivered(f"{tom}-3")
        assert here.bodies() == ["final", "last"]


@pytest.mark.rule("M15")
async def test_what_was_handed_over_cannot_be_taken_back(engine, name):
    tom, mary = name("tom"), name("mary")
    async with (
        watched(Client(mary, engine.address, acknowledge=False)) as here,
        watched(Client(tom, engine.address)) as there,
    ):
        await there.client.submit(mary, "gone", id=f"{tom}-1")
        await here.until_delivered(f"{tom}-1")
        for asked in (there.client.withdraw, there.client.send_now):
            with pytest.raises(Refused) as refused:
                await asked(f"{tom}-1")
            assert refused.value.code == "already_released"
        here.client.acknowledge(here.deliveries())
        await there.until_told(f"{tom}-1", State.DELIVERED)
        with pytest.raises(Refused) as refused:
            await there.client.edit(f"{tom}-1", 1, text="too late")
        assert refused.value.code == "already_ended"


@pytest.mark.parametrize(
    ("asked", "code"),
    [
        (lambda client: client.submit("nobody-at-all", "x"), "unknown_person"),
        (lambda client: client.submit(client.handle, "x"), "to_oneself"),
        (lambda client: client.submit([], "x"), "no_recipient"),
        (lambda client: client.submit("nobody-at-all", ""), "body_empty"),
        (lambda client: client.submit("nobody-at-all", "x" * 16385), "body_too_large"),
        (lambda client: client.submit("nobody-at-all", "x", valid_for=59), "validity_out_of_range"),
        (lambda client: client.submit("nobody-at-all", "x", id="x" * 65), "bad_id"),
        (
            lambda client: client.submit("x", "x", when=one_group(("OnlineStatus", "eq", False))),
            "condition_impossible",
        ),
        (lambda client: client.submit("x", "x", when=one_group(("Shoes", "eq", "RED"))), "condition_unknown"),
        (lambda client: client.withdraw("none"), "unknown_message"),
        (lambda client: client.send_now("none"), "unknown_message"),
        (lambda client: client.edit("none", 1, text="x"), "unknown_message"),
        (lambda client: client.set_presence({"UserMood": "GRUMPY"}), "bad_value"),
        (lambda client: client.set_presence({"OnlineStatus": True}), "not_yours_to_set"),
        (lambda client: client.set_presence({"Shoes": "RED"}), "unknown_attribute"),
    ],
)
async def test_refusals_are_raised(engine, name, asked, code):
    async with Client(name("tom"), engine.address) as tom:
        with pytest.raises(Refused) as refused:
            await asked(tom)
        assert refused.value.code == code
        await tom.set_presence(BUSY)


async def test_a_refused_presence_does_not_travel_with_the_next_sign_in(engine, name, quick):
    async with watched(Client(name("tom"), engine.address)) as tom:
        with pytest.raises(Refused):
            await tom.client.set_presence({"UserMood": "GRUMPY"})
        tom.client.lose_link()
        await tom.until(Disconnected)
        tom.client.find_link()
        await tom.until_true(lambda: sum(isinstance(each, Connected) for each in tom.events) == 2)


# --- presence, receipts, sessions --------------------------------------------------------------------------------


@pytest.mark.rule("P13")
async def test_presence_travels_with_signing_in_as_one_version(engine, name):
    tom, mary = name("tom"), name("mary")
    async with Client(mary, engine.address, presence=FREE):
        pass
    async with watched(Client(tom, engine.address)) as there:
        before = await there.until_seen(mary, lambda presence: not presence.online)
        await there.client.submit(mary, "when free", when="available", id=f"{tom}-1")
        async with watched(Client(mary, engine.address, presence=BUSY | {"UserMood": "SAD"})) as here:
            now = await there.until_seen(mary, lambda presence: presence.online)
            await there.until_true(lambda: now in there.versions_of(mary))
            assert there.versions_of(mary)[-2:] == [before, now]
            assert (now.value("UserAvailability"), now.value("UserMood")) == ("NOT_AVAILABLE", "SAD")
            await there.client.submit(mary, "at once", id=f"{tom}-2")
            await here.until_delivered(f"{tom}-2")
            assert here.bodies() == ["at once"]
            await here.client.set_presence(FREE)
            await here.until_delivered(f"{tom}-1")


@pytest.mark.rule("P13")
async def test_presence_that_was_set_goes_along_after_a_lost_link(engine, name, quick):
    tom, mary = name("tom"), name("mary")
    async with (
        watched(Client(tom, engine.address)) as there,
        watched(Client(mary, engine.address)) as here,
    ):
        await here.client.set_presence(BUSY)
        here.client.lose_link()
        await there.until_seen(mary, lambda presence: not presence.online)
        (receipt,) = await there.client.submit(mary, "when free", when="available")
        here.client.find_link()
        seen = await there.until_seen(mary, lambda presence: presence.online)
        assert seen.value("UserAvailability") == "NOT_AVAILABLE"
        await here.client.set_presence(FREE)
        await here.until_delivered(receipt.id)


@pytest.mark.rule("P25", "P26", "M5")
async def test_every_session_of_a_handle_gets_a_message_and_one_keeps_it_online(engine, name):
    tom, mary = name("tom"), name("mary")
    async with watched(Client(tom, engine.address)) as there:
        async with watched(Client(mary, engine.address)) as desk:
            async with watched(Client(mary, engine.address)) as laptop:
                await there.client.submit(mary, "to both", id=f"{tom}-1")
                await desk.until_delivered(f"{tom}-1")
                await laptop.until_delivered(f"{tom}-1")
                await laptop.client.set_presence({"UserMood": "HAPPY"})
            seen = await there.until_seen(mary, lambda presence: presence.value("UserMood") == "HAPPY")
            assert seen.online
            await there.client.submit(mary, "to one", id=f"{tom}-2")
            await desk.until_delivered(f"{tom}-2")
        await there.until_seen(mary, lambda presence: not presence.online)
        assert laptop.bodies() == ["to both"]


@pytest.mark.rule("N2", "N3")
async def test_news_are_told_until_they_are_noted(engine, name):
    tom, mary = name("tom"), name("mary")
    async with Client(mary, engine.address):
        pass
    async with Client(tom, engine.address) as there:
        await there.submit(mary, "hello", id=f"{tom}-1")
    async with watched(Client(mary, engine.address)) as here:
        await here.until_delivered(f"{tom}-1")
        here.client.mark_read([f"{tom}-1"])
        async with watched(Client(tom, engine.address, acknowledge=False)) as there:
            await there.until_told(f"{tom}-1", State.READ)
        async with watched(Client(tom, engine.address, acknowledge=False)) as there:
            there.client.note([await there.until_told(f"{tom}-1", State.READ)])
        async with watched(Client(tom, engine.address)) as there:
            await there.client.submit(mary, "again", id=f"{tom}-2")
            await there.until_told(f"{tom}-2", State.DELIVERED)
            told = [r.id for each in there.events if isinstance(each, Receipts) for r in each.receipts]
            assert set(told) == {f"{tom}-2"}


@pytest.mark.rule("M14")
async def test_what_is_not_acknowledged_comes_again(engine, name):
    tom, mary = name("tom"), name("mary")
    async with Client(tom, engine.address) as there:
        async with watched(Client(mary, engine.address, acknowledge=False)) as here:
            await there.submit(mary, "hello", id=f"{tom}-1")
            first = await here.until_delivered(f"{tom}-1")
            assert not first.delayed
        async with watched(Client(mary, engine.address, acknowledge=False)) as here:
            again = await here.until_delivered(f"{tom}-1")
            assert again.delayed
            assert again.sequence > first.sequence
            here.client.acknowledge([again])
        async with watched(Client(mary, engine.address)) as here:
            await there.submit(mary, "last", id=f"{tom}-2")
            await here.until_delivered(f"{tom}-2")
            assert here.bodies() == ["last"]


# --- ends -------------------------------------------------------------------------------------------------------------


async def test_events_end_when_the_client_is_closed(engine, name):
    tom = Client(name("tom"), engine.address)
    async with tom:
        reading = asyncio.create_task(all_of(tom))
    async with asyncio.timeout(SECONDS_MAX):
        assert await reading


async def test_events_have_ended_also_for_who_asks_later(engine, name):
    async with Client(name("tom"), engine.address) as tom:
        pass
    async with asyncio.timeout(SECONDS_MAX):
        assert [type(event) for event in await all_of(tom)][:1] == [Connected]
        assert await all_of(tom) == []
        assert await asyncio.gather(all_of(tom), all_of(tom)) == [[], []]


async def test_events_end_where_the_client_can_never_come_back(engine, name):
    wrong = Address(engine.host, engine.port, "f" * 64)
    async with Client(name("tom"), wrong, wait=False) as tom, asyncio.timeout(SECONDS_MAX):
        (gone,) = await all_of(tom)
        assert isinstance(gone, Disconnected)
        assert await all_of(tom) == []


async def test_what_was_asked_ends_where_the_client_can_never_come_back(engine, name):
    wrong = Address(engine.host, engine.port, "f" * 64)
    async with Client(name("tom"), wrong, wait=False) as tom:
        asked = asyncio.create_task(tom.submit("mary", "hello"))
        async with asyncio.timeout(SECONDS_MAX):
            with pytest.raises(UnknownEngine, match="Another engine answered"):
                await asked


async def test_a_request_after_the_end_is_refused(engine, name):
    async with Client(name("tom"), engine.address) as tom:
        pass
    async with asyncio.timeout(SECONDS_MAX):
        with pytest.raises(LocalError, match="closed before the engine answered"):
            await tom.withdraw("none")


async def all_of(client: Client) -> list:
    return [event async for event in client.events()]


async def test_a_request_ends_with_its_client(name, own):
    async with Client(name("tom"), own.address) as tom:
        own.kill()
        asked = asyncio.create_task(tom.set_presence(BUSY))
        await asyncio.wait({asked}, timeout=0.1)
    async with asyncio.timeout(SECONDS_MAX):
        with pytest.raises(LocalError, match="closed before the engine answered"):
            await asked


async def test_a_request_after_the_client_gave_up_says_why(engine, name):
    wrong = Address(engine.host, engine.port, "f" * 64)
    async with watched(Client(name("tom"), wrong, wait=False)) as tom:
        await tom.until(Disconnected)
        async with asyncio.timeout(SECONDS_MAX):
            with pytest.raises(UnknownEngine):
                await tom.client.submit("mary", "hello")


async def test_an_edit_that_is_asked_again_is_answered_again(engine, name):
    tom, mary = name("tom"), name("mary")
    async with Client(mary, engine.address):
        pass
    async with Client(tom, engine.address) as there:
        (receipt,) = await there.submit(mary, "draft")
        # The first answer is lost with the link: the very frame is asked again.
        await there.edit(receipt.id, 1, text="final")
        (again,) = await there.edit(receipt.id, 1, text="final")
        assert again.revision == 2


@pytest.mark.rule("O7")
async def test_a_batch_is_one_event(engine, name):
    tom, mary = name("tom"), name("mary")
    async with Client(mary, engine.address):
        pass
    async with Client(tom, engine.address) as there:
        for number in range(5):
            await there.submit(mary, str(number))
    async with watched(Client(mary, engine.address)) as here:
        event = await here.until(Delivered)
        assert [each.body for each in event.deliveries] == [b"0", b"1", b"2", b"3", b"4"]
        assert all(each.delayed for each in event.deliveries)
        sequences = [each.sequence for each in event.deliveries]
        assert sequences == sorted(sequences)

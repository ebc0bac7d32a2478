"""Stopping and dying: what was answered as held is there afterwards, and arrives once."""

import asyncio
import contextlib
import signal

import pytest
from websockets.exceptions import ConnectionClosed

from tact_engine.client import Client, Delivered, Receipts, State
from tests.support.bare_link import BareLink, bare_link, new_key, submission
from tests.support.engine_process import EngineProcess
from tests.support.watcher import watched

MESSAGES = 400
SECONDS_MAX = 30


@pytest.fixture
def own(tmp_path):
    """An engine that a test may kill."""
    engine = EngineProcess(tmp_path / "own", "--limit", "held_per_pair_max=10000").start()
    yield engine
    engine.clean_up()


class Diary:
    """A recipient who writes down every message by its id and only then acknowledges it."""

    def __init__(self):
        self.kept: dict[str, int] = {}
        self.copies = 0
        self._grown = asyncio.Event()

    async def keep(self, client: Client):
        async for event in client.events():
            if isinstance(event, Delivered):
                for each in event.deliveries:
                    self.copies += each.id in self.kept
                    self.kept.setdefault(each.id, each.sequence)
                client.acknowledge(event.deliveries)
                self._grown.set()

    async def until(self, question):
        async with asyncio.timeout(SECONDS_MAX):
            while not question():
                await self._grown.wait()
                self._grown.clear()


@pytest.mark.rule("I1")
@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT])
async def test_a_clean_stop_says_goodbye_and_loses_nothing(own, number):
    mary, tom = new_key(), new_key()
    async with bare_link(own.address) as link:
        await link.sign_in("mary", mary)
        await link.say({"type": "sign_out"})
    async with bare_link(own.address) as link:
        await link.sign_in("tom", tom)
        assert (await link.ask(submission("mary")))["type"] == "done"
        own.signal(number)
        assert await link.closed() == (1001, "the engine stops")
    assert (own.ended(), own.said) == (0, "")
    assert not (own.data / "running.json").exists()
    assert own.log()[-1]["event"] == "stopped"
    own.start()
    async with bare_link(own.address) as link:
        await link.sign_in("mary", mary)
        assert [each["id"] for each in (await link.hear("deliver"))["deliveries"]] == ["mary-hello"]


def test_with_standard_input_it_never_outlives_who_started_it(tmp_path):
    engine = EngineProcess(tmp_path, "--with-stdin", stdin=True).start()
    try:
        engine.end_input()
        assert (engine.ended(), engine.said) == (0, "")
        assert not (tmp_path / "running.json").exists()
        assert engine.log()[-1]["event"] == "stopped"
    finally:
        engine.clean_up()


def test_without_it_the_end_of_standard_input_means_nothing(tmp_path):
    engine = EngineProcess(tmp_path, stdin=True).start()
    try:
        engine.end_input()
        assert engine.alive
        assert (engine.stop(), engine.said) == (0, "")
    finally:
        engine.clean_up()


async def test_what_standard_input_says_is_passed_over(tmp_path):
    engine = EngineProcess(tmp_path, "--with-stdin", stdin=True).start()
    try:
        engine.write_input("stop\n" * 2_000)
        async with bare_link(engine.address) as link:
            assert (await link.sign_in("tom"))["type"] == "welcome"
        engine.write_input("quit")
        engine.end_input()
        assert (engine.ended(), engine.said) == (0, "")
    finally:
        engine.clean_up()


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT])
def test_a_standard_input_that_is_still_open_is_not_in_the_way_of_a_stop(tmp_path, number):
    engine = EngineProcess(tmp_path, "--with-stdin", stdin=True).start()
    try:
        engine.signal(number)
        assert (engine.ended(), engine.said) == (0, "")
    finally:
        engine.clean_up()


async def answered_before_the_kill(own: EngineProcess, link: BareLink, enough: int, to: str) -> set[str]:
    """The ids that were answered as done when the engine is killed, which happens after `enough` of them."""
    answered: set[str] = set()

    async def send():
        for number in range(MESSAGES):
            await link.say(submission(to, f"{number}") | {"request": number + 1})

    sending = asyncio.create_task(send())
    while len(answered) < enough:
        answer = await link.hear("done", "refused")
        assert answer["type"] == "done", answer
        answered.add(f"{to}-{answer['request'] - 1}")
    own.kill()
    with contextlib.suppress(ConnectionClosed):
        while True:  # what was on its way already
            answer = await link.hear("done")
            answered.add(f"{to}-{answer['request'] - 1}")
    sending.cancel()
    await asyncio.gather(sending, return_exceptions=True)
    return answered


@pytest.mark.rule("I1", "I5")
@pytest.mark.parametrize("enough", [1, 60, 250])
async def test_what_was_held_survives_a_kill_and_arrives_exactly_once(own, enough):
    async with Client("mary", own.address):
        pass
    async with bare_link(own.address) as link:
        await link.sign_in("tom")
        answered = await answered_before_the_kill(own, link, enough, "mary")
    own.start()
    diary = Diary()
    async with Client("mary", own.address, acknowledge=False) as mary:
        keeping = asyncio.create_task(diary.keep(mary))
        await diary.until(lambda: answered <= set(diary.kept))
        keeping.cancel()
        await asyncio.gather(keeping, return_exceptions=True)
    assert diary.copies == 0
    in_order = [int(id.partition("-")[2]) for id in sorted(diary.kept, key=lambda id: diary.kept[id])]
    assert in_order == sorted(in_order)
    async with (
        watched(Client("mary", own.address)) as again,
        Client("eve", own.address) as eve,
    ):
        await eve.submit("mary", "last", id="last")
        await again.until_delivered("last")
        assert [each.id for each in again.deliveries() if each.id in diary.kept] == []


@pytest.mark.rule("I1", "I5", "I6")
@pytest.mark.parametrize("enough", [5, 120])
async def test_a_kill_in_the_middle_of_traffic_loses_and_doubles_nothing(own, enough, monkeypatch):
    monkeypatch.setattr("tact_engine.client.client.RETRY_SECONDS_MAX", 0.2)
    diary, news = Diary(), {}

    async def hear(client: Client):
        async for event in client.events():
            if isinstance(event, Receipts):
                news.update({each.id: each.state for each in event.receipts})

    async with (
        Client("mary", own.address, acknowledge=False) as mary,
        Client("tom", own.address) as tom,
    ):
        tasks = [asyncio.create_task(diary.keep(mary)), asyncio.create_task(hear(tom))]
        asked = [asyncio.create_task(tom.submit("mary", f"{n}", id=f"m-{n}")) for n in range(MESSAGES)]
        await diary.until(lambda: len(diary.kept) >= enough)
        own.kill()
        own.start()
        async with asyncio.timeout(SECONDS_MAX):
            receipts = [receipt for answer in asyncio.as_completed(asked) for receipt in await answer]
        assert {receipt.id for receipt in receipts} == {f"m-{n}" for n in range(MESSAGES)}
        await diary.until(lambda: len(diary.kept) == MESSAGES)
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)
    async with watched(Client("tom", own.address)) as again, watched(Client("mary", own.address)) as there:
        await again.client.submit("mary", "last", id="last")
        await again.until_told("last", State.DELIVERED)
        assert there.bodies() == ["last"]
        for each in (
            each for event in again.events if isinstance(event, Receipts) for each in event.receipts
        ):
            news[each.id] = each.state
    assert {news.get(f"m-{n}") for n in range(MESSAGES)} == {State.DELIVERED}


@pytest.mark.rule("P28")
async def test_nobody_is_online_after_a_kill(own):
    async with Client("mary", own.address) as mary:
        await mary.set_presence({"UserMood": "HAPPY"})
        own.kill()
    own.start()
    async with watched(Client("tom", own.address)) as tom:
        seen = await tom.until_seen("mary", lambda presence: True)
        assert not seen.online
        assert seen.value("UserMood") == "HAPPY"

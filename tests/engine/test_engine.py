"""The engine's loop: facts go in as batches, effects come out only when they are durable, one timer wakes it."""

import asyncio
import threading
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from types import SimpleNamespace
from typing import Any, get_args

import pytest

import tact_engine.engine
from tact_engine.core import effects as out
from tact_engine.core.conditions import Verdict
from tact_engine.core.effects import Effect
from tact_engine.core.envelope import Delivery
from tact_engine.core.errors import StoreError, refusal
from tact_engine.core.facts import (
    Acknowledged,
    Amendment,
    Asked,
    Edited,
    Fact,
    LinkLost,
    Moment,
    Noted,
    Paused,
    PresenceSet,
    PrivacySet,
    Resumed,
    SentNow,
    SignedIn,
    SignedOut,
    TimePassed,
    Withdrawn,
)
from tact_engine.core.presence import Presence, Reading, nobody
from tact_engine.core.privacy import NO_WISHES, Privacy
from tact_engine.core.view import Limits
from tact_engine.engine import HOUSEKEEPING_SECONDS, PERFORM, Engine
from tact_engine.meaning import FACTS, SHARE_MAX
from tact_engine.wire import frames as wire
from tact_engine.wire.codec import decode, encode
from tact_engine.wire.frames import FRAMES, Frame, Phase, Side, signed_text
from tact_engine.wire.session import Session
from tests.support.bare_link import new_key

ID = "ab" * 32
SECONDS_MAX = 20


class Clock:
    """A clock that stands, at first at the first second."""

    def __init__(self):
        self.ticks_ms = 1_000

    def moment(self) -> Moment:
        return Moment(1_000, self.ticks_ms)

    def not_before(self, utc_ms: int) -> None:
        pass


class Store:
    """A store that answers each fact with the effects prepared for its type, once it is let."""

    def __init__(self):
        self.batches: list[list[Fact]] = []
        self.threads: list[int] = []
        self.kept_house = 0
        self.effects: dict[type, list[Effect]] = {}
        self.wake: int | None = None
        self.may_commit = threading.Event()
        self.may_commit.set()
        self.error: Exception | None = None
        self.thread: ThreadPoolExecutor | None = None
        self.backlogs: dict[str, int] = {}
        self.view = SimpleNamespace(limits=Limits(), backlog=self.backlogs.get)
        self.passwords: dict[str, str] = {}

    def password_of(self, handle: str) -> str | None:
        return self.passwords.get(handle)

    def apply(self, facts: list[Fact], now: Moment) -> list[Effect]:
        self.batches.append(list(facts))
        self.threads.append(threading.get_ident())
        assert self.may_commit.wait(SECONDS_MAX)
        if self.error:
            raise self.error
        return [effect for fact in facts for effect in self.effects.get(type(fact), [])]

    def next_wake(self, now: Moment) -> int | None:
        return self.wake

    def housekeep(self, now: Moment) -> None:
        self.kept_house += 1
        assert self.may_commit.wait(SECONDS_MAX)

    def facts(self) -> list[Fact]:
        """All facts so far but the passing of time."""
        return [fact for batch in self.batches for fact in batch if not isinstance(fact, TimePassed)]


class Link:
    """A link whose other side is the test."""

    def __init__(self, number: int):
        self.session = Session(number)
        self.number, self.address = number, "10.0.0.1"
        self.sent: list[Frame | None] = []
        self.kept: list[Frame | None] = []
        self.shared: list[Frame | None] = []
        self.closed: tuple[int, str] | None = None

    def send(self, frame: Frame):
        self.kept.append(frame)
        self.flow()

    def queue(self, data: bytes, shared: bool = False):
        self.kept.append(decode(data, Side.ENGINE))
        if shared:
            self.shared.append(self.kept[-1])

    def send_lazily(self, frames: Any):
        self.kept.extend(decode(encode(frame), Side.ENGINE) for frame in frames)
        self.flow()

    def flow(self):
        self.sent += self.kept
        self.kept.clear()

    def close(self, code: int, reason: str):
        self.closed = (code, reason)


@pytest.fixture
def store():
    return Store()


@pytest.fixture
async def engine(store, monkeypatch):
    monkeypatch.setattr(tact_engine.engine, "COMPANY_SECONDS", 0)
    monkeypatch.setattr(tact_engine.engine, "QUICK_SECONDS", 0)
    with ThreadPoolExecutor(1) as thread:
        store.thread = thread
        engine = Engine("Office", ID, store, Clock(), thread)
        running = asyncio.create_task(engine.run())
        await quiet(store)
        yield engine
        store.may_commit.set()
        running.cancel()
        await asyncio.gather(running, return_exceptions=True)


async def quiet(store: Store):
    """Wait until the engine has nothing to do: its turns are on the same one thread, so they come first."""
    loop, before = asyncio.get_running_loop(), -1
    while before != len(store.batches):
        before = len(store.batches)
        for _ in range(20):
            await loop.run_in_executor(store.thread, lambda: None)


async def until(question: Callable[[], bool]):
    """Let the loop turn until `question` is answered with yes."""
    async with asyncio.timeout(SECONDS_MAX):
        while not question():
            await asyncio.get_running_loop().run_in_executor(None, lambda: None)


async def signed_in(engine: Engine, store: Store, handle: str, number: int) -> Link:
    link: Any = greeted(engine, number)
    store.effects[SignedIn] = [out.Welcome(number, handle, (nobody(handle),), NO_WISHES)]
    engine.received(link, sign_in(link, handle))
    await quiet(store)
    store.effects.clear()
    link.sent.clear()
    return link


def greeted(engine: Engine, number: int) -> Any:
    link: Any = Link(number)
    engine.opened(link)
    return link


def sign_in(link: Link, handle: str, version: int = wire.PROTOCOL_VERSION, key=None) -> wire.SignIn:
    hello: Any = link.sent[0]
    key = key or new_key()
    signature = key.sign(signed_text(ID, hello.challenge, handle))
    return wire.SignIn(version, handle, key.public, signature, {"UserMood": "SAD"})


@pytest.mark.parametrize("frame", [wire.Acknowledge({"m": 1}), wire.MarkRead(("m",)), wire.Note(3)])
async def test_what_nobody_waits_for_shares_the_batch_of_what_comes_next(engine, store, monkeypatch, frame):
    tom = await signed_in(engine, store, "tom", 1)
    monkeypatch.setattr(tact_engine.engine, "COMPANY_SECONDS", 3600)
    before = len(store.batches)
    engine.received(tom, frame)
    await quiet(store)
    assert len(store.batches) == before
    engine.received(tom, wire.Withdraw(8, "m"))
    await quiet(store)
    (batch,) = store.batches[before:]
    assert [type(fact) for fact in batch] == [FACTS[type(frame)](1, frame).__class__, Withdrawn]


async def test_an_acknowledgement_that_others_wait_for_is_not_kept(engine, store, monkeypatch):
    mary = await signed_in(engine, store, "mary", 1)
    monkeypatch.setattr(tact_engine.engine, "COMPANY_SECONDS", 3600)
    store.backlogs["mary"] = 7
    engine.received(mary, wire.Acknowledge({"m": 1}))
    await quiet(store)
    assert store.facts()[-1] == Acknowledged(1, {"m": 1})


async def test_what_does_not_fit_in_one_batch_is_in_the_next(engine, store):
    tom, ann = [await signed_in(engine, store, name, number) for number, name in enumerate(("tom", "ann"), 1)]
    before = len(store.batches)
    for number in range(SHARE_MAX + 2):
        engine.received(tom, wire.Withdraw(number, "m"))
    engine.received(ann, wire.Withdraw(1, "m"))
    await quiet(store)
    first, second = store.batches[before:]
    assert (len(first), first[-1]) == (SHARE_MAX + 1, Withdrawn(2, 1, "m"))
    assert second == [Withdrawn(1, number, "m") for number in (SHARE_MAX, SHARE_MAX + 1)]


async def test_while_turns_are_quick_they_are_done_at_once_and_else_on_the_stores_thread(
    engine, store, monkeypatch
):
    tom = await signed_in(engine, store, "tom", 1)
    here = threading.get_ident()
    assert here not in store.threads
    for seconds in (3600, 0, 0):
        monkeypatch.setattr(tact_engine.engine, "QUICK_SECONDS", seconds)
        engine.received(tom, wire.Withdraw(1, "m"))
        await quiet(store)
    # After a quick one the next is done here; as that one took too long, the third is not.
    assert [thread == here for thread in store.threads[-3:]] == [False, True, False]


async def test_others_are_heard_while_there_is_always_more_to_do(engine, store, monkeypatch):
    monkeypatch.setattr(tact_engine.engine, "QUICK_SECONDS", 3600)
    tom = await signed_in(engine, store, "tom", 1)
    store.effects[Withdrawn] = [out.Answer(1, 1)]
    turns = 0

    def again(data: bytes, shared: bool = False) -> None:
        nonlocal turns
        del data, shared
        turns += 1
        if turns < 10_000:
            engine.received(tom, wire.Withdraw(1, "m"))

    tom.queue = again
    engine.received(tom, wire.Withdraw(1, "m"))
    for _ in range(50):
        await asyncio.sleep(0)
    assert 0 < turns < 100
    turns = 10_000


async def test_nothing_is_decided_while_the_house_is_kept(engine, store, monkeypatch):
    monkeypatch.setattr(tact_engine.engine, "QUICK_SECONDS", 3600)
    tom = await signed_in(engine, store, "tom", 1)
    store.may_commit.clear()
    engine._clock.ticks_ms += HOUSEKEEPING_SECONDS * 1000
    engine._moved.set()
    await until(lambda: store.kept_house == 1)
    before = len(store.batches)
    engine.received(tom, wire.Withdraw(1, "m"))
    for _ in range(50):
        await asyncio.sleep(0)
    assert len(store.batches) == before
    store.may_commit.set()
    await until(lambda: len(store.batches) > before)
    assert store.facts()[-1] == Withdrawn(1, 1, "m")


async def test_what_the_gate_refuses_is_said_at_once(engine, store):
    """Nothing else may be said for a long time."""
    tom = await signed_in(engine, store, "tom", 1)
    for number in (1, 2):
        engine.received(tom, wire.SetPassword(number, "a long enough password"))
    (refused,) = tom.sent
    assert isinstance(refused, wire.RefusedFrame)
    assert (refused.request, refused.code) == (2, "busy_signing_in")


def test_every_frame_of_a_signed_in_client_is_a_fact():
    """A password is hashed first, which takes a while."""
    late = {row.frame for row in FRAMES.values() if row.side is Side.CLIENT and Phase.SIGNED_IN in row.phases}
    assert set(FACTS) == late - {wire.SetPassword}


def test_every_effect_is_performed():
    assert set(get_args(Effect)) == set(PERFORM)


async def test_each_link_gets_a_challenge_of_its_own(engine):
    hellos: Any = [greeted(engine, number).sent[0] for number in (1, 2)]
    assert hellos[0].challenge != hellos[1].challenge
    assert {(each.version, each.engine, each.name, len(each.challenge)) for each in hellos} == {
        (wire.PROTOCOL_VERSION, ID, "Office", 32)
    }


async def test_a_proven_device_is_a_fact_and_its_welcome_is_told(engine, store):
    link = greeted(engine, 1)
    store.effects[SignedIn] = [out.Welcome(1, "tom", (nobody("tom"),), Privacy(vips=("ann",)))]
    engine.received(link, sign_in(link, "tom"))
    await quiet(store)
    (fact,) = store.facts()
    assert isinstance(fact, SignedIn)
    assert (fact.session, fact.handle, fact.presence) == (1, "tom", {"UserMood": "SAD"})
    assert link.sent[1:] == [
        wire.Welcome("tom", 1_000),
        wire.PrivacyFrame(Privacy(vips=("ann",))),
        wire.People((nobody("tom"),)),
    ]
    assert link.session.handle == "tom"


async def test_a_device_that_proves_nothing_is_turned_away_without_a_fact(engine, store):
    link, other = greeted(engine, 1), greeted(engine, 2)
    engine.received(link, sign_in(other, "tom"))
    engine.received(other, sign_in(other, "tom", version=wire.PROTOCOL_VERSION + 1))
    await quiet(store)
    assert store.facts() == []
    refused: Any = [each.sent[-1] for each in (link, other)]
    assert [each.code for each in refused] == ["sign_in_failed", "version_unsupported"]
    assert (link.closed, other.closed) == ((4003, "sign_in_failed"), (4003, "version_unsupported"))


async def test_a_link_that_was_never_signed_in_leaves_without_a_fact(engine, store):
    engine.lost(greeted(engine, 1))
    await quiet(store)
    assert store.facts() == []


async def test_a_link_that_is_lost_while_it_signs_in_is_both(engine, store):
    link = greeted(engine, 1)
    store.effects[SignedIn] = [out.Welcome(1, "tom", (), NO_WISHES)]
    engine.received(link, sign_in(link, "tom"))
    engine.lost(link)
    await quiet(store)
    assert [type(fact) for fact in store.facts()] == [SignedIn, LinkLost]
    assert len(link.sent) == 1


@pytest.mark.rule("M3")
async def test_facts_that_gather_during_a_commit_are_one_batch_and_nothing_is_said_before(engine, store):
    link = await signed_in(engine, store, "tom", 1)
    store.effects = {
        PresenceSet: [out.Answer(1, 7)],
        Withdrawn: [out.Refuse(1, 8, refusal("unknown_message"))],
    }
    before = len(store.batches)
    store.may_commit.clear()
    engine.received(link, wire.SetPresence(7, {}))
    await until(lambda: len(store.batches) > before)
    engine.received(link, wire.Withdraw(8, "m"))
    engine.received(link, wire.Acknowledge({"m": 2}))
    engine.received(link, wire.SignOut())
    for _ in range(20):
        await asyncio.sleep(0)
    assert link.sent == []
    store.may_commit.set()
    await quiet(store)
    assert store.batches[before:] == [
        [PresenceSet(1, 7, {})],
        [Withdrawn(1, 8, "m"), Acknowledged(1, {"m": 2}), SignedOut(1)],
    ]
    assert link.sent == [
        wire.Done(7),
        wire.RefusedFrame(8, "unknown_message", refusal("unknown_message").text),
    ]


@pytest.mark.rule("P18", "M5")
async def test_what_concerns_a_person_goes_to_all_their_links_and_presence_to_everybody(engine, store):
    desk = await signed_in(engine, store, "mary", 1)
    laptop = await signed_in(engine, store, "mary", 2)
    tom = await signed_in(engine, store, "tom", 3)
    stranger = greeted(engine, 4)
    store.effects[Noted] = [
        out.Deliver("mary", 5, ()),
        out.TellNews("tom", ()),
        out.Announce(nobody("eve"), {}),
        out.Answer(99, 1),
    ]
    engine.received(tom, wire.Note(1))
    await quiet(store)
    assert desk.sent == laptop.sent == [wire.Deliver(5, ()), wire.People((nobody("eve"),))]
    assert tom.sent == [wire.News(()), wire.People((nobody("eve"),))]
    assert desk.shared == laptop.shared == tom.shared == [wire.People((nobody("eve"),))]
    assert len(stranger.sent) == 1


@pytest.mark.rule("P18", "S4")
async def test_each_is_told_of_a_new_version_what_they_may_see_of_it(engine, store):
    desk, laptop = await signed_in(engine, store, "mary", 1), await signed_in(engine, store, "mary", 2)
    tom, john = await signed_in(engine, store, "tom", 3), await signed_in(engine, store, "john", 4)
    common, own = Presence("mary", 3, {}), Presence("mary", 3, {"Alias": Reading("Mary", 1)})
    store.effects[Noted] = [
        out.Announce(common, {"mary": own, "john": None}),
        out.Announce(None, {"john": own}),
        out.TellPrivacy("mary", Privacy(blocked=("john",))),
    ]
    engine.received(tom, wire.Note(1))
    await quiet(store)
    rules = wire.PrivacyFrame(Privacy(blocked=("john",)))
    assert desk.sent == laptop.sent == [wire.People((own,)), rules]
    assert tom.sent == [wire.People((common,))]
    assert john.sent == [wire.People((own,))]


@pytest.mark.rule("O8")
async def test_of_a_batch_in_several_frames_all_but_the_last_say_that_more_follows(engine, store):
    mary = await signed_in(engine, store, "mary", 1)
    copies = tuple(
        Delivery(f"m{n}", "tom", "c", ("tom", "mary"), b"x" * 16_384, "text/plain", n, 1, 1)
        for n in range(30)
    )
    store.effects[Noted] = [
        out.Deliver("mary", 7, copies, more=False),
        out.Deliver("mary", 9, copies[:1], True),
    ]
    engine.received(mary, wire.Note(1))
    await quiet(store)
    frames: Any = mary.sent
    assert [each.batch for each in frames] == [7] * (len(frames) - 1) + [9]
    assert [each.more for each in frames] == [True] * (len(frames) - 2) + [False, True]
    assert len(frames) > 2
    assert tuple(copy for each in frames[:-1] for copy in each.deliveries) == copies


FRAMES_OF_A_REQUEST = [
    (
        wire.SetPresence(1, {"UserMood": "SAD"}, {"UserMood": 5}),
        PresenceSet(1, 1, {"UserMood": "SAD"}, {"UserMood": 5}),
    ),
    (wire.SetPrivacy(1, Privacy(vips=("ann",))), PrivacySet(1, 1, Privacy(vips=("ann",)))),
    (wire.Pause(1, "m"), Paused(1, 1, "m")),
    (wire.Resume(1, "m"), Resumed(1, 1, "m")),
    (wire.Explain(1, "m"), Asked(1, 1, "m")),
    (wire.SendNow(1, "m"), SentNow(1, 1, "m")),
    (wire.Edit(1, "m", 3, Amendment(alert=True)), Edited(1, 1, "m", 3, Amendment(alert=True))),
]


@pytest.mark.parametrize(("frame", "fact"), FRAMES_OF_A_REQUEST, ids=lambda each: type(each).__name__)
async def test_a_frame_is_its_fact(engine, store, frame, fact):
    link = await signed_in(engine, store, "tom", 1)
    standing = out.Standing("mary", Verdict(True, True, ()))
    store.effects[type(fact)] = [out.Answer(1, 1, (), (standing,))]
    engine.received(link, frame)
    await quiet(store)
    assert store.facts()[-1] == fact
    assert link.sent == [wire.Done(1, (), (standing,))]


@pytest.mark.rule("T7")
async def test_whoever_moves_the_clock_wakes_the_engine(engine, store):
    before = len(store.batches)
    engine.wake()
    await quiet(store)
    assert store.batches[before:] == [[TimePassed()]]


async def test_whoever_signs_out_is_closed_and_told_nothing_more(engine, store):
    desk = await signed_in(engine, store, "mary", 1)
    laptop = await signed_in(engine, store, "mary", 2)
    store.effects[SignedOut] = [
        out.Deliver("mary", 5, ()),
        out.TellNews("mary", ()),
        out.Announce(nobody("eve"), {}),
    ]
    engine.received(laptop, wire.SignOut())
    assert laptop.closed == (1000, "signed out")
    await quiet(store)
    assert laptop.sent == []
    assert desk.sent == [wire.Deliver(5, ()), wire.News(()), wire.People((nobody("eve"),))]
    assert desk.closed is None
    engine.lost(laptop)
    await quiet(store)
    assert store.facts()[-2:] == [SignedOut(2), LinkLost(2)]


async def test_the_timer_only_wakes(engine, store):
    link = await signed_in(engine, store, "tom", 1)
    store.wake = 1
    before = len(store.batches)
    engine.received(link, wire.Note(1))
    facts = lambda: [type(fact) for batch in store.batches[before:] for fact in batch]  # noqa: E731
    await until(lambda: facts().count(TimePassed) >= 2)
    store.wake = None
    await quiet(store)


@pytest.mark.rule("M3")
async def test_a_disk_that_fails_ends_the_engine_before_anything_is_said(store):
    with ThreadPoolExecutor(1) as thread:
        engine = Engine("Office", ID, store, Clock(), thread)
        link: Any = greeted(engine, 1)
        store.error = StoreError("The disk is full.")
        engine.received(link, sign_in(link, "tom"))
        with pytest.RaisesGroup(pytest.RaisesExc(StoreError, match="The disk is full")):
            async with asyncio.timeout(SECONDS_MAX):
                await engine.run()
        assert len(link.sent) == 1

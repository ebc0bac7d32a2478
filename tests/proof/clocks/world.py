"""An office around an engine whose clock is set wrong: messages wait for everything that time can do."""

import asyncio
import json
import time
from collections.abc import AsyncGenerator, Callable
from contextlib import AsyncExitStack, asynccontextmanager, suppress
from pathlib import Path
from typing import Any

from websockets.exceptions import ConnectionClosed

from tact_engine.client import (
    Client,
    Condition,
    Delivered,
    PeopleChanged,
    Receipts,
    Refused,
    one_group,
)
from tests.proof.clocks.law import GRACE_MS, LEASE_MS, Clocks, Item, Kind, Moment
from tests.support.bare_link import BareLink, bare_link, new_key
from tests.support.engine_process import HERE, EngineProcess

HANG_SECONDS = 30
HEARD_SECONDS = 2.0
"""By so much time passes with every jump, which shows that it was heard."""
BEAT_SECONDS = 3_600
DAYS_30 = 30 * 24 * 3600
HAPPY = one_group(("UserMood", "eq", "HAPPY"))


class NeverHappened(Exception):
    """What had to come did not; the text says which promise that is."""


class World:
    """Tom sends, mary gets, ned never acknowledges, gil drops off; `items` is what tom has sent."""

    def __init__(self, engine: EngineProcess, folder: Path) -> None:
        self.clocks = Clocks()
        self.items: dict[str, Item] = {}
        self._engine = engine
        busy = {"UserAvailability": "NOT_AVAILABLE"}
        self._tom, self._mary, self._beat = (
            Client(each, engine.address, profile=folder / each, interface=HERE, presence=busy)
            for each in ("tom", "mary", "beat")
        )
        self._bare: dict[str, BareLink] = {}
        self._hearing: list[asyncio.Task[None]] = []
        self._online: set[str] = set()
        self._serials: set[int] = set()
        self._meeting_ends = 0
        self._activities: list[tuple[Moment, object]] = []
        self._gil_left: Moment | None = None
        self._gil_gone: Moment | None = None
        self._jumps: list[float] = []
        self._flushed = 0
        self._beat_id = ""

    @asynccontextmanager
    async def running(self) -> AsyncGenerator[None]:
        """Everybody is here meanwhile."""
        async with AsyncExitStack() as stack:
            stack.push_async_callback(self._stop_hearing)
            for handle in ("ned", "gil"):
                self._bare[handle] = await stack.enter_async_context(bare_link(self._engine.address))
                assert (await self._bare[handle].sign_in(handle, new_key()))["type"] == "welcome"
            self._hearing = [asyncio.create_task(self._hear_as_ned())]
            for client in (self._tom, self._mary, self._beat):
                await stack.enter_async_context(client)
                self._hearing.append(asyncio.create_task(self._hear(client)))
            everybody = {"tom", "mary", "beat", "ned", "gil"}
            await self._until(lambda: everybody <= self._online, "P18: all see each other")
            await self._new_beat()
            yield

    # --- what is said ------------------------------------------------------------------------------------------

    async def submit(
        self, kind: Kind, valid_for: int = DAYS_30, *, wait_ms: int = 0, opens_in_ms: int = 0
    ) -> Item:
        """A message that waits for `kind`. One that is in an editor is there from before it could go."""
        id, asked = f"{kind.name.lower()}-{len(self.items)}", self.clocks.now()
        opens_at = asked.utc_hi + opens_in_ms if opens_in_ms else 0
        when = {
            Kind.MOOD: HAPPY,
            Kind.NOT_BEFORE: Condition(not_before=opens_at),
            Kind.DWELL: Condition(dwell=wait_ms // 1000),
            Kind.LEASE: "available",
            Kind.SILENCE: Condition(not_before=opens_at or None),
        }[kind]
        to = "ned" if kind is Kind.SILENCE else "mary"
        wait_ms = LEASE_MS if kind is Kind.LEASE else wait_ms
        item = self.items[id] = Item(id, kind, asked, asked, 0, 0, wait_ms, opens_at)
        (receipt,) = await self._tom.submit(to, id, id=id, when=when, valid_for=valid_for)
        if kind is Kind.LEASE:
            await self._tom.pause(id)
        item.answered = self.clocks.now()
        item.accepted_at, item.expires_at = receipt.accepted_at, receipt.expires_at
        self.clocks.stamped(receipt.accepted_at)
        return item

    async def be_available(self) -> None:
        """From now on only an editor holds back what is in one."""
        await self._mary.set_presence({"UserAvailability": "AVAILABLE"})

    async def be_happy(self) -> None:
        """What the mood held back may go."""
        for item in self.items.values():
            item.is_open = True
        await self._mary.set_presence({"UserMood": "HAPPY"})
        await self.settle()

    async def meet(self, seconds: int) -> None:
        """Mary is in a meeting for so long."""
        self._meeting_ends = self.clocks.now().utc_hi + seconds * 1000
        await self._mary.set_presence({"Activity": "MEETING"}, until=self._meeting_ends)

    def lose_gil(self) -> None:
        """Gil drops off without a word, where he is still here."""
        if gil := self._bare.pop("gil", None):
            self._gil_left = self.clocks.now()
            gil.socket.transport.abort()

    async def ned_wakes(self) -> None:
        """Ned, where he is still here, acknowledges whatever he got: late as it is, it has arrived."""
        if "ned" not in self._bare:
            return
        late = [item for item in self.items.values() if item.kind is Kind.SILENCE and item.copies]
        await self._bare["ned"].acknowledge([{"id": item.id} for item in late])
        for item in late:
            what = f"M16: the sender of {item.id} is told that it has arrived after all"
            await self._until(lambda item=item: item.states()[-1:] == ["delivered"], what)

    # --- what time does ----------------------------------------------------------------------------------------

    async def move(self, passes: float = HEARD_SECONDS, jumps: float = 0, *, settle: bool = True) -> None:
        """Let time pass, after a jump of the wall clock where one is asked for; then see what must have happened."""
        start, left = time.monotonic_ns(), await self._beat_left()
        assert left is not None, "the beat is shorter than its wait"
        self.clocks.tell(passes, jumps)
        self._engine.write_input((f"jump {jumps}\n" if jumps else "") + f"advance {passes}\n")
        self._jumps += [jumps] if jumps else []
        while (now_left := await self._beat_left()) is not None:  # else it has ended: time has passed
            elapsed_ms = (time.monotonic_ns() - start) // 1_000_000 + 1
            if left - now_left > elapsed_ms:  # more than this computer's own time
                break
            if elapsed_ms > HANG_SECONDS * 1000:
                raise NeverHappened(
                    f"T2: the monotonic clock runs on, yet a wait of {left} ms is now {now_left}"
                )
        self.clocks.heard()
        if settle:
            await self._new_beat()
            await self.settle()

    async def restart(self, *, kill: bool) -> None:
        """End the engine and start it again, with its clock where this computer's is. Ned and gil stay away."""
        clients = (self._tom, self._mary, self._beat)
        for client in clients:
            client.lose_link()
        if kill:
            self._engine.kill()
        else:
            self._engine.stop()
        self._online.clear()
        self._gil_left = None
        self._bare.clear()
        begun = self.clocks.now()
        self.clocks.restarted()
        self._engine.start()
        for client in clients:
            client.find_link()
        await self._until(lambda: {"tom", "mary", "beat"} <= self._online, "P28: all can sign in again")
        for item in self.items.values():
            if item.kind is Kind.LEASE:
                item.wait_ms = 0
            elif item.kind is Kind.DWELL and not item.copies:
                item.anew = begun, self.clocks.now()
        await self._new_beat()
        await self.settle()

    async def settle(self) -> None:
        """Wait for all that must have happened by now; NeverHappened says what did not."""
        await self._flush()
        now = self.clocks.now()
        for item in self.items.values():
            away = item.kind is Kind.SILENCE and "ned" not in self._bare
            if item.must_go(now) and not away:
                await self._until(lambda item=item: item.copies, f"I4: {item.id} goes ({item.kind})")
            if item.kind is Kind.SILENCE and item.copies and not away and item.must_come_again(now):
                count = len(item.copies)
                await self._until(lambda i=item, c=count: len(i.copies) > c, f"M14: {item.id} comes again")
            if item.kind is not Kind.SILENCE and item.copies:
                what = f"I6: the sender of {item.id} is told that it has arrived"
                await self._until(lambda item=item: "delivered" in item.states(), what)
            if item.must_expire(now):
                what = f"I6: the sender of {item.id} is told that it has expired"
                await self._until(lambda item=item: "expired" in item.states(), what)
        if self._meeting_ends and now.utc_lo >= self._meeting_ends:
            await self._until(lambda: self._activities[-1][1] == "NONE", "P19: the meeting ends")
        if self._gil_left and not self._gil_gone and now.ticks_lo >= self._gil_left.ticks_hi + GRACE_MS:
            await self._until(lambda: self._gil_gone, "P15: gil is seen offline")

    # --- what is heard -----------------------------------------------------------------------------------------

    async def heard_from_ned(self, item: Item) -> None:
        """Wait until ned has a copy."""
        await self._until(lambda: item.copies, f"I4: {item.id} goes ({item.kind})")

    def broken_for_people(self) -> list[str]:
        """What was broken of the promises about people, and about the log."""
        problems: list[str] = []
        for heard, value in self._activities:
            if value == "NONE" and heard.utc_hi < self._meeting_ends:
                problems.append(f"P19: the meeting ended {self._meeting_ends - heard.utc_hi} ms early")
        if self._gil_left and self._gil_gone:
            shown = self._gil_gone.ticks_hi - self._gil_left.ticks_lo
            if shown < GRACE_MS:
                problems.append(f"P15: gil was seen offline after {shown} ms")
        events = [line["event"] for line in self._engine.log()]
        logged, long = events.count("the computer's clock went forward"), sum(j > 300 for j in self._jumps)
        if logged != long:
            problems.append(f"T4: {long} jumps forward of more than 5 minutes, {logged} of them logged")
        return problems

    async def _hear(self, client: Client) -> None:
        async for event in client.events():
            now = self.clocks.now()
            if isinstance(event, Delivered) and client is self._mary:
                for each in event.deliveries:
                    self._copy(each.id, each.released_at, now)
            elif isinstance(event, Receipts) and client is self._tom:
                for each in event.receipts:
                    if each.serial not in self._serials and each.id in self.items:
                        self.items[each.id].told.append((now, each.state.value, each.since))
                        self.clocks.stamped(each.since)
                    self._serials.add(each.serial)
            elif isinstance(event, PeopleChanged) and client is self._tom:
                for each in event.people:
                    self._see(each.handle, each.online, each.value("Activity"), now)

    async def _hear_as_ned(self) -> None:
        ned = self._bare["ned"]
        with suppress(ConnectionClosed):
            while True:
                frame = json.loads(await ned.socket.recv())
                for each in frame.get("deliveries", ()):
                    self._copy(each["id"], each["released_at"], self.clocks.now())

    def _copy(self, id: str, released_at: int, now: Moment) -> None:
        if id.startswith("flush-"):
            self._flushed = max(self._flushed, int(id.removeprefix("flush-")))
        else:
            self.items[id].copies.append((now, released_at))
        self.clocks.stamped(released_at)

    def _see(self, handle: str, online: bool, activity: object, now: Moment) -> None:
        if handle == "gil" and not online and self._gil_left:
            self._gil_gone = self._gil_gone or now
        (self._online.add if online else self._online.discard)(handle)
        if handle == "mary" and (self._activities or activity == "MEETING"):
            self._activities.append((now, activity))

    async def _flush(self) -> None:
        """Whatever the engine had to say before this has been heard by mary and tom."""
        number = self._flushed + 1
        await self._tom.submit("mary", "flush", id=f"flush-{number}")
        await self._until(lambda: self._flushed >= number, "I4: a message without a condition goes")

    async def _new_beat(self) -> None:
        """A message that will not go for an hour of the monotonic clock: why it waits tells that clock."""
        if self._beat_id:
            with suppress(Refused):
                await self._tom.withdraw(self._beat_id)
        id, asked = f"beat-{time.monotonic_ns()}", self.clocks.now()
        when = Condition(dwell=BEAT_SECONDS)
        (receipt,) = await self._tom.submit("beat", "beat", id=id, when=when)
        now = self.clocks.now()
        if not asked.utc_lo <= receipt.accepted_at <= now.utc_hi:
            bounds = f"{asked.utc_lo} and {now.utc_hi}"
            raise NeverHappened(f"T3: the engine says {receipt.accepted_at}, and it is between {bounds}")
        self.clocks.stamped(receipt.accepted_at)
        self._beat_id = id

    async def _beat_left(self) -> int | None:
        standings = await self._tom.explain(self._beat_id)
        return standings[0].dwell_left_ms if standings else None

    async def _stop_hearing(self) -> None:
        for task in self._hearing:
            task.cancel()
        await asyncio.gather(*self._hearing, return_exceptions=True)

    async def _until(self, question: Callable[[], Any], what: str) -> None:
        deadline = time.monotonic() + HANG_SECONDS
        while not question():
            if time.monotonic() > deadline:
                raise NeverHappened(f"{what}: not within {HANG_SECONDS} s")
            await asyncio.sleep(0.005)

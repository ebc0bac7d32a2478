"""People who stop reading, among others who go on: nobody else may notice, and nothing may be lost to them.

Four manners: not to read any more, to ask a lot and never read an answer, to read one byte at a time, and to read all
and acknowledge nothing. Meanwhile fifty people talk, and everybody sends to those who do not read.
"""

import asyncio
import json
import tempfile
from collections import Counter
from collections.abc import Callable
from contextlib import AsyncExitStack, suppress
from pathlib import Path
from random import Random
from typing import Any

from websockets.exceptions import ConnectionClosed

from tests.proof.bystanders import bystanders
from tests.proof.campaigns import Verdict
from tests.proof.readers.pipe import Pipe, pipe_to
from tests.support.bare_link import BareLink, bare_link, new_key, submission
from tests.support.engine_process import EngineProcess

NORMAL = 50
MANNERS = ("reads nothing", "asks and reads nothing", "reads one byte at a time", "acknowledges nothing")
TOO_SLOW = 4001
CLOSED_AS_TOO_SLOW = "links closed as too slow"
RELEASED_MAX = 256
SMALL, LARGE = 300, 24
LARGE_BYTES = 16_000
QUESTIONS, BITES = 3_000, 10
LOUD_NAME = "x" * 300
"""What is refused is repeated in the refusal, so the answers are long."""
ROUNDS = 8
TRIES = 10
UNACKNOWLEDGED_SECONDS = 11
KIB_EACH_MAX = 2 * 1024
KIB_ANYHOW_MAX = 16 * 1024
"""What a burst may leave behind in a process, however few do not read."""
SLOTS_KIB = (256, 512, 1_024, 2_048, 4_096)
LOOK_SECONDS, STILL_LOOKS = 0.01, 100
HANG_SECONDS = 80


def run(count: int, seed: int) -> Verdict:
    """So many who do not read, at one time."""
    options = ("--driven-clock", "--limit=held_per_pair_max=2000", "--limit=held_per_sender_max=100000")
    met = Counter[str](dict.fromkeys((*MANNERS, CLOSED_AS_TOO_SLOW), 0))
    with tempfile.TemporaryDirectory(prefix="tact-readers-") as folder:
        engine = EngineProcess(Path(folder) / "engine", *options).start()
        try:
            problems = asyncio.run(_play(engine, count, Random(seed), met))
            problems += [f"the log says: {line}" for line in engine.log() if line["level"] == "error"]
            if (engine.stop(), engine.said) != (0, ""):
                problems.append(f"the engine ended badly: {engine.said}")
        finally:
            engine.clean_up()
    replay = f"(see it again: python3 dev soak readers --seed {seed} --count {count})"
    return Verdict(count, tuple(f"{each} {replay}" for each in problems), met)


async def _play(engine: EngineProcess, count: int, chance: Random, met: Counter[str]) -> list[str]:
    async with AsyncExitStack() as stack:
        room = Room(engine, chance, met)
        try:
            async with asyncio.timeout(HANG_SECONDS):
                await room.fill(stack, count)
                with bystanders(engine.address, "before") as pair:
                    await room.talk(ROUNDS)
                    await room.warm_up(stack)
                met.update(pair.met(" before"))
                with bystanders(engine.address, "during") as other:
                    await room.stall()
                    await room.talk(ROUNDS)
                    room.weigh()
                met.update(other.met(" meanwhile"))
                room.problems += [each.said for each in (pair, other) if each.said]
                await room.wake(stack)
        except TimeoutError:
            room.problems.append(f"L7: it never ended; last was: {room.step}")
        finally:
            await room.leave()
        return room.problems


class Reader:
    """Somebody who is about to stop reading; `got` is what has reached them, `stored` what they acknowledged."""

    def __init__(self, handle: str, manner: str, pipe: Pipe) -> None:
        self.handle, self.manner, self.pipe = handle, manner, pipe
        self.key = new_key()
        self.sent: list[str] = []
        self.got: set[str] = set()
        self.stored: set[str] = set()
        self.problems: list[str] = []
        self._listening: asyncio.Task[None] | None = None
        self._acknowledges = False
        self._answered: asyncio.Queue[int] = asyncio.Queue()

    async def sign_in(self, link: BareLink, acknowledge: bool) -> None:
        """Be there, and listen from now on as far as the pipe lets anything through."""
        await self.stop()
        self._link, self._answered, self._acknowledges = link, asyncio.Queue(), acknowledge
        assert (await link.sign_in(self.handle, self.key))["type"] == "welcome"
        self._listening = asyncio.create_task(self._listen(link, acknowledge))

    async def heard_all(self) -> bool:
        """Wait until all that the engine has said so far is heard; False where it closed the link instead."""
        assert self._listening is not None
        with suppress(ConnectionClosed):
            await self._link.say({"type": "withdraw", "request": 1, "id": "none"})
            while not self._listening.done():
                asked = asyncio.create_task(self._answered.get())
                await asyncio.wait((asked, self._listening), return_when=asyncio.FIRST_COMPLETED)
                if asked.done() and asked.result() == 1:
                    return True
                asked.cancel()
        return False

    async def ask_much(self, questions: int) -> None:
        """Ask, and wait for no answer."""
        frame = {"type": "set_presence", "request": 2, "changes": {LOUD_NAME: 1}}
        with suppress(ConnectionClosed):
            for _ in range(questions):
                await self._link.say(frame)

    async def stop(self) -> None:
        """Drop off; a link that nobody reads would not even close politely."""
        if self._listening is not None:
            self._link.socket.transport.abort()
            self._listening.cancel()
            await asyncio.gather(self._listening, return_exceptions=True)

    @property
    def is_cut(self) -> bool:
        """Whether the link is gone, or was not one on which anything is acknowledged."""
        return not self._acknowledges or self._listening is None or self._listening.done()

    @property
    def close_code(self) -> int | None:
        """How the engine closed the link."""
        return self._link.socket.close_code

    async def _listen(self, link: BareLink, acknowledge: bool) -> None:
        with suppress(ConnectionClosed):
            async for text in link.socket:
                frame = _read(text)
                if frame["type"] == "deliver":
                    ids = {each["id"] for each in frame["deliveries"]}
                    if again := ids & self.stored:
                        self.problems.append(f"I5: {self.handle} got {again} again after acknowledging")
                    self.got |= ids
                    if acknowledge:
                        await link.acknowledge(frame["deliveries"])
                elif frame["type"] in ("done", "refused"):
                    self._answered.put_nowait(frame["request"])


class Room:
    """The fifty who talk, and those who do not read."""

    def __init__(self, engine: EngineProcess, chance: Random, met: Counter[str]) -> None:
        self.problems: list[str] = []
        self.step = ""
        self._engine, self._chance, self._met = engine, chance, met
        self._links: dict[str, BareLink] = {}
        self._got: dict[str, set[str]] = {}
        self._readers: list[Reader] = []
        self._listening: list[asyncio.Task[None]] = []
        self._rounds = 0
        self._kib_before = 0

    async def fill(self, stack: AsyncExitStack, count: int) -> None:
        """All sign in."""
        self.step = "all sign in"
        for handle in (f"n{number:02}" for number in range(NORMAL)):
            link = await stack.enter_async_context(bare_link(self._engine.address, ping_interval=None))
            assert (await link.sign_in(handle))["type"] == "welcome"
            self._links[handle], self._got[handle] = link, set()
            self._listening.append(asyncio.create_task(self._listen(handle, link)))
        for number in range(count):
            pipe = await stack.enter_async_context(pipe_to(self._engine.address))
            reader = Reader(f"r{number:03}", MANNERS[number % len(MANNERS)], pipe)
            link = await stack.enter_async_context(bare_link(pipe.address, ping_interval=None))
            await reader.sign_in(link, acknowledge=False)
            self._readers.append(reader)
            self._met[reader.manner] += 1

    async def talk(self, rounds: int) -> None:
        """Each says something to the next, and all of it arrives, again and again."""
        handles = sorted(self._links)
        for _ in range(rounds):
            self._rounds += 1
            self.step = f"round {self._rounds} of the talk: all messages of the others arrive"
            id = f"round-{self._rounds}"
            for one, other in zip(handles, handles[1:] + handles[:1], strict=True):
                await self._links[one].say(submission(other, id=f"{one}-{id}") | {"request": 1})
                if self._chance.random() < 0.2:
                    text = {"StatusText": f"{one} {self._rounds} " + "." * 200}
                    await self._links[one].say({"type": "set_presence", "request": 1, "changes": text})
            due = list(zip(handles, handles[1:] + handles[:1], strict=True))
            await self._until(lambda due=due, id=id: all(f"{a}-{id}" in self._got[b] for a, b in due))

    async def warm_up(self, stack: AsyncExitStack) -> None:
        """Somebody who reads asks as much and gets as much, so that later only not reading makes a difference."""
        self.step = "somebody who reads gets everything"
        pipe = await stack.enter_async_context(pipe_to(self._engine.address))
        link = await stack.enter_async_context(bare_link(pipe.address, ping_interval=None))
        reader = Reader("reads", "reads", pipe)
        await reader.sign_in(link, acknowledge=True)
        for _ in range(BITES):
            await reader.ask_much(QUESTIONS // BITES)
            await reader.heard_all()
        await self._send(reader)
        await self._until(lambda: reader.got >= set(reader.sent))
        await reader.heard_all()
        await reader.stop()

    async def stall(self) -> None:
        """They stop reading, each in their manner, while much is sent to them."""
        self._kib_before = self._kib()
        for reader in self._with(MANNERS[1]):
            await self._ask_until_closed(reader)
        for reader in self._with(MANNERS[0], MANNERS[2]):
            reader.pipe.drips = reader.manner == MANNERS[2]
            reader.pipe.shut()
        for reader in self._readers:
            await self._send(reader)
        await self.talk(1)
        await self._count_released()
        self._engine.advance(UNACKNOWLEDGED_SECONDS)
        await self.talk(1)
        await self._count_released()

    def weigh(self) -> None:
        """What each of them costs the engine's memory."""
        more, count = self._kib() - self._kib_before, len(self._readers)
        within = next((each for each in SLOTS_KIB if more <= each * count), None)
        self._met[f"at most {within:,} KiB each" if within else f"more than {SLOTS_KIB[-1]:,} KiB each"] += 1
        if more > KIB_ANYHOW_MAX + KIB_EACH_MAX * count:
            self.problems.append(f"L7: {count} who do not read take {more} KiB of the engine's memory")

    async def wake(self, stack: AsyncExitStack) -> None:
        """They read again, come back where the link was closed, and have everything."""
        for reader in self._readers:
            self._met["bytes read one by one"] += reader.pipe.dripped
            reader.pipe.open()
            self.step = f"{reader.handle} reads on ({reader.manner})"
            if not await reader.heard_all():
                self._met[CLOSED_AS_TOO_SLOW] += reader.close_code == TOO_SLOW
            self.step = f"{reader.handle} gets everything ({reader.manner})"
            await self._get_all(reader, stack)
            reader.stored = set(reader.got)
            await self._come_back(reader, stack)
            self.step = f"{reader.handle} hears that there is nothing more"
            await reader.heard_all()
            self.problems += reader.problems
            if unknown := reader.got - set(reader.sent):
                self.problems.append(f"I5: {reader.handle} got {unknown}")
        self._met["messages for who does not read"] += sum(len(each.sent) for each in self._readers)

    async def _get_all(self, reader: Reader, stack: AsyncExitStack) -> None:
        """Come back as often as the link is closed; where nothing comes any more, let the ten seconds pass at once."""
        is_there, known, still = False, 0, 0
        while not is_there or reader.got < set(reader.sent):
            if reader.is_cut:
                await self._come_back(reader, stack)
            still, known = (still + 1 if len(reader.got) == known else 0), len(reader.got)
            if still == STILL_LOOKS:
                self._engine.advance(UNACKNOWLEDGED_SECONDS)
                still = 0
            await asyncio.sleep(LOOK_SECONDS)
            is_there = reader.got >= set(reader.sent) and await reader.heard_all()

    async def leave(self) -> None:
        """All go."""
        for task in self._listening:
            task.cancel()
        await asyncio.gather(*self._listening, return_exceptions=True)
        for reader in self._readers:
            await reader.stop()

    async def _ask_until_closed(self, reader: Reader) -> None:
        """However fast the engine is, at some time more answers wait than it keeps."""
        self.step = f"{reader.handle} asks until the engine has enough"
        for _ in range(TRIES):
            reader.pipe.shut()
            for _ in range(BITES):
                # Each link has its share of every batch: while the others talk, the questions are heard too.
                await reader.ask_much(QUESTIONS // BITES)
                await self.talk(1)
            reader.pipe.open()
            if not await reader.heard_all():
                self._met[CLOSED_AS_TOO_SLOW] += reader.close_code == TOO_SLOW
                return
        self.problems.append(f"L7: {reader.handle} could ask {TRIES * QUESTIONS} times without reading")

    async def _count_released(self) -> None:
        """Whoever reads all and acknowledges nothing has as much as may be on its way, however long that takes."""
        for reader in self._with(MANNERS[3]):
            self.step = f"{reader.handle} hears what may be on its way"
            if await reader.heard_all() and len(reader.got) != RELEASED_MAX:
                count = len(reader.got)
                self.problems.append(f"L6: {reader.handle} has {count} messages and acknowledged none")

    async def _send(self, reader: Reader) -> None:
        self.step = f"much is sent to {reader.handle}"
        senders = self._chance.sample(sorted(self._links), 3)
        is_small = reader.manner == MANNERS[3]
        for number in range(SMALL if is_small else LARGE):
            body = "small" if is_small else "x" * LARGE_BYTES
            id = f"{reader.handle}-{number}"
            link = self._links[senders[number % len(senders)]]
            await link.say(submission(reader.handle, body, id=id) | {"request": 1})
            reader.sent.append(id)

    async def _come_back(self, reader: Reader, stack: AsyncExitStack) -> None:
        link = await stack.enter_async_context(bare_link(self._engine.address, ping_interval=None))
        await reader.sign_in(link, acknowledge=True)

    async def _listen(self, handle: str, link: BareLink) -> None:
        async for text in link.socket:
            frame = _read(text)
            if frame["type"] == "deliver":
                self._got[handle] |= {each["id"] for each in frame["deliveries"]}
                await link.acknowledge(frame["deliveries"])
            elif frame["type"] == "refused":
                self.problems.append(f"I1: {handle} was refused: {frame['text']}")
            elif frame["type"] == "news":
                await link.say({"type": "note", "serial": frame["receipts"][-1]["serial"]})

    async def _until(self, question: Callable[[], bool]) -> None:
        while not question():  # noqa: ASYNC110 - what is asked about has no event
            await asyncio.sleep(0.005)

    def _with(self, *manners: str) -> list[Reader]:
        return [each for each in self._readers if each.manner in manners]

    def _kib(self) -> int:
        with open(f"/proc/{self._engine.pid}/status", encoding="ascii") as status:
            return next(int(line.split()[1]) for line in status if line.startswith("VmRSS"))


def _read(text: str | bytes) -> dict[str, Any]:
    """A frame; of presence, of which there is much, only that it is that."""
    return {"type": "people"} if str(text[:20]).startswith('{"type":"people"') else json.loads(text)

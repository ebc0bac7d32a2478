"""The workloads: each runs once on a fresh engine and gives its figures by name."""

import asyncio
import time
from collections.abc import AsyncGenerator, Awaitable, Callable
from contextlib import asynccontextmanager
from pathlib import Path
from statistics import quantiles

from tact_engine.core.conditions import one_group
from tact_engine.wire.codec import encode
from tact_engine.wire.frames import SetPresence
from tests.bench.fast_link import FastLink, accounts, dialled, message, new_key, signed_in
from tests.support.engine_process import EngineProcess

LIMITS = ("--limit", "held_per_pair_max=1000000", "--limit", "held_per_sender_max=1000000")
SENDERS = 20
WINDOW = 250
SECONDS_MAX = 300

Figures = dict[str, float]
Workload = Callable[[EngineProcess, bool], Awaitable[Figures]]


async def accept(engine: EngineProcess, quick: bool) -> Figures:
    """A: pipelined senders, offline recipients, counted when each sender has been told that it is held."""
    recipients = [f"recipient-{number}" for number in range(100 if quick else 1_000)]
    each = 250 if quick else 2_500
    await accounts(engine, recipients)
    senders = [await signed_in(engine, f"sender-{number}") for number in range(SENDERS)]
    work = [
        [message(f"{n}-{m}", recipients[(n * each + m) % len(recipients)]) for m in range(each)]
        for n in range(SENDERS)
    ]
    started = time.perf_counter()
    await asyncio.gather(*(pipelined(*pair) for pair in zip(senders, work, strict=True)))
    rate = SENDERS * each / (time.perf_counter() - started)
    figures = {"A accepted /s": rate}
    for name, links in (("1", senders[:1]), ("20", senders)):
        rounds = 200 if quick else 1_000
        work = [
            [message(f"{name}-{n}-{m}", recipients[m % 100]) for m in range(rounds)]
            for n in range(len(links))
        ]
        pairs = zip(links, work, strict=True)
        times = [taken for many in await asyncio.gather(*(closed(*pair) for pair in pairs)) for taken in many]
        figures |= percentiles(f"A closed, {name} in flight", times)
    return figures | {"RSS after A, MB": resident(engine)}


async def flush(engine: EngineProcess, quick: bool) -> Figures:
    """B: a recipient with stored messages signs in: from the sign-in to the first and to the last of them."""
    count, key, tom = (100 if quick else 1_000), new_key(), await signed_in(engine, "tom")
    await (await signed_in(engine, "mary", key)).leave()
    await pipelined(tom, [message(str(number), "mary") for number in range(count)])
    mary = await dialled(engine, "mary")
    frame, arrived, all_there = await mary.sign_in_frame(key), [], asyncio.Event()

    def delivered(number: int) -> None:
        arrived.extend([time.perf_counter()] * number)
        if len(arrived) == count:
            all_there.set()

    mary.on_delivered = delivered
    started = time.perf_counter()
    mary.say(frame)
    await asyncio.wait_for(all_there.wait(), SECONDS_MAX)
    return {
        f"B {count:,} stored, first, ms": (arrived[0] - started) * 1000,
        f"B {count:,} stored, last, ms": (arrived[-1] - started) * 1000,
    }


async def relay(engine: EngineProcess, quick: bool) -> Figures:
    """C: two who are online take turns, from handing a message over to having it; then twenty pairs at once."""
    rounds = 300 if quick else 2_000
    ends = [await signed_in(engine, f"end-{number}") for number in range(2)]
    frames = [message(f"p-{number}", ends[(number + 1) % 2].handle) for number in range(rounds)]
    times = [
        await until_delivered(
            ends[(number + 1) % 2], lambda number=number: ends[number % 2].say(frames[number])
        )
        for number in range(rounds)
    ]
    figures = percentiles("C ping-pong, durable", times)
    each = 100 if quick else 1_000
    left = [await signed_in(engine, f"left-{number}") for number in range(SENDERS)]
    right = [await signed_in(engine, f"right-{number}") for number in range(SENDERS)]
    work = [[message(f"r-{n}-{m}", right[n].handle) for m in range(each)] for n in range(SENDERS)]
    waits = [arrivals(link, each) for link in right]
    started = time.perf_counter()
    await asyncio.gather(*waits, *(pipelined(*pair, window=50) for pair in zip(left, work, strict=True)))
    return figures | {"C relayed /s": SENDERS * each / (time.perf_counter() - started)}


async def release(engine: EngineProcess, quick: bool) -> Figures:
    """R: from a presence change to the one message that it releases, beside many that it does not."""
    rounds, figures = (50 if quick else 300), {}
    tom = await signed_in(engine, "tom")
    mary = await signed_in(engine, "mary", UserMood="ANGRY")
    happy = one_group(("UserMood", "eq", "HAPPY"))
    moods = [encode(SetPresence(1, {"UserMood": mood})) for mood in ("HAPPY", "ANGRY")]
    waiting = 0
    for wanted in (10, 1_000):
        more = range(waiting, wanted)
        discreet = one_group(("UserAvailability", "eq", "DISCREET"))
        await pipelined(tom, [message(f"w-{number}", "mary", discreet) for number in more])
        waiting, times = wanted, []
        for number in range(rounds):
            await until_done(tom, message(f"{wanted}-{number}", "mary", happy))
            times.append(await until_delivered(mary, lambda: mary.say(moods[0])))
            await until_done(mary, moods[1])
        figures |= percentiles(f"R 1 of {wanted:,} waiting", times)
    return figures


async def start(engine: EngineProcess, quick: bool) -> Figures:
    """E: how long an engine takes to its first accepted connection, and how much memory it then has."""
    del quick
    engine.stop()
    started = time.perf_counter()
    engine.start()
    link = await dialled(engine, "tom")
    await link.sign_in_frame(new_key())
    seconds = time.perf_counter() - started
    return {"E start-up, s": seconds, "E RSS after start-up, MB": resident(engine)}


WORKLOADS: dict[str, Workload] = {"E": start, "A": accept, "B": flush, "C": relay, "R": release}


@asynccontextmanager
async def fresh_engine(folder: Path) -> AsyncGenerator[EngineProcess]:
    """An engine that nobody used before."""
    engine = EngineProcess(folder, *LIMITS).start()
    try:
        yield engine
    finally:
        engine.clean_up()


async def pipelined(link: FastLink, frames: list[bytes], window: int = WINDOW) -> None:
    """Send all `frames`, up to `window` of them unanswered at a time; until all are answered."""
    answered, sent, finished = 0, min(window, len(frames)), asyncio.Event()

    def done() -> None:
        nonlocal answered, sent
        answered += 1
        if sent < len(frames):
            link.say(frames[sent])
            sent += 1
        elif answered == len(frames):
            finished.set()

    link.on_done = done
    for frame in frames[:sent]:
        link.say(frame)
    await asyncio.wait_for(finished.wait(), SECONDS_MAX)


async def closed(link: FastLink, frames: list[bytes]) -> list[float]:
    """Send each of `frames` once the one before is answered; how many seconds each took."""
    return [await until_done(link, frame) for frame in frames]


async def until_done(link: FastLink, frame: bytes) -> float:
    """Seconds from sending `frame` to its answer."""
    done = asyncio.get_running_loop().create_future()
    link.on_done = lambda: done.set_result(time.perf_counter())
    started = time.perf_counter()
    link.say(frame)
    return await done - started


async def until_delivered(link: FastLink, act: Callable[[], None]) -> float:
    """Seconds from `act` to the next delivery at `link`."""
    arrived = asyncio.get_running_loop().create_future()
    link.on_done = lambda: None
    link.on_delivered = lambda count: arrived.set_result(time.perf_counter())
    started = time.perf_counter()
    act()
    return await arrived - started


def arrivals(link: FastLink, count: int) -> Awaitable[bool]:
    """Until `count` messages arrived at `link`."""
    left, there = count, asyncio.Event()

    def delivered(number: int) -> None:
        nonlocal left
        left -= number
        if left == 0:
            there.set()

    link.on_delivered = delivered
    return asyncio.wait_for(there.wait(), SECONDS_MAX)


def percentiles(name: str, seconds: list[float]) -> Figures:
    """The middle and the slow end of `seconds`, in milliseconds."""
    cuts = quantiles(seconds, n=100)
    return {f"{name}, p50 ms": cuts[49] * 1000, f"{name}, p99 ms": cuts[98] * 1000}


def resident(engine: EngineProcess) -> float:
    """The memory of the engine's process in MB; 0 where the system does not tell."""
    status = Path(f"/proc/{engine.pid}/status")
    rows = status.read_text().splitlines() if status.exists() else []
    return next((int(row.split()[1]) / 1024 for row in rows if row.startswith("VmRSS")), 0)

"""D: somebody's presence changes, and everybody who is online hears of it."""

import asyncio
import time

from tact_engine.wire.codec import encode
from tact_engine.wire.frames import SetPresence
from tests.bench.driving import SECONDS_MAX
from tests.bench.fast_link import FastLink, signed_in
from tests.bench.figures import Figure, Figures, percentile
from tests.bench.idle import all_signed_in
from tests.bench.prepared import person
from tests.bench.scene import Scene
from tests.bench.watch import Watch


async def announce(scene: Scene) -> Figures:
    """From one change to the last of 100 and of 1,000 watchers who has it; the middle of several changes."""
    figures: dict[str, Figure] = {}
    counts, rounds = ((20, 100), 5) if scene.quick else ((100, 1_000), 20)
    async with scene.engine(data=await scene.past.of(counts[-1])) as engine:
        mary, watchers = await signed_in(engine, "mary"), list[FastLink]()
        for count in counts:
            more = [person(number) for number in range(len(watchers), count)]
            watchers += await all_signed_in(engine, more, FastLink)
            with Watch(engine) as watch:
                seconds = [await _until_all_know(mary, watchers, f"{count} {turn}") for turn in range(rounds)]
            last = percentile(seconds, 0.5) * 1000
            figures[f"D {count:,} watchers, last ms"] = Figure(last, watch.load)
    return figures


async def _until_all_know(mary: FastLink, watchers: list[FastLink], text: str) -> float:
    """Seconds from the change until the last of `watchers` has heard of it."""
    left, there, sign = len(watchers), asyncio.Event(), text.encode()

    def heard(data: bytes) -> None:
        nonlocal left
        if sign in data:
            left -= 1
            if left == 0:
                there.set()

    for link in watchers:
        link.on_people = heard
    frame = encode(SetPresence(1, {"StatusText": text}))
    started = time.perf_counter()
    mary.say(frame)
    await asyncio.wait_for(there.wait(), SECONDS_MAX)
    return time.perf_counter() - started

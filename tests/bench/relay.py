"""C: messages between people who are online."""

import asyncio

from tests.bench.accept import SENDERS
from tests.bench.driving import Arrivals, Pipeline, until_delivered
from tests.bench.fast_link import message, signed_in
from tests.bench.figures import Figure, Figures, spread
from tests.bench.scene import Scene
from tests.bench.watch import Watch
from tests.support.engine_process import EngineProcess

WINDOW = 50


async def relay(scene: Scene) -> Figures:
    """Two take turns, from handing a message over to having it; then twenty pairs at once, until all has arrived."""
    async with scene.engine() as engine:
        figures = await _ping_pong(engine, 300 if scene.quick else 2_000)
        return {**figures, "C relayed /s": await relayed(engine, 100 if scene.quick else 1_000)}


async def _ping_pong(engine: EngineProcess, rounds: int) -> Figures:
    ends = [await signed_in(engine, f"end-{number}") for number in range(2)]
    frames = [message(ends[(number + 1) % 2].handle) for number in range(rounds)]
    with Watch(engine) as watch:
        seconds = [
            await until_delivered(
                ends[(number + 1) % 2], lambda number=number: ends[number % 2].say(frames[number])
            )
            for number in range(rounds)
        ]
    return spread("C ping-pong", seconds, watch.load)


async def relayed(engine: EngineProcess, each: int) -> Figure:
    """Messages a second that twenty pairs get through, `each` of them a pair."""
    left = [await signed_in(engine, f"left-{number}") for number in range(SENDERS)]
    right = [await signed_in(engine, f"right-{number}") for number in range(SENDERS)]
    lines = [
        Pipeline(link, [message(to.handle) for _ in range(each)], WINDOW)
        for link, to in zip(left, right, strict=True)
    ]
    there = [Arrivals(link, each) for link in right]
    with Watch(engine) as watch:
        await asyncio.gather(*(line.run() for line in lines), *(those.all() for those in there))
    return Figure(SENDERS * each / watch.seconds, watch.load)

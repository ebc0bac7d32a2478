"""X: what two who chat feel of what others do."""

import asyncio
import time
from collections.abc import Awaitable, Callable, Mapping
from types import MappingProxyType

from tact_engine.wire.codec import encode
from tact_engine.wire.frames import SetPresence
from tests.bench.bystanders import chatting
from tests.bench.driving import Pipeline, arrivals_after, pipelined
from tests.bench.fast_link import Deaf, dialled, message, own_key, signed_in
from tests.bench.figures import Figure, Figures, percentile
from tests.bench.idle import all_signed_in
from tests.bench.prepared import person
from tests.bench.scene import Scene
from tests.bench.watch import Watch
from tests.support.engine_process import EngineProcess

Disturbance = Callable[[], Awaitable[object]]


async def fairness(scene: Scene) -> Figures:
    """Each disturbance on an engine of its own; the chat before it and during it."""
    figures: dict[str, Figure] = {}
    people = 100 if scene.quick else 1_000
    calm = 0.5 if scene.quick else 2
    for name, begin in DISTURBANCES.items():
        async with scene.engine(name, await scene.past.of(people)) as engine:
            figures |= await _felt(engine, name, await begin(engine, scene.quick), calm)
    return figures


async def _felt(engine: EngineProcess, name: str, disturb: Disturbance, calm: float) -> Figures:
    async with chatting(engine) as bystanders:
        began = time.perf_counter()
        await asyncio.sleep(calm)
        with Watch(engine) as watch:
            await disturb()
            ended = time.perf_counter()
    figures: dict[str, Figure] = {}
    spans = (("before", began, watch.since, None), ("during", watch.since, ended, watch.load))
    for word, begin, end, load in spans:
        felt = bystanders.during(begin, end)
        figures[f"X {name}, {word}: p50 ms"] = Figure(percentile(felt, 0.5) * 1000, load)
        figures[f"X {name}, {word}: worst ms"] = Figure(max(felt) * 1000, load)
    return figures


async def _flush(engine: EngineProcess, quick: bool) -> Disturbance:
    """Somebody comes back to whom 10,000 have been written."""
    count, mary = (1_000 if quick else 10_000), person(0)
    await pipelined(await signed_in(engine, "tom"), [message(mary) for _ in range(count)])
    link = await dialled(engine, mary)
    frame = await link.sign_in_frame(own_key())
    return lambda: arrivals_after(link, count, lambda: link.say(frame))


async def _flood(engine: EngineProcess, quick: bool) -> Disturbance:
    """Somebody writes as fast as the line takes it; no quota holds them here."""
    count = 2_000 if quick else 20_000
    line = Pipeline(await signed_in(engine, "tom"), [message(person(0)) for _ in range(count)], window=1_000)
    return line.run


async def _stopped_reader(engine: EngineProcess, quick: bool) -> Disturbance:
    """Somebody is written to who does not read, nor what others tell of themselves."""
    count = 500 if quick else 5_000
    mary, tom = await signed_in(engine, "mary"), await signed_in(engine, "tom")
    changes = [encode(SetPresence(turn + 1, {"StatusText": f"text {turn}"})) for turn in range(count)]
    frames = [
        frame for pair in zip(changes, (message("mary") for _ in changes), strict=True) for frame in pair
    ]
    line = Pipeline(tom, frames)
    mary.stop_reading()
    return line.run


async def _storm(engine: EngineProcess, quick: bool) -> Disturbance:
    """Everybody signs in."""
    people = map(person, range(100 if quick else 1_000))
    return lambda: all_signed_in(engine, people, Deaf)


DISTURBANCES: Mapping[str, Callable[[EngineProcess, bool], Awaitable[Disturbance]]] = MappingProxyType(
    {"flush": _flush, "flood": _flood, "stopped reader": _stopped_reader, "sign-in storm": _storm}
)

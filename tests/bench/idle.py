"""E: an engine starts, people sign in, and then nothing happens: what that takes in time and memory."""

import asyncio
import time
from collections.abc import Callable, Iterable
from itertools import cycle, islice
from typing import TypeVar

from tact_engine.wire.codec import encode
from tact_engine.wire.frames import SetPresence
from tests.bench.driving import until_done
from tests.bench.fast_link import Deaf, FastLink, dialled, own_key, signed_in
from tests.bench.figures import Figure, Figures
from tests.bench.prepared import person
from tests.bench.scene import Scene
from tests.bench.watch import Watch, resident_mib
from tests.support.engine_process import EngineProcess

AT_ONCE = 20
FEW = 20
L = TypeVar("L", bound=FastLink)


async def idle(scene: Scene) -> Figures:
    """Start-up, then 1,000 people who come and stay, then a few who come and go."""
    people = 200 if scene.quick else 1_000
    with scene.stopped_engine("new") as engine:
        engine.start()
        engine.stop()  # it has made its key and its tables
        seconds = await start_up(engine)
        figures = {
            "E start-up s": Figure(seconds),
            "E memory after start-up MiB": Figure(resident_mib(engine.pid)),
        }
    async with scene.engine("many", await scene.past.of(people)) as engine:
        figures |= await _come_and_stay(engine, people)
    async with scene.engine("few", await scene.past.of(FEW)) as engine:
        return {**figures, **await _come_and_go(engine, people)}


async def start_up(engine: EngineProcess) -> float:
    """Seconds from starting the process to its greeting on the first connection."""
    started = time.perf_counter()
    engine.start()
    link = await dialled(engine, person(0))
    await link.sign_in_frame(own_key())
    seconds = time.perf_counter() - started
    link.abort()
    return seconds


async def all_signed_in(
    engine: EngineProcess, handles: Iterable[str], kind: Callable[[str], L], stay: bool = True
) -> list[L]:
    """Links for all `handles`, some at a time; those who do not `stay` sign out again at once."""
    links: list[L] = []
    line = iter(handles)

    async def work() -> None:
        for handle in line:
            link = await dialled(engine, handle, kind)
            await link.sign_in(own_key())
            if stay:
                links.append(link)
            else:
                await link.leave()

    await asyncio.gather(*(work() for _ in range(AT_ONCE)))
    return links


async def _come_and_stay(engine: EngineProcess, people: int) -> Figures:
    """Each connects, signs in and is welcomed, and hears who is here and who comes after them."""
    first = await signed_in(engine, "mary")
    before = resident_mib(engine.pid)
    with Watch(engine) as watch:
        links = await all_signed_in(engine, map(person, range(people)), Deaf)
    await until_done(first, encode(SetPresence(1, {"StatusText": "all here"})))
    more = resident_mib(engine.pid) - before
    return {
        f"E logins /s, {people:,} who all see one another": Figure(people / watch.seconds, watch.load),
        f"E KiB per connection, {people:,} of them": Figure(more * 1024 / len(links)),
    }


async def _come_and_go(engine: EngineProcess, times: int) -> Figures:
    """Twenty people in all come and go again, over and over."""
    handles = islice(cycle(map(person, range(FEW))), times)
    with Watch(engine) as watch:
        await all_signed_in(engine, handles, Deaf, stay=False)
    return {"E logins /s, few people": Figure(times / watch.seconds, watch.load)}

"""How links are driven: many frames in the air at a time, or one after the other."""

import asyncio
import time
from collections.abc import Awaitable, Callable, Sequence
from itertools import accumulate

from tests.bench.fast_link import SECONDS_MAX, FastLink, on_the_wire

WINDOW = 250


class Pipeline:
    """Frames made ready to go over `link`, up to `window` of them unanswered at a time.

    Whatever may go when answers came in, goes in one write.
    """

    def __init__(self, link: FastLink, frames: Sequence[bytes], window: int = WINDOW) -> None:
        wires = [on_the_wire(frame) for frame in frames]
        self._wire = memoryview(b"".join(wires))
        self._ends = [0, *accumulate(map(len, wires))]
        self._link, self._count, self._window = link, len(frames), window
        self._sent = self._answered = 0
        self._scheduled = False
        self._finished = asyncio.Event()

    async def run(self) -> None:
        """Until all frames are answered."""
        self._link.on_done = self._done
        self._flow()
        await asyncio.wait_for(self._finished.wait(), SECONDS_MAX)

    def _done(self) -> None:
        self._answered += 1
        if not self._scheduled:
            self._scheduled = True
            asyncio.get_running_loop().call_soon(self._flow)

    def _flow(self) -> None:
        self._scheduled = False
        until = min(self._answered + self._window, self._count)
        if until > self._sent:
            self._link.write(bytes(self._wire[self._ends[self._sent] : self._ends[until]]))
            self._sent = until
        elif self._answered == self._count:
            self._finished.set()


async def pipelined(link: FastLink, frames: Sequence[bytes], window: int = WINDOW) -> None:
    """Send all `frames`, up to `window` of them unanswered at a time; until all are answered."""
    await Pipeline(link, frames, window).run()


async def closed(link: FastLink, frames: Sequence[bytes]) -> list[float]:
    """Send each of `frames` once the one before is answered; how many seconds each took."""
    return [await until_done(link, frame) for frame in frames]


async def until_done(link: FastLink, frame: bytes) -> float:
    """Seconds from sending `frame` to its answer."""
    done: asyncio.Future[float] = asyncio.get_running_loop().create_future()
    link.on_done = lambda: done.set_result(time.perf_counter())
    wire = on_the_wire(frame)
    started = time.perf_counter()
    link.write(wire)
    return await done - started


async def until_delivered(link: FastLink, act: Callable[[], None]) -> float:
    """Seconds from `act` to the next delivery at `link`."""
    first, _ = await arrivals_after(link, 1, act)
    return first


async def arrivals_after(link: FastLink, count: int, act: Callable[[], None]) -> tuple[float, float]:
    """Seconds from `act` to the first and to the last of `count` messages at `link`."""
    there = Arrivals(link, count)
    started = time.perf_counter()
    act()
    await there.all()
    return there.first - started, there.last - started


class Arrivals:
    """The next `count` messages at `link`: when the `first` and the `last` of them came."""

    def __init__(self, link: FastLink, count: int) -> None:
        self.first = self.last = 0.0
        self._left, self._there = count, asyncio.Event()
        link.on_done = lambda: None
        link.on_delivered = self._delivered

    def all(self) -> Awaitable[bool]:
        """Until they are there."""
        return asyncio.wait_for(self._there.wait(), SECONDS_MAX)

    def _delivered(self, number: int) -> None:
        self.last = time.perf_counter()
        self.first = self.first or self.last
        self._left -= number
        if self._left <= 0:
            self._there.set()

"""R: the presence of a recipient changes, and what waits for that goes."""

from collections.abc import Iterator

from tact_engine.core.conditions import Condition, one_group
from tact_engine.wire.codec import encode
from tact_engine.wire.frames import SetPresence
from tests.bench.accept import signed_in_senders
from tests.bench.driving import Pipeline, arrivals_after, closed, pipelined, until_done
from tests.bench.fast_link import FastLink, message, signed_in
from tests.bench.figures import Figure, Figures, percentile, spread
from tests.bench.scene import Scene
from tests.bench.watch import Watch
from tests.support.engine_process import EngineProcess

MATCHES = one_group(("UserMood", "eq", "HAPPY"))
CONDITIONS = tuple(
    one_group(("UserMood", "in", ("SAD", "BORED")), ("StatusText", "contains", f"reason {number}"))
    for number in range(100)
)
"""What is waited for beside it: it asks for what changes, and is never true."""
HAPPY, ANGRY, SLEEPY = (encode(SetPresence(1, {"UserMood": mood})) for mood in ("HAPPY", "ANGRY", "SLEEPY"))
AT_ONCE = 10_000


async def release(scene: Scene) -> Figures:
    """From a presence change to the messages it releases, or to its answer where it releases none."""
    async with scene.engine() as engine:
        office = await Office.of(engine)
        figures = {**await office.measured(10, scene.quick), **await office.measured(1_000, scene.quick)}
        if not scene.quick:
            figures |= await office.measured(100_000, scene.quick)
        return figures


class Office:
    """Mary, for whom much waits, Tom, whose messages match, and twenty others, whose messages do not."""

    def __init__(self, engine: EngineProcess, mary: FastLink, tom: FastLink, others: list[FastLink]) -> None:
        self.tom, self.others = tom, others
        self._engine, self._mary = engine, mary
        self._waiting = 0

    @classmethod
    async def of(cls, engine: EngineProcess) -> "Office":
        """All of them signed in."""
        mary = await signed_in(engine, "mary", UserMood="ANGRY")
        return cls(engine, mary, await signed_in(engine, "tom"), await signed_in_senders(engine))

    async def measured(self, waiting: int, quick: bool) -> Figures:
        """All figures with so many `waiting`, the matching ones among them."""
        rounds, figures = (50 if quick else 300), dict[str, Figure]()
        for matching, times in ((10_000, 1), (100, 5 if quick else 20)):
            if matching < waiting:
                figures |= await self._many(waiting, matching, times)
        figures |= await self.one(waiting, rounds)
        await self.wait(waiting)
        with Watch(self._engine) as watch:
            seconds = await closed(self._mary, (SLEEPY, ANGRY) * (rounds // 2))
        return figures | spread(f"R {waiting:,} waiting, none matches", seconds, watch.load)

    async def one(self, waiting: int, rounds: int) -> Figures:
        """How long the only one that matches takes."""
        await self.wait(waiting - 1)
        seconds: list[float] = []
        with Watch(self._engine) as watch:
            for _ in range(rounds):
                seconds.append((await self._released(1))[0])
        return spread(f"R {waiting:,} waiting, 1 matches", seconds, watch.load)

    async def wait(self, count: int) -> None:
        """See that `count` messages wait that do not match, under up to a hundred conditions of twenty senders."""
        frames = [message("mary", when) for when in _conditions(self._waiting, count)]
        self._waiting = max(count, self._waiting)
        for start in range(0, len(frames), AT_ONCE):
            some = frames[start : start + AT_ONCE]
            for place, link in enumerate(self.others):
                await Pipeline(link, some[place :: len(self.others)]).run()

    async def _many(self, waiting: int, matching: int, times: int) -> Figures:
        await self.wait(waiting - matching)
        with Watch(self._engine) as watch:
            pairs = [await self._released(matching) for _ in range(times)]
        name = f"R {waiting:,} waiting, {matching:,} match"
        return {
            f"{name}, {word} ms": Figure(percentile([pair[place] for pair in pairs], 0.5) * 1000, watch.load)
            for place, word in enumerate(("first", "last"))
        }

    async def _released(self, count: int) -> tuple[float, float]:
        """Let `count` matching messages wait, then match; seconds to the first and the last."""
        await pipelined(self.tom, [message("mary", MATCHES) for _ in range(count)])
        taken = await arrivals_after(self._mary, count, lambda: self._mary.say(HAPPY))
        await until_done(self._mary, ANGRY)
        return taken


def _conditions(start: int, end: int) -> Iterator[Condition]:
    """A sender's place in the line decides their conditions, so that there are a hundred in all."""
    return (CONDITIONS[number % len(CONDITIONS)] for number in range(start, end))

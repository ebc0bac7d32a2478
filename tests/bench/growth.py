"""F: does it matter how much is stored for others?"""

from contextlib import AsyncExitStack
from dataclasses import dataclass, field

from tests.bench.accept import accepted
from tests.bench.driving import arrivals_after, pipelined
from tests.bench.fast_link import dialled, message, own_key, signed_in
from tests.bench.figures import Figure, Figures, percentile
from tests.bench.idle import start_up
from tests.bench.prepared import person
from tests.bench.release import Office
from tests.bench.scene import Scene
from tests.bench.watch import resident_mib
from tests.support.engine_process import EngineProcess

PEOPLE = 1_000
FLUSHED = 1_000
TURNS, TURNS_QUICK = 5, 3
ACCEPTED_A_TURN, RELEASED_A_TURN = 4_000, 60


async def growth(scene: Scene) -> Figures:
    """The same small A, B and R on engines with and without much for others, in turns, so that all have the same
    neighbours; as how many times as long as on the one where nothing is stored."""
    figures: dict[str, Figure] = {}
    async with AsyncExitStack() as stack:
        counts = (0, 100_000) if scene.quick else (0, 100_000, 1_000_000)
        pasts = [await scene.past.of(PEOPLE, stored) for stored in counts]
        engines = [stack.enter_context(scene.stopped_engine(data.name, data)) for data in pasts]
        sites = [await Site.of(*each) for each in zip(engines, counts, strict=True)]
        for _ in range(TURNS_QUICK if scene.quick else TURNS):
            for site in sites:
                await site.turn()
        empty = sites[0]
        figures["F start-up, nothing stored, s"] = Figure(empty.started_in)
        for site in sites[1:]:
            figures |= site.compared(empty)
    return figures


@dataclass(frozen=True, slots=True)
class Site:
    """One engine with its past: how it started, and how long each turn of A, B and R took."""

    engine: EngineProcess
    office: Office
    stored: int
    started_in: float
    memory_mib: float
    times: dict[str, list[float]] = field(default_factory=dict[str, list[float]])

    @classmethod
    async def of(cls, engine: EngineProcess, stored: int) -> "Site":
        """Start `engine`, for which so many messages are stored."""
        seconds = await start_up(engine)
        memory = resident_mib(engine.pid)
        return cls(engine, await Office.of(engine), stored, seconds, memory)

    async def turn(self) -> None:
        """A little of each."""
        recipients = [person(number) for number in range(PEOPLE)]
        rate = await accepted(self.engine, self.office.others, recipients, ACCEPTED_A_TURN)
        self._took("A", 1 / rate.value)
        self._took("B", await self._flush())
        one = await self.office.one(10, RELEASED_A_TURN)
        self._took("R", one["R 10 waiting, 1 matches, p50 ms"].value)

    async def _flush(self) -> float:
        """Seconds until somebody who signs in has all of what waited for them."""
        jane = await signed_in(self.engine, "jane")
        await jane.leave()
        await pipelined(self.office.tom, [message("jane") for _ in range(FLUSHED)])
        jane = await dialled(self.engine, "jane")
        frame = await jane.sign_in_frame(own_key())
        _, last = await arrivals_after(jane, FLUSHED, lambda: jane.say(frame))
        await jane.leave()
        return last

    def _took(self, work: str, seconds: float) -> None:
        self.times.setdefault(work, []).append(seconds)

    def compared(self, empty: "Site") -> Figures:
        """As how many times what it takes on the `empty` engine."""
        figures = {
            f"F {work}, {self.stored:,} others stored, times": Figure(
                percentile(times, 0.5) / percentile(empty.times[work], 0.5)
            )
            for work, times in self.times.items()
        }
        size = (self.engine.data / "engine.db").stat().st_size
        return figures | {
            f"F start-up, {self.stored:,} stored, s": Figure(self.started_in),
            f"F more memory with {self.stored:,} stored, MiB": Figure(self.memory_mib - empty.memory_mib),
            f"F database with {self.stored:,} stored, MiB": Figure(size / 2**20),
        }

"""Kills: a real engine is killed again and again, at named points and at random times, over one data folder.

Several people send, change, take back, acknowledge, come and go over real links. After each kill they sign in again and
ask again whatever was not answered. In the end all are there and in the best of moods, time passes, and every message
must have come to the end that its sender was told; what the database then still holds of them is nothing.
"""

import asyncio
import os
import signal
import sqlite3
import tempfile
from collections import Counter
from collections.abc import Awaitable, Callable
from contextlib import suppress
from pathlib import Path
from random import Random

from tact_engine.faults import POINTS
from tests.proof.campaigns import Verdict
from tests.proof.kills.ledger import DEFAULTS, Ledger
from tests.proof.kills.link import Gone
from tests.proof.kills.person import Person
from tests.support.engine_process import EngineProcess

KILLS_A_FOLDER = 20
AT_POINTS = 0.6
AT_RANDOM = "at a random time"
HANDLES = ("tom", "mary", "john", "ann")
OPTIONS = ("--driven-clock", "--limit", "ballast_mib=0", "--limit", "disk_free_min_mib=0")
IN_STARTING = ("while_starting", "after_starting")
MET_BY_START = ("before_begin", "in_transaction", "before_commit", "after_commit")
TIMES_MAX = {"while_forgetting": 1, "before_checkpoint": 3, "after_checkpoint": 3}
IN_HOUSEKEEPING = tuple(TIMES_MAX)
ACTIONS = 8
ROUNDS_MAX = 40
NEVER = 2**63
DAY = 24 * 3600
MUST = (
    "answered: submit", "answered: edit", "answered: send_now", "asked again", "came", "came again",
    "delivered", "read", "expired", "withdrawn", "too late",
)  # fmt: skip


def run(count: int, seed: int) -> Verdict:
    """`count` kills, up to 20 over one folder each; ends at the first folder that shows a failure."""
    verdict = Verdict(0)
    while verdict.runs < count and not verdict.failures:
        some = min(KILLS_A_FOLDER, count - verdict.runs)
        verdict += asyncio.run(_folder(some, seed + verdict.runs))
    return verdict


async def _folder(count: int, seed: int) -> Verdict:
    plan = _plan(count, Random(seed))
    met = Counter(dict.fromkeys((f"killed {point}" for point, _ in plan), 0))
    with tempfile.TemporaryDirectory(prefix="tact-kills-") as folder:
        world = World(Path(folder) / "data", seed)
        try:
            await world.live_through(plan)
        except (AssertionError, TimeoutError, Gone) as error:
            world.ledger.breaks("the engine runs, answers and dies as it should", repr(error))
        finally:
            await world.clean_up()
    met.update(world.killed)
    met.update(dict.fromkeys(MUST, 0) if count >= KILLS_A_FOLDER and not world.ledger.broken else {})
    met.update(world.ledger.met)
    again = f"(python3 dev soak kills --seed {seed} --count {count}; after {world.killed.total()} kills)"
    return Verdict(count, tuple(f"{each} {again}" for each in world.ledger.broken[:5]), met)


def _plan(count: int, chance: Random) -> list[tuple[str, int]]:
    """Where to kill, and at which time of reaching it: each point at least once in 20, the rest at random times."""
    points = list(POINTS)
    chance.shuffle(points)
    named = [points[place % len(points)] for place in range(round(count * AT_POINTS))]
    where = [*named, *[AT_RANDOM] * (count - len(named))]
    chance.shuffle(where)
    return [(point, _time(point, chance)) for point in where]


def _time(point: str, chance: Random) -> int:
    if point in IN_STARTING:
        return 1
    return chance.randint(1, TIMES_MAX.get(point, 60 if point == AT_RANDOM else 25))


class World:
    """An office whose engine dies; what its people know is in the ledger."""

    def __init__(self, data: Path, seed: int) -> None:
        self.ledger, self.killed = Ledger(), Counter[str]()
        self._data, self._port, self._passed = data, 0, 0.0
        self._chance = Random(f"{seed} world")
        self._people = [
            Person(each, [other for other in HANDLES if other != each], self.ledger, seed) for each in HANDLES
        ]
        for person in self._people:
            person.on_event = self._on_event
        self._engine = EngineProcess(data)
        self._kill_at: int | None = None
        self._next_move = 0

    async def live_through(self, plan: list[tuple[str, int]]) -> None:
        """One life after the other, then the end of the world."""
        for point, time in plan:
            await self._life(point, time)
            if self.ledger.broken:
                return
        await self._end()

    async def clean_up(self) -> None:
        """Leave nothing running."""
        await self._all(Person.drop)
        self._engine.clean_up()

    # --- one life --------------------------------------------------------------------------------------------------

    async def _life(self, point: str, time: int) -> None:
        """The engine starts, people do things, and it dies."""
        self._kill_at = self.ledger.tick + time * 5 if point == AT_RANDOM else None
        self._next_move = self.ledger.tick + 20
        if not self._start(point, time):
            self.killed[f"killed {point}"] += 1
            return
        try:
            await self._all(lambda each: each.come(self._engine.address))
            for _ in range(ROUNDS_MAX):
                await self._all(lambda each: each.act(ACTIONS, self._engine.address))
                if point in IN_HOUSEKEEPING:
                    await self._keep_house(point)
        except Gone:
            pass
        await self._all(Person.drop)
        code = self._engine.ended(10)
        assert code == -signal.SIGKILL, f"{point}:{time}: the engine ended with {code}: {self._engine.said}"
        self.killed[f"killed {point}"] += 1

    def _start(self, point: str, time: int) -> bool:
        """Start an engine that is to die at `point`; False where that was before it listened."""
        fault = ("--fault", f"{point}:{time}") if point in POINTS else ()
        self._engine = EngineProcess(self._data, *OPTIONS, *fault, port=self._port)
        if point in IN_STARTING or (time == 1 and point in MET_BY_START):
            code, said = self._engine.fails()
            assert code == -signal.SIGKILL, f"{point}:{time}: the start ended with {code}: {said}"
            return False
        self._engine.start()
        self._port = self._engine.port
        self._let_pass(self._passed, again=True)
        return True

    async def _keep_house(self, point: str) -> None:
        """Let enough time pass for housekeeping; for tombstones to be forgotten, once all is quiet."""
        seconds = 21
        if point == "while_forgetting":
            await self._quiet()
            seconds = 31 * DAY
        await self._until_passed(seconds)

    def _on_event(self) -> None:
        """Now and then a little time passes, and the moment of a random kill comes."""
        tick = self.ledger.tick
        if self._kill_at is not None and tick >= self._kill_at and self._engine.alive:
            self._kill_at = None
            self._engine.signal(signal.SIGKILL)
        if tick >= self._next_move:
            self._next_move = tick + self._chance.randint(20, 60)
            self._let_pass(self._chance.choice((1, 5, 11, 21, 61)))

    # --- the end ---------------------------------------------------------------------------------------------------

    async def _end(self) -> None:
        """All come, everything due happens, and the books are compared."""
        self._kill_at = None
        self._next_move = NEVER
        self._start("", 0)
        # To have been away for once lets every `edge` be met that was accepted only now.
        await self._all(lambda each: each.come(self._engine.address, DEFAULTS))
        await self._all(Person.leave)
        await self._all(lambda each: each.come(self._engine.address, DEFAULTS))
        await self._quiet()
        self.ledger.check_prompt()
        for seconds in (3600, 31 * DAY, 8 * DAY):
            await self._until_passed(seconds)
            await self._quiet()
        await self._all(Person.leave)
        code = self._engine.stop()
        assert (code, self._engine.said) == (0, ""), (code, self._engine.said)
        self.ledger.check_copies()
        self.ledger.check_edits()
        self.ledger.check_accounted()
        self._check_database()

    def _check_database(self) -> None:
        """Nothing waits, nothing is on its way, no text is left, and the file is sound."""
        database = sqlite3.connect(self._data / "engine.db")
        try:
            for table in ("waiting", "released", "body"):
                left = database.execute(f"SELECT * FROM {table} LIMIT 3").fetchall()
                if left:
                    self.ledger.breaks("I6, accounted for", f"in the end there is in {table}: {left}")
            sound = database.execute("PRAGMA integrity_check").fetchone()
            if sound != ("ok",):
                self.ledger.breaks("I1, durable", f"the database is damaged: {sound}")
        finally:
            database.close()

    # --- what all do together --------------------------------------------------------------------------------------

    async def _all(self, do: Callable[[Person], Awaitable[None]]) -> None:
        """Everybody does something at once; ends when all have, and then with what went wrong for the first."""

        async def done(person: Person) -> None:
            await do(person)

        results = await asyncio.gather(*(done(each) for each in self._people), return_exceptions=True)
        failed = [each for each in results if each is not None]
        for each in sorted(failed, key=lambda error: isinstance(error, Gone)):
            raise each

    async def _quiet(self) -> None:
        """Until everything is acknowledged and noted, and nothing more comes of it."""
        moves = -1
        while moves != self.ledger.moves:
            moves = self.ledger.moves
            for _ in range(2):
                await self._all(Person.settle)

    async def _until_passed(self, seconds: float) -> None:
        """Let time pass, until the engine says that it has."""
        first = self._people[0]
        before = await first.look_at_the_clock()
        self._let_pass(seconds)
        while await first.look_at_the_clock() < before + seconds * 1000:
            pass

    def _let_pass(self, seconds: float, *, again: bool = False) -> None:
        """Drive the clock, unless the engine is dead; `again`: what had passed already for an earlier engine."""
        process = self._engine._process
        if process is None or process.stdin is None:
            return
        with suppress(BrokenPipeError):  # what cannot be written must not be left in a buffer
            os.write(process.stdin.fileno(), f"advance {seconds}\n".encode())
            self._passed += 0 if again else seconds

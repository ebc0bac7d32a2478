"""A clock that is wrong: a real engine whose wall clock jumps while all that time can do is under way.

In every run messages wait for a mood, an instant, a dwell, an editor and an acknowledgement, somebody is in a meeting
until a time, and somebody has just dropped off. Then the wall clock jumps, or the computer sleeps, or the engine starts
again with a clock that is behind. UTC decides about stamps, ends and instants, the monotonic clock about waiting times.
"""

import asyncio
import tempfile
from collections import Counter
from pathlib import Path
from random import Random

from tests.proof.campaigns import Verdict
from tests.proof.clocks.law import Kind, broken_by
from tests.proof.clocks.world import DAYS_30, NeverHappened, World
from tests.support.engine_process import EngineProcess

HOUR, DAY = 3600, 24 * 3600
JUMPS = {
    "an hour forward": HOUR,
    "an hour back": -HOUR,
    "a year forward": 365 * DAY,
    "back over an expiry": -10 * 60,
    "eight hours of sleep": 8 * HOUR,
    "a restart with a clock that is behind": -2 * DAY,
}
CASES = tuple(JUMPS)
ENDS = ("expired", "delivered", "still held")
MOVES_MAX = 4
JUMP_SECONDS = (30, 299, 301, HOUR, 7 * HOUR, 3 * DAY, 40 * DAY)


def run(count: int, seed: int) -> Verdict:
    """So many wrong clocks, one kind after the other; what else moves is chance."""
    arrivals = [f"arrived after {kind}" for kind in Kind]
    verdict = Verdict(0, (), dict.fromkeys((*CASES, *ENDS, *arrivals), 0))
    for each in range(seed, seed + count):
        verdict += _one(each)
    return verdict


def _one(seed: int) -> Verdict:
    case, met = CASES[seed % len(CASES)], Counter[str]()
    with tempfile.TemporaryDirectory(prefix="tact-clocks-") as folder:
        engine = EngineProcess(Path(folder) / "engine", "--driven-clock")
        try:
            engine.start()
            problems = asyncio.run(_played(World(engine, Path(folder)), case, Random(seed), met))
            if (engine.stop(), engine.said) != (0, ""):
                problems.append(f"the engine ended badly: {engine.said}")
        finally:
            engine.clean_up()
    met[case] += 1
    replay = f"({case}; see it again: python3 dev soak clocks --seed {seed} --count 1)"
    return Verdict(1, tuple(f"{each} {replay}" for each in problems), met)


async def _played(world: World, case: str, chance: Random, met: Counter[str]) -> list[str]:
    """The promises that were broken while it was played."""
    problems: list[str] = []
    try:
        async with world.running():
            await _play(world, case, chance)
    except NeverHappened as missing:
        problems.append(str(missing))
    problems += [each for item in world.items.values() for each in broken_by(item)]
    for item in world.items.values():
        states = item.states()
        met["expired" if "expired" in states else "delivered" if item.copies else "still held"] += 1
        met[f"arrived after {item.kind}"] += bool(item.copies)
    return problems + world.broken_for_people()


async def _play(world: World, case: str, chance: Random) -> None:
    if case == CASES[5]:
        await _killed_after_a_release(world, chance)
    await _let_wait(world, chance)
    if case == CASES[3]:
        await world.move(chance.randint(60, 100))  # what is valid for a minute is over
    world.lose_gil()
    await world.move(jumps=JUMPS[case])
    for _ in range(chance.randrange(MOVES_MAX)):
        await _some_move(world, chance)
    if case == CASES[5]:
        await world.restart(kill=chance.random() < 0.5)
    await world.move(11)
    await world.move(chance.randint(200, 500))
    await world.be_happy()
    await world.move(3_500)
    await world.ned_wakes()


async def _let_wait(world: World, chance: Random) -> None:
    """Something of everything."""
    await world.submit(Kind.LEASE)
    await world.be_available()
    for valid_for in (60, chance.randint(1_000, 3_000), chance.randint(5 * HOUR, 7 * HOUR), DAYS_30):
        await world.submit(Kind.MOOD, valid_for)
    for opens_in in (5, chance.randint(100, 1_000), chance.randint(5 * HOUR, 20 * HOUR)):
        valid_for = chance.choice((opens_in + 60, DAYS_30))
        await world.submit(Kind.NOT_BEFORE, max(60, valid_for), opens_in_ms=opens_in * 1000)
    for dwell in (chance.randint(5, 30), chance.randint(60, 600), 3_000):
        await world.submit(Kind.DWELL, chance.choice((dwell + 60, DAYS_30)), wait_ms=dwell * 1000)
    await world.submit(Kind.SILENCE, chance.choice((HOUR // 2, DAYS_30)))
    await world.meet(chance.choice((40, 20 * 60, 4 * HOUR)))


async def _some_move(world: World, chance: Random) -> None:
    if chance.random() < 0.4:
        await world.move(chance.choice((3, 11, 120, 601)))
    else:
        await world.move(jumps=chance.choice(JUMP_SECONDS) * chance.choice((1, -1)))


async def _killed_after_a_release(world: World, chance: Random) -> None:
    """All that the engine has told of a later time is that of a copy that nobody acknowledged; then it is killed."""
    item = await world.submit(Kind.SILENCE, opens_in_ms=2 * HOUR * 1000)
    await world.move(jumps=chance.randint(3, 20) * HOUR, settle=False)
    await world.heard_from_ned(item)
    await world.restart(kill=True)

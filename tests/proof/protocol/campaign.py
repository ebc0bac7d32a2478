"""Every frame gets an answer or a clean close: anything at all is said to a real engine, over real links.

Run i of `run(count, seed)` is decided by `seed + i`, and by what the runs before it have left behind in the engine.
"""

import asyncio
import random
import tempfile
from collections import Counter
from collections.abc import Coroutine, Iterable
from pathlib import Path
from typing import Any

from tact_engine.wire.frames import FRAMES, Side
from tests.proof.campaigns import Verdict
from tests.proof.protocol.actors import ANNA, BEA, Chatter, Office, Talkers
from tests.proof.protocol.link import BookedLink
from tests.support.engine_process import EngineProcess, engine_running

FAILURES_MAX = 5
HANDLES = [f"p{number}" for number in range(6)]
HELD_EVERY = 8
HELD_MAX = 100
MUST_FROM = 400
"""From so many sequences on, everything must have been met."""
NEVER = "requests"
"""In an engine that is open nobody has to ask to be let in."""
MUST = (
    *(f"{'said' if row.side is Side.CLIENT else 'heard'} {kind}" for kind, row in FRAMES.items()
      if kind != NEVER),
    *(f"closed with {code}" for code in (1000, 1002, 1007, 1009, 4003, 4004)),
    "asked about another's message", "asked about no message", "told why a message waits",
    "refused malformed_frame", "refused unknown_frame", "refused misplaced_frame",
)  # fmt: skip
OF_LINKS = ("net.listener.", "aiofastnet")
"""There the library logs what a link does against the rules of WebSocket; nobody else has to complain."""


def run(count: int, seed: int) -> Verdict:
    """`count` sequences, one after another in one engine."""
    failures: list[str] = []
    met = Counter(dict.fromkeys(MUST, 0) if count >= MUST_FROM else {})
    with tempfile.TemporaryDirectory(prefix="tact-") as folder:
        data = Path(folder)
        try:
            with engine_running(data) as engine:
                asyncio.run(_sequences(engine, count, seed, failures, met))
        except AssertionError as error:
            failures.append(f"the engine did not stay well: {error}\nagain: {_again(seed, count)}")
        failures += [f"the engine logged {line}\nagain: {_again(seed, count)}" for line in _complaints(data)]
    return Verdict(count, tuple(failures), met)


async def _sequences(
    engine: EngineProcess, count: int, seed: int, failures: list[str], met: Counter[str]
) -> None:
    office = Office(engine.address, HANDLES)
    talkers = Talkers(await office.link_of(ANNA), await office.link_of(BEA))
    warm = 0
    for handle in HANDLES:
        await office.link_of(handle)
    try:
        for number in range(seed, seed + count):
            if number == seed + count // 3:
                warm = _memory(engine.pid) if count >= MUST_FROM else 0
            try:
                await _sequence(number, office, talkers)
            except (AssertionError, OSError) as error:
                failures.append(f"{error or type(error).__name__}\nagain: {_again(number, 1)}")
                if len(failures) == FAILURES_MAX or not engine.alive:
                    return
        await talkers.happy()
        if warm:
            met[f"a part in which the engine grew by less than {_bound(_memory(engine.pid) - warm)}"] += 1
    finally:
        await office.close()
        met.update(office.world.met)


async def _sequence(number: int, office: Office, talkers: Talkers) -> None:
    """Some links say anything at all while Anna writes to Bea."""
    rng, name = random.Random(number), f"m{number}"
    talkers.write(f"{name}-anna")
    if not talkers.held or (number % HELD_EVERY == 0 and len(talkers.held) < HELD_MAX):
        talkers.write(f"{name}-later", later=True)
    people = rng.sample(HANDLES, rng.randrange(2, 4))
    ids = [f"{name}-anna", *talkers.held[-3:]]
    for _ in range(rng.randrange(1, 4)):
        links = [
            await (office.stranger() if rng.random() < 0.25 else office.link_of(rng.choice(people)))
            for _ in range(rng.randrange(1, 4))
        ]
        for link in links:
            Chatter(rng, office, link, ids, name).speak()
        different = tuple(dict.fromkeys(links))
        aborted = [rng.random() < 0.04 for _ in different]
        await _all_of(
            _end_of(link, office, aborted=ends) for link, ends in zip(different, aborted, strict=True)
        )
    await _all_of([office.tidy(handle) for handle in people if office.leftover[handle] or rng.random() < 0.5])
    await talkers.heard()


async def _all_of(steps: Iterable[Coroutine[Any, Any, None]]) -> None:
    """All of it at once; all of it ends, and the first failure counts."""
    for result in await asyncio.gather(*steps, return_exceptions=True):
        if result is not None:
            raise result


async def _end_of(link: BookedLink, office: Office, *, aborted: bool) -> None:
    """See that a link gets what it is owed, or is left without a word; and that no link stays that ends."""
    if aborted:
        link.raw.abort()
        await office.drop(link)
        return
    await link.settled()
    if link.phase == "asked":
        await link.until(lambda: link.phase != "asked", "an answer to its sign-in")
    if link.surely:
        await link.until(lambda: link.raw.closing is not None, "its end")
    if link.raw.closing is not None:
        await link.settled()
        office.world.met[f"closed with {link.raw.closing.code}"] += 1
    if link.raw.closing is not None or link.ending or not link.handle:
        await office.drop(link)


def _again(seed: int, count: int) -> str:
    return f"python3 dev soak protocol --seed {seed} --count {count}"


def _complaints(data: Path) -> list[str]:
    """The lines of the engine's log that say that something went wrong in it."""
    log = EngineProcess(data).log()
    return [
        str(line)[:1_000]
        for line in log
        if "trace" in line or (line["level"] != "info" and not str(line["in"]).startswith(OF_LINKS))
    ]


def _memory(pid: int) -> int:
    """How many KiB a process holds; 0 where the system does not tell."""
    try:
        lines = Path(f"/proc/{pid}/status").read_text().splitlines()
    except OSError:
        return 0
    return next(int(line.split()[1]) for line in lines if line.startswith("VmRSS"))


def _bound(kib: int) -> str:
    """The first round size above this one: what is kept for speed fills up in the first thousand sequences."""
    mib = 1
    while mib * 1024 <= kib:
        mib *= 2
    return f"{mib} MiB"

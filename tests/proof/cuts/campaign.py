"""A link cut at any byte loses and doubles nothing: two people at a real engine, one of them over a wire that is cut.

Cut i of `run(count, seed)` is where `seed + i` says: any row of numbers is spread evenly over all bytes that a whole
session has, of the sender and of the recipient, in both directions.
"""

import asyncio
import random
import tempfile
from collections import Counter
from collections.abc import AsyncGenerator, Generator
from contextlib import asynccontextmanager, contextmanager
from pathlib import Path
from unittest.mock import patch

from tact_engine.client import Address, Client, FoundEngine, TactError
from tests.proof.campaigns import Verdict
from tests.proof.cuts.people import MARY, MOMENTS, TOM, Letters, Person
from tests.support.cutting_proxy import Cut, CuttingProxy
from tests.support.engine_process import EngineProcess, engine_running

BOTH = "taken back while its copy was there"
FAILURES_MAX = 3
SESSION_SECONDS_MAX = 40
GOLDEN, WHOLE = 11_400_714_819_323_198_485, 2**64
"""Multiples of the golden ratio, whose fractions lie evenly wherever one begins and ends."""
PLACES = tuple((victim, up) for victim in (TOM, MARY) for up in (True, False))
MUST_FROM = 100
"""From so many cuts on, everything must have been met."""


def run(count: int, seed: int) -> Verdict:
    """`count` cuts, one after another at one engine."""
    failures: list[str] = []
    met = Counter(dict.fromkeys(_must(), 0) if count >= MUST_FROM else {})
    with tempfile.TemporaryDirectory(prefix="tact-") as folder, _hasty():
        try:
            with engine_running(Path(folder) / "engine") as engine:
                asyncio.run(_Cuts(engine, Path(folder), met).make(count, seed, failures))
        except AssertionError as error:
            failures.append(f"{error}\nagain: python3 dev soak cuts --seed {seed} --count {count}")
    return Verdict(count, tuple(failures), met)


def _must() -> tuple[str, ...]:
    places = (f"cut on the way {'from' if up else 'to'} {who}" for who, up in PLACES)
    return (
        *places,
        "taken back in time",
        "taken back too late",
        BOTH,
        "waited for a recipient who came later",
    )


@contextmanager
def _hasty() -> Generator[None]:
    """Clients that come back at once, and look for no other engine."""
    with (
        patch("tact_engine.client.client.RETRY_SECONDS_MIN", 0.005),
        patch("tact_engine.client.client.RETRY_SECONDS_MAX", 0.02),
        patch("tact_engine.client.discovery.find", _nothing_found),
    ):
        yield


async def _nothing_found(seconds: float, host: str = "") -> tuple[FoundEngine, ...]:
    del seconds, host
    return ()


class _Cuts:
    """One engine, and the two who talk over it again and again; who is cut comes anew each time."""

    def __init__(self, engine: EngineProcess, folder: Path, met: Counter[str]) -> None:
        self._engine, self._folder, self._met = engine, folder, met
        self._lengths: list[int] = []

    async def make(self, count: int, seed: int, failures: list[str]) -> None:
        """Measure a whole session, then cut `count` of them."""
        async with CuttingProxy(self._engine.address, random.Random(seed)) as proxy:
            for handle in (TOM, MARY):
                async with Client(handle, self._engine.address, profile=self._folder / handle):
                    pass  # now they have an account
            for victim in (TOM, MARY):
                await self._session(proxy, victim, random.Random(1), f"whole-{victim}", MOMENTS[0])
                self._lengths += proxy.passed
            for number in range(seed, seed + count):
                rng = proxy.rng = random.Random(number)
                victim, proxy.cut = self._place(number, rng)
                what = f"cut {number} of the link of {victim}, {proxy.cut}"
                direction = f"cut on the way {'from' if proxy.cut.up else 'to'} {victim}"
                before = proxy.cuts
                try:
                    await self._session(proxy, victim, rng, f"c{number}", rng.choice(MOMENTS))
                except (AssertionError, TactError) as error:
                    failures.append(
                        f"{what}: {error}\nagain: python3 dev soak cuts --seed {number} --count 1"
                    )
                    if len(failures) == FAILURES_MAX or not self._engine.alive:
                        return
                self._met[direction if proxy.cuts > before else "sessions that ended before the cut"] += 1

    def _place(self, number: int, rng: random.Random) -> tuple[str, Cut]:
        """Whose link is cut, and where."""
        after = number * GOLDEN % WHOLE * sum(self._lengths) // WHOLE
        for (victim, up), length in zip(PLACES, self._lengths, strict=True):
            if after < length:
                return victim, Cut(up, after, rude=rng.random() < 0.5)
            after -= length
        raise AssertionError("there is a place for each number")

    async def _session(
        self, proxy: CuttingProxy, victim: str, rng: random.Random, name: str, moment: str
    ) -> None:
        """A whole conversation in time, and what must be true at its end; AssertionError or Refused where it is not."""
        there = {TOM: self._engine.address, MARY: self._engine.address, victim: proxy.address}
        letters = Letters(name, rng, moment)
        try:
            async with asyncio.timeout(SESSION_SECONDS_MAX), self._person(TOM, there[TOM]) as tom:
                await self._conversation(tom, there[MARY], letters, comes_later=rng.random() < 0.5)
        except TimeoutError:
            raise AssertionError("a request was never answered") from None
        self._met["taken back too late" if letters.was_late else "taken back in time"] += 1
        self._met.update([BOTH] if letters.was_both else [])

    async def _conversation(
        self, tom: Person, there: Address, letters: Letters, *, comes_later: bool
    ) -> None:
        """Tom writes; Mary comes at once, or when all that was accepted."""
        asked = asyncio.create_task(letters.submit(tom))
        try:
            if comes_later:
                await asked
                self._met["waited for a recipient who came later"] += 1
            async with self._person(MARY, there) as mary:
                await letters.talk(tom, mary, asked)
        finally:
            asked.cancel()
            await asyncio.gather(asked, return_exceptions=True)

    @asynccontextmanager
    async def _person(self, handle: str, address: Address) -> AsyncGenerator[Person]:
        """Somebody who is at their computer meanwhile."""
        client = Client(handle, address, profile=self._folder / handle, acknowledge=False, wait=False)
        async with client, Person(client) as person:
            yield person

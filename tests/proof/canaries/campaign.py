"""Canaries: secrets and texts that exist nowhere else are looked for in all that an engine writes beside its database.

They are in messages, conditions, presence, names of computers, passwords, invitations, and in everything that is
refused or broken. Whatever the level of the log and however the engine ends, none is in a log, on standard output, on
standard error or in `running.json`. Passwords and codes are in no file at all, and of somebody who was removed nothing
is left a minute later.
"""

import asyncio
import re
import signal
import tempfile
from collections.abc import Mapping
from pathlib import Path
from random import Random
from types import MappingProxyType

from websockets.exceptions import WebSocketException

from tests.proof.campaigns import Verdict
from tests.proof.canaries.day import Day
from tests.proof.canaries.nest import Nest
from tests.support.engine_process import STOP_SECONDS_MAX, EngineProcess

OPTIONS = (
    "--driven-clock",
    *("--limit=ballast_mib=0", "--limit=strangers_per_address_max=0", "--limit=strangers_max=0"),
)
ROOM, NO_ROOM = "--limit=disk_free_min_mib=0", f"--limit=disk_free_min_mib={2**40}"
ENDS: Mapping[str, tuple[str, ...]] = MappingProxyType(
    {
        "stops": ("--log-level=DEBUG", ROOM),
        "is killed within a transaction": ("--log-level=DEBUG", ROOM, "--fault=in_transaction:20"),
        "is killed while it speaks": ("--log-level=INFO", ROOM, "--fault=while_speaking:60"),
        "crashes": ("--log-level=DEBUG", ROOM),
        "has no room on its disk": ("--log-level=INFO", NO_ROOM),
    }
)
"""How the engine ends its day → the options it has."""
HOUSEKEEPINGS_MAX, LOOKS, HOUSEKEEPING_SECONDS = 6, 10, 21
HASH = re.compile(rb"\$argon2id\$v=19\$[!-~]{40,120}")


class Loud(EngineProcess):
    """An engine of which nothing is lost that it says on standard output."""

    told = ""

    def ended(self, seconds: float = STOP_SECONDS_MAX) -> int:
        """Its end, with all it said."""
        assert self._process is not None
        assert self._process.stdout is not None
        self._process.wait(seconds)
        self.told += self._process.stdout.read()
        return super().ended(seconds)


def run(count: int, seed: int) -> Verdict:
    """`count` days; the one numbered i is the one that seed + i alone would be."""
    verdict = Verdict(0, met={f"the engine {end}": 0 for end in ENDS} if count >= len(ENDS) else {})
    while verdict.runs < count and not verdict.failures:
        verdict += asyncio.run(_day(seed + verdict.runs))
    return verdict


async def _day(number: int) -> Verdict:
    end = tuple(ENDS)[number % len(ENDS)]
    nest, found = Nest(Random(number)), list[str]()
    with tempfile.TemporaryDirectory(prefix="tact-canaries-") as folder:
        data = Path(folder) / "data"
        first = Loud(data, *OPTIONS, "--log-level=DEBUG", ROOM, as_in_an_office=True)
        last = Loud(data, *OPTIONS, *ENDS[end], as_in_an_office=True)
        try:
            await _all(first, last, end, nest, found, number)
        except (AssertionError, TimeoutError, OSError, WebSocketException) as error:
            found.append(f"the engine did not do its part: {error!r} {first.said[-600:]} {last.said[-600:]}")
        finally:
            first.clean_up()
            last.clean_up()
    again = f"(python3 dev soak canaries --seed {number} --count 1)"
    return Verdict(
        1, tuple(f"J13, told to nobody: {each} {again}" for each in found[:5]), {f"the engine {end}": 1}
    )


async def _all(first: Loud, last: Loud, end: str, nest: Nest, found: list[str], number: int) -> None:
    day = Day(first.start(), nest)
    for part in (day.claim, day.people_come, day.wrong_keys, day.noise):
        await part()
    if number % 2 == 0:  # else nothing but her own things is erased when she goes
        await day.messages("mary")
    found += _beside_the_database(first, nest)
    _plant_hashes(first.data, nest)
    await _settled(first)
    await day.mary_goes()
    found += await _nothing_left(first, nest)
    assert first.stop() == 0, first.said
    day.engine = last.start()
    await _second_half(day, last, end)
    found += _beside_the_database(last, nest, first.said, first.told, last.said, last.told)
    found += [f"{each}, when all is over" for each in nest.in_files(last.data, nest.for_ever | nest.gone)]


async def _second_half(day: Day, engine: Loud, end: str) -> None:
    """What is said to an engine that comes to an end in the middle of it."""
    for _ in range(20):
        await day.messages("anna")
        if not engine.alive or not end.startswith("is killed"):
            break
    assert ("disk_low" in day.codes) is (NO_ROOM in ENDS[end]), day.codes
    if engine.alive:
        engine.signal(signal.SIGABRT if end == "crashes" else signal.SIGTERM)
    code = engine.ended()
    killed = (-signal.SIGKILL,) if "killed" in end else (0,)
    # Who is told to crash writes down where its threads are, and may crash once more over one that goes on meanwhile.
    expected = (-signal.SIGABRT, -signal.SIGSEGV) if end == "crashes" else killed
    assert code in expected, f"it ended with {code}: {engine.said[-800:]}"


def _beside_the_database(engine: Loud, nest: Nest, *said: str) -> list[str]:
    """What is where only the engine itself should speak, and which passwords and codes are in any file."""
    logs = [*(engine.data / "logs").iterdir(), engine.data / "running.json"]
    written = [(path.name, path.read_bytes()) for path in logs if path.exists()]
    written += [("what it says", each.encode()) for each in said]
    assert any(content for _, content in written), "the engine wrote nothing"
    found = [f"{what} in {name}" for name, content in written for what in nest.found(content)]
    return found + nest.in_files(engine.data, nest.for_ever)


def _plant_hashes(data: Path, nest: Nest) -> None:
    """What is kept of mary's password must be there now, so that it can be found missing later."""
    content = b"".join(path.read_bytes() for path in data.glob("engine.db*"))
    hashes = sorted(set(HASH.findall(content)))
    assert len(hashes) == 2, f"tom and mary have a password each: {hashes}"
    for number, each in enumerate(hashes):
        nest.forms[f"hash {number}"] = (each,)
    there = [
        what
        for what in nest.forms
        if what.startswith(("status of", "place of", "alias of mary", "a computer of mary"))
    ]
    missing = [what for what in there if not nest.found(content, [what])]
    assert missing == [], f"what can be found missing later is there now, but for {missing}"


async def _settled(engine: Loud) -> None:
    """Let housekeeping come, so that nothing that was erased earlier takes with it what is erased later."""
    log = engine.data / "engine.db-wal"
    for _ in range(HOUSEKEEPINGS_MAX):
        engine.advance(HOUSEKEEPING_SECONDS)
        for _ in range(LOOKS):
            if not log.stat().st_size:
                return
            await asyncio.sleep(0.03)
    raise AssertionError("housekeeping never came")


async def _nothing_left(engine: Loud, nest: Nest) -> list[str]:
    """A minute after mary was removed nothing of hers is in any file, and one hash of the two."""
    left, hashes = list[str](), set[str]()
    for _ in range(HOUSEKEEPINGS_MAX):
        engine.advance(HOUSEKEEPING_SECONDS)
        for _ in range(LOOKS):
            left = nest.in_files(engine.data, nest.gone)
            hashes = {each[:6] for each in nest.in_files(engine.data, ["hash 0", "hash 1"])}
            if not left and len(hashes) == 1:
                return []
            await asyncio.sleep(0.03)
    return [f"{each}, a minute after she was removed" for each in left] or [f"hashes left: {hashes}"]

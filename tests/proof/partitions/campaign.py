"""A network that fails, in earnest: the engine on one host, people beside it and people behind a cable that breaks.

The hosts are network namespaces, the engine and the people real processes. In turn the cable is pulled, lets nothing
through in one direction, or nearly nothing in both, for about ten seconds, while everybody goes on sending, taking
back and changing moods. Then the cable is whole again, and nobody helps.
"""

import contextlib
import json
import subprocess
import sys
import tempfile
import threading
import time
from collections import Counter
from collections.abc import Callable, Generator
from pathlib import Path
from random import Random
from typing import Any

import pytest

from tests.proof.campaigns import Verdict
from tests.proof.partitions.law import Record, broken_promises
from tests.support.engine_process import EngineProcess
from tests.support.house import ROOT, clean_environment
from tests.support.networks import ADDRESSES, Cable, End, NoNetworks, cable

NEAR, FAR = ["anna", "ben"], ["mary", "tom"]
PULLED, ONE_WAY, SLOW = "cable pulled", "nothing goes one way", "8 kbit/s"
KINDS = (PULLED, ONE_WAY, SLOW)
LEFT_OUT = "left out, since this kernel has no tbf: " + SLOW
GRACE_MS = {PULLED: 2_000, ONE_WAY: 30_000, SLOW: 30_000}
"""Short where the far ones are to be seen going; else so long that nobody may see them go."""

LASTS_SECONDS = {PULLED: (9, 11), ONE_WAY: (13.5, 15), SLOW: (9, 11)}
"""In one direction so long that both sides have given up their links: then the far ones come back within the grace."""
BEFORE_SECONDS = 1.5
ANY_SECONDS_MAX = 60
OFFLINE_WITHIN_SECONDS = 25
SETTLED_WITHIN_SECONDS = 30
SLOTS = (2, 5, 10, 15, SETTLED_WITHIN_SECONDS)


def run(count: int, seed: int) -> Verdict:
    """So many partitions, kind after kind; skips where no namespaces can be made."""
    try:
        with cable():
            pass
    except NoNetworks as reason:
        pytest.skip(f"No network can be broken here: {reason}.")
    verdict = Verdict(0, (), dict.fromkeys(KINDS, 0))
    for each in range(seed, seed + count):
        verdict += _one(each)
        if LEFT_OUT in verdict.met:
            verdict += Verdict(0, (), {SLOW: 1})
    return verdict


def _one(seed: int) -> Verdict:
    kind, chance = KINDS[seed % len(KINDS)], Random(seed)
    replay = f"see it again: python3 dev soak partitions --seed {seed} --count 1"
    with tempfile.TemporaryDirectory(prefix="tact-partition-") as folder, cable() as joined:
        try:
            partition = Partition(Path(folder), joined, kind, chance, seed)
            return Verdict(1, tuple(f"{each} ({kind}; {replay})" for each in partition.play()), partition.met)
        except NoNetworks:
            if kind != SLOW:
                raise
            return Verdict(1, (), {LEFT_OUT: 1})


class Partition:
    """One failure of the network; `play` tells which promises were broken, `met` what happened."""

    def __init__(self, folder: Path, joined: Cable, kind: str, chance: Random, seed: int) -> None:
        self.met: Counter[str] = Counter({kind: 1})
        self._folder, self._cable, self._kind, self._chance, self._seed = folder, joined, kind, chance, seed
        self._sides: list[Side] = []
        self._engine = EngineProcess(
            folder / "engine",
            f"--limit=grace_ms={GRACE_MS[kind]}",
            host=ADDRESSES[End.ENGINE],
            prefix=joined.inside(End.ENGINE),
        )

    def play(self) -> list[str]:
        """Let it happen."""
        try:
            self._engine.start()
            self._sides = [self._side(End.ENGINE, NEAR), self._side(End.PEOPLE, FAR)]
            return self._broken_and_healed()
        except TimeoutError as never:
            return [str(never)]
        finally:
            for side in self._sides:
                side.end()
            self._engine.clean_up()

    def _broken_and_healed(self) -> list[str]:
        for side in self._sides:
            side.wait_for(side.all_say("ready"), "all are there", ANY_SECONDS_MAX)
        time.sleep(BEFORE_SECONDS)  # the partition shall come in the middle of something
        with self._failing():
            cut = time.monotonic()
            time.sleep(self._chance.uniform(*LASTS_SECONDS[self._kind]))
            if self._kind == PULLED:
                near = self._sides[0]
                near.wait_for(_all_gone(near), "I4: who has vanished is seen offline", ANY_SECONDS_MAX)
                gone = max(_gone_at(near))
                self.met[_slot("seen offline", gone - cut, (10, 15, OFFLINE_WITHIN_SECONDS))] += 1
            healed = time.monotonic()
        for side in self._sides:
            side.say("calm")
        for side in self._sides:
            side.wait_for(side.all_say("settled"), "everything is settled after the healing", ANY_SECONDS_MAX)
        records = sorted((r for side in self._sides for r in side.records), key=lambda r: r.at)
        settled = max(r.at for r in records if r.what == "settled")
        self.met[_slot("settled", settled - healed, SLOTS)] += 1
        self.met["messages"] += sum(r.what == "accepted" for r in records)
        self.met["links lost"] += sum(r.what == "is cut off" for r in records)
        for side in self._sides:
            side.end()
        problems = broken_promises(records, FAR, (cut, healed), offline=self._kind == PULLED)
        problems += [side.said for side in self._sides if side.said]
        if (self._engine.stop(), self._engine.said) != (0, ""):
            problems.append(f"the engine ended badly: {self._engine.said}")
        return problems

    @contextlib.contextmanager
    def _failing(self) -> Generator[None]:
        end = (End.PEOPLE, End.ENGINE)[self._seed // len(KINDS) % 2]
        if self._kind == PULLED:
            self._cable.pull(end)
        elif self._kind == ONE_WAY:
            self._cable.deafen(end)
        else:
            self._cable.narrow(8, self._chance.choice((4_000, 16_000)))
        yield
        if self._kind == PULLED:
            self._cable.plug(end)
        elif self._kind == ONE_WAY:
            self._cable.undeafen(end)
        else:
            self._cable.widen()

    def _side(self, end: End, people: list[str]) -> "Side":
        address = self._engine.address
        asked = {
            "host": address.host,
            "port": address.port,
            "engine": address.engine,
            "people": people,
            "everybody": NEAR + FAR,
            "folder": str(self._folder),
            "seed": self._seed,
        }
        module = ("-W", "error", "-m", "tests.proof.partitions.people", json.dumps(asked))
        return Side((*self._cable.inside(end), sys.executable, *module), people, self._folder / end)


class Side:
    """The people of one host, in a process of their own; `records` is what they said so far."""

    def __init__(self, command: tuple[str, ...], people: list[str], folder: Path) -> None:
        self.records: list[Record] = []
        self.said = ""
        self._people, self._errors = people, folder.with_suffix(".said")
        with self._errors.open("w") as errors:
            self._process = subprocess.Popen(
                command,
                cwd=ROOT,
                env=clean_environment(TACT_DATA=str(folder)),
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                stderr=errors,
                text=True,
            )
        self._reader = threading.Thread(target=self._read)
        self._reader.start()

    def say(self, word: str) -> None:
        """Tell them something."""
        assert self._process.stdin is not None
        self._process.stdin.write(f"{word}\n")
        self._process.stdin.flush()

    def all_say(self, what: str) -> Callable[[], bool]:
        """Whether each of them has said `what`."""
        return lambda: set(self._people) <= {each.who for each in self.records if each.what == what}

    def wait_for(self, question: Callable[[], Any], what: str, seconds: float) -> None:
        """Wait until `question` is true; TimeoutError says that `what` never came."""
        deadline = time.monotonic() + seconds
        while not question():
            if time.monotonic() > deadline or self._process.poll() is not None:
                said = self._errors.read_text()
                last = self.records[-12:]
                raise TimeoutError(f"{what}: not within {seconds} s; {said} the last they said: {last}")
            time.sleep(0.05)

    def end(self) -> None:
        """Let them go home; what they complained of is in `said`."""
        process = self._process
        if process.stdin is not None and not process.stdin.closed:
            process.stdin.close()
        try:
            process.wait(ANY_SECONDS_MAX)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()
        self._reader.join()
        if process.stdout is not None:
            process.stdout.close()
        self.said = self._errors.read_text()

    def _read(self) -> None:
        assert self._process.stdout is not None
        for line in self._process.stdout:
            self.records.append(Record(*json.loads(line)))


def _gone_at(near: Side) -> list[float]:
    """When those who are near last saw each of the others go, as far as they do not see them now."""
    last: dict[tuple[str, str], Record] = {}
    for each in list(near.records):
        if each.what == "sees" and each.of["whom"] in FAR:
            last[each.who, each.of["whom"]] = each
    return [each.at for each in last.values() if not each.of["online"]]


def _all_gone(near: Side) -> Callable[[], bool]:
    return lambda: len(_gone_at(near)) == len(NEAR) * len(FAR)


def _slot(what: str, seconds: float, slots: tuple[float, ...]) -> str:
    """`what` with the first of `slots` that it fits in."""
    within = next((each for each in slots if seconds <= each), None)
    return f"{what} within {within} s" if within else f"{what} after more than {slots[-1]} s"

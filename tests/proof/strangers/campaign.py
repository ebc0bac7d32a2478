"""Thousands of strangers, while ten members chat: the members do not notice, the engine does not grow, and the door is
open to whoever belongs here.

Half of the strangers only sit there, half say a byte now and then; some before TLS, some within it, some after the
greeting. They come from hundreds of addresses, also from the members' own.
"""

import asyncio
import json
import subprocess
import sys
import tempfile
import time
from collections.abc import Generator
from contextlib import contextmanager
from pathlib import Path

from websockets.exceptions import ConnectionClosed, InvalidMessage

from tests.proof.campaigns import Verdict
from tests.proof.strangers.crowd import MANNERS, TURNED_AWAY
from tests.proof.strangers.files import allow_many_files
from tests.support.bare_link import BareLink, bare_link
from tests.support.engine_process import EngineProcess
from tests.support.house import ROOT, clean_environment

STRANGERS_MAX = 64
AS_IN_AN_OFFICE = (f"--limit=strangers_max={STRANGERS_MAX}", "--limit=strangers_per_address_max=8")
SPARE_FILES = 16
"""What the engine may open besides, such as for those who are just hanging up."""
ALL_OF_THEM = 4_000
"""From so many on, the members' time is judged as well: on a computer with nothing else to do."""
BEFORE_SECONDS = 1.5
STAY_SECONDS = 5
STAY_SECONDS_OF_ALL = 30
ANSWER_SECONDS_MAX = 0.1
GROWTH_MIB_MAX = 64
LOOK_SECONDS = 0.1
HANG_SECONDS = 60
NEWCOMERS = 5
TRIES_MAX = 100
TRY_AGAIN_SECONDS = 0.2
LINES_MAX = 20
SLOTS_MS = (10, 25, 50, 100, 250, 500, 1_000, 2_500)
SIGNED_IN = "signed in meanwhile"


def run(count: int, seed: int) -> Verdict:
    """So many strangers, at one time."""
    allow_many_files()
    with tempfile.TemporaryDirectory(prefix="tact-strangers-") as folder:
        engine = EngineProcess(Path(folder) / "engine", *AS_IN_AN_OFFICE).start()
        try:
            siege = Siege(engine, count, seed)
            problems = siege.hold()
            problems += [f"the log says: {line}" for line in engine.log() if line["level"] == "error"]
            if (engine.stop(), engine.said) != (0, ""):
                problems.append(f"the engine ended badly: {engine.said}")
        finally:
            engine.clean_up()
    replay = f"(see it again: python3 dev soak strangers --seed {seed} --count {count})"
    return Verdict(count, tuple(f"{each} {replay}" for each in problems), siege.met)


class Siege:
    """The engine, its members, and those who stand before its door."""

    def __init__(self, engine: EngineProcess, count: int, seed: int) -> None:
        self.met = dict.fromkeys((*MANNERS, TURNED_AWAY, SIGNED_IN), 0)
        self._engine, self._count, self._seed = engine, count, seed
        self._problems: list[str] = []
        self._most_kib = self._most_files = 0

    def hold(self) -> list[str]:
        """What was wrong before, while the strangers are there, and after."""
        with _helper("members", *self._where, self._engine.engine) as members:
            time.sleep(BEFORE_SECONDS)
            files, kib, lines = self._files(), self._kib(), len(self._engine.log())
            _next_part(members)
            with _helper("crowd", *self._where, str(self._count), str(self._seed)) as crowd:
                self._watch(STAY_SECONDS_OF_ALL if self._count >= ALL_OF_THEM else STAY_SECONDS)
                asyncio.run(self._newcomers("meanwhile", TRIES_MAX))
                _next_part(members)
                self._note(_said_by(crowd))
            self._until_as_before(files)
            asyncio.run(self._newcomers("afterwards", 1))
            if (more := self._most_files - files) > STRANGERS_MAX + SPARE_FILES:
                self._problems.append(
                    f"L9: the engine had {more} more connections, of {STRANGERS_MAX} there may be"
                )
            self._judge(_said_by(members), kib, lines)
        return self._problems

    @property
    def _where(self) -> tuple[str, str]:
        return self._engine.host, str(self._engine.port)

    def _watch(self, seconds: float) -> None:
        end = time.monotonic() + seconds
        while time.monotonic() < end:
            self._look()
            time.sleep(LOOK_SECONDS)

    def _look(self) -> None:
        self._most_kib = max(self._most_kib, self._kib())
        self._most_files = max(self._most_files, self._files())

    def _note(self, text: str) -> None:
        for name, times in json.loads(text.splitlines()[-1]).items():
            self.met[name] = self.met.get(name, 0) + times

    async def _newcomers(self, when: str, tries: int) -> None:
        """Some who belong here sign in, by so many tries each; as a client, which comes again after a while."""
        for number in range(NEWCOMERS):
            begun = time.monotonic()
            for _ in range(tries):
                self._look()
                if await self._signs_in(f"{when}{number}"):
                    self.met[SIGNED_IN] += when == "meanwhile"
                    name = f"a newcomer is in {when}: {_slot(time.monotonic() - begun)}"
                    self.met[name] = self.met.get(name, 0) + 1
                    break
                await asyncio.sleep(TRY_AGAIN_SECONDS)
            else:
                self._problems.append(f"L9: a newcomer could not sign in {when}, not by {tries} tries")

    async def _signs_in(self, handle: str) -> bool:
        try:
            async with asyncio.timeout(HANG_SECONDS), bare_link(self._engine.address) as link:
                return await _welcomed(link, handle)
        except (OSError, EOFError, InvalidMessage, ConnectionClosed):
            return False

    def _until_as_before(self, files: int) -> None:
        end = time.monotonic() + HANG_SECONDS
        while (now := self._files()) > files:
            if time.monotonic() > end:
                self._problems.append(
                    f"L9: the engine has {now} open files; before the strangers it had {files}"
                )
                return
            time.sleep(LOOK_SECONDS)

    def _judge(self, said: str, kib: int, lines: int) -> None:
        """What the members have found, and what the strangers cost."""
        grown = (self._most_kib - kib) / 1024
        if grown > GROWTH_MIB_MAX:
            self._problems.append(f"L9: {self._count} strangers took {grown:.0f} MiB of the engine's memory")
        self.met[f"grown by at most {-(-max(grown, 1) // 8) * 8:.0f} MiB"] = 1
        if (written := len(self._engine.log()) - lines) > LINES_MAX + 2 * NEWCOMERS:
            self._problems.append(f"L9: {self._count} strangers left {written} lines in the log")
        parts = json.loads(said.splitlines()[-1]) if said else []
        if len(parts) != 3 or not all(parts):
            self._problems.append("L9: the members could not go on")
            return
        for name, seconds in zip(("before", "meanwhile", "after"), map(sorted, parts), strict=True):
            for share, place in (("99 %", 0.99), ("median", 0.5)):
                took = seconds[round((len(seconds) - 1) * place)]
                self.met[f"an answer to a member {name}, {share}: {_slot(took)}"] = 1
                if share == "99 %" and name == "meanwhile" and self._count >= ALL_OF_THEM:
                    self._expect_quick(took)

    def _expect_quick(self, took: float) -> None:
        if took > ANSWER_SECONDS_MAX:
            self._problems.append(
                f"L9: of a hundred answers to a member, one took {took * 1000:.0f} ms or more"
            )

    def _kib(self) -> int:
        """How much memory the engine has; 0 where the system does not tell."""
        return next((int(line.split()[1]) for line in self._status() if line.startswith("VmRSS")), 0)

    def _status(self) -> list[str]:
        try:
            return Path(f"/proc/{self._engine.pid}/status").read_text().splitlines()
        except OSError:
            return []

    def _files(self) -> int:
        """How many files the engine has open; 0 where the system does not tell."""
        try:
            return len(list(Path(f"/proc/{self._engine.pid}/fd").iterdir()))
        except OSError:
            return 0


async def _welcomed(link: BareLink, handle: str) -> bool:
    said = await link.sign_in(handle)
    assert said["type"] == "welcome", said
    return True


def _slot(seconds: float) -> str:
    within = next((each for each in SLOTS_MS if seconds * 1000 <= each), None)
    return f"within {within:,} ms" if within else f"after more than {SLOTS_MS[-1]:,} ms"


@contextmanager
def _helper(name: str, *arguments: str) -> Generator["subprocess.Popen[str]"]:
    """A process of this folder, once it has said its first line; surely gone afterwards, and silent."""
    with tempfile.TemporaryFile("w+") as errors:
        process = subprocess.Popen(
            [sys.executable, "-W", "error", "-m", f"tests.proof.strangers.{name}", *arguments],
            cwd=ROOT,
            env=clean_environment(),
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=errors,
            text=True,
        )
        try:
            assert process.stdout is not None
            process.stdout.readline()
            yield process
        finally:
            if process.poll() is None:
                process.kill()
            process.communicate()
            errors.seek(0)
            said = errors.read()
        assert said == "", f"{name} complained: {said}"


def _next_part(members: "subprocess.Popen[str]") -> None:
    assert members.stdin is not None
    members.stdin.write("\n")
    members.stdin.flush()


def _said_by(process: "subprocess.Popen[str]") -> str:
    """What a helper prints at its end, which this is."""
    return process.communicate(timeout=HANG_SECONDS)[0]

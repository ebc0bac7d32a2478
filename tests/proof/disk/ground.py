"""What a disk failure is played on: a folder with messages that were accepted, an engine over it, and people."""

import base64
import errno
import json
import os
import re
import shutil
import signal
import sqlite3
import subprocess
from collections import Counter
from collections.abc import Generator, Mapping
from contextlib import closing, contextmanager, suppress
from itertools import count
from pathlib import Path
from random import Random
from types import MappingProxyType
from typing import Any

from websockets.exceptions import WebSocketException

from tact_engine.accounts.device import DeviceKey
from tests.support.bare_link import BareLink, bare_link, new_key, submission
from tests.support.engine_process import START_SECONDS_MAX, EngineProcess

SENTENCE = re.compile(r"tact-engine: [^\n]*[.)]\n")
LIMITS = {
    "ballast_mib": 1,
    "disk_free_min_mib": 0,
    "held_per_pair_max": 100_000,
    "held_per_sender_max": 100_000,
}
NO_LIMITS: Mapping[str, int] = MappingProxyType({})
FULL = "The disk is full"
MESSAGES_MAX = 3_000
PIECE = 64 * 1024
"""So many fill every small disk."""
KEPT = 16
"""So many messages wait before anything happens; the later half of them is in the log alone."""

REQUESTS = count(1_000_000)

Frame = dict[str, Any]


class NoMounts(Exception):
    """Here nobody may mount a file system."""


class Engine(EngineProcess):
    """An engine that may well not start."""

    def starts(self) -> bool:
        """Run it; whether it listens. Where it does not, it has ended: see `code` and `said`."""
        try:
            self.start()
        except AssertionError:
            return False
        return True

    def ended(self, seconds: float = START_SECONDS_MAX) -> int:
        """Wait for its end; its exit code, which stays in `code`."""
        self.code = super().ended(seconds)
        return self.code

    def clean_up(self) -> None:
        """See that nothing of it is left, also where it runs under something that would end without it."""
        running = self.data / "running.json"
        if self.alive and self._prefix and running.exists():
            with suppress(ProcessLookupError):
                os.kill(json.loads(running.read_text())["pid"], signal.SIGKILL)
        super().clean_up()


class Ground:
    """One failure: `data` is the folder, `accepted` every message for Mary that was answered, with its text.

    `problems` are the promises that were broken, `met` what was come across.
    """

    def __init__(self, data: Path, keys: dict[str, DeviceKey], accepted: dict[str, str], rng: Random) -> None:
        self.data, self.rng = data, rng
        self.keys, self.accepted = keys, dict(accepted)
        self.problems: list[str] = []
        self.met: Counter[str] = Counter()
        self.is_broken = False
        self._engines: list[Engine] = []
        self._sent = len(accepted)

    @property
    def said(self) -> str:
        """What the last engine has said."""
        return self._engines[-1].said[-900:] if self._engines else ""

    @property
    def database(self) -> Path:
        """The engine's database."""
        return self.data / "engine.db"

    @property
    def log(self) -> Path:
        """The log of the database."""
        return self.data / "engine.db-wal"

    def engine(
        self, *options: str, prefix: tuple[str, ...] = (), limits: Mapping[str, int] = NO_LIMITS
    ) -> Engine:
        """An engine on the folder that was not started yet; `limits` where they are other than usual."""
        chosen = tuple(f"--limit={name}={number}" for name, number in (LIMITS | dict(limits)).items())
        engine = Engine(self.data, *chosen, *options, prefix=prefix)
        self._engines.append(engine)
        self.is_broken = False
        return engine

    def clean_up(self) -> None:
        """See that nothing is left running."""
        for engine in self._engines:
            engine.clean_up()

    def expect(self, held: object, promise: str) -> None:
        """Note that `promise` is broken unless it holds."""
        if not held:
            self.problems.append(promise)

    def fold(self) -> None:
        """Let the database have all that is in its log, as after a clean stop."""
        with closing(sqlite3.connect(self.database)) as db:
            db.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchall()

    # --- how an engine ends --------------------------------------------------------------------------------------

    def refuses(self, engine: Engine, *words: str) -> None:
        """It does not start, and says why."""
        if engine.starts():
            self.problems.append("the engine starts as if nothing were wrong")
            engine.stop()
            return
        self.says_why(engine, *words)

    def says_why(self, engine: Engine, *words: str) -> None:
        """It has ended with one sentence that has one of `words` in it, and with exit code 2."""
        said = engine.said
        self.expect(engine.code == 2, f"it ended with {engine.code}: {said[-900:]}")
        self.expect("Traceback" not in said, f"it shows a traceback: {said[-900:]}")
        self.expect(SENTENCE.fullmatch(said), f"it does not end with one sentence: {said[-900:]!r}")
        self.expect(not words or any(word in said for word in words), f"it says something else: {said!r}")

    # --- people ----------------------------------------------------------------------------------------------------

    @contextmanager
    def whatever_comes(self) -> Generator[None]:
        """The link may break at any time; the engine is about to end then."""
        try:
            yield
        except (WebSocketException, OSError, EOFError):
            self.is_broken = True

    async def send(self, engine: Engine, most: int, size: int = 200, to: str = "mary") -> Frame | None:
        """Tom sends up to `most` messages, until the engine refuses one or is gone; the refusal."""
        with self.whatever_comes():
            async with bare_link(engine.address) as link:
                await link.sign_in("tom", self.keys["tom"])
                for _ in range(most):
                    answer = await self.submit(link, size, to)
                    if answer["type"] != "done":
                        return answer
        return None

    async def submit(self, link: BareLink, size: int = 200, to: str = "mary", **fields: object) -> Frame:
        """One message by the one who is signed in; once it is answered it counts."""
        self._sent += 1
        id = str(fields.pop("id", f"message-{self._sent}"))
        body = f"{id} ".ljust(size, "x")
        answer = await link.ask(submission(to, body, id=id, **fields))
        if answer["type"] == "done" and to == "mary":
            self.accepted[id] = body
        return answer

    async def until_it_ends(self, engine: Engine, size: int = 4_000) -> None:
        """Tom sends until the engine is gone; it has ended then. Nothing may be answered that is not on the disk."""
        refused = await self.send(engine, MESSAGES_MAX, size)
        self.expect(refused is None, f"the engine goes on, and refuses: {refused}")
        if refused is None:
            engine.ended()
        else:
            engine.stop()

    async def collect(self, engine: Engine, name: str = "mary") -> list[Frame]:
        """All that comes for somebody who signs in and acknowledges everything."""
        heard: list[Frame] = []
        async with bare_link(engine.address) as link:
            await link.sign_in(name, self.keys[name])
            while new := await deliveries(link):
                heard += new
                await link.acknowledge(new)
            await deliveries(link)
        return heard

    # --- afterwards ------------------------------------------------------------------------------------------------

    async def is_whole(self) -> None:
        """Whatever was wrong is mended: the engine starts, all that was accepted comes, new messages go."""
        engine = self.engine()
        if not engine.starts():
            self.problems.append(f"it does not start again although all is mended: {engine.said[-900:]}")
            return
        arrived = {each["id"]: text_of(each) for each in await self.collect(engine)}
        for id, body in self.accepted.items():
            if id not in arrived:
                self.problems.append(f"I1 durable: {id} was accepted, and never comes")
            elif arrived[id] != body:
                self.problems.append(f"{id} comes with another text: {arrived[id]!r}"[:300])
        refused = await self.send(engine, 1)
        self.expect(refused is None, f"it takes nothing new: {refused}")
        code = engine.stop()
        self.expect((code, engine.said) == (0, ""), f"it does not stop cleanly: {code}, {engine.said[-900:]}")


async def deliveries(link: BareLink) -> list[Frame]:
    """What has come by now: all that the engine had to say before it answered a change of presence."""
    heard: list[Frame] = []
    number = next(REQUESTS)
    await link.say({"type": "set_presence", "changes": {"StatusText": str(number)}, "request": number})
    while (frame := await link.hear("deliver", "done", "refused")).get("request") != number:
        heard += frame.get("deliveries", ())
    return heard


async def prepare(data: Path, rng: Random) -> Ground:
    """A folder as an engine left it that was killed: half of its messages is in the database, half only in its log."""
    ground = Ground(data, {name: new_key() for name in ("mary", "tom", "john")}, {}, rng)
    try:
        for end in ("stop", "kill"):
            engine = ground.engine()
            engine.start()
            for name in ("mary", "john"):
                async with bare_link(engine.address) as link:
                    await link.sign_in(name, ground.keys[name])
                    await link.say({"type": "sign_out"})
                    await link.rest()
            await ground.send(engine, KEPT // 2, rng.choice((20, 500, 5_000)))
            getattr(engine, end)()
    finally:
        ground.clean_up()
    assert len(ground.accepted) == KEPT
    return ground


@contextmanager
def small_disk(ground: Ground, size_kib: int) -> Generator[Path]:
    """A disk of that size for this failure; NoMounts where there may be none."""
    place = ground.data.with_name("disk")
    place.mkdir()
    if shutil.which("mount") is None:
        raise NoMounts("there is no mount command")
    options = f"size={size_kib}k,mode=700"
    done = subprocess.run(
        ["mount", "-t", "tmpfs", "-o", options, "tact", str(place)], capture_output=True, text=True
    )
    if done.returncode:
        raise NoMounts(done.stderr.strip())
    try:
        yield place
    finally:
        ground.clean_up()
        subprocess.run(["umount", str(place)], check=True)


def text_of(delivery: Frame) -> str:
    """The text of a message that came."""
    return base64.b64decode(delivery["body"]).decode(errors="replace")


def remount(place: Path, how: str) -> None:
    """Let the small disk at `place` be read-only, "ro", or writable again, "rw"."""
    subprocess.run(["mount", "-o", f"remount,{how}", str(place)], check=True)


def move_to(ground: Ground, place: Path) -> None:
    """Let the engine have its folder on another disk."""
    ground.data = Path(shutil.copytree(ground.data, place / "data"))


def fill(place: Path, leaving: int) -> Path:
    """A file that takes all room on the disk at `place` but for so many bytes; made anew where it is there."""
    filler = place / "filler"
    filler.unlink(missing_ok=True)
    left = max(0, shutil.disk_usage(place).free - leaving)
    try:
        with filler.open("wb", buffering=0) as file:
            while left:
                left -= file.write(bytes(min(left, PIECE)))
    except OSError as error:  # an engine that runs has taken some of it meanwhile
        if error.errno != errno.ENOSPC:
            raise
    return filler

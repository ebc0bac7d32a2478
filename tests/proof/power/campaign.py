"""The power fails, at any instant: what the engine had promised by then is on the disk, whatever is left of the rest.

A real store works under strace. From the trace its files are made again as a power cut may leave them at one instant:
all that was synced is there; of what was written since, nothing, everything, some, or some sectors. Each such image
must open, be sound, keep every promise made until then, and stand exactly as after one whole batch.
"""

import json
import os
import random
import sqlite3
import tempfile
from collections import Counter
from collections.abc import Generator, Iterable, Mapping
from contextlib import closing, contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from tact_engine.core.effects import Answer
from tact_engine.core.envelope import Submission
from tact_engine.core.errors import StoreError
from tact_engine.core.facts import Moment, SignedIn, Submitted
from tact_engine.core.view import Limits
from tact_engine.net.certificate import identity_in
from tact_engine.store.store import Store
from tests.proof.campaigns import Verdict
from tests.proof.power.disk import MANNERS, Disk
from tests.proof.power.trace import Event, traced
from tests.proof.power.workload import DAY_MS, DAYS_APART, NOON_MS, PHASES, TOLD, standing
from tests.support.heart import OPEN_DOOR

IMAGES_A_DAY = 2_000
"""So many images are made of the same days of work."""
OPENED_EVERY = 50
"""Every so many-th image is opened by a real store as well, which then has to work."""
PROBLEMS_MAX = 3
"""So many problems of one image are told."""
DAYS = (1, 2)
"""The first day ends by a kill and the second in good order; 40 days lie between."""
TOMBSTONE_MS = 30 * DAY_MS
FAST = Path("/dev/shm")

ENDS = {"delivered", "read", "expired", "withdrawn", "failed"}
LATER = {
    "held": {"held", "released", *ENDS},
    "released": {"held", "released", *ENDS},
    "expired": {"expired", "delivered", "read"},
    "withdrawn": {"withdrawn", "delivered", "read"},
    "delivered": {"delivered", "read"},
    "read": {"read"},
}
"""What may have become of an envelope of which the one was told; only acknowledging late changes an end."""

ROWS = (
    "SELECT m.id, w.recipient, 'held' FROM waiting w LEFT JOIN message m ON m.number = w.number"
    " UNION ALL SELECT m.id, w.recipient, 'released' FROM released w LEFT JOIN message m ON m.number = w.number"
    " UNION ALL SELECT m.id, w.recipient, w.state FROM ended w LEFT JOIN message m ON m.number = w.number"
)


@dataclass
class Promises:
    """What had been said up to an instant. `allowed`: how everything may stand, before and after what is under way."""

    told: dict[tuple[str, str], tuple[str, int, int]] = field(default_factory=dict)
    identity: str = ""
    phase: str = PHASES[0]
    allowed: set[str] = field(default_factory=set)
    forgotten_before: int = 0
    now_ms: int = NOON_MS

    def hear(self, line: Mapping[str, Any], coming: str) -> None:
        """One line that the workload wrote; `coming` is how everything stands after what it does next."""
        self.phase = line.get("begin", self.phase)
        self.identity = line.get("identity", self.identity)
        if line.get("begin") == "housekeeping":
            self.forgotten_before = line["now"] - TOMBSTONE_MS
        for id, recipient, *rest in line.get("told", ()):
            self.told[id, recipient] = tuple(rest)
        if "standing" in line:
            self.allowed = {line["standing"]}
        elif coming:
            self.allowed |= {coming}

    def may_be_forgotten(self, key: tuple[str, str]) -> bool:
        """Whether no trace has to be left of a message that ended so long ago."""
        state, since, expires_at = self.told[key]
        return (since if state in ENDS else expires_at) < self.forgotten_before


def run(count: int, seed: int) -> Verdict:
    """Cut the power `count` times."""
    return cut(count, seed)


def cut(count: int, seed: int, synchronous: str = "") -> Verdict:
    """Cut the power of a store; `synchronous` plants a bug: it waits for the disk only as far as that says."""
    phases = (f"during {each}" for each in PHASES)
    met = Counter(dict.fromkeys((*MANNERS, *phases, "opened by the engine", "before any promise"), 0))
    failures: list[str] = []
    with _folder() as place:
        for workload in range(seed // IMAGES_A_DAY, (seed + count - 1) // IMAGES_A_DAY + 1):
            events = _days(workload, synchronous)
            first = max(seed, workload * IMAGES_A_DAY)
            last = min(seed + count, (workload + 1) * IMAGES_A_DAY)
            for number, problems in _cuts(events, range(first, last), place, met):
                replay = f"python3 dev soak power --seed {number} --count 1"
                failures += [f"{problem} ({replay})" for problem in problems[:PROBLEMS_MAX]]
    return Verdict(count, tuple(failures), met)


def _days(workload: int, synchronous: str) -> list[Event]:
    """All that happens to the files on the days of one office."""
    module = "tests.proof.power.workload"
    with tempfile.TemporaryDirectory(prefix="tact-power-") as folder:
        days = [
            traced(Path(folder), "-m", module, folder, str(workload), str(day), *filter(None, (synchronous,)))
            for day in DAYS
        ]
        return [event for day in days for event in day]


def _cuts(
    events: list[Event], numbers: Iterable[int], place: Path, met: Counter[str]
) -> Generator[tuple[int, list[str]]]:
    """What is wrong after each cut that has a number. The files are made once, from the first instant to the last."""
    chances = {number: random.Random(number) for number in numbers}
    cuts = sorted((chance.randrange(len(events) + 1), number) for number, chance in chances.items())
    disk, promises, done = Disk(), Promises(), 0
    lines = [json.loads(event.data) for event in events if event.name == TOLD and event.what == "write"]
    said = 0
    for instant, number in cuts:
        for event in events[done:instant]:
            if event.name == TOLD:
                if event.what == "write":
                    said += 1
                    coming = next((line["standing"] for line in lines[said:] if "standing" in line), "")
                    promises.hear(lines[said - 1], coming)
            else:
                disk.do(event)
        done = instant
        manner = chances[number].choice(tuple(MANNERS))
        met[manner] += 1
        met[f"during {promises.phase}"] += 1
        image = disk.image(manner, chances[number])
        is_opened = number % OPENED_EVERY == 0
        yield (
            number,
            [
                f"{problem} after a cut at {instant} of {len(events)}, {promises.phase}, {manner}"
                for problem in _checked(image, promises, place, met, is_opened=is_opened)
            ],
        )


def _checked(
    image: Mapping[str, bytes], promises: Promises, place: Path, met: Counter[str], *, is_opened: bool
) -> list[str]:
    """What is wrong with one image."""
    for path in place.iterdir():
        path.unlink()
    for name, content in image.items():
        (place / name).write_bytes(content)
    if not promises.allowed or (len(promises.allowed) == 1 and not promises.identity):
        met["before any promise"] += 1
        return _opened(place, promises)
    met["opened by the engine"] += is_opened
    problems = _sound(place, promises)
    return problems or (_opened(place, promises) if is_opened else [])


def _sound(place: Path, promises: Promises) -> list[str]:
    """What is wrong with the tables."""
    path = place / "engine.db"
    if not path.exists():
        return ["I1 durable: there is no database any more"]
    with closing(sqlite3.connect(path, isolation_level=None)) as db:
        try:
            db.execute("PRAGMA locking_mode = EXCLUSIVE").fetchall()
            db.execute("PRAGMA synchronous = OFF").fetchall()
            check = db.execute("PRAGMA quick_check").fetchall()
            if check != [("ok",)]:
                return [f"the database is damaged: {check[:3]}"]
            problems = _kept(db, promises)
            if standing(db) not in promises.allowed:
                problems.append("atomic: it does not stand as after a whole batch")
            return problems
        except (sqlite3.Error, UnicodeDecodeError) as error:
            return [f"the database cannot be read: {error}"]


def _kept(db: sqlite3.Connection, promises: Promises) -> list[str]:
    """Which promises are not kept, and what is neither done nor undone."""
    found: dict[tuple[str, str], str] = {}
    problems: list[str] = []
    for id, recipient, state in db.execute(ROWS):
        if (id, recipient) in found:
            problems.append(f"atomic: {id} for {recipient} stands twice")
        found[id, recipient] = state
    for key, (state, *_) in promises.told.items():
        now = found.get(key, "nowhere")
        if now not in LATER[state] and not (now == "nowhere" and promises.may_be_forgotten(key)):
            problems.append(f"I1 durable: {key[0]} for {key[1]} was told to be {state}, and is {now}")
    bodies = {id for (id,) in db.execute("SELECT m.id FROM body b LEFT JOIN message m USING (number)")}
    alive = {id for (id, _), state in found.items() if state not in ENDS}
    if bodies != alive:
        problems.append(f"atomic: a body and no message that waits, or the opposite: {bodies ^ alive}")
    for id, recipients in db.execute("SELECT id, recipients FROM message"):
        missing = [name for name in recipients.split() if (id, name) not in found]
        problems += [f"atomic: {id} stands nowhere for {name}" for name in missing]
    return problems


def _opened(place: Path, promises: Promises) -> list[str]:
    """What is wrong once a real engine has opened it, and then worked with it."""
    now = Moment(NOON_MS + 2 * DAYS_APART * DAY_MS + 1, 1)
    try:
        identity = identity_in(place).engine
        store = Store.open(place / "engine.db", Limits(), Moment(NOON_MS, 0))
    except StoreError as error:
        return [f"the engine does not start: {error}"]
    with closing(store):
        problems = _kept(store._db, promises)
        if promises.identity not in ("", identity):
            problems.append("the engine is not the one that it was")
        newcomers = [
            SignedIn(1, "zoe", "a device", {}, ticket=OPEN_DOOR),
            SignedIn(2, "max", "another", {}, ticket=OPEN_DOOR),
        ]
        store.apply([*newcomers], now)
        effects = store.apply([Submitted(1, 1, Submission("afterwards", ("max",), b"hello"))], now)
        if not any(isinstance(effect, Answer) for effect in effects):
            problems.append("the engine does not work any more")
    return problems


@contextmanager
def _folder() -> Generator[Path]:
    """A folder for one image at a time, in memory where there is such a place: nothing in it has to last."""
    fast = FAST if os.access(FAST, os.W_OK) else None
    with tempfile.TemporaryDirectory(prefix="tact-power-", dir=fast) as folder:
        yield Path(folder)

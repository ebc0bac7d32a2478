"""A store that works hard, in a process of its own, and says after each batch what was promised by then.

`python -m tests.proof.power.workload FOLDER SEED DAY [SYNCHRONOUS]` adds a line of JSON to FOLDER/told before and after
everything it does. On an odd day it ends by being killed, in the middle of its work.
"""

import hashlib
import json
import os
import random
import signal
import sqlite3
import sys
from pathlib import Path

import msgspec

from tact_engine.core import facts
from tact_engine.core.conditions import PRESETS, WHEN_ONLINE
from tact_engine.core.effects import Answer, Deliver, Effect, TellNews
from tact_engine.core.envelope import Otherwise, Receipt, Submission
from tact_engine.core.facts import Amendment, Fact, Moment
from tact_engine.core.view import Limits
from tact_engine.net.certificate import identity_in
from tact_engine.store.store import Store
from tests.support.heart import OPEN_DOOR

TOLD = "told"
PHASES = ("starting", "a batch", "housekeeping", "closing")
PEOPLE = ("mary", "tom", "john", "ann", "eve")
STEPS = 45
NOON_MS = 1_800_000_000_000
DAYS_APART = 40
DAY_MS = 24 * 3600 * 1000

STANDING = (
    "SELECT number, id, sender, recipients, condition, accepted_at, valid_for, second, behind FROM message",
    "SELECT recipient, number, condition, revision, expires_at, tried FROM waiting",
    "SELECT recipient, number, condition, revision, expires_at, sequence FROM released",
    "SELECT number, recipient, state, revision, expires_at, since FROM ended",
    "SELECT number, content FROM body",
    "SELECT sender, serial, number, recipient FROM news",
    "SELECT handle, version, readings FROM presence",
    "SELECT handle, sequence, serial FROM account",
)


def standing(db: sqlite3.Connection) -> str:
    """A fingerprint of how everything stands in the tables."""
    rows = [db.execute(f"{query} ORDER BY 1, 2").fetchall() for query in STANDING]
    return hashlib.sha1(msgspec.msgpack.encode(rows)).hexdigest()


class Office:
    """People who do things at random, in batches."""

    def __init__(self, folder: Path, seed: int, day: int, synchronous: str) -> None:
        self._rng = random.Random(seed * 10 + day)
        self._day = day
        self._told = os.open(folder / TOLD, os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o600)
        self._now = Moment(NOON_MS + day * DAYS_APART * DAY_MS, 1_000)
        self.say(begin="starting", day=day)
        identity = identity_in(folder).engine
        self.store = Store.open(folder / "engine.db", Limits(), self._now)
        self._db = self.store._db
        if synchronous:
            self._db.execute(f"PRAGMA synchronous = {synchronous}").fetchall()
        self.say(standing=standing(self._db), identity=identity)
        self._here: dict[str, int] = {}
        self._count = 0
        self._known = dict(self._db.execute("SELECT id, sender FROM message").fetchall())
        self._arrived: dict[str, dict[str, int]] = {name: {} for name in PEOPLE}
        self._serials: dict[str, int] = {}

    def say(self, **what: object) -> None:
        """One line for whoever checks; it is part of the trace."""
        os.write(self._told, json.dumps(what).encode() + b"\n")

    def work(self) -> None:
        """A day's work."""
        self.feed(
            [
                facts.SignedIn(self.session(name), name, f"device of {name}", {}, ticket=OPEN_DOOR)
                for name in PEOPLE
            ]
        )
        last = self._rng.randrange(STEPS // 2, STEPS) if self._day % 2 else STEPS
        for step in range(STEPS):
            self._pass(self._rng.choice((0.2, 1, 5, 30)))
            if step == last:
                os.kill(os.getpid(), signal.SIGKILL)
            if self._rng.random() < 0.12:
                self._housekeep()
            self.feed([self._anything() for _ in range(self._rng.choice((1, 1, 2, 3, 6, 12)))])
        self.say(begin="closing")
        self.store.close()

    def feed(self, batch: list[Fact]) -> None:
        """One batch; then what was promised by it."""
        self.say(begin="a batch")
        effects = self.store.apply(batch, self._now)
        receipts = [self._heard(effect) for effect in effects]
        rows = [
            (each.id, each.recipient, each.state.value, each.since, each.expires_at)
            for some in receipts
            for each in some
        ]
        self.say(told=rows, standing=standing(self._db))

    def session(self, name: str) -> int:
        """A new session of `name`."""
        self._count += 1
        self._here[name] = self._day * 10_000 + self._count
        return self._here[name]

    def _housekeep(self) -> None:
        self.say(begin="housekeeping", now=self._now.utc_ms)
        self.store.housekeep(self._now)
        self.say(standing=standing(self._db))

    def _pass(self, seconds: float) -> None:
        passed = round(seconds * 1000)
        self._now = Moment(self._now.utc_ms + passed, self._now.ticks_ms + passed)

    def _heard(self, effect: Effect) -> tuple[Receipt, ...]:
        match effect:
            case Answer():
                return effect.receipts
            case TellNews():
                serial = max(each.serial for each in effect.receipts)
                self._serials[effect.handle] = max(serial, self._serials.get(effect.handle, 0))
                return effect.receipts
            case Deliver():
                self._arrived[effect.handle] |= {each.id: each.revision for each in effect.deliveries}
            case _:
                pass
        return ()

    def _anything(self) -> Fact:
        rng, name = self._rng, self._rng.choice(PEOPLE)
        if name not in self._here:
            return facts.SignedIn(self.session(name), name, f"device of {name}", {}, ticket=OPEN_DOOR)
        kinds = (self._submit, self._change, self._receive, self._note, self._leave, self._presence)
        kind = rng.choices(kinds, (9, 4, 6, 2, 1, 2))[0]
        return kind(name, self._here[name])

    def _submit(self, name: str, session: int) -> Fact:
        rng = self._rng
        self._count += 1
        id, others = f"{self._day}-{self._count}", [each for each in PEOPLE if each != name]
        self._known[id] = name
        submission = Submission(
            id,
            tuple(rng.sample(others, rng.choice((1, 1, 1, 2, 4)))),
            rng.randbytes(rng.choice((1, 20, 200, 2_000, 9_000))),
            when=rng.choice((WHEN_ONLINE, PRESETS["available"], PRESETS["not angry"])),
            valid_for=rng.choice((60, 120, 600, 3_600)),
            otherwise=rng.choice(tuple(Otherwise)),
            keep_order=rng.random() < 0.2,
        )
        return facts.Submitted(session, self._count, submission)

    def _change(self, name: str, session: int) -> Fact:
        own = [id for id, sender in self._known.items() if sender == name][-12:]
        if not own:
            return facts.TimePassed()
        self._count += 1
        id = self._rng.choice(own)
        what = self._rng.randrange(4)
        if what == 0:
            return facts.SentNow(session, self._count, id)
        if what == 1:
            body = self._rng.randbytes(self._rng.choice((10, 3_000)))
            return facts.Edited(session, self._count, id, 1, Amendment(body=body))
        return facts.Withdrawn(session, self._count, id)

    def _receive(self, name: str, session: int) -> Fact:
        arrived, self._arrived[name] = self._arrived[name], {}
        if self._rng.random() < 0.3:
            return facts.MarkedRead(session, tuple(arrived))
        return facts.Acknowledged(session, arrived)

    def _note(self, name: str, session: int) -> Fact:
        return facts.Noted(session, self._serials.get(name, 0))

    def _leave(self, name: str, session: int) -> Fact:
        del self._here[name]
        return facts.SignedOut(session)

    def _presence(self, name: str, session: int) -> Fact:
        self._count += 1
        mood, free = self._rng.choice(("ANGRY", "HAPPY")), self._rng.choice(("AVAILABLE", "NOT_AVAILABLE"))
        return facts.PresenceSet(session, self._count, {"UserMood": mood, "UserAvailability": free}, {})


if __name__ == "__main__":
    folder, seed, day, *planted = sys.argv[1:]
    Office(Path(folder), int(seed), int(day), "".join(planted)).work()

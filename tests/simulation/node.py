"""The engine's computer: the real engine and store over a database in memory, which outlives every crash."""

from __future__ import annotations

import functools
import sqlite3
import tempfile
from pathlib import Path
from typing import TYPE_CHECKING, cast

from msgspec.structs import replace

from tact_engine import faults
from tact_engine.clock import SystemClock
from tact_engine.core.facts import Moment, SignedIn, Started
from tact_engine.engine import Engine
from tact_engine.gate import Gate
from tact_engine.store.reserve import Reserve
from tact_engine.store.store import Store
from tests.support.heart import OPEN_DOOR, UNHURRIED
from tests.support.oracle import CHAINED_MAX, LEASE_MS, QUOTA

if TYPE_CHECKING:
    from concurrent.futures import ThreadPoolExecutor

    from tact_engine.core.facts import Fact
    from tact_engine.net.link import Link
    from tact_engine.wire import frames as wire
    from tests.simulation.wire import WireLink
    from tests.simulation.world import World

NOON_MS = 1_800_000_000_000
NOWHERE = Path("nowhere")
LIMITS = replace(UNHURRIED, held_per_pair_max=QUOTA, chained_max=CHAINED_MAX, lease_ms=LEASE_MS)
IN_THE_STORE = ("before_begin", "in_transaction", "before_commit")
IN_THE_ENGINE = ("after_commit", "while_speaking", "after_speaking")
IN_THE_HOUSE = ("before_checkpoint", "after_checkpoint", "while_forgetting")
AT_THE_START = ("while_starting", "after_starting", *IN_THE_STORE)
AT_ONCE_MAX = 100
"""So often in a row the engine may want to be woken at the same instant."""


class Crash(Exception):
    """The engine's computer loses its power."""


class BelievingGate(Gate):
    """Who signs in is believed, since device keys have tests of their own."""

    def _proven(self, link: Link, frame: wire.SignIn, challenge: bytes) -> SignedIn:
        device = f"key of {frame.handle}"
        return SignedIn(link.number, frame.handle, device, frame.presence, frame.until, OPEN_DOOR)


class SimulatedEngine(Engine):
    """The engine without a loop."""

    GATE = BelievingGate


class Node:
    """Runs, dies at fault points, and starts again over what was durable by then."""

    def __init__(self, world: World) -> None:
        self._world = world
        self._database = sqlite3.connect(":memory:", isolation_level=None)
        self._database.deserialize(_fresh_database())
        self._links: list[WireLink] = []
        self._lost: set[int] = set()
        self.dead: set[int] = set()
        """The links that were gone when the engine last took what had come in."""
        self._turn_is_due = self.is_up = False
        self._timer = 0
        self.store: Store
        self.engine: SimulatedEngine
        self._clock: SystemClock

    # --- living and dying

    def start(self) -> None:
        """Begin, as after switching the computer on: it knows what was durable, and nothing else."""
        world = self._world
        world.monotonic_ms = world.random.randrange(10**6) - world.now
        self.is_up = True
        self._clock = SystemClock(
            lambda: Moment(NOON_MS + world.now + world.wrong_ms, world.now + world.monotonic_ms)
        )
        self.store = Store(self._database, NOWHERE, LIMITS, Reserve(NOWHERE))
        try:
            self._open()
        except Crash:
            self._die()
            return
        self._clock.not_before(self.store.latest_ms)
        self.engine = SimulatedEngine(
            "office", "id", self.store, self._clock, cast("ThreadPoolExecutor", None)
        )
        self.engine.wake()
        self._turn()

    def _open(self) -> None:
        """What `Store.open` does once the database is there."""
        self.store._load()
        now = self._clock.moment()
        now = Moment(max(now.utc_ms, self.store.latest_ms), now.ticks_ms)
        with self._world.dangerous(AT_THE_START):
            faults.point("while_starting")
            self.store.apply([Started()], now)
            self.store._started = True
            faults.point("after_starting")
        self._world.judge.restarted(now)

    def _die(self) -> None:
        """The power is gone: what was not committed never was, and every link is dead."""
        if self._database.in_transaction:
            self._database.rollback()
        self.is_up = self._turn_is_due = False
        self._timer += 1
        for link in self._links:
            link.wire.engine_died()
        self._links = []
        self._world.at(self._world.random.choice((0, 300, 9_000, 60_000)), self.start)

    def crash(self) -> None:
        """Die between two turns."""
        if self.is_up:
            self._world.met["crash between turns"] += 1
            self._die()

    def close(self) -> None:
        """The end of the world."""
        self._database.close()

    # --- links

    def opened(self, link: WireLink) -> None:
        """A device has connected."""
        self._links.append(link)
        self.engine.opened(link)

    def received(self, link: WireLink, frame: wire.Frame) -> None:
        """A frame has come in."""
        if not link.is_lost:
            self.engine.received(link, frame)
            self._turn_soon()

    def lost(self, link: WireLink) -> None:
        """A link is gone."""
        if self.is_up and link in self._links:
            self._links.remove(link)
            self.engine.lost(link)
            self._lost.add(link.number)
            self._turn_soon()

    # --- the turn

    def wake(self) -> None:
        """Look at the time now."""
        if self.is_up:
            self.engine.wake()
            self._turn()

    def take_in(self) -> None:
        """Decide about what has come in so far, before anything else happens."""
        if self.is_up:
            self._turn_if_due()

    def keep_house(self, likely: float | None = None) -> None:
        """What the engine does every twenty seconds."""
        if self.is_up:
            try:
                with self._world.dangerous(IN_THE_HOUSE, likely):
                    self.store.housekeep(self._clock.moment())
            except Crash:
                self._die()

    def _turn_soon(self) -> None:
        """Take what comes in until the batch before is durable."""
        if not self._turn_is_due:
            self._turn_is_due = True
            self._world.at(self._world.random.choice((0, 1, 5)), self._turn_if_due)

    def _turn_if_due(self) -> None:
        if self._turn_is_due:
            self._turn()

    def _turn(self) -> None:
        """One turn of the engine, then as many more as it wants at this very instant."""
        for _ in range(AT_ONCE_MAX):
            self._turn_is_due = False
            self.dead |= self._lost
            batch = self.engine.gathered()
            wake_ms = self._turned(batch)
            if wake_ms != 0 or self._world.options.late:
                break
            self.engine.wake()
        else:
            self._world.judge.blame("the engine wants to be woken for ever")
            wake_ms = None
        if self.is_up:
            self._arm(wake_ms)

    def _turned(self, batch: list[Fact]) -> int | None:
        """One batch, through the fault points: in how many milliseconds to look again."""
        world = self._world
        moment = self._clock.moment()
        try:
            with world.dangerous((*IN_THE_STORE, *IN_THE_ENGINE)):
                effects, wake_ms = self.engine.turn(batch)
                world.judge.committed(batch, effects, moment, rests=wake_ms != 0)
                world.die_if_doomed()
                self.engine.speak(effects)
        except Crash:
            self._die()
            return None
        return wake_ms

    def _arm(self, wake_ms: int | None) -> None:
        self._timer += 1
        if wake_ms is not None:
            timer, options, random = self._timer, self._world.options, self._world.random
            late = 10 + random.randrange(options.late) if options.late else 0
            self._world.at(min(wake_ms + late, 60_000), lambda: self._fire(timer), first=True)

    def _fire(self, timer: int) -> None:
        if timer == self._timer and self.is_up:
            self.engine.wake()
            self._turn()


@functools.cache
def _fresh_database() -> bytes:
    """An empty database of the engine, made once by the engine itself."""
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "engine.db"
        Store.open(path, LIMITS, Moment(0, 0)).close()
        connection = sqlite3.connect(path)
        connection.execute("PRAGMA journal_mode = DELETE").fetchall()
        connection.close()
        return path.read_bytes()

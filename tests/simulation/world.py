"""A small office in virtual time: everything random in it comes from one seed, and the engine in it is the real one.

A schedule has two parts. In the first people do what people do while links break and the engine dies at its fault
points; nothing wrong may happen. Then all faults end and everybody is there: everything that is due must happen.
"""

from __future__ import annotations

import contextlib
import heapq
from collections import Counter
from itertools import count
from random import Random
from typing import TYPE_CHECKING

from tact_engine import faults
from tests.simulation.deeds import Deeds
from tests.simulation.device import Device
from tests.simulation.judge import Judge
from tests.simulation.node import Crash, Node
from tests.simulation.options import options_of

if TYPE_CHECKING:
    from collections.abc import Callable, Generator, Sequence

NAMES = ("tom", "mary", "john", "ann", "bob", "eve")
EVENTS_MAX = 60_000
A_MONTH_LIKELY = 0.1
A_MONTH_MS = 31 * 24 * 3_600_000


class World:
    """One schedule. `run` returns what was wrong in it, and counts in `met` what was come across."""

    def __init__(self, seed: int) -> None:
        self.seed = seed
        self.random = Random(seed)
        self.options = options_of(self.random)
        self.met: Counter[str] = Counter()
        self.now = 0
        self.monotonic_ms = self.wrong_ms = 0
        self.healed = False
        self._events: list[tuple[int, int, int, Callable[[], object]]] = []
        self._numbers, self._order = count(1), count()
        handles = NAMES[: self.options.people]
        self.judge = Judge(self, handles)
        self.node = Node(self)
        self.devices = [Device(self, handle) for handle in handles for _ in range(self._devices())]
        self._deeds = Deeds(self)
        self._doomed = False

    def run(self) -> list[str]:
        """What was wrong; empty where nothing was."""
        try:
            self.node.start()
            for device in self.devices:
                self.at(self.random.randrange(2_000), device.come)
            self.at(3_000, lambda: self._live(self.options.deeds))
            self._go_on()
            if not self.judge.wrong:
                self.judge.closing()
                self._let_a_month_pass()
        finally:
            faults.arm(None)
            self.node.close()
        return self.judge.wrong

    # --- time

    def at(self, delay: int, act: Callable[[], object], *, first: bool = False) -> None:
        """Let something happen in `delay` milliseconds; `first` before all else of that instant."""
        heapq.heappush(self._events, (self.now + delay, 0 if first else 1, next(self._order), act))

    def delay(self) -> int:
        """How long a frame is on its way."""
        jitter = self.options.jitter
        return self.options.delay + (self.random.randrange(jitter) if jitter else 0)

    def _go_on(self) -> None:
        done = 0
        while self._events and not self.judge.wrong:
            self.now, _, _, act = heapq.heappop(self._events)
            act()
            done += 1
            if done > EVENTS_MAX:
                self.judge.blame("the world never comes to rest")
        self.met["events"] += done

    # --- chance

    def chance(self, likely: float) -> bool:
        """Yes, as often as that; never once all faults have ended."""
        return not self.healed and self.random.random() < likely

    def number(self) -> int:
        """A number that nothing else has."""
        return next(self._numbers)

    @contextlib.contextmanager
    def dangerous(self, points: Sequence[str], likely: float | None = None) -> Generator[None]:
        """Here the engine may die at one of these fault points."""
        target, times = "", 1
        if self.chance(self.options.crashes if likely is None else likely):
            target = self.random.choice(points)
            if target in ("in_transaction", "while_speaking"):
                times = self.random.randrange(1, 3)
        self._doomed = False

        def act(name: str) -> None:
            nonlocal times
            times -= name == target
            if name == target and times == 0:
                self.met[f"died at {name}"] += 1
                if name != "after_commit":
                    raise Crash
                self._doomed = True

        faults.arm(act if target else None)
        try:
            yield
        finally:
            faults.arm(None)

    def die_if_doomed(self) -> None:
        """What happens after a commit and before a word: the judge has seen what was durable, and nobody else has."""
        if self._doomed:
            raise Crash

    def _devices(self) -> int:
        return self.random.randint(1, self.options.devices)

    # --- the two parts

    def _live(self, left: int) -> None:
        """Somebody does something, something breaks perhaps, and so on some time later; in the end all is well."""
        if left == 0:
            self._heal()
            return
        self._deeds.one()
        self._trouble()
        self.at(1 + int(self.random.expovariate(1 / self.options.pause)), lambda: self._live(left - 1))

    def _trouble(self) -> None:
        options, random = self.options, self.random
        wire = random.choice(self.devices).wire
        if wire is not None and self.chance(options.cuts):
            self.met["cut links"] += 1
            wire.cut()
        if wire is not None and self.chance(options.stalls):
            self.met["stalled links"] += 1
            wire.stall(random.choice((900, 9_000, 20_000)))
        if self.chance(options.crashes / 2):
            self.node.crash()
        if self.chance(0.05):
            self.node.keep_house()
        if self.chance(0.03):
            self._set_clock()

    def _set_clock(self) -> None:
        """Somebody sets the engine's clock, and nobody knows what must stand where until it looks at it."""
        forward = (1_000, 59_000, 3_600_000)
        wrong = self.random.choice((*forward, -1_000, -30_000) if self.options.late else forward)
        self.node.take_in()
        self.met["clock forward" if wrong > 0 else "clock back"] += 1
        self.wrong_ms += wrong
        self.node.wake()

    def _let_a_month_pass(self) -> None:
        """What is over for so long is forgotten; a crash in the middle of that changes nothing."""
        if self.random.random() < A_MONTH_LIKELY:
            self.now += A_MONTH_MS
            self.healed = False
            self.node.keep_house(0.5)
            self.healed = True
            self._go_on()  # after a crash everybody comes back, and says again what may not have arrived
            self.now += A_MONTH_MS
            self.node.keep_house()
            self.judge.forgotten()

    def _heal(self) -> None:
        """All faults end, and everybody is there."""
        self.healed = True
        for device in self.devices:
            device.come()

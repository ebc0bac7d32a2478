"""The engine's clock: the only place that reads the time."""

import time
from typing import Protocol

from tact_engine.core.facts import Moment


class Clock(Protocol):
    """Something that tells the present moment."""

    def moment(self) -> Moment:
        """Now."""
        ...


class SystemClock:
    """The computer's clock, which for the engine never goes back: a jump back resurrects nothing."""

    def __init__(self) -> None:
        self._latest_ms = 0

    def moment(self) -> Moment:
        """Now; the wall clock is held at its latest reading while the computer's runs behind it."""
        self._latest_ms = max(self._latest_ms, time.time_ns() // 1_000_000)
        return Moment(self._latest_ms, time.monotonic_ns() // 1_000_000)

"""The engine's clock: the only place that reads the time."""

import logging
import threading
import time
from collections.abc import Callable
from typing import Protocol

from tact_engine.core.facts import Moment

JUMP_MS = 5 * 60 * 1000
"""A jump forward of more than this is worth a line in the log."""

_log = logging.getLogger(__name__)


class Clock(Protocol):
    """Something that tells the present moment."""

    def moment(self) -> Moment:
        """Now."""
        ...

    def not_before(self, utc_ms: int) -> None:
        """Never tell a time before `utc_ms`: that much is known to have passed."""
        ...


def _computer() -> Moment:
    return Moment(time.time_ns() // 1_000_000, time.monotonic_ns() // 1_000_000)


class SystemClock:
    """The computer's clock, which for the engine never goes back: a jump back resurrects nothing.

    While the computer's clock is behind the latest reading, the engine's stands still. A jump forward counts, so what
    it ends is over; it is logged, because somebody may wonder.
    """

    def __init__(self, read: Callable[[], Moment] = _computer) -> None:
        self._read = read
        self._latest: Moment | None = None
        self._floor_ms = 0
        self._lock = threading.Lock()

    def moment(self) -> Moment:
        """Now. From any thread."""
        with self._lock:
            now, before = self._read(), self._latest
            if before is not None:
                jump_ms = (now.utc_ms - before.utc_ms) - (now.ticks_ms - before.ticks_ms)
                if jump_ms > JUMP_MS:
                    _log.warning("the computer's clock went forward", extra={"seconds": jump_ms // 1000})
            self._latest = now
            self._floor_ms = max(self._floor_ms, now.utc_ms)
            return Moment(self._floor_ms, now.ticks_ms)

    def not_before(self, utc_ms: int) -> None:
        """Never tell a time before `utc_ms`."""
        with self._lock:
            behind_ms = utc_ms - self._floor_ms
            if behind_ms > JUMP_MS and self._latest is not None:
                _log.warning("the computer's clock is behind", extra={"seconds": behind_ms // 1000})
            self._floor_ms = max(self._floor_ms, utc_ms)


class DrivenClock(SystemClock):
    """The computer's clock as a demonstration or a test moves it: an hour passes at once, or somebody sets it wrong."""

    def __init__(self, read: Callable[[], Moment] = _computer) -> None:
        super().__init__(self._read_moved)
        self._unmoved = read
        self._passed_ms = self._wrong_ms = 0

    def advance(self, seconds: float) -> None:
        """Let `seconds` pass at once, for stamps and for waiting times alike. From any thread."""
        with self._lock:
            self._passed_ms += round(seconds * 1000)

    def jump(self, seconds: float) -> None:
        """Set the wall clock by `seconds` forward, or back where that is less than 0. From any thread."""
        with self._lock:
            self._wrong_ms += round(seconds * 1000)

    def _read_moved(self) -> Moment:
        now = self._unmoved()
        return Moment(
            now.utc_ms + self._passed_ms + self._wrong_ms,
            now.ticks_ms + self._passed_ms,
        )

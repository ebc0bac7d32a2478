"""What a person has chosen to let others know, as it travels with every sign-in.

The engine has the document. The first sign-in says all that was chosen, so that it is one version. A later one
says what the engine has not confirmed yet, and leaves the rest as it is there: another session of the same person
may have had the last word meanwhile.
"""

import time
from collections.abc import Callable, Mapping

from tact_engine.core.presence import ATTRIBUTES, IDLE, Presence, SetBy, Value


class OwnPresence:
    """Attributes with their values and ends; `now_ms` is the engine's time, `seconds` a monotonic clock."""

    def __init__(
        self,
        chosen: Mapping[str, Value | None],
        now_ms: Callable[[], int],
        seconds: Callable[[], float] = time.monotonic,
    ) -> None:
        self._chosen: dict[str, Value | None] = {}
        self._until: dict[str, int] = {}
        self._now_ms, self._seconds = now_ms, seconds
        self._resting_since: float | None = None
        self._untold: set[str] = set()
        self._known = False
        self.choose(chosen, {})

    def choose(self, changes: Mapping[str, Value | None], until: Mapping[str, int]) -> None:
        """Keep what was chosen, and until when; without an end, for good."""
        for name, value in changes.items():
            self._until.pop(name, None)
            if name == IDLE:
                self._resting_since = self._seconds() - int(value) if value else None
            else:
                self._chosen[name] = value
                self._untold.add(name)
        self._until |= until

    def learn(self, presence: Presence | None) -> None:
        """Follow the engine's own document, but for what was chosen here and is still on its way there."""
        if presence is None:
            return
        self._known = True
        now_ms = self._now_ms()
        self._untold -= {name for name, end in self._until.items() if end <= now_ms}
        for name, row in ATTRIBUTES.items():
            reading = presence.readings.get(name)
            if row.set_by is SetBy.PERSON and (reading is not None or name in self._chosen):
                value, end = (reading.value, reading.until) if reading else (None, None)
                if (value, end) == (self._chosen.get(name), self._until.get(name)):
                    self._untold.discard(name)
                if name not in self._untold:
                    self._adopt(name, value, end)

    def to_sign_in(self) -> tuple[dict[str, Value | None], dict[str, int]]:
        """What to sign in with: values, and the ends of those that have one; what has ended meanwhile is left out."""
        now_ms = self._now_ms()
        over = {name for name, end in self._until.items() if end <= now_ms}
        values = {
            name: value
            for name, value in self._chosen.items()
            if name not in over and (not self._known or name in self._untold)
        }
        if self._resting_since is not None:
            values[IDLE] = max(0, int(self._seconds() - self._resting_since))
        return values, {name: end for name, end in self._until.items() if name in values}

    def _adopt(self, name: str, value: Value | None, end: int | None) -> None:
        self._chosen[name] = value
        self._until.pop(name, None)
        if end is not None:
            self._until[name] = end

"""What a person has chosen to let others know, as it travels with every sign-in.

The engine has the document; this is what the client says again when it comes back, so that a sign-in is one version. It
follows the engine's document, because another session of the same person may have had the last word.
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
        self.choose(chosen, {})

    def choose(self, changes: Mapping[str, Value | None], until: Mapping[str, int]) -> None:
        """Keep what was chosen, and until when; without an end, for good."""
        for name, value in changes.items():
            self._until.pop(name, None)
            if name == IDLE:
                self._resting_since = self._seconds() - int(value) if value else None
            else:
                self._chosen[name] = value
        self._until |= until

    def learn(self, presence: Presence | None) -> None:
        """Follow the engine's own document."""
        if presence is None:
            return
        for name, row in ATTRIBUTES.items():
            reading = presence.readings.get(name)
            if row.set_by is SetBy.PERSON and (reading is not None or name in self._chosen):
                self._until.pop(name, None)
                self._chosen[name] = reading.value if reading else None
                if reading is not None and reading.until is not None:
                    self._until[name] = reading.until

    def to_sign_in(self) -> tuple[dict[str, Value | None], dict[str, int]]:
        """What to sign in with: values, and the ends of those that have one; what has ended meanwhile is left out."""
        now_ms = self._now_ms()
        over = {name for name, end in self._until.items() if end <= now_ms}
        values = {name: value for name, value in self._chosen.items() if name not in over}
        if self._resting_since is not None:
            values[IDLE] = max(0, int(self._seconds() - self._resting_since))
        return values, {name: end for name, end in self._until.items() if name not in over}

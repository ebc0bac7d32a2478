"""Quotas: how much one person may ask of the engine. Pure.

A quota is a burst and a rate. It is kept as one number, the instant until which the rate has been used up: a request
moves it on by one interval, and is refused where that would bring it further ahead of now than the burst allows (the
generic cell rate algorithm of ITU-T I.371). Whoever was refused loses nothing by having asked.
"""

from collections.abc import Mapping
from math import ceil
from types import MappingProxyType

from tact_engine.core.errors import refusal
from tact_engine.core.view import Limits
from tact_engine.wire import frames as wire
from tact_engine.wire.frames import Frame

MESSAGES, PRESENCE, REQUESTS, NOTES = "messages", "changes of presence", "requests", "notes"
SIGN_INS = "sign-ins"
_KINDS: Mapping[type[Frame], str] = MappingProxyType(
    {
        wire.Submit: MESSAGES,
        wire.SetPresence: PRESENCE,
        wire.SetPrivacy: PRESENCE,
        wire.Acknowledge: NOTES,
        wire.MarkRead: NOTES,
        wire.Note: NOTES,
    }
)
"""frame → what it counts as; any other is a request."""


def spent(used_until: int, now_ms: int, per_second: int, burst: int) -> tuple[int, int]:
    """Until when the rate is used up after one more, and in how many milliseconds that one may come, 0 being now.

    `used_until` counts parts of a millisecond, `per_second` of them in each: so all of it is whole numbers.
    """
    now, interval = now_ms * per_second, 1_000
    begins = max(used_until, now)
    wait_ms = -(-(begins - now - (burst - 1) * interval) // per_second)
    return (used_until, wait_ms) if wait_ms > 0 else (begins + interval, 0)


class Quotas:
    """What everybody has asked for lately."""

    def __init__(self, limits: Limits) -> None:
        self._used: dict[tuple[str, str], int] = {}
        self._rates = {
            MESSAGES: (limits.messages_per_second, limits.messages_burst),
            PRESENCE: (limits.presence_per_second, limits.presence_burst),
            REQUESTS: (limits.requests_per_second, limits.requests_burst),
            NOTES: (limits.notes_per_second, limits.notes_burst),
            SIGN_INS: (limits.sign_ins_per_second, limits.sign_ins_burst),
        }

    def spend(self, handle: str, frame: Frame, ticks_ms: int) -> None:
        """Count `frame` of `handle`; Refused, with when to try again, where that is too much."""
        kind = _KINDS.get(type(frame), REQUESTS)
        _refuse(self._count(handle, kind, ticks_ms), kind, *self._rates[kind])

    def is_limited(self, frame: Frame) -> bool:
        """Whether one may ask only so often for what `frame` asks for."""
        return self._rates[_KINDS.get(type(frame), REQUESTS)][0] > 0

    def came(self, handle: str, ticks_ms: int) -> None:
        """Count that `handle` signed in. Only who is let in is counted: nobody keeps somebody else out by trying."""
        self._count(handle, SIGN_INS, ticks_ms)

    def check_coming(self, handle: str, ticks_ms: int) -> None:
        """Refused, with when to come again, where `handle` signed in too often lately."""
        rate, burst = self._rates[SIGN_INS]
        if rate:
            _, wait_ms = spent(self._used.get((handle, SIGN_INS), 0), ticks_ms, rate, burst)
            _refuse(wait_ms, SIGN_INS, rate, burst)

    def _count(self, handle: str, kind: str, ticks_ms: int) -> int:
        """Count one more; in how many milliseconds it may come, 0 being now."""
        rate, burst = self._rates[kind]
        if not rate:
            return 0
        used, wait_ms = spent(self._used.get((handle, kind), 0), ticks_ms, rate, burst)
        self._used[handle, kind] = used
        return wait_ms


def _refuse(wait_ms: int, kind: str, rate: int, burst: int) -> None:
    if wait_ms:
        seconds = ceil(wait_ms / 1_000)
        raise refusal("too_fast", retry_after=wait_ms, most=burst, what=kind, rate=rate, seconds=seconds)

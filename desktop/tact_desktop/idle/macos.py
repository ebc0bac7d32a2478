"""Seconds since the last input in this person's session of macOS."""

import ctypes
import math

SERVICES = "/System/Library/Frameworks/ApplicationServices.framework/ApplicationServices"
COMBINED_SESSION_STATE = 0  # kCGEventSourceStateCombinedSessionState
ANY_INPUT = 0xFFFFFFFF  # kCGAnyInputEventType


class MacIdle:
    """Asks `services` for the time since any input event."""

    def __init__(self, services: ctypes.CDLL) -> None:
        self._since = services.CGEventSourceSecondsSinceLastEventType
        self._since.argtypes, self._since.restype = (ctypes.c_int32, ctypes.c_uint32), ctypes.c_double

    def __call__(self) -> int | None:
        """Whole seconds since the last input; None where macOS names no time."""
        seconds = self._since(COMBINED_SESSION_STATE, ANY_INPUT)
        return int(seconds) if math.isfinite(seconds) and seconds >= 0 else None

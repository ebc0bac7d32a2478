"""Seconds since the last input in this person's session of Windows."""

import ctypes

TICKS = 1 << 32  # a tick is a millisecond since the start in 32 bits: they begin anew every 49.7 days
AHEAD_MS_MAX = 60_000  # an input may carry a tick that is a little later than the clock's


class LastInput(ctypes.Structure):
    """LASTINPUTINFO."""

    _fields_ = (("size", ctypes.c_uint32), ("tick", ctypes.c_uint32))


class WindowsIdle:
    """Asks `user32` for the tick of the last input, and `kernel32` for the tick that it is now."""

    def __init__(self, user32: ctypes.CDLL, kernel32: ctypes.CDLL) -> None:
        self._last_input, self._tick = user32.GetLastInputInfo, kernel32.GetTickCount
        self._last_input.argtypes, self._last_input.restype = (ctypes.POINTER(LastInput),), ctypes.c_int
        self._tick.argtypes, self._tick.restype = (), ctypes.c_uint32

    def __call__(self) -> int | None:
        """Whole seconds since the last input; None where Windows does not say."""
        answer = LastInput(size=ctypes.sizeof(LastInput))
        if not self._last_input(ctypes.byref(answer)):
            return None
        return ms_between(answer.tick, self._tick()) // 1000


def ms_between(earlier: int, later: int) -> int:
    """Milliseconds from one tick to another, also where the ticks began anew in between; 0 where they are swapped."""
    passed = (later - earlier) % TICKS
    return 0 if passed >= TICKS - AHEAD_MS_MAX else passed

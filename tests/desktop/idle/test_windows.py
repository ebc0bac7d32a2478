"""Seconds from ticks of 32 bits."""

import ctypes
import sys
from types import SimpleNamespace

import pytest

from tact_desktop.idle.windows import AHEAD_MS_MAX, TICKS, LastInput, WindowsIdle, ms_between


def windows(last: int, now: int, answers: bool = True) -> WindowsIdle:
    """A Windows with the last input at tick `last`, at tick `now`."""

    def last_input(answer) -> int:
        assert answer.contents.size == 8
        answer.contents.tick = last
        return answers

    user32 = SimpleNamespace(
        GetLastInputInfo=ctypes.CFUNCTYPE(ctypes.c_int, ctypes.POINTER(LastInput))(last_input)
    )
    kernel32 = SimpleNamespace(GetTickCount=ctypes.CFUNCTYPE(ctypes.c_uint32)(lambda: now))
    return WindowsIdle(user32, kernel32)  # pyright: ignore[reportArgumentType]


@pytest.mark.parametrize(
    ("earlier", "later", "passed"),
    [
        (0, 0, 0),
        (1000, 301_000, 300_000),
        (TICKS - 1, 0, 1),  # they began anew
        (TICKS - 1000, 299_000, 300_000),
        (0, TICKS - AHEAD_MS_MAX - 1, TICKS - AHEAD_MS_MAX - 1),  # 49 days
        (1016, 1000, 0),  # the input is ahead of the clock
        (8, TICKS - 8, 0),  # and has begun anew before it
    ],
)
def test_time_between_ticks(earlier, later, passed):
    assert ms_between(earlier, later) == passed


@pytest.mark.parametrize(
    ("last", "now", "seconds"),
    [(1000, 1999, 0), (1000, 301_000, 300), (1000, 301_999, 300), (TICKS - 150_000, 150_000, 300)],
)
def test_whole_seconds(last, now, seconds):
    assert windows(last, now)() == seconds


def test_a_refusal_is_no_answer():
    assert windows(1000, 2000, answers=False)() is None


@pytest.mark.skipif(sys.platform != "win32", reason="needs Windows")
def test_this_windows_tells():
    if sys.platform == "win32":
        seconds = WindowsIdle(ctypes.WinDLL("user32"), ctypes.WinDLL("kernel32"))()
        assert seconds is not None
        assert seconds >= 0

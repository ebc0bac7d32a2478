"""Seconds from what macOS calls a time interval."""

import ctypes
import math
import sys
from types import SimpleNamespace

import pytest

from tact_desktop.idle.macos import SERVICES, MacIdle


def mac(seconds: float) -> MacIdle:
    """A macOS whose last input was `seconds` ago."""

    def since(state: int, kind: int) -> float:
        return seconds if (state, kind) == (0, 2**32 - 1) else -2.0

    function = ctypes.CFUNCTYPE(ctypes.c_double, ctypes.c_int32, ctypes.c_uint32)(since)
    return MacIdle(SimpleNamespace(CGEventSourceSecondsSinceLastEventType=function))  # pyright: ignore[reportArgumentType]


@pytest.mark.parametrize(
    ("since", "seconds"),
    [(0.0, 0), (0.99, 0), (299.99, 299), (300.0, 300), (1e9, 10**9)],
)
def test_whole_seconds(since, seconds):
    assert mac(since)() == seconds


@pytest.mark.parametrize("since", [math.inf, math.nan, -1.0])
def test_what_is_no_time_is_no_answer(since):
    assert mac(since)() is None


@pytest.mark.skipif(sys.platform != "darwin", reason="needs macOS")
def test_this_mac_tells():
    seconds = MacIdle(ctypes.CDLL(SERVICES))()
    assert seconds is None or seconds >= 0

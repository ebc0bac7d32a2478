"""Which source tells, on the platform that this program runs on, how long there was no input."""

import ctypes
import os
import sys

from PySide6.QtGui import QGuiApplication

from tact_desktop.idle.bus import BusIdle
from tact_desktop.idle.macos import SERVICES, MacIdle
from tact_desktop.idle.watch import Source
from tact_desktop.idle.wayland import WaylandIdle, compositor
from tact_desktop.idle.windows import WindowsIdle
from tact_desktop.idle.x11 import x11_idle


def source() -> Source:
    """The source for where the windows are shown; one that never can tell where nobody does. Needs the application."""
    try:
        return _source(QGuiApplication.platformName())
    except (OSError, AttributeError):  # a library is missing, or something in it
        return never


def never() -> int | None:
    """Nobody can tell."""
    return None


def first_of(*sources: Source) -> Source:
    """The source that says what the first of `sources` says that can tell."""

    def seconds_idle() -> int | None:
        return next((seconds for each in sources if (seconds := each()) is not None), None)

    return seconds_idle


def _source(platform: str) -> Source:
    if platform == "windows":
        return _windows()
    if platform == "cocoa":
        return MacIdle(ctypes.CDLL(SERVICES))
    if platform.startswith("wayland"):
        return _wayland()
    if platform == "xcb":
        # An X server inside a Wayland session sees the input of its own windows alone.
        return _wayland() if os.environ.get("WAYLAND_DISPLAY") else _x11()
    return never


def _windows() -> Source:
    if sys.platform != "win32":
        return never
    return WindowsIdle(ctypes.WinDLL("user32"), ctypes.WinDLL("kernel32"))


def _x11() -> Source:
    try:
        return x11_idle()
    except (OSError, AttributeError):
        return BusIdle()


def _wayland() -> Source:
    return first_of(WaylandIdle(compositor()), BusIdle())

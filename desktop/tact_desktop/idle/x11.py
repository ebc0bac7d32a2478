"""Seconds since the last input at an X server."""

import ctypes
import select

LIBRARIES = ("libX11.so.6", "libXss.so.1")


class ScreenSaverInfo(ctypes.Structure):
    """XScreenSaverInfo."""

    _fields_ = (
        ("window", ctypes.c_ulong),
        ("state", ctypes.c_int),
        ("kind", ctypes.c_int),
        ("til_or_since", ctypes.c_ulong),
        ("idle_ms", ctypes.c_ulong),
        ("event_mask", ctypes.c_ulong),
    )


class X11Idle:
    """Asks the X server of `display`, or of the environment, over a link of its own that stays open.

    OSError where there is no such server, or it does not tell.
    """

    def __init__(self, x11: ctypes.CDLL, xss: ctypes.CDLL, display: str | None = None) -> None:
        self._query = xss.XScreenSaverQueryInfo
        self._query.argtypes = (ctypes.c_void_p, ctypes.c_ulong, ctypes.POINTER(ScreenSaverInfo))
        x11.XOpenDisplay.argtypes, x11.XOpenDisplay.restype = (ctypes.c_char_p,), ctypes.c_void_p
        x11.XDefaultRootWindow.argtypes, x11.XDefaultRootWindow.restype = (ctypes.c_void_p,), ctypes.c_ulong
        x11.XConnectionNumber.argtypes = (ctypes.c_void_p,)
        self._display: int | None = x11.XOpenDisplay(display.encode() if display else None)
        if self._display is None:
            raise OSError("no X server")
        if not _tells(xss, self._display):
            x11.XCloseDisplay(ctypes.c_void_p(self._display))
            raise OSError("an X server that does not tell how long there was no input")
        self._root = x11.XDefaultRootWindow(self._display)
        self._link = select.poll()
        self._link.register(x11.XConnectionNumber(self._display), select.POLLRDHUP)

    def __call__(self) -> int | None:
        """Whole seconds since the last input; None where the server does not say, or is gone."""
        ms = self.milliseconds()
        return None if ms is None else ms // 1000

    def milliseconds(self) -> int | None:
        """Milliseconds since the last input, or None."""
        # Xlib ends the process when it asks a server that is gone. What it keeps of that server is left alone for
        # the same reason: closing it would ask once more.
        if self._display is not None and self._link.poll(0):
            self._display = None
        info = ScreenSaverInfo()
        if self._display is None or not self._query(self._display, self._root, ctypes.byref(info)):
            return None
        return info.idle_ms


def x11_idle() -> X11Idle:
    """The X server of the environment. OSError where it or a library is missing."""
    x11, xss = (ctypes.CDLL(name) for name in LIBRARIES)
    return X11Idle(x11, xss)


def _tells(xss: ctypes.CDLL, display: int) -> bool:
    """Whether the server has the extension."""
    ask = xss.XScreenSaverQueryExtension
    ask.argtypes = (ctypes.c_void_p, ctypes.POINTER(ctypes.c_int), ctypes.POINTER(ctypes.c_int))
    events, errors = ctypes.c_int(), ctypes.c_int()
    return bool(ask(display, ctypes.byref(events), ctypes.byref(errors)))

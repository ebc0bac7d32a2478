"""Seconds since the last input, as a Wayland compositor tells them that knows the protocol ext-idle-notify-v1."""

import os
from time import monotonic

from PySide6.QtCore import QObject
from PySide6.QtNetwork import QLocalSocket

from tact_desktop.idle.wayland_wire import message, messages_in, text, values_of_global

QUIET_SECONDS = 10  # without input, after which the compositor says so

# The objects, in the order in which they come to be; the first is always there.
DISPLAY, REGISTRY, SYNCED, SEAT, NOTIFIER, NOTIFICATION = range(1, 7)
# Requests, by the number they have at their object.
SYNC, GET_REGISTRY = 0, 1
BIND = 0
GET_NOTIFICATION, GET_INPUT_NOTIFICATION = 1, 2
# Events, with the object they are from.
GLOBAL, DONE = (REGISTRY, 0), (SYNCED, 0)
IDLED, RESUMED = (NOTIFICATION, 0), (NOTIFICATION, 1)

SEAT_INTERFACE, SEAT_VERSION = "wl_seat", 1
NOTIFIER_INTERFACE = "ext_idle_notifier_v1"
INPUT_VERSION = 2  # since then there are notifications that do not care for films, which keep the screen on


class WaylandIdle(QObject):
    """Hears from the compositor at `path` when input stops for a while, and when it comes again.

    The link is its own: Qt lets nobody else use the one that its windows have.
    """

    def __init__(self, path: str, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._received = b""
        self._globals: dict[str, tuple[int, int]] = {}  # name and version by interface
        self._is_told = False
        self._last_input: float | None = None  # None: just now
        self._link = QLocalSocket(self)
        self._link.connected.connect(self._on_connected)
        self._link.readyRead.connect(self._on_received)
        self._link.connectToServer(path)

    def __call__(self) -> int | None:
        """Whole seconds since the last input, 0 while they are few; None where the compositor does not tell."""
        if not self._is_told or self._link.state() is not QLocalSocket.LocalSocketState.ConnectedState:
            return None
        return 0 if self._last_input is None else int(monotonic() - self._last_input)

    def _on_connected(self) -> None:
        self._send(message(DISPLAY, GET_REGISTRY, REGISTRY), message(DISPLAY, SYNC, SYNCED))

    def _on_received(self) -> None:
        messages, self._received = messages_in(self._received + self._link.readAll().data())
        for about, number, values in messages:
            self._on_event((about, number), values)

    def _on_event(self, event: tuple[int, int], values: bytes) -> None:
        if event == GLOBAL:
            name, interface, version = values_of_global(values)
            self._globals.setdefault(interface, (name, version))
        elif event == DONE:
            self._ask()
        elif event == IDLED:
            self._last_input = monotonic() - QUIET_SECONDS
        elif event == RESUMED:
            self._last_input = None

    def _ask(self) -> None:
        """Ask to be told, if there is somebody to ask."""
        if not {SEAT_INTERFACE, NOTIFIER_INTERFACE} <= self._globals.keys():
            self._link.abort()
            return
        seat, _ = self._globals[SEAT_INTERFACE]
        notifier, version = self._globals[NOTIFIER_INTERFACE]
        get = GET_INPUT_NOTIFICATION if version >= INPUT_VERSION else GET_NOTIFICATION
        version = min(version, INPUT_VERSION)
        self._send(
            message(REGISTRY, BIND, seat, *text(SEAT_INTERFACE), SEAT_VERSION, SEAT),
            message(REGISTRY, BIND, notifier, *text(NOTIFIER_INTERFACE), version, NOTIFIER),
            message(NOTIFIER, get, NOTIFICATION, QUIET_SECONDS * 1000, SEAT),
        )
        self._is_told = True

    def _send(self, *messages: bytes) -> None:
        self._link.write(b"".join(messages))


def compositor() -> str:
    """The path of the compositor that the environment names, with the usual name if it names none."""
    # Without a folder there is none: Qt would look for a name alone among the temporary files, which all can write.
    folder = os.environ.get("XDG_RUNTIME_DIR") or "/"
    return os.path.join(folder, os.environ.get("WAYLAND_DISPLAY") or "wayland-0")

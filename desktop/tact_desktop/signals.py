"""Signals of Qt for a coroutine, and signals of the system for Qt."""

import asyncio
import signal
import socket
from collections.abc import Callable
from types import FrameType

from PySide6.QtCore import QObject, QSocketNotifier, SignalInstance


async def signalled(told: SignalInstance) -> None:
    """Wait until `told` is emitted."""
    happened = asyncio.Event()

    def note(*_: object) -> None:
        happened.set()

    told.connect(note)
    try:
        await happened.wait()
    finally:
        told.disconnect(note)


def on_stop_signals(stop: Callable[[], object], parent: QObject) -> None:
    """Call `stop` on SIGTERM and SIGINT, in Qt's own time: Python hears of a signal only when it runs again."""
    here, there = socket.socketpair()
    for end in (here, there):
        end.setblocking(False)
    signal.set_wakeup_fd(there.fileno())
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, _heard)
    notifier = QSocketNotifier(here.fileno(), QSocketNotifier.Type.Read, parent)

    def heard() -> None:
        here.recv(64)
        stop()

    notifier.activated.connect(heard)
    parent.destroyed.connect(lambda: (here.close(), there.close()))


def _heard(number: int, frame: FrameType | None) -> None:
    """The wake-up socket tells; this only keeps the system from ending the process at once."""
    del number, frame

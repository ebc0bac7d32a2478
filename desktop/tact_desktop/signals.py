"""Waiting for Qt from a coroutine."""

import asyncio

from PySide6.QtCore import SignalInstance


async def signalled(signal: SignalInstance) -> None:
    """Wait until `signal` is emitted."""
    happened = asyncio.Event()

    def note(*_: object) -> None:
        happened.set()

    signal.connect(note)
    try:
        await happened.wait()
    finally:
        signal.disconnect(note)

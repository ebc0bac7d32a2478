"""What a signal has told, as plain values."""

from typing import Any

from PySide6.QtCore import SignalInstance


def heard(signal: SignalInstance) -> list[tuple[Any, ...]]:
    """A list that grows by the values of each emission from now on."""
    told: list[tuple[Any, ...]] = []
    signal.connect(lambda *values: told.append(values))
    return told

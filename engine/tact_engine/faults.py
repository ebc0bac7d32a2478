"""Fault points: named places at which a test may let the engine fail; one line each, free while none is armed."""

import os
import signal
from collections.abc import Callable, Mapping
from types import MappingProxyType

from tact_engine.core.errors import LocalError

POINTS: Mapping[str, str] = MappingProxyType(
    {
        "while_starting": "the tables are read, and nobody is offline yet",
        "after_starting": "the store is ready, and nothing listens yet",
        "before_begin": "a batch has come in",
        "in_transaction": "a fact is decided and written, and not yet durable",
        "before_commit": "a whole batch is written, and not yet durable",
        "after_commit": "a batch is durable, and nobody has been told",
        "while_speaking": "some of what follows from a batch has been said",
        "after_speaking": "all that follows from a batch has been said",
        "while_forgetting": "old tombstones are gone, and not yet for good",
        "before_checkpoint": "erased bodies may still be in the log",
        "after_checkpoint": "the log is reset",
    }
)
"""Where the points are, in the order of a day."""

_act: Callable[[str], None] | None = None


def point(name: str) -> None:
    """Say that the point `name` is reached."""
    if _act is not None:
        _act(name)


def arm(act: Callable[[str], None] | None) -> None:
    """Let `act` be called with the name of every point that is reached; None disarms all."""
    global _act  # noqa: PLW0603 - there is one process, and a test arms it once
    _act = act


def killer(order: str) -> Callable[[str], None]:
    """What ends the process at once at the time that `order` names, such as "after_commit:3": there, at the third time.

    LocalError for an order that names no point.
    """
    name, _, text = order.partition(":")
    times = int(text or "1") if text.isascii() and (text or "1").isdecimal() else 0
    if name not in POINTS or times < 1:
        raise LocalError(
            f"“{order}” is no fault point. Write NAME or NAME:TIME with one of: {', '.join(POINTS)}."
        )

    def act(reached: str) -> None:
        nonlocal times
        times -= reached == name
        if times == 0:
            os.kill(os.getpid(), signal.SIGKILL)

    return act

"""Patience: what a waiting message remembers of its condition besides how it stands now.

Most conditions need no memory: true now means goes now. Two parts of the form do.

    edge    it must be FALSE once after acceptance (unknown is not enough) before it counts. Then it is *armed*, and
    stays
            so: a message whose link is lost before its acknowledgement goes as soon as the level form is true again.
    dwell   it must be TRUE without a break for so long. The time is kept by the monotonic clock and begins when the
            engine first sees it true; anything but TRUE ends it.

The memory is lost with the process, and nothing is lost by that: after a restart everybody was offline, so every edge
is armed and every dwell begins anew. That is what a message without a memory of its own has.
"""

from msgspec import Struct

from tact_engine.core.conditions import Condition, Truth


class Patience(Struct, frozen=True):
    """`armed`: it has been false since acceptance; `since`: the monotonic milliseconds from which it has held."""

    armed: bool = True
    since: int | None = None


FORGOTTEN = Patience()
"""What a message has of which nothing is remembered."""


def is_patient(condition: Condition) -> bool:
    """Whether `condition` needs a memory."""
    return condition.edge or condition.dwell > 0


def accepted(condition: Condition) -> Patience:
    """The memory of a message at the moment at which its condition is accepted, before it was looked at."""
    return Patience(armed=not condition.edge)


def looked(memory: Patience, truth: Truth, ticks_ms: int) -> Patience:
    """The memory after its condition was found to be `truth` at `ticks_ms`."""
    armed = memory.armed or truth is False
    if truth is not True or not armed:
        return Patience(armed)
    return Patience(armed, ticks_ms if memory.since is None else memory.since)


def is_ripe(memory: Patience, condition: Condition, ticks_ms: int) -> bool:
    """Whether the message may go at `ticks_ms`: it has held as long as it had to."""
    due = ripens_at(memory, condition)
    return due is not None and ticks_ms >= due


def ripens_at(memory: Patience, condition: Condition) -> int | None:
    """The monotonic milliseconds at which the message may go, if it holds until then; None while it does not."""
    if not memory.armed or memory.since is None:
        return None
    return memory.since + condition.dwell * 1000

"""The mark: how a condition or a clause stands right now."""

from enum import StrEnum

from tact_engine.core.conditions import Truth


class Mark(StrEnum):
    """How a condition or a clause stands right now."""

    TRUE = "true"
    FALSE = "false"
    UNKNOWN = "unknown"
    IMPOSSIBLE = "impossible"


def mark_of(truth: Truth) -> Mark:
    """The mark for a verdict: TRUE, FALSE or unknown."""
    if truth is None:
        return Mark.UNKNOWN
    return Mark.TRUE if truth else Mark.FALSE

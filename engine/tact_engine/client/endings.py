"""Why a client is not let in, or not any more: what it comes back from by itself, and what has to change first."""

from collections.abc import Mapping
from types import MappingProxyType

from tact_engine.client.places import ChangedKey
from tact_engine.core.errors import CHANGED_KEY, Refused

REMOVED = "removed"
"""What a device is told when it, or its person, is removed while it is here."""
WAITS: Mapping[str, float] = MappingProxyType(
    {
        "asked_to_join": 3.0,
        "too_many_requests": 10.0,
        "busy_signing_in": 2.0,
        "too_many_sessions": 10.0,
        "too_fast": 1.0,
    }
)
"""The refusals of a sign-in that time, or a host, may change: in how many seconds to come again."""
BY_PEOPLE = frozenset({"asked_to_join", "too_many_requests"})
"""Those of them that somebody has to settle, for which a script does not wait."""


def pause_after(error: Exception) -> float:
    """In how many seconds to come again after a refusal that will not last; 0 where something has to change first."""
    if not isinstance(error, Refused) or error.code not in WAITS:
        return 0.0
    return max(WAITS[error.code], error.retry_after / 1000)


def code_of(error: Exception) -> str:
    """What a window can tell the cases of an end by; "" where there is nothing to tell."""
    if isinstance(error, ChangedKey):
        return CHANGED_KEY
    return error.code if isinstance(error, Refused) else ""

"""Whether the engine is known to be the right one, and what is left behind where it is not."""

from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum

from tact_desktop.state.entry import Entry, Stage
from tact_desktop.state.link import Link, LinkPhase
from tact_engine.core.errors import CHANGED_KEY

REMOVED = "removed"


class Standing(StrEnum):
    """What this person may know of the engine."""

    NOBODY = "nobody"
    """None has answered yet."""
    HERE = "here"
    """It runs on this computer, so nobody can stand in between."""
    KNOWN = "known"
    """An invitation named it, or its words were compared."""
    UNCOMPARED = "uncompared"
    """It was taken at its word, and nobody has compared anything."""


@dataclass(frozen=True, slots=True)
class LeftBehind:
    """How many own messages stand at the engine that was known (`waiting`), and how many never got there (`unsent`)."""

    unsent: int = 0
    waiting: int = 0


def standing(link: Link) -> Standing:
    """What may be known of the engine of `link`, or of the one it had last."""
    if not link.engine_id:
        return Standing.NOBODY
    if link.here:
        return Standing.HERE
    return Standing.KNOWN if link.verified else Standing.UNCOMPARED


def to_compare(link: Link) -> bool:
    """Whether the engine that is there now has to be compared."""
    return link.up and standing(link) is Standing.UNCOMPARED


def is_stopped(link: Link) -> bool:
    """Whether another engine answered than the one that is known, so that nothing goes on without an invitation."""
    return link.phase is LinkPhase.REFUSED and link.code == CHANGED_KEY


def is_removed(link: Link) -> bool:
    """Whether this person, or this computer, does not belong to the engine any more."""
    return link.phase is LinkPhase.REFUSED and link.code == REMOVED


def left_behind(waiting: Iterable[Entry]) -> LeftBehind:
    """How the own messages that wait are divided; `waiting` are all of them."""
    unsent = [entry.stage is Stage.UNSENT for entry in waiting]
    return LeftBehind(sum(unsent), len(unsent) - sum(unsent))


def is_for(handle: str, me: str) -> bool:
    """Whether an invitation helps `me`; `handle` is whose device it adds, "" where it lets anybody in."""
    return handle in ("", me)
